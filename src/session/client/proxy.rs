//! One TCP stream between standard input and output and a port of an instance.
//! For ssh's ProxyCommand: it reads and writes nothing but the stream, byte for byte.
//!
//! An agent that cannot connect to the port says nothing at first: its worker crashes, which the
//! service learns a minute later (amazon-ssm-agent, `Stop` in
//! `agent/session/plugins/port/port_basic.go`, `defaultZombieProcessTimeout` in
//! `agent/framework/processor/executer/outofproc/master.go`). Such an agent acknowledges no input.
//! So the port counts as connected with the first byte from it, or with the first acknowledgement.

use std::time::{Duration, Instant};

use tokio::time::sleep_until;

use crate::channel::{Accepts, Bytes, PortMode, SessionType};
use crate::exit::Exit;
use crate::identity::AssumedRole;
use crate::names::document;
use crate::session::context::{Context, Request, Target, parameters};
use crate::session::error::Error;
use crate::session::host::host;
use crate::session::ledger::end::{End, LAST_OUTPUT};
use crate::session::ledger::journal::SessionKind;
use crate::session::link::event::Event;
use crate::session::link::line::Line;
use crate::session::link::open::{Meanwhile, Opened, other_type};
use crate::session::live::Session;
use crate::session::terminal::keyboard::Keyboard;
use crate::session::terminal::screen::Screen;
use crate::signals::Signals;

use super::few::Few;
use super::forward::QUIET;
use super::unreached::Unreached;

/// The most that is read from standard input at once.
const READ: usize = 16 << 10;
/// How long the agent may take to hear that the session ends, if that is the first it gets.
const FIRST_WORD: Duration = Duration::from_secs(5);

/// Connects standard input and output to a port of the target until one of the sides ends.
pub(crate) async fn proxy(
    context: Context<'_, '_>,
    target: Target,
    port: u16,
    reason: Option<String>,
    role: AssumedRole,
    signals: &mut Signals,
) -> Result<Exit, Error> {
    let document = context.customer.documents.ssh.clone();
    let request = Request {
        target,
        document: document.or_else(|| document::SSH.parse().ok()),
        parameters: parameters([("portNumber", port.to_string())]),
        reason,
        wait: None,
        kind: SessionKind::Proxy,
    };
    let client = async |session: Session<'_, '_>, signals: &mut Signals| {
        (run(session, port, signals).await, ())
    };
    host(context, &request, role, signals, client).await?.end
}

async fn run(session: Session<'_, '_>, port: u16, signals: &mut Signals) -> End {
    let streams = Keyboard::new().and_then(|keyboard| Ok((keyboard, Screen::new()?)));
    let (keyboard, screen) = match streams {
        Ok(streams) => streams,
        Err(error) => {
            let reason = format!("standard input and output cannot be used: {error}");
            return End::not_opened(reason, None);
        }
    };
    let context = session.context;
    let mut opening = Opening {
        context,
        few: Few::default(),
    };
    let opened = match Opened::complete(session, Accepts::Port, &mut opening, signals).await {
        Ok(opened) => opened,
        Err(end) => return end,
    };
    match &opened.session_type {
        SessionType::Port(port) if !is_many(port.mode) => {}
        _ => return other_type(Accepts::Port),
    }
    context.callbacks.hand_over();
    let mut stream = Stream {
        context,
        port,
        few: opening.few,
        line: opened.line,
        keyboard,
        screen,
        unsent: Vec::new(),
        input: Input::Open,
        heard: Instant::now(),
        has_sent: false,
    };
    let end = stream.carry(signals).await;
    stream.leave(end, signals).await
}

/// While the channel opens, standard input stays unread.
struct Opening<'a, 'i> {
    context: Context<'a, 'i>,
    few: Few,
}

impl Meanwhile for Opening<'_, '_> {
    fn prepare(&mut self, _: &mut Line<'_, '_>) {}

    /// ssh shows its own banner: a session document's message is not for it.
    fn show(&mut self, _: &str) {}

    fn warn(&mut self, text: &str) {
        if let Some(line) = self.few.line(text, Instant::now()) {
            self.context.callbacks.warn(&line);
        }
    }
}

/// Standard input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Input {
    Open,
    /// It has ended, and its last bytes are on their way.
    Ended,
    /// The far side has had all of it since then.
    Delivered(Instant),
}

struct Stream<'a, 'i> {
    context: Context<'a, 'i>,
    /// The port on the target.
    port: u16,
    /// Which of the far side's lines vendor-ssm prints.
    few: Few,
    line: Line<'a, 'i>,
    keyboard: Keyboard,
    screen: Screen,
    /// Bytes that wait for room in the channel.
    unsent: Vec<u8>,
    input: Input,
    /// When the far side last sent something.
    heard: Instant,
    /// Whether it has sent anything.
    has_sent: bool,
}

