//! A template's parameters, found and given defaults line by line.
//! So comments and order stay as they are.

use super::Error;
use crate::names::Malformed;

/// A parameter's name and the default it gets.
pub(super) type Value<'a> = (&'a str, String);

/// The names of the parameters, in the template's order.
pub(super) fn parameters(template: &str) -> Vec<String> {
    section(template)
        .filter_map(|(_, line)| name(line))
        .map(str::to_owned)
        .collect()
}

/// The last value of each name, in the order of the last values.
pub(super) fn settled(mut values: Vec<Value<'_>>) -> Vec<Value<'_>> {
    for at in (0..values.len()).rev() {
        let is_outranked = values[at + 1..]
            .iter()
            .any(|(name, _)| *name == values[at].0);
        if is_outranked {
            values.remove(at);
        }
    }
    values
}

/// The template with these defaults, each name once.
/// A value must fit the parameter's type and its allowed values; CloudFormation checks the
/// patterns.
pub(super) fn fill(template: &str, values: &[Value<'_>]) -> Result<String, Error> {
    let mut lines: Vec<String> = template.lines().map(str::to_owned).collect();
    for (parameter, value) in values {
        let begin = section(template)
            .find_map(|(at, line)| (name(line) == Some(parameter)).then_some(at))
            .ok_or_else(|| Error::UnknownParameter {
                name: (*parameter).to_owned(),
                known: parameters(template),
            })?;
        let keys = || (begin + 1..lines.len()).take_while(|at| lines[*at].starts_with("    "));
        let of = |key: &str| {
            keys().find_map(|at| Some((at, lines[at].trim_start().strip_prefix(key)?.trim())))
        };
        let is_number = of("Type:").is_some_and(|(_, kind)| kind == "Number");
        if is_number && !value.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(unfit(parameter, format!("{value:?} is not a number")));
        }
        if let Some((_, list)) = of("AllowedValues:") {
            let mut allowed = list.trim_matches(['[', ']']).split(',');
            if !allowed.any(|one| one.trim().trim_matches('\'') == value) {
                return Err(unfit(parameter, format!("{value:?} is not one of {list}")));
            }
        }
        let value = if is_number {
            value.clone()
        } else {
            quoted(value)
        };
        let line = format!("    Default: {value}");
        if let Some((at, _)) = of("Default:") {
            lines[at] = line;
        } else {
            // Below its type. Every element stays one line, so that the places found above stay
            // right.
            lines[begin + 1].push('\n');
            lines[begin + 1].push_str(&line);
        }
    }
    let mut text = lines.join("\n");
    text.push('\n');
    Ok(text)
}

/// A YAML scalar that is this text whatever it holds.
pub(super) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

/// The text as one word of a POSIX shell.
pub(super) fn word(text: &str) -> String {
    shlex::try_quote(text).map_or_else(|_| text.to_owned(), std::borrow::Cow::into_owned)
}

/// The arguments that give a stack these values.
/// Without them, an existing stack would keep its own. The ExternalId is not among them: it never
/// changes, and must not be on a command line.
pub(super) fn overrides(values: &[Value<'_>]) -> String {
    let words = values
        .iter()
        .filter(|(name, _)| *name != "ExternalId")
        .map(|(name, value)| word(&format!("{name}={value}")));
    let words: Vec<String> = words.collect();
    format!("--parameter-overrides {}", words.join(" "))
}

fn unfit(parameter: &str, why: String) -> Error {
    Error::Unfit {
        what: parameter.to_owned(),
        why: Malformed(why),
    }
}

/// The numbered lines of the section `Parameters`.
fn section(template: &str) -> impl Iterator<Item = (usize, &str)> {
    template
        .lines()
        .enumerate()
        .skip_while(|(_, line)| *line != "Parameters:")
        .skip(1)
        .take_while(|(_, line)| line.is_empty() || line.starts_with(' '))
}

fn name(line: &str) -> Option<&str> {
    line.strip_prefix("  ")?
        .strip_suffix(':')
        .filter(|name| !name.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEMPLATE: &str = "A: 1\nParameters:\n  One:\n    Type: String\n    Description: x\n  Two:\n    \
                            Type: Number\n    Default: 20\n    AllowedValues: [5, 20]\n\nResources:\n  One:\n    Default: 7\n";

    fn filled(values: &[(&'static str, &str)]) -> Result<String, Error> {
        let values = values
            .iter()
            .map(|(name, value)| (*name, (*value).to_owned()));
        fill(TEMPLATE, &settled(values.collect()))
    }

    #[test]
    fn only_defaults_are_set() {
        assert_eq!(
            filled(&[("One", "no"), ("Two", "5"), ("One", "it's")]).unwrap(),
            "A: 1\nParameters:\n  One:\n    Type: String\n    Default: 'it''s'\n    Description: x\n  Two:\n    \
             Type: Number\n    Default: 5\n    AllowedValues: [5, 20]\n\nResources:\n  One:\n    Default: 7\n"
        );
    }

    #[test]
    fn a_value_that_does_not_fit_is_refused() {
        for wrong in ["7", "x", ""] {
            assert!(filled(&[("Two", wrong)]).is_err(), "{wrong}");
        }
        let error = filled(&[("Three", "")]).unwrap_err();
        assert_eq!(error.to_string(), "the template has no parameter Three");
        assert_eq!(error.hint().as_deref(), Some("its parameters are One, Two"));
    }
}
