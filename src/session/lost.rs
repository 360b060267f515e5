//! A lost answer to StartSession: whether there is a session is looked up by the nonce in its Reason, where
//! DescribeSessions is granted, and one that is found is ended. StartSession itself is never repeated.

use std::time::Duration;

use crate::aws::{Failure, FailureKind};
use crate::identity::{AssumedRole, Scope};
use crate::signals::{Ending, Signals};

use super::describe::{Active, active};
use super::journal::{Entry, Record, State};
use super::keys::Keys;
use super::terminate::{Terminated, terminate_surely};
use super::{Error, Request, Stage};

/// A session may show later than it was started: when it is looked for again.
const PAUSES: [Duration; 3] = [
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(3),
];
/// The longest that looking for it takes in all.
const LIMIT: Duration = Duration::from_secs(12);
/// The longest that ending it takes.
const TERMINATE_LIMIT: Duration = Duration::from_secs(15);

/// What is known of the session after it was looked for, as the error that the command ends with. `ending` is the signal
/// that came while the answer was waited for.
pub(super) async fn look_for(
    stage: Stage<'_, '_>,
    request: &Request,
    role: &AssumedRole,
    mut entry: Entry<'_>,
    (failure, ending): (Failure, Option<Ending>),
    signals: &mut Signals,
) -> Error {
    let customer = stage.customer.name.clone();
    let target = request.target.instance_id.clone();
    stage.callbacks.step("looking for the session…");
    let record = entry.record().clone();
    let look = tokio::time::timeout(LIMIT, find(stage, request, role, &record));
    let sought = match signals.guard(look).await {
        Ok(Ok(Ok(Some(session)))) => Ok(session.session_id),
        Ok(Ok(Ok(None))) => Err("none of the active sessions carries its nonce yet"),
        Ok(Ok(Err(failure))) if failure.kind == FailureKind::Denied => {
            Err("it cannot be looked for, since DescribeSessions is not granted")
        }
        Ok(_) => Err("it was looked for in vain, since DescribeSessions failed too"),
        Err(_) => Err("a signal ended looking for it"),
    };
    let now = stage.os.now();
    let session_id = match sought {
        Ok(session_id) => session_id,
        Err(why) => {
            let end = format!("the answer to StartSession was lost; {why}");
            entry.settle(State::MayStillBeOpen, &end, now);
            return Error::AnswerLost {
                customer,
                target,
                sought: Some(why.to_owned()),
                failure,
            };
        }
    };
    entry.opened(&session_id);
    let region = &request.target.region;
    let lost = "the answer to StartSession was lost";
    let keys = Keys::new(role.clone(), Scope::Whole, now);
    match terminate_surely(stage, region, &keys, &session_id, TERMINATE_LIMIT).await {
        Terminated::Ended => {
            entry.settle(State::Ended, lost, now);
            Error::FoundAndEnded {
                customer,
                target,
                session_id,
                failure,
                ending,
            }
        }
        Terminated::Denied(failure) | Terminated::Failed(failure) => {
            let reason = format!("{lost}, and TerminateSession failed");
            entry.settle(State::MayStillBeOpen, &reason, now);
            Error::MayStillBeOpen {
                customer,
                target,
                session_id: Some(session_id),
                region: region.to_string(),
                reason,
                failure: Some(failure),
            }
        }
    }
}

async fn find(
    stage: Stage<'_, '_>,
    request: &Request,
    role: &AssumedRole,
    record: &Record,
) -> Result<Option<Active>, Failure> {
    let region = &request.target.region;
    let target = Some(request.target.instance_id.as_str());
    let mut pauses = PAUSES.iter();
    loop {
        let sessions = active(stage.aws, region, role, target).await?;
        let is_it = |session: &Active| {
            let reason = session.reason.as_deref();
            reason.is_some_and(|reason| record.is_meant_by(reason))
        };
        let found = sessions.into_iter().find(is_it);
        let Some(pause) = pauses.next().filter(|_| found.is_none()) else {
            return Ok(found);
        };
        tokio::time::sleep(*pause).await;
    }
}
