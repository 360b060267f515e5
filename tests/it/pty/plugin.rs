//! AWS's plugin, played by a stand-in that does what its script says.

use std::path::Path;
use std::process::Stdio;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;
use vendor_ssm_sandbox::plugin::{Plugin, Script, Step};
use vendor_ssm_sandbox::world::CANARY;

use crate::harness::terminal::{LIMIT, Terminal, WEB_1, called, until};
use crate::harness::{Bench, install, is_windows, settings_with};

/// A stand-in in a folder of its own, and settings that name it.
pub struct Installed {
    pub bench: Bench,
    pub plugin: Plugin,
    pub folder: TempDir,
}

/// Installs a stand-in with this script.
pub fn installed(script: &Script) -> Installed {
    let folder = TempDir::with_prefix("vendor-ssm-plugin-").unwrap();
    let plugin = install(folder.path(), script);
    let bench = Bench::new();
    configure(&bench, &plugin.path());
    Installed {
        bench,
        plugin,
        folder,
    }
}

/// Names the plugin in the settings.
pub fn configure(bench: &Bench, path: &Path) {
    bench.settings(&settings_with(path));
}

fn steps(steps: &[Step]) -> Installed {
    installed(&Script {
        steps: steps.to_vec(),
        ..Script::default()
    })
}

impl Installed {
    fn terminal(&self) -> Terminal {
        Terminal::run(&self.bench, &format!("connect {WEB_1} --client plugin"))
    }

    fn nothing_left(&self) {
        assert_eq!(self.bench.sandbox.open_sessions(), [""; 0]);
        let pid = self.plugin.dump().unwrap().pid;
        assert!(until(LIMIT, || !Path::new(&format!("/proc/{pid}")).exists()));
    }
}

fn print(text: &str) -> Step {
    Step::Print(text.to_owned())
}

#[test]
fn it_gets_the_session_and_no_secret_of_ours() {
    let it = steps(&[]);
    let more = [
        ("AWS_PROFILE", ""),
        ("AWS_WEB_IDENTITY_TOKEN_FILE", "/nowhere"),
        ("AWS_SESSION_NAME", "x"),
        ("LD_LIBRARY_PATH", "/nowhere"),
        ("SSM_PLUGIN_SKIP_CLIENT_CONFIGURE", "true"),
        ("TZ", "UTC"),
    ];
    let line = format!("connect {WEB_1} --client plugin");
    let ended = Terminal::with(&it.bench, &line, 24, 110, &more).ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    let dump = it.plugin.dump().unwrap();
    let names: Vec<&str> = dump.environment.keys().map(String::as_str).collect();
    assert_eq!(
        names,
        [
            "AWS_CONFIG_FILE",
            "AWS_CONTAINER_AUTHORIZATION_TOKEN",
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "AWS_EC2_METADATA_DISABLED",
            "AWS_REGION",
            "AWS_SHARED_CREDENTIALS_FILE",
            "AWS_SSM_START_SESSION_RESPONSE",
            "HOME",
            "LANG",
            "PATH",
            "TERM",
            "TZ",
        ]
    );
    assert_eq!(dump.environment["AWS_CONFIG_FILE"], "/dev/null");
    for (name, value) in &dump.environment {
        // Every secret of the sandbox has it. The answer of StartSession is good for one
        // connection.
        let canary = value.contains(CANARY);
        assert_eq!(canary, name == "AWS_SSM_START_SESSION_RESPONSE", "{name}");
    }

    let response: serde_json::Value = serde_json::from_str(&dump.response.unwrap()).unwrap();
    let token = response["TokenValue"].as_str().unwrap();
    assert!(
        response["SessionId"]
            .as_str()
            .unwrap()
            .starts_with("alice-")
    );
    assert!(
        response["StreamUrl"]
            .as_str()
            .unwrap()
            .starts_with("ws://127.0.0.1:")
    );
    let arguments = dump.argv.join(" ");
    for secret in [
        token,
        &dump.environment["AWS_CONTAINER_AUTHORIZATION_TOKEN"],
    ] {
        assert!(
            !secret.is_empty() && !arguments.contains(secret),
            "{arguments}"
        );
    }
    assert_eq!(
        dump.argv[1..],
        [
            "AWS_SSM_START_SESSION_RESPONSE",
            "us-east-1",
            "StartSession",
            "",
            &format!("{{\"Target\":\"{WEB_1}\"}}"),
            &it.bench.sandbox.endpoint(),
        ]
    );
    assert_eq!(dump.terminals, [true; 3]);
    assert_eq!(dump.foreground, Some(true));
    let terminal = dump.terminal.unwrap();
    assert!(terminal.echo && terminal.lines && terminal.signals);
    assert!(!terminal.flow_control && !terminal.extended);
    it.nothing_left();
}

