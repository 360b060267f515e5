//! The cases of a template.
//! Each branch of its conditions is one, and each value that its parameters allow. Beyond
//! [`MOST_CASES`], a further condition or parameter stays open.

use std::collections::BTreeMap;

use super::node::{Node, Value};

/// Which branch each condition takes, and which allowed value each parameter has.
pub(super) type Assignment = BTreeMap<String, usize>;

/// How many cases are judged.
const MOST_CASES: usize = 64;

/// Every case that the conditions and parameters under a node can make.
pub(super) fn assignments(root: &Node, node: &Node) -> Vec<Assignment> {
    let mut choices = BTreeMap::new();
    collect(root, node, &mut choices);
    let mut cases = vec![Assignment::new()];
    for (name, options) in choices {
        if cases.len() * options > MOST_CASES {
            continue;
        }
        cases = cases
            .iter()
            .flat_map(|case| {
                (0..options).map(|option| {
                    let mut case = case.clone();
                    case.insert(name.clone(), option);
                    case
                })
            })
            .collect();
    }
    cases
}

fn collect(root: &Node, node: &Node, choices: &mut BTreeMap<String, usize>) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| collect(root, item, choices)),
        Value::Map(entries) => {
            for entry in entries {
                match entry.key.as_str() {
                    "Ref" => parameter(root, &entry.node.known().unwrap_or_default(), choices),
                    "Fn::Sub" => {
                        let text = entry.node.items().first().and_then(Node::known);
                        for (name, _) in placeholders(&text.unwrap_or_default()) {
                            parameter(root, &name.unwrap_or_default(), choices);
                        }
                    }
                    "Fn::If" => {
                        if let Some(name) = entry.node.items().first().and_then(Node::known) {
                            choices.insert(format!("condition {name}"), 2);
                        }
                    }
                    _ => {}
                }
            }
            for entry in entries {
                collect(root, &entry.node, choices);
            }
        }
        _ => {}
    }
}

fn parameter(root: &Node, name: &str, choices: &mut BTreeMap<String, usize>) {
    let options = allowed(root, name).map_or(0, <[Node]>::len);
    if options > 0 {
        choices.insert(format!("parameter {name}"), options);
    }
}

pub(super) fn allowed<'a>(root: &'a Node, parameter: &str) -> Option<&'a [Node]> {
    let values = parameter_of(root, parameter)?.get("AllowedValues")?;
    Some(values.items())
}

pub(super) fn parameter_of<'a>(root: &'a Node, name: &str) -> Option<&'a Node> {
    named(root.get("Parameters")?, name)
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
