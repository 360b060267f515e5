//! Which entries belong to which customer, so that logout finds them: stores cannot be listed.
//! One entry for each customer holds its keys, and sixteen share the customers' names, so that none
//! grows too large.

use std::time::{SystemTime, UNIX_EPOCH};

use serde::{Deserialize, Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

use super::chain::Fields;
use super::lock::{Locks, Turn};
use super::store::{Guard, MAX_ENTRY, StoreError};

/// How many entries one customer may have, superseded ones included.
const MAX_KEYS: usize = 24;

/// The list of what a store keeps.
pub(super) struct Index<'a, 'b> {
    store: &'a Guard<'b>,
    locks: &'a Locks<'b>,
}

/// A key, and when its entry expires, in seconds since 1970.
#[derive(Clone, Serialize, Deserialize)]
struct Key(String, u64);

impl<'a, 'b> Index<'a, 'b> {
    /// The list in `store`.
    pub(super) fn new(store: &'a Guard<'b>, locks: &'a Locks<'b>) -> Self {
        Self { store, locks }
    }

    /// Lists entries for `customer` with their expiry, and removes that customer's expired ones.
    pub(super) async fn add(
        &self,
        customer: &str,
        entries: &[(String, SystemTime)],
        now: SystemTime,
    ) -> Result<(), StoreError> {
        let _turn = self.turn().await;
        let mut keys: Vec<Key> = self.read(&keys_of(customer)).await?;
        keys.retain(|listed| entries.iter().all(|(key, _)| *key != listed.0));
        let over = keys.extract_if(.., |listed| listed.1 <= seconds(now));
        let mut obsolete: Vec<Key> = over.collect();
        let room = MAX_KEYS.saturating_sub(entries.len());
        obsolete.extend(keys.drain(..keys.len().saturating_sub(room)));
        for Key(key, _) in obsolete {
            self.store.remove(key).await?;
        }
        let added = entries
            .iter()
            .map(|(key, end)| Key(key.clone(), seconds(*end)));
        keys.extend(added);
        self.write(keys_of(customer), &keys).await?;

        let mut names: Vec<String> = self.read(&names_with(customer)).await?;
        if !names.iter().any(|name| name == customer) {
            names.push(customer.to_owned());
            self.write(names_with(customer), &names).await?;
        }
        Ok(())
    }

    /// Does something if an entry is still listed for `customer`, before a logout can forget it.
    pub(super) async fn if_listed<T>(
        &self,
        customer: &str,
        key: &str,
        work: impl FnOnce() -> T,
    ) -> Result<Option<T>, StoreError> {
        let _turn = self.turn().await;
        let keys: Vec<Key> = self.read(&keys_of(customer)).await?;
        let is_listed = keys.iter().any(|listed| listed.0 == key);
        Ok(is_listed.then(work))
    }

    /// Removes everything that is kept for `customer`, the vendor role included:
    /// what could still become that customer's role would not be forgotten. No entry can be listed
    /// before `and_then` has been called.
    pub(super) async fn clear(
        &self,
        customer: &str,
        and_then: impl FnOnce(),
    ) -> Result<(), StoreError> {
        let _turn = self.turn().await;
        let cleared = self.clear_keys(customer).await;
        and_then();
        cleared?;
        let mut names: Vec<String> = self.read(&names_with(customer)).await?;
        if names.iter().any(|name| name == customer) {
            names.retain(|name| name != customer);
            self.write(names_with(customer), &names).await?;
        }
        Ok(())
    }

    /// Removes everything that is kept: for the customers listed, and for those in `known`.
    /// No entry can be listed before `and_then` has been called.
    pub(super) async fn clear_all(
        &self,
        known: &[&str],
        and_then: impl FnOnce(),
    ) -> Result<(), StoreError> {
        let _turn = self.turn().await;
        let cleared = self.clear_every(known).await;
        and_then();
        cleared
    }

    async fn clear_every(&self, known: &[&str]) -> Result<(), StoreError> {
        for customer in known {
            self.clear_keys(customer).await?;
        }
        for shard in (0..16).map(names_in) {
            let names: Vec<String> = self.read(&shard).await?;
            for name in names {
                self.clear_keys(&name).await?;
            }
            self.store.remove(shard).await?;
        }
        Ok(())
    }

    async fn clear_keys(&self, customer: &str) -> Result<(), StoreError> {
        let keys: Vec<Key> = self.read(&keys_of(customer)).await?;
        for Key(key, _) in keys {
            self.store.remove(key).await?;
        }
        self.store.remove(keys_of(customer)).await
    }

    /// A list; one that cannot be read is as good as empty.
    async fn read<T: DeserializeOwned>(&self, key: &str) -> Result<Vec<T>, StoreError> {
        let text = self.store.load(key.to_owned()).await?;
        Ok(text
            .and_then(|text| serde_json::from_slice(&text).ok())
            .unwrap_or_default())
    }

    /// Writes a list, or removes it when nothing is left in it.
    /// A list of names that has outgrown its entry stays as it is: logout looks for the customers
    /// of the settings file as well.
    async fn write<T: Serialize>(&self, key: String, list: &[T]) -> Result<(), StoreError> {
        if list.is_empty() {
            return self.store.remove(key).await;
        }
        let text = serde_json::to_vec(list).map_err(|_| StoreError::Failed)?;
        if text.len() > MAX_ENTRY {
            return Ok(());
        }
        self.store.save(key, Zeroizing::new(text)).await
    }

    async fn turn(&self) -> Turn {
        self.locks.turn("index").await
    }
}

fn keys_of(customer: &str) -> String {
    let name = Fields::of("customer").text(customer).finish();
    format!("keys-{name}")
}

fn names_with(customer: &str) -> String {
    let name = Fields::of("customer").text(customer).finish().to_string();
    names_in(u8::from_str_radix(&name[..1], 16).unwrap_or_default())
}

fn names_in(shard: u8) -> String {
    format!("customers-{shard:x}")
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::super::entry::tests::noon;
    use super::super::store::tests::{Memory, hasty};
    use super::*;
    use crate::callbacks::Warnings;
    use crate::os::Os;

    #[tokio::test]
    async fn logout_of_one_customer_leaves_the_others() {
        let (warnings, store) = (Warnings::default(), Memory::default());
        let guard = Guard::open(store.open(), hasty(&warnings)).await.unwrap();
        let os = Os::with_environment([]);
        let locks = Locks::new(&os, &warnings);
        let index = Index::new(&guard, &locks);
        let expires = noon() + Duration::from_hours(1);
        for (customer, key) in [("acme", "1"), ("acme", "2"), ("beta", "3")] {
            index
                .add(customer, &[(key.to_owned(), expires)], noon())
                .await
                .unwrap();
            let entry = Zeroizing::new(b"x".to_vec());
            guard.save(key.to_owned(), entry).await.unwrap();
        }
        index.clear("acme", || ()).await.unwrap();
        index.clear("acme", || ()).await.unwrap();
        let has = |key: &str| store.entries.lock().unwrap().contains_key(key);
        assert!(!has("1") && !has("2") && has("3"));
        // Entries that are gone already do not matter.
        store.entries.lock().unwrap().remove("3");
        index.clear_all(&["acme", "never"], || ()).await.unwrap();
        assert!(store.entries.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn superseded_entries_are_removed_and_lists_stay_small() {
        let (warnings, store) = (Warnings::default(), Memory::default());
        let guard = Guard::open(store.open(), hasty(&warnings)).await.unwrap();
        let os = Os::with_environment([]);
        let locks = Locks::new(&os, &warnings);
        let index = Index::new(&guard, &locks);
        for hour in 0..40 {
            let now = noon() + Duration::from_secs(hour / 35 * 7200);
            let key = format!("{hour:064}");
            let expires = now + Duration::from_hours(1);
            index
                .add("acme", &[(key.clone(), expires)], now)
                .await
                .unwrap();
            guard
                .save(key, Zeroizing::new(b"x".to_vec()))
                .await
                .unwrap();
            let longest = store.entries.lock().unwrap().values().map(Vec::len).max();
            assert!(longest.unwrap() <= MAX_ENTRY);
            assert!(store.entries.lock().unwrap().len() <= MAX_KEYS + 2);
        }
        // Two lists, and the entries since the others expired.
        assert_eq!(store.entries.lock().unwrap().len(), 2 + 5);
    }

    #[tokio::test]
    async fn many_customers_are_all_found() {
        let (warnings, store) = (Warnings::default(), Memory::default());
        let guard = Guard::open(store.open(), hasty(&warnings)).await.unwrap();
        let os = Os::with_environment([]);
        let locks = Locks::new(&os, &warnings);
        let index = Index::new(&guard, &locks);
        for number in 0..300 {
            let (customer, key) = (format!("customer-number-{number}"), format!("k{number}"));
            let expires = noon() + Duration::from_hours(1);
            index
                .add(&customer, &[(key.clone(), expires)], noon())
                .await
                .unwrap();
            guard
                .save(key, Zeroizing::new(b"x".to_vec()))
                .await
                .unwrap();
        }
        index.clear_all(&[], || ()).await.unwrap();
        assert!(store.entries.lock().unwrap().is_empty());
    }
}
