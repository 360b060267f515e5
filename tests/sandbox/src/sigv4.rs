//! Verifies AWS Signature Version 4 by signing the received request again with the secret that the
//! key stands for. What the client did not list in `SignedHeaders` is not signed.

use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{
    SignableBody, SignableRequest, SignatureLocation, SigningSettings, sign,
};
use aws_sigv4::sign::v4;
use http::HeaderMap;

use crate::clock;

/// A request as it arrived, as far as it is signed.
pub(crate) struct Received<'a> {
    pub method: &'a str,
    /// Path and query as sent.
    pub target: &'a str,
    pub headers: &'a HeaderMap,
    pub body: &'a [u8],
}

/// What a signed request says about its signature.
#[derive(Debug)]
pub(crate) struct Signed {
    pub key_id: String,
    pub region: String,
    pub service: String,
    pub token: Option<String>,
    pub time: SystemTime,
    /// How long a presigned request holds; nothing for one signed by header.
    pub expires: Option<Duration>,
    date: String,
    headers: Vec<String>,
    signature: String,
}

/// Why a request's signature could not even be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// There is none.
    Absent,
    /// There is one, in a form that is not Signature Version 4.
    Incomplete,
}

impl Signed {
    /// Reads the `Authorization` header, or the `X-Amz-*` parameters of a presigned request.
    pub(crate) fn read(received: &Received<'_>) -> Result<Self, Unreadable> {
        if let Some(value) = received.headers.get(http::header::AUTHORIZATION) {
            let value = value.to_str().map_err(|_| Unreadable::Incomplete)?;
            return from_header(value, received.headers).ok_or(Unreadable::Incomplete);
        }
        let query = received.target.split_once('?').map_or("", |(_, q)| q);
        if query.contains("X-Amz-Signature=") {
            return from_query(query).ok_or(Unreadable::Incomplete);
        }
        Err(Unreadable::Absent)
    }

    /// Whether the secret signs this request to the same signature.
    pub(crate) fn fits(&self, received: &Received<'_>, secret: &str) -> bool {
        self.sign(received, secret)
            .is_some_and(|signature| equal(signature.as_bytes(), self.signature.as_bytes()))
    }

    fn sign(&self, received: &Received<'_>, secret: &str) -> Option<String> {
        if !clock::basic(self.time).starts_with(&self.date) {
            return None;
        }
        let host = received.headers.get(http::header::HOST)?.to_str().ok()?;
        let uri = format!("http://{host}{}", self.unsigned_target(received.target));
        let headers: Vec<(&str, &str)> = received
            .headers
            .iter()
            .filter(|(name, _)| self.headers.iter().any(|signed| signed == name.as_str()))
            .filter_map(|(name, value)| Some((name.as_str(), value.to_str().ok()?)))
            .collect();

        // A token that travels beside the signature, not under it, is the client's choice.
        let signs_token = self.headers.iter().any(|h| h == "x-amz-security-token");
        let token = self
            .token
            .clone()
            .filter(|_| signs_token || self.expires.is_some());
        let identity = Credentials::new(&*self.key_id, secret, token, None, "sandbox").into();
        let mut settings = SigningSettings::default();
        settings.excluded_headers = None;
        if self.expires.is_some() {
            settings.signature_location = SignatureLocation::QueryParams;
            settings.expires_in = self.expires;
        }
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(&self.region)
            .name(&self.service)
            .time(self.time)
            .settings(settings)
            .build()
            .ok()?
            .into();
        let body = SignableBody::Bytes(received.body);
        let request = SignableRequest::new(received.method, uri, headers.into_iter(), body).ok()?;
        Some(sign(request, &params).ok()?.into_parts().1)
    }

    /// The target without the parameters that signing adds again.
    fn unsigned_target(&self, target: &str) -> String {
        let Some((path, query)) = target.split_once('?') else {
            return target.to_owned();
        };
        if self.expires.is_none() {
            return target.to_owned();
        }
        let kept: Vec<&str> = query
            .split('&')
            .filter(|pair| !pair.starts_with("X-Amz-"))
            .collect();
        format!("{path}?{}", kept.join("&"))
    }
}

fn from_header(value: &str, headers: &HeaderMap) -> Option<Signed> {
    let fields = value.strip_prefix("AWS4-HMAC-SHA256")?;
    let field = |name: &str| {
        fields
            .split(',')
            .find_map(|field| field.trim().strip_prefix(name)?.strip_prefix('='))
    };
    let text = |name| headers.get(name).and_then(|v| v.to_str().ok());
    let signed: Vec<String> = field("SignedHeaders")?
        .split(';')
        .map(str::to_owned)
        .collect();
    // Without these two a captured request could be replayed elsewhere or later.
    if !["host", "x-amz-date"]
        .iter()
        .all(|needed| signed.iter().any(|name| name == needed))
    {
        return None;
    }
    let scope = Scope::parse(field("Credential")?)?;
    Some(Signed {
        key_id: scope.key_id.to_owned(),
        date: scope.date.to_owned(),
        region: scope.region.to_owned(),
        service: scope.service.to_owned(),
        token: text("x-amz-security-token").map(str::to_owned),
        time: clock::parse_basic(text("x-amz-date")?)?,
        expires: None,
        headers: signed,
        signature: field("Signature")?.to_owned(),
    })
}

fn from_query(query: &str) -> Option<Signed> {
    let find = |name: &str| {
        form_urlencoded::parse(query.as_bytes())
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    if find("X-Amz-Algorithm")? != "AWS4-HMAC-SHA256" {
        return None;
    }
    let credential = find("X-Amz-Credential")?;
    let scope = Scope::parse(&credential)?;
    Some(Signed {
        key_id: scope.key_id.to_owned(),
        date: scope.date.to_owned(),
        region: scope.region.to_owned(),
        service: scope.service.to_owned(),
        token: find("X-Amz-Security-Token"),
        time: clock::parse_basic(&find("X-Amz-Date")?)?,
        expires: Some(Duration::from_secs(find("X-Amz-Expires")?.parse().ok()?)),
        headers: find("X-Amz-SignedHeaders")?
            .split(';')
            .map(str::to_owned)
            .collect(),
        signature: find("X-Amz-Signature")?,
    })
}

/// `KEY/20261122/us-east-1/sts/aws4_request`.
struct Scope<'a> {
    key_id: &'a str,
    date: &'a str,
    region: &'a str,
    service: &'a str,
}

impl<'a> Scope<'a> {
    fn parse(credential: &'a str) -> Option<Self> {
        let mut parts = credential.split('/');
        let scope = Self {
            key_id: parts.next()?,
            date: parts.next()?,
            region: parts.next()?,
            service: parts.next()?,
        };
        (parts.next() == Some("aws4_request") && parts.next().is_none()).then_some(scope)
    }
}

/// Compares without telling by the time it takes where the two differ.
fn equal(one: &[u8], other: &[u8]) -> bool {
    one.len() == other.len() && one.iter().zip(other).fold(0, |sum, (a, b)| sum | (a ^ b)) == 0
}
