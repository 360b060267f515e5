//! The title of the terminal's window: kept, set, and given back.

use crate::os::Os;

use super::super::stream::Stream;
use super::terminal::write_at_once;

/// Has the terminal keep its window's title, and take it back.
/// Xterm control sequences, XTWINOPS 22 and 23.
const KEEP: &[u8] = b"\x1b[22;0t";
const BACK: &[u8] = b"\x1b[23;0t";
/// Sets no title. A terminal that keeps none must not go on to name a session that has ended.
const EMPTY: &[u8] = b"\x1b]0;\x07";
/// How the names of terminals begin that show the text of a title as output.
const WITHOUT: [&str; 6] = ["linux", "vt", "ansi", "cons", "eterm", "emacs"];

/// A window's title as it was; given back when this is dropped.
pub(crate) struct Title {
    terminal: Stream,
    is_kept: bool,
    is_set: bool,
}

impl Title {
    /// Keeps the title and sets another, if `TERM` has titles.
    /// The text must not have control characters.
    pub(crate) fn set(os: &Os, terminal: Stream, text: &str) -> Self {
        let term = os.var("TERM").unwrap_or("dumb");
        let is_kept = term != "dumb" && write_at_once(terminal, KEEP);
        let has_titles = !WITHOUT.iter().any(|without| term.starts_with(without));
        let command = format!("\x1b]0;{text}\x07");
        Self {
            terminal,
            is_kept,
            is_set: is_kept && has_titles && write_at_once(terminal, command.as_bytes()),
        }
    }

    /// Whether there is one to give back, so that the terminal takes control sequences.
    pub(crate) fn is_kept(&self) -> bool {
        self.is_kept
    }
}

impl Drop for Title {
    fn drop(&mut self) {
        if self.is_set {
            write_at_once(self.terminal, EMPTY);
        }
        if self.is_kept {
            write_at_once(self.terminal, BACK);
        }
    }
}
