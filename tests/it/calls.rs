//! What AWS is asked, call by call, and nothing besides.

use vendor_ssm_sandbox::trail::Event;

use crate::harness::{Bench, SETTINGS};

const WEB_1: &str = "i-0f3a91c27be45d806";
const WIN_1: &str = "i-05e8b6241da9c073f";

/// A bench whose engineer has a session name in the settings.
fn named() -> Bench {
    let bench = Bench::new();
    bench.settings(&SETTINGS.replace("[cache]", "role_session_name = \"alice\"\n[cache]"));
    bench
}

fn find(bench: &Bench, action: &str) -> Event {
    let mut trail = bench.sandbox.trail().into_iter();
    trail.find(|event| event.action == action).unwrap()
}

#[test]
fn an_id_is_four_calls_away_from_a_shell() {
    let bench = named();
    let ran = bench.run_with_input(&format!("connect {WEB_1}"), "echo he''llo\n");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("hello"), "{ran:?}");
    assert!(
        ran.stderr.contains("status"),
        "what the remote status was is said: {ran:?}"
    );
    // One more is for piped input alone: the system decides how its end shows.
    let actions: Vec<String> = bench
        .sandbox
        .actions()
        .into_iter()
        .filter(|action| action != "DescribeInstances")
        .collect();
    assert_eq!(
        actions,
        [
            "AssumeRole",
            "AssumeRole",
            "StartSession",
            "OpenDataChannel"
        ]
    );
    let opened = bench.sandbox.actions();
    let shell = opened
        .iter()
        .position(|it| it == "OpenDataChannel")
        .unwrap();
    assert!(!opened[..shell].contains(&"DescribeInstances".to_owned()));
    assert!(bench.sandbox.trail().iter().all(Event::succeeded));
    assert_eq!(bench.sandbox.open_sessions(), Vec::<String>::new());
}

#[test]
fn without_a_session_name_the_base_identity_is_asked_for_its_own() {
    let bench = Bench::new();
    let ran = bench.run_with_input(&format!("connect {WEB_1}"), "exit\n");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(
        bench.sandbox.actions()[..3],
        ["GetCallerIdentity", "AssumeRole", "AssumeRole"]
    );
}

#[test]
fn a_name_is_one_call_more_and_the_agents_are_not_asked_about() {
    let bench = named();
    let ran = bench.run_with_input("connect web-1", "exit\n");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(
        bench.sandbox.actions(),
        [
            "AssumeRole",
            "AssumeRole",
            "DescribeInstances",
            "StartSession",
            "OpenDataChannel"
        ]
    );
    assert_eq!(find(&bench, "StartSession").parameters["Target"], WEB_1);
}

#[test]
fn a_list_is_two_calls_in_a_region() {
    let bench = named();
    bench.settings(
        &std::fs::read_to_string(bench.config())
            .unwrap()
            .replace("[\"us-east-1\"]", "[\"us-east-1\", \"eu-west-1\"]"),
    );
    assert_eq!(bench.run("list").code, 0);
    let mut actions = bench.sandbox.actions();
    actions[2..].sort();
    assert_eq!(
        actions,
        [
            "AssumeRole",
            "AssumeRole",
            "DescribeInstanceProperties",
            "DescribeInstanceProperties",
            "DescribeInstances",
            "DescribeInstances"
        ]
    );
}

#[test]
fn a_dry_run_opens_nothing() {
    let bench = named();
    let ran = bench.run(&format!("connect {WEB_1} --dry-run --output json"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.json()["instance_id"], WEB_1);
    assert_eq!(ran.json()["client"], "builtin");
    assert!(!bench.sandbox.actions().contains(&"StartSession".to_owned()));
}

/// TerminateSession and ResumeSession are tied to it, and so is the trust that the kit writes.
#[test]
fn both_roles_carry_the_same_session_name() {
    for bench in [named(), Bench::new()] {
        assert_eq!(bench.run("list").code, 0);
        let names: Vec<String> = bench
            .sandbox
            .trail()
            .iter()
            .filter(|event| event.action == "AssumeRole")
            .map(|event| event.parameters["RoleSessionName"].clone())
            .collect();
        assert_eq!(names, ["alice", "alice"]);
    }
}

#[test]
fn reason_document_and_parameters_arrive_as_given() {
    let bench = named();
    bench.sandbox.world(|world| {
        let role = world
            .role_mut(
                vendor_ssm_sandbox::world::CUSTOMER,
                vendor_ssm_sandbox::world::CUSTOMER_ROLE,
            )
            .unwrap();
        role.set_policy(
            "more",
            r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "ssm:StartSession", "Resource": "arn:aws:ssm:us-east-1::document/AWS-StartInteractiveCommand"}]}"#,
        )
        .unwrap();
    });
    let mut command = bench.command([
        "connect",
        WEB_1,
        "--document",
        "AWS-StartInteractiveCommand",
        "--parameter",
        "command=echo a=b",
        "--reason",
        "CASE-7: disk full",
    ]);
    let ran = crate::harness::run(&mut command);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("a=b"), "{ran:?}");
    let sent = find(&bench, "StartSession").parameters;
    assert_eq!(sent["DocumentName"], "AWS-StartInteractiveCommand");
    let reason = crate::harness::own_reason(&sent["Reason"]);
    assert_eq!(reason.as_deref(), Some("CASE-7: disk full"));
    assert_eq!(sent["Parameters command"], "echo a=b");
}

#[test]
fn windows_is_told_the_end_in_its_own_way() {
    let bench = named();
    let ran = bench.run_with_input(&format!("connect {WIN_1}"), "");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(bench.sandbox.open_sessions(), Vec::<String>::new());
}
