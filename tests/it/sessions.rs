//! Every session is accounted for:
//! in the journal, by `sessions` and by `history`, whatever ended its client.

use std::io::Write as _;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tempfile::TempDir;
use vendor_ssm_sandbox::faults::{Fault, Kind};
use vendor_ssm_sandbox::options::Ended;
use vendor_ssm_sandbox::plugin::{Plugin, Script, Step};
use vendor_ssm_sandbox::world::{CUSTOMER, CUSTOMER_ROLE};

use crate::harness::terminal::{LIMIT, WEB_1, called, until};
use crate::harness::{
    Bench, Ran, has_mode, install, is_windows, native, run, settings_with, state_variable,
};

/// A stand-in plugin beside a bench that uses it.
struct WithPlugin {
    bench: Bench,
    plugin: Plugin,
    _folder: TempDir,
}

fn with_plugin(script: &Script) -> WithPlugin {
    let bench = Bench::new();
    let folder = TempDir::new().unwrap();
    let plugin = install(folder.path(), script);
    use_plugin(&bench, &plugin.path());
    WithPlugin {
        bench,
        plugin,
        _folder: folder,
    }
}

fn use_plugin(bench: &Bench, path: &Path) {
    bench.settings(&settings_with(path));
}

fn hanging() -> Script {
    Script {
        steps: vec![Step::Hang],
        ..Script::default()
    }
}

/// The program in the background, its input held open.
fn begin(bench: &Bench, line: &str) -> Child {
    bench
        .command(line.split_whitespace())
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

fn hurt(child: &Child, signal: Signal) {
    kill_process(Pid::from_child(child), signal).unwrap();
}

fn is_gone(pid: u32) -> bool {
    // A zombie is gone too: only its parent has not reaped it yet.
    std::fs::read_to_string(format!("/proc/{pid}/stat")).map_or(true, |stat| stat.contains(") Z "))
}

fn open(bench: &Bench) -> Vec<String> {
    bench.sandbox.open_sessions()
}

/// The sessions of `history` or `sessions list`.
fn shown(bench: &Bench, line: &str) -> Vec<Value> {
    let ran = bench.run(&format!("{line} --output json"));
    assert_eq!(ran.code, 0, "{ran:?}");
    let mut said = ran.json();
    assert_eq!(said["version"], 1);
    said["sessions"].as_array_mut().unwrap().split_off(0)
}

fn states(bench: &Bench, line: &str) -> Vec<String> {
    let state = |one: Value| one["state"].as_str().unwrap().to_owned();
    shown(bench, line).into_iter().map(state).collect()
}

fn started_id(bench: &Bench) -> String {
    let trail = bench.sandbox.trail();
    let mut started = trail.iter().filter(|event| event.action == "StartSession");
    started.next_back().unwrap().parameters["SessionId"].clone()
}

/// The records of sessions whose end is not known, as text.
fn records(bench: &Bench) -> Vec<(PathBuf, String)> {
    let folder = bench.home().join("state/vendor-ssm/sessions");
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let read = |path: PathBuf| (path.clone(), std::fs::read_to_string(path).unwrap());
    entries.map(|entry| read(entry.unwrap().path())).collect()
}

/// Waits until the journal knows a session's id.
fn knows_an_id(bench: &Bench) {
    let known = until(LIMIT, || {
        let records = records(bench);
        records
            .iter()
            .any(|one| one.1.contains("\"session_id\":\""))
    });
    assert!(known, "{:?}", records(bench));
}

/// The seeds deny DescribeSessions; some customers grant it.
fn grant_describe_sessions(bench: &Bench) {
    bench.sandbox.world(|world| {
        let role = world.role_mut(CUSTOMER, CUSTOMER_ROLE).unwrap();
        let all = json!({"Version": "2012-10-17", "Statement": [{
            "Effect": "Allow", "Action": ["ssm:*", "ssmmessages:*", "ec2:Describe*"], "Resource": "*"
        }]});
        let names: Vec<String> = role.policies.iter().map(|one| one.name.clone()).collect();
        for name in names {
            role.remove_policy(&name);
        }
        role.set_policy("all", &all.to_string()).unwrap();
    });
}

/// What is left is named by the next command and ended by `sessions terminate --orphaned`;
/// then nothing is.
fn orphan_is_named_and_ended(bench: &Bench) {
    let id = started_id(bench);
    assert_eq!(open(bench), std::slice::from_ref(&id));
    let ran = bench.run("list");
    assert_eq!(ran.code, 0, "{ran:?}");
    let line = format!(
        "warning: 1 session may still be open, and no vendor-ssm process is attached to it: {id}; run `vendor-ssm sessions terminate --orphaned`\n"
    );
    assert_eq!(ran.stderr.matches(&line).count(), 1, "{ran:?}");
    assert!(!bench.run("list -q").stderr.contains(&id));
    let listed = shown(bench, "sessions list");
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0]["session_id"], id);
    assert_eq!(listed[0]["state"], "may-still-be-open");
    let ran = bench.run("sessions terminate --orphaned");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stderr.contains(&format!("{id} has ended\n")), "{ran:?}");
    let none = until(LIMIT, || open(bench).is_empty());
    assert!(none, "{:?}", open(bench));
    assert_eq!(records(bench), []);
    assert_eq!(states(bench, "history"), ["ended"]);
    assert!(!bench.run("list").stderr.contains("may still be open"));
}

