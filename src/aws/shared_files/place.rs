//! A line of `~/.aws/config` or `~/.aws/credentials`.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

/// A line of one of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub file: Arc<Path>,
    /// Counts from 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.file.display(), self.line)
    }
}
