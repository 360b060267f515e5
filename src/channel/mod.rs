//! The client's side of Session Manager's data channel.
//!
//! It opens the websocket of a session that was started, and speaks the agent's protocol over it: numbered messages,
//! acknowledgements, retransmission, handshake. It knows nothing of settings, terminals or EC2, prints nothing, and
//! refuses sessions that need what it cannot do, KMS encryption and port forwarding among them.
//!
//! From the outside in: [`Channel`] drives a socket, a clock and a `conversation`; the conversation, the `flow` of
//! sequence numbers, the `handshake` and the `wire` format are pure.

mod conversation;
mod dial;
mod flow;
mod handshake;
mod open;
mod payload;
mod stream_url;
mod wire;

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant, SystemTime};

use futures_util::{Sink, Stream as _};
use thiserror::Error;
use tokio::time::Sleep;
use tokio_tungstenite::tungstenite::{self, Message};
use uuid::Uuid;

use conversation::{Conversation, PeerSilent};
use open::Socket;
use payload::Size;

pub use conversation::Event;
pub use dial::{DialError, Proxy};
pub use open::{Open, OpenError, Token};
pub use stream_url::StreamUrlRefused;
pub use tungstenite::Bytes;

/// How often the connection is pinged, as the plugin does.
const KEEPALIVE: Duration = Duration::from_mins(5);

/// With more frames than this waiting to be written nothing is read: a far side that does not take acknowledgements
/// gets no more of them.
const MOST_URGENT: usize = 4096;

/// A live data channel.
///
/// All work is done inside [`Channel::next`], which is to be polled for as long as the channel is held; the other methods
/// only take notes and return at once. A loop over `select!` can therefore mix it freely with keyboard, size and signals:
///
/// ```text
/// loop {
///     tokio::select! {
///         event = channel.next() => …,
///         read = stdin.read(&mut buffer[..channel.room().min(1024)]), if channel.room() > 0 => channel.send(…),
///         _ = resized.recv() => channel.resize(cols, rows),
///     }
/// }
/// ```
pub struct Channel {
    socket: Socket,
    conversation: Conversation,
    timer: Pin<Box<Sleep>>,
    ping_at: Instant,
    ping_due: bool,
    /// Set once nothing can be written any more. What has already arrived is still read: it may be the end of the session.
    broken: Option<tungstenite::Error>,
}

/// The connection ended and the session did not.
#[derive(Debug, Error)]
pub enum Lost {
    /// The far side closed it.
    #[error("the connection was closed{}", close_text(*code, reason))]
    Closed {
        /// The websocket close code (RFC 6455 section 7.4), if a close frame came at all.
        code: Option<u16>,
        /// The text with it. Hostile.
        reason: String,
    },
    /// It broke, or carried what is no websocket.
    #[error("the connection broke")]
    Broken(#[source] tungstenite::Error),
    /// It stands, but nothing sent over it is acknowledged.
    #[error("the far side has acknowledged nothing for {} s", flow::PEER_SILENT_AFTER.as_secs())]
    PeerSilent,
}

fn close_text(code: Option<u16>, reason: &str) -> String {
    match code {
        None => String::new(),
        Some(code) if reason.is_empty() => format!(" with code {code}"),
        Some(code) => format!(" with code {code}: {}", reason.escape_debug()),
    }
}

/// Connects to a session's data channel and presents its token. 15 seconds at most.
pub async fn open(open: &Open<'_>) -> Result<Channel, OpenError> {
    let socket = open::connect(open, Uuid::new_v4()).await?;
    Ok(Channel::over(socket, open.now))
}

impl Channel {
    fn over(socket: Socket, time: SystemTime) -> Self {
        let now = Instant::now();
        let ping_at = now + KEEPALIVE;
        Self {
            socket,
            conversation: Conversation::new(now, time),
            timer: Box::pin(tokio::time::sleep_until(ping_at.into())),
            ping_at,
            ping_due: false,
            broken: None,
        }
    }

    /// Waits for what happens next, and meanwhile writes, acknowledges, repeats and pings. Can be dropped and called anew
    /// at any time without losing anything.
    ///
    /// After [`Event::Closed`] or an error there is nothing more to wait for.
    pub async fn next(&mut self) -> Result<Event, Lost> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    /// How many bytes [`Channel::send`] takes now. It can grow with [`Event::Acknowledged`], with the first
    /// [`Event::Output`] and with [`Event::HandshakeComplete`].
    pub fn room(&self) -> usize {
        self.conversation.room()
    }

