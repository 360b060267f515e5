//! Policy documents inside other values.
//! They are objects, JSON text, or URL-encoded JSON (RFC 3986), the form in which IAM's API
//! answers. A document that is missing or cannot be read becomes one of which nothing is known, so
//! that it never passes for harmless.

use super::doubt::Doubt;
use super::json;
use super::node::{Entry, Node, Value};
use super::quoted;

/// The JSON that a text holds, URL-encoded or not.
/// What a template puts into the text stays what it is.
pub(super) fn unquoted(node: &Node) -> Option<Node> {
    let Value::Text(text) = &node.value else {
        return None;
    };
    let marked = quoted::marked(text)?;
    let trimmed = marked.trim();
    let decoded = if trimmed.starts_with('%') {
        percent_decoded(trimmed)?
    } else {
        trimmed.to_owned()
    };
    if !decoded.trim_start().starts_with(['{', '[']) {
        return None;
    }
    let inner = json::read(&decoded).ok()?;
    Some(quoted::restored(inner, text).on_line(node.line))
}

/// The document that a value holds, quoted or not; an unknown one if the value cannot be read.
pub(super) fn readable(node: &Node) -> Node {
    let document = if node.is_map() {
        Some(node.clone())
    } else {
        unquoted(node)
    };
    document
        .filter(|document| document.get("Statement").is_some())
        .unwrap_or_else(|| unknown(node.line, Doubt::Unreadable))
}

/// A document of which nothing is known.
pub(super) fn unknown(line: usize, doubt: Doubt) -> Node {
    Node {
        line,
        value: Value::Map(vec![Entry {
            line,
            key: "Statement".to_owned(),
            node: Node {
                line,
                value: Value::Unknown(doubt),
            },
        }]),
    }
}

/// The document of a managed policy that is attached and is not in the file.
pub(super) fn absent(line: usize, arn: &str) -> Node {
    unknown(line, Doubt::Absent(arn.to_owned()))
}

/// Statements with a document around them, in the Version that is current since 2012.
pub(super) fn wrapped(statements: &Node) -> Node {
    let line = statements.line;
    let entry = |key: &str, node: Node| Entry {
        line,
        key: key.to_owned(),
        node,
    };
    Node {
        line,
        value: Value::Map(vec![
            entry("Version", Node::text(line, "2012-10-17")),
            entry("Statement", statements.clone()),
        ]),
    }
}

fn percent_decoded(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let hex = [rest.next()?, rest.next()?];
            let hex = std::str::from_utf8(&hex).ok()?;
            bytes.push(u8::from_str_radix(hex, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}
