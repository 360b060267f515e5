//! The terminal: its modes, size and window's title, and a few bytes for it.

use std::io::{self, IsTerminal as _};
use std::os::fd::{AsFd as _, BorrowedFd, OwnedFd};
use std::time::Duration;

use rustix::termios::{
    InputModes, LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcgetpgrp,
    tcgetwinsize, tcsetattr,
};
use tokio::signal::unix::{Signal, SignalKind, signal};

use super::super::stream::{Size, Stream, Trouble};
use super::input::descriptor;
use super::ready::has_room;

/// How long a terminal that stands still is waited for.
const PATIENCE: Duration = Duration::from_millis(100);

/// How many columns at the right stay free.
pub(crate) const FREE_COLUMNS: u16 = 0;

/// Whether the stream is a terminal.
pub(crate) fn is_terminal(stream: Stream) -> bool {
    descriptor(stream).is_terminal()
}

/// Whether the stream is a terminal that vendor-ssm cannot use as one: only Windows has those.
pub(crate) fn is_out_of_reach(_: Stream) -> bool {
    false
}

/// Why the terminal cannot be used as one. Here each can.
pub(crate) fn trouble() -> Option<Trouble> {
    None
}

/// The terminal as the program was started with it; given back when this is dropped.
#[must_use]
pub(crate) struct Prepared;

/// Has the terminal take control sequences. Here it does so by itself.
pub(crate) fn prepare(_: bool) -> Prepared {
    Prepared
}

/// A terminal's mode as it was, and the terminal.
pub(crate) struct Mode {
    terminal: OwnedFd,
    found: Termios,
}

impl Mode {
    /// The mode of the terminal on stdin; `None` if stdin is not a terminal.
    pub(crate) fn of_input() -> Option<Self> {
        Self::of(rustix::stdio::stdin()).ok()
    }

    pub(super) fn of(terminal: BorrowedFd<'_>) -> io::Result<Self> {
        Ok(Self {
            found: tcgetattr(terminal)?,
            terminal: terminal.try_clone_to_owned()?,
        })
    }

    /// Raw: every key is a byte for the remote side, signals and flow control included.
    pub(crate) fn raw(&self) -> io::Result<()> {
        self.set(OptionalActions::Now, Termios::make_raw)
    }

    /// Ctrl-S, Ctrl-Q and Ctrl-V are bytes for a program on this terminal; all else stays.
    /// Flow control (IXON) and the extended keys (IEXTEN) are off, see termios(3). The plugin
    /// switches off only ICANON and ECHO, and needs ISIG to hear Ctrl-C.
    pub(crate) fn all_keys(&self) -> io::Result<()> {
        self.set(OptionalActions::Now, |mode| {
            mode.input_modes -= InputModes::IXON;
            mode.local_modes -= LocalModes::IEXTEN;
        })
    }

    /// Single keys without echo. What was typed before is thrown away.
    pub(crate) fn single_keys(&self) -> io::Result<()> {
        self.set(OptionalActions::Flush, |mode| {
            mode.local_modes -= LocalModes::ECHO | LocalModes::ICANON;
        })
    }

    /// Lines that the terminal edits, shown while they are typed or not.
    pub(crate) fn lines(&self, is_shown: bool) -> io::Result<()> {
        if is_shown {
            return Ok(());
        }
        self.set(OptionalActions::Now, |mode| {
            mode.local_modes -= LocalModes::ECHO;
        })
    }

    /// Gives the mode back.
    /// Not drained first: a terminal that stands still would block vendor-ssm. One that was hung up
    /// takes none.
    pub(crate) fn give_back(&self) {
        let _ = tcsetattr(&self.terminal, OptionalActions::Now, &self.found);
    }

    /// Gives the mode back if the terminal is this program's.
    /// In the background, the kernel would stop vendor-ssm for it (termios(3), SIGTTOU).
    pub(crate) fn give_back_in_foreground(&self) {
        if is_in_foreground(self.terminal.as_fd()) {
            self.give_back();
        }
    }

    fn set(&self, when: OptionalActions, change: impl FnOnce(&mut Termios)) -> io::Result<()> {
        let mut mode = self.found.clone();
        change(&mut mode);
        Ok(tcsetattr(&self.terminal, when, &mode)?)
    }
}

fn is_in_foreground(terminal: BorrowedFd<'_>) -> bool {
    tcgetpgrp(terminal).is_ok_and(|group| group == rustix::process::getpgrp())
}

/// Throws away what the terminal on stdin has sent and no program has read.
/// It may be answers to the remote side's questions, which a shell would take for commands.
pub(crate) fn discard_input() {
    let stdin = rustix::stdio::stdin();
    // In the background, the kernel would stop vendor-ssm for it (tcflush(3), SIGTTOU).
    if is_in_foreground(stdin) {
        let _ = tcflush(stdin, QueueSelector::IFlush);
    }
}

/// The size of the terminal that a stream is, if it is one and knows it.
pub(crate) fn size(stream: Stream) -> Option<Size> {
    let found = tcgetwinsize(descriptor(stream)).ok()?;
    (found.ws_col > 0 && found.ws_row > 0).then_some(Size {
        cols: found.ws_col,
        rows: found.ws_row,
    })
}

/// Notices that the terminal has another size (SIGWINCH, signal(7)).
pub(crate) struct Resized(Option<Signal>);

impl Resized {
    /// Notices from now on.
    pub(crate) fn new() -> Self {
        Self(signal(SignalKind::window_change()).ok())
    }

    /// Waits for another size. Cancel-safe.
    pub(crate) async fn next(&mut self) {
        match &mut self.0 {
            Some(resized) => drop(resized.recv().await),
            None => std::future::pending().await,
        }
    }
}

/// Writes to the terminal, unless that would block: a terminal may stand still or be gone.
pub(crate) fn write_at_once(stream: Stream, bytes: &[u8]) -> bool {
    let terminal = descriptor(stream);
    has_room(terminal, PATIENCE) && rustix::io::write(terminal, bytes).is_ok()
}
