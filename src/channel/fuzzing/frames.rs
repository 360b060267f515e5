//! The frames of a far side, with a right digest: a fuzzer would not find that by itself.

use ring::digest::{SHA256, digest};
use tokio_tungstenite::tungstenite::Bytes;

pub(super) const OUTPUT: &[u8] = b"output_stream_data";
pub(super) const ACKNOWLEDGE: &[u8] = b"acknowledge";
pub(super) const CLOSED: &[u8] = b"channel_closed";

/// How long a header is, and with that whether it names a payload type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Header {
    /// 112 bytes.
    Short,
    /// 116 bytes.
    Usual,
    /// 116 and as many more.
    Long(u32),
}

/// A frame as agents lay it out (protocol.md, 2.2).
pub(super) fn frame(
    name: &[u8],
    number: i64,
    payload_type: u32,
    header: Header,
    payload: &[u8],
) -> Bytes {
    let length = match header {
        Header::Short => 112,
        Header::Usual => 116,
        Header::Long(more) => 116 + more,
    };
    let mut frame = Vec::with_capacity(120 + payload.len());
    frame.extend_from_slice(&length.to_be_bytes());
    frame.extend_from_slice(&name[..name.len().min(32)]);
    frame.resize(36, b' ');
    frame.extend_from_slice(&1_u32.to_be_bytes());
    frame.extend_from_slice(&1_u64.to_be_bytes());
    frame.extend_from_slice(&number.to_be_bytes());
    frame.extend_from_slice(&0_u64.to_be_bytes());
    frame.extend_from_slice(&[7; 16]);
    frame.extend_from_slice(digest(&SHA256, payload).as_ref());
    if header != Header::Short {
        frame.extend_from_slice(&payload_type.to_be_bytes());
    }
    frame.resize(length as usize, 0);
    let payload_length = u32::try_from(payload.len()).expect("a fuzzer's payloads are short");
    frame.extend_from_slice(&payload_length.to_be_bytes());
    frame.extend_from_slice(payload);
    frame.into()
}

/// Messages that open sessions of every kind, as agents write them, and their payload types.
pub(super) fn usual(which: u8) -> (u32, &'static [u8]) {
    const USUAL: [(u32, &str); 9] = [
        (
            5,
            r#"{"AgentVersion":"3.3.987.0","RequestedClientActions":[{"ActionType":"SessionType","ActionParameters":{"SessionType":"Standard_Stream"}}]}"#,
        ),
        (
            5,
            r#"{"AgentVersion":"3.3.987.0","RequestedClientActions":[{"ActionType":"KMSEncryption","ActionParameters":{"KMSKeyId":"alias/k"}},{"ActionType":"SessionType","ActionParameters":{"SessionType":"Standard_Stream"}}]}"#,
        ),
        (
            5,
            r#"{"AgentVersion":"3.3.987.0","RequestedClientActions":[{"ActionType":"SessionType","ActionParameters":{"SessionType":"NonInteractiveCommands","Properties":{}}}]}"#,
        ),
        (
            5,
            r#"{"AgentVersion":"3.3.987.0","RequestedClientActions":[{"ActionType":"KMSEncryption","ActionParameters":{"KMSKeyId":"alias/k","Challenge":"c"}},{"ActionType":"SessionType","ActionParameters":{"SessionType":"NonInteractiveCommands"}}]}"#,
        ),
        (
            5,
            r#"{"AgentVersion":"3.3.987.0","RequestedClientActions":[{"ActionType":"SessionType","ActionParameters":{"SessionType":"Port","Properties":{"type":"LocalPortForwarding","portNumber":"80"}}}]}"#,
        ),
        (
            5,
            r#"{"AgentVersion":"3.0.1.0","RequestedClientActions":[{"ActionType":"SessionType","ActionParameters":{"SessionType":"Port","Properties":{"type":"LocalPortForwarding","portNumber":"80"}}}]}"#,
        ),
        (
            5,
            r#"{"AgentVersion":"3.3.987.0","RequestedClientActions":[{"ActionType":"SessionType","ActionParameters":{"SessionType":"Port","Properties":{"portNumber":"22"}}}]}"#,
        ),
        (7, r#"{"HandshakeTimeToComplete":1,"CustomerMessage":""}"#),
        (12, "EXIT_CODE: 3"),
    ];
    let (payload_type, text) = USUAL[usize::from(which) % USUAL.len()];
    (payload_type, text.as_bytes())
}
