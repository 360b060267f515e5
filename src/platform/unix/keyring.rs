//! The keyring of the operating system: the Keychain of macOS, else the Secret Service.

use std::error::Error;

use crate::os::Os;

/// The keyring's name, for people.
pub(crate) const KEYRING: &str = if cfg!(target_os = "macos") {
    "the macOS Keychain"
} else {
    "the OS keyring"
};

/// What to do if the keyring is locked. In a session over ssh, macOS cannot ask for its password.
pub(crate) const UNLOCK: &str = if cfg!(target_os = "macos") {
    "run `security unlock-keychain`, which asks for your password, and try again; if a window asks \
     whether vendor-ssm may use the item, choose \"Always Allow\""
} else {
    "unlock it and try again"
};

/// What to do if no keyring can be used.
pub(crate) const GET_KEYRING: &str = if cfg!(target_os = "macos") {
    "run `security unlock-keychain`, which asks for your password"
} else {
    "unlock or install a keyring"
};

/// What every entry of the keyring is made with.
pub(crate) const KEYRING_MODIFIERS: &[(&str, &str)] = &[];

/// Whether entries of more than 2,560 bytes are refused.
pub(crate) const KEYRING_IS_SMALL: bool = false;

/// Whether the keyring is certainly absent: without a session bus there is no Secret Service.
/// Looks where zbus looks for the bus.
#[cfg(not(target_os = "macos"))]
pub(crate) fn has_no_keyring(os: &Os) -> bool {
    let runtime_directory = os.var("XDG_RUNTIME_DIR").map_or_else(
        || format!("/run/user/{}", rustix::process::getuid().as_raw()).into(),
        std::path::PathBuf::from,
    );
    os.var("DBUS_SESSION_BUS_ADDRESS").is_none() && !runtime_directory.join("bus").exists()
}

/// Whether the keyring is certainly absent. Every macOS has a Keychain.
#[cfg(target_os = "macos")]
pub(crate) fn has_no_keyring(_os: &Os) -> bool {
    false
}

/// Whether a failure means that the keyring is locked or refuses access.
/// The Secret Service has an error of its own for that.
#[cfg(not(target_os = "macos"))]
pub(crate) fn is_locked(_error: &(dyn Error + 'static)) -> bool {
    false
}

/// Whether a failure means that the Keychain is locked or refuses access (SecBase.h).
/// It is locked in a session over ssh, where nothing may ask for its password.
/// A refused program finds no item and is then told that there is one.
#[cfg(target_os = "macos")]
pub(crate) fn is_locked(error: &(dyn Error + 'static)) -> bool {
    const USER_CANCELED: i32 = -128;
    const AUTH_FAILED: i32 = -25293;
    const DUPLICATE_ITEM: i32 = -25299;
    const INTERACTION_NOT_ALLOWED: i32 = -25308;
    error
        .downcast_ref::<security_framework::base::Error>()
        .is_some_and(|error| {
            matches!(
                error.code(),
                USER_CANCELED | AUTH_FAILED | DUPLICATE_ITEM | INTERACTION_NOT_ALLOWED
            )
        })
}
