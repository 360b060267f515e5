//! Sessions that are encrypted with a data key of the customer's KMS key, and each way they fail.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};
use vendor_ssm_sandbox::Sandbox;
use vendor_ssm_sandbox::channel::message::PayloadType;
use vendor_ssm_sandbox::faults::{Fault, Kind};
use vendor_ssm_sandbox::world::{CUSTOMER, CUSTOMER_ROLE, SESSION_KEY};

use crate::channel::{self, Channel};
use crate::client::{Client, WEB_1, start};

const DOCUMENT: &str = "SSM-SessionManagerRunShell";
const USE_THE_KEY: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
    "Action": "kms:GenerateDataKey", "Resource": "arn:aws:kms:us-east-1:222222222222:key/*",
    "Condition": {"StringEquals": {"kms:EncryptionContext:aws:ssm:TargetId": "i-0f3a91c27be45d806"}}}}"#;

/// A sandbox whose document names the key, with and without the permission to use it.
fn encrypted(permitted: bool) -> Sandbox {
    let sandbox = start();
    sandbox.world(|world| {
        world.document_mut(DOCUMENT).unwrap().kms_key_id = Some(SESSION_KEY.to_owned());
        if permitted {
            let role = world.role_mut(CUSTOMER, CUSTOMER_ROLE).unwrap();
            role.set_policy("key", USE_THE_KEY).unwrap();
        }
    });
    sandbox
}

fn session(client: &Client) -> Value {
    client.ssm("StartSession", &json!({"Target": WEB_1})).json()
}

fn context(session: &Value) -> BTreeMap<String, String> {
    BTreeMap::from([
        (
            "aws:ssm:SessionId".to_owned(),
            session["SessionId"].as_str().unwrap().to_owned(),
        ),
        ("aws:ssm:TargetId".to_owned(), WEB_1.to_owned()),
    ])
}