#[test]
fn a_quick_end_is_noticed() {
    let it = steps(&[print("Cannot perform start session: EOF\n")]);
    let ended = it.terminal().ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    assert!(
        ended
            .screen
            .contains("warning: the plugin returned at once"),
        "{}",
        ended.screen
    );
    assert_eq!(called(&it.bench, "TerminateSession"), 1);
    it.nothing_left();
}

#[test]
fn the_terminal_is_given_back_as_it_was() {
    let it = steps(&[Step::RawTerminal, print("raw\r\n"), Step::Sleep(2200)]);
    let ended = it.terminal().ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    assert!(!ended.screen.contains("warning"), "{}", ended.screen);
    it.nothing_left();
}

#[test]
fn a_plugin_that_fails_is_a_session_that_is_lost() {
    let failing = Script {
        exit: 3,
        ..Script::default()
    };
    let dying = Script {
        steps: vec![Step::RawTerminal, Step::Die(9)],
        ..Script::default()
    };
    let cases = if is_windows() {
        vec![(failing, "exit code: 3")]
    } else {
        vec![(failing, "exit status: 3"), (dying, "signal: 9")]
    };
    for (script, why) in cases {
        let it = installed(&script);
        let ended = it.terminal().ends();
        assert_eq!(ended.code, 51, "{}", ended.screen);
        assert!(ended.screen.contains("error[lost]:"), "{}", ended.screen);
        assert!(ended.screen.contains(why), "{}", ended.screen);
        assert!(is_windows() || ended.has_its_title());
        assert_eq!(called(&it.bench, "TerminateSession"), 1);
        it.nothing_left();
    }
}

#[test]
fn the_keyboard_belongs_to_it() {
    let it = steps(&[
        print("type: "),
        Step::ReadLine,
        Step::RawTerminal,
        print("go\r\n"),
        Step::ReadLine,
    ]);
    let mut terminal = it.terminal();
    terminal.shows("type:");
    terminal.types("hello\r");
    terminal.shows("read: hello");
    terminal.shows("go");
    terminal.types("raw\r");
    let ended = terminal.ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    it.nothing_left();
}

/// Ctrl-S, Ctrl-Q, Ctrl-V and Ctrl-O reach the plugin, and the terminal keeps them again
/// afterwards, however the plugin ends.
#[test]
fn no_key_is_the_local_terminals_own() {
    let ends = [
        (Script::default(), 0),
        (
            Script {
                exit: 3,
                ..Script::default()
            },
            51,
        ),
        (
            Script {
                steps: vec![Step::Die(9)],
                ..Script::default()
            },
            51,
        ),
        (
            Script {
                steps: vec![print("here\n"), Step::Hang],
                ..Script::default()
            },
            143,
        ),
    ];
    for (mut script, code) in ends {
        script.steps = [
            vec![
                Step::Cbreak,
                print("type:\n"),
                Step::ReadKeys(5),
                Step::Sleep(100),
            ],
            script.steps,
        ]
        .concat();
        let it = installed(&script);
        let mut terminal = it.terminal();
        terminal.shows("type:");
        terminal.types("\u{13}\u{11}\u{16}\u{f}x");
        terminal.shows("keys: 13 11 16 0f 78");
        if code == 143 {
            terminal.shows("here");
            terminal.signal(Signal::TERM);
        }
        // It also compares the terminal's modes before and after.
        let ended = terminal.ends();
        assert_eq!(ended.code, code, "{}", ended.screen);
        it.nothing_left();
    }
}

