//! What must be true of a conversation, whatever the far side sends.
//!
//! Output comes once and in the order of its numbers. Nothing is kept beyond its limits. What is
//! sent again is the same to the byte. Once the agent asks for encryption, nothing goes out in the
//! clear, and only what was sealed with the key comes in.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use tokio_tungstenite::tungstenite::Bytes;

use super::super::crypto::Cipher;
use super::super::event::Event;
use super::super::wire::{Message, MessageType, PayloadType};

/// The limits of `flow`: messages that wait for their turn, their bytes, and what each costs.
const EARLY_MESSAGES: usize = 10_000;
const EARLY_BYTES: usize = 16 << 20;
const KEPT: usize = 256;
/// The longest reason or error that is handed on: a kilobyte and an ellipsis.
const LONGEST_REASON: usize = (1 << 10) + "…".len();

/// What has happened, as far as a promise depends on it.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
pub(super) struct Model {
    /// Whether the session is over for its client.
    pub is_over: bool,
    /// Whether this side has ended the session; what waited is not sent then.
    pub is_terminated: bool,
    /// Whether the far side has closed the channel.
    is_closed: bool,
    /// Whether the agent has asked for a data key.
    pub is_keyed: bool,
    /// Whether it was told that there is none. Then the client takes nothing but the end.
    pub is_keyless: bool,
    expected: i64,
    early: BTreeMap<i64, Message>,
    /// What has to come out, in order.
    due: VecDeque<(PayloadType, Bytes)>,
    /// What was sealed with the key.
    sealed: BTreeSet<Vec<u8>>,
    /// The input, and how much of it has gone out.
    input: Vec<u8>,
    gone: usize,
    /// Every numbered message that went out.
    numbered: Vec<Bytes>,
    began: u32,
    proved: u32,
    answered: u32,
}

impl Model {
    pub(super) fn sealed(&mut self, plain: &[u8]) {
        self.sealed.insert(plain.to_vec());
    }

    pub(super) fn sent(&mut self, input: &[u8]) {
        self.input.extend_from_slice(input);
    }

    /// A frame was read. `is_taken`: it is to be acknowledged.
    pub(super) fn received(&mut self, message: Message, is_taken: bool) {
        let is_output = message.message_type == MessageType::OutputStreamData;
        assert!(!is_taken || (is_output && !self.is_closed));
        if message.message_type == MessageType::ChannelClosed {
            self.is_closed = true;
        }
        let number = message.sequence_number;
        if !is_taken || number < self.expected || self.early.contains_key(&number) {
            return;
        }
        self.early.insert(number, message);
        while let Some(message) = self.early.remove(&self.expected) {
            self.expected += 1;
            if !message.payload.is_empty() {
                self.due.push_back((message.payload_type, message.payload));
            }
        }
        let bytes = |message: &Message| message.payload.len() + KEPT;
        assert!(self.early.len() <= EARLY_MESSAGES);
        assert!(self.early.values().map(bytes).sum::<usize>() <= EARLY_BYTES);
    }

    pub(super) fn told(&mut self, events: &[Event]) {
        for event in events {
            assert!(!self.is_over, "{event:?} after the end");
            match event {
                Event::Output(bytes) => self.output(PayloadType::Output, bytes),
                Event::StdErr(bytes) => self.output(PayloadType::StdErr, bytes),
                Event::DataKeyWanted { .. } => {
                    assert!(!self.is_keyed);
                    self.is_keyed = true;
                }
                Event::HandshakeComplete { .. } => {
                    self.began += 1;
                    assert_eq!(self.began, 1);
                }
                Event::ActionRefused { action_type, error } => {
                    assert!(action_type.len() <= LONGEST_REASON && error.len() <= LONGEST_REASON);
                }
                Event::Closed { output } => {
                    assert!(output.len() <= LONGEST_REASON);
                    self.is_over = true;
                }
                // Clients end here.
                Event::Forged => {
                    self.is_over = true;
                    return;
                }
                Event::SessionType(_)
                | Event::ExitCode(_)
                | Event::ConnectToPortFailed
                | Event::Acknowledged
                | Event::NothingTaken => {}
            }
        }
        if !self.is_keyed {
            let is_output = |(payload_type, _): &(PayloadType, Bytes)| {
                matches!(payload_type, PayloadType::Output | PayloadType::StdErr)
            };
            assert!(!self.due.iter().any(is_output), "output was lost");
        }
        self.due.clear();
    }

    fn output(&mut self, wanted: PayloadType, bytes: &Bytes) {
        assert!(!bytes.is_empty() || self.is_keyed);
        if self.is_keyless {
            return;
        }
        if self.is_keyed {
            assert!(self.sealed.contains(&bytes[..]), "output was not sealed");
            return;
        }
        while let Some((payload_type, payload)) = self.due.pop_front() {
            if matches!(payload_type, PayloadType::Output | PayloadType::StdErr) {
                assert_eq!((payload_type, &payload), (wanted, bytes), "out of order");
                return;
            }
        }
        panic!("output from nowhere");
    }

    /// The conversation has written a frame.
    pub(super) fn transmitted(&mut self, frame: &Bytes, agent: &Cipher) {
        let message = Message::decode(frame).expect("what is sent can be read");
        assert_eq!(message.encode(), frame, "printed as it was read");
        if message.message_type != MessageType::InputStreamData {
            assert_eq!(message.message_type, MessageType::Acknowledge);
            return;
        }
        let number = usize::try_from(message.sequence_number).expect("numbers begin at 0");
        if let Some(before) = self.numbered.get(number) {
            assert_eq!(before, frame, "sent again as it was");
            return;
        }
        assert_eq!(number, self.numbered.len(), "no number is left out");
        self.numbered.push(frame.clone());
        match message.payload_type {
            PayloadType::Output => {
                let plain = if self.is_keyed {
                    agent
                        .open(&message.payload)
                        .expect("nothing goes out in the clear")
                } else {
                    message.payload
                };
                if !self.is_terminated {
                    assert!(self.input[self.gone..].starts_with(&plain));
                    self.gone += plain.len();
                }
            }
            PayloadType::ChallengeResponse => {
                self.proved += 1;
                assert_eq!(self.proved, 1, "one challenge a session");
            }
            PayloadType::HandshakeResponse => {
                self.answered += 1;
                assert_eq!(self.answered, 1, "one handshake a session");
            }
            PayloadType::Size | PayloadType::Flag => {}
            other => panic!("{other:?} was sent"),
        }
    }
}

/// Printing a message and reading it gives the same message.
pub(super) fn is_printed_as_read(message: &Message, frame: &Bytes) {
    assert!(frame.len() >= message.payload.len() + 116);
    if message.message_type != MessageType::Other {
        assert_eq!(Message::decode(&message.encode()).as_ref(), Ok(message));
    }
}
