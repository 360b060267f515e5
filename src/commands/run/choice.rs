//! The instances that `--filter`, `--all` or `--all-customers` choose, shown and agreed to.
//! Refused is a choice without an agreement, by a person or by `--yes`.

use std::collections::BTreeSet;

use crate::args::run::Run;
use crate::callbacks::Callbacks as _;
use crate::choice;
use crate::commands::everywhere::{self, Found, told};
use crate::commands::guards::{Asks, Given};
use crate::commands::stages::Stages;
use crate::commands::target::{self, Missed};
use crate::error::Error;
use crate::exit::Exit;
use crate::identity::Identity;
use crate::inventory::{Instance, Kept, Query, RegionFailure};
use crate::names::quoted;
use crate::session::Context;
use crate::settings::Customer;
use crate::ui::table;

use super::job::{Job, Place, Whose};

/// The most customers that one warning names.
const NAMED: usize = 5;

/// Which customers are asked, and for what.
pub(super) struct Choice<'a> {
    stages: &'a Stages<'a>,
    args: &'a Run,
    pub customers: Vec<&'a Customer>,
    pub query: Query,
}

impl<'a> Choice<'a> {
    pub(super) fn new(stages: &'a Stages<'a>, args: &'a Run) -> Result<Self, Error> {
        let mut query = everywhere::query(&args.choice.filters, false)?;
        query.kept = Kept::Row;
        let customers = if args.choice.all_customers {
            stages.settings.customers.iter().collect()
        } else {
            vec![stages.customer()?]
        };
        if customers.is_empty() {
            stages.customer()?;
        }
        Ok(Self {
            stages,
            args,
            customers,
            query,
        })
    }

    /// Checks what can be checked before AWS is asked.
    /// Of several customers, only those with a chosen instance demand something, so that comes
    /// later.
    pub(super) async fn prepare(&self) -> Result<(), Error> {
        let (ui, customers) = (self.stages.ui, &self.customers);
        let early: &[&Customer] = if customers.len() == 1 && !ui.can_prompt() {
            customers
        } else {
            &[]
        };
        let asks = self.asks(early.to_vec());
        asks.known(customers)?;
        if self.args.choice.dry_run {
            return Ok(());
        }
        asks.reason().await?;
        asks.attended()?;
        if self.args.choice.yes || ui.can_prompt() {
            return Ok(());
        }
        Err(Error::NeedsTerminal {
            question: "your agreement to the choice",
            hint: asks.scripted(),
        })
    }

    /// The jobs of this choice, in the order of the customers, as `found` and `failed` are.
    /// A customer or a region that did not answer is a job without an instance. Errors: no
    /// instance matches, and everything has answered.
    pub(super) fn jobs<'b, 'i>(
        &'b self,
        found: &'b [Option<Found>],
        failed: Vec<Option<Error>>,
        identity: &'b Identity<'i>,
    ) -> Result<Vec<Job<'b, 'i>>, Error> {
        let mut jobs = Vec::new();
        for ((customer, found), failed) in self.customers.iter().zip(found).zip(failed) {
            if let Some(found) = found {
                jobs.extend(self.jobs_of(customer, found, identity));
            }
            jobs.extend(failed.map(|error| Job {
                whose: whose(customer),
                listed: None,
                found: Err(Missed {
                    target: None,
                    error,
                }),
            }));
        }
        if jobs.is_empty() {
            return Err(self.no_match().into());
        }
        Ok(jobs)
    }

    fn jobs_of<'b, 'i>(
        &'b self,
        customer: &'b Customer,
        found: &'b Found,
        identity: &'b Identity<'i>,
    ) -> impl Iterator<Item = Job<'b, 'i>> {
        let listed = &found.listed;
        let mismatch = listed
            .failures
            .iter()
            .find(|failure| failure.exit() == Exit::IdentityMismatch);
        let instances = listed.instances.iter().map(move |instance| Job {
            whose: whose(customer),
            listed: Some(instance),
            found: match mismatch {
                // AWS took vendor-ssm for another: nothing is opened on this customer.
                Some(failure) => Err(Missed {
                    target: Some(Box::new(target::of(instance))),
                    error: unanswered(failure),
                }),
                None => self.place(customer, found, identity, instance),
            },
        });
        let failures = listed.failures.iter().map(|failure| Job {
            whose: Whose {
                region: Some(failure.region.clone()),
                ..whose(customer)
            },
            listed: None,
            found: Err(Missed {
                target: None,
                error: unanswered(failure),
            }),
        });
        instances.chain(failures)
    }

    fn place<'b, 'i>(
        &'b self,
        customer: &'b Customer,
        found: &'b Found,
        identity: &'b Identity<'i>,
        instance: &Instance,
    ) -> Result<Place<'b, 'i>, Missed> {
        let target = target::of(instance);
        if let Err(error) = target::startable(instance, customer, self.args.wait.is_some()) {
            return Err(Missed {
                target: Some(Box::new(target)),
                error,
            });
        }
        Ok(Place {
            context: Context {
                aws: &found.aws,
                os: self.stages.os,
                identity,
                customer,
                journal: &self.stages.journal,
                callbacks: self.stages.ui,
                escape: None,
                terminal: self.stages.settings.session.terminal,
                gate: None,
                introduction: self.stages.introduction(false),
            },
            role: &found.role,
            target,
        })
    }

