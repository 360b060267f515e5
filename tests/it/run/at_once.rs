//! What is started after a failure, and what each target's result looks like as it comes.

use std::io::{BufRead as _, BufReader};
use std::process::Stdio;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vendor_ssm_sandbox::Options;

use super::several::table;
use super::throttled::{fleet, names};
use super::{bench, granting, said, text};
use crate::harness::terminal::{LIMIT, called, none_open, until};
use crate::harness::{Bench, Ran, SETTINGS};

#[test]
fn after_the_first_failure_nothing_more_is_started() {
    let bench = bench();
    let script = "test \"$(cat here 2>/dev/null)\" = x && exit 0; echo x > here; exit 3";
    let words = [
        "run",
        "web-1",
        "web-2",
        "db-1",
        "--parallel",
        "1",
        "--fail-fast",
        "--",
        "sh",
        "-c",
        script,
    ];
    let ran = text(&bench, &words);
    assert_eq!(ran.code, 255, "{ran:?}");
    assert_eq!(called(&bench, "StartSession"), 1);
    let said = said(&ran);
    let (warning, rest) = said.split_once('\n').unwrap();
    assert_eq!(
        warning,
        "warning: 2 targets: the command was not started, since --fail-fast is set and web-1 failed"
    );
    assert_eq!(
        table(rest),
        [
            "web-1 exited 3",
            "web-2 not-started -",
            "db-1 not-started -",
            "3 targets: 0 ok, 3 failed"
        ]
    );
    let words = [
        &words[..words.len() - 4],
        &["--output", "json", "--", "false"],
    ]
    .concat();
    let results = text(&bench, &words).json()["results"].take();
    assert_eq!(results[0]["status"], "exited");
    for at in [1, 2] {
        assert_eq!(results[at]["status"], "not-started");
        let message = results[at]["error"]["message"].as_str().unwrap();
        assert!(
            message.ends_with("--fail-fast is set and web-1 failed"),
            "{message}"
        );
    }
}

#[test]
fn what_runs_may_finish_after_a_failure() {
    let bench = bench();
    let script = "if mkdir first 2>/dev/null; then until test -e second; do sleep 0.05; done; exit 3; fi; \
                  : > second; sleep 1; echo finished";
    let words = [
        "run",
        "web-1",
        "web-2",
        "db-1",
        "--parallel",
        "2",
        "--fail-fast",
        "--",
        "sh",
        "-c",
        script,
    ];
    let ran = text(&bench, &words);
    assert_eq!((ran.code, ran.stdout.lines().count()), (255, 1), "{ran:?}");
    assert!(ran.stdout.ends_with(": finished\n"), "{ran:?}");
    assert_eq!(called(&bench, "StartSession"), 2);
}

#[test]
fn a_target_that_is_not_there_is_the_first_failure() {
    let bench = bench();
    let ran = text(
        &bench,
        &["run", "nobody", "web-1", "--fail-fast", "--", "true"],
    );
    assert_eq!(
        (ran.code, called(&bench, "StartSession")),
        (255, 0),
        "{ran:?}"
    );
    assert!(
        said(&ran).contains("--fail-fast is set and nobody failed"),
        "{ran:?}"
    );
}

#[test]
fn each_result_is_a_line_as_soon_as_it_is_there() {
    let bench = bench();
    let go = bench.home().join("go");
    let script = format!(
        "if mkdir first 2>/dev/null; then echo one; exit 3; fi; until test -e {}; do sleep 0.05; done; printf '\\377 and more\\n'",
        go.display()
    );
    let words = [
        "run", "nobody", "web-1", "web-2", "--output", "jsonl", "--", "sh", "-c", &script,
    ];
    let mut program = bench
        .command(words)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(program.stdout.take().unwrap()).lines();
    let mut next = || -> (String, Value) {
        let line = lines.next().unwrap().unwrap();
        let value = serde_json::from_str(&line).unwrap();
        (line, value)
    };
    let (line, missed) = next();
    assert!(
        line.starts_with(r#"{"version":1,"customer":"acme","region":null,"#),
        "{line}"
    );
    assert_eq!(
        (missed["status"].as_str(), missed["error"]["name"].as_str()),
        (Some("not-started"), Some("no-match"))
    );
    // The other one has not ended.
    let (_, first) = next();
    assert_eq!(
        (first["exit_code"].as_i64(), first["stdout"].as_str()),
        (Some(3), Some("one\n"))
    );
    std::fs::write(go, "").unwrap();
    let (_, last) = next();
    assert_eq!(last["stdout_base64"], "/yBhbmQgbW9yZQo=");
    assert!(lines.next().is_none());
    let ran = Ran::from(program.wait_with_output().unwrap());
    assert_eq!(ran.code, 255, "{ran:?}");
    none_open(&bench);

    // The keys are those of a result of `--output json`.
    let keys =
        |value: &Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
    let words = ["run", "web-1", "--output", "json", "--", "true"];
    let json = text(&bench, &words).json();
    let mut expected = keys(&json["results"][0]);
    expected.push("version".to_owned());
    expected.sort_unstable();
    let words = ["run", "web-1", "--output", "jsonl", "--", "true"];
    let mut found = keys(&text(&bench, &words).json());
    found.sort_unstable();
    assert_eq!(found, expected);
}

#[test]
fn lines_of_results_tell_why_nothing_ran() {
    let bench = bench();
    bench.settings(&SETTINGS.replace("ExternalID3rdPartyA", "ExternalID-of-nobody"));
    let ran = text(
        &bench,
        &["run", "web-1", "web-2", "--output", "jsonl", "--", "true"],
    );
    assert_eq!(ran.code, 255, "{ran:?}");
    let lines: Vec<Value> = ran
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2, "{ran:?}");
    for line in lines {
        assert_eq!(
            (&line["version"], &line["status"]),
            (&json!(1), &json!("not-started"))
        );
        assert_eq!(line["error"]["name"], "customer-role-denied");
    }
}

