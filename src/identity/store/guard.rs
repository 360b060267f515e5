//! Calls a credential store on a thread of its own, for a limited time.
//! A store that hangs or panics counts as gone for the rest of the process; its thread is left
//! behind and holds nothing up.

use std::sync::mpsc;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::oneshot;
use tokio::time::timeout;
use zeroize::Zeroizing;

use super::contract::{CredentialStore, Open, Room, StoreError};
use crate::callbacks::Callbacks;

/// How long a store may take if there is no person to type a password.
const UNATTENDED: Duration = Duration::from_secs(3);

/// How much longer it may take while a person is being asked for one.
const ATTENDED: Duration = Duration::from_secs(57);

type Job = Box<dyn FnOnce(&dyn CredentialStore) + Send>;

/// A store behind its thread.
pub(crate) struct Guard<'a> {
    name: &'static str,
    room: Room,
    /// `None` once the store counts as gone.
    jobs: Mutex<Option<mpsc::Sender<Job>>>,
    patience: Patience<'a>,
}

/// How long to wait for answers.
#[derive(Clone, Copy)]
pub(crate) struct Patience<'a> {
    /// Says that the store is being waited for.
    pub callbacks: &'a dyn Callbacks,
    /// Whether a person can answer the store's own prompt.
    pub attended: bool,
    first: Duration,
}

impl<'a> Patience<'a> {
    /// Three seconds unattended;
    /// a minute if a person is there, who gets a notice after three seconds.
    pub(crate) fn new(callbacks: &'a dyn Callbacks, attended: bool) -> Self {
        Self {
            callbacks,
            attended,
            first: UNATTENDED,
        }
    }

    async fn wait<T>(&self, mut answer: oneshot::Receiver<T>) -> Result<T, StoreError> {
        let first = timeout(self.first, &mut answer).await;
        let answered = match first {
            Err(_) if self.attended => {
                self.callbacks.warn(
                    "waiting for the keyring, which may ask for its password in a window \
                     (--no-cache skips it)",
                );
                timeout(ATTENDED, answer).await
            }
            first => first,
        };
        match answered {
            Ok(Ok(value)) => Ok(value),
            // The thread ended without an answer: the store's code panicked.
            Ok(Err(_)) => Err(StoreError::Crashed),
            Err(_) => Err(StoreError::Silent),
        }
    }
}

impl<'a> Guard<'a> {
    /// Starts the thread and opens the store there.
    pub(crate) async fn open(open: Open, patience: Patience<'a>) -> Result<Self, StoreError> {
        let (jobs, queue) = mpsc::channel::<Job>();
        let (opened, store) = oneshot::channel();
        thread::Builder::new()
            .name("credential-store".to_owned())
            .spawn(move || match open() {
                Ok(store) => {
                    let _ = opened.send(Ok((store.name(), store.room())));
                    for job in queue {
                        job(store.as_ref());
                    }
                }
                Err(error) => {
                    let _ = opened.send(Err(error));
                }
            })
            .map_err(|_| StoreError::Failed)?;
        let (name, room) = patience.wait(store).await??;
        Ok(Self {
            name,
            room,
            jobs: Mutex::new(Some(jobs)),
            patience,
        })
    }

