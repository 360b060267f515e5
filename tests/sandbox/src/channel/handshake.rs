//! The handshake that an agent opens with when the account's preferences or
//! the session type ask for it.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::encryption::Encryption;

/// The actions that a client can be asked for.
const SESSION_TYPE: &str = "SessionType";
const KMS_ENCRYPTION: &str = "KMSEncryption";

/// The version that the agent claims.
const AGENT_VERSION: &str = "3.3.987.0";

/// The actions that the client is asked for.
pub fn request(encryption: Option<&Encryption>) -> Vec<u8> {
    let mut actions = vec![json!({
        "ActionType": SESSION_TYPE,
        "ActionParameters": { "SessionType": "Standard_Stream", "Properties": null },
    })];
    actions.extend(encryption.map(|encryption| {
        json!({ "ActionType": KMS_ENCRYPTION, "ActionParameters": encryption.parameters() })
    }));
    json!({ "AgentVersion": AGENT_VERSION, "RequestedClientActions": actions })
        .to_string()
        .into_bytes()
}

/// The end of the handshake, which took this long, with what the client shows to the user.
pub fn complete(took: Duration, message: &str) -> Vec<u8> {
    let nanoseconds = u64::try_from(took.as_nanos()).unwrap_or(u64::MAX);
    json!({ "HandshakeTimeToComplete": nanoseconds, "CustomerMessage": message })
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
    /// Has to be there; null for `SessionType`.
    action_result: Value,
}

/// Reads the client's answer: the result of `KMSEncryption` where that was asked for, else null. The error is what
/// `channel_closed` then says.
pub fn accept(payload: &[u8], encryption: Option<&Encryption>) -> Result<Value, String> {
    let mut response: Response = serde_json::from_slice(payload)
        .map_err(|error| refused(&format!("Failed to read the response: {error}")))?;
    let wanted = [SESSION_TYPE, KMS_ENCRYPTION];
    let wanted = &wanted[..1 + usize::from(encryption.is_some())];
    for (index, wanted) in wanted.iter().enumerate() {
        let action = response.processed_client_actions.get(index);
        let Some(action) = action.filter(|action| action.action_type == *wanted) else {
            return Err(refused(&format!("{wanted} was not processed")));
        };
        if action.action_status != 1 {
            return Err(refused(&format!(
                "{wanted} failed on client with status {} error: {}",
                action.action_status, action.error
            )));
        }
    }
    let result = response.processed_client_actions.pop();
    Ok(result.map_or(Value::Null, |action| action.action_result))
}

/// What `channel_closed` says when the handshake fails.
pub fn refused(why: &str) -> String {
    format!("----------ERROR-------\nEncountered error while initiating handshake. {why}")
}

/// What `channel_closed` says when the client does not answer in 15 s.
pub fn timed_out(challenged: bool) -> String {
    refused(if challenged {
        "Timed out waiting for encryption challenge."
    } else {
        "Handshake timed out. Please ensure that you have the latest version of the session manager plugin."
    })
}
