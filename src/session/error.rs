//! What can go wrong with a session, by who has to act.

mod text;

use std::io;
use std::net::SocketAddr;

use crate::aws::{AllowStatement, Failure, FailureKind};
use crate::exit::Exit;
use crate::identity;
use crate::signals::Ending;

use super::plugin::PluginError;
use super::run::Fault;
use text::{key_text, sought_text, start_text, state_text, which_text};

/// Why there was no session, or how one went wrong.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The plugin was asked for and cannot be used. No session was started.
    #[error("the session-manager-plugin cannot be used: {0}")]
    Plugin(#[from] PluginError),
    /// StartSession was refused, or failed.
    #[error("{customer}: {}", start_text(.failure, .target))]
    Start {
        /// The customer.
        customer: String,
        /// The instance's id.
        target: String,
        /// AWS's answer.
        failure: Failure,
        /// The statement that would allow it, where it was refused.
        needs: Option<Box<AllowStatement>>,
    },
    /// The answer to StartSession never came or could not be read: a session may exist.
    #[error("{customer}: the answer to StartSession for {target} was lost; a session may be open{}", sought_text(.sought.as_deref()))]
    AnswerLost {
        /// The customer.
        customer: String,
        /// The instance's id.
        target: String,
        /// What became of looking for it.
        sought: Option<String>,
        /// What happened instead of an answer.
        failure: Failure,
    },
    /// The answer to StartSession never came; the session was found and ended.
    #[error(
        "{customer}: the answer to StartSession for {target} was lost; the session {session_id} was found, and terminated"
    )]
    FoundAndEnded {
        /// The customer.
        customer: String,
        /// The instance's id.
        target: String,
        /// The session's id.
        session_id: String,
        /// What happened instead of an answer.
        failure: Failure,
        /// The signal that came meanwhile.
        ending: Option<Ending>,
    },
    /// The target was seen to be stopped, or StartSession said that its agent is away.
    #[error("{customer}: {target} is not connected{}", state_text(.state.as_deref()))]
    NotConnected {
        /// The customer.
        customer: String,
        /// The instance's id.
        target: String,
        /// What was seen of it.
        state: Option<String>,
        /// StartSession's answer, if it was asked.
        failure: Option<Failure>,
    },
    /// The role could not be assumed anew.
    #[error(transparent)]
    Identity(#[from] identity::Error),
    /// The session was created and never opened. The reason says how it has ended.
    #[error("{customer}: the session {session_id} on {target} was never opened: {reason}")]
    NotOpened {
        /// The customer.
        customer: String,
        /// The instance's id.
        target: String,
        /// The session's id.
        session_id: String,
        /// What happened.
        reason: String,
        /// What to do next.
        hint: Option<String>,
    },
    /// The session is encrypted, and KMS gave no data key for it. It has ended.
    #[error(
        "{customer}: the session {session_id} on {target} is encrypted, and {}",
        key_text(.failure)
    )]
    NoDataKey {
        /// The customer.
        customer: String,
        /// The instance's id.
        target: String,
        /// The session's id.
        session_id: String,
        /// The customer's key.
        key_id: String,
        /// KMS's answer.
        failure: Failure,
    },
    /// The session was lost, or the plugin failed. The reason says how it has ended.
    #[error("{customer}: the session {session_id} on {target} was lost: {reason}")]
    Lost {
        /// The customer.
        customer: String,
        /// The instance's id.
        target: String,
        /// The session's id.
        session_id: String,
        /// What happened.
        reason: String,
    },
    /// A bug of ours ended the session's client. It has ended.
    #[error(
        "{customer}: a bug in vendor-ssm ended the session {session_id} on {target}; it was terminated"
    )]
    Bug {
        /// The customer.
        customer: String,
        /// The instance's id.
        target: String,
        /// The session's id.
        session_id: String,
    },
    /// The session's end could not be confirmed.
    #[error("{customer}: {} on {target} may still be open: {reason}", which_text(.session_id.as_deref()))]
    MayStillBeOpen {
        /// The customer.
        customer: String,
        /// The instance's id.
        target: String,
        /// The session's id, where it is known.
        session_id: Option<String>,
        /// The region, for the command in the hint.
        region: String,
        /// Why it had to be terminated, and what came of that.
        reason: String,
        /// TerminateSession's failure.
        failure: Option<Failure>,
    },
    /// A local port cannot be had. No session was started.
    #[error("{address} cannot be listened on: {source}")]
    Listen {
        /// The address as it was asked for.
        address: SocketAddr,
        /// Why not.
        source: io::Error,
    },
    /// A command was not sent, or was given up.
    #[error("{customer}: the command on {target} {fault}")]
    Command {
        /// The customer.
        customer: String,
        /// The instance's id.
        target: String,
        /// The session's id, if there was one.
        session_id: Option<String>,
        /// What happened.
        fault: Fault,
    },
    /// A signal came before there was a session.
    #[error("ended by a signal before a session was started")]
    Signal(Ending),
}

