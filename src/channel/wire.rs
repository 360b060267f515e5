//! The binary frame every message of the data channel travels in.
//!
//! Pure: bytes in, bytes out. What is not a whole, well-formed message is refused with a reason and
//! never panics, since the bytes come from the far side. The layout is the agent's `AgentMessage`
//! (amazon-ssm-agent, `agent/session/contracts`); all integers are big-endian.

use ring::digest::{SHA256, digest};
use thiserror::Error;
use tokio_tungstenite::tungstenite::Bytes;
use uuid::Uuid;

/// Where each field begins.
/// The payload's length stands at the offset that `HeaderLength` names, its bytes follow.
mod offset {
    pub(super) const MESSAGE_TYPE: usize = 4;
    pub(super) const SCHEMA_VERSION: usize = 36;
    pub(super) const CREATED_DATE: usize = 40;
    pub(super) const SEQUENCE_NUMBER: usize = 48;
    pub(super) const FLAGS: usize = 56;
    pub(super) const MESSAGE_ID: usize = 64;
    pub(super) const PAYLOAD_DIGEST: usize = 80;
    pub(super) const PAYLOAD_TYPE: usize = 112;
    pub(super) const PAYLOAD_LENGTH: usize = 116;
    pub(super) const PAYLOAD: usize = 120;
}

/// The shortest header: what the service itself sends (`channel_closed`) has no `PayloadType`.
const SHORT_HEADER: usize = offset::PAYLOAD_TYPE;
/// The longest header. Agents send 116 bytes; this leaves room for fields that are yet to come.
const LONGEST_HEADER: usize = 1024;

/// Flags of a message that opens and closes its stream at once, as every acknowledgement does.
pub(super) const FLAGS_SYN_FIN: u64 = 3;

/// What a message is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum MessageType {
    /// From the client to the agent; numbered and acknowledged.
    InputStreamData,
    /// From the agent to the client; numbered and acknowledged.
    OutputStreamData,
    /// That one numbered message has arrived.
    Acknowledge,
    /// From the service: the session is over.
    ChannelClosed,
    /// Any other: `start_publication`, `pause_publication` and whatever the service thinks of next.
    Other,
}

impl MessageType {
    /// The name on the wire; none for a type this client does not know, and so never sends.
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::InputStreamData => "input_stream_data",
            Self::OutputStreamData => "output_stream_data",
            Self::Acknowledge => "acknowledge",
            Self::ChannelClosed => "channel_closed",
            Self::Other => "",
        }
    }

    fn from_name(name: &[u8]) -> Self {
        const KNOWN: [MessageType; 4] = [
            MessageType::InputStreamData,
            MessageType::OutputStreamData,
            MessageType::Acknowledge,
            MessageType::ChannelClosed,
        ];
        KNOWN
            .into_iter()
            .find(|known| known.name().as_bytes() == name)
            .unwrap_or(Self::Other)
    }
}

/// What the payload of a numbered message holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub(super) enum PayloadType {
    /// None, or one this client does not know.
    Unknown = 0,
    /// Raw bytes of the terminal or command, in either direction.
    Output = 1,
    /// The size of the client's terminal.
    Size = 3,
    /// The agent asks the client for what the session needs.
    HandshakeRequest = 5,
    /// The client's answer.
    HandshakeResponse = 6,
    /// The agent takes input from here on.
    HandshakeComplete = 7,
    /// The agent asks for proof of the data key.
    ChallengeRequest = 8,
    /// The client's proof.
    ChallengeResponse = 9,
    /// A word beside the bytes of a port, in either direction.
    Flag = 10,
    /// Standard error of a command, and the agent's own errors.
    StdErr = 11,
    /// The exit status of a command, as text.
    ExitCode = 12,
}

impl From<u32> for PayloadType {
    fn from(number: u32) -> Self {
        match number {
            1 => Self::Output,
            3 => Self::Size,
            5 => Self::HandshakeRequest,
            6 => Self::HandshakeResponse,
            7 => Self::HandshakeComplete,
            8 => Self::ChallengeRequest,
            9 => Self::ChallengeResponse,
            10 => Self::Flag,
            11 => Self::StdErr,
            12 => Self::ExitCode,
            _ => Self::Unknown,
        }
    }
}

