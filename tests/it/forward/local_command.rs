//! A command of this machine behind `forward`: what it is given, what its end comes to, and whose
//! the signals are.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use vendor_ssm_sandbox::faults::{Fault, Kind};

use super::{Running, bench, echo};
use crate::harness::terminal::{LIMIT, Terminal, called, none_open, until};
use crate::harness::{Bench, is_windows};

/// `forward web-1` with these `-L`, separated by spaces, and bash with this script and these words.
/// On Windows it is cmd.exe, which takes no words of a script's own.
fn forward(bench: &Bench, specs: &str, script: &str, words: &[&str]) -> Command {
    let mut line = vec!["forward", "web-1"];
    line.extend(specs.split_whitespace());
    if is_windows() {
        line.extend(["--", "cmd", "/d", "/c", script]);
    } else {
        line.extend(["--", "bash", "-c", script, "bash"]);
        line.extend(words);
    }
    bench.command(line)
}

/// A file in the bench's home that has these lines by now.
fn has(bench: &Bench, name: &str, text: &str) -> bool {
    let path = bench.home().join(name);
    until(LIMIT, || {
        std::fs::read_to_string(&path).is_ok_and(|found| found.contains(text))
    })
}

#[test]
fn it_runs_with_the_ports_and_its_status_is_the_end() {
    let bench = bench();
    let (one, two) = (echo(), echo());
    let script = r#"
        for port in "$1" "$2"; do
            exec 3<>"/dev/tcp/127.0.0.1/$port"
            echo "through $port" >&3
            read -r back <&3
            echo "$back"
        done
        echo "$3"
        echo "said" >&2
        exit 7
    "#;
    let words = ["{port}", &format!("{{port:{two}}}"), "<{port}|{port}>"];
    let specs = format!("-L 0:{one} -L 0:{two}");
    let ran = Running::of(&mut forward(&bench, &specs, script, &words)).ends();
    assert_eq!(ran.code, 7, "{ran:?}");
    let addresses: Vec<&str> = ran
        .stderr
        .lines()
        .filter_map(|line| line.split_once(" -> web-1:"))
        .filter_map(|(address, _)| address.strip_prefix("127.0.0.1:"))
        .collect();
    let [first, second] = addresses[..] else {
        panic!("{ran:?}");
    };
    assert_ne!(first, second);
    assert_eq!(
        ran.stdout,
        format!("through {first}\nthrough {second}\n<{first}|{first}>\n")
    );
    assert!(ran.stderr.ends_with("said\n"), "{ran:?}");
    assert!(!ran.stderr.contains("the first connection"), "{ran:?}");
    none_open(&bench);
    assert_eq!(called(&bench, "StartSession"), 2);
    assert_eq!(called(&bench, "TerminateSession"), 2);
}

#[test]
fn its_words_have_the_ports() {
    let bench = bench();
    let words = [
        "forward",
        "web-1",
        "-L",
        "0:80",
        "-L",
        "0:81",
        "--",
        "echo",
        "{port:81}",
        "<{port}|{port}>",
    ];
    let ran = Running::of(&mut bench.command(words)).ends();
    assert_eq!(ran.code, 0, "{ran:?}");
    let port = |to: &str| {
        let is = |line: &&str| line.ends_with(&format!(" -> web-1:{to}"));
        let line = ran.stderr.lines().find(is).unwrap();
        line.strip_prefix("127.0.0.1:")
            .unwrap()
            .split_once(' ')
            .unwrap()
            .0
    };
    let (first, second) = (port("80"), port("81"));
    assert_ne!(first, second);
    assert_eq!(ran.stdout, format!("{second} <{first}|{first}>\n"));
    none_open(&bench);
    assert_eq!(called(&bench, "TerminateSession"), 2);
}

