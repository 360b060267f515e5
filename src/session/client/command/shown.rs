//! The output of one command where it is shown on a terminal.
//! It passes as a session's does; elsewhere its bytes stay as they came.

use std::cell::RefCell;

use crate::channel::Bytes;
use crate::os::Os;
use crate::platform::stream::Stream as Standard;
use crate::platform::terminal::{discard_input, write_at_once};
use crate::session::terminal::output::{ANSWERS, Output};
use crate::settings::Terminal;

use super::piece::{Piece, Stream};

/// The terminal that a command's output goes to.
pub(crate) struct Shown {
    /// Whether standard output and standard error are terminals.
    /// Both are likely the same one: a sequence may begin in one stream and end in the other.
    terminals: [bool; 2],
    is_keyboard: bool,
    output: RefCell<Output>,
}

impl Shown {
    pub(crate) fn new(os: &Os, terminal: Terminal) -> Self {
        Self {
            terminals: [os.stdout_terminal, os.stderr_terminal],
            is_keyboard: os.stdin_terminal,
            output: RefCell::new(Output::new(terminal, os)),
        }
    }

    /// What of a piece is to be written.
    pub(crate) fn take(&self, piece: Piece) -> Vec<(Stream, Bytes)> {
        let mut bytes = piece.bytes;
        if self.terminals[piece.stream as usize] {
            bytes = self.output.borrow_mut().pass(bytes);
        }
        vec![(piece.stream, bytes)]
    }

    /// Switches off what the output has switched on. What there is to say about the output.
    ///
    /// A command has no keyboard, so what a person types meanwhile is for the local shell. It is
    /// thrown away only if there may be answers to the command's questions among it.
    pub(crate) async fn leave(&self) -> Option<&'static str> {
        let (off, awaits_answers, notice) = {
            let mut output = self.output.borrow_mut();
            (output.off(), output.awaits_answers(), output.last_notice())
        };
        let [stdout, stderr] = self.terminals;
        if !off.is_empty() && stdout {
            write_at_once(Standard::Output, &off);
        } else if !off.is_empty() && stderr {
            write_at_once(Standard::Error, &off);
        }
        if self.is_keyboard && awaits_answers {
            tokio::time::sleep(ANSWERS).await;
            discard_input();
        }
        notice
    }
}
