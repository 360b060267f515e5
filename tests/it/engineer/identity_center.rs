//! IAM Identity Center: `aws sso login`, and what its cached token is worth.

use vendor_ssm_sandbox::faults::{Fault, Kind};
use vendor_ssm_sandbox::world::Unassigned;

use super::{LOGIN_HOSTS, bare, desk, desk_with, reaches, said};
use crate::behind::Behind;
use crate::harness::engineer::{LEGACY_FILE, SESSION_FILE, SSO_LEGACY, SSO_ROLE, SSO_SESSION};
use crate::harness::{SETTINGS, as_written, run};

const LOGIN: &str = "hint: log in again: `aws sso login --profile work`";

/// An engineer who logged in; the token ends this many seconds from now.
fn logged_in(config: &str, lasts: i64) -> Behind {
    let desk = desk();
    desk.bench.aws_file("config", config);
    desk.bench.assign("alice@vendor.example");
    let file = if config == SSO_LEGACY {
        LEGACY_FILE
    } else {
        SESSION_FILE
    };
    desk.bench.sso_login("alice@vendor.example", file, lasts);
    desk
}

fn arn(name: &str) -> String {
    format!("arn:aws:sts::111111111111:assumed-role/{SSO_ROLE}/{name}")
}

fn count(desk: &Behind, action: &str) -> usize {
    let actions = desk.bench.sandbox.actions();
    actions.iter().filter(|it| *it == action).count()
}

#[test]
fn a_cached_token_leads_to_the_customer_under_the_persons_own_name() {
    for config in [SSO_SESSION, SSO_LEGACY] {
        let desk = logged_in(config, 3600);
        let name = "alice@vendor.example";
        reaches(&mut |line| bare(&desk, line), &arn(name), name);
        assert_eq!(count(&desk, "CreateToken"), 0);
        assert!(desk.hosts().contains(&format!("{}:443", LOGIN_HOSTS[0])));
        assert!(!desk.hosts().iter().any(|host| host.contains("oidc")));
    }
}

#[test]
fn an_expired_token_is_refreshed_and_kept_for_the_next_command() {
    let desk = logged_in(SSO_SESSION, -60);
    let name = "alice@vendor.example";
    let file = desk
        .bench
        .home()
        .join(format!(".aws/sso/cache/{SESSION_FILE}.json"));
    let before = std::fs::read_to_string(&file).unwrap();
    reaches(&mut |line| bare(&desk, line), &arn(name), name);
    // The refresh token is spent by the first command; the second has the new one.
    assert_eq!(count(&desk, "CreateToken"), 1);
    let after = std::fs::read_to_string(&file).unwrap();
    let token = |text: &str| -> serde_json::Value { serde_json::from_str(text).unwrap() };
    for key in ["accessToken", "refreshToken", "expiresAt"] {
        assert_ne!(token(&before)[key], token(&after)[key], "{key}");
    }
    assert!(desk.hosts().contains(&format!("{}:443", LOGIN_HOSTS[1])));
}

