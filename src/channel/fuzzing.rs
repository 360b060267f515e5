//! A far side that a fuzzer's bytes play: any frame in any order, well formed or not.
//! Beside the client's real conversation stands a simple model of what must come out of it.

mod frames;
mod model;
mod script;

use std::time::{Duration, Instant, SystemTime};

use tokio_tungstenite::tungstenite::Bytes;

use super::conversation::Conversation;
use super::crypto::{Cipher, DATA_KEY, DataKey};
use super::event::Event;
use super::input::Flag;
use super::payload::Size;
use super::session_type::Accepts;
use super::wire::Message;
use frames::{Header, frame};
use model::Model;

pub(crate) use script::Script;

/// The most bytes that one input makes of a single instruction.
/// More would take the fuzzer's time.
const MOST_FLOODED: usize = 1 << 20;
/// The same, of the one instruction that overflows what is kept.
const FLOODED_OVER: usize = 20 << 20;
/// As `Channel` has it: with so many acknowledgements unwritten, nothing is read.
const MOST_UNWRITTEN: usize = super::MOST_UNWRITTEN;

/// What a client meets next.
pub(crate) enum Step<'a> {
    /// What the conversation told it.
    Events(Vec<Event>),
    /// Something on this side: what it is, and bytes for it.
    Local(u8, &'a [u8]),
}

/// The far side, the time, and the client's own conversation.
pub(crate) struct FarSide<'a> {
    script: Script<'a>,
    conversation: Conversation,
    model: Model,
    /// Seals as the agent does.
    agent: Cipher,
    now: Instant,
    /// The number of the next message in order.
    next: i64,
    /// Whether the connection takes nothing.
    is_blocked: bool,
    flooded: usize,
}

/// The data key of every encrypted session, its halves swapped for the agent.
fn key(is_agents: bool) -> DataKey {
    let (one, two) = if is_agents { (2, 1) } else { (1, 2) };
    let plain = [[one; DATA_KEY / 2], [two; DATA_KEY / 2]].concat();
    DataKey::new(plain, b"encrypted").expect("it has the right length")
}

impl<'a> FarSide<'a> {
    pub(crate) fn new(script: Script<'a>, accepts: Accepts, now: Instant) -> Self {
        Self {
            script,
            conversation: Conversation::new(accepts, now, SystemTime::UNIX_EPOCH),
            model: Model::default(),
            agent: Cipher::new(&key(true)),
            now,
            next: 0,
            is_blocked: false,
            flooded: 0,
        }
    }

