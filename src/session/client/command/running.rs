//! A command's client: output on its way to the outlet, the exit status, and an early end.

use std::time::{Duration, Instant};

use crate::channel::Bytes;
use crate::names::document;
use crate::session::error::{fault::Fault, hint};
use crate::session::ledger::end::End;
use crate::session::link::event::Event;
use crate::session::link::line::Line;
use crate::session::link::open::{HANGING, Meanwhile};
use crate::session::link::timer::until;
use crate::session::live::Session;
use crate::signals::{Ending, Signals};

use super::ahead::Unkept;
use super::output::Outlet;
use super::piece::Stream;
use super::through_shell::Finder;

/// How long the service may take to close the channel of a command that has ended.
const CLOSING: Duration = Duration::from_secs(10);
/// How long an interactive shell may show nothing after its session was dialled.
/// Such a session has no handshake (protocol.md 0.5), and its first output is the shell's prompt.
const FIRST_OUTPUT: Duration = Duration::from_secs(40);
/// Within this time a second Ctrl-C ends the session.
const TWICE: Duration = Duration::from_secs(2);
/// Ctrl-C, as a terminal types it; the agent makes a SIGINT of it.
const INTERRUPT: u8 = 0x03;
/// The exit status that the agent reports for a command that it cannot start.
const NOT_STARTED: i64 = 1;
/// The most of the agent's reason that is kept, in bytes.
const LONGEST_REASON: usize = 1 << 10;
/// How the agent's last words begin if it has started nothing.
/// Source: amazon-ssm-agent, `execute` and `processCommandsWithExec` in
/// `agent/session/shell/shell.go`, and `validateProperties` in
/// `agent/session/plugins/singlecommand/singlecommand_windows.go` and `…_unix.go`.
const NEVER_STARTED: [&str; 3] = [
    hint::NO_COMMANDS,
    "Unable to start command:",
    "Error occurred starting the command:",
];

/// What a command's client saw.
#[derive(Debug, Default)]
pub(crate) struct Made {
    /// The exit status as the agent reported it; -1 where a signal killed the command.
    pub exit_code: Option<i64>,
    /// How many bytes each stream has brought.
    pub given: [usize; 2],
    /// Why the agent did not start the command, in its own words. Hostile text.
    pub not_started: Option<String>,
    /// Whether its connection was lost and resumed before its exit status came.
    /// Then the agent may have stopped reading its output.
    pub was_resumed: bool,
    /// Whether a Ctrl-C was passed on to it.
    pub was_interrupted: bool,
    /// Whether it took longer than it may.
    pub timed_out: bool,
    /// The limit in bytes that one of its streams went beyond.
    pub too_much: Option<usize>,
    /// Why its output cannot be kept for its reader.
    pub unkept: Option<Fault>,
}

impl Made {
    /// Whether its exit status may mean that the agent did not start it.
    pub(crate) fn may_be_unstarted(&self) -> bool {
        self.exit_code == Some(NOT_STARTED) && self.given == [0; 2]
    }
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
    /// Since when the outlet has no room, and the line is not heard.
    full_since: Option<Instant>,
    /// Set if an interactive shell runs the command.
    finder: Option<Finder>,
    /// Bytes that wait for room in the channel.
    unsent: Vec<u8>,
    /// What was seen so far.
    pub made: Made,
    timeout: Option<Duration>,
    /// When the command has taken too long.
    deadline: Option<Instant>,
    /// When it is too late for the first output of a shell, until the session is open.
    opens_until: Option<Instant>,
    /// Whether the size has still to be told.
    tells_size: bool,
    /// Whether the outlet kept the line from being heard while it wrote to its file.
    was_full: bool,
    /// When the exit status came.
    told: Option<Instant>,
    /// What the agent said after the exit status of a command without output.
    reason: Vec<u8>,
    /// When a Ctrl-C was last passed on.
    interrupted: Option<Instant>,
}

