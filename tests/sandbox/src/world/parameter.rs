//! The parameters of Session documents and how their values come into a document's properties.

use std::collections::BTreeMap;

/// A parameter of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: String,
    /// Its value where `StartSession` gives none; a parameter without one is required.
    pub default: Option<String>,
    /// What it may be: the document's `allowedValues` or `allowedPattern`.
    pub allowed: Allowed,
}

/// The values that a parameter may have.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Allowed {
    /// Any text.
    Anything,
    /// One of these.
    OneOf(Vec<String>),
    /// From 1 to 65535, without leading zeros.
    Port,
    /// The same, or 0.
    LocalPort,
}

impl Parameter {
    /// One that has to be given.
    pub fn required(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            default: None,
            allowed: Allowed::Anything,
        }
    }

    /// One that need not be given.
    pub fn optional(name: &str, default: &str, allowed: Allowed) -> Self {
        Self {
            name: name.to_owned(),
            default: Some(default.to_owned()),
            allowed,
        }
    }
}

impl Allowed {
    /// Whether this is one of the values.
    pub fn allows(&self, value: &str) -> bool {
        let port = || {
            value
                .parse::<u16>()
                .ok()
                .filter(|port| port.to_string() == value)
        };
        match self {
            Self::Anything => true,
            Self::OneOf(values) => values.iter().any(|one| one == value),
            Self::Port => port().is_some_and(|port| port > 0),
            Self::LocalPort => port().is_some(),
        }
    }
}

/// A text with every `{{ name }}` replaced by the value of that parameter;
/// unknown ones stay as they are.
pub(crate) fn substituted(text: &str, values: &BTreeMap<String, String>) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("{{") {
        out.push_str(before);
        let known = after
            .split_once("}}")
            .and_then(|(name, after)| Some((values.get(name.trim())?, after)));
        let (text, after) = known.map_or(("{{", after), |(value, after)| (value.as_str(), after));
        out.push_str(text);
        rest = after;
    }
    out + rest
}

/// A text with every reference to Parameter Store replaced by its value; `None` if one has none.
/// The agent's pattern for session documents: `\{\{ *ssm:[/\w.:-]+ *\}\}` (amazon-ssm-agent,
/// `docparser/parameterstore/parameterstore.go`, `getValidSSMParamRegexCompiler`).
pub(crate) fn looked_up(text: &str, store: &BTreeMap<String, String>) -> Option<String> {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("{{") {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        rest = if let Some((name, after)) = reference(from) {
            out.push_str(store.get(name)?);
            after
        } else {
            out.push('{');
            &from[1..]
        };
    }
    Some(out + rest)
}

/// The name in a reference that the text begins with, and what comes after it.
fn reference(text: &str) -> Option<(&str, &str)> {
    let rest = text.strip_prefix("{{")?.trim_start_matches(' ');
    let rest = rest.strip_prefix("ssm:")?;
    let of_name = |c: char| c.is_ascii_alphanumeric() || "/_.:-".contains(c);
    let end = rest.find(|c| !of_name(c)).filter(|end| *end > 0)?;
    let (name, rest) = rest.split_at(end);
    Some((name, rest.trim_start_matches(' ').strip_prefix("}}")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_looked_up_once() {
        let store = [("a/b", "{{ssm:c.d}}"), ("c.d", "2")];
        let store = store.map(|(k, v)| (k.to_owned(), v.to_owned())).into();
        assert_eq!(
            looked_up("x {{ssm:a/b}}{{{ ssm:c.d }}}{{ssm-secure:c.d}}{{", &store).unwrap(),
            "x {{ssm:c.d}}{2}{{ssm-secure:c.d}}{{"
        );
        assert_eq!(looked_up("{{ssm:none}}", &store), None);
    }

    #[test]
    fn ports_have_no_leading_zeros() {
        for port in ["1", "80", "65535"] {
            assert!(Allowed::Port.allows(port), "{port}");
        }
        for wrong in ["", "0", "080", "+80", "65536", "-1", "80 ", "http"] {
            assert!(!Allowed::Port.allows(wrong), "{wrong}");
        }
        assert!(Allowed::LocalPort.allows("0"));
    }

    #[test]
    fn values_are_put_in_once() {
        let values = [("a", "{{ b }}"), ("b", "2")].map(|(k, v)| (k.to_owned(), v.to_owned()));
        let values = BTreeMap::from(values);
        assert_eq!(
            substituted("x {{ a }}{{b}} {{ c }} {{", &values),
            "x {{ b }}2 {{ c }} {{"
        );
    }
}
