use super::super::crypto::tests::agents;
use super::super::input::PAYLOAD;
use super::super::session_type::{PortMode, SessionType};
use super::super::wire::tests::{CHANNEL_CLOSED, HANDSHAKE_COMPLETE, HANDSHAKE_REQUEST, worked};
use super::*;
use serde_json::{Value, json as value};

const TERMINAL: Event = Event::SessionType(SessionType::Terminal);
const EPOCH: SystemTime = SystemTime::UNIX_EPOCH;

fn conversation() -> (Conversation, Instant) {
    conversation_for(Accepts::Terminal)
}

fn conversation_for(accepts: Accepts) -> (Conversation, Instant) {
    let now = Instant::now();
    let time = EPOCH + Duration::from_secs(1_700_000_000);
    (Conversation::new(accepts, now, time), now)
}

fn from_agent(sequence_number: i64, payload_type: PayloadType, payload: &[u8]) -> Message {
    Message {
        message_type: MessageType::OutputStreamData,
        created: 1,
        sequence_number,
        flags: 0,
        message_id: Uuid::new_v4(),
        payload_type,
        payload: Bytes::copy_from_slice(payload),
    }
}

fn output(sequence_number: i64, text: &str) -> Bytes {
    from_agent(sequence_number, PayloadType::Output, text.as_bytes()).encode()
}

fn acknowledgement(sequence_number: i64) -> Bytes {
    let payload = value!({
        "AcknowledgedMessageType": "input_stream_data",
        "AcknowledgedMessageId": Uuid::new_v4().to_string(),
        "AcknowledgedMessageSequenceNumber": sequence_number,
        "IsSequentialMessage": true,
    });
    let mut message = from_agent(0, PayloadType::Unknown, payload.to_string().as_bytes());
    message.message_type = MessageType::Acknowledge;
    message.encode()
}

fn written(conversation: &mut Conversation, now: Instant) -> Vec<Message> {
    std::iter::from_fn(|| conversation.transmit(now))
        .map(|frame| Message::decode(&frame).unwrap())
        .collect()
}

fn happened(conversation: &mut Conversation) -> Vec<Event> {
    std::iter::from_fn(|| conversation.event()).collect()
}

/// In short: `ack 0`, `Size 1`, `Output 2 "ls"`.
fn said(messages: &[Message]) -> Vec<String> {
    let said = messages.iter().map(|message| {
        let text = String::from_utf8_lossy(&message.payload);
        match (message.message_type, message.payload_type) {
            (MessageType::Acknowledge, _) => {
                let ack: Value = serde_json::from_str(&text).unwrap();
                assert_eq!((message.flags, message.sequence_number), (3, 0));
                format!("ack {}", ack["AcknowledgedMessageSequenceNumber"])
            }
            (_, PayloadType::Output) => format!("Output {} {text}", message.sequence_number),
            (_, other) => format!("{other:?} {}", message.sequence_number),
        }
    });
    said.collect()
}

#[test]
fn a_shell_without_a_handshake() {
    let (mut c, now) = conversation();
    c.resize(Size { cols: 80, rows: 24 });
    assert_eq!(c.send(b"early\n"), 6);
    assert_eq!(
        said(&written(&mut c, now)),
        ["Size 0"],
        "no input before the first output"
    );
    assert!(!c.has_heard());

    c.receive(&acknowledgement(0), now);
    assert!(c.has_heard() && !c.is_flushed());
    assert_eq!(
        said(&written(&mut c, now)),
        [""; 0],
        "an acknowledgement does not begin the session"
    );

    c.receive(&output(0, "$ "), now);
    assert_eq!(
        happened(&mut c),
        [Event::Acknowledged, TERMINAL, Event::Output("$ ".into())]
    );
    assert_eq!(
        said(&written(&mut c, now)),
        ["ack 0", "Size 1", "Output 2 early\n"]
    );
    for number in 1..=2 {
        c.receive(&acknowledgement(number), now);
    }
    assert!(c.is_flushed());

    c.receive(&worked(CHANNEL_CLOSED), now);
    assert_eq!(
        happened(&mut c).last(),
        Some(&Event::Closed {
            output: String::new()
        })
    );
    c.receive(&output(1, "after the end"), now);
    assert_eq!(happened(&mut c), []);
}

