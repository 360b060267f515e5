//! The console: its modes and size, and a few bytes for it.
//! Modes belong to the console, not to a process, so that whatever is changed is given back.

use std::io::{self, IsTerminal as _};
use std::os::windows::io::{AsHandle as _, AsRawHandle as _, BorrowedHandle, OwnedHandle};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use windows_sys::Win32::System::Console::{
    DISABLE_NEWLINE_AUTO_RETURN, ENABLE_ECHO_INPUT, ENABLE_LINE_INPUT, ENABLE_PROCESSED_INPUT,
    ENABLE_PROCESSED_OUTPUT, ENABLE_VIRTUAL_TERMINAL_INPUT, ENABLE_VIRTUAL_TERMINAL_PROCESSING,
    ENABLE_WRAP_AT_EOL_OUTPUT,
};

use super::super::stream::{Size, Stream, Trouble};
use super::console;

/// How long a console that stands still is waited for.
const PATIENCE: Duration = Duration::from_millis(100);
/// How often the size is looked at.
/// The console tells of its buffer's size, and with many windows that is not the window's.
const LOOK: Duration = Duration::from_millis(250);

/// How many columns at the right stay free.
/// In the last one an older console begins the next line at once (Microsoft Learn, "SetConsoleMode
/// function", DISABLE_NEWLINE_AUTO_RETURN).
pub(crate) const FREE_COLUMNS: u16 = 1;

/// A duplicate of a standard stream's handle. A program without a console may have none.
pub(super) fn handle(stream: Stream) -> io::Result<OwnedHandle> {
    let (stdin, stdout, stderr) = (io::stdin(), io::stdout(), io::stderr());
    let handle = match stream {
        Stream::Input => stdin.as_handle(),
        Stream::Output => stdout.as_handle(),
        Stream::Error => stderr.as_handle(),
    };
    if handle.as_raw_handle().is_null() {
        return Err(io::ErrorKind::NotFound.into());
    }
    handle.try_clone_to_owned()
}

/// Whether the stream is a console.
pub(crate) fn is_terminal(stream: Stream) -> bool {
    handle(stream).is_ok_and(|handle| console::mode(handle.as_handle()).is_ok())
}

/// Whether the stream is a terminal that vendor-ssm cannot use as one.
/// Git Bash and Cygwin have windows of their own: to programs of Windows they are pipes, which std
/// knows by their names.
pub(crate) fn is_out_of_reach(stream: Stream) -> bool {
    let is_one = match stream {
        Stream::Input => io::stdin().is_terminal(),
        Stream::Output => io::stdout().is_terminal(),
        Stream::Error => io::stderr().is_terminal(),
    };
    is_one && !is_terminal(stream)
}

/// Why the terminal cannot be used as one.
pub(crate) fn trouble() -> Option<Trouble> {
    let streams = [Stream::Input, Stream::Output, Stream::Error];
    if streams.into_iter().any(is_terminal) {
        return match (takes_sequences(), obeys_sequences()) {
            (false, _) => Some(Trouble::Plain),
            (true, false) => Some(Trouble::Verbatim),
            (true, true) => None,
        };
    }
    let is_there = streams.into_iter().any(is_out_of_reach);
    is_there.then_some(Trouble::OutOfReach)
}

/// Whether the consoles among the outputs can be switched to control sequences.
/// Those before Windows 10 1607 cannot, nor can one with "Use legacy console" (Microsoft Learn,
/// "SetConsoleMode function").
fn takes_sequences() -> bool {
    is_each_output(|_| true)
}

/// Whether they also do what the sequences say.
fn obeys_sequences() -> bool {
    is_each_output(console::obeys_sequences)
}

