//! One websocket of a session, from its open message to its end.
//! Reading and writing go on side by side, so that a client which writes without reading cannot
//! block itself.

use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt, StreamExt};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::CloseCode;

use super::session::Session;

/// How often retransmission is looked at.
const TICK: Duration = Duration::from_millis(100);
/// How long the peer has to answer a close frame.
const GOODBYE: Duration = Duration::from_secs(2);

pub async fn serve<S>(session: Option<Arc<Session>>, mut socket: WebSocketStream<S>)
where
    S: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let attached = match (open_message(&mut socket).await, session) {
        (Open::Gone, _) => return,
        (Open::Text(open), Some(session)) => session.attach(&open).map(|id| (session, id)),
        (Open::Binary, Some(session)) => {
            session.violated("binary frame before the open message");
            None
        }
        (_, None) => None,
    };
    let (mut sink, mut stream) = socket.split();
    let Some((session, connection)) = attached else {
        close(&mut sink, CloseCode::Policy).await;
        return drain(&mut stream).await;
    };
    let over = tokio::select! {
        () = read(&session, connection, &mut stream) => false,
        over = write(&session, connection, &mut sink) => over,
        () = cut_off(&session, connection) => false,
    };
    if over {
        close(&mut sink, CloseCode::Normal).await;
        drain(&mut stream).await;
    }
    if session.has_dismissed(connection) {
        close(&mut sink, CloseCode::Away).await;
        drain(&mut stream).await;
    }
    session.detach(connection);
}

enum Open {
    Text(String),
    Binary,
    Gone,
}

async fn open_message<S>(socket: &mut WebSocketStream<S>) -> Open
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => return Open::Text(text.as_str().to_owned()),
            Some(Ok(Message::Binary(_))) => return Open::Binary,
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return Open::Gone,
        }
    }
}

async fn read<S>(
    session: &Arc<Session>,
    connection: u64,
    stream: &mut SplitStream<WebSocketStream<S>>,
) where
    S: AsyncRead + AsyncWrite + Unpin,
{
    while let Some(Ok(message)) = stream.next().await {
        match message {
            Message::Binary(frame) => session.accept(connection, &frame),
            Message::Text(_) => session.violated("text frame after the open message"),
            // Pings are answered by the websocket itself.
            _ => {}
        }
    }
}

/// Whether the session is over; otherwise the websocket is.
async fn write<S>(
    session: &Arc<Session>,
    connection: u64,
    sink: &mut SplitSink<WebSocketStream<S>, Message>,
) -> bool
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let mut wakeups = session.wakeups();
    let mut tick = tokio::time::interval(TICK);
    loop {
        wakeups.mark_unchanged();
        let turn = session.turn(connection);
        let idle = turn.frames.is_empty() && turn.texts.is_empty();
        for text in turn.texts {
            if sink.feed(Message::text(text)).await.is_err() {
                return false;
            }
        }
        for frame in turn.frames {
            if sink.feed(Message::binary(frame)).await.is_err() {
                return false;
            }
        }
        if !idle && sink.flush().await.is_err() {
            return false;
        }
        if turn.last {
            return true;
        }
        if idle {
            tokio::select! {
                _ = wakeups.changed() => {}
                _ = tick.tick() => {}
            }
        }
    }
}

/// Waits until another websocket has taken over or this one was dropped.
async fn cut_off(session: &Arc<Session>, connection: u64) {
    let mut wakeups = session.wakeups();
    while session.is_attached(connection) {
        if wakeups.changed().await.is_err() {
            return;
        }
    }
}

async fn close<S>(sink: &mut SplitSink<WebSocketStream<S>, Message>, code: CloseCode)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let frame = CloseFrame {
        code,
        reason: "".into(),
    };
    let sending = sink.send(Message::Close(Some(frame)));
    // A peer that is gone needs no close frame.
    let _gone = tokio::time::timeout(GOODBYE, sending).await;
}

/// Reads what is still under way, lest the socket be reset before the peer has read the last
/// frames.
async fn drain<S>(stream: &mut SplitStream<WebSocketStream<S>>)
where
    S: AsyncRead + AsyncWrite + Unpin,
{
    let rest = async { while let Some(Ok(_)) = stream.next().await {} };
    let _late = tokio::time::timeout(GOODBYE, rest).await;
}
