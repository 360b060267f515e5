//! Many targets at once while AWS throttles StartSession.

use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use vendor_ssm_sandbox::Options;
use vendor_ssm_sandbox::faults::{Fault, Kind};
use vendor_ssm_sandbox::options::StartLimit;

use super::{granting, said, text};
use crate::harness::terminal::{LIMIT, called, none_open, until};
use crate::harness::{Bench, Ran};

/// A fleet of so many instances, whose account may start so many sessions.
pub(super) fn fleet(instances: usize, start_limit: Option<StartLimit>) -> Bench {
    let bench = Bench::with(Options {
        instances: Some(instances),
        start_limit,
        ..Options::default()
    });
    granting(bench, &["AWS-StartNonInteractiveCommand"])
}

/// The names of a fleet's instances.
pub(super) fn names(instances: usize) -> Vec<String> {
    (1..=instances)
        .map(|number| format!("fleet-{number:04}"))
        .collect()
}

fn words<'a>(names: &'a [String], rest: &[&'a str]) -> Vec<&'a str> {
    let mut words = vec!["run"];
    words.extend(names.iter().map(String::as_str));
    words.extend(rest);
    words
}

const NOTHING: StartLimit = StartLimit {
    each_second: 0.0,
    burst: 1.0,
};

#[test]
fn every_target_gets_its_turn_and_few_calls_are_in_vain() {
    let limit = StartLimit {
        each_second: 4.0,
        burst: 3.0,
    };
    let bench = fleet(24, Some(limit));
    let names = names(24);
    let ran = text(&bench, &words(&names, &["--", "echo", "hi"]));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.stdout.lines().count(), 24, "{ran:?}");
    let calls = called(&bench, "StartSession");
    // The first burst of ten, and a third of the others.
    assert!((24 + 7..=24 + 7 + 12).contains(&calls), "{calls} calls");
}

/// Starts a run that AWS throttles for good, and waits until it has noticed.
fn waiting(bench: &Bench, rest: &[&str]) -> std::process::Child {
    let names = names(3);
    let child = bench
        .command(words(&names, rest))
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let throttled = || {
        bench
            .sandbox
            .trail()
            .iter()
            .any(|event| event.code.as_deref() == Some("ThrottlingException"))
    };
    assert!(until(LIMIT, throttled), "{:?}", bench.sandbox.actions());
    child
}

#[test]
fn a_signal_ends_the_pause() {
    let bench = fleet(
        3,
        Some(StartLimit {
            burst: 0.0,
            ..NOTHING
        }),
    );
    let child = waiting(&bench, &["--output", "jsonl", "--", "echo", "hi"]);
    // The pause has grown to seconds.
    assert!(until(LIMIT, || called(&bench, "StartSession") > 5));
    let began = Instant::now();
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap());
    let took = began.elapsed();
    assert_eq!(ran.code, 143, "{ran:?}");
    assert!(took < Duration::from_secs(3), "{took:?}");
    assert_eq!(
        ran.stdout.matches(r#""status":"not-started""#).count(),
        3,
        "{ran:?}"
    );
    none_open(&bench);
}

#[test]
fn a_failure_ends_the_pause_of_those_that_were_not_started_if_that_is_asked_for() {
    let bench = fleet(3, Some(NOTHING));
    let rest = [
        "--fail-fast",
        "--output",
        "json",
        "--",
        "sh",
        "-c",
        "sleep 2; exit 3",
    ];
    let child = waiting(&bench, &rest);
    let began = Instant::now();
    let ran = Ran::from(child.wait_with_output().unwrap());
    let took = began.elapsed();
    assert_eq!(ran.code, 255, "{ran:?}");
    assert!(took < Duration::from_secs(20), "{took:?}");
    let results = ran.json()["results"].take();
    let mut told: Vec<_> = results
        .as_array()
        .unwrap()
        .iter()
        .map(|result| {
            (
                result["status"].as_str().unwrap(),
                result["exit_code"].as_i64(),
            )
        })
        .collect();
    told.sort_unstable();
    assert_eq!(
        told,
        [
            ("exited", Some(3)),
            ("not-started", None),
            ("not-started", None)
        ]
    );
    none_open(&bench);
}

#[test]
fn after_two_minutes_a_target_is_given_up() {
    let bench = fleet(3, None);
    bench
        .sandbox
        .faults()
        .add(Fault::new("StartSession", Kind::Throttle));
    let names = names(3);
    let began = Instant::now();
    let ran = text(
        &bench,
        &words(&names, &["--output", "json", "--", "echo", "hi"]),
    );
    let took = began.elapsed();
    assert_eq!(ran.code, 255, "{ran:?}");
    assert!((115..150).contains(&took.as_secs()), "{took:?}");
    let results = ran.json()["results"].take();
    for result in results.as_array().unwrap() {
        assert_eq!(result["status"], "not-started", "{ran:?}");
        assert_eq!(result["error"]["name"], "throttled");
        assert_eq!(result["error"]["retryable"], true);
        assert_eq!(result["error"]["aws_code"], "ThrottlingException");
    }
    assert!(
        said(&ran).contains("AWS throttled StartSession for longer than 120 s"),
        "{ran:?}"
    );
    assert_eq!(
        ran.stderr
            .matches("AWS throttles StartSession in us-east-1")
            .count(),
        1
    );
    // Three targets that each tried again with pauses of their own would need more.
    let calls = called(&bench, "StartSession");
    assert!((8..30).contains(&calls), "{calls} calls");
}
