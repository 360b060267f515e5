//! What an identity error tells the other stages: exit code, step, hint, details and failed call.

use super::error::{Error, ErrorKind, Step};
use super::refused;
use super::store::StoreError;
use crate::aws::{Failure, FailureKind};
use crate::callbacks::Unasked;
use crate::exit::Exit;
use crate::facts::Facts;
use crate::names::quoted;
use crate::platform::{GET_KEYRING, UNLOCK};

const CLOCK: &str = "set this machine's clock: AWS refuses signatures that are minutes off";
const MFA_ELSEWHERE: &str = "run `vendor-ssm login` on a terminal first, or pipe the code into \
                             `vendor-ssm login --mfa-code-stdin`";
/// With no cache, `login` keeps nothing for the next command.
const MFA_UNKEPT: &str = "run this command on a terminal, or turn the cache on and run \
                          `vendor-ssm login` first: omit --no-cache, and set cache.store to \"auto\"";

impl Error {
    /// Everything but the message.
    ///
    /// Hint and details hold text from AWS and from the customer: escape them.
    pub(crate) fn facts(&self) -> Facts<'_> {
        Facts {
            about: self.about.clone(),
            ..self.kind.facts(self.about.customer.as_deref())
        }
    }
}

impl ErrorKind {
    /// One match, so that a new kind needs an answer to each question.
    #[expect(clippy::too_many_lines, reason = "one arm a kind, and each is short")]
    fn facts(&self, customer: Option<&str>) -> Facts<'_> {
        match self {
            ErrorKind::UnusableValue { .. } => facts(
                Exit::BaseCredentials,
                Step::BaseIdentity,
                "set the value again without it; a file with Windows line ends leaves a line break",
            ),
            ErrorKind::ProfileValue { .. } => {
                facts(Exit::Settings, Step::BaseIdentity, "correct that line")
            }
            ErrorKind::StartsItself { place, .. } => Facts {
                details: place
                    .iter()
                    .map(|place| {
                        format!("{place}: credential_process would start vendor-ssm without end")
                    })
                    .collect(),
                ..facts(
                    Exit::Settings,
                    Step::BaseIdentity,
                    "set vendor.profile in the settings to the profile that you log in with",
                )
            },
            ErrorKind::Profile { place, .. } => Facts {
                details: Some(place.clone())
                    .filter(|it| !it.is_empty())
                    .into_iter()
                    .collect(),
                ..facts(Exit::Settings, Step::BaseIdentity, "correct the profile")
            },
            ErrorKind::Address { .. } => {
                facts(Exit::Settings, Step::BaseIdentity, "correct that value")
            }
            ErrorKind::ProfileRoleRefused {
                profile, failure, ..
            } => failed(
                failure,
                Exit::BaseCredentials,
                Step::BaseIdentity,
                format!(
                    "run `aws sts get-caller-identity --profile {}`: if AWS refuses that as well, \
                     ask the role's admin whether it trusts you and requires MFA",
                    quoted(profile)
                ),
            ),
            ErrorKind::NoBaseIdentity {
                profile, instead, ..
            } => {
                let profile = profile.as_deref().map_or("NAME".to_owned(), quoted);
                let hint = format!(
                    "log in with `aws sso login --profile {profile}`, or set keys with \
                     `aws configure --profile {profile}`; vendor.profile in the settings names \
                     the profile"
                );
                let hint = match instead {
                    Some(instead) => format!("{instead}; otherwise {hint}"),
                    None => hint,
                };
                facts(Exit::BaseCredentials, Step::BaseIdentity, hint)
            }
            ErrorKind::BaseIdentity {
                reason, exit, hint, ..
            } => Facts {
                details: vec![reason.clone()],
                ..facts(*exit, Step::BaseIdentity, hint.clone())
            },
            ErrorKind::BaseRefused {
                origin,
                login,
                failure,
            } => {
                let hint = renewal(origin, login.as_deref());
                failed(failure, Exit::BaseCredentials, Step::BaseIdentity, hint)
            }
            ErrorKind::NoSessionName { arn } => Facts {
                details: vec![format!("its ARN is {arn}")],
                ..facts(
                    Exit::Settings,
                    Step::BaseIdentity,
                    "set vendor.role_session_name to your own name, and do not change it later",
                )
            },
            ErrorKind::ChainedDuration { .. } => facts(
                Exit::Settings,
                Step::VendorRole,
                "set vendor.duration_seconds to 3600 or less, or start from an IAM user",
            ),
            ErrorKind::DurationRefused { step, failure } => {
                let hint = match (step, customer) {
                    (Step::CustomerRole, Some(customer)) => {
                        format!("lower duration_seconds of customers.{customer}")
                    }
                    _ => "lower vendor.duration_seconds: a role can assume another for at most \
                          one hour, an IAM user for at most the role's own maximum"
                        .to_owned(),
                };
                failed(failure, Exit::Settings, *step, hint)
            }
            ErrorKind::RegionDisabled { step, failure, .. } => failed(
                failure,
                Exit::Settings,
                *step,
                "set vendor.sts_region to a region whose STS is switched on in both accounts",
            ),
            ErrorKind::RegionNotEnabled {
                step,
                failure,
                other,
            } => failed(
                failure,
                Exit::Settings,
                *step,
                format!(
                    "set vendor.sts_region to a region that the account has enabled, such as {other}"
                ),
            ),
            ErrorKind::MfaUnasked {
                step, source, kept, ..
            } => {
                let exit = match source {
                    Unasked::NoTerminal => Exit::NeedsTerminal,
                    Unasked::Declined => Exit::BaseCredentials,
                    Unasked::Signal(ending) => ending.exit(),
                    Unasked::Io(_) => Exit::LocalIo,
                };
                Facts {
                    details: vec![source.to_string()],
                    ..facts(exit, *step, if *kept { MFA_ELSEWHERE } else { MFA_UNKEPT })
                }
            }
            ErrorKind::MfaRefused { step, failure, .. } => {
                let hint = match step {
                    Step::BaseIdentity => {
                        "wait for the next code, and check the profile's mfa_serial and the \
                         device's clock"
                    }
                    _ => {
                        "wait for the next code, and check vendor.mfa_serial and the device's clock"
                    }
                };
                let (exit, step) = (Exit::BaseCredentials, *step);
                match failure {
                    Some(failure) => failed(failure, exit, step, hint),
                    None => facts(exit, step, hint),
                }
            }
            ErrorKind::VendorRoleDenied { role_arn, failure } => Facts {
                details: refused::vendor_details(said(failure), role_arn, failure),
                failure: Some(failure),
                ..facts(
                    Exit::VendorRoleDenied,
                    Step::VendorRole,
                    refused::vendor_hint(failure),
                )
            },
            ErrorKind::CustomerRoleDenied {
                role_arn,
                asked_as,
                external_id,
                trust,
                failure,
            } => Facts {
                details: refused::customer_details(
                    format!(
                        "{}; asked as {asked_as} with ExternalId {external_id}",
                        failure.summary()
                    ),
                    role_arn,
                    trust,
                    failure,
                ),
                failure: Some(failure),
                ..facts(
                    Exit::CustomerRoleDenied,
                    Step::CustomerRole,
                    refused::customer_hint(customer.unwrap_or("CUSTOMER"), failure),
                )
            },
            ErrorKind::Mismatch { step, .. } => facts(
                Exit::IdentityMismatch,
                *step,
                "stop and report this: the answer does not fit the settings",
            ),
            ErrorKind::VendorCredentialsRefused { failure } => failed(
                failure,
                Exit::CredentialsRevoked,
                Step::CustomerRole,
                "ask your admin whether sessions of the vendor role were revoked",
            ),
            ErrorKind::Clock { step, failure } => {
                failed(failure, Exit::BaseCredentials, *step, CLOCK)
            }
            ErrorKind::SessionPolicyRefused { failure } => {
                let is_large = failure
                    .code
                    .as_deref()
                    .is_some_and(|code| code.starts_with("PackedPolicyTooLarge"));
                let hint = if is_large {
                    "shorten the policy: AWS packs it together with the session's tags, and both share one limit"
                } else {
                    "correct the policy: AWS names what it cannot read"
                };
                failed(failure, Exit::Usage, Step::CustomerRole, hint)
            }
            ErrorKind::Call { step, failure } => Facts {
                hint: failure.hint(),
                details: vec![said(failure)],
                failure: Some(failure),
                ..Facts::new(failure.exit(), Some(step.name()))
            },
            ErrorKind::Store { reason, .. } => {
                let hint = match reason {
                    StoreError::Locked | StoreError::Silent => UNLOCK,
                    StoreError::LinuxOnly => "set cache.store to \"auto\" or \"keyring\"",
                    StoreError::Absent
                    | StoreError::Crashed
                    | StoreError::TooLarge
                    | StoreError::Failed => "set cache.store to \"auto\" to go on without it",
                };
                facts(Exit::Keyring, Step::Cache, hint)
            }
            ErrorKind::NowhereToKeep { is_off: true, .. } => facts(
                Exit::Keyring,
                Step::Cache,
                "omit --no-cache, and set cache.store to \"auto\"; without a cache every \
                 command walks the role chain again",
            ),
            ErrorKind::NowhereToKeep { .. } => {
                let hint =
                    format!("{GET_KEYRING}; without one every command walks the role chain again");
                facts(Exit::Keyring, Step::Cache, hint)
            }
        }
    }
}

