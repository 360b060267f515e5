//! Ctrl-C that was passed on to a command, and whose exit status it is then.

use std::fmt::Write as _;
use std::time::Duration;

use serde_json::Value;

use super::bench;
use crate::harness::terminal::{Ended, LIMIT, Terminal, called, none_open, until};
use crate::harness::{Bench, is_windows};

/// The only result that was printed on a terminal.
pub fn result(ended: &Ended) -> Value {
    results(ended)[0].take()
}

fn results(ended: &Ended) -> Value {
    // wine's console writes where the screen's lines end.
    let text = if is_windows() {
        ended.screen.replace('\n', "").into()
    } else {
        String::from_utf8_lossy(&ended.bytes)
    };
    let object = &text[text.find('{').unwrap()..=text.rfind('}').unwrap()];
    let mut results: Value = serde_json::from_str(object).unwrap();
    results["results"].take()
}

/// Runs a script on a terminal, with these flags, and presses Ctrl-C once it has begun.
/// The script says so with `begun`.
fn pressed(bench: &Bench, flags: &str, script: &str) -> Ended {
    let [file, begun] = ["script", "begun"].map(|name| bench.home().join(name));
    let _ = std::fs::remove_file(&begun);
    let mut text = format!("begun() {{ : > {}; }}\n", begun.display());
    writeln!(text, "{script}").unwrap();
    std::fs::write(&file, text).unwrap();
    let line = format!("run {flags} -- sh {}", file.display());
    let mut terminal = Terminal::run(bench, &line);
    assert!(until(LIMIT, || begun.exists()), "{}", terminal.screen());
    terminal.types("\u{3}");
    terminal.shows("sent Ctrl-C to the command");
    let ended = terminal.ends();
    none_open(bench);
    ended
}

const GOES_ON: &str = "begun; while :; do sleep 0.05; done";

#[test]
fn the_agents_1_is_not_the_commands_status() {
    let bench = bench();
    for script in [
        GOES_ON,
        &format!("trap 'exit 0' INT; {GOES_ON}"),
        &format!("trap 'exit 7' INT; {GOES_ON}"),
    ] {
        let ended = pressed(&bench, "web-1", script);
        assert_eq!(ended.code, 130, "{}", ended.screen);
        let said =
            "warning: web-1: the command ended after Ctrl-C; its own exit status is not known";
        assert!(ended.screen.contains(said), "{}", ended.screen);
    }
    assert_eq!(called(&bench, "TerminateSession"), 0);
    let ended = pressed(&bench, "web-1 --output json", GOES_ON);
    assert_eq!(ended.code, 130, "{}", ended.screen);
    let result = result(&ended);
    assert_eq!(result["status"], "signalled", "{result}");
    assert_eq!(result["exit_code"], Value::Null);
    assert_eq!(result["interrupted"], true);
    assert_eq!(result["error"], Value::Null);
}

/// As in `run web-1 -- tail -f log | less`: the reader has time for what came before.
#[test]
fn output_waits_for_its_reader_after_ctrl_c() {
    let bench = bench();
    let [file, begun, go] = ["script", "begun", "go"].map(|name| bench.home().join(name));
    let script = format!(
        "seq 200000; sleep 1; : > {}; while :; do sleep 0.05; done",
        begun.display()
    );
    std::fs::write(&file, script).unwrap();
    let mut terminal = Terminal::local_shell(&bench, 24, 200, &[]);
    terminal.shows("$");
    terminal.types(&format!(
        "vendor-ssm run web-1 -- sh {} | (trap '' INT; until test -e {}; do sleep 0.1; done; tail -n 1)\r",
        file.display(),
        go.display()
    ));
    assert!(until(LIMIT, || begun.exists()), "{}", terminal.screen());
    terminal.types("\u{3}");
    terminal.shows("sent Ctrl-C to the command");
    none_open(&bench);
    // Longer than a signal that stops vendor-ssm leaves for the last output.
    std::thread::sleep(Duration::from_millis(1500));
    std::fs::write(&go, "").unwrap();
    terminal.shows("200000");
    terminal.shows("the command ended after Ctrl-C");
    assert!(!terminal.screen().contains("stopped by a signal"));
    terminal.types("exit\r");
    terminal.ends();
}

