//! A session that outlives its connections and its credentials: the connection dropped, cut and silent,
//! the shell as it was afterwards, and what happens when there is no way back.

use std::time::Duration;

use vendor_ssm_sandbox::Options;
use vendor_ssm_sandbox::faults::{Fault, Kind};
use vendor_ssm_sandbox::trail::Event;

use crate::harness::Bench;
use crate::pty::{LIMIT, PROMPT, Terminal, called, none_open, until};

/// Longer than the longest pause between two tries and a slow machine.
const BACK: Duration = Duration::from_secs(40);

fn id(bench: &Bench) -> String {
    bench.sandbox.open_sessions().remove(0)
}

fn drop_connection(bench: &Bench) {
    assert!(bench.sandbox.channels().drop_connection(&id(bench)));
}

/// Waits until the channel was opened so many times.
fn opened(bench: &Bench, times: usize) {
    let is_open = || {
        let record = bench.sandbox.channels().record(&id(bench)).unwrap();
        record.opened.len() >= times
    };
    assert!(until(BACK, is_open), "{:?}", bench.sandbox.actions());
}

/// Types a command and waits for what it prints, which has to be spelt otherwise in the command.
fn does(terminal: &mut Terminal, command: &str, prints: &str) {
    terminal.types(&format!("{command}\r"));
    terminal.shows(prints);
}

/// Leaves the shell, which was one session all the time.
fn leaves(bench: &Bench, mut terminal: Terminal) -> String {
    let id = id(bench);
    terminal.types("exit\r");
    let ended = terminal.ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    none_open(bench);
    assert_eq!(bench.sandbox.channels().violations(&id), [""; 0]);
    assert_eq!(called(bench, "StartSession"), 1);
    assert_eq!(called(bench, "TerminateSession"), 0);
    ended.screen
}

#[test]
fn a_dropped_connection_is_not_noticed() {
    let bench = Bench::new();
    let mut terminal = Terminal::shell(&bench);
    does(&mut terminal, "kept=still-he''re; echo re''ady", "ready");
    for times in 2..5 {
        drop_connection(&bench);
        opened(&bench, times);
        let echo = format!("echo {times}-$kept");
        does(&mut terminal, &echo, &format!("{times}-still-here"));
    }
    let screen = leaves(&bench, terminal);
    assert!(!screen.contains("lost"), "{screen}");
    assert_eq!(called(&bench, "ResumeSession"), 3);
    assert!(bench.sandbox.trail().iter().all(Event::succeeded));
}

#[test]
fn no_output_is_lost_or_doubled_when_the_connection_drops() {
    let bench = Bench::new();
    let mut terminal = Terminal::shell(&bench);
    terminal.types(
        "echo; for i in $(seq 2000); do echo line-$i-e''nd; sleep 0.001; done; echo do''ne\r",
    );
    for times in 2..6 {
        let line = format!("line-{}-end", (times - 1) * 300);
        let seen = until(LIMIT, || {
            String::from_utf8_lossy(&terminal.bytes()).contains(&line)
        });
        assert!(seen, "{line}");
        drop_connection(&bench);
        opened(&bench, times);
    }
    terminal.shows("done");
    let bytes = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    let lines: Vec<&str> = bytes
        .lines()
        .filter(|line| line.starts_with("line-"))
        .collect();
    assert_eq!(lines.len(), 2000);
    for (number, line) in lines.iter().enumerate() {
        assert_eq!(*line, format!("line-{}-end", number + 1));
    }
    leaves(&bench, terminal);
}

#[test]
fn a_session_that_cannot_be_resumed_is_lost() {
    let denied = || Fault::new("ResumeSession", Kind::Denied);
    let bench = Bench::new();
    let terminal = Terminal::shell(&bench);
    bench.sandbox.faults().add(denied());
    drop_connection(&bench);
    let ended = terminal.ends();
    assert_eq!(ended.code, 51, "{}", ended.screen);
    let is_error = |line: &str| line.starts_with("error[lost]:");
    assert!(ended.screen.lines().any(is_error), "{}", ended.screen);
    assert!(ended.screen.contains(PROMPT.trim_end()));
    assert!(ended.screen.contains("AccessDenied"), "{}", ended.screen);
    assert_eq!(
        called(&bench, "ResumeSession"),
        2,
        "once with fresh credentials"
    );
    assert_eq!(called(&bench, "TerminateSession"), 1);
    none_open(&bench);
}

#[test]
fn the_escape_ends_it_while_there_is_no_connection() {
    let bench = Bench::with(Options::default());
    let mut terminal = Terminal::shell(&bench);
    bench
        .sandbox
        .faults()
        .add(Fault::new("ResumeSession", Kind::Reset));
    drop_connection(&bench);
    terminal.shows("resuming the session");
    terminal.types("\r~.");
    let ended = terminal.ends_within(Duration::from_secs(10));
    assert_eq!(ended.code, 130, "{}", ended.screen);
    none_open(&bench);
}
