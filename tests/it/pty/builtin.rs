//! A shell on a terminal through the builtin client.

use std::time::Duration;

use vendor_ssm_sandbox::Options;

use crate::harness::terminal::{LIMIT, Terminal, WEB_1, called, none_open, until};
use crate::harness::{Bench, SETTINGS};

fn leaves(bench: &Bench, mut terminal: Terminal) {
    let id = bench.sandbox.open_sessions().remove(0);
    terminal.types("exit\r");
    let ended = terminal.ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    none_open(bench);
    assert_eq!(bench.sandbox.channels().violations(&id), [""; 0]);
    // The service has said that it ended; there is nothing to make sure of.
    assert_eq!(called(bench, "TerminateSession"), 0);
}

/// Types a command and waits for what it prints, which has to be spelt otherwise in the command.
fn does(terminal: &mut Terminal, command: &str, prints: &str) {
    terminal.types(&format!("{command}\r"));
    terminal.shows(prints);
}

#[test]
fn commands_are_run_and_exit_leaves() {
    let bench = Bench::new();
    let mut terminal = Terminal::shell(&bench);
    does(&mut terminal, "echo one-$((1+1))-thr''ee", "one-2-three");
    does(
        &mut terminal,
        "printf '%s\\n' gr\u{fc}\u{df}e-\u{732b}-$((40+2))",
        "gr\u{fc}\u{df}e-\u{732b}-42",
    );
    leaves(&bench, terminal);
}

#[test]
fn the_remote_terminal_has_our_size() {
    let bench = Bench::new();
    let mut terminal = Terminal::shell(&bench);
    does(&mut terminal, "stty size", "24 110");
    terminal.resize(31, 97);
    assert!(until(LIMIT, || {
        let id = &bench.sandbox.open_sessions()[0];
        let record = bench.sandbox.channels().record(id).unwrap();
        record
            .sizes
            .last()
            .is_some_and(|size| (size.rows, size.cols) == (31, 97))
    }));
    does(&mut terminal, "stty size", "31 97");
    leaves(&bench, terminal);
}

#[test]
fn the_keyboards_signals_go_to_the_remote_side() {
    let bench = Bench::new();
    let mut terminal = Terminal::shell(&bench);
    terminal.types("echo go''ing; sleep 60; echo int=$?\r");
    terminal.shows_that("going", |screen| {
        screen.lines().any(|line| line.starts_with("going"))
    });
    terminal.types("\u{3}");
    terminal.shows("^C");
    does(&mut terminal, "echo aft''er", "after");
    terminal.types("sh -c 'echo st''opping; sleep 60; echo fin''ished'\r");
    terminal.shows("stopping");
    terminal.types("\u{1a}");
    terminal.shows_that("stopped", |screen| screen.contains("Stopped"));
    does(&mut terminal, "echo still-$((2+3))", "still-5");
    terminal.types("fg\r");
    terminal.shows_that("it goes on", |screen| {
        screen.matches("sleep 60").count() >= 4
    });
    terminal.types("\u{1c}");
    terminal.shows("Quit");
    does(&mut terminal, "echo qu''it", "quit");
    leaves(&bench, terminal);
}

#[test]
fn with_a_handshake_it_is_the_same() {
    let bench = Bench::with(Options {
        handshake: true,
        ..Options::default()
    });
    let mut terminal = Terminal::shell(&bench);
    does(&mut terminal, "stty size; echo hand''shaken", "handshaken");
    assert!(terminal.screen().contains("24 110"));
    let id = bench.sandbox.open_sessions().remove(0);
    terminal.types("exit\r");
    assert_eq!(terminal.ends().code, 0);
    none_open(&bench);
    // The first size. An agent in a handshake ignores it: it only asks whether a client is there.
    let violations = bench.sandbox.channels().violations(&id);
    assert_eq!(violations, ["input before the handshake was complete"]);
}

#[test]
fn every_byte_arrives_both_ways() {
    let bench = Bench::new();
    let mut terminal = Terminal::shell(&bench);
    // Out: each byte once, the remote terminal's own processing switched off.
    terminal.types("stty -opost; printf BEG''IN; i=0; while [ $i -lt 256 ]; do printf \"\\\\$(printf %o $i)\"; i=$((i+1)); done; printf E''ND; stty opost\r");
    let all: Vec<u8> = [b"BEGIN".to_vec(), (0..=255).collect(), b"END".to_vec()].concat();
    assert!(until(LIMIT, || {
        let bytes = terminal.bytes();
        bytes.windows(all.len()).any(|window| window == all)
    }));
    terminal.types("\rreset 2>/dev/null; stty sane; clear\r");
    // In: read raw, and told as numbers.
    terminal.types("stty raw -echo; echo re''ady; head -c 8 | od -An -tu1; stty sane\r");
    terminal.shows("ready");
    terminal.types("\n");
    terminal.types("\r");
    terminal.types("\u{3}\u{1a}\u{11}\u{13}\u{4}\u{0}");
    terminal.shows_that("the numbers", |screen| {
        let words: Vec<&str> = screen.split_whitespace().collect();
        words
            .windows(8)
            .any(|numbers| numbers == ["10", "13", "3", "26", "17", "19", "4", "0"])
    });
    terminal.types("\r");
    leaves(&bench, terminal);
}

