//! Why a path is not trusted, and the command that mends it.

use std::fmt;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};

use crate::platform::{Flaw, look_command};

/// Why a path is not trusted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Distrust {
    /// A part of the path does not exist or cannot be looked at.
    #[error("{} cannot be checked: {source}", path.display())]
    Unreadable {
        /// That part.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Something else lies there than what is needed, which comes first.
    #[error("{} is not {}", .1.display(), .0)]
    NotA(&'static str, PathBuf),
    /// Another user owns it or can write it.
    #[error("{}", flaw.said(&format!("the {kind} {}", path.display())))]
    Unsafe {
        /// What it is.
        kind: Kind,
        /// A folder or link on the way, or the end itself.
        path: PathBuf,
        /// What is wrong with it.
        flaw: Flaw,
    },
}

impl Distrust {
    pub(super) fn unreadable(path: &Path, source: impl Into<io::Error>) -> Self {
        Self::Unreadable {
            path: path.to_owned(),
            source: source.into(),
        }
    }

    /// Whether the path does not exist.
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self, Self::Unreadable { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }

    /// Whether another user owns it.
    pub(crate) fn is_foreign(&self) -> bool {
        matches!(self, Self::Unsafe { flaw, .. } if flaw.is_foreign())
    }

    /// What to do next. A command in it can be pasted.
    pub(crate) fn hint(&self) -> String {
        match self {
            Self::Unreadable { path, .. } | Self::NotA(_, path) => {
                format!("check it with `{}`", look_command(path))
            }
            Self::Unsafe { path, flaw, .. } => flaw.hint(path),
        }
    }
}

/// What lies at a part of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, or a junction.
    Link,
    /// A pipe, a socket or a device.
    Other,
}

impl Kind {
    pub(super) fn of(metadata: &Metadata) -> Self {
        let kind = metadata.file_type();
        if kind.is_file() {
            Self::File
        } else if kind.is_dir() {
            Self::Folder
        } else if kind.is_symlink() {
            Self::Link
        } else {
            Self::Other
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::File => "file",
            Self::Folder => "folder",
            Self::Link => "link",
            Self::Other => "special file",
        })
    }
}
