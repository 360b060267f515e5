//! The conversation on a data channel, apart from its connection: frames in, frames and events out.
//!
//! Pure like [`super::flow`], which it drives: the time is handed in and nothing is read or written
//! here. The rules are those of the agent's data channel (amazon-ssm-agent,
//! `agent/session/datachannel`).

mod received;

use std::collections::VecDeque;
use std::time::{Duration, Instant, SystemTime};

use serde::Serialize;
use tokio_tungstenite::tungstenite::Bytes;
use uuid::Uuid;

use super::crypto::{Cipher, DataKey};
use super::event::Event;
use super::flow::{Due, Incoming, Outgoing};
use super::handshake::Answer;
use super::input::{Flag, Input};
use super::payload::Size;
use super::session_type::Accepts;
use super::taken::Taken;
use super::wire::{Message, MessageType, PayloadType};

/// The far side has not acknowledged a message for five minutes.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct PeerSilent;

/// Whether the agent takes input. What it gets before, it acknowledges and throws away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing is known: the first message tells whether there will be a handshake.
    Opening,
    /// The agent waits for an answer or is busy with it.
    Handshaking,
    /// There was output, or the handshake is complete.
    Running,
    /// A session that this client must not serve.
    /// Its type is not an accepted one, or it has to be encrypted and there is no key.
    Mistaken,
    /// The session is over.
    Closed,
}

/// The client's half of one session.
#[derive(Debug)]
pub(super) struct Conversation {
    accepts: Accepts,
    phase: Phase,
    heard: bool,
    outgoing: Outgoing,
    taken: Taken,
    incoming: Incoming,
    /// Acknowledgements, written before anything else.
    acknowledgements: VecDeque<Bytes>,
    /// Messages to be sent once more, written next.
    again: VecDeque<Bytes>,
    /// The handshake's answers, which the window does not hold back.
    answers: VecDeque<(PayloadType, Vec<u8>)>,
    /// The answer that waits for a data key.
    unsettled: Option<Answer>,
    cipher: Option<Cipher>,
    /// Whether the agent has had proof of the data key. It asks once.
    challenged: bool,
    size: Option<Size>,
    size_pending: bool,
    input: Input,
    events: VecDeque<Event>,
    /// How many lines were logged.
    logged: u32,
    began: Instant,
    began_at: Duration,
}

impl Conversation {
    /// `now` and `time` are the same moment; messages are dated by them.
    pub(super) fn new(accepts: Accepts, now: Instant, time: SystemTime) -> Self {
        Self {
            accepts,
            phase: Phase::Opening,
            heard: false,
            outgoing: Outgoing::default(),
            taken: Taken::default(),
            incoming: Incoming::default(),
            acknowledgements: VecDeque::new(),
            again: VecDeque::new(),
            answers: VecDeque::new(),
            unsettled: None,
            cipher: None,
            challenged: false,
            size: None,
            size_pending: false,
            input: Input::default(),
            events: VecDeque::new(),
            logged: 0,
            began: now,
            began_at: since_1970(time),
        }
    }

    /// Whether anything at all came from the far side:
    /// output, a handshake, an acknowledgement, the end.
    pub(super) fn has_heard(&self) -> bool {
        self.heard
    }

    /// Whether the session runs: its handshake is complete, or it has none and there was output.
    pub(super) fn has_begun(&self) -> bool {
        self.phase == Phase::Running
    }

    /// Whether there was any input: sent, or waiting to be sent.
    pub(super) fn has_input(&self) -> bool {
        !matches!(self.taken, Taken::NoInput) || !self.input.is_empty()
    }

    /// Whether the first message of input is acknowledged.
    pub(super) fn has_taken(&self) -> bool {
        matches!(self.taken, Taken::Yes)
    }

    /// How many bytes of input are taken now.
    pub(super) fn room(&self) -> usize {
        self.input.room()
    }

    /// Takes as much input as there is room for, and says how much that was.
    pub(super) fn send(&mut self, data: &[u8]) -> usize {
        self.input.send(data)
    }

    /// Says a word beside the bytes of a port, behind those that wait.
    pub(super) fn flag(&mut self, flag: Flag) {
        self.input.flag(flag);
    }

    /// The data key that was asked for, or why there is none. Not asked for, it is not used.
    pub(super) fn data_key(&mut self, key: Result<&DataKey, &str>) {
        let Some(mut answer) = self.unsettled.take() else {
            return;
        };
        answer.settle(key);
        match key {
            Ok(key) => self.cipher = Some(Cipher::new(key)),
            // Whatever the far side makes of it, nothing is sent in clear.
            Err(_) => self.phase = Phase::Mistaken,
        }
        self.answer(&answer);
    }

