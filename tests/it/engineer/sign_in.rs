//! `aws login`: a console session that AWS Sign-In refreshes for the client that has its key.

use super::{LOGIN_HOSTS, bare, desk, reaches, said};
use crate::behind::Behind;
use crate::harness::{as_written, run};

const ALICE: &str = "arn:aws:iam::111111111111:user/alice";
const LOGIN: &str = "hint: log in again: `aws login --profile work`";

fn logged_in(arn: &str) -> Behind {
    let desk = desk();
    let config = format!("[profile work]\nlogin_session = {arn}\nregion = us-east-1\n");
    desk.bench.aws_file("config", &config);
    desk.bench.aws_login(arn);
    desk
}

#[test]
fn a_console_session_is_refreshed_with_a_proof_of_its_key() {
    let desk = logged_in(ALICE);
    reaches(&mut |line| bare(&desk, line), ALICE, "alice");
    let refreshed = |desk: &Behind| {
        let actions = desk.bench.sandbox.actions();
        actions
            .iter()
            .filter(|it| *it == "CreateOAuth2Token")
            .count()
    };
    // The first command keeps what it got for fifteen minutes.
    assert_eq!(refreshed(&desk), 1);
    assert!(desk.hosts().contains(&format!("{}:443", LOGIN_HOSTS[2])));
}

#[test]
fn a_federated_console_session_is_named_after_its_session() {
    let role = "arn:aws:sts::111111111111:assumed-role/Console/carol";
    let desk = logged_in(ALICE);
    desk.bench.service_role("Console", "signin.amazonaws.com");
    desk.bench.aws_login(role);
    let config = format!("[profile work]\nlogin_session = {role}\nregion = us-east-1\n");
    desk.bench.aws_file("config", &config);
    reaches(&mut |line| bare(&desk, line), role, "carol");
}

#[test]
fn a_session_that_cannot_be_refreshed_names_the_login() {
    // Twelve hours later.
    let desk = logged_in(ALICE);
    desk.bench.sandbox.world(|world| {
        for session in &mut world.console_sessions {
            session.ends = std::time::SystemTime::UNIX_EPOCH;
        }
    });
    said(
        &run(&mut bare(&desk, "list")),
        20,
        &["session has expired", LOGIN],
    );
    // The password was changed.
    let desk = logged_in(ALICE);
    desk.bench
        .sandbox
        .world(|world| world.console_sessions[0].password_changed = true);
    said(
        &run(&mut bare(&desk, "list")),
        20,
        &["change in your password", LOGIN],
    );
    // The key of another session.
    let desk = logged_in(ALICE);
    let file = desk.bench.login_file(ALICE);
    let read = || -> serde_json::Value {
        serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap()
    };
    let mine = read();
    desk.bench.aws_login(ALICE);
    let mut mixed = read();
    mixed["dpopKey"] = mine["dpopKey"].clone();
    std::fs::write(&file, mixed.to_string()).unwrap();
    said(
        &run(&mut bare(&desk, "list")),
        20,
        &["refresh token is invalid", LOGIN],
    );
    // Never logged in, and a file that is not one.
    std::fs::write(&file, "{}").unwrap();
    said(&run(&mut bare(&desk, "list")), 20, &["accessKeyId", LOGIN]);
    std::fs::remove_file(&file).unwrap();
    said(
        &run(&mut bare(&desk, "list")),
        20,
        &["you are not logged in", &as_written("login/cache"), LOGIN],
    );
}

#[test]
fn a_console_session_is_not_led_to_another_host() {
    let desk = logged_in(ALICE);
    let name = "AWS_ENDPOINT_URL_SIGNIN";
    let ran = run(bare(&desk, "list").env(name, "https://evil.example"));
    said(&ran, 10, &[name, "this machine"]);
    assert_eq!(desk.hosts(), Vec::<String>::new());
}
