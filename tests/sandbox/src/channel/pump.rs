//! The way of a command's output to the client, and who waits for the command's end.
//!
//! Written after amazon-ssm-agent's `shell.go`. Its pumps (`setupRoutineToWriteCmdPipelineOutput`)
//! ask whether the client is there before each read, and end for good if it is not. Then the pipe
//! has no reader left, and a command that fills it stands still.

use std::io::{self, Read};
use std::os::fd::{AsFd, BorrowedFd};
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::thread;
use std::time::Duration;

use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, WaitId, WaitIdOptions, waitid};

use super::message::{MAX_PAYLOAD, PayloadType};
use super::session::Session;
use super::stream;

/// How often a pump that waits for output looks whether its pipe was closed.
const LOOK: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 10_000_000,
};
/// How long bytes that the command has written may take to be read before the pipe is closed.
const LAST_BYTES: Duration = Duration::from_millis(50);

/// Who waits for a command's end, as Go's `exec.Cmd` allows it: once.
/// The agent does so in two places, and the second one gets an error for a status.
#[derive(Debug, Default)]
pub struct Waits {
    taken: AtomicBool,
    over: AtomicBool,
    closed: AtomicBool,
}

impl Waits {
    /// Whether this is the first to wait, who learns how the command ended.
    pub fn take(&self) -> bool {
        !self.taken.swap(true, SeqCst)
    }

    /// Whether the command's end was waited for by [`Waits::after_signal`].
    pub fn is_over(&self) -> bool {
        self.over.load(SeqCst)
    }

    /// What the agent does after it has sent a signal (`InputStreamMessageHandler` in
    /// `shell_unix.go`): it waits for the command's end, and takes no input meanwhile. The pipes
    /// are closed with it, though other processes may still have them open.
    /// `is_first`: whether this wait is the first one.
    pub fn after_signal(&self, pid: Pid, is_first: bool) {
        let ended = WaitIdOptions::EXITED | WaitIdOptions::NOWAIT;
        while matches!(waitid(WaitId::Pid(pid), ended), Err(Errno::INTR)) {}
        if is_first {
            thread::sleep(LAST_BYTES);
            self.closed.store(true, SeqCst);
        }
        self.over.store(true, SeqCst);
    }

    /// Waits for something to read. False: the pipe was closed.
    fn readable(&self, pipe: BorrowedFd<'_>) -> bool {
        loop {
            if self.closed.load(SeqCst) {
                return false;
            }
            let mut waiting = [PollFd::new(&pipe, PollFlags::IN)];
            match poll(&mut waiting, Some(&LOOK)) {
                Ok(0) | Err(Errno::INTR) => {}
                Ok(_) | Err(_) => return true,
            }
        }
    }
}

/// Sends what comes through a pipe, until it ends or the agent believes that its client is away.
pub fn pump_live(
    mut pipe: impl Read + AsFd,
    payload_type: PayloadType,
    prefix: &[u8],
    session: &Session,
    waits: &Waits,
) -> impl Sized {
    let mut held = Held::new(payload_type, prefix);
    while session.is_active() && waits.readable(pipe.as_fd()) && held.pass(&mut pipe, session) {}
    pipe
}

/// Sends all that can be read.
pub fn pump(mut from: impl Read, payload_type: PayloadType, session: &Session) {
    let mut held = Held::new(payload_type, b"");
    while held.pass(&mut from, session) {}
}

/// Bytes that were read and not yet sent.
/// The prefix comes before the first chunk and before one that follows a line's end.
struct Held<'a> {
    payload_type: PayloadType,
    prefix: &'a [u8],
    bytes: Vec<u8>,
    at_line_start: bool,
}

impl<'a> Held<'a> {
    fn new(payload_type: PayloadType, prefix: &'a [u8]) -> Self {
        Self {
            payload_type,
            prefix,
            bytes: Vec::with_capacity(MAX_PAYLOAD),
            at_line_start: true,
        }
    }

    /// Reads once, and sends what is whole. False: the pipe or the session has ended.
    fn pass(&mut self, from: &mut impl Read, session: &Session) -> bool {
        let mut buffer = [0; MAX_PAYLOAD];
        let room = MAX_PAYLOAD - self.prefix.len() - self.bytes.len().min(3);
        match from.read(&mut buffer[..room]) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => true,
            Ok(0) | Err(_) => false,
            Ok(read) => {
                if self.at_line_start {
                    self.bytes.extend_from_slice(self.prefix);
                }
                self.at_line_start = buffer[read - 1] == b'\n';
                self.bytes.extend_from_slice(&buffer[..read]);
                let sent = stream::sendable(&self.bytes);
                if sent > 0 && !session.output_of(self.payload_type, &self.bytes[..sent]) {
                    return false;
                }
                self.bytes.drain(..sent);
                true
            }
        }
    }
}
