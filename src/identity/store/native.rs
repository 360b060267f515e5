//! The operating system's own keyring, as the `keyring` crate picks it.

use std::collections::HashMap;

use zeroize::Zeroizing;

use super::contract::{CredentialStore, StoreError};
use super::item::{Item, SERVICE, store_error};
use crate::os::Os;

/// Keychain, Credential Manager or Secret Service.
pub(super) struct OsKeyring(());

/// Whether the keyring is certainly absent: without a session bus there is no Secret Service.
/// Looks where zbus looks for the bus.
pub(super) fn is_out_of_reach(os: &Os) -> bool {
    #[cfg(all(unix, not(target_os = "macos")))]
    {
        let runtime_directory = os.var("XDG_RUNTIME_DIR").map_or_else(
            || format!("/run/user/{}", rustix::process::getuid().as_raw()).into(),
            std::path::PathBuf::from,
        );
        os.var("DBUS_SESSION_BUS_ADDRESS").is_none() && !runtime_directory.join("bus").exists()
    }
    #[cfg(not(all(unix, not(target_os = "macos"))))]
    {
        let _ = os;
        false
    }
}

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
        let modifiers: HashMap<&str, &str> = if cfg!(windows) {
            // Temporary credentials must not roam to other machines.
            HashMap::from([("persistence", "Local")])
        } else {
            HashMap::new()
        };
        keyring_core::Entry::new_with_modifiers(SERVICE, key, &modifiers)
            .map(Item)
            .map_err(store_error)
    }
}

impl CredentialStore for OsKeyring {
    fn name(&self) -> &'static str {
        "the OS keyring"
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
