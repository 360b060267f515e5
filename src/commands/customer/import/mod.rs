//! `customer import`: makes customers of the chained profiles in `~/.aws/config`.

mod chain;
mod plan;
mod shown;

use crate::args::{Format, Global, ImportCustomers};
use crate::aws::SharedFiles;
use crate::callbacks::Callbacks as _;
use crate::error::Error;
use crate::exit::Exit;
use crate::names::quoted;
use crate::os::Os;
use crate::settings::{self, Customer, Edit, NewCustomer, Settings, preview};
use crate::ui::{Ui, sanitize};

use plan::{Known, Plan};

/// The most profiles that are named one by one.
const NAMED: usize = 100;

/// Runs `customer import`, with or without a settings file.
pub(in crate::commands) async fn import(
    args: &ImportCustomers,
    global: &Global,
    os: &Os,
    ui: &Ui,
) -> Result<Exit, Error> {
    let files = SharedFiles::read(None, os);
    files.check_files()?;
    let settings = settings(global, os)?;
    let known = Known {
        customers: settings.as_ref().map_or(&[], |known| &known.customers),
        vendor_role: settings.as_ref().and_then(Settings::vendor_role),
        vendor_keys: settings
            .as_ref()
            .map(|known| known.vendor_keys(&plan::INHERITED))
            .unwrap_or_default(),
        regions: &global.regions,
    };
    let mut plan = Plan::new(&files, &known, args);
    say(&plan, ui);
    if plan.customers.is_empty() {
        if args.output.output == Format::Json {
            ui.json(&shown::plan(&plan))?;
        }
        return nothing(&plan);
    }
    tag(&mut plan.customers, args, known.customers)?;
    if args.output.output == Format::Json {
        ui.json(&shown::plan(&plan))?;
    } else {
        let shown = preview(plan.vendor.as_ref(), &plan.customers);
        let shown: Vec<String> = shown.lines().map(sanitize::line).collect();
        ui.data(&shown.join("\n"))?;
    }
    let path = Edit::open(global, os)?.path().display().to_string();
    confirm(&plan, &path, args, ui).await?;
    Edit::change(global, os, ui, |edit| {
        edit.import(plan.vendor.as_ref(), &plan.customers)?;
        Ok::<_, Error>(())
    })
    .await?;
    let names: Vec<&str> = plan.customers.iter().map(|new| &*new.name).collect();
    ui.say(&format!("added {} to {path}", names.join(", ")));
    ui.say("next, test each grant: `vendor-ssm customer test --all`");
    Ok(Exit::Ok)
}

/// The settings as they are; `None` if there is no file, or no customer and no vendor in it.
fn settings(global: &Global, os: &Os) -> Result<Option<Settings>, Error> {
    match settings::resolve(global, os) {
        Ok(known) => Ok(Some(known)),
        Err(settings::Error::Missing { .. }) => Ok(None),
        Err(settings::Error::MissingKey { .. }) if Edit::open(global, os)?.has_no_customer() => {
            Ok(None)
        }
        Err(error) => Err(error.into()),
    }
}

/// Says what became of each profile that is not simply imported.
fn say(plan: &Plan, ui: &Ui) {
    for (profile, note) in plan.notes.iter().take(NAMED) {
        ui.say(&format!("profile {profile}: {note}"));
    }
    if let Some(more @ 1..) = plan.notes.len().checked_sub(NAMED) {
        ui.say(&format!("and {more} more profiles"));
    }
    if plan.without_role > 0 {
        ui.say(&format!(
            "profiles that assume no role: {}",
            plan.without_role
        ));
    }
}

/// What to end with if there is nothing to write.
fn nothing(plan: &Plan) -> Result<Exit, Error> {
    if plan.there > 0 {
        return Ok(Exit::Ok);
    }
    Err(Error::NothingToImport)
}

/// Gives each customer the tag: that of the command line, else the one that all others have.
fn tag(new: &mut [NewCustomer], args: &ImportCustomers, others: &[Customer]) -> Result<(), Error> {
    let (key, value) = match (&args.tag_value, others) {
        (Some(value), _) => (None, value),
        (None, [first, rest @ ..])
            if rest.iter().all(|one| {
                (&one.tag_key, &one.tag_value) == (&first.tag_key, &first.tag_value)
            }) =>
        {
            (Some(first.tag_key.clone()), &first.tag_value)
        }
        (None, _) => {
            return Err(Error::Usage {
                message: "the tag value of the customers is missing".to_owned(),
                hint: Some(
                    "pass `--tag-value MyCompany`: customers set the tag ExternalAccessGrantedTo to it"
                        .to_owned(),
                ),
            });
        }
    };
    let key = key.filter(|key| key != settings::TAG_KEY);
    for customer in new {
        customer.tag_key.clone_from(&key);
        customer.tag_value.clone_from(value);
    }
    Ok(())
}

/// Asks whether to write it, unless the command line says so.
async fn confirm(plan: &Plan, path: &str, args: &ImportCustomers, ui: &Ui) -> Result<(), Error> {
    if args.yes {
        return Ok(());
    }
    let count = match plan.customers.len() {
        1 => "1 customer".to_owned(),
        count => format!("{count} customers"),
    };
    if !ui.can_prompt() {
        return Err(Error::NeedsTerminal {
            question: "the confirmation",
            hint: format!("in a script, run `{}`", scripted(args)),
        });
    }
    let question = format!("add {count} to {path}? [y/N] ");
    let answer = ui.ask(&question).await?.unwrap_or_default();
    if ["y", "yes"].contains(&answer.trim().to_ascii_lowercase().as_str()) {
        return Ok(());
    }
    Err(Error::Declined(format!(
        "{count} not confirmed; nothing was written"
    )))
}

/// The command as it runs without a question.
fn scripted(args: &ImportCustomers) -> String {
    let mut line = "vendor-ssm customer import --yes".to_owned();
    if let Some(value) = &args.tag_value {
        line = format!("{line} --tag-value {}", quoted(value));
    }
    if let Some(role) = &args.vendor_role_arn {
        line = format!("{line} --vendor-role-arn {role}");
    }
    line
}
