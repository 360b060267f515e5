//! The end of a session, accounted for: the service closed its channel, TerminateSession made it sure,
//! or it is named as possibly open.

use std::time::Duration;

use crate::aws::Failure;
use crate::exit::Exit;
use crate::signals::Ending;

use super::journal::State;
use super::start::Started;
use super::terminate::{Terminated, terminate_surely};
use super::{Error, Request, Stage};

/// The longest that ending a session may take when nobody waits for us.
const LIMIT: Duration = Duration::from_secs(15);
/// The longest after a signal, since whoever sent it does.
const HURRIED: Duration = Duration::from_secs(5);

/// How long the last output may take where the session has still to be ended: nobody may be there to read it.
pub(super) const LAST_OUTPUT: Duration = Duration::from_millis(500);

/// How a client came back.
#[derive(Debug)]
pub enum End {
    /// The service closed the channel: nothing is left to end.
    Closed,
    /// The plugin returned 0, which says little: its session is terminated.
    PluginReturned,
    /// The person ended it with the escape.
    Escaped,
    /// A signal ended us.
    Signal(Ending),
    /// We have no more use for it.
    Finished,
    /// Standard output was closed by its reader.
    OutputClosed,
    /// It was created and never opened.
    NotOpened {
        /// What happened.
        reason: String,
        /// What to do next.
        hint: Option<String>,
    },
    /// The service closed the channel before it was of use: nothing is left to end, and nothing was done.
    Refused {
        /// What the target or the service said.
        reason: String,
        /// What to do next.
        hint: String,
    },
    /// The session is encrypted, and KMS gave no data key for it: nothing was done in it.
    NoDataKey {
        /// The customer's key.
        key_id: String,
        /// KMS's answer.
        failure: Failure,
        /// Whether the service has closed it.
        is_closed: bool,
    },
    /// It was lost, or the plugin failed.
    Lost {
        /// What happened.
        reason: String,
    },
    /// A bug of ours ended the client.
    Bug,
    /// The service closed the channel while it was in use: nothing is left to end.
    ClosedEarly {
        /// What the target or the service said.
        reason: String,
    },
}

impl End {
    /// Whether the service has closed the channel: nothing is left to end, and nothing is kept open by who still reads.
    pub(super) fn is_over(&self) -> bool {
        matches!(
            self,
            Self::Closed
                | Self::Refused { .. }
                | Self::ClosedEarly { .. }
                | Self::NoDataKey {
                    is_closed: true,
                    ..
                }
        )
    }

    /// How the session ended, in a clause.
    fn reason(&self) -> String {
        match self {
            Self::Closed => "it ended by itself".to_owned(),
            Self::PluginReturned => "its client returned".to_owned(),
            Self::Escaped => "it was ended from the keyboard".to_owned(),
            Self::Signal(ending) => format!("{} ended us", ending.name()),
            Self::Finished => "we had no more use for it".to_owned(),
            Self::OutputClosed => "the output was closed".to_owned(),
            Self::Bug => "a bug in vendor-ssm ended its client".to_owned(),
            Self::NoDataKey { .. } => "there was no key to encrypt it with".to_owned(),
            Self::NotOpened { reason, .. }
            | Self::Refused { reason, .. }
            | Self::Lost { reason }
            | Self::ClosedEarly { reason } => reason.clone(),
        }
    }
}

/// An end that is accounted for.
#[derive(Debug)]
pub(super) struct Accounted {
    /// What the journal keeps of it.
    pub state: State,
    /// How the session ended, in a clause.
    pub reason: String,
    /// The exit code, or why the session is lost or may still be open.
    pub end: Result<Exit, Error>,
}

/// Makes sure of the end and turns it into an exit code.
pub(super) async fn account(
    stage: Stage<'_, '_>,
    request: &Request,
    started: &Started,
    end: End,
) -> Accounted {
    let reason = end.reason();
    if end.is_over() {
        return ended(stage, request, started, end);
    }
    let limit = if matches!(end, End::Signal(_)) {
        HURRIED
    } else {
        LIMIT
    };
    stage.callbacks.step("ending the session…");
    let region = &request.target.region;
    let failure = match terminate_surely(stage, region, &started.keys, &started.session_id, limit)
        .await
    {
        Terminated::Ended => return ended(stage, request, started, end),
        Terminated::Denied(_) if matches!(end, End::PluginReturned) => {
            stage.callbacks.warn(&format!(
                "the end of session {} is not confirmed: TerminateSession was denied, as AWS may answer for a session that is gone",
                started.session_id
            ));
            return Accounted {
                state: State::Unconfirmed,
                reason: format!("{reason}, and TerminateSession was denied"),
                end: Ok(Exit::Ok),
            };
        }
        Terminated::Denied(failure) | Terminated::Failed(failure) => failure,
    };
    let reason = format!("{reason}, and TerminateSession failed");
    Accounted {
        state: State::MayStillBeOpen,
        reason: reason.clone(),
        end: Err(Error::MayStillBeOpen {
            customer: stage.customer.name.clone(),
            target: request.target.instance_id.clone(),
            session_id: Some(started.session_id.clone()),
            region: region.to_string(),
            reason,
            failure: Some(failure),
        }),
    }
}

fn ended(stage: Stage<'_, '_>, request: &Request, started: &Started, end: End) -> Accounted {
    let reason = end.reason();
    let known = match end {
        End::Lost { .. } | End::ClosedEarly { .. } => State::Lost,
        _ => State::Ended,
    };
    let customer = stage.customer.name.clone();
    let target = request.target.instance_id.clone();
    let session_id = started.session_id.clone();
    let end = match end {
        End::Closed | End::PluginReturned | End::Finished => Ok(Exit::Ok),
        End::Escaped => Ok(Ending::INTERRUPT.exit()),
        End::Signal(ending) => Ok(ending.exit()),
        // What a shell reports for a writer that SIGPIPE ended.
        End::OutputClosed => Ok(Exit::Signal(13)),
        End::NotOpened { reason, hint } => Err(Error::NotOpened {
            customer,
            target,
            session_id,
            reason: format!("{reason}; it was terminated"),
            hint,
        }),
        End::Refused { reason, hint } => Err(Error::NotOpened {
            customer,
            target,
            session_id,
            reason: format!("{reason}; the service has closed it"),
            hint: Some(hint),
        }),
        End::NoDataKey {
            key_id, failure, ..
        } => Err(Error::NoDataKey {
            customer,
            target,
            session_id,
            key_id,
            failure,
        }),
        End::Lost { reason } => Err(Error::Lost {
            customer,
            target,
            session_id,
            reason: format!("{reason}; it was terminated"),
        }),
        End::Bug => Err(Error::Bug {
            customer,
            target,
            session_id,
        }),
        End::ClosedEarly { reason } => Err(Error::Lost {
            customer,
            target,
            session_id,
            reason: format!("{reason}; the service has closed it"),
        }),
    };
    Accounted {
        state: known,
        reason,
        end,
    }
}
