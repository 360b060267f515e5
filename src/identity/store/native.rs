//! The operating system's own keyring, as the `keyring` crate picks it.

use std::collections::HashMap;

use zeroize::Zeroizing;

use super::contract::{CredentialStore, Room, StoreError};
use super::item::{Item, SERVICE, store_error};
use crate::platform::{KEYRING, KEYRING_IS_SMALL, KEYRING_MODIFIERS};

/// Keychain, Credential Manager or Secret Service.
pub(super) struct OsKeyring(());

impl OsKeyring {
    /// Connects to the keyring.
    /// Errors: it is [`StoreError::Absent`] whatever the reason, since a keyring that is merely
    /// locked can be connected to.
    pub(super) fn open() -> Result<Self, StoreError> {
        match keyring::Entry::store_status() {
            Ok(()) => Ok(Self(())),
            Err(_) => Err(StoreError::Absent),
        }
    }

    fn item(key: &str) -> Result<Item, StoreError> {
        let modifiers: HashMap<_, _> = KEYRING_MODIFIERS.iter().copied().collect();
        keyring_core::Entry::new_with_modifiers(SERVICE, key, &modifiers)
            .map(Item)
            .map_err(store_error)
    }
}

impl CredentialStore for OsKeyring {
    fn name(&self) -> &'static str {
        KEYRING
    }

    fn room(&self) -> Room {
        if KEYRING_IS_SMALL {
            Room::Bytes
        } else {
            Room::Text
        }
    }

    fn load(&self, key: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        Self::item(key)?.load()
    }

    fn save(&self, key: &str, entry: &[u8]) -> Result<(), StoreError> {
        Self::item(key)?.save(entry)
    }

    fn remove(&self, key: &str) -> Result<(), StoreError> {
        Self::item(key)?.remove()
    }
}

#[cfg(test)]
mod tests {
    /// Every user of Windows has a Credential Manager, and no program has to run for it.
    #[cfg(windows)]
    #[test]
    fn credential_manager_keeps_2560_bytes_on_this_machine_alone_and_refuses_more() {
        use super::super::contract::MAX_ENTRY;
        use super::*;

        let store = OsKeyring::open().unwrap();
        let key = format!("test-{}", std::process::id());
        let holds = |entry: &[u8]| {
            let found = store.load(&key).unwrap();
            assert_eq!(found.unwrap().as_slice(), entry);
        };
        let full: Vec<u8> = (0..=u8::MAX).cycle().take(MAX_ENTRY).collect();
        store.save(&key, b"before").unwrap();
        store.save(&key, &full).unwrap();
        holds(&full);
        let attributes = OsKeyring::item(&key).unwrap().0.get_attributes().unwrap();
        assert_eq!(attributes["persistence"], "Local");
        let larger = vec![1; MAX_ENTRY + 1];
        assert_eq!(store.save(&key, &larger), Err(StoreError::TooLarge));
        holds(&full);
        store.remove(&key).unwrap();
        store.remove(&key).unwrap();
        assert_eq!(store.load(&key), Ok(None));
    }
}
