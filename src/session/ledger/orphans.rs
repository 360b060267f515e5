//! Sessions without an attached vendor-ssm process, and their end.
//! The process that ends one neither started it nor has its channel.

use std::time::Duration;

use crate::aws::{Failure, FailureKind};
use crate::identity::{AssumedRole, Scope};
use crate::names::Region;

use crate::facts::About;
use crate::session::context::Context;
use crate::session::error::{Error, ErrorKind};
use crate::session::ledger::answer_lost::named_by_nonce;
use crate::session::ledger::journal::{Record, State};
use crate::session::service::live_role::LiveRole;
use crate::session::service::terminate::{Terminated, terminate_surely};

/// The longest that ending one session takes.
const LIMIT: Duration = Duration::from_secs(15);
/// AWS may show a session this many seconds after its start.
pub(crate) const SHOWS_BY: i64 = 120;
/// After this many seconds the idle limit has ended an unused session:
/// it is 60 minutes at most. Session Manager user guide, "Specify an idle session timeout value".
const IDLE_BY: i64 = 2 * 3600;

/// What became of a session.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// What is known of its end now.
    pub state: State,
    /// How that is known, in a clause.
    pub how: String,
    /// Why its end is not confirmed.
    pub error: Option<Error>,
}

impl Outcome {
    fn ended(how: &str) -> Self {
        Self {
            state: State::Ended,
            how: how.to_owned(),
            error: None,
        }
    }
}

/// Ends a session with the customer's role.
/// One whose id never became known is looked for by its nonce.
pub(crate) async fn end(
    context: Context<'_, '_>,
    record: &Record,
    region: &Region,
    role: &AssumedRole,
) -> Outcome {
    let age = record.age(context.os.now()).unwrap_or(i64::MAX);
    // AWS says of a session in another account what it says of one that has ended.
    if let Some(account) = &record.account_id
        && account != role.account.as_str()
    {
        let why = format!(
            "it is in account {account}, but {} is account {} in these settings: vendor-ssm did not ask AWS",
            record.customer, role.account
        );
        return open(record, &why, None, age);
    }
    let session_id = match &record.session_id {
        Some(id) => id.clone(),
        None => match named_by_nonce(context, record, region, role).await {
            Ok(Some(id)) => id,
            Ok(None) if age > SHOWS_BY => {
                return Outcome::ended("AWS shows no active session with its nonce");
            }
            Ok(None) => return open(record, "AWS does not show it yet", None, age),
            Err(failure) => {
                let why = "its id is not known, and DescribeSessions failed";
                return open(record, why, Some(failure), age);
            }
        },
    };
    let held = LiveRole::new(role.clone(), Scope::Whole, context.os.now());
    match terminate_surely(context, region, &held, &session_id, LIMIT).await {
        Terminated::Ended => Outcome::ended("it was terminated by `sessions terminate`"),
        Terminated::Denied(failure) | Terminated::Failed(failure) => {
            let record = Record {
                session_id: Some(session_id),
                ..record.clone()
            };
            let why = if record.owner.is_empty() || record.owner == role.arn {
                "TerminateSession failed".to_owned()
            } else {
                format!(
                    "TerminateSession failed: {} started the session, and {} asked to end it",
                    record.owner, role.arn
                )
            };
            open(&record, &why, Some(failure), age)
        }
    }
}

/// Not confirmed.
/// vendor-ssm does not ask for ever against a refusal that will not change: hours later, the idle
/// limit has ended an unused session.
fn open(record: &Record, why: &str, failure: Option<Failure>, age: i64) -> Outcome {
    let is_final = failure
        .as_ref()
        .is_some_and(|failure| failure.kind == FailureKind::Denied)
        && age > IDLE_BY;
    let state = if is_final {
        State::Unconfirmed
    } else {
        State::MayStillBeOpen
    };
    Outcome {
        state,
        how: why.to_owned(),
        error: Some(unconfirmed(record, why, failure)),
    }
}

/// The error for a session whose end is not confirmed.
pub(crate) fn unconfirmed(record: &Record, why: &str, failure: Option<Failure>) -> Error {
    let about = About {
        customer: Some(record.customer.clone()),
        target: Some(record.instance_id.clone()).filter(|id| !id.is_empty()),
        session_id: record.session_id.clone(),
        ..About::default()
    };
    ErrorKind::MayStillBeOpen {
        region: record.region.clone(),
        reason: why.to_owned(),
        failure,
    }
    .about(about)
}