fn is_each_output(so: impl Fn(BorrowedHandle<'_>) -> bool) -> bool {
    [Stream::Output, Stream::Error].into_iter().all(|stream| {
        let Some(kept) = Kept::of(stream) else {
            return true;
        };
        let is_so = kept.set(kept.found | SEQUENCES).is_ok() && so(kept.handle.as_handle());
        kept.give_back();
        is_so
    })
}

/// What an output needs for control sequences.
const SEQUENCES: u32 = ENABLE_VIRTUAL_TERMINAL_PROCESSING | ENABLE_PROCESSED_OUTPUT;

/// The outputs as the program was started with them; given back when this is dropped.
#[must_use]
pub(crate) struct Prepared(Vec<Kept>);

/// Has the consoles among the outputs take control sequences, if `obeys` says that they can.
/// `console` switches them on too, and never off.
pub(crate) fn prepare(obeys: bool) -> Prepared {
    let outputs = [Stream::Output, Stream::Error].into_iter();
    let kept: Vec<Kept> = outputs.filter_map(Kept::of).collect();
    for output in kept.iter().filter(|_| obeys) {
        let _ = output.set(output.found | SEQUENCES);
    }
    Prepared(kept)
}

impl Drop for Prepared {
    fn drop(&mut self) {
        // The first is given back last: both are likely the same console.
        for output in self.0.iter().rev() {
            output.give_back();
        }
    }
}

/// One console handle and the mode that it had.
struct Kept {
    handle: OwnedHandle,
    found: u32,
}

impl Kept {
    fn of(stream: Stream) -> Option<Self> {
        Self::new(handle(stream).ok()?).ok()
    }

    fn new(handle: OwnedHandle) -> io::Result<Self> {
        let found = console::mode(handle.as_handle())?;
        Ok(Self { handle, found })
    }

    fn set(&self, mode: u32) -> io::Result<()> {
        console::set_mode(self.handle.as_handle(), mode)
    }

    /// A console that has gone away needs no mode.
    fn give_back(&self) {
        let _ = self.set(self.found);
    }
}

/// A console's modes as they were, of its input and of standard output.
/// What the mouse does (ENABLE_QUICK_EDIT_MODE and its like) stays as the person has it.
pub(crate) struct Mode {
    input: Kept,
    output: Option<Kept>,
}

impl Mode {
    /// The mode of the console on stdin; `None` if stdin is not a console.
    pub(crate) fn of_input() -> Option<Self> {
        Some(Self {
            input: Kept::of(Stream::Input)?,
            output: Kept::of(Stream::Output),
        })
    }

    /// The mode of the console behind this handle.
    pub(super) fn of(input: BorrowedHandle<'_>) -> io::Result<Self> {
        Ok(Self {
            input: Kept::new(input.try_clone_to_owned()?)?,
            output: None,
        })
    }

    /// Raw: every key is for the remote side, and its output passes as it comes.
    /// A line feed does not begin a line. Ctrl-Break alone stays a signal; Windows allows no other.
    /// Errors: a console that takes no control sequences.
    pub(crate) fn raw(&self) -> io::Result<()> {
        let cooked = ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT | ENABLE_PROCESSED_INPUT;
        let input = self.input.found & !cooked | ENABLE_VIRTUAL_TERMINAL_INPUT;
        self.input.set(input).map_err(|_| too_old())?;
        let Some(output) = &self.output else {
            return Ok(());
        };
        let mode = output.found | SEQUENCES | ENABLE_WRAP_AT_EOL_OUTPUT;
        output
            .set(mode | DISABLE_NEWLINE_AUTO_RETURN)
            .or_else(|_| output.set(mode))
            .map_err(|_| too_old())
    }

    /// Here the plugin sets all that it needs.
    #[expect(
        clippy::unused_self,
        clippy::unnecessary_wraps,
        reason = "Unix has more to do"
    )]
    pub(crate) fn all_keys(&self) -> io::Result<()> {
        Ok(())
    }

    /// Single keys without echo. What was typed before is thrown away.
    /// Arrows stay keys, which is what `console` reads, and Ctrl-C stays a signal.
    pub(crate) fn single_keys(&self) -> io::Result<()> {
        let cooked = ENABLE_LINE_INPUT | ENABLE_ECHO_INPUT | ENABLE_VIRTUAL_TERMINAL_INPUT;
        self.input
            .set(self.input.found & !cooked | ENABLE_PROCESSED_INPUT)?;
        console::discard(self.input.handle.as_handle())
    }

    /// Lines that the console edits, shown while they are typed or not.
    /// A program before may have left the console without lines.
    pub(crate) fn lines(&self, is_shown: bool) -> io::Result<()> {
        let changed = ENABLE_VIRTUAL_TERMINAL_INPUT | ENABLE_ECHO_INPUT;
        let echo = if is_shown { ENABLE_ECHO_INPUT } else { 0 };
        self.input
            .set(self.input.found & !changed | ENABLE_LINE_INPUT | ENABLE_PROCESSED_INPUT | echo)
    }

    /// Gives the modes back. A console that has gone away takes none.
    pub(crate) fn give_back(&self) {
        self.input.give_back();
        if let Some(output) = &self.output {
            output.give_back();
        }
    }

    /// The same: here any process of the console may set its mode.
    pub(crate) fn give_back_in_foreground(&self) {
        self.give_back();
    }
}

fn too_old() -> io::Error {
    let trouble = Trouble::Plain;
    io::Error::new(
        io::ErrorKind::Unsupported,
        format!("{trouble}; {}", trouble.hint()),
    )
}

/// Throws away what was typed at the console on stdin and no program has read.
/// It may be answers to the remote side's questions, which a shell would take for commands.
pub(crate) fn discard_input() {
    if let Ok(stdin) = handle(Stream::Input) {
        let _ = console::discard(stdin.as_handle());
    }
}

/// The size of the console's window, if the stream is an output that a console has.
pub(crate) fn size(stream: Stream) -> Option<Size> {
    console::size(handle(stream).ok()?.as_handle()).ok()
}

/// Notices that the console's window has another size.
pub(crate) struct Resized {
    last: Option<Size>,
}

impl Resized {
    /// Notices from now on.
    pub(crate) fn new() -> Self {
        Self { last: now() }
    }

    /// Waits for another size. Cancel-safe.
    pub(crate) async fn next(&mut self) {
        loop {
            let found = now();
            if found.is_some() && found != self.last {
                self.last = found;
                return;
            }
            tokio::time::sleep(LOOK).await;
        }
    }
}

fn now() -> Option<Size> {
    size(Stream::Output).or_else(|| size(Stream::Error))
}

/// Writes to the console, unless that would block: a person may be selecting text.
/// What is not written by then may still be, or ends with the process.
pub(crate) fn write_at_once(stream: Stream, bytes: &[u8]) -> bool {
    let Ok(handle) = handle(stream) else {
        return false;
    };
    let text = String::from_utf8_lossy(bytes).into_owned();
    let (done, written) = mpsc::channel();
    let writing = thread::Builder::new().spawn(move || {
        let _ = done.send(console::write(handle.as_handle(), &text).is_ok());
    });
    writing.is_ok() && written.recv_timeout(PATIENCE) == Ok(true)
}
