//! A far side that is hostile: it sends whatever frames a test has made, as many as it has made.

use super::{Inner, Session};

/// Frames that are made as they are sent.
pub type Frames = Box<dyn Iterator<Item = Vec<u8>> + Send>;

/// Frames in one turn.
const AT_ONCE: usize = 256;

impl Session {
    /// Sends frames, which are made for the number of the next output.
    pub fn pour(&self, frames: impl FnOnce(i64) -> Frames) {
        let mut inner = self.inner();
        inner.hostile = Some(frames(inner.outbound.next_sequence()));
        self.wake.send_replace(());
    }

    /// Whether all of them were sent.
    pub fn has_poured(&self) -> bool {
        self.inner().hostile.is_none()
    }
}

impl Inner {
    pub(super) fn hostile(&mut self) -> Vec<Vec<u8>> {
        let Some(frames) = &mut self.hostile else {
            return Vec::new();
        };
        let some: Vec<_> = frames.take(AT_ONCE).collect();
        if some.is_empty() {
            self.hostile = None;
        }
        some
    }
}
