//! Why the role chain ended early. Display says which step failed; `facts.rs` says the rest.

use std::fmt;

use super::store::StoreError;
use crate::aws::{AllowStatement, Failure};
use crate::callbacks::Unasked;
use crate::exit::Exit;
use crate::facts::About;
use crate::names::{ExternalId, GrantEnd, Region};

/// A step of the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Step {
    /// Loading the credentials that the chain starts from.
    BaseIdentity,
    /// Assuming the role in the vendor account.
    VendorRole,
    /// Assuming the role in the customer's account.
    CustomerRole,
    /// Keeping credentials for later commands.
    Cache,
}

impl Step {
    /// JSON's `step`.
    pub(crate) const fn name(self) -> &'static str {
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

/// Why the chain ended early.
#[derive(Debug, Clone)]
pub(crate) struct Error {
    /// The customer, if the customer role is what failed; customers share the steps before it.
    pub about: About,
    /// What failed.
    pub kind: Box<ErrorKind>,
}

impl Error {
    /// Whether a person has to type a code, and no person could be asked for it.
    pub(super) fn needs_code(&self) -> bool {
        matches!(*self.kind, ErrorKind::MfaUnasked { .. })
    }

    /// The same failure, at the customer role of `customer`.
    #[must_use]
    pub(super) fn of_customer(mut self, customer: &str) -> Self {
        self.about.customer = Some(customer.to_owned());
        self
    }

    /// The same failure, with the end of the customer's grant if it had come by then.
    #[must_use]
    pub(super) fn after(mut self, grant_ended: Option<GrantEnd>) -> Self {
        self.about.grant_ended = grant_ended;
        self
    }

