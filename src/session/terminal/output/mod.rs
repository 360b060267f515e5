//! The output of a session on its way to this machine's terminal.
//! Commands that read or write the clipboard are left out, unless the settings say otherwise. What
//! the output switches on is followed, so that it can be switched off at the end.

mod csi;
mod layer;
mod modes;
mod osc;
mod table;

use std::time::{Duration, Instant};

use crate::channel::Bytes;
use crate::os::Os;
use crate::settings::Terminal;

use layer::Layer;

/// How long answers of the terminal are waited for.
pub(crate) const ANSWERS: Duration = Duration::from_millis(100);
/// A question that is older than this has had its answer, or gets none.
const ASKED: Duration = Duration::from_secs(2);

/// The output of a session, as its terminal sees it.
#[derive(Debug)]
pub(crate) struct Output {
    layer: Layer,
    is_raw: bool,
    /// When the terminal was last asked something.
    asked: Option<Instant>,
    has_told: bool,
}

impl Output {
    pub(crate) fn new(terminal: Terminal, os: &Os) -> Self {
        Self {
            // Then the terminal likely uses it too, and controls of 8 bits are single bytes.
            layer: Layer::new(!os.shows_utf8()),
            is_raw: terminal == Terminal::Raw,
            asked: None,
            has_told: false,
        }
    }

    /// What of the output the terminal gets.
    pub(crate) fn pass(&mut self, bytes: Bytes) -> Bytes {
        if self.layer.is_text(&bytes) {
            return bytes;
        }
        let mut passed = Vec::with_capacity(bytes.len());
        for byte in &bytes {
            self.layer.take(*byte, &mut passed);
        }
        if std::mem::take(&mut self.layer.was_asked) {
            self.asked = Some(Instant::now());
        }
        if self.is_raw { bytes } else { passed.into() }
    }

    /// What switches off all that the output has switched on; often nothing.
    pub(crate) fn off(&self) -> Bytes {
        let mut off = Vec::new();
        self.layer.off(&mut off);
        off.into()
    }

    /// Whether the terminal may still answer, or tell of the mouse.
    pub(crate) fn awaits_answers(&self) -> bool {
        self.layer.reports() || self.asked.is_some_and(|asked| asked.elapsed() < ASKED)
    }

    /// That something was left out; once, and not while a program has the whole screen.
    pub(crate) fn notice(&mut self) -> Option<&'static str> {
        if self.layer.has_screen() {
            return None;
        }
        self.last_notice()
    }

    /// The same, whatever is on the screen.
    pub(crate) fn last_notice(&mut self) -> Option<&'static str> {
        let is_due = self.layer.has_left_out && !self.is_raw && !self.has_told;
        self.has_told |= is_due;
        is_due.then_some(
            "the remote side tried to use this machine's clipboard (OSC 52); vendor-ssm did not \
             let it. To allow it, set terminal = \"raw\" under [session] in the settings",
        )
    }
}

#[cfg(test)]
mod tests;
