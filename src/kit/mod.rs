//! The kit: CloudFormation templates for both accounts, and the steps to deploy them.
//! The templates are filled in from the settings. Pure: text in, text out.
//!
//! The templates are complete files. Filling them in only changes their parameters' defaults, so
//! that the owner of the account sees every choice and can make another one.

mod customer;
mod template;
mod vendor;

pub(crate) use customer::{Choices, customer, slug};
pub(crate) use vendor::{Vendor, vendor};

use crate::names::Malformed;

/// A template that is ready to deploy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kit {
    /// The CloudFormation template. A customer's holds its ExternalId, the vendor's those of all.
    pub template: String,
    /// How to deploy it, for a person to read; without an ExternalId.
    pub steps: String,
}

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
    /// A value that the template cannot hold.
    #[error("{what}: {why}")]
    Unfit {
        /// The setting or parameter that has the value.
        what: String,
        /// What is wrong with it.
        why: Malformed,
    },
}

impl Error {
    /// The next step for the person who ran the command.
    pub(crate) fn hint(&self) -> Option<String> {
        match self {
            Self::UnknownParameter { known, .. } => Some(format!("its parameters are {}", known.join(", "))),
            Self::TooManyCustomers(_) => Some(
                "ask customers to give their roles the path /vendor-ssm/, or use several vendor roles"
                    .to_owned(),
            ),
            Self::Unfit { .. } => None,
        }
    }
}
