//! `run --output-dir`.

use std::os::unix::fs::{PermissionsExt as _, symlink};
use std::path::Path;
use std::process::Command;
use std::time::Duration;

use vendor_ssm_sandbox::faults::{Fault, Kind};

use super::{bench, said, text};
use crate::harness::terminal::{WEB_1, called, none_open, until};
use crate::harness::{Bench, has_mode, is_windows, program, run};

fn read(bench: &Bench, name: &str) -> Vec<u8> {
    std::fs::read(bench.home().join(name)).unwrap()
}

/// A path below the current folder, as the program shows it.
fn shown(path: &str) -> String {
    if is_windows() {
        path.replace('/', "\\")
    } else {
        path.to_owned()
    }
}

/// Every name below a folder, sorted.
fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort_unstable();
    names
}

#[test]
fn each_stream_of_each_target_has_a_file_that_only_you_can_read() {
    let bench = bench();
    let ids = ids(&bench);
    let script = "printf 'one\\377 and more\\n'; echo two >&2; exit 4";
    let words = [
        "run",
        "web-1",
        "web-2",
        "nobody",
        "--output-dir",
        "new/out",
        "--",
        "sh",
        "-c",
        script,
    ];
    let ran = text(&bench, &words);
    assert_eq!((ran.code, ran.stdout.as_str()), (255, ""), "{ran:?}");
    let folder = bench.home().join("new/out/acme");
    assert_eq!(names(&bench.home().join("new/out")), ["acme"]);
    let mut expected: Vec<String> = ids
        .iter()
        .flat_map(|id| ["stderr", "stdout"].map(|end| format!("{id}.{end}")))
        .collect();
    expected.sort_unstable();
    assert_eq!(names(&folder), expected);
    for id in &ids {
        assert_eq!(
            read(&bench, &format!("new/out/acme/{id}.stdout")),
            b"one\xff and more\n"
        );
        assert_eq!(read(&bench, &format!("new/out/acme/{id}.stderr")), b"two\n");
        has_mode(&folder.join(format!("{id}.stdout")), 0o600);
    }
    for made in ["new", "new/out", "new/out/acme"] {
        has_mode(&bench.home().join(made), 0o700);
    }
}

/// The ids of web-1 and web-2.
fn ids(bench: &Bench) -> [String; 2] {
    let listed = bench.run("list --output json").json();
    ["web-1", "web-2"].map(|name| {
        let all = listed["instances"].as_array().unwrap();
        let found = all.iter().find(|instance| instance["name"] == name);
        found.unwrap()["instance_id"].as_str().unwrap().to_owned()
    })
}

#[test]
fn a_file_that_is_there_is_refused_before_anything_starts() {
    let bench = bench();
    let words = [
        "run",
        "web-2",
        "web-1",
        "--output-dir",
        "out",
        "--",
        "echo",
        "new",
    ];
    std::fs::create_dir_all(bench.home().join("out/acme")).unwrap();
    let old = bench.home().join(format!("out/acme/{WEB_1}.stderr"));
    std::fs::write(&old, "old").unwrap();
    let ran = text(&bench, &words);
    assert_eq!(
        (ran.code, called(&bench, "StartSession")),
        (255, 0),
        "{ran:?}"
    );
    let file = shown(&format!("out/acme/{WEB_1}.stderr"));
    let expected = format!("error[local-io]: the files are there already: {file}\n");
    assert!(said(&ran).starts_with(&expected), "{ran:?}");
    assert!(said(&ran).contains("pass --force"), "{ran:?}");
    let json = [&words[..5], &["--output", "json"], &words[5..]].concat();
    let results = text(&bench, &json).json()["results"].take();
    assert_eq!(results[0]["error"]["name"], "local-io");
    let forced = [&words[..5], &["--force"], &words[5..]].concat();
    let ran = text(&bench, &forced);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(std::fs::read(&old).unwrap(), b"");
    assert_eq!(read(&bench, &format!("out/acme/{WEB_1}.stdout")), b"new\n");
    assert_eq!(
        text(&bench, &["run", "web-1", "--force", "--", "true"]).code,
        2
    );
}

#[test]
fn no_link_is_followed() {
    let bench = bench();
    let victim = bench.home().join("victim");
    std::fs::create_dir(&victim).unwrap();
    let words = |flag: &'static str| {
        [
            "run",
            "web-1",
            "--output-dir",
            "out",
            flag,
            "--",
            "echo",
            "new",
        ]
    };
    let out = bench.home().join("out");
    // The folder itself, the customer's folder, and the file.
    symlink(&victim, &out).unwrap();
    let refused = text(&bench, &words("--force"));
    assert_eq!(
        (refused.code, called(&bench, "StartSession")),
        (255, 0),
        "{refused:?}"
    );
    std::fs::remove_file(&out).unwrap();
    std::fs::create_dir(&out).unwrap();
    symlink(&victim, out.join("acme")).unwrap();
    let refused = text(&bench, &words("--force"));
    assert_eq!(
        (refused.code, called(&bench, "StartSession")),
        (255, 0),
        "{refused:?}"
    );
    std::fs::remove_file(out.join("acme")).unwrap();
    std::fs::create_dir(out.join("acme")).unwrap();
    let file = victim.join("file");
    std::fs::write(&file, "precious").unwrap();
    symlink(&file, out.join(format!("acme/{WEB_1}.stdout"))).unwrap();
    let refused = text(
        &bench,
        &["run", "web-1", "--output-dir", "out", "--", "echo", "new"],
    );
    assert_eq!(
        (refused.code, called(&bench, "StartSession")),
        (255, 0),
        "{refused:?}"
    );
    assert_eq!(text(&bench, &words("--force")).code, 0);
    assert_eq!(read(&bench, &format!("out/acme/{WEB_1}.stdout")), b"new\n");
    assert_eq!(std::fs::read(&file).unwrap(), b"precious");
    assert_eq!(names(&victim), ["file"]);
}

