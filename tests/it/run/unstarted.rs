//! Commands that the agent cannot start, and those that only look like it.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{bench, granting, said, text};
use crate::harness::terminal::{LIMIT, called, until};
use crate::harness::{Bench, Ran, SETTINGS};

const REASON: &str = "exec: \"no-such-program\": executable file not found in $PATH";

fn result(ran: &Ran) -> Value {
    ran.json()["results"][0].take()
}

#[test]
fn the_agents_words_are_the_reason() {
    let bench = bench();
    let ran = text(&bench, &["run", "web-1", "--", "no-such-program", "x"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (255, ""), "{ran:?}");
    let said = said(&ran);
    assert!(said.starts_with("error[not-opened]: acme: "), "{said}");
    assert!(
        said.contains(&format!(": the command could not be started: {REASON}\n")),
        "{said}"
    );
    assert_eq!(said.matches(REASON).count(), 1, "{said}");
    assert_eq!(called(&bench, "TerminateSession"), 0);

    let words = ["run", "web-1", "--output", "json", "--", "no-such-program"];
    let ran = text(&bench, &words);
    assert_eq!(ran.code, 255, "{ran:?}");
    let result = result(&ran);
    assert_eq!(result["status"], "not-started", "{result}");
    assert_eq!(result["exit_code"], Value::Null);
    assert_eq!(
        (&result["stdout"], &result["stderr"]),
        (&json!(""), &json!(""))
    );
    let message = result["error"]["message"].as_str().unwrap();
    assert!(message.ends_with(REASON), "{message}");
    assert_eq!(result["error"]["session_state"], "ended");
}

#[test]
fn a_file_that_is_no_program_or_has_an_endless_name_is_not_started() {
    let bench = bench();
    let file = bench.home().join("file");
    std::fs::write(&file, "text").unwrap();
    let file = file.to_str().unwrap();
    let long = format!("/{}", "x".repeat(5000));
    let hostile = "/no/\u{1b}[2J\u{202e}program";
    for (program, reason) in [
        (file, format!("fork/exec {file}: permission denied")),
        (&long, format!("fork/exec {}", &long[..900])),
        (
            hostile,
            r"fork/exec /no/\u{1b}[2J\u{202e}program".to_owned(),
        ),
    ] {
        let ran = text(&bench, &["run", "web-1", "--", program]);
        assert_eq!((ran.code, ran.stdout.as_str()), (255, ""), "{ran:?}");
        assert!(said(&ran).contains(&reason), "{ran:?}");
        assert!(ran.stderr.len() < 2000, "{}", ran.stderr.len());
    }
}

#[test]
fn a_command_that_says_the_same_has_exited() {
    let bench = bench();
    for (script, stdout, stderr) in [
        (format!("printf %s '{REASON}' >&2; exit 1"), "", REASON),
        (format!("printf %s '{REASON}'; exit 1"), REASON, ""),
        ("exit 1".to_owned(), "", ""),
    ] {
        let began = Instant::now();
        let words = [
            "run", "web-1", "--output", "json", "--", "sh", "-c", &script,
        ];
        let ran = text(&bench, &words);
        assert_eq!(ran.code, 1, "{ran:?}");
        assert!(
            began.elapsed() < Duration::from_secs(5),
            "it is waited for no longer"
        );
        let result = result(&ran);
        assert_eq!(result["status"], "exited", "{result}");
        assert_eq!(result["exit_code"], 1);
        assert_eq!(result["error"], Value::Null);
        assert_eq!(
            (&result["stdout"], &result["stderr"]),
            (&json!(stdout), &json!(stderr))
        );
    }
    let script = format!("printf %s '{REASON}' >&2; exit 1");
    let ran = text(&bench, &["run", "web-1", "--", "sh", "-c", &script]);
    assert_eq!(
        (ran.code, said(&ran)),
        (1, format!("{REASON}\n")),
        "{ran:?}"
    );
}

/// The reason comes a second after the exit status.
#[test]
fn a_signal_before_the_reason_makes_no_exit_status_of_it() {
    let bench = bench();
    let child = bench.piped("run web-1 --output json -- no-such-program");
    assert!(until(LIMIT, || called(&bench, "StartSession") == 1));
    std::thread::sleep(Duration::from_millis(500));
    let id = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(id, rustix::process::Signal::TERM).unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap());
    assert_ne!(ran.code, 1, "{ran:?}");
    let result = result(&ran);
    // On a busy machine, the reason may have come by now.
    let status = result["status"].as_str().unwrap();
    assert!(["lost", "not-started"].contains(&status), "{result}");
    assert_ne!(result["error"], Value::Null, "{result}");
}

#[test]
fn of_several_targets_each_has_its_reason() {
    let bench = bench();
    let ran = text(&bench, &["run", "web-1", "web-2", "--", "no-such-program"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (255, ""), "{ran:?}");
    assert_eq!(said(&ran).matches(REASON).count(), 2, "{ran:?}");
}

/// The agent says so without an exit status when it cannot even split the command into words.
#[test]
fn a_command_that_the_agent_cannot_prepare_is_not_started() {
    let own = "\n[customers.acme.documents]\ncommand = \"Acme-Broken\"\n";
    let bench = Bench::new();
    bench.settings(&format!("{SETTINGS}{own}"));
    bench.sandbox.world(|world| {
        let mut document = world
            .document("AWS-StartNonInteractiveCommand")
            .unwrap()
            .clone();
        document.name = "Acme-Broken".to_owned();
        for (name, value) in &mut document.properties {
            if name == "commands" {
                "echo 'open".clone_into(value);
            }
        }
        world.documents.push(document);
    });
    let bench = granting(bench, &["Acme-Broken"]);
    let words = ["run", "web-1", "--output", "json", "--", "true"];
    let ran = text(&bench, &words);
    assert_eq!(ran.code, 255, "{ran:?}");
    let result = result(&ran);
    assert_eq!(result["status"], "not-started", "{result}");
    let message = result["error"]["message"].as_str().unwrap();
    assert!(
        message.ends_with(
            "the command could not be started: Unable to start command: Failed to parse commands \
             input: EOF found when expecting closing quote"
        ),
        "{message}"
    );
}

#[test]
fn a_document_that_separates_its_streams_is_not_blamed() {
    let bench = bench();
    let program = bench
        .command(["run", "web-1", "--", "sleep", "60"])
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let channels = bench.sandbox.channels();
    let has_begun = || {
        let open = bench.sandbox.open_sessions();
        let record = open.first().and_then(|id| channels.record(id));
        record.is_some_and(|record| record.inputs >= 2)
    };
    assert!(until(LIMIT, has_begun));
    assert!(channels.terminate(&bench.sandbox.open_sessions()[0], ""));
    let ran = Ran::from(program.wait_with_output().unwrap());
    assert_eq!(ran.code, 255, "{ran:?}");
    assert!(
        said(&ran).contains("without the command's exit status: vendor-ssm received none;"),
        "{ran:?}"
    );
}

#[test]
fn a_reason_that_overtakes_the_exit_status_is_read_in_its_turn() {
    let bench = bench();
    bench.sandbox.channels().faults().swap_outputs(5);
    let ran = text(&bench, &["run", "web-1", "--", "no-such-program"]);
    assert_eq!(ran.code, 255, "{ran:?}");
    assert!(said(&ran).contains(REASON), "{ran:?}");
}
