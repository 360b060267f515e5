//! Where texts for people stand: Markdown, help, Rust's literals and comments, templates.

use crate::lexer::{Kind, parts};

/// A text, and where it is.
pub struct Text {
    pub place: String,
    pub text: String,
}

/// Paragraphs, headings, items and cells of a Markdown page; no code.
pub fn markdown(name: &str, page: &str) -> Vec<Text> {
    let mut texts: Vec<Text> = Vec::new();
    let mut is_code = false;
    let mut is_new = true;
    for (at, line) in page.lines().enumerate() {
        let line = line.trim_start_matches("> ").trim();
        if line.starts_with("```") || line.starts_with("~~~") {
            is_code = !is_code;
            is_new = true;
            continue;
        }
        let is_link = line.starts_with('[') && line.contains("]: ");
        if is_code || line.is_empty() || line.starts_with('<') || is_link {
            is_new = true;
            continue;
        }
        let place = format!("{name}:{}", at + 1);
        if line.starts_with('|') {
            let cells = line.split('|').map(|cell| Text {
                place: place.clone(),
                text: without_links(cell),
            });
            texts.extend(cells);
            is_new = true;
            continue;
        }
        let (marker, rest) = line.split_once(' ').unwrap_or(("", line));
        let is_item = ["-", "*", "+"].contains(&marker)
            || marker.ends_with('.') && marker.starts_with(|c: char| c.is_ascii_digit());
        let is_heading = !marker.is_empty() && marker.chars().all(|c| c == '#');
        if is_new || is_item || is_heading {
            let text = if is_item || is_heading { rest } else { line };
            texts.push(Text {
                place,
                text: text.to_owned(),
            });
        } else if let Some(last) = texts.last_mut() {
            last.text.push(' ');
            last.text.push_str(line);
        }
        is_new = is_heading;
    }
    for text in &mut texts {
        text.text = without_links(&text.text);
    }
    texts
}

/// Links without their targets.
fn without_links(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("](") {
        let end = rest[at..].find(')').map_or(rest.len(), |end| at + end + 1);
        plain.push_str(&rest[..at]);
        rest = &rest[end..];
    }
    plain.push_str(rest);
    plain
}

/// The paragraphs of a `--help`, each of whose lines begins at the same column;
/// no examples, no usage.
pub fn help(name: &str, help: &str) -> Vec<Text> {
    let mut texts: Vec<Text> = Vec::new();
    let mut column = None;
    for line in help.lines() {
        let text = line.trim();
        let here = line.len() - line.trim_start().len();
        let is_spec = text.starts_with(['-', '<', '[', '$'])
            || text.starts_with("vendor-ssm ")
            || text.starts_with("Usage:");
        if text.is_empty() || is_spec && !text.starts_with("- ") {
            column = None;
            continue;
        }
        // The list of commands: a name, spaces, what it does.
        let (is_row, text) = match text.split_once("  ") {
            Some((_, does)) => (true, does.trim()),
            None => (text.starts_with("- "), text),
        };
        match (column, texts.last_mut()) {
            (Some(before), Some(last)) if before == here && !is_row => {
                last.text.push(' ');
                last.text.push_str(text);
            }
            _ => texts.push(Text {
                place: name.to_owned(),
                text: text.to_owned(),
            }),
        }
        column = Some(here);
    }
    texts
}

/// The literals of a source that are sentences or parts of them; unit tests stay out.
pub fn literals(name: &str, source: &str) -> Vec<Text> {
    let product = source.split("#[cfg(test)]\nmod tests {").next();
    parts(product.unwrap_or(source))
        .into_iter()
        .filter(|part| part.kind == Kind::Text)
        .flat_map(|part| {
            let place = format!("{name}:{}", part.line);
            let said = said(part.text);
            let lines: Vec<String> = said.split('\n').map(str::to_owned).collect();
            lines.into_iter().map(move |text| Text {
                place: place.clone(),
                text,
            })
        })
        .filter(|text| text.text.split_whitespace().count() > 2)
        .collect()
}

/// What a literal says.
fn said(literal: &str) -> String {
    let literal = literal.trim_start_matches(['b', 'c']);
    if literal.starts_with('r') {
        return literal
            .trim_start_matches('r')
            .trim_matches('#')
            .trim_matches('"')
            .to_owned();
    }
    let inside = literal.trim_start_matches('"');
    let inside = inside.strip_suffix('"').unwrap_or(inside);
    let mut said = String::new();
    let mut characters = inside.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '\\' {
            said.push(character);
            continue;
        }
        match characters.next() {
            Some('n' | 'r' | 't') => said.push('\n'),
            Some('\n') => while characters.next_if(|c| c.is_whitespace()).is_some() {},
            Some(escaped) => said.push(escaped),
            None => {}
        }
    }
    said
}

