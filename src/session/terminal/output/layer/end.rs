//! What a terminal is left in at the end of the output, and what undoes it. Pure.

use super::device::wrap;
use super::{Layer, State, TMUX};

impl Layer {
    /// What ends all that was begun and switches off what was switched on.
    pub(in super::super) fn off(&self, off: &mut Vec<u8>) {
        if self.is_waiting() {
            off.extend_from_slice(b"\x18\x1b\\");
        }
        self.switch_off(off);
    }

    /// Whether the terminal waits for the rest of a sequence or string that was begun.
    fn is_waiting(&self) -> bool {
        !matches!(
            self.state,
            State::Ground
                | State::Escape
                | State::Number(_)
                | State::Name(..)
                | State::NumberEscape(_)
                | State::LeftOut
                | State::LeftOutEscape
        )
    }

    fn switch_off(&self, off: &mut Vec<u8>) {
        for (layer, is_tmux) in self.around.iter().zip([true, false]) {
            let mut inner = Vec::new();
            match layer {
                Some(layer) if is_tmux => layer.off(&mut inner),
                // The end of a string would end screen's own.
                Some(layer) => layer.switch_off(&mut inner),
                None => {}
            }
            if inner.is_empty() {
                continue;
            }
            off.extend_from_slice(b"\x1bP");
            if is_tmux {
                off.extend_from_slice(TMUX);
            }
            wrap(&inner, is_tmux, off);
            off.extend_from_slice(b"\x1b\\");
        }
        off.extend_from_slice(self.modes.off().as_bytes());
    }

    /// Whether the whole screen is a program's at the moment.
    pub(in super::super) fn has_screen(&self) -> bool {
        self.modes.has_screen() || self.around.iter().flatten().any(|layer| layer.has_screen())
    }

    /// Whether the terminal may send something by itself.
    pub(in super::super) fn reports(&self) -> bool {
        self.modes.reports() || self.around.iter().flatten().any(|layer| layer.reports())
    }
}