    /// The store's name, for people.
    pub(crate) fn name(&self) -> &'static str {
        self.name
    }

    /// What the store can keep.
    pub(crate) fn room(&self) -> Room {
        self.room
    }

    /// [`CredentialStore::load`].
    pub(crate) async fn load(&self, key: String) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
        self.call(move |store| store.load(&key)).await
    }

    /// [`CredentialStore::save`].
    pub(crate) async fn save(
        &self,
        key: String,
        entry: Zeroizing<Vec<u8>>,
    ) -> Result<(), StoreError> {
        self.call(move |store| store.save(&key, &entry)).await
    }

    /// [`CredentialStore::remove`].
    pub(crate) async fn remove(&self, key: String) -> Result<(), StoreError> {
        self.call(move |store| store.remove(&key)).await
    }

    async fn call<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn CredentialStore) -> Result<T, StoreError> + Send + 'static,
    ) -> Result<T, StoreError> {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |store| {
            let _ = reply.send(work(store));
        });
        let sent = match &*self.jobs.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(jobs) => jobs.send(job).is_ok(),
            None => false,
        };
        if !sent {
            return Err(StoreError::Silent);
        }
        let result = self.patience.wait(answer).await;
        if result.is_err() {
            *self.jobs.lock().unwrap_or_else(PoisonError::into_inner) = None;
        }
        result?
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::collections::HashMap;
    use std::sync::Arc;
    use std::time::Instant;

    use super::*;
    use crate::callbacks::Warnings;

    /// A store in memory that can be told to misbehave.
    #[derive(Clone, Default)]
    pub(crate) struct Memory {
        pub entries: Arc<Mutex<HashMap<String, Vec<u8>>>>,
        pub fault: Fault,
    }

    #[derive(Clone, Copy, Default, PartialEq, Eq)]
    pub(crate) enum Fault {
        #[default]
        None,
        Hangs,
        Fails,
        Panics,
    }

    impl Memory {
        pub(crate) fn open(&self) -> Open {
            let store = self.clone();
            Box::new(move || Ok(Box::new(store)))
        }

        fn misbehave(&self) -> Result<(), StoreError> {
            match self.fault {
                Fault::None => Ok(()),
                Fault::Fails => Err(StoreError::Locked),
                Fault::Panics => panic!("the store's code is broken"),
                Fault::Hangs => {
                    thread::sleep(Duration::from_hours(1));
                    Ok(())
                }
            }
        }
    }

    impl CredentialStore for Memory {
        fn name(&self) -> &'static str {
            "memory"
        }

        fn room(&self) -> Room {
            Room::Bytes
        }

        fn load(&self, key: &str) -> Result<Option<Zeroizing<Vec<u8>>>, StoreError> {
            self.misbehave()?;
            Ok(self
                .entries
                .lock()
                .unwrap()
                .get(key)
                .cloned()
                .map(Zeroizing::new))
        }

        fn save(&self, key: &str, entry: &[u8]) -> Result<(), StoreError> {
            self.misbehave()?;
            self.entries
                .lock()
                .unwrap()
                .insert(key.to_owned(), entry.to_vec());
            Ok(())
        }

        fn remove(&self, key: &str) -> Result<(), StoreError> {
            self.misbehave()?;
            self.entries.lock().unwrap().remove(key);
            Ok(())
        }
    }

    pub(crate) fn hasty(callbacks: &dyn Callbacks) -> Patience<'_> {
        Patience {
            first: Duration::from_millis(200),
            ..Patience::new(callbacks, false)
        }
    }

    #[tokio::test]
    async fn a_store_that_hangs_is_waited_for_once() {
        let warnings = Warnings::default();
        let store = Memory {
            fault: Fault::Hangs,
            ..Memory::default()
        };
        let guard = Guard::open(store.open(), hasty(&warnings)).await.unwrap();
        assert_eq!(guard.load("a".to_owned()).await, Err(StoreError::Silent));
        let begun = Instant::now();
        assert_eq!(guard.load("a".to_owned()).await, Err(StoreError::Silent));
        assert!(begun.elapsed() < Duration::from_millis(100));
    }

    #[tokio::test]
    async fn a_panic_in_a_store_is_a_failure_of_the_store() {
        let warnings = Warnings::default();
        let store = Memory {
            fault: Fault::Panics,
            ..Memory::default()
        };
        let guard = Guard::open(store.open(), hasty(&warnings)).await.unwrap();
        assert_eq!(guard.remove("a".to_owned()).await, Err(StoreError::Crashed));
        assert_eq!(guard.remove("a".to_owned()).await, Err(StoreError::Silent));
        let never_opens: Open = Box::new(|| panic!("the store's code is broken"));
        let opened = Guard::open(never_opens, hasty(&warnings)).await.map(|_| ());
        assert_eq!(opened, Err(StoreError::Crashed));
    }

    #[tokio::test]
    async fn a_failure_does_not_make_a_store_gone() {
        let warnings = Warnings::default();
        let store = Memory {
            fault: Fault::Fails,
            ..Memory::default()
        };
        let guard = Guard::open(store.open(), hasty(&warnings)).await.unwrap();
        assert_eq!(guard.load("a".to_owned()).await, Err(StoreError::Locked));
        assert_eq!(guard.load("a".to_owned()).await, Err(StoreError::Locked));
    }
}
