//! The agent's side of the handshake:
//! what the client is asked for, and the proof that both sides have the data key.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;

use super::super::handshake;
use super::super::message::PayloadType;
use super::{Inner, Session, State};

/// How long the agent waits for each answer.
const ANSWER: Duration = Duration::from_secs(15);

/// How many outputs a flooded handshake brings.
const FLOOD: usize = 200;

impl Session {
    pub(super) fn start_handshake(self: &Arc<Self>, inner: &mut Inner) {
        inner.state = State::Handshaking;
        let request = handshake::request(&self.spec, self.faults.bare_actions());
        inner.output(PayloadType::HandshakeRequest, request);
        self.wait_for_answer(false);
    }

    /// Takes a `HandshakeResponse`.
    pub(super) fn answered(self: &Arc<Self>, inner: &mut Inner, payload: &[u8]) {
        let result =
            handshake::accept(payload, self.spec.encryption.is_some()).and_then(|answer| {
                inner.record.client_version = answer.client_version;
                self.agree(inner, &answer.result)
            });
        match result {
            Ok(()) if inner.encrypted.is_some() => self.wait_for_answer(true),
            Ok(()) => self.complete_handshake(inner, ""),
            Err(error) => {
                self.close_locked(inner, error);
            }
        }
    }

    fn agree(&self, inner: &mut Inner, result: &Value) -> Result<(), String> {
        let Some(encryption) = &self.spec.encryption else {
            return Ok(());
        };
        let (session_id, target) = (&self.spec.session_id, &self.spec.target);
        let mut encrypted = encryption
            .agree(&self.vault, session_id, target, result)
            .map_err(|why| handshake::refused(&why))?;
        inner.output(PayloadType::EncChallengeRequest, encrypted.challenge());
        inner.encrypted = Some(encrypted);
        inner.record.encrypted = true;
        Ok(())
    }

    /// Takes an `EncChallengeResponse`.
    pub(super) fn challenged(self: &Arc<Self>, inner: &mut Inner, payload: &[u8]) {
        let proven = inner
            .encrypted
            .as_ref()
            .map(|encrypted| encrypted.proven(payload));
        match proven {
            Some(Err(why)) => {
                self.close_locked(inner, handshake::refused(&why));
            }
            _ => self.complete_handshake(inner, "This session is encrypted using AWS KMS."),
        }
    }

    fn complete_handshake(self: &Arc<Self>, inner: &mut Inner, message: &str) {
        if self.faults.floods_handshake() {
            for _ in 0..FLOOD {
                inner.output(PayloadType::Output, b"flood".to_vec());
            }
        }
        if self.faults.withholds_completion() || self.faults.floods_handshake() {
            // No answer is awaited any more.
            inner.state = State::Running;
            return;
        }
        let took = inner.started.map(|started| started.elapsed());
        let outdated = self.spec.behind.message(&inner.record.client_version);
        let long = "m".repeat(self.faults.message_length());
        let message = format!("{outdated}{message}{long}");
        let complete = handshake::complete(took.unwrap_or_default(), &message);
        inner.output(PayloadType::HandshakeComplete, complete);
        self.start_plugin(inner);
    }

    /// Ends the session if the answer that is now waited for does not come.
    fn wait_for_answer(self: &Arc<Self>, challenged: bool) {
        let session = Arc::downgrade(self);
        tokio::spawn(async move {
            tokio::time::sleep(ANSWER).await;
            if let Some(session) = session.upgrade() {
                let mut inner = session.inner();
                if inner.state == State::Handshaking && inner.encrypted.is_some() == challenged {
                    session.close_locked(&mut inner, handshake::timed_out(challenged));
                }
            }
        });
    }
}
