//! `tests/systems/it.txt` names each module of these tests.
//! It runs against the Windows program under wine, or the list says why it does not.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// Whose a reason is.
const WHOSE: [&str; 3] = ["wine: ", "Unix: ", "here: "];

fn read(name: &str) -> String {
    let file = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests")
        .join(name);
    std::fs::read_to_string(file).unwrap()
}

/// This program's own tests, by their paths.
fn tests() -> Vec<String> {
    let listed = Command::new(std::env::current_exe().unwrap())
        .args(["--list", "--format", "terse"])
        .output()
        .unwrap();
    let listed = String::from_utf8(listed.stdout).unwrap();
    let names = listed
        .lines()
        .filter_map(|line| line.strip_suffix(": test"));
    names.map(str::to_owned).collect()
}

#[test]
fn each_module_runs_under_wine_or_says_why_not() {
    let main = read("it/main.rs");
    let modules = main.lines().filter_map(|line| {
        let name = line.strip_prefix("mod ")?.strip_suffix(';')?;
        (!matches!(name, "harness" | "questions")).then_some(name)
    });
    let modules: BTreeSet<&str> = modules.collect();
    let tests = tests();
    assert!(tests.len() > 300, "{}", tests.len());
    let list = read("systems/it.txt");
    let mut named = BTreeSet::new();
    let mut wrong = Vec::new();
    for line in list
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
    {
        let (name, reason) = match (line.strip_prefix("in "), line.strip_prefix("out ")) {
            (Some(name), _) => (name, None),
            (_, Some(rest)) => match rest.split_once(" | ") {
                Some((name, reason)) => (name, Some(reason)),
                None => (rest, Some("")),
            },
            _ => (line, Some("")),
        };
        let begins = |reason: &str| WHOSE.iter().any(|whose| reason.starts_with(whose));
        if reason.is_some_and(|reason| !begins(reason)) {
            wrong.push(format!("without a reason: {line}"));
        }
        let below = format!("{name}::");
        if modules.contains(name) {
            if !named.insert(name) {
                wrong.push(format!("named twice: {name}"));
            }
        } else if reason.is_none()
            || !tests
                .iter()
                .any(|test| *test == name || test.starts_with(&below))
        {
            wrong.push(format!("there is no such module or test: {line}"));
        }
    }
    for module in modules.difference(&named) {
        wrong.push(format!("{module} is in neither list"));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
