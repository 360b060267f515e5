//! The connections of one session: read in turn, and all they hold together is bounded.
//!
//! smux version 1 cannot stop a single stream. While more than the bound waits for this machine's
//! programs, nothing is taken from the far side at all. If one of several connections stands still,
//! it is dropped, so that it blocks the others no longer than [`PATIENCE`].

use std::collections::BTreeMap;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use super::connection::{Connection, Happened};

/// The most bytes that may wait to be taken by local programs:
/// as many as smux's own receive buffer holds for a session.
const MOST_WAITING: usize = 4 << 20;
/// How long a connection that takes nothing may hold up the others.
const PATIENCE: Duration = Duration::from_secs(10);
/// The most that is read at once, so that the busiest connection does not keep the others waiting.
const READ: usize = 16 << 10;

/// The open connections, by stream.
pub(crate) struct Connections {
    by_stream: BTreeMap<u32, Connection>,
    /// The one that was read last: the next in order comes before it.
    last: u32,
    scratch: Vec<u8>,
}

impl Connections {
    pub(crate) fn new() -> Self {
        Self {
            by_stream: BTreeMap::new(),
            last: 0,
            scratch: vec![0; READ],
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.by_stream.is_empty()
    }

    pub(crate) fn add(&mut self, stream: u32, connection: Connection) {
        self.by_stream.insert(stream, connection);
    }

    /// The connection of a stream, unless it is over.
    pub(crate) fn of(&mut self, stream: u32) -> Option<&mut Connection> {
        self.by_stream.get_mut(&stream)
    }

    pub(crate) fn remove(&mut self, stream: u32) -> Option<Connection> {
        self.by_stream.remove(&stream)
    }

    /// Closes all of them with a reset, so that no program takes the part for the whole.
    pub(crate) fn reset(&mut self) {
        for connection in std::mem::take(&mut self.by_stream).into_values() {
            connection.reset();
        }
    }

    /// The far side has closed all of them.
    pub(crate) fn close(&mut self) {
        self.by_stream.values_mut().for_each(Connection::close);
    }

    /// Whether more may be taken from the far side.
    pub(crate) fn has_room(&self) -> bool {
        self.by_stream
            .values()
            .map(Connection::buffered)
            .sum::<usize>()
            < MOST_WAITING
    }

    /// The far side has taken the session's bytes up to this one.
    pub(crate) fn delivered(&mut self, last: u64, now: Instant) {
        for connection in self.by_stream.values_mut() {
            connection.delivered(last, now);
        }
    }

    /// The next of them that is to be given up, and when.
    pub(crate) fn deadline(&self) -> Option<(Instant, u32)> {
        let stuck = || {
            let stuck = |(stream, connection): (&u32, &Connection)| {
                Some((connection.stuck_since()? + PATIENCE, *stream))
            };
            self.by_stream.iter().filter_map(stuck).min()
        };
        let quiet =
            |(stream, connection): (&u32, &Connection)| Some((connection.deadline()?, *stream));
        let quiet = self.by_stream.iter().filter_map(quiet).min();
        let blocks_others = !self.has_room() && self.by_stream.len() > 1;
        blocks_others
            .then(stuck)
            .into_iter()
            .flatten()
            .chain(quiet)
            .min()
    }

    /// Writes what waits, reads if `may_read`, and waits for something to happen to one of them.
    /// Cancel-safe.
    pub(crate) fn poll(
        &mut self,
        cx: &mut Context<'_>,
        may_read: bool,
        now: Instant,
    ) -> Poll<(u32, Happened)> {
        let had_room = self.has_room();
        let last = self.last;
        let (mut before, mut turn): (Vec<_>, Vec<_>) = self
            .by_stream
            .iter_mut()
            .partition(|(stream, _)| **stream <= last);
        turn.append(&mut before);
        for (stream, connection) in turn {
            if let Poll::Ready(happened) = connection.poll(cx, may_read, &mut self.scratch, now) {
                self.last = *stream;
                return Poll::Ready((*stream, happened));
            }
        }
        // A write does not wake a connection that waits for room.
        if !had_room && self.has_room() {
            return Poll::Ready((last, Happened::Took));
        }
        Poll::Pending
    }
}
