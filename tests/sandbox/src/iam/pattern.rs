//! Texts of a policy with policy variables and wildcards, and how they match.
//!
//! A variable's value is never read as a pattern: a `*` that arrives in a value is a plain star.

use super::context::Context;

/// A policy text as written, cut into its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template(Vec<Part>);

#[derive(Debug, Clone, PartialEq, Eq)]
enum Part {
    Piece(Piece),
    Variable {
        key: String,
        default: Option<String>,
    },
}

/// One step of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Piece {
    /// A character that the policy's author wrote.
    Written(char),
    /// A character that came out of a variable, or out of `${*}`, `${?}`, `${$}`.
    Value(char),
    /// `*`: any characters.
    Many,
    /// `?`: one character.
    One,
}

/// A template with its variables filled in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern(Vec<Piece>);

impl Template {
    /// Cuts up a text; variables are read only when the policy's version knows them.
    pub fn parse(text: &str, with_variables: bool) -> Self {
        let mut parts = Vec::new();
        let mut rest = text;
        while let Some(character) = rest.chars().next() {
            if with_variables && let Some((part, after)) = variable(rest) {
                parts.push(part);
                rest = after;
                continue;
            }
            parts.push(Part::Piece(match character {
                '*' => Piece::Many,
                '?' => Piece::One,
                other => Piece::Written(other),
            }));
            rest = &rest[character.len_utf8()..];
        }
        Self(parts)
    }

    /// Fills in the variables;
    /// none when one has no value and no default, since such a text matches nothing.
    pub fn resolve(&self, context: &Context) -> Option<Pattern> {
        let mut pieces = Vec::with_capacity(self.0.len());
        for part in &self.0 {
            match part {
                Part::Piece(piece) => pieces.push(*piece),
                Part::Variable { key, default } => {
                    let value = context.single(key).or(default.as_deref())?;
                    pieces.extend(value.chars().map(Piece::Value));
                }
            }
        }
        Some(Pattern(pieces))
    }
}

/// Reads `${…}` at the start of a text.
fn variable(text: &str) -> Option<(Part, &str)> {
    let (inside, after) = text.strip_prefix("${")?.split_once('}')?;
    let part = match inside {
        "*" | "?" | "$" => Part::Piece(Piece::Value(inside.chars().next()?)),
        _ => {
            let (key, default) = match inside.split_once(',') {
                Some((key, default)) => {
                    let quoted = default.trim();
                    let default = quoted.strip_prefix('\'')?.strip_suffix('\'')?;
                    (key, Some(default.to_owned()))
                }
                None => (inside, None),
            };
            Part::Variable {
                key: key.trim().to_owned(),
                default,
            }
        }
    };
    Some((part, after))
}

impl Pattern {
    /// The pattern as a plain text: wildcards stand for themselves.
    pub fn literal(&self) -> String {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Written(character) | Piece::Value(character) => *character,
                Piece::Many => '*',
                Piece::One => '?',
            })
            .collect()
    }

    /// Whether a text fits, letter case counted.
    pub fn matches(&self, text: &str) -> bool {
        fits(&self.0, &text.chars().collect::<Vec<_>>())
    }

    /// Whether a text fits, letter case ignored.
    pub fn matches_ignoring_case(&self, text: &str) -> bool {
        let pieces: Vec<Piece> = self.0.iter().flat_map(|piece| lower(*piece)).collect();
        fits(&pieces, &text.to_lowercase().chars().collect::<Vec<_>>())
    }

    /// Whether an ARN fits, each of its six parts for itself.
    /// A wildcard does not reach over the first five colons, and only the last part may hold more
    /// of them. A bare `*` fits everything. Parts that the policy leaves off at the end are `*`, as
    /// AWS completes such ARNs.
    pub fn matches_arn(&self, arn: &str) -> bool {
        if self.0 == [Piece::Many] {
            return true;
        }
        let texts: Vec<&str> = arn.splitn(6, ':').collect();
        if texts.len() != 6 {
            return false;
        }
        let mut patterns = self.0.splitn(6, |piece| *piece == Piece::Written(':'));
        texts.iter().all(|text| {
            patterns
                .next()
                .is_none_or(|pattern| fits(pattern, &text.chars().collect::<Vec<_>>()))
        })
    }
}

fn lower(piece: Piece) -> Vec<Piece> {
    match piece {
        Piece::Written(character) => character.to_lowercase().map(Piece::Written).collect(),
        Piece::Value(character) => character.to_lowercase().map(Piece::Value).collect(),
        wildcard => vec![wildcard],
    }
}

