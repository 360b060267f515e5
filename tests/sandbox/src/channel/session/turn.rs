//! What goes to the client, and how it goes wrong when it is meant to.

use std::sync::Arc;
use std::time::Instant;

use super::publication::Notice;
use super::{Inner, Session};

/// What a websocket has to send next.
#[derive(Default)]
pub struct Turn {
    pub texts: Vec<&'static str>,
    pub frames: Vec<Vec<u8>>,
    /// The session is over: close after these frames.
    pub last: bool,
}

impl Session {
    /// What this websocket has to send now.
    pub fn turn(self: &Arc<Self>, connection: u64) -> Turn {
        /// Outputs in one turn, so that acknowledgements do not wait for long.
        const OUTPUTS: usize = 64;
        let mut inner = self.inner();
        let mut turn = Turn::default();
        if !inner.attached || inner.connection != connection || self.faults.is_silent() {
            return turn;
        }
        if !inner.crashed {
            self.deliver_waiting(&mut inner);
        }
        for notice in std::mem::take(&mut inner.notices) {
            match notice {
                Notice::Binary(frame) => turn.frames.push(frame),
                Notice::Text(text) => turn.texts.push(text),
            }
        }
        turn.frames.extend(inner.acknowledgements.drain(..));
        let now = Instant::now();
        let delay = self.faults.first_output_delay();
        let due = |started| now.duration_since(started) >= delay;
        if inner.started.is_some_and(due) && !inner.paused {
            if !inner.crashed {
                turn.frames.extend(inner.outbound.overdue(now));
            }
            for _ in 0..OUTPUTS {
                let Some(frame) = inner.outbound.fresh(now) else {
                    break;
                };
                self.send_badly(&mut inner, frame, &mut turn.frames);
            }
        }
        turn.frames.extend(inner.hostile());
        if let Some(farewell) = inner.farewell.take() {
            turn.frames.push(farewell);
            turn.last = true;
        }
        turn
    }

    fn send_badly(&self, inner: &mut Inner, frame: Vec<u8>, frames: &mut Vec<Vec<u8>>) {
        if self.faults.loses_output() {
            return;
        }
        if inner.swapped.is_none() && self.faults.swaps_output() {
            // If nothing follows, the retransmission brings it.
            inner.swapped = Some(frame);
            return;
        }
        if self.faults.doubles_output() {
            frames.push(frame.clone());
        }
        frames.push(frame);
        frames.extend(inner.swapped.take());
    }
}
