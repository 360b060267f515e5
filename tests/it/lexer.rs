//! Splits Rust's text into comments, literals, names and signs, as far as tests need it.

/// One part of a text; white space is none.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    pub kind: Kind,
    pub text: &'a str,
    /// Counted from 1.
    pub line: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A comment, to the end of its line.
    Comment,
    /// A text's literal with its quotes.
    Text,
    /// A character's literal or a lifetime.
    Other,
    /// An identifier, a keyword or a number.
    Name,
    /// `::` or any other single sign.
    Sign,
}

/// The parts of a text.
pub fn parts(text: &str) -> Vec<Part<'_>> {
    let mut parts = Vec::new();
    let mut at = 0;
    let mut line = 1;
    while let Some(first) = text[at..].chars().next() {
        let rest = &text[at..];
        let (kind, length) = if rest.starts_with("//") {
            (Kind::Comment, rest.find('\n').unwrap_or(rest.len()))
        } else if rest.starts_with("/*") {
            let end = rest.find("*/").map_or(rest.len(), |end| end + 2);
            (Kind::Comment, end)
        } else if let Some(literal) = literal(rest) {
            literal
        } else if rest.starts_with("::") {
            (Kind::Sign, 2)
        } else if is_word(first) {
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            (Kind::Name, end)
        } else {
            (Kind::Sign, first.len_utf8())
        };
        let text = &rest[..length];
        if !first.is_whitespace() {
            parts.push(Part { kind, text, line });
        }
        line += text.matches('\n').count();
        at += length;
    }
    parts
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// The literal or lifetime that a text begins with, and its length.
fn literal(text: &str) -> Option<(Kind, usize)> {
    let plain = text.strip_prefix(['b', 'c']).unwrap_or(text);
    if let Some(raw) = plain.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let begin = text.len() - raw.len() + hashes + 1;
            let end = format!("\"{}", "#".repeat(hashes));
            let length = text[begin..].find(&end)?;
            return Some((Kind::Text, begin + length + end.len()));
        }
    }
    let begin = text.len() - plain.len() + 1;
    let mut inside = text.get(begin..)?.char_indices();
    match plain.chars().next()? {
        '"' => {
            while let Some((at, character)) = inside.next() {
                match character {
                    '\\' => drop(inside.next()),
                    '"' => return Some((Kind::Text, begin + at + 1)),
                    _ => {}
                }
            }
            Some((Kind::Text, text.len()))
        }
        '\'' => {
            let (_, first) = inside.next()?;
            if first == '\\' {
                // The escaped sign may be a quote itself.
                inside.next();
                let (at, _) = inside.find(|(_, character)| *character == '\'')?;
                return Some((Kind::Other, begin + at + 1));
            }
            let (at, second) = inside.next()?;
            if second == '\'' {
                return Some((Kind::Other, begin + at + 1));
            }
            let end = text[begin..].find(|c| !is_word(c));
            Some((Kind::Other, end.map_or(text.len(), |end| begin + end)))
        }
        _ => None,
    }
}

#[test]
fn literals_comments_and_lifetimes_are_told_apart() {
    let text = r##"a::b<'a>("\"x // no", r#"y " z"#, '"', '\'', b'\\', b"c") // d"e"##;
    let of = |wanted: Kind| {
        let parts = parts(text);
        let of = parts.into_iter().filter(|part| part.kind == wanted);
        of.map(|part| part.text).collect::<Vec<_>>()
    };
    assert_eq!(
        of(Kind::Text),
        [r#""\"x // no""#, r##"r#"y " z"#"##, r#"b"c""#]
    );
    assert_eq!(of(Kind::Comment), [r#"// d"e"#]);
    assert_eq!(of(Kind::Other), ["'a", "'\"'", r"'\''", r"b'\\'"]);
    assert_eq!(of(Kind::Name), ["a", "b"]);
}
