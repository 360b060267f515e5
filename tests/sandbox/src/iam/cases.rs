//! Runs tables of requests with policies and expected answers.
//!
//! A table is a JSON list; each case has `label`, `want`, `principal`, `action`, `resource`, `acct`
//! (owner of the resource), `ctx` (condition keys), `ids` (identity policies) and `rp` (the
//! resource's policy).

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

use super::{Context, MalformedPolicy, Policy, Request, decide};

/// One case with what was wanted and what came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outcome {
    /// What the case is about.
    pub label: String,
    /// The expected answer: `Allowed`, `ExplicitlyDenied` or `ImplicitlyDenied`.
    pub want: String,
    /// The answer.
    pub got: String,
}

impl Outcome {
    /// Whether the answer is the expected one.
    pub fn is_right(&self) -> bool {
        self.want == self.got
    }
}

/// A table that cannot be run.
#[derive(Debug, Error)]
pub enum CasesError {
    /// The text is not a table of cases.
    #[error("not a table of cases")]
    Json(#[from] serde_json::Error),
    /// A case holds a policy that AWS would not store.
    #[error("case {label:?}")]
    Policy {
        /// The case.
        label: String,
        /// What is wrong with its policy.
        source: MalformedPolicy,
    },
    /// A condition key's value is neither text, boolean, number nor a list of them.
    #[error("case {label:?}: the value of context key {key} is no text")]
    Context {
        /// The case.
        label: String,
        /// The condition key.
        key: String,
    },
}

#[derive(Deserialize)]
struct Case {
    label: String,
    want: String,
    principal: String,
    action: String,
    resource: String,
    acct: String,
    #[serde(default)]
    ctx: BTreeMap<String, Value>,
    #[serde(default)]
    ids: Vec<Value>,
    rp: Option<Value>,
}

/// Runs all cases of a table.
pub fn run(text: &str) -> Result<Vec<Outcome>, CasesError> {
    let cases: Vec<Case> = serde_json::from_str(text)?;
    cases.into_iter().map(run_one).collect()
}

fn run_one(case: Case) -> Result<Outcome, CasesError> {
    let Case {
        label,
        want,
        principal,
        action,
        resource,
        acct,
        ctx,
        ids,
        rp,
    } = case;
    let mut context = Context::new();
    for (key, value) in &ctx {
        let no_text = || CasesError::Context {
            label: label.clone(),
            key: key.clone(),
        };
        let values = super::policy::texts(value).ok_or_else(no_text)?;
        match (value, values.as_slice()) {
            (Value::Array(_), _) => context.set_all(key, values),
            (_, [single]) => context.set(key, single),
            _ => return Err(no_text()),
        };
    }
    let policy = |name: &str, document: Value| {
        Policy::from_value(name, document).map_err(|source| CasesError::Policy {
            label: label.clone(),
            source,
        })
    };
    let identity = ids
        .into_iter()
        .map(|document| policy("identity", document))
        .collect::<Result<Vec<_>, _>>()?;
    let resource_policy = rp
        .map(|document| policy("resource", document))
        .transpose()?;
    let request = Request {
        principal,
        action,
        resource,
        account: acct,
        context,
    };
    let decision = decide(&request, &identity, resource_policy.as_ref(), None);
    Ok(Outcome {
        label,
        want,
        got: format!("{:?}", decision.effect),
    })
}
