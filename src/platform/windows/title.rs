//! The title of the console's window: kept, set, and given back.

use crate::os::Os;

use super::super::stream::Stream;
use super::console;

/// A window's title as it was; given back when this is dropped.
pub(crate) struct Title(Option<Vec<u16>>);

impl Title {
    /// Keeps the title and sets another. All streams have the same window.
    /// The text must not have control characters.
    pub(crate) fn set(_: &Os, _: Stream, text: &str) -> Self {
        let kept = console::title();
        if kept.is_some() {
            let units: Vec<u16> = text.encode_utf16().chain([0]).collect();
            console::set_title(&units);
        }
        Self(kept)
    }

    /// Whether there is one to give back.
    pub(crate) fn is_kept(&self) -> bool {
        self.0.is_some()
    }
}

impl Drop for Title {
    fn drop(&mut self) {
        if let Some(title) = &self.0 {
            console::set_title(title);
        }
    }
}
