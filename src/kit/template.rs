//! A template's parameters, found and given defaults line by line, so that its comments and its order stay.

use super::Error;

/// The names of the parameters, in the template's order.
pub(super) fn parameters(template: &str) -> Vec<String> {
    section(template)
        .filter_map(|(_, line)| name(line))
        .map(str::to_owned)
        .collect()
}

/// The template with these defaults.
pub(super) fn fill(template: &str, values: &[(&str, String)]) -> Result<String, Error> {
    let mut lines: Vec<String> = template.lines().map(str::to_owned).collect();
    for (parameter, value) in values {
        let begin = section(template)
            .find_map(|(at, line)| (name(line) == Some(parameter)).then_some(at))
            .ok_or_else(|| Error::UnknownParameter {
                name: (*parameter).to_owned(),
                known: parameters(template),
            })?;
        let keys = || (begin + 1..lines.len()).take_while(|at| lines[*at].starts_with("    "));
        let of = |key: &str| keys().find(|at| lines[*at].trim_start().starts_with(key));
        let is_number = of("Type: Number").is_some();
        let value = if is_number && value.bytes().all(|byte| byte.is_ascii_digit()) {
            value.clone()
        } else {
            quoted(value)
        };
        let line = format!("    Default: {value}");
        if let Some(at) = of("Default:") {
            lines[at] = line;
        } else {
            // Behind its type. One line stays one line, so that the places found above hold.
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
                            Type: Number\n    Default: 20\n\nResources:\n  One:\n    Default: 7\n";

    #[test]
    fn defaults_are_set_and_nothing_else() {
        let filled = fill(
            TEMPLATE,
            &[("One", "it's".to_owned()), ("Two", "5".to_owned())],
        )
        .unwrap();
        assert_eq!(
            filled,
            "A: 1\nParameters:\n  One:\n    Type: String\n    Default: 'it''s'\n    Description: x\n  Two:\n    \
             Type: Number\n    Default: 5\n\nResources:\n  One:\n    Default: 7\n"
        );
    }

    #[test]
    fn a_parameter_that_is_not_there_is_named_with_those_that_are() {
        let error = fill(TEMPLATE, &[("Three", String::new())]).unwrap_err();
        assert_eq!(error.to_string(), "the template has no parameter Three");
        assert_eq!(error.hint().as_deref(), Some("it has One, Two"));
    }
}
