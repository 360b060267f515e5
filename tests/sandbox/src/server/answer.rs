//! How each service says yes and no:
//! statuses, codes, texts and bodies. The three services disagree on all four, and a client has to
//! read every one of them.

use std::time::SystemTime;

use serde_json::{Value, json};

use crate::clock;

/// The services the sandbox plays, by the name in a credential scope.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Service {
    Sts,
    Ec2,
    Ssm,
    Kms,
    /// The data channel's websocket.
    Channel,
}

impl Service {
    /// The service of a credential scope.
    pub(crate) fn of_scope(name: &str) -> Option<Self> {
        match name {
            "sts" => Some(Self::Sts),
            "ec2" => Some(Self::Ec2),
            "ssm" => Some(Self::Ssm),
            "kms" => Some(Self::Kms),
            "ssmmessages" => Some(Self::Channel),
            _ => None,
        }
    }

    /// The prefix of its actions in policies.
    pub(crate) fn prefix(self) -> &'static str {
        match self {
            Self::Sts => "sts",
            Self::Ec2 => "ec2",
            Self::Ssm => "ssm",
            Self::Kms => "kms",
            Self::Channel => "ssmmessages",
        }
    }
}

/// What a call came to, before it is written in a service's form.
pub(crate) enum Success {
    /// A whole XML document.
    Xml(String),
    /// A JSON object.
    Json(Value),
}

/// A call refused: the status, code and text that go on the wire.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    pub status: u16,
    pub code: &'static str,
    pub message: String,
}

impl Refusal {
    pub(crate) fn new(status: u16, code: &'static str, message: impl Into<String>) -> Self {
        Self {
            status,
            code,
            message: message.into(),
        }
    }

    /// A 400 for a parameter out of shape, in the service's own word.
    pub(crate) fn shape(service: Service, message: impl Into<String>) -> Self {
        let code = match service {
            Service::Sts => "ValidationError",
            Service::Ec2 => "InvalidParameterValue",
            Service::Ssm | Service::Kms | Service::Channel => "ValidationException",
        };
        Self::new(400, code, message)
    }
}

/// The refusals that come before any action is looked at, and those of a service that is unwell.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Trouble {
    NoSignature,
    UnreadableSignature,
    UnknownKey,
    WrongSignature,
    /// Signed at the first time, received at the second.
    ClockOff(SystemTime, SystemTime),
    ExpiredToken,
    Throttled,
    Internal,
    Unavailable,
}

const UNKNOWN_TOKEN: &str = "The security token included in the request is invalid.";
const EXPIRED_TOKEN: &str = "The security token included in the request is expired";
const WRONG_SIGNATURE: &str = "The request signature we calculated does not match the signature you provided. Check your \
     AWS Secret Access Key and signing method. Consult the service documentation for details.";
const NOT_VALIDATED: &str = "AWS was not able to validate the provided access credentials";

impl Trouble {
    /// The refusal in this service's words.
    pub(crate) fn refusal(self, service: Service) -> Refusal {
        match service {
            Service::Sts => self.of_sts(),
            Service::Ec2 => self.of_ec2(),
            Service::Ssm | Service::Channel => self.of_ssm(),
            Service::Kms => self.of_kms(),
        }
    }

    fn of_sts(self) -> Refusal {
        let (status, code, message) = match self {
            Self::NoSignature => (
                403,
                "MissingAuthenticationToken",
                "Request is missing Authentication Token".to_owned(),
            ),
            Self::UnreadableSignature => (400, "IncompleteSignature", incomplete()),
            Self::UnknownKey => (403, "InvalidClientTokenId", UNKNOWN_TOKEN.to_owned()),
            Self::WrongSignature => (403, "SignatureDoesNotMatch", WRONG_SIGNATURE.to_owned()),
            Self::ClockOff(signed, now) => {
                (403, "SignatureDoesNotMatch", clock_text(signed, now, 15))
            }
            Self::ExpiredToken => (403, "ExpiredToken", EXPIRED_TOKEN.to_owned()),
            Self::Throttled => (400, "Throttling", "Rate exceeded".to_owned()),
            Self::Internal => (500, "InternalFailure", internal()),
            Self::Unavailable => (503, "ServiceUnavailable", unavailable()),
        };
        Refusal::new(status, code, message)
    }

    fn of_ec2(self) -> Refusal {
        let (status, code, message) = match self {
            Self::NoSignature | Self::UnreadableSignature | Self::UnknownKey => {
                (401, "AuthFailure", NOT_VALIDATED.to_owned())
            }
            Self::WrongSignature => (403, "SignatureDoesNotMatch", WRONG_SIGNATURE.to_owned()),
            Self::ClockOff(..) | Self::ExpiredToken => {
                (400, "RequestExpired", "Request has expired.".to_owned())
            }
            Self::Throttled => (
                503,
                "RequestLimitExceeded",
                "Request limit exceeded.".to_owned(),
            ),
            Self::Internal => (500, "InternalError", internal()),
            Self::Unavailable => (503, "Unavailable", unavailable()),
        };
        Refusal::new(status, code, message)
    }

    fn of_kms(self) -> Refusal {
        match self {
            Self::Internal => Refusal::new(500, "KMSInternalException", internal()),
            _ => self.of_ssm(),
        }
    }

