//! `connect` with a script on its standard input.

use std::io::Read as _;
use std::process::Stdio;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};

use crate::harness::terminal::{LIMIT, WEB_1, none_open, until};
use crate::harness::{Bench, Ran};

const NOT_KNOWN: &str = "the session has ended; the remote exit status is not known\n";

fn piped(bench: &Bench, script: &str) -> Ran {
    let ran = bench.run_with_input(&format!("connect {WEB_1}"), script);
    none_open(bench);
    ran
}

#[test]
fn a_script_is_run_and_its_end_is_the_end() {
    let bench = Bench::new();
    for script in ["echo o''ne\necho t''wo\n", "echo o''ne\necho t''wo"] {
        let ran = piped(&bench, script);
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(
            ran.stdout.contains("one\r\n") && ran.stdout.contains("two\r\n"),
            "{ran:?}"
        );
        assert!(ran.stderr.ends_with(NOT_KNOWN), "{ran:?}");
    }
}

#[test]
fn end_of_file_that_a_program_took_is_sent_again() {
    let bench = Bench::new();
    let ran = piped(&bench, "cat; echo af''ter\nfor the cat");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("after\r\n"), "{ran:?}");
}

/// A customer whose shell profile starts another shell: what a script shows, with no stray end of
/// file, and how long it took.
fn below_a_profile(profile: &str, script: &str) -> (String, Duration) {
    let bench = Bench::new();
    bench.sandbox.world(|world| {
        let documents = world.documents.iter_mut();
        let mut shells = documents.filter(|document| document.name == "SSM-SessionManagerRunShell");
        shells.next().unwrap().shell_profile = Some(profile.to_owned());
    });
    let began = Instant::now();
    let ran = piped(&bench, script);
    assert_eq!(ran.code, 0, "{profile}: {ran:?}");
    assert!(!ran.stdout.contains("not found"), "{profile}: {ran:?}");
    (ran.stdout, began.elapsed())
}

#[test]
fn a_profile_that_starts_another_shell_leaves_no_stray_end_of_file() {
    for profile in [
        "bash --norc",
        "bash --norc\necho prof''ile",
        "exec bash --norc",
        "sh",
    ] {
        let quick = [
            "echo o''ne\nexit\n",
            "echo o''ne\nsleep 1\nexit\n",
            "echo o''ne\nexit",
        ];
        for script in quick {
            let (shown, took) = below_a_profile(profile, script);
            assert!(shown.contains("one\r\n"), "{profile}: {shown}");
            assert!(
                took < Duration::from_secs(4),
                "{profile}: {script:?} took {took:?}"
            );
        }
        // Here each shell has to be told by itself.
        let (shown, _) = below_a_profile(profile, "echo o''ne\necho t''wo");
        assert!(shown.contains("two\r\n"), "{profile}: {shown}");
        let (shown, _) = below_a_profile(profile, "cat; echo af''ter\nfor the cat");
        assert!(shown.contains("after\r\n"), "{profile}: {shown}");
    }
}

#[test]
fn no_input_at_all_ends_the_shell() {
    let bench = Bench::new();
    let ran = bench.run(&format!("connect {WEB_1}"));
    assert_eq!(ran.code, 0, "{ran:?}");
    none_open(&bench);
}

#[test]
fn a_windows_shell_is_told_to_exit() {
    let bench = Bench::new();
    for target in ["win-1", "i-05e8b6241da9c073f"] {
        let ran = bench.run_with_input(&format!("connect {target}"), "echo hello\r");
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(ran.stdout.contains("hello\r\n"), "{ran:?}");
        assert!(!ran.stdout.contains('\u{4}'), "{ran:?}");
        none_open(&bench);
    }
}

#[test]
fn much_output_is_complete() {
    let bench = Bench::new();
    let ran = piped(
        &bench,
        "stty -opost -echo; yes 0123456 | head -c 5000000; printf '[fi''n]'\n",
    );
    assert_eq!(ran.code, 0);
    let (lines, _) = ran.stdout.rsplit_once("[fin]").unwrap();
    assert!(
        lines.ends_with(&"0123456\n".repeat(5_000_000 / 8)),
        "{} bytes",
        lines.len()
    );
}

#[test]
fn a_reader_who_stands_still_keeps_no_signal_away() {
    let bench = Bench::new();
    let mut program = bench
        .command(["connect", WEB_1])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut script = program.stdin.take().unwrap();
    std::io::Write::write_all(&mut script, b"yes\n").unwrap();
    let mut stdout = program.stdout.take().unwrap();
    stdout.read_exact(&mut [0; 4096]).unwrap();
    // The pipe is full, to half a page, and so is what waits for it.
    let waiting = || rustix::io::ioctl_fionread(&stdout).unwrap();
    let full = until(LIMIT, || {
        let before = waiting();
        std::thread::sleep(Duration::from_millis(500));
        waiting() == before
    });
    assert!(full, "{}", waiting());
    let began = Instant::now();
    kill_process(Pid::from_child(&program), Signal::TERM).unwrap();
    assert_eq!(program.wait().unwrap().code(), Some(143));
    assert!(began.elapsed() < Duration::from_secs(5));
    none_open(&bench);
    drop(script);
}

#[test]
fn a_reader_who_leaves_ends_the_session() {
    let bench = Bench::new();
    let mut program = bench
        .command(["connect", WEB_1])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut script = program.stdin.take().unwrap();
    std::io::Write::write_all(&mut script, b"yes\n").unwrap();
    let mut stdout = program.stdout.take().unwrap();
    stdout.read_exact(&mut [0; 4096]).unwrap();
    drop(stdout);
    assert_eq!(program.wait().unwrap().code(), Some(141));
    none_open(&bench);
}
