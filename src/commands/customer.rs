//! `customer`: changes and shows the customers in the settings file.

use std::io::Read as _;

use ring::rand::{SecureRandom as _, SystemRandom};
use serde::Serialize;

use crate::args::{AddCustomer, Format, Global, Grant, Output, RemoveCustomer, ShowCustomer};
use crate::callbacks::Callbacks as _;
use crate::error::Error;
use crate::exit::Exit;
use crate::kit;
use crate::names::{DocumentName, EndpointUrl, ExternalId, Malformed, Region, RoleArn, document};
use crate::os::Os;
use crate::settings::{self, Customer, Documents, Edit, NewCustomer};
use crate::ui::{Ui, table};

use super::stages::Stages;

/// The longest input for an ExternalId, in bytes: AWS allows 1,224, and a line feed follows.
const LONGEST_INPUT: u64 = 4096;

/// Runs `customer add`, with or without a settings file.
pub(super) async fn add(
    args: &AddCustomer,
    global: &Global,
    os: &Os,
    ui: &Ui,
) -> Result<Exit, Error> {
    if global.regions.is_empty() {
        return Err(usage(
            format!("the regions of {} are missing", args.name),
            "name each region: `--region us-east-1`",
        ));
    }
    let mut external_id = new_external_id()?;
    if args.external_id_stdin {
        // Other errors come before vendor-ssm asks a person for it.
        add_to(&mut Edit::open(global, os)?, args, global, os, &external_id)?;
        external_id = read_external_id()?;
    }
    let path = Edit::change(global, os, ui, |edit| {
        add_to(edit, args, global, os, &external_id)?;
        Ok::<_, Error>(edit.path().display().to_string())
    })
    .await?;
    ui.say(&format!(
        "added {} to {path}, with {} ExternalId {external_id}",
        args.name,
        if args.external_id_stdin {
            "the customer's"
        } else {
            "a new"
        },
    ));
    ui.say(&format!(
        "next, for your account: `vendor-ssm kit vendor > vendor-ssm-vendor.yaml`; then, for the customer's: `vendor-ssm kit customer -c {0} > vendor-ssm-{0}.yaml`",
        args.name
    ));
    Ok(Exit::Ok)
}

