//! YAML as CloudFormation writes it, through saphyr: short intrinsics (`!Sub`) become their long forms,
//! and numbers stay the text they were written as, since an account id may begin with a zero.

use saphyr::{LoadableYamlNode as _, MarkedYaml, Scalar, YamlData};

use super::json::Malformed;
use super::node::{DEEPEST, Entry, Node, Value};
use super::pattern::Text;

/// CloudFormation takes templates of 1 MB; saphyr is not fast enough for much more.
const LONGEST: usize = 8 << 20;
/// Block nesting needs an indentation, and saphyr recurses for each level: no template is so wide.
const WIDEST_INDENTATION: usize = 1000;
/// Room for saphyr's recursion at that width, before our own limit is asked.
const STACK: usize = 256 << 20;

/// Reads every document of a YAML stream.
pub(super) fn read(text: &str) -> Result<Vec<Node>, Malformed> {
    let wrong = |line: usize, what: &str| Malformed {
        line,
        what: what.to_owned(),
    };
    if text.len() > LONGEST {
        return Err(wrong(1, "larger than any template"));
    }
    let lines: Vec<&str> = text.lines().collect();
    let is_indent = |c: char| matches!(c, ' ' | '\t' | '-' | '?' | ':');
    for (number, line) in lines.iter().enumerate() {
        if line.len() - line.trim_start_matches(is_indent).len() > WIDEST_INDENTATION {
            return Err(wrong(number + 1, "indented too deeply"));
        }
    }
    std::thread::scope(|scope| {
        let reader = std::thread::Builder::new().stack_size(STACK);
        let reading = reader.spawn_scoped(scope, || documents(text, &lines));
        match reading.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(read)) => read,
            _ => Err(wrong(1, "this YAML cannot be read")),
        }
    })
}

fn documents(text: &str, lines: &[&str]) -> Result<Vec<Node>, Malformed> {
    let documents = MarkedYaml::load_from_str(text).map_err(|error| Malformed {
        line: error.marker().line(),
        what: error.info().to_owned(),
    })?;
    documents
        .iter()
        .map(|document| node(document, lines, 0))
        .collect()
}

fn node(yaml: &MarkedYaml<'_>, lines: &[&str], depth: usize) -> Result<Node, Malformed> {
    let line = yaml.span.start.line().max(1);
    if depth > DEEPEST {
        return Err(Malformed {
            line,
            what: format!("nested deeper than {DEEPEST} levels"),
        });
    }
    let value = match &yaml.data {
        YamlData::Value(scalar) => value(scalar, yaml, lines),
        YamlData::Representation(text, ..) => Value::Text(Text::known(text.as_ref())),
        YamlData::Sequence(items) => Value::List(
            items
                .iter()
                .map(|item| node(item, lines, depth + 1))
                .collect::<Result<_, _>>()?,
        ),
        YamlData::Mapping(entries) => {
            let entry = |(key, item): (&MarkedYaml<'_>, &MarkedYaml<'_>)| {
                Ok(Entry {
                    line: key.span.start.line().max(1),
                    key: node(key, lines, depth + 1)?.known().unwrap_or_default(),
                    node: node(item, lines, depth + 1)?,
                })
            };
            Value::Map(entries.iter().map(entry).collect::<Result<_, _>>()?)
        }
        YamlData::Tagged(tag, inner) => {
            let mut inner = node(inner, lines, depth + 1)?;
            // Where saphyr keeps no place for what is tagged, the tag's own.
            if inner.line <= 1 {
                inner.line = line;
            }
            let key = match tag.suffix.as_str() {
                "Ref" | "Condition" => tag.suffix.clone(),
                name => format!("Fn::{name}"),
            };
            Value::Map(vec![Entry {
                line,
                key,
                node: inner,
            }])
        }
        YamlData::BadValue => Value::Null,
        YamlData::Alias(_) => Value::Unknown("an alias".to_owned()),
    };
    Ok(Node { line, value })
}

fn value(scalar: &Scalar<'_>, yaml: &MarkedYaml<'_>, lines: &[&str]) -> Value {
    let written = || {
        let (start, end) = (yaml.span.start, yaml.span.end);
        let line = lines.get(start.line().checked_sub(1)?)?;
        let text: String = line
            .chars()
            .skip(start.col())
            .take(end.col().saturating_sub(start.col()))
            .collect();
        let text = text.trim().to_owned();
        (start.line() == end.line() && !text.is_empty()).then_some(text)
    };
    let text = match scalar {
        Scalar::Null => return Value::Null,
        Scalar::String(text) => text.to_string(),
        Scalar::Boolean(yes) => yes.to_string(),
        Scalar::Integer(number) => written().unwrap_or_else(|| number.to_string()),
        Scalar::FloatingPoint(number) => written().unwrap_or_else(|| number.to_string()),
    };
    Value::Text(Text::known(text))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::read;

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
    fn what_would_never_end_is_refused() {
        let mut laughs = "a: &a [x,x,x,x,x,x,x,x,x]\n".to_owned();
        for (name, of) in ('b'..='j').zip('a'..) {
            let nine = vec![format!("*{of}"); 9].join(",");
            let _ = writeln!(laughs, "{name}: &{name} [{nine}]");
        }
        let nested: String = (0..900).map(|depth| " ".repeat(depth) + "a:\n").collect();
        for hostile in [
            "[".repeat(100_000),
            "- ".repeat(100_000),
            "? ".repeat(100_000),
            nested,
            laughs,
            "a: 1\na: 2\n".to_owned(),
            " ".repeat(9 << 20),
        ] {
            assert!(read(&hostile).is_err(), "{hostile:.40}");
        }
    }
}
