//! YAML as CloudFormation writes it, built from saphyr-parser's events.
//! Short intrinsics (`!Sub`) become their long forms. A number stays the text it was written as,
//! since an account id may begin with a zero.
//!
//! The reader pulls one event at a time and keeps its own stack, so that nesting costs no call
//! stack. It refuses nesting beyond [`DEEPEST`], a key that a mapping has twice, and aliases that
//! multiply.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use saphyr_parser::{Event, Parser, ScalarStyle, Tag};

use super::doubt::Doubt;
use super::json::Malformed;
use super::node::{DEEPEST, Entry, Node, Value, size, weight};
use super::pattern::Text;

/// The longest text that is read, in bytes.
/// CloudFormation takes templates of 1 MB. An account's authorization details may be longer; as
/// JSON they have no such limit.
const LONGEST: usize = 8 << 20;
/// How many values anchors and aliases may copy.
/// Without a limit, nine aliases of nine aliases, and so on, would fill the memory.
const MOST_COPIES: usize = 100_000;
/// How much of them there may be, as [`weight`] counts it: as much as the longest file.
const HEAVIEST_COPIES: usize = LONGEST;

/// Reads every document of a YAML stream. An empty one is [`Value::Null`].
pub(super) fn read(text: &str) -> Result<Vec<Node>, Malformed> {
    if text.len() > LONGEST {
        return Err(wrong(1, "longer than 8 MiB"));
    }
    let mut parser = Parser::new_from_str(text);
    let mut reader = Reader::default();
    while let Some(event) = parser.next_event() {
        let (event, span) = event.map_err(|error| Malformed {
            line: error.marker().line().max(1),
            what: error.info().to_owned(),
        })?;
        reader.take(event, span.start.line().max(1))?;
    }
    Ok(reader.documents)
}

fn wrong(line: usize, what: impl Into<String>) -> Malformed {
    Malformed {
        line,
        what: what.into(),
    }
}

/// What the events so far have come to.
#[derive(Default)]
struct Reader {
    documents: Vec<Node>,
    /// The collections that have begun and not ended, the innermost last.
    open: Vec<Open>,
    /// The anchored values of this document, by the parser's number for the anchor.
    anchors: HashMap<usize, Node>,
    /// How many values were copied, and what they weigh.
    copies: usize,
    weight: usize,
}

/// A sequence or a mapping of which the end has not come yet.
struct Open {
    line: usize,
    anchor: usize,
    /// The name of the function that its tag stands for.
    function: Option<String>,
    /// How deep its items are.
    depth: usize,
    content: Content,
}

enum Content {
    List(Vec<Node>),
    Map {
        entries: Vec<Entry>,
        keys: HashSet<String>,
        /// A key and its line, until the value comes.
        key: Option<(usize, String)>,
    },
}

impl Content {
    fn map() -> Self {
        Self::Map {
            entries: Vec::new(),
            keys: HashSet::new(),
            key: None,
        }
    }
}

impl Reader {
    fn take(&mut self, event: Event<'_>, line: usize) -> Result<(), Malformed> {
        match event {
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => Ok(()),
            Event::DocumentStart(_) => {
                self.anchors.clear();
                Ok(())
            }
            Event::Scalar(text, style, anchor, tag) => {
                let value = match tag.as_deref().filter(|tag| tag.is_yaml_core_schema()) {
                    Some(tag) => as_tagged(&text, style, tag),
                    None => as_written(&text, style),
                };
                let node = call(function(tag.as_ref()), Node { line, value });
                self.settle(node, anchor)
            }
            Event::SequenceStart(anchor, tag) => {
                self.begin(line, anchor, tag.as_ref(), Content::List(Vec::new()))
            }
            Event::MappingStart(anchor, tag) => {
                self.begin(line, anchor, tag.as_ref(), Content::map())
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let Some(open) = self.open.pop() else {
                    return Err(wrong(line, "a list or an object ends that has not begun"));
                };
                let value = match open.content {
                    Content::List(items) => Value::List(items),
                    Content::Map { entries, .. } => Value::Map(entries),
                };
                let line = open.line;
                self.settle(call(open.function, Node { line, value }), open.anchor)
            }
            Event::Alias(anchor) => {
                let Some(node) = self.anchors.get(&anchor) else {
                    return Err(wrong(
                        line,
                        "an alias has no anchor before it, or stands inside its own anchor",
                    ));
                };
                let depth = self.open.last().map_or(0, |open| open.depth);
                if depth + height(node) > DEEPEST {
                    return Err(too_deep(line));
                }
                let node = Node {
                    line,
                    ..node.clone()
                };
                self.count(&node)?;
                self.place(node)
            }
        }
    }

