//! Standard input, read with a stop, and standard output, written whole.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, Write as _};
use std::os::windows::io::{AsHandle as _, OwnedHandle};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use windows_sys::Win32::Foundation::{
    ERROR_INVALID_HANDLE, ERROR_OPERATION_ABORTED, ERROR_PIPE_NOT_CONNECTED,
};
use windows_sys::Win32::System::Console::ENABLE_LINE_INPUT;

use super::super::keys;
use super::super::stream::Stream;
use super::super::text::{Shown, Typed};
use super::console;
use super::event::{Event, Thread};
use super::pipe::{Kind, kind, waiting};
use super::terminal::{handle, is_out_of_reach};

/// The most events of a console that are read at once.
const MOST_EVENTS: usize = 1024;
/// How often a read that has to stop is cancelled, and how long that is waited for each time.
const TRIES: u32 = 50;
const PAUSE: Duration = Duration::from_millis(1);

/// What a [`Reader`] and its [`Stopper`] share.
#[derive(Debug)]
struct Shared {
    stopped: Event,
    is_stopped: AtomicBool,
    /// Whether a read blocks that only cancelling ends.
    is_blocked: AtomicBool,
    /// The thread that reads.
    thread: Mutex<Option<Thread>>,
}

/// Reads standard input, until its [`Stopper`] is dropped.
pub(crate) struct Reader {
    shared: Arc<Shared>,
    typed: Typed,
    /// What was read and not asked for yet.
    ahead: Vec<u8>,
}

/// Stops the [`Reader`] when it is dropped. What was typed and not read stays.
pub(crate) struct Stopper(Arc<Shared>);

/// A reader of standard input, and what stops it.
pub(crate) fn reader() -> io::Result<(Reader, Stopper)> {
    let shared = Arc::new(Shared {
        stopped: Event::new()?,
        is_stopped: AtomicBool::new(false),
        is_blocked: AtomicBool::new(false),
        thread: Mutex::new(None),
    });
    let reader = Reader {
        shared: Arc::clone(&shared),
        typed: Typed::default(),
        ahead: Vec::new(),
    };
    Ok((reader, Stopper(shared)))
}

impl Drop for Stopper {
    fn drop(&mut self) {
        let shared = &self.0;
        shared.is_stopped.store(true, Ordering::SeqCst);
        shared.stopped.set();
        for _ in 0..TRIES {
            if !shared.is_blocked.load(Ordering::SeqCst) {
                return;
            }
            let thread = shared.thread.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(thread) = &*thread {
                thread.cancel_read();
            }
            drop(thread);
            thread::sleep(PAUSE);
        }
    }
}

impl Reader {
    /// Waits for input or the stop; `None` is the stop. No bytes are the end of input.
    pub(crate) fn read(&mut self, limit: usize) -> io::Result<Option<Vec<u8>>> {
        let Ok(stdin) = handle(Stream::Input) else {
            // There is no standard input.
            return Ok(Some(Vec::new()));
        };
        match console::mode(stdin.as_handle()) {
            Ok(mode) if mode & ENABLE_LINE_INPUT == 0 => self.keys(&stdin, limit),
            // std turns a line into UTF-8, and knows Ctrl-Z.
            Ok(_) => self.blocking(limit, |bytes| io::stdin().read(bytes)),
            Err(_) => {
                let mut file = File::from(stdin);
                self.blocking(limit, |bytes| file.read(bytes))
            }
        }
    }

    /// Keys as they are typed.
    fn keys(&mut self, stdin: &OwnedHandle, limit: usize) -> io::Result<Option<Vec<u8>>> {
        while self.ahead.is_empty() {
            if self.shared.stopped.wait_beside(stdin.as_handle())? {
                return Ok(None);
            }
            // Another process may have read what was there, and reading nothing would block.
            let there = console::waiting(stdin.as_handle())? as usize;
            if there == 0 {
                continue;
            }
            for key in console::keys(stdin.as_handle(), there.min(MOST_EVENTS))? {
                keys::take(key, &mut self.typed, &mut self.ahead);
            }
        }
        let length = self.ahead.len().min(limit);
        Ok(Some(self.ahead.drain(..length).collect()))
    }

    /// Bytes from a read that only cancelling stops.
    fn blocking(
        &mut self,
        limit: usize,
        read: impl FnOnce(&mut [u8]) -> io::Result<usize>,
    ) -> io::Result<Option<Vec<u8>>> {
        let shared = &self.shared;
        *shared.thread.lock().unwrap_or_else(PoisonError::into_inner) = Thread::current().ok();
        let mut bytes = vec![0; limit];
        shared.is_blocked.store(true, Ordering::SeqCst);
        let read = if shared.is_stopped.load(Ordering::SeqCst) {
            None
        } else {
            Some(read(&mut bytes))
        };
        shared.is_blocked.store(false, Ordering::SeqCst);
        let length = match read {
            None => return Ok(None),
            Some(Err(error)) if is(&error, ERROR_OPERATION_ABORTED) => return Ok(None),
            Some(read) => read?,
        };
        bytes.truncate(length);
        Ok(Some(bytes))
    }
}

fn is(error: &io::Error, code: u32) -> bool {
    error.raw_os_error().and_then(|raw| u32::try_from(raw).ok()) == Some(code)
}

/// Writes to standard output or standard error.
pub(crate) struct Writer(To);

enum To {
    /// There is no such stream, and what is for it is lost, as std has it.
    Nowhere,
    Console(OwnedHandle, Shown),
    File(File),
}

impl Writer {
    /// For this stream.
    pub(crate) fn new(stream: Stream) -> Self {
        let Ok(handle) = handle(stream) else {
            return Self(To::Nowhere);
        };
        Self(if console::mode(handle.as_handle()).is_ok() {
            To::Console(handle, Shown::default())
        } else {
            To::File(File::from(handle))
        })
    }

    /// Writes all of it, however long that takes.
    /// A console gets whole characters: the beginning of one waits for the rest.
    pub(crate) fn write(&mut self, bytes: &[u8]) -> io::Result<()> {
        match &mut self.0 {
            To::Nowhere => Ok(()),
            To::Console(handle, shown) => console::write(handle.as_handle(), &shown.take(bytes)),
            To::File(file) => file.write_all(bytes),
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        if let To::Console(handle, shown) = &mut self.0 {
            let _ = console::write(handle.as_handle(), &shown.rest());
        }
    }
}

/// Whether an error of standard output says that the console is gone.
/// A console and a pipe without a reader may give the same error.
pub(crate) fn is_hung_up(error: &io::Error) -> bool {
    let is_pipe = handle(Stream::Output).is_ok_and(|out| kind(out.as_handle()) == Kind::Pipe);
    is(error, ERROR_INVALID_HANDLE) || (is(error, ERROR_PIPE_NOT_CONNECTED) && !is_pipe)
}

/// Whether standard input is a pipe or a file with unread data. It neither reads nor waits.
pub(crate) fn has_unread() -> bool {
    let Ok(stdin) = handle(Stream::Input) else {
        return false;
    };
    match kind(stdin.as_handle()) {
        Kind::Pipe => !is_out_of_reach(Stream::Input) && waiting(stdin.as_handle()) > 0,
        Kind::File => {
            let mut file = File::from(stdin);
            let length = file.metadata().map_or(0, |found| found.len());
            file.stream_position().is_ok_and(|at| at < length)
        }
        Kind::Other => false,
    }
}

/// Whether another program reads standard output as it comes.
pub(crate) fn output_is_a_pipe() -> bool {
    handle(Stream::Output).is_ok_and(|stdout| kind(stdout.as_handle()) == Kind::Pipe)
}
