//! Completion of names: from the settings file and the journal, as the scripts of the shells ask.

use std::collections::BTreeMap;
use std::path::Path;

use crate::harness::completing::{completes_in, hostile_ids, visited};
use crate::harness::{Bench, Ran, SETTINGS, run};

const SHELLS: [&str; 5] = ["bash", "elvish", "fish", "powershell", "zsh"];

/// What fits at the end of this line, with its descriptions.
fn asked(bench: &Bench, shell: &str, line: &str) -> Ran {
    let mark = if shell == "powershell" { "=" } else { "" };
    let words = line.split(' ').map(|word| format!("{mark}{word}"));
    let words = std::iter::once("--".to_owned()).chain(words);
    run(bench.command(words).env("VENDOR_SSM_COMPLETE", shell))
}

/// The words alone.
fn offered(bench: &Bench, line: &str) -> Vec<String> {
    let ran = asked(bench, "zsh", line);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{line}: {ran:?}");
    let words = ran
        .stdout
        .lines()
        .map(|line| line.split('\t').next().unwrap().to_owned());
    words.collect()
}

/// Every file and folder below this one, with when it was changed and its text.
fn tree(folder: &Path) -> BTreeMap<String, String> {
    let mut found = BTreeMap::new();
    let mut left = vec![folder.to_owned()];
    while let Some(path) = left.pop() {
        let metadata = path.symlink_metadata().unwrap();
        let text = if metadata.is_dir() {
            left.extend(
                std::fs::read_dir(&path)
                    .unwrap()
                    .map(|entry| entry.unwrap().path()),
            );
            String::new()
        } else {
            String::from_utf8_lossy(&std::fs::read(&path).unwrap()).into_owned()
        };
        let state = format!("{:?} {text}", metadata.modified().unwrap());
        found.insert(path.display().to_string(), state);
    }
    found
}

#[test]
fn names_that_a_shell_would_read_are_offered_by_id() {
    let bench = visited();
    let mut expected = hostile_ids();
    expected.extend(["web-1".to_owned(), "db-1".to_owned()]);
    expected.sort_unstable();
    for shell in SHELLS {
        let ran = asked(&bench, shell, "connect -c acme ");
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
        let lines = ran.stdout.lines();
        let mut words: Vec<&str> = lines.map(|line| line.split('\t').next().unwrap()).collect();
        words.sort_unstable();
        assert_eq!(words, expected, "{shell}");
        let steers = |c: char| c.is_control() && !"\n\t".contains(c);
        assert!(!ran.stdout.contains(steers), "{shell}: {:?}", ran.stdout);
    }
}

#[test]
fn what_fits_depends_on_the_line() {
    let bench = visited();
    let all = |line: &str| offered(&bench, line).join(" ");
    for (line, words) in [
        ("-c ", "acme beta"),
        ("connect --customer=a", "--customer=acme"),
        ("connect -cb", "-cbeta"),
        ("customer show ", "acme beta"),
        ("customer remove b", "beta"),
        ("customer add ", ""),
        ("customer test ", "acme beta"),
        ("customer test acme ", "beta"),
        ("connect --confirm ", "acme beta"),
        ("connect -c beta --confirm ", "beta"),
        ("connect --region ", "eu-central-1 eu-west-1 us-east-1"),
        ("connect -c beta --region ", "eu-central-1 eu-west-1"),
        ("connect --client ", "auto plugin builtin"),
        ("connect web", "web-1"),
        ("connect -c acme i-0b", "i-0b64e0fd92a7138c5"),
        ("connect -c acme --region eu-west-1 web", ""),
        ("connect -c beta ", ""),
        ("connect -c unknown ", ""),
        ("connect web-1 ", ""),
        ("forward web", "web-1"),
        ("proxy web", "web-1"),
        ("run web-1 w", ""),
        ("run web-1 d", "db-1"),
        ("run web-1 -- d", ":files"),
        ("policy check ", ":files"),
        ("--config ", ":files"),
        ("--config /nowhere/at/all connect ", ""),
        ("sess", "sessions"),
        ("sessions ", "list terminate help"),
        ("man sessions ", "list terminate help"),
        ("connect --rea", "--reason"),
        ("connect -q", "-q"),
        ("completions p", "powershell"),
    ] {
        assert_eq!(all(line), words, "{line}");
    }
    // bash splits at the equals sign, and replaces what comes after it.
    let ran = asked(&bench, "bash", "connect --customer = a");
    assert_eq!(ran.stdout, "acme\n");
    // The variables count as for the command itself.
    let mut command = bench.command(["--", "connect", "web"]);
    command
        .env("VENDOR_SSM_COMPLETE", "zsh")
        .env("VENDOR_SSM_CUSTOMER", "beta");
    assert_eq!(run(&mut command).stdout, "");
}

