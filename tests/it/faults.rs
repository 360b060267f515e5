//! Each call fails in each way.
//! The exit code says who has to act. vendor-ssm starts a session a second time only if the first
//! call surely did nothing, and it names each session that may be open.

use std::thread;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use vendor_ssm_sandbox::Options;
use vendor_ssm_sandbox::faults::{Fault, Kind};
use vendor_ssm_sandbox::options::Ended;
use vendor_ssm_sandbox::plugin::{Plugin, Script, Step};
use vendor_ssm_sandbox::world::{InstanceState, PingStatus};

use crate::harness::{Bench, Ran, SETTINGS, install, native, run};
use crate::stub::Stub;

const WEB_1: &str = "i-0f3a91c27be45d806";
/// A call may take 15 s; two cores that others use as well may double that.
const LIMIT: Duration = Duration::from_secs(45);

/// One way for a run to fail, and the exit code that it has to have.
struct Case {
    fault: Fault,
    code: i32,
}

/// All calls of an action fail.
fn case(action: &str, kind: Kind, code: i32) -> Case {
    Case {
        fault: Fault::new(action, kind),
        code,
    }
}

fn count(bench: &Bench, action: &str) -> usize {
    let actions = bench.sandbox.actions();
    actions.iter().filter(|it| *it == action).count()
}

fn named() -> Bench {
    let bench = Bench::new();
    bench.settings(&SETTINGS.replace("[cache]", "role_session_name = \"alice\"\n[cache]"));
    bench
}

/// Runs a command once for each case, side by side, and lets `check` look at each.
fn each(line: &str, cases: &[Case], check: impl Fn(&Case, &Bench, &Ran) + Sync) {
    thread::scope(|scope| {
        for case in cases {
            let check = &check;
            scope.spawn(move || {
                let bench = named();
                bench.sandbox.faults().add(case.fault.clone());
                let begun = Instant::now();
                let ran = bench.run_with_input(line, "exit\n");
                assert_eq!(ran.code, case.code, "{:?}: {ran:?}", case.fault);
                assert!(begun.elapsed() < LIMIT, "{:?}: {ran:?}", case.fault);
                check(case, &bench, &ran);
            });
        }
    });
}

fn nothing_is_open(bench: &Bench) {
    assert_eq!(bench.sandbox.open_sessions(), Vec::<String>::new());
}

#[test]
fn the_vendor_role_cannot_be_asked_for() {
    let fault = |kind, code| case("AssumeRole", kind, code);
    let cases = [
        fault(Kind::Throttle, 41),
        fault(Kind::InternalError, 42),
        fault(Kind::Reset, 40),
        fault(Kind::HalfBody, 40),
        fault(Kind::Garbage, 42),
        fault(Kind::Html, 40),
        fault(Kind::Expired, 20),
    ];
    each("list", &cases, |case, bench, ran| {
        assert!(ran.stderr.contains("error["), "{:?}: {ran:?}", case.fault);
        assert!(ran.stderr.contains("hint:"), "{:?}: {ran:?}", case.fault);
        assert!(
            bench.sandbox.actions().iter().all(|it| it == "AssumeRole"),
            "{:?}",
            case.fault
        );
    });
}

#[test]
fn the_customer_role_cannot_be_asked_for() {
    let fault = |kind, code| Case {
        fault: Fault::new("AssumeRole", kind).skip(1),
        code,
    };
    let cases = [
        fault(Kind::Throttle, 41),
        fault(Kind::ResetAfter, 40),
        fault(Kind::Html, 40),
        fault(Kind::Expired, 23),
        fault(Kind::Denied, 22),
        Case {
            fault: Fault::new("AssumeRole", Kind::Throttle).skip(1).times(2),
            code: 0,
        },
    ];
    each("list", &cases, |_, _, _| {});
}

