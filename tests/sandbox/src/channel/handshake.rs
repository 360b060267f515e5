//! The handshake that an agent opens with when the account's preferences or
//! the session type ask for it.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

/// The version that the agent claims.
const AGENT_VERSION: &str = "3.3.987.0";

/// The actions that the client is asked for.
pub fn request() -> Vec<u8> {
    json!({
        "AgentVersion": AGENT_VERSION,
        "RequestedClientActions": [{
            "ActionType": "SessionType",
            "ActionParameters": { "SessionType": "Standard_Stream", "Properties": null },
        }],
    })
    .to_string()
    .into_bytes()
}

/// The end of the handshake, which took this long.
pub fn complete(took: Duration) -> Vec<u8> {
    let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
    json!({ "HandshakeTimeToComplete": nanoseconds, "CustomerMessage": "" })
        .to_string()
        .into_bytes()
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Response {
    processed_client_actions: Vec<Processed>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Processed {
    action_type: String,
    action_status: i64,
    #[serde(default)]
    error: String,
    #[expect(dead_code, reason = "has to be there; null for SessionType")]
    action_result: Value,
}

/// Reads the client's answer. The error is what `channel_closed` then says.
pub fn accept(payload: &[u8]) -> Result<(), String> {
    let refused = |what: String| {
        format!("----------ERROR-------\nEncountered error while initiating handshake. {what}")
    };
    let response: Response = serde_json::from_slice(payload)
        .map_err(|error| refused(format!("Failed to read the response: {error}")))?;
    let [action] = &response.processed_client_actions[..] else {
        return Err(refused("SessionType was not processed".to_owned()));
    };
    match action {
        Processed {
            action_type,
            action_status: 1,
            ..
        } if action_type == "SessionType" => Ok(()),
        Processed {
            action_type,
            action_status,
            error,
            ..
        } => Err(refused(format!(
            "{action_type} failed on client with status {action_status} error: {error}"
        ))),
    }
}

/// What `channel_closed` says when the client does not answer in 15 s.
pub fn timed_out() -> String {
    "----------ERROR-------\nEncountered error while initiating handshake. \
     Handshake timed out. Please ensure that you have the latest version of the session manager \
     plugin."
        .to_owned()
}