impl Stream<'_, '_> {
    async fn carry(&mut self, signals: &mut Signals) -> End {
        loop {
            let taken = self.line.send(&self.unsent);
            self.unsent.drain(..taken);
            if self.input == Input::Ended && self.unsent.is_empty() && self.line.is_flushed() {
                self.input = Input::Delivered(Instant::now());
            }
            let wants_input =
                self.input == Input::Open && self.unsent.is_empty() && self.line.room() > 0;
            let has_room = self.screen.has_room();
            tokio::select! {
                event = self.line.next(), if has_room => match event {
                    Ok(event) => if let Some(end) = self.event(event) { return end },
                    Err(lost) => return lost.into(),
                },
                read = self.keyboard.read(READ), if wants_input => {
                    self.unsent = read.unwrap_or_default();
                    if self.unsent.is_empty() {
                        self.input = Input::Ended;
                    }
                }
                written = self.screen.progress(), if self.screen.is_busy() => {
                    if written.is_err() { return End::OutputClosed }
                    self.heard = Instant::now();
                    if !has_room { self.line.stay(); }
                }
                ending = signals.next() => return End::Signal(ending),
                () = quiet(self.input, self.heard), if !self.screen.is_busy() => {
                    if !self.line.is_down() { return End::Finished }
                    // Nothing could be heard.
                    self.heard = Instant::now();
                }
            }
        }
    }

    fn event(&mut self, event: Event) -> Option<End> {
        match event {
            Event::Output(bytes) => self.write(bytes),
            Event::StdErr(bytes) => self.warn(String::from_utf8_lossy(&bytes).trim()),
            Event::Closed { output } => return Some(self.closed(output.trim())),
            Event::ConnectToPortFailed if !self.was_heard() => {
                let reason = format!("the target could not connect to its port {}", self.port);
                return Some(End::not_opened(reason, Some(self.hint())));
            }
            Event::ConnectToPortFailed => {
                self.warn("the target could not connect to the port again");
            }
            Event::NothingTaken if !self.was_heard() => {
                return Some(self.unheard("took no input for 20 s"));
            }
            Event::ExitCode(_) | Event::Acknowledged | Event::NothingTaken | Event::Resumed => {}
        }
        None
    }

    /// Warns of what the far side says, which may be without end.
    fn warn(&mut self, text: &str) {
        if let Some(line) = self.few.line(text, Instant::now()) {
            self.context.callbacks.warn(&line);
        }
    }

    /// Whether the port was connected, as far as this side can know.
    fn was_heard(&self) -> bool {
        self.has_sent || self.line.has_taken()
    }

    fn unheard(&self, what: &str) -> End {
        let reason = format!("port {} of the target {what}", self.port);
        End::not_opened(reason, Some(self.hint()))
    }

    fn hint(&self) -> String {
        format!(
            "ask the customer to check that something listens on port {} of the target, and that no firewall there is in the way",
            self.port
        )
    }

    /// The far side has ended the stream, if it gave no reason and took what it got;
    /// else it was never there, or was cut.
    fn closed(&self, said: &str) -> End {
        let was_heard = self.was_heard();
        let has_input = self.line.has_input() || !self.unsent.is_empty();
        match said {
            "" if was_heard || !has_input => End::Closed,
            "" => End::refused(
                format!("port {} of the target took no input", self.port),
                self.hint(),
            ),
            said if was_heard => End::closed_early(said),
            said => self.refused(said),
        }
    }

    /// The agent or the service says why the port was never connected.
    fn refused(&self, said: &str) -> End {
        if let Some(Unreached::Unresolved(host)) = Unreached::of(said) {
            let reason = format!("the target could not resolve \"{host}\": {said}");
            let hint = "ask the customer to check the host in their session document";
            return End::refused(reason, hint);
        }
        let reason = format!("port {} of the target: {said}", self.port);
        End::refused(reason, self.hint())
    }

    fn write(&mut self, bytes: Bytes) {
        self.heard = Instant::now();
        self.has_sent = true;
        self.screen.write(bytes);
    }

    /// What came before the end is written;
    /// neither a signal nor a session that has still to be ended waits for it.
    async fn leave(mut self, end: End, signals: &mut Signals) -> End {
        if let Some(rest) = self.few.rest() {
            self.context.callbacks.warn(&rest);
        }
        match end {
            End::Failed {
                is_closed: false, ..
            } => {
                let _ = tokio::time::timeout(LAST_OUTPUT, self.screen.drain()).await;
            }
            End::Closed
            | End::Failed {
                is_closed: true, ..
            } => match signals.guard(self.screen.drain()).await {
                Err(ending) => return End::Signal(ending),
                Ok(Err(_)) if matches!(end, End::Closed) => return End::OutputClosed,
                Ok(_) => {}
            },
            // Nothing went either way yet: whether the port is connected shows now.
            End::Finished if !self.was_heard() => {
                let is_heard = self.line.farewell_within(FIRST_WORD).await;
                if !is_heard {
                    return self.unheard("did not answer");
                }
            }
            End::Signal(_) | End::Finished | End::OutputClosed => self.line.farewell().await,
            _ => {}
        }
        end
    }
}

/// Whether the session's bytes are those of many connections.
fn is_many(mode: PortMode) -> bool {
    matches!(mode, PortMode::Multiplexed { .. })
}

/// Once the input has ended, the far side may answer for as long as it does.
async fn quiet(input: Input, heard: Instant) {
    match input {
        Input::Delivered(since) => sleep_until((since.max(heard) + QUIET).into()).await,
        Input::Open | Input::Ended => std::future::pending().await,
    }
}
