//! The terminal's mode and its window's title:
//! kept before anything can change them, given back on every path, a panic's among them.

use std::io;
use std::thread;

use crate::os::Os;
use crate::platform::stream::{Size, Stream};
use crate::platform::terminal::{self, Mode, discard_input, write_at_once};

use crate::session::terminal::reset::REST;
use crate::session::terminal::title::{self, Title};

/// The size to report if there is no terminal to measure, as the plugin does.
/// It is wide enough that nothing is broken into lines.
const UNMEASURED: Size = Size {
    cols: 300,
    rows: 100,
};

/// Stdin's mode and the title as they were; given back when this is dropped.
pub(crate) struct Saved {
    mode: Option<Mode>,
    title: Option<Title>,
}

impl Saved {
    /// Saves stdin's mode, if stdin is a terminal, and the title, if stdout is one that has titles.
    /// Sets `title` in its place.
    pub(crate) fn new(os: &Os, title: &str) -> Self {
        let mode = os.stdin_terminal.then(Mode::of_input).flatten();
        let title = os
            .stdout_terminal
            .then(|| title::set(os, Stream::Output, title));
        Self { mode, title }
    }

    /// Raw: every key is a byte for the remote side, signals and flow control included.
    pub(crate) fn raw(&self) -> io::Result<()> {
        self.mode.as_ref().map_or(Ok(()), Mode::raw)
    }

    /// Ctrl-S, Ctrl-Q and Ctrl-V are for the remote side; all else stays as it is.
    pub(crate) fn all_keys(&self) -> io::Result<()> {
        self.mode.as_ref().map_or(Ok(()), Mode::all_keys)
    }
}

impl Drop for Saved {
    fn drop(&mut self) {
        if let Some(title) = self.title.take() {
            if title.is_kept() && thread::panicking() {
                write_at_once(Stream::Output, REST);
            }
            drop(title);
        }
        if let Some(mode) = &self.mode {
            discard_input();
            mode.give_back();
        }
    }
}

/// The size of the terminal that output goes to, else of the one that input comes from.
pub(crate) fn size(os: &Os) -> Size {
    let measured =
        |is_terminal: bool, stream| is_terminal.then(|| terminal::size(stream)).flatten();
    measured(os.stdout_terminal, Stream::Output)
        .or_else(|| measured(os.stdin_terminal, Stream::Input))
        .unwrap_or(UNMEASURED)
}
