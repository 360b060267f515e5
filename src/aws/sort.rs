//! Sorts the SDK's errors: by AWS's code if AWS answered, otherwise by the layer that failed.

use std::error::Error;
use std::time::SystemTime;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId as _;

use super::Service;
use super::client::lacks_authorization;
use super::failure::{Failure, FailureKind};
use super::said::{chain, kept, layers, word};
use super::whole::{Malformed, is_web_page as looks_like_web_page};
use crate::names::Region;
use crate::platform::NO_DESCRIPTORS;

impl Failure {
    /// Sorts an SDK error.
    pub(crate) fn new<E>(
        service: Service,
        operation: &'static str,
        region: &Region,
        error: &SdkError<E, HttpResponse>,
    ) -> Self
    where
        E: ProvideErrorMetadata + Error + 'static,
    {
        let code = error.code().map(word);
        let message = error.message().map(without_request).map(|said| kept(&said));
        let status = error
            .raw_response()
            .map(|response| response.status().as_u16());
        let kind = match error {
            SdkError::DispatchFailure(_) if lacks_authorization(error) => {
                FailureKind::ProxyAuthorization
            }
            SdkError::DispatchFailure(_) if is_malformed(error) => FailureKind::Unreadable,
            SdkError::DispatchFailure(_) if lacks_descriptors(error) => FailureKind::Descriptors,
            SdkError::TimeoutError(_) | SdkError::DispatchFailure(_) => FailureKind::Network,
            SdkError::ConstructionFailure(_) => FailureKind::Other,
            SdkError::ResponseError(_) | SdkError::ServiceError(_) if is_web_page(error) => {
                FailureKind::Network
            }
            SdkError::ResponseError(_) if was_cut_off(error) => FailureKind::Network,
            SdkError::ServiceError(_) => kind_of(code.as_deref(), message.as_deref(), status),
            _ => FailureKind::Unreadable,
        };
        let never_sent = matches!(error, SdkError::ConstructionFailure(_))
            || matches!(error, SdkError::DispatchFailure(failure) if failure.as_connector_error().is_some_and(|error| is_connect_failure(error)));
        Self {
            service,
            operation,
            region: region.clone(),
            kind,
            message: message.or_else(|| explain(error, kind)),
            request_id: error.request_id().map(word),
            server_time: error.raw_response().and_then(server_time),
            without_effect: never_sent
                || code.is_some()
                    && matches!(
                        kind,
                        FailureKind::Denied
                            | FailureKind::Expired
                            | FailureKind::InvalidCredentials
                            | FailureKind::Clock
                            | FailureKind::Throttled
                    ),
            code,
        }
    }
}

/// Cuts off the canonical request, which AWS repeats if a signature is wrong.
/// It contains the session token.
fn without_request(message: &str) -> String {
    const BEGINNINGS: [&str; 2] = ["The Canonical String", "The String-to-Sign"];
    let end = BEGINNINGS
        .iter()
        .filter_map(|beginning| message.find(beginning))
        .min()
        .unwrap_or(message.len());
    message[..end].trim_end().to_owned()
}

fn kind_of(code: Option<&str>, message: Option<&str>, status: Option<u16>) -> FailureKind {
    let is_clock = || {
        message.is_some_and(|text| {
            text.contains("Signature expired") || text.contains("not yet current")
        })
    };
    match code {
        Some(
            "AccessDenied"
            | "AccessDeniedException"
            | "UnauthorizedOperation"
            | "UnauthorizedException"
            | "NotAuthorized"
            | "NotAuthorizedException",
        ) => FailureKind::Denied,
        // EC2 answers RequestExpired for an expired token and for a wrong clock.
        Some("ExpiredToken" | "ExpiredTokenException" | "RequestExpired") => FailureKind::Expired,
        Some("SignatureDoesNotMatch" | "InvalidSignatureException") if is_clock() => {
            FailureKind::Clock
        }
        Some("RequestTimeTooSkewed" | "RequestInTheFuture") => FailureKind::Clock,
        Some(
            "InvalidClientTokenId"
            | "UnrecognizedClientException"
            | "AuthFailure"
            | "InvalidAccessKeyId"
            | "MissingAuthenticationToken"
            | "MissingAuthenticationTokenException"
            | "SignatureDoesNotMatch"
            | "InvalidSignatureException"
            | "IncompleteSignature"
            | "IncompleteSignatureException",
        ) => FailureKind::InvalidCredentials,
        Some(
            "Throttling"
            | "ThrottlingException"
            | "ThrottledException"
            | "RequestThrottled"
            | "RequestThrottledException"
            | "RequestLimitExceeded"
            | "TooManyRequestsException"
            | "SlowDown"
            | "BandwidthLimitExceeded",
        ) => FailureKind::Throttled,
        // Services say it of an account that has not asked for them, or not for the region.
        Some("OptInRequired" | "RegionDisabledException") => FailureKind::RegionNotEnabled,
        Some("RequestTimeout" | "RequestTimeoutException" | "ServiceUnavailable") => {
            FailureKind::Server
        }
        _ if status.is_some_and(|status| status >= 500) => FailureKind::Server,
        Some(_) => FailureKind::Other,
        None => FailureKind::Unreadable,
    }
}

fn server_time(response: &HttpResponse) -> Option<SystemTime> {
    let date = response.headers().get("date")?;
    let date = DateTime::from_str(date, Format::HttpDate).ok()?;
    date.try_into().ok()
}

