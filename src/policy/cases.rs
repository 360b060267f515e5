//! The cases of a template.
//! Each branch of its conditions is one, and each value that its parameters allow. Beyond
//! [`MOST_CASES`], a further condition or parameter stays open.

use std::collections::BTreeMap;

use super::node::{Node, Value, size};

/// Which branch each condition takes, and which allowed value each parameter has.
pub(super) type Assignment = BTreeMap<String, usize>;

/// How many values a parameter allows; none if it allows any.
pub(super) type Options<'o> = &'o dyn Fn(&str) -> usize;

/// How many cases are judged: those of eight conditions, as in the kit's own policy.
pub(super) const MOST_CASES: usize = 256;

/// How many cases are judged of a resource with more than [`LARGE`] values.
const MOST_CASES_OF_LARGE: usize = 64;

/// More values than a resource has whose policies IAM takes.
const LARGE: usize = 5_000;

/// How many values all cases of a resource have.
/// A resource of a template that CloudFormation takes, of 1 MB, stays below this in each case.
const MOST_VALUES: usize = MOST_CASES_OF_LARGE * 100_000;

/// Every case that the conditions and parameters under a node can make, `most` of them.
pub(super) fn assignments(options: Options<'_>, node: &Node, most: usize) -> Vec<Assignment> {
    let size = size(node);
    let limit = if size > LARGE {
        MOST_CASES_OF_LARGE
    } else {
        MOST_CASES
    };
    let most = most.min(limit).min(MOST_VALUES / size).max(1);
    let mut cases = vec![Assignment::new()];
    for (name, values) in choices(options, node) {
        if cases.len() * values > most {
            continue;
        }
        if values == 1 {
            for case in &mut cases {
                case.insert(name.clone(), 0);
            }
            continue;
        }
        cases = cases
            .iter()
            .flat_map(|case| {
                (0..values).map(|option| {
                    let mut case = case.clone();
                    case.insert(name.clone(), option);
                    case
                })
            })
            .collect();
    }
    cases
}

/// The conditions and parameters under a node, and how many values each can have.
pub(super) fn choices(options: Options<'_>, node: &Node) -> BTreeMap<String, usize> {
    let mut choices = BTreeMap::new();
    collect(options, node, &mut choices);
    choices
}

fn collect(options: Options<'_>, node: &Node, choices: &mut BTreeMap<String, usize>) {
    let mut parameter = |name: &str| {
        let values = options(name);
        if values > 0 {
            choices.insert(format!("parameter {name}"), values);
        }
    };
    match &node.value {
        Value::List(items) => items
            .iter()
            .for_each(|item| collect(options, item, choices)),
        Value::Map(entries) => {
            for entry in entries {
                match entry.key.as_str() {
                    "Ref" => parameter(&entry.node.known().unwrap_or_default()),
                    "Fn::Sub" => {
                        let text = entry.node.items().first().and_then(Node::known);
                        for (name, _) in placeholders(&text.unwrap_or_default()) {
                            parameter(&name.unwrap_or_default());
                        }
                    }
                    _ => {}
                }
            }
            for entry in entries {
                if entry.key == "Fn::If"
                    && let Some(name) = entry.node.items().first().and_then(Node::known)
                {
                    choices.insert(format!("condition {name}"), 2);
                }
                collect(options, &entry.node, choices);
            }
        }
        _ => {}
    }
}

/// The value of a key with exactly these letters: logical ids are case-sensitive.
pub(super) fn named<'a>(map: &'a Node, key: &str) -> Option<&'a Node> {
    let entry = map.entries().iter().find(|entry| entry.key == key)?;
    Some(&entry.node)
}

/// The placeholders of a `Fn::Sub` text, each with the text that follows it; the first has no name.
pub(super) fn placeholders(text: &str) -> Vec<(Option<String>, String)> {
    let mut pieces = vec![(None, String::new())];
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let Some(length) = rest[at..].find('}') else {
            break;
        };
        let inside = &rest[at + 2..at + length];
        if let Some((_, before)) = pieces.last_mut() {
            before.push_str(&rest[..at]);
            if let Some(literal) = inside.strip_prefix('!') {
                before.push_str("${");
                before.push_str(literal);
                before.push('}');
            }
        }
        if !inside.starts_with('!') {
            pieces.push((Some(inside.trim().to_owned()), String::new()));
        }
        rest = &rest[at + length + 1..];
    }
    if let Some((_, before)) = pieces.last_mut() {
        before.push_str(rest);
    }
    pieces
}
