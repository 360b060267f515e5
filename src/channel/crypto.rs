//! The encryption of a session with the customer's KMS key. Pure.
//!
//! KMS makes a data key of 64 bytes: its first half is the agent's to send with, its second half
//! the client's. Every payload is sealed by itself with AES-256-GCM, its nonce in front and its tag
//! behind, without further authenticated data (amazon-ssm-agent, `agent/session/crypto`).

use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom as _, SystemRandom};
use tokio_tungstenite::tungstenite::Bytes;
use zeroize::Zeroizing;

/// How long the data key is that KMS is asked for, in bytes.
pub const DATA_KEY: usize = 64;

const FROM_AGENT: Range<usize> = 0..32;
const TO_AGENT: Range<usize> = 32..DATA_KEY;

/// A data key of KMS, plain and encrypted.
/// The plain one is wiped from memory when dropped and cannot be printed. Only the customer's side
/// can read the encrypted one.
pub struct DataKey {
    plain: Zeroizing<Vec<u8>>,
    cipher_text: String,
}

/// A data key of another length than [`DATA_KEY`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the data key is not {DATA_KEY} bytes long")]
pub struct WrongLength;

impl DataKey {
    /// Takes both forms of the key, as `GenerateDataKey` gives them.
    pub fn new(plain: Vec<u8>, cipher_text_blob: &[u8]) -> Result<Self, WrongLength> {
        let plain = Zeroizing::new(plain);
        if plain.len() != DATA_KEY {
            return Err(WrongLength);
        }
        Ok(Self {
            plain,
            cipher_text: STANDARD.encode(cipher_text_blob),
        })
    }

    /// The encrypted key, in base64.
    pub(super) fn cipher_text(&self) -> &str {
        &self.cipher_text
    }
}

impl std::fmt::Debug for DataKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("DataKey(…)")
    }
}

/// What did not come from the holder of the data key, or was changed on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Forged;

/// Both directions of one session.
#[derive(Debug)]
pub(super) struct Cipher {
    from_agent: LessSafeKey,
    to_agent: LessSafeKey,
    random: SystemRandom,
}

impl Cipher {
    /// The ciphers of a data key.
    pub(super) fn new(key: &DataKey) -> Self {
        let half = |half: Range<usize>| {
            let key = UnboundKey::new(&AES_256_GCM, &key.plain[half]);
            LessSafeKey::new(key.expect("half a data key is as long as this cipher's keys"))
        };
        Self {
            from_agent: half(FROM_AGENT),
            to_agent: half(TO_AGENT),
            random: SystemRandom::new(),
        }
    }

    /// Encrypts for the agent.
    /// The nonce is drawn at random, which a key stands for 2^32 messages (NIST SP 800-38D section
    /// 8.3): 4 TiB of input.
    pub(super) fn seal(&self, plain: &[u8]) -> Vec<u8> {
        let mut nonce = [0; NONCE_LEN];
        self.random
            .fill(&mut nonce)
            .expect("an operating system without randomness runs no session");
        self.seal_with(nonce, plain)
    }

    fn seal_with(&self, nonce: [u8; NONCE_LEN], plain: &[u8]) -> Vec<u8> {
        let mut sealed = Vec::with_capacity(NONCE_LEN + plain.len() + AES_256_GCM.tag_len());
        sealed.extend_from_slice(&nonce);
        sealed.extend_from_slice(plain);
        let nonce = Nonce::assume_unique_for_key(nonce);
        let tag = self
            .to_agent
            .seal_in_place_separate_tag(nonce, Aad::empty(), &mut sealed[NONCE_LEN..])
            .expect("payloads are bounded far below what this cipher takes");
        sealed.extend_from_slice(tag.as_ref());
        sealed
    }

    /// Decrypts what the agent sent.
    pub(super) fn open(&self, sealed: &[u8]) -> Result<Bytes, Forged> {
        let (nonce, sealed) = sealed.split_first_chunk().ok_or(Forged)?;
        let mut plain = sealed.to_vec();
        let length = self
            .from_agent
            .open_in_place(
                Nonce::assume_unique_for_key(*nonce),
                Aad::empty(),
                &mut plain,
            )
            .map_err(|_| Forged)?
            .len();
        plain.truncate(length);
        Ok(plain.into())
    }

