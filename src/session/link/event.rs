//! What happens on a channel that is open. What only an opening channel meets is `open`'s.

use thiserror::Error;

use crate::channel::{self, Bytes};

/// What a running session meets.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Event {
    /// Bytes of the terminal, of a port, or of a command's standard output.
    Output(Bytes),
    /// Bytes of a command's standard error, or the agent's own error text.
    StdErr(Bytes),
    /// A command's exit status; -1 if a signal killed it.
    ExitCode(i64),
    /// The agent could not connect to the port, for one of the connections.
    ConnectToPortFailed,
    /// The far side has taken something that was sent: there may be room again.
    Acknowledged,
    /// A lost connection was resumed, and the session goes on over another one.
    Resumed,
    /// The first input was not acknowledged for 20 s, though the service answers.
    /// The agent has no connection to the port.
    NothingTaken,
    /// The session is over; nothing comes after this.
    Closed {
        /// The service's reason; empty if the session simply ended. Hostile text.
        output: String,
    },
}

impl Event {
    /// The channel's event, as a client takes it.
    /// `None`: it says nothing once the channel is open. An error is an answer that cannot be
    /// trusted.
    pub(super) fn while_open(event: channel::Event) -> Result<Option<Self>, Lost> {
        Ok(Some(match event {
            channel::Event::Output(bytes) => Self::Output(bytes),
            channel::Event::StdErr(bytes) => Self::StdErr(bytes),
            channel::Event::ExitCode(status) => Self::ExitCode(status),
            channel::Event::ConnectToPortFailed => Self::ConnectToPortFailed,
            channel::Event::Acknowledged => Self::Acknowledged,
            channel::Event::NothingTaken => Self::NothingTaken,
            channel::Event::Closed { output } => Self::Closed { output },
            channel::Event::Forged => return Err(Lost::forged()),
            channel::Event::SessionType(_)
            | channel::Event::DataKeyWanted { .. }
            | channel::Event::HandshakeComplete { .. }
            | channel::Event::ActionRefused { .. } => return Ok(None),
        }))
    }
}

/// The session is lost for good.
#[derive(Debug, Error)]
#[error("{0}")]
pub(crate) struct Lost(pub(super) String);

impl Lost {
    /// The far side sent data that is not encrypted with the session's key.
    pub(super) fn forged() -> Self {
        Self("the far side sent data that is not encrypted with the session's key".to_owned())
    }
}
