//! The JSON inside messages: acknowledgements, the handshake, the terminal's size, the end of the session.
//!
//! Field names are the agent's own. Reading is lenient where the far side may leave something out, since a session that
//! ends must be seen to end.

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The version this client reports. AWS names 1.2.764.0 the minimum it supports, and agents choose what they speak by it.
pub const CLIENT_VERSION: &str = "1.2.764.0";

/// The first frame of a connection, and the only one that is text: it presents the token.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct OpenDataChannel<'a> {
    message_schema_version: &'static str,
    request_id: String,
    token_value: &'a str,
    client_id: String,
    client_version: &'static str,
}

impl<'a> OpenDataChannel<'a> {
    /// Presents `token_value`; `client_id` stays the same when the session is resumed.
    pub fn new(token_value: &'a str, client_id: Uuid) -> Self {
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
#[derive(Debug, Serialize, Deserialize)]
pub struct Acknowledge {
    #[serde(rename = "AcknowledgedMessageType")]
    pub message_type: String,
    #[serde(rename = "AcknowledgedMessageId")]
    pub message_id: String,
    #[serde(rename = "AcknowledgedMessageSequenceNumber")]
    pub sequence_number: i64,
    #[serde(rename = "IsSequentialMessage")]
    pub is_sequential: bool,
}

/// The size of the client's terminal in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    pub cols: u16,
    pub rows: u16,
}

/// What the agent wants settled before the session begins.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct HandshakeRequest {
    /// None is the empty list of the agent's Go.
    pub requested_client_actions: Option<Vec<RequestedAction>>,
}

/// One thing the agent wants of the client.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct RequestedAction {
    #[serde(default)]
    pub action_type: String,
    #[serde(default)]
    pub action_parameters: serde_json::Value,
}

/// The client's answer, its actions in the order they were asked for.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct HandshakeResponse {
    pub client_version: &'static str,
    pub processed_client_actions: Vec<ProcessedAction>,
    pub errors: Option<Vec<String>>,
}

/// What became of one action.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct ProcessedAction {
    pub action_type: String,
    pub action_status: ActionStatus,
    pub action_result: Option<serde_json::Value>,
    pub error: String,
}

/// The agent cancels the session unless every action succeeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ActionStatus {
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

/// The end of the handshake.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct HandshakeComplete {
    #[serde(default)]
    pub customer_message: String,
}

/// The end of the session, in the service's words.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ChannelClosed {
    #[serde(default)]
    pub output: String,
}
