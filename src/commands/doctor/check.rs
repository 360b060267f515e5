//! One check of `doctor`: what it found, and what to do about it.

use std::time::Duration;

use serde::Serialize;

use crate::error::Error;
use crate::exit::Exit;
use crate::ui::paragraph;

use super::check_name::CheckName;

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) enum Status {
    Ok,
    Warning,
    Failed,
    NotChecked,
}

impl Status {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Warning => "warning",
            Self::Failed => "failed",
            Self::NotChecked => "not-checked",
        }
    }
}

/// What a check found, in words.
#[derive(Debug, Serialize)]
pub(super) struct Finding {
    pub status: Status,
    pub message: String,
    pub hint: Option<String>,
    /// The exit code, if the check failed.
    #[serde(skip)]
    pub exit: Exit,
    /// The error behind it, if there is one.
    #[serde(skip)]
    pub error: Option<Error>,
}

impl Finding {
    fn new(status: Status, message: String, hint: Option<String>) -> Self {
        Self {
            status,
            message,
            hint,
            exit: Exit::Ok,
            error: None,
        }
    }

    pub(super) fn ok(message: impl Into<String>) -> Self {
        Self::new(Status::Ok, message.into(), None)
    }

    pub(super) fn warning(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(Status::Warning, message.into(), Some(hint.into()))
    }

    /// The check that failed before has the hint.
    pub(super) fn not_checked(why: impl Into<String>, hint: Option<&str>) -> Self {
        Self::new(Status::NotChecked, why.into(), hint.map(str::to_owned))
    }

    /// A failure without an error behind it.
    pub(super) fn failed(exit: Exit, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            exit,
            ..Self::new(Status::Failed, message.into(), Some(hint.into()))
        }
    }

    /// The same with one more hint behind its own.
    pub(super) fn hinting(self, more: &str) -> Self {
        let hint = match self.hint {
            Some(hint) => format!("{hint}; {more}"),
            None => more.to_owned(),
        };
        Self {
            hint: Some(hint),
            ..self
        }
    }

    /// An error that does not stop commands from working.
    pub(super) fn warned(error: Error) -> Self {
        Self {
            status: Status::Warning,
            exit: Exit::Ok,
            ..Self::from(error)
        }
    }
}

impl From<Error> for Finding {
    fn from(error: Error) -> Self {
        let facts = error.facts();
        let mut message = error.to_string();
        // In the other details AWS's sentence follows; the report quotes it.
        if let Some(detail) = facts.details.first().filter(|it| !message.contains(*it)) {
            message = format!("{message}: {detail}");
        }
        Self {
            exit: facts.exit,
            hint: facts.hint,
            error: Some(error),
            ..Self::new(Status::Failed, message, None)
        }
    }
}

/// A check that is done, or that was left out.
#[derive(Debug, Serialize)]
pub(super) struct Check {
    pub name: CheckName,
    #[serde(flatten)]
    pub finding: Finding,
    pub seconds: f64,
}

impl Check {
    pub(super) fn new(name: CheckName, finding: Finding, took: Duration) -> Self {
        Self {
            name,
            finding,
            // Rounded to milliseconds.
            seconds: (took.as_secs_f64() * 1000.0).round() / 1000.0,
        }
    }

    /// The same for another customer, who shares what was checked.
    pub(super) fn shared(&self) -> Self {
        let Finding {
            status,
            message,
            hint,
            exit,
            error: _,
        } = &self.finding;
        Self {
            name: self.name,
            finding: Finding {
                status: *status,
                message: message.clone(),
                hint: hint.clone(),
                exit: *exit,
                error: None,
            },
            seconds: self.seconds,
        }
    }

    /// The lines for a person: status, name and message, and the hint below.
    pub(super) fn shown(&self, width: Option<u16>) -> String {
        let Finding {
            status,
            message,
            hint,
            ..
        } = &self.finding;
        let text = format!("{}: {message}", self.name.as_str());
        let first = format!("{:<12}", status.name());
        let mut lines = paragraph::wrapped(&text, &first, "    ", width);
        if let Some(hint) = hint {
            lines.push_str(&paragraph::wrapped(hint, "    hint: ", "    ", width));
        }
        lines
    }
}
