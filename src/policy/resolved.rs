//! The values of a template's functions: texts with known, fixed and open parts.
//! A dynamic reference (CloudFormation User Guide, "Dynamic references") is open, not text.

use super::doubt::Doubt;
use super::node::{Node, Value};
use super::pattern::{Part, Text};

/// A reference as a message names it.
pub(super) fn shown(name: &str) -> String {
    format!("${{{name}}}")
}

/// The logical id that a fixed part stands for.
pub(super) fn logical_id(part: &Part) -> Option<&str> {
    match part {
        Part::Fixed(shown) => shown.strip_prefix("${")?.strip_suffix('}'),
        _ => None,
    }
}

/// A value that only the stack knows and that holds no wildcard.
pub(super) fn fixed(name: &str) -> Value {
    Value::Text(Text(vec![Part::Fixed(shown(name))]))
}

/// A value that may be any text: only the stack knows it.
/// `written`: the reference or function that it comes from.
pub(super) fn open(written: &str) -> Value {
    doubtful(Doubt::Template(written.to_owned()))
}

/// A value that may be any text, and why.
pub(super) fn doubtful(doubt: Doubt) -> Value {
    Value::Text(Text(vec![Part::Open(doubt)]))
}

/// A list or an object of which nothing is known, for the same reason.
pub(super) fn unknown(written: &str) -> Value {
    Value::Unknown(Doubt::Template(written.to_owned()))
}

/// What a value is as a part of a text. `written`: the reference or function that it comes from.
pub(super) fn as_parts(value: Value, written: &str) -> Vec<Part> {
    match value {
        Value::Text(text) => text.0,
        Value::Null => Vec::new(),
        Value::Unknown(doubt) => vec![Part::Open(doubt)],
        Value::List(_) | Value::Map(_) => vec![Part::Open(Doubt::Template(written.to_owned()))],
    }
}

/// A text of these parts; what a dynamic reference stands for is known only when the stack is made.
pub(super) fn written(parts: Vec<Part>) -> Value {
    let text = Text(joined(parts));
    if text.shown().contains("{{resolve:") {
        doubtful(Doubt::DynamicReference)
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