impl Error {
    /// The exit code.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Plugin(_) => Exit::Plugin,
            Self::Start { failure, .. } | Self::NoDataKey { failure, .. } => match failure.kind {
                FailureKind::Denied => Exit::StartDenied,
                _ => failure.exit(),
            },
            Self::FoundAndEnded {
                failure, ending, ..
            } => ending.map_or_else(|| failure.exit(), Ending::exit),
            Self::Bug { .. } => Exit::Internal,
            Self::NotConnected { .. } => Exit::NotConnected,
            Self::Identity(error) => error.exit(),
            Self::NotOpened { .. } => Exit::NotOpened,
            Self::Lost { .. } => Exit::Lost,
            Self::Command { fault, .. } => fault.exit(),
            Self::AnswerLost { .. } | Self::MayStillBeOpen { .. } => Exit::MayStillBeOpen,
            Self::Listen { .. } => Exit::LocalIo,
            Self::Signal(ending) => ending.exit(),
        }
    }

    /// The stage's name in JSON.
    pub fn step(&self) -> &'static str {
        match self {
            Self::Plugin(_) => "plugin",
            Self::Start { .. }
            | Self::AnswerLost { .. }
            | Self::FoundAndEnded { .. }
            | Self::NotConnected { .. }
            | Self::Signal(_) => "start-session",
            Self::Listen { .. } => "listen",
            Self::Identity(error) => error.facts().step.unwrap_or("customer-role"),
            Self::NotOpened { .. } => "open-data-channel",
            Self::NoDataKey { .. } => "generate-data-key",
            Self::Lost { .. } | Self::Bug { .. } | Self::Command { .. } => "session",
            Self::MayStillBeOpen { .. } => "terminate-session",
        }
    }

    /// The failed call, if it was one.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Start { failure, .. }
            | Self::AnswerLost { failure, .. }
            | Self::FoundAndEnded { failure, .. }
            | Self::NoDataKey { failure, .. } => Some(failure),
            Self::NotConnected { failure, .. } | Self::MayStillBeOpen { failure, .. } => {
                failure.as_ref()
            }
            Self::Identity(error) => error.failure(),
            Self::Plugin(_)
            | Self::NotOpened { .. }
            | Self::Lost { .. }
            | Self::Bug { .. }
            | Self::Listen { .. }
            | Self::Command { .. }
            | Self::Signal(_) => None,
        }
    }

    /// The customer.
    pub fn customer(&self) -> Option<&str> {
        match self {
            Self::Start { customer, .. }
            | Self::AnswerLost { customer, .. }
            | Self::FoundAndEnded { customer, .. }
            | Self::NotConnected { customer, .. }
            | Self::NotOpened { customer, .. }
            | Self::NoDataKey { customer, .. }
            | Self::Lost { customer, .. }
            | Self::Bug { customer, .. }
            | Self::Command { customer, .. }
            | Self::MayStillBeOpen { customer, .. } => Some(customer),
            Self::Identity(error) => error.about.customer.as_deref(),
            Self::Plugin(_) | Self::Listen { .. } | Self::Signal(_) => None,
        }
    }

    /// The instance's id.
    pub fn target(&self) -> Option<&str> {
        match self {
            Self::Start { target, .. }
            | Self::AnswerLost { target, .. }
            | Self::FoundAndEnded { target, .. }
            | Self::NotConnected { target, .. }
            | Self::NotOpened { target, .. }
            | Self::NoDataKey { target, .. }
            | Self::Lost { target, .. }
            | Self::Bug { target, .. }
            | Self::Command { target, .. }
            | Self::MayStillBeOpen { target, .. } => Some(target),
            Self::Identity(_) | Self::Plugin(_) | Self::Listen { .. } | Self::Signal(_) => None,
        }
    }

    /// The session's id, where one is known.
    pub fn session_id(&self) -> Option<&str> {
        match self {
            Self::FoundAndEnded { session_id, .. }
            | Self::NotOpened { session_id, .. }
            | Self::NoDataKey { session_id, .. }
            | Self::Lost { session_id, .. }
            | Self::Bug { session_id, .. } => Some(session_id),
            Self::MayStillBeOpen { session_id, .. } | Self::Command { session_id, .. } => {
                session_id.as_deref()
            }
            _ => None,
        }
    }

    /// The session's state in JSON, where there is or may be one.
    pub fn session_state(&self) -> Option<&'static str> {
        match self {
            Self::FoundAndEnded { .. }
            | Self::NotOpened { .. }
            | Self::NoDataKey { .. }
            | Self::Bug { .. } => Some("ended"),
            Self::Command { session_id, .. } => session_id.as_ref().map(|_| "ended"),
            Self::Lost { .. } => Some("lost"),
            Self::AnswerLost { .. } | Self::MayStillBeOpen { .. } => Some("may-still-be-open"),
            _ => None,
        }
    }
}
