//! The client's answer to the agent's handshake request. Pure.
//!
//! A session type or an action this client cannot do is refused by name; the agent then cancels the
//! session.

use serde_json::json;

use super::crypto::DataKey;
use super::payload::{
    ActionStatus, HandshakeRequest, HandshakeResponse, ProcessedAction, RequestedAction,
};
use super::session_type::{Accepts, CLIENT_VERSION, SessionType};

/// The most actions that are processed. Agents ask for two.
const MOST_ACTIONS: usize = 16;
/// The longest name of a key, in bytes (AWS KMS API Reference, GenerateDataKey, `KeyId`).
const LONGEST_KEY: usize = 2048;

/// What the agent wants a data key for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct KeyRequest {
    /// The customer's key that the data key is made with, an ARN. Hostile text.
    pub key_id: String,
    /// The encryption context's `aws:ssm:RandomChallenge`, if the agent asks for it.
    pub challenge: Option<String>,
}

/// The answer, complete unless it waits for a data key.
#[derive(Debug)]
pub(super) struct Answer {
    /// What the session is, where the agent said so and it is accepted.
    pub session_type: Option<SessionType>,
    /// The data key that is waited for, and which action asks for it.
    pub wanted: Option<(usize, KeyRequest)>,
    /// The answer to the agent.
    pub response: HandshakeResponse,
}

/// Answers every action, in the order they were asked for.
pub(super) fn answer(request: &[u8], accepts: Accepts) -> Answer {
    let (request, errors) = match serde_json::from_slice::<HandshakeRequest>(request) {
        Ok(request) => (request, None),
        Err(error) => {
            let error = format!("the handshake request could not be read: {error}");
            (HandshakeRequest::default(), Some(vec![error]))
        }
    };
    let mut answer = Answer {
        session_type: None,
        wanted: None,
        response: HandshakeResponse {
            client_version: CLIENT_VERSION,
            processed_client_actions: Vec::new(),
            errors,
        },
    };
    let actions = request.requested_client_actions.unwrap_or_default();
    let too_many = actions.len().saturating_sub(MOST_ACTIONS);
    for action in actions.into_iter().take(MOST_ACTIONS) {
        answer.process(action, &request.agent_version, accepts);
    }
    if too_many > 0 {
        let mut rest = ProcessedAction::new(String::new());
        rest.fail(format!("{too_many} more actions are too many"));
        answer.response.processed_client_actions.push(rest);
    }
    if let Some(session_type) = &answer.session_type {
        answer.response.client_version = session_type.client_version();
    }
    // A session that will not be has no use for a key.
    if answer.refused().next().is_some()
        && let Some((index, _)) = answer.wanted.take()
    {
        answer.response.processed_client_actions[index]
            .fail("Failed to process action KMSEncryption: the session was refused".to_owned());
    }
    answer
}

impl Answer {
    /// The actions that were refused.
    pub(super) fn refused(&self) -> impl Iterator<Item = &ProcessedAction> {
        let actions = self.response.processed_client_actions.iter();
        actions.filter(|action| action.action_status != ActionStatus::Success)
    }

    /// Fills in the data key that was waited for, or why there is none.
    pub(super) fn settle(&mut self, key: Result<&DataKey, &str>) {
        let Some((index, request)) = self.wanted.take() else {
            return;
        };
        let action = &mut self.response.processed_client_actions[index];
        match key {
            Ok(key) => {
                let mut result =
                    json!({ "KMSCipherTextKey": key.cipher_text(), "KMSCipherTextHash": null });
                // Only agents that ask for the challenge know of it.
                if request.challenge.is_some() {
                    result["ChallengeAcknowledgement"] = true.into();
                }
                action.action_result = Some(result);
            }
            Err(error) => action.fail(format!("Failed to process action KMSEncryption: {error}")),
        }
    }

    fn process(&mut self, action: RequestedAction, agent_version: &str, accepts: Accepts) {
        let mut processed = ProcessedAction::new(action.action_type);
        let parameters = &action.action_parameters;
        match processed.action_type.as_str() {
            "SessionType" => match SessionType::read(parameters, agent_version, accepts) {
                Ok(session_type) => self.session_type = Some(session_type),
                Err(name) => processed.fail(format!(
                    "Failed to process action SessionType: Unknown session type {name}"
                )),
            },
            "KMSEncryption" if self.wanted.is_none() => {
                let text = |name: &str| parameters[name].as_str().map(str::to_owned);
                let request = KeyRequest {
                    key_id: text("KMSKeyId").unwrap_or_default(),
                    challenge: text("Challenge").filter(|challenge| !challenge.is_empty()),
                };
                if request.key_id.len() > LONGEST_KEY {
                    processed.fail(
                        "Failed to process action KMSEncryption: no key's ARN is as long"
                            .to_owned(),
                    );
                } else {
                    let index = self.response.processed_client_actions.len();
                    self.wanted = Some((index, request));
                }
            }
            other => {
                processed.error = format!("Unsupported action {other}");
                processed.action_status = ActionStatus::Unsupported;
            }
        }
        self.response.processed_client_actions.push(processed);
    }
}