impl Meanwhile for Running<'_, '_> {
    fn connected(&mut self) -> Result<(), End> {
        self.session.context.callbacks.hand_over();
        let now = Instant::now();
        self.deadline = self.timeout.map(|timeout| now + timeout);
        self.opens_until = self.finder.is_some().then(|| now + FIRST_OUTPUT);
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
        if is_full {
            self.full_since.get_or_insert_with(Instant::now);
        }
        tokio::select! {
            room = self.outlet.room() => match room {
                Ok(()) => {
                    self.was_full = true;
                    // Only the time in which the line is heard counts.
                    let unheard = self.full_since.take().map(|since| since.elapsed());
                    self.told = self.told.map(|told| told + unheard.unwrap_or_default());
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
            () = until(self.opens_until) => {
                let reason = format!("the target's shell showed nothing for {} s", FIRST_OUTPUT.as_secs());
                Some(End::not_opened(reason, Some(HANGING.to_owned())))
            }
        }
    }

    /// On a terminal the first Ctrl-C is the command's, as it would be on this machine.
    fn signalled(&mut self, ending: Ending) -> Option<End> {
        let os = self.session.context.os;
        let is_keyboard = ending == Ending::INTERRUPT && (os.stdin_terminal || os.stderr_terminal);
        let again = self.interrupted.is_some_and(|at| at.elapsed() < TWICE);
        if !is_keyboard || again || self.told.is_some() {
            return Some(End::Signal(ending));
        }
        self.interrupted = Some(Instant::now());
        self.made.was_interrupted = true;
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
            full_since: None,
            finder,
            unsent: unsent.unwrap_or_default(),
            made: Made::default(),
            timeout,
            deadline: None,
            opens_until: None,
            tells_size: true,
            was_full: false,
            told: None,
            reason: Vec::new(),
            interrupted: None,
        }
    }

    /// Stays until the command has ended, or has to be stopped.
    pub(crate) async fn run(&mut self, line: &mut Line<'_, '_>, signals: &mut Signals) -> End {
        self.opens_until = None;
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
                self.give(Stream::Output, &bytes)
            }
            Event::StdErr(bytes) if self.tells_reason() => {
                self.explain(&bytes);
                None
            }
            Event::StdErr(bytes) => self.give(Stream::Errors, &bytes),
            // The agent's word on why a program did not start may still follow.
            Event::ExitCode(code) => {
                self.exited(code);
                None
            }
            Event::Closed { output } => Some(self.closed(output.trim())),
            Event::Resumed => {
                self.resumed();
                None
            }
            Event::ConnectToPortFailed | Event::Acknowledged | Event::NothingTaken => None,
        }
    }

    /// Whether standard error that comes now is the agent's reason for not starting the command.
    /// A command's own standard error always comes before its exit status. The agent reports a
    /// command that it cannot start as exit status 1, and says why a second later
    /// (amazon-ssm-agent, `processCommandsWithOutputStreamSeparate` and `sendErrorToDataChannel` in
    /// `agent/session/shell/shell.go`).
    fn tells_reason(&self) -> bool {
        self.finder.is_none() && self.made.may_be_unstarted()
    }

    fn explain(&mut self, bytes: &[u8]) {
        let room = LONGEST_REASON.saturating_sub(self.reason.len());
        self.reason
            .extend_from_slice(&bytes[..bytes.len().min(room)]);
        let reason = String::from_utf8_lossy(&self.reason).trim().to_owned();
        self.made.not_started = Some(reason);
    }

    /// The service has closed the channel.
    fn closed(&mut self, said: &str) -> End {
        if self.made.exit_code.is_some() {
            return End::Closed;
        }
        if NEVER_STARTED.iter().any(|begin| said.starts_with(begin)) {
            self.made.not_started = Some(said.to_owned());
            return End::Closed;
        }
        End::closed_early(self.without_status(said))
    }

    /// Why the session ended without an exit status.
    fn without_status(&self, said: &str) -> String {
        let document = self.session.request.document.as_ref();
        let why = match (&self.finder, document) {
            _ if !said.is_empty() => said.to_owned(),
            (Some(finder), _) if finder.has_begun() => {
                "its shell exited before the command".to_owned()
            }
            (Some(_), _) => "the shell did not run it; it may not be a POSIX shell".to_owned(),
            (None, _) if self.made.was_resumed => {
                "the agent reports none if the connection is lost when the command exits".to_owned()
            }
            (None, Some(document))
                if document.as_str() != document::COMMAND
                    && self.made.given[Stream::Errors as usize] == 0 =>
            {
                format!(
                    "the session document {document} may not separate its output streams, and then the agent reports none"
                )
            }
            (None, _) => "vendor-ssm received none".to_owned(),
        };
        format!("the session ended without the command's exit status: {why}")
    }

    /// Another connection has taken the place of a lost one.
    ///
    /// While there is no client, the agent's readers of the command's output end for good
    /// (amazon-ssm-agent, `setupRoutineToWriteCmdPipelineOutput` in
    /// `agent/session/shell/shell.go`). Those of a terminal wait.
    fn resumed(&mut self) {
        if self.finder.is_some() || self.made.exit_code.is_some() {
            return;
        }
        if !std::mem::replace(&mut self.made.was_resumed, true) {
            self.session.context.callbacks.warn(
                "the connection was lost and resumed: output of the command may be missing. If the command writes more, it may stand still and never end; --timeout limits that wait",
            );
        }
    }

    fn exited(&mut self, code: i64) {
        self.made.exit_code.get_or_insert(code);
        self.told.get_or_insert_with(Instant::now);
    }

    fn give(&mut self, stream: Stream, bytes: &Bytes) -> Option<End> {
        if bytes.is_empty() {
            return None;
        }
        let given = &mut self.made.given[stream as usize];
        *given += bytes.len();
        if let Some(most) = self.outlet.most.filter(|most| *given > *most) {
            self.made.too_much = Some(most);
            return Some(End::Finished);
        }
        self.outlet.give(stream, bytes);
        None
    }
}