    fn of_ssm(self) -> Refusal {
        let (status, code, message) = match self {
            Self::NoSignature => (
                400,
                "MissingAuthenticationTokenException",
                "Missing Authentication Token".to_owned(),
            ),
            Self::UnreadableSignature => (400, "IncompleteSignatureException", incomplete()),
            Self::UnknownKey => (400, "UnrecognizedClientException", UNKNOWN_TOKEN.to_owned()),
            Self::WrongSignature => (400, "InvalidSignatureException", WRONG_SIGNATURE.to_owned()),
            Self::ClockOff(signed, now) => {
                (400, "InvalidSignatureException", clock_text(signed, now, 5))
            }
            Self::ExpiredToken => (400, "ExpiredTokenException", EXPIRED_TOKEN.to_owned()),
            Self::Throttled => (400, "ThrottlingException", "Rate exceeded".to_owned()),
            Self::Internal => (500, "InternalServerError", internal()),
            Self::Unavailable => (503, "ServiceUnavailableException", unavailable()),
        };
        Refusal::new(status, code, message)
    }
}

fn incomplete() -> String {
    "Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. \
     Authorization header requires 'SignedHeaders' parameter."
        .to_owned()
}

fn internal() -> String {
    "An error occurred on the server side.".to_owned()
}

fn unavailable() -> String {
    "The service is unavailable. Please try again shortly.".to_owned()
}

/// How far a signature's time may be off, in seconds.
pub(crate) fn clock_tolerance(service: Service) -> u64 {
    60 * if service == Service::Sts { 15 } else { 5 }
}

fn clock_text(signed: SystemTime, now: SystemTime, minutes: i64) -> String {
    let at = clock::basic;
    if signed < now {
        let bound = clock::shift(now, -60 * minutes);
        format!(
            "Signature expired: {} is now earlier than {} ({} - {minutes} min.)",
            at(signed),
            at(bound),
            at(now)
        )
    } else {
        let bound = clock::shift(now, 60 * minutes);
        format!(
            "Signature not yet current: {} is still later than {} ({} + {minutes} min.)",
            at(signed),
            at(bound),
            at(now)
        )
    }
}

/// The errors in the model of KMS.
const OF_KMS: [&str; 3] = [
    "DisabledException",
    "KMSInternalException",
    "NotFoundException",
];

/// A body and what it is.
pub(crate) struct Written {
    pub content_type: &'static str,
    pub body: String,
}

const XML: &str = "text/xml;charset=UTF-8";
const JSON: &str = "application/x-amz-json-1.1";

impl Success {
    pub(crate) fn written(self) -> Written {
        match self {
            Self::Xml(body) => Written {
                content_type: XML,
                body,
            },
            Self::Json(value) => Written {
                content_type: JSON,
                body: value.to_string(),
            },
        }
    }
}

impl Refusal {
    pub(crate) fn written(&self, service: Service, request_id: &str) -> Written {
        let code = self.code;
        let message = escape(&self.message);
        match service {
            Service::Sts => {
                let fault = if self.status < 500 {
                    "Sender"
                } else {
                    "Receiver"
                };
                Written {
                    content_type: "text/xml",
                    body: format!(
                        "<ErrorResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  <Error>\n    \
                         <Type>{fault}</Type>\n    <Code>{code}</Code>\n    <Message>{message}</Message>\n  \
                         </Error>\n  <RequestId>{request_id}</RequestId>\n</ErrorResponse>\n"
                    ),
                }
            }
            Service::Ec2 => Written {
                content_type: XML,
                body: format!(
                    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Response><Errors><Error><Code>{code}</Code>\
                     <Message>{message}</Message></Error></Errors><RequestID>{request_id}</RequestID></Response>"
                ),
            },
            Service::Ssm => Written {
                content_type: JSON,
                body: json!({"__type": code, "Message": self.message}).to_string(),
            },
            // Its own errors have the member in lower case, those of the signature and of IAM do
            // not.
            Service::Kms if OF_KMS.contains(&code) => Written {
                content_type: JSON,
                body: json!({"__type": code, "message": self.message}).to_string(),
            },
            Service::Kms => self.written(Service::Ssm, request_id),
            Service::Channel => Written {
                content_type: "application/xml",
                body: format!("<{code}><Message>{message}</Message></{code}>"),
            },
        }
    }
}

/// Text as the content of an XML element. Characters that XML 1.0 cannot hold at all become U+FFFD.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\r' => escaped.push_str("&#xd;"),
            '\t' | '\n' => escaped.push(character),
            '\0'..='\u{1f}' | '\u{fffe}' | '\u{ffff}' => escaped.push('\u{fffd}'),
            _ => escaped.push(character),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_off_is_told_both_ways() {
        let now = clock::parse_basic("20261122T012000Z").unwrap();
        let late = Trouble::ClockOff(clock::shift(now, -1800), now).refusal(Service::Sts);
        assert_eq!(
            late.message,
            "Signature expired: 20261122T005000Z is now earlier than 20261122T010500Z \
             (20261122T012000Z - 15 min.)"
        );
        let early = Trouble::ClockOff(clock::shift(now, 600), now).refusal(Service::Ssm);
        assert_eq!(
            early.message,
            "Signature not yet current: 20261122T013000Z is still later than 20261122T012500Z \
             (20261122T012000Z + 5 min.)"
        );
    }

    #[test]
    fn xml_text_is_always_well_formed() {
        assert_eq!(
            escape("a<b>&\"c\u{1b}[0m\r\n"),
            "a&lt;b&gt;&amp;&quot;c\u{fffd}[0m&#xd;\n"
        );
    }
}
