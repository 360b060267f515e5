//! Everything that can end a command early, one variant a stage.
//! Each stage gives the facts of its own errors. The ui decides how they look.

use std::io;

use serde::Serialize;

use crate::aws::{Failure, FailureKind, SetupError};
use crate::callbacks::Unasked;
use crate::exit::Exit;
use crate::facts::Facts;
use crate::names::short::short;
use crate::os::Os;
use crate::platform::descriptors::TooFew;
use crate::platform::stream::Trouble;
use crate::private;
use crate::signals::Ending;
use crate::trust::Distrust;
use crate::{choice, identity, inventory, kit, session, settings};

/// What ended a command early.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The command line asks for something impossible.
    #[error("{message}")]
    Usage {
        /// What is wrong.
        message: String,
        /// What to type instead.
        hint: Option<String>,
    },
    /// There are no valid settings.
    #[error(transparent)]
    Settings(#[from] settings::Error),
    /// vendor-ssm could not set up the way to AWS.
    #[error(transparent)]
    Setup(#[from] SetupError),
    /// The role chain or its cache failed.
    #[error(transparent)]
    Identity(#[from] identity::Error),
    /// AWS answered with an instance that is not the customer's, or lacks the customer's tag.
    #[error(transparent)]
    Mismatch(#[from] inventory::Mismatch),
    /// No region answered, so there is nothing to list.
    #[error(transparent)]
    Unlisted(#[from] Box<inventory::RegionFailure>),
    /// A region of one of several customers did not answer.
    #[error("{}: {_0}", _0.customer)]
    Unanswered(Box<inventory::RegionFailure>),
    /// No instance was chosen.
    #[error(transparent)]
    Choice(#[from] choice::Error),
    /// There was no session, or it went wrong.
    #[error(transparent)]
    Session(#[from] session::Error),
    /// The kit's templates cannot be written.
    #[error(transparent)]
    Kit(#[from] kit::Error),
    /// There is a question, and no terminal to ask it on.
    #[error("cannot ask for {question}: there is no terminal, or --no-input is set")]
    NeedsTerminal {
        /// What vendor-ssm would have asked for.
        question: &'static str,
        /// What to type in a script.
        hint: String,
    },
    /// A shell has no terminal that it could use.
    #[error("a shell needs a terminal: {0}")]
    NoShell(Trouble),
    /// There is a question, and the terminal cannot be used.
    #[error("{0}")]
    Unusable(Box<Error>, Trouble),
    /// No profile can become a customer.
    #[error("no profile in ~/.aws/config can be imported")]
    NothingToImport,
    /// The person did not confirm.
    #[error("{0}")]
    Declined(String),
    /// Standard output failed.
    #[error("the output cannot be written: {0}")]
    Output(#[source] io::Error),
    /// The command line names a file that cannot be read.
    #[error("{file} cannot be read: {source}")]
    Unreadable {
        /// The file, as it was typed.
        file: String,
        /// Why.
        source: io::Error,
    },
    /// A file that the command line names may be another user's work.
    #[error("{file} is not safe: {why}")]
    UnsafeFile {
        /// The file, as it was typed.
        file: String,
        /// Why.
        why: Distrust,
    },
    /// A local command was not started.
    #[error("{command:?} cannot be run: {source}")]
    NotStarted {
        /// The command's first word.
        command: String,
        /// What the system said.
        source: io::Error,
    },
    /// The folder for the output of `run` cannot be used. Nothing ran on the targets it is for.
    #[error("{message}")]
    OutputFolder {
        /// What is wrong.
        message: String,
        /// What to do about it.
        hint: Option<String>,
    },
    /// Not all of a command's output could be written to its file.
    #[error("the command's output could not be written to {file}: {source}; {ended}")]
    Unwritten {
        /// The file.
        file: String,
        /// Why not.
        source: io::Error,
        /// How the command itself ended.
        ended: String,
    },
    /// The operating system refused what every command needs.
    #[error("vendor-ssm cannot start: {0}")]
    Start(#[source] io::Error),
    /// A file or a connection more than the operating system lets vendor-ssm open.
    #[error(transparent)]
    Descriptors(#[from] TooFew),
    /// The journal of sessions cannot be read.
    #[error("the journal of sessions cannot be read: {0}")]
    Journal(#[source] io::Error),
    /// Standard input failed when a person should answer.
    #[error("the answer cannot be read: {0}")]
    Input(#[source] io::Error),
    /// A signal stopped vendor-ssm.
    #[error("stopped by a signal")]
    Signal(Ending),
}

impl Error {
    /// What the error knows about itself.
    pub(crate) fn facts(&self) -> Facts<'_> {
        let mut facts = self.own_facts();
        if let Some(end) = facts.about.grant_ended.filter(|_| is_refusal(&facts)) {
            let customer = facts.about.customer.as_deref().unwrap_or("the customer");
            let mut hint = format!(
                "the grant ended on {end}: ask {customer} to extend it, then change `grant_ends` in the settings"
            );
            if let Some(own) = &facts.hint {
                hint = format!("{hint}. If {customer} has extended it: {own}");
            }
            facts.hint = Some(hint);
        }
        facts
    }

    /// This is the only match over all stages.
    fn own_facts(&self) -> Facts<'_> {
        match self {
            Self::Usage { hint, .. } => Facts {
                hint: hint.clone(),
                ..Facts::new(Exit::Usage, Some("arguments"))
            },
            Self::Kit(error) => Facts {
                hint: error.hint(),
                ..Facts::new(Exit::Usage, Some("arguments"))
            },
            Self::Settings(error) => Facts {
                hint: error.hint(),
                ..Facts::new(error.exit(), Some("settings"))
            },
            Self::Setup(error) => Facts {
                hint: Some(error.hint()),
                ..Facts::new(Exit::Settings, Some("aws-setup"))
            },
            Self::Identity(error) => error.facts(),
            Self::Mismatch(_) => Facts {
                hint: Some("stop and report this; nothing was opened".to_owned()),
                ..Facts::new(Exit::IdentityMismatch, Some("inventory"))
            },
            Self::Unlisted(region) | Self::Unanswered(region) => region.facts(),
            Self::Choice(error) => error.facts(),
            Self::Session(error) => error.facts(),
            Self::NeedsTerminal { hint, .. } => Facts {
                hint: Some(hint.clone()),
                ..Facts::new(Exit::NeedsTerminal, Some("choice"))
            },
            Self::NoShell(trouble) => Facts {
                hint: Some(trouble.hint().to_owned()),
                ..Facts::new(Exit::NeedsTerminal, Some("choice"))
            },
            Self::Unusable(error, trouble) => without_terminal(error.own_facts(), *trouble),
            Self::NothingToImport => Facts {
                hint: Some(
                    "a customer's profile has role_arn, external_id, region, and a source_profile that assumes the vendor role"
                        .to_owned(),
                ),
                ..Facts::new(Exit::Settings, Some("settings"))
            },
            Self::Declined(_) => Facts::new(Exit::Declined, Some("choice")),
            Self::Output(_) => Facts::new(Exit::LocalIo, Some("output")),
            Self::Unreadable { .. } => Facts {
                hint: Some("name a file that you may read".to_owned()),
                ..Facts::new(Exit::LocalIo, Some("input"))
            },
            Self::UnsafeFile { why, .. } => Facts {
                hint: Some(why.hint()),
                ..Facts::new(Exit::Settings, Some("input"))
            },
            Self::NotStarted { source, .. } if source.kind() == io::ErrorKind::NotFound => Facts {
                hint: Some("check the spelling and PATH".to_owned()),
                ..Facts::new(Exit::CommandNotFound, Some("command"))
            },
            Self::NotStarted { source, .. }
                if source.kind() == io::ErrorKind::ArgumentListTooLong =>
            {
                unusable("write the long arguments into a file, and have the command read it")
            }
            Self::NotStarted { .. } => {
                unusable("check that the file is a program that you may execute")
            }
            Self::Descriptors(error) => Facts {
                hint: Some(error.hint()),
                ..Facts::new(Exit::LocalIo, Some("start"))
            },
            Self::OutputFolder { hint, .. } => Facts {
                hint: hint.clone(),
                ..Facts::new(Exit::LocalIo, Some("output"))
            },
            Self::Unwritten { .. } => Facts {
                hint: Some(
                    "the file has what was written before. Free space, and run the command again only if repeating it is safe"
                        .to_owned(),
                ),
                ..Facts::new(Exit::LocalIo, Some("output"))
            },
            Self::Start(_) => Facts::new(Exit::LocalIo, Some("start")),
            Self::Journal(error) => Facts {
                hint: private::hint(error),
                ..Facts::new(Exit::LocalIo, Some("journal"))
            },
            Self::Input(_) => Facts::new(Exit::LocalIo, Some("input")),
            Self::Signal(ending) => Facts::new(ending.exit(), None),
        }
    }

    /// The same error, with what is to be done about the terminal if one is needed.
    #[must_use]
    pub(crate) fn at(self, os: &Os) -> Self {
        match os.trouble {
            Some(trouble) if self.exit() == Exit::NeedsTerminal => match self {
                Self::NoShell(_) => self,
                other => Self::Unusable(Box::new(other), trouble),
            },
            _ => self,
        }
    }

    /// The exit code.
    pub(crate) fn exit(&self) -> Exit {
        self.facts().exit
    }

    /// What `--error-format json` prints.
    pub(crate) fn report(&self, subject: &Subject) -> Report {
        Report {
            version: 1,
            error: self.object(subject),
        }
    }

    /// The error as an object, for a program.
    pub(crate) fn object(&self, subject: &Subject) -> Object {
        let facts = self.facts();
        let (exit, failure) = (facts.exit, facts.failure);
        Object {
            name: exit.name(),
            exit_code: exit.code(),
            actor: exit.actor(),
            retryable: match (exit, failure) {
                // The network that refuses a password refuses it again.
                (Exit::AwsError | Exit::Network, Some(failure)) => failure.retryable(),
                _ => exit.retryable(),
            },
            step: facts.step,
            customer: facts.about.customer.or_else(|| subject.customer.clone()),
            target: facts.about.target.or_else(|| subject.target.clone()),
            aws_code: failure.and_then(|failure| failure.code.clone()),
            request_id: failure.and_then(|failure| failure.request_id.clone()),
            session_id: facts.about.session_id,
            session_state: facts.session_state,
            // AWS's message is whole here. A program may decode what a line cuts.
            message: short(&format!("{self:#}"), LONGEST).into_owned(),
            hint: facts.hint.map(|hint| short(&hint, LONGEST).into_owned()),
        }
    }
}

/// A command that cannot be started, and what to do about it.
fn unusable(hint: &str) -> Facts<'static> {
    Facts {
        hint: Some(hint.to_owned()),
        ..Facts::new(Exit::CommandUnusable, Some("command"))
    }
}

/// Says what is wrong with the terminal, before what to do without one.
fn without_terminal(facts: Facts<'_>, trouble: Trouble) -> Facts<'_> {
    let mut hint = format!("{trouble}: {}", trouble.hint());
    if let Some(otherwise) = &facts.hint {
        let rest = otherwise.strip_prefix("in a script");
        let rest = rest.map_or_else(|| format!(": {otherwise}"), str::to_owned);
        hint = format!("{hint}. In a script{rest}");
    }
    Facts {
        hint: Some(hint),
        ..facts
    }
}

/// Whether the customer's account refused, or may have.
fn is_refusal(facts: &Facts<'_>) -> bool {
    let is_denied = |failure: &Failure| failure.kind == FailureKind::Denied;
    match facts.exit {
        Exit::CustomerRoleDenied | Exit::StartDenied | Exit::CredentialsRevoked => true,
        Exit::MayStillBeOpen | Exit::VendorRoleDenied | Exit::BaseCredentials => false,
        _ => facts.failure.is_some_and(is_denied),
    }
}

/// The most of a text in JSON, in characters. AWS's longest messages have room.
const LONGEST: usize = 32 << 10;

/// What a command was about, for errors that do not know it themselves.
#[derive(Debug, Clone, Default)]
pub(crate) struct Subject {
    /// The customer, as the settings or the command line name it.
    pub customer: Option<String>,
    /// The TARGET as it was typed.
    pub target: Option<String>,
}

/// An error, and what its command was about.
#[derive(Debug)]
pub(crate) struct Failed {
    /// What went wrong.
    pub error: Error,
    /// The process's exit code.
    pub exit: Exit,
    /// What the command was about.
    pub subject: Subject,
}

impl From<Unasked> for Error {
    fn from(unasked: Unasked) -> Self {
        match unasked {
            Unasked::NoTerminal => Self::NeedsTerminal {
                question: "this",
                hint: "pass the flag that answers it: --help lists the flags".to_owned(),
            },
            Unasked::Declined => Self::Declined("no answer was given".to_owned()),
            Unasked::Signal(ending) => Self::Signal(ending),
            Unasked::Io(error) => Self::Input(error),
        }
    }
}

/// What `--error-format json` prints.
#[derive(Debug, Serialize)]
pub(crate) struct Report {
    version: u8,
    error: Object,
}

/// A bug of vendor-ssm itself, as stderr shows it.
pub(crate) fn bug(message: String, hint: &'static str, json: bool) -> String {
    let exit = Exit::Internal;
    if !json {
        return format!("error[{}]: {message}\r\n  hint: {hint}", exit.name());
    }
    let report = Report {
        version: 1,
        error: Object {
            name: exit.name(),
            exit_code: exit.code(),
            actor: exit.actor(),
            retryable: exit.retryable(),
            step: None,
            customer: None,
            target: None,
            aws_code: None,
            request_id: None,
            session_id: None,
            session_state: None,
            message,
            hint: Some(hint.to_owned()),
        },
    };
    serde_json::to_string(&report).unwrap_or_default()
}

/// An error as programs read it.
#[derive(Debug, Serialize)]
pub(crate) struct Object {
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_that_cannot_be_used_comes_before_the_form_for_scripts() {
        for (trouble, hint) in [
            (Trouble::OutOfReach, "winpty"),
            (Trouble::Plain, "legacy"),
            (Trouble::Verbatim, "Windows Terminal"),
        ] {
            let mut os = Os::default();
            os.trouble = Some(trouble);
            let asked = || Error::NeedsTerminal {
                question: "the reason",
                hint: "pass --reason".to_owned(),
            };
            let (plain, error) = (asked().to_string(), asked().at(&os));
            let facts = error.facts();
            let said = facts.hint.clone().unwrap();
            assert!(said.contains(hint), "{said}");
            assert!(said.ends_with("In a script: pass --reason"), "{said}");
            assert_eq!(
                (error.to_string(), facts.exit),
                (plain, Exit::NeedsTerminal)
            );
            let shell = Error::NoShell(trouble).at(&os);
            assert!(!shell.facts().hint.unwrap().contains("In a script"));
            let other = Error::Declined("no".to_owned()).at(&os);
            assert_eq!(other.facts().hint, None);
        }
    }

    #[test]
    fn a_bug_is_said_in_the_format_that_was_asked_for() {
        let said = |json| bug("it has a bug".to_owned(), "report it", json);
        assert_eq!(
            said(false),
            "error[internal]: it has a bug\r\n  hint: report it"
        );
        let json: serde_json::Value = serde_json::from_str(&said(true)).unwrap();
        assert_eq!(json["error"]["exit_code"], 1);
        assert_eq!(json["error"]["message"], "it has a bug");
        assert_eq!(json["error"]["aws_code"], serde_json::Value::Null);
    }
}
