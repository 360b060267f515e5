//! A session that outlives its connections and its credentials:
//! the connection dropped, cut and silent, the shell as it was afterwards, and what happens when
//! there is no way back.

use std::time::Duration;

use rustix::process::Signal;
use vendor_ssm_sandbox::Options;
use vendor_ssm_sandbox::channel::Cut;
use vendor_ssm_sandbox::faults::{Fault, Kind};
use vendor_ssm_sandbox::trail::Event;

use crate::harness::terminal::{LIMIT, PROMPT, Terminal, WEB_1, called, none_open, until};
use crate::harness::{Bench, SETTINGS};

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

/// Cuts the network for so long, and types meanwhile.
fn cut(seconds: u64) {
    let bench = Bench::new();
    let mut terminal = Terminal::shell(&bench);
    does(&mut terminal, "kept=still-he''re; echo re''ady", "ready");
    let cut = Duration::from_secs(seconds);
    bench.sandbox.channels().cut(Cut::Offline, cut);
    terminal.shows("resuming the session");
    terminal.types("echo typed-mean''while-$kept\r");
    terminal.resize(30, 100);
    let back = until(cut + BACK, || {
        terminal.screen().contains("the session is resumed")
    });
    assert!(back, "{}", terminal.screen());
    terminal.shows("typed-meanwhile-still-here");
    does(&mut terminal, "stty size", "30 100");
    leaves(&bench, terminal);
}

#[test]
fn the_network_is_cut_for_5_seconds() {
    cut(5);
}

#[test]
fn the_network_is_cut_for_15_seconds() {
    cut(15);
}

#[test]
#[ignore = "takes more than a minute"]
fn the_network_is_cut_for_60_seconds() {
    cut(60);
}

#[test]
fn piped_input_is_run_once_over_a_connection_that_drops() {
    let bench = Bench::new();
    let script = "for i in 1 2 3; do echo step-$i; sleep 1; done\necho e''nd\n";
    let ran = std::thread::scope(|scope| {
        let running = scope.spawn(|| bench.run_with_input(&format!("connect {WEB_1}"), script));
        for times in 1..3 {
            assert!(until(LIMIT, || !bench.sandbox.open_sessions().is_empty()));
            opened(&bench, times);
            drop_connection(&bench);
            opened(&bench, times + 1);
        }
        running.join().unwrap()
    });
    assert_eq!(ran.code, 0, "{ran:?}");
    for output in ["step-1", "step-2", "step-3", "end"] {
        assert_eq!(ran.stdout.matches(output).count(), 1, "{output} {ran:?}");
    }
    none_open(&bench);
}

#[test]
fn the_session_goes_on_where_resume_session_says() {
    let bench = Bench::with(Options {
        cells: true,
        ..Options::default()
    });
    let mut terminal = Terminal::shell(&bench);
    for times in 2..4 {
        drop_connection(&bench);
        opened(&bench, times);
        does(
            &mut terminal,
            &format!("echo again-$(({times}+7))"),
            &format!("again-{}", times + 7),
        );
    }
    leaves(&bench, terminal);
}

/// A shell whose session is gone when its connection is, and why it says it is lost.
fn lost(gone: impl FnOnce(&Bench)) -> String {
    let bench = Bench::new();
    let terminal = Terminal::shell(&bench);
    bench.sandbox.channels().cut(Cut::Offline, LIMIT);
    gone(&bench);
    bench.sandbox.channels().mend();
    let ended = terminal.ends();
    assert_eq!(ended.code, 51, "{}", ended.screen);
    assert!(called(&bench, "ResumeSession") >= 1);
    assert_eq!(called(&bench, "TerminateSession"), 1);
    none_open(&bench);
    ended.screen
}

#[test]
fn a_session_that_is_gone_is_lost_with_awss_reason() {
    let screen = lost(|bench| {
        bench.sandbox.channels().terminate(&id(bench), "idle");
    });
    assert!(screen.contains("DoesNotExistException"), "{screen}");
    let screen = lost(|bench| bench.sandbox.options().resume_without_token = true);
    assert!(screen.contains("the session is over"), "{screen}");
}

/// Credentials so short-lived that a test can wait for their end.
fn short_lived(settings: &str) -> Bench {
    let bench = Bench::with(Options {
        credential_lifetime: Some(Duration::from_secs(12)),
        ..Options::default()
    });
    bench.settings(settings);
    bench
}

#[test]
fn a_session_outlives_its_credentials() {
    let bench = short_lived(SETTINGS);
    let mut terminal = Terminal::shell(&bench);
    // Two roles each time; with the second time the first credentials have ended.
    let renewed = || called(&bench, "AssumeRole") >= 6;
    assert!(until(2 * LIMIT, renewed), "{:?}", bench.sandbox.actions());
    std::thread::sleep(Duration::from_secs(4));
    drop_connection(&bench);
    opened(&bench, 2);
    does(&mut terminal, "echo still-$((1+1))", "still-2");
    let screen = leaves(&bench, terminal);
    assert!(!screen.contains("assuming"), "{screen}");
    assert!(bench.sandbox.trail().iter().all(Event::succeeded));
}

#[test]
fn credentials_that_ended_unnoticed_are_got_anew() {
    let bench = Bench::new();
    let mut terminal = Terminal::shell(&bench);
    let expired = Fault::new("ResumeSession", Kind::Expired);
    bench.sandbox.faults().add(expired.times(1));
    drop_connection(&bench);
    opened(&bench, 2);
    does(&mut terminal, "echo still-$((1+1))", "still-2");
    leaves(&bench, terminal);
    assert_eq!(called(&bench, "ResumeSession"), 2);
}

#[test]
fn where_renewal_takes_a_code_it_is_said_and_the_session_goes_on() {
    let bench = short_lived(&SETTINGS.replace(
        "role/3P_IAM_Assume_Role\"",
        "role/3P_IAM_Assume_Role_MFA\"\nmfa_serial = \"arn:aws:iam::111111111111:mfa/{user}\"",
    ));
    let mut terminal = Terminal::run(&bench, &format!("connect {WEB_1} --client builtin"));
    terminal.shows("MFA code for");
    terminal.types("123456\r");
    terminal.shows(PROMPT.trim_end());
    terminal.shows("renewing them needs an MFA code");
    std::thread::sleep(Duration::from_secs(4));
    does(&mut terminal, "echo still-$((1+1))", "still-2");
    let screen = leaves(&bench, terminal);
    assert_eq!(screen.matches("MFA code for").count(), 1, "{screen}");
    assert_eq!(screen.matches("renewing them").count(), 1, "{screen}");
    assert_eq!(called(&bench, "AssumeRole"), 2);
}

#[test]
#[ignore = "takes most of a minute"]
fn a_process_that_was_stopped_for_long_looks_at_its_session_at_once() {
    let bench = Bench::new();
    let mut terminal = Terminal::shell(&bench);
    terminal.signal(Signal::STOP);
    std::thread::sleep(Duration::from_secs(40));
    terminal.signal(Signal::CONT);
    opened(&bench, 2);
    assert_eq!(called(&bench, "ResumeSession"), 1);
    does(&mut terminal, "echo still-$((1+1))", "still-2");
    leaves(&bench, terminal);
}
