//! The binary messages of the data channel, written and read byte by byte.
//! All integers are big-endian.
//!
//! | offset | length | field |
//! |---|---|---|
//! | 0 | 4 | header length: the offset of the payload length |
//! | 4 | 32 | message type, padded with spaces |
//! | 36 | 4 | schema version, 1 |
//! | 40 | 8 | created, milliseconds since 1970 |
//! | 48 | 8 | sequence number |
//! | 56 | 8 | flags |
//! | 64 | 16 | message id, a UUID with its halves swapped |
//! | 80 | 32 | SHA-256 of the payload |
//! | 112 | 4 | payload type; the service leaves it out of `channel_closed` |
//! | 116 | 4 | payload length |
//!
//! A message that a real agent would drop is refused when it is read.

use ring::digest::{SHA256, digest};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// From client to agent, sequenced and acknowledged.
pub const INPUT_STREAM_DATA: &str = "input_stream_data";
/// From agent to client, sequenced and acknowledged.
pub const OUTPUT_STREAM_DATA: &str = "output_stream_data";
/// Names one message that has arrived.
pub const ACKNOWLEDGE: &str = "acknowledge";
/// The end of the session.
pub const CHANNEL_CLOSED: &str = "channel_closed";

/// Bit 0: the first message of a stream.
pub const SYN: u64 = 1;
/// Bits 0 and 1, which acknowledgements carry.
pub const SYN_FIN: u64 = 3;

/// Most payload bytes that real clients and agents put into one message.
pub const MAX_PAYLOAD: usize = 1024;

/// Header length of every message with a payload type.
const HEADER: usize = 116;
/// Header length of the service's own `channel_closed`.
const SHORT_HEADER: usize = 112;

/// What the payload of a stream message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[expect(missing_docs, reason = "the protocol's own names")]
pub enum PayloadType {
    Output = 1,
    Size = 3,
    HandshakeRequest = 5,
    HandshakeResponse = 6,
    HandshakeComplete = 7,
    EncChallengeRequest = 8,
    EncChallengeResponse = 9,
    Flag = 10,
    StdErr = 11,
    ExitCode = 12,
}

impl PayloadType {
    /// Whether an encrypted session encrypts it.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Output | Self::StdErr | Self::ExitCode)
    }
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// What it is, without the padding.
    pub message_type: String,
    /// Milliseconds since 1970, never 0.
    pub created: u64,
    /// Per direction, over stream messages; 0 in all others.
    pub sequence: i64,
    /// [`SYN`] or [`SYN_FIN`] or 0.
    pub flags: u64,
    /// Stays the same when the message is sent again.
    pub id: Uuid,
    /// A [`PayloadType`] as a number; 0 in acknowledgements.
    pub payload_type: u32,
    /// The bytes themselves.
    pub payload: Vec<u8>,
}

/// Why a real agent would drop a message.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum Malformed {
    /// Shorter than any header.
    #[error("{0} bytes are too few for a message")]
    Short(usize),
    /// Neither 116 nor 112.
    #[error("header length {0}")]
    HeaderLength(u32),
    /// Empty, or not padded with spaces, or not ASCII.
    #[error("message type is not ASCII padded with spaces")]
    MessageType,
    /// Not 1.
    #[error("schema version {0}")]
    SchemaVersion(u32),
    /// 0 milliseconds.
    #[error("no creation date")]
    Created,
    /// Below 0.
    #[error("sequence number {0}")]
    Sequence(i64),
    /// The frame does not end where the payload does.
    #[error("payload length {stated} in a frame with {actual} bytes of payload")]
    PayloadLength {
        /// What the header says.
        stated: u32,
        /// What is there.
        actual: usize,
    },
    /// Peers never send one; agents refuse it.
    #[error("empty payload")]
    Empty,
    /// Not the SHA-256 of the payload.
    #[error("payload digest does not match")]
    Digest,
}

impl Message {
    /// A stream or acknowledge message with the header of 116 bytes.
    pub fn encode(&self) -> Vec<u8> {
        let mut frame = self.header(HEADER, b' ');
        frame.extend(self.payload_type.to_be_bytes());
        self.append_payload(frame)
    }

    /// The service's own form: a header of 112 bytes, padded with NUL.
    pub fn encode_short(&self) -> Vec<u8> {
        self.append_payload(self.header(SHORT_HEADER, 0))
    }

    /// A form that no agent sends, with a header of this length, 116 or more.
    pub fn encode_with_header(&self, length: usize) -> Vec<u8> {
        let mut frame = self.encode();
        frame[..4].copy_from_slice(&u32_of(length).to_be_bytes());
        let more = vec![0; length.saturating_sub(HEADER)];
        frame.splice(HEADER..HEADER, more);
        frame
    }

    fn header(&self, length: usize, padding: u8) -> Vec<u8> {
        let mut message_type = [padding; 32];
        message_type[..self.message_type.len()].copy_from_slice(self.message_type.as_bytes());
        let mut frame = Vec::with_capacity(length + 4 + self.payload.len());
        frame.extend(u32_of(length).to_be_bytes());
        frame.extend(message_type);
        frame.extend(1_u32.to_be_bytes());
        frame.extend(self.created.to_be_bytes());
        frame.extend(self.sequence.to_be_bytes());
        frame.extend(self.flags.to_be_bytes());
        frame.extend(swap_halves(*self.id.as_bytes()));
        frame.extend(digest(&SHA256, &self.payload).as_ref());
        frame
    }

