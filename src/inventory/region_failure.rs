//! Why a region's answer is missing or not complete.

use std::fmt;

use super::instance::Mismatch;
use crate::aws::{AllowStatement, Failure, FailureKind, Keeper, Service};
use crate::exit::Exit;
use crate::facts::{About, Facts};
use crate::names::{GrantEnd, Region};

/// What went wrong in one region.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct RegionFailure {
    /// The customer's name in the settings file.
    pub customer: String,
    pub region: Region,
    pub cause: Cause,
    /// The end of the customer's grant, if it had come by then.
    pub grant_ended: Option<GrantEnd>,
}

/// Why a region's answer is missing or not complete.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Cause {
    /// A call failed.
    #[error(transparent)]
    Aws(Failure),
    /// The answer held an instance that cannot be the customer's; it was left out.
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
}

impl std::error::Error for RegionFailure {}

/// `{:#}` shows AWS's message whole.
impl fmt::Display for RegionFailure {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.cause.fmt(formatter)
    }
}

impl RegionFailure {
    /// What the other stages need to know, if nothing but this region's answer counts.
    ///
    /// The hint may hold text from AWS: escape it.
    pub(crate) fn facts(&self) -> Facts<'_> {
        let known = |exit, hint| Facts {
            about: About {
                customer: Some(self.customer.clone()),
                grant_ended: self.grant_ended,
                ..About::default()
            },
            hint,
            ..Facts::new(exit, Some("inventory"))
        };
        match &self.cause {
            Cause::Aws(failure) => {
                let hint = match failure.kind {
                    FailureKind::Denied => Some(self.refused(failure)),
                    _ => failure.hint(),
                };
                Facts {
                    failure: Some(failure),
                    ..known(failure.exit(), hint)
                }
            }
            Cause::Mismatch(_) => {
                let hint = "stop and report this to your admin and the customer: AWS answered \
                            with an instance that was not asked for";
                known(Exit::IdentityMismatch, Some(hint.to_owned()))
            }
        }
    }

    /// [`Facts::exit`].
    pub(crate) fn exit(&self) -> Exit {
        self.facts().exit
    }

    /// [`Facts::failure`].
    pub(crate) fn failure(&self) -> Option<&Failure> {
        self.facts().failure
    }

    /// AWS's error code, or the name of the exit code if AWS gave none.
    pub(crate) fn code(&self) -> Option<&str> {
        match &self.cause {
            Cause::Aws(failure) => failure.code.as_deref(),
            Cause::Mismatch(_) => Some(Exit::IdentityMismatch.name()),
        }
    }

    fn refused(&self, failure: &Failure) -> String {
        let (customer, action) = (&self.customer, failure.action());
        let send = format!("Send the customer `vendor-ssm doctor -c {customer} --report`");
        match failure.denial().and_then(|denial| denial.cause.keeper()) {
            Some(Keeper::CallersOrganization | Keeper::OwnersOrganization) => {
                return format!(
                    "a policy of {customer}'s organization decides {action}: ask {customer} to \
                     have its administrators allow it. {send}"
                );
            }
            Some(Keeper::Network) => {
                return format!(
                    "the policy of a VPC endpoint on the way decides {action}: ask the \
                     administrators of this network to allow it"
                );
            }
            _ => {}
        }
        if failure.may_be_revocation() {
            return format!(
                "a policy denies {action} explicitly, maybe because access was revoked; only the \
                 customer can lift that. {send}"
            );
        }
        let without = match failure.service {
            Service::Ssm => "Without it `list` cannot show which agents are connected",
            _ => "If the customer has one region, pass the instance id instead",
        };
        format!(
            "ask {customer} to allow {action}, which takes no resource and no tag: {}. {without}. \
             {send}",
            AllowStatement::allow(&action, "*")
        )
    }
}