#[test]
fn ctrl_c_is_the_plugins_affair() {
    // The stand-in dies of it; the real plugin passes it on. vendor-ssm ends only after the plugin.
    for (key, number) in [("\u{3}", 2), ("\u{1c}", 3)] {
        let it = steps(&[print("here\n"), Step::Hang]);
        let mut terminal = it.terminal();
        terminal.shows("here");
        terminal.types(key);
        let ended = terminal.ends();
        assert_eq!(ended.code, 51, "{}", ended.screen);
        assert!(
            ended.screen.contains(&format!("signal: {number}")),
            "{}",
            ended.screen
        );
        it.nothing_left();
    }
}

/// Ctrl-Z is for the remote side, each time; before the plugin listens, it must not stop it.
#[test]
fn ctrl_z_reaches_the_plugin_each_time_and_never_stops_it() {
    let it = steps(&[
        Step::Cbreak,
        print("early\n"),
        Step::Sleep(500),
        print("awake\n"),
        Step::CatchSuspend(10),
    ]);
    let mut terminal = it.terminal();
    terminal.shows("early");
    terminal.types("\u{1a}");
    terminal.shows("catching");
    for count in 1..=10 {
        terminal.types("\u{1a}");
        terminal.shows_that("each Ctrl-Z", |screen| {
            screen.matches("key: 1a").count() == count
        });
    }
    let ended = terminal.ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    // SIGCONT takes away a SIGTSTP that has not arrived yet (signal(7)).
    assert!(!ended.screen.contains("continued"), "{}", ended.screen);
    it.nothing_left();
}

#[test]
fn keyboard_signals_to_us_do_not_end_it() {
    let it = steps(&[
        print("here\n"),
        Step::Sleep(1500),
        print("done\n"),
        Step::Sleep(1000),
    ]);
    let terminal = it.terminal();
    terminal.shows("here");
    terminal.signal(Signal::INT);
    terminal.signal(Signal::QUIT);
    terminal.signal(Signal::TSTP);
    terminal.shows("done");
    let ended = terminal.ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    it.nothing_left();
}

#[test]
fn a_signal_ends_us_and_it() {
    for (signal, code) in [(Signal::TERM, 143), (Signal::HUP, 129)] {
        let it = steps(&[Step::RawTerminal, print("here\r\n"), Step::Hang]);
        let terminal = it.terminal();
        terminal.shows("here");
        terminal.signal(signal);
        let ended = terminal.ends_within(Duration::from_secs(5));
        assert_eq!(ended.code, code, "{}", ended.screen);
        assert!(ended.has_its_title());
        assert_eq!(called(&it.bench, "TerminateSession"), 1);
        it.nothing_left();
    }
}

#[test]
fn a_plugin_that_stands_still_is_killed() {
    let it = steps(&[print("here\n"), Step::Hang]);
    let terminal = it.terminal();
    terminal.shows("here");
    let plugin = Pid::from_raw(it.plugin.dump().unwrap().pid.try_into().unwrap()).unwrap();
    kill_process(plugin, Signal::STOP).unwrap();
    terminal.signal(Signal::TERM);
    let ended = terminal.ends_within(Duration::from_secs(5));
    assert_eq!(ended.code, 143, "{}", ended.screen);
    it.nothing_left();
}

#[test]
fn without_a_terminal_an_interrupt_ends_both() {
    let it = steps(&[print("here\n"), Step::Hang]);
    let line = format!("connect {WEB_1} --client plugin");
    let mut command = it.bench.command(line.split_whitespace());
    let mut program = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    assert!(until(LIMIT, || it.plugin.ran()));
    kill_process(Pid::from_child(&program), Signal::INT).unwrap();
    assert_eq!(program.wait().unwrap().code(), Some(130));
    it.nothing_left();
}

#[test]
fn an_end_that_is_not_confirmed_is_said() {
    let it = steps(&[print("bye\n")]);
    it.bench.sandbox.options().ended = vendor_ssm_sandbox::options::Ended::AccessDenied;
    it.bench
        .sandbox
        .faults()
        .add(vendor_ssm_sandbox::faults::Fault::new(
            "TerminateSession",
            vendor_ssm_sandbox::faults::Kind::Denied,
        ));
    let ended = it.terminal().ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    assert!(
        ended.screen.contains("is not confirmed"),
        "{}",
        ended.screen
    );
}