    /// The same failure, if a session policy was sent that the user has chosen.
    /// Source of the codes: STS API reference, AssumeRole, "Errors".
    #[must_use]
    pub(super) fn naming_the_session_policy(mut self) -> Self {
        if let ErrorKind::Call {
            step: Step::CustomerRole,
            failure,
        } = &*self.kind
            && failure.code.as_deref().is_some_and(|code| {
                code.starts_with("PackedPolicyTooLarge")
                    || code.starts_with("MalformedPolicyDocument")
            })
        {
            let failure = failure.clone();
            *self.kind = ErrorKind::SessionPolicyRefused { failure };
        }
        self
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self {
            about: About::default(),
            kind: Box::new(kind),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(customer) = &self.about.customer {
            write!(formatter, "{customer}: ")?;
        }
        self.kind.fmt(formatter)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.kind.source()
    }
}

/// What failed, without whom it was about.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum ErrorKind {
    /// The settings name no base identity, or one that is not there.
    #[error("there are no AWS credentials to start from: {why}")]
    NoBaseIdentity {
        why: String,
        /// The profile that vendor-ssm looked for.
        profile: Option<String>,
        /// What is there that could be used in its place, as a hint.
        instead: Option<String>,
    },
    /// The profile's `credential_process` is vendor-ssm, which would start itself without end.
    #[error(
        "the profile {profile:?} gets its credentials from vendor-ssm itself{}",
        marker.map(|name| format!(" ({name} is set)")).unwrap_or_default()
    )]
    StartsItself {
        profile: String,
        /// The file and line of its `credential_process`, if it is seen there.
        place: Option<String>,
        /// The variable by which a vendor-ssm knows that it was started for that.
        marker: Option<&'static str>,
    },
    /// A value cannot be a part of credentials, such as one with a line break.
    #[error("the AWS credentials cannot be used: {what} holds {holds}")]
    UnusableValue {
        /// What holds it, without the value.
        what: String,
        /// What is wrong with it, such as `a line break`.
        holds: &'static str,
    },
    /// A value in a profile is not what it should be.
    #[error("{place}: {key}: {why}")]
    ProfileValue {
        /// File and line.
        place: String,
        key: String,
        why: String,
    },
    /// What a profile says makes no base identity.
    #[error("the profile {name:?} cannot be used: {why}")]
    Profile {
        name: String,
        /// File and line of its first value.
        place: String,
        why: String,
    },
    /// A variable or a profile's key cannot be the address of what it names.
    #[error("{name} is {value:?}, expected {expected}")]
    Address {
        name: &'static str,
        value: String,
        expected: String,
    },
    /// A role that the base identity's profile names refused.
    #[error("the role {role_arn} of the profile {profile:?} refused")]
    ProfileRoleRefused {
        profile: String,
        role_arn: String,
        failure: Box<Failure>,
    },
    /// The base identity's credentials cannot be loaded.
    #[error("the base identity could not be loaded from {origin}")]
    BaseIdentity {
        origin: String,
        /// What the provider said.
        reason: String,
        exit: Exit,
        hint: String,
    },
    /// AWS does not accept the base identity's credentials.
    #[error("AWS refused the base identity from {origin}")]
    BaseRefused {
        origin: String,
        /// The command that renews the credentials.
        login: Option<String>,
        failure: Box<Failure>,
    },
    /// The settings set no session name, and the base identity's ARN holds none.
    #[error("the base identity has no name to use as a role session name")]
    NoSessionName { arn: String },
    /// The vendor role is assumed from another role, which limits it to one hour.
    #[error("vendor.duration_seconds is {seconds}, and a chained role lasts at most 3600 seconds")]
    ChainedDuration { seconds: u32 },
    /// AWS refused the duration.
    #[error("the {} does not allow sessions of that duration", .step.role())]
    DurationRefused { step: Step, failure: Box<Failure> },
    /// The account has switched off the region's STS.
    #[error("STS is switched off in {region} for the account of the {}", .step.role())]
    RegionDisabled {
        step: Step,
        /// The region of that STS.
        region: Region,
        failure: Box<Failure>,
    },
    /// The region's STS does not know credentials that another region's STS accepts.
    #[error("the account of the {} may not have enabled {}: AWS accepts the same credentials in {other}", .step.role(), .failure.region)]
    RegionNotEnabled {
        step: Step,
        failure: Box<Failure>,
        /// The region whose STS accepts them.
        other: Region,
    },
    /// The MFA code could not be asked for.
    #[error("the {} needs a code of the MFA device {serial}", .step.role())]
    MfaUnasked {
        step: Step,
        /// The device's serial number or ARN.
        serial: String,
        /// Whether the cache would keep what `login` brings.
        kept: bool,
        #[source]
        source: Unasked,
    },
    /// Every MFA code that was typed was wrong.
    #[error("the code of the MFA device {serial} was wrong")]
    MfaRefused {
        step: Step,
        /// The device's serial number or ARN.
        serial: String,
        /// The last call that AWS refused; `None` if no code had six digits.
        failure: Option<Box<Failure>>,
    },
    /// The vendor role refused.
    #[error("the vendor role {role_arn} refused")]
    VendorRoleDenied {
        role_arn: String,
        failure: Box<Failure>,
    },
    /// The customer role refused.
    #[error("the customer role {role_arn} refused")]
    CustomerRoleDenied {
        role_arn: String,
        /// The ARN of the vendor role's session.
        asked_as: String,
        /// The ExternalId that was sent; printing it shows three characters at most.
        external_id: ExternalId,
        /// The statement that the role's trust policy needs.
        trust: Box<AllowStatement>,
        failure: Box<Failure>,
    },
    /// AWS answered with another role than the one that was asked for.
    #[error("AWS answered as {answered}, but {asked} was asked for")]
    Mismatch {
        step: Step,
        /// The ARN of the role that was asked for.
        asked: String,
        /// The ARN in the answer.
        answered: String,
    },
    /// AWS does not accept the vendor role's new credentials.
    #[error("the vendor role's credentials have expired or were revoked")]
    VendorCredentialsRefused { failure: Box<Failure> },
    /// The clock of this machine is too far off.
    #[error("AWS refused a signature because this machine's clock is wrong")]
    Clock { step: Step, failure: Box<Failure> },
    /// STS does not take the session policy, so there are no narrowed credentials.
    #[error("AWS did not accept the session policy")]
    SessionPolicyRefused { failure: Box<Failure> },
    /// Any other failure of a call.
    #[error("asking STS {} failed", .step.question())]
    Call { step: Step, failure: Box<Failure> },
    /// The settings demand a store that cannot be used.
    #[error("{name} cannot be used: {reason}")]
    Store {
        /// The store, for people.
        name: &'static str,
        reason: StoreError,
    },
    /// `login` has no store to keep the credentials in.
    #[error("there is nowhere to keep the credentials: {reason}")]
    NowhereToKeep {
        reason: String,
        /// Whether the settings or the command line turned the cache off.
        is_off: bool,
    },
}
