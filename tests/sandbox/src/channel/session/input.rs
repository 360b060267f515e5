//! What comes from the client:
//! checked as a real agent checks it, brought into order and acknowledged, also when it had come
//! before.

use std::sync::Arc;
use std::time::Instant;

use uuid::Uuid;

use super::super::agent::{Flag, Input, Taken};
use super::super::encryption::OVERHEAD;
use super::super::message::{
    ACKNOWLEDGE, Acknowledge, INPUT_STREAM_DATA, MAX_PAYLOAD, Message, OUTPUT_STREAM_DATA,
    PayloadType, SYN_FIN, Size,
};
use super::super::stream::Arrival;
use super::{Inner, Session, State, now};

impl Session {
    /// Takes a binary frame from the client.
    pub fn accept(self: &Arc<Self>, connection: u64, frame: &[u8]) {
        let mut inner = self.inner();
        // A worker that has crashed gets nothing any longer.
        if inner.connection != connection || inner.crashed {
            return;
        }
        match Message::decode(frame) {
            Err(malformed) => inner.record.violated(malformed.to_string()),
            Ok(message) => match message.message_type.as_str() {
                // There is no agent to acknowledge it.
                INPUT_STREAM_DATA if self.spec.preferences.lookup_failed => {}
                INPUT_STREAM_DATA => {
                    inner.heard();
                    self.accept_input(&mut inner, message);
                }
                ACKNOWLEDGE => {
                    inner.paused = false;
                    inner.acknowledged(&message);
                    self.progressed();
                }
                other => inner
                    .record
                    .violated(format!("message type {other:?} from a client")),
            },
        }
    }

    fn accept_input(self: &Arc<Self>, inner: &mut Inner, message: Message) {
        let length = message.payload.len();
        inner.record.max_payload = inner.record.max_payload.max(length);
        let overhead = inner.encrypted.as_ref().map_or(0, |_| OVERHEAD);
        if length > MAX_PAYLOAD + overhead {
            inner.record.violated(format!(
                "{length} bytes of payload, more than {MAX_PAYLOAD}"
            ));
            return;
        }
        let acknowledgement = acknowledge(&message);
        let acknowledged = match inner.inbound.arrival(message.sequence) {
            Arrival::Duplicate => {
                inner.record.duplicates += 1;
                true
            }
            Arrival::Pending => {
                inner.record.duplicates += 1;
                false
            }
            Arrival::Next => {
                inner.inbound.keep(message, false);
                false
            }
            Arrival::Early => {
                // An agent that is busy does not read on.
                let early = !inner.inbound.is_busy();
                inner.inbound.keep(message, early) && early
            }
        };
        if acknowledged {
            self.acknowledge(inner, acknowledgement);
        }
        self.deliver_waiting(inner);
    }

    fn acknowledge(&self, inner: &mut Inner, acknowledgement: Vec<u8>) {
        if !self.faults.withholds_ack() {
            inner.acknowledgements.push_back(acknowledgement);
            self.wake.send_replace(());
        }
    }

    /// Gives the agent all that it can use now, in order.
    pub(super) fn deliver_waiting(self: &Arc<Self>, inner: &mut Inner) {
        while let Some(message) = inner.inbound.next().cloned() {
            match self.deliver(inner, &message) {
                Taken::Yes => {
                    inner.record.inputs += 1;
                    if let Some(used) = inner.inbound.advance() {
                        self.acknowledge(inner, acknowledge(&used));
                    }
                }
                Taken::Later => return,
                Taken::No => return inner.inbound.lose(),
            }
        }
    }

    fn deliver(self: &Arc<Self>, inner: &mut Inner, message: &Message) -> Taken {
        const OUTPUT: u32 = PayloadType::Output as u32;
        const SIZE: u32 = PayloadType::Size as u32;
        const HANDSHAKE_RESPONSE: u32 = PayloadType::HandshakeResponse as u32;
        const CHALLENGE_RESPONSE: u32 = PayloadType::EncChallengeResponse as u32;
        const FLAG: u32 = PayloadType::Flag as u32;
        let input = match (inner.state, message.payload_type) {
            (State::Handshaking, HANDSHAKE_RESPONSE) if inner.encrypted.is_none() => {
                self.answered(inner, &message.payload);
                None
            }
            (State::Handshaking, CHALLENGE_RESPONSE) if inner.encrypted.is_some() => {
                self.challenged(inner, &message.payload);
                None
            }
            (State::Handshaking, _) => {
                inner
                    .record
                    .violated("input before the handshake was complete");
                None
            }
            (_, OUTPUT) => match inner.decrypted(&message.payload) {
                Some(bytes) => Some(Input::Bytes(bytes)),
                None => return Taken::No,
            },
            (_, SIZE) => inner.size(&message.payload).map(Input::Resized),
            (_, FLAG) => inner.flag(&message.payload).map(Input::Flag),
            (_, other) => {
                inner
                    .record
                    .violated(format!("payload type {other} from a client"));
                None
            }
        };
        match (input, &mut inner.plugin) {
            (Some(input), Some(plugin)) => plugin.take(input),
            _ => Taken::Yes,
        }
    }
}

impl Inner {
    /// What was typed;
    /// nothing when it is not encrypted as it has to be, which an agent does not acknowledge.
    fn decrypted(&mut self, payload: &[u8]) -> Option<Vec<u8>> {
        let Some(encrypted) = &self.encrypted else {
            return Some(payload.to_vec());
        };
        let plain = encrypted.open(payload);
        if plain.is_none() {
            self.record.violated("input that cannot be decrypted");
        }
        plain
    }

    fn size(&mut self, payload: &[u8]) -> Option<Size> {
        let size = serde_json::from_slice(payload).ok();
        match size {
            Some(size) => self.record.sizes.push(size),
            None => self.record.violated("size is not understood"),
        }
        size
    }

    fn flag(&mut self, payload: &[u8]) -> Option<Flag> {
        let flag = Flag::read(payload);
        match flag {
            Some(flag) => self.record.flags.push(flag),
            None => self.record.violated("flag is not understood"),
        }
        flag
    }

    fn acknowledged(&mut self, message: &Message) {
        let understood = serde_json::from_slice::<Acknowledge>(&message.payload)
            .ok()
            .filter(|ack| ack.acknowledged_message_type == OUTPUT_STREAM_DATA);
        match understood {
            None => self.record.violated("acknowledgement is not understood"),
            Some(ack) => {
                let sequence = ack.acknowledged_message_sequence_number;
                if !self.outbound.acknowledge(sequence, Instant::now()) {
                    self.record
                        .violated(format!("acknowledgement of {sequence}, never sent"));
                }
            }
        }
    }
}

fn acknowledge(message: &Message) -> Vec<u8> {
    Message {
        message_type: ACKNOWLEDGE.to_owned(),
        created: now(),
        sequence: 0,
        flags: SYN_FIN,
        id: Uuid::new_v4(),
        payload_type: 0,
        payload: serde_json::to_vec(&Acknowledge::of(message)).expect("text becomes JSON"),
    }
    .encode()
}