#[test]
fn instances_cannot_be_listed() {
    let fault = |kind, code| case("DescribeInstances", kind, code);
    let cases = [
        fault(Kind::Throttle, 41),
        fault(Kind::Unavailable, 42),
        fault(Kind::Reset, 40),
        fault(Kind::HalfBody, 40),
        fault(Kind::Garbage, 42),
        fault(Kind::Html, 40),
        fault(Kind::Expired, 23),
    ];
    each("connect web-1", &cases, |case, bench, _| {
        assert_eq!(count(bench, "StartSession"), 0, "{:?}", case.fault);
        let walks = if case.fault.kind == Kind::Expired {
            4
        } else {
            2
        };
        // The vendor role still holds, so vendor-ssm may renew only the customer role.
        assert!(count(bench, "AssumeRole") <= walks, "{:?}", case.fault);
    });
    let cases = [
        Case {
            fault: Fault::new("DescribeInstances", Kind::Expired).times(1),
            code: 0,
        },
        Case {
            fault: Fault::new("DescribeInstances", Kind::Reset).times(1),
            code: 0,
        },
    ];
    each("list", &cases, |_, _, _| {});
}

#[test]
fn one_region_that_fails_leaves_the_others() {
    let bench = named();
    bench.settings(
        &std::fs::read_to_string(bench.config())
            .unwrap()
            .replace("[\"us-east-1\"]", "[\"us-east-1\", \"eu-west-1\"]"),
    );
    let denied = || Fault::new("DescribeInstances", Kind::Denied);
    bench.sandbox.faults().add(denied().times(1));
    let ran = bench.run("list --output json");
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(!ran.json()["instances"].as_array().unwrap().is_empty());
    assert_eq!(ran.json()["errors"][0]["code"], "UnauthorizedOperation");
    assert_eq!(ran.json()["errors"].as_array().unwrap().len(), 1);
    bench.sandbox.faults().clear();
    bench.sandbox.faults().add(denied());
    let ran = bench.run("list --output json");
    assert_eq!(ran.code, 42, "{ran:?}");
    assert_eq!(ran.json()["errors"].as_array().unwrap().len(), 2);
}

/// StartSession is not idempotent:
/// if its fate is unknown, vendor-ssm says so and does not send it again.
#[test]
fn the_answer_to_start_session_is_lost() {
    let fault = |kind| case("StartSession", kind, 52);
    let cases = [
        fault(Kind::InternalError),
        fault(Kind::Reset),
        fault(Kind::ResetAfter),
        fault(Kind::HalfBody),
        fault(Kind::Garbage),
        fault(Kind::Html),
    ];
    each(&format!("connect {WEB_1}"), &cases, |case, bench, ran| {
        assert_eq!(count(bench, "StartSession"), 1, "{:?}", case.fault);
        assert_eq!(count(bench, "OpenDataChannel"), 0);
        let text = &ran.stderr;
        assert!(text.contains("a session may be open"), "{text}");
        assert!(text.contains("do not repeat it at once"), "{text}");
    });
}

/// A server that never answers costs 15 s a call, all of its tries together.
#[test]
fn nothing_answers() {
    let to = |line: String, fault: Fault, code| (line, fault, code);
    let hang = |action| Fault::new(action, Kind::Hang);
    let shell = format!("connect {WEB_1}");
    let cases = [
        to("list".to_owned(), hang("AssumeRole"), 40),
        to("list".to_owned(), hang("AssumeRole").skip(1), 40),
        to("connect web-1".to_owned(), hang("DescribeInstances"), 40),
        to(shell.clone(), hang("StartSession"), 52),
        to(shell.clone(), hang("OpenDataChannel"), 50),
        to(
            format!("{shell} --client plugin"),
            hang("TerminateSession"),
            52,
        ),
    ];
    thread::scope(|scope| {
        for (line, fault, code) in cases {
            scope.spawn(move || {
                let (bench, _folder, _plugin) = with_plugin(&Script::default());
                let action = fault.action.clone();
                bench.sandbox.faults().add(fault);
                let begun = Instant::now();
                let ran = bench.run_with_input(&format!("{line} -q"), "exit\n");
                assert_eq!(ran.code, code, "{action}: {ran:?}");
                assert!(begun.elapsed() < LIMIT, "{action}");
                assert!(ran.stderr.contains("hint:"), "{action}: {ran:?}");
                assert!(count(&bench, "StartSession") <= 1, "{action}");
                if code != 52 {
                    nothing_is_open(&bench);
                }
            });
        }
    });
}

