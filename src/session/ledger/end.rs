//! The end of a session, accounted for:
//! the service closed its channel, TerminateSession made it sure, or it is named as possibly open.

use std::time::Duration;

use crate::aws::Failure;
use crate::exit::Exit;
use crate::identity;
use crate::session::error::{Error, ErrorKind};
use crate::session::live::Session;
use crate::session::service::terminate::{Terminated, terminate_surely};
use crate::signals::Ending;

use super::journal::State;

/// The longest that ending a session may take if nothing else waits.
const LIMIT: Duration = Duration::from_secs(15);

/// How long the last output may take while the session has still to be ended:
/// its reader may be gone.
pub(crate) const LAST_OUTPUT: Duration = Duration::from_millis(500);

/// How a client came back.
#[derive(Debug)]
pub(crate) enum End {
    /// The service closed the channel: nothing is left to end.
    Closed,
    /// The plugin returned 0, which says little: its session is terminated.
    PluginReturned,
    /// The person ended it with the escape.
    Escaped,
    /// A signal stopped vendor-ssm.
    Signal(Ending),
    /// The client has done its work.
    Finished,
    /// The reader of standard output closed it.
    OutputClosed,
    /// The session is encrypted, and KMS gave no data key for it: nothing was done in it.
    NoDataKey {
        /// The customer's key.
        key_id: String,
        /// KMS's answer.
        failure: Failure,
        /// Whether the service has closed the channel.
        is_closed: bool,
    },
    /// It never opened, since its client got no credentials of its own.
    NoRole(Box<identity::Error>),
    /// It never opened, since the host of the kind that a setting asks for was not reached.
    Unreachable {
        /// What happened.
        reason: String,
        /// What to do next. It names the setting.
        hint: String,
    },
    /// It never opened, or it broke off.
    Failed {
        /// Whether it was open: what was done in it may have happened.
        was_open: bool,
        /// Whether the service has closed the channel, so that nothing is left to end.
        is_closed: bool,
        /// What happened, or what the target or the service said.
        reason: String,
        /// What to do next.
        hint: Option<String>,
    },
    /// A bug ended the client.
    Bug,
}

impl End {
    /// The session was created and never opened.
    pub(crate) fn not_opened(reason: impl Into<String>, hint: Option<String>) -> Self {
        Self::Failed {
            was_open: false,
            is_closed: false,
            reason: reason.into(),
            hint,
        }
    }

    /// The service closed the channel before it was of use, and nothing was done.
    pub(crate) fn refused(reason: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::Failed {
            was_open: false,
            is_closed: true,
            reason: reason.into(),
            hint: Some(hint.into()),
        }
    }

    /// The session was open and is lost.
    pub(crate) fn lost(reason: impl Into<String>) -> Self {
        Self::Failed {
            was_open: true,
            is_closed: false,
            reason: reason.into(),
            hint: None,
        }
    }

    /// The service closed the channel while it was in use.
    pub(crate) fn closed_early(reason: impl Into<String>) -> Self {
        Self::Failed {
            was_open: true,
            is_closed: true,
            reason: reason.into(),
            hint: None,
        }
    }

    /// Whether the service has closed the channel:
    /// nothing is left to end, and a slow reader keeps nothing open.
    pub(crate) fn is_over(&self) -> bool {
        matches!(
            self,
            Self::Closed
                | Self::NoDataKey {
                    is_closed: true,
                    ..
                }
                | Self::Failed {
                    is_closed: true,
                    ..
                }
        )
    }

    /// How the session ended, in a clause.
    fn reason(&self) -> String {
        match self {
            Self::Closed => "the remote side ended it".to_owned(),
            Self::PluginReturned => "the plugin returned".to_owned(),
            Self::Escaped => "you ended it with the escape".to_owned(),
            Self::Signal(ending) => format!("vendor-ssm received {}", ending.name()),
            Self::Finished => "closed after use".to_owned(),
            Self::OutputClosed => "the reader of the output closed it".to_owned(),
            Self::Bug => "a bug in vendor-ssm ended its client".to_owned(),
            Self::NoDataKey { .. } => "KMS gave no data key for it".to_owned(),
            Self::NoRole(_) => "the plugin got no credentials".to_owned(),
            Self::Unreachable { reason, .. } | Self::Failed { reason, .. } => reason.clone(),
        }
    }
}

/// An end that is accounted for.
#[derive(Debug)]
pub(crate) struct Accounted {
    /// What the journal keeps of it.
    pub state: State,
    /// How the session ended, in a clause.
    pub reason: String,
    /// The exit code, or why the session is lost or may still be open.
    pub end: Result<Exit, Error>,
}

/// Makes sure of the end and turns it into an exit code.
pub(crate) async fn account(session: Session<'_, '_>, end: End) -> Accounted {
    let context = session.context;
    let reason = end.reason();
    if end.is_over() {
        return ended(session, end);
    }
    let limit = match end {
        End::Signal(ending) => ending.time_to_end(),
        _ => LIMIT,
    };
    context.callbacks.step("ending the session…");
    let (region, role) = (session.region(), &session.started.role);
    let failure = match terminate_surely(context, region, role, session.id(), limit).await {
        Terminated::Ended => return ended(session, end),
        Terminated::Denied(_) if matches!(end, End::PluginReturned) => {
            context.callbacks.warn(&format!(
                "the end of session {} is not confirmed: AWS denied TerminateSession, as it may for a session that has already ended",
                session.id()
            ));
            return Accounted {
                state: State::Unconfirmed,
                reason: format!("{reason}, and AWS denied TerminateSession"),
                end: Ok(Exit::Ok),
            };
        }
        Terminated::Denied(failure) | Terminated::Failed(failure) => failure,
    };
    let reason = format!("{reason}, and TerminateSession failed");
    let kind = ErrorKind::MayStillBeOpen {
        region: region.to_string(),
        reason: reason.clone(),
        failure: Some(failure),
    };
    Accounted {
        state: State::MayStillBeOpen,
        reason,
        end: Err(kind.about(session.about())),
    }
}

fn ended(session: Session<'_, '_>, end: End) -> Accounted {
    let reason = end.reason();
    let state = match end {
        End::Failed { was_open: true, .. } => State::Lost,
        _ => State::Ended,
    };
    let error = |kind: ErrorKind| Err(kind.about(session.about()));
    let end = match end {
        End::Closed | End::PluginReturned | End::Finished => Ok(Exit::Ok),
        End::Escaped => Ok(Ending::INTERRUPT.exit()),
        End::Signal(ending) => Ok(ending.exit()),
        // What a shell reports for a writer that SIGPIPE ended.
        End::OutputClosed => Ok(Exit::Signal(13)),
        End::NoDataKey {
            key_id, failure, ..
        } => error(ErrorKind::NoDataKey { key_id, failure }),
        End::NoRole(why) => {
            let told = format!("session {} was terminated: {reason}", session.id());
            session.context.callbacks.say(&told);
            error(ErrorKind::Identity(*why))
        }
        End::Bug => error(ErrorKind::Bug),
        End::Unreachable { reason, hint } => error(ErrorKind::Unreachable {
            reason: format!("{reason}; it was terminated"),
            hint,
        }),
        End::Failed {
            was_open,
            is_closed,
            reason,
            hint,
        } => {
            let by = if is_closed {
                "the service has closed it"
            } else {
                "it was terminated"
            };
            let reason = format!("{reason}; {by}");
            error(if was_open {
                ErrorKind::Lost { reason }
            } else {
                ErrorKind::NotOpened { reason, hint }
            })
        }
    };
    Accounted { state, reason, end }
}
