//! What the targets in `fuzz/` run: one function for each, which panics if a promise is broken.
//!
//! A test runs the same functions over the seeds in `fuzz/seeds`, with the stable compiler.

use std::time::Instant;

use crate::{identity, policy as checker, session, settings as file};

/// The channel of `connect`.
pub fn connect(bytes: &[u8]) {
    session::fuzzing::connect(bytes, now());
}

/// The channel of `run`.
pub fn run(bytes: &[u8]) {
    session::fuzzing::run(bytes, now());
}

/// The channel of `forward`, and the connections that it carries.
pub fn forward(bytes: &[u8]) {
    session::fuzzing::forward(bytes, now());
}

/// The channel of `proxy`.
pub fn proxy(bytes: &[u8]) {
    session::fuzzing::proxy(bytes, now());
}

/// An entry of the credential cache.
pub fn cache_entry(bytes: &[u8]) {
    identity::fuzzing::cache_entry(bytes);
}

/// The settings file, and an edit of it.
pub fn settings(bytes: &[u8]) {
    file::fuzzing::settings(bytes);
}

/// The files of `policy check`.
/// They are judged the same way twice, and JSON as it is without its blanks. A finding names a line
/// of the file. A role that is exempt makes nothing worse.
///
/// # Panics
///
/// If one of these promises is broken.
pub fn policy(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    let checked = checker::check(text, &[]);
    assert_eq!(checker::check(text, &[]), checked);
    let Ok(checked) = checked else {
        return;
    };
    let fails = |checked: &checker::Checked| {
        let mut severities = checked.findings.iter().map(|found| found.severity);
        severities.any(checker::Severity::fails)
    };
    let lines = text.lines().count();
    for finding in &checked.findings {
        assert!((1..=lines.max(1)).contains(&finding.line), "{finding:?}");
    }
    let exempt = checker::check(text, &["Emergency".to_owned()]);
    assert!(exempt.is_ok_and(|exempt| fails(&checked) || !fails(&exempt)));
    let is_json = text.trim_start().starts_with(['{', '[']);
    if is_json && let Ok(value) = serde_json::from_str::<serde_json::Value>(text) {
        let printed = checker::check(&value.to_string(), &[]);
        assert!(printed.is_ok_and(|printed| fails(&printed) == fails(&checked)));
    }
}

/// The moment at which a conversation begins; it makes no difference which.
fn now() -> Instant {
    Instant::now()
}

#[cfg(test)]
mod tests;
