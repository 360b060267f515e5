//! What a `run` says at its end, and what it prints where nothing ran.

use std::time::Duration;

use crate::args::run::{Results, Run};
use crate::callbacks::Callbacks as _;
use crate::commands::stages::Stages;
use crate::error::Error;
use crate::exit::Exit;

use super::crew::Done;
use super::outcome::{self, Outcome};
use super::results::{self, Results as Unrun};
use super::summary;

/// Refuses flags that do not go together, before anything is done.
pub(super) fn check(args: &Run) -> Result<(), Error> {
    if args.group && args.output != Results::Text {
        return Err(Error::Usage {
            message: "--group is for people, and --output json and jsonl are for programs"
                .to_owned(),
            hint: Some("omit --group or --output".to_owned()),
        });
    }
    Ok(())
}

/// Prints the results of targets on which nothing ran, since the whole `run` failed before.
pub(super) fn unrun(stages: &Stages<'_>, args: &Run, none: &Unrun<'_>) -> Result<(), Error> {
    match args.output {
        Results::Text => Ok(()),
        Results::Json => stages.ui.json(none),
        // Without a target there is no line, not an empty one.
        Results::Jsonl if none.is_empty() => Ok(()),
        Results::Jsonl => stages.ui.data(&none.lines()),
    }
}

/// Prints the results and says what went wrong. The exit status of all.
pub(super) fn end(
    stages: &Stages<'_>,
    args: &Run,
    done: &Done<'_>,
    took: Duration,
) -> Result<Exit, Error> {
    let ui = stages.ui;
    let outcomes = &done.outcomes;
    if args.output == Results::Json {
        let kept = args.output_dir.is_none().then_some(&done.kept[..]);
        ui.json(&results::results(outcomes, kept))?;
    }
    outcome::tell(ui, outcomes);
    if args.via.is_none() && outcomes.iter().any(Outcome::lacks_document) {
        ui.say("if the customer grants only a shell, `--via shell` runs the command through it");
    }
    // Programs have the results.
    if outcomes.len() > 1 && (args.output == Results::Text || stages.os.stderr_terminal) {
        let table = summary::text(outcomes, took, ui.stderr_width());
        table.lines().for_each(|line| ui.say(line));
    }
    Ok(outcome::exit(outcomes))
}
