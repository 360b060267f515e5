//! A run whose connection was lost and resumed: the agent may have stopped reading its output.

use std::process::{Child, Stdio};
use std::time::Duration;

use serde_json::Value;
use vendor_ssm_sandbox::channel::Cut;

use super::ends::ended;
use super::{bench, said, text};
use crate::harness::terminal::{LIMIT, Terminal, called, none_open, until};
use crate::harness::{Bench, Ran};

/// Says a number every 20 ms, two hundred times.
const COUNTING: &str = "for i in $(seq 200); do echo $i; sleep 0.02; done; exit 5";
const WARNING: &str = "the connection was lost and resumed: output of the command may be missing. \
                       If the command writes more, it may stand still and never end; \
                       --timeout limits that wait\n";

fn started(bench: &Bench, words: &[&str]) -> Child {
    bench
        .command(words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// Waits until so many commands have begun.
fn begun(bench: &Bench, sessions: usize) {
    let have_begun = || {
        let open = bench.sandbox.open_sessions();
        let record = |id: &String| bench.sandbox.channels().record(id).unwrap();
        open.len() == sessions && open.iter().all(|id| record(id).inputs >= 2)
    };
    assert!(until(LIMIT, have_begun), "no command");
    std::thread::sleep(Duration::from_millis(300));
}

/// Cuts the connections of commands that have begun, for longer than they stay silent.
fn cut(bench: &Bench, sessions: usize) {
    begun(bench, sessions);
    let away = Duration::from_millis(300);
    bench.sandbox.channels().cut(Cut::Refused, away);
}

fn numbers(output: &str) -> Vec<u32> {
    output.lines().map(|line| line.parse().unwrap()).collect()
}

fn result(ran: &Ran) -> Value {
    ran.json()["results"][0].take()
}

#[test]
fn its_output_may_be_incomplete_and_that_is_no_success() {
    let bench = bench();
    let program = started(&bench, &["run", "web-1", "--", "sh", "-c", COUNTING]);
    cut(&bench, 1);
    let ran = ended(&bench, program);
    assert_eq!(ran.code, 255, "{ran:?}");
    let seen = numbers(&ran.stdout);
    let last = u32::try_from(seen.len()).unwrap();
    assert!(seen.iter().copied().eq(1..=last) && last < 200, "{seen:?}");
    let said = said(&ran);
    assert_eq!(said.matches(WARNING).count(), 1, "{said}");
    let error = said.lines().find(|line| line.starts_with("error[lost]: "));
    let error = error.unwrap();
    assert!(error.contains("the command has ended with exit status 5, but its connection"));
    assert!(said.contains("hint: do not repeat the command"), "{said}");
    assert!(called(&bench, "ResumeSession") >= 1);
    assert_eq!(called(&bench, "TerminateSession"), 0);
}

#[test]
fn json_keeps_the_exit_status_of_a_command_that_is_lost() {
    let bench = bench();
    let words = [
        "run", "web-1", "--output", "json", "--", "sh", "-c", COUNTING,
    ];
    let program = started(&bench, &words);
    cut(&bench, 1);
    let ran = ended(&bench, program);
    assert_eq!(ran.code, 255, "{ran:?}");
    let result = result(&ran);
    assert_eq!(result["status"], "lost");
    assert_eq!(result["exit_code"], 5);
    assert_eq!(result["error"]["name"], "lost");
    assert_eq!(result["error"]["session_state"], "ended");
    assert!(numbers(result["stdout"].as_str().unwrap()).starts_with(&[1, 2, 3]));
    let kept = bench.run("history --output json").json()["sessions"][0].take();
    assert_eq!(kept["state"], "ended", "{kept}");
}

/// Whether the agent stopped reading cannot be known.
#[test]
fn what_may_be_whole_is_not_called_whole() {
    let bench = bench();
    bench
        .sandbox
        .channels()
        .faults()
        .keep_losses_from_agents(true);
    let script = COUNTING.replace("exit 5", "exit 0");
    let program = started(&bench, &["run", "web-1", "--", "sh", "-c", &script]);
    cut(&bench, 1);
    let ran = ended(&bench, program);
    assert_eq!(ran.code, 255, "{ran:?}");
    assert!(numbers(&ran.stdout).into_iter().eq(1..=200));
    let said = said(&ran);
    assert!(
        said.contains("the command has ended with exit status 0, but its connection"),
        "{said}"
    );
}

#[test]
fn a_command_that_stands_still_is_ended_by_the_timeout() {
    let bench = bench();
    let script = "echo ready; sleep 0.5; while :; do echo more; done";
    let words = [
        "run",
        "web-1",
        "--timeout",
        "6",
        "--output",
        "json",
        "--",
        "sh",
        "-c",
        script,
    ];
    let program = started(&bench, &words);
    cut(&bench, 1);
    let ran = ended(&bench, program);
    assert_eq!(ran.code, 255, "{ran:?}");
    let result = result(&ran);
    assert_eq!(result["status"], "timed-out");
    assert_eq!(result["exit_code"], Value::Null);
    assert_eq!(said(&ran).matches(WARNING).count(), 1, "{ran:?}");
    assert_eq!(called(&bench, "TerminateSession"), 1);
}

#[test]
fn an_exit_status_that_the_agent_kept_is_not_blamed_on_the_document() {
    let bench = bench();
    let script = "echo ready; sleep 0.6; echo last";
    let program = started(&bench, &["run", "web-1", "--", "sh", "-c", script]);
    begun(&bench, 1);
    // The command ends meanwhile, and its agent waits two seconds for the client.
    let away = Duration::from_secs(1);
    bench.sandbox.channels().cut(Cut::Refused, away);
    let ran = ended(&bench, program);
    assert_eq!(ran.code, 255, "{ran:?}");
    let said = said(&ran);
    assert!(!said.contains("separate"), "{said}");
    // On a slow machine the session may be over before it can be resumed.
    if !said.contains("could not resume") {
        assert!(
            said.contains("the agent reports none if the connection is lost"),
            "{said}"
        );
        assert_eq!(ran.stdout, "ready\nlast\n");
    }
}

#[test]
fn nothing_is_lost_before_the_command_has_begun() {
    let bench = bench();
    let faults = bench.sandbox.channels().faults();
    faults.delay_first_output(Duration::from_secs(1));
    let program = started(&bench, &["run", "web-1", "--", "sh", "-c", COUNTING]);
    let opened = || {
        let open = bench.sandbox.open_sessions();
        let record = |id: &String| bench.sandbox.channels().record(id);
        open.first()
            .and_then(record)
            .is_some_and(|record| !record.opened.is_empty())
    };
    assert!(until(LIMIT, opened));
    let id = bench.sandbox.open_sessions().remove(0);
    assert!(bench.sandbox.channels().drop_connection(&id));
    let ran = ended(&bench, program);
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(numbers(&ran.stdout).into_iter().eq(1..=200));
    assert_eq!(called(&bench, "ResumeSession"), 1);
}

#[test]
fn a_shell_loses_nothing() {
    let bench = Bench::new();
    let words = ["run", "web-1", "--via", "shell", "--", "sh", "-c", COUNTING];
    let program = started(&bench, &words);
    cut(&bench, 1);
    let ran = ended(&bench, program);
    assert_eq!(ran.code, 5, "{ran:?}");
    assert!(numbers(&ran.stdout).into_iter().eq(1..=200), "{ran:?}");
    assert!(!said(&ran).contains("warning"), "{ran:?}");
    assert!(called(&bench, "ResumeSession") >= 1);
}

#[test]
fn with_several_targets_it_is_said_of_each() {
    let bench = bench();
    let words = ["run", "web-1", "web-2", "--", "sh", "-c", COUNTING];
    let program = started(&bench, &words);
    cut(&bench, 2);
    let ran = ended(&bench, program);
    assert_eq!(ran.code, 255, "{ran:?}");
    let said = said(&ran);
    for target in ["web-1", "web-2"] {
        let warning = format!("warning: {target}: {WARNING}");
        assert_eq!(said.matches(&warning).count(), 1, "{said}");
    }
    assert_eq!(said.matches("error[lost]: ").count(), 2, "{said}");
}

#[test]
fn ctrl_c_ends_what_stands_still() {
    let bench = bench();
    let script = bench.home().join("script");
    std::fs::write(&script, "echo ready; sleep 1; while :; do echo more; done").unwrap();
    let line = format!("run web-1 --output json -- sh {}", script.display());
    let mut terminal = Terminal::run(&bench, &line);
    cut(&bench, 1);
    terminal.shows("--timeout limits");
    terminal.types("\u{3}");
    let ended = terminal.ends();
    none_open(&bench);
    assert_eq!(ended.code, 255, "{}", ended.screen);
    let result = super::interrupted::result(&ended);
    assert_eq!(result["status"], "lost", "{result}");
    assert_eq!(result["exit_code"], Value::Null);
    assert_eq!(result["interrupted"], true);
    let message = result["error"]["message"].as_str().unwrap();
    // The agent waits twice, and either of the two may learn of the signal.
    let ways = ["has ended after Ctrl-C", "was killed by a signal"];
    let says = |way| message.contains(&format!("the command {way}, but its connection"));
    assert!(ways.into_iter().any(says), "{message}");
}

/// `text` waits for the end, so there is nothing to resume here: the plain case beside the others.
#[test]
fn without_a_loss_nothing_is_said() {
    let bench = bench();
    let ran = text(&bench, &["run", "web-1", "--", "sh", "-c", COUNTING]);
    assert_eq!((ran.code, said(&ran).as_str()), (5, ""), "{ran:?}");
    assert!(numbers(&ran.stdout).into_iter().eq(1..=200));
}
