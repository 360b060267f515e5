//! What a channel tells its holder.

use tokio_tungstenite::tungstenite::Bytes;

use super::session_type::SessionType;

/// What happened on the channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The type of the session, from the handshake or from output that comes without one.
    /// In a handshake, a type that is not accepted is refused ([`Event::ActionRefused`]). Without a
    /// handshake it is named here, gets no input, and the caller has to end it.
    SessionType(SessionType),
    /// The session is to be encrypted:
    /// [`Channel::data_key`](super::Channel::data_key) is waited for, the agent for 15 seconds.
    DataKeyWanted {
        /// The customer's KMS key to make it with, an ARN. Hostile text.
        key_id: String,
        /// The encryption context's `aws:ssm:RandomChallenge`, if the agent asks for it.
        challenge: Option<String>,
    },
    /// Bytes of the terminal, of a port, or of a command's standard output.
    Output(Bytes),
    /// Bytes of a command's standard error, or the agent's own error text.
    StdErr(Bytes),
    /// The exit status of a command that was started with separate streams;
    /// -1 when a signal killed it. On Windows it has 32 bits and no sign.
    ExitCode(i64),
    /// The agent could not connect to the port, for one of the connections.
    ConnectToPortFailed,
    /// The handshake is over.
    HandshakeComplete {
        /// What the customer's side has to say to the user; often nothing. Hostile text.
        customer_message: String,
    },
    /// The session needs what this client cannot do. The agent was told; `Closed` follows.
    ActionRefused {
        /// The agent's name for it, such as `SessionType`. Hostile text.
        action_type: String,
        /// Why it was refused, as the agent was told. Hostile text.
        error: String,
    },
    /// The far side sent what is not encrypted with the data key:
    /// nothing that comes after can be trusted or read, and the session is for the caller to end.
    Forged,
    /// The far side has taken something that was sent:
    /// there may be room again, or nothing left to wait for.
    Acknowledged,
    /// A port takes no input: the first of it is not acknowledged after 20 seconds.
    /// The service answers meanwhile. Comes once for each connection.
    NothingTaken,
    /// The session is over; nothing comes after this.
    Closed {
        /// The service's reason; empty when the session simply ended. Hostile text.
        output: String,
    },
}
