//! Where the output of commands goes: an outlet for each command, and the pieces for their reader.

use std::collections::VecDeque;
use std::future::poll_fn;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll, ready};

use crate::channel::Bytes;
use crate::session::terminal::screen::Screen;

use super::ahead::{Ahead, Limits, Next, Unkept};
use super::piece::{Piece, Stream, Unpacking};
use super::spool::Reading;

/// Where a command's output goes. Dropping it ends the output.
#[derive(Debug)]
pub(crate) struct Outlet {
    command: usize,
    ahead: Rc<Ahead>,
    /// The most bytes that are taken of each stream; a command that writes more is cancelled.
    pub(crate) most: Option<usize>,
}

/// Where the outlets' pieces arrive. Dropping it means that the reader has left.
#[derive(Debug)]
pub(crate) struct Pieces {
    ahead: Rc<Ahead>,
    /// The block whose pieces are handed on, and the command that wrote them.
    current: Option<(usize, Unpacking)>,
    /// The next block, on its way back from a file.
    reading: Option<(usize, Reading)>,
}

/// An outlet for each command, and where they lead.
/// Each takes this many bytes of each stream at most. Temporary files are in `folder`.
pub(crate) fn outlets(
    commands: usize,
    most: Option<usize>,
    folder: &Path,
) -> (Vec<Outlet>, Pieces) {
    limited(commands, most, folder, Limits::USUAL)
}

fn limited(
    commands: usize,
    most: Option<usize>,
    folder: &Path,
    limits: Limits,
) -> (Vec<Outlet>, Pieces) {
    let ahead = Rc::new(Ahead::new(commands, limits, Arc::from(folder)));
    let outlets = (0..commands).map(|command| Outlet {
        command,
        ahead: Rc::clone(&ahead),
        most,
    });
    let outlets = outlets.collect();
    let pieces = Pieces {
        ahead,
        current: None,
        reading: None,
    };
    (outlets, pieces)
}

impl Outlet {
    /// Whether more may be taken from the far side.
    pub(crate) fn has_room(&self) -> bool {
        self.ahead.has_room(self.command)
    }

    /// Keeps these bytes for the reader. There should be [room](Self::has_room).
    pub(crate) fn give(&self, stream: Stream, bytes: &[u8]) {
        self.ahead.give(self.command, stream, bytes);
    }

    /// Waits for room.
    /// As long as there is room, only an error ends the wait: then nothing more is to be taken.
    /// Cancel-safe.
    pub(super) async fn room(&self) -> Result<(), Unkept> {
        poll_fn(|context| self.ahead.poll_room(self.command, context)).await
    }

    /// Ends the output. The reader still gets what came before, and then the end.
    pub(crate) fn end(&self) {
        self.ahead.end(self.command);
    }
}

impl Drop for Outlet {
    fn drop(&mut self) {
        self.end();
    }
}

impl Drop for Pieces {
    fn drop(&mut self) {
        self.ahead.close();
    }
}

impl Pieces {
    /// The next piece; `None` once every outlet has ended. Cancel-safe.
    pub(crate) async fn next(&mut self) -> Option<io::Result<Piece>> {
        poll_fn(|context| self.poll_next(context)).await
    }

    fn poll_next(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Piece>>> {
        loop {
            if let Some((command, block)) = &mut self.current {
                let command = *command;
                if let Some((stream, bytes)) = block.next() {
                    let piece = Piece {
                        command,
                        stream,
                        bytes,
                    };
                    return Poll::Ready(Some(Ok(piece)));
                }
                self.current = None;
            }
            if let Some((command, reading)) = &mut self.reading {
                let read = ready!(Pin::new(&mut reading.job).poll(context));
                self.ahead.free(*command, reading.place);
                let command = *command;
                self.reading = None;
                match read.unwrap_or_else(|error| Err(io::Error::other(error))) {
                    Ok(block) => self.current = Some((command, Unpacking::new(block))),
                    Err(error) => return Poll::Ready(Some(Err(error))),
                }
                continue;
            }
            match ready!(self.ahead.poll_next(context)) {
                Some(Next::Block(command, block)) => {
                    self.current = Some((command, Unpacking::new(block)));
                }
                Some(Next::Reading(command, reading)) => self.reading = Some((command, reading)),
                Some(Next::End(command)) => {
                    let end = Piece {
                        command,
                        stream: Stream::Output,
                        bytes: Bytes::new(),
                    };
                    return Poll::Ready(Some(Ok(end)));
                }
                None => return Poll::Ready(None),
            }
        }
    }

    /// Writes what `show` makes of the pieces, until all outlets and `show` have ended.
    /// A broken pipe means that the reader has left.
    pub(crate) async fn write(mut self, show: &mut impl Show) -> io::Result<()> {
        let mut screen = Screen::new()?;
        let mut waiting = VecDeque::new();
        let (mut has_ended, mut has_more) = (false, true);
        loop {
            while screen.has_room()
                && let Some((stream, bytes)) = waiting.pop_front()
            {
                match stream {
                    Stream::Output => screen.write(bytes),
                    Stream::Errors => screen.write_error(bytes),
                }
            }
            if has_ended && !has_more && waiting.is_empty() {
                return screen.drain().await;
            }
            tokio::select! {
                piece = self.next(), if screen.has_room() && !has_ended => match piece {
                    Some(piece) => waiting.extend(show.take(piece?).await),
                    None => has_ended = true,
                },
                more = show.more(), if screen.has_room() && has_more => match more {
                    Some(more) => waiting.extend(more),
                    None => has_more = false,
                },
                written = screen.progress(), if screen.is_busy() => written?,
            }
        }
    }
}

/// What is written, and to which stream.
pub(crate) type Written = Vec<(Stream, Bytes)>;

/// What decides how the output of commands is shown.
pub(crate) trait Show {
    /// What is to be written of a piece. An empty one is the end of its command's output.
    async fn take(&mut self, piece: Piece) -> Written;

    /// What is to be written beside the pieces; `None` at the end. Cancel-safe.
    async fn more(&mut self) -> Option<Written>;
}

#[cfg(test)]
mod tests;
