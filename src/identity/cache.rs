//! Credentials kept between commands.
//! Under `auto` no failure of a store stops a command: it is warned about once, and the chain is
//! walked. A store that the settings demand is an error.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use tokio::sync::OnceCell;
use zeroize::Zeroizing;

use super::entry::{self, Request};
use super::error::{Error, ErrorKind};
use super::index::Index;
use super::lock::{Locks, Turn};
use super::notes::{Noted, Notes};
use super::role::AssumedRole;
use super::store::{self, Guard, HAS_KEYUTILS, Open, Room, StoreError};
use crate::callbacks::Callbacks;
use crate::os::Os;
use crate::platform::KEYRING;
use crate::private;
use crate::settings::{Customer, Store};

/// How far the cache is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum CacheUse {
    /// Cached credentials are used, and fresh ones kept.
    ReadWrite,
    /// `login`: the chain is walked even if it is cached, and kept.
    Refresh,
}

/// A role that a walk has brought.
pub(super) trait Walked {
    /// What it was asked for with, in the end.
    fn request(&self) -> Request<'_>;

    fn role(&self) -> &AssumedRole;

    /// The role that it was assumed with, and its end: logout forgets both.
    fn through(&self) -> Option<(Request<'_>, SystemTime)>;
}

/// A role, and the way it came.
pub(super) enum Got<T> {
    Cached(AssumedRole),
    Walked {
        it: T,
        /// Whether the cache keeps it.
        is_kept: bool,
    },
}

/// The cache of one process.
pub(super) struct Cache<'a> {
    demanded: Store,
    allowed: CacheUse,
    os: &'a Os,
    callbacks: &'a dyn Callbacks,
    patience: store::Patience<'a>,
    opened: OnceCell<Result<Guard<'a>, StoreError>>,
    warned: AtomicBool,
    locks: Locks<'a>,
    notes: Notes,
}

impl<'a> Cache<'a> {
    /// A cache in the store that `demanded` names; nothing is opened before it is needed.
    pub(super) fn new(
        demanded: Store,
        cache_use: CacheUse,
        os: &'a Os,
        callbacks: &'a dyn Callbacks,
        attended: bool,
    ) -> Self {
        Self {
            demanded,
            allowed: cache_use,
            os,
            callbacks,
            patience: store::Patience::new(callbacks, attended),
            opened: OnceCell::new(),
            warned: AtomicBool::new(false),
            locks: Locks::new(os, callbacks),
            notes: Notes::new(os),
        }
    }

    /// Whether cached credentials may be used.
    pub(super) fn reads(&self) -> bool {
        self.allowed == CacheUse::ReadWrite && self.demanded != Store::None
    }

    /// Whether fresh credentials are to be kept.
    pub(super) fn writes(&self) -> bool {
        self.demanded != Store::None
    }

    /// The role that `request` asks for: from the cache, else from `walk`.
    /// What that brings is kept for the customer `kept_for`, one process at a time; with `None` it
    /// waits for no other process.
    pub(super) async fn once<T: Walked>(
        &self,
        request: Request<'_>,
        kept_for: Option<&str>,
        walk: impl Future<Output = Result<T, Error>>,
    ) -> Result<Got<T>, Error> {
        self.once_for(Duration::ZERO, request, kept_for, walk).await
    }

    /// The same, but cached credentials that expire within `lasting` are renewed.
    pub(super) async fn once_for<T: Walked>(
        &self,
        lasting: Duration,
        request: Request<'_>,
        kept_for: Option<&str>,
        walk: impl Future<Output = Result<T, Error>>,
    ) -> Result<Got<T>, Error> {
        let lasts = |role: &AssumedRole| role.expires >= self.os.now() + lasting;
        if let Some(role) = self.load(request).await?.filter(lasts) {
            return Ok(Got::Cached(role));
        }
        let Some(customer) = kept_for.filter(|_| self.writes()) else {
            let it = walk.await?;
            return Ok(Got::Walked { it, is_kept: false });
        };
        let turn = self.turn(request).await;
        // Another process may have brought it meanwhile.
        if let Some(role) = self.load(request).await?.filter(lasts) {
            return Ok(Got::Cached(role));
        }
        let it = walk.await?;
        // The other process still walks and will keep what it brings.
        let is_kept = !matches!(turn, Turn::Taken) && self.save(customer, &it).await?;
        Ok(Got::Walked { it, is_kept })
    }