#[test]
fn its_status_is_a_shells() {
    for (script, code) in [
        ("exit 0", 0),
        ("exit 51", 51),
        ("exit 255", 255),
        ("kill -9 $$", 137),
        ("kill -15 $$", 143),
    ] {
        if is_windows() && script.starts_with("kill") {
            continue;
        }
        let bench = bench();
        let ran = Running::of(&mut forward(&bench, "-L 0:80", script, &[])).ends();
        assert_eq!(ran.code, code, "{script}: {ran:?}");
        assert!(!ran.stderr.contains("error["), "{ran:?}");
        none_open(&bench);
    }
}

/// It gets the surroundings of vendor-ssm's starter, nothing more and nothing less.
#[test]
fn its_surroundings_are_the_engineers() {
    let bench = bench();
    let script = r"
        ulimit -c
        grep -E '^Sig(Ign|Blk)' /proc/self/status
        env | grep -v -E '^(_|SHLVL|PWD)=' | sort
        ls -l /proc/self/fd | grep -c socket
        true
    ";
    let with = |command: &mut Command| {
        command.env("MINE", "kept");
        let through = r#"ulimit -S -c 17 2>/dev/null; exec "$@""#;
        let mut limited = Command::new("bash");
        limited.args(["-c", through, "bash"]);
        limited.arg(command.get_program()).args(command.get_args());
        limited.env_clear().current_dir(bench.home());
        for (name, value) in command.get_envs() {
            if let Some(value) = value {
                limited.env(name, value);
            }
        }
        limited.stdin(Stdio::null());
        Running::of(&mut limited).ends()
    };
    let mut direct = bench.command([""; 0]);
    direct = {
        let mut plain = Command::new("bash");
        plain.args(["-c", script, "bash"]);
        for (name, value) in direct.get_envs() {
            if let Some(value) = value {
                plain.env(name, value);
            }
        }
        plain
    };
    let expected = with(&mut direct);
    let got = with(&mut forward(&bench, "-L 0:80", script, &[]));
    assert!(expected.stdout.contains("MINE=kept"), "{expected:?}");
    assert_eq!(got.stdout, expected.stdout);
}

#[test]
fn its_input_is_its_own() {
    let bench = bench();
    let ran = bench.run_with_input("forward web-1 -L 0:80 -- cat", "for the command\n");
    assert_eq!((ran.code, &*ran.stdout), (0, "for the command\n"));
}

#[test]
fn one_that_cannot_be_started_opens_nothing() {
    let bench = bench();
    let plain = bench.home().join("plain.txt");
    std::fs::write(&plain, "true").unwrap();
    std::fs::set_permissions(&plain, PermissionsExt::from_mode(0o644)).unwrap();
    // Windows looks for a program of that name with an ending, and finds none.
    let (code, name) = if is_windows() {
        (127, "command-not-found")
    } else {
        (126, "command-unusable")
    };
    for (program, code, name) in [
        ("no-such-program-here", 127, "command-not-found"),
        ("./no-such-file", 127, "command-not-found"),
        ("./plain.txt/below", code, name),
        ("./plain.txt", 126, "command-unusable"),
        ("/tmp", code, name),
    ] {
        let ran = bench.run(&format!("forward web-1 -L 0:80 -- {program} word"));
        assert_eq!(ran.code, code, "{program}: {ran:?}");
        let said = format!("error[{name}]: cannot start {program}: ");
        assert!(ran.stderr.starts_with(&said), "{ran:?}");
        assert!(ran.stderr.contains("  hint: "), "{ran:?}");
        assert!(!ran.stderr.contains("entity"), "{ran:?}");
        assert_eq!(ran.stdout, "");
    }
    assert_eq!(bench.sandbox.actions(), [""; 0]);
}

/// The system's own word comes after the sessions: they end all the same.
/// An empty variable of a script leaves nothing behind `--`.
#[test]
fn none_after_the_dashes_is_a_wrong_command_line() {
    let bench = bench();
    let ran = bench.run("forward web-1 -L 0:80 --");
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
    let said =
        "error[usage]: no command after \"--\"\n  hint: add the command, or leave out the \"--\"\n";
    assert_eq!(ran.stderr, said);
    assert!(bench.sandbox.actions().is_empty());
}

