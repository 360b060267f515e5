//! Text with parts that only the account or the stack knows, and IAM's matching over it.
//! Wildcards are `*`, `?` and policy variables (IAM User Guide, "Policy elements: Variables and
//! tags"). Nothing is guessed: a part that may stand for anything answers [`Answer::Maybe`].

use std::borrow::Cow;

use super::doubt::Doubt;

/// Whether something is true. The order makes `max` mean "or" and `min` mean "and".
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Answer {
    No,
    Maybe,
    Yes,
}

impl Answer {
    pub(super) fn not(self) -> Self {
        match self {
            Self::No => Self::Yes,
            Self::Maybe => Self::Maybe,
            Self::Yes => Self::No,
        }
    }

    /// Yes if all are, also if there are none.
    pub(super) fn all(answers: impl IntoIterator<Item = Self>) -> Self {
        answers.into_iter().min().unwrap_or(Self::Yes)
    }

    /// Yes if any is.
    pub(super) fn any(answers: impl IntoIterator<Item = Self>) -> Self {
        answers.into_iter().max().unwrap_or(Self::No)
    }
}

impl From<bool> for Answer {
    fn from(yes: bool) -> Self {
        if yes { Self::Yes } else { Self::No }
    }
}

/// Text as the policy's author wrote it, with the values that a template puts in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Text(pub Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Part {
    Known(String),
    /// A value without a wildcard that only the stack knows, such as a resource's id.
    Fixed(String),
    /// Any text, a wildcard included: why it is not known.
    Open(Doubt),
}

impl Text {
    pub(super) fn known(text: impl Into<String>) -> Self {
        Self(vec![Part::Known(text.into())])
    }

    pub(super) fn as_known(&self) -> Option<String> {
        self.0
            .iter()
            .map(|part| match part {
                Part::Known(text) => Some(text.as_str()),
                Part::Fixed(_) | Part::Open(_) => None,
            })
            .collect()
    }

    /// Its length in bytes, of what is known.
    pub(super) fn len(&self) -> usize {
        let lengths = self.0.iter().map(|part| match part {
            Part::Known(text) | Part::Fixed(text) => text.len(),
            Part::Open(_) => 1,
        });
        lengths.sum()
    }

    /// The form that messages show.
    pub(super) fn shown(&self) -> String {
        self.0
            .iter()
            .map(|part| match part {
                Part::Known(text) | Part::Fixed(text) => Cow::Borrowed(text.as_str()),
                Part::Open(doubt) => Cow::Owned(doubt.to_string()),
            })
            .collect()
    }
}

/// One step of a pattern, or of the text that it is matched with.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Piece {
    Char(char),
    /// `*`.
    Any,
    /// `?`.
    One,
    /// A policy variable, or another fixed value that the file does not hold.
    #[expect(
        clippy::box_collection,
        reason = "a piece is kept small: most are characters"
    )]
    Named(Box<String>),
    /// What may stand for anything, and why it is not known.
    Open(Box<Doubt>),
}

/// A value of Action, Resource or a condition, ready to match.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Pattern {
    pub pieces: Vec<Piece>,
    /// As it was written, for messages.
    pub shown: String,
}

impl Pattern {
    /// The pattern of a text. `variables`: whether the policy's Version has policy variables.
    /// Before 2012-10-17 they are plain text.
    pub(super) fn new(text: &Text, variables: bool) -> Self {
        let mut pieces = Vec::new();
        for part in &text.0 {
            match part {
                Part::Known(known) => parse(known, variables, &mut pieces),
                Part::Fixed(what) => pieces.push(Piece::Named(Box::new(what.clone()))),
                Part::Open(doubt) => pieces.push(Piece::Open(Box::new(doubt.clone()))),
            }
        }
        Self {
            pieces,
            shown: text.shown(),
        }
    }

