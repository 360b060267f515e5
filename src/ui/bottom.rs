//! The line at the bottom of a terminal that says how far a long work is.
//! Every write to the terminal takes it away first, so that nothing stands behind it.

use std::sync::atomic::{AtomicBool, Ordering};

/// What takes the line away: to its beginning, and clear to its end (ECMA-48, EL).
pub(crate) const WIPE: &str = "\r\u{1b}[K";

/// Whether there is such a line, and whether it is on the screen.
#[derive(Debug, Default)]
pub(super) struct State {
    is_in_use: AtomicBool,
    is_drawn: AtomicBool,
}

impl State {
    /// Whether a work has the line. Then nothing else moves at the bottom.
    pub(super) fn is_in_use(&self) -> bool {
        self.is_in_use.load(Ordering::Relaxed)
    }

    /// What has to be written before anything else.
    pub(super) fn wipe(&self) -> &'static str {
        if self.is_drawn.swap(false, Ordering::Relaxed) {
            WIPE
        } else {
            ""
        }
    }
}

/// The line in the hands of the work that it is about, until it is dropped.
#[derive(Debug)]
pub(crate) struct Bottom<'a>(&'a State);

impl<'a> Bottom<'a> {
    pub(super) fn of(state: &'a State) -> Self {
        state.is_in_use.store(true, Ordering::Relaxed);
        Self(state)
    }

    /// The line is put on the screen.
    pub(crate) fn put(&self) {
        self.0.is_drawn.store(true, Ordering::Relaxed);
    }

    /// The line is taken from the screen; whether it was there.
    pub(crate) fn take(&self) -> bool {
        !self.0.wipe().is_empty()
    }
}

/// If it is still on the screen, the next line that is written takes it away.
impl Drop for Bottom<'_> {
    fn drop(&mut self) {
        self.0.is_in_use.store(false, Ordering::Relaxed);
    }
}