#[test]
fn one_that_the_system_refuses_leaves_nothing_open() {
    let bench = bench();
    // Windows knows a program by its ending.
    let (name, mode, code) = if is_windows() {
        ("script.exe", 0o644, 126)
    } else {
        ("script", 0o755, 127)
    };
    let script = bench.home().join(name);
    std::fs::write(&script, "#!/no/such/interpreter\n").unwrap();
    std::fs::set_permissions(&script, PermissionsExt::from_mode(mode)).unwrap();
    let ran = Running::start(&bench, &format!("forward web-1 -L 0:80 -- ./{name}")).ends();
    assert_eq!(ran.code, code, "{ran:?}");
    none_open(&bench);
    assert_eq!(called(&bench, "TerminateSession"), 1);
}

#[test]
fn a_placeholder_without_a_port_is_refused_before_anything() {
    let bench = bench();
    for (specs, word, said) in [
        (
            "-L 0:80",
            "{port:81}",
            "no -L leads to the remote port of {port:81}",
        ),
        (
            "-L 0:a:80 -L 0:b:80",
            "x{port:80}",
            "{port:80} is ambiguous: several -L lead to remote port 80",
        ),
        ("-L ./s:80", "{port}", "{port} has no local port"),
        ("-L 0:80", "{port:x}", "\"{port:x}\" is not a placeholder"),
    ] {
        if is_windows() && specs.starts_with("-L ./") {
            continue;
        }
        let ran = bench.run(&format!("forward web-1 {specs} -- echo {word}"));
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(
            ran.stderr.starts_with(&format!("error[usage]: {said}")),
            "{ran:?}"
        );
        assert_eq!(ran.stdout, "");
    }
    assert!(!bench.home().join("s").exists());
    assert_eq!(bench.sandbox.actions(), [""; 0]);
}

#[test]
fn it_is_not_started_without_its_sessions() {
    let bench = Bench::new();
    let ran = Running::of(&mut forward(&bench, "-L 0:80", "echo > started", &[])).ends();
    assert_eq!(ran.code, 34, "{ran:?}");
    assert!(!bench.home().join("started").exists());
}

#[test]
fn a_session_lost_under_it_ends_it() {
    let bench = bench();
    let port = echo();
    let script = "trap 'echo told > told; exit 0' TERM; echo up > up; while :; do sleep 0.1; done";
    // Windows tells a program nothing: it is killed.
    let script = if is_windows() {
        "echo up > up& cat"
    } else {
        script
    };
    let specs = format!("-L 0:{port} -L 0:{port}");
    let mut command = forward(&bench, &specs, script, &[]);
    let running = Running::of(command.stdin(Stdio::piped()));
    assert!(has(&bench, "up", "up"), "{}", running.stderr());
    let one = bench.sandbox.open_sessions().remove(0);
    bench.sandbox.channels().terminate(&one, "by root");
    let ran = running.ends();
    assert_eq!(ran.code, 51, "{ran:?}");
    assert!(ran.stderr.contains("error[lost]: "), "{ran:?}");
    assert!(is_windows() || has(&bench, "told", "told"));
    none_open(&bench);
}

#[test]
fn one_that_does_not_obey_is_killed() {
    let bench = bench();
    let script = "trap '' TERM; echo $$ > up; while :; do sleep 0.1; done";
    let running = Running::of(&mut forward(&bench, "-L 0:80", script, &[]));
    assert!(has(&bench, "up", "\n"), "{}", running.stderr());
    let pid = std::fs::read_to_string(bench.home().join("up")).unwrap();
    let one = bench.sandbox.open_sessions().remove(0);
    bench.sandbox.channels().terminate(&one, "by root");
    let ran = running.ends();
    assert_eq!(ran.code, 51, "{ran:?}");
    assert!(!Path::new(&format!("/proc/{}", pid.trim())).exists());
    none_open(&bench);
}

