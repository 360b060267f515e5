//! Whether a parameter's AllowedPattern allows IAM's wildcards.
//! It is a regular expression that the whole value must match (CloudFormation Template Reference,
//! "Parameters"). Only patterns that surely exclude wildcards are trusted: plain characters,
//! classes of plain characters, letters, numbers and spaces by their Unicode category, groups and
//! quantifiers. A `(?!…)` only takes values away.

use std::iter::Peekable;
use std::str::Chars;

/// Whether no value that matches the pattern holds a `*` or a `?`.
pub(super) fn keeps_wildcards_out(pattern: &str) -> bool {
    let mut rest = pattern.chars().peekable();
    while let Some(character) = rest.next() {
        let is_safe = match character {
            '[' => is_plain_class(&mut rest),
            '\\' => is_plain_escape(&mut rest),
            '{' => is_count(&mut rest),
            '(' => is_plain_group(&mut rest),
            ')' | '|' | '^' | '$' | '*' | '+' | '?' => true,
            other => is_plain(other),
        };
        if !is_safe {
            return false;
        }
    }
    true
}

/// Characters without a special meaning anywhere in a regular expression.
fn is_plain(character: char) -> bool {
    character.is_ascii_alphanumeric() || " _-/:@=,#%~".contains(character)
}

/// What follows a backslash.
/// A class of word characters or digits, a category without wildcards, or a mark that is not one.
fn is_plain_escape(rest: &mut Peekable<Chars<'_>>) -> bool {
    match rest.next() {
        Some('p') => is_plain_category(rest),
        Some(mark) => "dw.-/:@=,#+_()[]{}|^$".contains(mark),
        None => false,
    }
}

/// `{L}`, or another of the categories of letters, marks, numbers and spaces.
fn is_plain_category(rest: &mut Peekable<Chars<'_>>) -> bool {
    if rest.next_if_eq(&'{').is_none() {
        return false;
    }
    let name: String = rest.by_ref().take_while(|one| *one != '}').collect();
    let mut letters = name.chars();
    let is_kind = letters.next().is_some_and(|kind| "LMNZ".contains(kind));
    is_kind && name.len() <= 2 && letters.all(|one| one.is_ascii_lowercase())
}

/// The rest of a class, whose ranges are of letters or of digits alone.
fn is_plain_class(rest: &mut Peekable<Chars<'_>>) -> bool {
    let mut before = None;
    while let Some(character) = rest.next() {
        match character {
            ']' => return before.is_some(),
            '-' if before.is_some() && rest.peek().is_some_and(|next| *next != ']') => {
                let kind = |one: char| {
                    let kinds = ['a'..='z', 'A'..='Z', '0'..='9'];
                    kinds.iter().position(|kind| kind.contains(&one))
                };
                let (from, to) = (before.and_then(kind), rest.next().and_then(kind));
                if from.is_none() || from != to {
                    return false;
                }
                // A range does not continue.
                before = Some('-');
            }
            '\\' if is_plain_escape(rest) => before = Some('\\'),
            other if is_plain(other) || ".+".contains(other) => before = Some(other),
            _ => return false,
        }
    }
    false
}

/// The rest of `{2,64}`.
fn is_count(rest: &mut Peekable<Chars<'_>>) -> bool {
    let mut counted = rest.by_ref().take_while(|character| *character != '}');
    counted.all(|character| character.is_ascii_digit() || character == ',')
}

/// What may follow an opening parenthesis: the group itself, `?:` or `?!`.
fn is_plain_group(rest: &mut Peekable<Chars<'_>>) -> bool {
    rest.next_if_eq(&'?').is_none() || matches!(rest.next(), Some(':' | '!'))
}

#[cfg(test)]
mod tests {
    use super::keeps_wildcards_out;

    #[test]
    fn only_patterns_that_cannot_make_a_wildcard_are_trusted() {
        for (pattern, expected) in [
            ("", true),
            ("[a-z][a-z0-9-]*", true),
            (r"^[\w+=,.@-]{2,64}$", true),
            (r"arn:aws[a-z-]*:iam::\d{12}:role/[\w+=,.@/-]+", true),
            (r"|\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", true),
            ("(?:one|two)?", true),
            (r"[\w .:/=+@-]{1,256}", true),
            (".*", false),
            (".", false),
            (r"\*", false),
            (r"\S+", false),
            (r"\W", false),
            (r"(?![aA][wW][sS]:)[\p{L}\p{N}\p{Zs}_.:/=+@-]+", true),
            (r"(?!root$)[a-z_][a-z0-9_-]{0,31}", true),
            (r"(?!a).", false),
            (r"(?=a)a", false),
            (r"\p{Punct}", false),
            (r"\p{Po}", false),
            (r"\p{LC}", false),
            (r"\p{Lower}", false),
            (r"\pL", false),
            (r"[\p{IsAssigned}]", false),
            ("[^a-z]", false),
            ("[a-z*]", false),
            ("[a-z?]+", false),
            ("/[!-~]+/", false),
            ("[+-@]", false),
            (r"[\w-@]", false),
            ("[A-z]", false),
            ("[0-9-z]", false),
            ("[a-z&&[^b]]", false),
            (r"\x2a", false),
            (r"[\x2a]", false),
            ("(?x)a", false),
            ("[a", false),
            ("{*", false),
        ] {
            assert_eq!(keeps_wildcards_out(pattern), expected, "{pattern}");
        }
    }
}
