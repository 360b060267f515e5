//! Places of the operating system that keep secrets between commands. A plain file is none of them.
//!
//! The calls of a [`CredentialStore`] block, and some stores have no time limit of their own, so
//! only [`Guard`] calls them: on a thread of its own, for a limited time.

mod guard;
#[cfg(target_os = "linux")]
mod keyutils;
mod native;

#[cfg(test)]
pub use guard::tests;
pub use guard::{Guard, Patience};

use zeroize::Zeroizing;

use crate::os::Os;

/// The most bytes that an entry may have in every store: `CRED_MAX_CREDENTIAL_BLOB_SIZE` of
/// Windows (5 * 512, wincred.h).
pub const MAX_ENTRY: usize = 2560;

/// What all our entries are filed under.
const SERVICE: &str = "vendor-ssm";

/// Holds entries by key. Entries are UTF-8 text, since KWallet keeps nothing else.
pub trait CredentialStore {
    /// The store's name, for people.
    fn name(&self) -> &'static str;

    /// The entry, or `None` if there is none. One that cannot be made sense of is removed.
    fn load(&self, key: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError>;

    /// Keeps an entry in place of the one before.
    fn save(&self, key: &str, entry: &[u8]) -> Result<(), StoreError>;

    /// Removes an entry; one that is not there is removed already.
    fn remove(&self, key: &str) -> Result<(), StoreError>;
}

/// Why a store did not do what it was asked. It never holds what the store said: that can hold the
/// secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// There is no such store on this machine.
    #[error("there is none")]
    Absent,
    /// The store is locked, or refuses access.
    #[error("it is locked or refuses access")]
    Locked,
    /// The store did not answer in time.
    #[error("it does not answer")]
    Silent,
    /// The store's code panicked.
    #[error("it crashed")]
    Crashed,
    /// The entry is larger than the store can hold.
    #[error("the entry is too large for it")]
    TooLarge,
    /// Anything else.
    #[error("it failed")]
    Failed,
}

/// Opens a store; runs on the thread that will own it.
pub type Open = Box<dyn FnOnce() -> Result<Box<dyn CredentialStore>, StoreError> + Send>;

/// The keyring of the operating system: Keychain, Credential Manager or Secret Service.
pub fn os_keyring(os: &Os) -> Open {
    if native::is_out_of_reach(os) {
        return Box::new(|| Err(StoreError::Absent));
    }
    Box::new(|| Ok(Box::new(native::OsKeyring::open()?)))
}

/// The kernel's keyutils, which only Linux has.
pub fn keyutils() -> Open {
    #[cfg(target_os = "linux")]
    return Box::new(|| Ok(Box::new(keyutils::Keyutils::open()?)));
    #[cfg(not(target_os = "linux"))]
    Box::new(|| Err(StoreError::Absent))
}

/// One entry of keyring-core, whichever store it is in.
struct Item(keyring_core::Entry);

impl Item {
    fn load(&self) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        match self.0.get_secret() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(error) => self.after(error).map(|()| None),
        }
    }

    fn save(&self, secret: &[u8]) -> Result<(), StoreError> {
        match self.0.set_secret(secret) {
            Err(error @ keyring_core::Error::Ambiguous(_)) => {
                self.after(error)?;
                self.0.set_secret(secret).map_err(store_error)
            }
            result => result.map_err(store_error),
        }
    }

    fn remove(&self) -> Result<(), StoreError> {
        self.0
            .delete_credential()
            .or_else(|error| self.after(error))
    }

    /// Makes an entry that is absent, doubled or unreadable into one that is absent.
    fn after(&self, error: keyring_core::Error) -> Result<(), StoreError> {
        use keyring_core::Error;
        match error {
            Error::NoEntry => Ok(()),
            Error::Ambiguous(entries) => entries
                .iter()
                .try_for_each(keyring_core::Entry::delete_credential)
                .map_err(store_error),
            Error::BadEncoding(secret) | Error::BadDataFormat(secret, _) => {
                drop(Zeroizing::new(secret));
                self.0.delete_credential().map_err(store_error)
            }
            other => Err(store_error(other)),
        }
    }
}

/// Keeps of an error its kind alone: some variants hold the secret itself.
#[expect(
    clippy::needless_pass_by_value,
    reason = "the error is dropped here, with what it holds"
)]
fn store_error(error: keyring_core::Error) -> StoreError {
    use keyring_core::Error;
    match error {
        Error::NoStorageAccess(_) => StoreError::Locked,
        Error::NoDefaultStore => StoreError::Absent,
        Error::TooLong(..) => StoreError::TooLarge,
        _ => StoreError::Failed,
    }
}
