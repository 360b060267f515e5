//! Places of the operating system that keep secrets between commands. A plain file is none of them.
//!
//! The calls of a [`CredentialStore`] block, and some stores have no time limit of their own. So
//! only [`Guard`] calls them, on a thread of its own, for a limited time.

mod contract;
mod guard;
mod item;
#[cfg(target_os = "linux")]
mod keyutils;
mod native;

pub(super) use contract::{MAX_ENTRY, Open, Room, StoreError};
#[cfg(test)]
pub(super) use guard::tests;
pub(super) use guard::{Guard, Patience};

use crate::os::Os;
use crate::platform::has_no_keyring;

/// The keyring of the operating system: Keychain, Credential Manager or Secret Service.
pub(super) fn os_keyring(os: &Os) -> Open {
    if has_no_keyring(os) {
        return Box::new(|| Err(StoreError::Absent));
    }
    Box::new(|| Ok(Box::new(native::OsKeyring::open()?)))
}

/// Whether this system has keyutils.
pub(super) const HAS_KEYUTILS: bool = cfg!(target_os = "linux");

/// The kernel's keyutils, which only Linux has.
pub(super) fn keyutils() -> Open {
    #[cfg(target_os = "linux")]
    if HAS_KEYUTILS {
        return Box::new(|| Ok(Box::new(keyutils::Keyutils::open()?)));
    }
    Box::new(|| Err(StoreError::LinuxOnly))
}
