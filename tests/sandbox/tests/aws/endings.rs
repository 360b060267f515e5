//! Sessions that others end than the client, and what the service says of them afterwards.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use vendor_ssm_sandbox::Sandbox;
use vendor_ssm_sandbox::channel::Form;
use vendor_ssm_sandbox::channel::message::PayloadType;
use vendor_ssm_sandbox::world::{CUSTOMER, CUSTOMER_ROLE, Document};

use crate::channel::Channel;
use crate::client::{Client, WEB_1, start};

const IDLE: &str = "Your session timed out due to inactivity and has been terminated.";

fn document(sandbox: &Sandbox, change: impl FnOnce(&mut Document)) {
    sandbox.world(|world| change(world.document_mut("SSM-SessionManagerRunShell").unwrap()));
}

fn session(client: &Client) -> Value {
    client.ssm("StartSession", &json!({"Target": WEB_1})).json()
}

fn again(client: &Client, action: &str, session: &Value) -> Value {
    let input = json!({"SessionId": session["SessionId"]});
    client.ssm(action, &input).json()
}

#[tokio::test]
async fn an_idle_session_is_ended() {
    let sandbox = start();
    document(&sandbox, |document| {
        document.idle_timeout = Some(Duration::from_secs(3));
    });
    let client = Client::customer(&sandbox);
    let session = session(&client);
    let mut channel = Channel::open(&client, &session).await;
    channel.sees("sh-5.2$ ").await;
    let start = Instant::now();
    // Keys keep it alive beyond its time.
    while start.elapsed() < Duration::from_secs(4) {
        channel.type_in("\r").await;
        channel.sees("sh-5.2$ ").await;
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    assert_eq!(channel.ends().await, IDLE);
    assert!(start.elapsed() > Duration::from_secs(6));
    channel.is_cut().await;
    assert!(sandbox.open_sessions().is_empty());
    assert_eq!(
        again(&client, "ResumeSession", &session)["__type"],
        "DoesNotExistException"
    );
    assert_eq!(
        again(&client, "TerminateSession", &session)["SessionId"],
        session["SessionId"]
    );
}

#[tokio::test]
async fn a_session_ends_when_it_has_lasted() {
    let sandbox = start();
    document(&sandbox, |document| {
        document.max_duration = Some(Duration::from_millis(1500));
    });
    let client = Client::customer(&sandbox);
    let mut channel = Channel::open(&client, &session(&client)).await;
    channel.sees("sh-5.2$ ").await;
    channel
        .type_in("while sleep 0.1; do echo busy; done\r")
        .await;
    assert!(channel.ends().await.contains("maximum duration"));
}

#[tokio::test]
async fn a_customer_ends_a_session() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    let session = session(&client);
    let id = session["SessionId"].as_str().unwrap();
    let mut channel = Channel::open(&client, &session).await;
    channel.sees("sh-5.2$ ").await;
    let admin = "arn:aws:iam::222222222222:user/admin";
    assert!(sandbox.end_session(id, admin));
    assert_eq!(
        channel.ends().await,
        format!("Your session was terminated by {admin}")
    );
    channel.is_cut().await;
    assert!(!sandbox.end_session(id, admin));
    assert!(!sandbox.end_session("alice-none", admin));
}

#[tokio::test]
async fn a_revoked_role_leaves_its_sessions_open() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    let session = session(&client);
    let id = session["SessionId"].as_str().unwrap();
    let mut channel = Channel::open(&client, &session).await;
    channel.sees("sh-5.2$ ").await;
    sandbox.clock().advance(60);
    let now = sandbox.clock().now();
    sandbox.world(|world| {
        let role = world.role_mut(CUSTOMER, CUSTOMER_ROLE).unwrap();
        role.revoke_sessions(now).unwrap();
    });
    channel.type_in("echo still $((1+1))\r").await;
    channel.sees("still 2").await;
    for action in ["ResumeSession", "TerminateSession"] {
        let refused = again(&client, action, &session);
        assert_eq!(refused["__type"], "AccessDeniedException");
    }
    assert!(sandbox.end_session(id, "arn:aws:iam::222222222222:user/admin"));
    assert!(
        channel
            .ends()
            .await
            .starts_with("Your session was terminated by")
    );
}

#[tokio::test]
async fn an_agent_pauses_until_it_is_told_to_start() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    let session = session(&client);
    let id = session["SessionId"].as_str().unwrap();
    let mut channel = Channel::open(&client, &session).await;
    channel.sees("sh-5.2$ ").await;
    channel
        .type_in("until test -e go; do sleep 0.1; done; echo la''ter\r")
        .await;
    channel.sees("ter\r\n").await;
    // Its acknowledgement says that all that came before was heard as well, which would start the
    // agent.
    let acknowledged = channel.acknowledged;
    channel
        .send(PayloadType::Size, br#"{"cols":90,"rows":30}"#)
        .await;
    channel
        .until("acknowledgement", |channel| {
            channel.acknowledged > acknowledged
        })
        .await;
    assert!(sandbox.channels().publish(id, false, Form::Binary));
    channel
        .until("pause", |channel| channel.notices.len() == 1)
        .await;
    std::fs::write(sandbox.home().join("go"), "").unwrap();
    let heard = tokio::time::timeout(Duration::from_secs(1), channel.sees("later")).await;
    assert!(heard.is_err(), "output while paused");
    assert!(sandbox.channels().publish(id, true, Form::Text));
    channel.sees("later").await;
    assert_eq!(channel.notices, ["pause_publication", "start_publication"]);
    // What the client says starts it as well.
    assert!(sandbox.channels().publish(id, false, Form::Binary));
    channel.type_in("exit\r").await;
    assert_eq!(channel.ends().await, "");
    channel.is_cut().await;
    assert!(!sandbox.channels().publish(id, false, Form::Binary));
}
