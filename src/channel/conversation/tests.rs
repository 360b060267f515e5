use super::super::wire::tests::{CHANNEL_CLOSED, HANDSHAKE_COMPLETE, HANDSHAKE_REQUEST, worked};
use super::*;
use serde_json::{Value, json as value};

const EPOCH: SystemTime = SystemTime::UNIX_EPOCH;

fn conversation() -> (Conversation, Instant) {
    let now = Instant::now();
    (
        Conversation::new(now, EPOCH + Duration::from_secs(1_700_000_000)),
        now,
    )
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
        [Event::Acknowledged, Event::Output("$ ".into())]
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
        [Event::HandshakeComplete {
            customer_message: String::new()
        }]
    );
}

#[test]
fn an_encrypted_session_is_refused_and_says_so() {
    let (mut c, now) = conversation();
    let request = value!({ "AgentVersion": "3.3.987.0", "RequestedClientActions": [
        { "ActionType": "SessionType", "ActionParameters": { "SessionType": "Standard_Stream", "Properties": null } },
        { "ActionType": "KMSEncryption", "ActionParameters": { "KMSKeyId": "arn:aws:kms:us-east-1:1:key/k" } },
    ]});
    c.receive(
        &from_agent(
            0,
            PayloadType::HandshakeRequest,
            request.to_string().as_bytes(),
        )
        .encode(),
        now,
    );
    let answer: Value = serde_json::from_slice(&written(&mut c, now)[1].payload).unwrap();
    assert_eq!(answer["ProcessedClientActions"][1]["ActionStatus"], 3);
    let refused = Event::ActionRefused {
        action_type: "KMSEncryption".into(),
        error: "Unsupported action KMSEncryption".into(),
    };
    assert_eq!(happened(&mut c), [refused]);
}

#[test]
fn output_is_put_in_order_and_duplicates_are_acknowledged_again() {
    let (mut c, now) = conversation();
    c.receive(&output(1, "b"), now);
    assert_eq!(happened(&mut c), []);
    c.receive(&output(0, "a"), now);
    c.receive(&output(0, "a"), now);
    assert_eq!(
        happened(&mut c),
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
        happened(&mut c),
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

    let slept = EPOCH + Duration::from_secs(1_800_000_000);
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
        happened(&mut c),
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
    let mut c = Conversation::new(now, EPOCH);
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
