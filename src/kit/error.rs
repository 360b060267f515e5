//! Why a kit cannot be made, and what to do about it.

use super::value::{Source, Value};
use crate::names::Malformed;

/// Why a kit cannot be made.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The template does not have a parameter of this name.
    #[error("the template has no parameter {name}")]
    UnknownParameter {
        /// The name as it was typed.
        name: String,
        /// The names that the template has.
        known: Vec<String>,
    },
    /// More customers than the managed policies of one role can hold.
    #[error("the policies of one vendor role cannot hold {0} customers")]
    TooManyCustomers(usize),
    /// A value that breaks a rule which the template sets for its parameter.
    /// CloudFormation would refuse the stack.
    #[error("the template does not allow {parameter} {value}: {rule}{}", meaning(constraint.as_deref()))]
    Refused {
        /// The parameter.
        parameter: String,
        /// The value in quotes, cut if it is long.
        value: String,
        /// The rule, as a clause.
        rule: String,
        /// The template's ConstraintDescription.
        constraint: Option<String>,
        /// Where the value comes from.
        from: Source,
    },
    /// A value that the template cannot hold.
    #[error("{what}: {why}")]
    Unfit {
        /// The setting or parameter that has the value.
        what: String,
        /// What is wrong with it.
        why: Malformed,
    },
}

/// The longest part of a refused value that is shown, in characters.
const LONGEST_SHOWN: usize = 80;

/// What the template says about its rule, behind the rule.
fn meaning(constraint: Option<&str>) -> String {
    constraint.map_or_else(String::new, |text| {
        format!("; it {}", text.trim_end_matches('.'))
    })
}

impl Error {
    /// The refusal of a value that breaks this rule.
    pub(super) fn refused(value: &Value<'_>, rule: String, constraint: Option<&str>) -> Self {
        let is_long = value.text.chars().count() > LONGEST_SHOWN;
        let shown = if value.name == "ExternalId" {
            // It is confidential.
            "(not shown)".to_owned()
        } else if is_long {
            let begin: String = value.text.chars().take(LONGEST_SHOWN).collect();
            format!("{begin:?}…")
        } else {
            format!("{:?}", value.text)
        };
        Self::Refused {
            parameter: value.name.to_owned(),
            value: shown,
            rule,
            constraint: constraint.map(str::to_owned),
            from: value.from,
        }
    }

    /// The next step for the person who ran the command.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownParameter { known, .. } => Some(format!("its parameters are {}", known.join(", "))),
            Self::TooManyCustomers(_) => Some(
                "ask customers to give their roles the path /vendor-ssm/, or use several vendor roles"
                    .to_owned(),
            ),
            Self::Refused { parameter, from, .. } => Some(match from {
                Source::Parameter => format!("pass a value that fits: `--parameter {parameter}=VALUE`"),
                Source::Option(option) => format!("pass a value that fits: `{option} VALUE`"),
                Source::Setting(key) => format!(
                    "change `{key}` in the settings, or pass `--parameter {parameter}=VALUE`"
                ),
            }),
            Self::Unfit { .. } => None,
        }
    }
}
