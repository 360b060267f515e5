//! A reader of the output that stands still: nothing that came is lost, and memory stays small.

use std::io::Read as _;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use super::bench;
use crate::harness::terminal::{LIMIT, called, none_open, until};
use crate::harness::{Bench, Ran, program};

/// The most memory that vendor-ssm may ever have taken, in bytes.
/// A build for tests takes more than 20 MiB of that before there is any output.
const MEMORY: u64 = 72 << 20;

/// Starts a program, and reads none of its output yet.
fn unread(mut command: Command) -> Child {
    command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The command, which then waits until the test says that all its output has arrived.
/// An agent waits no longer than two seconds for that when a command has ended.
fn staying(bench: &Bench, command: &str) -> String {
    let said = said_at(bench);
    format!(
        "{command}; until test -e {}; do sleep 0.1; done",
        said.display()
    )
}

fn said_at(bench: &Bench) -> PathBuf {
    bench.home().join("arrived")
}

/// Waits until all output of this many commands has arrived, lets them end, and their sessions too.
fn sessions_end(bench: &Bench, count: usize) {
    let channels = bench.sandbox.channels();
    let open = || bench.sandbox.open_sessions();
    assert!(until(LIMIT, || open().len() == count), "{:?}", open());
    let delivered = || -> Option<i64> { open().iter().map(|id| channels.delivered(id)).sum() };
    let all = until(Duration::from_mins(2), || {
        let before = delivered();
        std::thread::sleep(Duration::from_millis(700));
        before.is_some_and(|before| before > 1000) && delivered() == before
    });
    assert!(all, "the agent waits for the reader: {:?}", delivered());
    std::fs::write(said_at(bench), "").unwrap();
    assert!(until(LIMIT * 3, || open().is_empty()), "{:?}", open());
}

/// The most memory that a process has ever taken, in bytes.
fn peak(program: &Child) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{}/status", program.id())).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1));
    kib.unwrap().parse::<u64>().unwrap() << 10
}

/// Reads what is left of the standard output, and waits for the end.
fn rest(mut program: Child) -> (Vec<u8>, Ran) {
    let mut output = Vec::new();
    let mut stdout = program.stdout.take().unwrap();
    stdout.read_to_end(&mut output).unwrap();
    (output, Ran::from(program.wait_with_output().unwrap()))
}

fn numbers(last: u32) -> Vec<u8> {
    let numbers = (1..=last).map(|number| number.to_string() + "\n");
    numbers.collect::<String>().into_bytes()
}

#[test]
fn a_hundred_megabytes_wait_for_a_reader_who_stands_still() {
    const LAST: u32 = 12_500_000;
    let bench = bench();
    let script = staying(&bench, &format!("seq {LAST}; echo all >&2"));
    let mut program = unread(bench.command(["run", "web-1", "--", "sh", "-c", &script]));
    // The agent goes on, the command ends, and so does its session.
    sessions_end(&bench, 1);
    let early = peak(&program);
    assert!(early < MEMORY, "{early} bytes");
    // Longer than the agent waits for what it has sent to arrive.
    std::thread::sleep(Duration::from_secs(3));
    assert!(program.try_wait().unwrap().is_none());
    let mut first = vec![0; 1 << 20];
    program
        .stdout
        .as_mut()
        .unwrap()
        .read_exact(&mut first)
        .unwrap();
    let late = peak(&program);
    assert!(late < MEMORY, "{late} bytes");
    let (output, ran) = rest(program);
    let output = [first, output].concat();
    let expected = numbers(LAST);
    assert!(expected.len() > 100_000_000);
    assert!(output == expected, "{} bytes", output.len());
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stderr.ends_with("all\n"), "{ran:?}");
    assert_eq!(called(&bench, "TerminateSession"), 0);
}

