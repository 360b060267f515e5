//! A template's parameters and the rules that the template sets for their values.
//!
//! CloudFormation checks a stack's parameters by these rules before it makes anything
//! (CloudFormation Template Reference, "Parameters"). Each stands on one line of the template.

use super::pattern::Pattern;

/// A parameter as the template declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Parameter {
    /// Its name.
    pub name: String,
    /// The number of the line with its name, counted from 0.
    pub line: usize,
    /// The lines below its name: their numbers, keys and texts.
    keys: Vec<(usize, String, String)>,
}

impl Parameter {
    /// The parameters, in the template's order.
    pub(super) fn all(template: &str) -> Vec<Self> {
        let mut all: Vec<Self> = Vec::new();
        for (line, text) in section(template) {
            if text.trim_start().starts_with('#') {
                continue;
            }
            if let Some(name) = text.strip_prefix("  ").and_then(name) {
                all.push(Self {
                    name: name.to_owned(),
                    line,
                    keys: Vec::new(),
                });
            } else if let Some(parameter) = all.last_mut() {
                parameter.add(line, text);
            }
        }
        all
    }

    fn add(&mut self, line: usize, text: &str) {
        let key = text
            .strip_prefix("    ")
            .and_then(|text| text.split_once(':'));
        match (key, self.keys.last_mut()) {
            (Some((key, value)), _) if !key.starts_with(' ') => {
                self.keys
                    .push((line, key.to_owned(), unquoted(value.trim())));
            }
            // A folded text goes on.
            (_, Some((_, _, folded))) if !text.trim().is_empty() => {
                let before = std::mem::take(folded);
                *folded = format!("{} {}", before.trim_start_matches(">-"), text.trim());
                *folded = folded.trim().to_owned();
            }
            _ => {}
        }
    }

    /// The text of a key, without quotes.
    pub(super) fn text(&self, key: &str) -> Option<&str> {
        self.found(key).map(|(_, text)| text)
    }

    /// The number of the line of a key.
    pub(super) fn line_of(&self, key: &str) -> Option<usize> {
        self.found(key).map(|(line, _)| line)
    }

    fn found(&self, key: &str) -> Option<(usize, &str)> {
        let found = self.keys.iter().find(|(_, other, _)| other == key);
        found.map(|(line, _, text)| (*line, text.as_str()))
    }

    /// Whether its values are numbers.
    pub(super) fn is_number(&self) -> bool {
        self.text("Type") == Some("Number")
    }

    /// The first rule that the value breaks, as a clause about it.
    pub(super) fn broken_rule(&self, value: &str) -> Option<String> {
        let is_list = self.text("Type") == Some("CommaDelimitedList");
        let items: Vec<&str> = if is_list {
            value.split(',').map(str::trim).collect()
        } else {
            vec![value]
        };
        self.broken_number(value)
            .or_else(|| items.iter().find_map(|item| self.broken_text(item)))
    }

    fn broken_number(&self, value: &str) -> Option<String> {
        if !self.is_number() {
            return None;
        }
        let number = whole_number(value);
        let bound = |key| self.text(key).map(|bound| (bound, whole_number(bound)));
        match (number, bound("MinValue"), bound("MaxValue")) {
            (None, ..) => Some("its Type is Number, and this is not a whole number".to_owned()),
            (Some(number), Some((least, Some(bound))), _) if number < bound => {
                Some(format!("its MinValue is {least}"))
            }
            (Some(number), _, Some((most, Some(bound)))) if number > bound => {
                Some(format!("its MaxValue is {most}"))
            }
            _ => None,
        }
    }

    fn broken_text(&self, value: &str) -> Option<String> {
        let length = u64::try_from(value.chars().count()).unwrap_or(u64::MAX);
        let bound = |key| self.text(key).and_then(whole_number);
        if let Some(least) = bound("MinLength").filter(|least| length < *least) {
            return Some(format!("its MinLength is {least}"));
        }
        if let Some(most) = bound("MaxLength").filter(|most| length > *most) {
            return Some(format!("its MaxLength is {most}"));
        }
        if let Some(list) = self.text("AllowedValues") {
            let mut allowed = list.trim_matches(['[', ']']).split(',');
            if !allowed.any(|one| unquoted(one.trim()) == value) {
                return Some(format!("its AllowedValues are {list}"));
            }
        }
        let pattern = self.text("AllowedPattern")?;
        let fits = Pattern::read(pattern).is_some_and(|read| read.allows(value));
        (!fits).then(|| format!("its AllowedPattern is {pattern}"))
    }
}

/// A number without sign, fraction and leading zero: what every number of the templates is.
fn whole_number(text: &str) -> Option<u64> {
    let is_plain =
        text.bytes().all(|byte| byte.is_ascii_digit()) && (text == "0" || !text.starts_with('0'));
    is_plain.then(|| text.parse().ok()).flatten()
}

