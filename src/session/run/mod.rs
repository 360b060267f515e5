//! One command on one target, without a terminal: its two streams apart and byte for byte, its exit status
//! to the letter, its session accounted for. It is given no input.

mod fault;
mod output;
mod running;
mod through_shell;
mod words;

use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::channel::Accepts;
use crate::identity::AssumedRole;
use crate::names::{DocumentName, document};
use crate::signals::Signals;

use super::end::End;
use super::journal::SessionKind;
use super::line::Line;
use super::start::Started;
use super::{Error, Hosted, Request, Stage, Target, host, opening};
use running::{Made, Running, Typed};
use through_shell::Finder;

pub use fault::Fault;
pub use output::{Outlet, Piece, Pieces, Stream, outlets};
pub use words::Unsendable;

/// What is to be run, and how.
#[derive(Debug, Clone)]
pub struct Command<'a> {
    /// The program and its arguments; on Windows the words of a PowerShell script.
    pub words: &'a [String],
    /// Whether an interactive shell runs it, where no document for commands is granted.
    pub through_shell: bool,
    /// Why, for the customer's CloudTrail.
    pub reason: Option<&'a str>,
    /// Seconds to wait for the target's agent to connect.
    pub wait: Option<u32>,
    /// The longest that it may take once its session was started.
    pub timeout: Option<Duration>,
}

/// How a command went.
#[derive(Debug)]
pub struct Done {
    /// The session, if there was one.
    pub session_id: Option<String>,
    /// What became of it.
    pub status: Status,
    /// What went wrong on our side, or on the way.
    pub error: Option<Error>,
    /// How long it took, the session's start and end included.
    pub took: Duration,
}

/// What became of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// It ended with this exit status.
    Exited(i64),
    /// A signal killed it.
    Signalled,
    /// It took too long.
    TimedOut,
    /// It was not started.
    NotStarted,
    /// Nobody knows how it ended.
    Lost,
    /// Nor whether it has.
    MayStillBeOpen,
}

impl Status {
    /// Its name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Exited(_) => "exited",
            Self::Signalled => "signalled",
            Self::TimedOut => "timed-out",
            Self::NotStarted => "not-started",
            Self::Lost => "lost",
            Self::MayStillBeOpen => "may-still-be-open",
        }
    }
}

/// Runs a command and stays until its session has ended.
pub async fn run(
    stage: Stage<'_, '_>,
    target: &Target,
    command: &Command<'_>,
    role: AssumedRole,
    outlet: Outlet,
    signals: &mut Signals,
) -> Done {
    let began = Instant::now();
    let (request, typed) = match asked(stage, target, command) {
        Ok(asked) => asked,
        Err(fault) => {
            return Done {
                session_id: None,
                status: Status::NotStarted,
                error: Some(failed(stage, target, None, fault)),
                took: began.elapsed(),
            };
        }
    };
    let request = &request;
    let pieces = &outlet;
    let client = async |started: &Started, signals: &mut Signals| {
        stage.callbacks.step("opening the data channel…");
        let accepts = if command.through_shell {
            Accepts::Terminal
        } else {
            Accepts::Command
        };
        let opening = Line::open(stage, request, started, accepts);
        let opened = match signals.guard(opening).await {
            Err(ending) => return (End::Signal(ending), Made::default()),
            Ok(Err(error)) => return (opening::failed(&error), Made::default()),
            Ok(Ok(line)) => line,
        };
        stage.callbacks.hand_over();
        let session = (stage, request, started);
        let mut running = Running::new(session, opened, pieces, typed, command.timeout);
        let end = running.run(signals).await;
        running.leave(&end, signals).await;
        (end, running.made)
    };
    let hosted = host(stage, request, role, signals, client).await;
    done(stage, target, command, hosted, began.elapsed())
}

/// What StartSession is asked for, and what is then typed.
fn asked(
    stage: Stage<'_, '_>,
    target: &Target,
    command: &Command<'_>,
) -> Result<(Request, Option<Typed>), Fault> {
    let is_windows = target.windows == Some(true);
    let documents = &stage.customer.documents;
    let mut request = Request {
        target: target.clone(),
        document: documents.shell.clone(),
        parameters: std::collections::BTreeMap::new(),
        reason: command.reason.map(str::to_owned),
        wait: command.wait,
        kind: SessionKind::Run,
    };
    if command.through_shell {
        if is_windows {
            return Err(Fault::NoPosixShell);
        }
        let nonce = Uuid::new_v4().simple().to_string();
        let bytes = through_shell::typed(&words::quoted(command.words)?, &nonce).into_bytes();
        let finder = Finder::new(&nonce);
        return Ok((request, Some(Typed { bytes, finder })));
    }
    let line = if is_windows {
        words::powershell(command.words)?
    } else {
        words::quoted(command.words)?
    };
    request.document = documents.command.clone().or_else(own_document);
    request.parameters = [
        ("command".to_owned(), vec![line]),
        ("separateOutputStream".to_owned(), vec!["true".to_owned()]),
    ]
    .into();
    Ok((request, None))
}

fn own_document() -> Option<DocumentName> {
    document::COMMAND.parse().ok()
}

fn failed(
    stage: Stage<'_, '_>,
    target: &Target,
    session_id: Option<String>,
    fault: Fault,
) -> Error {
    Error::Command {
        customer: stage.customer.name.clone(),
        target: target.instance_id.clone(),
        session_id,
        fault,
    }
}

/// How it went, from how its session ended and what its client saw before.
fn done(
    stage: Stage<'_, '_>,
    target: &Target,
    command: &Command<'_>,
    hosted: Result<Hosted<Made>, Error>,
    took: Duration,
) -> Done {
    let (session_id, made, end) = match hosted {
        Ok(Hosted {
            session_id,
            made,
            end,
        }) => (Some(session_id), made.unwrap_or_default(), end),
        Err(error) => (
            error.session_id().map(str::to_owned),
            Made::default(),
            Err(error),
        ),
    };
    let fault = |fault| Some(failed(stage, target, session_id.clone(), fault));
    let (status, error) = match (made.exit_code, end) {
        (_, Err(error @ (Error::AnswerLost { .. } | Error::MayStillBeOpen { .. }))) => {
            (Status::MayStillBeOpen, Some(error))
        }
        (_, Ok(_)) if let Some(most) = made.too_much => (Status::Lost, fault(Fault::TooMuch(most))),
        (Some(-1), _) if !command.through_shell => (Status::Signalled, None),
        // All that it wrote came before.
        (Some(code), _) => (Status::Exited(code), None),
        (None, Ok(_)) if made.timed_out => {
            let limit = command.timeout.unwrap_or_default();
            (Status::TimedOut, fault(Fault::TimedOut(limit)))
        }
        (None, Ok(exit)) => (Status::Lost, fault(Fault::Stopped(exit))),
        (None, Err(error @ (Error::Lost { .. } | Error::Bug { .. }))) => {
            (Status::Lost, Some(error))
        }
        (None, Err(error)) => (Status::NotStarted, Some(error)),
    };
    Done {
        session_id,
        status,
        error,
        took,
    }
}
