//! What a finding says: what is wrong in a sentence, and the smallest change that mends it, on a line.

use super::condition::Clause;
use super::guardrail::{Guardrail, Judged, Warning};
use super::pattern::{Answer, Piece};
use super::statement::Statement;
use super::target::Target;
use super::template::NOT_IN_FILE;

/// The tag that a fix proposes where the policy goes by none.
const TAG: &str = "ExternalAccessGrantedTo";

/// The sentence for a violation.
pub(super) fn violation(judged: &Judged<'_>, guardrail: Guardrail) -> String {
    let statement = judged.statement;
    let why = if judged.partial.is_empty() {
        looseness(statement)
    } else {
        format!(
            "the Deny {} does not take these back",
            names(&judged.partial)
        )
    };
    format!(
        "{} is allowed on all {}: {why}",
        guardrail.action(),
        kinds(&judged.open)
    )
}

/// The smallest change that mends a violation.
pub(super) fn mend(judged: &Judged<'_>, guardrail: Guardrail) -> String {
    let statement = judged.statement;
    let conditions = &statement.conditions;
    let tag = judged.tag.unwrap_or(TAG);
    if let Some(deny) = judged.partial.first() {
        let missing: Vec<&str> = judged.open.iter().map(|target| target.every()).collect();
        if deny.resources.all_but {
            return format!(
                "give the Deny {} a Resource with {}",
                deny.name(),
                missing.join(", ")
            );
        }
        return format!(
            "add {} to the Resource of the Deny {}",
            missing.join(", "),
            deny.name()
        );
    }
    for clause in &conditions.clauses {
        if clause.tag().is_none() {
            continue;
        }
        let hollow = |value: &&super::pattern::Pattern| clause.is_hollow(value) != Answer::No;
        if clause.is_positive_on_tag() {
            if let Some(value) = clause.values.iter().find(hollow) {
                return format!(
                    "replace the value \"{}\" of {} by the tag value that is granted",
                    value.shown, clause.key
                );
            }
            if clause.lets_absent_in() {
                return format!("write {} in place of {}", clause.strict(), clause.operator);
            }
        }
        if clause.is_negated() || clause.is_null() {
            return format!(
                "put StringEquals on {} with the tag value that is granted, in place of {}",
                clause.key, clause.operator
            );
        }
    }
    if is_broad(statement, guardrail) {
        let every: Vec<String> = guardrail
            .targets()
            .iter()
            .map(|target| format!("\"{}\"", target.every()))
            .collect();
        return format!(
            "add to this policy {{\"Effect\": \"Deny\", \"Action\": \"{}\", \"Resource\": [{}], \"Condition\": {{\"StringNotEquals\": {{\"ssm:resourceTag/{tag}\": \"VALUE\"}}}}}}, or name an emergency role with --break-glass ROLE",
            guardrail.action(),
            every.join(", ")
        );
    }
    let condition = if conditions.is_empty() {
        format!("add \"Condition\": {{\"StringEquals\": {{\"ssm:resourceTag/{tag}\": \"VALUE\"}}}}")
    } else {
        format!("add \"StringEquals\": {{\"ssm:resourceTag/{tag}\": \"VALUE\"}} to its Condition")
    };
    // A document has no such tag: in the same statement it would no longer be granted.
    let reaches_documents = statement.resources.all_but
        || statement
            .resources
            .patterns
            .iter()
            .any(|resource| resource.shown == "*" || resource.shown.contains(":document/"));
    if reaches_documents {
        format!("{condition}, and allow the documents in a statement of their own")
    } else {
        format!("{condition}, or name the instances in Resource")
    }
}

/// The sentence for what cannot be decided.
pub(super) fn undecided(judged: &Judged<'_>, guardrail: Guardrail) -> String {
    let opens = doubts(judged);
    let rests = if opens.is_empty() && !judged.partial.is_empty() {
        format!(
            "accounts that the policy does not name are not taken back by the Deny {}",
            names(&judged.partial)
        )
    } else if opens.is_empty() {
        "what it grants cannot be known from this file".to_owned()
    } else {
        format!("it rests on {}", opens.join(", "))
    };
    format!(
        "whether {} is allowed on all {} cannot be decided: {rests}",
        guardrail.action(),
        kinds(&judged.open)
    )
}

