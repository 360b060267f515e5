//! Many connections at a time, each a stream of smux.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{self, Receiver, Sender, UnboundedReceiver, UnboundedSender};
use tokio::task::JoinSet;
use tokio::time::{Instant, interval_at};

use super::super::agent::{Flag, Input, Plugin, Taken};
use super::super::message::PayloadType;
use super::super::session::Session;
use super::dial::Destination;
use super::smux::{Decoder, Frame, MAX_DATA};

/// Bytes for all connections together that may wait to be written to them:
/// smux's `MaxReceiveBuffer`.
const BUCKET: usize = 4 * 1024 * 1024;
/// Frames that may wait for the session to take them; then nothing is read from any connection.
const FRAMES: usize = 8;
/// The most bytes of frames that are given to the session at once.
const BATCH: usize = 64 * 1024;
const KEEP_ALIVE: Duration = Duration::from_secs(10);
/// `ConnectToPortError`.
const CONNECT_TO_PORT_ERROR: u32 = 3;

/// The agent's end of all streams. Dropping it closes every connection.
pub struct Mux {
    decoder: Decoder,
    streams: Arc<Streams>,
    accepted: UnboundedSender<Accepted>,
    _tasks: JoinSet<()>,
}

/// What the connections share.
struct Streams {
    session: Arc<Session>,
    /// Where the data of a stream goes until the client ends it.
    open: Mutex<HashMap<u32, UnboundedSender<Data>>>,
    frames: Sender<Frame>,
    /// Bytes that no connection has taken yet.
    waiting: AtomicUsize,
    /// An input was turned away for want of room.
    refused: AtomicBool,
    /// The destination is known and may be dialled.
    ready: AtomicBool,
}

/// A stream that has begun, to be connected.
struct Accepted {
    stream: u32,
    data: UnboundedReceiver<Data>,
}

/// Data on its way to a connection; when it is dropped there is room for more.
struct Data {
    bytes: Vec<u8>,
    streams: Arc<Streams>,
}

/// Starts to serve streams.
pub fn start(destination: Destination, session: &Arc<Session>, keep_alive: bool) -> Mux {
    let (frames, outgoing) = mpsc::channel(FRAMES);
    let (accepted, accepting) = mpsc::unbounded_channel();
    let streams = Arc::new(Streams {
        session: Arc::clone(session),
        open: Mutex::default(),
        frames,
        waiting: AtomicUsize::new(0),
        refused: AtomicBool::new(false),
        ready: AtomicBool::new(false),
    });
    let mut tasks = JoinSet::new();
    tasks.spawn(connect(destination, accepting, Arc::clone(&streams)));
    tasks.spawn(pump(outgoing, Arc::clone(session), keep_alive));
    Mux {
        decoder: Decoder::default(),
        streams,
        accepted,
        _tasks: tasks,
    }
}

impl Plugin for Mux {
    fn take(&mut self, input: Input) -> Taken {
        if !self.streams.ready.load(SeqCst) {
            return Taken::No;
        }
        match input {
            Input::Bytes(bytes) => {
                if !self.streams.has_room() {
                    return Taken::Later;
                }
                self.decoder.push(&bytes);
                self.serve();
            }
            Input::Flag(Flag::TerminateSession) => end(&self.streams.session, None),
            Input::Flag(Flag::DisconnectToPort) | Input::Resized(_) => {}
        }
        Taken::Yes
    }
}

impl Mux {
    fn serve(&mut self) {
        loop {
            match self.decoder.next() {
                Ok(None) => return,
                Ok(Some(Frame::Nop)) => {}
                Ok(Some(Frame::Syn(stream))) => self.begin(stream),
                Ok(Some(Frame::Fin(stream))) => {
                    self.streams.open().remove(&stream);
                }
                Ok(Some(Frame::Psh(stream, bytes))) => {
                    // Data of a stream that is over is dropped.
                    if let Some(open) = self.streams.open().get(&stream) {
                        let _over = open.send(Data::new(bytes, &self.streams));
                    }
                }
                Err(invalid) => {
                    return end(&self.streams.session, Some(invalid.to_string()));
                }
            }
        }
    }

