//! A failed call, reduced to what decides the exit code and what a person needs to report it.

use std::time::SystemTime;

use aws_smithy_runtime_api::client::orchestrator::HttpResponse;
use aws_smithy_runtime_api::client::result::SdkError;
use aws_smithy_types::DateTime;
use aws_smithy_types::date_time::Format;
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use aws_types::request_id::RequestId as _;

use super::Service;
use super::denial::Denial;
use crate::exit::Exit;
use crate::names::Region;

/// What a failure means, by AWS's error code and never by the HTTP status alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A policy said no, or none said yes.
    Denied,
    /// The temporary credentials have expired.
    Expired,
    /// AWS does not know these credentials, or not any more.
    InvalidCredentials,
    /// The two clocks are too far apart for a signature to hold.
    Clock,
    /// Too many requests.
    Throttled,
    /// Nothing answered in time, or it was not AWS that answered.
    Network,
    /// An answer that cannot be read.
    Unreadable,
    /// AWS's own fault, 5xx.
    Server,
    /// Anything else that AWS said no to.
    Other,
}

/// A failed call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The service.
    pub service: Service,
    /// The action, such as `AssumeRole`.
    pub operation: &'static str,
    /// The region asked.
    pub region: Region,
    /// What it means.
    pub kind: Kind,
    /// AWS's error code.
    pub code: Option<String>,
    /// AWS's words, or those of the layer that failed. Not to be trusted: escape before showing.
    pub message: Option<String>,
    /// AWS's request id.
    pub request_id: Option<String>,
    /// Whether the request surely had no effect: AWS refused it before acting, or it never left.
    pub without_effect: bool,
    /// AWS's clock when it answered, from the `Date` header.
    pub server_time: Option<SystemTime>,
}

impl Failure {
    /// Sorts an SDK error.
    pub fn new<E>(
        service: Service,
        operation: &'static str,
        region: &Region,
        error: &SdkError<E, HttpResponse>,
    ) -> Self
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        let code = error.code().map(str::to_owned);
        let message = error.message().map(str::to_owned);
        let status = error
            .raw_response()
            .map(|response| response.status().as_u16());
        let kind = match error {
            SdkError::TimeoutError(_) | SdkError::DispatchFailure(_) => Kind::Network,
            SdkError::ConstructionFailure(_) => Kind::Other,
            SdkError::ResponseError(_) | SdkError::ServiceError(_) if is_web_page(error) => {
                Kind::Network
            }
            SdkError::ResponseError(_) if was_cut_off(error) => Kind::Network,
            SdkError::ServiceError(_) => kind_of(code.as_deref(), message.as_deref(), status),
            _ => Kind::Unreadable,
        };
        let never_sent = matches!(error, SdkError::ConstructionFailure(_))
            || matches!(error, SdkError::DispatchFailure(failure) if failure.as_connector_error().is_some_and(|error| is_connect_failure(error)));
        Self {
            service,
            operation,
            region: region.clone(),
            kind,
            message: message.or_else(|| Some(explain(error, kind))),
            request_id: error.request_id().map(str::to_owned),
            server_time: error.raw_response().and_then(server_time),
            without_effect: never_sent
                || code.is_some()
                    && matches!(
                        kind,
                        Kind::Denied
                            | Kind::Expired
                            | Kind::InvalidCredentials
                            | Kind::Clock
                            | Kind::Throttled
                    ),
            code,
        }
    }

    /// An answer that came and says nothing that can be used.
    pub fn unreadable(
        service: Service,
        operation: &'static str,
        region: &Region,
        what: &str,
    ) -> Self {
        Self {
            service,
            operation,
            region: region.clone(),
            kind: Kind::Unreadable,
            code: None,
            message: Some(what.to_owned()),
            request_id: None,
            without_effect: false,
            server_time: None,
        }
    }

    /// The exit code where no stage knows better: network, throttled, revoked, our clock, else AWS's
    /// error.
    pub const fn exit(&self) -> Exit {
        match self.kind {
            Kind::Network => Exit::Network,
            Kind::Throttled => Exit::Throttled,
            Kind::Expired | Kind::InvalidCredentials => Exit::CredentialsRevoked,
            Kind::Clock => Exit::BaseCredentials,
            Kind::Denied | Kind::Unreadable | Kind::Server | Kind::Other => Exit::AwsError,
        }
    }

    /// Whether trying again may help.
    pub const fn retryable(&self) -> bool {
        matches!(self.kind, Kind::Network | Kind::Throttled | Kind::Server)
    }

    /// The refusal's parts, if it is one that AWS explained.
    pub fn denial(&self) -> Option<Denial> {
        (self.kind == Kind::Denied)
            .then(|| Denial::parse(self.message.as_deref()?))
            .flatten()
    }

    /// `AccessDenied, request 8f2c…`, or what is known of it.
    pub fn summary(&self) -> String {
        let code = self.code.as_deref().unwrap_or(match self.kind {
            Kind::Network => "no answer from AWS",
            Kind::Unreadable => "unreadable answer",
            _ => "no error code",
        });
        match &self.request_id {
            Some(id) => format!("{code}, request {id}"),
            None => code.to_owned(),
        }
    }

    /// What to do where no stage knows better.
    pub fn hint(&self) -> Option<String> {
        Some(match self.kind {
            Kind::Network => format!(
                "check the network, DNS and HTTPS_PROXY on the way to {} in {}",
                self.service.name(),
                self.region
            ),
            Kind::Throttled => "wait a little and try again".to_owned(),
            Kind::Clock => {
                "set this machine's clock: AWS refuses signatures that are minutes off".to_owned()
            }
            Kind::Expired | Kind::InvalidCredentials => {
                "run `vendor-ssm login` to walk the role chain anew".to_owned()
            }
            Kind::Server => {
                "AWS failed; try again, and see health.aws.amazon.com if it lasts".to_owned()
            }
            Kind::Unreadable => {
                "something between here and AWS may have changed the answer; -vv shows more"
                    .to_owned()
            }
            Kind::Denied | Kind::Other => return None,
        })
    }
}

