//! An OpenID Connect provider that the vendor's account trusts, such as a build service.

use std::fmt;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::json;

/// The provider, with the key that signs its tokens.
#[derive(Clone)]
pub struct IdentityProvider {
    /// The account that trusts it.
    pub account: String,
    /// Its URL without the scheme, as in its ARN and in condition keys.
    pub host: String,
    /// The audience that IAM accepts.
    pub audience: String,
    key: Vec<u8>,
}

/// Without the key.
impl fmt::Debug for IdentityProvider {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.host)
    }
}

impl IdentityProvider {
    pub(super) fn new(account: &str) -> Self {
        let made =
            EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &SystemRandom::new());
        Self {
            account: account.to_owned(),
            host: "oidc.builds.example".to_owned(),
            audience: "sts.amazonaws.com".to_owned(),
            key: made.map_or_else(|_| Vec::new(), |document| document.as_ref().to_vec()),
        }
    }

    /// Its ARN.
    pub fn arn(&self) -> String {
        format!("arn:aws:iam::{}:oidc-provider/{}", self.account, self.host)
    }

    /// A token for this subject, for so long from now on.
    pub fn token(&self, subject: &str, now: SystemTime, lasts: Duration) -> String {
        self.signed(&json!({
            "iss": format!("https://{}", self.host),
            "aud": self.audience,
            "sub": subject,
            "iat": seconds(now),
            "exp": seconds(now + lasts),
        }))
    }

    /// A token with any claims.
    pub fn signed(&self, claims: &serde_json::Value) -> String {
        let part = |value: &serde_json::Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let header = json!({"typ": "JWT", "alg": "ES256", "kid": "1"});
        let text = format!("{}.{}", part(&header), part(claims));
        let signature = self
            .pair()
            .and_then(|key| key.sign(&SystemRandom::new(), text.as_bytes()).ok());
        let signature = signature.map_or_else(String::new, |it| URL_SAFE_NO_PAD.encode(it));
        format!("{text}.{signature}")
    }

    /// The public key, as a point without compression.
    pub(crate) fn public(&self) -> Vec<u8> {
        let pair = self.pair();
        pair.map_or_else(Vec::new, |pair| pair.public_key().as_ref().to_vec())
    }

    fn pair(&self) -> Option<EcdsaKeyPair> {
        let random = SystemRandom::new();
        EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &self.key, &random).ok()
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .unwrap_or_default()
        .as_secs()
}
