//! One forward: the connections of its local port, carried over the data channel of its session.

mod local;

use std::cell::Cell;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::sync::watch;

use crate::channel::smux::Smux;
use crate::channel::{Accepts, Flag, MOST_UNDER_WAY, PortMode, SessionType};
use crate::session::context::Context;
use crate::session::ledger::end::End;
use crate::session::link::event::Event;
use crate::session::link::line::Line;
use crate::session::link::open::{Meanwhile, Opened, other_type};
use crate::session::link::timer::until;
use crate::session::live::Session;
use crate::signals::Signals;

use super::super::few::Few;
use super::super::unreached::Unreached;
use super::carrier::{Basic, Carrier};
use super::connections::Connections;
use super::listening::Listening;
use super::stream::Stream;

/// How often an agent that expects it gets a keep-alive.
const KEEP_ALIVE: Duration = Duration::from_secs(10);
/// How long to wait before the next connection is taken after one that failed.
const PAUSE: Duration = Duration::from_secs(1);
/// How long the last bytes of a connection may take once the session has ended with it.
const DRAIN: Duration = Duration::from_secs(5);

/// What to do about a port that the agent cannot connect to.
const UNCONNECTED: &str =
    "ask the customer to check that something listens there, and that no firewall is in the way";

/// What a tunnel needs beside its session.
pub(crate) struct Around<'a> {
    /// Where it listens, and where that leads.
    pub listening: &'a Listening,
    /// Becomes true when all are to end.
    pub stop: watch::Receiver<bool>,
    /// To be called once, when connections are carried.
    pub ready: &'a dyn Fn(),
    /// Whether a command runs, so that signals are the command's.
    pub attended: &'a Cell<bool>,
    /// Whether a command has the terminal, so that vendor-ssm prints warnings alone.
    pub is_quiet: bool,
    /// Which of the far side's lines vendor-ssm prints.
    pub few: Few,
}

impl Around<'_> {
    /// Warns of what the far side says, which may be without end.
    fn warn(&mut self, context: Context<'_, '_>, text: &str) {
        if let Some(line) = self.few.line(text, Instant::now()) {
            context.callbacks.warn(&line);
        }
    }
}

/// Opens the channel and carries connections until it ends.
pub(crate) async fn run(
    session: Session<'_, '_>,
    mut around: Around<'_>,
    signals: &mut Signals,
) -> End {
    let mut opening = Opening {
        session,
        around: &mut around,
    };
    let opened = match Opened::complete(session, Accepts::Port, &mut opening, signals).await {
        Ok(opened) => opened,
        Err(end) => return end,
    };
    let mode = match &opened.session_type {
        SessionType::Port(port) => Some(port.mode),
        SessionType::Terminal | SessionType::Command => None,
    };
    let now = Instant::now();
    let (carrier, keep_alive_at) = match mode {
        Some(PortMode::Multiplexed { keep_alive }) => (
            Carrier::Multiplexed(Smux::default()),
            keep_alive.then(|| now + KEEP_ALIVE),
        ),
        Some(PortMode::Basic) => (Carrier::Basic(Basic::default()), None),
        Some(PortMode::Stdio) | None => return other_type(Accepts::Port),
    };
    session.context.callbacks.hand_over();
    (around.ready)();
    let mut tunnel = Tunnel {
        context: session.context,
        around,
        line: opened.line,
        carrier,
        connections: Connections::new(),
        taken: 0,
        failed: 0,
        was_used: false,
        was_heard: false,
        accept_at: now,
        keep_alive_at,
    };
    let end = tunnel.carry(signals).await;
    tunnel.leave(end).await
}

/// While the channel opens, local connections wait in the listener's backlog.
struct Opening<'a, 'i, 'o> {
    session: Session<'a, 'i>,
    around: &'o mut Around<'a>,
}

impl Meanwhile for Opening<'_, '_, '_> {
    fn prepare(&mut self, _: &mut Line<'_, '_>) {}

    async fn wait(&mut self) -> Option<End> {
        stopped(&mut self.around.stop).await;
        Some(End::Finished)
    }

    fn show(&mut self, text: &str) {
        self.session.context.callbacks.say(text);
    }

    fn warn(&mut self, text: &str) {
        let text = format!("{}: {text}", self.around.listening.address());
        self.around.warn(self.session.context, &text);
    }
}

struct Tunnel<'a, 'i> {
    context: Context<'a, 'i>,
    around: Around<'a>,
    line: Line<'a, 'i>,
    carrier: Carrier,
    connections: Connections,
    /// How many bytes the channel has taken.
    taken: u64,
    /// Connections that the agent could not make, and that have not ended yet.
    failed: u32,
    was_used: bool,
    /// Whether the far side has sent anything.
    was_heard: bool,
    accept_at: Instant,
    keep_alive_at: Option<Instant>,
}

