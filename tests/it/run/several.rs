//! One command on several targets.

use serde_json::json;
use vendor_ssm_sandbox::faults::{Fault, Kind};

use super::{bench, said, text};
use crate::harness::SETTINGS;
use crate::harness::terminal::{WEB_1, called};

/// The table of a run without its titles and seconds, which are checked to be there.
pub(super) fn table(text: &str) -> Vec<String> {
    let mut lines = text.lines();
    let titles: Vec<&str> = lines.next().unwrap().split_whitespace().collect();
    assert!(
        titles.ends_with(&["NAME", "STATUS", "EXIT", "SECONDS"]),
        "{text}"
    );
    let without_seconds = |line: &str| {
        if let Some((counts, seconds)) = line.split_once(", in ") {
            assert!(seconds.contains(" s"), "{text}");
            return counts.to_owned();
        }
        let mut cells: Vec<&str> = line.split_whitespace().collect();
        let seconds = cells.pop().unwrap();
        assert!(seconds == "-" || seconds.parse::<f64>().is_ok(), "{text}");
        cells.join(" ")
    };
    lines.map(without_seconds).collect()
}

#[test]
fn lines_are_labelled_and_the_worst_status_counts() {
    let bench = bench();
    let script = "echo one; echo two >&2; printf half; exit 3";
    let ran = text(&bench, &["run", "web-1", "web-2", "--", "sh", "-c", script]);
    assert_eq!(ran.code, 3, "{ran:?}");
    let mut lines: Vec<&str> = ran.stdout.lines().collect();
    lines.sort_unstable();
    assert_eq!(
        lines,
        ["web-1: half", "web-1: one", "web-2: half", "web-2: one"]
    );
    let said = said(&ran);
    let (errors, told) = said.split_at(said.find("NAME ").unwrap());
    let mut errors: Vec<&str> = errors.lines().collect();
    errors.sort_unstable();
    assert_eq!(errors, ["web-1: two", "web-2: two"]);
    let rows = table(told);
    assert_eq!(
        rows,
        [
            "web-1 exited 3",
            "web-2 exited 3",
            "2 targets: 0 ok, 2 failed"
        ]
    );
    assert_eq!(called(&bench, "DescribeInstances"), 1);
    assert_eq!(called(&bench, "StartSession"), 2);
}

#[test]
fn a_target_that_fails_keeps_no_other() {
    let bench = bench();
    let words = [
        "run", "nobody", "web-1", "batch-1", "--output", "json", "--", "echo", "hi",
    ];
    let ran = text(&bench, &words);
    assert_eq!(ran.code, 255, "{ran:?}");
    let results = ran.json()["results"].take();
    let told: Vec<_> = results
        .as_array()
        .unwrap()
        .iter()
        .map(|result| {
            json!([
                result["instance_id"],
                result["status"],
                result["stdout"],
                result["error"]["name"],
                result["error"]["target"],
            ])
        })
        .collect();
    assert_eq!(
        told,
        [
            json!([null, "not-started", "", "no-match", "nobody"]),
            json!([WEB_1, "exited", "hi\n", null, null]),
            json!([
                "i-0c4179da53fe28b6e",
                "not-started",
                "",
                "not-connected",
                "i-0c4179da53fe28b6e"
            ]),
        ]
    );
    let ran = text(&bench, &["run", "nobody", "web-1", "--", "echo", "hi"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (255, "web-1: hi\n"));
    assert!(said(&ran).starts_with("error[no-match]: "), "{ran:?}");
}

#[test]
fn all_zero_is_zero_and_twins_go_by_their_ids() {
    let bench = bench();
    let twins = ["i-03d95a8e4c61f27b0", "i-0a17fc3b86d2e5940"];
    let words = [
        &["run"][..],
        &twins,
        &["web-1", "--parallel", "1", "--", "echo", "hi"],
    ]
    .concat();
    let ran = text(&bench, &words);
    assert_eq!(ran.code, 0, "{ran:?}");
    let rows = table(&said(&ran));
    let [first, second] = twins.map(|twin| format!("{twin} exited 0"));
    assert_eq!(
        rows,
        [
            &first,
            &second,
            "web-1 exited 0",
            "3 targets: 3 ok, 0 failed"
        ]
    );
    assert_eq!(
        ran.stdout,
        format!("{}: hi\n{}: hi\nweb-1: hi\n", twins[0], twins[1])
    );
}

#[test]
fn one_session_that_is_refused_is_one_result() {
    let bench = bench();
    let fault = Fault::new("StartSession", Kind::Denied);
    bench.sandbox.faults().add(fault.times(1));
    let words = [
        "run",
        "web-1",
        "web-2",
        "--parallel",
        "1",
        "--",
        "echo",
        "hi",
    ];
    let ran = text(&bench, &words);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (255, "web-2: hi\n"),
        "{ran:?}"
    );
    assert!(
        said(&ran).contains("error[start-denied]: acme: i-0f3a91c27be45d806: StartSession"),
        "{ran:?}"
    );
}

#[test]
fn where_nothing_can_be_run_every_result_says_why() {
    let bench = bench();
    bench.settings(&SETTINGS.replace("ExternalID3rdPartyA", "ExternalID-of-nobody"));
    let words = ["run", "web-1", "web-2", "--output", "json", "--", "true"];
    let ran = text(&bench, &words);
    assert_eq!(ran.code, 255, "{ran:?}");
    let results = ran.json()["results"].take();
    for (at, target) in ["web-1", "web-2"].into_iter().enumerate() {
        assert_eq!(results[at]["status"], "not-started");
        assert_eq!(results[at]["error"]["name"], "customer-role-denied");
        assert_eq!(results[at]["error"]["target"], target);
    }
    assert!(
        said(&ran).starts_with("error[customer-role-denied]: "),
        "{ran:?}"
    );
}
