//! Signals by kill, at each place where the program waits:
//! the right exit code, soon, and nothing left.

use std::path::Path;
use std::time::Duration;

use rustix::process::Signal;
use vendor_ssm_sandbox::faults::{Fault, Kind};
use vendor_ssm_sandbox::plugin::{Script, Step};

use super::plugin::installed;
use crate::harness::Bench;
use crate::harness::terminal::{Ended, LIMIT, Terminal, WEB_1, called, none_open, until};

const SOON: Duration = Duration::from_secs(5);
const SIGNALS: [(Signal, i32); 4] = [
    (Signal::TERM, 143),
    (Signal::HUP, 129),
    (Signal::INT, 130),
    (Signal::QUIT, 131),
];

fn hurt(bench: &Bench, terminal: Terminal, (signal, code): (Signal, i32)) -> Ended {
    terminal.signal(signal);
    let ended = terminal.ends_within(SOON);
    assert_eq!(ended.code, code, "{signal:?}\n{}", ended.screen);
    none_open(bench);
    bench.sandbox.faults().clear();
    let left = bench.run("sessions list --output json").json();
    assert_eq!(left["sessions"], serde_json::json!([]), "{signal:?}");
    ended
}

#[test]
fn while_a_role_is_assumed() {
    for signal in SIGNALS {
        let bench = Bench::new();
        bench
            .sandbox
            .faults()
            .add(Fault::new("AssumeRole", Kind::Hang));
        let terminal = Terminal::run(&bench, &format!("connect {WEB_1}"));
        terminal.shows("assuming the vendor role");
        hurt(&bench, terminal, signal);
    }
}

#[test]
fn at_the_picker() {
    for signal in SIGNALS {
        let bench = Bench::new();
        let terminal = Terminal::run(&bench, "connect");
        terminal.shows("web-2");
        hurt(&bench, terminal, signal);
        assert_eq!(called(&bench, "StartSession"), 0);
    }
}

#[test]
fn while_a_session_is_started() {
    for client in ["builtin", "plugin"] {
        std::thread::scope(|scope| {
            for signal in SIGNALS {
                scope.spawn(move || {
                    let it = installed(&Script::default());
                    let slow = Kind::Slow(Duration::from_millis(1500));
                    let bench = &it.bench;
                    bench.sandbox.faults().add(Fault::new("StartSession", slow));
                    let line = format!("connect {WEB_1} --client {client}");
                    let terminal = Terminal::run(bench, &line);
                    terminal.shows("starting the session");
                    hurt(bench, terminal, signal);
                    assert_eq!(called(bench, "TerminateSession"), 1);
                    assert!(!it.plugin.ran());
                });
            }
        });
    }
}

#[test]
fn while_the_channel_is_opened() {
    std::thread::scope(|scope| {
        for signal in SIGNALS {
            scope.spawn(move || {
                let bench = Bench::new();
                bench
                    .sandbox
                    .faults()
                    .add(Fault::new("OpenDataChannel", Kind::Hang));
                let terminal = Terminal::run(&bench, &format!("connect {WEB_1} --client builtin"));
                assert!(until(LIMIT, || called(&bench, "StartSession") == 1));
                terminal.shows("opening the data channel");
                hurt(&bench, terminal, signal);
                assert_eq!(called(&bench, "TerminateSession"), 1);
            });
        }
    });
}

/// While the plugin has the terminal, the keyboard's signals are its affair.
/// The others stop vendor-ssm and the plugin.
#[test]
fn in_the_plugins_shell() {
    for ((signal, code), ends) in SIGNALS.into_iter().zip([true, true, false, false]) {
        let it = installed(&Script {
            steps: vec![
                Step::RawTerminal,
                Step::Print("here\r\n".to_owned()),
                Step::ReadLine,
            ],
            ..Script::default()
        });
        let mut terminal = Terminal::run(&it.bench, &format!("connect {WEB_1} --client plugin"));
        terminal.shows("here");
        let ended = if ends {
            hurt(&it.bench, terminal, (signal, code))
        } else {
            terminal.signal(signal);
            terminal.types("on\r");
            terminal.shows("read: on");
            hurt_not(terminal, signal)
        };
        assert!(ended.has_its_title());
        assert_eq!(called(&it.bench, "TerminateSession"), 1, "{signal:?}");
        none_open(&it.bench);
        let plugin = it.plugin.dump().unwrap().pid;
        let gone = || !Path::new(&format!("/proc/{plugin}")).exists();
        assert!(until(LIMIT, gone), "{signal:?}: the plugin lives on");
    }
}

fn hurt_not(terminal: Terminal, signal: Signal) -> Ended {
    let ended = terminal.ends();
    assert_eq!(ended.code, 0, "{signal:?}\n{}", ended.screen);
    ended
}

#[test]
fn in_the_builtin_shell() {
    for signal in SIGNALS {
        let bench = Bench::new();
        let terminal = Terminal::shell(&bench);
        assert!(hurt(&bench, terminal, signal).has_its_title());
        assert_eq!(called(&bench, "TerminateSession"), 1);
    }
}

#[test]
fn in_the_middle_of_output() {
    let bench = Bench::new();
    let mut terminal = Terminal::shell(&bench);
    terminal.types("yes\r");
    terminal.shows("y\ny\ny\n");
    hurt(&bench, terminal, SIGNALS[0]);
}
