//! Whether a document is a session policy: one that only says what a session may do.

use super::node::{Node, Value};

/// What a document may have (IAM User Guide, "IAM JSON policy element reference").
const DOCUMENT: [&str; 3] = ["Version", "Id", "Statement"];
/// What a statement may have. A session policy names no principal.
const STATEMENT: [&str; 7] = [
    "Sid",
    "Effect",
    "Action",
    "NotAction",
    "Resource",
    "NotResource",
    "Condition",
];

/// Says what is wrong with the document, if anything.
pub(super) fn check(root: &Node) -> Result<(), String> {
    has_only(root, &DOCUMENT)?;
    let statements = root
        .get("Statement")
        .ok_or_else(|| "it is not a policy: it has no Statement".to_owned())?;
    let items = statements.items();
    if items.is_empty() {
        return Err(at(statements, "the policy has no statements"));
    }
    items.iter().try_for_each(statement)
}

fn statement(node: &Node) -> Result<(), String> {
    has_only(node, &STATEMENT)?;
    let effect = node.known_at("Effect").unwrap_or_default();
    if !["Allow", "Deny"].contains(&effect.as_str()) {
        return Err(at(node, "the statement's Effect is not Allow or Deny"));
    }
    for (one, other) in [("Action", "NotAction"), ("Resource", "NotResource")] {
        let ((Some(values), None) | (None, Some(values))) = (node.get(one), node.get(other)) else {
            let what = format!("the statement needs either {one} or {other}");
            return Err(at(node, &what));
        };
        let are_texts = values.items().iter().all(|value| value.known().is_some());
        if values.items().is_empty() || !are_texts {
            return Err(at(values, &format!("the statement's {one} is not a text")));
        }
    }
    Ok(())
}

fn has_only(node: &Node, known: &[&str]) -> Result<(), String> {
    if !matches!(node.value, Value::Map(_)) {
        return Err(at(node, "an object is expected here"));
    }
    if let Some(key) = node.key_twice() {
        return Err(at(node, &format!("the key {key} appears twice")));
    }
    // AWS's keys have one spelling; another one would be left out or refused.
    match node
        .entries()
        .iter()
        .find(|entry| !known.contains(&entry.key.as_str()))
    {
        Some(entry) => Err(format!(
            "line {}: a session policy has no {} here",
            entry.line, entry.key
        )),
        None => Ok(()),
    }
}

fn at(node: &Node, what: &str) -> String {
    format!("line {}: {what}", node.line)
}

#[cfg(test)]
mod tests {
    use super::super::check_session_policy as check;

    const GOOD: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Allow","Action":"ec2:Describe*","Resource":"*"}}"#;

    #[test]
    fn a_policy_that_only_narrows_passes() {
        assert_eq!(check(GOOD), Ok(()));
        let list = r#"{"Statement":[{"Sid":"a","Effect":"Deny","NotAction":["a:b","c:d"],"NotResource":["x"],"Condition":{}}]}"#;
        assert_eq!(check(list), Ok(()));
    }

    #[test]
    fn what_could_mean_something_else_does_not_pass() {
        for (old, new) in [
            ("{\"Version\"", "\"Version\""),
            ("\"Effect\"", "\"effect\""),
            ("\"Allow\"", "\"allow\""),
            ("\"Allow\"", "null"),
            ("\"Resource\":\"*\"", "\"Resource\":[]"),
            ("\"Resource\":\"*\"", "\"Resource\":[1,{}]"),
            (
                "\"Resource\":\"*\"",
                "\"Resource\":\"*\",\"NotResource\":\"x\"",
            ),
            (
                "\"Resource\":\"*\"",
                "\"Resource\":\"*\",\"Principal\":\"*\"",
            ),
            (
                "\"Resource\":\"*\"",
                "\"Resource\":\"*\",\"Resource\":\"x\"",
            ),
            (",\"Resource\":\"*\"", ""),
            ("\"Statement\"", "\"Statements\""),
            ("\"Action\":\"ec2:Describe*\",", ""),
            ("}}", "}} more"),
        ] {
            assert!(GOOD.contains(old));
            let text = GOOD.replacen(old, new, 1);
            assert!(check(&text).is_err(), "{text}");
        }
        for text in [
            "",
            "{}",
            "[]",
            "null",
            "Statement: []",
            r#"{"Statement":[]}"#,
        ] {
            assert!(check(text).is_err(), "{text}");
        }
    }
}
