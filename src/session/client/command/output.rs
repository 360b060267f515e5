//! What commands write, on its way to its reader: in order, never faster than it is taken.

use std::io;

use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::channel::Bytes;
use crate::session::terminal::screen::Screen;

/// How many pieces may wait to be taken; with more nothing is taken from the far side.
const WAITING: usize = 64;

/// One of a command's two streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Errors,
}

/// Bytes of one of a command's streams; empty at its end.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    /// Which of the commands it is, by its place in the order of the targets.
    pub command: usize,
    /// Which stream; at the end both are.
    pub stream: Stream,
    pub bytes: Bytes,
}

/// Where a command's output goes.
#[derive(Debug, Clone)]
pub(crate) struct Outlet {
    pub(crate) command: usize,
    pub(crate) pieces: Sender<Piece>,
    /// The most bytes that are taken of each stream; a command that writes more is cancelled.
    pub(crate) most: Option<usize>,
}

/// Where the outlets' pieces arrive.
#[derive(Debug)]
pub(crate) struct Pieces(Receiver<Piece>);

/// An outlet for each command, and where they lead.
/// Each takes this many bytes of each stream at most.
pub(crate) fn outlets(commands: usize, most: Option<usize>) -> (Vec<Outlet>, Pieces) {
    let (pieces, taken) = channel(WAITING);
    let outlets = (0..commands).map(|command| Outlet {
        command,
        pieces: pieces.clone(),
        most,
    });
    (outlets.collect(), Pieces(taken))
}

impl Pieces {
    /// The next piece; `None` once every outlet is closed.
    pub(crate) async fn next(&mut self) -> Option<Piece> {
        self.0.recv().await
    }

    /// Writes every piece to the stream of its kind, as `shown` has it, until all outlets close.
    /// An error means that the reader has left; it closes the outlets.
    pub(crate) async fn write(
        mut self,
        mut shown: impl FnMut(Piece) -> Vec<(Stream, Bytes)>,
    ) -> io::Result<()> {
        let mut screen = Screen::new()?;
        let mut waiting = Vec::new().into_iter();
        loop {
            while screen.has_room()
                && let Some((stream, bytes)) = waiting.next()
            {
                match stream {
                    Stream::Output => screen.write(bytes),
                    Stream::Errors => screen.write_error(bytes),
                }
            }
            tokio::select! {
                piece = self.0.recv(), if screen.has_room() => match piece {
                    Some(piece) => waiting = shown(piece).into_iter(),
                    None => return screen.drain().await,
                },
                written = screen.progress(), if screen.is_busy() => written?,
            }
        }
    }
}