fn data_key(client: &Client, context: &BTreeMap<String, String>) -> Value {
    let input = json!({"KeyId": SESSION_KEY, "NumberOfBytes": 64, "EncryptionContext": context});
    let answer = client.kms("GenerateDataKey", &input);
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

fn response(result: &Value) -> Vec<u8> {
    json!({
        "ClientVersion": "1.2.764.0",
        "ProcessedClientActions": [
            {"ActionType": "SessionType", "ActionStatus": 1, "ActionResult": null, "Error": ""},
            {"ActionType": "KMSEncryption", "ActionStatus": 1, "ActionResult": result, "Error": ""},
        ],
        "Errors": null,
    })
    .to_string()
    .into_bytes()
}

/// Goes through the handshake with a data key made under this context.
async fn agree(
    client: &Client,
    session: &Value,
    context: &BTreeMap<String, String>,
    acknowledged: bool,
) -> Channel {
    let mut channel = Channel::open(client, session).await;
    channel.receives(PayloadType::HandshakeRequest).await;
    let key = data_key(client, context);
    let mut result = json!({"KMSCipherTextKey": key["CiphertextBlob"], "KMSCipherTextHash": null});
    if acknowledged {
        result["ChallengeAcknowledgement"] = true.into();
    }
    let plain = STANDARD.decode(key["Plaintext"].as_str().unwrap()).unwrap();
    channel.key = Some(plain);
    channel
        .send(PayloadType::HandshakeResponse, &response(&result))
        .await;
    channel
}

/// Proves that the client has the key.
async fn prove(channel: &mut Channel, mend: impl Fn(Vec<u8>) -> Vec<u8>) {
    let request = channel.receives(PayloadType::EncChallengeRequest).await;
    let sealed = STANDARD
        .decode(request["Challenge"].as_str().unwrap())
        .unwrap();
    let key = channel.key.clone().unwrap();
    let challenge = channel::open(&key[..32], &sealed).unwrap();
    assert_eq!(challenge.len(), 64);
    let answer = STANDARD.encode(channel::seal(&key[32..], &mend(challenge)));
    let answer = json!({ "Challenge": answer }).to_string();
    channel
        .send(PayloadType::EncChallengeResponse, answer.as_bytes())
        .await;
}

#[tokio::test]
async fn an_encrypted_shell_from_key_to_exit() {
    let sandbox = encrypted(true);
    let client = Client::customer(&sandbox);
    let session = session(&client);
    let mut channel = agree(&client, &session, &context(&session), false).await;
    let asked = channel.receives(PayloadType::HandshakeRequest).await;
    let actions = &asked["RequestedClientActions"];
    assert_eq!(actions[0]["ActionType"], "SessionType");
    assert_eq!(
        actions[1],
        json!({"ActionType": "KMSEncryption", "ActionParameters": {"KMSKeyId": SESSION_KEY}})
    );
    prove(&mut channel, |challenge| challenge).await;
    let complete = channel.receives(PayloadType::HandshakeComplete).await;
    assert_eq!(
        complete["CustomerMessage"],
        "This session is encrypted using AWS KMS."
    );
    // The channel would not open an output that is not encrypted.
    channel.sees("sh-5.2$ ").await;
    channel
        .send(PayloadType::Size, br#"{"cols":90,"rows":30}"#)
        .await;
    channel.type_in("stty size; echo a$((1+1))b\r").await;
    channel.sees("30 90\r\n").await;
    channel.sees("a2b\r\n").await;
    channel
        .type_in(&format!("echo {}\r", "x".repeat(1018)))
        .await;
    channel.sees(&"x".repeat(1018)).await;
    channel.type_in("exit\r").await;
    assert_eq!(channel.ends().await, "");
    let id = session["SessionId"].as_str().unwrap();
    assert_eq!(sandbox.channels().violations(id), [""; 0]);
    assert!(sandbox.channels().record(id).unwrap().encrypted);
    let trail = sandbox.trail();
    let event = trail.iter().find(|event| event.service == "kms").unwrap();
    assert_eq!(event.action, "GenerateDataKey");
    assert_eq!(event.parameters["EncryptionContext aws:ssm:SessionId"], id);
    assert_eq!(event.decisions[0].resource, SESSION_KEY);
}

#[tokio::test]
async fn all_that_a_command_says_is_encrypted() {
    const DOCUMENT: &str = "AWS-StartNonInteractiveCommand";
    let sandbox = encrypted(true);
    sandbox.world(|world| {
        let role = world.role_mut(CUSTOMER, CUSTOMER_ROLE).unwrap();
        role.grant_documents(&[DOCUMENT]).unwrap();
        world.document_mut(DOCUMENT).unwrap().kms_key_id = Some(SESSION_KEY.to_owned());
    });
    let client = Client::customer(&sandbox);
    let input = json!({
        "Target": WEB_1,
        "DocumentName": DOCUMENT,
        "Parameters": {
            "command": ["sh -c 'echo out; echo err >&2; exit 3'"],
            "separateOutputStream": ["true"],
        },
    });
    let session = client.ssm("StartSession", &input).json();
    let mut channel = agree(&client, &session, &context(&session), false).await;
    prove(&mut channel, |challenge| challenge).await;
    assert_eq!(channel.ends().await, "");
    assert_eq!(channel.text, "out\n");
    let others = &channel.others[channel.others.len() - 2..];
    assert!(others.contains(&(11, b"err\n".to_vec())));
    assert_eq!(others[1], (12, b"EXIT_CODE: 3".to_vec()));
}

#[tokio::test]
async fn a_client_that_gets_no_key_is_told_so() {
    let sandbox = encrypted(true);
    sandbox
        .faults()
        .add(Fault::new("GenerateDataKey", Kind::Denied));
    let client = Client::customer(&sandbox);
    let session = session(&client);
    let input = json!({"KeyId": SESSION_KEY, "NumberOfBytes": 64});
    assert_eq!(
        client.kms("GenerateDataKey", &input).refusal().1,
        "AccessDeniedException"
    );
    let mut channel = Channel::open(&client, &session).await;
    channel.receives(PayloadType::HandshakeRequest).await;
    let mut response: Value = serde_json::from_slice(&response(&Value::Null)).unwrap();
    let action = &mut response["ProcessedClientActions"][1];
    action["ActionStatus"] = 2.into();
    action["Error"] = "access denied".into();
    channel
        .send(
            PayloadType::HandshakeResponse,
            response.to_string().as_bytes(),
        )
        .await;
    let said = channel.ends().await;
    assert!(
        said.ends_with("KMSEncryption failed on client with status 2 error: access denied"),
        "{said}"
    );
}

#[tokio::test]
async fn plain_input_is_not_taken() {
    let sandbox = encrypted(true);
    let client = Client::customer(&sandbox);
    let session = session(&client);
    let mut channel = agree(&client, &session, &context(&session), false).await;
    prove(&mut channel, |challenge| challenge).await;
    channel.sees("sh-5.2$ ").await;
    let id = session["SessionId"].as_str().unwrap();
    channel.send(PayloadType::Output, b"echo plain\r").await;
    let waiting = Instant::now();
    while sandbox.channels().violations(id).is_empty() {
        assert!(waiting.elapsed() < Duration::from_secs(10));
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(
        sandbox.channels().violations(id),
        ["input that cannot be decrypted"]
    );
    client.ssm("TerminateSession", &json!({"SessionId": id}));
    assert!(
        channel
            .ends()
            .await
            .starts_with("Your session was terminated")
    );
    assert!(!channel.text.contains("plain"));
}

#[tokio::test]
async fn a_key_of_another_context_ends_the_session() {
    let sandbox = encrypted(true);
    let client = Client::customer(&sandbox);
    let session = session(&client);
    let mut context = context(&session);
    context.insert("aws:ssm:SessionId".to_owned(), "alice-other".to_owned());
    let mut channel = agree(&client, &session, &context, false).await;
    let said = channel.ends().await;
    assert!(said.contains("Fetching data key failed"), "{said}");
    assert!(sandbox.open_sessions().is_empty());
}

#[tokio::test]
async fn a_challenge_that_does_not_match_ends_the_session() {
    let sandbox = encrypted(true);
    let client = Client::customer(&sandbox);
    let session = session(&client);
    let mut channel = agree(&client, &session, &context(&session), false).await;
    prove(&mut channel, |mut challenge| {
        challenge[0] ^= 1;
        challenge
    })
    .await;
    assert_eq!(
        channel.ends().await,
        "\n----------ERROR-------\nEncountered error while initiating handshake. Encryption challenge does not match!"
    );
}

#[tokio::test]
async fn a_random_challenge_belongs_to_the_context() {
    let sandbox = encrypted(true);
    sandbox.options().kms_challenge = true;
    let client = Client::customer(&sandbox);
    for acknowledged in [true, false] {
        let session = session(&client);
        let mut channel = Channel::open(&client, &session).await;
        let asked = channel.receives(PayloadType::HandshakeRequest).await;
        let challenge = &asked["RequestedClientActions"][1]["ActionParameters"]["Challenge"];
        let challenge = challenge.as_str().unwrap();
        assert_eq!(STANDARD.decode(challenge).unwrap().len(), 16);
        let mut context = context(&session);
        context.insert("aws:ssm:RandomChallenge".to_owned(), challenge.to_owned());
        let key = data_key(&client, &context);
        channel.key = Some(STANDARD.decode(key["Plaintext"].as_str().unwrap()).unwrap());
        let result = json!({
            "KMSCipherTextKey": key["CiphertextBlob"],
            "KMSCipherTextHash": null,
            "ChallengeAcknowledgement": acknowledged,
        });
        channel
            .send(PayloadType::HandshakeResponse, &response(&result))
            .await;
        if acknowledged {
            prove(&mut channel, |challenge| challenge).await;
            channel.sees("sh-5.2$ ").await;
            channel.type_in("exit\r").await;
            assert_eq!(channel.ends().await, "");
        } else {
            assert!(channel.ends().await.contains("Fetching data key failed"));
        }
    }
}

#[test]
fn keys_are_decided_by_policies() {
    let sandbox = encrypted(false);
    let client = Client::customer(&sandbox);
    let input = json!({
        "KeyId": SESSION_KEY,
        "NumberOfBytes": 64,
        "EncryptionContext": {"aws:ssm:TargetId": WEB_1},
    });
    let denied = format!(
        "User: arn:aws:sts::222222222222:assumed-role/SSMStartSession_IAM_Role_ThirdPartyA/alice is not authorized to \
         perform: kms:GenerateDataKey on resource: {SESSION_KEY} because no identity-based policy allows the \
         kms:GenerateDataKey action"
    );
    client
        .kms("GenerateDataKey", &input)
        .assert_refused(400, "AccessDeniedException", &denied);
    sandbox.world(|world| {
        let role = world.role_mut(CUSTOMER, CUSTOMER_ROLE).unwrap();
        role.set_policy("key", USE_THE_KEY).unwrap();
    });
    let answer = client.kms("GenerateDataKey", &input).json();
    assert_eq!(answer["KeyId"], SESSION_KEY);
    let other = json!({
        "KeyId": SESSION_KEY,
        "NumberOfBytes": 64,
        "EncryptionContext": {"aws:ssm:TargetId": "i-1"},
    });
    assert_eq!(
        client.kms("GenerateDataKey", &other).refusal().1,
        "AccessDeniedException"
    );
    let mut by_alias = input.clone();
    by_alias["KeyId"] = "alias/session-manager".into();
    assert_eq!(
        client.kms("GenerateDataKey", &by_alias).json()["KeyId"],
        SESSION_KEY
    );
    let mut missing = input.clone();
    missing["KeyId"] = "00000000-0000-0000-0000-000000000000".into();
    let refused = client.kms("GenerateDataKey", &missing);
    assert_eq!(refused.json()["__type"], "NotFoundException");
    sandbox.world(|world| world.kms_keys[0].enabled = false);
    let refused = client.kms("GenerateDataKey", &input);
    assert_eq!(
        refused.json(),
        json!({"__type": "DisabledException", "message": format!("{SESSION_KEY} is disabled.")})
    );
    sandbox
        .faults()
        .add(Fault::new("GenerateDataKey", Kind::Throttle));
    assert_eq!(
        client.kms("GenerateDataKey", &input).refusal().1,
        "ThrottlingException"
    );
}
