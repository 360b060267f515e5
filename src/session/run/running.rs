//! A command's client: its output on its way to the outlet, its exit status, and what ends it before.

use std::time::{Duration, Instant};

use crate::channel::{Bytes, Event, SessionType};
use crate::session::end::End;
use crate::session::line::Line;
use crate::session::start::Started;
use crate::session::{Request, Stage, encryption, opening};
use crate::signals::{Ending, Signals};

use super::output::{Outlet, Piece, Stream};
use super::through_shell::Finder;

/// With no message at all for so long after opening, nobody is there.
const FIRST_MESSAGE: Duration = Duration::from_secs(20);
/// How long the service may take to close the channel of a command that has ended.
const CLOSING: Duration = Duration::from_secs(10);
/// Within this time a second Ctrl-C is for us.
const TWICE: Duration = Duration::from_secs(2);
/// Ctrl-C, as a terminal types it; the agent makes a SIGINT of it.
const INTERRUPT: u8 = 0x03;

/// What a command's client saw.
#[derive(Debug, Default)]
pub(super) struct Made {
    /// -1 where a signal killed it.
    pub exit_code: Option<i64>,
    /// Whether it took longer than it may.
    pub timed_out: bool,
    /// The limit in bytes that one of its streams went beyond.
    pub too_much: Option<usize>,
}

/// What is typed into a shell, and what finds the command's part in its output.
pub(super) struct Typed {
    pub bytes: Vec<u8>,
    pub finder: Finder,
}

/// A command whose session is open.
pub(super) struct Running<'a, 'i> {
    session: (Stage<'a, 'i>, &'a Request, &'a Started),
    line: Line<'a, 'i>,
    outlet: &'a Outlet,
    /// What waits for the outlet.
    piece: Option<Piece>,
    /// How many bytes each stream has brought.
    given: [usize; 2],
    /// Where an interactive shell runs it.
    finder: Option<Finder>,
    /// Bytes that wait for room in the channel.
    unsent: Vec<u8>,
    /// What was seen so far.
    pub made: Made,
    /// Whether the remote side has begun.
    is_open: bool,
    /// What it asked of us that we cannot do.
    refused: Option<String>,
    opened: Instant,
    deadline: Option<Instant>,
    /// When the exit status came, or was last followed by output.
    told: Option<Instant>,
    interrupted: Option<Instant>,
}

