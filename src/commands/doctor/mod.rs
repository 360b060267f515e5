//! `doctor`: checks everything that a session needs, from this machine to the instances.
//! After a failure it still does every check that does not build on what failed.

mod channel;
mod check;
mod check_name;
mod checklist;
mod customers;
mod local;
mod names;
mod report;
mod roles;

use serde::Serialize;

use crate::args::{self, Global};
use crate::aws::{Aws, SetupError};
use crate::callbacks::Callbacks as _;
use crate::error::Error;
use crate::exit::Exit;
use crate::os::Os;
use crate::settings::{self, Customer, Store};
use crate::ui::Ui;

use super::stages::Stages;
use check::{Check, Status};
use check_name::{CheckName, Need};
use checklist::{Checklist, Form};
use roles::Roles;

pub(super) use customers::{Tested, customers};

/// What `--output json` prints.
#[derive(Debug, Serialize)]
struct JsonChecks<'a> {
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
    let mut list = Checklist::new(Form::of(args), ui);
    let stages = list.settings(global, os, ui)?;
    let local = stages.as_ref().map(|stages| &stages.settings);
    list.take(CheckName::Terminal, local::terminal(os, ui))?;
    let customer = stages.as_ref().and_then(|stages| stages.customer().ok());
    let aws = match customer {
        Some(customer) => Some(
            Aws::new(&customer.vendor, os)
                .await
                .map(|aws| aws.for_customer(customer)),
        ),
        None => None,
    };
    let way = aws.as_ref().and_then(|aws| aws.as_ref().ok());
    list.take(CheckName::Plugin, local::plugin(local, way, os).await)?;
    list.take(
        CheckName::Keyring,
        local::keyring(local, global, os, ui).await,
    )?;
    let keyring_holds = list.last_is(Status::Ok);
    list.take(CheckName::Journal, local::journal(os))?;
    let stages = stages.map(|mut stages| {
        if !keyring_holds {
            // The check has said why. The roles are assumed without it.
            stages.settings.store = Store::None;
        }
        stages
    });
    let asked = match &stages {
        Some(stages) => stages.customer().ok().map(|customer| (stages, customer)),
        None => None,
    };
    let roles = if let Some(((stages, customer), aws)) = asked.zip(aws) {
        list.aws(args, stages, customer, aws).await?
    } else {
        list.leave_out(Need::Customer, "the settings do not name a customer")?;
        Roles::default()
    };
    match list.form {
        Form::Json => ui.json(&JsonChecks {
            version: 1,
            checks: &list.checks,
        })?,
        Form::Report => match asked {
            Some((_, customer)) => {
                ui.data(&report::note(customer, &roles, &list.checks, os.now()))?;
            }
            None => {
                ui.warn("without settings, doctor does not know the customer to write to");
            }
        },
        Form::Lines => {}
    }
    let failed = |check: &&Check| check.finding.status == Status::Failed;
    let first = list.checks.iter().find(failed);
    Ok(first.map_or(Exit::Ok, |check| check.finding.exit))
}

impl Checklist<'_> {
    /// Reads the settings and finds the customer.
    fn settings<'a>(
        &mut self,
        global: &'a Global,
        os: &'a Os,
        ui: &'a Ui,
    ) -> Result<Option<Stages<'a>>, Error> {
        let stages = match settings::resolve(global, os) {
            Ok(settings) => Stages::of(settings, global, os, ui),
            Err(error) => {
                self.take(CheckName::Settings, Error::from(error).into())?;
                return Ok(None);
            }
        };
        let finding = local::settings(&stages, stages.customer(), |_| true);
        self.take(CheckName::Settings, finding)?;
        Ok(Some(stages))
    }

    /// Checks the way to AWS, then every role on it.
    async fn aws(
        &mut self,
        args: &args::Doctor,
        stages: &Stages<'_>,
        customer: &Customer,
        aws: Result<Aws, SetupError>,
    ) -> Result<Roles, Error> {
        let aws = match aws {
            Ok(aws) => aws,
            Err(error) => {
                self.no_way(error)?;
                return Ok(Roles::default());
            }
        };
        self.way(stages, customer, &aws).await?;
        self.roles(args, stages, customer, &aws).await
    }

    /// Takes what keeps vendor-ssm from reaching AWS at all.
    fn no_way(&mut self, error: SetupError) -> Result<(), Error> {
        let broken = match &error {
            SetupError::NotText(name) if name.starts_with("SSL_") => CheckName::Ca,
            SetupError::Authorities { .. } => CheckName::Ca,
            SetupError::Proxy(_) => CheckName::Proxy,
            SetupError::Profiles(_)
            | SetupError::Section { .. }
            | SetupError::NotText(_)
            | SetupError::Variable { .. }
            | SetupError::Region { .. }
            | SetupError::Endpoint { .. }
            | SetupError::Switch { .. } => CheckName::Endpoints,
        };
        self.take(broken, Error::from(error).into())?;
        self.leave_out(Need::Customer, "AWS cannot be reached")
    }

    /// Checks the way to AWS and to the data channel.
    async fn way(
        &mut self,
        stages: &Stages<'_>,
        customer: &Customer,
        aws: &Aws,
    ) -> Result<(), Error> {
        self.take(CheckName::Endpoints, local::endpoints(aws))?;
        self.take(CheckName::Proxy, local::proxy(aws, customer))?;
        self.take(CheckName::Ca, local::ca(aws))?;
        stages.ui.step("trying the way to the data channel…");
        let finding = channel::ssmmessages(aws, customer).await;
        self.take(CheckName::Ssmmessages, finding)
    }
}
