//! Policy documents: their grammar, and whether a statement applies to a request.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use thiserror::Error;

use super::Request;
use super::condition::Condition;
use super::context::Context;
use super::pattern::{Pattern, Template};
use super::principal::{Caller, Match, Principals};

/// A policy that AWS would refuse to store.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("malformed policy {name}: {reason}")]
pub struct MalformedPolicy {
    /// The policy's name.
    pub name: String,
    /// What is wrong with it.
    pub reason: String,
}

/// What is wrong with a part of a policy.
#[derive(Debug)]
pub(super) struct Malformed(String);

impl Malformed {
    pub(super) fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }
}

/// A parsed policy document with the name or ARN that denials give.
#[derive(Debug, Clone)]
pub struct Policy {
    /// The name or ARN.
    pub name: String,
    /// The document as it was given.
    pub document: Value,
    pub(super) statements: Vec<Statement>,
}

impl Policy {
    /// Reads a policy from JSON text.
    pub fn parse(name: impl Into<String>, text: &str) -> Result<Self, MalformedPolicy> {
        let name = name.into();
        match serde_json::from_str(text) {
            Ok(document) => Self::from_value(name, document),
            Err(error) => Err(MalformedPolicy {
                name,
                reason: error.to_string(),
            }),
        }
    }

    /// Reads a policy from a JSON value.
    pub fn from_value(name: impl Into<String>, document: Value) -> Result<Self, MalformedPolicy> {
        let name = name.into();
        match statements(&document) {
            Ok(statements) => Ok(Self {
                name,
                document,
                statements,
            }),
            Err(Malformed(reason)) => Err(MalformedPolicy { name, reason }),
        }
    }

    /// Whether its statements say whom they are for, as trust and other resource-based policies do
    /// and identity-based and session policies never do.
    pub fn names_principals(&self) -> bool {
        self.statements
            .iter()
            .any(|statement| statement.principals.is_some())
    }

    /// Whether its statements say which resources they are for, as all policies but trust policies
    /// do.
    pub fn names_resources(&self) -> bool {
        self.statements
            .iter()
            .any(|statement| statement.resources.is_some())
    }
}

/// Allow or Deny.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Rule {
    Allow,
    Deny,
}

#[derive(Debug, Clone)]
pub(super) struct Statement {
    pub(super) sid: Option<String>,
    pub(super) rule: Rule,
    principals: Option<Principals>,
    actions: Listed<Pattern>,
    resources: Option<Listed<Template>>,
    conditions: Vec<Condition>,
}

/// An element or its Not form.
#[derive(Debug, Clone)]
struct Listed<T> {
    items: Vec<T>,
    negated: bool,
}

impl<T> Listed<T> {
    fn covers(&self, fits: impl Fn(&T) -> bool) -> bool {
        self.items.iter().any(fits) != self.negated
    }
}

impl Statement {
    /// How closely the statement is meant for this caller; `Match::Not` when it does not apply.
    pub(super) fn applies(&self, request: &Request, caller: &Caller, context: &Context) -> Match {
        let meant = self.principals.as_ref().map_or(Match::Named, |principals| {
            principals.matches(caller, context)
        });
        let about_action = self
            .actions
            .covers(|action| action.matches_ignoring_case(&request.action));
        let about_resource = self.resources.as_ref().is_none_or(|resources| {
            resources.covers(|resource| {
                let resolved = resource.resolve(context);
                resolved.is_some_and(|pattern| pattern.matches_arn(&request.resource))
            })
        });
        let applies = about_action
            && about_resource
            && self
                .conditions
                .iter()
                .all(|condition| condition.holds(context));
        if applies { meant } else { Match::Not }
    }

    fn parse(value: &Value, with_variables: bool) -> Result<Self, Malformed> {
        let element = value
            .as_object()
            .ok_or_else(|| Malformed::new("a statement is no JSON object"))?;
        only(
            element,
            &[
                "Sid",
                "Effect",
                "Principal",
                "NotPrincipal",
                "Action",
                "NotAction",
                "Resource",
                "NotResource",
                "Condition",
            ],
        )?;
        let rule = match element.get("Effect").and_then(Value::as_str) {
            Some("Allow") => Rule::Allow,
            Some("Deny") => Rule::Deny,
            _ => return Err(Malformed::new("Effect is neither Allow nor Deny")),
        };
        let sid = match element.get("Sid") {
            None => None,
            // Templates write empty ones, which AWS takes for none.
            Some(Value::String(sid)) => Some(sid.clone()).filter(|sid| !sid.is_empty()),
            Some(_) => return Err(Malformed::new("Sid is no text")),
        };
        let principals = one_of(element, "Principal", "NotPrincipal")?
            .map(|(value, negated)| Principals::parse(value, negated))
            .transpose()?;
        let (value, negated) = one_of(element, "Action", "NotAction")?
            .ok_or_else(|| Malformed::new("a statement has neither Action nor NotAction"))?;
        let actions = Listed {
            items: actions(value)?,
            negated,
        };
        let resources = match one_of(element, "Resource", "NotResource")? {
            Some((value, negated)) => Some(Listed {
                items: resources(value, with_variables)?,
                negated,
            }),
            None if principals.is_some() => None,
            None => {
                return Err(Malformed::new(
                    "a statement has neither Resource nor NotResource",
                ));
            }
        };
        let conditions = element.get("Condition").map_or(Ok(Vec::new()), |value| {
            Condition::parse_all(value, with_variables)
        })?;
        Ok(Self {
            sid,
            rule,
            principals,
            actions,
            resources,
            conditions,
        })
    }
}

