//! The calls of STS, and what their answers mean for the chain.
//! Nothing is sent twice here, except that a mistyped MFA code is asked for again.

use aws_credential_types::Credentials;
use aws_sdk_sts::Client;
use aws_sdk_sts::operation::RequestId as _;
use aws_sdk_sts::operation::assume_role::AssumeRoleOutput;
use std::time::{Duration, SystemTime};

use super::arn::session_of;
use super::error::{Error, ErrorKind, Step};
use super::role::{AssumedRole, Source, can_be_sent};
use crate::aws::{Aws, Failure, FailureKind, Service, shown};
use crate::callbacks::{Callbacks, Unasked};
use crate::names::{ExternalId, Region, RoleArn, RoleSessionName};

/// How often a code may be typed.
const MFA_TRIES: usize = 3;

/// STS, asked with certain credentials.
pub(super) struct Sts<'a> {
    client: Client,
    region: Region,
    credentials: Credentials,
    aws: &'a Aws,
    callbacks: &'a dyn Callbacks,
    /// Whether a cache keeps the roles for the next command.
    keeps: bool,
}

/// What AssumeRole is asked.
pub(super) struct Ask<'a> {
    /// Which role of the chain.
    pub step: Step,
    pub role_arn: &'a RoleArn,
    pub session_name: &'a RoleSessionName,
    /// How long, in seconds.
    pub duration_seconds: u32,
    /// The SourceIdentity; STS carries it on to the roles that are assumed with this one.
    pub source_identity: Option<String>,
    /// The ExternalId.
    pub external_id: Option<&'a ExternalId>,
    pub session_policy: Option<&'a str>,
}

/// Why AssumeRole gave no role.
pub(super) enum Refused {
    /// The call failed.
    Call(Box<Failure>),
    /// The chain cannot go on, whatever the caller makes of failed calls.
    Final(Error),
}

impl<'a> Sts<'a> {
    /// The STS of `region`, asked with `credentials`;
    /// a clock that is off is corrected, with a warning.
    pub(super) fn new(
        aws: &'a Aws,
        region: &Region,
        credentials: Credentials,
        callbacks: &'a dyn Callbacks,
    ) -> Self {
        Self {
            client: Client::new(&aws.config(Service::Sts, region, credentials.clone())),
            region: region.clone(),
            credentials,
            aws,
            callbacks,
            keeps: false,
        }
    }

    /// The same, for hints: `keeps` says whether a cache keeps the roles.
    #[must_use]
    pub(super) fn keeping(self, keeps: bool) -> Self {
        Self { keeps, ..self }
    }

    /// The partition's first region, if its STS accepts the credentials that this one's refused.
    /// A region that an account has not enabled does not know the account's credentials.
    pub(super) async fn known_in(&self, failure: &Failure) -> Option<Region> {
        let first = self.region.partition().first_region();
        if !failure.may_be_of_region() || first == self.region {
            return None;
        }
        let other = Self::new(self.aws, &first, self.credentials.clone(), self.callbacks);
        other.caller_arn().await.ok().map(|_| first)
    }

    /// Whether the call that failed should be sent once more, by a clock that is right now.
    fn is_corrected(&self, failure: &Failure) -> bool {
        let warning = self.aws.clock().correct(failure);
        if let Some(warning) = &warning {
            self.callbacks.warn(warning);
        }
        warning.is_some()
    }

    /// GetCallerIdentity: who the credentials are. It needs no permission.
    pub(super) async fn caller_arn(&self) -> Result<String, Failure> {
        const OPERATION: &str = "GetCallerIdentity";
        let ask = async || {
            let output = self.client.get_caller_identity().send().await;
            output.map_err(|error| Failure::new(Service::Sts, OPERATION, &self.region, &error))
        };
        let output = match ask().await {
            Err(failure) if self.is_corrected(&failure) => ask().await?,
            answer => answer?,
        };
        output.arn().map(str::to_owned).ok_or_else(|| {
            self.unreadable(
                OPERATION,
                output.request_id(),
                "there is no ARN in the answer",
            )
        })
    }

