//! A command's client: output on its way to the outlet, the exit status, and an early end.

use std::time::{Duration, Instant};

use crate::channel::Bytes;
use crate::session::error::fault::Fault;
use crate::session::ledger::end::End;
use crate::session::link::event::Event;
use crate::session::link::line::Line;
use crate::session::link::open::Meanwhile;
use crate::session::link::timer::until;
use crate::session::live::Session;
use crate::signals::{Ending, Signals};

use super::ahead::Unkept;
use super::output::Outlet;
use super::piece::Stream;
use super::through_shell::Finder;

/// How long the service may take to close the channel of a command that has ended.
const CLOSING: Duration = Duration::from_secs(10);
/// Within this time a second Ctrl-C ends the session.
const TWICE: Duration = Duration::from_secs(2);
/// Ctrl-C, as a terminal types it; the agent makes a SIGINT of it.
const INTERRUPT: u8 = 0x03;

/// What a command's client saw.
#[derive(Debug, Default)]
pub(crate) struct Made {
    /// -1 where a signal killed it.
    pub exit_code: Option<i64>,
    /// Whether it took longer than it may.
    pub timed_out: bool,
    /// The limit in bytes that one of its streams went beyond.
    pub too_much: Option<usize>,
    /// Why its output cannot be kept for its reader.
    pub unkept: Option<Fault>,
}

/// What is typed into a shell, and what finds the command's part in its output.
pub(crate) struct Typed {
    pub bytes: Vec<u8>,
    pub finder: Finder,
}

/// A command's client.
pub(crate) struct Running<'a, 'i> {
    session: Session<'a, 'i>,
    outlet: &'a Outlet,
    /// How many bytes each stream has brought.
    given: [usize; 2],
    /// Set if an interactive shell runs the command.
    finder: Option<Finder>,
    /// Bytes that wait for room in the channel.
    unsent: Vec<u8>,
    /// What was seen so far.
    pub made: Made,
    timeout: Option<Duration>,
    /// When the command has taken too long.
    deadline: Option<Instant>,
    /// Whether the size has still to be told.
    tells_size: bool,
    /// Whether the outlet kept the line from being heard while it wrote to its file.
    was_full: bool,
    /// When the exit status came, or was last followed by output.
    told: Option<Instant>,
    interrupted: Option<Instant>,
}

impl Meanwhile for Running<'_, '_> {
    fn connected(&mut self) -> Result<(), End> {
        self.session.context.callbacks.hand_over();
        self.deadline = self.timeout.map(|timeout| Instant::now() + timeout);
        Ok(())
    }

    fn prepare(&mut self, line: &mut Line<'_, '_>) {
        if std::mem::take(&mut self.tells_size) {
            // Nothing has a size here. An acknowledgement shows that the agent is there, and a
            // shell breaks nothing into lines at this width.
            line.resize(300, 100);
        }
        if std::mem::take(&mut self.was_full) {
            line.stay();
        }
        let taken = line.send(&self.unsent);
        self.unsent.drain(..taken);
    }

    async fn wait(&mut self) -> Option<End> {
        let deadline = self.deadline.filter(|_| self.told.is_none());
        let closing = self.told.map(|told| told + CLOSING);
        let is_full = !self.outlet.has_room();
        tokio::select! {
            room = self.outlet.room() => match room {
                Ok(()) => {
                    self.was_full = true;
                    self.told = self.told.map(|_| Instant::now());
                    None
                }
                Err(Unkept::Closed) => Some(End::OutputClosed),
                Err(Unkept::Fault(fault)) => {
                    self.made.unkept = Some(fault);
                    Some(End::Finished)
                }
            },
            () = until(deadline) => {
                self.made.timed_out = true;
                Some(End::Finished)
            }
            () = until(closing), if !is_full => Some(End::Finished),
        }
    }

    /// On a terminal the first Ctrl-C is the command's, as it would be on this machine.
    fn signalled(&mut self, ending: Ending) -> Option<End> {
        let os = self.session.context.os;
        let is_keyboard = ending == Ending::INTERRUPT && (os.stdin_terminal || os.stderr_terminal);
        let again = self.interrupted.is_some_and(|at| at.elapsed() < TWICE);
        if !is_keyboard || again {
            return Some(End::Signal(ending));
        }
        self.interrupted = Some(Instant::now());
        self.unsent.push(INTERRUPT);
        self.show(&format!(
            "sent Ctrl-C to the command; press it again within {} s to end its session",
            TWICE.as_secs()
        ));
        None
    }

    fn show(&mut self, text: &str) {
        self.session.context.callbacks.say(text);
    }
}

impl<'a, 'i: 'a> Running<'a, 'i> {
    pub(crate) fn new(
        session: Session<'a, 'i>,
        outlet: &'a Outlet,
        typed: Option<Typed>,
        timeout: Option<Duration>,
    ) -> Self {
        let (unsent, finder) = typed.map(|typed| (typed.bytes, typed.finder)).unzip();
        Self {
            session,
            outlet,
            given: [0; 2],
            finder,
            unsent: unsent.unwrap_or_default(),
            made: Made::default(),
            timeout,
            deadline: None,
            tells_size: true,
            was_full: false,
            told: None,
            interrupted: None,
        }
    }

    /// Stays until the command has ended, or has to be stopped.
    pub(crate) async fn run(&mut self, line: &mut Line<'_, '_>, signals: &mut Signals) -> End {
        loop {
            self.prepare(line);
            let has_room = self.outlet.has_room();
            tokio::select! {
                event = line.next(), if has_room => match event {
                    Ok(event) => if let Some(end) = self.event(event) { return end },
                    Err(lost) => return lost.into(),
                },
                end = self.wait() => if let Some(end) = end { return end },
                ending = signals.next() => if let Some(end) = self.signalled(ending) { return end },
            }
        }
    }

    fn event(&mut self, event: Event) -> Option<End> {
        match event {
            Event::Output(bytes) => {
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
                self.give(Stream::Output, bytes)
            }
            Event::StdErr(bytes) => self.give(Stream::Errors, bytes),
            // The agent's word on why a program did not start may still follow.
            Event::ExitCode(code) => {
                self.exited(code);
                None
            }
            Event::Closed { .. } if self.made.exit_code.is_some() => Some(End::Closed),
            Event::Closed { output } => Some(End::closed_early(self.without_status(output.trim()))),
            Event::ConnectToPortFailed
            | Event::Acknowledged
            | Event::NothingTaken
            | Event::Resumed => None,
        }
    }

    /// Why the session ended without an exit status.
    fn without_status(&self, said: &str) -> String {
        let why = match (&self.finder, said) {
            (_, said) if !said.is_empty() => said,
            (None, _) => "only a session document that separates its output streams reports it",
            (Some(finder), _) if finder.has_begun() => "its shell exited before the command",
            (Some(_), _) => "the shell did not run it; it may not be a POSIX shell",
        };
        format!("the session ended without the command's exit status: {why}")
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
        self.told = self.told.map(|_| Instant::now());
        self.outlet.give(stream, &bytes);
        None
    }
}