    /// Answers the agent's question for proof of the key: its bytes, encrypted the other way.
    /// Both are in base64.
    pub(super) fn prove(&self, challenge: &str) -> Result<String, Forged> {
        let challenge = STANDARD.decode(challenge).map_err(|_| Forged)?;
        Ok(STANDARD.encode(self.seal(&self.open(&challenge)?)))
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The agent's side of a client's cipher.
    pub(crate) fn agents(key: &[u8]) -> Cipher {
        let turned = [&key[TO_AGENT], &key[FROM_AGENT]].concat();
        Cipher::new(&DataKey::new(turned, b"").unwrap())
    }

    fn bytes(hex: &str) -> Vec<u8> {
        let digits = hex.as_bytes().chunks(2);
        digits
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect()
    }

    /// Test cases 13 to 15 of "The Galois/Counter Mode of Operation (GCM)", appendix B.
    /// McGrew and Viega; no additional data, nonces of 96 bits.
    #[test]
    fn the_published_vectors_hold_both_ways() {
        let cases = [
            ("00".repeat(32), "00".repeat(12), String::new(), "530f8afbc74536b9a963b4f1c4cb738b".to_owned()),
            (
                "00".repeat(32),
                "00".repeat(12),
                "00".repeat(16),
                "cea7403d4d606b6e074ec5d3baf39d18d0d1c8a799996bf0265b98b5d48ab919".to_owned(),
            ),
            (
                "feffe9928665731c6d6a8f9467308308".repeat(2),
                "cafebabefacedbaddecaf888".to_owned(),
                "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255".to_owned(),
                "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015adb094dac5d93471bdec1a502270e3cc6c".to_owned(),
            ),
        ];
        for (key, nonce, plain, sealed) in cases {
            let key = bytes(&key).repeat(2);
            let cipher = Cipher::new(&DataKey::new(key, b"").unwrap());
            let expected = bytes(&[nonce.clone(), sealed].concat());
            let nonce = bytes(&nonce).try_into().unwrap();
            assert_eq!(cipher.seal_with(nonce, &bytes(&plain)), expected);
            assert_eq!(cipher.open(&expected).unwrap(), bytes(&plain));
        }
    }

    #[test]
    fn each_direction_has_its_half_of_the_key() {
        let key: Vec<u8> = (0..64).collect();
        let client = Cipher::new(&DataKey::new(key.clone(), b"").unwrap());
        let agent = agents(&key);
        let sealed = client.seal(b"ls\n");
        assert_eq!(sealed.len(), NONCE_LEN + 3 + 16);
        assert_ne!(sealed, client.seal(b"ls\n"), "no nonce is used twice");
        assert_eq!(agent.open(&sealed).unwrap(), "ls\n");
        assert_eq!(client.open(&sealed), Err(Forged), "nobody's own echo");
        assert_eq!(client.open(&agent.seal(b"$ ")).unwrap(), "$ ");
    }

    #[test]
    fn what_was_changed_or_cut_is_not_taken() {
        let key = vec![7; 64];
        let (client, agent) = (
            Cipher::new(&DataKey::new(key.clone(), b"").unwrap()),
            agents(&key),
        );
        let sealed = agent.seal(b"text");
        for at in 0..sealed.len() {
            let mut changed = sealed.clone();
            changed[at] ^= 1;
            assert_eq!(client.open(&changed), Err(Forged), "byte {at}");
            assert_eq!(client.open(&sealed[..at]), Err(Forged), "{at} bytes");
        }
    }

    #[test]
    fn the_agents_challenge_is_answered() {
        let key: Vec<u8> = (0..64).collect();
        let client = Cipher::new(&DataKey::new(key.clone(), b"").unwrap());
        let agent = agents(&key);
        let answer = client
            .prove(&STANDARD.encode(agent.seal(b"random")))
            .unwrap();
        assert_eq!(
            agent.open(&STANDARD.decode(answer).unwrap()).unwrap(),
            "random"
        );
        for nonsense in ["", "!", "AAAA"] {
            assert_eq!(client.prove(nonsense), Err(Forged));
        }
    }

    #[test]
    fn a_data_key_is_whole_and_cannot_be_printed() {
        assert_eq!(DataKey::new(vec![1; 32], b"").unwrap_err(), WrongLength);
        let key = DataKey::new(vec![1; 64], b"").unwrap();
        assert_eq!(format!("{key:?}"), "DataKey(…)");
    }
}