/// Over TLS a lost connection looks like a TLS error, which does not prove that nothing was sent.
#[test]
fn the_answer_to_start_session_is_lost_over_tls() {
    for kind in [Kind::ResetAfter, Kind::HalfBody] {
        let certificates = TempDir::new().unwrap();
        let bench = Bench::with(Options {
            tls: Some(certificates.path().to_owned()),
            faults: vec![Fault::new("StartSession", kind)],
            ..Options::default()
        });
        let ran = bench.run_with_input(&format!("connect {WEB_1}"), "exit\n");
        assert_eq!(ran.code, 52, "{kind:?}: {ran:?}");
        assert_eq!(count(&bench, "StartSession"), 1);
    }
}

#[test]
fn a_start_session_that_did_nothing_is_sent_once_more() {
    let times = |kind, times, code| Case {
        fault: Fault::new("StartSession", kind).times(times),
        code,
    };
    let cases = [
        times(Kind::Throttle, 1, 0),
        times(Kind::Throttle, 2, 41),
        times(Kind::Expired, 1, 0),
        times(Kind::Expired, 2, 23),
    ];
    each(&format!("connect {WEB_1}"), &cases, |case, bench, _| {
        assert_eq!(count(bench, "StartSession"), 2, "{:?}", case.fault);
        let roles = if case.fault.kind == Kind::Expired {
            3
        } else {
            2
        };
        assert_eq!(count(bench, "AssumeRole"), roles, "{:?}", case.fault);
        nothing_is_open(bench);
    });
}

#[test]
fn a_clock_that_is_off_is_corrected_with_one_warning() {
    thread::scope(|scope| {
        for skew in [360, -360, 1200, 86_400, -86_400] {
            scope.spawn(move || {
                let bench = named();
                bench.sandbox.clock().skew(skew);
                let ran = bench.run_with_input(&format!("connect {WEB_1}"), "exit\n");
                assert_eq!(ran.code, 0, "{skew}: {ran:?}");
                assert_eq!(ran.stderr.matches("clock is").count(), 1, "{skew}: {ran:?}");
                nothing_is_open(&bench);
                let ran = bench.run("list");
                assert_eq!(ran.code, 0, "{skew}: {ran:?}");
                assert_eq!(ran.stderr.matches("clock is").count(), 1, "{skew}: {ran:?}");
            });
        }
    });
}

#[test]
fn the_data_channel_does_not_open() {
    let fault = |kind| case("OpenDataChannel", kind, 50);
    let cases = [
        fault(Kind::Denied),
        fault(Kind::Throttle),
        fault(Kind::InternalError),
        fault(Kind::Reset),
        fault(Kind::Html),
        fault(Kind::Expired),
    ];
    each(&format!("connect {WEB_1}"), &cases, |case, bench, ran| {
        assert_eq!(count(bench, "StartSession"), 1, "{:?}", case.fault);
        assert_eq!(count(bench, "TerminateSession"), 1, "{:?}", case.fault);
        assert!(ran.stderr.contains("it was terminated"), "{ran:?}");
        nothing_is_open(bench);
    });
}

/// A stand-in plugin beside a bench that uses it.
fn with_plugin(script: &Script) -> (Bench, TempDir, Plugin) {
    let bench = named();
    let folder = TempDir::new().unwrap();
    let plugin = install(folder.path(), script);
    let settings = std::fs::read_to_string(bench.config()).unwrap();
    bench.settings(&format!(
        "{settings}\n[session]\nplugin_path = '{}'\n",
        native(plugin.path())
    ));
    (bench, folder, plugin)
}

