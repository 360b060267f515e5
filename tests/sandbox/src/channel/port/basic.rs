//! One connection at a time, its bytes as they are:
//! for SSH, and for agents and clients that cannot multiplex.

use std::net::IpAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{self, Receiver, Sender, error::TrySendError};
use tokio::task::JoinSet;

use super::super::agent::{Flag, Input, Plugin, Taken};
use super::super::message::{MAX_PAYLOAD, PayloadType};
use super::super::session::Session;
use super::dial::Destination;

/// Inputs that may wait for the connection to take them.
const INPUTS: usize = 256;

/// The way to the connection. Dropping it closes the connection.
pub struct Basic {
    inputs: Sender<Input>,
    connected: Arc<AtomicBool>,
    _task: JoinSet<()>,
}

/// Dials at once.
/// Where a connection is to be followed by others the next data after its end dials again; else the
/// session ends with it.
pub fn start(destination: Destination, session: &Arc<Session>, again: bool) -> Basic {
    let (inputs, waiting) = mpsc::channel(INPUTS);
    let connected = Arc::new(AtomicBool::new(false));
    let port = Connecting {
        destination,
        session: Arc::clone(session),
        connected: Arc::clone(&connected),
        again,
    };
    let mut task = JoinSet::new();
    task.spawn(port.run(waiting));
    Basic {
        inputs,
        connected,
        _task: task,
    }
}

impl Plugin for Basic {
    fn take(&mut self, input: Input) -> Taken {
        if !self.connected.load(SeqCst) {
            return Taken::No;
        }
        match self.inputs.try_send(input) {
            Err(TrySendError::Full(_)) => Taken::Later,
            Ok(()) | Err(TrySendError::Closed(_)) => Taken::Yes,
        }
    }
}

struct Connecting {
    destination: Destination,
    session: Arc<Session>,
    connected: Arc<AtomicBool>,
    again: bool,
}

/// Why a session ends before its time.
enum Failed {
    /// The agent says why.
    Said(String),
    /// It says nothing.
    Crashed,
}

/// How a connection ended.
enum End {
    /// The other side closed it.
    Remote,
    /// The client's own connection has ended.
    Disconnected,
    /// The client, or another side, ended the session.
    Session,
}

impl Connecting {
    async fn run(self, mut inputs: Receiver<Input>) {
        match self.serve(&mut inputs).await {
            Ok(()) => self.session.close(""),
            Err(Failed::Said(farewell)) => self.session.close(&farewell),
            Err(Failed::Crashed) => {
                self.session.crash();
                true
            }
        };
    }

    async fn serve(&self, inputs: &mut Receiver<Input>) -> Result<(), Failed> {
        let addresses = self.destination.addresses().await.map_err(Failed::Said)?;
        let mut connection = self.dial(&addresses).await?;
        self.connected.store(true, SeqCst);
        loop {
            match self.carry(&mut connection, inputs).await {
                End::Session => return Ok(()),
                End::Remote | End::Disconnected if !self.again => return Ok(()),
                End::Remote | End::Disconnected => drop(connection),
            }
            let Some(bytes) = self.next_data(inputs).await else {
                return Ok(());
            };
            connection = self.dial(&addresses).await?;
            // A failure shows again when the connection is read.
            let _closed = connection.write_all(&bytes).await;
        }
    }

    /// Without a connection the agent's worker crashes on its way out: it closes the connection
    /// that there is not (`BasicPortSession.Stop`, `PortPlugin.Execute`).
    async fn dial(&self, addresses: &[IpAddr]) -> Result<TcpStream, Failed> {
        let dialled = self.destination.dial(addresses).await;
        dialled.map_err(|_logged| Failed::Crashed)
    }

    /// The data that dials again; `None` when the session is to end.
    async fn next_data(&self, inputs: &mut Receiver<Input>) -> Option<Vec<u8>> {
        loop {
            match self.next(inputs).await? {
                Input::Bytes(bytes) => return Some(bytes),
                Input::Flag(Flag::TerminateSession) => return None,
                Input::Flag(Flag::DisconnectToPort) | Input::Resized(_) => {}
            }
        }
    }

    async fn next(&self, inputs: &mut Receiver<Input>) -> Option<Input> {
        let next = inputs.recv().await;
        self.session.nudge();
        next
    }

    async fn carry(&self, connection: &mut TcpStream, inputs: &mut Receiver<Input>) -> End {
        let (from, mut to) = connection.split();
        let inward = async {
            loop {
                match self.next(inputs).await {
                    Some(Input::Bytes(bytes)) => {
                        if to.write_all(&bytes).await.is_err() {
                            return End::Remote;
                        }
                    }
                    Some(Input::Flag(Flag::DisconnectToPort)) => return End::Disconnected,
                    Some(Input::Flag(Flag::TerminateSession)) | None => return End::Session,
                    Some(Input::Resized(_)) => {}
                }
            }
        };
        tokio::select! {
            end = inward => end,
            end = self.read(from) => end,
        }
    }

    async fn read(&self, mut from: impl AsyncRead + Unpin) -> End {
        let mut buffer = vec![0; 32 * MAX_PAYLOAD];
        while let Ok(read @ 1..) = from.read(&mut buffer).await {
            let sent = self
                .session
                .output_soon(PayloadType::Output, &buffer[..read]);
            if !sent.await {
                return End::Session;
            }
        }
        End::Remote
    }
}
