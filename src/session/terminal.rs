//! The terminal's mode: saved before anything can change it, given back on every path.

use std::io;

use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetwinsize, tcsetattr};

use crate::os::Os;

/// The size that is told where there is no terminal to measure, as the plugin does: wide enough that
/// nothing is broken into lines.
const UNMEASURED: Size = Size {
    cols: 300,
    rows: 100,
};

/// A terminal's size in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Size {
    pub cols: u16,
    pub rows: u16,
}

/// Stdin's mode as it was; given back when this is dropped.
pub(super) struct Saved {
    mode: Option<Termios>,
}

impl Saved {
    /// Saves stdin's mode, if stdin is a terminal.
    pub(super) fn new(os: &Os) -> Self {
        let mode = os
            .stdin_terminal
            .then(|| tcgetattr(rustix::stdio::stdin()).ok())
            .flatten();
        Self { mode }
    }

    /// Raw: every key is a byte for the remote side, signals and flow control included.
    pub(super) fn raw(&self) -> io::Result<()> {
        let Some(mut mode) = self.mode.clone() else {
            return Ok(());
        };
        mode.make_raw();
        Ok(tcsetattr(
            rustix::stdio::stdin(),
            OptionalActions::Now,
            &mode,
        )?)
    }

    /// Gives the saved mode back now.
    pub(super) fn restore(&self) {
        if let Some(mode) = &self.mode {
            // Not drained first: a terminal that stands still would keep us. One that was hung up takes none.
            let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, mode);
        }
    }
}

impl Drop for Saved {
    fn drop(&mut self) {
        self.restore();
    }
}

/// The size of the terminal that output goes to, else of the one that input comes from.
pub(super) fn size(os: &Os) -> Size {
    let measured = |size: rustix::termios::Winsize| {
        (size.ws_col > 0 && size.ws_row > 0).then_some(Size {
            cols: size.ws_col,
            rows: size.ws_row,
        })
    };
    let stdout = os
        .stdout_terminal
        .then(|| tcgetwinsize(rustix::stdio::stdout()).ok())
        .flatten();
    let stdin = os
        .stdin_terminal
        .then(|| tcgetwinsize(rustix::stdio::stdin()).ok())
        .flatten();
    stdout
        .and_then(measured)
        .or(stdin.and_then(measured))
        .unwrap_or(UNMEASURED)
}
