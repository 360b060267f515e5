//! Standard input, read with a stop, and standard output, written whole.

use std::io;
use std::os::fd::{BorrowedFd, OwnedFd};

use rustix::fs::{FileType, SeekFrom};
use rustix::io::Errno;
use rustix::pipe::pipe;

use super::super::stream::Stream;
use super::ready::{Ready, wait_for_input, wait_for_room};

/// A standard stream's descriptor.
pub(super) fn descriptor(stream: Stream) -> BorrowedFd<'static> {
    match stream {
        Stream::Input => rustix::stdio::stdin(),
        Stream::Output => rustix::stdio::stdout(),
        Stream::Error => rustix::stdio::stderr(),
    }
}

/// Reads standard input, until its [`Stopper`] is dropped.
pub(crate) struct Reader {
    stopped: OwnedFd,
}

/// Wakes the [`Reader`] when it is dropped.
pub(crate) struct Stopper {
    /// The pipe's other end: dropping it closes the pipe.
    _stop: OwnedFd,
}

/// A reader of standard input, and what stops it.
pub(crate) fn reader() -> io::Result<(Reader, Stopper)> {
    let (stopped, stop) = pipe()?;
    Ok((Reader { stopped }, Stopper { _stop: stop }))
}

impl Reader {
    /// Waits for input or the stop; `None` is the stop. No bytes are the end of input.
    pub(crate) fn read(&mut self, limit: usize) -> io::Result<Option<Vec<u8>>> {
        let stdin = rustix::stdio::stdin();
        let mut bytes = vec![0; limit];
        let length = loop {
            if wait_for_input(stdin, &self.stopped)? == Ready::Stopped {
                return Ok(None);
            }
            match rustix::io::read(stdin, &mut bytes) {
                Ok(length) => break length,
                // A signal came, or another process has read what was there.
                Err(Errno::INTR | Errno::AGAIN) => {}
                // A terminal that was hung up reads as an error; it is the end of input all the
                // same.
                Err(Errno::IO) => break 0,
                Err(error) => return Err(error.into()),
            }
        };
        bytes.truncate(length);
        Ok(Some(bytes))
    }
}

/// Writes to standard output or standard error.
pub(crate) struct Writer {
    stream: BorrowedFd<'static>,
}

impl Writer {
    /// For this stream.
    pub(crate) fn new(stream: Stream) -> Self {
        Self {
            stream: descriptor(stream),
        }
    }

    /// Writes all of it, however long that takes.
    pub(crate) fn write(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match rustix::io::write(self.stream, bytes) {
                Ok(length) => bytes = &bytes[length..],
                Err(Errno::INTR) => {}
                // Another process on the same terminal may have made it so.
                Err(Errno::AGAIN) => wait_for_room(self.stream),
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

/// Whether an error says that the terminal was hung up.
pub(crate) fn is_hung_up(error: &io::Error) -> bool {
    error.raw_os_error() == Some(Errno::IO.raw_os_error())
}

/// Whether standard input is a pipe or a file with unread data. It neither reads nor waits.
pub(crate) fn has_unread() -> bool {
    let stdin = rustix::stdio::stdin();
    let Ok(stat) = rustix::fs::fstat(stdin) else {
        return false;
    };
    match FileType::from_raw_mode(stat.st_mode) {
        FileType::Fifo | FileType::Socket => {
            rustix::io::ioctl_fionread(stdin).is_ok_and(|waiting| waiting > 0)
        }
        FileType::RegularFile => {
            let length = u64::try_from(stat.st_size).unwrap_or_default();
            rustix::fs::seek(stdin, SeekFrom::Current(0)).is_ok_and(|at| at < length)
        }
        _ => false,
    }
}

/// Whether another program reads standard output as it comes.
pub(crate) fn output_is_a_pipe() -> bool {
    rustix::fs::fstat(rustix::stdio::stdout()).is_ok_and(|stat| {
        let kind = FileType::from_raw_mode(stat.st_mode);
        matches!(kind, FileType::Fifo | FileType::Socket)
    })
}