/// Whether the answer is a web page, from a captive portal or a proxy. AWS never sends one.
fn is_web_page<E>(error: &SdkError<E, HttpResponse>) -> bool {
    let Some(response) = error.raw_response() else {
        return false;
    };
    let typed = response.headers().get("content-type").is_some_and(|value| {
        value
            .trim_start()
            .to_ascii_lowercase()
            .starts_with("text/html")
    });
    let looks = response.body().bytes().is_some_and(looks_like_web_page);
    typed || looks
}

/// Whether the connection ended before the answer was complete.
fn was_cut_off(error: &(dyn Error + 'static)) -> bool {
    layers(error).any(<dyn Error>::is::<std::io::Error>)
}

/// Whether no connection was made because no file descriptor was left (errno(3)).
fn lacks_descriptors(error: &(dyn Error + 'static)) -> bool {
    layers(error)
        .filter_map(|layer| layer.downcast_ref::<std::io::Error>()?.raw_os_error())
        .any(|number| NO_DESCRIPTORS.contains(&number))
}

/// Whether an answer came whole and is not a document.
fn is_malformed(error: &(dyn Error + 'static)) -> bool {
    layers(error).any(<dyn Error>::is::<Malformed>)
}

/// Whether the connection was never made, so that nothing was sent.
/// The failed layer decides, not its message: the loss of an open connection mentions TLS as well.
fn is_connect_failure(error: &(dyn Error + 'static)) -> bool {
    layers(error)
        .find_map(|layer| layer.downcast_ref::<hyper_util::client::legacy::Error>())
        .is_some_and(hyper_util::client::legacy::Error::is_connect)
}

/// What happened, in a library's words, if AWS gave none.
fn explain<E: Error + 'static>(
    error: &SdkError<E, HttpResponse>,
    kind: FailureKind,
) -> Option<String> {
    match (kind, error) {
        (FailureKind::Network, SdkError::ResponseError(_) | SdkError::ServiceError(_))
            if is_web_page(error) =>
        {
            Some("a web page came back: it was not AWS that answered".to_owned())
        }
        (_, SdkError::TimeoutError(_)) => Some("no answer in time".to_owned()),
        // The code is all that AWS said.
        (kind, SdkError::ServiceError(_)) if kind != FailureKind::Unreadable => None,
        _ => Some(chain(error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_decides_and_not_the_status() {
        let table = [
            (Some("AccessDenied"), "", 403, FailureKind::Denied),
            (Some("AccessDeniedException"), "", 400, FailureKind::Denied),
            (Some("UnauthorizedOperation"), "", 403, FailureKind::Denied),
            (Some("ExpiredTokenException"), "", 400, FailureKind::Expired),
            (Some("RequestExpired"), "", 400, FailureKind::Expired),
            (
                Some("SignatureDoesNotMatch"),
                "Signature expired: 1 is now earlier than 2",
                403,
                FailureKind::Clock,
            ),
            (
                Some("SignatureDoesNotMatch"),
                "does not match",
                403,
                FailureKind::InvalidCredentials,
            ),
            (
                Some("InvalidSignatureException"),
                "Signature not yet current: 1",
                400,
                FailureKind::Clock,
            ),
            (
                Some("UnrecognizedClientException"),
                "",
                400,
                FailureKind::InvalidCredentials,
            ),
            (
                Some("AuthFailure"),
                "",
                401,
                FailureKind::InvalidCredentials,
            ),
            (Some("ThrottlingException"), "", 400, FailureKind::Throttled),
            (
                Some("RequestLimitExceeded"),
                "",
                503,
                FailureKind::Throttled,
            ),
            (Some("InternalServerError"), "", 500, FailureKind::Server),
            (
                Some("RequestTimeoutException"),
                "",
                408,
                FailureKind::Server,
            ),
            (Some("NotAuthorized"), "", 401, FailureKind::Denied),
            (
                Some("OptInRequired"),
                "",
                403,
                FailureKind::RegionNotEnabled,
            ),
            (Some("InvalidDocument"), "", 400, FailureKind::Other),
            (None, "", 502, FailureKind::Server),
            (Some("TargetNotConnected"), "", 400, FailureKind::Other),
            (None, "", 200, FailureKind::Unreadable),
        ];
        for (code, message, status, kind) in table {
            assert_eq!(kind_of(code, Some(message), Some(status)), kind, "{code:?}");
        }
    }

    #[test]
    fn a_connection_that_the_system_refuses_is_not_the_networks_fault() {
        use aws_sdk_sts::operation::assume_role::AssumeRoleError;
        use aws_smithy_runtime_api::client::result::ConnectorError;

        let numbers = NO_DESCRIPTORS.map(std::io::Error::from_raw_os_error);
        let refused = std::io::Error::from(std::io::ErrorKind::ConnectionRefused);
        let table = numbers
            .map(|error| (error, FailureKind::Descriptors))
            .into_iter()
            .chain([(refused, FailureKind::Network)]);
        for (errno, kind) in table {
            let said = errno.to_string();
            let error = ConnectorError::io(errno.into());
            let error = SdkError::<AssumeRoleError, _>::dispatch_failure(error);
            let region = "us-east-1".parse().unwrap();
            let failure = Failure::new(Service::Sts, "AssumeRole", &region, &error);
            assert_eq!(failure.kind, kind, "{said}");
        }
    }

    #[test]
    fn the_request_that_aws_repeats_is_cut_off() {
        let said = "The request signature we calculated does not match the signature you provided.";
        for told in [
            "The Canonical String for this request should have been\n'POST\n/\n\nx-amz-security-token:TOKEN\n'",
            "The String-to-Sign should have been\n'AWS4-HMAC-SHA256 TOKEN'",
        ] {
            assert_eq!(without_request(&format!("{said}\n\n{told}\n")), said);
        }
        assert_eq!(without_request(said), said);
    }
}