    /// AssumeRole, with a code of the MFA device `mfa_serial` if one is given.
    pub(super) async fn assume_role(
        &self,
        ask: &Ask<'_>,
        now: SystemTime,
        mfa_serial: Option<&str>,
    ) -> Result<AssumedRole, Refused> {
        let Some(serial) = mfa_serial else {
            return self.send(ask, now, None).await;
        };
        let mut refused = None;
        for attempt in 0..MFA_TRIES {
            let code = match self.callbacks.mfa_code(serial, attempt > 0).await {
                Ok(code) => code,
                // The wrong code stays uncorrected.
                Err(Unasked::NoTerminal | Unasked::Declined) if attempt > 0 => break,
                Err(source) => {
                    let serial = serial.to_owned();
                    let kind = ErrorKind::MfaUnasked {
                        step: ask.step,
                        serial,
                        kept: self.keeps,
                        source,
                    };
                    return Err(Refused::Final(kind.into()));
                }
            };
            let code = code.trim();
            if code.len() != 6 || !code.bytes().all(|byte| byte.is_ascii_digit()) {
                continue;
            }
            match self.send(ask, now, Some((serial, code))).await {
                Err(Refused::Call(failure)) if is_wrong_code(&failure) => {
                    refused = Some(failure);
                }
                result => return result,
            }
        }
        let kind = ErrorKind::MfaRefused {
            step: ask.step,
            serial: serial.to_owned(),
            failure: refused,
        };
        Err(Refused::Final(kind.into()))
    }

    async fn send(
        &self,
        ask: &Ask<'_>,
        now: SystemTime,
        mfa: Option<(&str, &str)>,
    ) -> Result<AssumedRole, Refused> {
        let call = self
            .client
            .assume_role()
            .role_arn(ask.role_arn.as_str())
            .role_session_name(ask.session_name.as_str())
            .duration_seconds(i32::try_from(ask.duration_seconds).unwrap_or(i32::MAX))
            .set_source_identity(ask.source_identity.clone())
            .set_external_id(ask.external_id.map(|id| id.reveal().to_owned()))
            .set_policy(ask.session_policy.map(str::to_owned))
            .set_serial_number(mfa.map(|(serial, _)| serial.to_owned()))
            .set_token_code(mfa.map(|(_, code)| code.to_owned()));
        let send = async || {
            let output = call.clone().send().await;
            output.map_err(|error| {
                Box::new(Failure::new(
                    Service::Sts,
                    "AssumeRole",
                    &self.region,
                    &error,
                ))
            })
        };
        let output = match send().await {
            Err(failure) if self.is_corrected(&failure) => send().await,
            answer => answer,
        };
        let output = output.map_err(Refused::Call)?;
        self.assumed(ask, &output, now)
    }

    /// Compares the answer with what was asked for.
    fn assumed(
        &self,
        ask: &Ask<'_>,
        output: &AssumeRoleOutput,
        now: SystemTime,
    ) -> Result<AssumedRole, Refused> {
        let unreadable = |what| {
            Refused::Call(Box::new(self.unreadable(
                "AssumeRole",
                output.request_id(),
                what,
            )))
        };
        let arn = output
            .assumed_role_user()
            .map(aws_sdk_sts::types::AssumedRoleUser::arn)
            .ok_or_else(|| unreadable("there is no AssumedRoleUser in the answer"))?;
        let session = session_of(ask.role_arn, arn)
            .filter(|session| session.session_name == *ask.session_name)
            .ok_or_else(|| {
                let kind = ErrorKind::Mismatch {
                    step: ask.step,
                    asked: ask.role_arn.to_string(),
                    answered: shown(arn),
                };
                Refused::Final(kind.into())
            })?;
        let keys = output
            .credentials()
            .ok_or_else(|| unreadable("there are no credentials in the answer"))?;
        if !can_be_sent(keys.access_key_id(), keys.session_token()) {
            let what = "the credentials hold characters that no HTTP header can hold";
            return Err(unreadable(what));
        }
        let ends = SystemTime::try_from(*keys.expiration())
            .map_err(|_| unreadable("the credentials' end cannot be read"))?;
        Ok(AssumedRole {
            // Without an end of their own: whether they still hold is for AWS to say, whose clock
            // it is.
            credentials: Credentials::new(
                keys.access_key_id(),
                keys.secret_access_key(),
                Some(keys.session_token().to_owned()),
                None,
                "vendor-ssm",
            ),
            arn: arn.to_owned(),
            account: session.account,
            session_name: session.session_name,
            expires: by_own_clock(ends, now, ask.duration_seconds),
            source: Source::Sts,
        })
    }

    fn unreadable(&self, operation: &'static str, id: Option<&str>, what: &str) -> Failure {
        Failure {
            request_id: id.map(str::to_owned),
            ..Failure::unreadable(Service::Sts, operation, &self.region, what)
        }
    }
}

/// AWS's clock.
/// Keys that do not exist are refused whatever the time is, and the refusal is dated; these are the
/// example of AWS's own documentation.
pub(super) async fn server_time(aws: &Aws, region: &Region) -> Result<SystemTime, Box<Failure>> {
    const OPERATION: &str = "GetCallerIdentity";
    let nobody = Credentials::new("AKIAIOSFODNN7EXAMPLE", "nobody", None, None, "vendor-ssm");
    let client = Client::new(&aws.config(Service::Sts, region, nobody));
    let failure = match client.get_caller_identity().send().await {
        Ok(_) => Failure::unreadable(
            Service::Sts,
            OPERATION,
            region,
            "example keys were accepted",
        ),
        Err(error) => Failure::new(Service::Sts, OPERATION, region, &error),
    };
    failure.server_time.ok_or_else(|| Box::new(failure))
}

