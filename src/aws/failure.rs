//! A failed call, reduced to what decides the exit code and what a person needs to report it.

use std::time::SystemTime;

use super::denial::{Cause, Denial};
use super::said::{shown, untrusted};
use super::service::Service;
use crate::exit::Exit;
use crate::names::Region;
use crate::platform::MORE_DESCRIPTORS;

/// What a failure means. AWS's error code decides, never the HTTP status alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FailureKind {
    /// A policy denies the call, or none allows it.
    Denied,
    /// The temporary credentials have expired.
    Expired,
    /// AWS does not know these credentials, or no longer accepts them.
    InvalidCredentials,
    /// The region does not know credentials that AWS accepts elsewhere.
    /// The account may not have enabled the region.
    RegionNotEnabled,
    /// The two clocks differ too much for a signature to be valid.
    Clock,
    /// Too many requests.
    Throttled,
    /// Nothing answered in time, or something other than AWS answered.
    Network,
    /// This process or this machine may open no further connection.
    Descriptors,
    /// The proxy refuses the user and password in `HTTPS_PROXY`. Another try would too.
    ProxyAuthorization,
    /// vendor-ssm cannot read the answer.
    Unreadable,
    /// AWS's own fault, 5xx.
    Server,
    /// Any other refusal by AWS.
    Other,
}

/// What to do about a proxy that answers 407.
pub(crate) const WRONG_PASSWORD: &str = "set HTTPS_PROXY to http://USER:PASSWORD@HOST:PORT, with the user and password that the proxy knows; write a % in them as %25";

/// A failed call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Failure {
    pub service: Service,
    /// The action, such as `AssumeRole`.
    pub operation: &'static str,
    /// The region asked.
    pub region: Region,
    /// What it means.
    pub kind: FailureKind,
    /// AWS's error code.
    pub code: Option<String>,
    /// AWS's message, or that of the layer that failed.
    /// Escape it before showing it. A line shows [`Failure::said`] instead.
    pub message: Option<String>,
    /// AWS's request id.
    pub request_id: Option<String>,
    /// Whether the request certainly had no effect: AWS refused it first, or it was never sent.
    pub without_effect: bool,
    /// AWS's clock when it answered, from the `Date` header.
    pub server_time: Option<SystemTime>,
}

impl std::error::Error for Failure {}

impl Failure {
    /// An answer without a usable content.
    pub(crate) fn unreadable(
        service: Service,
        operation: &'static str,
        region: &Region,
        what: &str,
    ) -> Self {
        Self {
            service,
            operation,
            region: region.clone(),
            kind: FailureKind::Unreadable,
            code: None,
            message: Some(what.to_owned()),
            request_id: None,
            without_effect: false,
            server_time: None,
        }
    }

    /// The exit code, unless a stage knows a better one.
    pub(crate) const fn exit(&self) -> Exit {
        match self.kind {
            FailureKind::Network | FailureKind::ProxyAuthorization => Exit::Network,
            FailureKind::Descriptors => Exit::LocalIo,
            FailureKind::Throttled => Exit::Throttled,
            FailureKind::Expired | FailureKind::InvalidCredentials => Exit::CredentialsRevoked,
            FailureKind::Clock => Exit::BaseCredentials,
            FailureKind::RegionNotEnabled => Exit::Settings,
            FailureKind::Denied
            | FailureKind::Unreadable
            | FailureKind::Server
            | FailureKind::Other => Exit::AwsError,
        }
    }

    /// Whether trying again may help.
    pub(crate) const fn retryable(&self) -> bool {
        matches!(
            self.kind,
            FailureKind::Network | FailureKind::Throttled | FailureKind::Server
        )
    }

    /// Whether AWS refuses the credentials themselves.
    pub(crate) const fn refuses_credentials(&self) -> bool {
        matches!(
            self.kind,
            FailureKind::Expired | FailureKind::InvalidCredentials
        )
    }

    /// Whether the role's sessions may have been revoked.
    /// IAM revokes older sessions with an explicit deny, which does not affect a new session (IAM
    /// User Guide, "Revoke IAM role temporary security credentials"). But a policy may also deny
    /// the call for good.
    pub(crate) fn may_be_revocation(&self) -> bool {
        self.denial()
            .is_some_and(|denial| matches!(denial.cause, Cause::Explicit(_)))
    }

    /// Whether a region that is not enabled answers so.
    /// Such a region does not know the account's credentials.
    /// Source: EC2's, Systems Manager's and STS's error codes, and Account Management guide,
    /// "Considerations before enabling and disabling Regions".
    pub(crate) fn may_be_of_region(&self) -> bool {
        self.kind == FailureKind::InvalidCredentials
            && matches!(
                self.code.as_deref(),
                Some("AuthFailure" | "UnrecognizedClientException" | "InvalidClientTokenId")
            )
    }

