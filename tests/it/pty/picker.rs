//! The picker, key by key.

use crate::harness::terminal::{LIMIT, PROMPT, Terminal, called, target, until};
use crate::harness::{Bench, SETTINGS};

const TWINS: [&str; 2] = ["i-03d95a8e4c61f27b0", "i-0a17fc3b86d2e5940"];

fn picking(bench: &Bench) -> Terminal {
    let terminal = Terminal::run(bench, "connect");
    terminal.shows("Instance, type to filter:");
    terminal.shows("web-2");
    terminal
}

/// The row that Enter would take.
fn marked(terminal: &Terminal) -> Option<String> {
    let screen = terminal.screen();
    let row = screen.lines().find(|line| line.starts_with("> "))?;
    Some(row.to_owned())
}

fn leaves(bench: &Bench, mut terminal: Terminal) {
    terminal.shows(PROMPT.trim_end());
    terminal.types("exit\r");
    let ended = terminal.ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    assert_eq!(bench.sandbox.open_sessions(), [""; 0]);
}

#[test]
fn typing_filters_and_enter_opens_the_row_shown() {
    let bench = Bench::new();
    let mut terminal = picking(&bench);
    for shown in [
        "web-1",
        "i-0f3a91c27be45d806",
        "10.0.0.11",
        "running",
        "Windows",
        "stopped",
        "us-east-1",
    ] {
        terminal.shows(shown);
    }
    terminal.types("db-1");
    terminal.shows_that("db-1 alone", |screen| {
        screen.contains("> db-1") && !screen.contains("web-1")
    });
    terminal.types("\r");
    leaves(&bench, terminal);
    assert_eq!(target(&bench).as_deref(), Some("i-0b64e0fd92a7138c5"));
}

#[test]
fn the_row_marked_at_first_can_be_opened() {
    let bench = Bench::new();
    let terminal = picking(&bench);
    let shown = terminal.screen();
    // The first row is a stopped instance.
    assert!(shown.find("batch-1") < shown.find("db-1"), "{shown}");
    let row = marked(&terminal).unwrap();
    assert!(
        row.contains("db-1") && row.contains("online"),
        "{row}\n{shown}"
    );
}

#[test]
fn of_two_with_one_name_the_marked_one_is_opened() {
    for twin in 0..2 {
        let bench = Bench::new();
        let mut terminal = picking(&bench);
        terminal.types("twin");
        terminal.shows_that("both", |screen| {
            TWINS.iter().all(|id| screen.contains(id)) && !screen.contains("web-1")
        });
        let first = marked(&terminal).unwrap();
        if twin == 1 {
            terminal.types("\u{1b}[B");
            assert!(until(LIMIT, || marked(&terminal).is_some_and(|row| row != first)));
        }
        let row = marked(&terminal).unwrap();
        terminal.types("\r");
        leaves(&bench, terminal);
        let opened = target(&bench).unwrap();
        assert!(row.contains(&opened), "{row} and {opened}");
        assert!(TWINS.contains(&opened.as_str()));
    }
}

#[test]
fn esc_declines_and_ctrl_c_interrupts() {
    for (key, code) in [("\u{1b}", 61), ("\u{3}", 130)] {
        let bench = Bench::new();
        let mut terminal = picking(&bench);
        terminal.types(key);
        let ended = terminal.ends();
        assert_eq!(ended.code, code, "{}", ended.screen);
        assert_eq!(called(&bench, "StartSession"), 0);
    }
}

#[test]
fn a_narrow_terminal_still_shows_whole_ids() {
    let bench = Bench::new();
    let mut terminal = Terminal::sized(&bench, "connect", 24, 40);
    terminal.shows("Instance, type to filter:");
    terminal.types("db-1");
    terminal.shows_that("db-1 alone", |screen| {
        screen.contains("i-0b64e0fd92a7138c5") && !screen.contains("i-0f3a91c27be45d806")
    });
    terminal.types("\r");
    leaves(&bench, terminal);
    assert_eq!(target(&bench).as_deref(), Some("i-0b64e0fd92a7138c5"));
}

#[test]
fn a_terminal_that_wraps_each_row_shows_the_prompt_and_the_marked_row() {
    let bench = Bench::new();
    let mut terminal = Terminal::sized(&bench, "connect", 10, 20);
    terminal.shows("Filter:");
    terminal.shows_that("the marked row", |screen| {
        screen.contains("Filter:") && screen.contains("> db-1")
    });
    terminal.types("\u{1b}[B");
    terminal.shows_that("the next one marked", |screen| {
        screen.contains("Filter:") && !screen.contains("> db-1") && screen.contains("> ")
    });
    terminal.types("\u{1b}");
    assert_eq!(terminal.ends().code, 61);
}

#[test]
fn a_hostile_name_steers_nothing() {
    let bench = Bench::new();
    let mut terminal = Terminal::sized(&bench, "connect", 24, 200);
    terminal.shows("Instance, type to filter:");
    terminal.shows("i-09a3c5f71e8d2b640");
    let screen = terminal.screen();
    assert!(
        screen.contains("\\u{") && screen.contains("web-1"),
        "{screen}"
    );
    let bytes = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    for hostile in [
        "\u{1b}]0;owned",
        "\u{1b}[2J",
        "\u{9b}",
        "\u{202e}",
        "\u{200b}",
    ] {
        assert!(!bytes.contains(hostile), "{hostile:?}");
    }
    terminal.types("\u{1b}");
    assert_eq!(terminal.ends().code, 61);
}

#[test]
fn the_beginning_of_a_name_opens_the_picker_filtered() {
    let bench = Bench::new();
    let mut terminal = Terminal::run(&bench, "connect web");
    terminal.shows("Instance, type to filter: ");
    terminal.shows("web-2");
    assert!(!terminal.screen().contains("db-1"), "{}", terminal.screen());
    // It says why it opens, and nothing about agents that were not asked for.
    terminal.shows("no instance has the name \"web\"");
    assert!(
        !terminal.screen().contains("unknown"),
        "{}",
        terminal.screen()
    );
    terminal.types("web-2\r");
    leaves(&bench, terminal);
    assert_eq!(target(&bench).as_deref(), Some("i-08c2d7715e90ab34f"));
}

#[test]
fn no_input_refuses_even_on_a_terminal() {
    let bench = Bench::new();
    let ended = Terminal::run(&bench, "connect --no-input").ends();
    assert_eq!(ended.code, 60, "{}", ended.screen);
    assert!(
        ended.screen.contains("error[needs-terminal]:"),
        "{}",
        ended.screen
    );
    let ended = Terminal::run(&bench, "connect twin --no-input").ends();
    assert_eq!(ended.code, 31, "{}", ended.screen);
    bench.settings(&format!("{SETTINGS}confirm = true\n"));
    let ended = Terminal::run(&bench, "connect web-1 --no-input").ends();
    assert_eq!(ended.code, 60, "{}", ended.screen);
    assert!(ended.screen.contains("--confirm acme"), "{}", ended.screen);
    assert_eq!(called(&bench, "StartSession"), 0);
}
