//! A lost answer to StartSession.
//! If DescribeSessions is granted, vendor-ssm looks for the session by the nonce in its Reason, and
//! ends one that it finds. It never repeats StartSession itself.

use std::time::Duration;

use crate::aws::{Failure, FailureKind};
use crate::identity::{AssumedRole, Scope};
use crate::names::Region;
use crate::signals::{Ending, Signals};

use crate::facts::About;
use crate::session::context::Context;
use crate::session::context::Request;
use crate::session::error::{Error, ErrorKind};
use crate::session::ledger::journal::{Entry, Record, State};
use crate::session::service::describe::{Active, active};
use crate::session::service::live_role::LiveRole;
use crate::session::service::terminate::{Terminated, terminate_surely};

/// AWS may show a session some time after its start: the pauses before vendor-ssm looks again.
const PAUSES: [Duration; 3] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(3),
];
/// The longest that looking for it takes in all.
const LIMIT: Duration = Duration::from_secs(12);
/// The longest that ending it takes.
const TERMINATE_LIMIT: Duration = Duration::from_secs(15);

/// What is known of the session after it was looked for, as the error that the command ends with.
/// `ending` is the signal that came while the answer was waited for.
pub(crate) async fn look_for(
    context: Context<'_, '_>,
    request: &Request,
    role: &AssumedRole,
    mut entry: Entry<'_>,
    (failure, ending): (Failure, Option<Ending>),
    signals: &mut Signals,
) -> Error {
    let about = context.about(&request.target);
    context.callbacks.step("looking for the session…");
    let record = entry.record().clone();
    let look = tokio::time::timeout(LIMIT, find(context, &request.target.region, role, &record));
    let sought = match signals.guard(look).await {
        Ok(Ok(Ok(Some(session_id)))) => Ok(session_id),
        Ok(Ok(Ok(None))) => Err("none of the active sessions carries its nonce yet"),
        Ok(Ok(Err(failure))) if failure.kind == FailureKind::Denied => {
            Err("vendor-ssm could not look for it, since DescribeSessions is not granted")
        }
        Ok(_) => Err("vendor-ssm could not look for it, since DescribeSessions failed too"),
        Err(_) => Err("a signal came while vendor-ssm looked for it"),
    };
    let now = context.os.now();
    let session_id = match sought {
        Ok(session_id) => session_id,
        Err(why) => {
            let end = format!("the answer to StartSession was lost; {why}");
            entry.settle(State::MayStillBeOpen, &end, now);
            return ErrorKind::AnswerLost {
                sought: why,
                failure,
            }
            .about(about);
        }
    };
    entry.opened(&session_id);
    let about = About {
        session_id: Some(session_id.clone()),
        ..about
    };
    let region = &request.target.region;
    let lost = "the answer to StartSession was lost";
    let held = LiveRole::new(role.clone(), Scope::Whole, now);
    match terminate_surely(context, region, &held, &session_id, TERMINATE_LIMIT).await {
        Terminated::Ended => {
            entry.settle(State::Ended, lost, now);
            ErrorKind::FoundAndEnded { failure, ending }.about(about)
        }
        Terminated::Denied(failure) | Terminated::Failed(failure) => {
            let reason = format!("{lost}, and TerminateSession failed");
            entry.settle(State::MayStillBeOpen, &reason, now);
            ErrorKind::MayStillBeOpen {
                region: region.to_string(),
                reason,
                failure: Some(failure),
            }
            .about(about)
        }
    }
}

/// Looks for the session, and again after each pause.
async fn find(
    context: Context<'_, '_>,
    region: &Region,
    role: &AssumedRole,
    record: &Record,
) -> Result<Option<String>, Failure> {
    let mut pauses = PAUSES.iter();
    loop {
        let found = named_by_nonce(context, record, region, role).await?;
        let Some(pause) = pauses.next().filter(|_| found.is_none()) else {
            return Ok(found);
        };
        tokio::time::sleep(*pause).await;
    }
}

/// The id of the active session on the record's instance whose Reason carries the record's nonce.
pub(crate) async fn named_by_nonce(
    context: Context<'_, '_>,
    record: &Record,
    region: &Region,
    role: &AssumedRole,
) -> Result<Option<String>, Failure> {
    let target = Some(record.instance_id.as_str());
    let sessions = active(context.aws, region, role, target).await?;
    let is_it = |session: &Active| {
        let reason = session.reason.as_deref();
        reason.is_some_and(|reason| record.is_meant_by(reason))
    };
    let found = sessions.into_iter().find(is_it);
    Ok(found.map(|session| session.session_id))
}