/// The agent knows the status of a command that has closed its output before.
#[test]
fn any_other_status_is_the_commands() {
    let bench = bench();
    let closed = "begin() { exec > /dev/null 2>&1 <&-; exec >&- 2>&-; sleep 0.5; begun; }";
    for (then, code, status, exit_code) in [
        ("exit 7", 7, "exited", Value::from(7)),
        ("exit 0", 0, "exited", Value::from(0)),
        ("trap - INT; kill -INT $$", 130, "signalled", Value::Null),
    ] {
        let script = format!("{closed}; trap '{then}' INT; begin; while :; do sleep 0.05; done");
        let ended = pressed(&bench, "web-1 --output json", &script);
        assert_eq!(ended.code, code, "{}", ended.screen);
        let result = result(&ended);
        assert_eq!(result["status"], status, "{result}");
        assert_eq!(result["exit_code"], exit_code);
        assert_eq!(result["interrupted"], true);
    }
}

#[test]
fn the_timeout_still_holds() {
    let bench = bench();
    let script = format!("trap : INT; {GOES_ON}");
    let ended = pressed(&bench, "web-1 --timeout 5 --output json", &script);
    assert_eq!(ended.code, 255, "{}", ended.screen);
    let result = result(&ended);
    assert_eq!(result["status"], "timed-out", "{result}");
    assert_eq!(result["exit_code"], Value::Null);
    assert_eq!(result["interrupted"], true);
    assert_eq!(called(&bench, "TerminateSession"), 1);
}

#[test]
fn a_shell_tells_the_commands_own_status() {
    let bench = Bench::new();
    for (then, code) in [("exit 1", 1), ("exit 0", 0), ("exit 7", 7)] {
        let script = format!("trap '{then}' INT; {GOES_ON}");
        let ended = pressed(&bench, "web-1 --via shell --output json", &script);
        assert_eq!(ended.code, code, "{}", ended.screen);
        let result = result(&ended);
        assert_eq!(result["status"], "exited", "{result}");
        assert_eq!(result["exit_code"], code);
        assert_eq!(result["interrupted"], true);
    }
}

#[test]
fn of_several_targets_the_highest_status_counts() {
    let bench = bench();
    // One of the two exits before Ctrl-C is pressed.
    let first = bench.home().join("first");
    for (own, code) in [(0, 130), (3, 130), (200, 200)] {
        let _ = std::fs::remove_dir(&first);
        let script = format!(
            "mkdir {0} 2>/dev/null && exit {own}; while test -d {0} && ! rmdir {0}; do :; done; \
             sleep 1; {GOES_ON}",
            first.display()
        );
        let ended = pressed(&bench, "web-1 web-2", &script);
        assert_eq!(ended.code, code, "{}", ended.screen);
        let said = ": the command ended after Ctrl-C; its own exit status is not known";
        assert_eq!(ended.screen.matches(said).count(), 1, "{}", ended.screen);
    }
}

#[test]
fn what_has_not_begun_is_not_started_after_ctrl_c() {
    let bench = bench();
    let flags = "web-1 web-2 --parallel 1 --output json";
    let ended = pressed(&bench, flags, GOES_ON);
    assert_eq!(ended.code, 130, "{}", ended.screen);
    let results = results(&ended);
    assert_eq!(results[0]["status"], "signalled", "{results}");
    assert_eq!(results[0]["interrupted"], true);
    assert_eq!(results[1]["status"], "not-started");
    assert_eq!(results[1]["interrupted"], Value::Null);
    assert_eq!(called(&bench, "StartSession"), 1);
}
