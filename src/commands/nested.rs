//! Inside `credentials exec`, where the environment has a customer's credentials.
//! There the base identity would be that customer's, so that a command which needs one is refused.

use crate::args::{Command, CustomerCommand, Global, KitCommand};
use crate::error::Error;
use crate::os::Os;

/// The variable that `credentials exec` sets, to the customer's name.
pub(super) const VARIABLE: &str = "VENDOR_SSM_EXEC";

/// Refuses a command that starts from the base identity, unless `--nested` is passed.
pub(super) fn refuse(command: &Command, global: &Global, os: &Os) -> Result<(), Error> {
    let is_inside = os.var(VARIABLE).is_some() || os.is_not_text(VARIABLE);
    if !is_inside || global.nested || !starts_from_the_base_identity(command) {
        return Ok(());
    }
    let customer = os.var(VARIABLE).unwrap_or("a customer");
    Err(Error::Usage {
        message: format!(
            "this is inside `vendor-ssm credentials exec`: the credentials here are those of {customer}, not yours"
        ),
        hint: Some(
            "run it outside, or pass --nested if your settings name a profile to start from"
                .to_owned(),
        ),
    })
}

/// One answer for each command, so that a new one needs an answer too.
fn starts_from_the_base_identity(command: &Command) -> bool {
    match command {
        Command::Connect(_)
        | Command::Run(_)
        | Command::Forward(_)
        | Command::Proxy(_)
        | Command::List(_)
        | Command::Login(_)
        | Command::Credentials(_)
        | Command::Sessions(_)
        | Command::Doctor(_)
        | Command::Customer(CustomerCommand::Test(_)) => true,
        Command::Whoami(whoami) => !whoami.cached,
        // The kit may ask AWS who the base identity is.
        Command::Kit(kit) => matches!(kit, KitCommand::Vendor(_) | KitCommand::Customer(_)),
        Command::Customer(
            CustomerCommand::Add(_)
            | CustomerCommand::Import(_)
            | CustomerCommand::Remove(_)
            | CustomerCommand::List(_)
            | CustomerCommand::Show(_),
        )
        | Command::Logout
        | Command::History(_)
        | Command::Policy(_)
        | Command::Settings(_)
        | Command::Completions { .. }
        | Command::Man { .. } => false,
    }
}
