//! The client's answer to the agent's handshake request. Pure.
//!
//! A session type or an action this client cannot do is refused by name; the agent then cancels the session.

use super::payload::{
    ActionStatus, CLIENT_VERSION, HandshakeRequest, HandshakeResponse, ProcessedAction,
    RequestedAction,
};

/// The session types whose streams are plain output and input.
const SESSION_TYPES: [&str; 3] = [
    "Standard_Stream",
    "InteractiveCommands",
    "NonInteractiveCommands",
];

/// Answers every action, in the order they were asked for.
pub fn answer(request: &[u8]) -> HandshakeResponse {
    let (actions, errors) = match serde_json::from_slice::<HandshakeRequest>(request) {
        Ok(request) => (request.requested_client_actions.unwrap_or_default(), None),
        Err(error) => (
            Vec::new(),
            Some(vec![format!(
                "the handshake request could not be read: {error}"
            )]),
        ),
    };
    HandshakeResponse {
        client_version: CLIENT_VERSION,
        processed_client_actions: actions.into_iter().map(process).collect(),
        errors,
    }
}

fn process(action: RequestedAction) -> ProcessedAction {
    let (action_status, error) = match action.action_type.as_str() {
        "SessionType" => session_type(&action.action_parameters),
        other => (
            ActionStatus::Unsupported,
            format!("Unsupported action {other}"),
        ),
    };
    ProcessedAction {
        action_type: action.action_type,
        action_status,
        action_result: None,
        error,
    }
}

fn session_type(parameters: &serde_json::Value) -> (ActionStatus, String) {
    let session_type = parameters
        .get("SessionType")
        .and_then(serde_json::Value::as_str)
        .unwrap_or_default();
    if SESSION_TYPES.contains(&session_type) {
        return (ActionStatus::Success, String::new());
    }
    let error =
        format!("Failed to process action SessionType: Unknown session type {session_type}");
    (ActionStatus::Failed, error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn answered(request: &Value) -> Value {
        serde_json::to_value(answer(request.to_string().as_bytes())).unwrap()
    }

    fn request(actions: &Value) -> Value {
        json!({ "AgentVersion": "3.3.987.0", "RequestedClientActions": actions })
    }

    fn session_type(name: &str) -> Value {
        json!({ "ActionType": "SessionType", "ActionParameters": { "SessionType": name, "Properties": null } })
    }

    #[test]
    fn a_shell_is_accepted_in_the_captured_form() {
        assert_eq!(
            answered(&request(&json!([session_type("Standard_Stream")]))),
            json!({
                "ClientVersion": CLIENT_VERSION,
                "ProcessedClientActions": [
                    { "ActionType": "SessionType", "ActionStatus": 1, "ActionResult": null, "Error": "" }
                ],
                "Errors": null
            })
        );
    }

    #[test]
    fn what_is_not_known_is_refused_by_name_and_in_order() {
        let kms = json!({ "ActionType": "KMSEncryption", "ActionParameters": { "KMSKeyId": "arn:aws:kms:…" } });
        let answer = answered(&request(
            &json!([session_type("Port"), kms, { "ActionType": "Dance" }]),
        ));
        let actions = &answer["ProcessedClientActions"];
        let status = |n: usize| {
            (
                actions[n]["ActionType"].clone(),
                actions[n]["ActionStatus"].clone(),
            )
        };
        assert_eq!(status(0), (json!("SessionType"), json!(2)));
        assert_eq!(
            actions[0]["Error"],
            "Failed to process action SessionType: Unknown session type Port"
        );
        assert_eq!(status(1), (json!("KMSEncryption"), json!(3)));
        assert_eq!(status(2), (json!("Dance"), json!(3)));
        assert_eq!(actions[2]["Error"], "Unsupported action Dance");
    }

    #[test]
    fn nonsense_is_answered_with_an_error() {
        for nonsense in ["", "[]", "{\"RequestedClientActions\":7}", "\u{0}"] {
            let answer = answer(nonsense.as_bytes());
            assert!(
                answer.processed_client_actions.is_empty() && answer.errors.is_some(),
                "{nonsense:?}"
            );
        }
        assert!(
            answer(br#"{"RequestedClientActions":null}"#)
                .errors
                .is_none()
        );
    }
}