/// One message of the data channel.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::struct_field_names,
    reason = "the fields have the names that the agent gives them"
)]
pub(super) struct Message {
    /// What it is for.
    pub message_type: MessageType,
    /// When it was made: milliseconds since 1970, never 0.
    pub created: u64,
    /// Its place among the numbered messages of its direction; 0 for the others.
    pub sequence_number: i64,
    /// Bit 0 opens a stream, bit 1 ends it. Nothing depends on them.
    pub flags: u64,
    /// Its own name, by which it is acknowledged.
    pub message_id: Uuid,
    /// What the payload holds.
    pub payload_type: PayloadType,
    /// The payload, checked against the digest that came with it.
    /// It shares no memory with the frame.
    pub payload: Bytes,
}

/// Why bytes are not a message.
/// The plugin drops such frames in silence and without an acknowledgement, and so does this
/// channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
pub(super) enum Malformed {
    /// Shorter than the shortest header.
    #[error("the frame is too short")]
    Short,
    /// The header claims to be shorter than its fields, longer than the frame or too long.
    #[error("the header length is impossible")]
    HeaderLength,
    /// The payload's length is not what the frame holds.
    #[error("the payload length does not fit the frame")]
    PayloadLength,
    /// No message type.
    #[error("the message type is empty")]
    MessageType,
    /// No creation date.
    #[error("the creation date is missing")]
    CreatedDate,
    /// The payload is not the one that was sent.
    #[error("the payload does not match its digest")]
    Digest,
}

impl Message {
    /// The message's bytes, with the 116-byte header that agents read.
    pub(super) fn encode(&self) -> Bytes {
        let length =
            u32::try_from(self.payload.len()).expect("payloads are bounded far below 4 GiB");
        let mut frame = Vec::with_capacity(offset::PAYLOAD + self.payload.len());
        frame.extend_from_slice(&116_u32.to_be_bytes());
        frame.extend_from_slice(self.message_type.name().as_bytes());
        frame.resize(offset::SCHEMA_VERSION, b' ');
        frame.extend_from_slice(&1_u32.to_be_bytes());
        frame.extend_from_slice(&self.created.to_be_bytes());
        frame.extend_from_slice(&self.sequence_number.to_be_bytes());
        frame.extend_from_slice(&self.flags.to_be_bytes());
        frame.extend_from_slice(&swap_halves(*self.message_id.as_bytes()));
        frame.extend_from_slice(digest(&SHA256, &self.payload).as_ref());
        frame.extend_from_slice(&(self.payload_type as u32).to_be_bytes());
        frame.extend_from_slice(&length.to_be_bytes());
        frame.extend_from_slice(&self.payload);
        frame.into()
    }

    /// Reads a frame by its own header length.
    /// So the agent's form (116) and the service's (112) both pass.
    pub(super) fn decode(frame: &Bytes) -> Result<Self, Malformed> {
        let header = u32::from_be_bytes(field(frame, 0)?) as usize;
        // Every field up to the digest is there, and the payload's length after them.
        if header != SHORT_HEADER && !(offset::PAYLOAD_LENGTH..=LONGEST_HEADER).contains(&header) {
            return Err(Malformed::HeaderLength);
        }
        let start = header + 4;
        if start > frame.len() {
            return Err(Malformed::HeaderLength);
        }
        let length = u32::from_be_bytes(field(frame, header)?) as usize;
        if length != frame.len() - start {
            return Err(Malformed::PayloadLength);
        }

        let name = frame[offset::MESSAGE_TYPE..offset::SCHEMA_VERSION].trim_ascii_end_and_nul();
        if name.is_empty() {
            return Err(Malformed::MessageType);
        }
        let created = u64::from_be_bytes(field(frame, offset::CREATED_DATE)?);
        if created == 0 {
            return Err(Malformed::CreatedDate);
        }
        let payload = &frame[start..];
        let expected: [u8; 32] = field(frame, offset::PAYLOAD_DIGEST)?;
        if !payload.is_empty() && digest(&SHA256, payload).as_ref() != expected {
            return Err(Malformed::Digest);
        }
        let payload_type = match header {
            SHORT_HEADER => PayloadType::Unknown,
            _ => u32::from_be_bytes(field(frame, offset::PAYLOAD_TYPE)?).into(),
        };
        Ok(Self {
            message_type: MessageType::from_name(name),
            created,
            sequence_number: i64::from_be_bytes(field(frame, offset::SEQUENCE_NUMBER)?),
            flags: u64::from_be_bytes(field(frame, offset::FLAGS)?),
            message_id: Uuid::from_bytes(swap_halves(field(frame, offset::MESSAGE_ID)?)),
            payload_type,
            // A slice would keep the whole of what was read with it: the websocket reads 128 KiB at
            // once, and every frame of them is a part of that.
            payload: Bytes::copy_from_slice(payload),
        })
    }
}

