//! A long way to the sandbox, one for each service: whatever is sent arrives half a round trip
//! later, and a connection stands after a whole one. Bytes pass unread, so TLS and the websocket
//! cost as many round trips as they do on a real way.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use futures_util::future::join_all;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::time::{Instant, sleep_until};

use crate::background::Background;

/// The services that have a way of their own.
pub const SERVICES: [&str; 5] = ["sts", "ec2", "ssm", "kms", "ssmmessages"];

/// The most that is read at once.
const CHUNK: usize = 16 << 10;
/// How many chunks are on their way at most.
const ON_THE_WAY: usize = 1024;

/// The way to one service.
struct Way {
    service: &'static str,
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
}

/// The ways to all of them, until this is dropped.
pub(crate) struct Relays {
    ways: Vec<Way>,
    _serving: Background,
}

impl Relays {
    /// Listens on a port for each service, and relays to this address on a thread of its own.
    pub(crate) fn start(to: SocketAddr, round_trip: Duration) -> std::io::Result<Self> {
        let mut ways = Vec::new();
        let mut listeners = Vec::new();
        for service in SERVICES {
            let listener = std::net::TcpListener::bind(("127.0.0.1", 0))?;
            listener.set_nonblocking(true)?;
            let connections = Arc::default();
            ways.push(Way {
                service,
                address: listener.local_addr()?,
                connections: Arc::clone(&connections),
            });
            listeners.push((listener, connections));
        }
        let serve =
            move || {
                join_all(listeners.into_iter().map(move |(listener, connections)| {
                    accept(listener, connections, to, round_trip)
                }))
            };
        let serving = Background::start("relays", 1, serve)?;
        Ok(Self {
            ways,
            _serving: serving,
        })
    }

    /// Host and port of the way to a service.
    pub(crate) fn address(&self, service: &str) -> Option<SocketAddr> {
        Some(self.way(service)?.address)
    }

    /// How many connections were made on the way to a service.
    pub(crate) fn connections(&self, service: &str) -> usize {
        self.way(service)
            .map_or(0, |way| way.connections.load(Ordering::Relaxed))
    }

    fn way(&self, service: &str) -> Option<&Way> {
        self.ways.iter().find(|way| way.service == service)
    }
}

async fn accept(
    listener: std::net::TcpListener,
    connections: Arc<AtomicUsize>,
    to: SocketAddr,
    round_trip: Duration,
) -> std::io::Result<()> {
    let listener = TcpListener::from_std(listener)?;
    loop {
        let (near, _) = listener.accept().await?;
        connections.fetch_add(1, Ordering::Relaxed);
        tokio::spawn(relay(near, to, round_trip));
    }
}

async fn relay(near: TcpStream, to: SocketAddr, round_trip: Duration) -> std::io::Result<()> {
    let stands = Instant::now() + round_trip;
    let far = TcpStream::connect(to).await?;
    near.set_nodelay(true)?;
    far.set_nodelay(true)?;
    let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
    tokio::join!(
        carry(near_in, far_out, stands, round_trip / 2),
        carry(far_in, near_out, stands, round_trip / 2),
    );
    Ok(())
}

/// Carries one direction: what comes before the connection `stands` is sent then.
async fn carry(
    mut from: impl AsyncRead + Unpin,
    mut to: impl AsyncWrite + Unpin,
    stands: Instant,
    delay: Duration,
) {
    let (send, mut coming) = mpsc::channel::<(Instant, Vec<u8>)>(ON_THE_WAY);
    let read = async move {
        loop {
            let mut chunk = vec![0; CHUNK];
            let length = from.read(&mut chunk).await.unwrap_or(0);
            chunk.truncate(length);
            let arrives = Instant::now().max(stands) + delay;
            if send.send((arrives, chunk)).await.is_err() || length == 0 {
                break;
            }
        }
    };
    let write = async move {
        while let Some((arrives, chunk)) = coming.recv().await {
            sleep_until(arrives).await;
            if chunk.is_empty() || to.write_all(&chunk).await.is_err() {
                break;
            }
        }
        // The other side may be gone.
        let _ = to.shutdown().await;
    };
    tokio::join!(read, write);
}
