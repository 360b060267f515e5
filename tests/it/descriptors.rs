//! Too few file descriptors: exit code 13 with a message, and no session that is left open.

use std::process::{Command, Stdio};

use rustix::process::Signal;
use serde_json::Value;
use vendor_ssm_sandbox::Options;

use crate::forward::{PORT, Running, bench, echo};
use crate::harness::terminal::{LIMIT, called, none_open, until};
use crate::harness::{Bench, program};

/// From here on each command works: what vendor-ssm wants free, and what it has open already.
const ENOUGH: u32 = 40;

/// The program with these words, in a shell that runs `before` and lowers the limit.
fn limited(bench: &Bench, before: &str, limit: u32, words: &str) -> Command {
    // A descriptor above 9 has its number in bash alone.
    let mut command = Command::new("/bin/bash");
    let script = format!("{before} ulimit -n {limit}; exec \"$@\"");
    command
        .args(["-c", &script, "bash", program()])
        .args(words.split(' '))
        .env_clear()
        .envs(bench.environment())
        .current_dir(bench.home())
        .stdin(Stdio::null());
    command
}

/// The exit code, and the object that `--error-format json` left. A command that goes on is ended.
fn outcome(command: &mut Command) -> (i32, Value) {
    let running = Running::of(command);
    // It prints the ports that the system chose once it carries connections.
    let carries = |running: &Running| running.stdout().lines().count() == 2;
    let is_over = |running: &Running| {
        let said = running.stderr();
        carries(running) || said.contains("\"error\"") || said.contains("error while loading")
    };
    if command.get_args().any(|word| word == "forward") {
        let is_over = until(LIMIT, || is_over(&running));
        assert!(is_over, "{command:?}: {}", running.stderr());
        if carries(&running) {
            running.signal(Signal::INT);
        }
    }
    let ran = running.ends();
    assert!(!ran.stderr.contains("has a bug"), "{ran:?}");
    let last = ran.stderr.lines().last().unwrap_or_default();
    let error =
        serde_json::from_str::<Value>(last).map_or(Value::Null, |mut said| said["error"].take());
    // The dynamic loader needs one too, before any of the program runs.
    if ran.stderr.contains("error while loading shared libraries") {
        return (127, error);
    }
    (ran.code, error)
}

#[test]
fn each_limit_is_enough_or_said() {
    let bench = bench();
    bench.grant(&[PORT, "AWS-StartNonInteractiveCommand"]);
    let port = echo();
    for words in [
        "list".to_owned(),
        "connect web-1".to_owned(),
        "run web-1 -- true".to_owned(),
        format!("forward web-1 -L 0:{port} -L 0:{port}"),
        "doctor".to_owned(),
        "sessions list".to_owned(),
    ] {
        let words = format!("--error-format json {words}");
        for limit in 3..=ENOUGH {
            let before = called(&bench, "StartSession");
            let (code, error) = outcome(&mut limited(&bench, "", limit, &words));
            none_open(&bench);
            let was_started = called(&bench, "StartSession") > before;
            let own = if words.contains(" run ") { 255 } else { 13 };
            match code {
                127 => assert!(limit <= 4, "{words}: {limit}"),
                0 => assert!(limit > 6, "{words}: {limit}"),
                code => {
                    assert_eq!(code, own, "{words}: {limit}: {error}");
                    assert!(limit < ENOUGH, "{words}: {limit}: {error}");
                    assert!(!was_started, "{words}: {limit}");
                    assert_eq!(error["name"], "local-io", "{words}: {limit}: {error}");
                    assert_eq!(error["exit_code"], 13);
                    let text = error["message"].as_str().unwrap();
                    assert!(text.starts_with("too few file descriptors: "), "{text}");
                    let hint = error["hint"].as_str().unwrap();
                    assert!(hint.contains(&format!("the limit is {limit}: ")), "{hint}");
                    assert!(hint.contains("`ulimit -n 1024`"), "{hint}");
                }
            }
        }
    }
    let left = bench.run("sessions list --output json").json();
    assert_eq!(left["sessions"], serde_json::json!([]));
}

/// The limit is high, and a starter that leaks its files has used it up.
#[test]
fn files_of_the_starter_count() {
    let bench = bench();
    let open: Vec<String> = (3..23)
        .map(|number| format!("exec {number}</dev/null;"))
        .collect();
    let open = open.join(" ");
    let words = "--error-format json list";
    let (code, error) = outcome(&mut limited(&bench, &open, ENOUGH, words));
    assert_eq!(code, 13, "{error}");
    let (code, error) = outcome(&mut limited(&bench, &open, ENOUGH + 20, words));
    assert_eq!(code, 0, "{error}");
}

#[test]
fn many_sessions_at_once_start_no_more_than_they_can_end() {
    let bench = Bench::with(Options {
        instances: Some(40),
        ..Options::default()
    });
    bench.grant(&["AWS-StartNonInteractiveCommand"]);
    let listed = bench.run("list --online --output json").json();
    let ids: Vec<&str> = listed["instances"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|instance| instance["platform"] == "Linux/UNIX")
        .map(|instance| instance["instance_id"].as_str().unwrap())
        .take(20)
        .collect();
    assert_eq!(ids.len(), 20, "{listed}");
    let words = format!(
        "run {} --parallel 20 --output json -- sleep 1",
        ids.join(" ")
    );
    let running = Running::of(&mut limited(&bench, "", ENOUGH, &words));
    let ran = running.ends();
    assert_eq!(ran.code, 255, "{ran:?}");
    none_open(&bench);
    let results = ran.json()["results"].take();
    let results = results.as_array().unwrap();
    assert_eq!(results.len(), 20);
    let (ended, refused): (Vec<_>, Vec<_>) = results
        .iter()
        .partition(|result| result["status"] == "exited");
    assert!(!ended.is_empty() && !refused.is_empty(), "{results:?}");
    for result in &refused {
        assert_eq!(result["status"], "not-started", "{result}");
        assert_eq!(result["error"]["name"], "local-io", "{result}");
    }
    assert_eq!(called(&bench, "StartSession"), ended.len());
    let left = bench.run("sessions list --output json").json();
    assert_eq!(left["sessions"], serde_json::json!([]));
}
