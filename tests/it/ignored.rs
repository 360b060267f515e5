//! Signals that the starter ignores, as `nohup` and a script's `&` do: they stay ignored.

use std::process::{Command, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use vendor_ssm_sandbox::plugin::{Script, Step};

use crate::forward::{Running, bench, connect, echo, echoes};
use crate::harness::terminal::{LIMIT, PROMPT, Terminal, WEB_1, none_open, until};
use crate::harness::{Bench, Ran, SETTINGS, program};
use crate::pty::plugin::installed;

/// What these tests ignore and send.
const IGNORED: [Signal; 4] = [Signal::HUP, Signal::INT, Signal::QUIT, Signal::TSTP];
/// The same for a shell, which then becomes the program.
const IGNORE: &str = r#"trap '' HUP INT QUIT TSTP; exec "$@""#;

/// A command that runs in a bench's surroundings, its input empty.
fn beside(bench: &Bench, program: &str) -> Command {
    let mut command = Command::new(program);
    command
        .env_clear()
        .envs(bench.environment())
        .current_dir(bench.home())
        .stdin(Stdio::null());
    command
}

/// The program with these words, started by a shell that ignores [`IGNORED`].
fn ignoring(bench: &Bench, line: &str) -> Command {
    let mut command = beside(bench, "/bin/sh");
    command.args(["-c", IGNORE, "sh", program()]);
    command.args(line.split_whitespace());
    command
}

/// Which of the signals a process ignores, as Linux shows it.
fn ignores(pid: u32, signals: &[Signal]) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    has(
        u64::from_str_radix(line.unwrap().trim(), 16).unwrap(),
        signals,
    )
}

fn has(mask: u64, signals: &[Signal]) -> bool {
    signals
        .iter()
        .all(|signal| mask & 1 << (signal.as_raw() - 1) != 0)
}

/// Sends each of the signals, and gives a program that heeds them the time to leave.
fn send_all(running: &Running, signals: &[Signal]) {
    for signal in signals {
        running.signal(*signal);
    }
    std::thread::sleep(Duration::from_millis(300));
}

fn ends_by_term(bench: &Bench, running: Running) -> Ran {
    running.signal(Signal::TERM);
    let ran = running.ends();
    assert_eq!(ran.code, 143, "{ran:?}");
    none_open(bench);
    ran
}

#[test]
fn nohup_keeps_a_forward_when_the_terminal_is_gone() {
    let bench = bench();
    let port = echo();
    let mut command = beside(&bench, "nohup");
    command.arg(program());
    command.args(["forward", "web-1", "-L", &format!("0:{port}")]);
    let (running, addresses) = Running::carrying(&mut command, 1);
    let mut socket = connect(addresses[0]);
    echoes(&mut socket, b"before");
    send_all(&running, &[Signal::HUP]);
    echoes(&mut socket, b"after");
    // The others are heeded as ever.
    ends_by_term(&bench, running);
}

#[test]
fn a_script_that_puts_a_forward_into_the_background_keeps_it() {
    let bench = bench();
    let port = echo();
    // What a shell starts so ignores SIGINT and SIGQUIT. The shell itself hands SIGTERM on.
    let script = r#""$@" & trap "kill -TERM $!" TERM; echo "$!" > pid; wait; wait "$!""#;
    let mut command = beside(&bench, "/bin/sh");
    command.args(["-c", script, "sh", program()]);
    command.args(["forward", "web-1", "-L", &format!("0:{port}")]);
    let (running, addresses) = Running::carrying(&mut command, 1);
    let pid = std::fs::read_to_string(bench.home().join("pid")).unwrap();
    let pid: u32 = pid.trim().parse().unwrap();
    assert!(ignores(pid, &[Signal::INT, Signal::QUIT]));
    let pid = Pid::from_raw(pid.try_into().unwrap()).unwrap();
    let mut socket = connect(addresses[0]);
    for signal in [Signal::INT, Signal::QUIT] {
        kill_process(pid, signal).unwrap();
        std::thread::sleep(Duration::from_millis(300));
        echoes(&mut socket, b"still there");
    }
    ends_by_term(&bench, running);
}

#[test]
fn a_command_runs_to_its_end() {
    let bench = Bench::new();
    bench.grant(&["AWS-StartNonInteractiveCommand"]);
    for via in ["", " --via shell"] {
        let [begun, go] = ["begun", "go"].map(|name| bench.home().join(name));
        let _ = std::fs::remove_file(&begun);
        let script = format!(
            ": > {}; until test -e {go}; do sleep 0.1; done; rm {go}; exit 7",
            begun.display(),
            go = go.display()
        );
        let mut command = ignoring(&bench, &format!("run web-1{via} -- sh -c"));
        let running = Running::of(command.arg(script));
        assert!(until(LIMIT, || begun.exists()), "{}", running.stderr());
        send_all(&running, &IGNORED);
        std::fs::write(&go, "").unwrap();
        let ran = running.ends();
        assert_eq!(ran.code, 7, "{ran:?}");
        none_open(&bench);
    }
}