    /// The size of the terminal is this from now on.
    /// It is sent at once, and once more when the session begins, since an agent throws away what
    /// comes before.
    pub(super) fn resize(&mut self, size: Size) {
        self.size = Some(size);
        self.size_pending = true;
    }

    /// Whether everything that was to be sent has been acknowledged.
    pub(super) fn is_flushed(&self) -> bool {
        self.input.is_empty()
            && !self.size_pending
            && self.answers.is_empty()
            && self.outgoing.is_empty()
    }

    /// How many acknowledgements wait to be written.
    /// While they pile up, the caller should read nothing.
    pub(super) fn acknowledgements(&self) -> usize {
        self.acknowledgements.len()
    }

    /// What happened since this was asked last.
    pub(super) fn event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// When [`Conversation::wake`] or [`Conversation::doubts`] is to be called.
    pub(super) fn deadline(&self) -> Option<Instant> {
        let asks = self.taken.deadline().filter(|_| self.is_port());
        [self.outgoing.deadline(), asks].into_iter().flatten().min()
    }

    /// Whether to ping the service, and to tell when it has [answered](Conversation::answered).
    pub(super) fn doubts(&mut self, now: Instant) -> bool {
        self.is_port() && self.taken.ask(now)
    }

    /// The service has answered that ping.
    pub(super) fn answered(&mut self) {
        if self.taken.answered() {
            self.events.push_back(Event::NothingTaken);
        }
    }

    /// Only a port can be one that takes nothing. A program takes its input when it wants to.
    fn is_port(&self) -> bool {
        self.accepts == Accepts::Port
    }

    /// Sends again what is overdue.
    pub(super) fn wake(&mut self, now: Instant) -> Result<(), PeerSilent> {
        match self.outgoing.due(now) {
            Due::Nothing => Ok(()),
            Due::Again(frame) => {
                self.again.push_back(frame);
                Ok(())
            }
            Due::PeerSilent => Err(PeerSilent),
        }
    }

    /// The conversation goes on over another connection.
    /// It sends again, in order, whatever the far side may have missed. It recognises what the far
    /// side repeats, and acknowledges it again. `now` and `time` are the same moment, and messages
    /// are dated from it: a machine that slept does not count on its own.
    pub(super) fn reattached(&mut self, now: Instant, time: SystemTime) {
        self.again.clear();
        self.again.extend(self.outgoing.all_again(now));
        self.taken.sent_again(now);
        self.began = now;
        self.began_at = since_1970(time);
    }

    /// The next frame to write. It must then be written: its number is taken.
    pub(super) fn transmit(&mut self, now: Instant) -> Option<Bytes> {
        let first = self.acknowledgements.pop_front();
        if let Some(frame) = first.or_else(|| self.again.pop_front()) {
            return Some(frame);
        }
        if let Some((payload_type, answer)) = self.answers.pop_front() {
            return Some(self.number(payload_type, answer, now));
        }
        if !self.outgoing.has_room() {
            return None;
        }
        if self.size_pending
            && let Some(size) = self.size
        {
            self.size_pending = false;
            return Some(self.number(PayloadType::Size, json(&size), now));
        }
        if self.phase != Phase::Running {
            return None;
        }
        let (payload_type, payload) = self.input.next()?;
        let number = self.outgoing.next_sequence_number();
        self.taken.sent(number, now);
        let payload = match &self.cipher {
            Some(cipher) if payload_type == PayloadType::Output => cipher.seal(&payload),
            _ => payload,
        };
        Some(self.number(payload_type, payload, now))
    }

    /// Makes the next numbered message.
    fn number(&mut self, payload_type: PayloadType, payload: Vec<u8>, now: Instant) -> Bytes {
        let message = Message {
            message_type: MessageType::InputStreamData,
            created: self.created(now),
            sequence_number: self.outgoing.next_sequence_number(),
            flags: 0,
            message_id: Uuid::new_v4(),
            payload_type,
            payload: payload.into(),
        };
        let frame = message.encode();
        self.outgoing.sent(frame.clone(), now);
        frame
    }

    fn created(&self, now: Instant) -> u64 {
        let date = self.began_at + now.saturating_duration_since(self.began);
        u64::try_from(date.as_millis()).unwrap_or(u64::MAX).max(1)
    }
}

fn since_1970(time: SystemTime) -> Duration {
    time.duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default()
}

fn json(value: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(value).expect("these types have no map keys and no failing serializers")
}

#[cfg(test)]
mod tests;
