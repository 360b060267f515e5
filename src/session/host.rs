//! A session from its record in the journal to its accounted end, whatever its client does.

use std::panic::AssertUnwindSafe;

use futures_util::FutureExt as _;

use crate::exit::Exit;
use crate::identity::AssumedRole;
use crate::platform::descriptors::Reserve;
use crate::signals::Signals;

use super::context::{Context, Request};
use super::error::{Error, ErrorKind};
use super::introduction::line;
use super::ledger::answer_lost;
use super::ledger::end::{self, Accounted, End};
use super::ledger::journal::{Opening, Record};
use super::live::Session;
use super::service::start::{self, NotStarted};

/// How many file descriptors a session needs.
/// These are its channel, its record, and the connection that ends it.
const DESCRIPTORS: usize = 6;
/// How many stay free while a session is open.
/// These are the connection that ends it, and the look-up of its host.
const ENDING: usize = 2;
/// How many stay free until a session's end is noted: the journal's folders and files.
const RECORD: usize = 2;

/// A session that was started, after its end.
#[derive(Debug)]
pub(crate) struct Hosted<T> {
    pub session_id: String,
    /// What its client made of it; `None` if the client never had the session.
    pub made: Option<T>,
    /// How it ended: the exit code, or why the session is lost or may still be open.
    pub end: Result<Exit, Error>,
}

/// Starts a session, hands it to its client, and accounts for its end whatever the client does.
/// Errors: there was no session, or it is not known whether there was one.
pub(crate) async fn host<T>(
    context: Context<'_, '_>,
    request: &Request,
    mut role: AssumedRole,
    signals: &mut Signals,
    client: impl AsyncFnOnce(Session<'_, '_>, &mut Signals) -> (End, T),
) -> Result<Hosted<T>, Error> {
    let region = &request.target.region;
    let endpoint = context.aws.endpoints().channel(region);
    endpoint.map_err(|error| ErrorKind::Endpoint(error).about(context.about(&request.target)))?;
    // Whatever else is opened meanwhile, the session can be ended.
    let room = Reserve::of(DESCRIPTORS);
    let mut room =
        room.map_err(|error| ErrorKind::from(error).about(context.about(&request.target)))?;
    if let Some(introduction) = context.introduction {
        let line = line(
            introduction,
            context.os,
            context.customer,
            &request.target,
            &role,
        );
        context.callbacks.say(&line);
    }
    let record = Record::new(opening(context, request, &role), context.os.now());
    let mut entry = context.journal.begin(record, context.callbacks);
    let reason = entry.record().sent_reason();
    let start = Box::pin(start::start(context, request, &mut role, &reason, signals)).await;
    let (started, ending) = match start {
        Ok(started) => started,
        Err(NotStarted::AnswerLost { failure, ending }) => {
            drop(room);
            let lost = (failure, ending);
            let look = answer_lost::look_for(context, request, &role, entry, lost, signals);
            return Err(Box::pin(look).await);
        }
        Err(NotStarted::Failed(error)) => {
            drop(room);
            entry.forget();
            return Err(error);
        }
    };
    room.shrink(ENDING + RECORD);
    entry.opened(&started.session_id);
    let session = Session {
        context,
        request,
        started: &started,
    };
    let account = async |made, end| {
        room.shrink(RECORD);
        let Accounted { state, reason, end } = end::account(session, end).await;
        drop(room);
        entry.settle(state, &reason, context.os.now());
        Hosted {
            session_id: session.id().to_owned(),
            made,
            end,
        }
    };
    let never_had = match ending {
        Some(ending) => Some(End::Signal(ending)),
        None if !started.has_way_in() => Some(End::not_opened(
            "StartSession's answer has no StreamUrl or no TokenValue",
            Some("try again, and report it if it happens again".to_owned()),
        )),
        None => None,
    };
    if let Some(end) = never_had {
        return Ok(account(None, end).await);
    }
    let client = AssertUnwindSafe(Box::pin(async {
        tokio::select! {
            done = client(session, signals) => done,
            never = started.role.keep(context) => match never {},
        }
    }));
    Ok(match client.catch_unwind().await {
        Ok((end, made)) => account(Some(made), end).await,
        // A bug, which the panic hook has reported. It leaves no session open, neither this one nor
        // those that are hosted beside it.
        Err(_) => account(None, End::Bug).await,
    })
}

/// What the journal keeps of a session that is about to be started.
fn opening<'a>(
    context: Context<'a, '_>,
    request: &'a Request,
    role: &'a AssumedRole,
) -> Opening<'a> {
    Opening {
        kind: request.kind,
        customer: &context.customer.name,
        account_id: role.account.as_str(),
        region: request.target.region.as_str(),
        instance_id: &request.target.instance_id,
        name: request.target.name.as_deref(),
        role_session_name: role.session_name.as_str(),
        owner: &role.arn,
        reason: request.reason.as_deref(),
    }
}

#[cfg(test)]
mod tests;