/// Blocks of comments, paragraph by paragraph.
pub fn comments(name: &str, source: &str) -> Vec<Text> {
    let mut texts: Vec<Text> = Vec::new();
    let mut before = (0, "");
    let lines: Vec<&str> = source.lines().collect();
    for part in parts(source) {
        if part.kind != Kind::Comment {
            continue;
        }
        let (mark, text) = comment(part.text);
        let is_alone = lines[part.line - 1].trim_start().starts_with("//");
        if is_alone
            && before == (part.line - 1, mark)
            && let Some(last) = texts.last_mut()
        {
            let is_item = text.is_empty() || text.starts_with(['-', '*', '#', '|']);
            last.text.push_str(if is_item { "\n\n" } else { " " });
            last.text.push_str(text);
        } else {
            texts.push(Text {
                place: format!("{name}:{}", part.line),
                text: text.to_owned(),
            });
        }
        before = (part.line, mark);
    }
    texts
}

/// A comment's mark and its text.
fn comment(comment: &str) -> (&'static str, &str) {
    for mark in ["///", "//!", "//"] {
        if let Some(text) = comment.strip_prefix(mark) {
            return (mark, text.trim());
        }
    }
    ("", "")
}

/// Comments on lines of more than 100 columns.
pub fn too_long(name: &str, source: &str) -> Vec<Text> {
    let lines: Vec<&str> = source.lines().collect();
    let comments = parts(source).into_iter();
    comments
        .filter(|part| part.kind == Kind::Comment)
        .filter(|part| lines[part.line - 1].chars().count() > 100)
        .map(|part| Text {
            place: format!("{name}:{}", part.line),
            text: part.text.to_owned(),
        })
        .collect()
}

/// First lines of doc comments in whose middle the sentence goes on.
pub fn goes_on(name: &str, source: &str) -> Vec<Text> {
    let mut texts = Vec::new();
    let mut before = (0, "");
    let lines: Vec<&str> = source.lines().collect();
    for part in parts(source) {
        if part.kind != Kind::Comment {
            continue;
        }
        let (mark, text) = comment(part.text);
        let is_first = before != (part.line - 1, mark);
        let goes_on = lines.get(part.line).is_some_and(|next| {
            let (next, text) = comment(next.trim());
            next == mark && !text.is_empty()
        });
        let bare = text.trim_end_matches([')', '"', '`', '*']);
        let ends = bare.ends_with(['.', ':', '?', '!', ';']);
        if mark != "//" && is_first && goes_on && !ends {
            texts.push(Text {
                place: format!("{name}:{}", part.line),
                text: text.to_owned(),
            });
        }
        before = (part.line, mark);
    }
    texts
}

/// What a CloudFormation template says: comments and descriptions.
pub fn template(name: &str, template: &str) -> Vec<Text> {
    let mut texts = Vec::new();
    for (at, line) in template.lines().enumerate() {
        let said = ["Description: ", "# "].iter().find_map(|mark| {
            let at = line.find(mark)?;
            Some(line[at + mark.len()..].trim_matches(['\'', '"']))
        });
        if let Some(said) = said {
            texts.push(Text {
                place: format!("{name}:{}", at + 1),
                text: said.to_owned(),
            });
        }
    }
    texts
}

#[test]
fn texts_are_found_where_they_stand() {
    let places = |texts: Vec<Text>| {
        let said = texts.into_iter();
        let said = said.map(|text| format!("{} {}", text.place, text.text.trim()));
        said.filter(|said| !said.ends_with(' ')).collect::<Vec<_>>()
    };
    let page = "# Head\none\ntwo [a](b)\n\n- item\n  more\n- next\n```sh\nno\n```\n| a | b c |\n";
    assert_eq!(
        places(markdown("p", page)),
        [
            "p:1 Head",
            "p:2 one two [a",
            "p:5 item more",
            "p:7 next",
            "p:11 a",
            "p:11 b c"
        ]
    );
    let page = "Does it\n\nUsage: x\n\nOptions:\n  -x\n          One\n          two\n\nCommands:\n  a  Does a\n  b  Does b\n";
    assert_eq!(
        places(help("h", page)),
        [
            "h Does it",
            "h Options:",
            "h One two",
            "h Commands:",
            "h Does a",
            "h Does b"
        ]
    );
    let source =
        "// one\n// two\nf(\"a b\", \"x \\\"y\\\" \\\n   z\\nnext one is\");\n/// doc\n/// goes on";
    assert_eq!(
        places(literals("s", source)),
        ["s:3 x \"y\" z", "s:3 next one is"]
    );
    assert_eq!(
        places(comments("s", source)),
        ["s:1 one two", "s:5 doc goes on"]
    );
    assert_eq!(places(goes_on("s", source)), ["s:5 doc"]);
    let long = format!("f(); // {}", "x".repeat(93));
    assert_eq!(too_long("s", &long).len(), 1);
    assert_eq!(too_long("s", &long[..100]).len(), 0);
}
