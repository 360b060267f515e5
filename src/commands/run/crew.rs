//! The commands of one `run`, side by side: each target's session, and the output of all.

use std::collections::VecDeque;
use std::pin::pin;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;

use crate::args::run::{Results, Run};
use crate::callbacks::Callbacks as _;
use crate::commands::stages::Stages;
use crate::commands::target::Missed;
use crate::error::Error;
use crate::platform::{has_no_reader, places};
use crate::session::command::{self, Command, Outlet, Shown, outlets};
use crate::session::{self, Context, ErrorKind, Gate};
use crate::signals::{Ending, Signals};

use super::board::Board;
use super::folder::Files;
use super::job::{Job, Place, Whose};
use super::labels::{Labelled, Named};
use super::outcome::{self, Outcome};
use super::progress::Progress;
use super::results::Kept;
use super::show::{Shower, Sink};

/// How long the last output may take after a signal.
const LAST_OUTPUT: Duration = Duration::from_millis(500);
/// The most bytes of each of a target's streams that are kept in memory.
const MOST_KEPT: usize = 16 << 20;

/// A target that waits for its turn.
struct Waiting<'a, 'i> {
    at: usize,
    whose: Whose<'a>,
    place: Place<'a, 'i>,
    outlet: Outlet,
    signals: Signals,
}

/// What the commands on all targets have in common.
pub(super) struct Crew<'a> {
    stages: &'a Stages<'a>,
    args: &'a Run,
    command: &'a Command<'a>,
    files: Option<Files>,
    gate: Gate,
}

/// What came of all.
pub(super) struct Done<'a> {
    /// In the order of the targets.
    pub outcomes: Vec<Outcome<'a>>,
    /// The output of each, unless it went to files or was shown as it came.
    pub kept: Vec<Kept>,
}

impl<'a> Crew<'a> {
    pub(super) fn new(
        stages: &'a Stages<'a>,
        args: &'a Run,
        command: &'a Command<'a>,
        files: Option<Files>,
    ) -> Self {
        Self {
            stages,
            args,
            command,
            files,
            gate: Gate::default(),
        }
    }

