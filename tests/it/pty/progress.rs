//! The progress line of `run` on a terminal, and what it leaves.

use std::fmt::Write as _;

use crate::harness::Bench;
use crate::harness::terminal::{Ended, Terminal, none_open};

fn bench() -> Bench {
    let bench = Bench::new();
    bench.grant(&["AWS-StartNonInteractiveCommand"]);
    bench
}

/// A script that begins, says something, and ends when the file `go` is there.
fn script(bench: &Bench) -> String {
    let path = |name| bench.home().join(name).display().to_string();
    let mut text = String::new();
    writeln!(text, "echo begun").unwrap();
    writeln!(
        text,
        "if mkdir {} 2>/dev/null; then exit 3; fi",
        path("first")
    )
    .unwrap();
    writeln!(text, "until test -e {}; do sleep 0.05; done", path("go")).unwrap();
    writeln!(text, "echo ended").unwrap();
    let file = bench.home().join("script");
    std::fs::write(&file, text).unwrap();
    file.display().to_string()
}

fn go(bench: &Bench) {
    std::fs::write(bench.home().join("go"), "").unwrap();
}

fn wiped(ended: &Ended) {
    let text = String::from_utf8_lossy(&ended.bytes);
    assert!(!ended.screen.contains("running"), "{}", ended.screen);
    // What a line of output or a message follows is never the progress line.
    for line in ended.screen.lines() {
        assert!(!line.contains(" of 2 targets"), "{}", ended.screen);
    }
    assert!(text.contains("running"), "{text:?}");
}

#[test]
fn it_counts_below_the_output_and_is_wiped() {
    let bench = bench();
    let terminal = Terminal::run(&bench, &format!("run web-1 web-2 -- sh {}", script(&bench)));
    terminal.shows("1 of 2 targets done, 1 failed, 1 running, 0:");
    terminal.shows("elapsed");
    let screen = terminal.screen();
    let lines: Vec<&str> = screen
        .lines()
        .filter(|line| !line.starts_with("endpoint"))
        .collect();
    // The line is the last, and nothing is behind it.
    let last = lines.last().unwrap();
    assert!(
        last.starts_with("1 of 2") && last.ends_with("elapsed"),
        "{screen}"
    );
    for line in &lines[..lines.len() - 1] {
        assert!(line.ends_with(": begun"), "{screen}");
    }
    assert_eq!(lines.len(), 3, "{screen}");
    // The time goes on by itself.
    terminal.shows("0:02 elapsed");
    go(&bench);
    let ended = terminal.ends();
    assert_eq!(ended.code, 3, "{}", ended.screen);
    wiped(&ended);
    let rows: Vec<&str> = ended
        .screen
        .lines()
        .filter(|line| !line.starts_with("endpoint"))
        .collect();
    assert_eq!(rows.len(), 7, "{}", ended.screen);
    assert!(rows[2].ends_with(": ended"), "{}", ended.screen);
    assert!(rows[3].starts_with("NAME "), "{}", ended.screen);
    assert!(
        rows[6].starts_with("2 targets: 1 ok, 1 failed, in "),
        "{}",
        ended.screen
    );
    none_open(&bench);
}

#[test]
fn it_fits_twenty_columns() {
    let bench = bench();
    let line = format!("run web-1 web-2 --output json -- sh {}", script(&bench));
    let terminal = Terminal::sized(&bench, &line, 24, 20);
    terminal.shows("1/2 1F 1R 0:0");
    let screen = terminal.screen();
    assert_eq!(screen.matches("1/2").count(), 1, "{screen}");
    go(&bench);
    let ended = terminal.ends();
    assert_eq!(ended.code, 3, "{}", ended.screen);
    assert!(!ended.screen.contains("1F 1R"), "{}", ended.screen);
}

#[test]
fn it_is_absent_where_nothing_may_move() {
    for (flags, variables) in [
        ("-q", &[][..]),
        ("", &[("TERM", "dumb")]),
        ("--error-format json", &[]),
    ] {
        let bench = bench();
        go(&bench);
        let line = format!("run web-1 web-2 {flags} -- sh -c sleep\u{a0}1");
        let line = line.replace("sh -c sleep\u{a0}1", "sleep 1");
        let ended = Terminal::with(&bench, &line, 24, 110, variables).ends();
        assert_eq!(ended.code, 0, "{}", ended.screen);
        let text = String::from_utf8_lossy(&ended.bytes);
        assert!(!text.contains("running"), "{flags} {variables:?}: {text:?}");
    }
}

#[test]
fn a_signal_leaves_no_trace_of_it() {
    let bench = bench();
    let terminal = Terminal::run(&bench, &format!("run web-1 web-2 -- sh {}", script(&bench)));
    terminal.shows("1 of 2 targets done");
    terminal.signal(rustix::process::Signal::TERM);
    let ended = terminal.ends();
    assert_eq!(ended.code, 143, "{}", ended.screen);
    wiped(&ended);
    none_open(&bench);
}
