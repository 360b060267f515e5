//! A file's values, each with the line on which it begins.
//! JSON and YAML are read into them, and a template's functions resolve to them.

use std::collections::HashSet;

use super::doubt::Doubt;
use super::pattern::Text;

/// How deep values may be nested. The code that walks them is recursive, and no policy needs more.
pub(super) const DEEPEST: usize = 100;

/// A value and the line on which it begins.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Node {
    /// Counted from 1.
    pub line: usize,
    pub value: Value,
}

/// What a file can hold. Numbers and booleans are kept as their text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Value {
    Null,
    Text(Text),
    List(Vec<Node>),
    Map(Vec<Entry>),
    /// What cannot be known from the file, and why.
    Unknown(Doubt),
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub line: usize,
    pub key: String,
    pub node: Node,
}

impl Node {
    pub(super) fn text(line: usize, text: impl Into<String>) -> Self {
        Self {
            line,
            value: Value::Text(Text::known(text)),
        }
    }

    /// The value of a key. Letter case is ignored, as IAM does.
    pub(super) fn get(&self, key: &str) -> Option<&Self> {
        self.entries()
            .iter()
            .find(|entry| entry.key.eq_ignore_ascii_case(key))
            .map(|entry| &entry.node)
    }

    /// A key that is there twice, if letter case is ignored.
    pub(super) fn key_twice(&self) -> Option<&str> {
        const FEW: usize = 16;
        let entries = self.entries();
        if entries.len() <= FEW {
            let twice = entries.iter().enumerate().find(|(number, entry)| {
                let before = entries[..*number].iter();
                let mut keys = before.map(|one| &one.key);
                keys.any(|key| key.eq_ignore_ascii_case(&entry.key))
            });
            return twice.map(|(_, entry)| entry.key.as_str());
        }
        let mut seen = HashSet::new();
        let twice = |entry: &&Entry| !seen.insert(entry.key.to_ascii_lowercase());
        let found = entries.iter().find(twice);
        found.map(|entry| entry.key.as_str())
    }

    pub(super) fn entries(&self) -> &[Entry] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; a single value is a list of one.
    pub(super) fn items(&self) -> &[Self] {
        match &self.value {
            Value::List(items) => items,
            Value::Null => &[],
            _ => std::slice::from_ref(self),
        }
    }

    /// The text, if it is text and every character is known.
    pub(super) fn known(&self) -> Option<String> {
        match &self.value {
            Value::Text(text) => text.as_known(),
            _ => None,
        }
    }

    pub(super) fn known_at(&self, key: &str) -> Option<String> {
        self.get(key).and_then(Self::known)
    }

    pub(super) fn is_map(&self) -> bool {
        matches!(self.value, Value::Map(_))
    }

    /// The same values, all on this line: for a document inside a text of another.
    pub(super) fn on_line(mut self, line: usize) -> Self {
        self.line = line;
        self.value = match self.value {
            Value::List(items) => {
                Value::List(items.into_iter().map(|item| item.on_line(line)).collect())
            }
            Value::Map(entries) => {
                let on_line = |entry: Entry| Entry {
                    line,
                    node: entry.node.on_line(line),
                    ..entry
                };
                Value::Map(entries.into_iter().map(on_line).collect())
            }
            other => other,
        };
        self
    }
}

/// How many values a value is made of.
pub(super) fn size(node: &Node) -> usize {
    let inner: usize = match &node.value {
        Value::List(items) => items.iter().map(size).sum(),
        Value::Map(entries) => entries.iter().map(|entry| size(&entry.node)).sum(),
        _ => 0,
    };
    inner + 1
}

/// How much memory a value takes, about: its texts in bytes, and one for each value.
pub(super) fn weight(node: &Node) -> usize {
    let inner: usize = match &node.value {
        Value::Text(text) => text.len(),
        Value::List(items) => items.iter().map(weight).sum(),
        Value::Map(entries) => entries
            .iter()
            .map(|entry| entry.key.len() + weight(&entry.node))
            .sum(),
        Value::Null | Value::Unknown(_) => 0,
    };
    inner + 1
}
