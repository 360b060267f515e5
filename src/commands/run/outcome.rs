//! How the command ended on each target: for a program, for a person, and as one exit status.

use std::collections::HashSet;
use std::time::Duration;

use crate::aws::Failure;
use crate::callbacks::Callbacks as _;
use crate::error::{Error, Subject};
use crate::exit::Exit;
use crate::session::Target;
use crate::session::command::{Done, Status};
use crate::ui::Ui;

use super::folder::Trouble;
use super::job::Whose;

/// The exit code for a failure on the way to the target, as in ssh; the command never has it.
const OWN: u8 = 255;
/// The exit code of a command that Ctrl-C ended, as a shell reports it.
const INTERRUPTED: u8 = 130;
/// The exit code of a process that SIGPIPE ended.
const PIPE: Exit = Exit::Signal(13);

/// The outcome on one target.
#[derive(Debug)]
pub(super) struct Outcome<'a> {
    pub whose: Whose<'a>,
    pub target: Option<Target>,
    pub session_id: Option<String>,
    pub status: Status,
    pub exit_code: Option<i64>,
    pub was_interrupted: bool,
    pub error: Option<Error>,
    /// What went wrong beside the error.
    also: Option<Error>,
    took: Option<Duration>,
}

impl<'a> Outcome<'a> {
    /// The command was not started there.
    pub(super) fn failed(whose: Whose<'a>, target: Option<Target>, error: Error) -> Self {
        Self {
            whose,
            target,
            session_id: None,
            status: Status::NotStarted,
            exit_code: None,
            was_interrupted: false,
            error: Some(error),
            also: None,
            took: None,
        }
    }

    /// The command was sent to this target, or vendor-ssm tried to.
    pub(super) fn of(whose: Whose<'a>, target: Target, done: Done) -> Self {
        Self {
            whose,
            target: Some(target),
            session_id: done.session_id,
            status: done.status,
            exit_code: done.exit_code,
            was_interrupted: done.was_interrupted,
            error: done.error.map(Error::from),
            also: None,
            took: Some(done.took),
        }
    }

    /// Not all of its output could be written to a file.
    /// The command's own status stays known, but the result is not whole.
    pub(super) fn spoil(&mut self, Trouble { file, source }: Trouble) {
        let ended = match self.status {
            Status::Exited(code) => format!("the command exited with {code}"),
            Status::Signalled => "a signal killed the command".to_owned(),
            _ => "see the command's other error".to_owned(),
        };
        let error = Error::Unwritten {
            file,
            source,
            ended,
        };
        if self.error.is_some() {
            self.also = Some(error);
        } else {
            self.error = Some(error);
            self.status = Status::Lost;
        }
    }

    /// Whether anything but success came of it.
    pub(super) fn is_failure(&self) -> bool {
        self.code() != 0
    }

    /// Whether nothing ran.
    pub(super) fn is_not_started(&self) -> bool {
        self.status == Status::NotStarted
    }

    /// Whether all of the command's output was received.
    pub(super) fn is_whole(&self) -> bool {
        matches!(self.status, Status::Exited(_) | Status::Signalled)
    }

    /// What lines of output and messages call the target.
    pub(super) fn label(&self) -> &str {
        &self.whose.label
    }

    /// How many seconds it took, if it was tried.
    pub(super) fn seconds(&self) -> Option<f64> {
        self.took.map(seconds)
    }

    /// Whether AWS refused the session document.
    pub(super) fn lacks_document(&self) -> bool {
        let failure = self.error.as_ref().and_then(|error| error.facts().failure);
        failure
            .and_then(Failure::denial)
            .and_then(|denial| denial.resource)
            .is_some_and(|resource| resource.contains(":document/"))
    }

    fn exit(&self) -> Option<Exit> {
        self.error.as_ref().map(Error::exit)
    }

    fn code(&self) -> u8 {
        match (self.status, self.exit()) {
            (Status::Exited(code), _) => u8::try_from(code).unwrap_or(OWN),
            (Status::Signalled, _) if self.was_interrupted => INTERRUPTED,
            (_, Some(Exit::Usage)) => Exit::Usage.code(),
            _ => OWN,
        }
    }
}

/// The exit status of all: that of the signal that stopped vendor-ssm, else the highest.
pub(super) fn exit(outcomes: &[Outcome<'_>]) -> Exit {
    let is_open = |outcome: &Outcome<'_>| outcome.status == Status::MayStillBeOpen;
    let signal = outcomes
        .iter()
        .filter_map(Outcome::exit)
        .find(|exit| is_signal(*exit));
    match signal {
        Some(signal) if !outcomes.iter().any(is_open) => signal,
        _ => match outcomes.iter().map(Outcome::code).max() {
            None | Some(0) => Exit::Ok,
            Some(code) => Exit::Remote(code),
        },
    }
}

fn is_signal(exit: Exit) -> bool {
    matches!(exit, Exit::Signal(_))
}

/// Whether a signal ended any of them. A reader that closes the output counts as one.
pub(super) fn was_ended(outcomes: &[Outcome<'_>]) -> bool {
    let mut exits = outcomes.iter().filter_map(Outcome::exit);
    exits.any(is_signal)
}

/// Whether a Ctrl-C was passed on to any of the commands.
pub(super) fn was_interrupted(outcomes: &[Outcome<'_>]) -> bool {
    outcomes.iter().any(|outcome| outcome.was_interrupted)
}

/// Prints what went wrong. The table at the end has the exit statuses.
pub(super) fn tell(ui: &Ui, outcomes: &[Outcome<'_>]) {
    let mut said = HashSet::new();
    let (mut unstarted, mut last) = (0_usize, String::new());
    for outcome in outcomes {
        let label = &outcome.whose.label;
        match (outcome.status, &outcome.error) {
            // The reader that closed the output knows.
            (_, Some(error)) if error.exit() == PIPE => {}
            // Several customers may have failed alike, for example at an expired login.
            (_, Some(error))
                if outcome.session_id.is_none()
                    && !ui.speaks_json()
                    && !said.insert((error.to_string(), error.facts().details)) => {}
            // One line for all of them comes below.
            (_, Some(Error::Session(error))) if error.is_fail_fast() && !ui.speaks_json() => {
                unstarted += 1;
                last = error.kind.to_string();
            }
            (_, Some(error)) => {
                ui.fail(error, &subject(&outcome.whose, outcome.target.as_ref()));
            }
            (Status::Signalled, None) if outcome.was_interrupted => {
                ui.warn(&format!(
                    "{label}: the command ended after Ctrl-C; its own exit status is not known, and its last output may be missing"
                ));
            }
            (Status::Signalled, None) => {
                ui.warn(&format!("{label}: a signal killed the command"));
            }
            _ => {}
        }
        if let Some(error) = &outcome.also {
            ui.fail(error, &subject(&outcome.whose, outcome.target.as_ref()));
        }
    }
    if unstarted > 0 {
        let targets = if unstarted == 1 { "target" } else { "targets" };
        ui.warn(&format!("{unstarted} {targets}: {last}"));
    }
}

/// What an error is about that does not know it: the target as typed, else the instance.
pub(super) fn subject(whose: &Whose<'_>, target: Option<&Target>) -> Subject {
    let id = target.map(|target| target.instance_id.as_str());
    Subject {
        customer: Some(whose.customer.to_owned()),
        target: whose.typed.or(id).map(str::to_owned),
    }
}

/// A duration in seconds, rounded to the millisecond.
fn seconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 1e3).round() / 1e3
}
