//! How a session ends.

use std::sync::atomic::Ordering::Relaxed;
use std::sync::{Arc, PoisonError};
use std::thread;
use std::time::Duration;

use uuid::Uuid;

use super::super::message::{CHANNEL_CLOSED, ChannelClosed, Message};
use super::{Inner, Session, State, now};

/// How long a closing session waits for acknowledgements, while it can still be resumed
/// (`PrepareToCloseChannel` in the agent's `datachannel.go`).
const CLOSING: Duration = Duration::from_secs(2);

impl Session {
    /// Ends the session: kills the shell, waits for acknowledgements and says `channel_closed`.
    /// `false` when it had ended before.
    pub fn close(self: &Arc<Self>, output: &str) -> bool {
        self.close_locked(&mut self.inner(), output.to_owned())
    }

    /// The service ends the session, which cannot be resumed from then on.
    pub fn terminate(self: &Arc<Self>, output: &str) -> bool {
        self.terminate_locked(&mut self.inner(), output.to_owned())
    }

    pub(super) fn terminate_locked(self: &Arc<Self>, inner: &mut Inner, output: String) -> bool {
        self.terminated.store(true, Relaxed);
        self.close_locked(inner, output)
    }

    pub(super) fn close_locked(self: &Arc<Self>, inner: &mut Inner, output: String) -> bool {
        match inner.state {
            State::Closing | State::Done => return false,
            State::Created => inner.state = State::Done,
            State::Connected | State::Handshaking | State::Running => {
                inner.state = State::Closing;
                let session = Arc::clone(self);
                thread::spawn(move || session.finish(&output));
            }
        }
        inner.plugin = None;
        self.progressed();
        true
    }

    fn finish(&self, output: &str) {
        let (mut inner, _) = self
            .progress
            .wait_timeout_while(self.inner(), CLOSING, |inner| {
                inner.state == State::Closing && !inner.outbound.is_empty()
            })
            .unwrap_or_else(PoisonError::into_inner);
        inner.state = State::Done;
        inner.farewell = Some(self.channel_closed(output));
        self.wake.send_replace(());
    }

    fn channel_closed(&self, output: &str) -> Vec<u8> {
        let id = Uuid::new_v4();
        let created = now();
        let payload = ChannelClosed {
            message_type: CHANNEL_CLOSED.to_owned(),
            message_id: id,
            destination_id: self.spec.target.clone(),
            session_id: self.spec.session_id.clone(),
            schema_version: 1,
            created_date: created.to_string(),
            output: output.to_owned(),
        };
        let message = Message {
            message_type: CHANNEL_CLOSED.to_owned(),
            created,
            sequence: 0,
            flags: 0,
            id,
            payload_type: 0,
            payload: serde_json::to_vec(&payload).expect("text becomes JSON"),
        };
        if self.faults.is_channel_closed_long() {
            message.encode()
        } else {
            message.encode_short()
        }
    }
}
