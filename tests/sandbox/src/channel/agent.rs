//! What the agent runs behind a session:
//! a shell, a command, or connections to a port. To the session they are all one: something that
//! takes inputs, says outputs and can be dropped.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::message::{PayloadType, Size};
use super::session::Session;
use super::{Shell, port, script, shell};

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
    /// `separateOutputStream`:
    /// each output stream has its own payload type, and the exit code follows.
    pub separate: bool,
    /// `stdOutSeparatorPrefix`, of separate outputs only.
    pub stdout_prefix: String,
    /// `stdErrSeparatorPrefix`, of separate outputs only.
    pub stderr_prefix: String,
    /// Working directory, and `HOME`; `/` when absent.
    pub cwd: Option<PathBuf>,
    /// A stand-in for Windows: no program is run, a script is played.
    pub windows: bool,
}

impl Behind {
    /// Whether agents open with a handshake in any case.
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

    /// What the end of the handshake has the client show to its user.
    pub(super) fn message(&self, client_version: &str) -> &'static str {
        match self {
            Self::Command(Command { separate: true, .. })
                if version(client_version).as_slice() <= MERGING_CLIENT =>
            {
                "Please update session manager plugin version (minimum required version 1.2.312.0) for fully support \
                 of separate StdOut/StdErr output.\r\n"
            }
            _ => "",
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
            Self::Command(command) if command.line.trim().is_empty() => {
                Err(Failure::without_commands())
            }
            Self::Command(command) if command.windows => {
                Ok(Box::new(script::start(command, session)?))
            }
            #[cfg(unix)]
            Self::Command(command) => Ok(Box::new(super::process::start(command, session)?)),
            #[cfg(not(unix))]
            Self::Command(_) => Err("The sandbox runs commands on Unix only.".to_owned().into()),
            Self::Port(port) => port::start(port, session, client_version, agent_version),
        }
    }
}

/// The last version of a client that does not know separate outputs.
const MERGING_CLIENT: &[u64] = &[1, 2, 295];

/// The numbers of a version; fewer of them are less when all are equal.
pub fn version(text: &str) -> Vec<u64> {
    text.split('.')
        .map_while(|part| part.parse().ok())
        .collect()
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
    /// The client has closed the session.
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
    /// The process is not there yet: the input is lost, and the client has to send it again.
    No,
}

/// What runs: agents call it a session plugin. Dropping it ends it with all that it started.
pub trait Plugin: Send {
    /// Takes an input.
    /// A process that answered [`Taken::Later`] wakes the session when there is room.
    fn take(&mut self, input: Input) -> Taken;
}

/// What agents write before an error that ends a session (`errTitle` in their `iohandler.go`).
pub const ERROR_TITLE: &str = "\n----------ERROR-------\n";

/// How long agents wait when they cannot prepare a command (`execute` in their `shell.go`).
const UNPREPARED: Duration = Duration::from_secs(2);
/// How long they wait before they tell the client why (`sendErrorToDataChannel`, the same file).
pub const BEFORE_THE_REASON: Duration = Duration::from_secs(1);

/// Why nothing runs.
pub struct Failure {
    /// The last outputs before the session ends, and how long the agent waits before each.
    pub outputs: Vec<(Duration, PayloadType, String)>,
    /// What `channel_closed` says.
    pub farewell: String,
}

impl Failure {
    /// A command that the agent could not split into words.
    pub fn unparsable(error: &str) -> Self {
        let text = format!("Unable to start command: Failed to parse commands input: {error}\n\n");
        Self {
            outputs: vec![(
                UNPREPARED + BEFORE_THE_REASON,
                PayloadType::StdErr,
                text.clone(),
            )],
            farewell: format!("{ERROR_TITLE}{text}"),
        }
    }
}

impl Failure {
    /// A document without a command for this platform. Nothing is started (amazon-ssm-agent,
    /// `Execute` in `agent/session/plugins/singlecommand/singlecommand.go`, `validateProperties` in
    /// `singlecommand_windows.go`).
    fn without_commands() -> Self {
        let text = "Commands cannot be empty for session type NonInteractiveCommands";
        Self {
            outputs: Vec::new(),
            farewell: text.to_owned(),
        }
    }
}

impl From<String> for Failure {
    /// An error that agents mark as such.
    fn from(error: String) -> Self {
        Self {
            outputs: Vec::new(),
            farewell: format!("{ERROR_TITLE}{error}"),
        }
    }
}