/// How a fault is brought about; the answer is the exit code, none for one who was killed.
type Bring = fn(&WithPlugin) -> Option<i32>;

fn connected(it: &WithPlugin, signal: Option<Signal>) -> Option<i32> {
    let mut child = begin(&it.bench, &format!("connect {WEB_1} --client plugin"));
    if let Some(signal) = signal {
        assert!(until(LIMIT, || it.plugin.ran()));
        hurt(&child, signal);
    }
    child.wait().unwrap().code()
}

fn instead(it: &WithPlugin, bytes: &[u8], mode: u32) -> Option<i32> {
    let path = it.plugin.path();
    std::fs::remove_file(&path).unwrap();
    if mode != 0 {
        std::fs::write(&path, bytes).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(mode)).unwrap();
    }
    connected(it, None)
}

/// Eight faults of the plugin and of its parent.
/// With aws-cli, a session stays open after seven of them.
#[test]
fn eight_faults_leave_no_session_unaccounted_for() {
    let failing = Script {
        exit: 1,
        ..Script::default()
    };
    let cases: [(&str, Script, Bring, Option<i32>, usize); 8] = [
        ("missing", hanging(), |it| instead(it, b"", 0), Some(11), 0),
        (
            "not executable",
            hanging(),
            |it| instead(it, b"#!/bin/sh\n", 0o644),
            Some(11),
            0,
        ),
        (
            "corrupt",
            hanging(),
            |it| instead(it, b"\x7fELF and nothing more", 0o755),
            Some(11),
            0,
        ),
        (
            "--version fails",
            hanging(),
            |it| instead(it, b"#!/bin/sh\nexit 1\n", 0o755),
            Some(11),
            0,
        ),
        ("exits 1", failing, |it| connected(it, None), Some(51), 1),
        (
            "TERM",
            hanging(),
            |it| connected(it, Some(Signal::TERM)),
            Some(143),
            1,
        ),
        (
            "HUP",
            hanging(),
            |it| connected(it, Some(Signal::HUP)),
            Some(129),
            1,
        ),
        (
            "KILL",
            hanging(),
            |it| connected(it, Some(Signal::KILL)),
            None,
            1,
        ),
    ];
    thread::scope(|scope| {
        for (name, script, bring, code, opened) in cases {
            scope.spawn(move || {
                let it = with_plugin(&script);
                assert_eq!(bring(&it), code, "{name}");
                assert_eq!(called(&it.bench, "StartSession"), opened, "{name}");
                if it.plugin.ran() {
                    let plugin = it.plugin.dump().unwrap().pid;
                    let gone = until(Duration::from_secs(1), || is_gone(plugin));
                    assert!(gone, "{name}: the plugin lives on");
                }
                if name == "KILL" {
                    orphan_is_named_and_ended(&it.bench);
                }
                assert_eq!(open(&it.bench), [""; 0], "{name}");
                assert_eq!(records(&it.bench), [], "{name}");
                let state = match (opened, name) {
                    (0, _) => vec![],
                    (_, "exits 1") => vec!["lost"],
                    _ => vec!["ended"],
                };
                assert_eq!(states(&it.bench, "history"), state, "{name}");
            });
        }
    });
}

