//! The network between a client and the data channels, cut for a time.

use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// What a client meets while it is cut off.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// New websockets are answered with 503.
    Refused,
    /// New websockets end in a reset of the connection.
    Reset,
    /// Every connection to the sandbox ends in a reset, calls included.
    Offline,
}

/// The cut that holds now, if any does.
#[derive(Debug, Default)]
pub(super) struct Line(Mutex<Option<(Cut, Instant)>>);

impl Line {
    pub(super) fn cut(&self, cut: Cut, time: Duration) {
        let mut line = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *line = Some((cut, Instant::now() + time));
    }

    pub(super) fn mend(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }

    pub(super) fn now(&self) -> Option<Cut> {
        let line = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (cut, until) = (*line)?;
        (Instant::now() < until).then_some(cut)
    }
}
