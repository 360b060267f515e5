//! What a store for credentials has to do.

use zeroize::Zeroizing;

/// The most bytes that an entry may have in a store that keeps few:
/// `CRED_MAX_CREDENTIAL_BLOB_SIZE` of Windows (5 * 512, wincred.h). A user's keyutils hold 20,000
/// bytes in all (keyrings(7)).
pub(crate) const MAX_ENTRY: usize = 2560;

/// The most bytes that an entry may have anywhere. No token is known to come near.
const MAX_TEXT: usize = 16 * 1024;

/// What a store can keep.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Room {
    /// Any bytes, but few: [`MAX_ENTRY`].
    Bytes,
    /// Text in UTF-8, and much of it. KWallet keeps nothing else.
    Text,
}

impl Room {
    /// The most bytes that an entry may have.
    pub(crate) fn largest(self) -> usize {
        match self {
            Self::Bytes => MAX_ENTRY,
            Self::Text => MAX_TEXT,
        }
    }
}

/// Holds entries by key.
pub(crate) trait CredentialStore {
    /// The store's name, for people.
    fn name(&self) -> &'static str;

    /// What it can keep.
    fn room(&self) -> Room;

    /// The entry, or `None` if there is none. One that cannot be read is removed.
    fn load(&self, key: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError>;

    /// Keeps an entry in place of the one before.
    fn save(&self, key: &str, entry: &[u8]) -> Result<(), StoreError>;

    /// Removes an entry; one that is not there is removed already.
    fn remove(&self, key: &str) -> Result<(), StoreError>;
}

/// Why a store did not do what it was asked.
/// It never holds what the store said: that can hold the secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum StoreError {
    /// There is no such store on this machine.
    #[error("this machine has none")]
    Absent,
    /// The kernel keeps secrets on Linux alone.
    #[error("only Linux has it")]
    LinuxOnly,
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
pub(crate) type Open = Box<dyn FnOnce() -> Result<Box<dyn CredentialStore>, StoreError> + Send>;
