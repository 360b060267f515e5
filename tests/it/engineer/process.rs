//! `credential_process`, Roles Anywhere's helper among them, and files that are not regular ones.

use std::os::unix::fs::PermissionsExt as _;
use std::time::{Duration, Instant};

use super::{bare, desk, reaches, said};
use crate::behind::Behind;
use crate::harness::{is_windows, native, run};

/// A program that prints credentials of the role `Anywhere`, as `aws_signing_helper
/// credential-process` does: the session is named after the certificate's serial number.
/// It is named as the shell takes it, in quotes.
fn helper(desk: &Behind, expiration: &str) -> String {
    let alice = desk.bench.sandbox.credentials("alice").unwrap();
    let printed = format!(
        "{{\"Version\":1,\"AccessKeyId\":\"{}\",\"SecretAccessKey\":\"{}\"{expiration}}}",
        alice.access_key_id, alice.secret_access_key
    );
    if is_windows() {
        let text =
            format!("@if not \"%1\"==\"credential-process\" exit /b 2\r\n@echo {printed}\r\n");
        let file = desk.bench.aws_file("aws_signing_helper.cmd", &text);
        return format!("\"{}\"", native(file));
    }
    let text =
        format!("#!/bin/sh\n[ \"$1\" = credential-process ] || exit 2\nprintf '{printed}'\n");
    let file = desk.bench.aws_file("aws_signing_helper", &text);
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o755)).unwrap();
    format!("'{}'", file.display())
}

fn process(desk: &Behind, command: &str) {
    let config = format!("[profile work]\ncredential_process = {command}\nregion = us-east-1\n");
    desk.bench.aws_file("config", &config);
}

#[test]
fn a_helper_gives_the_credentials() {
    let desk = desk();
    let helper = helper(&desk, "");
    process(
        &desk,
        &format!(
            "{helper} credential-process --certificate /etc/pki/alice.pem --private-key /etc/pki/alice.key"
        ),
    );
    let base = "arn:aws:iam::111111111111:user/alice";
    reaches(&mut |line| bare(&desk, line), base, "alice");
}

#[test]
fn what_a_helper_does_wrong_is_said() {
    let desk = desk();
    let odd = desk.bench.home().join("odd");
    std::fs::write(&odd, b"\xff").unwrap();
    let odd = format!("cat < {}", native(odd));
    let missing = "/nonexistent/helper credential-process";
    let cases: [(&str, &[&str]); 6] = if is_windows() {
        [
            (
                "echo certificate has expired>&2& exit 1",
                &["exit code: 1", "certificate has expired"],
            ),
            ("true", &["could not parse"]),
            ("echo {\"Version\":2}", &["Version"]),
            (
                "echo {\"Version\":1,\"AccessKeyId\":\"A\"}",
                &["SecretAccessKey"],
            ),
            // The words are those of cmd.exe.
            (missing, &["exit code: ", "helper"]),
            (&odd, &["UTF-8"]),
        ]
    } else {
        [
            (
                "echo 'certificate has expired' >&2; exit 1",
                &["exit status: 1", "certificate has expired"],
            ),
            ("true", &["could not parse"]),
            ("echo '{\"Version\":2}'", &["Version"]),
            (
                "echo '{\"Version\":1,\"AccessKeyId\":\"A\"}'",
                &["SecretAccessKey"],
            ),
            (missing, &["not found"]),
            (&odd, &["UTF-8"]),
        ]
    };
    for (command, parts) in cases {
        process(&desk, command);
        let ran = run(&mut bare(&desk, "list"));
        said(&ran, 20, parts);
        assert!(ran.stderr.contains("profile work"), "{ran:?}");
    }
    let expired = helper(&desk, ",\"Expiration\":\"2020-01-01T00:00:00Z\"");
    process(&desk, &format!("{expired} credential-process"));
    let ran = run(&mut bare(&desk, "list"));
    said(&ran, 20, &["expired at 2020-01-01T00:00:00Z"]);
    assert!(desk.bench.sandbox.trail().is_empty());
}

#[test]
fn a_helper_that_prints_without_end_is_stopped() {
    let desk = desk();
    let much = desk.bench.home().join("much");
    std::fs::write(&much, "x".repeat(3_000_000)).unwrap();
    let much = native(much);
    let [endless, much, status] = if is_windows() {
        // A step of 0 never gets to the end.
        [
            format!("for /l %i in (1,0,2) do @echo {}", "x".repeat(3000)),
            format!("cat < {much} 1>&2& exit 3"),
            "exit code: 3".to_owned(),
        ]
    } else {
        [
            "cat /dev/zero".to_owned(),
            format!("cat < {much} >&2; exit 3"),
            "exit status: 3".to_owned(),
        ]
    };
    process(&desk, &endless);
    let begun = Instant::now();
    let ran = run(&mut bare(&desk, "list"));
    said(&ran, 20, &["more than"]);
    assert!(
        begun.elapsed() < Duration::from_secs(50),
        "{:?}",
        begun.elapsed()
    );
    // Its complaint is bounded too.
    process(&desk, &much);
    let ran = run(&mut bare(&desk, "list"));
    said(&ran, 20, &[&status]);
    assert!(ran.stderr.len() < 10_000, "{}", ran.stderr.len());
}

