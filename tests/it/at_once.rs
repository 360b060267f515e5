//! Several processes that change the settings file at once.

use std::fs::{self, Permissions};
use std::io::Write as _;
use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::harness::terminal::{LIMIT, until};
use crate::harness::{Bench, Ran, is_windows, native, run};

/// How many run at once.
const MANY: usize = 16;

const ADD: &str = "--account 333333333333 --region us-east-1 --tag-value T --vendor-role-arn arn:aws:iam::111111111111:role/3P_IAM_Assume_Role";

/// A command in the background that uses this settings file.
fn begin(bench: &Bench, config: &Path, line: &str) -> Child {
    bench
        .command(line.split_whitespace())
        .env("VENDOR_SSM_CONFIG", config)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn ended(child: Child) -> Ran {
    Ran::from(child.wait_with_output().unwrap())
}

/// Adds sixteen customers at once, and all are there with an ExternalId of their own.
fn sixteen_are_added(bench: &Bench, config: &Path) {
    let add = |number| begin(bench, config, &format!("customer add c{number} {ADD}"));
    let children: Vec<Child> = (0..MANY).map(add).collect();
    for child in children {
        let ran = ended(child);
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    let text = fs::read_to_string(config).unwrap();
    let file: toml::Table = text.parse().unwrap();
    let customers = file["customers"].as_table().unwrap();
    let mut ids: Vec<&str> = (0..MANY)
        .map(|number| {
            let customer = &customers[&format!("c{number}")];
            customer["external_id"].as_str().unwrap()
        })
        .collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), MANY, "{text}");
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let name = |entry: fs::DirEntry| entry.file_name().into_string().unwrap();
    entries.map(|entry| name(entry.unwrap())).collect()
}

#[test]
fn sixteen_that_add_at_once_lose_no_customer() {
    let bench = Bench::new();
    // Also in a folder that is not there yet.
    let config = bench.home().join("new/folder/config.toml");
    sixteen_are_added(&bench, &config);
    assert_eq!(names(config.parent().unwrap()), ["config.toml"]);
}

#[test]
fn the_lock_is_where_a_link_leads_and_the_link_stays() {
    let bench = Bench::new();
    for (name, has_file) in [("there", true), ("missing", false)] {
        let folder = bench.home().join(name);
        fs::create_dir(&folder).unwrap();
        let target = folder.join("settings.toml");
        if has_file {
            fs::copy(bench.config(), &target).unwrap();
        }
        // Half of them come over a link in another folder.
        let links: Vec<PathBuf> = (0..2)
            .map(|number| {
                let place = bench.home().join(format!("{name}-{number}"));
                fs::create_dir(&place).unwrap();
                let link = place.join("config.toml");
                symlink(format!("../{name}/settings.toml"), &link).unwrap();
                link
            })
            .collect();
        let add = |number: usize| {
            let line = format!("customer add c{number} {ADD}");
            begin(&bench, &links[number % 2], &line)
        };
        let children: Vec<Child> = (0..MANY).map(add).collect();
        for child in children {
            let ran = ended(child);
            assert_eq!(ran.code, 0, "{name}: {ran:?}");
        }
        let text = fs::read_to_string(&target).unwrap();
        let file: toml::Table = text.parse().unwrap();
        let customers = file["customers"].as_table().unwrap();
        assert_eq!(customers.len(), MANY + usize::from(has_file), "{text}");
        for link in &links {
            assert!(link.symlink_metadata().unwrap().is_symlink());
            assert_eq!(names(link.parent().unwrap()), ["config.toml"]);
        }
        assert_eq!(names(&folder), ["settings.toml"]);
    }
}

