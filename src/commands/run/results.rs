//! The results of a `run` as programs read them: all in one object, or one a line.

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use serde::Serialize;

use crate::error::{Error, Object};
use crate::names::Region;
use crate::session::Target;
use crate::session::command::{Piece, Status, Stream};
use crate::ui::sanitize;

use super::job::Whose;
use super::outcome::{Outcome, subject};

/// What a command wrote, kept until its end.
#[derive(Debug, Clone, Default)]
pub(super) struct Kept([Vec<u8>; 2]);

impl Kept {
    pub(super) fn take(&mut self, piece: &Piece) {
        self.0[piece.stream as usize].extend_from_slice(&piece.bytes);
    }

    /// A stream's bytes.
    pub(super) fn bytes(&self, stream: Stream) -> &[u8] {
        &self.0[stream as usize]
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

/// One result of `--output jsonl`.
#[derive(Debug, Serialize)]
struct Line<'a> {
    version: u8,
    #[serde(flatten)]
    row: &'a Row<'a>,
}

/// A line of JSON with its end.
fn json_line(row: &Row<'_>) -> String {
    let line = Line { version: 1, row };
    // Its keys are strings, and nothing in it refuses to be written.
    let mut text = sanitize::json(&line).unwrap_or_default();
    text.push('\n');
    text
}

/// A result as `--output jsonl` prints it. Without `kept`, its output is in files.
pub(super) fn line(outcome: &Outcome<'_>, kept: Option<&Kept>) -> String {
    json_line(&row(outcome, kept))
}

fn row<'a>(outcome: &'a Outcome<'_>, kept: Option<&'a Kept>) -> Row<'a> {
    let split = |stream| kept.map_or((None, None), |kept| kept.split(stream));
    let (stdout, stdout_base64) = split(Stream::Output);
    let (stderr, stderr_base64) = split(Stream::Errors);
    let target = outcome.target.as_ref();
    let region = target.map(|target| &target.region);
    let region = region.or(outcome.whose.region.as_ref());
    let object = |error: &Error| error.object(&subject(&outcome.whose, target));
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
        seconds: outcome.seconds(),
        error: outcome.error.as_ref().map(object),
    }
}

/// The results in the order of the targets. Without `kept`, their output is in files.
pub(super) fn results<'a>(outcomes: &'a [Outcome<'_>], kept: Option<&'a [Kept]>) -> Results<'a> {
    let each = outcomes.iter().enumerate();
    let results = each.map(|(at, outcome)| row(outcome, kept.map(|kept| &kept[at])));
    Results {
        version: 1,
        results: results.collect(),
    }
}

impl Results<'_> {
    /// Whether there is no target.
    pub(super) fn is_empty(&self) -> bool {
        self.results.is_empty()
    }

    /// The same as `--output jsonl` prints it.
    pub(super) fn lines(&self) -> String {
        self.results.iter().map(json_line).collect()
    }
}

/// The results if the command was not started on any of these targets.
/// A target may have an error of its own. With `in_files`, output would have gone to files.
pub(super) fn none<'a>(
    targets: impl IntoIterator<Item = (&'a Whose<'a>, Option<&'a Target>, Option<&'a Error>)>,
    error: &Error,
    in_files: bool,
) -> Results<'a> {
    let nothing = (!in_files).then_some("");
    let row = |(whose, target, own): (&'a Whose<'_>, Option<&'a Target>, Option<&Error>)| {
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
            stdout: nothing,
            stderr: nothing,
            stdout_base64: None,
            stderr_base64: None,
            seconds: None,
            error: Some(own.unwrap_or(error).object(&subject(whose, target))),
        }
    };
    Results {
        version: 1,
        results: targets.into_iter().map(row).collect(),
    }
}