    /// An action's pattern. It ignores letter case, and IAM allows no variables there.
    pub(super) fn action(text: &Text) -> Self {
        let mut pattern = Self::new(text, false);
        for piece in &mut pattern.pieces {
            if let Piece::Char(character) = piece {
                *character = character.to_ascii_lowercase();
            }
        }
        pattern
    }

    /// A pattern for a value that is not known.
    pub(super) fn open(doubt: Doubt) -> Self {
        Self {
            shown: doubt.to_string(),
            pieces: vec![Piece::Open(Box::new(doubt))],
        }
    }

    /// Whether it matches. A variable matches only itself, and so never an example id.
    pub(super) fn matches(&self, subject: &[Piece]) -> Answer {
        matches(&self.pieces, subject)
    }

    /// The parts that may stand for anything.
    pub(super) fn opens(&self) -> impl Iterator<Item = &Doubt> {
        self.pieces.iter().filter_map(|piece| match piece {
            Piece::Open(doubt) => Some(&**doubt),
            _ => None,
        })
    }

    /// Whether it holds a wildcard.
    pub(super) fn has_wildcard(&self) -> bool {
        self.pieces
            .iter()
            .any(|piece| matches!(piece, Piece::Any | Piece::One))
    }
}

/// Whether the pieces of a pattern, or of a part of it, match.
pub(super) fn matches(pieces: &[Piece], subject: &[Piece]) -> Answer {
    let is_open = |piece: &Piece| matches!(piece, Piece::Open(_));
    if fits(pieces, subject, false) {
        Answer::Yes
    } else if pieces.iter().any(is_open) && fits(pieces, subject, true) {
        Answer::Maybe
    } else {
        Answer::No
    }
}

/// The text as pieces that match only themselves.
pub(super) fn literal(text: &str) -> Vec<Piece> {
    text.chars().map(Piece::Char).collect()
}

fn parse(text: &str, variables: bool, pieces: &mut Vec<Piece>) {
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if variables
            && let Some(inside) = rest.strip_prefix("${")
            && let Some(end) = inside.find('}')
        {
            pieces.push(variable(&inside[..end]));
            rest = &inside[end + 1..];
            continue;
        }
        pieces.push(match character {
            '*' => Piece::Any,
            '?' => Piece::One,
            other => Piece::Char(other),
        });
        rest = &rest[character.len_utf8()..];
    }
}

/// The piece for the text between `${` and `}`.
/// It is an escaped character, a name, or a name with a default value for requests without the key.
fn variable(inside: &str) -> Piece {
    match inside {
        "*" | "?" | "$" => return Piece::Char(inside.chars().next().unwrap_or('$')),
        _ => {}
    }
    match inside.split_once(',') {
        Some((_, default)) if default.contains(['*', '?']) => {
            Piece::Open(Box::new(Doubt::Variable(format!("${{{inside}}}"))))
        }
        _ => Piece::Named(Box::new(format!(
            "${{{}}}",
            inside.trim().to_ascii_lowercase()
        ))),
    }
}

/// Glob matching. Its time is the product of both lengths at most, however many `*` there are.
fn fits(pattern: &[Piece], subject: &[Piece], open_is_any: bool) -> bool {
    let is_any = |piece: &Piece| match piece {
        Piece::Any => true,
        Piece::Open(_) => open_is_any,
        _ => false,
    };
    let (mut at, mut seen) = (0, 0);
    let mut retry = None;
    while seen < subject.len() {
        match pattern.get(at) {
            Some(piece) if is_any(piece) => {
                retry = Some((at + 1, seen));
                at += 1;
                continue;
            }
            Some(Piece::One) => {
                at += 1;
                seen += 1;
                continue;
            }
            Some(piece) if *piece == subject[seen] => {
                at += 1;
                seen += 1;
                continue;
            }
            _ => {}
        }
        let Some((after, from)) = retry else {
            return false;
        };
        retry = Some((after, from + 1));
        at = after;
        seen = from + 1;
    }
    pattern[at..].iter().all(is_any)
}

