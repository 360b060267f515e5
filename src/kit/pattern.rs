//! An AllowedPattern as CloudFormation reads it: Java's regular expressions, on the whole value.
//! (CloudFormation Template Reference, "Parameters" and "Regular expressions";
//! java.util.regex.Pattern.)
//!
//! The templates keep to a part of that language. Java, Python (cfn-lint) and the crate `regex`
//! all have it:
//!
//! - plain characters, escaped punctuation, `\w`, `\d`, and `\p{…}` of letters, numbers and spaces;
//! - classes without a negation, groups and `|`;
//! - greedy quantifiers.
//!
//! One `(?!…)` may stand in front: it refuses a value whose beginning it matches. A pattern beyond
//! this part is not read.

use std::iter::Peekable;
use std::str::Chars;

use regex::Regex;

/// The categories of characters that a pattern may name.
const CATEGORIES: [&str; 3] = ["L", "N", "Zs"];
/// Punctuation that stands for itself, with a backslash or without one.
const PUNCTUATION: &str = " _-/:@=,#+.!~";

/// A pattern that has been read.
#[derive(Debug)]
pub(super) struct Pattern {
    whole: Regex,
    /// What the value must not begin with.
    refused: Option<Regex>,
}

impl Pattern {
    /// Reads a pattern; `None` if it is beyond the part that the templates keep to.
    pub(super) fn read(text: &str) -> Option<Self> {
        let mut rest = text.chars().peekable();
        let refused = match text.strip_prefix("(?!") {
            Some(ahead) => {
                rest = ahead.chars().peekable();
                let refused = alternatives(&mut rest)?;
                (rest.next()? == ')').then_some(())?;
                Some(Regex::new(&format!("^(?:{refused})")).ok()?)
            }
            None => None,
        };
        let whole = alternatives(&mut rest)?;
        if rest.next().is_some() {
            return None;
        }
        Some(Self {
            whole: Regex::new(&format!("^(?:{whole})$")).ok()?,
            refused,
        })
    }

    /// Whether Java's `matches()` would say yes.
    pub(super) fn allows(&self, value: &str) -> bool {
        let is_refused = self.refused.as_ref().is_some_and(|one| one.is_match(value));
        !is_refused && self.whole.is_match(value)
    }
}

/// Everything up to the end or to a closing parenthesis, in the words of the crate `regex`.
fn alternatives(rest: &mut Peekable<Chars<'_>>) -> Option<String> {
    let mut read = String::new();
    while let Some(&character) = rest.peek() {
        if character == ')' {
            break;
        }
        rest.next();
        match character {
            '|' => {
                read.push('|');
                continue;
            }
            // Only a `(?!…)` needs it, since a value is matched whole.
            '$' if matches!(rest.peek(), Some(')' | '|')) => {
                read.push('$');
                continue;
            }
            '(' => {
                // A group that keeps nothing, `(?:`, is read like any other.
                if rest.next_if_eq(&'?').is_some() {
                    rest.next_if_eq(&':')?;
                }
                read.push_str("(?:");
                read.push_str(&alternatives(rest)?);
                rest.next_if_eq(&')')?;
                read.push(')');
            }
            '[' => read.push_str(&class(rest)?),
            '\\' => read.push_str(&escape(rest)?),
            other => read.push_str(&plain(other)?),
        }
        read.push_str(&quantifier(rest)?);
    }
    Some(read)
}

/// A character that stands for itself.
fn plain(character: char) -> Option<String> {
    let is_plain = character.is_ascii_alphanumeric() || PUNCTUATION.contains(character);
    (is_plain && character != '.').then(|| regex::escape(character.encode_utf8(&mut [0; 4])))
}

/// What follows a backslash. In Java, `\w` and `\d` are ASCII.
fn escape(rest: &mut Peekable<Chars<'_>>) -> Option<String> {
    Some(match rest.next()? {
        'w' => "[0-9A-Za-z_]".to_owned(),
        'd' => "[0-9]".to_owned(),
        'p' => {
            rest.next_if_eq(&'{')?;
            let name: String =
                std::iter::from_fn(|| rest.next_if(char::is_ascii_alphabetic)).collect();
            rest.next_if_eq(&'}')?;
            CATEGORIES
                .contains(&name.as_str())
                .then(|| format!("\\p{{{name}}}"))?
        }
        other if other.is_ascii_punctuation() => regex::escape(other.encode_utf8(&mut [0; 4])),
        _ => return None,
    })
}

