//! The data key of a session that the customer has encrypted.
//! KMS makes it with the customer's key, and this client encrypts with it. The agent has it
//! decrypted under the same encryption context.

use std::time::Duration;

use aws_sdk_kms::config::timeout::TimeoutConfig;

use crate::aws::{Failure, Service};
use crate::channel::{DATA_KEY, DataKey};

use crate::session::live::Session;

/// How long the call may take: the agent waits 15 seconds for the whole answer.
const LIMIT: Duration = Duration::from_secs(12);

/// GenerateDataKey (AWS KMS API Reference).
/// The agent decrypts with the same encryption context (amazon-ssm-agent, `agent/session/crypto`).
/// The context has the challenge if the agent asked for one.
pub(crate) async fn data_key(
    session: Session<'_, '_>,
    key_id: &str,
    challenge: Option<String>,
) -> Result<DataKey, Failure> {
    const CALL: &str = "GenerateDataKey";
    let region = session.region();
    let config = session
        .context
        .aws
        .config(
            Service::Kms,
            region,
            session.started.role.current().credentials,
        )
        .into_builder()
        .timeout_config(
            TimeoutConfig::builder()
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
        .encryption_context("aws:ssm:SessionId", session.id())
        .encryption_context("aws:ssm:TargetId", session.target());
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
