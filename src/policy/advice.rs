//! The words of a finding: what is wrong, and the smallest change that corrects it.

use super::condition::Clause;
use super::doubt::Doubt;
use super::guardrail::{Guardrail, Judged, Warning};
use super::pattern::{Answer, Piece};
use super::statement::{MOST_DOUBTS, Statement, names};
use super::target::Target;

/// The tag that a fix proposes if the policy names none.
const TAG: &str = "ExternalAccessGrantedTo";

/// The sentence for a violation.
pub(super) fn violation(judged: &Judged<'_>, guardrail: Guardrail) -> String {
    let statement = judged.statement;
    let why = if judged.partial.is_empty() {
        looseness(statement)
    } else {
        format!("the Deny {} does not cover these", names(&judged.partial))
    };
    format!(
        "{} is allowed on all {}: {why}",
        guardrail.action(),
        kinds(&judged.open)
    )
}

/// The smallest change that corrects a violation.
pub(super) fn mend(judged: &Judged<'_>, guardrail: Guardrail) -> String {
    let statement = judged.statement;
    let conditions = &statement.conditions;
    let tag = judged.tag.unwrap_or(TAG);
    if let Some(deny) = judged.partial.first() {
        let missing: Vec<&str> = judged.open.iter().map(|target| target.every()).collect();
        if deny.resources.all_but {
            return format!(
                "replace NotResource of the Deny {} with a Resource that lists {}",
                deny.short_name(),
                missing.join(", ")
            );
        }
        return format!(
            "add {} to the Resource of the Deny {}",
            missing.join(", "),
            deny.short_name()
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
                    "replace the value \"{}\" of {} with the tag value that you grant",
                    value.shown, clause.key
                );
            }
            if clause.lets_absent_in() {
                return format!("replace {} with {}", clause.operator, clause.strict());
            }
        }
        if clause.is_negated() || clause.is_null() {
            return format!(
                "replace {} with StringEquals on {} and the tag value that you grant",
                clause.operator, clause.key
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
            "add to this policy {{\"Effect\": \"Deny\", \"Action\": \"{}\", \"Resource\": [{}], \"Condition\": {{\"StringNotEquals\": {{\"ssm:resourceTag/{tag}\": \"VALUE\"}}}}}}, or list an emergency role with --break-glass ROLE",
            guardrail.action(),
            every.join(", ")
        );
    }
    let condition = if conditions.is_empty() {
        format!("add \"Condition\": {{\"StringEquals\": {{\"ssm:resourceTag/{tag}\": \"VALUE\"}}}}")
    } else {
        format!("add \"StringEquals\": {{\"ssm:resourceTag/{tag}\": \"VALUE\"}} to its Condition")
    };
    // A document has no such tag: the condition would take it out of the grant.
    let reaches_documents = statement.resources.all_but
        || statement
            .resources
            .patterns
            .iter()
            .any(|resource| resource.shown == "*" || resource.shown.contains(":document/"));
    if reaches_documents {
        format!("{condition}, and allow the documents in a separate statement")
    } else {
        format!("{condition}, or list the instances in Resource")
    }
}

