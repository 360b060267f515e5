//! What the far side says, taken in message by message.

use std::time::Instant;

use tokio_tungstenite::tungstenite::Bytes;
use tracing::debug;
use uuid::Uuid;

use super::super::crypto::Forged;
use super::super::event::Event;
use super::super::handshake::{self, Answer};
use super::super::payload::{
    Acknowledge, Acknowledged, Challenge, ChannelClosed, HandshakeComplete,
};
use super::super::session_type::{Accepts, SessionType};
use super::super::wire::{FLAGS_SYN_FIN, Message, MessageType, PayloadType};
use super::{Conversation, Phase, json};

/// The most of a reason that is handed on, in bytes:
/// it ends up in one line, here and in the history.
const LONGEST_REASON: usize = 1 << 10;
/// The most of the customer's message that is handed on, in bytes.
const LONGEST_MESSAGE: usize = 2 << 10;
/// How many frames and payloads that say nothing are logged.
const MOST_LOGGED: u32 = 100;
/// What the agent writes before an error, in a line of its own.
const ERROR_TITLE: &str = "----------ERROR-------";
/// The agent's flag for a connection that it could not make (`ConnectToPortError`).
const CONNECT_TO_PORT_ERROR: u32 = 3;

impl Conversation {
    /// Takes in one frame.
    /// Bytes that are not a message are dropped without an acknowledgement, as the plugin does.
    pub(crate) fn receive(&mut self, frame: &Bytes, now: Instant) {
        let message = match Message::decode(frame) {
            Ok(message) => message,
            Err(malformed) => {
                if self.is_logged() {
                    debug!(%malformed, length = frame.len(), "a frame was dropped");
                }
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
                    output: cut(untitled(&closed.output)),
                });
            }
            MessageType::InputStreamData | MessageType::Other => {}
        }
    }

    fn take(&mut self, message: Message, now: Instant) {
        self.heard = true;
        let mut id = Uuid::encode_buffer();
        let acknowledgement = Acknowledge {
            message_type: message.message_type.name(),
            message_id: message.message_id.hyphenated().encode_lower(&mut id),
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
            self.process(message.payload_type, message.payload);
        }
    }

    fn process(&mut self, payload_type: PayloadType, payload: Bytes) {
        use PayloadType::{ExitCode, Output, StdErr};
        let payload = match (&self.cipher, payload_type) {
            _ if payload.is_empty() => return,
            // Until there is a key, the far side cannot have encrypted anything with it.
            (None, Output | StdErr | ExitCode) if self.unsettled.is_some() => {
                return self.events.push_back(Event::Forged);
            }
            (Some(cipher), Output | StdErr | ExitCode) => match cipher.open(&payload) {
                Ok(payload) => payload,
                Err(Forged) => return self.events.push_back(Event::Forged),
            },
            _ => payload,
        };
        match payload_type {
            PayloadType::HandshakeRequest if self.phase == Phase::Opening => {
                self.handshake(&payload);
            }
            PayloadType::ChallengeRequest if !self.challenged => self.challenge(&payload),
            // Once, and not before the agent has had its answer.
            PayloadType::HandshakeComplete
                if self.phase == Phase::Handshaking && self.unsettled.is_none() =>
            {
                let complete: HandshakeComplete =
                    serde_json::from_slice(&payload).unwrap_or_default();
                self.begin();
                self.events.push_back(Event::HandshakeComplete {
                    customer_message: cut_to(LONGEST_MESSAGE, complete.customer_message),
                });
            }
            Output => {
                if self.phase == Phase::Opening {
                    self.begin_without_handshake();
                }
                self.events.push_back(Event::Output(payload));
            }
            StdErr => self.events.push_back(Event::StdErr(payload)),
            ExitCode => {
                if let Some(code) = exit_code(&payload) {
                    self.events.push_back(Event::ExitCode(code));
                } else if self.is_logged() {
                    debug!("an exit code could not be read");
                }
            }
            PayloadType::Flag if payload[..] == CONNECT_TO_PORT_ERROR.to_be_bytes() => {
                self.events.push_back(Event::ConnectToPortFailed);
            }
            _ if self.is_logged() => debug!(?payload_type, "a payload was ignored"),
            _ => {}
        }
    }

    /// Whether one more line may be logged: the far side decides how many there would be.
    fn is_logged(&mut self) -> bool {
        self.logged = self.logged.saturating_add(1);
        self.logged <= MOST_LOGGED
    }

    fn handshake(&mut self, request: &[u8]) {
        let answer = handshake::answer(request, self.accepts);
        let is_accepted = answer.session_type.is_some() && answer.refused().next().is_none();
        self.phase = if is_accepted {
            Phase::Handshaking
        } else {
            Phase::Mistaken
        };
        let refused = answer.refused().map(|action| Event::ActionRefused {
            action_type: cut(action.action_type.clone()),
            error: cut(action.error.clone()),
        });
        self.events.extend(refused);
        self.events
            .extend(answer.session_type.clone().map(Event::SessionType));
        match &answer.wanted {
            Some((_, wanted)) => {
                self.events.push_back(Event::DataKeyWanted {
                    key_id: wanted.key_id.clone(),
                    challenge: wanted.challenge.clone(),
                });
                self.unsettled = Some(answer);
            }
            None => self.answer(&answer),
        }
    }

    pub(super) fn answer(&mut self, answer: &Answer) {
        let answer = (PayloadType::HandshakeResponse, json(&answer.response));
        self.answers.push_back(answer);
    }

    /// The agent has decrypted the data key, and wants to see that both sides have the same one.
    fn challenge(&mut self, request: &[u8]) {
        self.challenged = true;
        let answer = match (&self.cipher, serde_json::from_slice::<Challenge>(request)) {
            (Some(cipher), Ok(request)) => cipher.prove(&request.challenge),
            _ => Err(Forged),
        };
        match answer {
            Ok(challenge) => self.answers.push_back((
                PayloadType::ChallengeResponse,
                json(&Challenge { challenge }),
            )),
            Err(Forged) => self.events.push_back(Event::Forged),
        }
    }

    /// Sessions without a handshake are shells and commands with a terminal.
    /// What was meant for a port or for another program must not be typed into one.
    fn begin_without_handshake(&mut self) {
        self.events
            .push_back(Event::SessionType(SessionType::Terminal));
        if self.accepts == Accepts::Terminal {
            self.begin();
        } else {
            self.phase = Phase::Mistaken;
        }
    }

    /// Input may go from here on.
    fn begin(&mut self) {
        self.phase = Phase::Running;
        self.size_pending = self.size.is_some();
    }

    fn acknowledged(&mut self, message: &Message, now: Instant) {
        let Ok(acknowledged) = serde_json::from_slice::<Acknowledged>(&message.payload) else {
            if self.is_logged() {
                debug!("an acknowledgement could not be read");
            }
            return;
        };
        self.heard = true;
        let number = acknowledged.sequence_number;
        if self.outgoing.acknowledged(number, now) {
            self.taken.acknowledged(number);
            self.events.push_back(Event::Acknowledged);
        }
    }
}

/// The agent's reason without the title that it puts before an error.
/// Source: amazon-ssm-agent, `errTitle` in
/// `agent/framework/processor/executer/iohandler/iohandler.go`.
fn untitled(reason: &str) -> String {
    let parts = reason.split(ERROR_TITLE).map(str::trim);
    let parts: Vec<&str> = parts.filter(|part| !part.is_empty()).collect();
    parts.join("; ")
}

/// What of the far side's reason is handed on.
fn cut(reason: String) -> String {
    cut_to(LONGEST_REASON, reason)
}

fn cut_to(most: usize, mut text: String) -> String {
    let length = text.len();
    if length > most {
        text.truncate(text.floor_char_boundary(most));
        text = format!("{text}… ({length} bytes)");
    }
    text
}

/// `EXIT_CODE: 7`
fn exit_code(payload: &[u8]) -> Option<i64> {
    let text = std::str::from_utf8(payload).ok()?;
    text.trim().strip_prefix("EXIT_CODE:")?.trim().parse().ok()
}