#[test]
fn equal_outputs_are_grouped() {
    let bench = bench();
    let script = "if mkdir first 2>/dev/null; then echo odd; echo no >&2; exit 1; fi; echo even";
    let words = [
        "run",
        "web-1",
        "web-2",
        "db-1",
        "--parallel",
        "1",
        "--group",
        "--",
        "sh",
        "-c",
        script,
    ];
    let ran = text(&bench, &words);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert_eq!(
        ran.stdout,
        "2 targets: web-2, db-1\neven\n1 target: web-1\nodd\n"
    );
    assert!(
        said(&ran).starts_with("1 target: web-1\nno\nNAME "),
        "{ran:?}"
    );
    for format in ["json", "jsonl"] {
        let ran = text(
            &bench,
            &["run", "web-1", "--group", "--output", format, "--", "true"],
        );
        assert_eq!(ran.code, 2, "{ran:?}");
    }
    let ran = text(
        &bench,
        &[
            "run",
            "web-1",
            "--group",
            "--output-dir",
            "out",
            "--",
            "true",
        ],
    );
    assert_eq!(ran.code, 2, "{ran:?}");
}

#[test]
fn of_many_targets_the_table_shows_those_that_failed() {
    let bench = fleet(60, None);
    let names = names(60);
    let mut words = vec!["run"];
    words.extend(names.iter().map(String::as_str));
    words.extend([
        "--",
        "sh",
        "-c",
        "mkdir first 2>/dev/null && exit 7; exit 0",
    ]);
    let ran = text(&bench, &words);
    assert_eq!(ran.code, 7, "{ran:?}");
    let rows = table(&said(&ran));
    assert_eq!(rows.len(), 2, "{ran:?}");
    assert!(
        rows[0].starts_with("fleet-00") && rows[0].ends_with(" exited 7"),
        "{ran:?}"
    );
    assert_eq!(rows[1], "60 targets: 59 ok, 1 failed");
    assert!(
        ran.stderr
            .ends_with("; the table shows only those that failed\n"),
        "{ran:?}"
    );
    words.insert(1, "-q");
    assert_eq!(said(&text(&bench, &words)), "");
}

/// Targets wait for each other only as `--parallel` has it.
/// `benches/fleet` measures the factor on a machine without load, which is to be 1.2 at most.
#[test]
fn two_hundred_targets_take_as_long_as_twenty_in_a_row() {
    let bench = Bench::with(Options {
        instances: Some(200),
        latency: Duration::from_millis(50),
        ..Options::default()
    });
    let bench = granting(bench, &["AWS-StartNonInteractiveCommand"]);
    let names = names(200);
    let took = |names: &[String]| {
        let mut words = vec!["run"];
        words.extend(names.iter().map(String::as_str));
        words.extend(["--parallel", "10", "-q", "--", "sleep", "0.5"]);
        let began = Instant::now();
        let ran = text(&bench, &words);
        assert_eq!(ran.code, 0, "{ran:?}");
        began.elapsed()
    };
    let one = took(&names[..1]);
    let all = took(&names);
    assert!(until(LIMIT, || bench.sandbox.open_sessions().is_empty()));
    assert!(all < one * 20 * 3, "one {one:?}, all {all:?}");
    assert_eq!(called(&bench, "StartSession"), 201);
}
