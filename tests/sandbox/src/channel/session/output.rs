//! What runs says: logged, encrypted, numbered and kept until it is acknowledged.

use std::sync::PoisonError;
use std::thread;
use std::time::{Duration, Instant};

use uuid::Uuid;

use super::super::agent::Behind;
use super::super::log::Line;
use super::super::message::{MAX_PAYLOAD, Message, OUTPUT_STREAM_DATA, PayloadType, SYN};
use super::{Inner, Session, State, now};

impl Session {
    /// Output of the shell, as [`output_of`](Self::output_of).
    pub fn output(&self, bytes: &[u8]) -> bool {
        self.output_of(PayloadType::Output, bytes)
    }

    /// Output of what runs.
    /// Waits while too much is unacknowledged; `false` if the session has ended.
    pub fn output_of(&self, payload_type: PayloadType, bytes: &[u8]) -> bool {
        let mut inner = self
            .progress
            .wait_while(self.inner(), |inner| {
                inner.state == State::Running && inner.outbound.is_full()
            })
            .unwrap_or_else(PoisonError::into_inner);
        self.push(&mut inner, payload_type, bytes)
    }

    /// The same for those who wait in a task.
    pub async fn output_soon(&self, payload_type: PayloadType, bytes: &[u8]) -> bool {
        loop {
            let room = self.room.notified();
            {
                let mut inner = self.inner();
                if inner.state != State::Running || !inner.outbound.is_full() {
                    return self.push(&mut inner, payload_type, bytes);
                }
            }
            room.await;
        }
    }

    /// A command's exit code, which agents send only to a client that they believe to be there
    /// (`sendExitCode` in their `shell.go`).
    pub fn exit_code(&self, text: &str) {
        if self.is_active() {
            self.output_of(PayloadType::ExitCode, text.as_bytes());
        }
    }

    /// Goes on with output until the session is ended, if the agent is to misbehave so.
    pub fn outlive(&self) {
        while self.faults.outlives_commands() && self.output_of(PayloadType::StdErr, b"more\n") {
            thread::sleep(Duration::from_millis(50));
        }
    }

    fn push(&self, inner: &mut Inner, payload_type: PayloadType, bytes: &[u8]) -> bool {
        if inner.state != State::Running {
            return false;
        }
        if self.spec.preferences.logged && payload_type != PayloadType::ExitCode {
            inner.log.write(bytes);
        }
        for chunk in bytes.chunks(MAX_PAYLOAD) {
            inner.output(payload_type, chunk.to_vec());
        }
        self.wake.send_replace(());
        true
    }

    /// How many outputs there were, or `None` while the window is full.
    pub fn outputs(&self) -> Option<i64> {
        let inner = self.inner();
        (!inner.outbound.is_full()).then(|| inner.outbound.next_sequence())
    }

    /// How many outputs there were, or `None` while some are not acknowledged.
    pub fn delivered(&self) -> Option<i64> {
        let inner = self.inner();
        (inner.outbound.is_empty()).then(|| inner.outbound.next_sequence())
    }

    /// The log as far as it can be read:
    /// what a command said is written when it has ended, what a port carries never.
    pub fn log(&self) -> Vec<Line> {
        let inner = self.inner();
        let over = inner.state == State::Done;
        match self.spec.behind {
            Behind::Port(_) => Vec::new(),
            Behind::Command(_) if !over => Vec::new(),
            _ => inner.log.lines(over),
        }
    }
}

impl Inner {
    pub(super) fn output(&mut self, payload_type: PayloadType, mut payload: Vec<u8>) {
        if let Some(encrypted) = &mut self.encrypted
            && payload_type.is_secret()
        {
            payload = encrypted.seal(&payload);
        }
        self.active = Some(Instant::now());
        let sequence = self.outbound.next_sequence();
        let message = Message {
            message_type: OUTPUT_STREAM_DATA.to_owned(),
            created: now(),
            sequence,
            flags: if sequence == 0 { SYN } else { 0 },
            id: Uuid::new_v4(),
            payload_type: payload_type as u32,
            payload,
        };
        self.outbound.push(message.encode());
    }
}