impl ProcessedAction {
    fn new(action_type: String) -> Self {
        Self {
            action_type,
            action_status: ActionStatus::Success,
            action_result: None,
            error: String::new(),
        }
    }

    fn fail(&mut self, error: String) {
        self.action_status = ActionStatus::Failed;
        self.error = error;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    const KEY: &str = "arn:aws:kms:us-east-1:1:key/k";

    fn request(actions: &Value) -> Vec<u8> {
        let request = json!({ "AgentVersion": "3.3.987.0", "RequestedClientActions": actions });
        request.to_string().into_bytes()
    }

    fn response(answer: &Answer) -> Value {
        serde_json::to_value(&answer.response).unwrap()
    }

    fn session_type(name: &str) -> Value {
        json!({ "ActionType": "SessionType", "ActionParameters": { "SessionType": name, "Properties": null } })
    }

    fn encryption(challenge: Option<&str>) -> Value {
        let mut parameters = json!({ "KMSKeyId": KEY });
        if let Some(challenge) = challenge {
            parameters["Challenge"] = challenge.into();
        }
        json!({ "ActionType": "KMSEncryption", "ActionParameters": parameters })
    }

    fn encrypted(challenge: Option<&str>) -> Answer {
        let actions = json!([session_type("Standard_Stream"), encryption(challenge)]);
        answer(&request(&actions), Accepts::Terminal)
    }

    #[test]
    fn a_shell_is_accepted_in_the_captured_form() {
        let actions = json!([session_type("Standard_Stream")]);
        let answer = answer(&request(&actions), Accepts::Terminal);
        assert_eq!(answer.session_type, Some(SessionType::Terminal));
        assert_eq!(
            response(&answer),
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
        let actions = json!([session_type("Port"), encryption(None), { "ActionType": "Dance" }]);
        let answer = answer(&request(&actions), Accepts::Terminal);
        assert_eq!((&answer.session_type, &answer.wanted), (&None, &None));
        let actions = &response(&answer)["ProcessedClientActions"];
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
        assert_eq!(status(1), (json!("KMSEncryption"), json!(2)));
        assert_eq!(status(2), (json!("Dance"), json!(3)));
        assert_eq!(actions[2]["Error"], "Unsupported action Dance");
        assert_eq!(answer.refused().count(), 3);
    }

    #[test]
    fn a_data_key_is_waited_for_and_handed_over() {
        let mut answer = encrypted(None);
        let wanted = KeyRequest {
            key_id: KEY.into(),
            challenge: None,
        };
        assert_eq!(answer.wanted, Some((1, wanted)));
        let key = DataKey::new(vec![7; 64], b"blob").unwrap();
        answer.settle(Ok(&key));
        assert_eq!(
            response(&answer)["ProcessedClientActions"][1],
            json!({
                "ActionType": "KMSEncryption", "ActionStatus": 1, "Error": "",
                "ActionResult": { "KMSCipherTextKey": "YmxvYg==", "KMSCipherTextHash": null }
            })
        );

        let mut answer = encrypted(Some("cmFuZG9t"));
        let wanted = answer.wanted.as_ref().unwrap();
        assert_eq!(wanted.1.challenge.as_deref(), Some("cmFuZG9t"));
        answer.settle(Ok(&key));
        let result = &response(&answer)["ProcessedClientActions"][1]["ActionResult"];
        assert_eq!(result["ChallengeAcknowledgement"], true);
    }

    #[test]
    fn the_agent_is_told_why_there_is_no_data_key() {
        let mut answer = encrypted(None);
        answer.settle(Err("AccessDeniedException"));
        assert_eq!(
            response(&answer)["ProcessedClientActions"][1],
            json!({
                "ActionType": "KMSEncryption", "ActionStatus": 2, "ActionResult": null,
                "Error": "Failed to process action KMSEncryption: AccessDeniedException"
            })
        );
        let actions = json!([encryption(None), encryption(None)]);
        let twice = super::answer(&request(&actions), Accepts::Terminal);
        assert_eq!((twice.wanted.is_none(), twice.refused().count()), (true, 2));
    }

    #[test]
    fn nonsense_is_answered_with_an_error() {
        for nonsense in ["", "[]", "{\"RequestedClientActions\":7}", "\u{0}"] {
            let response = answer(nonsense.as_bytes(), Accepts::Terminal).response;
            assert!(
                response.processed_client_actions.is_empty() && response.errors.is_some(),
                "{nonsense:?}"
            );
        }
        let empty = br#"{"RequestedClientActions":null}"#;
        assert!(answer(empty, Accepts::Terminal).response.errors.is_none());
    }
}
