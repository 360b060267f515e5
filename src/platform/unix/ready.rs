//! Waiting until a stream has input or room.
//! On macOS poll(2) fails on terminals. There the `poll` of `filedescriptor` waits, which is
//! select(2).

use std::io;
use std::os::fd::{AsFd, BorrowedFd, OwnedFd};
use std::time::Duration;

/// What a wait for input has found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ready {
    Input,
    Stopped,
}

/// Waits until there is input, or `stopped` is readable or closed.
pub(super) fn wait_for_input(input: BorrowedFd<'_>, stopped: &OwnedFd) -> io::Result<Ready> {
    let found = wait([(input, For::Input), (stopped.as_fd(), For::Input)], None)?;
    Ok(if found[1] {
        Ready::Stopped
    } else {
        Ready::Input
    })
}

/// Waits until the stream takes output. An error is left to the write that follows.
pub(super) fn wait_for_room(output: BorrowedFd<'_>) {
    let _ = wait([(output, For::Room)], None);
}

/// Whether the stream takes output within that time.
pub(super) fn has_room(output: BorrowedFd<'_>, patience: Duration) -> bool {
    wait([(output, For::Room)], Some(patience)).is_ok_and(|found| found[0])
}

/// What a stream is waited for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum For {
    Input,
    Room,
}

/// Which of the streams are ready; none when the time is over.
#[cfg(not(target_os = "macos"))]
fn wait<const N: usize>(
    streams: [(BorrowedFd<'_>, For); N],
    patience: Option<Duration>,
) -> io::Result<[bool; N]> {
    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::io::Errno;

    let patience = patience.map(Timespec::try_from).transpose();
    let patience = patience.map_err(|_| Errno::INVAL)?;
    let mut waiting = streams.map(|(stream, what)| {
        let flags = match what {
            For::Input => PollFlags::IN,
            For::Room => PollFlags::OUT,
        };
        PollFd::from_borrowed_fd(stream, flags)
    });
    loop {
        match poll(&mut waiting, patience.as_ref()) {
            Err(Errno::INTR) => {}
            Err(error) => return Err(error.into()),
            Ok(_) => return Ok(waiting.map(|waited| !waited.revents().is_empty())),
        }
    }
}

/// Which of the streams are ready; none when the time is over.
#[cfg(target_os = "macos")]
fn wait<const N: usize>(
    streams: [(BorrowedFd<'_>, For); N],
    patience: Option<Duration>,
) -> io::Result<[bool; N]> {
    use std::os::fd::AsRawFd as _;

    use filedescriptor::{Error, POLLIN, POLLOUT, poll, pollfd};

    let mut waiting = streams.map(|(stream, what)| pollfd {
        fd: stream.as_raw_fd(),
        events: match what {
            For::Input => POLLIN,
            For::Room => POLLOUT,
        },
        revents: 0,
    });
    loop {
        match poll(&mut waiting, patience) {
            Err(Error::Poll(error) | Error::Io(error))
                if error.kind() == io::ErrorKind::Interrupted => {}
            Err(Error::Poll(error) | Error::Io(error)) => return Err(error),
            Err(error) => return Err(io::Error::other(error)),
            Ok(_) => return Ok(waiting.map(|waited| waited.revents != 0)),
        }
    }
}
