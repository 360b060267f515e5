//! Policies that a template writes as JSON text with values in it.
//! Such as `!Sub '{… ${Vendor} …}'`. While the text is read, marks stand for the values that only
//! the stack knows.

use super::node::{Entry, Node, Value};
use super::pattern::{Part, Text};

/// Around the number of a part: characters for private use (Unicode), which no policy has.
const BEGIN: char = '\u{e000}';
const END: char = '\u{e001}';

/// The text with a mark for each part that is not known.
/// None if the text already holds such a mark.
pub(super) fn marked(text: &Text) -> Option<String> {
    let mut marked = String::new();
    for (index, part) in text.0.iter().enumerate() {
        match part {
            Part::Known(known) if known.contains([BEGIN, END]) => return None,
            Part::Known(known) => marked.push_str(known),
            Part::Fixed(_) | Part::Open(_) => {
                marked.push(BEGIN);
                marked.push_str(&index.to_string());
                marked.push(END);
            }
        }
    }
    Some(marked)
}

/// The value of a marked text, with the parts of `of` in place of the marks.
pub(super) fn restored(node: Node, of: &Text) -> Node {
    let value = match node.value {
        Value::Text(text) => Value::Text(Text(
            text.0.iter().flat_map(|part| parts(part, of)).collect(),
        )),
        Value::List(items) => {
            Value::List(items.into_iter().map(|item| restored(item, of)).collect())
        }
        Value::Map(entries) => Value::Map(
            entries
                .into_iter()
                .map(|entry| Entry {
                    key: Text(parts(&Part::Known(entry.key), of)).shown(),
                    node: restored(entry.node, of),
                    line: entry.line,
                })
                .collect(),
        ),
        other => other,
    };
    Node { value, ..node }
}

fn parts(part: &Part, of: &Text) -> Vec<Part> {
    let Part::Known(text) = part else {
        return vec![part.clone()];
    };
    let mut parts = Vec::new();
    for (index, piece) in text.split(BEGIN).enumerate() {
        let (mark, after) = match piece.split_once(END) {
            Some((mark, after)) if index > 0 => (mark.parse::<usize>().ok(), after),
            _ => (None, piece),
        };
        parts.extend(mark.and_then(|mark| of.0.get(mark)).cloned());
        if !after.is_empty() {
            parts.push(Part::Known(after.to_owned()));
        }
    }
    parts
}
