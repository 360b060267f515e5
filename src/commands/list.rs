//! `list`: the customer's instances that carry our tag.

use futures_util::future::join_all;
use serde::Serialize;

use crate::args::{self, Format};
use crate::callbacks::Callbacks as _;
use crate::error::Error;
use crate::exit::Exit;
use crate::identity::Identity;
use crate::inventory::{Instance, Inventory, Query, RegionFailure};
use crate::settings::Customer;
use crate::ui::table;

use super::stages::Stages;

/// What `--output json` prints.
#[derive(Debug, Serialize)]
struct Listed<'a> {
    version: u8,
    instances: &'a [Instance],
    errors: Vec<Unlisted>,
}

/// A region, or a whole customer, that is missing.
#[derive(Debug, Serialize)]
struct Unlisted {
    customer: String,
    region: Option<String>,
    code: Option<String>,
    message: String,
    #[serde(skip)]
    exit: Exit,
}

impl From<&RegionFailure> for Unlisted {
    fn from(failure: &RegionFailure) -> Self {
        Self {
            customer: failure.customer.clone(),
            region: Some(failure.region.to_string()),
            code: failure.code().map(str::to_owned),
            message: failure.to_string(),
            exit: failure.exit(),
        }
    }
}

/// Runs `list`.
pub(super) async fn run(stages: &Stages<'_>, args: &args::List) -> Result<Exit, Error> {
    let query = Query::parse(&args.filters, args.online).map_err(|error| Error::Usage {
        message: error.to_string(),
        hint: Some("--filter takes name=PATTERN or tag:KEY=PATTERN".to_owned()),
    })?;
    let customers: Vec<&Customer> = if args.all_customers {
        stages.settings.customers.iter().collect()
    } else {
        vec![stages.customer()?]
    };
    let identity = stages.identity(stages.ui, false);
    let listed = join_all(
        customers
            .iter()
            .map(|customer| one(stages, &identity, customer, &query)),
    )
    .await;
    let mut instances = Vec::new();
    let mut missing = Vec::new();
    for (customer, listed) in customers.iter().zip(listed) {
        match listed {
            Ok(Inventory {
                instances: more,
                failures,
                ..
            }) => {
                instances.extend(more);
                missing.extend(failures.iter().map(Unlisted::from));
            }
            Err(error) if customers.len() == 1 => return Err(error),
            Err(error) => missing.push(Unlisted {
                customer: customer.name.clone(),
                region: None,
                code: error.failure().and_then(|failure| failure.code.clone()),
                message: error.to_string(),
                exit: error.exit(),
            }),
        }
    }
    for missing in &missing {
        stages.ui.warn(&missing.message);
    }
    let exit = match missing.first() {
        None => Exit::Ok,
        // Nothing answered: then it is no partial list.
        Some(first) if instances.is_empty() && missing.len() >= regions(&customers) => first.exit,
        Some(_) => Exit::Partial,
    };
    if args.output.output == Format::Json {
        stages.ui.json(&Listed {
            version: 1,
            instances: &instances,
            errors: missing,
        })?;
    } else if instances.is_empty() && missing.is_empty() {
        stages.ui.say("no instance carries our tag");
    } else if !instances.is_empty() {
        stages
            .ui
            .data(&table::list(&instances, stages.ui.width()))?;
    }
    Ok(exit)
}

fn regions(customers: &[&Customer]) -> usize {
    if customers.len() > 1 {
        customers.len()
    } else {
        customers
            .iter()
            .map(|customer| customer.regions.len())
            .sum()
    }
}

async fn one(
    stages: &Stages<'_>,
    identity: &Identity<'_>,
    customer: &Customer,
    query: &Query,
) -> Result<Inventory, Error> {
    let aws = stages.aws(customer).await?;
    let mut role = identity.assume(customer, &aws).await?;
    stages
        .list(identity, customer, &aws, &mut role, query)
        .await
}