    /// The role under the key of `request`, if it will hold for a while yet.
    /// Anything else under that key is removed.
    pub(super) async fn load(&self, request: Request<'_>) -> Result<Option<AssumedRole>, Error> {
        if !self.reads() {
            return Ok(None);
        }
        let Some(store) = self.store().await? else {
            return Ok(None);
        };
        let key = request.key().to_string();
        let text = match store.load(key.clone()).await {
            Ok(Some(text)) => text,
            Ok(None) => return Ok(None),
            Err(error) => return self.failed(error).map(|()| None),
        };
        let role = entry::read(request, &text, self.os.now());
        if role.is_none() {
            store
                .remove(key)
                .await
                .or_else(|error| self.failed(error))?;
        }
        Ok(role)
    }

    /// Waits until no other process is getting what `request` asks for.
    async fn turn(&self, request: Request<'_>) -> Turn {
        let kind = match request {
            Request::Vendor(_) => "vendor",
            Request::Customer(_) => "customer",
        };
        // The first byte is enough to keep most keys apart, and bounds the number of files. A
        // customer's turn may wait for a vendor's and never the other way round.
        let key = request.key().to_string();
        self.locks.turn(&format!("{kind}-{}", &key[..2])).await
    }

    /// Keeps a role for `customer`. Answers whether it is kept.
    async fn save(&self, customer: &str, walked: &impl Walked) -> Result<bool, Error> {
        let Some(store) = self.store().await? else {
            return Ok(false);
        };
        let (request, role, now) = (walked.request(), walked.role(), self.os.now());
        let room = store.room();
        let text = entry::write(request, role, now, room == Room::Bytes);
        if text.len() > room.largest() {
            self.warn("the credentials are too large to keep, so every command gets new ones");
            return Ok(false);
        }
        let key = request.key().to_string();
        let noted = key.clone();
        let entries: Vec<(String, SystemTime)> = walked
            .through()
            .into_iter()
            .chain([(request, role.expires)])
            .map(|(request, end)| (request.key().to_string(), end))
            .collect();
        let kept = async {
            // Listed first: what is not listed, logout cannot find.
            Index::new(store, &self.locks)
                .add(customer, &entries, now)
                .await?;
            store.save(key, text).await
        };
        if let Err(error) = kept.await {
            return self.failed(error).map(|()| false);
        }
        let note = || self.notes.write(customer, request, role);
        let index = Index::new(store, &self.locks);
        if let Ok(Some(Err(error))) = index.if_listed(customer, &noted, note).await {
            // Only a prompt misses it.
            tracing::info!("the role's expiry cannot be noted: {error}");
        }
        Ok(true)
    }

    /// What is noted of a customer's vendor role and customer role, without opening the store.
    pub(super) fn noted(&self, customer: &Customer) -> [Option<Noted>; 2] {
        if self.reads() {
            self.notes.read(customer, self.os.now())
        } else {
            [None, None]
        }
    }

    /// Removes what is kept of `customer` for `request`.
    pub(super) async fn forget(&self, customer: &str, request: Request<'_>) -> Result<(), Error> {
        if !self.writes() {
            return Ok(());
        }
        self.notes.remove(customer, request);
        let Some(store) = self.store().await? else {
            return Ok(());
        };
        let removed = store.remove(request.key().to_string()).await;
        removed.or_else(|error| self.failed(error))
    }