fn statements(document: &Value) -> Result<Vec<Statement>, Malformed> {
    let object = document
        .as_object()
        .ok_or_else(|| Malformed::new("a policy is no JSON object"))?;
    only(object, &["Version", "Id", "Statement"])?;
    let with_variables = match object.get("Version").map(Value::as_str) {
        Some(Some("2012-10-17")) => true,
        // The older version, which is also the default, knows no variables.
        Some(Some("2008-10-17")) | None => false,
        _ => return Err(Malformed::new("unknown Version")),
    };
    let statements: Vec<Statement> = match object.get("Statement") {
        Some(Value::Array(statements)) if !statements.is_empty() => statements
            .iter()
            .map(|statement| Statement::parse(statement, with_variables))
            .collect::<Result<_, _>>()?,
        Some(statement @ Value::Object(_)) => vec![Statement::parse(statement, with_variables)?],
        _ => return Err(Malformed::new("a policy has no Statement")),
    };
    let mut sids = BTreeSet::new();
    if let Some(twice) = statements
        .iter()
        .filter_map(|s| s.sid.as_ref())
        .find(|sid| !sids.insert(*sid))
    {
        return Err(Malformed::new(format!("Sid {twice} is there twice")));
    }
    let with_principals = statements
        .iter()
        .filter(|statement| statement.principals.is_some())
        .count();
    if with_principals != 0 && with_principals != statements.len() {
        return Err(Malformed::new(
            "some statements have a Principal and some have none",
        ));
    }
    Ok(statements)
}

fn only(object: &Map<String, Value>, known: &[&str]) -> Result<(), Malformed> {
    match object.keys().find(|key| !known.contains(&key.as_str())) {
        Some(unknown) => Err(Malformed::new(format!("unknown element {unknown}"))),
        None => Ok(()),
    }
}

/// An element or its Not form, which exclude each other.
fn one_of<'a>(
    element: &'a Map<String, Value>,
    name: &str,
    not: &str,
) -> Result<Option<(&'a Value, bool)>, Malformed> {
    match (element.get(name), element.get(not)) {
        (Some(_), Some(_)) => Err(Malformed::new(format!(
            "a statement has both {name} and {not}"
        ))),
        (Some(value), None) => Ok(Some((value, false))),
        (None, Some(value)) => Ok(Some((value, true))),
        (None, None) => Ok(None),
    }
}

fn actions(value: &Value) -> Result<Vec<Pattern>, Malformed> {
    let actions = texts(value).ok_or_else(|| Malformed::new("an action is no text"))?;
    let parse = |action: &String| {
        let well_formed = action == "*"
            || action
                .split_once(':')
                .is_some_and(|(service, name)| !service.is_empty() && !name.is_empty());
        well_formed
            .then(|| Template::parse(action, false).resolve(&Context::new()))
            .flatten()
            .ok_or_else(|| Malformed::new(format!("action {action} has no service in front")))
    };
    actions.iter().map(parse).collect()
}

fn resources(value: &Value, with_variables: bool) -> Result<Vec<Template>, Malformed> {
    let resources = texts(value).ok_or_else(|| Malformed::new("a resource is no text"))?;
    let parse = |resource: &String| {
        if resource == "*" || resource.starts_with("arn:") {
            Ok(Template::parse(resource, with_variables))
        } else {
            Err(Malformed::new(format!(
                "resource {resource} is neither an ARN nor *"
            )))
        }
    };
    resources.iter().map(parse).collect()
}

/// A text, a boolean, a number, or a list of them, as texts.
pub(super) fn texts(value: &Value) -> Option<Vec<String>> {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    };
    match value {
        Value::Array(values) => values.iter().map(text).collect(),
        value => Some(vec![text(value)?]),
    }
}
