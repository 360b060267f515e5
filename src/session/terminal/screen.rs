//! Standard output, and standard error in order with it, written without blocking the runtime.
//! A thread writes, so that a slow reader (a paused pager, a terminal that is scrolled back) keeps
//! no signal from vendor-ssm.

use std::io;
use std::thread;

use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::channel::Bytes;
use crate::platform::input::Writer;
use crate::platform::stream::Stream;

/// How many pieces of output may wait to be written; with more nothing is taken from the far side.
const WAITING: usize = 64;
/// Their bytes: agents send a kilobyte at once, but only the size of a frame bounds a piece.
const WAITING_BYTES: usize = 1 << 20;

/// What is to be written, and whether to standard error.
type Piece = (Bytes, bool);

/// Writes to standard output and standard error, in order.
pub(crate) struct Screen {
    pieces: Sender<Piece>,
    /// How many pieces and bytes each write took.
    written: Receiver<io::Result<(usize, usize)>>,
    waiting: usize,
    waiting_bytes: usize,
}

impl Screen {
    /// Starts the thread.
    pub(crate) fn new() -> io::Result<Self> {
        let (pieces, mut taken) = channel::<Piece>(WAITING);
        let (done, written) = channel(WAITING);
        thread::Builder::new()
            .name("stdout".to_owned())
            .spawn(move || {
                let mut stdout = Writer::new(Stream::Output);
                let mut stderr = Writer::new(Stream::Error);
                let mut other = None;
                while let Some((first, is_error)) = other.take().or_else(|| taken.blocking_recv()) {
                    let mut bytes = first.to_vec();
                    let mut count = 1;
                    while let Ok(next) = taken.try_recv() {
                        if next.1 != is_error {
                            other = Some(next);
                            break;
                        }
                        bytes.extend_from_slice(&next.0);
                        count += 1;
                    }
                    let written = if is_error {
                        stderr.write(&bytes)
                    } else {
                        stdout.write(&bytes)
                    };
                    if done
                        .blocking_send(written.map(|()| (count, bytes.len())))
                        .is_err()
                    {
                        return;
                    }
                }
            })?;
        Ok(Self {
            pieces,
            written,
            waiting: 0,
            waiting_bytes: 0,
        })
    }

    /// Whether [`Screen::write`] may be called.
    pub(crate) fn has_room(&self) -> bool {
        self.waiting < WAITING && self.waiting_bytes < WAITING_BYTES
    }

    /// Whether something waits to be written.
    pub(crate) fn is_busy(&self) -> bool {
        self.waiting > 0
    }

    /// Has this written after all that came before. There has to be room.
    pub(crate) fn write(&mut self, bytes: Bytes) {
        self.send(bytes, false);
    }

    /// The same to standard error.
    pub(crate) fn write_error(&mut self, bytes: Bytes) {
        self.send(bytes, true);
    }

    fn send(&mut self, bytes: Bytes, is_error: bool) {
        let length = bytes.len();
        if self.pieces.try_send((bytes, is_error)).is_ok() {
            self.waiting += 1;
            self.waiting_bytes += length;
        }
    }

    /// Waits until something was written, for as long as something waits.
    /// Cancel-safe. An error is final.
    pub(crate) async fn progress(&mut self) -> io::Result<()> {
        let written = self.written.recv().await;
        let (count, bytes) = written.unwrap_or_else(|| Err(io::ErrorKind::BrokenPipe.into()))?;
        self.waiting -= count;
        self.waiting_bytes -= bytes;
        Ok(())
    }

    /// Waits until everything was written.
    pub(crate) async fn drain(&mut self) -> io::Result<()> {
        while self.is_busy() {
            self.progress().await?;
        }
        Ok(())
    }
}
