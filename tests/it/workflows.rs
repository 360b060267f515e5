//! .github/workflows: actions are GitHub's own and pinned by commit, one job can write, and no
//! expression is part of a command. actionlint reads the rest: tests/workflows.

use std::collections::BTreeMap;
use std::path::Path;

/// Every workflow's name and text.
fn workflows() -> Vec<(String, String)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(".github/workflows");
    let mut found: Vec<(String, String)> = std::fs::read_dir(folder)
        .unwrap()
        .map(|entry| {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect();
    found.sort();
    let names: Vec<&str> = found.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["ci.yml", "release.yml"]);
    found
}

/// How far a line is indented.
fn indent(line: &str) -> usize {
    line.len() - line.trim_start().len()
}

#[test]
fn every_action_is_github_s_own_and_pinned_by_one_commit() {
    let mut pins: BTreeMap<String, String> = BTreeMap::new();
    for (name, text) in workflows() {
        for line in text.lines() {
            let line = line.trim_start().trim_start_matches("- ");
            let Some(used) = line.strip_prefix("uses: ") else {
                assert!(!line.contains("uses:"), "{name}: {line}");
                continue;
            };
            if used.starts_with("./.github/workflows/") {
                continue;
            }
            let (action, pin) = used.split_once('@').unwrap();
            let (commit, version) = pin.split_once(" # v").unwrap();
            assert!(action.starts_with("actions/"), "{name}: {action}");
            assert!(
                commit.len() == 40 && commit.bytes().all(|byte| byte.is_ascii_hexdigit()),
                "{name}: {commit}"
            );
            assert_eq!(version.split('.').count(), 3, "{name}: {version}");
            let known = pins.entry(action.to_owned()).or_insert(pin.to_owned());
            assert_eq!(known, pin, "{name}: {action} has two pins");
        }
    }
    assert_eq!(pins.len(), 4, "{pins:#?}");
}

#[test]
fn only_the_job_that_publishes_can_write() {
    for (name, text) in workflows() {
        let top = text.lines().find(|line| line.starts_with("permissions:"));
        let expected = match name.as_str() {
            "ci.yml" => "permissions:",
            _ => "permissions: {}",
        };
        assert_eq!(top, Some(expected), "{name}");
        assert!(!text.contains("write-all"), "{name}");
        assert!(!text.contains("pull_request_target"), "{name}");
        assert!(!text.contains("secrets."), "{name}");

        let mut job = "";
        let mut writing = Vec::new();
        for line in text.lines().filter(|line| !line.trim().starts_with('#')) {
            if indent(line) == 2 {
                job = line.trim().trim_end_matches(':');
            }
            if line.trim().ends_with(": write") {
                writing.push(job);
            }
        }
        writing.dedup();
        let expected: &[&str] = if name == "release.yml" {
            &["publish"]
        } else {
            &[]
        };
        assert_eq!(writing, expected, "{name}");
    }
}

/// An expression is replaced before the shell reads the command: a tag's name would be a command.
#[test]
fn no_expression_is_part_of_a_command() {
    let mut commands = 0;
    for (name, text) in workflows() {
        let mut within = None;
        for line in text.lines() {
            let start = line.trim_start().trim_start_matches("- ");
            if within.is_some_and(|from| indent(line) <= from && !line.is_empty()) {
                within = None;
            }
            if start.starts_with("run: ") {
                commands += 1;
                within = Some(indent(line));
            }
            assert!(
                within.is_none() || !line.contains("${{"),
                "{name}: {line}: hand it over in `env`"
            );
        }
    }
    assert!(commands > 10, "only {commands} commands were read");
}

#[test]
fn checkouts_keep_no_token() {
    for (name, text) in workflows() {
        let checkouts = text.matches("uses: actions/checkout@").count();
        let without = text.matches("persist-credentials: false").count();
        assert_eq!(checkouts, without, "{name}");
    }
}

/// The files say so until a run on GitHub is on record.
#[test]
fn the_workflows_say_that_nobody_has_run_them() {
    for (name, text) in workflows() {
        assert!(
            text.contains("Nobody has run this workflow yet"),
            "{name}: has it run? Then say where, and change this test"
        );
    }
}
