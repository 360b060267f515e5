//! What goes below an error's first line: what AWS said, and what to do next.

use super::error::{Error, Step};
use super::store::StoreError;
use crate::aws::{AllowStatement, Failure, FailureKind};

impl Error {
    /// The lines below the first: what AWS or the provider said, and the statement that would let us in.
    /// Not to be trusted: escape them.
    pub fn details(&self) -> Vec<String> {
        match self {
            Self::BaseIdentity { reason, .. } => vec![reason.clone()],
            Self::NoSessionName { arn } => vec![format!("it is {arn}")],
            Self::MfaUnasked { source, .. } => vec![source.to_string()],
            Self::CustomerRoleDenied {
                asked_as,
                external_id,
                trust,
                failure,
                ..
            } => vec![
                format!(
                    "{}; asked as {asked_as} with ExternalId {external_id}",
                    failure.summary()
                ),
                format!("let in by {trust} in its trust policy"),
            ],
            Self::VendorRoleDenied { role_arn, failure } => {
                let allowed_by = AllowStatement::allow("sts:AssumeRole", role_arn);
                vec![
                    said(failure),
                    format!(
                        "allowed by {allowed_by}, where the role's trust policy names who asks"
                    ),
                ]
            }
            Self::BaseRefused { failure, .. }
            | Self::DurationRefused { failure, .. }
            | Self::RegionDisabled { failure, .. }
            | Self::VendorCredentialsRefused { failure, .. }
            | Self::Clock { failure, .. }
            | Self::Call { failure, .. } => vec![said(failure)],
            Self::MfaRefused { failure, .. } => failure.as_deref().map(said).into_iter().collect(),
            Self::NoBaseIdentity { .. }
            | Self::ChainedDuration { .. }
            | Self::Mismatch { .. }
            | Self::Store { .. }
            | Self::NowhereToKeep { .. } => Vec::new(),
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
            Self::CustomerRoleDenied { customer, .. } => format!(
                "AWS does not say which of these is at fault: the ExternalId, the trusted \
                 principal, the role name. Send the customer `vendor-ssm doctor -c {customer} --report`"
            ),
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
            Self::Store { reason, .. } => match reason {
                StoreError::Locked | StoreError::Silent => "unlock it and try again".to_owned(),
                StoreError::Absent
                | StoreError::Crashed
                | StoreError::TooLarge
                | StoreError::Failed => {
                    "set cache.store to \"auto\" to go on without it".to_owned()
                }
            },
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
        Some(message) if failure.kind != FailureKind::Unreadable => {
            format!("{}: {message}", failure.summary())
        }
        _ => failure.summary(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::Service;
    use crate::callbacks::Unasked;
    use crate::names::ExternalId;

    fn failure(kind: FailureKind) -> Failure {
        Failure {
            service: Service::Sts,
            operation: "AssumeRole",
            region: "us-east-1".parse().unwrap(),
            kind,
            code: Some("AccessDenied".to_owned()),
            message: Some("AWS's words".to_owned()),
            request_id: Some("8f2c".to_owned()),
            without_effect: true,
            server_time: None,
        }
    }

    fn refused_by_customer() -> Error {
        let external_id: ExternalId = "ExternalID3rdPartyA".parse().unwrap();
        Error::CustomerRoleDenied {
            customer: "acme".to_owned(),
            role_arn: "arn:aws:iam::222222222222:role/R".to_owned(),
            asked_as: "arn:aws:sts::111111111111:assumed-role/V/alice".to_owned(),
            external_id: external_id.clone(),
            trust: AllowStatement::trust("arn:aws:iam::111111111111:role/V", &external_id, false)
                .into(),
            failure: failure(FailureKind::Denied).into(),
        }
    }

    #[test]
    fn the_customers_refusal_reads_as_promised() {
        let error = refused_by_customer();
        assert_eq!(
            error.to_string(),
            "acme: the customer role arn:aws:iam::222222222222:role/R refused"
        );
        assert_eq!(
            error.details()[0],
            "AccessDenied, request 8f2c; asked as \
             arn:aws:sts::111111111111:assumed-role/V/alice with ExternalId …tyA"
        );
        let all = format!("{error} {:?} {:?} {error:?}", error.details(), error.hint());
        assert!(!all.contains("ExternalID3rd"));
    }

    #[test]
    fn every_error_has_the_exit_code_of_who_has_to_act() {
        let origin = || "the exported keys".to_owned();
        let customer = || Some("acme".to_owned());
        let step = Step::VendorRole;
        let unasked = |source| Error::MfaUnasked {
            serial: "mfa/alice".to_owned(),
            source,
        };
        let call = |kind| Error::Call {
            step,
            customer: None,
            failure: failure(kind).into(),
        };
        let base = |network| Error::BaseIdentity {
            origin: origin(),
            reason: "said".to_owned(),
            login: Some("aws sso login --profile x".to_owned()),
            network,
        };
        let table = [
            (base(false), 20),
            (base(true), 40),
            (
                Error::BaseRefused {
                    origin: origin(),
                    login: None,
                    failure: failure(FailureKind::Expired).into(),
                },
                20,
            ),
            (Error::NoSessionName { arn: origin() }, 10),
            (Error::ChainedDuration { seconds: 7200 }, 10),
            (
                Error::DurationRefused {
                    step: Step::CustomerRole,
                    customer: customer(),
                    failure: failure(FailureKind::Other).into(),
                },
                10,
            ),
            (unasked(Unasked::NoTerminal), 60),
            (unasked(Unasked::Declined), 20),
            (
                Error::VendorRoleDenied {
                    role_arn: origin(),
                    failure: failure(FailureKind::Denied).into(),
                },
                21,
            ),
            (refused_by_customer(), 22),
            (
                Error::VendorCredentialsRefused {
                    customer: "acme".to_owned(),
                    failure: failure(FailureKind::Expired).into(),
                },
                23,
            ),
            (
                Error::Mismatch {
                    step,
                    customer: customer(),
                    asked: origin(),
                    answered: origin(),
                },
                24,
            ),
            (
                Error::Clock {
                    step,
                    failure: failure(FailureKind::Clock).into(),
                },
                20,
            ),
            (call(FailureKind::Network), 40),
            (call(FailureKind::Throttled), 41),
            (call(FailureKind::Server), 42),
            (
                Error::Store {
                    name: "the OS keyring",
                    reason: StoreError::Absent,
                },
                12,
            ),
            (Error::NowhereToKeep { reason: origin() }, 12),
        ];
        for (error, code) in table {
            assert_eq!(error.exit().code(), code, "{error}");
            assert!(error.hint().is_some(), "{error}");
            assert!(!error.to_string().ends_with('.'), "{error}");
        }
    }
}
