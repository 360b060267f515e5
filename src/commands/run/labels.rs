//! Labels that say which target a line is from, if there are several targets.

use std::collections::HashMap;

use crate::callbacks::{Answer, Callbacks};
use crate::channel::Bytes;
use crate::os::Os;
use crate::session::Target;
use crate::session::command::{Piece, Stream};
use crate::ui::Ui;
use crate::ui::sanitize::escape;

use super::job::{Job, Whose};

/// The longest line that is shown whole, in bytes.
const LONGEST_LINE: usize = 64 << 10;

/// Gives each target its label: its name if that is unique, else its id, else what was typed.
/// With several customers, the customer's name comes first.
pub(super) fn give(jobs: &mut [Job<'_, '_>]) {
    let targets: Vec<_> = jobs.iter().map(|job| job.target().cloned()).collect();
    let mut seen = HashMap::<(&str, &str), usize>::new();
    for (job, target) in jobs.iter().zip(&targets) {
        if let Some(name) = target.as_ref().and_then(|target| target.name.as_deref()) {
            *seen.entry((job.whose.customer, name)).or_default() += 1;
        }
    }
    let several = jobs
        .windows(2)
        .any(|pair| pair[0].whose.customer != pair[1].whose.customer);
    let own = |(job, target): (&Job<'_, '_>, &Option<Target>)| {
        let Whose {
            customer,
            typed,
            region,
            ..
        } = &job.whose;
        match target {
            Some(Target {
                name: Some(name), ..
            }) if seen.get(&(*customer, name.as_str())) == Some(&1) => name.clone(),
            Some(target) => target.instance_id.clone(),
            None => typed.map_or_else(
                || region.as_ref().map(ToString::to_string).unwrap_or_default(),
                str::to_owned,
            ),
        }
    };
    let mut own: Vec<String> = jobs.iter().zip(&targets).map(own).collect();
    let mut counts = HashMap::<(&str, String), usize>::new();
    for (job, label) in jobs.iter().zip(&own) {
        *counts
            .entry((job.whose.customer, label.clone()))
            .or_default() += 1;
    }
    for ((job, label), target) in jobs.iter().zip(&mut own).zip(&targets) {
        // A Name may be another instance's id.
        if counts[&(job.whose.customer, label.clone())] > 1
            && let Some(target) = target
        {
            label.clone_from(&target.instance_id);
        }
    }
    for (job, own) in jobs.iter_mut().zip(own) {
        let customer = job.whose.customer;
        let label = match (several, own.is_empty()) {
            (false, false) => own,
            (true, false) => format!("{customer}/{own}"),
            (_, true) => customer.to_owned(),
        };
        job.whose.label = escape(&label).into_owned();
    }
}

/// Whole lines with their target's label before them.
/// Several targets share a terminal's screen, so control characters are escaped there. Elsewhere
/// the bytes stay as they came.
pub(super) struct Labelled<'a> {
    labels: &'a [String],
    /// The unfinished line of each target's two streams.
    unfinished: Vec<[Vec<u8>; 2]>,
    is_terminal: [bool; 2],
}

impl<'a> Labelled<'a> {
    pub(super) fn new(labels: &'a [String], os: &Os) -> Self {
        Self {
            labels,
            unfinished: vec![<[Vec<u8>; 2]>::default(); labels.len()],
            is_terminal: [os.stdout_terminal, os.stderr_terminal],
        }
    }

    /// The lines that are complete now. At a target's end these are all that is left.
    pub(super) fn take(&mut self, piece: &Piece) -> Vec<(Stream, Bytes)> {
        let streams: &[Stream] = if piece.bytes.is_empty() {
            &[Stream::Output, Stream::Errors]
        } else {
            &[piece.stream]
        };
        let mut shown = Vec::new();
        for stream in streams {
            let lines = self.lines(*stream, piece);
            if !lines.is_empty() {
                shown.push((*stream, lines.into()));
            }
        }
        shown
    }

