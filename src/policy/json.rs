//! JSON (RFC 8259) with the line of every value, which serde_json does not keep.
//! It refuses an object that has a key twice, since two readers may use different values, and
//! nesting beyond [`DEEPEST`].

use super::node::{DEEPEST, Entry, Node, Value};
use super::pattern::Text;

/// Why a text is not JSON or YAML.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {what}")]
pub(super) struct Malformed {
    pub line: usize,
    pub what: String,
}

/// Reads one JSON text.
pub(super) fn read(text: &str) -> Result<Node, Malformed> {
    let mut reader = Reader {
        rest: text.strip_prefix('\u{feff}').unwrap_or(text),
        line: 1,
    };
    let node = reader.node(0)?;
    reader.blank();
    if reader.rest.is_empty() {
        Ok(node)
    } else {
        Err(reader.wrong("there is text after the end of the JSON"))
    }
}

struct Reader<'a> {
    rest: &'a str,
    line: usize,
}

impl Reader<'_> {
    fn wrong(&self, what: impl Into<String>) -> Malformed {
        Malformed {
            line: self.line,
            what: what.into(),
        }
    }

    fn blank(&mut self) {
        let text = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
        let skipped = &self.rest[..self.rest.len() - text.len()];
        self.line += skipped.bytes().filter(|byte| *byte == b'\n').count();
        self.rest = text;
    }

    fn take(&mut self, token: char) -> bool {
        self.blank();
        match self.rest.strip_prefix(token) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    fn node(&mut self, depth: usize) -> Result<Node, Malformed> {
        if depth > DEEPEST {
            return Err(self.wrong(format!("nested deeper than {DEEPEST} levels")));
        }
        self.blank();
        let line = self.line;
        let value = match self.rest.bytes().next() {
            Some(b'{') => self.map(depth)?,
            Some(b'[') => self.list(depth)?,
            Some(b'"') => Value::Text(Text::known(self.string()?)),
            _ => self.word()?,
        };
        Ok(Node { line, value })
    }

    fn map(&mut self, depth: usize) -> Result<Value, Malformed> {
        // A set only pays for an object with many keys.
        const FEW: usize = 16;
        self.take('{');
        let mut entries: Vec<Entry> = Vec::new();
        let mut keys = std::collections::HashSet::new();
        if self.take('}') {
            return Ok(Value::Map(entries));
        }
        loop {
            self.blank();
            let line = self.line;
            if !self.rest.starts_with('"') {
                return Err(self.wrong("a key in quotes is expected here"));
            }
            let key = self.string()?;
            let is_twice = if entries.len() < FEW {
                entries.iter().any(|entry| entry.key == key)
            } else {
                if keys.is_empty() {
                    keys.extend(entries.iter().map(|entry| entry.key.clone()));
                }
                !keys.insert(key.clone())
            };
            if is_twice {
                return Err(self.wrong(format!("the key {key} appears twice in one object")));
            }
            if !self.take(':') {
                return Err(self.wrong("a colon is expected here"));
            }
            let node = self.node(depth + 1)?;
            entries.push(Entry { line, key, node });
            if self.take('}') {
                return Ok(Value::Map(entries));
            }
            if !self.take(',') {
                return Err(self.wrong("a comma or } is expected here"));
            }
        }
    }

    fn list(&mut self, depth: usize) -> Result<Value, Malformed> {
        self.take('[');
        let mut items = Vec::new();
        if self.take(']') {
            return Ok(Value::List(items));
        }
        loop {
            items.push(self.node(depth + 1)?);
            if self.take(']') {
                return Ok(Value::List(items));
            }
            if !self.take(',') {
                return Err(self.wrong("a comma or ] is expected here"));
            }
        }
    }

    /// A number or a word, as the text writes it.
    fn word(&mut self) -> Result<Value, Malformed> {
        let end = self
            .rest
            .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.')))
            .unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        let value = match word {
            "null" => Value::Null,
            "true" | "false" => Value::Text(Text::known(word)),
            _ if serde_json::from_str::<serde_json::Number>(word).is_ok() => {
                Value::Text(Text::known(word))
            }
            _ => return Err(self.wrong("a value is expected here")),
        };
        self.rest = rest;
        Ok(value)
    }

    /// A string; serde_json decodes its escapes.
    fn string(&mut self) -> Result<String, Malformed> {
        let mut escaped = false;
        let end = self.rest.bytes().skip(1).position(|byte| {
            let ends = byte == b'"' && !escaped;
            escaped = byte == b'\\' && !escaped;
            ends
        });
        let Some(end) = end else {
            return Err(self.wrong("a string does not end"));
        };
        let (string, rest) = self.rest.split_at(end + 2);
        let inside = &string[1..=end];
        if !inside.bytes().any(|byte| byte == b'\\' || byte < b' ') {
            self.rest = rest;
            return Ok(inside.to_owned());
        }
        let value = serde_json::from_str(string).map_err(|_| {
            self.wrong("a string has a character or an escape that JSON does not allow")
        })?;
        self.rest = rest;
        Ok(value)
    }
}

#[cfg(test)]
mod tests {
    use super::super::node::Value;
    use super::read;

    #[test]
    fn every_value_knows_its_line() {
        let node =
            read("\u{feff}{\n\t\"a\": [1,\n true],\r\n\"b\":\n{\"c\": \"\\ud83d\\ude00\\/\"}}\n")
                .unwrap();
        let a = node.get("A").unwrap();
        assert_eq!((a.line, a.items()[1].line), (2, 3));
        let c = node.get("b").unwrap().get("c").unwrap();
        assert_eq!((c.line, c.known().unwrap()), (5, "😀/".to_owned()));
    }

    #[test]
    fn a_mistake_is_named_with_its_line() {
        for (text, said) in [
            ("", "line 1: a value"),
            ("{\n\"a\" 1}", "line 2: a colon"),
            ("{\"a\": 1,\n\"a\": 2}", "line 2: the key a appears twice"),
            ("[1,]", "line 1: a value"),
            ("{\"a", "line 1: a string does not end"),
            ("\"\\x\"", "line 1: a string has a character"),
            ("[1] 2", "line 1: there is text after"),
            ("[01]", "line 1: a value"),
            ("{a: 1}", "line 1: a key in quotes"),
        ] {
            let error = read(text).unwrap_err().to_string();
            assert!(error.starts_with(said), "{text}: {error}");
        }
    }

    #[test]
    fn nesting_is_limited() {
        let deep = |depth: usize| "[".repeat(depth) + &"]".repeat(depth);
        assert!(matches!(read(&deep(100)).unwrap().value, Value::List(_)));
        let error = read(&deep(1_000_000)).unwrap_err().to_string();
        assert!(error.contains("nested deeper"), "{error}");
    }
}
