//! The kernel's keyutils: secrets in kernel memory.
//! They are gone at reboot and three days after their last use (persistent-keyring(7)).

use std::sync::Arc;

use keyring_core::api::CredentialStoreApi as _;
use linux_keyutils_keyring_store::Store;
use zeroize::Zeroizing;

use super::contract::{CredentialStore, Room, StoreError};
use super::item::{Item, SERVICE, store_error};

/// The session's keyring, linked to the user's persistent one.
pub(super) struct Keyutils(Arc<Store>);

impl Keyutils {
    /// Opens the keyring and tries it out with a harmless value.
    pub(super) fn open() -> Result<Self, StoreError> {
        let store = Self(Store::new().map_err(|_| StoreError::Absent)?);
        // A thread without a session keyring gets one when the user's persistent keyring is linked
        // to it. Making an item does that, but only after it has looked up the session keyring. So
        // the first item would put its value into the keyring that all the user's processes share,
        // be refused the link, and leave the value there. It is made here and holds nothing.
        store.item("first")?;
        // Of its own process: another's removal must not come between save and load.
        let key = format!("probe-{}", std::process::id());
        let tried = store
            .save(&key, b"probe")
            .and_then(|()| store.load(&key))
            .map(|found| found.is_some_and(|value| value.as_slice() == b"probe"));
        let removed = store.remove(&key);
        if tried == Ok(true) && removed.is_ok() {
            Ok(store)
        } else {
            Err(StoreError::Absent)
        }
    }

    fn item(&self, key: &str) -> Result<Item, StoreError> {
        self.0
            .build(SERVICE, key, None)
            .map(Item)
            .map_err(store_error)
    }
}

impl CredentialStore for Keyutils {
    fn name(&self) -> &'static str {
        "the kernel's keyutils"
    }

    fn room(&self) -> Room {
        Room::Bytes
    }

    fn load(&self, key: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        self.item(key)?.load()
    }

    fn save(&self, key: &str, entry: &[u8]) -> Result<(), StoreError> {
        self.item(key)?.save(entry)
    }

    fn remove(&self, key: &str) -> Result<(), StoreError> {
        self.item(key)?.remove()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Runs as another process would: without what the thread of the test has.
    fn elsewhere<T: Send>(work: impl FnOnce() -> T + Send) -> T {
        std::thread::scope(|scope| scope.spawn(work).join().unwrap())
    }

    #[test]
    fn the_kernel_keeps_what_it_was_given_and_the_probe_leaves_nothing_behind() {
        let key = &format!("test-{}", std::process::id());
        let opened = elsewhere(|| {
            let store = Keyutils::open()?;
            assert!(store.load(key).unwrap().is_none());
            store.save(key, b"one").unwrap();
            store.save(key, b"two").unwrap();
            Ok::<_, StoreError>(())
        });
        if let Err(error) = opened {
            eprintln!("NOT TESTED: keyutils is out of reach here: {error}");
        } else {
            elsewhere(|| {
                let store = Keyutils::open().unwrap();
                let found = store.load(key).unwrap().unwrap();
                assert_eq!(found.as_slice(), b"two");
                store.remove(key).unwrap();
                store.remove(key).unwrap();
            });
            elsewhere(|| assert!(Keyutils::open().unwrap().load(key).unwrap().is_none()));
        }
        let Ok(keys) = std::fs::read_to_string("/proc/keys") else {
            eprintln!("NOT TESTED: this kernel lists no keys");
            return;
        };
        // A key that was invalidated is listed with the flag `i` until it is collected.
        let left = keys.lines().filter(|line| {
            let flags = line.split_whitespace().nth(1).unwrap_or_default();
            line.contains(&format!("-{}@vendor-ssm", std::process::id())) && !flags.contains('i')
        });
        assert_eq!(left.count(), 0, "{keys}");
    }
}
