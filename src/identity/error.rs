//! Why we did not become who we were to be. Display says which step failed.

use super::store::StoreError;
use crate::aws::{AllowStatement, Failure};
use crate::callbacks::Unasked;
use crate::exit::Exit;
use crate::names::{ExternalId, Region};

/// A step of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Who we are before any role of ours.
    BaseIdentity,
    /// The role in the vendor's account.
    VendorRole,
    /// The role in the customer's account.
    CustomerRole,
    /// Keeping credentials.
    Cache,
}

impl Step {
    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::BaseIdentity => "base-identity",
            Self::VendorRole => "vendor-role",
            Self::CustomerRole => "customer-role",
            Self::Cache => "cache",
        }
    }

    const fn role(self) -> &'static str {
        match self {
            Self::BaseIdentity => "base identity",
            Self::VendorRole => "vendor role",
            Self::CustomerRole => "customer role",
            Self::Cache => "cache",
        }
    }

    const fn question(self) -> &'static str {
        match self {
            Self::VendorRole => "for the vendor role",
            Self::CustomerRole => "for the customer role",
            Self::BaseIdentity | Self::Cache => "who the base identity is",
        }
    }
}

fn prefix(customer: Option<&str>) -> String {
    customer.map(|name| format!("{name}: ")).unwrap_or_default()
}

/// Why the chain ended early.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// There is nothing to start from.
    #[error("there are no AWS credentials to start from: {why}")]
    NoBaseIdentity {
        /// What was looked for.
        why: String,
        /// The profile that was looked for.
        profile: Option<String>,
    },
    /// The base identity's credentials could not be got.
    #[error("the base identity could not be loaded from {origin}")]
    BaseIdentity {
        /// Where from.
        origin: String,
        /// What the provider said.
        reason: String,
        /// The command that renews it.
        login: Option<String>,
        /// Whether nobody answered.
        network: bool,
    },
    /// AWS does not accept the base identity's credentials, or not any more.
    #[error("AWS refused the base identity from {origin}")]
    BaseRefused {
        /// Where its credentials came from.
        origin: String,
        /// The command that renews it.
        login: Option<String>,
        /// The call that was refused.
        failure: Box<Failure>,
    },
    /// No session name is set, and the base identity has none of its own.
    #[error("the base identity has no name that a role session could carry")]
    NoSessionName {
        /// Who it is.
        arn: String,
    },
    /// A role gives another role one hour at most.
    #[error("vendor.duration_seconds is {seconds}, and one role gets another for 3600 at most")]
    ChainedDuration {
        /// What the settings say.
        seconds: u32,
    },
    /// AWS refused the duration.
    #[error("the {} does not last as long as was asked", .step.role())]
    DurationRefused {
        /// Which role.
        step: Step,
        /// The customer, where it is the customer's role.
        customer: Option<String>,
        /// The call that was refused.
        failure: Box<Failure>,
    },
    /// The regional STS is switched off in that account.
    #[error("STS is switched off in {region} for the account of the {}", .step.role())]
    RegionDisabled {
        /// Which role.
        step: Step,
        /// Which region's STS.
        region: Region,
        /// The call that was refused.
        failure: Box<Failure>,
    },
    /// The MFA code could not be asked for.
    #[error("the vendor role needs a code of the MFA device {serial}")]
    MfaUnasked {
        /// The device.
        serial: String,
        /// Why not.
        #[source]
        source: Unasked,
    },
    /// The MFA code was wrong to the last.
    #[error("the code of the MFA device {serial} was wrong")]
    MfaRefused {
        /// The device.
        serial: String,
        /// The last call that was refused; absent: the codes were no codes.
        failure: Option<Box<Failure>>,
    },
    /// The vendor role does not let us in.
    #[error("the vendor role {role_arn} refused")]
    VendorRoleDenied {
        /// The role's ARN.
        role_arn: String,
        /// The call that was refused.
        failure: Box<Failure>,
    },
    /// The customer role does not let us in.
    #[error("{customer}: the customer role {role_arn} refused")]
    CustomerRoleDenied {
        /// The customer.
        customer: String,
        /// The role's ARN.
        role_arn: String,
        /// Who asked.
        asked_as: String,
        /// What was asked with; printing it shows three characters at most.
        external_id: ExternalId,
        /// The statement of the role's trust policy that would let us in.
        trust: Box<AllowStatement>,
        /// The call that was refused.
        failure: Box<Failure>,
    },
    /// AWS answered as somebody else.
    #[error("{}AWS answered as {answered} where {asked} was asked for", prefix(.customer.as_deref()))]
    Mismatch {
        /// Which role.
        step: Step,
        /// The customer, where it is the customer's role.
        customer: Option<String>,
        /// The ARN of the role that was asked for.
        asked: String,
        /// The ARN in the answer.
        answered: String,
    },
    /// Credentials of the vendor role, just got, are not accepted.
    #[error("{customer}: the vendor role's credentials have expired or were revoked")]
    VendorCredentialsRefused {
        /// The customer.
        customer: String,
        /// The call that was refused.
        failure: Box<Failure>,
    },
    /// The clock of this machine is too far off.
    #[error("AWS refused a signature made by this machine's clock")]
    Clock {
        /// At which step.
        step: Step,
        /// The call that was refused.
        failure: Box<Failure>,
    },
    /// Any other failure of a call.
    #[error("{}asking STS {} failed", prefix(.customer.as_deref()), .step.question())]
    Call {
        /// At which step.
        step: Step,
        /// The customer, where it is the customer's role.
        customer: Option<String>,
        /// The call that failed.
        failure: Box<Failure>,
    },
    /// A store that the settings demand cannot be used.
    #[error("{name} cannot be used: {reason}")]
    Store {
        /// The store.
        name: &'static str,
        /// Why not.
        reason: StoreError,
    },
    /// `login` kept nothing.
    #[error("there is nowhere to keep the credentials: {reason}")]
    NowhereToKeep {
        /// Why not.
        reason: String,
    },
}