/// A scalar of one line without its quotes.
fn unquoted(text: &str) -> String {
    text.strip_prefix('\'')
        .and_then(|text| text.strip_suffix('\''))
        .map_or_else(|| text.to_owned(), |text| text.replace("''", "'"))
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
    line.strip_suffix(':').filter(|name| !name.starts_with(' '))
}

#[cfg(test)]
mod tests {
    use super::super::{customer, vendor};
    use super::*;

    /// The keys of a parameter that are read, or that say nothing about its values.
    const KNOWN: [&str; 11] = [
        "Type",
        "Default",
        "Description",
        "NoEcho",
        "ConstraintDescription",
        "AllowedPattern",
        "AllowedValues",
        "MinLength",
        "MaxLength",
        "MinValue",
        "MaxValue",
    ];

    fn both() -> impl Iterator<Item = Parameter> {
        [customer::TEMPLATE, vendor::TEMPLATE]
            .into_iter()
            .flat_map(Parameter::all)
    }

    #[test]
    fn every_rule_of_both_templates_can_be_read() {
        let mut patterns = 0;
        for parameter in both() {
            let name = &parameter.name;
            for (_, key, text) in &parameter.keys {
                assert!(KNOWN.contains(&key.as_str()), "{name}: {key}");
                match key.as_str() {
                    "Type" => assert!(
                        ["String", "Number", "CommaDelimitedList"].contains(&text.as_str()),
                        "{name}: {text}"
                    ),
                    "AllowedPattern" => {
                        assert!(Pattern::read(text).is_some(), "{name}: {text}");
                        patterns += 1;
                    }
                    "MinLength" | "MaxLength" | "MinValue" | "MaxValue" => {
                        assert!(whole_number(text).is_some(), "{name}: {text}");
                    }
                    _ => {}
                }
            }
            let has_rule = parameter.text("AllowedPattern").is_some()
                || parameter.text("AllowedValues").is_some()
                || parameter.text("MaxValue").is_some();
            assert!(has_rule, "{name} takes anything");
            let explains = parameter.text("ConstraintDescription").is_some()
                || parameter.text("AllowedPattern").is_none();
            assert!(
                explains,
                "{name} has a pattern and no ConstraintDescription"
            );
        }
        assert!(patterns > 15, "{patterns}");
    }

    #[test]
    fn every_default_of_both_templates_fits_its_own_rules() {
        for parameter in both() {
            if let Some(default) = parameter.text("Default") {
                assert_eq!(parameter.broken_rule(default), None, "{}", parameter.name);
            }
        }
    }

    #[test]
    fn each_kind_of_rule_is_held() {
        let template = "Parameters:\n  N:\n    Type: Number\n    MinValue: 5\n    MaxValue: 60\n  L:\n    \
                        Type: CommaDelimitedList\n    AllowedPattern: '|[a-z]+'\n  S:\n    Type: String\n    MinLength: 2\n    \
                        MaxLength: 3\n    AllowedPattern: '[\\w]+'\n  C:\n    Type: String\n    Description: >-\n      a\n      \
                        b: c\n    AllowedValues: ['yes', no]\n\nResources:\n  X:\n";
        let all = Parameter::all(template);
        assert_eq!(all[3].text("Description"), Some("a b: c"));
        for (name, value, rule) in [
            ("N", "5", None),
            ("N", "60", None),
            ("N", "4", Some("its MinValue is 5")),
            ("N", "61", Some("its MaxValue is 60")),
            (
                "N",
                "",
                Some("its Type is Number, and this is not a whole number"),
            ),
            (
                "N",
                "6.5",
                Some("its Type is Number, and this is not a whole number"),
            ),
            (
                "N",
                "06",
                Some("its Type is Number, and this is not a whole number"),
            ),
            (
                "N",
                "٦",
                Some("its Type is Number, and this is not a whole number"),
            ),
            (
                "N",
                "99999999999999999999",
                Some("its Type is Number, and this is not a whole number"),
            ),
            ("L", "", None),
            ("L", "a, b", None),
            ("L", "a,B", Some("its AllowedPattern is |[a-z]+")),
            ("S", "ab", None),
            ("S", "a", Some("its MinLength is 2")),
            ("S", "abcd", Some("its MaxLength is 3")),
            ("S", "äb", Some("its AllowedPattern is [\\w]+")),
            ("C", "no", None),
            ("C", "No", Some("its AllowedValues are ['yes', no]")),
        ] {
            let parameter = all.iter().find(|one| one.name == name).unwrap();
            let broken = parameter.broken_rule(value);
            assert_eq!(broken.as_deref(), rule, "{name} = {value:?}");
        }
    }
}
