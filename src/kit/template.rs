//! A template's parameters, checked and given defaults line by line.
//! So comments and order stay as they are.

use super::error::Error;
use super::parameter::Parameter;
use super::value::Value;

/// The last value of each name, in the order of the last values.
pub(super) fn settled(mut values: Vec<Value<'_>>) -> Vec<Value<'_>> {
    for at in (0..values.len()).rev() {
        let is_outranked = values[at + 1..]
            .iter()
            .any(|other| other.name == values[at].name);
        if is_outranked {
            values.remove(at);
        }
    }
    values
}

/// The template with these defaults, each name once.
/// Each value must keep the rules that the template sets for its parameter.
pub(super) fn fill(template: &str, values: &[Value<'_>]) -> Result<String, Error> {
    let parameters = Parameter::all(template);
    let mut lines: Vec<String> = template.lines().map(str::to_owned).collect();
    for value in values {
        let declared = parameters.iter().find(|one| one.name == value.name);
        let parameter = declared.ok_or_else(|| Error::UnknownParameter {
            name: value.name.to_owned(),
            known: parameters.iter().map(|one| one.name.clone()).collect(),
        })?;
        if let Some(rule) = parameter.broken_rule(&value.text) {
            return Err(Error::refused(
                value,
                rule,
                parameter.text("ConstraintDescription"),
            ));
        }
        let text = if parameter.is_number() {
            value.text.clone()
        } else {
            quoted(&value.text)
        };
        let line = format!("    Default: {text}");
        if let Some(at) = parameter.line_of("Default") {
            lines[at] = line;
        } else {
            // Below its type. Every element stays one line, so that the places found above stay
            // right.
            lines[parameter.line + 1].push('\n');
            lines[parameter.line + 1].push_str(&line);
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
        .filter(|value| value.name != "ExternalId")
        .map(|value| word(&format!("{}={}", value.name, value.text)));
    let words: Vec<String> = words.collect();
    format!("--parameter-overrides {}", words.join(" "))
}

#[cfg(test)]
mod tests {
    use super::super::value::Source;
    use super::*;

    const TEMPLATE: &str = "A: 1\nParameters:\n  One:\n    Type: String\n    Description: x\n  Two:\n    \
                            Type: Number\n    Default: 20\n    AllowedValues: [5, 20]\n\nResources:\n  One:\n    Default: 7\n";

    fn filled(values: &[(&'static str, &str)]) -> Result<String, Error> {
        let values = values.iter().map(|(name, text)| Value {
            name,
            text: (*text).to_owned(),
            from: Source::Parameter,
        });
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
