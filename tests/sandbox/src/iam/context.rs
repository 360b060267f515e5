//! The request context: the condition keys that a request carries, with their values.

use std::collections::BTreeMap;

use super::time;

/// The value of a condition key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ContextValue {
    /// A single-valued key, such as `aws:userid`.
    Single(String),
    /// A multivalued key, such as `aws:TagKeys`; empty counts as absent.
    Multi(Vec<String>),
}

impl ContextValue {
    /// All values, one for a single-valued key.
    pub fn values(&self) -> &[String] {
        match self {
            Self::Single(value) => std::slice::from_ref(value),
            Self::Multi(values) => values,
        }
    }
}

/// Condition keys and their values.
/// Key names are compared without regard to letter case, the tag key in `aws:ResourceTag/Key`
/// included, as IAM does.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Context(BTreeMap<String, ContextValue>);

impl Context {
    /// A context without keys.
    pub fn new() -> Self {
        Self::default()
    }

    /// Sets a single-valued key, replacing what it held.
    pub fn set(&mut self, key: &str, value: impl Into<String>) -> &mut Self {
        self.insert(key, ContextValue::Single(value.into()))
    }

    /// Sets a multivalued key, replacing what it held.
    pub fn set_all<V: Into<String>>(
        &mut self,
        key: &str,
        values: impl IntoIterator<Item = V>,
    ) -> &mut Self {
        let values = values.into_iter().map(Into::into).collect();
        self.insert(key, ContextValue::Multi(values))
    }

    /// Sets a single-valued key unless it is there already.
    pub fn set_default(&mut self, key: &str, value: impl FnOnce() -> String) -> &mut Self {
        self.0
            .entry(key.to_lowercase())
            .or_insert_with(|| ContextValue::Single(value()));
        self
    }

    /// Sets `aws:CurrentTime` and `aws:EpochTime`, given in seconds since 1970.
    pub fn set_time(&mut self, epoch_seconds: u64) -> &mut Self {
        self.set("aws:CurrentTime", time::iso(epoch_seconds));
        self.set("aws:EpochTime", epoch_seconds.to_string())
    }

    /// The value of a key; a multivalued key without values is absent.
    pub fn get(&self, key: &str) -> Option<&ContextValue> {
        self.0
            .get(&key.to_lowercase())
            .filter(|value| !value.values().is_empty())
    }

    /// The value of a single-valued key.
    /// Multivalued keys are none: they cannot be policy variables.
    pub fn single(&self, key: &str) -> Option<&str> {
        match self.get(key)? {
            ContextValue::Single(value) => Some(value),
            ContextValue::Multi(_) => None,
        }
    }

    fn insert(&mut self, key: &str, value: ContextValue) -> &mut Self {
        self.0.insert(key.to_lowercase(), value);
        self
    }
}
