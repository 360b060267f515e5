//! `whoami --cached`: what is noted of the cached roles, for prompts.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use serde_json::{Value, json};

use super::{Kept, settings};
use crate::harness::{Bench, Ran, run};

/// Runs it where neither a keyring nor a base identity can be had.
fn cached(bench: &Bench, line: &str) -> Ran {
    let mut command = bench.command(line.split_whitespace());
    command
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY")
        .env("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere");
    let ran = run(&mut command);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    ran
}

fn noted(bench: &Bench) -> Value {
    cached(bench, "whoami --cached --output json").json()
}

fn nothing() -> Value {
    json!({
        "version": 1,
        "customer": "acme",
        "base": {"arn": null},
        "vendor_role": {"arn": null, "expires": null, "source": null},
        "customer_role": {"arn": null, "account_id": null, "expires": null, "source": null},
    })
}

fn notes(bench: &Bench) -> Vec<PathBuf> {
    let folder = bench.home().join("state/vendor-ssm/roles");
    let entries = std::fs::read_dir(folder).into_iter().flatten();
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    found.sort();
    found
}

#[test]
fn whoami_cached_says_what_is_kept_until_logout() {
    let kept = Kept::new();
    let bench = &kept.bench;
    assert_eq!(noted(bench), nothing());
    kept.calls("login");
    let mut known = kept.whoami();
    known["base"]["arn"] = Value::Null;
    let calls = kept.sandbox().actions().len();
    assert_eq!(noted(bench), known);
    assert_eq!(known["customer_role"]["source"], "cache");
    let text = cached(bench, "whoami --cached").stdout;
    assert!(
        text.contains("customer role  arn:") && text.contains("Z, from cache)"),
        "{text}"
    );
    assert_eq!(kept.sandbox().actions().len(), calls);
    for note in notes(bench) {
        let mode = note.metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o7777, 0o600, "{}", note.display());
        let text = std::fs::read_to_string(&note).unwrap();
        for secret in ["ASIA", "ExternalID", "canary", "token"] {
            assert!(!text.contains(secret), "{text}");
        }
    }
    // Another customer's logout forgets the vendor role, which they share.
    kept.calls("logout -c shop");
    let mut left = nothing();
    left["customer_role"] = known["customer_role"].clone();
    assert_eq!(noted(bench), left);
    kept.calls("login -c shop");
    kept.calls("logout -c acme");
    assert_eq!(noted(bench), nothing());
    assert_eq!(notes(bench).len(), 1, "the other customer's");
    kept.calls("logout");
    assert_eq!(notes(bench), Vec::<PathBuf>::new());
}

#[test]
fn a_note_does_not_outlive_a_logout_without_a_keyring() {
    let mut kept = Kept::new();
    kept.calls("login");
    kept.keyring.kill_daemon();
    assert_eq!(run(&mut kept.command("logout -c acme")).code, 12);
    assert_eq!(noted(&kept.bench), nothing());
}

#[test]
fn nothing_is_noted_that_is_not_kept() {
    let kept = Kept::new();
    kept.calls("whoami --no-cache");
    assert_eq!(notes(&kept.bench), Vec::<PathBuf>::new());
    kept.bench.settings(&settings("none"));
    kept.calls("whoami");
    assert_eq!(notes(&kept.bench), Vec::<PathBuf>::new());
    kept.bench.settings(&settings("keyring"));
    kept.calls("login");
    assert_ne!(noted(&kept.bench), nothing());
    let switched_off = cached(&kept.bench, "whoami --cached --no-cache --output json");
    assert_eq!(switched_off.json(), nothing());
}

#[test]
fn a_note_that_is_expired_or_of_another_role_says_nothing() {
    let kept = Kept::new();
    kept.calls("login");
    let good = noted(&kept.bench);
    // Another role in the settings, and back.
    let role = "SSMStartSession_IAM_Role_ThirdPartyA";
    let other = settings("keyring").replacen(role, "Another", 1);
    kept.bench.settings(&other);
    assert_eq!(noted(&kept.bench)["customer_role"]["arn"], Value::Null);
    // Another session name, and back.
    let named = |name: &str| {
        let vendor = format!("[vendor]\nrole_session_name = \"{name}\"");
        settings("keyring").replacen("[vendor]", &vendor, 1)
    };
    kept.bench.settings(&named("bob"));
    assert_eq!(noted(&kept.bench), nothing());
    kept.bench.settings(&named("alice"));
    assert_eq!(noted(&kept.bench), good);
    kept.bench.settings(&settings("keyring"));
    assert_eq!(noted(&kept.bench), good);
    for text in [
        r#"{"version":1,"arn":"ARN","expires":1700000000}"#,
        r#"{"version":2,"arn":"ARN","expires":99999999999}"#,
        r#"{"version":1,"arn":"ARN","expires":-1}"#,
        "nonsense",
        "",
    ] {
        for note in notes(&kept.bench) {
            let kind = if note.to_str().unwrap().contains("/vendor-") {
                "vendor_role"
            } else {
                "customer_role"
            };
            let arn = good[kind]["arn"].as_str().unwrap();
            std::fs::write(note, text.replace("ARN", arn)).unwrap();
        }
        assert_eq!(noted(&kept.bench), nothing(), "{text}");
    }
}