    /// Takes input as it is, no more than there is [room](Channel::room) for, and says how many bytes it took. Input from
    /// before the session begins waits until it does, for the agent would throw it away.
    pub fn send(&mut self, data: &[u8]) -> usize {
        self.conversation.send(data)
    }

    /// Tells the far side the size of the terminal in cells. To be called once after opening too: the acknowledgement
    /// shows that somebody is there, and the size is repeated when the session begins.
    pub fn resize(&mut self, cols: u16, rows: u16) {
        self.conversation.resize(Size { cols, rows });
    }

    /// Whether anything at all was heard from the far side: output, handshake, an acknowledgement, the end.
    pub fn has_heard(&self) -> bool {
        self.conversation.has_heard()
    }

    /// Whether everything that was to be sent has been acknowledged; becomes true with an [`Event::Acknowledged`].
    pub fn is_flushed(&self) -> bool {
        self.conversation.is_flushed()
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Result<Event, Lost>> {
        loop {
            if let Some(event) = self.conversation.event() {
                return Poll::Ready(Ok(event));
            }
            let now = Instant::now();
            self.write(cx, now);
            if self.timer_fired(cx)? {
                continue;
            }
            if self.conversation.urgent() < MOST_URGENT {
                match Pin::new(&mut self.socket).poll_next(cx) {
                    Poll::Ready(Some(Ok(Message::Binary(frame)))) => {
                        self.conversation.receive(&frame, now);
                        continue;
                    }
                    Poll::Ready(Some(Ok(Message::Close(close)))) => {
                        let (code, reason) = close
                            .map(|close| (close.code.into(), close.reason.to_string()))
                            .unzip();
                        return Poll::Ready(Err(Lost::Closed {
                            code,
                            reason: reason.unwrap_or_default(),
                        }));
                    }
                    // Pings are answered by the library; text means nothing here.
                    Poll::Ready(Some(Ok(_))) => continue,
                    Poll::Ready(Some(Err(error))) => {
                        return Poll::Ready(Err(Lost::Broken(self.broken.take().unwrap_or(error))));
                    }
                    Poll::Ready(None) => {
                        let closed = Lost::Closed {
                            code: None,
                            reason: String::new(),
                        };
                        return Poll::Ready(Err(self.broken.take().map_or(closed, Lost::Broken)));
                    }
                    Poll::Pending => {}
                }
            }
            if self.broken.is_none()
                && let Poll::Ready(Err(error)) = Pin::new(&mut self.socket).poll_flush(cx)
            {
                self.broken = Some(error);
            }
            return match self.broken.take() {
                Some(error) => Poll::Ready(Err(Lost::Broken(error))),
                None => Poll::Pending,
            };
        }
    }

    /// Hands the socket all that it takes. It is flushed only when there is nothing left to read, so that a flood of
    /// output is not answered with a system call for each acknowledgement.
    fn write(&mut self, cx: &mut Context<'_>, now: Instant) {
        while self.broken.is_none() {
            let written = match Pin::new(&mut self.socket).poll_ready(cx) {
                Poll::Pending => return,
                Poll::Ready(Err(error)) => Err(error),
                Poll::Ready(Ok(())) => {
                    let Some(frame) = self.next_frame(now) else {
                        return;
                    };
                    Pin::new(&mut self.socket).start_send(frame)
                }
            };
            self.broken = written.err();
        }
    }

    fn next_frame(&mut self, now: Instant) -> Option<Message> {
        if std::mem::take(&mut self.ping_due) {
            return Some(open::keepalive());
        }
        self.conversation.transmit(now).map(Message::Binary)
    }

    /// True when it was time for something, which is then ready to be written.
    fn timer_fired(&mut self, cx: &mut Context<'_>) -> Result<bool, Lost> {
        let deadline = self
            .conversation
            .deadline()
            .map_or(self.ping_at, |deadline| deadline.min(self.ping_at))
            .into();
        if self.timer.deadline() != deadline {
            self.timer.as_mut().reset(deadline);
        }
        if self.timer.as_mut().poll(cx).is_pending() {
            return Ok(false);
        }
        let now = Instant::now();
        if now >= self.ping_at {
            self.ping_at = now + KEEPALIVE;
            self.ping_due = true;
        }
        self.conversation
            .wake(now)
            .map_err(|PeerSilent| Lost::PeerSilent)?;
        Ok(true)
    }
}

#[cfg(test)]
mod tests;
