//! The Condition element: operators, their sets and what a missing key means.

use std::net::IpAddr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value};

use super::context::{Context, ContextValue};
use super::pattern::{Pattern, Template};
use super::policy::{Malformed, texts};
use super::time;

/// One operator on one key; a Condition element holds only if all its conditions do.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    set: Option<Set>,
    operator: Operator,
    if_exists: bool,
    key: String,
    values: Vec<Template>,
}

/// Set operators, for multivalued keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Set {
    All,
    Any,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Operator {
    Null,
    /// A comparison, turned around by the Not operators.
    Compare {
        by: Comparison,
        negated: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Comparison {
    Text,
    TextIgnoringCase,
    Glob,
    Arn,
    Bool,
    Binary,
    IpAddress,
    Number(Order),
    Date(Order),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Order {
    Equal,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

impl Operator {
    /// Reads an operator in lower case, without set prefix and `IfExists`.
    fn parse(name: &str) -> Option<Self> {
        use Comparison as By;
        if let Some(order) = name.strip_prefix("numeric") {
            return Order::parse(order).map(|(order, negated)| Self::Compare {
                by: By::Number(order),
                negated,
            });
        }
        if let Some(order) = name.strip_prefix("date") {
            return Order::parse(order).map(|(order, negated)| Self::Compare {
                by: By::Date(order),
                negated,
            });
        }
        let (by, negated) = match name {
            "null" => return Some(Self::Null),
            "stringequals" => (By::Text, false),
            "stringnotequals" => (By::Text, true),
            "stringequalsignorecase" => (By::TextIgnoringCase, false),
            "stringnotequalsignorecase" => (By::TextIgnoringCase, true),
            "stringlike" => (By::Glob, false),
            "stringnotlike" => (By::Glob, true),
            // AWS treats the Equals and Like forms alike.
            "arnequals" | "arnlike" => (By::Arn, false),
            "arnnotequals" | "arnnotlike" => (By::Arn, true),
            "bool" => (By::Bool, false),
            "binaryequals" => (By::Binary, false),
            "ipaddress" => (By::IpAddress, false),
            "notipaddress" => (By::IpAddress, true),
            _ => return None,
        };
        Some(Self::Compare { by, negated })
    }
}

impl Order {
    fn parse(name: &str) -> Option<(Self, bool)> {
        Some(match name {
            "equals" => (Self::Equal, false),
            "notequals" => (Self::Equal, true),
            "lessthan" => (Self::Less, false),
            "lessthanequals" => (Self::LessOrEqual, false),
            "greaterthan" => (Self::Greater, false),
            "greaterthanequals" => (Self::GreaterOrEqual, false),
            _ => return None,
        })
    }

    #[expect(clippy::float_cmp, reason = "NumericEquals is exact")]
    fn holds(self, actual: Option<f64>, wanted: Option<f64>) -> bool {
        let (Some(actual), Some(wanted)) = (actual, wanted) else {
            return false;
        };
        match self {
            Self::Equal => actual == wanted,
            Self::Less => actual < wanted,
            Self::LessOrEqual => actual <= wanted,
            Self::Greater => actual > wanted,
            Self::GreaterOrEqual => actual >= wanted,
        }
    }
}

impl Comparison {
    /// Policy variables work with string and ARN operators only.
    fn takes_variables(self) -> bool {
        matches!(
            self,
            Self::Text | Self::TextIgnoringCase | Self::Glob | Self::Arn
        )
    }

    fn holds(self, actual: &str, wanted: &Pattern) -> bool {
        match self {
            Self::Text => wanted.literal() == actual,
            Self::TextIgnoringCase => wanted.literal().to_lowercase() == actual.to_lowercase(),
            Self::Glob => wanted.matches(actual),
            Self::Arn => actual.splitn(6, ':').count() == 6 && wanted.matches_arn(actual),
            Self::Bool => wanted.literal().eq_ignore_ascii_case(actual),
            Self::Binary => {
                let decoded = |text: &str| STANDARD.decode(text).ok();
                decoded(actual).is_some_and(|bytes| decoded(&wanted.literal()) == Some(bytes))
            }
            Self::IpAddress => in_range(actual, &wanted.literal()).unwrap_or(false),
            Self::Number(order) => {
                let number = |text: &str| text.parse::<f64>().ok();
                order.holds(number(actual), number(&wanted.literal()))
            }
            Self::Date(order) => {
                order.holds(time::seconds(actual), time::seconds(&wanted.literal()))
            }
        }
    }
}

/// Whether an address lies in a CIDR range, or equals a single address.
fn in_range(address: &str, range: &str) -> Option<bool> {
    let (network, length) = match range.split_once('/') {
        Some((network, length)) => (network, Some(length.parse::<u32>().ok()?)),
        None => (range, None),
    };
    let (actual, network, width) = match (address.parse().ok()?, network.parse().ok()?) {
        (IpAddr::V4(actual), IpAddr::V4(network)) => (
            u128::from(actual.to_bits()),
            u128::from(network.to_bits()),
            32,
        ),
        (IpAddr::V6(actual), IpAddr::V6(network)) => (actual.to_bits(), network.to_bits(), 128),
        _ => return Some(false),
    };
    let free = width - length.unwrap_or(width).min(width);
    let prefix = |bits: u128| bits.checked_shr(free).unwrap_or(0);
    Some(prefix(actual) == prefix(network))
}

impl Condition {
    /// Reads a whole Condition element.
    pub(super) fn parse_all(element: &Value, with_variables: bool) -> Result<Vec<Self>, Malformed> {
        let object = |value: &Value| -> Result<Map<String, Value>, Malformed> {
            value
                .as_object()
                .cloned()
                .ok_or_else(|| Malformed::new("a condition is no JSON object"))
        };
        let mut conditions = Vec::new();
        for (operator, keys) in &object(element)? {
            for (key, values) in &object(keys)? {
                conditions.push(Self::parse(operator, key, values, with_variables)?);
            }
        }
        Ok(conditions)
    }

    fn parse(
        written: &str,
        key: &str,
        values: &Value,
        with_variables: bool,
    ) -> Result<Self, Malformed> {
        let lower = written.to_ascii_lowercase();
        let (set, name) = match lower.split_once(':') {
            Some(("forallvalues", name)) => (Some(Set::All), name),
            Some(("foranyvalue", name)) => (Some(Set::Any), name),
            _ => (None, lower.as_str()),
        };
        let (name, if_exists) = match name.strip_suffix("ifexists") {
            Some(name) => (name, true),
            None => (name, false),
        };
        let operator = Operator::parse(name)
            .filter(|operator| !(if_exists && *operator == Operator::Null))
            .ok_or_else(|| Malformed::new(format!("unknown condition operator {written}")))?;
        if !key.contains(':') {
            return Err(Malformed::new(format!(
                "condition key {key} has no service in front"
            )));
        }
        let variables = with_variables
            && matches!(operator, Operator::Compare { by, .. } if by.takes_variables());
        let values = texts(values)
            .ok_or_else(|| Malformed::new(format!("values of condition key {key} are no texts")))?;
        Ok(Self {
            set,
            operator,
            if_exists,
            key: key.to_owned(),
            values: values
                .iter()
                .map(|value| Template::parse(value, variables))
                .collect(),
        })
    }

    /// Whether the request fulfils this condition.
    pub(super) fn holds(&self, context: &Context) -> bool {
        let actual = context.get(&self.key);
        let (by, negated) = match self.operator {
            Operator::Null => return self.is_null(actual.is_none(), context),
            Operator::Compare { by, negated } => (by, negated),
        };
        // A value whose variable is unknown fits nothing, so it is left out.
        let wanted: Vec<Pattern> = self
            .values
            .iter()
            .filter_map(|value| value.resolve(context))
            .collect();
        // Several values are joined by OR; under a negated operator none of them may fit.
        let fits = |value: &String| wanted.iter().any(|wanted| by.holds(value, wanted)) != negated;
        match (actual, self.set) {
            (None, _) if self.if_exists => true,
            (None, Some(set)) => set == Set::All,
            (None, None) => negated,
            // An empty text is an empty set.
            (Some(actual), Some(Set::All)) => {
                actual.values().iter().all(String::is_empty) || actual.values().iter().all(fits)
            }
            (Some(actual), Some(Set::Any)) => actual.values().iter().any(fits),
            (Some(ContextValue::Single(value)), None) => fits(value),
            // A multivalued key needs a set operator.
            (Some(ContextValue::Multi(_)), None) => false,
        }
    }

    fn is_null(&self, missing: bool, context: &Context) -> bool {
        self.values
            .iter()
            .filter_map(|value| value.resolve(context))
            .any(|value| {
                value
                    .literal()
                    .eq_ignore_ascii_case(if missing { "true" } else { "false" })
            })
    }
}