#[test]
fn a_large_paste_arrives_whole() {
    const SIZE: usize = 10_000_000;
    let bench = Bench::new();
    let mut terminal = Terminal::shell(&bench);
    terminal.types(&format!(
        "stty -icanon -echo; echo re''ady; head -c {SIZE} > pasted; stty sane; echo who''le\r"
    ));
    terminal.shows("ready");
    let line = "0123456789 abcdefghijklmnopqrstuvwxyz \u{e4}\u{f6}\u{fc} 0123456789\n";
    let mut text = line.repeat(SIZE / line.len());
    text.push_str(&"x".repeat(SIZE - text.len()));
    terminal.types(&text);
    terminal.shows("whole");
    let pasted = std::fs::read(bench.sandbox.home().join("pasted")).unwrap();
    assert!(pasted == text.as_bytes(), "{} bytes", pasted.len());
    leaves(&bench, terminal);
}

#[test]
fn a_program_can_have_the_whole_screen() {
    let bench = Bench::new();
    let mut terminal = Terminal::shell(&bench);
    std::fs::write(
        bench.sandbox.home().join("draw"),
        "printf '\\033[?1049h\\033[?25l\\033[2J\\033[5;10HBOX %s' \"$(stty size)\"\n\
         stty -icanon -echo; key=$(head -c 1); stty sane\n\
         printf '\\033[?25h\\033[?1049lkey=%s\\n' \"$key\"\n",
    )
    .unwrap();
    terminal.types("sh draw\r");
    terminal.shows("BOX 24 110");
    let screen = terminal.screen();
    assert_eq!(
        screen.lines().nth(4).unwrap().find("BOX"),
        Some(9),
        "{screen}"
    );
    assert!(!screen.contains("sh draw"), "{screen}");
    terminal.types("q");
    terminal.shows("key=q");
    assert!(terminal.screen().contains("sh draw"));
    leaves(&bench, terminal);
}

#[test]
fn the_escape_ends_the_session() {
    let bench = Bench::new();
    let mut terminal = Terminal::shell(&bench);
    terminal.types("~?");
    terminal.shows("~. ends the session");
    let screen = terminal.screen();
    assert!(
        screen.lines().any(|line| line.starts_with("escapes at")),
        "{screen}"
    );
    terminal.types("\recho ~~ \u{7f}tilde=~~\r~~\u{7f}\r");
    terminal.shows("tilde=~~");
    terminal.types("~.");
    let ended = terminal.ends();
    assert_eq!(ended.code, 130, "{}", ended.screen);
    assert_eq!(called(&bench, "TerminateSession"), 1);
    none_open(&bench);
}

#[test]
fn the_escape_works_however_much_waits_for_a_session_that_hangs() {
    let bench = Bench::new();
    let mut terminal = Terminal::shell(&bench);
    bench.sandbox.channels().faults().silence(true);
    terminal.types(&"more than a window and what waits behind it\r".repeat(15_000));
    terminal.types("~.");
    let ended = terminal.ends();
    assert_eq!(ended.code, 130, "{}", ended.screen);
    assert_eq!(called(&bench, "TerminateSession"), 1);
    none_open(&bench);
}

#[test]
fn the_escape_character_explains_itself_by_its_own_name() {
    let bench = Bench::new();
    bench.settings(&format!("{SETTINGS}\n[session]\nescape = \"%\"\n"));
    let mut terminal = Terminal::shell(&bench);
    terminal.types("%?");
    terminal.shows("%. ends the session, %? shows this, %% sends %");
    terminal.types("\r%.");
    assert_eq!(terminal.ends().code, 130);
    none_open(&bench);
}

#[test]
fn a_program_that_is_cut_off_leaves_the_terminal_usable() {
    const MOUSE: &str = "\u{1b}[?1000l";
    const LEFT: &str = "\u{1b}[?1049l";
    let holds = |bytes: &[u8], text: &str| {
        bytes
            .windows(text.len())
            .any(|window| window == text.as_bytes())
    };
    for (on, shows, leaves) in [
        ("\\033[?1049h\\033[?1000h", "BO''X", true),
        ("", "BO''X", false),
    ] {
        let bench = Bench::new();
        let mut terminal = Terminal::shell(&bench);
        terminal.types(&format!("printf '{on}'; echo {shows}\r"));
        terminal.shows_that("BOX", |screen| screen.contains("BOX"));
        terminal.types("~.");
        let ended = terminal.ends();
        assert_eq!(ended.code, 130);
        assert_eq!(holds(&ended.bytes, MOUSE), leaves);
        assert_eq!(holds(&ended.bytes, LEFT), leaves);
        none_open(&bench);
    }
}

