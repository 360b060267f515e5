//! `list`: the customer's instances that carry the vendor's tag.

use serde::Serialize;

use crate::args::{self, Format};
use crate::callbacks::Callbacks;
use crate::error::Error;
use crate::exit::Exit;
use crate::inventory::{Instance, Kept, RegionFailure};
use crate::settings::Customer;
use crate::ui::table;

use super::everywhere::{self, Answer, Everywhere, Found, WithoutSteps, told};
use super::stages::Stages;

/// What `--output json` prints.
#[derive(Debug, Serialize)]
struct Listed<'a> {
    version: u8,
    instances: &'a [Instance],
    errors: &'a [Unlisted],
}

/// A region, or a whole customer, whose instances could not be listed.
#[derive(Debug, Serialize)]
struct Unlisted {
    customer: String,
    region: Option<String>,
    code: Option<String>,
    message: String,
    #[serde(skip)]
    error: Error,
}

impl Unlisted {
    fn region(failure: RegionFailure) -> Self {
        Self {
            customer: failure.customer.clone(),
            region: Some(failure.region.to_string()),
            code: failure.code().map(str::to_owned),
            message: format!("{failure:#}"),
            error: Box::new(failure).into(),
        }
    }

    fn customer(customer: &Customer, error: Error) -> Self {
        Self {
            customer: customer.name.clone(),
            region: None,
            code: error
                .facts()
                .failure
                .and_then(|failure| failure.code.clone()),
            message: error.to_string(),
            error,
        }
    }
}

/// Runs `list`.
pub(super) async fn run(stages: &Stages<'_>, args: &args::List) -> Result<Exit, Error> {
    let mut query = everywhere::query(&args.filters, args.online)?;
    if args.output.output == Format::Text {
        query.kept = Kept::Row;
    }
    let customers: Vec<&Customer> = if args.all_customers {
        stages.settings.customers.iter().collect()
    } else {
        vec![stages.customer()?]
    };
    for customer in &customers {
        stages.warn_of_grant_end(customer);
    }
    let without_steps = WithoutSteps(stages.ui);
    let callbacks: &dyn Callbacks = if customers.len() > 1 {
        &without_steps
    } else {
        stages.ui
    };
    let identity = stages.identity(callbacks, false);
    let asked = Everywhere {
        stages,
        identity: &identity,
        customers: &customers,
        query: &query,
    };
    let mut instances = Vec::new();
    let mut missing = Vec::new();
    let mut answered = false;
    for Answer {
        customer, found, ..
    } in asked.all().await
    {
        match found {
            Ok(Found { listed, .. }) => {
                answered |= listed.failures.len() < customer.regions.len();
                if instances.is_empty() {
                    // Not a copy: a customer may have many thousands.
                    instances = listed.instances;
                } else {
                    instances.extend(listed.instances);
                }
                missing.extend(listed.failures.into_iter().map(Unlisted::region));
            }
            Err(error) if !args.all_customers => return Err(error),
            Err(error) => missing.push(Unlisted::customer(customer, error)),
        }
    }
    if args.output.output == Format::Json {
        stages.ui.json(&Listed {
            version: 1,
            instances: &instances,
            errors: &missing,
        })?;
    } else if instances.is_empty() && missing.is_empty() {
        stages.ui.say(if args.filters.is_empty() && !args.online {
            "no instance carries the vendor's tag"
        } else {
            "no instance that carries the vendor's tag matches what you asked for"
        });
    } else if !instances.is_empty() {
        for part in table::list(&instances, stages.ui.width(), stages.ui.colours_data()) {
            stages.ui.data(&part)?;
        }
    }
    if missing.is_empty() {
        return Ok(Exit::Ok);
    }
    let worst = worst(&mut missing, answered || !instances.is_empty());
    for missing in &missing {
        stages.ui.warn(&if args.all_customers {
            told(&missing.customer, &missing.error)
        } else {
            missing.error.to_string()
        });
    }
    worst.map_or(Ok(Exit::Partial), Err)
}

/// The failure that makes a partial list worthless.
/// Either AWS took vendor-ssm for another identity, or no region answered.
fn worst(missing: &mut Vec<Unlisted>, answered: bool) -> Option<Error> {
    let of_another = missing
        .iter()
        .position(|missing| missing.error.exit() == Exit::IdentityMismatch);
    let at = of_another.or((!answered).then_some(0))?;
    Some(missing.remove(at).error)
}
