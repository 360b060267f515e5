//! Guardrails on policies: whether a policy opens targets that nothing restricts.
//!
//! They are about sessions and commands on targets that the policy does not name and no tag
//! restricts. Pure: text in, findings out. What cannot be decided is a finding, never a pass.
//!
//! ```text
//! text ──> node (json, yaml) ──> source (account, template, cases, intrinsic) ──> holder, document
//!      ──> statement, condition ──> guardrail ──> advice
//! ```

mod account;
mod advice;
mod allowed_pattern;
mod bucket;
mod cases;
mod closing;
mod condition;
mod document;
mod doubt;
#[cfg(test)]
mod false_passes;
mod ground;
mod guardrail;
mod holder;
mod intrinsic;
mod json;
mod logical;
mod nested;
mod node;
mod pattern;
mod place;
mod profile;
mod quoted;
mod resolved;
mod session;
mod set;
mod source;
mod statement;
mod target;
mod template;
#[cfg(test)]
mod tests;
mod yaml;

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use ground::Ground;
pub(crate) use guardrail::Guardrail;
use guardrail::{Judged, Verdict, judge};
use holder::{Cased, HolderKind, Policy};
pub(crate) use source::NotAPolicy;
use statement::{Statement, statements};

/// How serious a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Severity {
    /// The policy breaks the guardrail.
    Violation,
    /// The policy may break it; the file does not say.
    Undecided,
    /// The policy breaks it, and only roles listed with `--break-glass` have the policy.
    Exempt,
    /// The policy keeps the guardrail, and something in it is worth a look.
    Warning,
}

impl Severity {
    /// Whether the check fails because of it (exit code 3).
    pub(crate) fn fails(self) -> bool {
        matches!(self, Self::Violation | Self::Undecided)
    }

    /// The word that text and JSON show.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Violation => "violation",
            Self::Undecided => "undecided",
            Self::Exempt => "exempt",
            Self::Warning => "warning",
        }
    }
}

/// What is wrong, or worth a look, in one statement.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct Finding {
    /// The guardrail that the statement was judged by.
    pub guardrail: Guardrail,
    /// Whether it fails the check.
    pub severity: Severity,
    /// The line of the statement in the file, from 1.
    pub line: usize,
    /// The statement's Sid, if it has one.
    pub sid: Option<String>,
    /// The Sid, or the statement's number if it has none.
    pub statement: String,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The smallest change that corrects it, in one line.
    pub fix: Option<String>,
}

/// The result for one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Checked {
    /// How many policies the file holds.
    pub policies: usize,
    /// In the order of their lines.
    pub findings: Vec<Finding>,
}

/// Says whether the text is one policy that can narrow a session, in JSON.
/// STS says what it cannot read; here is refused what it would read differently than it looks, and
/// what is not such a policy at all.
///
/// # Errors
///
/// If it is not JSON, has a key twice, or is not a policy of that kind.
pub(crate) fn check_session_policy(text: &str) -> Result<(), String> {
    let root = json::read(text).map_err(|error| format!("it is not JSON: {error}"))?;
    session::check(&root)
}

/// Checks the policies in the text of a file.
/// `break_glass`: names or ARNs of roles whose violations are exempt.
///
/// # Errors
///
/// If the text is neither JSON nor YAML, or holds no policy.
pub(crate) fn check(text: &str, break_glass: &[String]) -> Result<Checked, NotAPolicy> {
    let roots = source::read(text)?;
    let mut policies: Vec<Cased> = Vec::new();
    if roots.is_empty() {
        return Err(NotAPolicy::Other);
    }
    for root in roots {
        policies.extend(source::policies(&root).ok_or(NotAPolicy::Other)?);
    }
    let mut found = Found::default();
    let mut documents = HashSet::new();
    for cased in policies.iter().filter(|cased| cased.defaults) {
        documents.insert((cased.policy.document.line, cased.policy.title.as_str()));
        found.extend(of(&cased.policy, break_glass));
    }
    let failing: HashSet<(usize, Guardrail)> = found
        .findings
        .keys()
        .filter(|finding| finding.severity.fails())
        .map(|finding| (finding.line, finding.guardrail))
        .collect();
    for cased in policies.iter().filter(|cased| !cased.defaults) {
        let worse = of(&cased.policy, break_glass).into_iter();
        let worse = worse.filter(|finding| finding.severity.fails());
        let new = worse.filter(|one| !failing.contains(&(one.line, one.guardrail)));
        found.extend(new.map(|finding| {
            let title = format!("{}: ", shortened(&cased.policy.title));
            let what = finding.message.strip_prefix(&title);
            let what = what.unwrap_or(&finding.message);
            Finding {
                severity: Severity::Warning,
                message: format!(
                    "{title}this depends on a parameter's default value; with another value, {what}"
                ),
                ..finding
            }
        }));
    }
    Ok(Checked {
        policies: documents.len(),
        findings: found.in_order(),
    })
}