    /// Forgets one customer's credentials, or everything;
    /// `known` are customers to look for beside those that are listed. Every store that can be
    /// reached is cleared, since `auto` may have used another one before.
    pub(super) async fn logout(&self, customer: Option<&str>, known: &[&str]) -> Result<(), Error> {
        let stores = match self.demanded {
            Store::Keyring => vec![(KEYRING, store::os_keyring(self.os))],
            Store::Keyutils => vec![("the kernel's keyutils", store::keyutils())],
            Store::Auto | Store::None => vec![
                (KEYRING, store::os_keyring(self.os)),
                ("the kernel's keyutils", store::keyutils()),
            ],
        };
        let any_will_do = stores.len() > 1;
        let mut result = Ok(());
        {
            // Also if no store can be opened: a note never outlives a logout.
            let _turn = self.locks.turn("index").await;
            if let Err(error) = self.notes.clear(customer) {
                self.callbacks.warn(&format!(
                    "vendor-ssm cannot delete its note of cached roles: {}",
                    private::said(&error)
                ));
            }
        }
        for (name, open) in stores {
            let cleared = match Guard::open(open, self.patience).await {
                Err(StoreError::Absent | StoreError::LinuxOnly) if any_will_do => Ok(()),
                Err(error) => Err(error),
                Ok(store) => {
                    let index = Index::new(&store, &self.locks);
                    let clear_notes = || drop(self.notes.clear(customer));
                    match customer {
                        Some(customer) => index.clear(customer, clear_notes).await,
                        None => index.clear_all(known, clear_notes).await,
                    }
                }
            };
            // The others are cleared all the same.
            result = result.and(cleared.map_err(|reason| ErrorKind::Store { name, reason }.into()));
        }
        result
    }

    /// Whether there is anywhere to keep credentials, before a person is asked for anything.
    /// It is tried out: a locked keyring can be opened and asked for what it does not have.
    pub(super) async fn ready(&self) -> Result<(), Error> {
        if !self.writes() {
            return Err(self.unkept());
        }
        let store = match self.opened.get_or_init(|| self.open()).await {
            Ok(store) => store,
            // No keyring to install would help.
            Err(reason @ StoreError::LinuxOnly) => {
                self.failed(*reason)?;
                return Err(self.unkept());
            }
            Err(_) => return Err(self.unkept()),
        };
        // The key holds the process id, so that another process cannot remove it meanwhile.
        let key = format!("ready-{}", std::process::id());
        let tried = async {
            store
                .save(key.clone(), Zeroizing::new(b"ready".to_vec()))
                .await?;
            store.remove(key).await
        };
        tried.await.map_err(|reason| {
            let reason = format!("{} cannot be used: {reason}", store.name());
            let is_off = false;
            ErrorKind::NowhereToKeep { reason, is_off }.into()
        })
    }