/// When credentials expire, by this machine's clock.
/// An end that cannot be right by it shows that the clocks differ; then what was asked for counts
/// from now.
fn by_own_clock(ends: SystemTime, now: SystemTime, duration_seconds: u32) -> SystemTime {
    const TOLERANCE: Duration = Duration::from_mins(5);
    let asked = now + Duration::from_secs(duration_seconds.into());
    if ends > now && ends <= asked + TOLERANCE {
        ends
    } else {
        asked
    }
}

/// STS says AccessDenied for a wrong code as for a role that refuses; only the sentence differs.
fn is_wrong_code(failure: &Failure) -> bool {
    failure.kind == FailureKind::Denied
        && failure
            .message
            .as_deref()
            .is_some_and(|text| text.starts_with("MultiFactorAuthentication failed"))
}

/// What a failed AssumeRole means at either role; `None` if only the caller knows.
pub(super) fn meaning(step: Step, failure: &Failure) -> Option<Error> {
    let code = failure.code.as_deref().unwrap_or_default();
    let message = failure.message.as_deref().unwrap_or_default();
    let boxed = Box::new(failure.clone());
    let kind = if failure.kind == FailureKind::Clock {
        ErrorKind::Clock {
            step,
            failure: boxed,
        }
    } else if code.starts_with("RegionDisabled") {
        ErrorKind::RegionDisabled {
            step,
            region: failure.region.clone(),
            failure: boxed,
        }
    } else if code == "ValidationError" && message.contains("DurationSeconds") {
        ErrorKind::DurationRefused {
            step,
            failure: boxed,
        }
    } else if failure.kind == FailureKind::Denied || failure.refuses_credentials() {
        return None;
    } else {
        ErrorKind::Call {
            step,
            failure: boxed,
        }
    };
    Some(kind.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_end_is_believed_unless_the_clocks_differ() {
        let now = SystemTime::UNIX_EPOCH + Duration::from_hours(500_000);
        let after = |seconds| now + Duration::from_secs(seconds);
        assert_eq!(by_own_clock(after(3600), now, 3600), after(3600));
        assert_eq!(by_own_clock(after(60), now, 3600), after(60));
        assert_eq!(by_own_clock(after(3700), now, 3600), after(3700));
        let day = Duration::from_hours(24);
        assert_eq!(by_own_clock(after(3600) + day, now, 3600), after(3600));
        assert_eq!(by_own_clock(after(3600) - day, now, 3600), after(3600));
    }

    #[test]
    fn failures_are_told_apart_by_code() {
        let failure = |kind, code: &str, message: &str| Failure {
            service: Service::Sts,
            operation: "AssumeRole",
            region: "us-east-1".parse().unwrap(),
            kind,
            code: Some(code.to_owned()),
            message: Some(message.to_owned()),
            request_id: None,
            without_effect: true,
            server_time: None,
        };
        let exit =
            |failure: &Failure| meaning(Step::VendorRole, failure).map(|it| it.facts().exit.code());
        let table = [
            (FailureKind::Denied, "AccessDenied", "", None),
            (FailureKind::Expired, "ExpiredToken", "", None),
            (
                FailureKind::InvalidCredentials,
                "InvalidClientTokenId",
                "",
                None,
            ),
            (
                FailureKind::Clock,
                "SignatureDoesNotMatch",
                "Signature expired",
                Some(20),
            ),
            (FailureKind::Denied, "RegionDisabledException", "", Some(10)),
            (FailureKind::Other, "RegionDisabledException", "", Some(10)),
            (
                FailureKind::Other,
                "ValidationError",
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
                Some(10),
            ),
            (
                FailureKind::Other,
                "ValidationError",
                "1 validation error detected",
                Some(42),
            ),
            (FailureKind::Throttled, "Throttling", "", Some(41)),
            (FailureKind::Network, "", "", Some(40)),
            (FailureKind::Server, "InternalFailure", "", Some(42)),
        ];
        for (kind, code, message, expected) in table {
            assert_eq!(
                exit(&failure(kind, code, message)),
                expected,
                "{code} {message}"
            );
        }
        let text = "MultiFactorAuthentication failed with invalid MFA one time pass code. ";
        assert!(is_wrong_code(&failure(
            FailureKind::Denied,
            "AccessDenied",
            text
        )));
        assert!(!is_wrong_code(&failure(
            FailureKind::Denied,
            "AccessDenied",
            "User: x is not authorized"
        )));
    }
}
