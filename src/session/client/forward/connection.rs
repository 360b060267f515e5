//! One connection of this machine, and what its stream on the far side has for it.
//!
//! The channel knows no half-close: the end of a stream closes it both ways. So when the local side
//! shuts its write side, that end waits until the far side has closed or has been quiet for a
//! while. Otherwise it would cut an answer.

use std::collections::VecDeque;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Duration, Instant};

use crate::channel::Bytes;
use tokio::io::{AsyncRead as _, AsyncWrite as _, ReadBuf};

use super::stream::Stream;

/// How long the far side is quiet before the local side's end is passed on to it.
pub(crate) const QUIET: Duration = Duration::from_secs(5);
/// How long a closed connection's local side may go on writing before it is reset.
const LINGER: Duration = Duration::from_secs(5);
/// The most memory that is kept for the next bytes once all are written.
const SPARE: usize = 64 << 10;

/// A connection and its state.
pub(crate) struct Connection {
    socket: Stream,
    /// What the socket has not taken yet: copied, since a slice keeps all that came with it.
    pending: VecDeque<u8>,
    /// When the socket last took something, or there was first something to take.
    moved: Instant,
    /// When the far side last sent something.
    heard: Option<Instant>,
    phase: Phase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// Both sides may write.
    Open,
    /// The local side has shut its write side, and the far side does not know yet.
    /// What was written before is still on its way, as far as this byte of the session.
    Delivering(u64),
    /// The far side has had all of it since then.
    Delivered(Instant),
    /// The far side has closed. What it sent is still written, then the socket is shut.
    Closing,
    /// The socket is shut; what the local side still writes is thrown away, until then.
    /// Were the socket closed at once, a reset could destroy what the local side has not read yet.
    Lingering(Instant),
}

/// What happened at the local side.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Happened {
    /// It wrote this, and it is not empty.
    Wrote(Bytes),
    /// It shut its write side.
    Shut,
    /// The connection is over and has to be dropped.
    Over,
    /// Enough was taken for more to be taken from the far side.
    Took,
}

impl Connection {
    pub(crate) fn new(socket: Stream, now: Instant) -> Self {
        socket.send_at_once();
        Self {
            socket,
            pending: VecDeque::new(),
            moved: now,
            heard: None,
            phase: Phase::Open,
        }
    }

    /// Has this written.
    pub(crate) fn write(&mut self, bytes: &[u8], now: Instant) {
        self.heard = Some(now);
        if self.pending.is_empty() {
            self.moved = now;
        }
        self.pending.extend(bytes);
    }

    /// The far side has closed.
    pub(crate) fn close(&mut self) {
        self.phase = Phase::Closing;
    }

    /// Closes it, so that the local side cannot take what it got for the whole if it is over TCP.
    pub(crate) fn reset(self) {
        self.socket.reset();
    }

    /// How many bytes wait to be taken.
    pub(crate) fn buffered(&self) -> usize {
        self.pending.len()
    }

    /// Since when the socket has taken nothing of what waits.
    pub(crate) fn stuck_since(&self) -> Option<Instant> {
        (!self.pending.is_empty()).then_some(self.moved)
    }

    /// Whether the far side has sent anything.
    pub(crate) fn was_answered(&self) -> bool {
        self.heard.is_some()
    }

    /// The local side has shut its write side; its last byte is this one of the session.
    pub(crate) fn shut(&mut self, last: u64) {
        self.phase = Phase::Delivering(last);
    }

    /// The far side has taken the session's bytes up to this one.
    pub(crate) fn delivered(&mut self, last: u64, now: Instant) {
        if matches!(self.phase, Phase::Delivering(own) if own <= last) {
            self.phase = Phase::Delivered(now);
        }
    }

    /// Nothing could be heard of the far side until now. False where that does not matter.
    pub(crate) fn postpone(&mut self, now: Instant) -> bool {
        let is_quiet = matches!(self.phase, Phase::Delivered(_));
        if is_quiet {
            self.phase = Phase::Delivered(now);
        }
        is_quiet
    }

    /// When it is over if nothing happens before.
    pub(crate) fn deadline(&self) -> Option<Instant> {
        match self.phase {
            Phase::Delivered(since) if self.pending.is_empty() => {
                Some(since.max(self.moved).max(self.heard.unwrap_or(since)) + QUIET)
            }
            Phase::Lingering(until) => Some(until),
            _ => None,
        }
    }

    /// Writes what waits and, if `may_read`, reads. `scratch` is read into.
    pub(crate) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        may_read: bool,
        scratch: &mut [u8],
        now: Instant,
    ) -> Poll<Happened> {
        match self.poll_write(cx, now) {
            Poll::Ready(Err(_)) => return Poll::Ready(Happened::Over),
            Poll::Ready(Ok(())) if self.phase == Phase::Closing => {
                if ready!(Pin::new(&mut self.socket).poll_shutdown(cx)).is_err() {
                    return Poll::Ready(Happened::Over);
                }
                self.phase = Phase::Lingering(now + LINGER);
            }
            Poll::Ready(Ok(())) | Poll::Pending => {}
        }
        match self.phase {
            Phase::Open if may_read => match ready!(self.poll_read(cx, scratch)) {
                Err(_) => Poll::Ready(Happened::Over),
                Ok(0) => Poll::Ready(Happened::Shut),
                Ok(length) => {
                    Poll::Ready(Happened::Wrote(Bytes::copy_from_slice(&scratch[..length])))
                }
            },
            Phase::Lingering(_) => loop {
                match ready!(self.poll_read(cx, scratch)) {
                    Err(_) | Ok(0) => return Poll::Ready(Happened::Over),
                    Ok(_) => {}
                }
            },
            _ => Poll::Pending,
        }
    }

    /// Ready when everything is written.
    fn poll_write(&mut self, cx: &mut Context<'_>, now: Instant) -> Poll<io::Result<()>> {
        while !self.pending.is_empty() {
            let (front, back) = self.pending.as_slices();
            let pieces = [IoSlice::new(front), IoSlice::new(back)];
            let length = ready!(Pin::new(&mut self.socket).poll_write_vectored(cx, &pieces))?;
            if length == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            self.moved = now;
            self.pending.drain(..length);
        }
        self.pending.shrink_to(SPARE);
        Poll::Ready(Ok(()))
    }

    fn poll_read(&mut self, cx: &mut Context<'_>, scratch: &mut [u8]) -> Poll<io::Result<usize>> {
        let mut buffer = ReadBuf::new(scratch);
        ready!(Pin::new(&mut self.socket).poll_read(cx, &mut buffer))?;
        Poll::Ready(Ok(buffer.filled().len()))
    }
}
