//! The JSON inside messages:
//! acknowledgements, the handshake, the terminal's size, the end of the session.
//!
//! Field names are the agent's own. Reading is lenient where the far side may leave something out,
//! since a session that ends must be seen to end.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::session_type::CLIENT_VERSION;

/// The first frame of a connection, and the only one that is text: it presents the token.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OpenDataChannel<'a> {
    message_schema_version: &'static str,
    request_id: String,
    token_value: &'a str,
    client_id: String,
    client_version: &'static str,
}

impl<'a> OpenDataChannel<'a> {
    /// Presents `token_value`; `client_id` stays the same when the session is resumed.
    pub(super) fn new(token_value: &'a str, client_id: Uuid) -> Self {
        Self {
            message_schema_version: "1.0",
            request_id: Uuid::new_v4().to_string(),
            token_value,
            client_id: client_id.to_string(),
            client_version: CLIENT_VERSION,
        }
    }
}

/// That one numbered message has arrived. Never cumulative: each message has its own.
#[derive(Debug, Serialize)]
pub(super) struct Acknowledge<'a> {
    #[serde(rename = "AcknowledgedMessageType")]
    pub message_type: &'a str,
    #[serde(rename = "AcknowledgedMessageId")]
    pub message_id: &'a str,
    #[serde(rename = "AcknowledgedMessageSequenceNumber")]
    pub sequence_number: i64,
    #[serde(rename = "IsSequentialMessage")]
    pub is_sequential: bool,
}

/// What counts of an acknowledgement that was received.
#[derive(Debug, Deserialize)]
pub(super) struct Acknowledged {
    #[serde(rename = "AcknowledgedMessageSequenceNumber")]
    pub sequence_number: i64,
}

/// The size of the client's terminal in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Size {
    pub cols: u16,
    pub rows: u16,
}

/// What the agent wants settled before the session begins.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct HandshakeRequest {
    /// The version of the agent, which tells what it can do.
    #[serde(default)]
    pub agent_version: String,
    /// None is the empty list of the agent's Go.
    pub requested_client_actions: Option<Vec<RequestedAction>>,
}

/// One thing the agent wants of the client.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct RequestedAction {
    #[serde(default)]
    pub action_type: String,
    #[serde(default)]
    pub action_parameters: serde_json::Value,
}

/// The client's answer, its actions in the order they were asked for.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct HandshakeResponse {
    pub client_version: &'static str,
    pub processed_client_actions: Vec<ProcessedAction>,
    pub errors: Option<Vec<String>>,
}

/// What became of one action.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ProcessedAction {
    pub action_type: String,
    pub action_status: ActionStatus,
    pub action_result: Option<serde_json::Value>,
    pub error: String,
}

/// The agent cancels the session unless every action succeeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ActionStatus {
    /// Done.
    Success = 1,
    /// Tried and failed.
    Failed = 2,
    /// Not a thing this client can do.
    Unsupported = 3,
}

impl Serialize for ActionStatus {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_u8(*self as u8)
    }
}

/// The agent's question for proof of the data key, and the answer: bytes in base64.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Challenge {
    pub challenge: String,
}

/// The end of the handshake.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct HandshakeComplete {
    #[serde(default)]
    pub customer_message: String,
}

/// The end of the session, in the service's words.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct ChannelClosed {
    #[serde(default)]
    pub output: String,
}