#[test]
fn several_targets_share_the_memory_and_lose_nothing() {
    const LAST: u32 = 2_000_000;
    let bench = bench();
    let script = staying(&bench, &format!("seq {LAST}"));
    let targets = ["web-1", "web-2", "db-1"];
    let words = [&["run"][..], &targets, &["--", "sh", "-c", &script]].concat();
    let program = unread(bench.command(words));
    sessions_end(&bench, targets.len());
    let peak = peak(&program);
    assert!(peak < MEMORY, "{peak} bytes");
    let (output, ran) = rest(program);
    assert_eq!(ran.code, 0, "{ran:?}");
    let output = String::from_utf8(output).unwrap();
    for target in targets {
        let label = format!("{target}: ");
        let lines = output.lines().filter_map(|line| line.strip_prefix(&label));
        let lines: String = lines.flat_map(|line| [line, "\n"]).collect();
        assert!(lines.into_bytes() == numbers(LAST), "{target}");
    }
}

#[test]
fn a_signal_ends_the_wait_for_the_reader_at_once() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::INT, 130), (Signal::HUP, 129)] {
        let bench = bench();
        let script = staying(&bench, "seq 2000000");
        let mut program = unread(bench.command(["run", "web-1", "--", "sh", "-c", &script]));
        sessions_end(&bench, 1);
        assert!(program.try_wait().unwrap().is_none());
        let began = Instant::now();
        kill_process(Pid::from_child(&program), signal).unwrap();
        assert_eq!(program.wait().unwrap().code(), Some(code));
        assert!(began.elapsed() < Duration::from_secs(3), "{signal:?}");
    }
}

#[test]
fn a_reader_who_leaves_after_the_command_has_ended_gets_its_status() {
    let bench = bench();
    let script = staying(&bench, "seq 2000000") + "; exit 3";
    let mut program = unread(bench.command(["run", "web-1", "--", "sh", "-c", &script]));
    sessions_end(&bench, 1);
    assert!(program.try_wait().unwrap().is_none());
    drop(program.stdout.take());
    let ran = Ran::from(program.wait_with_output().unwrap());
    assert_eq!(ran.code, 3, "{ran:?}");
}

/// The command was stopped with this reason, and all that had come before was kept.
fn is_stopped(bench: &Bench, program: Child, why: &str, folder: &str) {
    let terminated = until(LIMIT, || called(bench, "TerminateSession") == 1);
    assert!(terminated, "the command goes on");
    none_open(bench);
    let (output, ran) = rest(program);
    assert_eq!(ran.code, 255, "{ran:?}");
    let said = ran.stderr;
    assert!(said.contains("error[local-io]: acme: i-0f3a"), "{said}");
    for part in [
        "the command was stopped because vendor-ssm cannot keep its output",
        &format!("the temporary file in {folder:?} failed: {why}"),
        "hint: set TMPDIR to a folder with more space",
    ] {
        assert!(said.contains(part), "{said}");
    }
    assert!(output.len() > 8 << 20, "{} bytes", output.len());
    let expected = numbers(5_000_000);
    assert!(output == expected[..output.len()]);
}

#[test]
fn a_temporary_file_that_cannot_be_made_stops_the_command_and_keeps_what_came() {
    let bench = bench();
    let mut command = bench.command(["run", "web-1", "--", "seq", "5000000"]);
    command.env("TMPDIR", "/nowhere/at all");
    is_stopped(
        &bench,
        unread(command),
        "No such file or directory",
        "/nowhere/at all",
    );
}

#[test]
fn a_full_disk_stops_the_command_and_keeps_what_came() {
    let bench = bench();
    let folder = bench.home().join("space");
    std::fs::create_dir(&folder).unwrap();
    // A file may hold 4 MiB there: a limit of the process plays the full disk.
    let limited = "trap '' XFSZ; ulimit -f 8192; exec \"$@\"";
    let mut command = Command::new("sh");
    command
        .args(["-c", limited, "sh", program()])
        .args(["run", "web-1", "--", "seq", "5000000"])
        .env_clear()
        .envs(bench.environment())
        .env("TMPDIR", &folder)
        .current_dir(bench.home())
        .stdin(Stdio::null());
    is_stopped(
        &bench,
        unread(command),
        "File too large",
        folder.to_str().unwrap(),
    );
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
}
