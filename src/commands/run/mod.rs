//! `run`: a command on one or more targets, their output as it comes, and one exit status for all.

mod labels;
mod outcome;

use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;
use std::pin::pin;
use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream::FuturesUnordered;

use crate::args::Format;
use crate::args::run::{Run, Via};
use crate::callbacks::Callbacks as _;
use crate::error::Error;
use crate::exit::Exit;
use crate::identity::AssumedRole;
use crate::session::command::{self, Command, Outlet, Pieces, Shown, outlets};
use crate::session::{self, Context, Target};
use crate::signals::{Ending, Signals};

use super::prepare::Prepared;
use super::stages::Stages;
use super::target::Missed;
use labels::{Labelled, Named};
use outcome::{Kept, Outcome};

/// How long the last output may take after a signal.
const LAST_OUTPUT: Duration = Duration::from_millis(500);
/// The most bytes of each of a target's streams that are kept for JSON.
const MOST_KEPT: usize = 16 << 20;

/// Runs `run`.
pub(super) async fn run(
    stages: &Stages<'_>,
    args: &Run,
    signals: &mut Signals,
) -> Result<Exit, Error> {
    let warned = warn_of_input(stages);
    let usage = ("run", "TARGET -- COMMAND");
    let prepared = Prepared::new(stages, &args.guards, usage, true).await?;
    let customer = prepared.customer;
    let found = prepared
        .find(args.wait.is_some(), signals, async |targets, role| {
            targets.each(&args.targets, role).await
        })
        .await;
    let confirmed = match found {
        Ok((role, found)) => {
            let targets: Vec<_> = found.iter().flatten().collect();
            let confirmed = prepared.confirm(&targets).await;
            confirmed.map(|()| (role, found))
        }
        Err(error) => Err(error),
    };
    let (role, found) = match confirmed {
        Ok(confirmed) => confirmed,
        Err(error) => {
            if args.output.output == Format::Json {
                let none = outcome::none(&customer.name, &args.targets, &error);
                stages.ui.json(&none)?;
            }
            return Err(error);
        }
    };
    let command = Command {
        words: &args.command,
        through_shell: args.via == Some(Via::Shell),
        reason: prepared.reason.as_deref(),
        wait: args.wait,
        timeout: args
            .timeout
            .map(|seconds| Duration::from_secs(seconds.get().into())),
    };
    let crew = Crew {
        stages,
        args,
        context: prepared.context(),
        command: &command,
        role: &role,
    };
    let (outcomes, kept) = Box::pin(crew.run(found, signals)).await?;
    if !warned {
        warn_of_input(stages);
    }
    if args.output.output == Format::Json {
        let results = outcome::results(&customer.name, &outcomes, &kept);
        stages.ui.json(&results)?;
    }
    outcome::tell(stages.ui, &customer.name, &outcomes);
    if args.via.is_none() && outcomes.iter().any(Outcome::lacks_document) {
        stages
            .ui
            .say("if the customer grants only a shell, `--via shell` runs the command through it");
    }
    Ok(outcome::exit(&outcomes))
}

/// Warns of piped input, which `run` ignores. `run` checks twice, since input may come late.
fn warn_of_input(stages: &Stages<'_>) -> bool {
    let is_there = stages.os.has_unread_input();
    if is_there {
        stages
            .ui
            .warn("`run` ignores piped input: the command does not get it");
    }
    is_there
}

/// What the commands on all targets have in common.
struct Crew<'a, 'i> {
    stages: &'a Stages<'a>,
    args: &'a Run,
    context: Context<'a, 'i>,
    command: &'a Command<'a>,
    role: &'a AssumedRole,
}

impl<'a> Crew<'a, '_> {
    /// Runs the command on each target, and shows or keeps what it writes.
    async fn run(
        &self,
        found: Vec<Result<Target, Missed>>,
        signals: &mut Signals,
    ) -> Result<(Vec<Outcome<'a>>, Vec<Kept>), Error> {
        let most = (self.args.output.output == Format::Json).then_some(MOST_KEPT);
        let folder = self.stages.os.temporary_folder();
        let (outlets, pieces) = outlets(found.len(), most, &folder);
        let labels = labels::of(&self.args.targets, &found);
        let kept = RefCell::new(vec![Kept::default(); found.len()]);
        let terminal = Shown::new(self.context);
        let mut shown = pin!(self.show(pieces, &labels, &kept, &terminal));
        let mut is_shown = None;
        let (outcomes, ended) = {
            let mut work = pin!(self.work(found, &labels, outlets, signals));
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
        found: Vec<Result<Target, Missed>>,
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
        for (at, (found, outlet)) in found.into_iter().zip(outlets).enumerate() {
            outcomes.push(match found {
                Ok(target) => {
                    queue.push_back((at, target, outlet, Signals::new().map_err(Error::Start)?));
                    None
                }
                Err(Missed { target, error }) => {
                    let target = target.map(|target| *target);
                    Some(Outcome::failed(&self.args.targets[at], target, error))
                }
            });
        }
        let mut running = FuturesUnordered::new();
        let mut ended = None;
        loop {
            while ended.is_none()
                && running.len() < self.args.parallel.get()
                && let Some((at, target, outlet, signals)) = queue.pop_front()
            {
                let callbacks = &named[at];
                running.push(Box::pin(self.one(at, target, outlet, signals, callbacks)));
            }
            if running.is_empty() {
                break;
            }
            tokio::select! {
                Some((at, outcome)) = running.next() => outcomes[at] = Some(outcome),
                ending = signals.next() => ended = Some(ending),
            }
        }
        for (at, target, _, _) in queue {
            let error = ended.map(|ending| session::Error::signal(ending).into());
            let outcome =
                error.map(|error| Outcome::failed(&self.args.targets[at], Some(target), error));
            outcomes[at] = outcome;
        }
        Ok((outcomes.into_iter().flatten().collect(), ended))
    }

    async fn one(
        &self,
        at: usize,
        target: Target,
        outlet: Outlet,
        mut signals: Signals,
        callbacks: &Named<'_>,
    ) -> (usize, Outcome<'a>) {
        if target.windows.is_none() {
            callbacks.warn("its platform is not known: vendor-ssm quotes the words for Linux");
        }
        let context = Context {
            callbacks,
            ..self.context
        };
        let role = self.role.clone();
        let done = command::run(context, &target, self.command, role, outlet, &mut signals).await;
        (at, Outcome::of(&self.args.targets[at], target, done))
    }
}
