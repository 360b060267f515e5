//! A web identity: a build service's token, which STS exchanges for a role.

use std::time::Duration;

use super::{bare, desk, desk_with, reaches, said};
use crate::behind::Behind;
use crate::harness::run;

const ROLE: &str = "arn:aws:iam::111111111111:role/Builds";

fn token(desk: &Behind, subject: &str, lasts: u64) -> String {
    let now = desk.bench.sandbox.clock().now();
    let made = desk.bench.sandbox.world(|world| {
        world
            .identity_provider
            .token(subject, now, Duration::from_secs(lasts))
    });
    let file = desk.bench.aws_file("token", &made);
    file.to_str().unwrap().to_owned()
}

fn profile(desk: &Behind, file: &str, more: &str) {
    let config = format!(
        "[profile work]\nrole_arn = {ROLE}\nweb_identity_token_file = {file}\nregion = us-east-1\n{more}"
    );
    desk.bench.aws_file("config", &config);
}

#[test]
fn the_profiles_session_name_is_the_name() {
    let desk = desk();
    desk.bench.web_role("Builds", "repo:vendor/runbooks");
    let file = token(&desk, "repo:vendor/runbooks", 600);
    profile(&desk, &file, "role_session_name = runbooks\n");
    let base = "arn:aws:sts::111111111111:assumed-role/Builds/runbooks";
    reaches(&mut |line| bare(&desk, line), base, "runbooks");
}

#[test]
fn the_variables_do_without_a_profile() {
    let desk = desk_with("");
    desk.bench.web_role("Builds", "repo:vendor/runbooks");
    let file = token(&desk, "repo:vendor/runbooks", 600);
    let variables = [
        ("AWS_WEB_IDENTITY_TOKEN_FILE", file.as_str()),
        ("AWS_ROLE_ARN", ROLE),
        ("AWS_ROLE_SESSION_NAME", "nightly"),
    ];
    let mut command = |line: &str| {
        let mut command = bare(&desk, line);
        command.envs(variables);
        command
    };
    let base = "arn:aws:sts::111111111111:assumed-role/Builds/nightly";
    reaches(&mut command, base, "nightly");
}

#[test]
fn without_a_session_name_nobody_is_made_up() {
    let desk = desk();
    desk.bench.web_role("Builds", "repo:vendor/runbooks");
    let file = token(&desk, "repo:vendor/runbooks", 600);
    profile(&desk, &file, "");
    let ran = run(&mut bare(&desk, "list"));
    said(&ran, 10, &["no name", "vendor.role_session_name"]);
}

#[test]
fn what_sts_refuses_is_said_with_what_to_do() {
    let desk = desk();
    desk.bench.web_role("Builds", "repo:vendor/runbooks");
    let more = "role_session_name = runbooks\n";
    let hint = "hint: get a new token into";
    let file = token(&desk, "repo:vendor/runbooks", 0);
    profile(&desk, &file, more);
    said(
        &run(&mut bare(&desk, "list")),
        20,
        &["ExpiredTokenException", hint, &file],
    );
    std::fs::write(&file, "no token").unwrap();
    said(
        &run(&mut bare(&desk, "list")),
        20,
        &["InvalidIdentityToken", hint],
    );
    std::fs::write(&file, "").unwrap();
    said(
        &run(&mut bare(&desk, "list")),
        20,
        &["InvalidIdentityToken", hint],
    );
    std::fs::remove_file(&file).unwrap();
    said(&run(&mut bare(&desk, "list")), 20, &["token file", &file]);
    // The role trusts another subject: no new token helps.
    let file = token(&desk, "repo:vendor/other", 600);
    profile(&desk, &file, more);
    let ran = run(&mut bare(&desk, "list"));
    said(
        &ran,
        20,
        &["Not authorized to perform", "ask the role's admin"],
    );
    assert!(!ran.stderr.contains(hint), "{ran:?}");
}

#[test]
fn a_new_token_is_another_entry_and_the_name_stays() {
    let desk = desk();
    desk.bench.web_role("Builds", "repo:vendor/runbooks");
    for _ in 0..2 {
        let file = token(&desk, "repo:vendor/runbooks", 600);
        profile(&desk, &file, "role_session_name = runbooks\n");
        let base = "arn:aws:sts::111111111111:assumed-role/Builds/runbooks";
        reaches(&mut |line| bare(&desk, line), base, "runbooks");
    }
}