#[test]
fn a_shell_with_the_captured_handshake() {
    let (mut c, now) = conversation();
    c.resize(Size { cols: 80, rows: 24 });
    assert_eq!(said(&written(&mut c, now)), ["Size 0"]);
    c.send(b"x");
    c.receive(&worked(HANDSHAKE_REQUEST), now);
    let messages = written(&mut c, now);
    assert_eq!(
        said(&messages),
        ["ack 0", "HandshakeResponse 1"],
        "acknowledged, then answered"
    );
    let answer: Value = serde_json::from_slice(&messages[1].payload).unwrap();
    assert_eq!(answer["ProcessedClientActions"][0]["ActionStatus"], 1);

    c.receive(&worked(HANDSHAKE_COMPLETE), now);
    assert_eq!(
        said(&written(&mut c, now)),
        ["ack 1", "Size 2", "Output 3 x"],
        "the size again"
    );
    assert_eq!(
        happened(&mut c),
        [
            TERMINAL,
            Event::HandshakeComplete {
                customer_message: String::new()
            }
        ]
    );
}

fn handshake(session_type: &str, properties: &Value, key: Option<&Value>) -> Bytes {
    let parameters = value!({ "SessionType": session_type, "Properties": properties });
    let mut actions = vec![value!({ "ActionType": "SessionType", "ActionParameters": parameters })];
    actions
        .extend(key.map(|key| value!({ "ActionType": "KMSEncryption", "ActionParameters": key })));
    let request = value!({ "AgentVersion": "3.3.987.0", "RequestedClientActions": actions });
    let payload = request.to_string();
    from_agent(0, PayloadType::HandshakeRequest, payload.as_bytes()).encode()
}

#[test]
fn a_session_of_another_type_is_refused_by_name_and_gets_no_input() {
    let (mut c, now) = conversation_for(Accepts::Port);
    c.send(b"for a port");
    c.receive(&handshake("Standard_Stream", &Value::Null, None), now);
    let messages = written(&mut c, now);
    let answer: Value = serde_json::from_slice(&messages[1].payload).unwrap();
    assert_eq!(answer["ProcessedClientActions"][0]["ActionStatus"], 2);
    let refused = Event::ActionRefused {
        action_type: "SessionType".into(),
        error: "Failed to process action SessionType: Unknown session type Standard_Stream".into(),
    };
    assert_eq!(happened(&mut c), [refused]);
    c.receive(&worked(HANDSHAKE_COMPLETE), now);
    assert_eq!(said(&written(&mut c, now)), ["ack 1"]);

    let (mut c, now) = conversation_for(Accepts::Command);
    c.send(b"for a command");
    c.receive(&output(0, "$ "), now);
    c.receive(&output(1, "typed?"), now);
    assert_eq!(said(&written(&mut c, now)), ["ack 0", "ack 1"]);
    let outputs = ["$ ", "typed?"].map(|text| Event::Output(text.into()));
    let [first, second] = outputs;
    assert_eq!(happened(&mut c), [TERMINAL, first, second]);
}

#[test]
fn a_port_has_flags_beside_its_bytes() {
    let (mut c, now) = conversation_for(Accepts::Port);
    let properties = value!({ "type": "LocalPortForwarding", "portNumber": "80", "host": "db" });
    c.receive(&handshake("Port", &properties, None), now);
    let events = happened(&mut c);
    let [Event::SessionType(SessionType::Port(port))] = &events[..] else {
        panic!("{events:?}")
    };
    assert_eq!(port.mode, PortMode::Multiplexed { keep_alive: false });
    assert_eq!(
        (&port.properties.port_number[..], &port.properties.host[..]),
        ("80", "db")
    );
    c.send(b"\n");
    c.flag(Flag::DisconnectToPort);
    c.receive(
        &from_agent(1, PayloadType::HandshakeComplete, b"{}").encode(),
        now,
    );
    let messages = written(&mut c, now);
    assert_eq!(
        said(&messages),
        [
            "ack 0",
            "ack 1",
            "HandshakeResponse 0",
            "Output 1 \n",
            "Flag 2"
        ]
    );
    assert_eq!(messages.last().unwrap().payload[..], [0, 0, 0, 1]);
    assert!(!c.is_flushed());
    happened(&mut c);
    c.receive(
        &from_agent(2, PayloadType::Flag, &[0, 0, 0, 3]).encode(),
        now,
    );
    c.receive(
        &from_agent(3, PayloadType::Flag, &[0, 0, 0, 9]).encode(),
        now,
    );
    assert_eq!(happened(&mut c), [Event::ConnectToPortFailed]);
}

