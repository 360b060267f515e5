//! Makes identifiers and secrets; each secret carries the canary, so that tests can find a leak.

use base64::Engine;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use uuid::Uuid;

/// The text that every secret of the sandbox holds, and that nothing else does.
pub const CANARY: &str = "CANARYvssm";

/// A secret access key: 40 characters.
pub fn secret_access_key() -> String {
    format!("{}{CANARY}{}", noise(12), noise(18))
}

/// A session token: 356 characters, about as long as those of AWS.
pub fn session_token() -> String {
    format!("IQoJb3JpZ2luX2Vj{}{CANARY}{}==", noise(150), noise(178))
}

/// The token of a data channel: 256 characters.
pub fn token_value() -> String {
    format!("AAEAA{}{CANARY}{}", noise(100), noise(141))
}

/// An access key id: the prefix (`AKIA` for a user's, `ASIA` for a session's) and 16 characters.
pub fn access_key_id(prefix: &str) -> String {
    format!("{prefix}{}", letters(16))
}

/// A unique id: the prefix (`AIDA` for a user, `AROA` for a role) and 17 characters.
pub fn unique_id(prefix: &str) -> String {
    format!("{prefix}{}", letters(17))
}

/// Random characters of the base64 alphabet.
fn noise(length: usize) -> String {
    let mut text = String::with_capacity(length + 22);
    while text.len() < length {
        text.push_str(&STANDARD_NO_PAD.encode(Uuid::new_v4().as_bytes()));
    }
    text.truncate(length);
    text
}

/// Random characters of the base32 alphabet.
fn letters(length: usize) -> String {
    const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    let bytes = [Uuid::new_v4().into_bytes(), Uuid::new_v4().into_bytes()].concat();
    let letter = |byte: &u8| char::from(ALPHABET[usize::from(byte % 32)]);
    bytes.iter().map(letter).take(length).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_carry_the_canary_and_differ() {
        for mint in [secret_access_key, session_token, token_value] {
            let secret = mint();
            assert!(secret.contains(CANARY));
            assert_ne!(secret, mint());
        }
        assert_eq!(secret_access_key().len(), 40);
        assert_eq!(session_token().len(), 356);
        assert_eq!(token_value().len(), 256);
        assert_eq!(access_key_id("ASIA").len(), 20);
        assert_eq!(unique_id("AROA").len(), 21);
    }
}
