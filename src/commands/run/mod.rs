//! `run`: a command on one or more targets, their output as it comes, and one exit status for all.

mod crew;
mod job;
mod labels;
mod outcome;

use std::time::Duration;

use crate::args::Format;
use crate::args::run::{Run, Via};
use crate::callbacks::Callbacks as _;
use crate::error::Error;
use crate::exit::Exit;
use crate::session::command::Command;
use crate::signals::Signals;

use super::prepare::Prepared;
use super::stages::Stages;
use crew::Crew;
use job::{Job, Place, Whose};
use outcome::Outcome;

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
    let whose = |typed| Whose {
        customer: &customer.name,
        typed: Some(typed),
        ..Whose::default()
    };
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
                let whose: Vec<_> = args.targets.iter().map(|typed| whose(typed)).collect();
                let none = outcome::none(whose.iter().map(|whose| (whose, None)), &error);
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
        command: &command,
    };
    let jobs = args.targets.iter().zip(found).map(|(typed, found)| Job {
        whose: whose(typed),
        found: found.map(|target| Place {
            context: prepared.context(),
            role: &role,
            target,
        }),
    });
    let mut jobs: Vec<_> = jobs.collect();
    labels::give(&mut jobs);
    let (outcomes, kept) = Box::pin(crew.run(jobs, signals)).await?;
    if !warned {
        warn_of_input(stages);
    }
    if args.output.output == Format::Json {
        let results = outcome::results(&outcomes, &kept);
        stages.ui.json(&results)?;
    }
    outcome::tell(stages.ui, &outcomes);
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
