//! Whatever went wrong, one variant a stage. Each answers for its own exit code, details and hint; how
//! they look is the ui's business.

use std::io;

use serde::Serialize;

use crate::aws::{Failure, SetupError};
use crate::callbacks::Unasked;
use crate::exit::Exit;
use crate::signals::Ending;
use crate::{choice, identity, inventory, kit, session, settings};

/// Whatever ended a command before its time.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The command line asks for something that cannot be.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to type instead.
        hint: Option<String>,
    },
    /// The settings.
    #[error(transparent)]
    Settings(#[from] settings::Error),
    /// The way to AWS.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// The role chain and its cache.
    #[error(transparent)]
    Identity(#[from] identity::Error),
    /// AWS answered with an instance that is not the customer's, or not tagged for us.
    #[error(transparent)]
    Mismatch(#[from] inventory::Mismatch),
    /// No region answered, so there is nothing to list.
    #[error(transparent)]
    Unlisted(#[from] Box<inventory::RegionFailure>),
    /// Which instance was meant.
    #[error(transparent)]
    Choice(#[from] choice::Error),
    /// The session.
    #[error(transparent)]
    Session(#[from] session::Error),
    /// The templates.
    #[error(transparent)]
    Kit(#[from] kit::Error),
    /// A question that nobody can be asked.
    #[error("{question} cannot be asked: there is no terminal, or --no-input is set")]
    NeedsTerminal {
        /// What would have been asked.
        question: &'static str,
        /// The scripted form.
        hint: String,
    },
    /// The confirmation was not given.
    #[error("{0}")]
    Declined(String),
    /// Standard output or an answer's input failed.
    #[error("the output cannot be written: {0}")]
    Output(#[source] io::Error),
    /// A file that was named cannot be read.
    #[error("{file} cannot be read: {source}")]
    Unreadable {
        /// The file, as it was typed.
        file: String,
        /// Why.
        source: io::Error,
    },
    /// The system refused what every command needs.
    #[error("vendor-ssm cannot start: {0}")]
    Start(#[source] io::Error),
    /// The journal of sessions failed.
    #[error("the journal of sessions cannot be read: {0}")]
    Journal(#[source] io::Error),
    /// Standard input failed.
    #[error("the answer cannot be read: {0}")]
    Input(#[source] io::Error),
    /// A signal came.
    #[error("ended by a signal")]
    Signal(Ending),
}

impl Error {
    /// The exit code.
    pub fn exit(&self) -> Exit {
        match self {
            Self::Usage { .. } | Self::Kit(_) => Exit::Usage,
            Self::Settings(error) => error.exit(),
            Self::Setup(error) => error.exit(),
            Self::Identity(error) => error.facts().exit,
            Self::Mismatch(_) => Exit::IdentityMismatch,
            Self::Unlisted(region) => region.exit(),
            Self::Choice(error) => error.exit(),
            Self::Session(error) => error.exit(),
            Self::NeedsTerminal { .. } => Exit::NeedsTerminal,
            Self::Declined(_) => Exit::Declined,
            Self::Output(_)
            | Self::Unreadable { .. }
            | Self::Start(_)
            | Self::Journal(_)
            | Self::Input(_) => Exit::LocalIo,
            Self::Signal(ending) => ending.exit(),
        }
    }

    /// What to do next, in one line.
    pub fn hint(&self) -> Option<String> {
        match self {
            Self::Usage { hint, .. } => hint.clone(),
            Self::Settings(error) => error.hint(),
            Self::Setup(error) => Some(error.hint()),
            Self::Identity(error) => error.facts().hint,
            Self::Mismatch(_) => Some("stop and report this; nothing was opened".to_owned()),
            Self::Unlisted(region) => region.hint(),
            Self::Choice(error) => error.hint(),
            Self::Session(error) => error.hint(),
            Self::Kit(error) => error.hint(),
            Self::NeedsTerminal { hint, .. } => Some(hint.clone()),
            Self::Unreadable { .. } => Some("name a file that you may read".to_owned()),
            Self::Declined(_)
            | Self::Output(_)
            | Self::Start(_)
            | Self::Journal(_)
            | Self::Input(_)
            | Self::Signal(_) => None,
        }
    }

    /// Why, in lines of their own: AWS's code and request id, candidates, who asked.
    pub fn details(&self) -> Vec<String> {
        match self {
            Self::Identity(error) => error.facts().details,
            Self::Choice(error) => error.details(),
            Self::Session(error) => error.details(),
            Self::Usage { .. }
            | Self::Kit(_)
            | Self::Settings(_)
            | Self::Setup(_)
            | Self::Mismatch(_)
            | Self::Unlisted(_)
            | Self::NeedsTerminal { .. }
            | Self::Declined(_)
            | Self::Output(_)
            | Self::Unreadable { .. }
            | Self::Start(_)
            | Self::Journal(_)
            | Self::Input(_)
            | Self::Signal(_) => Vec::new(),
        }
    }

    /// The stage that failed.
    pub fn step(&self) -> Option<&'static str> {
        match self {
            Self::Usage { .. } | Self::Kit(_) => Some("arguments"),
            Self::Settings(_) => Some("settings"),
            Self::Setup(_) => Some("aws-setup"),
            Self::Identity(error) => error.facts().step,
            Self::Mismatch(_) | Self::Unlisted(_) => Some("inventory"),
            Self::Choice(_) | Self::NeedsTerminal { .. } | Self::Declined(_) => Some("choice"),
            Self::Session(error) => Some(error.step()),
            Self::Output(_) => Some("output"),
            Self::Start(_) => Some("start"),
            Self::Journal(_) => Some("journal"),
            Self::Unreadable { .. } | Self::Input(_) => Some("input"),
            Self::Signal(_) => None,
        }
    }

    /// The failed call, if it was one.
    pub fn failure(&self) -> Option<&Failure> {
        match self {
            Self::Identity(error) => error.facts().failure,
            Self::Unlisted(region) | Self::Choice(choice::Error::Unanswered(region)) => {
                region.failure()
            }
            Self::Session(error) => error.failure(),
            Self::Usage { .. }
            | Self::Kit(_)
            | Self::Settings(_)
            | Self::Setup(_)
            | Self::Mismatch(_)
            | Self::Choice(_)
            | Self::NeedsTerminal { .. }
            | Self::Declined(_)
            | Self::Output(_)
            | Self::Unreadable { .. }
            | Self::Start(_)
            | Self::Journal(_)
            | Self::Input(_)
            | Self::Signal(_) => None,
        }
    }

    /// What `--error-format json` prints.
    pub fn report(&self, subject: &Subject) -> Report {
        Report {
            version: 1,
            error: self.object(subject),
        }
    }

    /// The error as an object, for a program.
    pub fn object(&self, subject: &Subject) -> Object {
        let exit = self.exit();
        let session = match self {
            Self::Session(error) => Some(error),
            _ => None,
        };
        Object {
            name: exit.name(),
            exit_code: exit.code(),
            actor: exit.actor(),
            retryable: match (exit, self.failure()) {
                (Exit::AwsError, Some(failure)) => failure.retryable(),
                _ => exit.retryable(),
            },
            step: self.step(),
            customer: match self {
                Self::Identity(error) => error.about.customer.as_deref(),
                Self::Unlisted(region) | Self::Choice(choice::Error::Unanswered(region)) => {
                    Some(region.customer.as_str())
                }
                Self::Session(error) => error.customer(),
                _ => None,
            }
            .map(str::to_owned)
            .or_else(|| subject.customer.clone()),
            target: session
                .and_then(session::Error::target)
                .map(str::to_owned)
                .or_else(|| subject.target.clone()),
            aws_code: self.failure().and_then(|failure| failure.code.clone()),
            request_id: self
                .failure()
                .and_then(|failure| failure.request_id.clone()),
            session_id: session.and_then(|error| error.session_id().map(str::to_owned)),
            session_state: session.and_then(session::Error::session_state),
            message: self.to_string(),
            hint: self.hint(),
        }
    }
}

/// What a command was about, said where the error does not know it.
#[derive(Debug, Clone, Default)]
pub struct Subject {
    /// The customer, as the settings or the command line name it.
    pub customer: Option<String>,
    /// The TARGET as it was typed.
    pub target: Option<String>,
}

/// An error, and what its command was about.
#[derive(Debug)]
pub struct Failed {
    /// What went wrong.
    pub error: Error,
    /// How the process ends for it.
    pub exit: Exit,
    /// With whom and with what.
    pub subject: Subject,
}

impl From<Unasked> for Error {
    fn from(unasked: Unasked) -> Self {
        match unasked {
            Unasked::NoTerminal => Self::NeedsTerminal {
                question: "this",
                hint: "see --help for the flag that answers it".to_owned(),
            },
            Unasked::Declined => Self::Declined("no answer was given".to_owned()),
            Unasked::Signal(ending) => Self::Signal(ending),
            Unasked::Io(error) => Self::Input(error),
        }
    }
}

/// What `--error-format json` prints.
#[derive(Debug, Serialize)]
pub struct Report {
    version: u8,
    error: Object,
}

/// An error as programs read it.
#[derive(Debug, Serialize)]
pub struct Object {
    name: &'static str,
    exit_code: u8,
    actor: Option<&'static str>,
    retryable: bool,
    step: Option<&'static str>,
    customer: Option<String>,
    target: Option<String>,
    aws_code: Option<String>,
    request_id: Option<String>,
    session_id: Option<String>,
    session_state: Option<&'static str>,
    message: String,
    hint: Option<String>,
}