    /// The same failure, now that AWS accepted the credentials in another region.
    #[must_use]
    pub(crate) fn of_region(self) -> Self {
        Self {
            kind: FailureKind::RegionNotEnabled,
            message: Some(NOT_ENABLED.to_owned()),
            ..self
        }
    }

    /// The action that AWS denied, as IAM names it, such as `sts:SetSourceIdentity`.
    /// One call may need several. If AWS does not name it, it is the action of the call.
    pub(crate) fn action(&self) -> String {
        match self.denial() {
            Some(denial) => denial.action,
            None => self.called(),
        }
    }

    /// The action of the call as IAM names it, such as `sts:AssumeRole`.
    pub(crate) fn called(&self) -> String {
        format!("{}:{}", self.service.name(), self.operation)
    }

    /// The message as a line shows it.
    pub(crate) fn said(&self) -> Option<String> {
        self.message.as_deref().map(shown)
    }

    /// The parts of AWS's access-denied message, if there is one.
    pub(crate) fn denial(&self) -> Option<Denial> {
        (self.kind == FailureKind::Denied)
            .then(|| Denial::parse(self.message.as_deref()?))
            .flatten()
    }

    /// `AccessDenied, request 8f2c…`, or as much as is known.
    pub(crate) fn summary(&self) -> String {
        let code = self.code.as_deref().unwrap_or(match self.kind {
            FailureKind::Network | FailureKind::ProxyAuthorization => "no answer from AWS",
            FailureKind::Descriptors => "too few file descriptors",
            FailureKind::Unreadable => "unreadable answer",
            _ => "no error code",
        });
        match &self.request_id {
            Some(id) => format!("{code}, request {id}"),
            None => code.to_owned(),
        }
    }

    /// What to do, unless a stage knows better.
    pub(crate) fn hint(&self) -> Option<String> {
        if self.kind == FailureKind::Network
            && let Some(hint) = self.message.as_deref().and_then(untrusted)
        {
            return Some(hint.to_owned());
        }
        Some(match self.kind {
            FailureKind::Network => format!(
                "check the network, DNS and HTTPS_PROXY on the way to {} in {}",
                self.service.name(),
                self.region
            ),
            FailureKind::Descriptors => MORE_DESCRIPTORS.to_owned(),
            FailureKind::ProxyAuthorization => WRONG_PASSWORD.to_owned(),
            FailureKind::Throttled => "wait a minute and try again".to_owned(),
            FailureKind::Clock => {
                "set this machine's clock; AWS refuses signatures that are off by minutes"
                    .to_owned()
            }
            FailureKind::Expired | FailureKind::InvalidCredentials => REFUSED.to_owned(),
            FailureKind::RegionNotEnabled => format!(
                "omit {region} with --region or in the customer's regions, or ask the customer to \
                 enable it in their account",
                region = self.region
            ),
            FailureKind::Server => {
                "try again; if AWS keeps failing, see health.aws.amazon.com".to_owned()
            }
            FailureKind::Unreadable => {
                "a proxy may have changed the answer; run with -vv to see more".to_owned()
            }
            FailureKind::Denied | FailureKind::Other => return None,
        })
    }
}

/// `{:#}` shows AWS's message whole.
impl std::fmt::Display for Failure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "{} in {}: {}",
            self.operation,
            self.region,
            self.summary()
        )?;
        let said = if formatter.alternate() {
            self.message.clone()
        } else {
            self.said()
        };
        match said {
            Some(said) => write!(formatter, ": {said}"),
            None => Ok(()),
        }
    }
}

/// What credentials mean that AWS accepts in one region and refuses in another.
const NOT_ENABLED: &str = "AWS accepts the same credentials in another region, so this region may \
                           not be enabled in the account";

/// What to do about credentials that AWS refuses though they are new.
const REFUSED: &str = "check this machine's clock, then ask the customer whether the role's \
                       sessions were revoked; `vendor-ssm doctor` checks each step";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_explicit_deny_may_be_a_revocation() {
        let failure = |kind, why: &str| Failure {
            kind,
            message: Some(format!(
                "User: arn:x is not authorized to perform: ssm:StartSession on resource: arn:y{why}"
            )),
            ..Failure::unreadable(
                Service::Ssm,
                "StartSession",
                &"us-east-1".parse().unwrap(),
                "",
            )
        };
        for (why, may_be) in [
            (" with an explicit deny in an identity-based policy", true),
            (" with an explicit deny", true),
            (
                " because no identity-based policy allows the ssm:StartSession action",
                false,
            ),
            ("", false),
        ] {
            let denied = failure(FailureKind::Denied, why);
            assert_eq!(denied.may_be_revocation(), may_be, "{why}");
            assert!(!failure(FailureKind::Other, why).may_be_revocation());
            assert!(!denied.refuses_credentials());
        }
    }
}
