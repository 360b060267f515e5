//! `customer add`: writes a customer with a new ExternalId to the settings file.

use std::io::Read as _;
use std::path::PathBuf;

use ring::rand::{SecureRandom as _, SystemRandom};

use crate::args::{AddCustomer, Global, Grant};
use crate::callbacks::Callbacks as _;
use crate::error::Error;
use crate::exit::Exit;
use crate::kit;
use crate::names::{DocumentName, ExternalId, Malformed, RoleArn, document};
use crate::os::Os;
use crate::settings::{self, Documents, Edit, NewCustomer};
use crate::ui::Ui;

/// The longest input for an ExternalId, in bytes: AWS allows 1,224, and a line feed follows.
const LONGEST_INPUT: u64 = 4096;

/// The path of the roles that the kit creates.
const KIT_PATH: &str = "/vendor-ssm/";
/// What to pass if there is no vendor role.
const VENDOR_ROLE: &str = "pass `--vendor-role-arn arn:aws:iam::ACCOUNT:role/vendor-ssm`; the template of `vendor-ssm kit vendor` creates that role";

/// Runs `customer add`, with or without a settings file.
pub(in crate::commands) async fn add(
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
    let Added { file, doubt } = Edit::change(global, os, ui, |edit| {
        add_to(edit, args, global, os, &external_id)
    })
    .await?;
    if let Some(doubt) = doubt {
        ui.warn(&format!(
            "`kit customer` will refuse this customer: {doubt}"
        ));
    }
    ui.say(&format!(
        "added {} to {}, with {} ExternalId {external_id}",
        args.name,
        file.display(),
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

/// What came of adding a customer.
struct Added {
    /// The file that holds it.
    file: PathBuf,
    /// Why the kit cannot make a template for it. The customer has a role of its own.
    doubt: Option<kit::Error>,
}

/// Adds the customer to the settings, as they are now.
fn add_to(
    edit: &mut Edit<'_>,
    args: &AddCustomer,
    global: &Global,
    os: &Os,
    external_id: &ExternalId,
) -> Result<Added, Error> {
    if let Some(end) = args.grant_ends.filter(|end| end.has_come(os.now())) {
        return Err(usage(
            format!("--grant-ends {end} is in the past"),
            "write the last day of the grant, or omit --grant-ends",
        ));
    }
    // The other customers in the file give the tag its value.
    let known = match settings::resolve(global, os) {
        Ok(known) => Some(known),
        Err(settings::Error::Missing { .. } | settings::Error::EmptyFolder(_)) => None,
        Err(error) => return Err(error.into()),
    };
    if known.is_none() && args.vendor_role_arn.is_none() {
        return Err(usage(
            "no settings file yet, and the vendor role is missing".to_owned(),
            VENDOR_ROLE,
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
    let file = edit.add(&NewCustomer {
        name: args.name.clone(),
        documents: documents(&args.grants, &role_arn, &tag_value)?,
        role_arn,
        external_id: external_id.clone(),
        tag_key: args.tag_key.clone(),
        tag_value,
        regions: global.regions.clone(),
        confirm: args.confirm_sessions,
        require_reason: args.require_reason,
        grant_ends: args.grant_ends,
        duration_seconds: None,
        vendor: None,
    })?;
    // The settings were usable before, so what is wrong with them now comes from the flags.
    let decided = edit.decided().map_err(|error| of_flags(error, args))?;
    let customer = decided.customer(Some(&args.name))?;
    match kit::customer(customer, &kit::Choices::default()) {
        Ok(_) => Ok(Added { file, doubt: None }),
        Err(doubt) if customer.role_arn.path() != KIT_PATH => Ok(Added {
            file,
            doubt: Some(doubt),
        }),
        Err(error) => Err(refused_by_kit(&error, args)),
    }
}

/// The settings' error about the new customer, as one about the flag that gave the value.
fn of_flags(error: settings::Error, args: &AddCustomer) -> Error {
    let own = format!("customers.{}.", args.name);
    match &error {
        settings::Error::Malformed { key, why, .. } => match key.strip_prefix(&own) {
            Some(key) => usage_of(format!("{}: {why}", flag(key, args)), None),
            None => error.into(),
        },
        settings::Error::MissingKey { key, .. }
            if key.ends_with("vendor.role_arn") && args.vendor_role_arn.is_none() =>
        {
            usage("the vendor role is missing".to_owned(), VENDOR_ROLE)
        }
        _ => error.into(),
    }
}

/// The kit's refusal, as an error about the flag that gave the value.
fn refused_by_kit(error: &kit::Error, args: &AddCustomer) -> Error {
    let key = match error {
        kit::Error::Refused {
            from: kit::Source::Setting(key),
            ..
        } => *key,
        kit::Error::Unfit { what, .. } => what.as_str(),
        _ => return usage_of(error.to_string(), error.hint()),
    };
    let flag = flag(key, args);
    let hint = format!("pass a value that fits the customer's template: `{flag} VALUE`");
    usage_of(format!("{flag}: {error}"), Some(hint))
}

/// The flag that gives the value of a customer's key.
fn flag(key: &str, args: &AddCustomer) -> &'static str {
    match key {
        "tag_key" => "--tag-key",
        "regions" => "--region",
        "external_id" => "--external-id-stdin",
        "grant_ends" => "--grant-ends",
        "vendor.role_arn" => "--vendor-role-arn",
        "role_arn" if args.role_arn.is_some() => "--role-arn",
        "role_arn" => "--account",
        // The names of the kit's documents hold the tag's value.
        _ => "--tag-value",
    }
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
    let is_kit = role.path() == KIT_PATH;
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
    usage_of(message, Some(hint.to_owned()))
}

fn usage_of(message: String, hint: Option<String>) -> Error {
    Error::Usage { message, hint }
}

fn malformed(why: &Malformed) -> Error {
    Error::Usage {
        message: why.to_string(),
        hint: None,
    }
}
