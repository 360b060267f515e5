//! The targets of a `run`: where the command is to run, or why it cannot.

use crate::commands::target::Missed;
use crate::error::Error;
use crate::identity::AssumedRole;
use crate::inventory::Instance;
use crate::names::Region;
use crate::session::{Context, Target};

/// Whose result it is, as far as that is known without an instance.
#[derive(Debug, Clone, Default)]
pub(super) struct Whose<'a> {
    /// The customer's name.
    pub customer: &'a str,
    /// The target as it was typed; `None` for one that a choice brought.
    pub typed: Option<&'a str>,
    /// The region that did not answer.
    pub region: Option<Region>,
    /// What tells it from the others, fit for a screen.
    pub label: String,
}

/// One target of a `run`.
pub(super) struct Job<'a, 'i> {
    pub whose: Whose<'a>,
    /// The instance as it was listed, if a choice brought it.
    pub listed: Option<&'a Instance>,
    /// Where the command is to run, or why it cannot.
    pub found: Result<Place<'a, 'i>, Missed>,
}

impl Job<'_, '_> {
    /// Whether it stands for a customer or a region that did not answer.
    pub(super) fn is_unanswered(&self) -> bool {
        self.whose.typed.is_none() && self.target().is_none()
    }

    /// What is known of it if nothing is started anywhere.
    pub(super) fn unstarted(&self) -> (&Whose<'_>, Option<&Target>, Option<&Error>) {
        let own = self.found.as_ref().err().map(|missed| &missed.error);
        (&self.whose, self.target(), own)
    }

    /// The instance, if one was found.
    pub(super) fn target(&self) -> Option<&Target> {
        match &self.found {
            Ok(place) => Some(&place.target),
            Err(missed) => missed.target.as_deref(),
        }
    }
}

/// Where a command is to run.
pub(super) struct Place<'a, 'i> {
    pub context: Context<'a, 'i>,
    pub role: &'a AssumedRole,
    pub target: Target,
}
