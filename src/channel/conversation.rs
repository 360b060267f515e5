//! What is said on a data channel, apart from the connection it is said over: frames in, frames and events out.
//!
//! Pure like [`super::flow`], which it drives: the time is handed in and nothing is read or written here. The rules are
//! those of the agent's data channel (amazon-ssm-agent, `agent/session/datachannel`).

use std::collections::VecDeque;
use std::time::{Duration, Instant, SystemTime};

use serde::Serialize;
use tokio_tungstenite::tungstenite::Bytes;
use tracing::debug;
use uuid::Uuid;

use super::flow::{Due, Incoming, Outgoing};
use super::handshake;
use super::payload::{Acknowledge, ChannelClosed, HandshakeComplete, Size};
use super::wire::{FLAGS_SYN_FIN, Message, MessageType, PayloadType};

/// The most bytes one message carries; agents read no more at once.
const PAYLOAD: usize = 1024;

/// Input that waits for the session to begin or for the window to open.
const INPUT: usize = 64 << 10;

/// What happened on the channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Bytes of the terminal, or of a command's standard output.
    Output(Bytes),
    /// Bytes of a command's standard error, or the agent's own error text.
    StdErr(Bytes),
    /// The exit status of a command that was started with separate streams; -1 when a signal killed it.
    ExitCode(i32),
    /// The handshake is over.
    HandshakeComplete {
        /// What the customer's side has to say to the user; often nothing. Hostile text.
        customer_message: String,
    },
    /// The session needs what this client cannot do. The agent was told; `Closed` follows.
    ActionRefused {
        /// The agent's name for it, such as `KMSEncryption`. Hostile text.
        action_type: String,
        /// Why it was refused, as the agent was told. Hostile text.
        error: String,
    },
    /// The far side has taken something that was sent: there may be room again, or nothing left to wait for.
    Acknowledged,
    /// The session is over; nothing comes after this.
    Closed {
        /// The service's reason; empty when the session simply ended. Hostile text.
        output: String,
    },
}

/// The far side has not acknowledged a message for five minutes.
#[derive(Debug, PartialEq, Eq)]
pub struct PeerSilent;

/// Whether the agent takes input. What it gets before, it acknowledges and throws away.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Nothing is known: the first message tells whether there will be a handshake.
    Opening,
    /// The agent waits for an answer or is busy with it.
    Handshaking,
    /// There was output, or the handshake is complete.
    Running,
    /// The session is over.
    Closed,
}

/// The client's half of one session.
#[derive(Debug)]
pub struct Conversation {
    phase: Phase,
    heard: bool,
    outgoing: Outgoing,
    incoming: Incoming,
    /// Acknowledgements, written before anything else.
    acknowledgements: VecDeque<Bytes>,
    /// Messages to be sent once more, written next.
    again: VecDeque<Bytes>,
    answer: Option<Vec<u8>>,
    size: Option<Size>,
    size_pending: bool,
    input: VecDeque<u8>,
    events: VecDeque<Event>,
    began: Instant,
    began_at: Duration,
}

impl Conversation {
    /// `now` and `time` are the same moment; messages are dated by them.
    pub fn new(now: Instant, time: SystemTime) -> Self {
        Self {
            phase: Phase::Opening,
            heard: false,
            outgoing: Outgoing::default(),
            incoming: Incoming::default(),
            acknowledgements: VecDeque::new(),
            again: VecDeque::new(),
            answer: None,
            size: None,
            size_pending: false,
            input: VecDeque::new(),
            events: VecDeque::new(),
            began: now,
            began_at: since_1970(time),
        }
    }

    /// Whether anything at all came from the far side: output, a handshake, an acknowledgement, the end.
    pub fn has_heard(&self) -> bool {
        self.heard
    }

    /// How many bytes of input are taken now.
    pub fn room(&self) -> usize {
        INPUT - self.input.len()
    }

    /// Takes as much input as there is room for, and says how much that was.
    pub fn send(&mut self, data: &[u8]) -> usize {
        let taken = data.len().min(self.room());
        self.input.extend(&data[..taken]);
        taken
    }

    /// The size of the terminal is this from now on. It is sent at once, and once more when the session begins, since an
    /// agent throws away what comes before.
    pub fn resize(&mut self, size: Size) {
        self.size = Some(size);
        self.size_pending = true;
    }

    /// Whether everything that was to be sent has been acknowledged.
    pub fn is_flushed(&self) -> bool {
        self.input.is_empty()
            && !self.size_pending
            && self.answer.is_none()
            && self.outgoing.is_empty()
    }

    /// How many acknowledgements wait to be written; while they pile up, no more should be read.
    pub fn acknowledgements(&self) -> usize {
        self.acknowledgements.len()
    }

    /// What happened since this was asked last.
    pub fn event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// When [`Conversation::wake`] is to be called.
    pub fn deadline(&self) -> Option<Instant> {
        self.outgoing.deadline()
    }

    /// Sends again what is overdue.
    pub fn wake(&mut self, now: Instant) -> Result<(), PeerSilent> {
        match self.outgoing.due(now) {
            Due::Nothing => Ok(()),
            Due::Again(frame) => {
                self.again.push_back(frame);
                Ok(())
            }
            Due::PeerSilent => Err(PeerSilent),
        }
    }