#[test]
fn the_plugins_session_is_always_terminated() {
    let cases = [
        (Script::default(), 0),
        (
            Script {
                exit: 2,
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
    ];
    for (script, code) in cases {
        let (bench, _folder, plugin) = with_plugin(&script);
        let ran = bench.run(&format!("connect {WEB_1} --client plugin"));
        assert_eq!(ran.code, code, "{ran:?}");
        assert!(plugin.ran());
        assert_eq!(count(&bench, "TerminateSession"), 1);
        assert_eq!(count(&bench, "OpenDataChannel"), 0);
        nothing_is_open(&bench);
    }
}

/// Its role is asked for beside StartSession, so there is a session by then.
#[test]
fn a_plugin_without_credentials_gets_no_session() {
    let cases = [(Kind::Denied, 22), (Kind::Throttle, 41)];
    for (kind, code) in cases {
        let (bench, _folder, plugin) = with_plugin(&Script::default());
        let fault = Fault::new("AssumeRole", kind).skip(2);
        bench.sandbox.faults().add(fault);
        let ran = bench.run(&format!("connect {WEB_1} --client plugin"));
        assert_eq!(ran.code, code, "{ran:?}");
        assert!(!plugin.ran());
        assert_eq!(count(&bench, "StartSession"), 1);
        assert_eq!(count(&bench, "TerminateSession"), 1);
        let told = "was terminated: the plugin got no credentials";
        assert!(ran.stderr.contains(told), "{ran:?}");
        assert!(ran.stderr.contains("hint: "), "{ran:?}");
        nothing_is_open(&bench);
    }
}

#[test]
fn ending_the_plugins_session_fails() {
    let fault = |kind, times| Fault {
        times,
        ..Fault::new("TerminateSession", kind)
    };
    let cases = [
        (fault(Kind::Throttle, Some(2)), 0, 0),
        (fault(Kind::ResetAfter, Some(1)), 0, 0),
        (fault(Kind::Hang, Some(1)), 0, 0),
        (fault(Kind::Expired, Some(1)), 0, 0),
        (fault(Kind::ClockSkew(900), None), 0, 0),
        (fault(Kind::Throttle, None), 0, 52),
        (fault(Kind::InternalError, None), 0, 52),
        (fault(Kind::Html, None), 0, 52),
        (fault(Kind::Garbage, None), 0, 52),
        (fault(Kind::Expired, None), 0, 52),
        (fault(Kind::Denied, None), 0, 0),
        (fault(Kind::Denied, None), 3, 52),
    ];
    thread::scope(|scope| {
        for (fault, exit, code) in cases {
            scope.spawn(move || {
                let (bench, _folder, _plugin) = with_plugin(&Script {
                    exit,
                    ..Script::default()
                });
                bench.sandbox.faults().add(fault.clone());
                let ran = bench.run(&format!("connect {WEB_1} --client plugin"));
                assert_eq!(ran.code, code, "{fault:?}: {ran:?}");
                let trail = bench.sandbox.trail();
                let id = &trail
                    .iter()
                    .find(|event| event.action == "StartSession")
                    .unwrap()
                    .parameters["SessionId"];
                if code == 52 {
                    let command =
                        format!("`vendor-ssm sessions terminate {id} -c acme --region us-east-1`");
                    assert!(ran.stderr.contains(&command), "{fault:?}: {ran:?}");
                } else if fault.kind == Kind::Denied {
                    let line = format!("the end of session {id} is not confirmed");
                    assert!(ran.stderr.contains(&line), "{ran:?}");
                } else {
                    nothing_is_open(&bench);
                }
            });
        }
    });
}

/// Whatever AWS says of a session that has ended, it has ended.
#[test]
fn the_plugins_session_has_ended_by_itself() {
    for ended in [
        Ended::Success,
        Ended::DoesNotExist,
        Ended::Validation,
        Ended::AccessDenied,
    ] {
        let (bench, _folder, _plugin) = with_plugin(&Script {
            steps: vec![Step::ReadLine],
            ..Script::default()
        });
        bench.sandbox.options().ended = ended;
        let mut child = bench
            .command(["connect", WEB_1, "--client", "plugin"])
            .stdin(std::process::Stdio::piped())
            .stdout(std::process::Stdio::piped())
            .stderr(std::process::Stdio::piped())
            .spawn()
            .unwrap();
        let begun = Instant::now();
        let id = loop {
            if let Some(id) = bench.sandbox.open_sessions().pop() {
                break id;
            }
            assert!(begun.elapsed() < LIMIT);
            thread::sleep(Duration::from_millis(10));
        };
        assert!(bench.sandbox.channels().terminate(&id, ""));
        drop(child.stdin.take());
        let ran = Ran::from(child.wait_with_output().unwrap());
        assert_eq!(ran.code, 0, "{ended:?}: {ran:?}");
        assert_eq!(
            ran.stderr.contains("is not confirmed"),
            ended == Ended::AccessDenied,
            "{ran:?}"
        );
    }
}

/// The service closed the channel: there is nothing to terminate.
#[test]
fn a_session_that_the_service_closed_is_not_terminated_again() {
    for ended in [Ended::Success, Ended::DoesNotExist, Ended::AccessDenied] {
        let bench = named();
        bench.sandbox.options().ended = ended;
        let ran = bench.run_with_input(&format!("connect {WEB_1}"), "exit\n");
        assert_eq!(ran.code, 0, "{ran:?}");
        assert_eq!(count(&bench, "TerminateSession"), 0);
        nothing_is_open(&bench);
    }
}

/// A session that was named and not how to reach it is ended by its id.
#[test]
fn start_session_answers_without_a_token() {
    for (terminate, code) in [(200, 50), (500, 52)] {
        let bench = named();
        let stub = Stub::start(move |action| match action {
            "StartSession" => (200, "{\"SessionId\":\"alice-0a1b2c3d\"}".to_owned()),
            _ => (terminate, "{}".to_owned()),
        });
        let ran = run(bench
            .command(["connect", WEB_1])
            .env("AWS_ENDPOINT_URL_SSM", stub.url()));
        assert_eq!(ran.code, code, "{ran:?}");
        assert!(ran.stderr.contains("alice-0a1b2c3d"), "{ran:?}");
        assert_eq!(stub.actions()[..2], ["StartSession", "TerminateSession"]);
    }
}

/// `web-1` with its agent gone, and a run that waits for it.
fn waiting(line: &str, fault: Option<Fault>, returns: Option<Duration>) -> (Bench, Ran) {
    let bench = named();
    let ping = |status| {
        bench
            .sandbox
            .world(|world| world.instance_mut(WEB_1).unwrap().ping_status = Some(status));
    };
    ping(PingStatus::ConnectionLost);
    if let Some(fault) = fault {
        bench.sandbox.faults().add(fault);
    }
    let ran = thread::scope(|scope| {
        scope.spawn(|| {
            if let Some(after) = returns {
                // The target comes back by itself, at its own time.
                thread::sleep(after);
                ping(PingStatus::Online);
            }
        });
        bench.run_with_input(line, "exit\n")
    });
    nothing_is_open(&bench);
    (bench, ran)
}

#[test]
fn a_target_that_is_not_connected_is_said_in_awss_words_too() {
    let (bench, ran) = waiting(&format!("connect {WEB_1}"), None, None);
    assert_eq!(ran.code, 33, "{ran:?}");
    for said in [
        "error[not-connected]: acme: i-0f3a91c27be45d806: the instance is not connected: its agent is offline (ConnectionLost), last heard of at 20",
        "TargetNotConnected",
        "hint: ask the customer to check",
    ] {
        assert!(ran.stderr.contains(said), "{said}: {ran:?}");
    }
    assert_eq!(count(&bench, "StartSession"), 1);
    assert_eq!(count(&bench, "GetConnectionStatus"), 0);
}

/// `web-1` after this, and what `connect` with it says; its own words are the hint's.
fn unreached(connect: &str, prepare: impl FnOnce(&Bench)) -> Ran {
    let bench = Bench::new();
    prepare(&bench);
    let ran = bench.run(connect);
    assert_eq!(ran.code, 33, "{ran:?}");
    assert!(ran.stderr.contains("TargetNotConnected"), "{ran:?}");
    assert_eq!(count(&bench, "StartSession"), 1);
    nothing_is_open(&bench);
    ran
}

fn explained(connect: &str, said: &str, hint: &str, prepare: impl FnOnce(&Bench)) {
    let ran = unreached(connect, prepare);
    let first = format!("the instance is not connected{said}\n");
    assert!(ran.stderr.contains(&first), "{first}: {ran:?}");
    assert!(
        ran.stderr.contains(&format!("  hint: {hint}")),
        "{hint}: {ran:?}"
    );
}

#[test]
fn a_target_that_is_not_connected_is_explained() {
    let line = format!("connect {WEB_1}");
    let alter = |alter: fn(&mut vendor_ssm_sandbox::world::Instance)| {
        move |bench: &Bench| {
            bench
                .sandbox
                .world(|world| alter(world.instance_mut(WEB_1).unwrap()));
        }
    };
    let stopped = alter(|instance| instance.state = InstanceState::Stopped);
    let start = "ask the customer to start the instance";
    explained(&line, ": it is stopped", start, stopped);
    let pending = alter(|instance| instance.state = InstanceState::Pending);
    explained(
        &line,
        ": it is pending",
        "the instance is starting",
        pending,
    );
    let unregistered = alter(|instance| instance.ping_status = None);
    explained(
        &line,
        ": it runs, but its agent never registered with Systems Manager",
        "ask the customer to install the SSM agent",
        unregistered,
    );
    let gone = alter(|instance| instance.state = InstanceState::Terminated);
    explained(
        &line,
        ": no instance with this id carries your tag in us-east-1",
        "run `vendor-ssm list`",
        gone,
    );
}

/// The id is in another region, of the settings or of `--region`.
#[test]
fn a_target_in_another_region_is_found() {
    let both = |bench: &Bench| {
        bench.settings(&SETTINGS.replace("\"us-east-1\"", "\"eu-west-1\", \"us-east-1\""));
    };
    let line = format!("connect {WEB_1} --region eu-west-1");
    // There is no tag there, and the customer's policy asks for it.
    let bench = Bench::new();
    both(&bench);
    let ran = bench.run(&line);
    assert_eq!(ran.code, 34, "{ran:?}");
    let hint = "  hint: the instance is in us-east-1: pass --region us-east-1\n";
    assert!(ran.stderr.contains(hint), "{ran:?}");
    assert_eq!(count(&bench, "StartSession"), 1);
    // A policy without a tag lets AWS say that it is not connected there.
    explained(
        &line,
        ": it is in us-east-1, and vendor-ssm asked in eu-west-1",
        "pass --region us-east-1",
        |bench| {
            both(bench);
            bench.sandbox.world(|world| {
                let role = world
                    .role_mut("222222222222", "SSMStartSession_IAM_Role_ThirdPartyA")
                    .unwrap();
                let policy = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
                    "Action": "ssm:StartSession", "Resource": "arn:aws:ec2:*:*:instance/*"}}"#;
                role.set_policy("any-instance", policy).unwrap();
            });
        },
    );
}