#[test]
fn an_end_that_is_not_confirmed_outranks_it() {
    let bench = bench();
    let script = if is_windows() {
        "echo up > up& cat& exit 7"
    } else {
        "echo up > up; cat; exit 7"
    };
    let mut command = forward(&bench, "-L 0:80", script, &[]);
    let mut running = Running::of(command.stdin(Stdio::piped()));
    assert!(has(&bench, "up", "up"), "{}", running.stderr());
    bench
        .sandbox
        .faults()
        .add(Fault::new("TerminateSession", Kind::InternalError));
    drop(running.child.stdin.take());
    let ran = running.ends();
    assert_eq!(ran.code, 52, "{ran:?}");
}

/// Without a keyboard, a signal to vendor-ssm alone is meant for both.
#[test]
fn a_signal_is_passed_on_and_the_commands_status_counts() {
    for (signal, name, code) in [
        (Signal::TERM, "TERM", 9),
        (Signal::HUP, "HUP", 9),
        (Signal::INT, "INT", 9),
        (Signal::QUIT, "QUIT", 9),
    ] {
        let bench = bench();
        let script = format!(
            "trap 'echo {name} > told; exit {code}' {name}; echo up > up; while :; do sleep 0.1; done"
        );
        // A process of its own session has no keyboard.
        let plain = forward(&bench, "-L 0:80", &script, &[]);
        let mut command = Command::new("setsid");
        command.arg(plain.get_program()).args(plain.get_args());
        command.env_clear().current_dir(bench.home());
        command.envs(
            plain
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        );
        let running = Running::of(&mut command);
        assert!(has(&bench, "up", "up"), "{}", running.stderr());
        running.signal(signal);
        let ran = running.ends();
        assert_eq!(ran.code, code, "{name}: {ran:?}");
        assert!(has(&bench, "told", name), "{name}");
        none_open(&bench);
        assert_eq!(called(&bench, "TerminateSession"), 1);
    }
}

#[test]
fn a_signal_before_it_is_started_is_vendor_ssms() {
    let bench = bench();
    let slow = Kind::Slow(std::time::Duration::from_millis(1500));
    bench.sandbox.faults().add(Fault::new("StartSession", slow));
    let running = Running::of(&mut forward(&bench, "-L 0:80", "echo > started", &[]));
    assert!(until(LIMIT, || called(&bench, "StartSession") == 1));
    running.signal(Signal::INT);
    let ran = running.ends();
    assert_eq!(ran.code, 130, "{ran:?}");
    assert!(!bench.home().join("started").exists());
    none_open(&bench);
}

/// Nothing goes on behind a vendor-ssm that is killed.
#[test]
#[cfg(target_os = "linux")]
fn it_ends_with_a_vendor_ssm_that_is_killed() {
    let bench = bench();
    let script = "trap 'echo told > told; exit 0' TERM; echo up > up; while :; do sleep 0.1; done";
    let running = Running::of(&mut forward(&bench, "-L 0:80", script, &[]));
    assert!(has(&bench, "up", "up"), "{}", running.stderr());
    running.signal(Signal::KILL);
    assert!(has(&bench, "told", "told"));
}

/// A file with a script in the bench's home, since a terminal's line is split at spaces.
fn script(bench: &Bench, text: &str) {
    std::fs::write(bench.home().join("script"), text).unwrap();
}

#[test]
fn the_keyboard_is_the_commands() {
    let bench = bench();
    script(
        &bench,
        "trap 'echo interrupted' INT; trap 'echo quit' QUIT; echo up\n\
         while ! read -r line; do :; done; echo \"read: $line\"; exit 5\n",
    );
    let mut terminal = Terminal::run(&bench, "forward web-1 -L 0:80 -- bash script");
    terminal.shows("up");
    terminal.types("\x03");
    terminal.shows("interrupted");
    terminal.types("\x1c");
    terminal.shows("quit");
    assert_eq!(bench.sandbox.open_sessions().len(), 1);
    terminal.types("typed\r");
    let ended = terminal.ends();
    assert_eq!(ended.code, 5, "{}", ended.screen);
    assert!(ended.screen.contains("read: typed"), "{}", ended.screen);
    none_open(&bench);
}