impl Error {
    /// The exit code.
    pub fn exit(&self) -> Exit {
        match self {
            Self::BaseIdentity { network: true, .. } => Exit::Network,
            Self::NoBaseIdentity { .. }
            | Self::BaseIdentity { .. }
            | Self::BaseRefused { .. }
            | Self::MfaRefused { .. }
            | Self::Clock { .. } => Exit::BaseCredentials,
            Self::MfaUnasked { source, .. } => match source {
                Unasked::NoTerminal => Exit::NeedsTerminal,
                Unasked::Declined => Exit::BaseCredentials,
                Unasked::Signal(ending) => ending.exit(),
                Unasked::Io(_) => Exit::LocalIo,
            },
            Self::NoSessionName { .. }
            | Self::ChainedDuration { .. }
            | Self::DurationRefused { .. }
            | Self::RegionDisabled { .. } => Exit::Settings,
            Self::VendorRoleDenied { .. } => Exit::VendorRoleDenied,
            Self::CustomerRoleDenied { .. } => Exit::CustomerRoleDenied,
            Self::Mismatch { .. } => Exit::IdentityMismatch,
            Self::VendorCredentialsRefused { .. } => Exit::CredentialsRevoked,
            Self::Call { failure, .. } => failure.exit(),
            Self::Store { .. } | Self::NowhereToKeep { .. } => Exit::Keyring,
        }
    }

    /// Which step failed.
    pub fn step(&self) -> Step {
        match self {
            Self::NoBaseIdentity { .. }
            | Self::BaseIdentity { .. }
            | Self::BaseRefused { .. }
            | Self::NoSessionName { .. } => Step::BaseIdentity,
            Self::ChainedDuration { .. }
            | Self::MfaUnasked { .. }
            | Self::MfaRefused { .. }
            | Self::VendorRoleDenied { .. } => Step::VendorRole,
            Self::CustomerRoleDenied { .. } | Self::VendorCredentialsRefused { .. } => {
                Step::CustomerRole
            }
            Self::DurationRefused { step, .. }
            | Self::RegionDisabled { step, .. }
            | Self::Mismatch { step, .. }
            | Self::Clock { step, .. }
            | Self::Call { step, .. } => *step,
            Self::Store { .. } | Self::NowhereToKeep { .. } => Step::Cache,
        }
    }

    /// The call that failed, if it was a call.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::BaseRefused { failure, .. }
            | Self::DurationRefused { failure, .. }
            | Self::RegionDisabled { failure, .. }
            | Self::VendorRoleDenied { failure, .. }
            | Self::CustomerRoleDenied { failure, .. }
            | Self::VendorCredentialsRefused { failure, .. }
            | Self::Clock { failure, .. }
            | Self::Call { failure, .. } => Some(failure),
            Self::MfaRefused { failure, .. } => failure.as_deref(),
            Self::NoBaseIdentity { .. }
            | Self::BaseIdentity { .. }
            | Self::NoSessionName { .. }
            | Self::ChainedDuration { .. }
            | Self::MfaUnasked { .. }
            | Self::Mismatch { .. }
            | Self::Store { .. }
            | Self::NowhereToKeep { .. } => None,
        }
    }

    /// The customer, where the customer's role is what failed.
    pub fn customer(&self) -> Option<&str> {
        match self {
            Self::CustomerRoleDenied { customer, .. }
            | Self::VendorCredentialsRefused { customer, .. } => Some(customer),
            Self::DurationRefused { customer, .. }
            | Self::Mismatch { customer, .. }
            | Self::Call { customer, .. } => customer.as_deref(),
            Self::NoBaseIdentity { .. }
            | Self::BaseIdentity { .. }
            | Self::BaseRefused { .. }
            | Self::NoSessionName { .. }
            | Self::ChainedDuration { .. }
            | Self::RegionDisabled { .. }
            | Self::MfaUnasked { .. }
            | Self::MfaRefused { .. }
            | Self::VendorRoleDenied { .. }
            | Self::Clock { .. }
            | Self::Store { .. }
            | Self::NowhereToKeep { .. } => None,
        }
    }
}
