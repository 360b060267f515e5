//! What can go wrong with a command, beside what can with its session.

use std::time::Duration;

use crate::exit::Exit;

use super::words::Unsendable;

/// Why a command was not sent, or was given up.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// No session was started.
    #[error("cannot be sent: {0}")]
    Unsendable(#[from] Unsendable),
    /// No session was started.
    #[error("cannot go through a shell: that is a POSIX shell's, and the target runs Windows")]
    NoPosixShell,
    /// It took too long. Its session was terminated.
    #[error("did not end within {} s; its session was terminated", .0.as_secs())]
    TimedOut(Duration),
    /// One of its streams brought more bytes than are kept. Its session was terminated.
    #[error("wrote more than the {} MiB of a stream that are kept for JSON; its session was terminated", .0 >> 20)]
    TooMuch(usize),
    /// A signal, or the reader of our output who left. Its session was terminated.
    #[error("was given up, as we were ended; its session was terminated")]
    Stopped(Exit),
}

impl Fault {
    /// The exit code.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Unsendable(_) | Self::NoPosixShell => Exit::Usage,
            Self::TimedOut(_) | Self::TooMuch(_) => Exit::Lost,
            Self::Stopped(exit) => *exit,
        }
    }

    /// What to do next.
    pub fn hint(&self) -> Option<String> {
        Some(match self {
            Self::Unsendable(Unsendable::Nul) => "leave the NUL out".to_owned(),
            Self::Unsendable(Unsendable::TooLong { .. }) => {
                "put it into a script on the target and run that".to_owned()
            }
            Self::NoPosixShell => "leave --via out".to_owned(),
            Self::TimedOut(_) => {
                "what it had begun may be half done, and what it has put in the background may go on"
                    .to_owned()
            }
            Self::TooMuch(_) => {
                "let it write less, or run it on this target alone without --output json, which hands on any amount"
                    .to_owned()
            }
            Self::Stopped(_) => return None,
        })
    }
}
