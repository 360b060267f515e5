//! One command on one target, without a terminal:
//! its two streams apart and byte for byte, its exit status exact, its session accounted for. The
//! command gets no input.

mod ahead;
mod output;
mod piece;
mod running;
mod shown;
mod spool;
mod through_shell;
mod words;

use std::time::{Duration, Instant};

use uuid::Uuid;

use crate::channel::Accepts;
use crate::exit::Exit;
use crate::facts::About;
use crate::identity::AssumedRole;
use crate::names::{self, DocumentName};
use crate::session::context::{Context, Request, Target};
use crate::session::error::fault::{Fault, How};
use crate::session::error::{Error, ErrorKind};
use crate::session::host::{Hosted, host};
use crate::session::ledger::journal::SessionKind;
use crate::session::link::open::Opened;
use crate::session::live::Session;
use crate::settings::Customer;
use crate::signals::Signals;

use running::{Made, Running, Typed};
use through_shell::Finder;

/// For the fuzz targets.
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing {
    pub(crate) use super::through_shell::Finder;
}

pub(crate) use output::{Outlet, Show, Written, outlets};
pub(crate) use piece::{Piece, Stream};
pub(crate) use shown::Shown;

/// What is to be run, and how.
#[derive(Debug, Clone)]
pub(crate) struct Command<'a> {
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
pub(crate) struct Done {
    /// The session, if there was one.
    pub session_id: Option<String>,
    /// What became of it.
    pub status: Status,
    /// The command's own exit status, if it is known.
    /// It may be known though the output is not complete.
    pub exit_code: Option<i64>,
    /// Whether a Ctrl-C was passed on to it.
    pub was_interrupted: bool,
    /// What went wrong on this side, or on the way.
    pub error: Option<Error>,
    /// How long it took, the session's start and end included.
    pub took: Duration,
}

/// What became of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Status {
    /// It ended with this exit status.
    Exited(i64),
    /// A signal killed it, or a Ctrl-C that was passed on ended it in a way that is not known.
    Signalled,
    /// It took too long.
    TimedOut,
    /// It was not started.
    NotStarted,
    /// How it ended is unknown.
    Lost,
    /// Nor whether it has.
    MayStillBeOpen,
}

