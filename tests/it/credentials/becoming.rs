//! `credentials exec` becomes the command, as `env` does, and leaves nothing of its own in it.

use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, Stdio};

use crate::harness::{Bench, Ran, is_windows, program, run};

/// vendor-ssm and `env` with the same words, started by the same shell script.
/// The script ends by becoming its words.
fn both(bench: &Bench, script: &str, words: &[&str]) -> [Ran; 2] {
    let own = [program(), "credentials", "exec", "-q", "--"];
    [&own[..], &["/usr/bin/env", "--"]].map(|prefix| {
        let mut command = Command::new("/bin/sh");
        command
            .args(["-c", script, "sh"])
            .args(prefix)
            .args(words)
            .env_clear()
            .envs(bench.environment())
            .current_dir(bench.home())
            .stdin(Stdio::null());
        run(&mut command)
    })
}

#[test]
fn a_command_that_cannot_be_run_ends_as_with_env() {
    let bench = Bench::new();
    let file = |name: &str, text: &str, mode: u32| {
        let path = bench.home().join(name);
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    };
    file("not-executable", "#!/bin/sh\n", 0o600);
    file("no-interpreter", "#!/not/there\n", 0o700);
    file("no-program", "\u{1}\u{2}", 0o700);
    for (word, code) in [
        ("missing-command", 127),
        ("./missing", 127),
        ("/missing/command", 127),
        ("", 127),
        ("./no-interpreter", 127),
        ("./not-executable", 126),
        ("/", 126),
        ("./not-executable/x", 126),
    ] {
        let [own, env] = both(&bench, r#"exec "$@""#, &[word]);
        assert_eq!(
            (own.code, env.code),
            (code, code),
            "{word}: {own:?} {env:?}"
        );
        assert!(own.stderr.contains("cannot be run"), "{own:?}");
    }
    let ran = bench.run("credentials exec --error-format json -- missing-command");
    assert_eq!(ran.error()["name"], "command-not-found");
    assert_eq!(ran.error()["exit_code"], 127);
}

#[test]
fn a_commands_words_input_and_status_are_passed_on() {
    let bench = Bench::new();
    let words = ["credentials", "exec", "-q", "--", "echo"];
    let mut command = bench.command(words);
    let ran = run(command.args(["a b", "", "*", "--", "-v", "--help", "\"c\" \\"]));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.stdout, "a b  * -- -v --help \"c\" \\\n");
    let ran = bench.run_with_input("credentials exec -q -- cat", "input");
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "input"), "{ran:?}");
    let shell = if is_windows() {
        ["cmd", "/c"]
    } else {
        ["sh", "-c"]
    };
    for code in [0, 1, 3, 255] {
        let mut command = bench.command(["credentials", "exec", "-q", "--"]);
        let ran = run(command.args(shell).arg(format!("exit {code}")));
        assert_eq!((ran.code, ran.stderr.as_str()), (code, ""), "{ran:?}");
    }
}

#[test]
fn a_command_that_is_not_there_or_is_no_program_has_its_code() {
    let bench = Bench::new();
    std::fs::write(bench.home().join("plain.txt"), "").unwrap();
    for (word, code) in [
        ("missing-command", 127),
        ("./missing", 127),
        ("/missing/command", 127),
        ("", 127),
        ("./plain.txt", 126),
    ] {
        let mut command = bench.command(["credentials", "exec", "-q", "--", word]);
        let ran = run(&mut command);
        assert_eq!(ran.code, code, "{word}: {ran:?}");
        assert!(ran.stderr.contains("cannot be run"), "{ran:?}");
        assert!(!ran.stderr.contains("entity"), "{ran:?}");
    }
}

#[test]
fn the_status_and_the_process_are_the_commands() {
    let bench = Bench::new();
    for code in [0, 1, 3, 255] {
        let exit = format!("exit {code}");
        let [own, env] = both(&bench, r#"exec "$@""#, &["sh", "-c", &exit]);
        assert_eq!((own.code, env.code), (code, code));
    }
    let mut command = bench.command(["credentials", "exec", "-q", "--", "sh", "-c", "echo $$"]);
    let child = command.stdout(Stdio::piped()).spawn().unwrap();
    let id = child.id().to_string();
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap().trim(), id);
    // Stopped by a signal, the command has no status of its own.
    let [own, env] = both(&bench, r#"exec "$@""#, &["sh", "-c", "kill -TERM $$"]);
    assert_eq!((own.code, env.code), (-1, -1));
    // Words arrive as they are.
    let words = ["printf", "%s|", "a b", "", "*", "--", "-v", "--help"];
    let [own, env] = both(&bench, r#"exec "$@""#, &words);
    assert_eq!(own.stdout, env.stdout);
}

#[test]
fn limits_signals_and_descriptors_are_the_starters() {
    let bench = Bench::new();
    // What Linux shows of a process: signals that are blocked and ignored, and what is open.
    let look = "grep -E 'SigBlk|SigIgn' /proc/self/status; ulimit -Sc; ulimit -Hc; \
                cd /proc/$$/fd && echo *";
    for script in [
        r#"exec "$@""#,
        r#"ulimit -Sc 0; exec "$@""#,
        r#"trap '' PIPE; exec "$@""#,
        r#"trap '' HUP INT QUIT TSTP PIPE; exec "$@""#,
        r#"exec 7</dev/null; exec "$@""#,
    ] {
        let [own, env] = both(&bench, script, &["sh", "-c", look]);
        assert_eq!(own.code, 0, "{own:?}");
        assert_eq!(own.stdout, env.stdout, "{script}");
    }
}

#[test]
#[expect(unsafe_code, reason = "rustix does not block signals")]
fn blocked_signals_stay_blocked() {
    let bench = Bench::new();
    let mut command = bench.command([
        "credentials",
        "exec",
        "-q",
        "--",
        "grep",
        "SigBlk",
        "/proc/self/status",
    ]);
    let block = || {
        let mut set = std::mem::MaybeUninit::<libc::sigset_t>::uninit();
        // SAFETY: sigemptyset fills the set, and the calls allocate nothing.
        unsafe {
            libc::sigemptyset(set.as_mut_ptr());
            libc::sigaddset(set.as_mut_ptr(), libc::SIGUSR1);
            libc::pthread_sigmask(libc::SIG_BLOCK, set.as_ptr(), std::ptr::null_mut());
        }
        Ok(())
    };
    // SAFETY: the closure only makes these calls.
    unsafe { command.pre_exec(block) };
    let ran = run(&mut command);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.trim().ends_with("0000000000000200"), "{ran:?}");
}

#[test]
fn a_process_that_was_private_is_the_users_again() {
    let bench = Bench::new();
    // What belongs to a process that is not dumpable belongs to root (proc(5)); tests of root
    // see no difference there, and the limit of core dumps is looked at above.
    let [own, env] = both(
        &bench,
        r#"exec "$@""#,
        &[
            "sh",
            "-c",
            "stat -c %u /proc/$$/environ; cat /proc/$$/coredump_filter",
        ],
    );
    assert_eq!(own.stdout, env.stdout);
}
