//! The encryption that a session document with a KMS key asks for.
//! It follows the agent's `session/crypto` and `session/datachannel`. The client gets a data key of
//! 64 bytes from KMS, half of it for each direction. The cipher is AES-256-GCM, with the nonce in
//! front and the tag behind.

use std::collections::BTreeMap;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::{Value, json};

use crate::kms::Vault;

/// How many bytes longer a payload is on the wire.
pub const OVERHEAD: usize = NONCE_LEN + 16;

/// What the handshake asks the client for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Encryption {
    /// `KMSKeyId`: the ARN of the key that the document names.
    pub key_id: String,
    /// `Challenge`, which agents that ask for it want in the encryption context;
    /// base64 of 16 bytes.
    pub challenge: Option<String>,
}

impl Encryption {
    /// The encryption with a key, with a challenge of its own where one is wanted.
    pub fn new(key_id: &str, challenged: bool) -> Self {
        let challenge = challenged.then(|| STANDARD.encode(random::<16>()));
        Self {
            key_id: key_id.to_owned(),
            challenge,
        }
    }

    /// The parameters of the action `KMSEncryption`.
    pub fn parameters(&self) -> Value {
        let mut parameters = json!({ "KMSKeyId": self.key_id });
        if let Some(challenge) = &self.challenge {
            parameters["Challenge"] = challenge.as_str().into();
        }
        parameters
    }

    /// Decrypts the data key that the client got, as the agent does.
    /// The error is for the user to read.
    pub fn agree(
        &self,
        vault: &Vault,
        session_id: &str,
        target: &str,
        result: &Value,
    ) -> Result<Encrypted, String> {
        if self.challenge.is_some() && result["ChallengeAcknowledgement"] != true {
            return Err("Fetching data key failed: the challenge was not acknowledged".to_owned());
        }
        let mut context = BTreeMap::from([
            ("aws:ssm:SessionId".to_owned(), session_id.to_owned()),
            ("aws:ssm:TargetId".to_owned(), target.to_owned()),
        ]);
        if let Some(challenge) = &self.challenge {
            context.insert("aws:ssm:RandomChallenge".to_owned(), challenge.clone());
        }
        let cipher = result["KMSCipherTextKey"]
            .as_str()
            .and_then(|text| STANDARD.decode(text).ok())
            .and_then(|blob| vault.decrypt(&blob, &context))
            .filter(|key| key.len() == 64)
            .and_then(|key| Cipher::new(key.first_chunk()?, key.last_chunk()?))
            .ok_or_else(|| {
                "Fetching data key failed: Unable to retrieve data key, Error when decrypting data key \
                 InvalidCiphertextException: "
                    .to_owned()
            })?;
        Ok(Encrypted {
            cipher,
            challenge: random(),
        })
    }
}

/// A session's encryption once both sides have the key.
pub struct Encrypted {
    cipher: Cipher,
    challenge: [u8; 64],
}

impl Encrypted {
    /// The payload of `EncChallengeRequest`.
    pub fn challenge(&mut self) -> Vec<u8> {
        let challenge = STANDARD.encode(self.cipher.seal(&self.challenge));
        json!({ "Challenge": challenge }).to_string().into_bytes()
    }

    /// Whether the payload of `EncChallengeResponse` proves that the client has the key.
    /// The error is the agent's.
    pub fn proven(&self, payload: &[u8]) -> Result<(), String> {
        let answer = serde_json::from_slice::<Value>(payload)
            .ok()
            .and_then(|answer| STANDARD.decode(answer["Challenge"].as_str()?).ok())
            .and_then(|sealed| self.open(&sealed))
            .ok_or("Encryption challenge could not be decrypted")?;
        if answer == self.challenge {
            Ok(())
        } else {
            Err("Encryption challenge does not match!".to_owned())
        }
    }

    /// Encrypts an output.
    pub fn seal(&mut self, plain: &[u8]) -> Vec<u8> {
        self.cipher.seal(plain)
    }

    /// Decrypts an input.
    pub fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        self.cipher.open(sealed)
    }
}

struct Cipher {
    to_client: LessSafeKey,
    from_client: LessSafeKey,
    /// Counts up, the lowest byte first, from a random start.
    nonce: [u8; NONCE_LEN],
}

impl Cipher {
    fn new(to_client: &[u8; 32], from_client: &[u8; 32]) -> Option<Self> {
        let key = |bytes| {
            UnboundKey::new(&AES_256_GCM, bytes)
                .map(LessSafeKey::new)
                .ok()
        };
        Some(Self {
            to_client: key(to_client)?,
            from_client: key(from_client)?,
            nonce: random(),
        })
    }

    fn seal(&mut self, plain: &[u8]) -> Vec<u8> {
        for byte in &mut self.nonce {
            *byte = byte.wrapping_add(1);
            if *byte != 0 {
                break;
            }
        }
        let mut sealed = plain.to_vec();
        let nonce = Nonce::assume_unique_for_key(self.nonce);
        self.to_client
            .seal_in_place_append_tag(nonce, Aad::empty(), &mut sealed)
            .expect("payloads are short");
        [&self.nonce[..], &sealed].concat()
    }

    fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<NONCE_LEN>()?;
        let mut sealed = sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let plain = self
            .from_client
            .open_in_place(nonce, Aad::empty(), &mut sealed)
            .ok()?;
        Some(plain.to_vec())
    }
}

fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    SystemRandom::new()
        .fill(&mut bytes)
        .expect("the system has random bytes");
    bytes
}