    /// Follows the next instruction; `None` at the end of the session or of the input.
    pub(crate) fn step(&mut self) -> Option<Step<'a>> {
        if self.model.is_over {
            return None;
        }
        let instruction = self.script.byte()?;
        match instruction % 16 {
            0 => {
                let raw = Bytes::copy_from_slice(self.script.bytes());
                self.receive(&raw);
            }
            1 => {
                let payload_type = u32::from(self.script.byte()?);
                let header = self.header();
                let payload = self.script.bytes();
                self.in_order(payload_type, header, payload);
            }
            2 => {
                let number = self.script.number();
                let payload_type = u32::from(self.script.byte()?);
                let header = self.header();
                let payload = self.script.bytes();
                self.output(number, payload_type, header, payload);
            }
            3 => {
                let number = self.script.number();
                let said = format!("{{\"AcknowledgedMessageSequenceNumber\":{number}}}");
                let acknowledgement =
                    frame(frames::ACKNOWLEDGE, 0, 0, Header::Usual, said.as_bytes());
                self.receive(&acknowledgement);
            }
            4 => {
                let (payload_type, payload) = frames::usual(self.script.byte()?);
                self.in_order(payload_type, Header::Usual, payload);
            }
            5 => {
                let payload_type = u32::from(self.script.byte()?);
                let plain = self.script.bytes();
                self.model.sealed(plain);
                let sealed = self.agent.seal(plain);
                self.in_order(payload_type, Header::Usual, &sealed);
            }
            6 => {
                let header = self.header();
                let said = self.script.bytes();
                self.receive(&frame(frames::CLOSED, 0, 0, header, said));
            }
            7 => {
                let name = self.script.bytes();
                let number = self.script.number();
                self.receive(&frame(name, number, 1, Header::Usual, b"x"));
            }
            8 if instruction == 8 => self.flood(),
            8 => {}
            9 => {
                let kind = self.script.byte()?;
                return Some(Step::Local(kind, self.script.bytes()));
            }
            10 => {
                let flag = match self.script.byte()? % 4 {
                    0 => Flag::TerminateSession,
                    _ => Flag::DisconnectToPort,
                };
                self.flag(flag);
            }
            11 => {
                let size = [self.script.number(), self.script.number()];
                let [cols, rows] = size.map(|number| u16::try_from(number).unwrap_or(u16::MAX));
                self.conversation.resize(Size { cols, rows });
            }
            12 => {
                let passed = u64::try_from(self.script.number()).unwrap_or_default();
                self.now += Duration::from_millis(passed % 1_000_000);
                if self.conversation.wake(self.now).is_err() {
                    self.model.is_over = true;
                }
                self.conversation.doubts(self.now);
            }
            13 => self.conversation.answered(),
            14 => {
                self.conversation
                    .reattached(self.now, SystemTime::UNIX_EPOCH);
            }
            _ => match self.script.byte()? % 4 {
                0 => {
                    self.model.is_keyless = self.model.is_keyed;
                    self.conversation.data_key(Err("no"));
                }
                1 => self.conversation.data_key(Ok(&key(false))),
                2 => self.is_blocked = true,
                _ => self.is_blocked = false,
            },
        }
        Some(Step::Events(self.settle()))
    }

    /// Input of this side; says how much of it was taken.
    pub(crate) fn send(&mut self, data: &[u8]) -> usize {
        let room = self.conversation.room();
        let taken = self.conversation.send(data);
        assert_eq!(taken, room.min(data.len()));
        self.model.sent(&data[..taken]);
        taken
    }

    pub(crate) fn flag(&mut self, flag: Flag) {
        self.conversation.flag(flag);
        if flag == Flag::TerminateSession {
            self.model.is_terminated = true;
        }
    }

    fn header(&mut self) -> Header {
        match self.script.byte().unwrap_or_default() {
            0..=199 => Header::Usual,
            200..=219 => Header::Short,
            other => Header::Long(u32::from(other - 219) * 32),
        }
    }

    fn in_order(&mut self, payload_type: u32, header: Header, payload: &[u8]) {
        let number = self.next;
        self.next += 1;
        self.output(number, payload_type, header, payload);
    }

    fn output(&mut self, number: i64, payload_type: u32, header: Header, payload: &[u8]) {
        let frame = frame(frames::OUTPUT, number, payload_type, header, payload);
        self.receive(&frame);
    }

    /// Many large messages, all of them too early.
    fn flood(&mut self) {
        let count = self.script.byte().unwrap_or_default();
        let size = self.script.byte().unwrap_or_default();
        let most = if (count, size) == (u8::MAX, u8::MAX) {
            FLOODED_OVER
        } else {
            MOST_FLOODED
        };
        let (count, length) = (usize::from(count), usize::from(size) << 12);
        let payload = vec![b'x'; length];
        for number in (self.next + 1..).take(count) {
            self.flooded += length + 1000;
            if self.flooded > most {
                return;
            }
            self.receive(&frame(frames::OUTPUT, number, 1, Header::Usual, &payload));
        }
    }

    fn receive(&mut self, frame: &Bytes) {
        // The client reads nothing then.
        if self.conversation.acknowledgements() >= MOST_UNWRITTEN {
            return;
        }
        let decoded = Message::decode(frame).ok();
        let before = self.conversation.acknowledgements();
        self.conversation.receive(frame, self.now);
        let after = self.conversation.acknowledgements();
        assert!(after - before <= 1);
        if let Some(message) = decoded {
            model::is_printed_as_read(&message, frame);
            self.model.received(message, after > before);
        }
    }

    /// Takes what the conversation has to tell and to send.
    fn settle(&mut self) -> Vec<Event> {
        let mut events = Vec::new();
        while let Some(event) = self.conversation.event() {
            events.push(event);
        }
        self.model.told(&events);
        while !self.is_blocked
            && let Some(frame) = self.conversation.transmit(self.now)
        {
            self.model.transmitted(&frame, &self.agent);
        }
        events
    }
}
