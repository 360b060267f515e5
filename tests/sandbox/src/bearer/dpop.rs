//! A proof that the client has the key that its refresh token is bound to (RFC 9449).

use std::time::{SystemTime, UNIX_EPOCH};

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::HeaderMap;

use super::jwt::Jwt;
use crate::world::thumbprint;

/// How far `iat` may be off, in seconds. RFC 9449, section 11.1, leaves it to the server.
const TOLERANCE: u64 = 300;

/// Checks the proof for this request as RFC 9449, section 4.3, numbers it, and returns the
/// thumbprint of its key. `seen` holds the `jti` of every proof so far.
pub(super) fn check(
    headers: &HeaderMap,
    method: &str,
    url: &str,
    now: SystemTime,
    seen: &mut Vec<String>,
) -> Result<String, &'static str> {
    // 1 and 2: one header, one well-formed token.
    let mut proofs = headers.get_all("dpop").iter();
    let proof = proofs.next().ok_or("there is no DPoP header")?;
    if proofs.next().is_some() {
        return Err("there is more than one DPoP header");
    }
    let proof = proof.to_str().ok().and_then(Jwt::read);
    let proof = proof.ok_or("the proof is not a JWT")?;
    // 3: all claims of section 4.2.
    let text = |name: &str| proof.claims[name].as_str();
    let (Some(jti), Some(htm), Some(htu)) = (text("jti"), text("htm"), text("htu")) else {
        return Err("jti, htm or htu is missing");
    };
    let iat = proof.claims["iat"].as_u64().ok_or("iat is missing")?;
    // 4 and 5.
    if proof.header["typ"] != "dpop+jwt" {
        return Err("typ is not dpop+jwt");
    }
    if proof.header["alg"] != "ES256" {
        return Err("alg is not ES256");
    }
    // 6 and 7: the signature is that of the public key in the header, which holds no private one.
    let key = &proof.header["jwk"];
    if key["kty"] != "EC" || key["crv"] != "P-256" || !key["d"].is_null() {
        return Err("jwk is not a public key of P-256");
    }
    let point = point(key).ok_or("jwk holds no point")?;
    if !proof.is_signed_by(&point) {
        return Err("the signature is wrong");
    }
    // 8 and 9.
    if htm != method {
        return Err("htm is another method");
    }
    if htu != url {
        return Err("htu is another URL");
    }
    // 11, and section 11.1: a proof counts once.
    let now = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
    if now.abs_diff(iat) > TOLERANCE {
        return Err("iat is not now");
    }
    if seen.iter().any(|it| it == jti) {
        return Err("jti was used before");
    }
    seen.push(jti.to_owned());
    Ok(thumbprint(&point))
}

fn point(key: &serde_json::Value) -> Option<[u8; 65]> {
    let part = |name: &str| URL_SAFE_NO_PAD.decode(key[name].as_str()?).ok();
    let point = [vec![4], part("x")?, part("y")?].concat();
    point.try_into().ok()
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use ring::rand::SystemRandom;
    use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
    use serde_json::{Value, json};

    use super::*;

    const URL: &str = "https://us-east-1.signin.aws.amazon.com/v1/token";

    fn proof(key: &EcdsaKeyPair, header: &Value, claims: &Value) -> HeaderMap {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(header), part(claims));
        let signature = key.sign(&SystemRandom::new(), text.as_bytes()).unwrap();
        let proof = format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature));
        let mut headers = HeaderMap::new();
        headers.insert("dpop", proof.parse().unwrap());
        headers
    }

    #[test]
    fn each_rule_is_held() {
        let random = SystemRandom::new();
        let key = || {
            let made = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random);
            let made = made.unwrap();
            EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, made.as_ref(), &random)
                .unwrap()
        };
        let (mine, other) = (key(), key());
        let now = UNIX_EPOCH + Duration::from_hours(500_000);
        let public = mine.public_key().as_ref();
        let [x, y] = [&public[1..33], &public[33..]].map(|part| URL_SAFE_NO_PAD.encode(part));
        let header = json!({
            "typ": "dpop+jwt", "alg": "ES256",
            "jwk": {"kty": "EC", "crv": "P-256", "x": x, "y": y},
        });
        let iat = 500_000 * 3600;
        let claims = json!({"jti": "1", "htm": "POST", "htu": URL, "iat": iat});
        let with = |of: &Value, name: &str, value: Value| {
            let mut of = of.clone();
            of[name] = value;
            of
        };
        let mut seen = Vec::new();
        let mut ask = |key: &EcdsaKeyPair, header: &Value, claims: &Value| {
            check(&proof(key, header, claims), "POST", URL, now, &mut seen)
        };
        assert!(ask(&other, &header, &claims).is_err(), "another key");
        for (header, claims) in [
            (with(&header, "typ", json!("jwt")), claims.clone()),
            (with(&header, "alg", json!("none")), claims.clone()),
            (with(&header, "jwk", json!({})), claims.clone()),
            (header.clone(), with(&claims, "jti", json!(null))),
            (header.clone(), with(&claims, "htm", json!("GET"))),
            (
                header.clone(),
                with(&claims, "htu", json!("https://other.example/")),
            ),
            (header.clone(), with(&claims, "iat", json!(iat - 301))),
            (header.clone(), with(&claims, "iat", json!(iat + 301))),
        ] {
            assert!(ask(&mine, &header, &claims).is_err(), "{header} {claims}");
        }
        let right = ask(&mine, &header, &claims);
        assert_eq!(
            right.as_deref(),
            Ok(&*thumbprint(public.try_into().unwrap()))
        );
        assert_eq!(ask(&mine, &header, &claims), Err("jti was used before"));
        let none = check(&HeaderMap::new(), "POST", URL, now, &mut seen);
        assert_eq!(none, Err("there is no DPoP header"));
    }
}