/// A pipe without a writer, and a device without an end, in the place of each file.
#[test]
fn what_is_no_file_is_refused_at_once() {
    let desk = desk();
    let pipe = desk.bench.home().join("pipe");
    let made = std::process::Command::new("mkfifo")
        .arg(&pipe)
        .status()
        .unwrap();
    assert!(made.success());
    for odd in [pipe.to_str().unwrap(), "/dev/zero"] {
        for variable in ["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"] {
            let begun = Instant::now();
            let ran = run(bare(&desk, "list").env(variable, odd));
            assert_eq!(ran.code, 20, "{ran:?}");
            assert!(ran.stderr.contains(odd), "{ran:?}");
            assert!(ran.stderr.contains("not a regular file"), "{ran:?}");
            assert!(begun.elapsed() < Duration::from_secs(50));
        }
        desk.bench.aws_file(
            "config",
            &format!("[profile work]\nrole_arn = arn:aws:iam::111111111111:role/r\nweb_identity_token_file = {odd}\n"),
        );
        said(
            &run(&mut bare(&desk, "list")),
            20,
            &[odd, "not a regular file"],
        );
        std::fs::remove_file(desk.bench.home().join(".aws/config")).unwrap();
    }
    // The tokens of both logins.
    let session = "arn:aws:iam::111111111111:user/alice";
    let login = format!("[profile work]\nlogin_session = {session}\n");
    let sso = crate::harness::engineer::SSO_SESSION;
    let tokens = [
        (login.as_str(), desk.bench.login_file(session)),
        (
            sso,
            desk.bench.home().join(format!(
                ".aws/sso/cache/{}.json",
                crate::harness::engineer::SESSION_FILE
            )),
        ),
    ];
    for (config, token) in tokens {
        desk.bench.aws_file("config", config);
        std::fs::create_dir_all(token.parent().unwrap()).unwrap();
        for odd in [pipe.to_str().unwrap(), "/dev/zero"] {
            let _ = std::fs::remove_file(&token);
            std::os::unix::fs::symlink(odd, &token).unwrap();
            let ran = run(&mut bare(&desk, "list"));
            said(&ran, 20, &["not a regular file", token.to_str().unwrap()]);
        }
    }
}

/// A mistake in the profile is a setting to correct, and no login helps.
#[test]
fn a_mistake_in_the_profile_is_not_a_login() {
    let desk = desk();
    let role = "role_arn = arn:aws:iam::111111111111:role/r\n";
    for (config, part) in [
        (format!("[profile work]\n{role}source_profile = x\n[profile x]\n{role}source_profile = work\n"), "circle"),
        (format!("[profile work]\n{role}"), "source_profile"),
        (format!("[profile work]\n{role}source_profile = x\ncredential_source = Environment\n"), "both"),
        (format!("[profile work]\n{role}source_profile = x\n"), "\"x\", which does not exist"),
        (format!("[profile work]\n{role}source_profile = work\n"), "no credentials"),
        (format!("[profile work]\n{role}credential_source = Nowhere\n"), "EcsContainer"),
        ("[profile work]\nweb_identity_token_file = /x\n".to_owned(), "role_arn"),
        ("[profile work]\naws_access_key_id = AKIA\n".to_owned(), "aws_secret_access_key"),
        ("[profile work]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\n".to_owned(), "[sso-session corp]"),
        ("[profile work]\nsso_start_url = https://x\nsso_region = us-east-1\n".to_owned(), "sso_account_id"),
        ("[profile work]\nsso_session = corp\nsso_account_id = 1\n[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://x\n".to_owned(), "sso_role_name"),
    ] {
        let file = desk.bench.aws_file("config", &config);
        let ran = run(&mut bare(&desk, "list"));
        said(&ran, 10, &[part, &native(file)]);
        assert!(!ran.stderr.contains("login"), "{ran:?}");
    }
    // A profile that is not there, or that has nothing in it, is a base identity to set up.
    for config in ["", "[profile work]\nregion = us-east-1\n"] {
        desk.bench.aws_file("config", config);
        said(
            &run(&mut bare(&desk, "list")),
            20,
            &["aws configure --profile work"],
        );
    }
}
