//! `kit`: a CloudFormation template on stdout, and the steps to deploy it on stderr.

use crate::args::{KitCommand, KitCustomer, KitVendor};
use crate::callbacks::Callbacks as _;
use crate::error::Error;
use crate::exit::Exit;
use crate::identity::{needs_base, other_name};
use crate::kit::{self, Choices, Kit, Unbound, Vendor};
use crate::names::{DocumentName, GrantEnd, document};
use crate::settings::{Base, Customer};

use super::stages::Stages;

/// The customer's parameter for the end of the grant.
const GRANT_ENDS: &str = "GrantEnds";

/// Runs `kit`.
pub(super) async fn run(stages: &Stages<'_>, command: &KitCommand) -> Result<Exit, Error> {
    let Kit {
        template,
        steps,
        overridden,
    } = match command {
        KitCommand::Vendor(args) => vendor(stages, args).await?,
        KitCommand::Customer(args) => customer(stages, args).await?,
    };
    for (parameter, key) in overridden {
        stages.ui.warn(&format!(
            "`--parameter {parameter}` changes the template alone: change `{key}` in the settings too"
        ));
    }
    stages.ui.data(&template)?;
    for line in steps.lines() {
        stages.ui.say(line);
    }
    Ok(Exit::Ok)
}

async fn customer(stages: &Stages<'_>, args: &KitCustomer) -> Result<Kit, Error> {
    let customer = stages.customer()?;
    refuse_two(args)?;
    let ends = Ends::decide(args, customer, stages)?;
    for (key, document) in unmatched(customer) {
        stages.ui.warn(&format!(
            "the settings do not match the template: set `{key} = \"{document}\"` under [customers.{}.documents]",
            customer.name
        ));
    }
    let choices = Choices {
        os_user: args.os_user.clone(),
        until: match ends {
            Some(Ends::Until(end)) => Some((end.rfc3339(), true)),
            Some(Ends::Settings(end)) => Some((end.rfc3339(), false)),
            Some(Ends::Parameter(_)) | None => None,
        },
        unbound: unbound(stages, &[customer], &args.parameters).await,
        parameters: args.parameters.clone(),
    };
    let kit = kit::customer(customer, &choices)?;
    if let Some(line) = ends.and_then(|ends| ends.line(customer)) {
        stages.ui.warn(&format!(
            "the settings do not match the template: set `{line}` under [customers.{}]",
            customer.name
        ));
    }
    Ok(kit)
}

/// Why a role that binds names would refuse these customers' settings, if it would.
/// A binding that the command line chooses is not questioned.
async fn unbound(
    stages: &Stages<'_>,
    customers: &[&Customer],
    parameters: &[(String, String)],
) -> Option<Unbound> {
    if parameters.iter().any(|(name, _)| name == "NameBinding") {
        return None;
    }
    let mut asked = Vec::new();
    for customer in customers {
        let vendor = &customer.vendor;
        if matches!(vendor.base, Base::Ec2InstanceMetadata | Base::EcsContainer) {
            return Some(Unbound {
                key: kit::CREDENTIAL_SOURCE,
                why:
                    "vendor.credential_source names a machine, and its engineers share one identity"
                        .to_owned(),
            });
        }
        if !needs_base(vendor) || asked.contains(&vendor) {
            continue;
        }
        asked.push(vendor);
        match own_arn(stages, customer).await {
            Ok(arn) => {
                if let Some(other) = other_name(vendor, &arn) {
                    return Some(Unbound {
                        key: other.key,
                        why: other.to_string(),
                    });
                }
            }
            Err(error) => stages.ui.warn(&format!(
                "vendor-ssm cannot compare the settings' names with your own name at AWS: {error}; if they differ, add `--parameter NameBinding=no`"
            )),
        }
    }
    None
}

/// The base identity's ARN. It does not ask for an MFA code.
async fn own_arn(stages: &Stages<'_>, customer: &Customer) -> Result<String, Error> {
    let aws = stages.aws(customer).await?;
    stages.ui.step("asking AWS for your own name…");
    let identity = stages.identity(stages.ui, false).unasked();
    Ok(identity.base(customer, &aws).await?.arn)
}