#[test]
fn sessions_that_may_still_be_open_are_offered_to_terminate() {
    let bench = visited();
    assert_eq!(offered(&bench, "sessions terminate "), [""; 0]);
    let history = bench.home().join("state/vendor-ssm/history.jsonl");
    let text = std::fs::read_to_string(history).unwrap();
    let ended: serde_json::Value = serde_json::from_str(text.lines().next().unwrap()).unwrap();
    let sessions = bench.home().join("state/vendor-ssm/sessions");
    for (number, id) in ["alice-0123456789abcdef0", "$(touch-owned)"]
        .iter()
        .enumerate()
    {
        let mut record = ended.clone();
        record["nonce"] = format!("open{number}").into();
        record["session_id"] = (*id).into();
        record["ended"] = serde_json::Value::Null;
        record["state"] = "open".into();
        std::fs::write(
            sessions.join(format!("open{number}.jsonl")),
            format!("{record}\n"),
        )
        .unwrap();
    }
    assert_eq!(
        offered(&bench, "sessions terminate "),
        ["alice-0123456789abcdef0"]
    );
    assert_eq!(offered(&bench, "sessions terminate -c beta "), [""; 0]);
}

#[test]
fn broken_settings_offer_no_names_and_say_nothing() {
    let bench = visited();
    for text in [
        "this is [no TOML",
        "unknown = 1\n",
        &format!("{SETTINGS}[customers.beta]\n"),
    ] {
        bench.settings(text);
        for line in ["-c ", "connect ", "connect --region ", "connect --confirm "] {
            assert_eq!(offered(&bench, line), [""; 0], "{text}: {line}");
        }
        assert_eq!(offered(&bench, "sess"), ["sessions"]);
    }
    std::fs::remove_file(bench.config()).unwrap();
    assert_eq!(offered(&bench, "connect "), [""; 0]);
    let mut command = bench.command(["--", "connect", ""]);
    command
        .env("VENDOR_SSM_COMPLETE", "zsh")
        .env("VENDOR_SSM_LOG", "debug");
    let ran = run(&mut command);
    assert_eq!(
        (ran.code, ran.stdout, ran.stderr),
        (0, String::new(), String::new())
    );
}

#[test]
fn it_writes_nothing_runs_nothing_and_asks_nobody() {
    let bench = visited();
    let made = bench.home().join("ran");
    std::fs::create_dir(bench.home().join(".aws")).unwrap();
    let profile = format!(
        "[profile p]\ncredential_process = touch {}\n",
        made.display()
    );
    std::fs::write(bench.home().join(".aws/config"), profile).unwrap();
    let settings = SETTINGS.replace("[vendor]", "[vendor]\nprofile = \"p\"");
    bench.settings(&settings.replace("store = \"none\"", "store = \"keyring\""));
    // A command would settle this one: it has ended, and its process is gone.
    let state = bench.home().join("state/vendor-ssm");
    let text = std::fs::read_to_string(state.join("history.jsonl")).unwrap();
    let (first, rest) = text.split_once('\n').unwrap();
    std::fs::write(state.join("sessions/left.jsonl"), format!("{first}\n")).unwrap();
    std::fs::write(state.join("history.jsonl"), rest).unwrap();
    let (before, calls) = (tree(bench.home()), bench.sandbox.actions().len());
    for line in [
        "-c ",
        "connect ",
        "connect --region ",
        "sessions terminate ",
        "--",
    ] {
        let _ = offered(&bench, line);
    }
    assert!(offered(&bench, "connect ").contains(&"web-1".to_owned()));
    assert_eq!(tree(bench.home()), before);
    assert_eq!(bench.sandbox.actions().len(), calls);
    assert!(!made.exists());
}

#[test]
fn bash_completes_with_the_programs_own_script() {
    completes_in(
        "bash --norc --noprofile -i",
        "source <(vendor-ssm completions bash)",
    );
}
