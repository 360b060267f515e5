//! The commands of one `run`, side by side: each target's session, and the output of all.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;
use std::pin::pin;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;

use crate::args::Format;
use crate::args::run::Run;
use crate::callbacks::Callbacks as _;
use crate::commands::stages::Stages;
use crate::commands::target::Missed;
use crate::error::Error;
use crate::session::command::{self, Command, Outlet, Pieces, Shown, outlets};
use crate::session::{self, Context};
use crate::signals::{Ending, Signals};

use super::job::{Job, Place, Whose};
use super::labels::{Labelled, Named};
use super::outcome::{self, Kept, Outcome};

/// How long the last output may take after a signal.
const LAST_OUTPUT: Duration = Duration::from_millis(500);
/// The most bytes of each of a target's streams that are kept for JSON.
const MOST_KEPT: usize = 16 << 20;

/// What the commands on all targets have in common.
pub(super) struct Crew<'a> {
    pub stages: &'a Stages<'a>,
    pub args: &'a Run,
    pub command: &'a Command<'a>,
}

impl<'a> Crew<'a> {
    /// Runs the command on each target, and shows or keeps what it writes.
    pub(super) async fn run(
        &self,
        jobs: Vec<Job<'a, '_>>,
        signals: &mut Signals,
    ) -> Result<(Vec<Outcome<'a>>, Vec<Kept>), Error> {
        let most = (self.args.output.output == Format::Json).then_some(MOST_KEPT);
        let folder = self.stages.os.temporary_folder();
        let (outlets, pieces) = outlets(jobs.len(), most, &folder);
        let labels: Vec<String> = jobs.iter().map(|job| job.whose.label.clone()).collect();
        let kept = RefCell::new(vec![Kept::default(); jobs.len()]);
        let terminal = Shown::new(self.stages.os, self.stages.settings.session.terminal);
        let mut shown = pin!(self.show(pieces, &labels, &kept, &terminal));
        let mut is_shown = None;
        let (outcomes, ended) = {
            let mut work = pin!(self.work(jobs, &labels, outlets, signals));
            loop {
                tokio::select! {
                    outcomes = &mut work => break outcomes?,
                    written = &mut shown, if is_shown.is_none() => is_shown = Some(written),
                }
            }
        };
        // All output is written before the end is reported. After a signal, vendor-ssm does not
        // wait for that, unless it was a Ctrl-C for the commands: then only the next signal ends
        // the wait.
        let was_theirs = ended == Some(Ending::INTERRUPT) && outcome::was_interrupted(&outcomes);
        let written = match is_shown {
            Some(written) => Ok(written),
            None if outcome::was_ended(&outcomes) || ended.is_some() && !was_theirs => {
                let last = tokio::time::timeout(LAST_OUTPUT, shown).await;
                match (last, ended) {
                    // It came when the last command had just exited.
                    (Err(_), Some(ending)) if !outcome::was_ended(&outcomes) => Err(ending),
                    (last, _) => Ok(last.unwrap_or(Ok(()))),
                }
            }
            None => signals.guard(shown).await,
        };
        if let Some(notice) = terminal.leave().await {
            self.stages.ui.say(notice);
        }
        match written.map_err(Error::Signal)? {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(Error::Output(error)),
            _ => Ok((outcomes, kept.take())),
        }
    }

    /// Shows output as it comes, or keeps all of it for JSON.
    /// The output of one target passes byte for byte, but for what a terminal must not get. With
    /// several targets, each line gets a label.
    async fn show(
        &self,
        mut pieces: Pieces,
        labels: &[String],
        kept: &RefCell<Vec<Kept>>,
        terminal: &Shown,
    ) -> io::Result<()> {
        if self.args.output.output == Format::Json {
            while let Some(piece) = pieces.next().await {
                let piece = piece?;
                kept.borrow_mut()[piece.command].take(&piece);
            }
            return Ok(());
        }
        if labels.len() > 1 {
            let mut labelled = Labelled::new(labels, self.stages.os);
            return pieces.write(|piece| labelled.take(&piece)).await;
        }
        pieces.write(|piece| terminal.take(piece)).await
    }

    /// Runs as many at once as `--parallel` allows. After a signal it starts no further session.
    /// The outcomes, and the last signal.
    async fn work(
        &self,
        jobs: Vec<Job<'a, '_>>,
        labels: &[String],
        outlets: Vec<Outlet>,
        signals: &mut Signals,
    ) -> Result<(Vec<Outcome<'a>>, Option<Ending>), Error> {
        let mut outcomes: Vec<Option<Outcome<'a>>> = Vec::new();
        let mut queue = VecDeque::new();
        let named: Vec<Named> = labels
            .iter()
            .map(|label| Named::new(self.stages.ui, label, labels.len() > 1))
            .collect();
        for (at, (job, outlet)) in jobs.into_iter().zip(outlets).enumerate() {
            let whose = job.whose;
            outcomes.push(match job.found {
                Ok(place) => {
                    let signals = Signals::new().map_err(Error::Start)?;
                    queue.push_back((at, whose, place, outlet, signals));
                    None
                }
                Err(Missed { target, error }) => {
                    let target = target.map(|target| *target);
                    Some(Outcome::failed(whose, target, error))
                }
            });
        }
        let mut running = FuturesUnordered::new();
        let mut ended = None;
        loop {
            while ended.is_none()
                && running.len() < self.args.parallel.get()
                && let Some((at, whose, place, outlet, signals)) = queue.pop_front()
            {
                let callbacks = &named[at];
                let work = self.one(whose, place, outlet, signals, callbacks);
                running.push(Box::pin(async move { (at, work.await) }));
            }
            if running.is_empty() {
                break;
            }
            tokio::select! {
                Some((at, outcome)) = running.next() => outcomes[at] = Some(outcome),
                ending = signals.next() => ended = Some(ending),
            }
        }
        for (at, whose, place, _, _) in queue {
            let error = ended.map(|ending| session::Error::signal(ending).into());
            outcomes[at] = error.map(|error| Outcome::failed(whose, Some(place.target), error));
        }
        Ok((outcomes.into_iter().flatten().collect(), ended))
    }

    async fn one(
        &self,
        whose: Whose<'a>,
        place: Place<'_, '_>,
        outlet: Outlet,
        mut signals: Signals,
        callbacks: &Named<'_>,
    ) -> Outcome<'a> {
        let Place {
            context,
            role,
            target,
        } = place;
        if target.windows.is_none() {
            callbacks.warn("its platform is not known: vendor-ssm quotes the words for Linux");
        }
        let context = Context {
            callbacks,
            ..context
        };
        let role = role.clone();
        let done = command::run(context, &target, self.command, role, outlet, &mut signals).await;
        Outcome::of(whose, target, done)
    }
}
