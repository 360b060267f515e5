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
