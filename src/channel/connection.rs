//! One websocket of a session: frames are written and read, and it is watched for life.

use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use futures_util::{Sink, Stream as _};
use tokio_tungstenite::tungstenite::{self, Bytes, Message};

use super::conversation::Conversation;
use super::lost::Lost;
use super::open::{Socket, keepalive};
use super::vigil::Vigil;

/// What the ping carries that asks whether the service is there.
/// Its pong carries the same (RFC 6455 section 5.5.3), so that no other pong is taken for it.
const QUESTION: &[u8] = b"still there?";

/// What was read.
pub(super) enum Read {
    /// A binary frame.
    Frame(Bytes),
    /// The answer to [`Connection::ask`].
    Answer,
}

/// A websocket that is open, or was when last used.
pub struct Connection {
    socket: Socket,
    vigil: Vigil,
    ping_due: bool,
    question_due: bool,
    /// Set once nothing can be written any more.
    /// What has already arrived is still read: it may be the end of the session.
    broken: Option<tungstenite::Error>,
}

impl Connection {
    /// Takes over a websocket that has just presented its token.
    pub(super) fn new(socket: Socket, now: Instant) -> Self {
        Self {
            socket,
            vigil: Vigil::new(now),
            ping_due: false,
            question_due: false,
            broken: None,
        }
    }

    /// Hands the socket all that it takes.
    /// It is flushed only when there is nothing left to read, so that a flood of output is not
    /// answered with a system call for each acknowledgement.
    pub(super) fn write(
        &mut self,
        cx: &mut Context<'_>,
        conversation: &mut Conversation,
        now: Instant,
    ) {
        while self.broken.is_none() {
            let written = match Pin::new(&mut self.socket).poll_ready(cx) {
                Poll::Pending => return,
                Poll::Ready(Err(error)) => Err(error),
                Poll::Ready(Ok(())) => {
                    let frame = if std::mem::take(&mut self.ping_due) {
                        keepalive()
                    } else if std::mem::take(&mut self.question_due) {
                        Message::Ping(Bytes::from_static(QUESTION))
                    } else if let Some(frame) = conversation.transmit(now) {
                        Message::Binary(frame)
                    } else {
                        return;
                    };
                    Pin::new(&mut self.socket).start_send(frame)
                }
            };
            self.broken = written.err();
        }
    }

    /// Asks the service whether it is there. What it had to hand on before comes before its answer.
    pub(super) fn ask(&mut self) {
        self.question_due = true;
    }

    /// The next binary frame, or the answer to a question.
    pub(super) fn poll_read(
        &mut self,
        cx: &mut Context<'_>,
        now: Instant,
    ) -> Poll<Result<Read, Lost>> {
        loop {
            let read = ready!(Pin::new(&mut self.socket).poll_next(cx));
            self.vigil.heard(now);
            return Poll::Ready(match read {
                Some(Ok(Message::Binary(frame))) => Ok(Read::Frame(frame)),
                Some(Ok(Message::Pong(data))) if data == QUESTION => Ok(Read::Answer),
                Some(Ok(Message::Close(close))) => {
                    let (code, reason) = close
                        .map(|close| (close.code.into(), close.reason.to_string()))
                        .unzip();
                    Err(Lost::Closed {
                        code,
                        reason: reason.unwrap_or_default(),
                    })
                }
                // Pings are answered by the library; text means nothing here.
                Some(Ok(_)) => continue,
                Some(Err(error)) => Err(Lost::Broken(self.broken.take().unwrap_or(error))),
                None => Err(self.broken.take().map_or_else(Lost::closed, Lost::Broken)),
            });
        }
    }

    /// Writes out what was handed over, as far as it goes.
    /// With nothing left to read, a connection that takes nothing is lost.
    pub(super) fn flush(&mut self, cx: &mut Context<'_>) -> Result<(), Lost> {
        if self.broken.is_none()
            && let Poll::Ready(Err(error)) = Pin::new(&mut self.socket).poll_flush(cx)
        {
            self.broken = Some(error);
        }
        self.broken
            .take()
            .map_or(Ok(()), |error| Err(Lost::Broken(error)))
    }

    /// When [`Connection::wake`] is to be called.
    pub(super) fn deadline(&self) -> Instant {
        self.vigil.deadline()
    }

    /// Pings if it is time for it.
    /// To be called only with nothing left to read: what has come and was not read yet is a sign of
    /// life too.
    pub(super) fn wake(&mut self, now: Instant) -> Result<(), Lost> {
        self.ping_due |= self.vigil.wake(now).map_err(|_unheard| Lost::Unheard)?;
        Ok(())
    }

    /// Takes the time since the connection was last heard to be longer by this.
    #[cfg(test)]
    pub(super) fn age(&mut self, by: std::time::Duration) {
        self.vigil.age(by);
    }
}
