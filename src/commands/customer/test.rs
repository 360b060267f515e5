//! `customer test`: tries each customer's grant now, for many customers side by side.

use serde::Serialize;

use crate::args::{Format, TestCustomer};
use crate::callbacks::Callbacks as _;
use crate::error::Error;
use crate::exit::Exit;
use crate::ui::table;

use super::super::doctor::{Tested, customers};
use super::stages::Stages;

/// The most customers that a hint names.
const NAMED: usize = 5;

/// What `--output json` prints.
#[derive(Debug, Serialize)]
struct JsonTested<'a> {
    version: u8,
    customers: &'a [Tested],
}

/// Runs `customer test`.
pub(in super::super) async fn test(
    stages: &Stages<'_>,
    args: &TestCustomer,
) -> Result<Exit, Error> {
    let names = names(stages, args)?;
    let tested = customers(stages, &names).await?;
    if args.output.output == Format::Json {
        stages.ui.json(&JsonTested {
            version: 1,
            customers: &tested,
        })?;
    } else {
        show(stages, &tested)?;
    }
    Ok(exit(&tested, args.all))
}

/// The customers to test, each once.
fn names<'a>(stages: &'a Stages<'_>, args: &'a TestCustomer) -> Result<Vec<&'a str>, Error> {
    let settings = &stages.settings;
    if args.all {
        if settings.customers.is_empty() {
            settings.customer(None)?;
        }
        return Ok(settings.customers.iter().map(|one| &*one.name).collect());
    }
    let mut names: Vec<&str> = Vec::new();
    for name in &args.names {
        let known = settings.customer(Some(name))?;
        if !names.contains(&known.name.as_str()) {
            names.push(&known.name);
        }
    }
    if names.is_empty() {
        names.push(&stages.customer()?.name);
    }
    Ok(names)
}

/// One customer ends with its own code, several with that of a partial success.
/// A wrong identity outranks that: it is a reason to stop.
fn exit(tested: &[Tested], all: bool) -> Exit {
    if let ([only], false) = (tested, all) {
        return only.exit();
    }
    let mut exits = tested.iter().map(Tested::exit);
    if exits.clone().any(|exit| exit == Exit::IdentityMismatch) {
        Exit::IdentityMismatch
    } else if exits.all(|exit| exit == Exit::Ok) {
        Exit::Ok
    } else {
        Exit::Partial
    }
}

/// A row for each thing to look at on stdout, and what to do about it on stderr.
fn show(stages: &Stages<'_>, tested: &[Tested]) -> Result<(), Error> {
    let mut rows = Vec::new();
    let mut hints: Vec<(&str, Vec<&str>)> = Vec::new();
    for one in tested {
        for [status, check, message, hint] in one.rows() {
            rows.push([Some(one.customer.as_str()), status, check, message]);
            let Some(hint) = hint else { continue };
            match hints.iter_mut().find(|(known, _)| *known == hint) {
                Some((_, names)) if names.contains(&one.customer.as_str()) => {}
                Some((_, names)) => names.push(&one.customer),
                None => hints.push((hint, vec![&one.customer])),
            }
        }
    }
    let titles = ["CUSTOMER", "STATUS", "CHECK", "MESSAGE"];
    stages.ui.data(&table::columns(titles, rows))?;
    for (hint, mut names) in hints {
        let more = names.len().saturating_sub(NAMED);
        names.truncate(NAMED);
        let mut names = names.join(", ");
        if more > 0 {
            names = format!("{names} and {more} more");
        }
        stages.ui.say(&format!("hint for {names}: {hint}"));
    }
    Ok(())
}