#[test]
fn a_builtin_client_that_was_killed_leaves_a_record() {
    let bench = Bench::new();
    let mut child = begin(&bench, &format!("connect {WEB_1} --reason ticket-7"));
    knows_an_id(&bench);
    // While its process lives, there is no warning, and `terminate` leaves it alone.
    assert_eq!(states(&bench, "sessions list"), ["open"]);
    assert!(!bench.run("list").stderr.contains("may still be open"));
    let ran = bench.run("sessions terminate --orphaned");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(open(&bench).len(), 1);

    let (path, text) = records(&bench).pop().unwrap();
    has_mode(&path, 0o600);
    has_mode(path.parent().unwrap(), 0o700);
    let last: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
    let trail = bench.sandbox.trail();
    let started = trail
        .iter()
        .find(|one| one.action == "StartSession")
        .unwrap();
    let nonce = last["nonce"].as_str().unwrap();
    assert_eq!(
        started.parameters["Reason"],
        format!("ticket-7 [vendor-ssm {nonce}]")
    );
    for secret in [
        "ExternalID3rdPartyA",
        "ASIA",
        "AKIA",
        "TokenValue",
        "wss://",
        "ws://",
    ] {
        assert!(!text.contains(secret), "{secret}: {text}");
    }
    hurt(&child, Signal::KILL);
    child.wait().unwrap();
    orphan_is_named_and_ended(&bench);
}

#[test]
fn an_open_session_can_be_ended_by_its_id() {
    let bench = Bench::new();
    let mut child = begin(&bench, &format!("connect {WEB_1}"));
    knows_an_id(&bench);
    let id = started_id(&bench);
    let ran = bench.run(&format!("sessions terminate {id} {id} --output json"));
    assert_eq!(ran.code, 0, "{ran:?}");
    let said = ran.json();
    assert_eq!(said["sessions"].as_array().unwrap().len(), 1);
    assert_eq!(said["sessions"][0]["state"], "ended");
    assert_eq!(called(&bench, "TerminateSession"), 1);
    // Its own client sees the end, and accounts for it.
    child.wait().unwrap();
    assert_eq!(records(&bench), []);
    assert_eq!(states(&bench, "history").len(), 1);
    assert_eq!(open(&bench), [""; 0]);
}

/// What TerminateSession may answer, and what becomes of it.
#[test]
fn each_answer_to_terminate_session_is_kept() {
    let fault = |kind, times| {
        let times = (times > 0).then_some(times);
        Some(Fault {
            times,
            ..Fault::new("TerminateSession", kind)
        })
    };
    let cases = [
        (None, 0, 0, "ended"),
        (fault(Kind::Throttle, 2), 0, 0, "ended"),
        (fault(Kind::ResetAfter, 1), 0, 0, "ended"),
        (fault(Kind::Expired, 1), 0, 0, "ended"),
        (fault(Kind::Denied, 0), 0, 0, "unconfirmed"),
        (fault(Kind::Denied, 0), 3, 52, "may-still-be-open"),
        (fault(Kind::Throttle, 0), 0, 52, "may-still-be-open"),
        (fault(Kind::Reset, 0), 0, 52, "may-still-be-open"),
        (fault(Kind::Expired, 0), 0, 52, "may-still-be-open"),
        (None, 3, 51, "lost"),
    ];
    thread::scope(|scope| {
        for (fault, exit, code, state) in cases {
            scope.spawn(move || {
                let it = with_plugin(&Script {
                    exit,
                    ..Script::default()
                });
                if let Some(fault) = &fault {
                    it.bench.sandbox.faults().add(fault.clone());
                }
                let ran = it.bench.run(&format!("connect {WEB_1} --client plugin"));
                assert_eq!(ran.code, code, "{fault:?}: {ran:?}");
                assert_eq!(states(&it.bench, "history"), [state], "{fault:?}");
                if code == 52 {
                    // The command in the hint ends it, once AWS listens again.
                    let id = started_id(&it.bench);
                    let command = format!("sessions terminate {id} -c acme --region us-east-1");
                    assert!(
                        ran.stderr.contains(&format!("`vendor-ssm {command}`")),
                        "{ran:?}"
                    );
                    assert_eq!(it.bench.run(&command).code, 52, "{fault:?}");
                    it.bench.sandbox.faults().clear();
                    let ran = it.bench.run(&command);
                    assert_eq!(ran.code, 0, "{fault:?}: {ran:?}");
                    assert_eq!(states(&it.bench, "history"), ["ended"]);
                }
                if state != "unconfirmed" {
                    assert_eq!(open(&it.bench), [""; 0], "{fault:?}");
                }
                assert_eq!(records(&it.bench), [], "{fault:?}");
            });
        }
    });
}