/// The document keys of the settings that differ from what the template creates and grants.
fn unmatched(customer: &Customer) -> Vec<(&'static str, String)> {
    let documents = &customer.documents;
    let shell = match &documents.shell {
        Some(shell) => shell.to_string(),
        None => format!("vendor-ssm-{}", kit::slug(&customer.tag_value)),
    };
    let name = |document: &Option<DocumentName>| document.as_ref().map(ToString::to_string);
    let command = format!("{shell}-command");
    let expected = [
        ("command", name(&documents.command), command),
        ("port", name(&documents.port), document::PORT.to_owned()),
        (
            "remote_port",
            name(&documents.remote_port),
            document::REMOTE_PORT.to_owned(),
        ),
        ("ssh", name(&documents.ssh), document::SSH.to_owned()),
    ];
    let others = expected
        .into_iter()
        .filter(|(_, named, expected)| named.as_ref().is_some_and(|named| named != expected))
        .map(|(key, _, expected)| (key, expected));
    let without_shell = documents.shell.is_none().then_some(("shell", shell));
    without_shell.into_iter().chain(others).collect()
}

/// When the grant ends in the template.
#[derive(Debug, Clone, Copy)]
enum Ends {
    /// As `--until` says.
    Until(GrantEnd),
    /// As `--parameter` says.
    Parameter(GrantEnd),
    /// As the settings say, unless a `--parameter` overrides it.
    Settings(GrantEnd),
}

impl Ends {
    /// Errors: an end that has come already.
    fn decide(
        args: &KitCustomer,
        customer: &Customer,
        stages: &Stages<'_>,
    ) -> Result<Option<Self>, Error> {
        let has_come = |end: GrantEnd| end.has_come(stages.os.now());
        let wrong = |message: String| Error::Usage {
            message,
            hint: Some(
                "write the last day, such as 2027-01-31, or a moment, such as 2027-01-31T18:00:00Z"
                    .to_owned(),
            ),
        };
        if let Some(text) = &args.until {
            let end: GrantEnd = text
                .parse()
                .map_err(|_| wrong(format!("{text} is not a date")))?;
            return if has_come(end) {
                Err(wrong(format!("{text} is in the past")))
            } else {
                Ok(Some(Self::Until(end)))
            };
        }
        let mut parameters = args.parameters.iter().rev();
        let parameter = parameters.find(|(name, _)| name == GRANT_ENDS);
        // The template has a rule for a text that is not a moment.
        if let Some(end) = parameter.and_then(|(_, text)| text.parse().ok()) {
            return Ok(Some(Self::Parameter(end)));
        }
        match customer.grant_ends {
            Some(end) if parameter.is_none() && has_come(end) => Err(Error::Usage {
                message: format!(
                    "the grant of {} ended on {end}, by the settings",
                    customer.name
                ),
                hint: Some("pass the new end with `--until DATE`".to_owned()),
            }),
            end => Ok(end.map(Self::Settings)),
        }
    }

    /// The line that the settings lack to say the same.
    fn line(self, customer: &Customer) -> Option<String> {
        let (Self::Until(end) | Self::Parameter(end)) = self else {
            return None;
        };
        let set = customer.grant_ends.map(GrantEnd::rfc3339);
        (set != Some(end.rfc3339())).then(|| format!("grant_ends = {end}"))
    }
}

/// Refuses an option and a `--parameter` for the same parameter, since one would win silently.
fn refuse_two(args: &KitCustomer) -> Result<(), Error> {
    for (option, is_set, parameter) in [
        ("--until", args.until.is_some(), GRANT_ENDS),
        ("--os-user", args.os_user.is_some(), "OsUser"),
    ] {
        if is_set && args.parameters.iter().any(|(name, _)| name == parameter) {
            return Err(Error::Usage {
                message: format!("{option} and --parameter {parameter} set the same parameter"),
                hint: Some(format!("pass only {option}")),
            });
        }
    }
    Ok(())
}

async fn vendor(stages: &Stages<'_>, args: &KitVendor) -> Result<Kit, Error> {
    let all = &stages.settings.customers;
    let one = match &stages.global.customer {
        Some(name) => stages.settings.customer(Some(name))?,
        None => all
            .first()
            .ok_or_else(|| crate::settings::Error::NoCustomer(stages.settings.location.clone()))?,
    };
    let role_arn = &one.vendor.role_arn;
    let (same, others): (Vec<&Customer>, Vec<&Customer>) = all
        .iter()
        .partition(|customer| customer.vendor.role_arn == *role_arn);
    if let Some(other) = others.first()
        && stages.global.customer.is_none()
    {
        return Err(Error::Usage {
            message: format!("{} and {} use different vendor roles", one.name, other.name),
            hint: Some(format!(
                "choose one by a customer that uses it, such as `vendor-ssm kit vendor -c {}`",
                one.name
            )),
        });
    }
    let vendor = Vendor {
        role_arn,
        duration_seconds: one.vendor.duration_seconds,
        uses_mfa: one.vendor.mfa_serial.is_some(),
        customers: &same,
        unbound: unbound(stages, &same, &args.parameters).await,
    };
    Ok(kit::vendor(&vendor, &args.parameters)?)
}