fn encrypted() -> (Conversation, Instant) {
    let (mut c, now) = conversation();
    c.resize(Size { cols: 80, rows: 24 });
    c.send(b"ls\n");
    let key = value!({ "KMSKeyId": "arn:aws:kms:us-east-1:1:key/k", "Challenge": "cmFuZG9t" });
    c.receive(&handshake("Standard_Stream", &Value::Null, Some(&key)), now);
    let wanted = Event::DataKeyWanted {
        key_id: "arn:aws:kms:us-east-1:1:key/k".into(),
        challenge: Some("cmFuZG9t".into()),
    };
    assert_eq!(happened(&mut c), [TERMINAL, wanted]);
    assert_eq!(
        said(&written(&mut c, now)),
        ["ack 0", "Size 0"],
        "the answer waits for the key"
    );
    (c, now)
}

#[test]
fn an_encrypted_session() {
    let (mut c, now) = encrypted();
    let key: Vec<u8> = (100..164).collect();
    let agent = agents(&key);
    c.data_key(Ok(&DataKey::new(key, b"blob").unwrap()));
    let answer = c.transmit(now).unwrap();
    let answer = Message::decode(&answer).unwrap();
    let answer: Value = serde_json::from_slice(&answer.payload).unwrap();
    let result = &answer["ProcessedClientActions"][1]["ActionResult"];
    assert_eq!(result["KMSCipherTextKey"], "YmxvYg==");

    let encode = |bytes: &[u8]| base64::Engine::encode(&base64::prelude::BASE64_STANDARD, bytes);
    let decode =
        |text: &str| base64::Engine::decode(&base64::prelude::BASE64_STANDARD, text).unwrap();
    let challenge = value!({ "Challenge": encode(&agent.seal(b"64 random bytes")) }).to_string();
    let challenge = from_agent(1, PayloadType::ChallengeRequest, challenge.as_bytes());
    c.receive(&challenge.encode(), now);
    let messages = written(&mut c, now);
    assert_eq!(said(&messages), ["ack 1", "ChallengeResponse 2"]);
    let proof: super::super::payload::Challenge =
        serde_json::from_slice(&messages[1].payload).unwrap();
    let proof = agent.open(&decode(&proof.challenge)).unwrap();
    assert_eq!(proof, "64 random bytes");

    // Agents ask once. More of it is acknowledged, and costs nothing.
    let again = value!({ "Challenge": encode(&agent.seal(&[b'x'; 9000])) }).to_string();
    let again = from_agent(2, PayloadType::ChallengeRequest, again.as_bytes());
    c.receive(&again.encode(), now);
    assert_eq!(said(&written(&mut c, now)), ["ack 2"]);

    c.receive(
        &from_agent(3, PayloadType::HandshakeComplete, b"{}").encode(),
        now,
    );
    let messages = written(&mut c, now);
    assert_eq!(messages[1].payload, br#"{"cols":80,"rows":24}"#[..]);
    assert_eq!(messages[2].payload_type, PayloadType::Output);
    assert_eq!(agent.open(&messages[2].payload).unwrap(), "ls\n");

    happened(&mut c);
    for (number, payload_type, text) in [
        (4, PayloadType::Output, "out"),
        (5, PayloadType::StdErr, "err"),
        (6, PayloadType::ExitCode, "EXIT_CODE: 3"),
    ] {
        let sealed = agent.seal(text.as_bytes());
        c.receive(&from_agent(number, payload_type, &sealed).encode(), now);
    }
    assert_eq!(
        happened(&mut c),
        [
            Event::Output("out".into()),
            Event::StdErr("err".into()),
            Event::ExitCode(3)
        ]
    );
    c.receive(&output(7, "in plain text"), now);
    assert_eq!(happened(&mut c), [Event::Forged]);
}

#[test]
fn without_a_data_key_the_agent_is_told_why() {
    let (mut c, now) = encrypted();
    c.data_key(Err("AccessDeniedException"));
    c.data_key(Ok(&DataKey::new(vec![0; 64], b"").unwrap()));
    let messages = written(&mut c, now);
    assert_eq!(said(&messages), ["HandshakeResponse 1"]);
    let answer: Value = serde_json::from_slice(&messages[0].payload).unwrap();
    assert_eq!(answer["ProcessedClientActions"][1]["ActionStatus"], 2);
    assert!(c.cipher.is_none());
    c.receive(&complete(1), now);
    assert_eq!(
        said(&written(&mut c, now)),
        ["ack 1"],
        "nothing goes in clear"
    );
    assert_eq!(happened(&mut c), []);
}

#[test]
fn nothing_in_clear_is_taken_while_the_data_key_is_awaited() {
    let (mut c, now) = encrypted();
    for (number, payload_type, text) in [
        (1, PayloadType::Output, "$ "),
        (2, PayloadType::StdErr, "error"),
        (3, PayloadType::ExitCode, "EXIT_CODE: 0"),
    ] {
        let message = from_agent(number, payload_type, text.as_bytes());
        c.receive(&message.encode(), now);
        assert_eq!(happened(&mut c), [Event::Forged]);
    }
    c.receive(&complete(4), now);
    assert_eq!(happened(&mut c), []);
    c.data_key(Ok(&DataKey::new(vec![0; 64], b"").unwrap()));
    let messages = written(&mut c, now);
    assert_eq!(
        said(&messages)[4..],
        ["HandshakeResponse 1"],
        "it did not begin before the answer"
    );
}

fn complete(sequence_number: i64) -> Bytes {
    from_agent(sequence_number, PayloadType::HandshakeComplete, b"{}").encode()
}

#[test]
fn a_handshake_completes_once() {
    let (mut c, now) = conversation();
    c.receive(&complete(0), now);
    assert_eq!(happened(&mut c), [], "there was none");
    let (mut c, now) = conversation_for(Accepts::Port);
    c.receive(
        &handshake("Port", &value!({ "type": "LocalPortForwarding" }), None),
        now,
    );
    c.receive(&complete(1), now);
    c.receive(&complete(2), now);
    let completed = |event: &Event| matches!(event, Event::HandshakeComplete { .. });
    assert_eq!(
        happened(&mut c).into_iter().filter(completed).count(),
        1,
        "whatever is built on it is built once"
    );
}

#[test]
fn the_agents_title_of_an_error_is_dropped() {
    for (sent, wanted) in [
        ("\n----------ERROR-------\nno such user\n", "no such user"),
        (
            "out\n----------ERROR-------\nno such user",
            "out; no such user",
        ),
        ("\n----------ERROR-------\n", ""),
        (" ended \n", "ended"),
    ] {
        let (mut c, now) = conversation();
        let said = value!({ "Output": sent }).to_string();
        let mut message = from_agent(0, PayloadType::Unknown, said.as_bytes());
        message.message_type = MessageType::ChannelClosed;
        c.receive(&message.encode(), now);
        let output = wanted.to_owned();
        assert_eq!(happened(&mut c), [Event::Closed { output }]);
    }
}

#[test]
fn what_the_service_says_at_the_end_is_cut() {
    let (mut c, now) = conversation();
    let said = value!({ "Output": format!("x{}", "ż".repeat(100_000)) }).to_string();
    let mut message = from_agent(0, PayloadType::Unknown, said.as_bytes());
    message.message_type = MessageType::ChannelClosed;
    c.receive(&message.encode(), now);
    let cut = format!("x{}… (200001 bytes)", "ż".repeat(511));
    assert_eq!(happened(&mut c), [Event::Closed { output: cut }]);
}

#[test]
fn output_is_put_in_order_and_duplicates_are_acknowledged_again() {
    let (mut c, now) = conversation();
    c.receive(&output(1, "b"), now);
    assert_eq!(happened(&mut c), []);
    c.receive(&output(0, "a"), now);
    c.receive(&output(0, "a"), now);
    assert_eq!(
        happened(&mut c)[1..],
        [Event::Output("a".into()), Event::Output("b".into())]
    );
    assert_eq!(said(&written(&mut c, now)), ["ack 1", "ack 0", "ack 0"]);
}

#[test]
fn streams_and_exit_codes_are_told_apart() {
    let (mut c, now) = conversation();
    c.receive(&output(0, "out"), now);
    c.receive(&output(1, ""), now);
    c.receive(&from_agent(2, PayloadType::StdErr, b"err").encode(), now);
    c.receive(
        &from_agent(3, PayloadType::ExitCode, b"EXIT_CODE: -1").encode(),
        now,
    );
    c.receive(
        &from_agent(4, PayloadType::ExitCode, b"nonsense").encode(),
        now,
    );
    c.receive(&from_agent(5, PayloadType::Unknown, b"?").encode(), now);
    assert_eq!(
        happened(&mut c)[1..],
        [
            Event::Output("out".into()),
            Event::StdErr("err".into()),
            Event::ExitCode(-1)
        ],
        "empty and unknown payloads are acknowledged all the same"
    );
    assert_eq!(written(&mut c, now).len(), 6);
}

#[test]
fn input_is_cut_into_payloads_and_waits_for_the_window() {
    let (mut c, now) = conversation();
    c.receive(&output(0, "$ "), now);
    written(&mut c, now);
    let paste: Vec<u8> = (0..100_u8).cycle().take(3 << 20).collect();
    let (mut rest, mut sent) = (&paste[..], Vec::new());
    let mut acknowledged = 0;
    while sent.len() < paste.len() {
        rest = &rest[c.send(rest)..];
        for message in written(&mut c, now) {
            assert!(message.payload.len() <= PAYLOAD);
            sent.extend_from_slice(&message.payload);
        }
        assert!(
            sent.len() - usize::try_from(acknowledged).unwrap() * PAYLOAD
                <= super::super::flow::WINDOW * PAYLOAD
        );
        if c.room() == 0 {
            assert_eq!(c.send(b"more"), 0);
        }
        if sent.len() < paste.len() {
            c.receive(&acknowledgement(acknowledged), now);
            acknowledged += 1;
        }
    }
    assert!(sent == paste);
}

#[test]
fn a_lost_message_is_sent_again_byte_for_byte() {
    let (mut c, now) = conversation();
    c.receive(&output(0, "$ "), now);
    c.send(b"\n");
    let first = c.transmit(now).and_then(|_ack| c.transmit(now)).unwrap();
    let later = c.deadline().unwrap();
    assert_eq!(c.wake(later), Ok(()));
    assert_eq!(
        c.transmit(later),
        Some(first),
        "a lone line feed is left as it is"
    );
    assert_eq!(c.wake(later + Duration::from_mins(5)), Err(PeerSilent));
}

#[test]
fn another_connection_gets_what_the_first_may_have_lost() {
    let (mut c, now) = conversation();
    c.resize(Size { cols: 80, rows: 24 });
    c.receive(&output(0, "$ "), now);
    c.send(b"ls\n");
    assert_eq!(
        said(&written(&mut c, now)),
        ["ack 0", "Size 0", "Output 1 ls\n"]
    );
    let later = c.deadline().unwrap();
    assert_eq!(c.wake(later), Ok(()), "a copy of the oldest waits");
    c.receive(&output(1, "next"), later);
    c.send(b"more");

    let slept = EPOCH + Duration::from_hours(500_000);
    c.reattached(later, slept);
    let messages = written(&mut c, later);
    assert_eq!(
        said(&messages),
        ["ack 1", "Size 0", "Output 1 ls\n", "Output 2 more"]
    );
    assert_eq!(messages[3].created, 1_800_000_000_000);
    c.receive(&output(1, "next"), later);
    assert_eq!(said(&written(&mut c, later)), ["ack 1"]);
    assert_eq!(
        happened(&mut c)[1..],
        [Event::Output("$ ".into()), Event::Output("next".into())]
    );
}

#[test]
fn messages_are_dated_by_the_clock_that_was_handed_in() {
    let (mut c, now) = conversation();
    c.resize(Size { cols: 1, rows: 1 });
    assert_eq!(
        written(&mut c, now + Duration::from_secs(2))[0].created,
        1_700_000_002_000
    );
    let mut c = Conversation::new(Accepts::Terminal, now, EPOCH);
    c.resize(Size { cols: 1, rows: 1 });
    assert_eq!(
        written(&mut c, now)[0].created,
        1,
        "never the 0 that agents reject"
    );
}

#[test]
fn hostile_payloads_change_nothing() {
    let (mut c, now) = conversation();
    c.receive(&Bytes::from_static(b"\0\0\0\x74"), now);
    let mut message = from_agent(0, PayloadType::Unknown, b"not json");
    message.message_type = MessageType::Acknowledge;
    c.receive(&message.encode(), now);
    c.receive(&acknowledgement(99), now);
    c.receive(&from_agent(-1, PayloadType::Output, b"x").encode(), now);
    assert_eq!(happened(&mut c), []);
    assert_eq!(said(&written(&mut c, now)), [""; 0]);
    message.message_type = MessageType::ChannelClosed;
    c.receive(&message.encode(), now);
    assert_eq!(
        happened(&mut c),
        [Event::Closed {
            output: String::new()
        }]
    );
}