#[test]
fn several_customers_at_once_spend_one_refresh_token() {
    let desk = logged_in(SSO_SESSION, -60);
    // Two vendor roles, so that the base identity is loaded for each.
    let second = SETTINGS[SETTINGS.find("[customers.acme]").unwrap()..]
        .replace("acme", "globex")
        .replace("222222222222", "333333333333")
        .replace("ExternalID3rdPartyA", "ExternalID3rdPartyB-333");
    let own = "[customers.globex.vendor]\nduration_seconds = 1800\n";
    let settings = format!("{SETTINGS}{second}{own}");
    desk.bench
        .settings(&settings.replacen("[vendor]", "[vendor]\nprofile = \"work\"", 1));
    let ran = run(&mut bare(&desk, "list --all-customers"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(count(&desk, "CreateToken"), 1);
}

#[test]
fn a_token_that_cannot_be_refreshed_names_the_login() {
    // From before there was a refresh token.
    let desk = logged_in(SSO_LEGACY, -60);
    said(&run(&mut bare(&desk, "list")), 20, &["expired", LOGIN]);
    assert_eq!(
        count(&desk, "GetRoleCredentials"),
        0,
        "it is known to be expired"
    );
    // Never logged in.
    let desk = desk_with("profile = \"work\"");
    for config in [SSO_SESSION, SSO_LEGACY] {
        desk.bench.aws_file("config", config);
        let ran = run(&mut bare(&desk, "list"));
        said(
            &ran,
            20,
            &["you are not logged in", &as_written("sso/cache"), LOGIN],
        );
    }
    // Signed out by an administrator: the refresh is refused, and the token is expired.
    let desk = logged_in(SSO_SESSION, -60);
    desk.bench
        .sandbox
        .world(|world| world.identity_center.sign_out("alice@vendor.example"));
    said(
        &run(&mut bare(&desk, "list")),
        20,
        &["UnauthorizedException", LOGIN],
    );
    // The same while the token is still good on paper.
    let desk = logged_in(SSO_SESSION, 3600);
    desk.bench
        .sandbox
        .world(|world| world.identity_center.sign_out("alice@vendor.example"));
    let text = "UnauthorizedException: Session token not found or invalid";
    said(&run(&mut bare(&desk, "list")), 20, &[text, LOGIN]);
    // The registration of the client has ended too.
    let desk = logged_in(SSO_SESSION, -60);
    let file = desk
        .bench
        .home()
        .join(format!(".aws/sso/cache/{SESSION_FILE}.json"));
    let text = std::fs::read_to_string(&file).unwrap();
    let mut kept: serde_json::Value = serde_json::from_str(&text).unwrap();
    kept["registrationExpiresAt"] = "2020-01-01T00:00:00Z".into();
    std::fs::write(&file, kept.to_string()).unwrap();
    said(&run(&mut bare(&desk, "list")), 20, &["expired", LOGIN]);
    assert_eq!(count(&desk, "CreateToken"), 0);
}

#[test]
fn the_profile_with_the_login_is_the_one_to_log_in() {
    let desk = desk_with("profile = \"admin\"");
    desk.bench.aws_file(
        "config",
        &format!("{SSO_SESSION}[profile admin]\nrole_arn = arn:aws:iam::111111111111:role/Admin\nsource_profile = work\n"),
    );
    said(
        &run(&mut bare(&desk, "list")),
        20,
        &["`aws sso login --profile work`"],
    );
}

#[test]
fn a_role_that_is_not_assigned_is_not_a_matter_of_logging_in() {
    for (unassigned, code) in [
        (Unassigned::Forbidden, "ForbiddenException"),
        (Unassigned::NotFound, "ResourceNotFoundException"),
    ] {
        for (from, to) in [
            ("VendorEngineer", "VendorEngineeer"),
            (
                "sso_account_id = 111111111111",
                "sso_account_id = 222222222222",
            ),
        ] {
            let desk = logged_in(SSO_SESSION, 3600);
            desk.bench
                .sandbox
                .world(|world| world.identity_center.unassigned = unassigned);
            desk.bench
                .aws_file("config", &SSO_SESSION.replace(from, to));
            let ran = run(&mut bare(&desk, "list"));
            said(&ran, 20, &[code, "sso_account_id", "sso_role_name"]);
            assert!(!ran.stderr.contains("log in again"), "{ran:?}");
        }
    }
}

#[test]
fn the_portal_of_another_region_does_not_know_the_token() {
    let desk = logged_in(SSO_SESSION, 3600);
    let behind = desk.proxy.url();
    desk.bench.aws_file(
        "config",
        &SSO_SESSION.replace("sso_region = us-east-1", "sso_region = eu-west-1"),
    );
    let ran = run(bare(&desk, "list").env("HTTPS_PROXY", behind));
    // No such host in this sandbox: the network is to blame, and no login.
    assert_eq!(ran.code, 40, "{ran:?}");
    assert!(!ran.stderr.contains("aws sso login"), "{ran:?}");
}

#[test]
fn a_portal_that_is_unwell_is_not_a_matter_of_logging_in() {
    for (kind, code) in [(Kind::Throttle, 41), (Kind::Unavailable, 42)] {
        let desk = logged_in(SSO_SESSION, 3600);
        desk.bench
            .sandbox
            .faults()
            .add(Fault::new("GetRoleCredentials", kind));
        let ran = run(&mut bare(&desk, "list"));
        assert_eq!(ran.code, code, "{ran:?}");
        assert!(!ran.stderr.contains("aws sso login"), "{ran:?}");
        // Once is made good by trying again.
        let desk = logged_in(SSO_SESSION, 3600);
        desk.bench
            .sandbox
            .faults()
            .add(Fault::new("GetRoleCredentials", kind).times(1));
        let ran = run(&mut bare(&desk, "list"));
        assert_eq!(ran.code, 0, "{ran:?}");
    }
}

#[test]
fn another_persons_login_is_another_entry_of_the_cache() {
    let desk = logged_in(SSO_SESSION, 3600);
    let name = "alice@vendor.example";
    reaches(&mut |line| bare(&desk, line), &arn(name), name);
    desk.bench.assign("bob@vendor.example");
    desk.bench
        .sso_login("bob@vendor.example", SESSION_FILE, 3600);
    let name = "bob@vendor.example";
    reaches(&mut |line| bare(&desk, line), &arn(name), name);
}

#[test]
fn a_login_is_not_led_to_another_host() {
    let desk = logged_in(SSO_SESSION, -60);
    for name in ["AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL_SSO_OIDC"] {
        for url in [
            "https://evil.example",
            "https://x.s3.amazonaws.com",
            "http://u:p@192.0.2.1",
        ] {
            let ran = run(bare(&desk, "list").env(name, url));
            said(&ran, 10, &[name, "this machine"]);
            assert!(!ran.stderr.contains("u:p"), "{ran:?}");
        }
    }
    assert_eq!(desk.hosts(), Vec::<String>::new());
}