    fn begin(&self, stream: u32) {
        let (sender, data) = mpsc::unbounded_channel();
        self.streams.open().entry(stream).or_insert(sender);
        let _ended = self.accepted.send(Accepted { stream, data });
    }
}

/// Ends the session, from where it is locked.
fn end(session: &Arc<Session>, violation: Option<String>) {
    let session = Arc::clone(session);
    tokio::spawn(async move {
        if let Some(violation) = violation {
            session.violated(violation);
        }
        session.close("");
    });
}

impl Streams {
    fn open(&self) -> MutexGuard<'_, HashMap<u32, UnboundedSender<Data>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn has_room(&self) -> bool {
        let room = || self.waiting.load(SeqCst) < BUCKET;
        // Looks again, since room may have been made before the request for it.
        room() || {
            self.refused.store(true, SeqCst);
            room()
        }
    }

    async fn fin(&self, stream: u32) {
        self.open().remove(&stream);
        let _ended = self.frames.send(Frame::Fin(stream)).await;
    }
}

impl Data {
    fn new(bytes: Vec<u8>, streams: &Arc<Streams>) -> Self {
        streams.waiting.fetch_add(bytes.len(), SeqCst);
        Self {
            bytes,
            streams: Arc::clone(streams),
        }
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        self.streams.waiting.fetch_sub(self.bytes.len(), SeqCst);
        if self.streams.refused.swap(false, SeqCst) {
            self.streams.session.nudge();
        }
    }
}

/// Connects one stream after the other, as agents do:
/// one that takes its time holds up those behind it.
async fn connect(
    destination: Destination,
    mut accepting: UnboundedReceiver<Accepted>,
    streams: Arc<Streams>,
) {
    let addresses = match destination.addresses().await {
        Ok(addresses) => addresses,
        Err(forbidden) => {
            streams.session.close(&forbidden);
            return;
        }
    };
    streams.ready.store(true, SeqCst);
    let mut connections = JoinSet::new();
    while let Some(Accepted { stream, data }) = accepting.recv().await {
        while connections.try_join_next().is_some() {}
        match destination.dial(&addresses).await {
            Ok(connection) => {
                connections.spawn(serve(stream, connection, data, Arc::clone(&streams)));
            }
            Err(_unsaid) => {
                let flag = CONNECT_TO_PORT_ERROR.to_be_bytes();
                streams.session.output_soon(PayloadType::Flag, &flag).await;
                streams.fin(stream).await;
            }
        }
    }
}

/// Carries a connection's bytes until either side ends;
/// then both do, as smux knows no half-closed stream.
async fn serve(
    stream: u32,
    mut connection: TcpStream,
    mut data: UnboundedReceiver<Data>,
    streams: Arc<Streams>,
) {
    let (mut from, mut to) = connection.split();
    let inward = async {
        while let Some(data) = data.recv().await {
            if to.write_all(&data.bytes).await.is_err() {
                return;
            }
        }
    };
    let outward = async {
        let mut buffer = vec![0; MAX_DATA];
        while let Ok(read @ 1..) = from.read(&mut buffer).await {
            let frame = Frame::Psh(stream, buffer[..read].to_vec());
            if streams.frames.send(frame).await.is_err() {
                return;
            }
        }
    };
    tokio::select! {
        () = inward => {}
        () = outward => {}
    }
    drop(connection);
    streams.fin(stream).await;
}

/// Gives the frames to the session as one stream of bytes, cut without regard to their borders.
async fn pump(mut frames: Receiver<Frame>, session: Arc<Session>, keep_alive: bool) {
    let mut ticks = interval_at(Instant::now() + KEEP_ALIVE, KEEP_ALIVE);
    loop {
        let next = tokio::select! {
            next = frames.recv() => next,
            _ = ticks.tick(), if keep_alive => Some(Frame::Nop),
        };
        let Some(frame) = next else { return };
        let mut bytes = frame.encode();
        while bytes.len() < BATCH
            && let Ok(frame) = frames.try_recv()
        {
            bytes.extend(frame.encode());
        }
        if !session.output_soon(PayloadType::Output, &bytes).await {
            return;
        }
    }
}
