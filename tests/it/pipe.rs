//! A reader that goes away ends the output quietly.

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};

use vendor_ssm_sandbox::Options;

use crate::harness::{Bench, Ran};

/// Reads one line of stdout and closes it.
fn head(mut command: Command) -> Ran {
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::with_capacity(16, child.stdout.take().unwrap())
        .read_line(&mut line)
        .unwrap();
    let mut stderr = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut stderr)
        .unwrap();
    Ran {
        code: child.wait().unwrap().code().unwrap_or(-1),
        stdout: line,
        stderr,
    }
}

#[test]
fn head_of_a_long_list_is_no_failure() {
    // More than a pipe holds.
    let bench = Bench::with(Options {
        instances: Some(1000),
        ..Options::default()
    });
    for line in ["list -q", "list -q --output json", "man", "completions zsh"] {
        let ran = head(bench.command(line.split_whitespace()));
        assert!(!ran.stdout.is_empty(), "{line}");
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{line}");
    }
}

#[test]
fn a_full_disk_is_said() {
    let full = std::fs::OpenOptions::new().write(true).open("/dev/full");
    let Ok(full) = full else { return };
    let bench = Bench::new();
    let output = bench
        .command(["settings"])
        .stdout(full)
        .output()
        .map(Ran::from)
        .unwrap();
    assert_eq!(output.code, 13, "{output:?}");
    assert!(output.stderr.starts_with("error[local-io]: "), "{output:?}");
}
