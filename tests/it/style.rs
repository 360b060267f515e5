//! Plain English: every text that a person reads is held to the rules that a program can check.
//! A sentence has at most 30 words; the phrases of `rules` are not used; nothing speaks of "we".

mod rules;
mod texts;

use std::path::{Path, PathBuf};
use std::process::Command;

use texts::Text;

use crate::harness::program;

/// A place's file, a part of the fault that is found there, and why it stays.
const EXCEPTIONS: [(&str, &str, &str); 0] = [];

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files below a folder that end so, each with its path from the top and its text.
fn files(folder: &str, ending: &str) -> Vec<(String, String)> {
    let mut folders = vec![top().join(folder)];
    let mut found: Vec<PathBuf> = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.to_string_lossy().ends_with(ending) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
        .into_iter()
        .map(|path| {
            let name = path.strip_prefix(top()).unwrap().display().to_string();
            (name, std::fs::read_to_string(path).unwrap())
        })
        .collect()
}

/// Nothing may be wrong with these texts but the exceptions, each of which is needed.
fn holds(texts: &[Text]) {
    assert!(!texts.is_empty());
    let mut wrong = Vec::new();
    let mut used = [false; EXCEPTIONS.len()];
    for text in texts {
        for fault in rules::faults(&text.text) {
            let known = EXCEPTIONS.iter().position(|(place, known, _)| {
                text.place.starts_with(place) && fault.contains(known)
            });
            match known {
                Some(at) => used[at] = true,
                None => wrong.push(format!("{}: {fault}", text.place)),
            }
        }
    }
    for ((place, known, _), used) in EXCEPTIONS.iter().zip(used) {
        let is_here = texts.iter().any(|text| text.place.starts_with(place));
        if is_here && !used {
            wrong.push(format!("{place}: the exception {known:?} is not needed"));
        }
    }
    assert!(
        wrong.is_empty(),
        "{}\n{} faults",
        wrong.join("\n"),
        wrong.len()
    );
}

fn page(name: &str) -> Vec<Text> {
    let page = std::fs::read_to_string(top().join(name)).unwrap();
    texts::markdown(name, &page)
}

/// What `vendor-ssm WORDS --help` prints, and what it prints for the commands below.
fn help(words: &[&str], texts: &mut Vec<Text>) {
    let ran = Command::new(program())
        .args(words)
        .arg("--help")
        .env_clear()
        .output()
        .unwrap();
    let help = String::from_utf8(ran.stdout).unwrap();
    assert!(help.contains("Usage:"), "{words:?}: {help}");
    texts.extend(texts::help(&format!("{} --help", words.join(" ")), &help));
    let commands = help.split("Commands:\n").nth(1).unwrap_or_default();
    for line in commands.lines().take_while(|line| !line.is_empty()) {
        let name = line.split_whitespace().next().unwrap();
        if line.starts_with("  ") && !line.starts_with("   ") && name != "help" {
            help_of(words, name, texts);
        }
    }
}

fn help_of(words: &[&str], name: &str, texts: &mut Vec<Text>) {
    help(&[words, &[name]].concat(), texts);
}

#[test]
fn help_is_plain() {
    let mut texts = Vec::new();
    help(&[], &mut texts);
    assert!(texts.len() > 300, "{}", texts.len());
    holds(&texts);
}

#[test]
fn the_readme_is_plain() {
    holds(&page("README.md"));
}

#[test]
fn docs_are_plain() {
    let texts: Vec<Text> = files("docs", ".md")
        .iter()
        .flat_map(|(name, text)| texts::markdown(name, text))
        .collect();
    holds(&texts);
}

#[test]
fn contributing_is_plain() {
    holds(&page("CONTRIBUTING.md"));
}

#[test]
fn security_is_plain() {
    holds(&page("SECURITY.md"));
}

/// Only what is not released yet: the past is not rewritten.
#[test]
fn the_changelog_is_plain() {
    let page = std::fs::read_to_string(top().join("CHANGELOG.md")).unwrap();
    let mut parts = page.split("\n## ");
    let unreleased = parts.find(|part| part.contains("Unreleased")).unwrap();
    holds(&texts::markdown("CHANGELOG.md (Unreleased)", unreleased));
}

/// Errors, hints, notices and warnings.
#[test]
fn what_the_program_says_is_plain() {
    let sources = files("src", ".rs");
    let product = sources
        .iter()
        .filter(|(name, _)| !name.ends_with("tests.rs"));
    let texts: Vec<Text> = product
        .flat_map(|(name, source)| texts::literals(name, source))
        .collect();
    holds(&texts);
}

#[test]
fn templates_are_plain() {
    let texts: Vec<Text> = files("src", ".yaml")
        .iter()
        .flat_map(|(name, template)| texts::template(name, template))
        .collect();
    holds(&texts);
}

/// What the tests expect to be printed.
#[test]
fn snapshots_are_plain() {
    let texts: Vec<Text> = files("tests/it", ".rs")
        .iter()
        .filter(|(name, _)| !name.contains("/style") && !name.contains("/lexer"))
        .flat_map(|(name, source)| {
            let snapshots = source.split("str![[r#\"").skip(1);
            let name = name.clone();
            snapshots.flat_map(move |snapshot| {
                let snapshot = snapshot.split("\"#]]").next().unwrap_or_default();
                let lines = snapshot.lines();
                let name = name.clone();
                lines
                    .map(move |line| Text {
                        place: name.clone(),
                        text: line.to_owned(),
                    })
                    .collect::<Vec<_>>()
            })
        })
        .collect();
    holds(&texts);
}

#[test]
fn comments_in_src_are_plain() {
    comments("src");
}

#[test]
fn comments_in_tests_are_plain() {
    comments("tests");
}

fn comments(folder: &str) {
    let texts: Vec<Text> = files(folder, ".rs")
        .iter()
        .filter(|(name, _)| !name.contains("/style"))
        .flat_map(|(name, source)| texts::comments(name, source))
        .collect();
    holds(&texts);
}

#[test]
fn a_comments_line_has_100_columns_at_most() {
    shapes(&["src", "tests"], texts::too_long);
}

#[test]
fn the_first_line_of_a_doc_comment_says_what_it_is() {
    shapes(&["src"], texts::goes_on);
}

fn shapes(folders: &[&str], of: impl Fn(&str, &str) -> Vec<Text>) {
    let mut wrong = Vec::new();
    for (name, source) in folders.iter().flat_map(|folder| files(folder, ".rs")) {
        let shapes = of(&name, &source).into_iter();
        wrong.extend(shapes.map(|text| format!("{}: {}", text.place, text.text)));
    }
    assert!(
        wrong.is_empty(),
        "{}\n{} faults",
        wrong.join("\n"),
        wrong.len()
    );
}
