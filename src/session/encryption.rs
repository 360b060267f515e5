//! The data key of a session that the customer has encrypted: KMS makes it with the customer's key, this
//! client encrypts with it, and the agent has it decrypted under the same encryption context.

use std::time::Duration;

use aws_sdk_kms::config::timeout::TimeoutConfig;

use crate::aws::{Failure, Service};
use crate::channel::{DATA_KEY, DataKey, Event};

use super::end::End;
use super::line::Line;
use super::start::Started;
use super::{Request, Stage};

/// How long the call may take: the agent waits 15 seconds for the whole answer.
const LIMIT: Duration = Duration::from_secs(12);
/// How long the service has to close a session whose agent was told that there is no key.
const CLOSING: Duration = Duration::from_secs(5);

/// Answers [`Event::DataKeyWanted`]. `Some` is the end of the session: there is no key, and the agent was
/// told.
pub(super) async fn agree(
    stage: Stage<'_, '_>,
    request: &Request,
    started: &Started,
    line: &mut Line<'_, '_>,
    key_id: String,
    challenge: Option<String>,
) -> Option<End> {
    let failure = match data_key(stage, request, started, &key_id, challenge).await {
        Ok(key) => {
            line.data_key(Ok(&key));
            return None;
        }
        Err(failure) => failure,
    };
    line.data_key(Err(&failure.summary()));
    let closed = async {
        loop {
            match line.next().await {
                Ok(Event::Closed { .. }) => return true,
                Ok(_) => {}
                Err(_) => return false,
            }
        }
    };
    let is_closed = tokio::time::timeout(CLOSING, closed).await == Ok(true);
    Some(End::NoDataKey {
        key_id,
        failure,
        is_closed,
    })
}

/// GenerateDataKey (AWS KMS API Reference). The context is the agent's, which decrypts with the same
/// (amazon-ssm-agent, `agent/session/crypto`); the challenge is in it where the agent asked for that.
async fn data_key(
    stage: Stage<'_, '_>,
    request: &Request,
    started: &Started,
    key_id: &str,
    challenge: Option<String>,
) -> Result<DataKey, Failure> {
    const CALL: &str = "GenerateDataKey";
    let region = &request.target.region;
    let config = stage
        .aws
        .config(Service::Kms, region, started.keys.role().credentials)
        .into_builder()
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(LIMIT / 3)
                .operation_attempt_timeout(LIMIT / 2)
                .operation_timeout(LIMIT)
                .build(),
        )
        .build();
    let bytes = i32::try_from(DATA_KEY).expect("a key is short");
    let mut call = aws_sdk_kms::Client::new(&config)
        .generate_data_key()
        .key_id(key_id)
        .number_of_bytes(bytes)
        .encryption_context("aws:ssm:SessionId", &started.session_id)
        .encryption_context("aws:ssm:TargetId", &request.target.instance_id);
    if let Some(challenge) = challenge {
        call = call.encryption_context("aws:ssm:RandomChallenge", challenge);
    }
    let answer = call
        .send()
        .await
        .map_err(|error| Failure::new(Service::Kms, CALL, region, &error))?;
    let unreadable = |what: &str| Failure::unreadable(Service::Kms, CALL, region, what);
    let (Some(plain), Some(encrypted)) = (answer.plaintext, answer.ciphertext_blob) else {
        return Err(unreadable("the answer lacks the key"));
    };
    DataKey::new(plain.into_inner(), encrypted.as_ref())
        .map_err(|error| unreadable(&error.to_string()))
}