#[test]
fn a_session_that_has_ended_meanwhile_counts_as_ended() {
    for (ended, code) in [
        (Ended::Success, 0),
        (Ended::DoesNotExist, 0),
        (Ended::Validation, 0),
        (Ended::AccessDenied, 52),
    ] {
        let bench = Bench::new();
        bench.sandbox.options().ended = ended;
        let mut child = begin(&bench, &format!("connect {WEB_1}"));
        knows_an_id(&bench);
        hurt(&child, Signal::KILL);
        child.wait().unwrap();
        let id = started_id(&bench);
        bench.sandbox.channels().terminate(&id, "");
        let ran = bench.run("sessions terminate --orphaned");
        assert_eq!(ran.code, code, "{ended:?}: {ran:?}");
        assert_eq!(records(&bench).is_empty(), code == 0, "{ended:?}");
        if code == 52 {
            // Hours later, its idle limit has passed: said once more, and no longer afterwards.
            let (path, text) = records(&bench).pop().unwrap();
            let mut record: Value = serde_json::from_str(text.lines().last().unwrap()).unwrap();
            record["started"] = "2026-01-01T00:00:00Z".into();
            std::fs::write(path, record.to_string()).unwrap();
            assert_eq!(bench.run("sessions terminate --orphaned").code, 52);
            assert_eq!(bench.run("sessions terminate --orphaned").code, 0);
            assert_eq!(states(&bench, "history"), ["unconfirmed"]);
        }
    }
}

#[test]
fn a_lost_answer_is_looked_for_and_never_repeated() {
    let cases = [
        (Kind::ResetAfter, 40),
        (Kind::HalfBody, 40),
        (Kind::HangAfter, 40),
        (Kind::InternalErrorAfter, 42),
        (Kind::Garbage, 42),
        // There is no session to be found, and vendor-ssm cannot be sure of that.
        (Kind::Hang, 52),
    ];
    thread::scope(|scope| {
        for (kind, code) in cases {
            scope.spawn(move || {
                let bench = Bench::new();
                grant_describe_sessions(&bench);
                bench.sandbox.faults().add(Fault::new("StartSession", kind));
                let ran = bench.run(&format!("connect {WEB_1} --error-format json"));
                assert_eq!(ran.code, code, "{kind:?}: {ran:?}");
                assert_eq!(called(&bench, "StartSession"), 1, "{kind:?}");
                assert_eq!(open(&bench), [""; 0], "{kind:?}");
                let state = if code == 52 {
                    "may-still-be-open"
                } else {
                    "ended"
                };
                assert_eq!(ran.error()["session_state"], state, "{kind:?}");
                assert_eq!(states(&bench, "history"), [state], "{kind:?}");
                if code != 52 {
                    assert_eq!(ran.error()["session_id"], started_id(&bench));
                    assert_eq!(called(&bench, "TerminateSession"), 1, "{kind:?}");
                    assert_eq!(records(&bench), [], "{kind:?}");
                }
            });
        }
    });
}

#[test]
fn a_signal_while_an_answer_is_lost_decides_the_exit_code() {
    let bench = Bench::new();
    grant_describe_sessions(&bench);
    let fault = Fault::new("StartSession", Kind::HangAfter);
    bench.sandbox.faults().add(fault);
    let mut child = begin(&bench, &format!("connect {WEB_1}"));
    assert!(until(LIMIT, || called(&bench, "StartSession") == 1));
    hurt(&child, Signal::INT);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(open(&bench), [""; 0]);
    assert_eq!(records(&bench), []);
    assert_eq!(states(&bench, "history"), ["ended"]);
}