#[test]
fn a_shell_goes_on() {
    let bench = Bench::new();
    let line = format!("connect {WEB_1} --client builtin");
    let mut terminal = Terminal::ignoring(&bench, &line);
    terminal.shows(PROMPT.trim_end());
    for signal in IGNORED {
        terminal.signal(signal);
    }
    terminal.types("echo $((6 * 7))\r");
    terminal.shows("\n42");
    terminal.types("exit 0\r");
    assert_eq!(terminal.ends().code, 0);
    none_open(&bench);
}

#[test]
fn a_question_still_waits_for_its_answer() {
    let bench = Bench::new();
    bench.settings(&format!(
        "{SETTINGS}confirm = true\nrequire_reason = true\n"
    ));
    let mut terminal = Terminal::ignoring(&bench, &format!("connect {WEB_1} --client builtin"));
    for (question, answer) in [
        ("reason for the session on acme:", "ticket 7\r"),
        ("to continue:", "acme\r"),
        (PROMPT.trim_end(), "exit 0\r"),
    ] {
        terminal.shows(question);
        for signal in IGNORED {
            terminal.signal(signal);
        }
        std::thread::sleep(Duration::from_millis(300));
        // Ctrl-C, of which the terminal makes a signal while a question is asked.
        if question != PROMPT.trim_end() {
            terminal.types("\u{3}");
        }
        terminal.types(answer);
    }
    assert_eq!(terminal.ends().code, 0);
    none_open(&bench);
}

#[test]
fn the_picker_still_waits() {
    let bench = Bench::new();
    let mut terminal = Terminal::ignoring(&bench, "connect --client builtin");
    terminal.shows("web-2");
    for signal in IGNORED {
        terminal.signal(signal);
    }
    std::thread::sleep(Duration::from_millis(300));
    terminal.types("web-1\r");
    terminal.shows(PROMPT.trim_end());
    terminal.types("exit 0\r");
    assert_eq!(terminal.ends().code, 0);
    none_open(&bench);
}

#[test]
fn a_proxy_goes_on() {
    let bench = bench();
    let port = echo();
    let mut command = ignoring(&bench, &format!("proxy web-1 {port}"));
    command.stdin(Stdio::piped());
    let mut running = Running::of(&mut command);
    running.writes("one\n");
    assert!(until(LIMIT, || running.stdout().contains("one")));
    send_all(&running, &IGNORED);
    running.writes("two\n");
    assert!(until(LIMIT, || running.stdout().contains("two")));
    ends_by_term(&bench, running);
}

#[test]
fn the_plugin_ignores_what_its_starter_ignored_and_nothing_else() {
    for ignored in [true, false] {
        let it = installed(&Script {
            steps: vec![Step::Print("here\n".to_owned()), Step::ReadLine],
            ..Script::default()
        });
        let line = format!("connect {WEB_1} --client plugin");
        let mut terminal = if ignored {
            Terminal::ignoring(&it.bench, &line)
        } else {
            Terminal::run(&it.bench, &line)
        };
        terminal.shows("here");
        if ignored {
            for signal in IGNORED {
                terminal.signal(signal);
            }
            std::thread::sleep(Duration::from_millis(300));
        }
        terminal.types("done\r");
        let ended = terminal.ends();
        assert_eq!(ended.code, 0, "{}", ended.screen);
        none_open(&it.bench);
        let dump = it.plugin.dump().unwrap();
        let mask = dump.signals.unwrap().ignored;
        for signal in IGNORED {
            assert_eq!(has(mask, &[signal]), ignored, "{signal:?} {mask:x}");
        }
        assert!(!has(mask, &[Signal::TERM]), "{mask:x}");
    }
}

#[test]
fn sigterm_too_stays_ignored() {
    let bench = bench();
    let port = echo();
    let mut command = beside(&bench, "/bin/sh");
    let ignore = r#"trap '' TERM; exec "$@""#;
    command.args(["-c", ignore, "sh", program()]);
    command.args(["forward", "web-1", "-L", &format!("0:{port}")]);
    let (running, addresses) = Running::carrying(&mut command, 1);
    let mut socket = connect(addresses[0]);
    send_all(&running, &[Signal::TERM]);
    echoes(&mut socket, b"after");
    running.leaves(&bench);
}