#[test]
fn adding_and_removing_at_once_do_what_each_was_told() {
    let bench = Bench::new();
    let config = bench.config();
    for number in 0..MANY / 2 {
        let ran = bench.run(&format!("customer add old{number} {ADD}"));
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    let children: Vec<Child> = (0..MANY)
        .map(|number| {
            let half = number / 2;
            let line = match number % 2 {
                0 => format!("customer add new{half} {ADD}"),
                _ => format!("customer remove old{half} --confirm old{half}"),
            };
            begin(&bench, &config, &line)
        })
        .collect();
    for child in children {
        let ran = ended(child);
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    let file: toml::Table = fs::read_to_string(&config).unwrap().parse().unwrap();
    let mut customers: Vec<&str> = file["customers"]
        .as_table()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    customers.sort_unstable();
    let mut expected: Vec<String> = (0..MANY / 2).map(|half| format!("new{half}")).collect();
    expected.push("acme".to_owned());
    expected.sort_unstable();
    assert_eq!(customers, expected);
    // Of two that want one name, one gets it.
    let again = || begin(&bench, &config, &format!("customer add same {ADD}"));
    let children: Vec<Child> = (0..4).map(|_| again()).collect();
    let mut codes: Vec<i32> = children
        .into_iter()
        .map(|child| ended(child).code)
        .collect();
    codes.sort_unstable();
    assert_eq!(codes, [0, 2, 2, 2]);
}

/// Another process that holds the lock.
fn holder(bench: &Bench) -> Child {
    let lock = bench.home().join(".config.toml.lock");
    fs::write(&lock, "").unwrap();
    fs::set_permissions(&lock, Permissions::from_mode(0o600)).unwrap();
    let child = Command::new("flock")
        .args(["--no-fork", "--exclusive"])
        .arg(&lock)
        .args(["sleep", "600"])
        .spawn()
        .unwrap();
    let file = fs::File::open(&lock).unwrap();
    let is_held = || {
        let is_held = file.try_lock_shared().is_err();
        // The holder may still be about to lock, and must not wait for this look.
        file.unlock().unwrap();
        is_held
    };
    assert!(until(LIMIT, is_held));
    child
}

#[test]
fn a_lock_that_is_never_given_back_ends_the_wait_with_an_error() {
    let bench = Bench::new();
    let before = fs::read_to_string(bench.config()).unwrap();
    let mut holder = holder(&bench);
    let ran = bench.run(&format!("customer add beta {ADD}"));
    assert_eq!(ran.code, 13, "{ran:?}");
    let lock = bench.home().join(".config.toml.lock");
    for part in [
        "another vendor-ssm",
        "nothing was written",
        "fuser -v",
        lock.to_str().unwrap(),
    ] {
        assert!(ran.stderr.contains(part), "{part}: {ran:?}");
    }
    assert_eq!(fs::read_to_string(bench.config()).unwrap(), before);
    // A change that is refused anyway does not wait.
    let refused = bench.run(&format!("customer add acme {ADD}"));
    assert_eq!(refused.code, 2, "{refused:?}");
    holder.kill().unwrap();
    holder.wait().unwrap();
}

#[test]
fn a_killed_holder_gives_the_lock_back() {
    let bench = Bench::new();
    let mut holder = holder(&bench);
    let mut child = begin(&bench, &bench.config(), &format!("customer add beta {ADD}"));
    let ended_early = until(Duration::from_secs(2), || {
        child.try_wait().unwrap().is_some()
    });
    assert!(!ended_early, "it does not wait: {:?}", ended(child));
    holder.kill().unwrap();
    holder.wait().unwrap();
    let ran = ended(child);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(names(bench.home()), ["config.toml"]);
}

#[test]
fn a_lock_of_somebody_elses_making_is_refused() {
    // Windows has no pipes among files, and wine shows a link of Unix as what it leads to.
    let kinds: &[&str] = if is_windows() {
        &["folder"]
    } else {
        &["pipe", "link", "folder"]
    };
    for &kind in kinds {
        let bench = Bench::new();
        let before = fs::read_to_string(bench.config()).unwrap();
        let lock = bench.home().join(".config.toml.lock");
        let victim = bench.home().join("victim");
        match kind {
            "pipe" => assert!(
                Command::new("mkfifo")
                    .arg(&lock)
                    .status()
                    .unwrap()
                    .success()
            ),
            "link" => symlink(&victim, &lock).unwrap(),
            _ => fs::create_dir(&lock).unwrap(),
        }
        let ran = bench.run(&format!("customer add beta {ADD}"));
        assert_eq!(ran.code, 13, "{kind}: {ran:?}");
        assert!(ran.stderr.contains(&native(&lock)), "{kind}: {ran:?}");
        assert!(ran.stderr.contains("hint: move "), "{kind}: {ran:?}");
        assert_eq!(fs::read_to_string(bench.config()).unwrap(), before);
        assert!(!victim.exists());
    }
}

#[test]
fn nobody_waits_while_a_person_thinks() {
    let bench = Bench::new();
    let line = format!("customer add slow {ADD} --external-id-stdin");
    let mut thinking = bench
        .command(line.split_whitespace())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let ran = run(&mut bench.command(format!("customer add beta {ADD}").split_whitespace()));
    assert_eq!(ran.code, 0, "{ran:?}");
    thinking
        .stdin
        .take()
        .unwrap()
        .write_all(b"their-own-id\n")
        .unwrap();
    assert!(thinking.wait().unwrap().success());
    let text = fs::read_to_string(bench.config()).unwrap();
    assert!(
        text.contains("[customers.beta]") && text.contains("their-own-id"),
        "{text}"
    );
}
