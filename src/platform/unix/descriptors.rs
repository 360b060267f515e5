//! File descriptors: whether the process may open as many as its work needs.
//! Without them a library panics, or vendor-ssm starts a session that it cannot end.

use std::os::fd::OwnedFd;

use rustix::io::{Errno, fcntl_dupfd_cloexec};
use rustix::process::{Resource, getrlimit};

/// Descriptors that are kept free. Once this is dropped, as many can be opened.
#[derive(Debug)]
pub(crate) struct Reserve(Vec<OwnedFd>);

/// Fewer descriptors are free than are needed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TooFew {
    /// The process has reached its limit (getrlimit(2), `RLIMIT_NOFILE`).
    #[error("too few file descriptors: {free} are free, and vendor-ssm needs {needed}")]
    Process {
        /// How many are free.
        free: usize,
        /// How many are needed.
        needed: usize,
        /// The limit of the process, if it has one.
        limit: Option<u64>,
    },
    /// The system has reached its own limit.
    #[error("too few file descriptors: the system has none left")]
    System,
}

impl Reserve {
    /// Keeps so many free.
    pub(crate) fn of(needed: usize) -> Result<Self, TooFew> {
        let mut kept = Vec::with_capacity(needed);
        while kept.len() < needed {
            match fcntl_dupfd_cloexec(rustix::stdio::stdin(), 0) {
                Ok(descriptor) => kept.push(descriptor),
                Err(Errno::NFILE) => return Err(TooFew::System),
                // A limit of 0 makes even the lowest number invalid.
                Err(Errno::MFILE | Errno::INVAL) => {
                    return Err(TooFew::Process {
                        free: kept.len(),
                        needed,
                        limit: getrlimit(Resource::Nofile).current,
                    });
                }
                // It says nothing about how many there are.
                Err(_) => break,
            }
        }
        Ok(Self(kept))
    }

    /// Frees all but so many.
    pub(crate) fn shrink(&mut self, kept: usize) {
        self.0.truncate(kept);
    }
}

impl TooFew {
    /// What to do about it.
    pub(crate) fn hint(&self) -> String {
        match self {
            Self::Process {
                limit: Some(limit), ..
            } => format!(
                "the limit is {limit}: raise it with `ulimit -n 1024`, in the shell that starts vendor-ssm"
            ),
            Self::Process { limit: None, .. } | Self::System => {
                "close programs that have many files or connections open".to_owned()
            }
        }
    }
}

/// Says whether so many are free.
pub(crate) fn enough(needed: usize) -> Result<(), TooFew> {
    Reserve::of(needed).map(drop)
}
