//! The kit: the CloudFormation templates for the vendor's and a customer's account, filled in from the
//! settings, and what has to be done with them. Pure: nothing is read, written or asked here.
//!
//! The templates are files that stand on their own; filling them in gives their parameters defaults, so
//! that the account's owner sees every choice and can make another one.

mod customer;
mod template;
mod vendor;

pub use customer::{Choices, customer, slug};
pub use vendor::{Vendor, vendor};

use crate::names::Malformed;

/// A template that is ready to be deployed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Kit {
    /// The CloudFormation template. A customer's holds its ExternalId, the vendor's those of all.
    pub template: String,
    /// What to do with it, for a person; without an ExternalId.
    pub steps: String,
}

/// Why there is no kit.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No parameter of the template has this name.
    #[error("the template has no parameter {name}")]
    UnknownParameter {
        /// The name.
        name: String,
        /// The names there are.
        known: Vec<String>,
    },
    /// More customers than a role's managed policies hold.
    #[error("the vendor role has no room for {0} customers")]
    TooManyCustomers(usize),
    /// A value that the template cannot hold.
    #[error("{what}: {why}")]
    Unfit {
        /// Which value.
        what: String,
        /// What is wrong with it.
        why: Malformed,
    },
}

impl Error {
    /// What to do next.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownParameter { known, .. } => Some(format!("it has {}", known.join(", "))),
            Self::TooManyCustomers(_) => Some(
                "give the roles that customers make for us the path /vendor-ssm/, or split them over several vendor roles"
                    .to_owned(),
            ),
            Self::Unfit { .. } => None,
        }
    }
}
