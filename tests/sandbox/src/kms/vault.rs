//! What encrypts data keys, and decrypts them under the same encryption context alone.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use ring::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use ring::rand::{SecureRandom, SystemRandom};

/// The one key inside KMS. It never leaves; clones share it.
#[derive(Clone)]
pub struct Vault(Arc<LessSafeKey>);

/// A new data key.
pub struct DataKey {
    /// For the caller.
    pub plaintext: Vec<u8>,
    /// For the side that decrypts it.
    pub ciphertext: Vec<u8>,
}

impl Vault {
    /// A new key of so many bytes. The context is authenticated with it, as KMS does.
    ///
    /// # Panics
    ///
    /// When the system has no random bytes.
    pub fn generate(&self, length: usize, context: &BTreeMap<String, String>) -> DataKey {
        let plaintext = random(length);
        let nonce = random(NONCE_LEN);
        let mut sealed = plaintext.clone();
        let unique = Nonce::try_assume_unique_for_key(&nonce).expect("a nonce of 12 bytes");
        self.0
            .seal_in_place_append_tag(unique, aad(context), &mut sealed)
            .expect("data keys are short");
        DataKey {
            plaintext,
            ciphertext: [nonce, sealed].concat(),
        }
    }

    /// The data key, unless it was made here under another context or not at all.
    pub fn decrypt(
        &self,
        ciphertext: &[u8],
        context: &BTreeMap<String, String>,
    ) -> Option<Vec<u8>> {
        let (nonce, sealed) = ciphertext.split_first_chunk::<NONCE_LEN>()?;
        let mut sealed = sealed.to_vec();
        let nonce = Nonce::assume_unique_for_key(*nonce);
        let plaintext = self
            .0
            .open_in_place(nonce, aad(context), &mut sealed)
            .ok()?;
        Some(plaintext.to_vec())
    }
}

impl Default for Vault {
    fn default() -> Self {
        let key = UnboundKey::new(&AES_256_GCM, &random(32)).expect("a key of 32 bytes");
        Self(Arc::new(LessSafeKey::new(key)))
    }
}

impl fmt::Debug for Vault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Vault")
    }
}

fn aad(context: &BTreeMap<String, String>) -> Aad<Vec<u8>> {
    Aad::from(serde_json::to_vec(context).expect("text becomes JSON"))
}

fn random(length: usize) -> Vec<u8> {
    let mut bytes = vec![0; length];
    SystemRandom::new()
        .fill(&mut bytes)
        .expect("the system has random bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_data_key_comes_back_under_its_own_context_alone() {
        let context =
            |value: &str| BTreeMap::from([("aws:ssm:SessionId".to_owned(), value.to_owned())]);
        let vault = Vault::default();
        let key = vault.generate(64, &context("alice-1"));
        assert_eq!(key.plaintext.len(), 64);
        let back = vault.decrypt(&key.ciphertext, &context("alice-1"));
        assert_eq!(back.as_deref(), Some(&key.plaintext[..]));
        assert_eq!(vault.decrypt(&key.ciphertext, &context("alice-2")), None);
        assert_eq!(vault.decrypt(&key.ciphertext, &BTreeMap::new()), None);
        let other = Vault::default();
        assert_eq!(other.decrypt(&key.ciphertext, &context("alice-1")), None);
        assert_eq!(vault.decrypt(b"short", &context("alice-1")), None);
    }
}
