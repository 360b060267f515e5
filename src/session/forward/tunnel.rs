//! One forward: the connections of its local port, carried over the data channel of its session.

mod local;

use std::future::poll_fn;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::channel::smux::Smux;
use crate::channel::{Accepts, Event, Flag, MOST_UNDER_WAY, PortMode, SessionType};
use crate::signals::Signals;

use super::super::end::End;
use super::super::line::Line;
use super::super::opening;
use super::super::start::Started;
use super::super::{Request, Stage};
use super::carrier::{Basic, Carrier};
use super::connections::Connections;
use super::{HANDSHAKE, Listening, farewell, no_port, unopened};

/// How often an agent that would else give us up hears of us.
const KEEP_ALIVE: Duration = Duration::from_secs(10);
/// How long to wait before the next connection is taken where that failed.
const PAUSE: Duration = Duration::from_secs(1);
/// How long the last bytes of a connection may take once the session has ended with it.
const DRAIN: Duration = Duration::from_secs(5);

/// What a tunnel tells, and is told, beside its session.
pub(super) struct Around<'a> {
    /// Where it listens, and where that leads.
    pub listening: &'a Listening,
    /// Becomes true when all are to end.
    pub stop: watch::Receiver<bool>,
    /// To be called once, when connections are carried.
    pub ready: &'a dyn Fn(),
}

/// Opens the channel and carries connections until it ends.
pub(super) async fn run(
    stage: Stage<'_, '_>,
    request: &Request,
    started: &Started,
    around: Around<'_>,
    signals: &mut Signals,
) -> End {
    stage.callbacks.step("opening the data channel…");
    let line = match signals
        .guard(Line::open(stage, request, started, Accepts::Port))
        .await
    {
        Err(ending) => return End::Signal(ending),
        Ok(Err(error)) => return opening::failed(&error),
        Ok(Ok(line)) => line,
    };
    let mut tunnel = Tunnel {
        stage,
        around,
        line,
        mode: None,
        carrier: None,
        connections: Connections::new(),
        taken: 0,
        failed: 0,
        was_used: false,
        refused: None,
        opened: Instant::now(),
        accept_at: Instant::now(),
        keep_alive_at: None,
    };
    let end = tunnel.carry(signals).await;
    tunnel.leave(end).await
}

struct Tunnel<'a, 'i> {
    stage: Stage<'a, 'i>,
    around: Around<'a>,
    line: Line<'a, 'i>,
    /// What the handshake has settled.
    mode: Option<PortMode>,
    /// There once the handshake is complete.
    carrier: Option<Carrier>,
    connections: Connections,
    /// How many bytes the channel has taken.
    taken: u64,
    /// Connections that the agent could not make, and that have not ended yet.
    failed: u32,
    was_used: bool,
    /// What the agent asked of us that we cannot do.
    refused: Option<String>,
    opened: Instant,
    accept_at: Instant,
    keep_alive_at: Option<Instant>,
}

impl Tunnel<'_, '_> {
    async fn carry(&mut self, signals: &mut Signals) -> End {
        loop {
            let may_read = self.send();
            let is_free = self.carrier.as_ref().is_some_and(Carrier::is_free);
            let has_room =
                self.connections.has_room() && self.carrier.as_ref().is_none_or(Carrier::has_room);
            let give_up = self.connections.deadline();
            let connections = &mut self.connections;
            tokio::select! {
                event = self.line.next(), if has_room => match event {
                    Ok(event) => if let Some(end) = self.event(event) { return end },
                    Err(lost) => return End::Lost { reason: lost.to_string() },
                },
                (stream, happened) = poll_fn(|cx| connections.poll(cx, may_read, Instant::now())) => {
                    self.happened(stream, happened);
                }
                accepted = accept(self.around.listening, self.accept_at), if is_free => match accepted {
                    Ok((socket, from)) => self.connected(socket, from),
                    Err(error) => {
                        self.accept_at = Instant::now() + PAUSE;
                        let address = self.around.listening.address();
                        self.stage.callbacks.warn(&format!("{address}: a connection could not be taken: {error}"));
                    }
                },
                ending = signals.next() => return End::Signal(ending),
                () = stopped(&mut self.around.stop) => return End::Finished,
                stream = at(give_up) => self.give_up(stream),
                () = at(self.keep_alive_at.map(|at| (at, ()))) => self.keep_alive(),
                () = at(Some((self.opened + HANDSHAKE, ()))), if self.carrier.is_none() => return unopened(),
            }
        }
    }

