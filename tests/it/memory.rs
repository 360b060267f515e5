//! Output without an end, through the builtin data channel.
#![cfg(target_os = "linux")]

use std::io::{Read, Write as _};
use std::process::Stdio;

use rustix::process::{Pid, Signal, kill_process};

use crate::harness::Bench;
use crate::harness::terminal::{WEB_1, none_open};

/// Output after which everything is as large as it gets.
const BEFORE: u64 = 4 << 20;
/// Output that has to fit the same memory.
const AFTER: u64 = 16 << 20;
/// What the allocator may do with it; kept output would be all of [`AFTER`].
const SLACK: u64 = 6 << 20;

/// The memory of a process, in bytes.
fn resident(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1));
    kib.unwrap().parse::<u64>().unwrap() << 10
}

#[test]
fn endless_output_takes_no_memory() {
    let bench = Bench::new();
    let mut command = bench.command(["connect", WEB_1, "--client", "builtin"]);
    let mut program = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = program.stdin.take().unwrap();
    input.write_all(b"yes endless\n").unwrap();
    let mut output = program.stdout.take().unwrap();
    let mut reads = |length: u64| {
        let mut part = Read::by_ref(&mut output).take(length);
        assert_eq!(
            std::io::copy(&mut part, &mut std::io::sink()).unwrap(),
            length
        );
        resident(program.id())
    };
    let before = reads(BEFORE);
    let after = reads(AFTER);
    assert!(after < before + SLACK, "from {before} to {after} bytes");

    let pid = Pid::from_raw(program.id().try_into().unwrap()).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
    drop(output);
    assert!(program.wait().unwrap().code().is_some());
    none_open(&bench);
}