/// Adds the customer to the settings file, as the file is now.
fn add_to(
    edit: &mut Edit<'_>,
    args: &AddCustomer,
    global: &Global,
    os: &Os,
    external_id: &ExternalId,
) -> Result<(), Error> {
    // The other customers in the file give the tag its value.
    let known = match settings::resolve(global, os) {
        Ok(known) => Some(known),
        Err(settings::Error::Missing { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    if known.is_none() && args.vendor_role_arn.is_none() {
        return Err(usage(
            "no settings file yet, and the vendor role is missing".to_owned(),
            "pass `--vendor-role-arn arn:aws:iam::ACCOUNT:role/vendor-ssm`; the template of `vendor-ssm kit vendor` creates that role",
        ));
    }
    let others = known.as_ref().map_or(&[][..], |known| &known.customers);
    let tag_value = match (&args.tag_value, others) {
        (Some(value), _) => value.clone(),
        (None, [first, rest @ ..]) if rest.iter().all(|one| one.tag_value == first.tag_value) => {
            first.tag_value.clone()
        }
        (None, _) => {
            return Err(usage(
                format!("the tag value of {} is missing", args.name),
                "pass `--tag-value MyCompany`; the customer sets the tag ExternalAccessGrantedTo to it",
            ));
        }
    };
    if let Some(role_arn) = &args.vendor_role_arn {
        edit.set_vendor_role(role_arn)?;
    }
    let partition = match (&args.vendor_role_arn, others) {
        (Some(vendor), _) => vendor.partition().name(),
        (None, [first, ..]) => first.vendor.role_arn.partition().name(),
        (None, []) => global.regions[0].partition().name(),
    };
    let role_arn = match (&args.role_arn, &args.account) {
        (Some(role_arn), _) => role_arn.clone(),
        (None, account) => {
            let account = account
                .as_ref()
                .map(ToString::to_string)
                .unwrap_or_default();
            let text = format!(
                "arn:{partition}:iam::{account}:role/vendor-ssm/vendor-ssm-{}",
                kit::slug(&tag_value)
            );
            text.parse().map_err(|why| malformed(&why))?
        }
    };
    edit.add(&NewCustomer {
        name: args.name.clone(),
        documents: documents(&args.grants, &role_arn, &tag_value)?,
        role_arn,
        external_id: external_id.clone(),
        tag_key: args.tag_key.clone(),
        tag_value,
        regions: global.regions.clone(),
        confirm: args.confirm_sessions,
        require_reason: args.require_reason,
    })?;
    Ok(())
}

/// The documents that the kit's template makes and grants. One that is absent is not granted.
fn documents(grants: &[Grant], role: &RoleArn, tag_value: &str) -> Result<Documents, Error> {
    let name = |text: String| {
        text.parse::<DocumentName>()
            .map(Some)
            .map_err(|why| malformed(&why))
    };
    let aws = |grant, text: &str| {
        if grants.contains(&grant) {
            name(text.to_owned())
        } else {
            Ok(None)
        }
    };
    // A role that the customer made itself grants documents of the customer's choice.
    let is_kit = role.path() == "/vendor-ssm/";
    let shell = format!("vendor-ssm-{}", kit::slug(tag_value));
    Ok(Documents {
        command: match (grants.contains(&Grant::Command), is_kit) {
            (true, true) => name(format!("{shell}-command"))?,
            (true, false) => name(document::COMMAND.to_owned())?,
            (false, _) => None,
        },
        shell: if is_kit { name(shell)? } else { None },
        port: aws(Grant::Port, document::PORT)?,
        remote_port: aws(Grant::RemotePort, document::REMOTE_PORT)?,
        ssh: aws(Grant::Ssh, document::SSH)?,
    })
}

/// The customer's ExternalId from stdin.
fn read_external_id() -> Result<ExternalId, Error> {
    let mut text = String::new();
    std::io::stdin()
        .lock()
        .take(LONGEST_INPUT)
        .read_to_string(&mut text)
        .map_err(Error::Input)?;
    text.trim().parse().map_err(|why| malformed(&why))
}

/// A new ExternalId of 160 random bits.
fn new_external_id() -> Result<ExternalId, Error> {
    let mut random = [0; 20];
    SystemRandom::new()
        .fill(&mut random)
        .map_err(|_| Error::Start(std::io::Error::other("the system has no random bytes")))?;
    Ok(ExternalId::of(&random))
}

fn usage(message: String, hint: &str) -> Error {
    Error::Usage {
        message,
        hint: Some(hint.to_owned()),
    }
}

fn malformed(why: &Malformed) -> Error {
    Error::Usage {
        message: why.to_string(),
        hint: None,
    }
}

/// Runs `customer remove`.
pub(super) async fn remove(
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
    let path = Edit::change(global, os, ui, |edit| {
        edit.remove(name)?;
        Ok::<_, Error>(edit.path().display().to_string())
    })
    .await?;
    ui.say(&format!(
        "removed {name} from {path}; the customer's grant stays until the customer removes it"
    ));
    Ok(Exit::Ok)
}

#[derive(Debug, Serialize)]
struct CustomerList<'a> {
    version: u8,
    customers: Vec<CustomerFacts<'a>>,
}

#[derive(Debug, Serialize)]
struct CustomerFacts<'a> {
    customer: &'a str,
    account_id: &'a str,
    role_arn: &'a str,
    /// At most its last three characters.
    external_id: String,
    tag_key: &'a str,
    tag_value: &'a str,
    regions: Vec<&'a str>,
    vendor_role_arn: &'a str,
    confirm: bool,
    require_reason: bool,
    endpoints: EndpointUrls,
    documents: DocumentNames<'a>,
}

/// Those of the settings file.
#[derive(Debug, Serialize)]
struct EndpointUrls {
    sts: Option<String>,
    ec2: Option<String>,
    ssm: Option<String>,
    ssmmessages: Option<String>,
    kms: Option<String>,
}

#[derive(Debug, Serialize)]
struct DocumentNames<'a> {
    shell: Option<&'a str>,
    command: Option<&'a str>,
    port: Option<&'a str>,
    remote_port: Option<&'a str>,
    ssh: Option<&'a str>,
}

