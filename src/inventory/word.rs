//! Words that many instances have in common, such as `running`. Each is in memory once.

use std::collections::HashSet;
use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use serde::{Serialize, Serializer};

/// A shared word. Clones share the text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Word(Arc<str>);

impl Word {
    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl Deref for Word {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl PartialEq<str> for Word {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl fmt::Display for Word {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(self)
    }
}

impl From<&str> for Word {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl Serialize for Word {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self)
    }
}

/// The words met so far.
#[derive(Debug, Default)]
pub(super) struct Words(HashSet<Arc<str>>);

impl Words {
    /// The word with this text.
    pub(super) fn word(&mut self, text: &str) -> Word {
        if let Some(known) = self.0.get(text) {
            return Word(Arc::clone(known));
        }
        let word: Arc<str> = text.into();
        self.0.insert(Arc::clone(&word));
        Word(word)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_text_is_kept_once() {
        let mut words = Words::default();
        let (one, other) = (words.word("running"), words.word("running"));
        assert!(Arc::ptr_eq(&one.0, &other.0));
        assert_eq!(&*words.word("stopped"), "stopped");
        assert_eq!(serde_json::to_string(&one).unwrap(), "\"running\"");
    }
}