/// What the customer does not grant is not explained, and changes nothing else.
#[test]
fn a_look_that_is_refused_changes_nothing() {
    for action in ["DescribeInstances", "DescribeInstanceProperties"] {
        let ran = unreached(&format!("connect {WEB_1}"), |bench| {
            bench.sandbox.world(|world| {
                world.instance_mut(WEB_1).unwrap().ping_status = Some(PingStatus::ConnectionLost);
            });
            bench.sandbox.faults().add(Fault::new(action, Kind::Denied));
        });
        let first =
            "error[not-connected]: acme: i-0f3a91c27be45d806: the instance is not connected\n";
        assert!(ran.stderr.contains(first), "{action}: {ran:?}");
        assert!(
            ran.stderr.contains("vendor-ssm asked in us-east-1"),
            "{ran:?}"
        );
        assert!(!ran.stderr.contains("AccessDenied"), "{ran:?}");
    }
}

/// A look-up that hangs delays the error by seconds.
#[test]
fn a_look_that_hangs_is_given_up() {
    let began = Instant::now();
    unreached(&format!("connect {WEB_1}"), |bench| {
        bench.sandbox.world(|world| {
            world.instance_mut(WEB_1).unwrap().ping_status = Some(PingStatus::ConnectionLost);
        });
        for action in ["DescribeInstances", "DescribeInstanceProperties"] {
            bench.sandbox.faults().add(Fault::new(action, Kind::Hang));
        }
    });
    assert!(began.elapsed() < Duration::from_secs(30));
}

#[test]
fn waiting_for_a_target_outlasts_what_passes() {
    let line = format!("connect {WEB_1} --wait=60");
    let fault = Fault::new("GetConnectionStatus", Kind::InternalError).times(3);
    let (bench, ran) = waiting(&line, Some(fault), Some(Duration::from_secs(1)));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(count(&bench, "StartSession"), 2);
}

#[test]
fn waiting_that_is_not_granted_is_said_once() {
    let line = format!("connect {WEB_1} --wait=60");
    let fault = Fault::new("GetConnectionStatus", Kind::Denied);
    let (_, ran) = waiting(&line, Some(fault), None);
    assert_eq!(ran.code, 33, "{ran:?}");
    let warnings = ran.stderr.matches("lacks ssm:GetConnectionStatus").count();
    assert_eq!(warnings, 1, "{ran:?}");
}