/// What would let it be decided.
pub(super) fn decide(judged: &Judged<'_>) -> String {
    let tag = judged.tag.unwrap_or(TAG);
    if let Some(malformed) = &judged.statement.malformed
        && malformed.starts_with("the ")
    {
        return format!("mend {malformed}");
    }
    match doubts(judged).first() {
        Some(open) if open.ends_with(NOT_IN_FILE) => {
            "check what `aws iam get-policy-version` prints of it".to_owned()
        }
        Some(open) if open.starts_with("${") && open.contains(',') => {
            format!(
                "write {open} without a default value, or put StringEquals on ssm:resourceTag/{tag}"
            )
        }
        Some(open) => format!(
            "write the value out in place of {open}, or put StringEquals on ssm:resourceTag/{tag}"
        ),
        None if !judged.partial.is_empty() => format!(
            "put * in place of the account in the Resource of the Deny {}, or StringEquals on ssm:resourceTag/{tag} into this statement",
            names(&judged.partial)
        ),
        None => format!("put StringEquals on ssm:resourceTag/{tag}"),
    }
}

fn doubts(judged: &Judged<'_>) -> Vec<String> {
    let mut opens = judged.statement.opens();
    for deny in &judged.partial {
        opens.extend(deny.opens());
    }
    opens.truncate(3);
    opens
}

/// A warning's sentence and its fix.
pub(super) fn warning(warning: &Warning, guardrail: Guardrail) -> (String, String) {
    match warning {
        Warning::SetOperator { operator, strict } => (
            format!("set operator on a single-valued key: {operator} on a tag of the target"),
            format!("write {strict} in place of {operator}"),
        ),
        Warning::DeadKey { key } => {
            let tag = key.split_once('/').map_or(TAG, |(_, tag)| tag);
            (
                format!(
                    "condition key is not sent with this call: the statement grants nothing ({key} with {})",
                    guardrail.action()
                ),
                format!("write ssm:resourceTag/{tag} in place of {key}"),
            )
        }
        Warning::IdPrefix { resource } => (
            format!(
                "id prefix: {resource} grants whatever id begins so, and ids are given at random"
            ),
            "name the whole id, or put StringEquals on a tag".to_owned(),
        ),
        Warning::ValuePattern { value } => (
            format!(
                "value pattern: \"{value}\" fits every tag value of that form, those of others too"
            ),
            "write StringEquals and the whole value".to_owned(),
        ),
        Warning::DocumentWildcard { resource } => (
            format!(
                "document wildcard: {resource} grants every document, those that forward ports or run commands too"
            ),
            "name the documents that are meant".to_owned(),
        ),
        Warning::RestsOnDeny { deny } => (
            format!("scope rests on a Deny; keep it in the same policy ({deny})"),
            "put StringEquals on the same tag into this statement as well".to_owned(),
        ),
    }
}

/// Why nothing ties the statement to a tag.
fn looseness(statement: &Statement) -> String {
    let conditions = &statement.conditions;
    if conditions.is_empty() {
        return "no condition names a tag of the target".to_owned();
    }
    for clause in conditions.clauses.iter().filter(|one| one.tag().is_some()) {
        if let Some(reason) = looseness_of(clause) {
            return reason;
        }
    }
    let mut keys: Vec<&str> = conditions
        .clauses
        .iter()
        .map(|clause| clause.key.as_str())
        .collect();
    keys.dedup();
    keys.truncate(3);
    format!(
        "its condition ({}) is not about the target",
        keys.join(", ")
    )
}

fn looseness_of(clause: &Clause) -> Option<String> {
    let hollow = clause
        .values
        .iter()
        .find(|value| clause.is_hollow(value) != Answer::No);
    if clause.is_negated() {
        return Some(format!(
            "{} lets in every target but those it lists",
            clause.operator
        ));
    }
    if clause.is_null() {
        return Some(format!(
            "Null asks only whether there is a tag {}",
            clause.tag()?
        ));
    }
    if let (true, Some(value)) = (clause.is_positive_on_tag(), hollow) {
        let is_itself = value
            .pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Named(_)));
        return Some(if is_itself {
            format!("{} is compared with itself", clause.key)
        } else {
            let (value, key) = (&value.shown, &clause.key);
            format!("the value \"{value}\" of {key} fits every tag value")
        });
    }
    (clause.is_positive_on_tag() && clause.lets_absent_in())
        .then(|| format!("{} lets in targets without the tag", clause.operator))
}

/// Whether the statement grants much more than the call: a condition on it would bind all of that.
fn is_broad(statement: &Statement, guardrail: Guardrail) -> bool {
    statement.actions.all_but
        || !statement
            .actions
            .patterns
            .iter()
            .any(|action| action.shown.eq_ignore_ascii_case(guardrail.action()))
}

fn kinds(targets: &[Target]) -> String {
    let kinds: Vec<&str> = targets.iter().map(|target| target.plural()).collect();
    match kinds.split_last() {
        Some((last, [])) => (*last).to_owned(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => "targets".to_owned(),
    }
}

fn names(statements: &[&Statement]) -> String {
    let names: Vec<String> = statements.iter().map(|one| one.name()).collect();
    names.join(", ")
}