#[test]
fn a_folder_that_others_can_change_is_refused() {
    let bench = bench();
    let out = bench.home().join("out");
    std::fs::create_dir(&out).unwrap();
    std::fs::set_permissions(&out, std::fs::Permissions::from_mode(0o777)).unwrap();
    let ran = text(
        &bench,
        &["run", "web-1", "--output-dir", "out", "--", "true"],
    );
    assert_eq!(
        (ran.code, called(&bench, "StartSession")),
        (255, 0),
        "{ran:?}"
    );
    assert!(said(&ran).contains("chmod go-w"), "{ran:?}");
}

#[test]
fn a_target_on_which_nothing_ran_has_no_file_and_a_lost_one_is_named() {
    let bench = bench();
    bench
        .sandbox
        .faults()
        .add(Fault::new("StartSession", Kind::Denied).times(1));
    let words = ["run", "web-1", "--output-dir", "out", "--", "true"];
    assert_eq!(text(&bench, &words).code, 255);
    assert_eq!(names(&bench.home().join("out/acme")), [""; 0]);

    let words = [
        "run",
        "web-1",
        "--output-dir",
        "out",
        "--timeout",
        "2",
        "--",
        "sh",
        "-c",
        "echo begun; sleep 60",
    ];
    let ran = text(&bench, &words);
    assert_eq!(ran.code, 255, "{ran:?}");
    assert_eq!(
        read(&bench, &format!("out/acme/{WEB_1}.stdout")),
        b"begun\n"
    );
    let file = shown(&format!("out/acme/{WEB_1}.stdout"));
    let warning = format!("warning: web-1: the output in {file} and .stderr is incomplete");
    assert!(said(&ran).contains(&warning), "{ran:?}");
}

/// They would pass for this run's output.
#[test]
fn files_of_an_earlier_run_do_not_outlive_a_run_that_starts_nothing_there() {
    let bench = bench();
    let stopped = "i-0c4179da53fe28b6e";
    std::fs::create_dir_all(bench.home().join("out/acme")).unwrap();
    let old = bench.home().join(format!("out/acme/{stopped}.stdout"));
    std::fs::write(&old, "old").unwrap();
    let words = |flag: &'static str| {
        let flags = ["--output-dir", "out", "--output", "json", flag];
        [&["run", "batch-1"], &flags[..], &["--", "true"]].concat()
    };
    let refused = text(&bench, &words("-q"));
    assert_eq!(refused.code, 255, "{refused:?}");
    let results = refused.json()["results"].take();
    assert_eq!(results[0]["error"]["name"], "not-connected", "{results}");
    assert_eq!(results[0]["stdout"], serde_json::Value::Null, "{results}");
    assert!(said(&refused).contains("there already"), "{refused:?}");
    let forced = text(&bench, &words("--force"));
    assert_eq!(forced.code, 255, "{forced:?}");
    assert_eq!(names(&bench.home().join("out/acme")), [""; 0]);
}

/// The limit on the size of a file stands for a full disk: the write fails in the middle.
#[test]
fn a_full_disk_is_named_and_the_commands_status_is_kept() {
    let bench = bench();
    let mut shell = Command::new("/bin/sh");
    shell
        .args([
            "-c",
            "trap '' XFSZ; ulimit -f 100; exec \"$@\"",
            "sh",
            program(),
        ])
        .args([
            "run",
            "web-1",
            "--output-dir",
            "out",
            "--output",
            "json",
            "--",
        ])
        .args([
            "sh",
            "-c",
            "head -c 1000000 /dev/zero; echo end >&2; exit 3",
        ])
        .env_clear()
        .envs(bench.environment())
        .current_dir(bench.home());
    let ran = run(&mut shell);
    assert_eq!(ran.code, 255, "{ran:?}");
    let result = ran.json()["results"][0].take();
    assert_eq!(
        (result["status"].as_str(), result["exit_code"].as_i64()),
        (Some("lost"), Some(3)),
        "{result}"
    );
    assert_eq!(result["error"]["name"], "local-io");
    assert_eq!(result["stdout"], serde_json::Value::Null);
    let message = result["error"]["message"].as_str().unwrap();
    assert!(
        message.contains(&shown(&format!("out/acme/{WEB_1}.stdout: "))),
        "{message}"
    );
    assert!(message.ends_with("the command exited with 3"), "{message}");
}

#[test]
fn much_output_goes_to_a_file_whole() {
    let bench = bench();
    let go = bench.home().join("go");
    // An agent waits no longer than two seconds for what it has sent.
    let script = format!(
        "seq 3000000; until test -e {}; do sleep 0.1; done",
        go.display()
    );
    let words = [
        "run",
        "web-1",
        "--output-dir",
        "out",
        "--",
        "sh",
        "-c",
        &script,
    ];
    let program = bench.command(words).spawn().unwrap();
    let expected: String = (1..=3_000_000)
        .flat_map(|number| [number.to_string(), "\n".to_owned()])
        .collect();
    let file = bench.home().join(format!("out/acme/{WEB_1}.stdout"));
    let length = || std::fs::metadata(&file).map_or(0, |found| found.len());
    assert!(
        until(Duration::from_mins(2), || length() == expected.len() as u64),
        "{} bytes",
        length()
    );
    std::fs::write(go, "").unwrap();
    assert_eq!(program.wait_with_output().unwrap().status.code(), Some(0));
    assert!(std::fs::read(&file).unwrap() == expected.as_bytes());
    none_open(&bench);
}
