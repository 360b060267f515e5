//! Why vendor-ssm does not use a file or a folder of its own.

use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

use crate::platform::{Flaw, files, places};
use crate::trust::Distrust;

/// What is wrong with a private file or folder.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    /// Another user could change where the path leads.
    #[error(transparent)]
    Way(Distrust),
    /// Another user owns it, and be it root, or could change it.
    #[error("{}", flaw.said(&path.display().to_string()))]
    Unsafe { path: PathBuf, flaw: Flaw },
    /// A link, a pipe, a device.
    #[error("{} is {kind}, not a regular file", path.display())]
    Kind { path: PathBuf, kind: &'static str },
    /// It has a second name, which may belong to another program.
    #[error("{} has a second name (hard link)", .0.display())]
    HardLink(PathBuf),
    #[error("{} is not a folder", .0.display())]
    NotAFolder(PathBuf),
}

impl Refusal {
    /// What the way to a folder was refused for. What the system refuses stays its error.
    pub(super) fn way(distrust: Distrust) -> io::Error {
        match distrust {
            Distrust::Unreadable { path, source } => named(&path, source),
            distrust => Self::Way(distrust).into(),
        }
    }

    fn hint(&self) -> String {
        let quoted = |path: &Path| crate::names::quoted(&path.display().to_string());
        match self {
            Self::Way(distrust) if distrust.is_foreign() => {
                format!(
                    "set {} to a folder of your own, or run vendor-ssm as that user",
                    places::STATE_VARIABLE
                )
            }
            Self::Way(distrust) => distrust.hint(),
            Self::Unsafe { path, flaw } if flaw.is_foreign() => format!(
                "review {}, then remove it; if you may not, use a folder that only you can write",
                quoted(path)
            ),
            Self::Unsafe { path, flaw } => flaw.hint(path),
            Self::Kind { path, .. } | Self::NotAFolder(path) => {
                format!("move {} away", quoted(path))
            }
            Self::HardLink(path) => {
                let command = files::own_copy_command(&quoted(path));
                format!("run `{command}`")
            }
        }
    }
}

impl From<Refusal> for io::Error {
    fn from(refusal: Refusal) -> Self {
        Self::new(io::ErrorKind::PermissionDenied, refusal)
    }
}

/// An error of the system with the path that it is about. Its kind stays.
#[derive(Debug)]
struct Named {
    path: PathBuf,
    source: io::Error,
}

impl fmt::Display for Named {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.path.display(), self.source)
    }
}

impl std::error::Error for Named {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.source)
    }
}

/// Names the path in an error of the system.
pub(super) fn named(path: &Path, source: io::Error) -> io::Error {
    let path = path.to_owned();
    io::Error::new(source.kind(), Named { path, source })
}

fn refusal(error: &io::Error) -> Option<&Refusal> {
    error.get_ref()?.downcast_ref()
}

/// Whether vendor-ssm refused it, rather than the system.
pub(crate) fn is_refusal(error: &io::Error) -> bool {
    refusal(error).is_some()
}

/// Whether the system may have refused this only because another program has the file open.
pub(crate) fn is_in_use(error: &io::Error) -> bool {
    let named = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<Named>());
    files::is_in_use(named.map_or(error, |named| &named.source))
}

/// What to do about it, if vendor-ssm refused it, or if another program has the file open.
pub(crate) fn hint(error: &io::Error) -> Option<String> {
    let in_use = || {
        files::IN_USE
            .filter(|_| is_in_use(error))
            .map(str::to_owned)
    };
    refusal(error).map(Refusal::hint).or_else(in_use)
}

/// The error in one line, with what to do about it.
pub(crate) fn said(error: &io::Error) -> String {
    match hint(error) {
        Some(hint) => format!("{error}; {hint}"),
        None => error.to_string(),
    }
}
