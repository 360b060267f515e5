//! What happens to a session when the network between its client and the service does not hold, and
//! how the service then takes it up again.

use std::time::Duration;

use serde_json::{Value, json};
use vendor_ssm_sandbox::channel::Cut;
use vendor_ssm_sandbox::faults::{Fault, Kind};

use crate::channel::Channel;
use crate::client::{Client, WEB_1, start};

fn session(client: &Client) -> Value {
    client.ssm("StartSession", &json!({"Target": WEB_1})).json()
}

fn resumed(client: &Client, session: &Value) -> Value {
    let input = json!({"SessionId": session["SessionId"]});
    client.ssm("ResumeSession", &input).json()
}

#[tokio::test]
async fn a_cut_session_goes_on_at_the_url_that_resume_gives() {
    let sandbox = start();
    sandbox.options().cells = true;
    let client = Client::customer(&sandbox);
    let first = session(&client);
    let mut channel = Channel::open(&client, &first).await;
    channel.sees("sh-5.2$ ").await;
    channel.type_in("x=kept\r").await;
    channel.sees("sh-5.2$ ").await;
    sandbox.channels().cut(Cut::Refused, Duration::from_mins(1));
    channel.is_cut().await;

    let second = resumed(&client, &first);
    assert_ne!(first["StreamUrl"], second["StreamUrl"]);
    let url = second["StreamUrl"].as_str().unwrap();
    assert!(url.contains("?role=publish_subscribe&cell-number=AAEAA%2B%2F"));
    let again = channel.conversation();
    assert!(Channel::resume(&client, &second, again).await.is_err());
    sandbox.channels().cut(Cut::Reset, Duration::from_mins(1));
    let again = channel.conversation();
    assert!(Channel::resume(&client, &second, again).await.is_err());
    sandbox.channels().mend();

    // The old cell serves it no longer, not even with the new token.
    let mut old = second.clone();
    old["StreamUrl"] = first["StreamUrl"].clone();
    let again = channel.conversation();
    assert!(Channel::resume(&client, &old, again).await.is_err());
    let again = channel.conversation();
    let mut channel = Channel::resume(&client, &second, again).await.unwrap();
    channel.type_in("echo $x\r").await;
    channel.sees("kept\r\n").await;

    // The token died with its use.
    let again = channel.conversation();
    let mut twice = Channel::resume(&client, &second, again).await.unwrap();
    twice.is_cut().await;
    assert!(twice.text.is_empty());
    channel.type_in("exit\r").await;
    assert_eq!(channel.ends().await, "");
}

#[tokio::test]
async fn a_dismissed_websocket_is_closed_and_its_session_is_not() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    let first = session(&client);
    let id = first["SessionId"].as_str().unwrap();
    let mut channel = Channel::open(&client, &first).await;
    channel.sees("sh-5.2$ ").await;
    assert!(sandbox.channels().dismiss(id));
    channel.is_cut().await;
    assert_eq!(channel.close_code, Some(1001));
    assert!(!sandbox.channels().dismiss(id));
    let second = resumed(&client, &first);
    let again = channel.conversation();
    let mut channel = Channel::resume(&client, &second, again).await.unwrap();
    channel.type_in("echo go''es on; exit\r").await;
    channel.sees("goes on\r\n").await;
    assert_eq!(channel.ends().await, "");
}

#[tokio::test]
async fn a_client_that_is_offline_reaches_nothing() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    let session = session(&client);
    let mut channel = Channel::open(&client, &session).await;
    channel.sees("sh-5.2$ ").await;
    sandbox.channels().cut(Cut::Offline, Duration::from_secs(1));
    channel.is_cut().await;
    let input = json!({"SessionId": session["SessionId"]});
    assert!(client.try_ssm("ResumeSession", &input).is_err());
    while sandbox.channels().is_cut().is_some() {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(client.ssm("ResumeSession", &input).status, 200);
}

#[test]
fn a_session_can_be_resumed_without_a_token() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    let session = session(&client);
    sandbox.options().resume_without_token = true;
    assert_eq!(
        resumed(&client, &session),
        json!({"SessionId": session["SessionId"]})
    );
}

#[test]
fn a_session_can_be_started_and_its_answer_lost() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    for kind in [Kind::ResetAfter, Kind::InternalErrorAfter, Kind::HalfBody] {
        let before = sandbox.open_sessions().len();
        sandbox
            .faults()
            .add(Fault::new("StartSession", kind).times(1));
        let input = json!({"Target": WEB_1, "Reason": format!("nonce {before}")});
        let answer = client.try_ssm("StartSession", &input);
        let arrived = answer.is_ok_and(|answer| {
            answer.status == 200 && serde_json::from_str::<Value>(&answer.body).is_ok()
        });
        assert!(!arrived, "{kind:?}");
        assert_eq!(sandbox.open_sessions().len(), before + 1, "{kind:?}");
    }
    let event = sandbox.trail().into_iter().rev().nth(1).unwrap();
    assert_eq!(event.code.as_deref(), Some("InternalServerError"));
}

#[test]
fn credentials_can_live_for_seconds() {
    let sandbox = start();
    sandbox.options().credential_lifetime = Some(Duration::from_secs(2));
    let client = Client::customer(&sandbox);
    let input = json!({"SessionId": "alice-1"});
    assert_eq!(
        client.ssm("ResumeSession", &input).refusal().1,
        "AccessDeniedException"
    );
    let waiting = std::time::Instant::now();
    while client.ssm("ResumeSession", &input).refusal().1 != "ExpiredTokenException" {
        assert!(waiting.elapsed() < Duration::from_secs(20));
        std::thread::sleep(Duration::from_millis(100));
    }
}
