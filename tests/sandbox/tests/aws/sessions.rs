//! Sessions from `StartSession` to `TerminateSession`, their websocket, and each way they are
//! refused.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{WebSocketStream, client_async};
use vendor_ssm_sandbox::Sandbox;
use vendor_ssm_sandbox::faults::{Fault, Kind};
use vendor_ssm_sandbox::options::Ended;
use vendor_ssm_sandbox::world::{CANARY, CUSTOMER, CUSTOMER_ROLE};

use crate::client::{Answer, BILLING, Client, STOPPED, UNTAGGED, WEB_1, start};

const CALLER: &str =
    "arn:aws:sts::222222222222:assumed-role/SSMStartSession_IAM_Role_ThirdPartyA/alice";

fn session(client: &Client, target: &str) -> Value {
    let answer = client.ssm("StartSession", &json!({"Target": target}));
    assert_eq!(answer.status, 200, "{}", answer.body);
    answer.json()
}

#[track_caller]
fn assert_denied(answer: &Answer, action: &str, resource: &str) {
    answer.assert_refused(
        400,
        "AccessDeniedException",
        &format!(
            "User: {CALLER} is not authorized to perform: {action} on resource: {resource} because no identity-based \
             policy allows the {action} action"
        ),
    );
}

fn session_arn(id: &str) -> String {
    format!("arn:aws:ssm:us-east-1:{CUSTOMER}:session/{id}")
}

#[test]
fn a_session_starts_on_a_tagged_instance() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    let answer = client.ssm(
        "StartSession",
        &json!({"Target": WEB_1, "Reason": "ticket 7"}),
    );
    let session = answer.json();
    let id = session["SessionId"].as_str().unwrap();
    let suffix = id.strip_prefix("alice-").unwrap();
    assert_eq!(suffix.len(), 26);
    assert!(suffix.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9')));
    assert_eq!(
        session["StreamUrl"],
        format!(
            "ws://127.0.0.1:{}/v1/data-channel/{id}?role=publish_subscribe",
            sandbox.port()
        )
    );
    let token = session["TokenValue"].as_str().unwrap();
    assert!(token.contains(CANARY) && token.len() <= 300);
    assert_eq!(sandbox.open_sessions(), [id]);
    assert_eq!(
        sandbox.actions(),
        ["AssumeRole", "AssumeRole", "StartSession"]
    );
    let event = sandbox.trail().pop().unwrap();
    assert_eq!(event.parameters["Reason"], "ticket 7");
    let sids: Vec<_> = event.decisions.iter().map(|d| d.sid.as_deref()).collect();
    assert_eq!(
        sids,
        [
            Some("AllowUsageOfSSMDocument"),
            Some("StartSessionOnInstances")
        ]
    );
}

#[test]
fn documents_are_decided_before_targets() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    let input = json!({"Target": UNTAGGED, "DocumentName": "AWS-StartSSHSession"});
    let answer = client.ssm("StartSession", &input);
    assert_denied(
        &answer,
        "ssm:StartSession",
        "arn:aws:ssm:us-east-1::document/AWS-StartSSHSession",
    );
    for target in [BILLING, UNTAGGED, "i-00000000000000000"] {
        let answer = client.ssm("StartSession", &json!({"Target": target}));
        let arn = format!("arn:aws:ec2:us-east-1:{CUSTOMER}:instance/{target}");
        assert_denied(&answer, "ssm:StartSession", &arn);
    }
    assert!(sandbox.open_sessions().is_empty());
}