    /// Runs the command on each target, and shows or keeps what it writes.
    pub(super) async fn run(
        &self,
        jobs: Vec<Job<'a, '_>>,
        signals: &mut Signals,
    ) -> Result<Done<'a>, Error> {
        let (args, os) = (self.args, self.stages.os);
        let keeps = self.files.is_none() && (args.group || args.output != Results::Text);
        let count = jobs.len();
        let (outlets, pieces) = outlets(count, keeps.then_some(MOST_KEPT), &places::temporary(os));
        let labels: Vec<String> = jobs.iter().map(|job| job.whose.label.clone()).collect();
        let board = Board::new(count);
        let terminal = Shown::new(os, self.stages.settings.session.terminal);
        let sink = match &self.files {
            Some(files) => Sink::Files(files),
            None if keeps => Sink::Memory,
            None if count > 1 => Sink::Labelled(Labelled::new(&labels, os)),
            None => Sink::Streams(&terminal),
        };
        // What reads a pipe may write to the same terminal.
        let is_piped_as_it_comes = os.stdout_is_a_pipe()
            && (matches!(sink, Sink::Labelled(_)) || args.output == Results::Jsonl);
        let mut shower = Shower {
            board: &board,
            sink,
            prints_results: args.output == Results::Jsonl,
            groups: args
                .group
                .then_some([os.stdout_terminal, os.stderr_terminal]),
            progress: (count > 1 && !is_piped_as_it_comes)
                .then(|| Progress::new(self.stages.ui))
                .flatten(),
            closes: args.fail_fast.then_some(&self.gate),
            labels: &labels,
            ended: vec![false; count],
            printed: vec![false; count],
            is_done: false,
        };
        let mut shown = Box::pin(pieces.write(&mut shower));
        let mut is_shown = None;
        let ended = {
            let mut work = pin!(self.work(jobs, &labels, outlets, &board, signals));
            loop {
                tokio::select! {
                    ended = &mut work => break ended?,
                    written = &mut shown, if is_shown.is_none() => is_shown = Some(written),
                }
            }
        };
        board.close();
        let was = |is: fn(&[Outcome<'_>]) -> bool| board.all(is);
        // All output is written before the end is reported. After a signal, vendor-ssm does not
        // wait for that, unless it was a Ctrl-C for the commands: then only the next signal ends
        // the wait.
        let was_theirs = ended == Some(Ending::INTERRUPT) && was(outcome::was_interrupted);
        let written = match is_shown {
            Some(written) => Ok(written),
            None if was(outcome::was_ended) || ended.is_some() && !was_theirs => {
                let last = tokio::time::timeout(LAST_OUTPUT, shown.as_mut()).await;
                match (last, ended) {
                    // It came when the last command had just exited.
                    (Err(_), Some(ending)) if !was(outcome::was_ended) => Err(ending),
                    (last, _) => Ok(last.unwrap_or(Ok(()))),
                }
            }
            None => signals.guard(shown.as_mut()).await,
        };
        drop(shown);
        drop(shower);
        if let Some(notice) = terminal.leave().await {
            self.stages.ui.say(notice);
        }
        self.settle_files(&board);
        match written.map_err(Error::Signal)? {
            Err(error) if !has_no_reader(&error) => Err(Error::Output(error)),
            _ => {
                let (outcomes, kept) = board.take();
                Ok(Done { outcomes, kept })
            }
        }
    }

    /// Notes what went wrong with the files, and names those that are not whole.
    fn settle_files(&self, board: &Board<'a>) {
        let Some(files) = &self.files else {
            return;
        };
        for at in 0..board.tally().all {
            let Some(mut outcome) = board.outcome(at) else {
                continue;
            };
            if outcome.is_not_started() {
                files.remove(at);
                continue;
            }
            let is_whole = outcome.is_whole() && !files.is_open(at);
            if let Some(trouble) = files.trouble(at) {
                outcome.spoil(trouble);
            } else if !is_whole && let Some(names) = files.names(at) {
                let label = outcome.label();
                let warning = format!("{label}: the output in {names} is incomplete");
                self.stages.ui.warn(&warning);
            }
        }
    }

    /// Runs as many at once as `--parallel` allows, and returns the last signal.
    /// After a signal it starts no further session, and with `--fail-fast` after a failure.
    async fn work(
        &self,
        jobs: Vec<Job<'a, '_>>,
        labels: &[String],
        outlets: Vec<Outlet>,
        board: &Board<'a>,
        signals: &mut Signals,
    ) -> Result<Option<Ending>, Error> {
        let mut queue = VecDeque::new();
        let named: Vec<Named> = labels
            .iter()
            .map(|label| Named::new(self.stages.ui, label, labels.len() > 1))
            .collect();
        for (at, (job, outlet)) in jobs.into_iter().zip(outlets).enumerate() {
            let is_chosen = job.whose.typed.is_none();
            let whose = job.whose;
            match job.found {
                Ok(place) => queue.push_back(Waiting {
                    at,
                    whose,
                    place,
                    outlet,
                    signals: Signals::new().map_err(Error::Start)?,
                }),
                Err(Missed { target, error }) => {
                    let target = target.map(|target| *target);
                    let outcome = Outcome::failed(whose, target, error);
                    // What was shown before the question is nothing new.
                    if !is_chosen {
                        self.note_failure(&outcome);
                    }
                    board.ends(at, outcome, false);
                }
            }
        }
        let mut running = FuturesUnordered::new();
        let mut ended = None;
        loop {
            while ended.is_none()
                && self.gate.closed().is_none()
                && running.len() < self.args.parallel.get()
                && let Some(waiting) = queue.pop_front()
            {
                let at = waiting.at;
                board.starts();
                let work = self.one(waiting, &named[at]);
                running.push(Box::pin(async move { (at, work.await) }));
            }
            if running.is_empty() {
                break;
            }
            tokio::select! {
                Some((at, outcome)) = running.next() => {
                    self.note_failure(&outcome);
                    board.ends(at, outcome, true);
                }
                ending = signals.next() => ended = Some(ending),
            }
        }
        let closed = self.gate.closed();
        for Waiting {
            at, whose, place, ..
        } in queue
        {
            let about = place.context.about(&place.target);
            let error = match (ended, &closed) {
                (Some(ending), _) => session::Error::signal(ending),
                (None, failed) => {
                    let failed = failed.clone().unwrap_or_default();
                    ErrorKind::FailFast(failed).about(about)
                }
            };
            let outcome = Outcome::failed(whose, Some(place.target), error.into());
            board.ends(at, outcome, false);
        }
        Ok(ended)
    }

    /// With `--fail-fast` the first failure closes the gate.
    fn note_failure(&self, outcome: &Outcome<'_>) {
        if self.args.fail_fast && outcome.is_failure() {
            self.gate.close(outcome.label());
        }
    }

    async fn one(&self, waiting: Waiting<'a, '_>, callbacks: &Named<'_>) -> Outcome<'a> {
        let Waiting {
            at,
            whose,
            place,
            outlet,
            mut signals,
        } = waiting;
        let Place {
            context,
            role,
            target,
        } = place;
        if let Some(files) = &self.files
            && let Err(error) = files.open(at)
        {
            return Outcome::failed(whose, Some(target), error);
        }
        if target.windows.is_none() {
            callbacks.warn("its platform is not known: vendor-ssm quotes the words for Linux");
        }
        let context = Context {
            callbacks,
            gate: Some(&self.gate),
            ..context
        };
        let role = role.clone();
        let done = command::run(context, &target, self.command, role, outlet, &mut signals).await;
        Outcome::of(whose, target, done)
    }
}