impl Status {
    /// Its name in JSON.
    pub(crate) const fn name(self) -> &'static str {
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
pub(crate) async fn run(
    context: Context<'_, '_>,
    target: &Target,
    command: &Command<'_>,
    role: AssumedRole,
    outlet: Outlet,
    signals: &mut Signals,
) -> Done {
    let began = Instant::now();
    let (request, typed) = match asked(context, target, command) {
        Ok(asked) => asked,
        Err(fault) => {
            return Done {
                session_id: None,
                status: Status::NotStarted,
                exit_code: None,
                was_interrupted: false,
                error: Some(failed(context, target, None, fault)),
                took: began.elapsed(),
            };
        }
    };
    let accepts = if command.through_shell {
        Accepts::Terminal
    } else {
        Accepts::Command
    };
    let pieces = &outlet;
    let client = async |session: Session<'_, '_>, signals: &mut Signals| {
        let mut running = Running::new(session, pieces, typed, command.timeout);
        let opened = Opened::complete(session, accepts, &mut running, signals).await;
        let end = match opened {
            Ok(mut opened) => running.run(&mut opened.line, signals).await,
            Err(end) => {
                // Nothing was passed on before the session was open.
                running.made.was_interrupted = false;
                end
            }
        };
        pieces.end();
        (end, running.made)
    };
    let hosted = host(context, &request, role, signals, client).await;
    done(context, target, command, hosted, began.elapsed())
}

/// What StartSession is asked for, and what is then typed.
fn asked(
    context: Context<'_, '_>,
    target: &Target,
    command: &Command<'_>,
) -> Result<(Request, Option<Typed>), Fault> {
    let is_windows = target.windows == Some(true);
    let mut request = Request {
        target: target.clone(),
        document: document(context.customer, command.through_shell),
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
        words::parameter(command.words)?
    };
    request.parameters = [
        ("command".to_owned(), vec![line]),
        ("separateOutputStream".to_owned(), vec!["true".to_owned()]),
    ]
    .into();
    Ok((request, None))
}

/// The session document of a command on this customer's instances.
/// `None` means the account's own shell document.
pub(crate) fn document(customer: &Customer, through_shell: bool) -> Option<DocumentName> {
    let documents = &customer.documents;
    if through_shell {
        return documents.shell.clone();
    }
    let granted = documents.command.clone();
    granted.or_else(|| names::document::COMMAND.parse().ok())
}

/// What went wrong with a command, on this target and in this session.
fn failed(
    context: Context<'_, '_>,
    target: &Target,
    session_id: Option<String>,
    fault: Fault,
) -> Error {
    ErrorKind::Command(fault).about(About {
        session_id,
        ..context.about(target)
    })
}

/// How it went, from how its session ended and what its client saw before.
fn done(
    context: Context<'_, '_>,
    target: &Target,
    command: &Command<'_>,
    hosted: Result<Hosted<Made>, Error>,
    took: Duration,
) -> Done {
    let (session_id, mut made, end) = match hosted {
        Ok(Hosted {
            session_id,
            made,
            end,
        }) => (Some(session_id), made.unwrap_or_default(), end),
        Err(error) => (error.about.session_id.clone(), Made::default(), Err(error)),
    };
    let fault = |fault| Some(failed(context, target, session_id.clone(), fault));
    let state = |error: &Error| error.facts().session_state;
    let how = made.exit_code.map(|code| {
        // After a Ctrl-C the agent waits for the command twice. The second wait fails, and it
        // reports 1 whatever the status was (amazon-ssm-agent, `InputStreamMessageHandler` in
        // `agent/session/shell/shell_unix.go`).
        match code {
            1 if made.was_interrupted && !command.through_shell => How::Interrupted,
            -1 if !command.through_shell => How::Killed,
            code => How::Exited(code),
        }
    });
    // The agent's reason for not starting it comes after the exit status, if there is one.
    let is_unsure = !command.through_shell && made.may_be_unstarted();
    let (status, error) = match (how, end) {
        (_, Err(error)) if state(&error) == Some("may-still-be-open") => {
            (Status::MayStillBeOpen, Some(error))
        }
        (_, Ok(_)) if let Some(most) = made.too_much => (Status::Lost, fault(Fault::TooMuch(most))),
        (_, Ok(_)) if let Some(unkept) = made.unkept => (Status::Lost, fault(unkept)),
        _ if let Some(reason) = made.not_started.take() => {
            (Status::NotStarted, fault(Fault::NotStarted(reason)))
        }
        (Some(how), _) if made.was_resumed => (Status::Lost, fault(Fault::Resumed(how))),
        (Some(How::Killed | How::Interrupted), _) => (Status::Signalled, None),
        (Some(How::Exited(_)), Ok(exit)) if is_unsure && exit != Exit::Ok => {
            (Status::Lost, fault(Fault::Stopped(exit)))
        }
        (Some(How::Exited(_)), Err(error)) if is_unsure => (Status::Lost, Some(error)),
        // All that it wrote came before.
        (Some(How::Exited(code)), _) => (Status::Exited(code), None),
        (None, Ok(_)) if made.timed_out => {
            let limit = command.timeout.unwrap_or_default();
            (Status::TimedOut, fault(Fault::TimedOut(limit)))
        }
        (None, Ok(exit)) => (Status::Lost, fault(Fault::Stopped(exit))),
        (None, Err(error)) if matches!(error.kind, ErrorKind::Lost { .. } | ErrorKind::Bug) => {
            (Status::Lost, Some(error))
        }
        (None, Err(error)) => (Status::NotStarted, Some(error)),
    };
    let exit_code = match (status, how) {
        (Status::Exited(_) | Status::Lost, Some(How::Exited(code))) if made.too_much.is_none() => {
            Some(code)
        }
        _ => None,
    };
    Done {
        session_id,
        status,
        exit_code,
        was_interrupted: made.was_interrupted,
        error,
        took,
    }
}