#[test]
fn state_comes_last() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    client
        .ssm("StartSession", &json!({"Target": STOPPED}))
        .assert_refused(
            400,
            "TargetNotConnected",
            &format!("{STOPPED} is not connected."),
        );
    sandbox.world(|world| {
        world
            .role_mut(CUSTOMER, CUSTOMER_ROLE)
            .unwrap()
            .set_policy(
                "more",
                r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "ssm:StartSession", "Resource": "*"}}"#,
            )
            .unwrap();
    });
    let with = |document: &str| {
        client
            .ssm(
                "StartSession",
                &json!({"Target": WEB_1, "DocumentName": document}),
            )
            .refusal()
    };
    assert_eq!(with("NoSuchDocument").1, "InvalidDocument");
    assert_eq!(
        with("AWS-RunShellScript").2,
        "Document type: 'Command' is not supported. Only type: 'Session' is supported for Session Manager."
    );
    // Without a condition on tags, what is elsewhere is not denied but not connected.
    let elsewhere = client
        .within("eu-west-1")
        .ssm("StartSession", &json!({"Target": WEB_1}));
    assert_eq!(elsewhere.refusal().1, "TargetNotConnected");
}

#[test]
fn shapes_come_before_policies() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    for input in [
        json!({}),
        json!({"Target": "x".repeat(401)}),
        json!({"Target": WEB_1, "Reason": "r".repeat(257)}),
        json!({"Target": WEB_1, "DocumentName": "a b"}),
    ] {
        let refusal = client.ssm("StartSession", &input).refusal();
        assert_eq!(
            (refusal.0, refusal.1.as_str()),
            (400, "ValidationException"),
            "{input}"
        );
    }
    let wrong = client.ssm("StartSession", &json!({"Target": 1}));
    assert_eq!(wrong.refusal().1, "SerializationException");
}

#[test]
fn only_ones_own_sessions_can_be_resumed_and_terminated() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    let bob = Client::vendor(&sandbox).become_customer("bob");
    let others = session(&bob, WEB_1)["SessionId"]
        .as_str()
        .unwrap()
        .to_owned();
    for action in ["ResumeSession", "TerminateSession"] {
        for id in [others.as_str(), "alice-00000000000000000000000000"] {
            let answer = client.ssm(action, &json!({"SessionId": id}));
            assert_denied(&answer, &format!("ssm:{action}"), &session_arn(id));
        }
    }
    let own = session(&client, WEB_1);
    let resumed = client
        .ssm("ResumeSession", &json!({"SessionId": own["SessionId"]}))
        .json();
    assert_ne!(resumed["TokenValue"], own["TokenValue"]);
    assert_eq!(resumed["StreamUrl"], own["StreamUrl"]);
    let input = json!({"SessionId": own["SessionId"]});
    assert_eq!(client.ssm("TerminateSession", &input).json(), input);
    assert_eq!(sandbox.open_sessions(), [others]);
    assert_eq!(
        client.ssm("ResumeSession", &input).refusal().1,
        "DoesNotExistException"
    );
}

#[test]
fn an_ended_session_is_answered_as_the_knob_says() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    let id = session(&client, WEB_1)["SessionId"].clone();
    let terminate = || client.ssm("TerminateSession", &json!({"SessionId": id}));
    assert_eq!(terminate().status, 200);
    assert_eq!(terminate().status, 200);
    for (knob, code) in [
        (Ended::DoesNotExist, "DoesNotExistException"),
        (Ended::Validation, "ValidationException"),
        (Ended::AccessDenied, "AccessDeniedException"),
    ] {
        sandbox.options().ended = knob;
        assert_eq!(terminate().refusal().1, code);
    }
}