#[test]
fn a_signal_ends_terminating_behind_the_session_that_is_being_ended() {
    let bench = Bench::new();
    for number in 1..=2 {
        let mut child = begin(&bench, &format!("connect {WEB_1}"));
        assert!(until(LIMIT, || {
            let records = records(&bench);
            let known = |one: &&(PathBuf, String)| one.1.contains("\"session_id\":\"");
            records.iter().filter(known).count() == number
        }));
        hurt(&child, Signal::KILL);
        child.wait().unwrap();
    }
    let slow = Kind::Slow(Duration::from_secs(2));
    let fault = Fault::new("TerminateSession", slow);
    bench.sandbox.faults().add(fault);
    let mut child = begin(&bench, "sessions terminate --orphaned");
    assert!(until(LIMIT, || called(&bench, "TerminateSession") == 1));
    hurt(&child, Signal::INT);
    assert_eq!(child.wait().unwrap().code(), Some(130));
    assert_eq!(called(&bench, "TerminateSession"), 1);
    assert_eq!((open(&bench).len(), records(&bench).len()), (1, 1));
    bench.sandbox.faults().clear();
    assert_eq!(bench.run("sessions terminate --orphaned").code, 0);
    assert_eq!(open(&bench), [""; 0]);
}

#[test]
fn a_session_of_another_account_is_not_asked_for_here() {
    let bench = Bench::new();
    let mut child = begin(&bench, &format!("connect {WEB_1}"));
    knows_an_id(&bench);
    hurt(&child, Signal::KILL);
    child.wait().unwrap();
    let (path, text) = records(&bench).pop().unwrap();
    std::fs::write(&path, text.replace(CUSTOMER, "333333333333")).unwrap();
    let ran = bench.run("sessions terminate --orphaned");
    assert_eq!(ran.code, 52, "{ran:?}");
    assert!(
        ran.stderr.contains("it is in account 333333333333"),
        "{ran:?}"
    );
    assert_eq!(called(&bench, "TerminateSession"), 0);
    assert_eq!(states(&bench, "history"), ["may-still-be-open"]);
    std::fs::write(&path, text).unwrap();
    assert_eq!(bench.run("sessions terminate --orphaned").code, 0);
    assert_eq!(open(&bench), [""; 0]);
}

#[test]
fn a_lost_answer_that_cannot_be_looked_for_is_found_later() {
    let bench = Bench::new();
    bench
        .sandbox
        .faults()
        .add(Fault::new("StartSession", Kind::ResetAfter));
    let ran = bench.run(&format!("connect {WEB_1}"));
    assert_eq!(ran.code, 52, "{ran:?}");
    assert!(
        ran.stderr.contains("DescribeSessions is not granted"),
        "{ran:?}"
    );
    assert_eq!(called(&bench, "StartSession"), 1);
    assert_eq!(open(&bench).len(), 1);
    let ran = bench.run("list");
    assert!(
        ran.stderr
            .contains(&format!("one on {WEB_1} whose id is not known")),
        "{ran:?}"
    );
    assert_eq!(bench.run("sessions terminate --orphaned").code, 52);
    assert_eq!(states(&bench, "history"), ["may-still-be-open"]);
    grant_describe_sessions(&bench);
    let ran = bench.run("sessions terminate --orphaned");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(open(&bench), [""; 0]);
    assert_eq!(records(&bench), []);
}

#[test]
fn aws_is_asked_where_that_is_granted() {
    let bench = Bench::new();
    grant_describe_sessions(&bench);
    // From another machine: the journal here does not know it.
    let mut command = bench.command(["connect", WEB_1, "--reason", "elsewhere"]);
    let mut child = command
        .env(state_variable(), native(bench.home().join("another")))
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    assert!(until(LIMIT, || open(&bench).len() == 1));
    // Left long ago, and closed on its own.
    let record = json!({
        "nonce": "0123456789abcdef", "session_id": "alice-gone", "kind": "shell", "client": "plugin",
        "customer": "acme", "account_id": CUSTOMER, "region": "us-east-1", "instance_id": WEB_1,
        "name": null, "role_session_name": "alice", "owner": "", "reason": null,
        "started": "2026-01-01T00:00:00Z", "ended": null, "state": "open", "end": null,
    });
    let folder = bench.home().join("state/vendor-ssm/sessions");
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("0123456789abcdef.jsonl"), record.to_string()).unwrap();

    let listed = shown(&bench, "sessions list");
    let id = started_id(&bench);
    assert_eq!(listed.len(), 1, "{listed:?}");
    let keys: Vec<&str> = listed[0]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    let mut expected = [
        "session_id",
        "kind",
        "customer",
        "account_id",
        "region",
        "instance_id",
        "name",
        "role_session_name",
        "started",
        "ended",
        "state",
        "reason",
        "client",
    ];
    expected.sort_unstable();
    let mut keys = keys.clone();
    keys.sort_unstable();
    assert_eq!(keys, expected);
    assert_eq!(listed[0]["session_id"], id);
    assert_eq!(listed[0]["state"], "open");
    assert_eq!(listed[0]["reason"], "elsewhere");
    assert_eq!(listed[0]["kind"], Value::Null);
    assert_eq!(states(&bench, "history"), ["ended"]);

    let ran = bench.run("sessions list");
    assert!(
        ran.stdout.starts_with("SESSION ID") && ran.stdout.contains(&id),
        "{ran:?}"
    );
    let ran = bench.run(&format!("sessions terminate {id}"));
    assert_eq!(ran.code, 0, "{ran:?}");
    child.stdin.take().unwrap().flush().unwrap();
    child.wait().unwrap();
    assert_eq!(open(&bench), [""; 0]);
}

