//! The picker over all customers and regions, for `connect` without a TARGET and a customer.
//! It opens when all have answered, or after five seconds with the instances that are there. What
//! answers later is not added: a row under the cursor never moves.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use futures_util::StreamExt as _;

use crate::aws::Aws;
use crate::callbacks::{Answer as Typed, Callbacks};
use crate::choice::{self, picker};
use crate::error::Error;
use crate::exit::Exit;
use crate::identity::{AssumedRole, Identity};
use crate::inventory::{Instance, Inventory, Query};
use crate::names::Region;
use crate::settings::Customer;
use crate::ui::{Ui, rows};

use super::everywhere::{Everywhere, Found, told};
use super::stages::Stages;
use super::target::{mismatch, used_last_first};

/// How long the picker waits for answers once there is something to pick.
const PATIENCE: Duration = Duration::from_secs(5);
/// How often it looks whether that time is over.
const TICK: Duration = Duration::from_millis(100);

/// What a person picked, and what it takes to open a session there.
pub(super) struct Picked<'a> {
    pub customer: &'a Customer,
    pub aws: Aws,
    pub role: AssumedRole,
    pub instance: Instance,
}

/// Whether the person has to pick among several customers.
pub(super) fn is_among_customers(stages: &Stages<'_>) -> bool {
    stages.settings.customers.len() > 1 && stages.settings.default_customer.is_none()
}

/// Lets a person pick one instance of all customers.
pub(super) async fn everywhere<'a>(
    stages: &'a Stages<'a>,
    identity: &Identity<'_>,
    asking: &Asking<'_>,
) -> Result<Picked<'a>, Error> {
    // With --region, a customer of another partition has none.
    let customers = stages.settings.customers.iter();
    let customers: Vec<&Customer> = customers.filter(|one| !one.regions.is_empty()).collect();
    let mut gathered = gather(stages, identity, asking, &customers).await;
    stages.ui.hand_over();
    if let Some(error) = gathered.mismatch() {
        return Err(error);
    }
    let mut instances = gathered.instances();
    if instances.is_empty() {
        return Err(gathered.no_instances(stages.ui));
    }
    for missing in &gathered.missing {
        stages.ui.warn(&missing.text);
    }
    used_last_first(stages, &mut instances);
    let rows = |instances: &[Instance], width: usize| {
        rows::picker_rows_of_customers(instances, width, stages.ui.is_ascii())
    };
    let instance = picker::pick(stages.os, instances, rows).await?;
    let is_its = |customer: &Customer| customer.name == *instance.customer;
    let found = gathered
        .found
        .into_iter()
        .find(|(customer, _)| is_its(customer));
    if let Some((customer, Found { aws, role, .. })) = found {
        return Ok(Picked {
            customer,
            aws,
            role,
            instance,
        });
    }
    // One of its regions has not answered yet, so its role is not here.
    let customer = customers.into_iter().find(|customer| is_its(customer));
    let customer = customer.ok_or(choice::Error::NoInstances)?;
    let aws = stages.aws(customer).await?;
    let role = identity.assume(customer, &aws).await?;
    Ok(Picked {
        customer,
        aws,
        role,
        instance,
    })
}

/// A customer or a region that is missing in the picker.
struct Missing {
    /// What is missing, and why.
    text: String,
    /// Why, if it failed.
    error: Option<Error>,
}

/// What has answered.
#[derive(Default)]
struct Gathered<'a> {
    /// The customers whose regions have all answered or failed, in the settings' order.
    found: Vec<(&'a Customer, Found)>,
    /// The regions of other customers that have answered.
    heard: BTreeMap<(String, String), Inventory>,
    missing: Vec<Missing>,
}

impl Gathered<'_> {
    fn instances(&mut self) -> Vec<Instance> {
        let whole = self.found.iter_mut();
        let whole = whole.flat_map(|(_, found)| std::mem::take(&mut found.listed.instances));
        let rest = self.heard.values_mut();
        whole
            .chain(rest.flat_map(|heard| std::mem::take(&mut heard.instances)))
            .collect()
    }

    /// The error if there is nothing to pick from; it warns of what else is missing.
    fn no_instances(&mut self, ui: &Ui) -> Error {
        let mut failed = None;
        for missing in self.missing.drain(..) {
            match missing.error {
                Some(error) if failed.is_none() => {
                    // Not every error names its customer.
                    if error.to_string() != missing.text {
                        ui.warn(&missing.text);
                    }
                    failed = Some(error);
                }
                _ => ui.warn(&missing.text),
            }
        }
        failed.unwrap_or_else(|| choice::Error::NoInstances.into())
    }

    /// The error if AWS answered anywhere with another identity than the settings name.
    fn mismatch(&mut self) -> Option<Error> {
        let is_of_another = |missing: &Missing| {
            let error = missing.error.as_ref();
            error.is_some_and(|error| error.exit() == Exit::IdentityMismatch)
        };
        let at = self.missing.iter().position(is_of_another)?;
        self.missing.swap_remove(at).error
    }
}