impl std::fmt::Display for Failure {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "{} in {}: {}",
            self.operation,
            self.region,
            self.summary()
        )?;
        match &self.message {
            Some(message) => write!(formatter, ": {message}"),
            None => Ok(()),
        }
    }
}

fn kind_of(code: Option<&str>, message: Option<&str>, status: Option<u16>) -> Kind {
    let is_clock = || {
        message.is_some_and(|text| {
            text.contains("Signature expired") || text.contains("not yet current")
        })
    };
    match code {
        Some("AccessDenied" | "AccessDeniedException" | "UnauthorizedOperation") => Kind::Denied,
        // EC2 says RequestExpired for a token that ended as for a clock that is off.
        Some("ExpiredToken" | "ExpiredTokenException" | "RequestExpired") => Kind::Expired,
        Some("SignatureDoesNotMatch" | "InvalidSignatureException") if is_clock() => Kind::Clock,
        Some("RequestTimeTooSkewed" | "RequestInTheFuture") => Kind::Clock,
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
        ) => Kind::InvalidCredentials,
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
        ) => Kind::Throttled,
        _ if status.is_some_and(|status| status >= 500) => Kind::Server,
        Some(_) => Kind::Other,
        None => Kind::Unreadable,
    }
}

fn server_time(response: &HttpResponse) -> Option<SystemTime> {
    let date = response.headers().get("date")?;
    let date = DateTime::from_str(date, Format::HttpDate).ok()?;
    date.try_into().ok()
}

/// A captive portal or a proxy answers with a page for people; AWS never does.
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
    let looks = response.body().bytes().is_some_and(|body| {
        let start = String::from_utf8_lossy(&body[..body.len().min(64)])
            .trim_start()
            .to_ascii_lowercase();
        start.starts_with("<!doctype html") || start.starts_with("<html")
    });
    typed || looks
}

/// Whether the connection ended before the answer did.
fn was_cut_off(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut layer = error.source();
    while let Some(error) = layer {
        if error.is::<std::io::Error>() {
            return true;
        }
        layer = error.source();
    }
    false
}

/// Whether there never was a connection, and so nothing was sent. Told by the layer that failed and not
/// by its words: a connection that is lost later mentions TLS as well.
fn is_connect_failure(error: &(dyn std::error::Error + 'static)) -> bool {
    let mut layer = Some(error);
    while let Some(error) = layer {
        if let Some(error) = error.downcast_ref::<hyper_util::client::legacy::Error>() {
            return error.is_connect();
        }
        layer = error.source();
    }
    false
}

fn explain<E: std::error::Error + 'static>(
    error: &SdkError<E, HttpResponse>,
    kind: Kind,
) -> String {
    match (kind, error) {
        (Kind::Network, SdkError::ResponseError(_) | SdkError::ServiceError(_))
            if is_web_page(error) =>
        {
            "a web page came back: it was not AWS that answered".to_owned()
        }
        (_, SdkError::TimeoutError(_)) => "no answer in time".to_owned(),
        _ => chain(error),
    }
}

/// An error and its sources in one line, each said once.
pub fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let mut parts: Vec<String> = Vec::new();
    let mut next = Some(error);
    while let Some(error) = next {
        let text = error.to_string();
        if parts.last().is_none_or(|last| !last.contains(&text)) {
            parts.push(text);
        }
        next = error.source();
    }
    parts.join(": ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_code_decides_and_not_the_status() {
        let table = [
            (Some("AccessDenied"), "", 403, Kind::Denied),
            (Some("AccessDeniedException"), "", 400, Kind::Denied),
            (Some("UnauthorizedOperation"), "", 403, Kind::Denied),
            (Some("ExpiredTokenException"), "", 400, Kind::Expired),
            (Some("RequestExpired"), "", 400, Kind::Expired),
            (
                Some("SignatureDoesNotMatch"),
                "Signature expired: 1 is now earlier than 2",
                403,
                Kind::Clock,
            ),
            (
                Some("SignatureDoesNotMatch"),
                "does not match",
                403,
                Kind::InvalidCredentials,
            ),
            (
                Some("InvalidSignatureException"),
                "Signature not yet current: 1",
                400,
                Kind::Clock,
            ),
            (
                Some("UnrecognizedClientException"),
                "",
                400,
                Kind::InvalidCredentials,
            ),
            (Some("AuthFailure"), "", 401, Kind::InvalidCredentials),
            (Some("ThrottlingException"), "", 400, Kind::Throttled),
            (Some("RequestLimitExceeded"), "", 503, Kind::Throttled),
            (Some("InternalServerError"), "", 500, Kind::Server),
            (None, "", 502, Kind::Server),
            (Some("TargetNotConnected"), "", 400, Kind::Other),
            (None, "", 200, Kind::Unreadable),
        ];
        for (code, message, status, kind) in table {
            assert_eq!(kind_of(code, Some(message), Some(status)), kind, "{code:?}");
        }
    }
}