/// The sentence for a statement that cannot be decided.
pub(super) fn undecided(judged: &Judged<'_>, guardrail: Guardrail) -> String {
    let opens = doubts(judged);
    let rests = if opens.is_empty() && !judged.partial.is_empty() {
        format!(
            "the Deny {} does not cover accounts that the policy does not name",
            names(&judged.partial)
        )
    } else if opens.is_empty() {
        "this file does not say what it grants".to_owned()
    } else {
        {
            let opens: Vec<String> = opens.iter().map(ToString::to_string).collect();
            format!("it depends on {}", opens.join(", "))
        }
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
    let or_tag = format!("or put StringEquals on ssm:resourceTag/{tag}");
    match doubts(judged).first() {
        Some(doubt) => match doubt {
            Doubt::Absent(_) => {
                "check the output of `aws iam get-policy-version` for this policy".to_owned()
            }
            Doubt::Outside(_) => {
                "check the output of `aws cloudformation get-template --template-stage Processed` too"
                    .to_owned()
            }
            Doubt::CutListing => "check the whole listing: run `aws iam get-account-authorization-details` without --max-items".to_owned(),
            Doubt::Variable(written) => {
                format!("write {written} without a default value, {or_tag}")
            }
            Doubt::Repeated(element) => format!("write {element} only once"),
            Doubt::Foreign(element) => format!("remove {element}, or spell it as IAM does"),
            Doubt::Missing(element) => format!("add the missing {element}"),
            Doubt::Together(one, other) => format!("remove {one} or {other}"),
            Doubt::NotObject(what) => format!("write {what} as an object"),
            Doubt::Effect => format!("write Allow or Deny as the Effect, {or_tag}"),
            Doubt::Template(_)
            | Doubt::DynamicReference
            | Doubt::YamlTag(_)
            | Doubt::TooLarge
            | Doubt::Unreadable
            | Doubt::NotText => format!("replace {doubt} with its value, {or_tag}"),
        },
        None if !judged.partial.is_empty() => format!(
            "write * as the account in the Resource of the Deny {}, or put StringEquals on ssm:resourceTag/{tag} into this statement",
            names(&judged.partial)
        ),
        None => format!("put StringEquals on ssm:resourceTag/{tag}"),
    }
}

fn doubts(judged: &Judged<'_>) -> Vec<Doubt> {
    let mut doubts = judged.statement.opens.clone();
    for doubt in judged.partial.iter().flat_map(|deny| &deny.opens) {
        if !doubts.contains(doubt) {
            doubts.push(doubt.clone());
        }
    }
    doubts.truncate(MOST_DOUBTS);
    doubts
}

/// A warning's sentence and its fix.
pub(super) fn warning(warning: &Warning, guardrail: Guardrail) -> (String, String) {
    match warning {
        Warning::SetOperator { operator, strict } => (
            format!("set operator on a single-valued key: {operator} on a tag of the target"),
            format!("replace {operator} with {strict}"),
        ),
        Warning::DeadKey { key } => {
            let tag = key.split_once('/').map_or(TAG, |(_, tag)| tag);
            (
                format!(
                    "condition key is not sent with this call: the statement grants nothing ({key} with {})",
                    guardrail.action()
                ),
                format!("replace {key} with ssm:resourceTag/{tag}"),
            )
        }
        Warning::IdPrefix { resource } => (
            format!(
                "id prefix: {resource} grants every id that begins so, and AWS assigns ids at random"
            ),
            "write the whole id, or put StringEquals on a tag".to_owned(),
        ),
        Warning::ValuePattern { value } => (
            format!(
                "value pattern: \"{value}\" matches every tag value of that form, including other vendors' values"
            ),
            "use StringEquals with the whole value".to_owned(),
        ),
        Warning::DocumentWildcard { resource } => (
            format!(
                "document wildcard: {resource} also grants documents that forward ports or run commands"
            ),
            "list the documents by name".to_owned(),
        ),
        Warning::RestsOnDeny { deny } => (
            format!("scope rests on a Deny; keep it in the same policy ({deny})"),
            "put StringEquals on the same tag into this statement too".to_owned(),
        ),
    }
}

/// Why no condition restricts the statement to a tag.
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
            "{} allows every target except those it lists",
            clause.operator
        ));
    }
    if clause.is_null() {
        return Some(format!(
            "Null only tests whether the tag {} is there",
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
            format!("the value \"{value}\" of {key} matches every tag value")
        });
    }
    (clause.is_positive_on_tag() && clause.lets_absent_in())
        .then(|| format!("{} allows targets without the tag", clause.operator))
}

/// Whether the statement grants more than the call. A condition on it would restrict all of that.
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