#[test]
fn sessions_are_listed_only_where_that_is_granted() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    let refused = client
        .ssm("DescribeSessions", &json!({"State": "Active"}))
        .refusal();
    assert!(
        refused
            .2
            .ends_with(" with an explicit deny in an identity-based policy"),
        "{}",
        refused.2
    );
    sandbox.world(|world| {
        world
            .role_mut(CUSTOMER, CUSTOMER_ROLE)
            .unwrap()
            .set_policy(
                "session",
                r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "ssm:*", "Resource": "*"}}"#,
            )
            .unwrap();
    });
    let first = session(&client, WEB_1)["SessionId"].clone();
    let second = session(&client, WEB_1)["SessionId"].clone();
    client.ssm("TerminateSession", &json!({"SessionId": first}));
    let listed = |input: Value| {
        let found = client.ssm("DescribeSessions", &input).json()["Sessions"].clone();
        let found = found.as_array().cloned().unwrap_or_default();
        found
            .iter()
            .map(|session| session["SessionId"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        listed(json!({"State": "Active"})),
        std::slice::from_ref(&second)
    );
    assert_eq!(listed(json!({"State": "History"})), [first]);
    let by_owner =
        |owner: &str| json!({"State": "Active", "Filters": [{"key": "Owner", "value": owner}]});
    assert_eq!(listed(by_owner(CALLER)), [second]);
    assert!(listed(by_owner("somebody")).is_empty());
    let by_state =
        |status: &str| json!({"State": "Active", "Filters": [{"key": "Status", "value": status}]});
    assert_eq!(listed(by_state("Connecting")).len(), 1);
    assert!(listed(by_state("Connected")).is_empty());
    let wrong = json!({"State": "Active", "Filters": [{"key": "Colour", "value": "red"}]});
    assert_eq!(
        client.ssm("DescribeSessions", &wrong).refusal().1,
        "InvalidFilterKey"
    );
    let wrong = json!({"State": "Active", "NextToken": "x"});
    assert_eq!(
        client.ssm("DescribeSessions", &wrong).refusal().1,
        "InvalidNextToken"
    );
    assert_eq!(
        client.ssm("DescribeSessions", &json!({})).refusal().1,
        "ValidationException"
    );
}

/// A client that never heard the answer finds its session by what it put into the reason.
#[test]
fn a_lost_session_is_found_by_its_reason() {
    let sandbox = start();
    sandbox.world(|world| {
        let role = world.role_mut(CUSTOMER, CUSTOMER_ROLE).unwrap();
        let all = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "ssm:*", "Resource": "*"}}"#;
        role.set_policy("session", all).unwrap();
    });
    let client = Client::customer(&sandbox);
    sandbox
        .faults()
        .add(Fault::new("StartSession", Kind::ResetAfter).times(1));
    let input = json!({"Target": WEB_1, "Reason": "ticket 7 [nonce 5f1c]"});
    assert!(client.try_ssm("StartSession", &input).is_err());
    let filters = json!([{"key": "Owner", "value": CALLER}, {"key": "Target", "value": WEB_1}]);
    let listed = client.ssm(
        "DescribeSessions",
        &json!({"State": "Active", "Filters": filters}),
    );
    let listed = listed.json();
    let [session] = &listed["Sessions"].as_array().unwrap()[..] else {
        panic!("one session: {listed}");
    };
    let id = &sandbox.open_sessions()[0];
    assert_eq!(session["SessionId"], json!(id));
    assert_eq!(session["Reason"], "ticket 7 [nonce 5f1c]");
    assert_eq!(session["Target"], WEB_1);
    assert_eq!(session["Status"], "Connecting");
    assert_eq!(session["Owner"], CALLER);
    assert_eq!(session["DocumentName"], "SSM-SessionManagerRunShell");
    assert!(session["StartDate"].is_f64());
    client.ssm("TerminateSession", &json!({"SessionId": id}));
    assert!(sandbox.open_sessions().is_empty());
}

/// Opens the websocket of a session, signed by a client when there is one.
async fn open(
    sandbox: &Sandbox,
    session: &Value,
    signer: Option<&Client>,
) -> Result<WebSocketStream<TcpStream>, Error> {
    let url = session["StreamUrl"].as_str().unwrap();
    let mut request = url.into_client_request().unwrap();
    if let Some(signer) = signer {
        let target = request.uri().path_and_query().unwrap().as_str().to_owned();
        for (name, value) in signer.signed("ssmmessages", "GET", &target, &[], b"") {
            let name: http::HeaderName = name.parse().unwrap();
            request.headers_mut().insert(name, value.parse().unwrap());
        }
    }
    let stream = TcpStream::connect(("127.0.0.1", sandbox.port()))
        .await
        .unwrap();
    Ok(client_async(request, stream).await?.0)
}

