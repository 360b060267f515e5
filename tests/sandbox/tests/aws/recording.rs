//! What the customer finds in the log of a session, and whose shell it was.

use std::process::Command;

use serde_json::{Value, json};
use tokio::net::TcpListener;
use vendor_ssm_sandbox::Sandbox;
use vendor_ssm_sandbox::channel::RunAs;
use vendor_ssm_sandbox::channel::message::PayloadType;
use vendor_ssm_sandbox::world::{CUSTOMER, CUSTOMER_ROLE};

use crate::channel::Channel;
use crate::client::{Client, WEB_1, start};

fn session(client: &Client) -> Value {
    client.ssm("StartSession", &json!({"Target": WEB_1})).json()
}

fn seen(sandbox: &Sandbox, session: &Value) -> Vec<String> {
    let id = session["SessionId"].as_str().unwrap();
    let lines = sandbox.session_log(id).into_iter();
    let lines = lines.map(|line| serde_json::from_str::<Value>(&line).unwrap());
    lines
        .map(|line| line["sessionData"][0].as_str().unwrap().to_owned())
        .collect()
}

#[tokio::test]
async fn a_shell_is_logged_as_it_goes() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    let session = session(&client);
    let mut channel = Channel::open(&client, &session).await;
    channel.sees("sh-5.2$ ").await;
    channel.type_in("echo seen by $((40+2))\r").await;
    channel.sees("seen by 42\r\n").await;
    let lines = seen(&sandbox, &session);
    assert!(lines.iter().any(|line| line.contains("echo seen by")));
    assert!(lines.iter().any(|line| line.ends_with("seen by 42")));
    let first = sandbox.session_log(session["SessionId"].as_str().unwrap());
    let first: Value = serde_json::from_str(&first[0]).unwrap();
    assert_eq!(first["sessionId"], session["SessionId"]);
    assert_eq!(first["target"]["id"], WEB_1);
    assert_eq!(first["runAsUser"], "os_user_a_alice");
    channel.type_in("exit\r").await;
    channel.ends().await;
}

#[tokio::test]
async fn without_a_log_group_there_is_no_log() {
    let sandbox = start();
    sandbox.world(|world| {
        world
            .document_mut("SSM-SessionManagerRunShell")
            .unwrap()
            .log_group = None;
    });
    let client = Client::customer(&sandbox);
    let session = session(&client);
    let mut channel = Channel::open(&client, &session).await;
    channel.sees("sh-5.2$ ").await;
    channel.type_in("echo unseen; exit\r").await;
    channel.ends().await;
    assert!(seen(&sandbox, &session).is_empty());
}

#[tokio::test]
async fn a_command_is_logged_when_it_has_ended() {
    const DOCUMENT: &str = "AWS-StartNonInteractiveCommand";
    let sandbox = start();
    sandbox.world(|world| {
        let role = world.role_mut(CUSTOMER, CUSTOMER_ROLE).unwrap();
        role.grant_documents(&[DOCUMENT]).unwrap();
        world.document_mut(DOCUMENT).unwrap().log_group = Some("commands".to_owned());
    });
    let client = Client::customer(&sandbox);
    let input = json!({
        "Target": WEB_1,
        "DocumentName": DOCUMENT,
        "Parameters": {
            "command": ["sh -c 'echo one; sleep 1; echo two >&2'"],
            "separateOutputStream": ["true"],
        },
    });
    let session = client.ssm("StartSession", &input).json();
    let mut channel = Channel::open(&client, &session).await;
    channel.shake_hands().await;
    channel.sees("one\n").await;
    assert!(seen(&sandbox, &session).is_empty());
    channel.ends().await;
    channel.is_cut().await;
    assert_eq!(seen(&sandbox, &session), ["one", "two"]);
}

#[tokio::test]
async fn what_goes_to_a_port_is_never_logged() {
    const DOCUMENT: &str = "AWS-StartSSHSession";
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let here = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        let (mut connection, _) = listener.accept().await.unwrap();
        let (mut from, mut to) = connection.split();
        tokio::io::copy(&mut from, &mut to).await.unwrap();
    });
    let sandbox = start();
    sandbox.world(|world| {
        let role = world.role_mut(CUSTOMER, CUSTOMER_ROLE).unwrap();
        role.grant_documents(&[DOCUMENT]).unwrap();
        world.document_mut(DOCUMENT).unwrap().log_group = Some("ports".to_owned());
        world.instance_mut(WEB_1).unwrap().ports = vec![(22, here)];
    });
    let client = Client::customer(&sandbox);
    let input = json!({"Target": WEB_1, "DocumentName": DOCUMENT});
    let session = client.ssm("StartSession", &input).json();
    let mut channel = Channel::open(&client, &session).await;
    channel.shake_hands().await;
    channel.receives(PayloadType::HandshakeComplete).await;
    channel.type_in("a secret\n").await;
    channel.sees("a secret\n").await;
    let id = session["SessionId"].as_str().unwrap();
    assert!(sandbox.end_session(id, "somebody"));
    channel.ends().await;
    channel.is_cut().await;
    assert!(seen(&sandbox, &session).is_empty());
}