impl Tunnel<'_, '_> {
    async fn carry(&mut self, signals: &mut Signals) -> End {
        loop {
            let may_read = self.send();
            let is_free = self.carrier.is_free();
            let has_room = self.connections.has_room() && self.carrier.has_room();
            let give_up = self.connections.deadline();
            let connections = &mut self.connections;
            tokio::select! {
                event = self.line.next(), if has_room => match event {
                    Ok(event) => if let Some(end) = self.event(event) { return end },
                    Err(lost) => return lost.into(),
                },
                (stream, happened) = poll_fn(|cx| connections.poll(cx, may_read, Instant::now())) => {
                    self.happened(stream, happened);
                }
                accepted = accept(self.around.listening, self.accept_at), if is_free => match accepted {
                    Ok((socket, from)) => self.connected(socket, from),
                    Err(error) => {
                        self.accept_at = Instant::now() + PAUSE;
                        let address = self.around.listening.address();
                        self.context.callbacks.warn(&format!("{address}: vendor-ssm could not accept a connection: {error}"));
                    }
                },
                ending = signals.next() => if !self.around.attended.get() {
                    return End::Signal(ending);
                },
                () = stopped(&mut self.around.stop) => return End::Finished,
                stream = due(give_up) => self.give_up(stream),
                () = until(self.keep_alive_at) => self.keep_alive(),
            }
        }
    }

    /// Hands the channel what it takes. True when more may be read.
    fn send(&mut self) -> bool {
        let carrier = &mut self.carrier;
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
            Event::Output(bytes) => {
                self.was_heard = true;
                return self.output(bytes).err();
            }
            Event::StdErr(bytes) => {
                let (address, said) = (
                    self.around.listening.address(),
                    String::from_utf8_lossy(&bytes),
                );
                let text = format!("{address}: {}", said.trim());
                self.around.warn(self.context, &text);
            }
            Event::ConnectToPortFailed => {
                self.failed += 1;
                let text = format!(
                    "{}: the target could not connect: nothing listens there, or a firewall is in the way",
                    self.around.listening
                );
                self.around.warn(self.context, &text);
            }
            Event::Closed { output } => return Some(self.closed(output.trim())),
            // An agent that multiplexes takes input whether it can connect or not.
            Event::NothingTaken if !self.was_heard && matches!(self.carrier, Carrier::Basic(_)) => {
                let destination = self.around.listening.destination();
                let reason = format!("{destination} took no input for 20 s");
                return Some(End::not_opened(reason, Some(UNCONNECTED.to_owned())));
            }
            Event::ExitCode(_) | Event::Acknowledged | Event::NothingTaken | Event::Resumed => {}
        }
        None
    }

    /// The far side has ended the session: it never reached the port, or what was open is lost.
    fn closed(&self, said: &str) -> End {
        let unreached = Unreached::of(said).filter(|_| !self.was_heard);
        let destination = || self.around.listening.destination();
        match unreached {
            Some(Unreached::Unresolved(host)) => End::refused(
                format!("the target could not resolve \"{host}\": {said}"),
                "check the host in -L: the target looks it up with its own DNS servers, not with yours",
            ),
            Some(Unreached::Forbidden) => End::refused(
                format!("{}: {said}", destination()),
                "choose another host: agents do not forward to instance metadata, nor to the VPC's DNS and time servers",
            ),
            Some(Unreached::Unconnected) => {
                End::refused(format!("{}: {said}", destination()), UNCONNECTED)
            }
            None if said.is_empty() => End::closed_early("the far side ended it"),
            None => End::closed_early(said),
        }
    }

    fn keep_alive(&mut self) {
        self.keep_alive_at = Some(Instant::now() + KEEP_ALIVE);
        if let Carrier::Multiplexed(smux) = &mut self.carrier {
            smux.keep_alive();
        }
    }

    /// Tells the agent that the session ends. No program takes what it got so far for the whole.
    async fn leave(mut self, end: End) -> End {
        if end.is_over() && matches!(self.carrier, Carrier::Basic(_)) {
            self.drain().await;
        }
        self.connections.reset();
        if let Some(rest) = self.around.few.rest() {
            let address = self.around.listening.address();
            self.context.callbacks.warn(&format!("{address}: {rest}"));
        }
        if matches!(end, End::Signal(_) | End::Finished) {
            self.line.farewell().await;
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
) -> std::io::Result<(Stream, Option<SocketAddr>)> {
    tokio::time::sleep_until(not_before.into()).await;
    listening.accept().await
}

/// Waits until all are to end.
async fn stopped(stop: &mut watch::Receiver<bool>) {
    // The sender lives as long as this does.
    let _ = stop.wait_for(|stop| *stop).await;
}

/// Waits until a stream is to be given up, and says which; for ever if none is.
async fn due(give_up: Option<(Instant, u32)>) -> u32 {
    until(give_up.map(|(at, _)| at)).await;
    give_up.map_or(0, |(_, stream)| stream)
}