async fn gather<'a>(
    stages: &Stages<'_>,
    identity: &Identity<'_>,
    asking: &Asking<'_>,
    customers: &[&'a Customer],
) -> Gathered<'a> {
    let heard = RefCell::new(BTreeMap::new());
    let hear = |customer: &Customer, region: &Region, listed: &Inventory| {
        let key = (customer.name.clone(), region.to_string());
        heard.borrow_mut().insert(key, listed.clone());
    };
    let query = Query::all();
    let asked = Everywhere {
        stages,
        identity,
        customers,
        query: &query,
    };
    // By the customer's place.
    let mut answers: BTreeMap<usize, Result<Found, Error>> = BTreeMap::new();
    let all: usize = customers
        .iter()
        .map(|customer| customer.regions.len())
        .sum();
    let show = |answers: &BTreeMap<usize, Result<Found, Error>>| {
        let of_whole: usize = answers.keys().map(|at| customers[*at].regions.len()).sum();
        stages.ui.step(&format!(
            "listing instances: {} of {all} answered…",
            of_whole + heard.borrow().len()
        ));
    };
    let mut coming = Box::pin(asked.answers(&hear));
    let mut tick = tokio::time::interval(TICK);
    loop {
        show(&answers);
        tokio::select! {
            answer = coming.next() => match answer {
                Some(answer) => {
                    let is_its = |key: &(String, String)| key.0 == answer.customer.name;
                    heard.borrow_mut().retain(|key, _| !is_its(key));
                    answers.insert(answer.at, answer.found);
                }
                None => break,
            },
            _ = tick.tick() => {
                let has = |listed: &Inventory| !listed.instances.is_empty();
                let is_there = heard.borrow().values().any(has)
                    || answers.values().flatten().any(|found| has(&found.listed));
                if is_there && asking.waited() >= PATIENCE {
                    break;
                }
            }
        }
    }
    drop(coming);
    gathered(customers, answers, heard.into_inner())
}

fn gathered<'a>(
    customers: &[&'a Customer],
    answers: BTreeMap<usize, Result<Found, Error>>,
    heard: BTreeMap<(String, String), Inventory>,
) -> Gathered<'a> {
    let mut gathered = Gathered::default();
    let late = customers.iter().enumerate();
    for (_, customer) in late.filter(|(at, _)| !answers.contains_key(at)) {
        let name = |region: &Region| (customer.name.clone(), region.to_string());
        let regions = customer.regions.iter();
        let silent: Vec<&str> = regions
            .filter(|region| !heard.contains_key(&name(region)))
            .map(Region::as_str)
            .collect();
        gathered.missing.push(Missing {
            text: format!(
                "{}: no answer from {} in {} seconds",
                customer.name,
                silent.join(", "),
                PATIENCE.as_secs()
            ),
            error: None,
        });
    }
    let mut lists: Vec<(&str, &Inventory)> = Vec::new();
    for (at, answer) in &answers {
        if let Ok(found) = answer {
            lists.push((&customers[*at].name, &found.listed));
        }
    }
    lists.extend(
        heard
            .iter()
            .map(|((name, _), listed)| (name.as_str(), listed)),
    );
    for (name, listed) in lists {
        let of_another = mismatch(listed);
        for failure in &listed.failures {
            gathered.missing.push(Missing {
                text: told(name, failure),
                error: Some(Box::new(failure.clone()).into()),
            });
        }
        gathered.missing.extend(of_another.map(|error| Missing {
            text: told(name, &error),
            error: Some(error),
        }));
    }
    for (at, answer) in answers {
        let customer = customers[at];
        match answer {
            Ok(found) => gathered.found.push((customer, found)),
            Err(error) => gathered.missing.push(Missing {
                text: told(&customer.name, &error),
                error: Some(error),
            }),
        }
    }
    gathered.heard = heard;
    gathered
}

/// Speaks to the person without single steps, and knows how long it waits for answers.
/// The time in which the person types an MFA code does not count.
pub(super) struct Asking<'a> {
    ui: &'a Ui,
    /// Since when vendor-ssm waits; `None` while a question is open.
    since: Mutex<Option<Instant>>,
}

impl<'a> Asking<'a> {
    pub(super) fn new(ui: &'a Ui) -> Self {
        Self {
            ui,
            since: Mutex::new(Some(Instant::now())),
        }
    }

    fn waited(&self) -> Duration {
        let since = *self.since.lock().unwrap_or_else(PoisonError::into_inner);
        since.map_or(Duration::ZERO, |since| since.elapsed())
    }

    fn set(&self, since: Option<Instant>) {
        *self.since.lock().unwrap_or_else(PoisonError::into_inner) = since;
    }
}

impl Callbacks for Asking<'_> {
    fn step(&self, text: &str) {
        tracing::info!("{text}");
    }

    fn warn(&self, text: &str) {
        self.ui.warn(text);
    }

    fn say(&self, text: &str) {
        self.ui.say(text);
    }

    fn hand_over(&self) {
        self.ui.hand_over();
    }

    fn mfa_code<'a>(&'a self, serial: &'a str, retry: bool) -> Typed<'a> {
        Box::pin(async move {
            self.set(None);
            let code = self.ui.mfa_code(serial, retry).await;
            self.set(Some(Instant::now()));
            code
        })
    }
}
