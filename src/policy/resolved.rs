//! The values that a template's functions come to: texts of what is known, what is fixed and what is
//! open. Refused is to take a dynamic reference (CloudFormation User Guide, "Dynamic references") for text.

use super::node::{Node, Value};
use super::pattern::{Part, Text};

/// A reference as a message names it.
pub(super) fn shown(name: &str) -> String {
    format!("${{{name}}}")
}

/// A value that only the stack knows and that holds no wildcard.
pub(super) fn fixed(name: &str) -> Value {
    Value::Text(Text(vec![Part::Fixed(shown(name))]))
}

/// A value that may be anything: what it rests on.
pub(super) fn open(what: &str) -> Value {
    Value::Text(Text(vec![Part::Open(what.to_owned())]))
}

/// What a value is as a part of a text.
pub(super) fn as_parts(value: Value, what: &str) -> Vec<Part> {
    match value {
        Value::Text(text) => text.0,
        Value::Null => Vec::new(),
        Value::Unknown(what) => vec![Part::Open(what)],
        Value::List(_) | Value::Map(_) => vec![Part::Open(what.to_owned())],
    }
}

/// A text of these parts; what a dynamic reference stands for is known only when the stack is made.
pub(super) fn written(parts: Vec<Part>) -> Value {
    let text = Text(joined(parts));
    if text.shown().contains("{{resolve:") {
        open("a dynamic reference")
    } else {
        Value::Text(text)
    }
}

/// A value from a place that takes no functions, only dynamic references.
pub(super) fn plain(node: &Node) -> Node {
    let value = match &node.value {
        Value::Text(text) => written(text.0.clone()),
        Value::List(items) => Value::List(items.iter().map(plain).collect()),
        other => other.clone(),
    };
    Node {
        line: node.line,
        value,
    }
}

/// Known parts side by side as one, since a policy variable may reach over both.
fn joined(parts: Vec<Part>) -> Vec<Part> {
    let mut joined: Vec<Part> = Vec::new();
    for part in parts {
        match (joined.last_mut(), part) {
            (Some(Part::Known(before)), Part::Known(after)) => before.push_str(&after),
            (_, part) => joined.push(part),
        }
    }
    joined
}
