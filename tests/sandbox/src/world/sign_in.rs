//! Console sessions that `aws login` began: AWS Sign-In keeps a refresh token for each, bound to a
//! key of the client.

use std::time::{Duration, SystemTime};

use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use ring::digest::{SHA256, digest};
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair};

use super::mint;

/// The client that `aws login` is.
/// Source: the model of Sign-In, `CreateOAuth2TokenRequestBody$clientId`.
pub const SIGN_IN_CLIENT: &str = "arn:aws:signin:::devtools/same-device";

/// How long a console session lasts.
const SESSION: Duration = Duration::from_hours(12);

/// A console session of `aws login`.
#[derive(Debug, Clone)]
pub struct ConsoleSession {
    /// Who signed in: an IAM user's ARN, or that of a role's session.
    pub arn: String,
    /// When it ends, whatever is refreshed.
    pub ends: SystemTime,
    /// Whether the password was changed since.
    pub password_changed: bool,
    pub(crate) refresh: String,
    /// The RFC 7638 thumbprint of the key that the refresh token is bound to.
    pub(crate) thumbprint: String,
}

/// What `aws login` keeps beside the credentials.
#[derive(Debug, Clone)]
pub struct ConsoleToken {
    /// The refresh token.
    pub refresh_token: String,
    /// The client's private key, a PEM block "EC PRIVATE KEY" (RFC 5915).
    pub dpop_key: String,
}

/// Signs a person in, and returns the session with what the client keeps.
pub(super) fn begin(arn: &str, now: SystemTime) -> Option<(ConsoleSession, ConsoleToken)> {
    let (private, point) = new_key()?;
    let refresh = mint::token_value();
    let session = ConsoleSession {
        arn: arn.to_owned(),
        ends: now + SESSION,
        password_changed: false,
        refresh: refresh.clone(),
        thumbprint: thumbprint(&point),
    };
    let token = ConsoleToken {
        refresh_token: refresh,
        dpop_key: pem(&private, &point),
    };
    Some((session, token))
}

/// A new key of P-256: its private number and its public point without compression.
fn new_key() -> Option<([u8; 32], [u8; 65])> {
    let random = SystemRandom::new();
    let document = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).ok()?;
    // RFC 5958 around RFC 5915: the private number is the octet string that follows version 1.
    let bytes = document.as_ref();
    let marker = [2, 1, 1, 4, 32];
    let at = bytes.windows(marker.len()).position(|it| it == marker)? + marker.len();
    let private = bytes.get(at..at + 32)?.try_into().ok()?;
    let point = bytes.get(bytes.len() - 65..)?.try_into().ok()?;
    Some((private, point))
}

/// The key as RFC 5915 writes it, with the curve named.
fn pem(private: &[u8; 32], point: &[u8; 65]) -> String {
    const CURVE: [u8; 12] = [0xa0, 10, 6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
    let body = [
        &[2, 1, 1, 4, 32][..],
        private,
        &CURVE,
        &[0xa1, 68, 3, 66, 0],
        point,
    ]
    .concat();
    let der = [
        &[0x30, u8::try_from(body.len()).unwrap_or_default()][..],
        &body,
    ]
    .concat();
    let text = STANDARD.encode(der);
    let lines: Vec<&str> = text
        .as_bytes()
        .chunks(64)
        .filter_map(|line| std::str::from_utf8(line).ok())
        .collect();
    format!(
        "-----BEGIN EC PRIVATE KEY-----\n{}\n-----END EC PRIVATE KEY-----\n",
        lines.join("\n")
    )
}

/// The thumbprint of a public key of P-256 (RFC 7638, section 3).
pub(crate) fn thumbprint(point: &[u8; 65]) -> String {
    let [x, y] = [&point[1..33], &point[33..]].map(|part| URL_SAFE_NO_PAD.encode(part));
    let members = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
    URL_SAFE_NO_PAD.encode(digest(&SHA256, members.as_bytes()))
}