impl<'a> From<&'a Customer> for CustomerFacts<'a> {
    fn from(customer: &'a Customer) -> Self {
        let documents = &customer.documents;
        let name = |name: &'a Option<DocumentName>| name.as_ref().map(DocumentName::as_str);
        let endpoints = &customer.endpoints;
        let url = |url: &Option<EndpointUrl>| url.as_ref().map(ToString::to_string);
        Self {
            customer: &customer.name,
            account_id: customer.role_arn.account().as_str(),
            role_arn: customer.role_arn.as_str(),
            external_id: customer.external_id.to_string(),
            tag_key: &customer.tag_key,
            tag_value: &customer.tag_value,
            regions: customer.regions.iter().map(Region::as_str).collect(),
            vendor_role_arn: customer.vendor.role_arn.as_str(),
            confirm: customer.confirm,
            require_reason: customer.require_reason,
            endpoints: EndpointUrls {
                sts: url(&endpoints.sts),
                ec2: url(&endpoints.ec2),
                ssm: url(&endpoints.ssm),
                ssmmessages: url(&endpoints.ssmmessages),
                kms: url(&endpoints.kms),
            },
            documents: DocumentNames {
                shell: name(&documents.shell),
                command: name(&documents.command),
                port: name(&documents.port),
                remote_port: name(&documents.remote_port),
                ssh: name(&documents.ssh),
            },
        }
    }
}

/// Runs `customer list`.
pub(super) fn list(stages: &Stages<'_>, output: Output) -> Result<Exit, Error> {
    let customers: Vec<CustomerFacts<'_>> = stages
        .settings
        .customers
        .iter()
        .map(CustomerFacts::from)
        .collect();
    if output.output == Format::Json {
        stages.ui.json(&CustomerList {
            version: 1,
            customers,
        })?;
        return Ok(Exit::Ok);
    }
    let regions: Vec<String> = customers.iter().map(|row| row.regions.join(" ")).collect();
    let rows = customers.iter().zip(&regions).map(|(row, regions)| {
        [
            Some(row.customer),
            Some(row.account_id),
            Some(row.tag_value),
            Some(regions.as_str()),
        ]
    });
    let text = table::columns(["CUSTOMER", "ACCOUNT", "TAG VALUE", "REGIONS"], rows);
    stages.ui.data(&text)?;
    Ok(Exit::Ok)
}

/// Runs `customer show`.
pub(super) fn show(stages: &Stages<'_>, args: &ShowCustomer) -> Result<Exit, Error> {
    let named = args.name.as_deref().or(stages.global.customer.as_deref());
    let row = CustomerFacts::from(stages.settings.customer(named)?);
    if args.output.output == Format::Json {
        stages.ui.json(&CustomerList {
            version: 1,
            customers: vec![row],
        })?;
        return Ok(Exit::Ok);
    }
    let regions = row.regions.join(" ");
    let yes = |is: bool| if is { "yes" } else { "no" };
    let facts = [
        ("customer", Some(row.customer)),
        ("account", Some(row.account_id)),
        ("role", Some(row.role_arn)),
        ("external id", Some(row.external_id.as_str())),
        ("vendor role", Some(row.vendor_role_arn)),
        ("tag", Some(row.tag_key)),
        ("tag value", Some(row.tag_value)),
        ("regions", Some(regions.as_str())),
        ("confirm", Some(yes(row.confirm))),
        ("reason required", Some(yes(row.require_reason))),
        ("sts endpoint", row.endpoints.sts.as_deref()),
        ("ec2 endpoint", row.endpoints.ec2.as_deref()),
        ("ssm endpoint", row.endpoints.ssm.as_deref()),
        ("ssmmessages endpoint", row.endpoints.ssmmessages.as_deref()),
        ("kms endpoint", row.endpoints.kms.as_deref()),
        ("shell", row.documents.shell),
        ("command", row.documents.command),
        ("port", row.documents.port),
        ("remote port", row.documents.remote_port),
        ("ssh", row.documents.ssh),
    ];
    stages.ui.data(&table::facts(&facts))?;
    Ok(Exit::Ok)
}
