//! Ports and Unix sockets of this machine that lead to an instance, or to hosts that it reaches:
//! a session and a listener for each.
//!
//! vendor-ssm listens before it starts any session, so that a port in use opens nothing. When one
//! session ends, all do: a script never runs with half of its forwards.

mod carrier;
mod connection;
mod connections;
mod listening;
mod socket;
mod stream;
mod tunnel;

use std::cell::Cell;

use futures_util::future::join_all;
use tokio::sync::watch;

use crate::exit::Exit;
use crate::identity::AssumedRole;
use crate::session::context::{Context, Request, Target};
use crate::session::error::{Error, ErrorKind};
use crate::session::host::host;
use crate::session::live::Session;
use crate::signals::{Ending, Signals};

use super::few::Few;
use tunnel::Around;

/// For the fuzz targets.
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing {
    pub(crate) use super::carrier::{Basic, Carrier};
}

pub(crate) use connection::QUIET;
pub(crate) use listening::Listening;

/// Forwards all of them until a signal comes or one of the sessions ends.
/// `ready` is called once, when all carry connections. Each session has `signals` of its own.
/// SIGINT is the ordinary end, and [`Exit::Ok`] once every session is known to have ended.
pub(crate) async fn forward(
    context: Context<'_, '_>,
    target: &Target,
    reason: Option<&str>,
    role: &AssumedRole,
    listening: &[Listening],
    signals: &mut [Signals],
    ready: &dyn Fn(),
) -> Result<Exit, Error> {
    let (stop, stopped) = watch::channel(false);
    let still_opening = Cell::new(listening.len());
    let one_is_ready = || {
        still_opening.set(still_opening.get() - 1);
        if still_opening.get() == 0 {
            ready();
        }
    };
    let sessions = listening
        .iter()
        .zip(signals)
        .map(async |(listening, signals)| {
            let request = listening.request(target, &context.customer.documents, reason);
            let around = Around {
                listening,
                stop: stopped.clone(),
                ready: &one_is_ready,
                few: Few::default(),
            };
            let end = one(context, &request, role.clone(), around, signals).await;
            // The others have no reason to stay.
            stop.send_replace(true);
            end
        });
    outcome(context, join_all(sessions).await)
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
            context.callbacks.warn(&error.to_string());
            if let Some(hint) = error.facts().hint {
                context.callbacks.warn(&hint);
            }
        }
    }
    match worst {
        Ok(exit) if exit == Ending::INTERRUPT.exit() => Ok(Exit::Ok),
        worst => worst,
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
