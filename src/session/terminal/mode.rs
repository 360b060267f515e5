//! The terminal's mode and its window's title:
//! kept before anything can change them, given back on every path, a panic's among them.

use std::io;
use std::thread;

use rustix::stdio::stdout;
use rustix::termios::{
    InputModes, LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcgetpgrp,
    tcgetwinsize, tcsetattr,
};

use crate::os::Os;

use crate::session::terminal::reset::REST;
use crate::session::terminal::title::Title;
use crate::session::terminal::write::write;

/// The size to report if there is no terminal to measure, as the plugin does.
/// It is wide enough that nothing is broken into lines.
const UNMEASURED: Size = Size {
    cols: 300,
    rows: 100,
};

/// A terminal's size in cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    pub cols: u16,
    pub rows: u16,
}

/// Stdin's mode and the title as they were; given back when this is dropped.
pub(crate) struct Saved {
    mode: Option<Termios>,
    title: Option<Title>,
}

impl Saved {
    /// Saves stdin's mode, if stdin is a terminal, and the title, if stdout is one that has titles.
    /// Sets `title` in its place.
    pub(crate) fn new(os: &Os, title: &str) -> Self {
        let mode = os
            .stdin_terminal
            .then(|| tcgetattr(rustix::stdio::stdin()).ok())
            .flatten();
        let title = os.stdout_terminal.then(|| Title::set(os, stdout(), title));
        Self { mode, title }
    }

    /// Raw: every key is a byte for the remote side, signals and flow control included.
    pub(crate) fn raw(&self) -> io::Result<()> {
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

    /// Ctrl-S, Ctrl-Q and Ctrl-V are bytes for the remote side; all else stays as it is.
    /// Flow control (IXON) and the extended keys (IEXTEN) are off, see termios(3). The plugin
    /// switches off only ICANON and ECHO, and needs ISIG to hear Ctrl-C.
    pub(crate) fn all_keys(&self) -> io::Result<()> {
        let Some(mut mode) = self.mode.clone() else {
            return Ok(());
        };
        mode.input_modes -= InputModes::IXON;
        mode.local_modes -= LocalModes::IEXTEN;
        Ok(tcsetattr(
            rustix::stdio::stdin(),
            OptionalActions::Now,
            &mode,
        )?)
    }
}

impl Drop for Saved {
    fn drop(&mut self) {
        if let Some(title) = self.title.take() {
            if title.is_kept() && thread::panicking() {
                write(stdout(), REST);
            }
            drop(title);
        }
        if let Some(mode) = &self.mode {
            discard_input();
            // Not drained first: a terminal that stands still would block vendor-ssm. One that was
            // hung up takes none.
            let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, mode);
        }
    }
}

/// Throws away what the terminal on stdin has sent and no program has read.
/// It may be answers to the remote side's questions, which a shell would take for commands.
pub(crate) fn discard_input() {
    let stdin = rustix::stdio::stdin();
    // In the background, the kernel would stop vendor-ssm for it (tcflush(3), SIGTTOU).
    if tcgetpgrp(stdin).is_ok_and(|group| group == rustix::process::getpgrp()) {
        let _ = tcflush(stdin, QueueSelector::IFlush);
    }
}

/// The size of the terminal that output goes to, else of the one that input comes from.
pub(crate) fn size(os: &Os) -> Size {
    let measured = |size: rustix::termios::Winsize| {
        (size.ws_col > 0 && size.ws_row > 0).then_some(Size {
            cols: size.ws_col,
            rows: size.ws_row,
        })
    };
    let output = os
        .stdout_terminal
        .then(|| tcgetwinsize(stdout()).ok())
        .flatten();
    let input = os
        .stdin_terminal
        .then(|| tcgetwinsize(rustix::stdio::stdin()).ok())
        .flatten();
    output
        .and_then(measured)
        .or(input.and_then(measured))
        .unwrap_or(UNMEASURED)
}
