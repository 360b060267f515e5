//! What the settings are read from: a file, or a folder whose files are read as one.

use std::fmt;
use std::path::{Path, PathBuf};

use super::origin::{Decided, Origin};

/// The file or the folder that holds the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Location {
    /// Its path as it was named.
    pub path: PathBuf,
    /// Whether it is a folder.
    pub is_folder: bool,
}

impl Location {
    pub(super) fn file(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            is_folder: false,
        }
    }

    pub(super) fn folder(path: impl Into<PathBuf>) -> Self {
        Self {
            path: path.into(),
            is_folder: true,
        }
    }
}

impl fmt::Display for Location {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = if self.is_folder { "folder" } else { "file" };
        write!(formatter, "settings {kind} {}", self.path.display())
    }
}

/// A file with settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Text {
    /// The file, by the path that it was read from.
    pub file: PathBuf,
    /// What it holds.
    pub text: String,
}

/// What the settings are made of.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// The file or folder.
    pub location: Location,
    /// What named it.
    pub origin: Origin,
    /// The file's text, or those of the folder's files, sorted by name.
    pub texts: Vec<Text>,
}

impl Source {
    /// The settings file at this path, with this text.
    pub(super) fn file(found: Decided<PathBuf>, text: impl Into<String>) -> Self {
        let text = Text {
            file: found.value.clone(),
            text: text.into(),
        };
        Self {
            location: Location::file(found.value),
            origin: found.origin,
            texts: vec![text],
        }
    }

    /// The folder, if it is one.
    pub(super) fn folder(&self) -> Option<&Path> {
        self.location.is_folder.then_some(&self.location.path)
    }
}
