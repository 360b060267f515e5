//! `doctor`: everything that a session needs, checked in order, from this machine to the customer's
//! instances. Nothing that fails keeps the rest from being checked that does not build on it.

mod check;
mod local;
mod report;
mod roles;

use std::time::Instant;

use serde::Serialize;

use crate::args::{self, Format, Global};
use crate::aws::{Aws, SetupError};
use crate::callbacks::Callbacks as _;
use crate::error::Error;
use crate::exit::Exit;
use crate::os::Os;
use crate::settings::{self, Customer, Store};
use crate::ui::Ui;

use super::stages::Stages;
use check::{Check, Finding, Status};
use roles::Roles;

/// What `--output json` prints.
#[derive(Debug, Serialize)]
struct Said<'a> {
    version: u8,
    checks: &'a [Check],
}

/// Runs `doctor`.
pub(super) async fn run(
    args: &args::Doctor,
    global: &Global,
    os: &Os,
    ui: &Ui,
) -> Result<Exit, Error> {
    let mut ward = Ward {
        ui,
        form: Form::of(args),
        checks: Vec::new(),
        begun: Instant::now(),
    };
    let stages = ward.settings(global, os, ui)?;
    let local = stages.as_ref().map(|stages| &stages.settings);
    ward.take("terminal", local::terminal(os, ui))?;
    ward.take("plugin", local::plugin(local, os).await)?;
    ward.take("keyring", local::keyring(local, global, os, ui).await)?;
    let keyring_holds = ward.last_is(Status::Ok);
    ward.take("journal", local::journal(os))?;
    let stages = stages.map(|mut stages| {
        if !keyring_holds {
            // What is wrong with it is said; the chain is walked without.
            stages.settings.store = Store::None;
        }
        stages
    });
    let asked = match &stages {
        Some(stages) => stages.customer().ok().map(|customer| (stages, customer)),
        None => None,
    };
    let roles = if let Some((stages, customer)) = asked {
        ward.aws(args, stages, customer).await?
    } else {
        ward.leave_out(&BY_AWS, "the settings lead to no customer")?;
        Roles::default()
    };
    match ward.form {
        Form::Json => ui.json(&Said {
            version: 1,
            checks: &ward.checks,
        })?,
        Form::Report => match asked {
            Some((_, customer)) => {
                ui.data(&report::note(customer, &roles, &ward.checks, os.now()))?;
            }
            None => ui.warn("without settings there is no customer to write to"),
        },
        Form::Lines => {}
    }
    let failed = |check: &&Check| check.finding.status == Status::Failed;
    let first = ward.checks.iter().find(failed);
    Ok(first.map_or(Exit::Ok, |check| check.finding.exit))
}

/// How the checks are shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Each when it is done.
    Lines,
    /// All at the end.
    Json,
    /// On stderr, since stdout is the note.
    Report,
}

impl Form {
    fn of(args: &args::Doctor) -> Self {
        match args.output.output {
            _ if args.report => Self::Report,
            Format::Json => Self::Json,
            Format::Text => Self::Lines,
        }
    }
}

/// The checks that need a customer and AWS.
const BY_AWS: [&str; 12] = [
    "endpoints",
    "proxy",
    "ca",
    "clock",
    "base-identity",
    "vendor-role",
    "customer-role",
    "external-id",
    "list",
    "ping",
    "document",
    "open-data-channel",
];

/// The checks so far.
struct Ward<'a> {
    ui: &'a Ui,
    form: Form,
    checks: Vec<Check>,
    begun: Instant,
}

impl Ward<'_> {
    /// Takes what a check found, and shows it.
    fn take(&mut self, name: &'static str, finding: Finding) -> Result<(), Error> {
        let check = Check::new(name, finding, self.begun.elapsed());
        match self.form {
            Form::Lines => self.ui.data(&check.shown(self.ui.width()))?,
            Form::Report => check.shown(None).lines().for_each(|line| self.ui.say(line)),
            Form::Json => {}
        }
        self.checks.push(check);
        self.begun = Instant::now();
        Ok(())
    }

    fn leave_out(&mut self, names: &[&'static str], why: &str) -> Result<(), Error> {
        names
            .iter()
            .try_for_each(|name| self.take(name, Finding::not_checked(why, None)))
    }

    fn last_is(&self, status: Status) -> bool {
        self.checks
            .last()
            .is_some_and(|check| check.finding.status == status)
    }

    /// The settings and the customer that is meant, both of which one file decides.
    fn settings<'a>(
        &mut self,
        global: &'a Global,
        os: &'a Os,
        ui: &'a Ui,
    ) -> Result<Option<Stages<'a>>, Error> {
        let stages = match settings::resolve(global, os) {
            Ok(settings) => Stages::of(settings, global, os, ui),
            Err(error) => {
                self.take("settings", Error::from(error).into())?;
                return Ok(None);
            }
        };
        let finding = local::settings(&stages);
        self.take("settings", finding)?;
        Ok(Some(stages))
    }

    /// The way to AWS and every role on it.
    async fn aws(
        &mut self,
        args: &args::Doctor,
        stages: &Stages<'_>,
        customer: &Customer,
    ) -> Result<Roles, Error> {
        let aws = match Aws::new(&customer.vendor, stages.os).await {
            Ok(aws) => aws,
            Err(error) => {
                let broken = match error {
                    SetupError::CaBundle(..) | SetupError::Tls(_) => "ca",
                    SetupError::Proxy(_) => "proxy",
                    SetupError::Profiles(_) | SetupError::Endpoint { .. } => "endpoints",
                };
                self.take(broken, Error::from(error).into())?;
                let rest: Vec<&str> = BY_AWS.into_iter().filter(|it| *it != broken).collect();
                self.leave_out(&rest, "there is no way to AWS")?;
                return Ok(Roles::default());
            }
        };
        self.take("endpoints", local::endpoints(&aws))?;
        self.take("proxy", local::proxy(&aws, customer))?;
        self.take("ca", local::ca(&aws, stages.os))?;
        self.roles(args, stages, customer, &aws).await
    }
}
