//! Ends that are not the command's own.

use std::io::Read as _;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::{bench, bytes, said, text};
use crate::harness::terminal::{LIMIT, Terminal, called, none_open, until};
use crate::harness::{Bench, Ran};

/// A command that has said `ready` and goes on.
fn going_on(bench: &Bench, flags: &[&str], script: &str) -> Child {
    let script = format!("echo ready; {script}");
    let words = [&["run", "web-1"], flags, &["--", "sh", "-c", &script]].concat();
    let mut program = bench
        .command(words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    if flags.is_empty() {
        let stdout = program.stdout.as_mut().unwrap();
        let mut ready = [0; 6];
        stdout.read_exact(&mut ready).unwrap();
        assert_eq!(&ready, b"ready\n");
    } else {
        let open = || !bench.sandbox.open_sessions().is_empty();
        assert!(until(LIMIT, open), "no session");
    }
    program
}

pub fn ended(bench: &Bench, program: Child) -> Ran {
    let ran = Ran::from(program.wait_with_output().unwrap());
    none_open(bench);
    ran
}

#[test]
fn too_long_is_given_up() {
    let bench = bench();
    let began = Instant::now();
    let words = [
        "run",
        "web-1",
        "--timeout",
        "1",
        "--",
        "sh",
        "-c",
        "echo out; sleep 60",
    ];
    let ran = text(&bench, &words);
    assert_eq!((ran.code, ran.stdout.as_str()), (255, "out\n"), "{ran:?}");
    assert!(began.elapsed() < Duration::from_secs(30));
    assert!(
        said(&ran).starts_with("error[lost]: acme: i-0f3a91c27be45d806: alice-")
            && said(&ran)
                .contains(": the command did not finish within 1 s; its session was terminated\n"),
        "{ran:?}"
    );
    assert_eq!(called(&bench, "TerminateSession"), 1);

    let json = [&words[..4], &["--output", "json"], &words[4..]].concat();
    let result = text(&bench, &json).json()["results"][0].take();
    assert_eq!(result["status"], "timed-out");
    assert_eq!(result["stdout"], "out\n");
    assert_eq!(result["error"]["name"], "lost");
    assert_eq!(result["error"]["session_state"], "ended");
}

#[test]
fn signals_end_us_and_the_session() {
    let signals = [
        (Signal::TERM, 143),
        (Signal::HUP, 129),
        (Signal::INT, 130),
        (Signal::QUIT, 131),
    ];
    for (signal, code) in signals {
        let bench = bench();
        let program = going_on(&bench, &[], "sleep 60");
        let began = Instant::now();
        kill_process(Pid::from_child(&program), signal).unwrap();
        let ran = ended(&bench, program);
        assert_eq!(ran.code, code, "{ran:?}");
        assert!(began.elapsed() < Duration::from_secs(10), "{signal:?}");
        assert_eq!(called(&bench, "TerminateSession"), 1);
    }
    let bench = bench();
    let program = going_on(&bench, &["--output", "json"], "sleep 60");
    kill_process(Pid::from_child(&program), Signal::TERM).unwrap();
    let ran = ended(&bench, program);
    assert_eq!(ran.code, 143, "{ran:?}");
    let status = ran.json()["results"][0]["status"].take();
    // It may have come before the command did.
    assert!(status == "lost" || status == "not-started", "{ran:?}");
}

#[test]
fn a_session_that_the_customer_ends_is_lost() {
    let bench = bench();
    let program = going_on(&bench, &[], "sleep 60");
    let session = bench.sandbox.open_sessions().remove(0);
    bench
        .sandbox
        .channels()
        .terminate(&session, "Your session was terminated by carol\u{1b}[2J");
    let ran = ended(&bench, program);
    assert_eq!(ran.code, 255, "{ran:?}");
    assert!(said(&ran).starts_with("error[lost]: acme: "), "{ran:?}");
    assert!(
        said(&ran).contains(r"terminated by carol\u{1b}[2J"),
        "{ran:?}"
    );
    assert_eq!(called(&bench, "TerminateSession"), 0);
}

#[test]
fn a_reader_who_leaves_ends_the_command() {
    let bench = bench();
    let mut program = going_on(&bench, &[], "yes");
    drop(program.stdout.take());
    let ran = ended(&bench, program);
    assert_eq!((ran.code, said(&ran).as_str()), (141, ""), "{ran:?}");
}

#[test]
fn a_reader_who_stands_still_keeps_no_signal_away() {
    let bench = bench();
    let program = going_on(&bench, &[], "yes");
    // The pipe and the buffers are full once the output stops growing.
    let waiting = || rustix::io::ioctl_fionread(program.stdout.as_ref().unwrap()).unwrap();
    let full = until(LIMIT, || {
        let before = waiting();
        std::thread::sleep(Duration::from_millis(300));
        before > 0 && waiting() == before
    });
    assert!(full, "{}", waiting());
    let began = Instant::now();
    kill_process(Pid::from_child(&program), Signal::TERM).unwrap();
    let mut program = program;
    assert_eq!(program.wait().unwrap().code(), Some(143));
    assert!(began.elapsed() < Duration::from_secs(10));
    none_open(&bench);
}

#[test]
fn a_silent_target_is_given_up() {
    let bench = bench();
    bench.sandbox.channels().faults().silence(true);
    let output = bytes(&bench, &["run", "web-1", "--output", "json", "--", "true"]);
    let ran = Ran::from(output);
    assert_eq!(ran.code, 255, "{ran:?}");
    let result = ran.json()["results"][0].take();
    assert_eq!(result["status"], "not-started");
    assert_eq!(result["error"]["name"], "not-opened");
}

/// On a terminal, a command that has said something and waits for more.
fn waiting(bench: &Bench, line: &str) -> Terminal {
    let file = bench.home().join("ready");
    std::fs::write(&file, "ready\n").unwrap();
    let terminal = Terminal::run(bench, &format!("{line} tail -f {}", file.display()));
    terminal.shows("ready");
    terminal
}

#[test]
fn ctrl_c_is_the_commands_first() {
    let bench = bench();
    let mut terminal = waiting(&bench, "run web-1 --");
    terminal.types("\u{3}");
    terminal.shows("sent Ctrl-C to the command");
    let ended = terminal.ends();
    assert_eq!(ended.code, 130, "{}", ended.screen);
    assert!(
        ended.screen.contains("the command ended after Ctrl-C"),
        "{}",
        ended.screen
    );
    none_open(&bench);
    assert_eq!(called(&bench, "TerminateSession"), 0);
}

#[test]
fn ctrl_c_twice_ends_a_command_that_does_not_listen() {
    let bench = bench();
    let mut terminal = waiting(&bench, "run web-1 -- env --ignore-signal=INT");
    terminal.types("\u{3}");
    terminal.shows("sent Ctrl-C to the command");
    terminal.types("\u{3}");
    let ended = terminal.ends();
    assert_eq!(ended.code, 130, "{}", ended.screen);
    none_open(&bench);
}

#[test]
fn ctrl_c_reaches_a_command_that_a_shell_runs() {
    let bench = Bench::new();
    let mut terminal = waiting(&bench, "run web-1 --via shell --");
    terminal.types("\u{3}");
    let ended = terminal.ends();
    assert_eq!(ended.code, 130, "{}", ended.screen);
    none_open(&bench);
    assert_eq!(called(&bench, "TerminateSession"), 0);
}

#[test]
fn an_agent_that_goes_on_after_the_exit_status_is_waited_for_ten_seconds() {
    let bench = bench();
    bench.sandbox.channels().faults().outlive_commands(true);
    let began = Instant::now();
    let script = "echo out; exit 3";
    let ran = text(&bench, &["run", "web-1", "--", "sh", "-c", script]);
    assert_eq!((ran.code, ran.stdout.as_str()), (3, "out\n"), "{ran:?}");
    assert!(said(&ran).starts_with("more\nmore\n"), "{ran:?}");
    let took = began.elapsed();
    assert!(
        (Duration::from_secs(10)..Duration::from_secs(25)).contains(&took),
        "{took:?}"
    );
    assert_eq!(called(&bench, "TerminateSession"), 1);
}

#[test]
fn json_keeps_no_endless_output() {
    const MOST: usize = 16 << 20;
    let bench = bench();
    let words = ["run", "web-1", "--output", "json", "--", "yes"];
    let ran = text(&bench, &words);
    assert_eq!(ran.code, 255, "{}", ran.stderr);
    let result = ran.json()["results"][0].take();
    assert_eq!(result["status"], "lost");
    assert_eq!(result["exit_code"], serde_json::Value::Null);
    assert_eq!(result["error"]["name"], "lost");
    let (message, hint) = (&result["error"]["message"], &result["error"]["hint"]);
    assert!(message.as_str().unwrap().contains("16 MiB"), "{message}");
    assert!(hint.as_str().unwrap().contains("--output-dir"), "{hint}");
    let kept = result["stdout"].as_str().unwrap().len();
    assert!((MOST - (1 << 20)..=MOST).contains(&kept), "{kept}");
    assert_eq!(called(&bench, "TerminateSession"), 1);
    none_open(&bench);
}
