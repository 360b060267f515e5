//! The checks that are done so far, shown as they come.

use std::time::Instant;

use crate::args::{self, Format};
use crate::callbacks::Callbacks as _;
use crate::error::Error;
use crate::ui::Ui;

use super::check::{Check, Finding, Status};
use super::check_name::{CheckName, Need};

/// How the checks are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// Each one on stdout, when it is done.
    Lines,
    /// All of them on stdout, at the end.
    Json,
    /// On stderr, since stdout is for the note to the customer.
    Report,
}

impl Form {
    pub(super) fn of(args: &args::Doctor) -> Self {
        match args.output.output {
            _ if args.report => Self::Report,
            Format::Json => Self::Json,
            Format::Text => Self::Lines,
        }
    }
}

/// The checks so far.
pub(super) struct Checklist<'a> {
    ui: &'a Ui,
    pub form: Form,
    pub checks: Vec<Check>,
    begun: Instant,
}

impl<'a> Checklist<'a> {
    pub(super) fn new(form: Form, ui: &'a Ui) -> Self {
        Self {
            ui,
            form,
            checks: Vec::new(),
            begun: Instant::now(),
        }
    }

    /// Takes what a check found, and shows it.
    pub(super) fn take(&mut self, name: CheckName, finding: Finding) -> Result<(), Error> {
        let check = Check::new(name, finding, self.begun.elapsed());
        match self.form {
            Form::Lines => self.ui.data(&check.shown(self.ui.width()))?,
            Form::Report => check.shown(None).lines().for_each(|line| self.ui.say(line)),
            Form::Json => {}
        }
        self.checks.push(check);
        self.begun = Instant::now();
        Ok(())
    }

    /// Counts the time of the next check from now on.
    pub(super) fn restart(&mut self) {
        self.begun = Instant::now();
    }

    /// Marks every check as not done that is not done yet and needs what is lacking.
    pub(super) fn leave_out(&mut self, lacking: Need, why: &str) -> Result<(), Error> {
        for name in CheckName::ALL {
            if !self.has(name) && name.needs() >= lacking {
                self.take(name, Finding::not_checked(why, None))?;
            }
        }
        Ok(())
    }

    /// Whether this check is done, or marked as not done.
    pub(super) fn has(&self, name: CheckName) -> bool {
        self.checks.iter().any(|check| check.name == name)
    }

    pub(super) fn last_is(&self, status: Status) -> bool {
        let last = self.checks.last();
        last.is_some_and(|check| check.finding.status == status)
    }
}
