//! One entry of a keyring, whichever store it is in.

use zeroize::Zeroizing;

use super::contract::StoreError;
use crate::platform::is_locked;

/// The service name of every entry.
pub(super) const SERVICE: &str = "vendor-ssm";

/// One entry of keyring-core, whichever store it is in.
pub(super) struct Item(pub keyring_core::Entry);

impl Item {
    pub(super) fn load(&self) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        match self.0.get_secret() {
            Ok(secret) => Ok(Some(Zeroizing::new(secret))),
            Err(error) => self.after(error).map(|()| None),
        }
    }

    pub(super) fn save(&self, secret: &[u8]) -> Result<(), StoreError> {
        match self.0.set_secret(secret) {
            Err(error @ keyring_core::Error::Ambiguous(_)) => {
                self.after(error)?;
                self.0.set_secret(secret).map_err(store_error)
            }
            result => result.map_err(store_error),
        }
    }

    pub(super) fn remove(&self) -> Result<(), StoreError> {
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
pub(super) fn store_error(error: keyring_core::Error) -> StoreError {
    use keyring_core::Error;
    match error {
        Error::NoStorageAccess(_) => StoreError::Locked,
        Error::NoDefaultStore => StoreError::Absent,
        Error::TooLong(..) => StoreError::TooLarge,
        Error::PlatformFailure(error) if is_locked(error.as_ref()) => StoreError::Locked,
        _ => StoreError::Failed,
    }
}
