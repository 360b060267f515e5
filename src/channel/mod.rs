//! The client's side of Session Manager's data channel.
//!
//! It opens the websocket of a session that was started, and speaks the agent's protocol over it:
//! numbered messages, acknowledgements, retransmission, handshake, encryption. It knows nothing of
//! settings, terminals or EC2, calls no AWS API, prints nothing, and refuses sessions of another
//! kind than it was opened for.
//!
//! From the outside in: [`Channel`] drives a `connection`, a clock and a `conversation`. The
//! conversation, the `flow` of sequence numbers, the `input` that waits, the `handshake`, `crypto`
//! and the `wire` format are pure.

mod connection;
mod conversation;
mod crypto;
mod event;
mod flow;
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod handshake;
mod input;
mod lost;
mod open;
mod payload;
mod session_type;
pub mod smux;
mod stream_url;
mod taken;
mod vigil;
mod wire;

use std::future::poll_fn;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::{Instant, SystemTime};

use tokio::time::Sleep;
use uuid::Uuid;

use connection::Read;
use conversation::Conversation;
use payload::Size;

pub use crate::dial::{DialError, Dialer, Proxy, Ways};
pub use connection::Connection;
pub use crypto::{DATA_KEY, DataKey, WrongLength};
pub use event::Event;
pub use input::Flag;
pub use lost::Lost;
pub use open::{Open, OpenError, Token};
pub use session_type::{Accepts, Port, PortMode, PortProperties, SessionType};
pub use stream_url::{Destination, StreamUrl, StreamUrlRefused};
pub use tokio_tungstenite::tungstenite::Bytes;

/// The most bytes that can be on their way: taken by [`Channel::send`], and not yet acknowledged.
pub const MOST_UNDER_WAY: usize = flow::WINDOW * input::PAYLOAD + input::ROOM;

/// With more acknowledgements than this waiting to be written, the channel reads nothing.
/// So a far side that does not take them gets only this many.
const MOST_UNWRITTEN: usize = 4096;

/// A live data channel.
///
/// All work is done inside [`Channel::next`], which is to be polled for as long as the channel is
/// held; the other methods only take notes and return at once. A loop over `select!` can therefore
/// mix it freely with keyboard, size and signals:
///
/// ```text
/// loop {
///     tokio::select! {
///         event = channel.next() => …,
///         read = stdin.read(&mut buffer[..room]), if room > 0 => channel.send(…),
///         _ = resized.recv() => channel.resize(cols, rows),
///     }
/// }
/// ```
///
/// It outlives its connection: after [`Lost`] it holds what was sent and received, goes on taking
/// input as long as there is room, and continues with [`Channel::reattach`].
pub struct Channel {
    /// Names this client to the service for as long as the session lives.
    client_id: Uuid,
    conversation: Conversation,
    connection: Option<Connection>,
    timer: Pin<Box<Sleep>>,
}

/// Connects to a session's data channel and presents its token.
/// 15 seconds at most. A session of another type than `accepts` is refused when it says what it is.
pub async fn open(open: &Open<'_>, accepts: Accepts) -> Result<Channel, OpenError> {
    let now = Instant::now();
    let mut channel = Channel {
        client_id: Uuid::new_v4(),
        conversation: Conversation::new(accepts, now, open.now),
        connection: None,
        timer: Box::pin(tokio::time::sleep_until(now.into())),
    };
    channel.reattach(open).await?;
    Ok(channel)
}

/// Connects to a session's data channel and presents its token.
/// The channel that will go on over this connection can take input meanwhile. 15 seconds at most.
pub async fn connect(open: &Open<'_>, client_id: Uuid) -> Result<Connection, OpenError> {
    let socket = open::connect(open, client_id).await?;
    Ok(Connection::new(socket, Instant::now()))
}

/// Tries the way to a host of the data channel: name, TCP, proxy, TLS. Nothing is sent on it.
/// 15 seconds at most.
pub async fn reach(url: &StreamUrl, dialer: &Dialer) -> Result<(), OpenError> {
    open::reach(url, dialer).await
}

impl Channel {
    /// Connects again, with the token and stream URL of `ResumeSession`.
    /// It does what [`connect`] and [`Channel::attach`] do, in 15 seconds at most. After an error,
    /// or if dropped half-way, the channel is as it was and this can be tried again.
    pub async fn reattach(&mut self, open: &Open<'_>) -> Result<(), OpenError> {
        let connection = connect(open, self.client_id).await?;
        self.attach(connection, open.now);
        Ok(())
    }

    /// Takes the session up where it was over another connection, at the time `now`:
    /// whatever is not acknowledged is sent again in order, and what has been received stays
    /// received.
    pub fn attach(&mut self, connection: Connection, now: SystemTime) {
        self.connection = Some(connection);
        self.conversation.reattached(Instant::now(), now);
    }

