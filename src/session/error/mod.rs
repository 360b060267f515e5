//! What can go wrong with a session.
//! An error is what it is about and what happened; [`Error::facts`] says who has to act, in one
//! match.

pub(super) mod absent;
pub(super) mod fault;
pub(crate) mod hint;
pub(super) mod plugin;
mod refused;
pub(super) mod socket;

use std::fmt;
use std::io;
use std::net::SocketAddr;

use crate::aws::{AllowStatement, Failure, FailureKind, SetupError};
use crate::exit::Exit;
use crate::facts::{About, Facts};
use crate::identity;
use crate::names::Region;
use crate::platform::descriptors::TooFew;
use crate::signals::Ending;

use super::service::gate::PATIENCE;

use absent::Absent;
use fault::Fault;
use plugin::PluginError;
use socket::Unusable;

/// Why there was no session, or how one went wrong.
#[derive(Debug)]
pub(crate) struct Error {
    /// The customer, the instance and the session, as far as they were known.
    pub about: About,
    /// What happened.
    pub kind: ErrorKind,
}

/// What happened to a session, or instead of one.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ErrorKind {
    /// The plugin was asked for and cannot be used. No session was started.
    #[error("the session-manager-plugin cannot be used: {0}")]
    Plugin(#[source] PluginError),
    /// The data channel's endpoint cannot serve the session. No session was started.
    #[error(transparent)]
    Endpoint(SetupError),
    /// AWS refused StartSession, or it failed. There is no session.
    #[error("{}", match failure.kind {
        FailureKind::Denied => "StartSession was refused",
        _ => "StartSession failed",
    })]
    Start {
        /// AWS's answer.
        #[source]
        failure: Failure,
        /// The statement that would allow it, if it was refused.
        needs: Option<Box<AllowStatement>>,
        /// Another region that has the instance.
        elsewhere: Option<Region>,
    },
    /// AWS throttled StartSession for longer than a target of a `run` waits. There is no session.
    #[error("AWS throttled StartSession for longer than {} s", PATIENCE.as_secs())]
    Throttled {
        /// AWS's last answer, to this target or another one.
        #[source]
        failure: Failure,
    },
    /// Another target of the same `run` has failed before. No session was started.
    #[error("the command was not started, since --fail-fast is set and {0} failed")]
    FailFast(String),
    /// The answer to StartSession never came or could not be read: a session may exist.
    #[error("the answer to StartSession was lost, and a session may be open: {sought}")]
    AnswerLost {
        /// Why it was not found.
        sought: &'static str,
        /// What happened instead of an answer.
        #[source]
        failure: Failure,
    },
    /// The answer to StartSession never came. The session was found and ended.
    #[error("the answer to StartSession was lost; the session was found and terminated")]
    FoundAndEnded {
        /// What happened instead of an answer.
        #[source]
        failure: Failure,
        /// The signal that came meanwhile.
        ending: Option<Ending>,
    },
    /// The target was seen to be stopped, or StartSession said that its agent is not connected.
    #[error("the instance is not connected{}", absent.as_ref().map(|absent| format!(": {absent}")).unwrap_or_default())]
    NotConnected {
        /// What the listing, or a look after the failure, says of it.
        absent: Option<Absent>,
        /// StartSession's answer, if it was asked.
        #[source]
        failure: Option<Failure>,
    },
    /// The role could not be assumed again.
    #[error(transparent)]
    Identity(#[from] identity::Error),
    /// The session was created and never opened. The reason says how it has ended.
    #[error("the session was never opened: {reason}")]
    NotOpened {
        /// What happened.
        reason: String,
        /// What to do next.
        hint: Option<String>,
    },
    /// The session was created, and its data channel's host was not reached.
    /// A setting asks for that host. The reason says how the session has ended.
    #[error("the session was never opened: {reason}")]
    Unreachable {
        /// What happened.
        reason: String,
        /// What to do next. It names the setting.
        hint: String,
    },
    /// The session is encrypted, and KMS gave no data key for it. It has ended.
    #[error("the session is encrypted, and {}", match failure.kind {
        FailureKind::Denied => "the customer role may not use its KMS key",
        _ => "KMS gave no data key for it",
    })]
    NoDataKey {
        /// The customer's key.
        key_id: String,
        /// KMS's answer.
        #[source]
        failure: Failure,
    },
    /// The session was lost, or the plugin failed. The reason says how it has ended.
    #[error("the session was lost: {reason}")]
    Lost {
        /// What happened.
        reason: String,
    },
    /// A bug ended the session's client. The session has ended.
    #[error("a bug in vendor-ssm ended the session; it was terminated")]
    Bug,
    /// The session's end could not be confirmed.
    #[error("the session may still be open: {reason}")]
    MayStillBeOpen {
        /// The region, for the command in the hint.
        region: String,
        /// Why it had to be terminated, and what came of that.
        reason: String,
        /// TerminateSession's failure.
        #[source]
        failure: Option<Failure>,
    },
    /// vendor-ssm cannot listen on a local port. No session was started.
    #[error("cannot listen on {address}: {source}")]
    Listen {
        /// The address as it was asked for.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// vendor-ssm cannot listen on a Unix socket. No session was started.
    #[error("cannot listen on {path}: {source}")]
    Socket {
        /// Its path as it was typed.
        path: String,
        /// Why not.
        source: Unusable,
    },
    /// The command behind `forward` cannot be started.
    #[error("cannot start {program}: {source}")]
    LocalCommand {
        /// The program as it was typed.
        program: String,
        /// Why not.
        source: io::Error,
    },
    /// Too few file descriptors are free for one more session. No session was started.
    #[error(transparent)]
    Descriptors(#[from] TooFew),
    /// A command was not sent, or was stopped.
    #[error("the command {0}")]
    Command(#[source] Fault),
    /// A signal came before there was a session.
    #[error("stopped by a signal before a session was started")]
    Signal(Ending),
}

impl ErrorKind {
    /// The error that this is, and what it is about.
    pub(crate) fn about(self, about: About) -> Error {
        Error { about, kind: self }
    }
}

/// `acme: i-0f3a91c27be45d806: alice-0123: the session was lost: …`, as far as it is known.
impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let about = &self.about;
        // The identity's own errors name the customer.
        if !matches!(self.kind, ErrorKind::Identity(_)) {
            for part in [&about.customer, &about.target, &about.session_id]
                .into_iter()
                .flatten()
            {
                write!(formatter, "{part}: ")?;
            }
        }
        write!(formatter, "{}", self.kind)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        std::error::Error::source(&self.kind)
    }
}