fn hello(session: &Value) -> Message {
    Message::text(
        json!({
            "MessageSchemaVersion": "1.0",
            "RequestId": "5c8d1c5e-3a1e-4a55-9a53-0d4e6c5b4a01",
            "TokenValue": session["TokenValue"],
            "ClientId": "5c8d1c5e-3a1e-4a55-9a53-0d4e6c5b4a02",
            "ClientVersion": "1.2.764.0",
        })
        .to_string(),
    )
}

/// What the shell and the service say, until the channel closes or enough was seen.
async fn hear(socket: &mut WebSocketStream<TcpStream>, enough: &str) -> String {
    let mut heard = String::new();
    while let Some(Ok(message)) = socket.next().await {
        if let Message::Binary(bytes) = message {
            heard += &String::from_utf8_lossy(&bytes);
        }
        if heard.contains(enough) {
            break;
        }
    }
    heard
}

#[tokio::test]
async fn the_websocket_leads_to_a_shell() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    let session = session(&client, WEB_1);
    let mut socket = open(&sandbox, &session, Some(&client)).await.unwrap();
    socket.send(hello(&session)).await.unwrap();
    assert!(hear(&mut socket, "sh-5.2$ ").await.contains("sh-5.2$ "));
    client.ssm(
        "TerminateSession",
        &json!({"SessionId": session["SessionId"]}),
    );
    let said = hear(&mut socket, "Your session was terminated").await;
    assert!(said.contains("Your session was terminated by"), "{said}");
    let event = sandbox
        .trail()
        .into_iter()
        .find(|e| e.action == "OpenDataChannel")
        .unwrap();
    assert_eq!((event.status, event.service.as_str()), (101, "ssmmessages"));
}

#[tokio::test]
async fn the_websocket_is_signed_and_decided() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    let session = session(&client, WEB_1);
    let refused = |result: Result<WebSocketStream<TcpStream>, Error>| match result {
        Err(Error::Http(response)) => {
            let body = response.body().clone().unwrap_or_default();
            (response.status().as_u16(), String::from_utf8(body).unwrap())
        }
        other => panic!("expected a refusal, got {other:?}"),
    };
    assert_eq!(refused(open(&sandbox, &session, None).await).0, 400);
    let vendor = Client::vendor(&sandbox);
    let (status, body) = refused(open(&sandbox, &session, Some(&vendor)).await);
    assert_eq!(status, 403);
    assert!(body.starts_with("<AccessDeniedException><Message>User: arn:aws:sts::111111111111:"));
    assert!(body.contains("ssmmessages:OpenDataChannel"));
    sandbox.options().allow_unsigned_channel = true;
    assert!(open(&sandbox, &session, None).await.is_ok());
}

#[tokio::test]
async fn the_websocket_can_be_presigned() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    let mut session = session(&client, WEB_1);
    let url = session["StreamUrl"].as_str().unwrap().to_owned();
    let target = url
        .strip_prefix(&sandbox.endpoint().replace("http", "ws"))
        .unwrap();
    let presigned = client.presigned("ssmmessages", target, Duration::from_mins(1));
    session["StreamUrl"] = url.replace(target, &presigned).into();
    assert!(open(&sandbox, &session, None).await.is_ok());
    session["StreamUrl"] = url
        .replace(target, &presigned.replace("publish", "punish"))
        .into();
    assert!(open(&sandbox, &session, None).await.is_err());
    sandbox.clock().advance(120);
    session["StreamUrl"] = url.replace(target, &presigned).into();
    assert!(open(&sandbox, &session, None).await.is_err());
}

#[tokio::test]
async fn a_missing_run_as_user_closes_the_channel() {
    let sandbox = start();
    let client = Client::customer(&sandbox);
    sandbox.world(|world| world.instance_mut(WEB_1).unwrap().os_users.clear());
    let session = session(&client, WEB_1);
    let mut socket = open(&sandbox, &session, Some(&client)).await.unwrap();
    socket.send(hello(&session)).await.unwrap();
    let said = hear(&mut socket, "does not exist").await;
    assert!(
        said.contains("failed to start pty since RunAs user os_user_a_alice does not exist"),
        "{said}"
    );
}
