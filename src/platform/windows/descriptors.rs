//! Handles: a process on Windows may open as many as its memory holds, some 16 million.
//! (Mark Russinovich, "Pushing the Limits of Windows: Handles".) So nothing has to be kept free.

use std::os::windows::io::OwnedHandle;

/// Handles that are kept free: none, since there are always enough.
#[derive(Debug)]
pub(crate) struct Reserve(Vec<OwnedHandle>);

/// Fewer handles are free than are needed, which does not happen.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum TooFew {}

impl Reserve {
    /// Keeps so many free.
    #[expect(clippy::unnecessary_wraps, reason = "other systems have a limit")]
    pub(crate) fn of(_needed: usize) -> Result<Self, TooFew> {
        Ok(Self(Vec::new()))
    }

    /// Frees all but so many.
    pub(crate) fn shrink(&mut self, kept: usize) {
        self.0.truncate(kept);
    }
}

impl TooFew {
    /// What to do about it.
    pub(crate) fn hint(&self) -> String {
        match *self {}
    }
}

/// Says whether so many are free.
pub(crate) fn enough(needed: usize) -> Result<(), TooFew> {
    Reserve::of(needed).map(drop)
}