    fn lines(&mut self, stream: Stream, piece: &Piece) -> Vec<u8> {
        let unfinished = &mut self.unfinished[piece.command][stream as usize];
        unfinished.extend_from_slice(&piece.bytes);
        let feed = unfinished.iter().rposition(|byte| *byte == b'\n');
        let lines = feed.map_or(0, |last| last + 1);
        let is_cut = piece.bytes.is_empty() || unfinished.len() - lines > LONGEST_LINE;
        let complete = if is_cut { unfinished.len() } else { lines };
        let complete: Vec<u8> = unfinished.drain(..complete).collect();
        let label = &self.labels[piece.command];
        let mut shown = Vec::with_capacity(complete.len() + label.len() + 3);
        for line in complete.split_inclusive(|byte| *byte == b'\n') {
            let line = line.strip_suffix(b"\n").unwrap_or(line);
            shown.extend_from_slice(label.as_bytes());
            shown.extend_from_slice(b": ");
            if self.is_terminal[stream as usize] {
                shown.extend_from_slice(readable(line).as_bytes());
            } else {
                shown.extend_from_slice(line);
            }
            shown.push(b'\n');
        }
        shown
    }
}

/// A line for a terminal: tabs stay, and every other control character is escaped.
pub(super) fn readable(line: &[u8]) -> String {
    let line = line.strip_suffix(b"\r").unwrap_or(line);
    let text = String::from_utf8_lossy(line);
    let cells: Vec<_> = text.split('\t').map(escape).collect();
    cells.join("\t")
}

/// Puts the target's label before each warning, and shows no steps of several targets at once.
pub(super) struct Named<'a> {
    ui: &'a Ui,
    label: &'a str,
    several: bool,
}

impl<'a> Named<'a> {
    pub(super) fn new(ui: &'a Ui, label: &'a str, several: bool) -> Self {
        Self { ui, label, several }
    }

    fn named(&self, text: &str) -> String {
        format!("{}: {text}", self.label)
    }
}

impl Callbacks for Named<'_> {
    fn step(&self, text: &str) {
        if !self.several {
            self.ui.step(text);
        }
    }

    fn warn(&self, text: &str) {
        self.ui.warn(&self.named(text));
    }

    fn say(&self, text: &str) {
        if self.several {
            self.ui.say(&self.named(text));
        } else {
            self.ui.say(text);
        }
    }

    fn hand_over(&self) {
        self.ui.hand_over();
    }

    fn mfa_code<'a>(&'a self, serial: &'a str, retry: bool) -> Answer<'a> {
        self.ui.mfa_code(serial, retry)
    }
}

#[cfg(test)]
mod tests {
    use super::Labelled;
    use crate::channel::Bytes;
    use crate::os::Os;
    use crate::session::command::{Piece, Stream};

    fn piece(command: usize, bytes: &'static [u8]) -> Piece {
        Piece {
            command,
            stream: Stream::Output,
            bytes: Bytes::from_static(bytes),
        }
    }

    fn shown(labelled: &mut Labelled<'_>, piece: &Piece) -> String {
        let shown = labelled.take(piece);
        let lines = shown
            .iter()
            .map(|(_, bytes)| String::from_utf8_lossy(bytes));
        lines.collect()
    }

    #[test]
    fn lines_are_whole_and_say_whose_they_are() {
        let labels = ["a".to_owned(), "b".to_owned()];
        let mut labelled = Labelled::new(&labels, &Os::default());
        assert_eq!(shown(&mut labelled, &piece(0, b"one\ntw")), "a: one\n");
        assert_eq!(
            shown(&mut labelled, &piece(1, b"\x1b[2J\n")),
            "b: \u{1b}[2J\n"
        );
        assert_eq!(shown(&mut labelled, &piece(0, b"o\n\n")), "a: two\na: \n");
        assert_eq!(shown(&mut labelled, &piece(0, b"end")), "");
        assert_eq!(shown(&mut labelled, &piece(0, b"")), "a: end\n");
        assert_eq!(shown(&mut labelled, &piece(1, b"")), "");
    }

    #[test]
    fn a_terminal_is_not_steered() {
        let labels = ["a".to_owned(), "b".to_owned()];
        let mut os = Os::default();
        os.stdout_terminal = true;
        let mut labelled = Labelled::new(&labels, &os);
        let piece = piece(0, b"x\ty\x1b[2J\xff\r\n");
        assert_eq!(shown(&mut labelled, &piece), "a: x\ty\\u{1b}[2J\u{fffd}\n");
    }
}
