//! How the command ended on each target: for a program, for a person, and as one exit status.

use std::collections::HashSet;
use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;

use crate::aws::Failure;
use crate::callbacks::Callbacks as _;
use crate::error::{Error, Object, Subject};
use crate::exit::Exit;
use crate::names::Region;
use crate::session::Target;
use crate::session::command::{Done, Piece, Status, Stream};
use crate::ui::Ui;

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
    whose: Whose<'a>,
    target: Option<Target>,
    session_id: Option<String>,
    status: Status,
    exit_code: Option<i64>,
    was_interrupted: bool,
    error: Option<Error>,
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
            took: Some(done.took),
        }
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

/// Prints what went wrong. With several targets, it also prints each exit status that is not 0.
pub(super) fn tell(ui: &Ui, outcomes: &[Outcome<'_>]) {
    let mut said = HashSet::new();
    for outcome in outcomes {
        let label = &outcome.whose.label;
        match (outcome.status, &outcome.error) {
            // The reader that closed the output knows.
            (_, Some(error)) if error.exit() == PIPE => {}
            // What stopped several customers alike, such as an expired login, is said once.
            (_, Some(error))
                if outcome.session_id.is_none()
                    && !ui.speaks_json()
                    && !said.insert((error.to_string(), error.facts().details)) => {}
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
            (Status::Exited(code), None) if code != 0 && outcomes.len() > 1 => {
                ui.say(&format!("{label}: exit status {code}"));
            }
            _ => {}
        }
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

/// What a command wrote, kept for JSON.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept([Vec<u8>; 2]);

impl Kept {
    pub(super) fn take(&mut self, piece: &Piece) {
        self.0[piece.stream as usize].extend_from_slice(&piece.bytes);
    }

    /// A stream's bytes as text if they are UTF-8, else in base64.
    fn split(&self, stream: Stream) -> (Option<&str>, Option<String>) {
        let bytes = &self.0[stream as usize];
        match std::str::from_utf8(bytes) {
            Ok(text) => (Some(text), None),
            Err(_) => (None, Some(BASE64_STANDARD.encode(bytes))),
        }
    }
}

/// What `--output json` prints.
#[derive(Debug, Serialize)]
pub(super) struct Results<'a> {
    version: u8,
    results: Vec<Row<'a>>,
}

#[derive(Debug, Serialize)]
struct Row<'a> {
    customer: &'a str,
    region: Option<&'a str>,
    instance_id: Option<&'a str>,
    name: Option<&'a str>,
    session_id: Option<&'a str>,
    status: &'static str,
    exit_code: Option<i64>,
    /// Only if it is true.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    interrupted: bool,
    stdout: Option<&'a str>,
    stderr: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stdout_base64: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stderr_base64: Option<String>,
    seconds: Option<f64>,
    error: Option<Object>,
}

/// The results in the order of the targets.
pub(super) fn results<'a>(outcomes: &'a [Outcome<'_>], kept: &'a [Kept]) -> Results<'a> {
    let row = |(outcome, kept): (&'a Outcome<'_>, &'a Kept)| {
        let (stdout, stdout_base64) = kept.split(Stream::Output);
        let (stderr, stderr_base64) = kept.split(Stream::Errors);
        let target = outcome.target.as_ref();
        let region = target.map(|target| &target.region);
        let region = region.or(outcome.whose.region.as_ref());
        let object =
            |error: &Error| error.object(&subject(&outcome.whose, outcome.target.as_ref()));
        Row {
            customer: outcome.whose.customer,
            region: region.map(Region::as_str),
            instance_id: target.map(|target| target.instance_id.as_str()),
            name: target.and_then(|target| target.name.as_deref()),
            session_id: outcome.session_id.as_deref(),
            status: outcome.status.name(),
            exit_code: outcome.exit_code,
            interrupted: outcome.was_interrupted,
            stdout,
            stderr,
            stdout_base64,
            stderr_base64,
            seconds: outcome.took.map(seconds),
            error: outcome.error.as_ref().map(object),
        }
    };
    Results {
        version: 1,
        results: outcomes.iter().zip(kept).map(row).collect(),
    }
}

/// The results if the command was not started on any of these targets.
pub(super) fn none<'a>(
    targets: impl IntoIterator<Item = (&'a Whose<'a>, Option<&'a Target>)>,
    error: &Error,
) -> Results<'a> {
    let row = |(whose, target): (&'a Whose<'_>, Option<&'a Target>)| {
        let region = target.map(|target| &target.region);
        Row {
            customer: whose.customer,
            region: region.or(whose.region.as_ref()).map(Region::as_str),
            instance_id: target.map(|target| target.instance_id.as_str()),
            name: target.and_then(|target| target.name.as_deref()),
            session_id: None,
            status: Status::NotStarted.name(),
            exit_code: None,
            interrupted: false,
            stdout: Some(""),
            stderr: Some(""),
            stdout_base64: None,
            stderr_base64: None,
            seconds: None,
            error: Some(error.object(&subject(whose, target))),
        }
    };
    Results {
        version: 1,
        results: targets.into_iter().map(row).collect(),
    }
}

/// A duration in seconds, rounded to the millisecond.
fn seconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 1e3).round() / 1e3
}
