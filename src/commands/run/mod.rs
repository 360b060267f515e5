//! `run`: a command on one or more targets, their output as it comes, and one exit status for all.

mod board;
mod choice;
mod crew;
mod dry_run;
mod folder;
mod group;
mod job;
mod labels;
mod outcome;
mod progress;
mod report;
mod results;
mod show;
mod summary;

use std::collections::HashSet;
use std::time::{Duration, Instant};

use crate::args::run::{Run, Via};
use crate::callbacks::Callbacks;
use crate::error::Error;
use crate::exit::Exit;
use crate::session::Target;
use crate::session::command::Command;
use crate::signals::Signals;

use super::everywhere::{Everywhere, WithoutSteps};
use super::prepare::Prepared;
use super::stages::Stages;
use choice::Choice;
use crew::Crew;
use folder::Plan;
use job::{Job, Place, Whose};

/// Runs `run`.
pub(super) async fn run(
    stages: &Stages<'_>,
    args: &Run,
    signals: &mut Signals,
) -> Result<Exit, Error> {
    report::check(args)?;
    let warned = warn_of_input(stages);
    let exit = if args.targets.is_empty() {
        Box::pin(chosen(stages, args, signals)).await?
    } else {
        Box::pin(typed(stages, args, signals)).await?
    };
    if !warned {
        warn_of_input(stages);
    }
    Ok(exit)
}

/// Runs on the TARGETs, which need no further agreement.
async fn typed(stages: &Stages<'_>, args: &Run, signals: &mut Signals) -> Result<Exit, Error> {
    let usage = ("run", "TARGET -- COMMAND");
    let prepared = Prepared::new(stages, args, usage, !args.choice.dry_run).await?;
    let mut targets: Vec<String> = Vec::new();
    for target in &args.targets {
        if !targets.contains(target) {
            targets.push(target.clone());
        }
    }
    let whose = |typed| Whose {
        customer: &prepared.customer.name,
        typed: Some(typed),
        ..Whose::default()
    };
    let waits = args.wait.is_some();
    let found = prepared.find_each(&targets, waits, signals).await;
    let (role, found) = match found {
        Ok(found) => found,
        Err(error) => {
            let whose: Vec<_> = targets.iter().map(|typed| whose(typed)).collect();
            let nothing = whose.iter().map(|whose| (whose, None, None));
            return nothing_ran(stages, args, nothing, error);
        }
    };
    let jobs = targets.iter().zip(found).map(|(typed, found)| Job {
        whose: whose(typed),
        listed: None,
        found: found.map(|target| Place {
            context: prepared.context(),
            role: &role,
            target,
        }),
    });
    let mut jobs = once_each(jobs);
    labels::give(&mut jobs);
    if args.choice.dry_run {
        return dry_run::show(stages, args, &jobs);
    }
    let places: Vec<_> = jobs
        .iter()
        .filter_map(|job| job.found.as_ref().ok())
        .map(|place| &place.target)
        .collect();
    let plan = Plan::of(args, &jobs, stages.os);
    let agreed = match plan {
        Ok(plan) => prepared.confirm(&places).await.map(|()| plan),
        Err(error) => Err(error),
    };
    match agreed {
        Ok(plan) => {
            let reason = prepared.reason.as_deref();
            fan_out(stages, args, reason, (plan, jobs), signals).await
        }
        Err(error) => nothing_ran(stages, args, jobs.iter().map(Job::unstarted), error),
    }
}

/// The same without an instance that an earlier job has: it may be typed in more than one way.
fn once_each<'a, 'i>(jobs: impl Iterator<Item = Job<'a, 'i>>) -> Vec<Job<'a, 'i>> {
    let mut seen = HashSet::new();
    let is_first = |job: &Job<'_, '_>| match job.target() {
        Some(target) => seen.insert((target.region.clone(), target.instance_id.clone())),
        None => true,
    };
    jobs.filter(is_first).collect()
}

/// Runs on what the flags choose, once it is agreed to.
async fn chosen(stages: &Stages<'_>, args: &Run, signals: &mut Signals) -> Result<Exit, Error> {
    let choice = Choice::new(stages, args)?;
    choice.prepare().await?;
    let without_steps = WithoutSteps(stages.ui);
    let callbacks: &dyn Callbacks = if choice.customers.len() > 1 {
        &without_steps
    } else {
        stages.ui
    };
    let identity = stages.identity(callbacks, false);
    let everywhere = Everywhere {
        stages,
        identity: &identity,
        customers: &choice.customers,
        query: &choice.query,
    };
    let answers = signals.guard(everywhere.all()).await;
    let answers = match answers.map_err(Error::Signal) {
        Ok(answers) => answers,
        Err(error) => return nothing_ran(stages, args, [], error),
    };
    let (mut found, mut failed) = (Vec::new(), Vec::new());
    for answer in answers {
        let (one, other) = match answer.found {
            Ok(one) => (Some(one), None),
            Err(other) => (None, Some(other)),
        };
        found.push(one);
        failed.push(other);
    }
    let mut jobs = match choice.jobs(&found, failed, &identity) {
        Ok(jobs) => jobs,
        Err(error) => return nothing_ran(stages, args, [], error),
    };
    labels::give(&mut jobs);
    if args.choice.dry_run {
        return dry_run::show(stages, args, &jobs);
    }
    let plan = Plan::of(args, &jobs, stages.os);
    let agreed = match plan {
        Ok(plan) => choice.agree(&jobs).await.map(|reason| (reason, plan)),
        Err(error) => Err(error),
    };
    match agreed {
        Ok((reason, plan)) => fan_out(stages, args, reason.as_deref(), (plan, jobs), signals).await,
        Err(error) => nothing_ran(stages, args, jobs.iter().map(Job::unstarted), error),
    }
}

/// Ends with `error` before anything was opened; JSON has it for each target.
fn nothing_ran<'a>(
    stages: &Stages<'_>,
    args: &Run,
    targets: impl IntoIterator<Item = (&'a Whose<'a>, Option<&'a Target>, Option<&'a Error>)>,
    error: Error,
) -> Result<Exit, Error> {
    if !args.choice.dry_run {
        let none = results::none(targets, &error, args.output_dir.is_some());
        report::unrun(stages, args, &none)?;
    }
    Err(error)
}

/// Runs the command wherever it can run, and reports how it went everywhere.
async fn fan_out(
    stages: &Stages<'_>,
    args: &Run,
    reason: Option<&str>,
    (plan, jobs): (Option<Plan>, Vec<Job<'_, '_>>),
    signals: &mut Signals,
) -> Result<Exit, Error> {
    let command = Command {
        words: &args.command,
        through_shell: args.via == Some(Via::Shell),
        reason,
        wait: args.wait,
        timeout: args
            .timeout
            .map(|seconds| Duration::from_secs(seconds.get().into())),
    };
    let files = plan.map(|plan| plan.begin(stages.os)).transpose();
    let files = match files {
        Ok(files) => files,
        Err(error) => {
            return nothing_ran(stages, args, jobs.iter().map(Job::unstarted), error);
        }
    };
    let began = Instant::now();
    let crew = Crew::new(stages, args, &command, files);
    let done = Box::pin(crew.run(jobs, signals)).await?;
    report::end(stages, args, &done, began.elapsed())
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
