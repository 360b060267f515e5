//! `run --dry-run`: the instances that the command would run on. Nothing is opened.

use serde::Serialize;

use crate::args::run::{Results, Run, Via};
use crate::commands::stages::Stages;
use crate::error::{Error, Object};
use crate::exit::Exit;
use crate::names::{DocumentName, Region};
use crate::session::command::document;

use super::choice::shown;
use super::job::Job;
use super::outcome::subject;

/// What `--output json` prints.
#[derive(Debug, Serialize)]
struct DryRun<'a> {
    version: u8,
    instances: Vec<Row<'a>>,
    errors: Vec<Missing<'a>>,
}

/// An instance, or a TARGET that is none.
#[derive(Debug, Serialize)]
struct Row<'a> {
    customer: &'a str,
    account_id: Option<&'a str>,
    region: Option<&'a str>,
    instance_id: Option<&'a str>,
    name: Option<&'a str>,
    state: Option<&'a str>,
    ping_status: Option<&'a str>,
    document: Option<String>,
    /// Why the command would not be started there.
    error: Option<Object>,
}

/// A region, or a whole customer, that did not answer.
#[derive(Debug, Serialize)]
struct Missing<'a> {
    customer: &'a str,
    region: Option<&'a str>,
    code: Option<String>,
    message: String,
}

/// Shows the jobs, and what stands in the way of some.
pub(super) fn show(stages: &Stages<'_>, args: &Run, jobs: &[Job<'_, '_>]) -> Result<Exit, Error> {
    if args.output != Results::Text {
        stages.ui.json(&DryRun {
            version: 1,
            instances: jobs
                .iter()
                .filter(|job| !job.is_unanswered())
                .map(|job| row(job, args))
                .collect(),
            errors: jobs
                .iter()
                .filter(|job| job.is_unanswered())
                .filter_map(missing)
                .collect(),
        })?;
    } else if jobs.iter().any(|job| job.target().is_some()) {
        stages.ui.data(&shown(jobs, stages.ui.width()))?;
    }
    let mut exit = Exit::Ok;
    for job in jobs {
        // The table says which of the chosen instances do not run.
        if let (Err(missed), None) = (&job.found, job.listed) {
            stages
                .ui
                .fail(&missed.error, &subject(&job.whose, job.target()));
            exit = Exit::Remote(255);
        }
    }
    Ok(exit)
}

fn row<'a>(job: &'a Job<'_, '_>, args: &Run) -> Row<'a> {
    let (listed, target) = (job.listed, job.target());
    let error = job.found.as_ref().err().map(|missed| &missed.error);
    Row {
        customer: job.whose.customer,
        account_id: listed.and_then(|instance| instance.account_id.as_deref()),
        region: target.map(|target| target.region.as_str()),
        instance_id: target.map(|target| target.instance_id.as_str()),
        name: target.and_then(|target| target.name.as_deref()),
        state: listed.and_then(|instance| instance.state.as_deref()),
        ping_status: listed.and_then(|instance| instance.ping_status.as_deref()),
        document: job.found.as_ref().ok().and_then(|place| {
            let document = document(place.context.customer, args.via == Some(Via::Shell));
            document.as_ref().map(DocumentName::to_string)
        }),
        error: error.map(|error| error.object(&subject(&job.whose, target))),
    }
}

fn missing<'a>(job: &'a Job<'_, '_>) -> Option<Missing<'a>> {
    let error = &job.found.as_ref().err()?.error;
    let failure = error.facts().failure;
    Some(Missing {
        customer: job.whose.customer,
        region: job.whose.region.as_ref().map(Region::as_str),
        code: failure.and_then(|failure| failure.code.clone()),
        message: format!("{error:#}"),
    })
}