#[test]
fn one_that_ends_by_the_keyboard_ends_the_forward() {
    let bench = bench();
    script(&bench, "echo up; stty -echo; exec sleep 1000\n");
    let mut terminal = Terminal::run(&bench, "forward web-1 -L 0:80 -- bash script");
    terminal.shows("up");
    assert!(until(LIMIT, || {
        crate::harness::terminal::children(terminal.pid().as_raw_nonzero().get().unsigned_abs())
            .iter()
            .any(|pid| crate::harness::terminal::command_line(*pid).starts_with("sleep"))
    }));
    terminal.types("\x03");
    // Its mode is given back.
    let ended = terminal.ends();
    assert_eq!(ended.code, 130, "{}", ended.screen);
    none_open(&bench);
}

#[test]
fn job_control_stops_and_continues_both() {
    let bench = bench();
    script(
        &bench,
        "echo up; read -r line; echo \"read: $line\"; exit 5\n",
    );
    let mut terminal = Terminal::local_shell(&bench, 24, 110, &[]);
    terminal.shows("$ ");
    terminal.types("vendor-ssm forward web-1 -L 0:80 -- bash script\r");
    terminal.shows("up");
    terminal.types("\x1a");
    terminal.shows_that("a prompt", |screen| {
        screen.lines().rev().any(|line| line.trim_end() == "$")
    });
    let stopped = |name: &str| {
        let pid = Pid::as_raw(Some(terminal.process(name)));
        let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).unwrap();
        stat.rsplit_once(") ").unwrap().1.starts_with('T')
    };
    assert!(stopped("vendor-ssm forward") && stopped("bash script"));
    assert_eq!(bench.sandbox.open_sessions().len(), 1);
    terminal.types("fg\r");
    terminal.types("typed\r");
    terminal.shows("read: typed");
    terminal.types("echo status $?\r");
    terminal.shows("status 5");
    none_open(&bench);
    terminal.types("exit\r");
    terminal.ends();
}

/// One that only it heard of: `kill -CONT` does not reach the command.
#[test]
fn a_stopped_command_hears_that_its_session_is_lost() {
    let bench = bench();
    let script = "trap 'echo told > told; exit 0' TERM; echo $$ > up; while :; do sleep 0.1; done";
    let running = Running::of(&mut forward(&bench, "-L 0:80", script, &[]));
    assert!(has(&bench, "up", "\n"), "{}", running.stderr());
    let pid = std::fs::read_to_string(bench.home().join("up")).unwrap();
    let pid = Pid::from_raw(pid.trim().parse().unwrap()).unwrap();
    kill_process(pid, Signal::STOP).unwrap();
    let one = bench.sandbox.open_sessions().remove(0);
    bench.sandbox.channels().terminate(&one, "by root");
    let ran = running.ends();
    assert_eq!(ran.code, 51, "{ran:?}");
    assert!(has(&bench, "told", "told"));
}

#[test]
fn two_that_listen_in_the_same_place_are_refused() {
    let bench = bench();
    let here = bench.home().join("s").display().to_string();
    for (one, two) in [
        ("./s:80", "./s:81"),
        ("./s:80", "././s:81"),
        ("./s:80", &*format!("{here}:81")),
        ("8080:80", "127.0.0.1:8080:localhost:81"),
    ] {
        if is_windows() && one.starts_with("./") {
            continue;
        }
        let ran = bench.run(&format!("forward web-1 -L {one} -L {two}"));
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(
            ran.stderr.starts_with("error[usage]: two -L listen on "),
            "{ran:?}"
        );
    }
    assert!(!Path::new(&here).exists());
    assert_eq!(bench.sandbox.actions(), [""; 0]);
}