#[cfg(test)]
mod tests {
    use super::{Answer, Doubt, Part, Pattern, Text, literal};

    fn matches(pattern: &str, subject: &str) -> Answer {
        Pattern::new(&Text::known(pattern), true).matches(&literal(subject))
    }

    #[test]
    fn stars_and_question_marks() {
        for (pattern, subject, expected) in [
            ("*", "", Answer::Yes),
            ("", "", Answer::Yes),
            ("", "a", Answer::No),
            ("?", "", Answer::No),
            ("?*", "a", Answer::Yes),
            ("a*c", "abbbc", Answer::Yes),
            ("a*c", "abbb", Answer::No),
            ("a*b*c", "a-b-b-c", Answer::Yes),
            ("*a", "aaaa", Answer::Yes),
            ("a?c", "abc", Answer::Yes),
            ("A", "a", Answer::No),
            ("${*}", "*", Answer::Yes),
            ("${*}", "x", Answer::No),
            ("${aws:userid}", "x", Answer::No),
            ("${aws:PrincipalTag/t, '*'}", "x", Answer::Maybe),
            ("a${aws:PrincipalTag/t, '*'}", "x", Answer::No),
            ("${aws:PrincipalTag/t, 'x'}", "x", Answer::No),
            ("${unended", "${unended", Answer::Yes),
        ] {
            assert_eq!(matches(pattern, subject), expected, "{pattern} {subject}");
        }
    }

    #[test]
    fn an_old_version_has_no_variables() {
        let pattern = Pattern::new(&Text::known("${aws:*}"), false);
        assert_eq!(pattern.matches(&literal("${aws:userid}")), Answer::Yes);
    }

    #[test]
    fn an_open_part_may_be_anything() {
        let text = Text(vec![
            Part::Known("instance/".to_owned()),
            Part::Open(Doubt::Template("Id".to_owned())),
        ]);
        let pattern = Pattern::new(&text, true);
        assert_eq!(pattern.matches(&literal("instance/i-1")), Answer::Maybe);
        assert_eq!(pattern.matches(&literal("document/x")), Answer::No);
    }

    /// Compares every short pattern on every short text with the plain definition.
    #[test]
    fn the_matcher_agrees_with_the_definition() {
        fn defined(pattern: &[char], subject: &[char]) -> bool {
            match (pattern.split_first(), subject.split_first()) {
                (None, None) => true,
                (Some(('*', rest)), None) => defined(rest, subject),
                (Some(('*', rest)), Some((_, after))) => {
                    defined(rest, subject) || defined(pattern, after)
                }
                (None, Some(_)) | (Some(_), None) => false,
                (Some((p, rest)), Some((s, after))) => {
                    (*p == '?' || p == s) && defined(rest, after)
                }
            }
        }
        fn words(letters: &[char], longest: usize) -> Vec<Vec<char>> {
            let mut words = vec![Vec::new()];
            let mut last = words.clone();
            for _ in 0..longest {
                last = last
                    .iter()
                    .flat_map(|word| letters.iter().map(|c| [word.as_slice(), &[*c]].concat()))
                    .collect();
                words.extend(last.clone());
            }
            words
        }
        let subjects = words(&['a', 'b'], 5);
        for pattern in words(&['a', 'b', '*', '?'], 5) {
            let written: String = pattern.iter().collect();
            for subject in &subjects {
                let expected = Answer::from(defined(&pattern, subject));
                let text: String = subject.iter().collect();
                assert_eq!(matches(&written, &text), expected, "{written} {text}");
            }
        }
    }

    #[test]
    fn many_stars_take_no_time() {
        let pattern = "*a".repeat(20_000);
        let began = std::time::Instant::now();
        assert_eq!(matches(&pattern, &"a".repeat(100)), Answer::No);
        assert!(began.elapsed().as_secs() < 5);
    }
}
