//! The services that take a token in the place of a signature: IAM Identity Center's portal and its
//! OIDC service, and AWS Sign-In. Their wire formats are those of botocore's models `sso`,
//! `sso-oidc` and `signin`. No independent server has judged what is refused here.

mod dpop;
mod identity_center;
mod jwt;
mod sign_in;

use std::collections::BTreeMap;
use std::time::SystemTime;

use http::Method;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::call::{Answer, Incoming};
use crate::clock;
use crate::faults::Kind;
use crate::shared::{Shared, State};
use crate::trail::Event;

pub(crate) use jwt::Jwt;

/// An operation of one of these services.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Operation {
    GetRoleCredentials,
    CreateToken,
    CreateOAuth2Token,
}

impl Operation {
    /// The operation that a request is for, by method and path alone: no two share a path.
    pub(crate) fn of(incoming: &Incoming<'_>) -> Option<Self> {
        match (incoming.method, incoming.uri.path()) {
            (&Method::GET, "/federation/credentials") => Some(Self::GetRoleCredentials),
            (&Method::POST, "/token") => Some(Self::CreateToken),
            (&Method::POST, "/v1/token") => Some(Self::CreateOAuth2Token),
            _ => None,
        }
    }

    /// Its name.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::GetRoleCredentials => "GetRoleCredentials",
            Self::CreateToken => "CreateToken",
            Self::CreateOAuth2Token => "CreateOAuth2Token",
        }
    }

    fn service(self) -> &'static str {
        match self {
            Self::GetRoleCredentials => "sso",
            Self::CreateToken => "sso-oidc",
            Self::CreateOAuth2Token => "signin",
        }
    }
}

/// A refusal in the form of these services.
struct Refused {
    status: u16,
    code: &'static str,
    body: Value,
}

impl Refused {
    /// With the member `message`, as the portal has it.
    fn new(status: u16, code: &'static str, message: &str) -> Self {
        Self {
            status,
            code,
            body: json!({"message": message}),
        }
    }

    /// With the members of OAuth 2.0.
    fn oauth(status: u16, code: &'static str, error: &str, described: &str) -> Self {
        Self {
            status,
            code,
            body: json!({"error": error, "error_description": described}),
        }
    }
}

/// One call.
struct Call<'a> {
    incoming: &'a Incoming<'a>,
    state: &'a mut State,
    now: SystemTime,
    /// The region in the host's name; none on this machine's own address.
    region: Option<String>,
    secure: bool,
    noted: BTreeMap<String, String>,
}

impl Call<'_> {
    fn header(&self, name: &str) -> Option<&str> {
        self.incoming.headers.get(name)?.to_str().ok()
    }

    fn note(&mut self, name: &str, value: &str) {
        self.noted.insert(name.to_owned(), value.to_owned());
    }
}

/// Answers a call, and records it.
pub(crate) fn answer(
    shared: &Shared,
    incoming: &Incoming<'_>,
    operation: Operation,
    fault: Option<Kind>,
) -> Answer {
    let request_id = Uuid::new_v4().to_string();
    let now = shared.clock.now();
    let mut call = Call {
        incoming,
        state: &mut shared.state(),
        now,
        region: region(incoming),
        secure: shared.secure,
        noted: BTreeMap::new(),
    };
    let result = match planned(fault) {
        Some(refused) => Err(refused),
        None => match operation {
            Operation::GetRoleCredentials => identity_center::get_role_credentials(&mut call),
            Operation::CreateToken => identity_center::create_token(&mut call),
            Operation::CreateOAuth2Token => sign_in::create_token(&mut call),
        },
    };
    let (status, code, body) = match result {
        Ok(body) => (200, None, body),
        Err(Refused { status, code, body }) => (status, Some(code), body),
    };
    let agent = incoming.headers.get(http::header::USER_AGENT);
    shared.trail.record(Event {
        time: clock::extended(now),
        service: operation.service().to_owned(),
        action: operation.name().to_owned(),
        region: call.region.clone().unwrap_or_default(),
        caller: None,
        userid: None,
        source: incoming.source.to_string(),
        user_agent: agent
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned())
            .unwrap_or_default(),
        parameters: std::mem::take(&mut call.noted),
        decisions: Vec::new(),
        status,
        code: code.map(str::to_owned),
        fault: fault.map(|kind| format!("{kind:?}")),
        request_id: request_id.clone(),
    });
    Answer {
        status,
        content_type: "application/json",
        body: body.to_string(),
        request_id,
        error_type: code,
    }
}

/// The refusal that a fault asks for.
fn planned(fault: Option<Kind>) -> Option<Refused> {
    let refused = match fault? {
        Kind::Throttle => Refused::new(429, "TooManyRequestsException", "Rate exceeded"),
        Kind::InternalError => Refused::oauth(500, "InternalServerException", "server_error", ""),
        Kind::Unavailable => Refused::new(503, "ServiceUnavailableException", "try again"),
        _ => return None,
    };
    Some(refused)
}

/// The region in `portal.sso.REGION.amazonaws.com`, `oidc.REGION.amazonaws.com` or
/// `REGION.signin.aws.amazon.com` (botocore's endpoint rule sets).
fn region(incoming: &Incoming<'_>) -> Option<String> {
    let host = incoming.headers.get(http::header::HOST)?.to_str().ok()?;
    let labels: Vec<&str> = host.split(['.', ':']).collect();
    match labels[..] {
        ["portal", "sso", region, "amazonaws", ..]
        | ["oidc", region, "amazonaws", ..]
        | [region, "signin", "aws", "amazon", ..] => Some(region.to_owned()),
        _ => None,
    }
}

/// The JSON object of a request's body.
fn object(incoming: &Incoming<'_>) -> Option<Value> {
    let value: Value = serde_json::from_slice(incoming.body).ok()?;
    value.is_object().then_some(value)
}
