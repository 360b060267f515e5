//! `settings`.

use crate::harness::{Bench, Ran, SETTINGS, run};

fn setting(ran: &Ran, key: &str) -> (serde_json::Value, String) {
    let said = ran.json();
    let setting = said["settings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|setting| setting["key"] == key)
        .unwrap_or_else(|| panic!("{key} is missing in {said}"));
    (
        setting["value"].clone(),
        setting["origin"].as_str().unwrap().to_owned(),
    )
}

#[test]
fn every_value_says_where_it_came_from() {
    let bench = Bench::new();
    let ran = bench.run("settings --output json --profile other --region eu-west-1 --no-cache");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.json()["version"], 1);
    assert_eq!(
        setting(&ran, "vendor.profile"),
        ("other".into(), "flag --profile".to_owned())
    );
    assert_eq!(
        setting(&ran, "customers.acme.regions"),
        ("eu-west-1".into(), "flag --region".to_owned())
    );
    assert_eq!(
        setting(&ran, "cache.store"),
        ("none".into(), "flag --no-cache".to_owned())
    );
    assert_eq!(
        setting(&ran, "config").1,
        "environment VENDOR_SSM_CONFIG".to_owned()
    );
    assert_eq!(
        setting(&ran, "vendor.role_arn").1,
        "file config.toml:2".to_owned()
    );
    assert_eq!(
        setting(&ran, "vendor.duration_seconds"),
        ("3600".into(), "default".to_owned())
    );
    assert_eq!(
        setting(&ran, "vendor.mfa_serial").0,
        serde_json::Value::Null
    );
    assert!(bench.sandbox.trail().is_empty());
}

#[test]
fn the_external_id_is_hidden_and_the_text_has_columns() {
    let ran = Bench::new().run("settings");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(!ran.stdout.contains("ExternalID3rdPartyA"), "{ran:?}");
    assert!(ran.stdout.contains("…tyA"), "{ran:?}");
    let title: Vec<&str> = ran
        .stdout
        .lines()
        .next()
        .unwrap()
        .split_whitespace()
        .collect();
    assert_eq!(title, ["KEY", "VALUE", "FROM"]);
}

#[test]
fn a_variable_outranks_the_file_and_aws_generic_ones_do_not() {
    let bench = Bench::new();
    bench.settings(&format!(
        "default_customer = \"acme\"\n{SETTINGS}{}",
        SETTINGS[SETTINGS.find("[customers.acme]").unwrap()..]
            .replace("customers.acme", "customers.beta")
            .replace("ExternalID3rdPartyA", "another")
    ));
    let mut command = bench.command(["settings", "--output", "json"]);
    let ran = run(command
        .env("VENDOR_SSM_CUSTOMER", "beta")
        .env("AWS_REGION", "eu-central-1"));
    assert_eq!(
        setting(&ran, "default_customer"),
        ("beta".into(), "environment VENDOR_SSM_CUSTOMER".to_owned())
    );
    assert_eq!(
        setting(&ran, "customers.acme.regions").0,
        serde_json::Value::from("us-east-1")
    );
    let mut command = bench.command(["settings", "--output", "json"]);
    let empty = run(command.env("VENDOR_SSM_CUSTOMER", ""));
    assert_eq!(setting(&empty, "default_customer").0, "acme");
}

#[test]
fn what_is_wrong_in_the_file_is_named_with_its_place() {
    let bench = Bench::new();
    bench.settings(&SETTINGS.replace("external_id", "externl_id"));
    let ran = bench.run("settings");
    assert_eq!(ran.code, 10, "{ran:?}");
    assert!(ran.stderr.starts_with("error[settings]: "), "{ran:?}");
    assert!(ran.stderr.contains("config.toml:9:1"), "{ran:?}");
    assert!(ran.stderr.contains("external_id"), "{ran:?}");
    assert!(!ran.stderr.contains("ExternalID3rdPartyA"), "{ran:?}");
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_write_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;

    let bench = Bench::new();
    std::fs::set_permissions(bench.config(), std::fs::Permissions::from_mode(0o666)).unwrap();
    let ran = bench.run("list");
    assert_eq!(ran.code, 10, "{ran:?}");
    assert!(ran.stderr.contains("mode 0666"), "{ran:?}");
    assert!(bench.sandbox.trail().is_empty());
}

#[test]
fn two_customers_with_one_external_id_are_warned_of() {
    let bench = Bench::new();
    let second = SETTINGS[SETTINGS.find("[customers.acme]").unwrap()..]
        .replace("customers.acme", "customers.beta");
    bench.settings(&format!("{SETTINGS}{second}"));
    let ran = bench.run("settings");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stderr.starts_with("warning: ")
            && ran.stderr.contains("acme")
            && ran.stderr.contains("beta"),
        "{ran:?}"
    );
}
