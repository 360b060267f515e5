//! One TCP stream between standard input and output and a port of an instance, for ssh's ProxyCommand: nothing but the
//! stream is read or written, and not a byte of it is touched.

use std::time::Instant;

use tokio::time::sleep_until;

use crate::channel::{Accepts, Bytes, Event, PortMode, SessionType};
use crate::exit::Exit;
use crate::identity::AssumedRole;
use crate::names::document;
use crate::signals::Signals;

use super::end::{End, LAST_OUTPUT};
use super::forward::{HANDSHAKE, QUIET, farewell, no_port, parameters, unopened};
use super::journal::SessionKind;
use super::keyboard::Keyboard;
use super::line::Line;
use super::screen::Screen;
use super::start::Started;
use super::{Error, Request, Stage, Target, host, opening};

/// The most that is read from standard input at once.
const READ: usize = 16 << 10;

/// Connects standard input and output to a port of the target until one of the sides ends.
pub async fn proxy(
    stage: Stage<'_, '_>,
    target: Target,
    port: u16,
    reason: Option<String>,
    role: AssumedRole,
    signals: &mut Signals,
) -> Result<Exit, Error> {
    let document = stage.customer.documents.ssh.clone();
    let request = Request {
        target,
        document: document.or_else(|| document::SSH.parse().ok()),
        parameters: parameters([("portNumber", port.to_string())]),
        reason,
        wait: None,
        kind: SessionKind::Proxy,
    };
    let client = async |started: &Started, signals: &mut Signals| {
        let end = run(stage, &request, started, signals).await;
        (end, ())
    };
    host(stage, &request, role, signals, client).await?.end
}

async fn run(
    stage: Stage<'_, '_>,
    request: &Request,
    started: &Started,
    signals: &mut Signals,
) -> End {
    let line = match signals
        .guard(Line::open(stage, request, started, Accepts::Port))
        .await
    {
        Err(ending) => return End::Signal(ending),
        Ok(Err(error)) => return opening::failed(&error),
        Ok(Ok(line)) => line,
    };
    let (keyboard, screen) =
        match Keyboard::new().and_then(|keyboard| Ok((keyboard, Screen::new()?))) {
            Ok(opened) => opened,
            Err(error) => {
                return End::NotOpened {
                    reason: format!("standard input and output cannot be used: {error}"),
                    hint: None,
                };
            }
        };
    let mut stream = Stream {
        stage,
        line,
        keyboard,
        screen,
        unsent: Vec::new(),
        is_open: false,
        input: Input::Open,
        refused: None,
        heard: Instant::now(),
        was_heard: false,
    };
    let end = stream.carry(signals).await;
    stream.leave(end, signals).await
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
    stage: Stage<'a, 'i>,
    line: Line<'a, 'i>,
    keyboard: Keyboard,
    screen: Screen,
    /// Bytes that wait for room in the channel.
    unsent: Vec<u8>,
    /// Whether the handshake is complete.
    is_open: bool,
    input: Input,
    /// What the agent asked of us that we cannot do.
    refused: Option<String>,
    /// When the far side last sent something.
    heard: Instant,
    /// Whether it has sent anything.
    was_heard: bool,
}

impl Stream<'_, '_> {
    async fn carry(&mut self, signals: &mut Signals) -> End {
        let opened = Instant::now();
        loop {
            let taken = self.line.send(&self.unsent);
            self.unsent.drain(..taken);
            if self.input == Input::Ended && self.unsent.is_empty() && self.line.is_flushed() {
                self.input = Input::Delivered(Instant::now());
            }
            let wants_input = self.is_open
                && self.input == Input::Open
                && self.unsent.is_empty()
                && self.line.room() > 0;
            let has_room = self.screen.has_room();
            tokio::select! {
                event = self.line.next(), if has_room => match event {
                    Ok(event) => if let Some(end) = self.event(event) { return end },
                    Err(lost) => return End::Lost { reason: lost.to_string() },
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
                () = sleep_until((opened + HANDSHAKE).into()), if !self.is_open => return unopened(),
            }
        }
    }

    fn event(&mut self, event: Event) -> Option<End> {
        match event {
            Event::Output(bytes) => self.write(bytes),
            Event::HandshakeComplete { .. } => {
                self.is_open = true;
                self.stage.callbacks.hand_over();
            }
            Event::StdErr(bytes) => self
                .stage
                .callbacks
                .warn(String::from_utf8_lossy(&bytes).trim()),
            Event::ActionRefused { action_type, error } => {
                self.refused = Some(format!(
                    "the session asks for {action_type}, which this client cannot do: {error}"
                ));
            }
            Event::Closed { output } if self.is_open => return Some(self.closed(output.trim())),
            Event::Closed { output } => {
                return Some(opening::closed(self.refused.take(), output.trim()));
            }
            Event::SessionType(SessionType::Port(port)) if !is_many(port.mode) => {}
            Event::SessionType(_) => return Some(no_port()),
            Event::ConnectToPortFailed => {
                self.stage.callbacks.warn("the target could not connect: nothing listens there, or a firewall is in the way");
            }
            // AWS encrypts no port sessions, and their documents cannot ask for it.
            Event::DataKeyWanted { .. } => self.line.data_key(Err("ports are not encrypted")),
            Event::Forged | Event::ExitCode(_) | Event::Acknowledged => {}
        }
        None
    }

    /// The far side has ended the stream, where nothing is said; else it was never there, or was cut.
    fn closed(&self, text: &str) -> End {
        let reason = text.to_owned();
        match (text, self.was_heard) {
            ("", _) => End::Closed,
            (_, true) => End::ClosedEarly { reason },
            (_, false) => End::Refused {
                reason,
                hint: "the customer checks that something listens there on the target".to_owned(),
            },
        }
    }

    fn write(&mut self, bytes: Bytes) {
        self.heard = Instant::now();
        self.was_heard = true;
        self.screen.write(bytes);
    }

    /// What came before the end is written; neither a signal nor a session that has still to be ended waits for it.
    async fn leave(mut self, end: End, signals: &mut Signals) -> End {
        match end {
            End::Lost { .. } => {
                let _ = tokio::time::timeout(LAST_OUTPUT, self.screen.drain()).await;
            }
            End::Closed | End::ClosedEarly { .. } => {
                match signals.guard(self.screen.drain()).await {
                    Err(ending) => return End::Signal(ending),
                    Ok(Err(_)) if matches!(end, End::Closed) => return End::OutputClosed,
                    Ok(_) => {}
                }
            }
            End::Signal(_) | End::Finished | End::OutputClosed => farewell(&mut self.line).await,
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
