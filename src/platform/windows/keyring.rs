//! The keyring of the operating system: Windows Credential Manager.

use std::error::Error;

use crate::os::Os;

/// The keyring's name, for people.
pub(crate) const KEYRING: &str = "Windows Credential Manager";

/// What to do if the keyring refuses.
/// A logon over the network has no credentials, such as one over ssh with a key
/// (`ERROR_NO_SUCH_LOGON_SESSION`, Microsoft Learn, "CredWriteW function").
pub(crate) const UNLOCK: &str = "log on with your password, at the machine or over ssh: a logon with a key has no Credential Manager";

/// What to do if no keyring can be used.
pub(crate) const GET_KEYRING: &str = UNLOCK;

/// What every entry of the keyring is made with.
/// Temporary credentials must not roam to other machines: `CRED_PERSIST_LOCAL_MACHINE` (wincred.h).
pub(crate) const KEYRING_MODIFIERS: &[(&str, &str)] = &[("persistence", "Local")];

/// Whether entries of more than 2,560 bytes are refused.
/// `CRED_MAX_CREDENTIAL_BLOB_SIZE` (wincred.h).
pub(crate) const KEYRING_IS_SMALL: bool = true;

/// Whether the keyring is certainly absent. Every Windows has a Credential Manager.
pub(crate) fn has_no_keyring(_os: &Os) -> bool {
    false
}

/// Whether a failure means that the keyring is locked or refuses access.
/// Credential Manager has an error of its own for a logon without one.
pub(crate) fn is_locked(_error: &(dyn Error + 'static)) -> bool {
    false
}
