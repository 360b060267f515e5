//! What README.md and CHANGELOG.md say is so.

use std::path::Path;

use vendor_ssm::exit::Exit;

use crate::behind::Behind;
use crate::harness::{Bench, program};

const EXITS: [Exit; 26] = [
    Exit::Ok,
    Exit::Internal,
    Exit::Usage,
    Exit::Findings,
    Exit::Partial,
    Exit::Settings,
    Exit::Plugin,
    Exit::Keyring,
    Exit::LocalIo,
    Exit::BaseCredentials,
    Exit::VendorRoleDenied,
    Exit::CustomerRoleDenied,
    Exit::CredentialsRevoked,
    Exit::IdentityMismatch,
    Exit::NoMatch,
    Exit::Ambiguous,
    Exit::NotConnected,
    Exit::StartDenied,
    Exit::Network,
    Exit::Throttled,
    Exit::AwsError,
    Exit::NotOpened,
    Exit::Lost,
    Exit::MayStillBeOpen,
    Exit::NeedsTerminal,
    Exit::Declined,
];

fn page(name: &str) -> String {
    std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(name)).unwrap()
}

/// The first fenced block of this kind.
fn block<'a>(page: &'a str, kind: &str) -> &'a str {
    let fence = format!("```{kind}\n");
    let begin = page.find(&fence).unwrap() + fence.len();
    let length = page[begin..].find("```").unwrap();
    &page[begin..begin + length]
}

/// The console blocks run as they stand, on AWS's own host names:
/// a proxy leads them to the sandbox.
#[test]
fn the_readmes_console_blocks_are_true() {
    let behind = Behind::new(None);
    let cases = trycmd::TestCases::new();
    for (name, value) in behind.environment() {
        cases.env(name, value);
    }
    for unset in [
        "AWS_ENDPOINT_URL",
        "AWS_PROFILE",
        "AWS_SESSION_TOKEN",
        "NO_PROXY",
        "no_proxy",
        "https_proxy",
        "VENDOR_SSM_CUSTOMER",
        "VENDOR_SSM_REASON",
        "VENDOR_SSM_LOG",
    ] {
        cases.env(unset, "");
    }
    cases
        .register_bin("vendor-ssm", Path::new(program()))
        .case(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"))
        .run();
}

#[test]
fn the_readmes_exit_codes_are_the_programs_own() {
    let readme = page("README.md");
    let table: Vec<(&str, &str)> = readme
        .split("## Exit codes")
        .nth(1)
        .unwrap()
        .lines()
        .filter_map(|line| {
            let mut cells = line.strip_prefix("| ")?.split(" | ");
            let cells = (cells.next()?, cells.next()?);
            cells
                .0
                .starts_with(|c: char| c.is_ascii_digit())
                .then_some(cells)
        })
        .collect();
    let mut expected: Vec<(String, &str)> = EXITS
        .iter()
        .map(|exit| (exit.code().to_string(), exit.name()))
        .collect();
    expected.push(("129, 130, 131, 143".to_owned(), Exit::Signal(2).name()));
    let expected: Vec<(&str, &str)> = expected
        .iter()
        .map(|(code, name)| (code.as_str(), *name))
        .collect();
    assert_eq!(table, expected);
}

#[test]
fn the_readmes_settings_are_settings() {
    let bench = Bench::new();
    bench.settings(block(&page("README.md"), "toml"));
    let ran = bench.run("settings --output json");
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    let said = ran.json();
    let value = |key: &str| {
        let settings = said["settings"].as_array().unwrap();
        let setting = settings.iter().find(|setting| setting["key"] == key);
        setting.unwrap()["value"].as_str().map(str::to_owned)
    };
    for (key, expected) in [
        ("default_customer", "acme"),
        ("vendor.profile", "vendor-sso"),
        ("session.client", "auto"),
        ("cache.store", "auto"),
        ("customers.acme.confirm", "true"),
        ("customers.acme.require_reason", "true"),
    ] {
        assert_eq!(value(key).as_deref(), Some(expected), "{key}");
    }
    // Every key that the program knows is in the example, commented or not.
    let readme = page("README.md");
    for setting in said["settings"].as_array().unwrap() {
        let key = setting["key"].as_str().unwrap();
        let last = key.rsplit('.').next().unwrap();
        assert!(
            key == "config"
                || key.contains(".documents.")
                || block(&readme, "toml").contains(&format!("{last} ")),
            "{key} is not in the README's settings"
        );
    }
}

#[test]
fn every_command_and_error_format_is_in_the_readme() {
    let readme = page("README.md");
    for word in [
        "connect [TARGET]",
        "`forward TARGET -L SPEC`",
        "`proxy TARGET [PORT]`",
        "`list`",
        "`whoami`",
        "`login`",
        "`logout`",
        "`sessions list`",
        "`sessions terminate`",
        "`history`",
        "`settings`",
        "completions SHELL",
        "`man`",
        "--error-format json",
        "--output json",
    ] {
        assert!(readme.contains(word), "{word}");
    }
}

#[test]
fn the_changelogs_top_entry_is_this_version() {
    let changelog = page("CHANGELOG.md");
    let top = changelog
        .lines()
        .find_map(|line| line.strip_prefix("## ["))
        .unwrap();
    let version = top.split(']').next().unwrap();
    assert_eq!(version, env!("CARGO_PKG_VERSION"));
}