fn run_as(sandbox: &Sandbox, user: &str) {
    sandbox.world(|world| {
        let role = world.role_mut(CUSTOMER, CUSTOMER_ROLE).unwrap();
        role.tags.retain(|(key, _)| key != "SSMSessionRunAs");
        role.tags
            .push(("SSMSessionRunAs".to_owned(), user.to_owned()));
        let instance = world.instance_mut(WEB_1).unwrap();
        instance.os_users.push(user.to_owned());
    });
}

#[tokio::test]
async fn a_user_that_is_not_here_is_written_down() {
    let sandbox = start();
    run_as(&sandbox, "vssm_nobody_here");
    let client = Client::customer(&sandbox);
    let session = session(&client);
    let mut channel = Channel::open(&client, &session).await;
    channel.sees("sh-5.2$ ").await;
    channel.type_in("exit\r").await;
    channel.ends().await;
    let id = session["SessionId"].as_str().unwrap();
    let expected = RunAs {
        user: "vssm_nobody_here".to_owned(),
        real: false,
    };
    assert_eq!(
        sandbox.channels().record(id).unwrap().run_as,
        Some(expected)
    );
}

/// A user made for a test, gone with it.
struct User(String);

impl User {
    /// Nothing where users cannot be made.
    fn make() -> Option<Self> {
        let name = format!("vssm{}", std::process::id());
        let made = Command::new("useradd")
            .args(["--create-home", "--user-group", &name])
            .output();
        made.is_ok_and(|made| made.status.success())
            .then_some(Self(name))
    }
}

impl Drop for User {
    fn drop(&mut self) {
        let _gone = Command::new("userdel").args(["--remove", &self.0]).output();
    }
}

#[tokio::test]
async fn a_user_that_is_here_gets_the_shell() {
    const DOCUMENT: &str = "AWS-StartNonInteractiveCommand";
    let Some(user) = User::make() else { return };
    let name = &user.0;
    let sandbox = start();
    run_as(&sandbox, name);
    let client = Client::customer(&sandbox);
    let session = session(&client);
    let mut channel = Channel::open(&client, &session).await;
    channel.sees("sh-5.2$ ").await;
    channel
        .type_in("echo \"[$(id -un) $(id -gn) $(id -Gn) $USER $HOME $(pwd)]\"\r")
        .await;
    let home = format!("/home/{name}");
    channel
        .sees(&format!("[{name} {name} {name} {name} {home} {home}]"))
        .await;
    // The terminal is the user's own, and Ctrl-C reaches what runs on it.
    channel
        .type_in("test -O \"$(tty)\" && echo ow''ned; sleep 60\r")
        .await;
    channel.sees("owned\r\n").await;
    channel.type_in("\x03").await;
    channel.sees("sh-5.2$ ").await;
    channel.type_in("exit\r").await;
    assert_eq!(channel.ends().await, "");
    let id = session["SessionId"].as_str().unwrap();
    let record = sandbox.channels().record(id).unwrap();
    assert!(record.run_as.is_some_and(|run_as| run_as.real));

    // So does a command without a terminal.
    sandbox.world(|world| {
        let role = world.role_mut(CUSTOMER, CUSTOMER_ROLE).unwrap();
        role.grant_documents(&[DOCUMENT]).unwrap();
        let document = world.document_mut(DOCUMENT).unwrap();
        document.run_as_default_user = Some(String::new());
    });
    let input = json!({
        "Target": WEB_1,
        "DocumentName": DOCUMENT,
        "Parameters": {"command": ["sh -c 'id -un; echo $HOME; pwd'"]},
    });
    let session = client.ssm("StartSession", &input).json();
    let mut channel = Channel::open(&client, &session).await;
    channel.shake_hands().await;
    channel.ends().await;
    assert_eq!(channel.text, format!("{name}\n{home}\n{home}\n"));
}
