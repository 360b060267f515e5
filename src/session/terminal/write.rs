//! A few bytes for a terminal, at once or not at all.

use std::os::fd::BorrowedFd;

use rustix::event::{PollFd, PollFlags, Timespec, poll};

/// How long a terminal that stands still is waited for.
const PATIENCE: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 100_000_000,
};

/// Writes to the terminal, unless that would block: a terminal may stand still or be gone.
pub(crate) fn write(terminal: BorrowedFd<'_>, bytes: &[u8]) -> bool {
    let mut waiting = [PollFd::new(&terminal, PollFlags::OUT)];
    let ready = poll(&mut waiting, Some(&PATIENCE));
    matches!(ready, Ok(1..)) && rustix::io::write(terminal, bytes).is_ok()
}