impl<K: Into<ErrorKind>> From<K> for Error {
    fn from(kind: K) -> Self {
        kind.into().about(About::default())
    }
}

impl From<PluginError> for ErrorKind {
    fn from(error: PluginError) -> Self {
        Self::Plugin(error)
    }
}

impl Error {
    /// A signal came before there was a session.
    pub(crate) fn signal(ending: Ending) -> Self {
        ErrorKind::Signal(ending).into()
    }

    /// Whether `--fail-fast` kept the session from being started.
    pub(crate) fn is_fail_fast(&self) -> bool {
        matches!(self.kind, ErrorKind::FailFast(_))
    }

    /// What the error knows about itself.
    #[expect(
        clippy::too_many_lines,
        reason = "one match decides every kind's facts"
    )]
    pub(crate) fn facts(&self) -> Facts<'_> {
        let facts = |exit, step| Facts {
            about: self.about.clone(),
            ..Facts::new(exit, Some(step))
        };
        match &self.kind {
            ErrorKind::Plugin(error) => Facts {
                hint: Some(error.hint()),
                ..facts(Exit::Plugin, "plugin")
            },
            ErrorKind::Endpoint(error) => Facts {
                hint: Some(error.hint()),
                ..facts(Exit::Settings, "endpoint")
            },
            ErrorKind::Start {
                failure,
                needs,
                elsewhere,
            } => Facts {
                hint: elsewhere.as_ref().map_or_else(
                    || refused::start(self.about.customer.as_deref(), failure),
                    |region| Some(refused::elsewhere(region)),
                ),
                details: hint::said(failure, needs.as_deref().cloned()),
                failure: Some(failure),
                ..facts(refused::exit(failure), "start-session")
            },
            ErrorKind::Throttled { failure } => Facts {
                hint: Some(hint::THROTTLED.to_owned()),
                details: hint::said(failure, None),
                failure: Some(failure),
                ..facts(Exit::Throttled, "start-session")
            },
            ErrorKind::FailFast(_) => facts(Exit::Declined, "start-session"),
            ErrorKind::AnswerLost { failure, .. } => Facts {
                hint: Some(hint::ANSWER_LOST.to_owned()),
                details: hint::said(failure, None),
                failure: Some(failure),
                session_state: Some("may-still-be-open"),
                ..facts(Exit::MayStillBeOpen, "start-session")
            },
            ErrorKind::FoundAndEnded { failure, ending } => Facts {
                hint: failure.hint(),
                details: hint::said(failure, None),
                failure: Some(failure),
                session_state: Some("ended"),
                ..facts(
                    ending.map_or_else(|| failure.exit(), Ending::exit),
                    "start-session",
                )
            },
            ErrorKind::NotConnected { absent, failure } => Facts {
                hint: Some(refused::not_connected(absent.as_ref(), failure.as_ref())),
                details: said(failure.as_ref()),
                failure: failure.as_ref(),
                ..facts(Exit::NotConnected, "start-session")
            },
            ErrorKind::Identity(error) => error.facts(),
            ErrorKind::NotOpened { hint, .. } => Facts {
                hint: hint.clone(),
                session_state: Some("ended"),
                ..facts(Exit::NotOpened, "open-data-channel")
            },
            ErrorKind::Unreachable { hint, .. } => Facts {
                hint: Some(hint.clone()),
                session_state: Some("ended"),
                ..facts(Exit::Network, "open-data-channel")
            },
            ErrorKind::NoDataKey { key_id, failure } => Facts {
                hint: Some(hint::key(key_id, failure)),
                details: hint::said(failure, Some(hint::key_statement(key_id, failure))),
                failure: Some(failure),
                session_state: Some("ended"),
                ..facts(refused::call(failure), "generate-data-key")
            },
            ErrorKind::Lost { .. } => Facts {
                hint: Some(hint::LOST.to_owned()),
                session_state: Some("lost"),
                ..facts(Exit::Lost, "session")
            },
            ErrorKind::Bug => Facts {
                hint: Some(hint::BUG.to_owned()),
                session_state: Some("ended"),
                ..facts(Exit::Internal, "session")
            },
            ErrorKind::MayStillBeOpen {
                region, failure, ..
            } => Facts {
                hint: Some(hint::may_still_be_open(&self.about, region)),
                details: failure.as_ref().map_or_else(Vec::new, |failure| {
                    hint::said(failure, hint::terminate_statement(failure))
                }),
                failure: failure.as_ref(),
                session_state: Some("may-still-be-open"),
                ..facts(Exit::MayStillBeOpen, "terminate-session")
            },
            ErrorKind::Listen { source, .. } => Facts {
                hint: Some(hint::listen(source).to_owned()),
                ..facts(Exit::LocalIo, "listen")
            },
            ErrorKind::Socket { path, source } => Facts {
                hint: Some(source.hint(path)),
                ..facts(Exit::LocalIo, "listen")
            },
            ErrorKind::LocalCommand { source, .. } => Facts {
                hint: Some(hint::local_command(source)),
                ..facts(refused::local_command(source), "local-command")
            },
            ErrorKind::Descriptors(error) => Facts {
                hint: Some(error.hint()),
                ..facts(Exit::LocalIo, "start-session")
            },
            ErrorKind::Command(fault) => Facts {
                hint: Some(fault.hint()),
                session_state: self.about.session_id.as_ref().map(|_| "ended"),
                ..facts(fault.exit(), "session")
            },
            ErrorKind::Signal(ending) => facts(ending.exit(), "start-session"),
        }
    }
}

fn said(failure: Option<&Failure>) -> Vec<String> {
    failure.map_or_else(Vec::new, |failure| hint::said(failure, None))
}
