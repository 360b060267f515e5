//! What can go wrong with a command, beside what can with its session.

use std::fmt;
use std::time::Duration;

use crate::exit::Exit;
use crate::platform::places;

use super::hint;

/// Why words cannot be sent as one command.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Unsendable {
    /// No program takes such an argument.
    #[error("a word of the command contains a NUL character")]
    Nul,
    /// It does not fit into the parameter.
    #[error("the command is {length} characters long when it is quoted, and the limit is {limit}")]
    TooLong {
        /// Its length in characters, quoted.
        length: usize,
        /// The limit in characters.
        limit: usize,
    },
    /// The target's agent would replace this part of it.
    #[error("the target's agent replaces {0} in it with a value from Parameter Store")]
    Lookup(String),
}

/// How a command ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum How {
    /// With this exit status.
    Exited(i64),
    /// A signal killed it.
    Killed,
    /// A Ctrl-C was passed on to it, and its own exit status is not known.
    Interrupted,
}

/// What happened to the command, as a clause that begins with it.
impl fmt::Display for How {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(code) => write!(formatter, "has ended with exit status {code}"),
            Self::Killed => formatter.write_str("was killed by a signal"),
            Self::Interrupted => formatter.write_str("has ended after Ctrl-C"),
        }
    }
}

/// Why a command was not sent, or was stopped, or what is not known of it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fault {
    /// No session was started.
    #[error("cannot be sent: {0}")]
    Unsendable(#[from] Unsendable),
    /// No session was started.
    #[error(
        "cannot go through a shell: --via shell needs a POSIX shell, and the target runs Windows"
    )]
    NoPosixShell,
    /// The agent could not start it, for this reason in its own words. Hostile text.
    #[error("could not be started: {0}")]
    NotStarted(String),
    /// It has ended, and its connection was lost and resumed before.
    #[error("{0}, but its connection was lost and resumed before: its output may be incomplete")]
    Resumed(How),
    /// It took too long. Its session was terminated.
    #[error("did not finish within {} s; its session was terminated", .0.as_secs())]
    TimedOut(Duration),
    /// One of its streams brought more bytes than JSON output keeps. Its session was terminated.
    #[error("wrote more than {} MiB to one stream, the limit of JSON output and --group; its session was terminated", .0 >> 20)]
    TooMuch(usize),
    /// This many bytes wait for the reader of the output. Its session was terminated.
    #[error("wrote {} GiB more than was read; its session was terminated", .0 >> 30)]
    Unread(u64),
    /// What waits for the reader cannot be written to a file. Its session was terminated.
    #[error(
        "was stopped because vendor-ssm cannot keep its output: the temporary file in {folder:?} failed: {why}; its session was terminated"
    )]
    Unkept {
        /// Where the file is.
        folder: String,
        /// Why not.
        why: String,
    },
    /// A signal came, or the reader of the output left. Its session was terminated.
    #[error("was cancelled because vendor-ssm was stopped; its session was terminated")]
    Stopped(Exit),
}

impl Fault {
    /// The exit code.
    pub(crate) fn exit(&self) -> Exit {
        match self {
            Self::Unsendable(_) | Self::NoPosixShell => Exit::Usage,
            Self::NotStarted(_) => Exit::NotOpened,
            Self::Resumed(_) | Self::TimedOut(_) | Self::TooMuch(_) | Self::Unread(_) => Exit::Lost,
            Self::Unkept { .. } => Exit::LocalIo,
            Self::Stopped(exit) => *exit,
        }
    }

    /// What to do next.
    pub(crate) fn hint(&self) -> String {
        match self {
                Self::Unsendable(Unsendable::Nul) => "remove the NUL character",
                Self::Unsendable(Unsendable::TooLong { .. }) => {
                    "put the command into a script on the target and run that"
                }
                Self::Unsendable(Unsendable::Lookup(_)) => {
                    "pass --via shell, which sends it unchanged, or send it in base64 and decode it on the target: sh -c 'echo BASE64 | base64 -d | sh'"
                }
                Self::NoPosixShell => "omit --via",
                // The agent could not prepare it (`execute` in the agent's `shell.go`).
                Self::NotStarted(reason) if reason.starts_with("Unable to start command") => {
                    hint::of_end(reason, "").unwrap_or(
                        "ask the customer to check the session document, and the instance's agent",
                    )
                }
                Self::NotStarted(reason) if reason.starts_with(hint::NO_COMMANDS) => {
                    hint::of_end(reason, "").unwrap_or_default()
                }
                Self::NotStarted(_) => {
                    "check that the program is on the target; for shell syntax and what a shell has built in, use `sh -c '…'`"
                }
                Self::Resumed(_) => {
                    "do not repeat the command without a check, since it has ended. To keep its output, write it to a file on the target, or use --via shell"
                }
                Self::TimedOut(_) | Self::Stopped(_) => {
                    "check the target: the command may be half done, and processes that it put in the background may still run"
                }
                Self::TooMuch(_) => {
                    "reduce its output, or pass --output-dir, which has no limit"
                }
                Self::Unread(_) => {
                    "read the output faster: write it to a file first, and look at that file"
                }
                Self::Unkept { .. } => {
                    return format!(
                        "set {} to a folder with more space, or write the output to a file",
                        places::TEMPORARY_VARIABLE
                    );
                }
            }
            .to_owned()
    }
}
