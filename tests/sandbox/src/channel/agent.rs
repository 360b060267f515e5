//! What the agent runs behind a session: a shell, a command, or connections to a port. To the session they are all one:
//! something that takes inputs, says outputs and can be dropped.

use std::path::PathBuf;
use std::sync::Arc;

use serde_json::Value;

use super::message::{PayloadType, Size};
use super::session::Session;
use super::{Shell, port, shell};

pub use super::port::Port;

/// What a session is for.
#[derive(Clone, Debug)]
pub enum Behind {
    /// `Standard_Stream`: a program on a pty.
    Shell(Shell),
    /// `InteractiveCommands`: the same, with the program that the caller asked for.
    Interactive(Shell),
    /// `NonInteractiveCommands`: a program without one.
    Command(Command),
    /// `Port`: TCP connections.
    Port(Port),
}

/// A command of `NonInteractiveCommands`.
#[derive(Clone, Debug, Default)]
pub struct Command {
    /// The document's `commands`, which the agent splits into words without a shell.
    pub line: String,
    /// `separateOutputStream`: outputs are streamed, each in its own payload type, and the exit code is said.
    pub separate: bool,
    /// `stdOutSeparatorPrefix`, of separate outputs only.
    pub stdout_prefix: String,
    /// `stdErrSeparatorPrefix`, of separate outputs only.
    pub stderr_prefix: String,
    /// Working directory, and `HOME`; `/` when absent.
    pub cwd: Option<PathBuf>,
}

impl Behind {
    /// Whether agents open with a handshake though nobody asked for one.
    pub(super) fn needs_handshake(&self) -> bool {
        matches!(self, Self::Command(_) | Self::Port(_))
    }

    /// `SessionType` and `Properties` of the handshake.
    pub(super) fn session_type(&self) -> (&'static str, Value) {
        match self {
            Self::Shell(_) => ("Standard_Stream", Value::Null),
            Self::Interactive(_) => ("InteractiveCommands", Value::Null),
            Self::Command(_) => ("NonInteractiveCommands", Value::Null),
            Self::Port(port) => ("Port", port.properties()),
        }
    }

    /// Starts it. It ends the session when it ends.
    pub(super) fn start(
        &self,
        session: &Arc<Session>,
        client_version: &str,
        agent_version: &str,
    ) -> Result<Box<dyn Plugin>, Failure> {
        match self {
            Self::Shell(shell) | Self::Interactive(shell) => {
                Ok(Box::new(shell::start(shell, session)?))
            }
            #[cfg(unix)]
            Self::Command(command) => Ok(Box::new(super::process::start(command, session)?)),
            #[cfg(not(unix))]
            Self::Command(_) => Err("The sandbox runs commands on Unix only.".to_owned().into()),
            Self::Port(port) => port::start(port, session, client_version, agent_version),
        }
    }
}

/// One input.
pub enum Input {
    /// Keys, or bytes for a connection.
    Bytes(Vec<u8>),
    /// The size of the client's terminal.
    Resized(Size),
    /// One of the flags.
    Flag(Flag),
}

/// The flags that clients send.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flag {
    /// The local connection has ended.
    DisconnectToPort,
    /// The client wants no more of the session.
    TerminateSession,
}

impl Flag {
    /// Reads the payload of a flag message.
    pub fn read(payload: &[u8]) -> Option<Self> {
        match u32::from_be_bytes(payload.try_into().ok()?) {
            1 => Some(Self::DisconnectToPort),
            2 => Some(Self::TerminateSession),
            _ => None,
        }
    }
}

/// What became of an input.
pub enum Taken {
    /// It is used, or of no use here.
    Yes,
    /// There is no room for it yet: it is kept, and acknowledged when it is used.
    Later,
    /// Nobody is there yet: it is lost, and the client has to send it again.
    No,
}

/// What runs: agents call it a session plugin. Dropping it ends it with all that it started.
pub trait Plugin: Send {
    /// Takes an input. Whoever said [`Taken::Later`] wakes the session when there is room.
    fn take(&mut self, input: Input) -> Taken;
}

/// Why nothing runs.
pub struct Failure {
    /// What is said before the session ends.
    pub outputs: Vec<(PayloadType, String)>,
    /// What `channel_closed` says.
    pub farewell: String,
}

impl From<String> for Failure {
    /// An error that agents mark as such.
    fn from(error: String) -> Self {
        Self {
            outputs: Vec::new(),
            farewell: format!("----------ERROR-------\n{error}"),
        }
    }
}