    /// What names this client to the service for as long as the session lives.
    pub fn client_id(&self) -> Uuid {
        self.client_id
    }

    /// Waits for what happens next, and meanwhile writes, acknowledges, repeats and pings.
    /// Can be dropped and called again at any time without losing anything.
    ///
    /// After [`Event::Closed`] there is nothing more to wait for; after an error only
    /// [`Channel::reattach`] helps.
    pub async fn next(&mut self) -> Result<Event, Lost> {
        poll_fn(|cx| self.poll_next(cx)).await
    }

    /// How many bytes [`Channel::send`] takes now.
    /// It can grow with [`Event::Acknowledged`], with the first [`Event::Output`] and with
    /// [`Event::HandshakeComplete`].
    pub fn room(&self) -> usize {
        self.conversation.room()
    }

    /// Takes as much input as there is [room](Channel::room) for, and returns the number of bytes.
    /// Input from before the session begins waits until it does, since the agent would throw it
    /// away.
    pub fn send(&mut self, data: &[u8]) -> usize {
        self.conversation.send(data)
    }

    /// Says a word beside the bytes of a port, in its place behind those that were sent before;
    /// [`Flag::TerminateSession`] drops those that still wait. There is no [room](Channel::room)
    /// until it is written.
    pub fn flag(&mut self, flag: Flag) {
        self.conversation.flag(flag);
    }

    /// Answers [`Event::DataKeyWanted`]:
    /// with a key everything is encrypted from here on; with the reason that there is none, which
    /// the customer's side gets to read, the agent ends the session.
    pub fn data_key(&mut self, key: Result<&DataKey, &str>) {
        self.conversation.data_key(key);
    }

    /// Tells the far side the size of the terminal in cells.
    /// Call it once after opening too: the acknowledgement shows that the far side is there, and
    /// the size is repeated when the session begins.
    pub fn resize(&mut self, cols: u16, rows: u16) {
        self.conversation.resize(Size { cols, rows });
    }

    /// Whether the session runs: its handshake is complete, or it has none and there was output.
    pub fn has_begun(&self) -> bool {
        self.conversation.has_begun()
    }

    /// Whether anything at all was heard from the far side:
    /// output, handshake, an acknowledgement, the end.
    pub fn has_heard(&self) -> bool {
        self.conversation.has_heard()
    }

    /// Whether there was any input, sent or waiting to be sent.
    pub fn has_input(&self) -> bool {
        self.conversation.has_input()
    }

    /// Whether the far side has taken input: it has acknowledged the first message of it.
    pub fn has_taken(&self) -> bool {
        self.conversation.has_taken()
    }

    /// Whether everything that was to be sent has been acknowledged;
    /// becomes true with an [`Event::Acknowledged`].
    pub fn is_flushed(&self) -> bool {
        self.conversation.is_flushed()
    }

    fn poll_next(&mut self, cx: &mut Context<'_>) -> Poll<Result<Event, Lost>> {
        loop {
            if let Some(event) = self.conversation.event() {
                return Poll::Ready(Ok(event));
            }
            if let Err(lost) = ready!(self.poll_step(cx)) {
                self.connection = None;
                return Poll::Ready(Err(lost));
            }
        }
    }

    /// Does what can be done now; pending when that was all.
    fn poll_step(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Lost>> {
        let Some(connection) = &mut self.connection else {
            return Poll::Ready(Err(Lost::closed()));
        };
        let now = Instant::now();
        // Asked at every turn, for a flood of output would keep the timer from being looked at.
        let silent = self.conversation.wake(now);
        if self.conversation.doubts(now) {
            connection.ask();
        }
        connection.write(cx, &mut self.conversation, now);
        if self.conversation.acknowledgements() < MOST_UNWRITTEN
            && let Poll::Ready(read) = connection.poll_read(cx, now)
        {
            return Poll::Ready(read.map(|read| match read {
                Read::Frame(frame) => self.conversation.receive(&frame, now),
                Read::Answer => self.conversation.answered(),
            }));
        }
        // What arrived while this process was stopped has been read: now silence is silence.
        silent.map_err(|_| Lost::PeerSilent)?;
        connection.flush(cx)?;
        let ping_at = connection.deadline();
        let deadline = self.conversation.deadline();
        let deadline = deadline.map_or(ping_at, |deadline| deadline.min(ping_at));
        if self.timer.deadline() != deadline.into() {
            self.timer.as_mut().reset(deadline.into());
        }
        ready!(self.timer.as_mut().poll(cx));
        Poll::Ready(connection.wake(Instant::now()))
    }
}

#[cfg(test)]
mod tests;