/// Matches greedily and goes back to the last `*` when stuck: linear in memory, no recursion.
fn fits(pattern: &[Piece], text: &[char]) -> bool {
    let (mut at, mut read) = (0, 0);
    let mut retry: Option<(usize, usize)> = None;
    while read < text.len() {
        match pattern.get(at) {
            Some(Piece::Many) => {
                retry = Some((at + 1, read));
                at += 1;
            }
            Some(Piece::One) => {
                at += 1;
                read += 1;
            }
            Some(Piece::Written(character) | Piece::Value(character))
                if *character == text[read] =>
            {
                at += 1;
                read += 1;
            }
            _ => {
                let Some((after, from)) = retry else {
                    return false;
                };
                retry = Some((after, from + 1));
                at = after;
                read = from + 1;
            }
        }
    }
    pattern[at..].iter().all(|piece| *piece == Piece::Many)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn context() -> Context {
        let mut context = Context::new();
        context
            .set("aws:userid", "AROA:ana")
            .set("aws:username", "a*b")
            .set_all("aws:TagKeys", ["one"]);
        context
    }

    fn resolve(text: &str) -> Option<Pattern> {
        Template::parse(text, true).resolve(&context())
    }

    #[test]
    fn wildcards() {
        for (pattern, text, want) in [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("a*", "abc", true),
            ("a*c", "abcbc", true),
            ("a*c", "abcb", false),
            ("?", "", false),
            ("?*", "x", true),
            ("*:ana", "AROA:ana", true),
            ("*:ana", "AROA:anab", false),
            ("a**b", "ab", true),
            ("*a*b*c", "xaybzc", true),
            ("A", "a", false),
        ] {
            let resolved = resolve(pattern).unwrap();
            assert_eq!(resolved.matches(text), want, "{pattern} on {text}");
        }
        assert!(
            resolve("SSM:Start*")
                .unwrap()
                .matches_ignoring_case("ssm:startsession")
        );
    }

    #[test]
    fn variables() {
        for (template, text, want) in [
            ("${aws:userid}", "AROA:ana", true),
            ("${AWS:UserId}", "AROA:ana", true),
            ("${aws:username}", "a*b", true),
            ("${aws:username}", "axb", false),
            ("${aws:missing, 'team'}-x", "team-x", true),
            ("${aws:userid, 'team'}", "AROA:ana", true),
            ("${*}", "*", true),
            ("${*}", "x", false),
            ("${?}${$}", "?$", true),
            ("${?}", "x", false),
            ("${unclosed", "${unclosed", true),
        ] {
            let resolved = resolve(template).unwrap();
            assert_eq!(resolved.matches(text), want, "{template} on {text}");
        }
        assert_eq!(resolve("x${aws:missing}"), None);
        assert_eq!(
            resolve("${aws:TagKeys}"),
            None,
            "multivalued keys are no variables"
        );
        let old = Template::parse("${aws:userid}", false)
            .resolve(&context())
            .unwrap();
        assert_eq!(old.literal(), "${aws:userid}");
    }

    #[test]
    fn arns() {
        let instance = "arn:aws:ec2:us-east-1:222222222222:instance/i-0a";
        for (pattern, arn, want) in [
            ("*", instance, true),
            ("*", "*", true),
            ("arn:aws:ec2:*:*:instance/*", instance, true),
            ("arn:aws:ec2:*:instance/*", instance, false),
            ("arn:aws:ec2:*", instance, true),
            ("arn:aws:ec2", instance, true),
            ("arn:aws:ssm:*", instance, false),
            (
                "arn:aws:ec2:us-east-1:222222222222:instance/i-0?",
                instance,
                true,
            ),
            (
                "arn:aws:ec2:us-east-1:222222222222:Instance/*",
                instance,
                false,
            ),
            ("arn:aws:ec2:us-*:222222222222:instance/*", instance, true),
            (
                "arn:aws:logs:us-east-1::222222222222::log-group:G:*",
                "arn:aws:logs:us-east-1:222222222222:log-group:G:x",
                false,
            ),
            (
                "arn:aws:logs:us-east-1:222222222222:log-group:*",
                "arn:aws:logs:us-east-1:222222222222:log-group:G:x",
                true,
            ),
            (
                "arn:aws:iam::1:role/${aws:userid}",
                "arn:aws:iam::1:role/AROA:ana",
                true,
            ),
            (
                "arn:aws:iam:${aws:userid}:role/x",
                "arn:aws:iam:AROA:ana:role/x",
                false,
            ),
            ("arn:aws:ec2:*:*:instance/*", "*", false),
        ] {
            assert_eq!(
                resolve(pattern).unwrap().matches_arn(arn),
                want,
                "{pattern} on {arn}"
            );
        }
    }
}