/// On the wire a UUID's last eight bytes come first.
fn swap_halves(id: [u8; 16]) -> [u8; 16] {
    let mut swapped = id;
    swapped.rotate_left(8);
    swapped
}

fn field<const N: usize>(frame: &[u8], at: usize) -> Result<[u8; N], Malformed> {
    frame
        .get(at..)
        .and_then(|rest| rest.first_chunk())
        .copied()
        .ok_or(Malformed::Short)
}

trait Padded {
    fn trim_ascii_end_and_nul(&self) -> &[u8];
}

impl Padded for [u8] {
    /// Agents pad with spaces, the service with NUL.
    fn trim_ascii_end_and_nul(&self) -> &[u8] {
        let end = self
            .iter()
            .rposition(|byte| !matches!(byte, b' ' | 0))
            .map_or(0, |last| last + 1);
        &self[..end]
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Bytes of a captured message, from its hexadecimal text.
    pub(crate) fn worked(hex: &str) -> Bytes {
        let digits: Vec<u8> = hex.bytes().filter(u8::is_ascii_hexdigit).collect();
        digits
            .chunks(2)
            .map(|pair| u8::from_str_radix(std::str::from_utf8(pair).unwrap(), 16).unwrap())
            .collect::<Vec<_>>()
            .into()
    }

    pub(crate) const HANDSHAKE_REQUEST: &str = include_str!("worked/handshake_request.hex");
    pub(crate) const HANDSHAKE_COMPLETE: &str = include_str!("worked/handshake_complete.hex");
    pub(crate) const CHANNEL_CLOSED: &str = include_str!("worked/channel_closed.hex");
    pub(crate) const WORKED: [&str; 8] = [
        HANDSHAKE_REQUEST,
        include_str!("worked/acknowledge_request.hex"),
        include_str!("worked/handshake_response.hex"),
        HANDSHAKE_COMPLETE,
        include_str!("worked/size.hex"),
        include_str!("worked/input.hex"),
        include_str!("worked/acknowledge_input.hex"),
        CHANNEL_CLOSED,
    ];

    #[test]
    fn reads_a_captured_handshake_request() {
        let message = Message::decode(&worked(HANDSHAKE_REQUEST)).unwrap();
        assert_eq!(message.message_type, MessageType::OutputStreamData);
        assert_eq!(message.payload_type, PayloadType::HandshakeRequest);
        assert_eq!((message.sequence_number, message.flags), (0, 1));
        assert_eq!(message.created, 0x01a1_fff4_4d61);
        assert_eq!(
            message.message_id.to_string(),
            "aafe328b-8b21-4378-bb23-4cce2d1a07af"
        );
        assert!(
            message
                .payload
                .starts_with(br#"{"AgentVersion":"3.3.987.0""#)
        );
    }

    #[test]
    fn reads_a_captured_acknowledgement() {
        let message = Message::decode(&worked(WORKED[6])).unwrap();
        assert_eq!(message.message_type, MessageType::Acknowledge);
        assert_eq!((message.sequence_number, message.flags), (0, FLAGS_SYN_FIN));
        let key = Message::decode(&worked(WORKED[5])).unwrap();
        assert_eq!(
            (key.payload_type, key.sequence_number, &key.payload[..]),
            (PayloadType::Output, 2, &b"l"[..])
        );
        let named = String::from_utf8_lossy(&message.payload);
        assert!(
            named.contains(&key.message_id.to_string()),
            "the acknowledgement names the key press: {named}"
        );
    }

    #[test]
    fn writes_the_captured_bytes_again() {
        for hex in WORKED {
            let bytes = worked(hex);
            assert_eq!(Message::decode(&bytes).unwrap().encode(), bytes);
        }
    }

    #[test]
    fn reads_the_services_short_header() {
        let long = Message::decode(&worked(CHANNEL_CLOSED)).unwrap();
        let long_frame = long.encode();
        let mut frame = long_frame[..SHORT_HEADER].to_vec();
        frame[..4].copy_from_slice(&112_u32.to_be_bytes());
        frame[18..36].fill(0);
        frame.extend_from_slice(&long_frame[offset::PAYLOAD_LENGTH..]);
        let short = Message::decode(&frame.into()).unwrap();
        assert_eq!(short.message_type, MessageType::ChannelClosed);
        assert_eq!(short.payload, long.payload);
    }

    #[test]
    fn a_captured_short_header_cut_off_is_refused() {
        let frame = worked(include_str!("worked/channel_closed_service.hex"));
        assert_eq!(Message::decode(&frame), Err(Malformed::PayloadLength));
    }

    #[test]
    fn names_what_is_wrong() {
        let good = worked(WORKED[5]);
        let with = |at: usize, bytes: &[u8]| {
            let mut frame = good.to_vec();
            frame[at..at + bytes.len()].copy_from_slice(bytes);
            Message::decode(&frame.into())
        };
        assert_eq!(with(0, &[0, 0, 0, 0]), Err(Malformed::HeaderLength));
        assert_eq!(with(0, &[0, 0, 0, 114]), Err(Malformed::HeaderLength));
        assert_eq!(with(0, &[0xff; 4]), Err(Malformed::HeaderLength));
        assert_eq!(with(4, &[b' '; 32]), Err(Malformed::MessageType));
        assert_eq!(with(40, &[0; 8]), Err(Malformed::CreatedDate));
        assert_eq!(with(116, &[0xff; 4]), Err(Malformed::PayloadLength));
        assert_eq!(with(120, b"x"), Err(Malformed::Digest));
        assert_eq!(
            Message::decode(&Bytes::from_static(b"abc")),
            Err(Malformed::Short)
        );
    }

    #[test]
    fn a_header_has_its_two_lengths_or_a_little_more() {
        let frame = worked(CHANNEL_CLOSED);
        let with_header = |header: u32| {
            let length = header as usize;
            let mut longer = frame[..offset::PAYLOAD_LENGTH.min(length)].to_vec();
            longer[..4].copy_from_slice(&header.to_be_bytes());
            longer.resize(length, 0);
            longer.extend_from_slice(&frame[offset::PAYLOAD_LENGTH..]);
            Message::decode(&longer.into())
        };
        for header in [112, 116, 117, 1024] {
            let message = with_header(header).unwrap();
            assert_eq!(message.payload, frame[offset::PAYLOAD..], "{header}");
        }
        for header in [4, 111, 113, 115, 1025, 1 << 20] {
            assert_eq!(
                with_header(header),
                Err(Malformed::HeaderLength),
                "{header}"
            );
        }
        let mut endless = frame.to_vec();
        endless[..4].copy_from_slice(&u32::MAX.to_be_bytes());
        assert_eq!(
            Message::decode(&endless.into()),
            Err(Malformed::HeaderLength)
        );
    }

    #[test]
    fn a_payload_keeps_nothing_of_what_was_read_with_it() {
        let frame = worked(CHANNEL_CLOSED);
        let read: Bytes = [&frame[..], &vec![0; 1 << 20]].concat().into();
        let message = Message::decode(&read.slice(..frame.len())).unwrap();
        drop(frame);
        assert!(read.is_unique());
        drop(message);
    }

    #[test]
    fn an_empty_payload_needs_no_digest() {
        let mut frame = worked(WORKED[5])[..120].to_vec();
        frame[116..120].fill(0);
        assert!(Message::decode(&frame.into()).unwrap().payload.is_empty());
    }

    #[test]
    fn unknown_types_are_messages_all_the_same() {
        let mut frame = worked(WORKED[5]).to_vec();
        frame[4..36].copy_from_slice(b"pause_publication               ");
        frame[112..116].copy_from_slice(&77_u32.to_be_bytes());
        let message = Message::decode(&frame.into()).unwrap();
        assert_eq!(
            (message.message_type, message.payload_type),
            (MessageType::Other, PayloadType::Unknown)
        );
    }

    #[test]
    fn cut_and_garbled_frames_never_panic() {
        let mut random = 0x9e37_79b9_7f4a_7c15_u64;
        let mut next = || {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            usize::try_from(random >> 33).unwrap()
        };
        for hex in WORKED {
            let good = worked(hex);
            for length in 0..good.len() {
                assert!(Message::decode(&good.slice(..length)).is_err());
            }
            for _ in 0..5_000 {
                let mut frame = good.to_vec();
                for _ in 0..=next() % 4 {
                    let at = next() % frame.len();
                    frame[at] = u8::try_from(next() % 256).unwrap();
                }
                frame.truncate(frame.len() - next() % 3);
                let _ = Message::decode(&frame.into());
            }
        }
    }
}