impl<'a, 'i: 'a> Running<'a, 'i> {
    pub(super) fn new(
        session: (Stage<'a, 'i>, &'a Request, &'a Started),
        mut line: Line<'a, 'i>,
        outlet: &'a Outlet,
        typed: Option<Typed>,
        timeout: Option<Duration>,
    ) -> Self {
        // Nothing has a size here; that it is acknowledged shows that somebody is there. Wide enough that
        // a shell breaks nothing into lines.
        line.resize(300, 100);
        let (unsent, finder) = typed.map(|typed| (typed.bytes, typed.finder)).unzip();
        let opened = Instant::now();
        Self {
            session,
            line,
            outlet,
            piece: None,
            given: [0; 2],
            finder,
            unsent: unsent.unwrap_or_default(),
            made: Made::default(),
            is_open: false,
            refused: None,
            opened,
            deadline: timeout.map(|timeout| opened + timeout),
            told: None,
            interrupted: None,
        }
    }

    /// Stays until the command has ended, or has to be given up.
    pub(super) async fn run(&mut self, signals: &mut Signals) -> End {
        loop {
            let taken = self.line.send(&self.unsent);
            self.unsent.drain(..taken);
            tokio::select! {
                room = self.outlet.pieces.reserve(), if self.piece.is_some() => match room {
                    Ok(room) => {
                        if let Some(piece) = self.piece.take() { room.send(piece) }
                        // Nothing could be heard until now.
                        self.line.stay();
                        self.told = self.told.map(|_| Instant::now());
                    }
                    Err(_) => return End::OutputClosed,
                },
                event = self.line.next(), if self.piece.is_none() => match event {
                    Ok(event) => if let Some(end) = self.event(event, signals).await { return end },
                    Err(lost) => return End::Lost { reason: lost.to_string() },
                },
                ending = signals.next() => if let Some(end) = self.signalled(ending) { return end },
                () = sleep_until(Some(self.opened + FIRST_MESSAGE)), if !self.line.has_heard() => {
                    return End::NotOpened {
                        reason: format!("nothing was heard from the target in {} s", FIRST_MESSAGE.as_secs()),
                        hint: Some("its agent may be hanging; try again, or ask the customer to restart it".to_owned()),
                    };
                }
                () = sleep_until(self.deadline), if self.told.is_none() => {
                    self.made.timed_out = true;
                    return End::Finished;
                }
                () = sleep_until(self.told.map(|told| told + CLOSING)), if self.piece.is_none() => {
                    return End::Finished;
                }
            }
        }
    }

    async fn event(&mut self, event: Event, signals: &mut Signals) -> Option<End> {
        match event {
            Event::Output(bytes) => {
                self.is_open = true;
                let bytes = match &mut self.finder {
                    None => bytes,
                    Some(finder) => {
                        let bytes = finder.take(&bytes).into();
                        if let Some(status) = finder.status() {
                            self.exited(status.into());
                        }
                        bytes
                    }
                };
                return self.give(Stream::Output, bytes);
            }
            Event::StdErr(bytes) => {
                self.is_open = true;
                return self.give(Stream::Errors, bytes);
            }
            // The agent's word on why a program did not start may still follow.
            Event::ExitCode(code) => self.exited(code),
            Event::HandshakeComplete { customer_message } => {
                self.is_open = true;
                if !customer_message.is_empty() {
                    self.session.0.callbacks.say(&customer_message);
                }
            }
            Event::ActionRefused { action_type, error } => {
                self.refused = Some(format!(
                    "the session asks for {action_type}, which this client cannot do: {error}"
                ));
            }
            Event::Closed { .. } if self.made.exit_code.is_some() => return Some(End::Closed),
            Event::Closed { output } if self.is_open => {
                return Some(End::ClosedEarly {
                    reason: self.without_status(output.trim()),
                });
            }
            Event::Closed { output } => {
                return Some(opening::closed(self.refused.take(), output.trim()));
            }
            Event::SessionType(SessionType::Terminal) if self.finder.is_none() => {
                return Some(End::Lost {
                    reason: "its session document opens a terminal, and no command with streams of its own".to_owned(),
                });
            }
            Event::DataKeyWanted { key_id, challenge } => {
                let (stage, request, started) = self.session;
                let line = &mut self.line;
                let agreed = encryption::agree(stage, request, started, line, key_id, challenge);
                return signals
                    .guard(agreed)
                    .await
                    .unwrap_or_else(|ending| Some(End::Signal(ending)));
            }
            Event::Forged => {
                return Some(End::Lost {
                    reason: "what came is not encrypted with the session's key".to_owned(),
                });
            }
            Event::SessionType(_) | Event::ConnectToPortFailed | Event::Acknowledged => {}
        }
        None
    }

    /// Why the end told no exit status.
    fn without_status(&self, said: &str) -> String {
        let why = match (&self.finder, said) {
            (_, said) if !said.is_empty() => said,
            (None, _) => "only a session document that separates its output streams tells it",
            (Some(finder), _) if finder.has_begun() => "its shell ended before it",
            (Some(_), _) => "its shell did not take it, which is no POSIX shell perhaps",
        };
        format!("it ended without the command's exit status: {why}")
    }

    fn exited(&mut self, code: i64) {
        self.made.exit_code.get_or_insert(code);
        self.told.get_or_insert_with(Instant::now);
    }

    fn give(&mut self, stream: Stream, bytes: Bytes) -> Option<End> {
        if bytes.is_empty() {
            return None;
        }
        let given = &mut self.given[stream as usize];
        *given += bytes.len();
        if let Some(most) = self.outlet.most.filter(|most| *given > *most) {
            self.made.too_much = Some(most);
            return Some(End::Finished);
        }
        self.piece = Some(Piece {
            command: self.outlet.command,
            stream,
            bytes,
        });
        None
    }

    /// On a terminal the first Ctrl-C is the command's, as it would be here.
    fn signalled(&mut self, ending: Ending) -> Option<End> {
        let stage = self.session.0;
        let os = stage.os;
        let is_keyboard = ending == Ending::INTERRUPT && (os.stdin_terminal || os.stderr_terminal);
        let again = self.interrupted.is_some_and(|at| at.elapsed() < TWICE);
        if !is_keyboard || again {
            return Some(End::Signal(ending));
        }
        self.interrupted = Some(Instant::now());
        self.unsent.push(INTERRUPT);
        stage.callbacks.say(&format!(
            "Ctrl-C went to the command; once more within {} s ends its session",
            TWICE.as_secs()
        ));
        None
    }

    /// Hands on what is left, and that it was the last. Where the session has still to be ended, that does
    /// not wait for whoever takes the output, and a signal never does.
    pub(super) async fn leave(&mut self, end: &End, signals: &mut Signals) {
        let last = Piece {
            command: self.outlet.command,
            stream: Stream::Output,
            bytes: Bytes::new(),
        };
        for piece in self.piece.take().into_iter().chain([last]) {
            if end.is_over() {
                let _ = signals.guard(self.outlet.pieces.send(piece)).await;
            } else {
                let _ = self.outlet.pieces.try_send(piece);
            }
        }
    }
}

async fn sleep_until(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => tokio::time::sleep_until(deadline.into()).await,
        None => std::future::pending().await,
    }
}
