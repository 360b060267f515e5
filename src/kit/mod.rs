//! The kit: CloudFormation templates for both accounts, and the steps to deploy them.
//! The templates are filled in from the settings. Pure: text in, text out.
//!
//! The templates are complete files. Filling them in only changes their parameters' defaults, so
//! that the owner of the account sees every choice and can make another one.

mod customer;
mod error;
mod parameter;
mod pattern;
mod template;
mod value;
mod vendor;

pub(crate) use customer::{Choices, customer, slug};
pub(crate) use error::Error;
pub(crate) use vendor::{Vendor, vendor};

use crate::names::RoleArn;

/// A template that is ready to deploy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kit {
    /// The CloudFormation template. A customer's holds its ExternalId, the vendor's those of all.
    pub template: String,
    /// How to deploy it, for a person to read; without an ExternalId.
    pub steps: String,
    /// Settings that `--parameter` overrides in the template alone: the parameter, and the key.
    pub overridden: Vec<(String, &'static str)>,
}

/// Why both stacks must not bind names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unbound {
    /// The setting that is the reason.
    pub key: &'static str,
    /// What it does, as a clause.
    pub why: String,
}

impl Unbound {
    /// The parameter that the stack is given.
    fn value(&self) -> value::Value<'static> {
        value::Value {
            name: NAME_BINDING,
            text: "no".to_owned(),
            from: value::Source::Setting(self.key),
        }
    }
}

/// The parameter of both templates that binds names.
const NAME_BINDING: &str = "NameBinding";

/// The step after a stack was deployed that binds names, or that does not.
/// `refused` names what AWS may refuse.
fn after_deploying(
    values: &[value::Value<'_>],
    unbound: Option<&Unbound>,
    customer: &str,
    refused: &str,
) -> Vec<String> {
    let chosen = values.iter().find(|value| value.name == NAME_BINDING);
    let chosen = chosen.map(|value| value.text.as_str());
    let doctor = format!("vendor-ssm doctor -c {customer}");
    let mut lines = vec![format!(
        "Right after you deploy, a vendor engineer runs: {doctor}"
    )];
    match (chosen, unbound) {
        (Some("no"), Some(unbound)) => lines.push(format!(
            "NameBinding=no, because {}. So AWS does not check that an engineer uses their own name.",
            unbound.why
        )),
        (Some("no"), None) => lines.push(
            "NameBinding=no: AWS does not check that an engineer uses their own name.".to_owned(),
        ),
        _ => lines.push(format!(
            "If AWS refuses {refused}, deploy again with NameBinding=no at the end of the command, and report it: NameBinding uses policy variables that were never tried on a live account."
        )),
    }
    if chosen.is_none() {
        lines.push(
            "A stack that you had before keeps its value of NameBinding. To bind names there, deploy with NameBinding=yes at the end of the command."
                .to_owned(),
        );
    }
    lines
}

/// Why IAM would not take this permissions boundary for a role of this account, if it would not.
/// A boundary is a managed policy of the role's own account or of AWS (IAM User Guide,
/// "Permissions boundaries").
fn foreign_boundary(boundary: &str, role: &RoleArn) -> Option<String> {
    let mut parts = boundary.split(':');
    let partition = parts.nth(1)?;
    let account = parts.nth(2)?;
    let (own_partition, own_account) = (role.partition().name(), role.account().as_str());
    let is_own = account == "aws" || account == own_account;
    (partition != own_partition || !is_own).then(|| {
        format!("{boundary} is not a policy of account {own_account} or of AWS in the partition {own_partition}")
    })
}
