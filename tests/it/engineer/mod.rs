//! Base identities as engineers have them, each from its login to the customer's instances.
//! The services answer under AWS's own host names, through the sandbox's proxy, or over plain HTTP
//! where AWS itself has plain HTTP. The sandbox's portal, OIDC, sign-in, IMDS and container
//! services are written from the documentation: no recording of AWS is behind them. aws-cli judges
//! them in `tests/outside/engineer.rs`, but their refusals only as far as it reads them.

mod identity_center;
mod machine;
mod mfa;
mod process;
mod sign_in;
mod web_identity;

use std::process::Command;

use crate::behind::{Behind, HOSTS};
use crate::harness::{Ran, SETTINGS, run};

/// The services of IAM Identity Center and AWS Sign-In in the one region.
const LOGIN_HOSTS: [&str; 3] = [
    "portal.sso.us-east-1.amazonaws.com",
    "oidc.us-east-1.amazonaws.com",
    "us-east-1.signin.aws.amazon.com",
];

/// A sandbox under AWS's own names, and settings that start from the profile `work`.
fn desk() -> Behind {
    desk_with("profile = \"work\"")
}

/// The same with another line under `[vendor]`.
fn desk_with(line: &str) -> Behind {
    let behind = Behind::serving(&[&HOSTS[..], &LOGIN_HOSTS].concat(), None);
    behind
        .bench
        .settings(&SETTINGS.replace("[vendor]", &format!("[vendor]\n{line}")));
    behind
}

/// The program without exported keys.
fn bare(behind: &Behind, line: &str) -> Command {
    let mut command = behind.command(line);
    command
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY");
    command
}

/// Who the base identity is, and that it leads to the customer's instances under this name.
fn reaches(command: &mut dyn FnMut(&str) -> Command, base: &str, name: &str) {
    let ran = run(&mut command("whoami --output json"));
    assert_eq!(ran.code, 0, "{ran:?}");
    let said = ran.json();
    assert_eq!(said["base"]["arn"], base, "{said}");
    let vendor = format!("arn:aws:sts::111111111111:assumed-role/3P_IAM_Assume_Role/{name}");
    assert_eq!(said["vendor_role"]["arn"], vendor, "{said}");
    let ran = run(&mut command("list"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("web-1"), "{ran:?}");
}

/// The exit code, and each of these in what was said; nothing of Rust's Debug text.
fn said(ran: &Ran, code: i32, parts: &[&str]) {
    assert_eq!(ran.code, code, "{ran:?}");
    for part in parts {
        assert!(ran.stderr.contains(part), "{part}: {ran:?}");
    }
    for raw in [" { ", "Some(", "Code(", "unhandled", "\\u{a}", "has a bug"] {
        assert!(!ran.stderr.contains(raw), "{raw}: {ran:?}");
    }
}
