//! The kit's templates under programs that others wrote.
//! iam-simulate answers the questions of tests/kit/questions.json as the sandbox does, and cfn-lint
//! finds no mistake.

mod mutants;

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

use crate::harness;
use crate::questions::{Table, Templates};
use crate::venv;

/// Regions where customers deploy.
const REGIONS: [&str; 2] = ["us-east-1", "eu-west-1"];

/// The questions that it cannot decide are skipped.
/// The table states the reason, and the test fails if that is no longer the reason.
#[test]
fn iam_simulate_answers_every_question_alike() {
    let table = Table::read();
    let cases = table.cases(&Templates::printed()).unwrap();
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    let installed = here.join("target/kit");
    assert!(
        installed.join("node_modules").exists(),
        "{} is missing: run tests/all, which installs it",
        installed.display()
    );
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("cases.json");
    std::fs::write(&file, Value::from(cases).to_string()).unwrap();
    let ran = harness::run(
        Command::new("node")
            .arg(here.join("tests/kit/prove.mjs"))
            .args([&installed, &file]),
    );
    assert_eq!(ran.code, 0, "{ran:?}");
    let answers = ran.json();
    let answers = answers.as_array().unwrap();
    assert_eq!(answers.len(), table.questions.len());
    let wrong: Vec<String> = table
        .questions
        .iter()
        .zip(answers)
        .filter_map(|(question, answered)| {
            let wanted = match &question.simulator {
                Some(reason) => format!("refused: {reason}"),
                None => question.answer.clone(),
            };
            (*answered != wanted).then(|| format!("{}: {answered}", question.asks))
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:#?}");
}

#[test]
fn cfn_lint_has_nothing_to_say() {
    let Templates { vendor, customer } = Templates::printed();
    let found = lint(&[
        ("vendor.yaml".to_owned(), vendor),
        ("customer.yaml".to_owned(), customer),
    ]);
    assert!(found.is_empty(), "{found:#?}");
}

/// What cfn-lint finds in files of these names and texts, as `name: rule message`.
fn lint(files: &[(String, String)]) -> Vec<String> {
    let directory = tempfile::tempdir().unwrap();
    let paths: Vec<PathBuf> = files
        .iter()
        .map(|(name, text)| {
            let path = directory.path().join(name);
            std::fs::write(&path, text).unwrap();
            path
        })
        .collect();
    let ran = harness::run(
        Command::new(venv::program("cfn-lint"))
            .args(["--format", "json", "--regions"])
            .args(REGIONS)
            .arg("--template")
            .args(paths),
    );
    let found = ran.json();
    let said = |found: &Value| {
        let text = |key: &str| found[key].as_str().unwrap_or_default().to_owned();
        let path = text("Filename");
        let name = Path::new(&path).file_name().unwrap().to_string_lossy();
        format!("{name}: {} {}", found["Rule"]["Id"], text("Message"))
    };
    found.as_array().unwrap().iter().map(said).collect()
}
