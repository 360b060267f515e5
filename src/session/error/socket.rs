//! Why vendor-ssm cannot listen on a Unix socket.

use std::io;

use crate::trust::Distrust;

/// Why there is no socket at the path. What is there already is untouched.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unusable {
    /// Another user could change the folder.
    #[error(transparent)]
    Folder(#[from] Distrust),
    /// A socket is there, and a program listens on it.
    #[error("another program listens there")]
    Answers,
    /// A socket is there, and this user owns it.
    #[error("the socket there belongs to another user (uid {0})")]
    Foreign(u32),
    /// This is there.
    #[error("{0} is there already")]
    Taken(&'static str),
    /// The system refused.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl From<rustix::io::Errno> for Unusable {
    fn from(error: rustix::io::Errno) -> Self {
        Self::Io(error.into())
    }
}

impl From<io::ErrorKind> for Unusable {
    fn from(kind: io::ErrorKind) -> Self {
        Self::Io(kind.into())
    }
}

impl Unusable {
    /// What to do next. `typed` is the socket's path as it was typed.
    pub(crate) fn hint(&self, typed: &str) -> String {
        match self {
            Self::Folder(Distrust::Unreadable { source, .. })
                if source.kind() == io::ErrorKind::NotFound =>
            {
                if typed.starts_with('~') {
                    "the shell replaces ~ only at the beginning of a word: put a space behind -L, or write $HOME".to_owned()
                } else {
                    "make the folder first, with `mkdir -m 700`".to_owned()
                }
            }
            Self::Folder(Distrust::Foreign { .. }) => {
                "choose a path in a folder that only you can write, such as one in your home directory"
                    .to_owned()
            }
            Self::Folder(distrust) => distrust.hint(),
            Self::Answers => "choose another path, or stop that program".to_owned(),
            Self::Foreign(_) | Self::Taken(_) => {
                "choose another path: vendor-ssm replaces only a socket of yours on which no program listens"
                    .to_owned()
            }
            Self::Io(_) => "choose another path".to_owned(),
        }
    }
}
