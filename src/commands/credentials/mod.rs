//! `credentials`: the customer role's credentials for other programs.
//! They are handed over in a new environment or on a pipe. A terminal, a file and a command line
//! never get them.

mod exec;
mod narrow;

use std::time::Duration;

use serde::Serialize;
use zeroize::Zeroizing;

use crate::args::{CredentialGuards, CredentialsCommand, ExecCredentials, ProcessCredentials};
use crate::callbacks::Callbacks as _;
use crate::error::Error;
use crate::exit::Exit;
use crate::identity::AssumedRole;
use crate::os::Os;
use crate::settings::Customer;
use crate::signals::Signals;

use super::guards::{Asks, For, Given};
use super::stages::Stages;
use super::whoami::expires;
use narrow::Narrowed;

/// A command's credentials last this long at least, unless the customer grants less.
const FOR_A_COMMAND: Duration = Duration::from_mins(15);
/// The same for a caller who asks again when its copy expires.
/// botocore asks 15 minutes before, the other SDKs later (botocore, `credentials.py`,
/// `_advisory_refresh_timeout`). A minute more, since its clock and this one may differ a little.
const FOR_A_CALLER: Duration = Duration::from_mins(16);

/// What a `credential_process` prints.
/// AWS SDKs and Tools Reference Guide, "Process credential provider".
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct ProcessOutput<'a> {
    version: u8,
    access_key_id: &'a str,
    secret_access_key: &'a str,
    session_token: &'a str,
    expiration: String,
}

/// Refuses a terminal before anything else is done: a screen keeps what it shows.
pub(super) fn refuse_terminal(command: &CredentialsCommand, os: &Os) -> Result<(), Error> {
    match command {
        CredentialsCommand::Process(_) if os.stdout_terminal => Err(Error::Usage {
            message: "`credentials process` does not print credentials on a terminal".to_owned(),
            hint: Some(
                "run `vendor-ssm credentials exec -- COMMAND`, or let a program read the output"
                    .to_owned(),
            ),
        }),
        _ => Ok(()),
    }
}

/// Runs `credentials`.
pub(super) async fn run(
    stages: &Stages<'_>,
    command: &CredentialsCommand,
    signals: &mut Signals,
) -> Result<Exit, Error> {
    match command {
        CredentialsCommand::Process(args) => process(stages, args, signals).await,
        CredentialsCommand::Exec(args) => exec(stages, args, signals).await,
    }
}

async fn process(
    stages: &Stages<'_>,
    args: &ProcessCredentials,
    signals: &mut Signals,
) -> Result<Exit, Error> {
    let wanted = Wanted {
        narrowed: Narrowed::read(stages.customer()?, &args.narrowing, stages.os)?,
        guards: &args.guards,
        usage: ("credentials process", ""),
        lasting: FOR_A_CALLER,
    };
    let role = signals.guard(wanted.role(stages)).await;
    let role = role.map_err(Error::Signal)??;
    let output = ProcessOutput {
        version: 1,
        access_key_id: role.credentials.access_key_id(),
        secret_access_key: role.credentials.secret_access_key(),
        session_token: role.credentials.session_token().unwrap_or_default(),
        expiration: expires(&role),
    };
    let text = serde_json::to_string(&output).map(Zeroizing::new);
    let text = text.map_err(|error| Error::Output(error.into()))?;
    stages.ui.data(&text)?;
    Ok(Exit::Ok)
}

async fn exec(
    stages: &Stages<'_>,
    args: &ExecCredentials,
    signals: &mut Signals,
) -> Result<Exit, Error> {
    let customer = stages.customer()?;
    // Without a command to run, no role is assumed.
    exec::command(&args.command, stages.os)?;
    let wanted = Wanted {
        narrowed: Narrowed::read(customer, &args.narrowing, stages.os)?,
        guards: &args.guards,
        usage: ("credentials exec", "-- COMMAND"),
        lasting: FOR_A_COMMAND,
    };
    let role = signals.guard(wanted.role(stages)).await;
    let role = role.map_err(Error::Signal)??;
    let environment = exec::Environment::new(stages.os, customer, &role);
    if let Some(notice) = environment.region_notice(customer) {
        stages.ui.say(&notice);
    }
    let left = role.expires.duration_since(stages.os.now());
    stages.ui.say(&format!(
        "{}: the credentials last until {} ({} minutes)",
        customer.name,
        expires(&role),
        (left.unwrap_or_default().as_secs() + 30) / 60
    ));
    // A signal that has come by now is not the command's.
    let come = signals.guard(tokio::task::yield_now()).await;
    come.map_err(Error::Signal)?;
    stages.ui.hand_over();
    environment.become_command(&args.command, stages.os)
}

/// The credentials that a command wants.
struct Wanted<'a> {
    narrowed: Option<Narrowed>,
    guards: &'a CredentialGuards,
    /// The command and its arguments, for a hint.
    usage: (&'static str, &'static str),
    /// How long they should last at least.
    lasting: Duration,
}

impl Wanted<'_> {
    /// The customer role, after the guards.
    async fn role(&self, stages: &Stages<'_>) -> Result<AssumedRole, Error> {
        let customer = stages.customer()?;
        let asks = Asks {
            stages,
            customers: vec![customer],
            given: Given {
                reason: self.guards.reason.as_deref(),
                confirm: self.guards.confirm.as_slice(),
                what: For::Credentials,
            },
            usage: (
                format!("{} -c {}", self.usage.0, customer.name),
                self.usage.1.to_owned(),
            ),
        };
        // AWS has no place for the reason here; the person has thought of one all the same.
        let reason = asks.reason().await?;
        asks.known(&[customer])?;
        asks.attended()?;
        let about = self.about(customer);
        asks.confirm(|_| about.clone()).await?;
        if let Some(reason) = reason {
            tracing::info!("{about}, because: {reason}");
        }
        let aws = stages.aws(customer).await?;
        let identity = stages.identity(stages.ui, false);
        let role = match &self.narrowed {
            Some(Narrowed {
                policy,
                duration_seconds,
            }) => {
                identity
                    .assume_narrowed(customer, &aws, policy.as_ref(), *duration_seconds)
                    .await?
            }
            None => identity.assume_for(customer, &aws, self.lasting).await?,
        };
        Ok(role)
    }

    fn about(&self, customer: &Customer) -> String {
        let kind = match &self.narrowed {
            Some(Narrowed {
                policy: Some(_), ..
            }) => "narrowed credentials",
            _ => "credentials",
        };
        format!("{kind} of {}", customer.role_arn)
    }
}
