//! `pause_publication` and `start_publication`, with which the service tells one side that the
//! other is away or back.

use super::{Inner, Session, State};

/// How the service writes it; reports disagree, and clients pass over both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Form {
    /// A binary message in which all fields but the type are zero.
    #[default]
    Binary,
    /// A text frame with the message type alone.
    Text,
}

/// A message that is neither sequenced nor acknowledged.
pub(super) enum Notice {
    Binary(Vec<u8>),
    Text(&'static str),
}

impl Session {
    /// Tells the client to pause or to go on; the agent sends no output meanwhile.
    /// It goes on by itself when it hears of the client. `false` when no websocket is attached.
    pub fn publish(&self, on: bool, form: Form) -> bool {
        let mut inner = self.inner();
        if !inner.attached || inner.state == State::Done {
            return false;
        }
        let message_type = if on {
            "start_publication"
        } else {
            "pause_publication"
        };
        inner.paused = !on;
        inner.notices.push(match form {
            Form::Binary => Notice::Binary(zeroed(message_type)),
            Form::Text => Notice::Text(message_type),
        });
        self.wake.send_replace(());
        true
    }
}

impl Session {
    /// Whether the agent believes that its client is there (`IsActive` in its `datachannel.go`).
    /// The service tells it at once when the client's connection is lost, and when there is
    /// another. That the real service does is assumed; the agent heeds it
    /// (`handlePausePublicationMessage`).
    pub fn is_active(&self) -> bool {
        let inner = self.inner();
        !inner.paused && (inner.attached || self.faults.keeps_losses_from_agents())
    }
}

impl Inner {
    /// Something came from the client, so it is there.
    pub(super) fn heard(&mut self) {
        self.active = Some(std::time::Instant::now());
        self.paused = false;
    }
}

fn zeroed(message_type: &str) -> Vec<u8> {
    let mut frame = 116_u32.to_be_bytes().to_vec();
    frame.extend(format!("{message_type:<32}").into_bytes());
    frame.resize(120, 0);
    frame
}
