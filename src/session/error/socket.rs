//! Why vendor-ssm cannot listen on a Unix socket.

use std::io;

use crate::platform::Unlistenable;
use crate::trust::Distrust;

/// Why there is no socket at the path. What is there already is untouched.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unusable {
    /// Another user could change the folder.
    #[error(transparent)]
    Folder(#[from] Distrust),
    /// The path itself cannot be used.
    #[error(transparent)]
    Path(#[from] Unlistenable),
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
            Self::Folder(distrust) if distrust.is_foreign() => {
                "choose a path in a folder that only you can write, such as one in your home directory"
                    .to_owned()
            }
            Self::Folder(distrust) => distrust.hint(),
            Self::Path(unlistenable) => unlistenable.hint().to_owned(),
        }
    }
}