    /// Shows the choice, and asks whether to run on it. The reason for the sessions.
    /// Errors: the person declines, or a customer demands what is not there.
    pub(super) async fn agree(&self, jobs: &[Job<'_, '_>]) -> Result<Option<String>, Error> {
        let ui = self.stages.ui;
        let count = |customer: &Customer| {
            let places = jobs.iter().filter_map(|job| job.found.as_ref().ok());
            let is_it = |place: &&Place<'_, '_>| place.context.customer.name == customer.name;
            places.filter(is_it).count()
        };
        let customers = self.customers.iter().copied();
        let asks = self.asks(customers.filter(|customer| count(customer) > 0).collect());
        let asks_person = !self.args.choice.yes && !asks.customers.is_empty();
        if asks_person {
            ui.show(&shown(jobs, ui.stderr_width()));
        }
        warn(self.stages, jobs);
        if asks.customers.is_empty() {
            // There is nothing but failures to report.
            return Ok(None);
        }
        asks.attended()?;
        let chosen = counted(jobs);
        if asks_person {
            let question = format!("run the command on {chosen}? [y/N] ");
            let answer = ui.ask(&question).await?.unwrap_or_default();
            if !["y", "yes"].contains(&answer.to_lowercase().as_str()) {
                return Err(Error::Declined(
                    "you declined; nothing was opened".to_owned(),
                ));
            }
        }
        let reason = asks.reason().await?;
        asks.confirm(|customer| format!("{} of {}", instances(count(customer)), customer.name))
            .await?;
        if !asks_person {
            ui.say(&format!("running the command on {chosen}"));
        }
        Ok(reason)
    }

    fn asks(&self, customers: Vec<&'a Customer>) -> Asks<'a> {
        let mut command = "run".to_owned();
        if let Some(name) = &self.stages.global.customer {
            command = format!("{command} -c {}", quoted(name));
        }
        Asks {
            stages: self.stages,
            customers,
            given: Given::from(self.args),
            usage: (
                command,
                format!("{} --yes -- COMMAND", self.args.choice.flags()),
            ),
        }
    }

    fn no_match(&self) -> choice::Error {
        if self.args.choice.all {
            return choice::Error::NoInstances;
        }
        let filters = self.args.choice.filters.iter();
        let filters: Vec<String> = filters
            .map(|(key, value)| format!("{key}={value}"))
            .collect();
        choice::Error::NothingChosen {
            whose: match &self.customers[..] {
                [only] => only.name.clone(),
                several => format!("{} customers", several.len()),
            },
            filters: filters.join(" and "),
        }
    }
}

fn whose(customer: &Customer) -> Whose<'_> {
    Whose {
        customer: &customer.name,
        ..Whose::default()
    }
}

fn unanswered(failure: &RegionFailure) -> Error {
    Error::Unanswered(Box::new(failure.clone()))
}

/// Warns of each customer and each region that did not answer.
/// If several customers failed alike, for example at an expired login, one warning names them.
fn warn(stages: &Stages<'_>, jobs: &[Job<'_, '_>]) {
    let mut warnings: Vec<(Vec<&str>, String)> = Vec::new();
    for job in jobs.iter().filter(|job| job.is_unanswered()) {
        let Err(missed) = &job.found else { continue };
        let (customer, text) = (job.whose.customer, missed.error.to_string());
        match warnings.iter_mut().find(|(_, said)| *said == text) {
            Some((customers, _)) => customers.push(customer),
            None => warnings.push((vec![customer], text)),
        }
    }
    for (customers, text) in warnings {
        let more = customers.len().saturating_sub(NAMED);
        let names = customers[..customers.len() - more].join(", ");
        let names = match more {
            0 => names,
            more => format!("{names} and {more} more"),
        };
        stages.ui.warn(&told(&names, &text));
    }
}

/// How many instances of how many customers the command runs on.
pub(super) fn counted(jobs: &[Job<'_, '_>]) -> String {
    let places = || jobs.iter().filter(|job| job.found.is_ok());
    let customers: BTreeSet<&str> = places().map(|job| job.whose.customer).collect();
    let others = jobs
        .iter()
        .filter(|job| job.found.is_err() && job.listed.is_some());
    let whose = match customers.first() {
        Some(only) if customers.len() == 1 => format!("1 customer, {only}"),
        _ => format!("{} customers", customers.len()),
    };
    let chosen = format!("{} of {whose}", instances(places().count()));
    match others.count() {
        0 => chosen,
        more => format!("{chosen} ({more} more cannot be reached)"),
    }
}

fn instances(count: usize) -> String {
    match count {
        1 => "1 instance".to_owned(),
        count => format!("{count} instances"),
    }
}

/// The table of the choice, for a terminal of this width.
pub(super) fn shown(jobs: &[Job<'_, '_>], width: Option<u16>) -> String {
    let rows = jobs.iter().filter_map(|job| {
        let target = job.target()?;
        Some([
            Some(job.whose.customer),
            target.name.as_deref(),
            Some(target.instance_id.as_str()),
            job.listed.and_then(|instance| instance.state.as_deref()),
            job.listed.map(table::ping),
            Some(target.region.as_str()),
        ])
    });
    let titles = ["CUSTOMER", "NAME", "INSTANCE ID", "STATE", "PING", "REGION"];
    table::fitted(titles, rows, width)
}