/// The rest of a class, its ranges among ASCII characters.
fn class(rest: &mut Peekable<Chars<'_>>) -> Option<String> {
    let mut read = "[".to_owned();
    let mut is_empty = true;
    loop {
        let from = match rest.next()? {
            ']' if is_empty => return None,
            ']' => break,
            '\\' => escape(rest)?,
            character if is_in_class(character) => hex(character),
            _ => return None,
        };
        is_empty = false;
        read.push_str(&from);
        if rest.next_if_eq(&'-').is_some() {
            match rest.peek()? {
                // A hyphen at the end stands for itself.
                ']' => read.push_str(&hex('-')),
                // A range begins with a character that needs no backslash.
                _ if from.starts_with("\\x") => {
                    let to = rest.next().filter(|to| is_in_class(*to))?;
                    read.extend(["-", &hex(to)]);
                }
                _ => return None,
            }
        }
    }
    read.push(']');
    Some(read)
}

/// Characters that mean themselves in a class of every one of these languages.
fn is_in_class(character: char) -> bool {
    character.is_ascii_alphanumeric() || PUNCTUATION.contains(character)
}

/// The character by its number, so that no class gives it another meaning.
fn hex(character: char) -> String {
    format!("\\x{{{:x}}}", u32::from(character))
}

/// A quantifier, if one follows: greedy only.
fn quantifier(rest: &mut Peekable<Chars<'_>>) -> Option<String> {
    let mut read = String::new();
    match rest.peek() {
        Some('?' | '*' | '+') => read.extend(rest.next()),
        Some('{') => {
            read.extend(rest.next());
            read.extend(std::iter::from_fn(|| {
                rest.next_if(|one| one.is_ascii_digit() || *one == ',')
            }));
            rest.next_if_eq(&'}')?;
            read.push('}');
        }
        _ => return Some(read),
    }
    // `*?` is lazy and `*+` possessive in Java.
    (!matches!(rest.peek(), Some('?' | '*' | '+' | '{'))).then_some(read)
}

#[cfg(test)]
mod tests {
    use super::Pattern;

    #[test]
    fn the_whole_value_must_match_as_java_matches_it() {
        for (pattern, value, expected) in [
            (r"\d{12}", "222222222222", true),
            (r"\d{12}", "2222222222222", false),
            (r"\d{2}", "٢٢", false),
            (r"\w+", "user_1", true),
            (r"\w+", "Müller", false),
            (r"[\w .:-]+", "a b", true),
            (r"[\w .:-]+", "a-b\n", false),
            (r"[\p{L}\p{N}\p{Zs}_.-]+", "Müller 株式会社 ٢", true),
            (r"[\p{L}\p{N}\p{Zs}_.-]+", "a*b", false),
            (r"|\d\d", "", true),
            (r"|\d\d", "12", true),
            (r"|\d\d", "1", false),
            ("/|/[!-~]+/", "/", true),
            ("/|/[!-~]+/", "/a b/", false),
            ("(?!root$)[a-z]+", "root", false),
            ("(?!root$)[a-z]+", "roots", true),
            ("(?!(?:root|core)$)[a-z]+", "core", false),
            ("(?!aws:)[a-z:]+", "aws:x", false),
            ("(?!aws:)[a-z:]+", "xaws:", true),
            (r"a\.b\-c", "a.b-c", true),
            (r"a\.b", "axb", false),
            ("[+-]", "-", true),
            ("[a-c+]?", "+", true),
            ("(?:ab|c){2}", "abc", true),
        ] {
            let read = Pattern::read(pattern).unwrap_or_else(|| panic!("{pattern}"));
            assert_eq!(read.allows(value), expected, "{pattern} on {value:?}");
        }
    }

    #[test]
    fn what_the_languages_read_differently_is_not_read() {
        for pattern in [
            ".",
            "[^a]",
            "[a&&b]",
            "[[a]b]",
            r"\s",
            r"\W",
            r"\bx",
            r"\p{Alpha}",
            r"\p{L",
            "a*?",
            "a++",
            "a{1}{2}",
            "(?i)a",
            "(?=a)a",
            "(?<x>a)",
            "a(?!b)",
            "(a",
            "a)",
            "[a",
            "[]",
            "a$b",
            "^a",
            r"\",
            "{",
            "*a",
            "ä",
            "[ä]",
            "[z-a]",
            r"[\w-a]",
            r"[\.-z]",
        ] {
            assert!(Pattern::read(pattern).is_none(), "{pattern}");
        }
    }
}