    fn begin(
        &mut self,
        line: usize,
        anchor: usize,
        tag: Option<&Cow<'_, Tag>>,
        content: Content,
    ) -> Result<(), Malformed> {
        let function = function(tag);
        let above = self.open.last().map_or(0, |open| open.depth);
        let depth = above + 1 + usize::from(function.is_some());
        if depth > DEEPEST {
            return Err(too_deep(line));
        }
        self.open.push(Open {
            line,
            anchor,
            function,
            depth,
            content,
        });
        Ok(())
    }

    /// Keeps the value for aliases, if it has an anchor, and puts it where it belongs.
    fn settle(&mut self, node: Node, anchor: usize) -> Result<(), Malformed> {
        // The parser counts anchors from 1; 0 is none.
        if anchor > 0 {
            self.count(&node)?;
            self.anchors.insert(anchor, node.clone());
        }
        self.place(node)
    }

    fn place(&mut self, node: Node) -> Result<(), Malformed> {
        match self.open.last_mut().map(|open| &mut open.content) {
            None => self.documents.push(node),
            Some(Content::List(items)) => items.push(node),
            Some(Content::Map { entries, keys, key }) => {
                if let Some((line, key)) = key.take() {
                    entries.push(Entry { line, key, node });
                } else {
                    // A key that is not text has no name here, so a mapping can have only one.
                    let name = node.known().unwrap_or_default();
                    if !keys.insert(name.clone()) {
                        let twice = format!("the key {name} appears twice in one mapping");
                        return Err(wrong(node.line, twice));
                    }
                    *key = Some((node.line, name));
                }
            }
        }
        Ok(())
    }

    /// Counts a copy of a value, before or after it is made.
    fn count(&mut self, copy: &Node) -> Result<(), Malformed> {
        self.copies += size(copy);
        self.weight += weight(copy);
        if self.copies > MOST_COPIES {
            let what = format!("anchors and aliases copy more than {MOST_COPIES} values");
            return Err(wrong(copy.line, what));
        }
        if self.weight > HEAVIEST_COPIES {
            return Err(wrong(copy.line, "anchors and aliases copy more than 8 MiB"));
        }
        Ok(())
    }
}

fn too_deep(line: usize) -> Malformed {
    wrong(line, format!("nested deeper than {DEEPEST} levels"))
}

/// The long name of the function that a tag of CloudFormation's stands for.
fn function(tag: Option<&Cow<'_, Tag>>) -> Option<String> {
    let tag = tag.filter(|tag| !tag.is_yaml_core_schema())?;
    Some(match tag.suffix.as_str() {
        "Ref" | "Condition" => tag.suffix.clone(),
        name => format!("Fn::{name}"),
    })
}

/// A call of the function with this argument, or the argument itself.
fn call(function: Option<String>, argument: Node) -> Node {
    let line = argument.line;
    match function {
        Some(key) => Node {
            line,
            value: Value::Map(vec![Entry {
                line,
                key,
                node: argument,
            }]),
        },
        None => argument,
    }
}

/// A scalar without a tag of YAML's own (YAML 1.2.2, "Core schema").
fn as_written(text: &str, style: ScalarStyle) -> Value {
    if style != ScalarStyle::Plain {
        return Value::Text(Text::known(text));
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "True" | "TRUE" => Value::Text(Text::known("true")),
        "False" | "FALSE" => Value::Text(Text::known("false")),
        other => Value::Text(Text::known(other)),
    }
}

/// A scalar with one of YAML's own tags, such as `!!str`.
fn as_tagged(text: &str, style: ScalarStyle, tag: &Tag) -> Value {
    match tag.suffix.as_str() {
        "str" => Value::Text(Text::known(text)),
        "null" | "bool" | "int" | "float" => as_written(text, style),
        other => Value::Unknown(Doubt::YamlTag(other.to_owned())),
    }
}