/// The findings, each once: most cases of a template give the same.
#[derive(Default)]
struct Found {
    /// With the number of its turn.
    findings: HashMap<Finding, usize>,
}

impl Found {
    fn extend(&mut self, more: impl IntoIterator<Item = Finding>) {
        for finding in more {
            let turn = self.findings.len();
            self.findings.entry(finding).or_insert(turn);
        }
    }

    fn in_order(self) -> Vec<Finding> {
        let mut findings: Vec<(Finding, usize)> = self.findings.into_iter().collect();
        findings.sort_unstable_by_key(|(finding, turn)| {
            (finding.line, finding.severity, finding.guardrail, *turn)
        });
        findings.into_iter().map(|(finding, _)| finding).collect()
    }
}

/// A policy's title in a finding: names that AWS takes are shorter than the limit.
fn shortened(title: &str) -> &str {
    const LONGEST: usize = 512;
    match title.char_indices().nth(LONGEST) {
        Some((end, _)) => &title[..end],
        None => title,
    }
}

/// The findings on one policy.
fn of(policy: &Policy, break_glass: &[String]) -> Vec<Finding> {
    let statements = statements(&policy.document);
    let is_exempt = !policy.holders.is_empty()
        && policy.holders.iter().all(|holder| {
            holder.kind != HolderKind::Other && break_glass.iter().any(|role| holder.is(role))
        });
    let ground = Ground::new(&statements);
    let mut findings = Vec::new();
    let finding = |guardrail, severity, statement: &Statement, message: String, fix| Finding {
        guardrail,
        severity,
        line: statement.line,
        sid: statement.sid.clone(),
        statement: statement.name(),
        message: if policy.title.is_empty() {
            message
        } else {
            format!("{}: {message}", shortened(&policy.title))
        },
        fix,
    };
    for guardrail in [Guardrail::SendCommand, Guardrail::StartSession] {
        for judged in judge(&statements, &ground, guardrail) {
            if let Some((severity, message, fix)) = verdict(&judged, guardrail, is_exempt) {
                findings.push(finding(guardrail, severity, judged.statement, message, fix));
            }
            for warning in &judged.warnings {
                let (message, fix) = advice::warning(warning, guardrail);
                let warned = Severity::Warning;
                findings.push(finding(
                    guardrail,
                    warned,
                    judged.statement,
                    message,
                    Some(fix),
                ));
            }
        }
    }
    for (statement, action, resource) in bucket::written_anywhere(&statements) {
        findings.push(finding(
            Guardrail::BucketWrite,
            Severity::Warning,
            statement,
            format!("{action} is allowed on S3 buckets that the policy does not name ({resource}), also on those of other accounts"),
            Some("name the bucket in Resource, or put StringEquals on aws:ResourceAccount".to_owned()),
        ));
    }
    for (statement, beyond) in profile::excess(&statements) {
        let beyond = beyond.join(", ");
        findings.push(finding(
            Guardrail::InstanceProfile,
            Severity::Warning,
            statement,
            format!("an instance profile for Session Manager does not need {beyond}; any OS user of the instance can use its credentials"),
            Some(format!("remove {beyond}")),
        ));
    }
    findings
}

fn verdict(
    judged: &Judged<'_>,
    guardrail: Guardrail,
    is_exempt: bool,
) -> Option<(Severity, String, Option<String>)> {
    let (severity, message, fix) = match judged.verdict {
        Verdict::Ok => return None,
        Verdict::Violation => (
            Severity::Violation,
            advice::violation(judged, guardrail),
            advice::mend(judged, guardrail),
        ),
        Verdict::Undecided => (
            Severity::Undecided,
            advice::undecided(judged, guardrail),
            advice::decide(judged),
        ),
    };
    if is_exempt {
        let message = format!("{message}; the role is listed with --break-glass");
        return Some((Severity::Exempt, message, None));
    }
    Some((severity, message, Some(fix)))
}