#[test]
fn the_escape_can_be_switched_off() {
    let bench = Bench::new();
    bench.settings(&format!("{SETTINGS}\n[session]\nescape = \"none\"\n"));
    let mut terminal = Terminal::shell(&bench);
    terminal.types("~.\r");
    terminal.shows_that("the shell's own complaint", |screen| {
        screen.matches("~.").count() >= 2 || screen.contains("not found")
    });
    does(&mut terminal, "echo he''re", "here");
    leaves(&bench, terminal);
}

#[test]
fn a_session_that_the_service_ends_is_over() {
    let bench = Bench::new();
    let terminal = Terminal::shell(&bench);
    let id = bench.sandbox.open_sessions().remove(0);
    assert!(
        bench
            .sandbox
            .channels()
            .terminate(&id, "ended by an \u{1b}[31madministrator")
    );
    let ended = terminal.ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    let said = format!("warning: {WEB_1}: ended by an \\u{{1b}}[31madministrator");
    assert!(
        ended.screen.lines().any(|line| line == said),
        "{}",
        ended.screen
    );
    assert_eq!(called(&bench, "TerminateSession"), 0);
}

#[test]
fn what_the_customers_side_says_at_the_end_has_a_hint() {
    let bench = Bench::new();
    let terminal = Terminal::shell(&bench);
    let id = bench.sandbox.open_sessions().remove(0);
    assert!(bench.sandbox.end_session(&id, "arn:\u{1b}[31m:root"));
    let said = "Your session was terminated by arn:\\u{1b}[31m:root";
    ends_with(terminal, said, "hint: the customer has ended it");

    let bench = Bench::new();
    bench.sandbox.world(|world| {
        let document = world.document_mut("SSM-SessionManagerRunShell").unwrap();
        document.idle_timeout = Some(Duration::from_secs(2));
    });
    let said = "Your session timed out due to inactivity";
    ends_with(Terminal::shell(&bench), said, "(idleSessionTimeout)");
    none_open(&bench);
    assert_eq!(called(&bench, "TerminateSession"), 0);
}

/// The same role ended it, in another terminal.
#[test]
fn a_session_that_ones_own_role_ends_is_not_blamed_on_the_customer() {
    let bench = Bench::new();
    let terminal = Terminal::shell(&bench);
    let id = bench.sandbox.open_sessions().remove(0);
    let ran = bench.run(&format!("sessions terminate {id}"));
    assert_eq!(ran.code, 0, "{ran:?}");
    let said = "Your session was terminated by arn:aws:sts::222222222222:assumed-role/";
    ends_with(terminal, said, "hint: your own role has ended it");
}

fn ends_with(terminal: Terminal, said: &str, hint: &str) {
    let ended = terminal.ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    let begun = ended.screen.find(&format!("warning: {WEB_1}: {said}"));
    assert!(begun.is_some(), "{}", ended.screen);
    let joined = ended.screen[begun.unwrap()..].replace('\n', "");
    assert!(joined.contains(hint), "{}", ended.screen);
}

#[test]
fn a_silent_target_is_given_up_after_20_seconds() {
    let bench = Bench::new();
    bench.sandbox.channels().faults().silence(true);
    let terminal = Terminal::run(&bench, &format!("connect {WEB_1}"));
    let ended = terminal.ends_within(Duration::from_secs(40));
    assert_eq!(ended.code, 50, "{}", ended.screen);
    assert!(
        ended.screen.contains("the target sent nothing for 20 s"),
        "{}",
        ended.screen
    );
    assert_eq!(called(&bench, "TerminateSession"), 1);
    none_open(&bench);
}

#[test]
fn a_session_that_the_target_refuses_was_never_opened() {
    let bench = Bench::new();
    bench.sandbox.world(|world| {
        world.instance_mut(WEB_1).unwrap().os_users.clear();
    });
    let terminal = Terminal::run(&bench, &format!("connect -q {WEB_1} --client builtin"));
    let ended = terminal.ends();
    assert_eq!(ended.code, 50, "{}", ended.screen);
    let words = ended
        .screen
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ");
    for said in [
        "error[not-opened]:",
        "RunAs user os_user_a_alice does not exist",
        "hint: ask the customer to create that OS user",
    ] {
        assert!(words.contains(said), "{}", ended.screen);
    }
    // The service closed it.
    assert_eq!(called(&bench, "TerminateSession"), 0);
    none_open(&bench);
}