#[test]
fn the_history_says_what_was_and_how_it_ended() {
    let bench = Bench::new();
    let none = bench.run("history");
    assert_eq!((none.code, none.stdout.as_str()), (0, ""), "{none:?}");
    for reason in ["first", "second"] {
        let line = format!("connect {WEB_1} --reason {reason}");
        assert_eq!(bench.run_with_input(&line, "exit\n").code, 0);
    }
    let history = shown(&bench, "history");
    let reasons: Vec<&Value> = history.iter().map(|one| &one["reason"]).collect();
    assert_eq!(reasons, ["first", "second"]);
    for session in &history {
        assert_eq!(session["state"], "ended");
        assert_eq!(session["kind"], "shell");
        assert_eq!(session["client"], "builtin");
        assert_eq!(session["account_id"], CUSTOMER);
        assert_eq!(session["role_session_name"], "alice");
        assert!(session["ended"].as_str() >= session["started"].as_str());
    }
    assert_eq!(shown(&bench, "history --limit 1").len(), 1);
    assert_eq!(shown(&bench, "history -c other").len(), 0);
    // It needs no settings and no AWS.
    std::fs::remove_file(bench.config()).unwrap();
    let ran = bench.run("history -c acme");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("the remote side ended it"), "{ran:?}");
    assert_eq!(ran.stdout.lines().count(), 3, "{ran:?}");
}

#[test]
fn a_journal_that_cannot_be_written_costs_no_session() {
    let bench = Bench::new();
    let connect = |state: &Path| -> Ran {
        let mut command = bench.command(["connect", WEB_1]);
        command.env(state_variable(), native(state));
        run(&mut command)
    };
    let ran = connect(&bench.config());
    assert_eq!(ran.code, 0, "{ran:?}");
    let warned = ran.stderr.matches("cannot write its journal").count();
    assert_eq!(warned, 1, "{ran:?}");
    assert_eq!(open(&bench), [""; 0]);
    // wine always says where the state is.
    if is_windows() {
        return;
    }
    let mut command = bench.command(["connect", WEB_1]);
    let ran = run(command.env_remove("HOME").env_remove("XDG_STATE_HOME"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stderr.contains("cannot write its journal"), "{ran:?}");
}

#[test]
fn what_is_to_be_ended_has_to_be_said() {
    let bench = Bench::new();
    assert_eq!(bench.run("sessions terminate").code, 2);
    assert_eq!(bench.run("sessions terminate alice-0 --orphaned").code, 2);
    // What AWS would call malformed is not taken for a session that has ended.
    let long = format!("alice-{}", "0".repeat(91));
    for malformed in ["alice", "alice-0/1", "", &long] {
        let mut command = bench.command(["sessions", "terminate", malformed]);
        assert_eq!(run(&mut command).code, 2, "{malformed}");
    }
    assert_eq!(called(&bench, "TerminateSession"), 0);
    let ran = bench.run("sessions terminate alice-unknown");
    assert_eq!(ran.code, 52, "{ran:?}");
    assert!(
        ran.stderr
            .contains("error[may-still-be-open]: acme: alice-unknown: the session may"),
        "{ran:?}"
    );
    let ran = bench.run("sessions terminate alice-unknown --region us-east-1 --region eu-west-1");
    assert_eq!(ran.code, 2, "{ran:?}");
    let ran = bench.run("sessions list");
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""), "{ran:?}");
}
