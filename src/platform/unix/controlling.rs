//! The terminal that a process belongs to, whatever its streams are.

use std::fs::File;
use std::io::{self, BufRead as _, BufReader, Write};
use std::os::fd::AsFd as _;

use crate::os::Os;

use super::terminal::Mode;

/// The controlling terminal; a daemon has none.
#[derive(Debug)]
pub(crate) struct Controlling(File);

/// Whether there is one that a person sees.
pub(crate) fn is_there(_: &Os) -> bool {
    Controlling::open().is_ok()
}

impl Controlling {
    /// Opens it, see tty(4).
    pub(crate) fn open() -> io::Result<Self> {
        let terminal = File::options().read(true).write(true).open("/dev/tty")?;
        Ok(Self(terminal))
    }

    /// What is written to it.
    pub(crate) fn screen(&self) -> io::Result<impl Write + Send + 'static> {
        self.0.try_clone()
    }

    /// Its mode.
    pub(crate) fn mode(&self) -> io::Result<Mode> {
        Mode::of(self.0.as_fd())
    }

    /// A line that is typed at it; no text is the end of input.
    pub(crate) fn line(self) -> io::Result<String> {
        let mut line = String::new();
        BufReader::new(self.0).read_line(&mut line)?;
        Ok(line)
    }
}
