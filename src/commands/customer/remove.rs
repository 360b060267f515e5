//! `customer remove`: takes a customer and its ExternalId out of the settings file.

use std::path::PathBuf;

use crate::args::{Global, RemoveCustomer};
use crate::callbacks::Callbacks as _;
use crate::error::Error;
use crate::exit::Exit;
use crate::os::Os;
use crate::settings::{Edit, Removed};
use crate::ui::Ui;

/// Runs `customer remove`.
pub(in crate::commands) async fn remove(
    args: &RemoveCustomer,
    global: &Global,
    os: &Os,
    ui: &Ui,
) -> Result<Exit, Error> {
    let name = &args.name;
    // A wrong name is an error before vendor-ssm asks a person. It asks without the lock.
    Edit::open(global, os)?.remove(name)?;
    let confirmed = match &args.confirm {
        Some(confirmed) => Some(confirmed.clone()),
        None if !ui.can_prompt() => {
            return Err(Error::NeedsTerminal {
                question: "the confirmation",
                hint: format!(
                    "in a script, run `vendor-ssm customer remove {name} --confirm {name}`"
                ),
            });
        }
        None => {
            let question = format!(
                "this also deletes the ExternalId of {name} for good; type {name} to continue: "
            );
            ui.ask(&question).await?
        }
    };
    if confirmed.as_ref() != Some(name) {
        return Err(Error::Declined(format!(
            "{name} not confirmed; nothing was removed"
        )));
    }
    let Removed { changed, emptied } =
        Edit::change(global, os, ui, |edit| Ok::<_, Error>(edit.remove(name)?)).await?;
    let what = match (changed.is_empty(), emptied.is_empty()) {
        (false, true) => format!("removed {name} from {}", named(&changed)),
        (true, false) => format!(
            "removed {name} with {}, which held nothing else",
            named(&emptied)
        ),
        (_, _) => format!(
            "removed {name} from {}, and {}, which held nothing else",
            named(&changed),
            named(&emptied)
        ),
    };
    ui.say(&format!(
        "{what}; the customer's grant stays until the customer removes it"
    ));
    Ok(Exit::Ok)
}

fn named(files: &[PathBuf]) -> String {
    let files: Vec<String> = files
        .iter()
        .map(|file| file.display().to_string())
        .collect();
    files.join(" and ")
}
