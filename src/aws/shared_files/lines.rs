//! The lines of `~/.aws/config` and `~/.aws/credentials`, read as aws-cli reads them.
//! Nothing is refused here: a line that cannot be read is noted in its section, and counts only if
//! that section is used.
//!
//! aws-cli reads with Python's `configparser.RawConfigParser` (botocore, `configloader.py`,
//! `raw_config_parse`). A line that is indented deeper than the option before it continues that
//! option; any other line is an option or a section, indented or not.

use std::path::Path;
use std::sync::Arc;

use super::place::Place;

/// One section as it was written.
pub(super) struct Lines {
    /// What stands between the brackets; the rest of the line if the closing one is missing.
    pub header: String,
    /// Whether the header has both brackets.
    pub closed: bool,
    /// Where the header is.
    pub place: Place,
    /// The options in their order.
    pub options: Vec<Written>,
    /// The first line that is neither an option nor a comment.
    pub odd: Option<Place>,
}

/// An option as it was written.
pub(super) struct Written {
    /// Its name in lower case.
    pub key: String,
    /// Its value; each line that continues it follows a line feed.
    pub value: String,
    /// Where it begins.
    pub place: Place,
}

/// Takes a file's text apart. What comes before the first section belongs to none.
pub(super) fn sections(file: &Arc<Path>, text: &str) -> Vec<Lines> {
    let mut sections: Vec<Lines> = Vec::new();
    let mut indent = 0;
    let mut continues = false;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    for (index, line) in text.split('\n').enumerate() {
        let trimmed = line.trim();
        if trimmed.is_empty() || trimmed.starts_with(['#', ';']) {
            continue;
        }
        let place = Place {
            file: Arc::clone(file),
            line: index + 1,
        };
        let deep = line.chars().take_while(|it| it.is_whitespace()).count();
        if continues
            && deep > indent
            && let Some(option) = sections
                .last_mut()
                .and_then(|section| section.options.last_mut())
        {
            option.value.push('\n');
            option.value.push_str(trimmed);
            continue;
        }
        indent = deep;
        continues = false;
        if let Some(rest) = trimmed.strip_prefix('[') {
            let (header, closed) = header(rest);
            sections.push(Lines {
                header: header.trim().to_owned(),
                closed,
                place,
                options: Vec::new(),
                odd: None,
            });
        } else if let Some(section) = sections.last_mut() {
            match option(trimmed) {
                Some((key, value)) => {
                    section.options.push(Written { key, value, place });
                    continues = true;
                }
                None => {
                    section.odd.get_or_insert(place);
                }
            }
        }
    }
    sections
}

/// What stands between the brackets of a section's line, and whether the closing one is there.
/// As in aws-cli the line's last one closes it, but not if that one is in a comment.
fn header(rest: &str) -> (&str, bool) {
    let Some((header, tail)) = rest.split_once(']') else {
        return (rest, false);
    };
    let tail = tail.trim_start();
    if tail.is_empty() || tail.starts_with(['#', ';']) {
        return (header, true);
    }
    let last = rest.rsplit_once(']').map(|(header, _)| header);
    (last.unwrap_or(header), true)
}

/// Splits `key = value` or `key: value`.
fn option(line: &str) -> Option<(String, String)> {
    let (key, value) = line.split_once(['=', ':'])?;
    let key = key.trim().to_lowercase();
    // A shell reads the command, and " ;" means something there. aws-cli takes all of it.
    let value = if key == "credential_process" {
        value.trim()
    } else {
        without_comment(value).trim()
    };
    (!key.is_empty()).then(|| (key, value.to_owned()))
}

/// Cuts a comment off, which begins with `#` or `;` after white space.
/// The SDKs do so; aws-cli does not, and then refuses what such a value is used for.
fn without_comment(value: &str) -> &str {
    let mut after_space = false;
    for (at, character) in value.char_indices() {
        if after_space && matches!(character, '#' | ';') {
            return &value[..at];
        }
        after_space = character.is_whitespace();
    }
    value
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Vec<String> {
        let file: Arc<Path> = Path::new("/config").into();
        let sections = sections(&file, text);
        let show = |section: &Lines| {
            let options: Vec<_> = section
                .options
                .iter()
                .map(|it| format!("{}={:?}@{}", it.key, it.value, it.place.line))
                .collect();
            let odd = section.odd.as_ref().map_or(0, |odd| odd.line);
            format!("{}|{}|odd {odd}", section.header, options.join(" "))
        };
        sections.iter().map(show).collect()
    }

    #[test]
    fn options_are_read_as_aws_cli_reads_them() {
        let table: [(&str, &[&str]); 13] = [
            ("[a]\n region = x\n", &[r#"a|region="x"@2|odd 0"#]),
            ("[a]\n  b = 1\n  c = 2", &[r#"a|b="1"@2 c="2"@3|odd 0"#]),
            ("[a]\nb = 1\n c = 2", &[r#"a|b="1\nc = 2"@2|odd 0"#]),
            ("[a]\nb: https://x\n", &[r#"a|b="https://x"@2|odd 0"#]),
            ("\u{feff}[a]\r\nB = 1\r\r\n", &[r#"a|b="1"@2|odd 0"#]),
            ("  [a] # x\nb = 1 # y\n; z\n", &[r#"a|b="1"@2|odd 0"#]),
            ("[profile a[1]]\n", &["profile a[1]||odd 0"]),
            ("[profile 'a ]b'] c\n", &["profile 'a ]b'||odd 0"]),
            ("[a] # see [b]\n", &["a||odd 0"]),
            ("b = 1\n[a]\nc\n= d\n", &["a||odd 3"]),
            (
                "[a\nb = 1\n[c]\nd=e;f",
                &[r#"a|b="1"@2|odd 0"#, r#"c|d="e;f"@4|odd 0"#],
            ),
            (
                "[a]\ncredential_process = x ; y # z\n",
                &[r#"a|credential_process="x ; y # z"@2|odd 0"#],
            ),
            (
                "[a]\nsts =\n\n  # no\n  endpoint_url = x\n",
                &[r#"a|sts="\nendpoint_url = x"@2|odd 0"#],
            ),
        ];
        for (text, expected) in table {
            assert_eq!(read(text), expected, "{text:?}");
        }
    }
}
