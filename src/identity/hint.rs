//! What goes below an error's first line: what AWS said, and what to do next.

use super::error::{Error, Step};
use crate::aws::{Failure, Kind};

impl Error {
    /// The second line of the message: what AWS or the provider said. Not to be trusted: escape it.
    pub fn detail(&self) -> Option<String> {
        match self {
            Self::BaseIdentity { reason, .. } => Some(reason.clone()),
            Self::NoSessionName { arn } => Some(format!("it is {arn}")),
            Self::MfaUnasked { source, .. } => Some(source.to_string()),
            Self::CustomerRoleDenied {
                asked_as,
                external_id,
                failure,
                ..
            } => Some(format!(
                "{}; asked as {asked_as} with ExternalId {external_id}",
                failure.summary()
            )),
            _ => self.failure().map(said),
        }
    }

    /// What to do next.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::NoBaseIdentity { profile, .. } => {
                let profile = profile.as_deref().unwrap_or("NAME");
                format!(
                    "log in with `aws sso login --profile {profile}`, or set keys with \
                     `aws configure --profile {profile}`; the settings name the profile with \
                     vendor.profile"
                )
            }
            Self::BaseIdentity { network: true, .. } => {
                "check the network, DNS and HTTPS_PROXY".to_owned()
            }
            Self::BaseIdentity { login, origin, .. } | Self::BaseRefused { login, origin, .. } => {
                match login {
                    Some(login) => format!("log in again: {login}"),
                    None => format!("renew the credentials of {origin}"),
                }
            }
            Self::NoSessionName { .. } => {
                "set vendor.role_session_name to your own name, and keep it".to_owned()
            }
            Self::ChainedDuration { .. } => {
                "set vendor.duration_seconds to 3600 or less, or start from an IAM user".to_owned()
            }
            Self::DurationRefused { step, customer, .. } => match (step, customer) {
                (Step::CustomerRole, Some(customer)) => {
                    format!("lower duration_seconds of customers.{customer}")
                }
                _ => "lower vendor.duration_seconds: one hour is the most from a role, and the \
                      role's own maximum the most from an IAM user"
                    .to_owned(),
            },
            Self::RegionDisabled { .. } => {
                "set vendor.sts_region to a region whose STS is switched on in both accounts"
                    .to_owned()
            }
            Self::MfaUnasked { .. } => {
                "run `vendor-ssm login` on a terminal first, or pipe the code into \
                 `vendor-ssm login --mfa-code-stdin`"
                    .to_owned()
            }
            Self::MfaRefused { .. } => {
                "wait for the next code, and check vendor.mfa_serial and the device's clock"
                    .to_owned()
            }
            Self::VendorRoleDenied { .. } => {
                "ask your own admin whether the role exists, trusts you, and whether it demands \
                 MFA, a SourceIdentity or your own name as session name"
                    .to_owned()
            }
            Self::CustomerRoleDenied { .. } => {
                "AWS does not say which of these is at fault: the ExternalId, the trusted \
                 principal, the role name. Have the customer compare them with their trust policy"
                    .to_owned()
            }
            Self::Mismatch { .. } => {
                "stop here, and report it: what answered is not what the settings describe"
                    .to_owned()
            }
            Self::VendorCredentialsRefused { .. } => {
                "ask your own admin whether sessions of the vendor role were revoked".to_owned()
            }
            Self::Clock { .. } => {
                "set this machine's clock: AWS refuses signatures that are minutes off".to_owned()
            }
            Self::Call { failure, .. } => return failure.hint(),
            Self::Store { .. } => {
                "unlock it, or set cache.store to \"auto\" to go on without".to_owned()
            }
            Self::NowhereToKeep { .. } => {
                "commands walk the role chain each time; unlock or install a keyring to keep \
                 credentials"
                    .to_owned()
            }
        })
    }
}

fn said(failure: &Failure) -> String {
    match &failure.message {
        Some(message) if failure.kind != Kind::Unreadable => {
            format!("{}: {message}", failure.summary())
        }
        _ => failure.summary(),
    }
}
