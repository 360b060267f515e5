//! The handshake that an agent opens with when the account's preferences or the session type ask
//! for it.

use std::time::Duration;

use serde::Deserialize;
use serde_json::{Value, json};

use super::Spec;
use super::agent::ERROR_TITLE;

/// The actions that a client can be asked for.
const SESSION_TYPE: &str = "SessionType";
const KMS_ENCRYPTION: &str = "KMSEncryption";

/// The actions that the client is asked for, and so many without a name.
pub fn request(spec: &Spec, bare: usize) -> Vec<u8> {
    let (session_type, properties) = spec.behind.session_type();
    let mut actions = vec![json!({
        "ActionType": SESSION_TYPE,
        "ActionParameters": { "SessionType": session_type, "Properties": properties },
    })];
    actions.extend(spec.encryption.as_ref().map(|encryption| {
        json!({ "ActionType": KMS_ENCRYPTION, "ActionParameters": encryption.parameters() })
    }));
    actions.extend(std::iter::repeat_n(json!({}), bare));
    json!({ "AgentVersion": spec.agent_version, "RequestedClientActions": actions })
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
    #[serde(default)]
    client_version: String,
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

/// What the client answered.
pub struct Answer {
    /// `ClientVersion`.
    pub client_version: String,
    /// The result of `KMSEncryption` where that was asked for, else null.
    pub result: Value,
}

/// Reads the client's answer. The error is what `channel_closed` then says.
pub fn accept(payload: &[u8], encrypted: bool) -> Result<Answer, String> {
    let mut response: Response = serde_json::from_slice(payload)
        .map_err(|error| refused(&format!("Failed to read the response: {error}")))?;
    let wanted = [SESSION_TYPE, KMS_ENCRYPTION];
    let wanted = &wanted[..=usize::from(encrypted)];
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
    Ok(Answer {
        client_version: response.client_version,
        result: result.map_or(Value::Null, |action| action.action_result),
    })
}

/// What `channel_closed` says when the handshake fails.
pub fn refused(why: &str) -> String {
    format!("{ERROR_TITLE}Encountered error while initiating handshake. {why}")
}

/// What `channel_closed` says when the client does not answer in 15 s.
pub fn timed_out(challenged: bool) -> String {
    refused(if challenged {
        "Timed out waiting for encryption challenge."
    } else {
        "Handshake timed out. Please ensure that you have the latest version of the session manager plugin."
    })
}