/// How many levels are in a value.
fn height(node: &Node) -> usize {
    let inner = match &node.value {
        Value::List(items) => items.iter().map(height).max(),
        Value::Map(entries) => entries.iter().map(|entry| height(&entry.node)).max(),
        _ => return 0,
    };
    inner.unwrap_or(0) + 1
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::super::node::Value;
    use super::{LONGEST, read};

    #[test]
    fn short_intrinsics_become_long_ones() {
        let nodes = read("---\na:\n  - !Sub 'x-${y}'\n  - !GetAtt b.Arn\n  - !If [c, 1, {d: e}]\nf: 012\ng: 2012-10-17\n").unwrap();
        let items = nodes[0].get("a").unwrap().items();
        let keys: Vec<&str> = items
            .iter()
            .map(|item| item.entries()[0].key.as_str())
            .collect();
        assert_eq!(keys, ["Fn::Sub", "Fn::GetAtt", "Fn::If"]);
        assert_eq!((items[0].line, items[2].line), (3, 5));
        assert_eq!(nodes[0].known_at("f").unwrap(), "012");
        assert_eq!(nodes[0].known_at("g").unwrap(), "2012-10-17");
    }

    #[test]
    fn a_scalar_is_what_yaml_says() {
        let text = "a: ~\nb:\nc: True\nd: 'True'\ne: 0x1F\nf: !!str\ng: !!binary Kg==\nh: !!str 1\ni: |\n  x\n  y\n";
        let nodes = read(text).unwrap();
        let value = |key: &str| &nodes[0].get(key).unwrap().value;
        assert!(matches!(value("a"), Value::Null));
        assert!(matches!(value("b"), Value::Null));
        assert!(matches!(value("g"), Value::Unknown(_)));
        for (key, expected) in [
            ("c", "true"),
            ("d", "True"),
            ("e", "0x1F"),
            ("f", ""),
            ("h", "1"),
            ("i", "x\ny\n"),
        ] {
            assert_eq!(nodes[0].known_at(key).as_deref(), Some(expected), "{key}");
        }
    }

    #[test]
    fn an_alias_is_its_anchor_on_its_own_line() {
        let nodes = read("a: &x\n  b: !Ref c\nd: *x\n---\ne: 1\n").unwrap();
        let copy = nodes[0].get("d").unwrap();
        assert_eq!(copy.line, 3);
        let call = copy.get("b").unwrap().entries();
        assert_eq!((call[0].key.as_str(), call[0].line), ("Ref", 2));
        assert_eq!(nodes[1].known_at("e").unwrap(), "1");
    }

    #[test]
    fn an_anchor_ends_with_its_document_and_holds_no_alias_of_itself() {
        for text in ["a: &x 1\n---\nb: *x\n", "a: &x [*x]\n", "a: *x\n"] {
            assert!(read(text).is_err(), "{text}");
        }
    }

    #[test]
    fn what_would_never_end_is_refused() {
        let mut laughs = "a: &a [x,x,x,x,x,x,x,x,x]\n".to_owned();
        for (name, of) in ('b'..='j').zip('a'..) {
            let nine = vec![format!("*{of}"); 9].join(",");
            let _ = writeln!(laughs, "{name}: &{name} [{nine}]");
        }
        let mut ladder = "- &a0 [x]\n".to_owned();
        for rung in 1..200 {
            let _ = writeln!(ladder, "- &a{rung} [*a{}]", rung - 1);
        }
        let mut anchored = String::new();
        for at in 0..90 {
            let _ = write!(anchored, "&a{at} [");
        }
        let anchored = anchored + &"x,".repeat(2_000) + &"]".repeat(90);
        let heavy = format!("- &a {}\n", "x".repeat(1 << 20)) + &"- *a\n".repeat(500);
        let nested: String = (0..900).map(|depth| " ".repeat(depth) + "a:\n").collect();
        for (hostile, why) in [
            // The parser's own limit, which it reaches first when it looks ahead.
            ("[".repeat(100_000), "limit"),
            ("- ".repeat(1_000_000), "nested"),
            ("? ".repeat(100_000), "nested"),
            ("!Sub [".repeat(60) + &"]".repeat(60), "nested"),
            (nested, "nested"),
            (ladder, "nested"),
            (laughs, "copy"),
            (anchored, "copy"),
            (heavy, "copy more than 8 MiB"),
            ("a: 1\na: 2\n".to_owned(), "appears twice"),
            (" ".repeat(LONGEST + 1), "longer"),
        ] {
            let error = read(&hostile).unwrap_err().to_string();
            assert!(error.contains(why), "{hostile:.40}: {error}");
        }
    }
}
