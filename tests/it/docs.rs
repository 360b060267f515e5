//! What README.md, CHANGELOG.md and docs/ say is so.

use std::path::Path;

use clap::CommandFactory as _;
use vendor_ssm::args::Args;
use vendor_ssm::exit::Exit;
use vendor_ssm_sandbox::world::{CUSTOMER, CUSTOMER_ROLE};

use crate::behind::Behind;
use crate::harness::{Bench, program};

/// All pages for people.
const PAGES: [&str; 22] = [
    "README.md",
    "CHANGELOG.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "docs/architecture.md",
    "docs/audit.md",
    "docs/customers.md",
    "docs/forward-and-ssh.md",
    "docs/installing.md",
    "docs/network.md",
    "docs/performance.md",
    "docs/policy-check.md",
    "docs/records.md",
    "docs/revoking.md",
    "docs/run.md",
    "docs/schemas/README.md",
    "docs/scripting.md",
    "docs/security.md",
    "docs/sessions.md",
    "docs/settings.md",
    "docs/troubleshooting.md",
    "fuzz/README.md",
];

const EXITS: [Exit; 28] = [
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
    Exit::CommandUnusable,
    Exit::CommandNotFound,
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn page(name: &str) -> String {
    std::fs::read_to_string(root().join(name)).unwrap()
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
fn console_blocks_are_true() {
    let behind = Behind::new(None);
    grant_all(&behind.bench);
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
    cases.register_bin("vendor-ssm", Path::new(program()));
    for page in PAGES {
        cases.case(root().join(page));
    }
    cases.run();
}

/// The customer's role allows what `run`, `forward` and `proxy` need too.
fn grant_all(bench: &Bench) {
    bench.sandbox.world(|world| {
        let role = world.role_mut(CUSTOMER, CUSTOMER_ROLE).unwrap();
        role.grant_documents(&["AWS-StartNonInteractiveCommand"])
            .unwrap();
    });
}

#[test]
fn the_exit_codes_are_the_programs_own() {
    let scripting = page("docs/scripting.md");
    let table: Vec<(&str, &str)> = scripting
        .split("## Exit codes")
        .nth(1)
        .unwrap()
        .lines()
        // The first table: another one says which of them Windows has.
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'))
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
fn the_settings_page_has_every_setting() {
    let bench = Bench::new();
    let settings = page("docs/settings.md");
    let example = block(&settings, "toml");
    bench.settings(example);
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
    for setting in said["settings"].as_array().unwrap() {
        let key = setting["key"].as_str().unwrap();
        let last = key.rsplit('.').next().unwrap();
        assert!(
            key == "config" || example.contains(&format!("{last} ")),
            "{key} is not in docs/settings.md"
        );
    }
}

#[test]
fn every_command_is_in_the_readme() {
    let readme = page("README.md");
    let names = |name: &str| {
        ["`", "vendor-ssm "]
            .iter()
            .any(|before| readme.contains(&format!("{before}{name}")))
    };
    for command in Args::command().get_subcommands() {
        let name = command.get_name();
        assert!(names(name), "{name}");
        for nested in command.get_subcommands() {
            let nested = nested.get_name();
            let is_there = names(&format!("{name} {nested}")) || names(nested);
            assert!(is_there, "{name} {nested}");
        }
    }
}

#[test]
fn every_error_has_its_section_in_troubleshooting() {
    let troubleshooting = page("docs/troubleshooting.md");
    let sections: Vec<&str> = troubleshooting
        .lines()
        .filter_map(|line| line.strip_prefix("### "))
        .collect();
    let errors = EXITS.iter().filter(|exit| **exit != Exit::Ok);
    assert_eq!(sections, errors.map(|exit| exit.name()).collect::<Vec<_>>());
}

/// Each JSON example has exactly the keys of what the program prints.
#[test]
fn the_json_examples_have_the_programs_keys() {
    let bench = Bench::new();
    grant_all(&bench);
    let policy = root().join("tests/guardrail-cases/01-star-star-session.json");
    let printed = [
        bench.run("run web --error-format json -- true").stderr,
        bench.run("list --output json --filter name=web-1").stdout,
        bench.run("connect web-1 --dry-run --output json").stdout,
        bench
            .run("run --filter name=web-1 --dry-run --output json -- uname")
            .stdout,
        bench.run("run web-1 --output json -- uname").stdout,
        bench.run("run web-1 --output jsonl -- uname").stdout,
        bench.run("whoami --output json").stdout,
        bench.run("history --output json").stdout,
        bench.run("doctor --output json").stdout,
        bench.run("customer test --output json").stdout,
        bench
            .run(&format!("policy check {} --output json", policy.display()))
            .stdout,
        bench.run("settings --output json").stdout,
    ];
    let scripting = page("docs/scripting.md");
    let examples: Vec<&str> = scripting
        .split("```json\n")
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap())
        .collect();
    assert_eq!(examples.len(), printed.len());
    for (example, printed) in examples.iter().zip(&printed) {
        let printed = printed.lines().last().unwrap();
        let keys = |text: &str| keys("", &serde_json::from_str(text).unwrap());
        assert_eq!(keys(example), keys(printed), "{example}{printed}");
    }
}

/// The paths of all keys; of an array, those of its first element.
fn keys(path: &str, value: &serde_json::Value) -> Vec<String> {
    match value {
        serde_json::Value::Object(object) => object
            .iter()
            .flat_map(|(key, value)| {
                let path = format!("{path}.{key}");
                [vec![path.clone()], keys(&path, value)].concat()
            })
            .collect(),
        serde_json::Value::Array(array) => array
            .first()
            .map_or_else(Vec::new, |first| keys(path, first)),
        _ => Vec::new(),
    }
}

/// Each link leads to a file of the repository, and each anchor to a heading in it.
#[test]
fn links_lead_somewhere() {
    for name in PAGES {
        let text = page(name);
        let folder = root().join(name).parent().unwrap().to_owned();
        for link in text.split("](").skip(1) {
            let link = link.split(')').next().unwrap();
            if link.contains("://") {
                continue;
            }
            let (file, anchor) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() {
                root().join(name)
            } else {
                folder.join(file)
            };
            assert!(target.exists(), "{name}: {link}");
            if !anchor.is_empty() {
                let target = std::fs::read_to_string(target).unwrap();
                let mut headings = target.lines().filter(|line| line.starts_with('#'));
                assert!(
                    headings.any(|heading| slug(heading) == anchor),
                    "{name}: {link}"
                );
            }
        }
    }
}

/// Each path in the source that a page names is there.
#[test]
fn paths_in_the_source_are_there() {
    for name in PAGES {
        for word in page(name).split('`').skip(1).step_by(2) {
            if word.starts_with("src/") || word.starts_with("tests/") {
                let is_pattern = word.contains(char::is_uppercase) || word.contains(' ');
                assert!(is_pattern || root().join(word).exists(), "{name}: {word}");
            }
            let inner = root().join("src/session").join(word);
            let folder = word.split('/').next().unwrap_or_default();
            if ["client", "ledger", "link", "service", "terminal"].contains(&folder)
                && Path::new(word).extension().is_some()
            {
                assert!(inner.exists(), "{name}: {word}");
            }
        }
    }
}

/// A heading's anchor, as GitHub makes it.
/// The tests below a folder, by module and name.
fn tests_in(folder: &Path, module: &str, found: &mut Vec<String>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let stem = path.file_stem().unwrap().to_str().unwrap();
        let name = match stem {
            "main" | "mod" => module.to_owned(),
            _ => format!("{module}{stem}::"),
        };
        if path.is_dir() {
            tests_in(&path, &name, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).unwrap();
            let tests = text.split("#[test]\nfn ").skip(1);
            found.extend(
                tests.filter_map(|test| Some(format!("{name}{}", test.split_once('(')?.0))),
            );
        }
    }
}

/// A promise whose test was renamed is a promise without a test.
#[test]
fn the_security_page_names_tests_that_are_there() {
    let (mut it, mut outside) = (Vec::new(), Vec::new());
    tests_in(&root().join("tests/it"), "", &mut it);
    tests_in(&root().join("tests/outside"), "", &mut outside);
    assert!(it.len() > 300 && outside.len() > 20);
    let page = page("docs/security.md");
    let mut named = 0;
    for text in page.split('`').skip(1).step_by(2) {
        let (tests, name) = match text.strip_prefix("outside ") {
            Some(name) => (&outside, name),
            None => (&it, text),
        };
        let is_name = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_:".contains(c);
        if !name.contains("::") || !name.chars().all(is_name) {
            continue;
        }
        named += 1;
        let is_there =
            |test: &String| test == name || name.ends_with("::") && test.starts_with(name);
        assert!(tests.iter().any(is_there), "no test is called {text}");
    }
    assert!(named > 20, "only {named} tests are named");
}

fn slug(heading: &str) -> String {
    let text = heading.trim_start_matches('#').trim().to_lowercase();
    text.chars()
        .filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'))
        .map(|c| if c == ' ' { '-' } else { c })
        .collect()
}

#[test]
fn every_page_is_tested() {
    for entry in std::fs::read_dir(root().join("docs")).unwrap() {
        let path = entry.unwrap().path();
        let name = path.strip_prefix(root()).unwrap().to_str().unwrap();
        let is_page = path.extension().is_some_and(|extension| extension == "md");
        assert!(!is_page || PAGES.contains(&name), "{name}");
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
