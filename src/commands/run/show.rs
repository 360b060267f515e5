//! How the output of all targets is shown while they run: as it comes, a result a line, or not yet.

use crate::channel::Bytes;
use crate::session::Gate;
use crate::session::command::{Piece, Show, Shown, Stream, Written};

use super::board::Board;
use super::folder::Files;
use super::group;
use super::labels::Labelled;
use super::progress::Progress;
use super::results::{self, Kept};

/// Where a target's output goes while it comes.
pub(super) enum Sink<'a> {
    /// To the streams of vendor-ssm, byte for byte but for what a terminal must not get.
    Streams(&'a Shown),
    /// To the streams, each line with its target's label.
    Labelled(Labelled<'a>),
    /// Into memory.
    Memory,
    /// Into files.
    Files(&'a Files),
}

/// Shows the output of all targets.
pub(super) struct Shower<'a, 'b> {
    pub board: &'b Board<'a>,
    pub sink: Sink<'b>,
    /// Whether each result is printed as soon as it is there.
    pub prints_results: bool,
    /// Whether identical outputs are printed once at the end, and which streams are terminals.
    pub groups: Option<[bool; 2]>,
    pub progress: Option<Progress<'b>>,
    /// What the first failure closes.
    pub closes: Option<&'b Gate>,
    pub labels: &'b [String],
    /// The targets whose output has ended, and those whose result was printed.
    pub ended: Vec<bool>,
    pub printed: Vec<bool>,
    /// Whether the last of everything was handed on.
    pub is_done: bool,
}

impl Shower<'_, '_> {
    /// The results that are complete and not printed yet.
    fn results(&mut self) -> Written {
        let mut written = Vec::new();
        if !self.prints_results {
            return written;
        }
        let files = matches!(self.sink, Sink::Files(_));
        for at in 0..self.ended.len() {
            if self.printed[at] || !self.ended[at] {
                continue;
            }
            self.note_trouble(at);
            let line = self.board.result(at, |outcome, kept| {
                results::line(outcome, (!files).then_some(kept))
            });
            if let Some(line) = line {
                self.printed[at] = true;
                self.board.forget(at);
                written.push((Stream::Output, Bytes::from(line)));
            }
        }
        written
    }

    /// Notes that a target's output could not be written to its file.
    fn note_trouble(&self, at: usize) {
        if let Sink::Files(files) = &self.sink
            && let Some(mut outcome) = self.board.outcome(at)
            && let Some(trouble) = files.trouble(at)
        {
            outcome.spoil(trouble);
        }
    }

    /// The same with the progress line taken away before, and put there again behind.
    fn above_progress(&mut self, written: Written) -> Written {
        let Some(progress) = self.progress.as_mut().filter(|_| !written.is_empty()) else {
            return written;
        };
        let errors = |bytes: Vec<u8>| (Stream::Errors, Bytes::from(bytes));
        let wipe = progress.wipe().map(|wipe| errors(wipe.to_vec()));
        let line = progress.draw(self.board.tally()).map(errors);
        wipe.into_iter().chain(written).chain(line).collect()
    }
}

impl Show for Shower<'_, '_> {
    async fn take(&mut self, piece: Piece) -> Written {
        let (at, is_end) = (piece.command, piece.bytes.is_empty());
        let mut written = match &mut self.sink {
            Sink::Streams(shown) => shown.take(piece),
            Sink::Labelled(labelled) => labelled.take(&piece),
            Sink::Memory => {
                self.board.keep(&piece);
                Vec::new()
            }
            Sink::Files(files) => {
                if !files.take(piece).await
                    && let Some(gate) = self.closes
                {
                    gate.close(&self.labels[at]);
                }
                Vec::new()
            }
        };
        if is_end {
            self.ended[at] = true;
            self.board.tell();
            written.extend(self.results());
        }
        self.above_progress(written)
    }

    async fn more(&mut self) -> Option<Written> {
        loop {
            if self.board.is_over() && (self.groups.is_none() || !self.ended.contains(&false)) {
                if std::mem::replace(&mut self.is_done, true) {
                    return None;
                }
                let wipe = self.progress.take().and_then(|progress| progress.wipe());
                let wipe = wipe.map(|wipe| (Stream::Errors, Bytes::from_static(wipe)));
                let groups = self.groups.map(|is_terminal| {
                    let print = |kept: &[Kept]| group::outputs(self.labels, kept, is_terminal);
                    self.board.kept(print)
                });
                let rest = groups.unwrap_or_else(|| self.results());
                return Some(wipe.into_iter().chain(rest).collect());
            }
            let ticks = self.progress.is_some();
            let tick = async {
                if let Some(progress) = &self.progress {
                    progress.tick().await;
                }
            };
            tokio::select! {
                () = self.board.changed() => {}
                () = tick, if ticks => {}
            }
            let written = self.results();
            if !written.is_empty() {
                return Some(self.above_progress(written));
            }
            if let Some(progress) = &mut self.progress
                && let Some(line) = progress.draw(self.board.tally())
            {
                return Some(vec![(Stream::Errors, Bytes::from(line))]);
            }
        }
    }
}