    /// The store's name, once it is opened.
    pub(super) fn name(&self) -> &'static str {
        let opened = self.opened.get().and_then(|opened| opened.as_ref().ok());
        opened.map_or("the credential store", Guard::name)
    }

    /// Why nothing could be kept.
    pub(super) fn unkept(&self) -> Error {
        let reason = match self.opened.get() {
            _ if !self.writes() => "the cache is switched off".to_owned(),
            Some(Err(reason)) => format!("no credential store can be used: {reason}"),
            _ => "the credential store did not take them".to_owned(),
        };
        let is_off = !self.writes();
        ErrorKind::NowhereToKeep { reason, is_off }.into()
    }

    async fn store(&self) -> Result<Option<&Guard<'a>>, Error> {
        let opened = self.opened.get_or_init(|| self.open()).await;
        match opened {
            Ok(store) => Ok(Some(store)),
            Err(reason) => self.failed(*reason).map(|()| None),
        }
    }

    async fn open(&self) -> Result<Guard<'a>, StoreError> {
        let open = |open: Open| Guard::open(open, self.patience);
        match self.demanded {
            Store::None => Err(StoreError::Absent),
            Store::Keyring => open(store::os_keyring(self.os)).await,
            Store::Keyutils => open(store::keyutils()).await,
            Store::Auto => match open(store::os_keyring(self.os)).await {
                Err(StoreError::Absent) if HAS_KEYUTILS => open(store::keyutils()).await,
                opened => opened,
            },
        }
    }

    /// What a failure of the store means: an error if that store was demanded, else one line.
    fn failed(&self, reason: StoreError) -> Result<(), Error> {
        let name = match self.demanded {
            Store::Keyring => KEYRING,
            Store::Keyutils => "the kernel's keyutils",
            Store::Auto | Store::None => {
                let name = self.name();
                self.warn(&format!(
                    "{name} cannot be used ({reason}), so credentials are not kept"
                ));
                return Ok(());
            }
        };
        Err(ErrorKind::Store { name, reason }.into())
    }

    fn warn(&self, text: &str) {
        if !self.warned.swap(true, Ordering::Relaxed) {
            self.callbacks.warn(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::time::Duration;

    use futures_util::future::{join, ready};

    use super::super::chain::tests::request;
    use super::super::entry::tests::role;
    use super::super::store::tests::{Fault, Memory, hasty};
    use super::*;
    use crate::callbacks::Warnings;

    struct Fresh<'a>(Request<'a>, AssumedRole);

    impl Walked for Fresh<'_> {
        fn request(&self) -> Request<'_> {
            self.0
        }

        fn role(&self) -> &AssumedRole {
            &self.1
        }

        fn through(&self) -> Option<(Request<'_>, SystemTime)> {
            None
        }
    }

    struct Place {
        os: Os,
        warnings: Warnings,
        store: Memory,
        _directory: tempfile::TempDir,
    }

    fn place(fault: Fault) -> Place {
        let directory = tempfile::tempdir().unwrap();
        // As the system makes a runtime folder, whatever the umask.
        #[cfg(unix)]
        {
            let own = std::os::unix::fs::PermissionsExt::from_mode(0o700);
            std::fs::set_permissions(directory.path(), own).unwrap();
        }
        let path = directory.path().to_str().unwrap();
        Place {
            os: Os::with_environment([("XDG_RUNTIME_DIR", path), ("LOCALAPPDATA", path)]),
            warnings: Warnings::default(),
            store: Memory {
                fault,
                ..Memory::default()
            },
            _directory: directory,
        }
    }

    impl Place {
        async fn cache(&self, demanded: Store, cache_use: CacheUse) -> Cache<'_> {
            let cache = Cache::new(demanded, cache_use, &self.os, &self.warnings, false);
            let guard = Guard::open(self.store.open(), hasty(&self.warnings)).await;
            assert!(cache.opened.set(guard).is_ok());
            cache
        }

        fn fresh<'a>(&self, asked: Request<'a>, token_length: usize) -> Fresh<'a> {
            let expires = self.os.now() + Duration::from_hours(1);
            let role = AssumedRole {
                expires,
                ..role(token_length)
            };
            Fresh(asked, role)
        }

        fn entries(&self) -> usize {
            self.store.entries.lock().unwrap().len()
        }
    }

    #[tokio::test]
    async fn what_is_kept_is_found_by_another_process_until_logout() {
        let place = place(Fault::None);
        let request = request();
        let asked = Request::Customer(&request);
        let cache = place.cache(Store::Auto, CacheUse::ReadWrite).await;
        assert!(cache.load(asked).await.unwrap().is_none());
        assert!(cache.save("acme", &place.fresh(asked, 900)).await.unwrap());
        let other = place.cache(Store::Auto, CacheUse::ReadWrite).await;
        let found = other.load(asked).await.unwrap().unwrap();
        assert_eq!(found.arn, role(900).arn);
        let guard = Guard::open(place.store.open(), hasty(&place.warnings))
            .await
            .unwrap();
        let locks = Locks::new(&place.os, &place.warnings);
        Index::new(&guard, &locks)
            .clear_all(&[], || ())
            .await
            .unwrap();
        assert_eq!(place.entries(), 0);
        assert!(other.load(asked).await.unwrap().is_none());
        assert!(place.warnings.0.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn a_role_that_logout_has_forgotten_meanwhile_is_not_noted() {
        let place = place(Fault::None);
        let cache = place.cache(Store::Auto, CacheUse::ReadWrite).await;
        let guard = Guard::open(place.store.open(), hasty(&place.warnings))
            .await
            .unwrap();
        let index = Index::new(&guard, &cache.locks);
        let entry = [("k".to_owned(), place.os.now() + Duration::from_hours(1))];
        index.add("acme", &entry, place.os.now()).await.unwrap();
        assert_eq!(index.if_listed("acme", "k", || 1).await.unwrap(), Some(1));
        assert_eq!(index.if_listed("beta", "k", || 1).await.unwrap(), None);
        index.clear("acme", || ()).await.unwrap();
        assert_eq!(index.if_listed("acme", "k", || 1).await.unwrap(), None);
    }

    #[tokio::test]
    async fn of_two_at_once_one_walks_and_the_other_finds_what_it_kept() {
        let place = place(Fault::None);
        let request = request();
        let asked = Request::Customer(&request);
        let one = place.cache(Store::Auto, CacheUse::ReadWrite).await;
        let other = place.cache(Store::Auto, CacheUse::ReadWrite).await;
        let walks = Cell::new(0);
        let get = async |cache: &Cache<'_>| {
            let walk = async {
                walks.set(walks.get() + 1);
                tokio::time::sleep(Duration::from_millis(100)).await;
                Ok(place.fresh(asked, 900))
            };
            matches!(
                cache.once(asked, Some("acme"), walk).await.unwrap(),
                Got::Walked { is_kept: true, .. }
            )
        };
        let (first, second) = join(get(&one), get(&other)).await;
        assert!(first != second, "one has walked, the other has found it");
        assert_eq!(walks.get(), 1);
        // What is not kept waits for no other process, and is not there afterwards.
        place.store.entries.lock().unwrap().clear();
        let _turn = one.turn(asked).await;
        let walk = ready(Ok(place.fresh(asked, 900)));
        let got = other.once(asked, None, walk).await.unwrap();
        assert!(matches!(got, Got::Walked { is_kept: false, .. }));
        assert_eq!(place.entries(), 0);
    }

    #[tokio::test]
    async fn login_does_not_read_and_no_cache_does_nothing() {
        let place = place(Fault::None);
        let request = request();
        let asked = Request::Customer(&request);
        let login = place.cache(Store::Auto, CacheUse::Refresh).await;
        assert!(login.save("acme", &place.fresh(asked, 900)).await.unwrap());
        assert!(login.load(asked).await.unwrap().is_none());
        let before = place.entries();
        let none = place.cache(Store::None, CacheUse::ReadWrite).await;
        let walk = ready(Ok(place.fresh(asked, 900)));
        let got = none.once(asked, Some("other"), walk).await.unwrap();
        assert!(matches!(got, Got::Walked { is_kept: false, .. }));
        assert_eq!(place.entries(), before);
    }

    #[tokio::test]
    async fn nonsense_and_expired_entries_are_removed() {
        let place = place(Fault::None);
        let request = request();
        let asked = Request::Customer(&request);
        let cache = place.cache(Store::Auto, CacheUse::ReadWrite).await;
        let key = asked.key().to_string();
        let expired = entry::write(asked, &role(900), entry::tests::noon(), false);
        for planted in [b"\xff".to_vec(), b"{}".to_vec(), expired[..100].to_vec()] {
            place
                .store
                .entries
                .lock()
                .unwrap()
                .insert(key.clone(), planted);
            assert!(cache.load(asked).await.unwrap().is_none());
            assert_eq!(place.entries(), 0);
        }
    }

    #[tokio::test]
    async fn too_large_is_said_once_and_never_kept_in_part() {
        let place = place(Fault::None);
        let request = request();
        let asked = Request::Customer(&request);
        let cache = place.cache(Store::Auto, CacheUse::ReadWrite).await;
        assert!(!cache.save("acme", &place.fresh(asked, 3200)).await.unwrap());
        assert!(
            !cache
                .save("acme", &place.fresh(asked, 16_384))
                .await
                .unwrap()
        );
        assert_eq!(
            (place.entries(), place.warnings.0.lock().unwrap().len()),
            (0, 1)
        );
    }

    #[tokio::test]
    async fn no_store_stops_a_command_unless_it_was_demanded() {
        for fault in [Fault::Fails, Fault::Hangs, Fault::Panics] {
            let place = place(fault);
            let request = request();
            let asked = Request::Customer(&request);
            let cache = place.cache(Store::Auto, CacheUse::ReadWrite).await;
            assert!(cache.load(asked).await.unwrap().is_none());
            assert!(!cache.save("acme", &place.fresh(asked, 900)).await.unwrap());
            assert_eq!(place.warnings.0.lock().unwrap().len(), 1);
            let demanding = place.cache(Store::Keyring, CacheUse::ReadWrite).await;
            let error = demanding.load(asked).await.unwrap_err();
            assert!(matches!(*error.kind, ErrorKind::Store { .. }));
        }
    }
}