    /// Hands the channel what it takes. True when more may be read.
    fn send(&mut self) -> bool {
        let Some(carrier) = &mut self.carrier else {
            return false;
        };
        let outgoing = carrier.outgoing();
        let taken = self.line.send(outgoing);
        outgoing.drain(..taken);
        self.taken += taken as u64;
        let is_sent = outgoing.is_empty();
        let delivered = if is_sent && self.line.is_flushed() {
            if carrier.disconnects() {
                self.line.flag(Flag::DisconnectToPort);
            }
            self.taken
        } else {
            self.taken.saturating_sub(MOST_UNDER_WAY as u64)
        };
        self.connections.delivered(delivered, Instant::now());
        is_sent && self.line.room() > 0
    }

    fn event(&mut self, event: Event) -> Option<End> {
        match event {
            Event::Output(bytes) => return self.output(bytes).err(),
            Event::StdErr(bytes) => {
                self.stage.callbacks.warn(&format!(
                    "{}: {}",
                    self.around.listening.address(),
                    String::from_utf8_lossy(&bytes).trim()
                ));
            }
            Event::SessionType(SessionType::Port(port)) => self.mode = Some(port.mode),
            Event::HandshakeComplete { customer_message } => {
                if !customer_message.is_empty() {
                    self.stage.callbacks.say(&customer_message);
                }
                return self.begin();
            }
            Event::ConnectToPortFailed => {
                self.failed += 1;
                self.stage.callbacks.warn(&format!(
                    "{}: the target could not connect: nothing listens there, or a firewall is in the way",
                    self.around.listening
                ));
            }
            Event::ActionRefused { action_type, error } => {
                self.refused = Some(format!(
                    "the session asks for {action_type}, which this client cannot do: {error}"
                ));
            }
            Event::Closed { output } if self.carrier.is_some() => {
                let output = output.trim();
                let reason = if output.is_empty() {
                    "the far side has ended it"
                } else {
                    output
                };
                return Some(End::ClosedEarly {
                    reason: reason.to_owned(),
                });
            }
            Event::Closed { output } => {
                return Some(opening::closed(self.refused.take(), output.trim()));
            }
            Event::SessionType(_) => return Some(no_port()),
            // AWS encrypts no port sessions, and their documents cannot ask for it.
            Event::DataKeyWanted { .. } => self.line.data_key(Err("ports are not encrypted")),
            Event::Forged | Event::ExitCode(_) | Event::Acknowledged => {}
        }
        None
    }

    /// The handshake is complete.
    fn begin(&mut self) -> Option<End> {
        let carrier = match self.mode {
            Some(PortMode::Multiplexed { keep_alive }) => {
                self.keep_alive_at = keep_alive.then(|| Instant::now() + KEEP_ALIVE);
                Carrier::Multiplexed(Smux::default())
            }
            Some(PortMode::Basic) => Carrier::Basic(Basic::default()),
            Some(PortMode::Stdio) | None => return Some(no_port()),
        };
        self.carrier = Some(carrier);
        self.stage.callbacks.hand_over();
        (self.around.ready)();
        None
    }

    fn keep_alive(&mut self) {
        self.keep_alive_at = Some(Instant::now() + KEEP_ALIVE);
        if let Some(Carrier::Multiplexed(smux)) = &mut self.carrier {
            smux.keep_alive();
        }
    }

    /// The agent is told that the session ends; no program takes what it got so far for the whole.
    async fn leave(mut self, end: End) -> End {
        if matches!(end, End::ClosedEarly { .. }) && matches!(self.carrier, Some(Carrier::Basic(_)))
        {
            self.drain().await;
        }
        self.connections.reset();
        if matches!(end, End::Signal(_) | End::Finished) {
            farewell(&mut self.line).await;
        }
        end
    }

    /// Basic sessions end with their connection: what it brought is still written.
    async fn drain(&mut self) {
        self.connections.close();
        let over = async {
            while !self.connections.is_empty() {
                let connections = &mut self.connections;
                let (stream, _) = poll_fn(|cx| connections.poll(cx, false, Instant::now())).await;
                connections.remove(stream);
            }
        };
        let _ = tokio::time::timeout(DRAIN, over).await;
    }
}

/// The next connection, not before its time.
async fn accept(
    listening: &Listening,
    not_before: Instant,
) -> std::io::Result<(TcpStream, SocketAddr)> {
    tokio::time::sleep_until(not_before.into()).await;
    listening.listener.accept().await
}

/// Waits until all are to end.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    // Whoever says so is there for as long as we are.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Waits for a moment that comes with something; for ever where there is none.
async fn at<T>(moment: Option<(Instant, T)>) -> T {
    match moment {
        Some((moment, what)) => {
            tokio::time::sleep_until(moment.into()).await;
            what
        }
        None => std::future::pending().await,
    }
}
