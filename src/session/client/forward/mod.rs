//! Ports and Unix sockets of this machine that lead to an instance, or to hosts that it reaches:
//! a session and a listener for each.
//!
//! vendor-ssm listens before it starts any session, so that a port in use opens nothing. When one
//! session ends, all do: a script never runs with half of its forwards. A command of this machine
//! may run as long as they do.

mod carrier;
mod connection;
mod connections;
mod listening;
mod local_command;
mod socket;
mod stream;
mod tunnel;

use std::cell::Cell;

use futures_util::future::join_all;
use tokio::sync::{Notify, watch};

use crate::exit::Exit;
use crate::identity::AssumedRole;
use crate::platform::hears_the_keyboard;
use crate::platform::stream::Stream;
use crate::session::context::{Context, Request, Target};
use crate::session::error::{Error, ErrorKind};
use crate::session::host::host;
use crate::session::introduction;
use crate::session::live::Session;
use crate::session::terminal::title::{self, Title};
use crate::signals::{Ending, Signals};

use super::few::Few;
use local_command::Outcome;
use tunnel::Around;

/// For the fuzz targets.
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing {
    pub(crate) use super::carrier::{Basic, Carrier};
}

pub(crate) use connection::QUIET;
pub(crate) use listening::Listening;
pub(crate) use local_command::LocalCommand;

/// Forwards all of them until a signal comes, one of the sessions ends, or the command has ended.
/// `ready` is called once, when all carry connections; then the command is started. Each session
/// has `signals` of its own, which are the command's while it runs. Without a command, SIGINT is
/// the ordinary end, and [`Exit::Ok`] once every session is known to have ended.
pub(crate) async fn forward(
    context: Context<'_, '_>,
    to: (&Target, Option<&str>),
    role: &AssumedRole,
    listening: &[Listening],
    signals: &mut [Signals],
    ready: &dyn Fn(),
    command: Option<LocalCommand>,
) -> Result<Exit, Error> {
    let (target, reason) = to;
    let (stop, stopped) = watch::channel(false);
    let (fall, fallen) = watch::channel(false);
    let still_opening = Cell::new(listening.len());
    let has_command = command.is_some();
    let (attended, starts) = (Cell::new(false), Notify::new());
    let one_is_ready = || {
        still_opening.set(still_opening.get() - 1);
        if still_opening.get() == 0 {
            ready();
            attended.set(has_command);
            starts.notify_one();
        }
    };
    let _title = title(context, target);
    let sessions =
        listening
            .iter()
            .zip(signals)
            .enumerate()
            .map(async |(at, (listening, signals))| {
                let context = Context {
                    introduction: context.introduction.filter(|_| at == 0),
                    ..context
                };
                let request = listening.request(target, &context.customer.documents, reason);
                let around = Around {
                    listening,
                    stop: stopped.clone(),
                    ready: &one_is_ready,
                    attended: &attended,
                    is_quiet: has_command,
                    few: Few::default(),
                };
                let end = one(context, &request, role.clone(), around, signals).await;
                fall.send_replace(true);
                // The others have no reason to stay, but for the command: it may still say goodbye.
                if !attended.get() {
                    stop.send_replace(true);
                }
                end
            });
    let sessions = join_all(sessions);
    let Some(command) = command else {
        return match outcome(context, sessions.await) {
            Ok(exit) if exit == Ending::INTERRUPT.exit() => Ok(Exit::Ok),
            end => end,
        };
    };
    let command = async {
        let outcome = command.run(&starts, fallen).await;
        stop.send_replace(true);
        outcome
    };
    let (ends, came_back) = tokio::join!(sessions, command);
    with_command(context, outcome(context, ends), came_back)
}

/// What the command's end and the sessions' ends come to.
fn with_command(
    context: Context<'_, '_>,
    sessions: Result<Exit, Error>,
    command: Outcome,
) -> Result<Exit, Error> {
    let outranks = |error: &Error| {
        matches!(
            error.facts().exit,
            Exit::MayStillBeOpen | Exit::IdentityMismatch
        )
    };
    match (sessions, command) {
        (Err(error), _) if outranks(&error) => Err(error),
        (Ok(_), Outcome::NotStarted(Some(ending))) => Ok(ending.exit()),
        (sessions, Outcome::NotStarted(_)) => sessions,
        (_, Outcome::Unstartable(error)) => Err(*error),
        (Err(error), Outcome::Lost) => Err(lost(context, error)),
        (Ok(_), Outcome::Lost) => Err(ErrorKind::Lost {
            reason: "a session ended while the command ran".to_owned(),
        }
        .into()),
        (sessions, Outcome::Ended(exit)) => {
            if let Err(error) = sessions {
                show(context, &error);
            }
            Ok(exit)
        }
    }
}

/// A command ran, so that whatever ended its session is a loss.
fn lost(context: Context<'_, '_>, error: Error) -> Error {
    let Error { about, kind } = error;
    match kind {
        ErrorKind::NotOpened { reason, hint } => {
            if let Some(hint) = hint {
                context.callbacks.warn(&hint);
            }
            ErrorKind::Lost { reason }.about(about)
        }
        kind => kind.about(about),
    }
}

/// The title of the window while the forwards are open.
/// stdout is for data. In the background the terminal is another program's.
fn title(context: Context<'_, '_>, target: &Target) -> Option<Title> {
    let os = context.os;
    let text = introduction::title(os, context.customer, target);
    let is_ours = os.stderr_terminal && hears_the_keyboard();
    is_ours.then(|| title::set(os, Stream::Error, &text))
}

async fn one(
    context: Context<'_, '_>,
    request: &Request,
    role: AssumedRole,
    around: Around<'_>,
    signals: &mut Signals,
) -> Result<Exit, Error> {
    let client = async |session: Session<'_, '_>, signals: &mut Signals| {
        (tunnel::run(session, around, signals).await, ())
    };
    host(context, request, role, signals, client).await?.end
}

/// The worst of the ends decides; the others are shown.
fn outcome(context: Context<'_, '_>, ends: Vec<Result<Exit, Error>>) -> Result<Exit, Error> {
    let mut worst = Ok(Exit::Ok);
    for end in ends {
        let (end, other) = if rank(&end) > rank(&worst) {
            (end, worst)
        } else {
            (worst, end)
        };
        worst = end;
        if let Err(error) = other
            && !matches!(error.kind, ErrorKind::Signal(_))
        {
            show(context, &error);
        }
    }
    worst
}

/// Shows an error that does not decide.
fn show(context: Context<'_, '_>, error: &Error) {
    context.callbacks.warn(&error.to_string());
    if let Some(hint) = error.facts().hint {
        context.callbacks.warn(&hint);
    }
}

/// A session that may be open outranks everything, then an identity that is not the configured one.
fn rank(end: &Result<Exit, Error>) -> u8 {
    match end {
        Ok(Exit::Ok) => 0,
        // Nothing was opened; another session may have been.
        Err(error) if matches!(error.kind, ErrorKind::Signal(_)) => 1,
        Ok(_) => 2,
        Err(error) => match error.facts().exit {
            Exit::MayStillBeOpen => 5,
            Exit::IdentityMismatch => 4,
            _ => 3,
        },
    }
}
