//! The kit: CloudFormation templates for both accounts, and the steps to deploy them.
//! The templates are filled in from the settings. Pure: text in, text out.
//!
//! The templates are complete files. Filling them in only changes their parameters' defaults, so
//! that the owner of the account sees every choice and can make another one.

mod binding;
mod customer;
mod error;
mod parameter;
mod pattern;
mod template;
mod value;
mod vendor;

pub(crate) use binding::{CREDENTIAL_SOURCE, Unbound};
pub(crate) use customer::{Choices, customer, slug};
pub(crate) use error::Error;
pub(crate) use value::Source;
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
