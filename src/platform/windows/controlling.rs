//! The console that a process belongs to, whatever its streams are.

use std::fs::File;
use std::io::{self, Write};
use std::os::windows::io::AsHandle as _;

use crate::os::Os;

use super::super::stream::Stream;
use super::super::text::Shown;
use super::console;
use super::terminal::{Mode, is_out_of_reach};

/// The end of input that a person types at the beginning of a line: Ctrl-Z.
const END: u16 = 0x1a;
const LINE_FEED: u16 = 0x0a;

/// The console; a service has none.
#[derive(Debug)]
pub(crate) struct Controlling {
    keyboard: File,
    screen: File,
}

/// Whether there is one that a person sees.
///
/// Git Bash and Cygwin give each program a hidden console: a question there would wait for ever.
/// Their window, mintty, says its name to the programs in it. A program under winpty has a console
/// among its streams.
pub(crate) fn is_there(os: &Os) -> bool {
    let mut streams = [Stream::Input, Stream::Output, Stream::Error].into_iter();
    let is_seen = os.stdin_terminal || os.stdout_terminal || os.stderr_terminal;
    let is_mintty = os.var("TERM_PROGRAM") == Some("mintty");
    let is_hidden = streams.any(is_out_of_reach) || is_mintty && !is_seen;
    !is_hidden && Controlling::open().is_ok()
}

impl Controlling {
    /// Opens it (Microsoft Learn, "Console Handles").
    pub(crate) fn open() -> io::Result<Self> {
        let open = |name| File::options().read(true).write(true).open(name);
        Ok(Self {
            keyboard: open("CONIN$")?,
            screen: open("CONOUT$")?,
        })
    }

    /// What is written to it.
    pub(crate) fn screen(&self) -> io::Result<impl Write + Send + 'static> {
        Ok(Screen {
            console: self.screen.try_clone()?,
            text: Shown::default(),
        })
    }

    /// Its mode.
    pub(crate) fn mode(&self) -> io::Result<Mode> {
        Mode::of(self.keyboard.as_handle())
    }

    /// A line that is typed at it; no text is the end of input.
    pub(crate) fn line(self) -> io::Result<String> {
        let mut units = Vec::new();
        while !units.contains(&LINE_FEED) {
            let more = console::line(self.keyboard.as_handle())?;
            if units.is_empty() && more.first() == Some(&END) {
                break;
            }
            // Ctrl-C has ended it, and comes as a signal too: there is nothing more to wait for.
            if more.is_empty() {
                return Err(io::ErrorKind::Interrupted.into());
            }
            units.extend(more);
        }
        Ok(String::from_utf16_lossy(&units))
    }
}

/// Writes text as the console takes it.
struct Screen {
    console: File,
    text: Shown,
}

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        console::write(self.console.as_handle(), &self.text.take(bytes))?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}