    /// The conversation goes on over another connection: whatever the far side may not have got is sent again, in order.
    /// What it sends again itself is known here and acknowledged anew. `now` and `time` are the same moment, by which
    /// messages are dated from here on: a machine that slept does not count on its own.
    pub fn reattached(&mut self, now: Instant, time: SystemTime) {
        self.again.clear();
        self.again.extend(self.outgoing.all_again(now));
        self.began = now;
        self.began_at = since_1970(time);
    }

    /// The next frame to write. It must then be written: its number is taken.
    pub fn transmit(&mut self, now: Instant) -> Option<Bytes> {
        let first = self.acknowledgements.pop_front();
        if let Some(frame) = first.or_else(|| self.again.pop_front()) {
            return Some(frame);
        }
        if let Some(answer) = self.answer.take() {
            return Some(self.number(PayloadType::HandshakeResponse, answer, now));
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
        if self.phase == Phase::Running && !self.input.is_empty() {
            let payload = self.input.drain(..self.input.len().min(PAYLOAD)).collect();
            return Some(self.number(PayloadType::Output, payload, now));
        }
        None
    }

    /// Takes in one frame. What is no message is dropped without an acknowledgement, as the plugin does.
    pub fn receive(&mut self, frame: &Bytes, now: Instant) {
        let message = match Message::decode(frame) {
            Ok(message) => message,
            Err(malformed) => {
                debug!(%malformed, length = frame.len(), "a frame was dropped");
                return;
            }
        };
        match message.message_type {
            _ if self.phase == Phase::Closed => {}
            MessageType::OutputStreamData => self.take(message, now),
            MessageType::Acknowledge => self.acknowledged(&message, now),
            MessageType::ChannelClosed => {
                self.heard = true;
                self.phase = Phase::Closed;
                // Unreadable or not, this is the end.
                let closed: ChannelClosed =
                    serde_json::from_slice(&message.payload).unwrap_or_default();
                self.events.push_back(Event::Closed {
                    output: closed.output,
                });
            }
            MessageType::InputStreamData | MessageType::Other => {}
        }
    }

    fn take(&mut self, message: Message, now: Instant) {
        self.heard = true;
        let acknowledgement = Acknowledge {
            message_type: message.message_type.name().to_owned(),
            message_id: message.message_id.to_string(),
            sequence_number: message.sequence_number,
            is_sequential: true,
        };
        if !self.incoming.accept(message) {
            return;
        }
        let acknowledgement = Message {
            message_type: MessageType::Acknowledge,
            created: self.created(now),
            sequence_number: 0,
            flags: FLAGS_SYN_FIN,
            message_id: Uuid::new_v4(),
            payload_type: PayloadType::Unknown,
            payload: json(&acknowledgement).into(),
        };
        self.acknowledgements.push_back(acknowledgement.encode());
        while let Some(message) = self.incoming.next_in_order() {
            self.process(message);
        }
    }

    fn process(&mut self, message: Message) {
        let Message {
            payload_type,
            payload,
            ..
        } = message;
        match payload_type {
            PayloadType::HandshakeRequest => {
                self.phase = Phase::Handshaking;
                let answer = handshake::answer(&payload);
                self.answer = Some(json(&answer));
                let refused = answer
                    .processed_client_actions
                    .into_iter()
                    .filter(|action| !action.error.is_empty());
                self.events
                    .extend(refused.map(|action| Event::ActionRefused {
                        action_type: action.action_type,
                        error: action.error,
                    }));
            }
            PayloadType::HandshakeComplete => {
                let complete: HandshakeComplete =
                    serde_json::from_slice(&payload).unwrap_or_default();
                self.begin();
                self.events.push_back(Event::HandshakeComplete {
                    customer_message: complete.customer_message,
                });
            }
            PayloadType::Output | PayloadType::StdErr if payload.is_empty() => {}
            PayloadType::Output => {
                if self.phase == Phase::Opening {
                    self.begin();
                }
                self.events.push_back(Event::Output(payload));
            }
            PayloadType::StdErr => self.events.push_back(Event::StdErr(payload)),
            PayloadType::ExitCode => {
                if let Some(code) = exit_code(&payload) {
                    self.events.push_back(Event::ExitCode(code));
                } else {
                    debug!("an exit code could not be read");
                }
            }
            PayloadType::Size | PayloadType::HandshakeResponse | PayloadType::Unknown => {
                debug!(?payload_type, "a payload was ignored");
            }
        }
    }

    /// Input may go from here on.
    fn begin(&mut self) {
        self.phase = Phase::Running;
        self.size_pending = self.size.is_some();
    }

    fn acknowledged(&mut self, message: &Message, now: Instant) {
        let Ok(acknowledged) = serde_json::from_slice::<Acknowledge>(&message.payload) else {
            debug!("an acknowledgement could not be read");
            return;
        };
        self.heard = true;
        if self
            .outgoing
            .acknowledged(acknowledged.sequence_number, now)
        {
            self.events.push_back(Event::Acknowledged);
        }
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

/// `EXIT_CODE: 7`
fn exit_code(payload: &[u8]) -> Option<i32> {
    let text = std::str::from_utf8(payload).ok()?;
    text.trim().strip_prefix("EXIT_CODE:")?.trim().parse().ok()
}

#[cfg(test)]
mod tests;