    fn append_payload(&self, mut frame: Vec<u8>) -> Vec<u8> {
        frame.extend(u32_of(self.payload.len()).to_be_bytes());
        frame.extend(&self.payload);
        frame
    }

    /// Reads a frame as strictly as a real agent, in both header lengths.
    pub fn decode(frame: &[u8]) -> Result<Self, Malformed> {
        let short = || Malformed::Short(frame.len());
        let header_length = u32::from_be_bytes(field(frame, 0).ok_or_else(short)?);
        let Ok(header @ (HEADER | SHORT_HEADER)) = usize::try_from(header_length) else {
            return Err(Malformed::HeaderLength(header_length));
        };
        let stated = u32::from_be_bytes(field(frame, header).ok_or_else(short)?);
        let payload = &frame[header + 4..];
        if usize::try_from(stated) != Ok(payload.len()) {
            return Err(Malformed::PayloadLength {
                stated,
                actual: payload.len(),
            });
        }
        let padding = if header == HEADER { ' ' } else { '\0' };
        let message_type = str::from_utf8(&frame[4..36])
            .map(|text| text.trim_end_matches(padding))
            .ok()
            .filter(|text| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic()))
            .ok_or(Malformed::MessageType)?;
        let schema_version = u32::from_be_bytes(field(frame, 36).ok_or_else(short)?);
        if schema_version != 1 {
            return Err(Malformed::SchemaVersion(schema_version));
        }
        let created = u64::from_be_bytes(field(frame, 40).ok_or_else(short)?);
        if created == 0 {
            return Err(Malformed::Created);
        }
        let sequence = i64::from_be_bytes(field(frame, 48).ok_or_else(short)?);
        if sequence < 0 {
            return Err(Malformed::Sequence(sequence));
        }
        if payload.is_empty() {
            return Err(Malformed::Empty);
        }
        if frame[80..112] != *digest(&SHA256, payload).as_ref() {
            return Err(Malformed::Digest);
        }
        let payload_type = match header {
            HEADER => u32::from_be_bytes(field(frame, 112).ok_or_else(short)?),
            _ => 0,
        };
        Ok(Self {
            message_type: message_type.to_owned(),
            created,
            sequence,
            flags: u64::from_be_bytes(field(frame, 56).ok_or_else(short)?),
            id: Uuid::from_bytes(swap_halves(field(frame, 64).ok_or_else(short)?)),
            payload_type,
            payload: payload.to_vec(),
        })
    }
}

fn field<const N: usize>(frame: &[u8], offset: usize) -> Option<[u8; N]> {
    frame.get(offset..)?.first_chunk().copied()
}

fn u32_of(length: usize) -> u32 {
    u32::try_from(length).expect("payloads of the sandbox are short")
}

/// A UUID on the wire has its second half first.
fn swap_halves(mut id: [u8; 16]) -> [u8; 16] {
    id.rotate_left(8);
    id
}

/// The first frame of a client, the only text frame there is.
/// It holds the token, so it cannot be printed.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct OpenDataChannel {
    /// `1.0`.
    pub message_schema_version: String,
    /// New for every websocket.
    pub request_id: Uuid,
    /// Of `StartSession` or `ResumeSession`.
    pub token_value: String,
    /// The same for all websockets of a session.
    pub client_id: Uuid,
    /// Four numbers with dots.
    pub client_version: String,
}

/// Payload of an `acknowledge` message.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct Acknowledge {
    /// The type of the message that has arrived.
    pub acknowledged_message_type: String,
    /// Its id.
    pub acknowledged_message_id: Uuid,
    /// Its sequence number, by which it is found.
    pub acknowledged_message_sequence_number: i64,
    /// Always true.
    pub is_sequential_message: bool,
}

impl Acknowledge {
    /// The acknowledgement of a stream message.
    pub fn of(message: &Message) -> Self {
        Self {
            acknowledged_message_type: message.message_type.clone(),
            acknowledged_message_id: message.id,
            acknowledged_message_sequence_number: message.sequence,
            is_sequential_message: true,
        }
    }
}

/// Payload of a `channel_closed` message.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub struct ChannelClosed {
    /// `channel_closed` again.
    pub message_type: String,
    /// The id of the message.
    pub message_id: Uuid,
    /// The target of the session.
    pub destination_id: String,
    /// The session.
    pub session_id: String,
    /// 1.
    pub schema_version: u32,
    /// Milliseconds since 1970, as text.
    pub created_date: String,
    /// The text for the user; empty after a normal end.
    pub output: String,
}

/// Payload of a `Size` message, in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Size {
    /// Width.
    pub cols: u16,
    /// Height.
    pub rows: u16,
}

#[cfg(test)]
#[path = "message_tests.rs"]
mod tests;