fn facts<'a>(exit: Exit, step: Step, hint: impl Into<String>) -> Facts<'a> {
    Facts {
        hint: Some(hint.into()),
        ..Facts::new(exit, Some(step.name()))
    }
}

/// The same, with the call that failed and what AWS said.
fn failed(failure: &Failure, exit: Exit, step: Step, hint: impl Into<String>) -> Facts<'_> {
    Facts {
        details: vec![said(failure)],
        failure: Some(failure),
        ..facts(exit, step, hint)
    }
}

/// How to renew the credentials of the base identity.
pub(super) fn renewal(origin: &str, login: Option<&str>) -> String {
    match login {
        Some(login) => format!("log in again: `{login}`"),
        None => format!("renew the credentials of {origin}"),
    }
}

fn said(failure: &Failure) -> String {
    match failure.said() {
        Some(said) if failure.kind != FailureKind::Unreadable => {
            format!("{}: {said}", failure.summary())
        }
        _ => failure.summary(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::{AllowStatement, Service};
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
        Error::from(ErrorKind::CustomerRoleDenied {
            role_arn: "arn:aws:iam::222222222222:role/R".to_owned(),
            asked_as: "arn:aws:sts::111111111111:assumed-role/V/alice".to_owned(),
            external_id: external_id.clone(),
            trust: AllowStatement::trust(
                "arn:aws:iam::111111111111:role/V",
                &external_id,
                false,
                None,
            )
            .into(),
            failure: failure(FailureKind::Denied).into(),
        })
        .of_customer("acme")
    }

    #[test]
    fn the_customers_refusal_reads_as_promised() {
        let error = refused_by_customer();
        assert_eq!(
            error.to_string(),
            "acme: the customer role arn:aws:iam::222222222222:role/R refused"
        );
        let facts = error.facts();
        assert_eq!(
            facts.details[0],
            "AccessDenied, request 8f2c; asked as \
             arn:aws:sts::111111111111:assumed-role/V/alice with ExternalId …tyA"
        );
        assert!(!format!("{error} {facts:?} {error:?}").contains("ExternalID3rd"));
    }

    #[test]
    #[expect(clippy::too_many_lines, reason = "a table of all kinds")]
    fn every_kind_has_the_exit_code_and_step_of_who_has_to_act() {
        let origin = || "the exported keys".to_owned();
        let step = Step::VendorRole;
        let unasked = |source| ErrorKind::MfaUnasked {
            step,
            serial: "mfa/alice".to_owned(),
            kept: false,
            source,
        };
        let call = |kind| ErrorKind::Call {
            step,
            failure: failure(kind).into(),
        };
        let base = |exit| ErrorKind::BaseIdentity {
            origin: origin(),
            reason: "said".to_owned(),
            exit,
            hint: "log in again".to_owned(),
        };
        let profile = ErrorKind::Profile {
            name: "x".to_owned(),
            place: "/config:2".to_owned(),
            why: "it has no role_arn".to_owned(),
        };
        let table: [(Error, u8, &str); 21] = [
            (base(Exit::BaseCredentials).into(), 20, "base-identity"),
            (base(Exit::Network).into(), 40, "base-identity"),
            (profile.into(), 10, "base-identity"),
            (
                ErrorKind::BaseRefused {
                    origin: origin(),
                    login: None,
                    failure: failure(FailureKind::Expired).into(),
                }
                .into(),
                20,
                "base-identity",
            ),
            (
                ErrorKind::NoSessionName { arn: origin() }.into(),
                10,
                "base-identity",
            ),
            (
                ErrorKind::ChainedDuration { seconds: 7200 }.into(),
                10,
                "vendor-role",
            ),
            (
                ErrorKind::DurationRefused {
                    step: Step::CustomerRole,
                    failure: failure(FailureKind::Other).into(),
                }
                .into(),
                10,
                "customer-role",
            ),
            (
                ErrorKind::RegionNotEnabled {
                    step,
                    failure: failure(FailureKind::InvalidCredentials).into(),
                    other: "us-east-1".parse().unwrap(),
                }
                .into(),
                10,
                "vendor-role",
            ),
            (unasked(Unasked::NoTerminal).into(), 60, "vendor-role"),
            (unasked(Unasked::Declined).into(), 20, "vendor-role"),
            (
                ErrorKind::MfaRefused {
                    step,
                    serial: "mfa/alice".to_owned(),
                    failure: None,
                }
                .into(),
                20,
                "vendor-role",
            ),
            (
                ErrorKind::VendorRoleDenied {
                    role_arn: origin(),
                    failure: failure(FailureKind::Denied).into(),
                }
                .into(),
                21,
                "vendor-role",
            ),
            (refused_by_customer(), 22, "customer-role"),
            (
                ErrorKind::VendorCredentialsRefused {
                    failure: failure(FailureKind::Expired).into(),
                }
                .into(),
                23,
                "customer-role",
            ),
            (
                ErrorKind::Mismatch {
                    step,
                    asked: origin(),
                    answered: origin(),
                }
                .into(),
                24,
                "vendor-role",
            ),
            (
                ErrorKind::Clock {
                    step,
                    failure: failure(FailureKind::Clock).into(),
                }
                .into(),
                20,
                "vendor-role",
            ),
            (call(FailureKind::Network).into(), 40, "vendor-role"),
            (call(FailureKind::Throttled).into(), 41, "vendor-role"),
            (call(FailureKind::Server).into(), 42, "vendor-role"),
            (
                ErrorKind::Store {
                    name: "the OS keyring",
                    reason: StoreError::Absent,
                }
                .into(),
                12,
                "cache",
            ),
            (
                ErrorKind::NowhereToKeep {
                    reason: origin(),
                    is_off: true,
                }
                .into(),
                12,
                "cache",
            ),
        ];
        for (error, code, step) in table {
            let facts = error.facts();
            assert_eq!(
                (facts.exit.code(), facts.step),
                (code, Some(step)),
                "{error}"
            );
            assert!(
                facts.hint.is_some() && facts.session_state.is_none(),
                "{error}"
            );
            assert!(!error.to_string().ends_with('.'), "{error}");
        }
    }
}
