//! The customer's template, and the steps for the customer's administrator.

use std::fmt::Write as _;

use super::template::{Value, fill, overrides, settled, word};
use super::{Error, Kit};
use crate::names::{Malformed, Region, RoleArn, document};
use crate::settings::Customer;

const TEMPLATE: &str = include_str!("customer.yaml");
/// The tag's key as the template writes it.
const TAG_KEY: &str = "ExternalAccessGrantedTo";

/// What the command line adds to the settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Choices {
    /// The OS user that sessions run as; by default the template's.
    pub os_user: Option<String>,
    /// When the grant ends, `YYYY-MM-DDThh:mm:ssZ`; by default never.
    pub until: Option<String>,
    /// Other parameters of the template, which override everything else.
    pub parameters: Vec<(String, String)>,
}

/// The kit for one customer. A setting that the template cannot hold is an error.
pub(crate) fn customer(customer: &Customer, choices: &Choices) -> Result<Kit, Error> {
    let key = &customer.tag_key;
    if !key
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"_.:/=+@-".contains(&byte))
    {
        return Err(Error::Unfit {
            what: "tag_key".to_owned(),
            why: Malformed(
                "a condition key can only contain the characters a-z A-Z 0-9 _ . : / = + @ -"
                    .to_owned(),
            ),
        });
    }
    let documents = &customer.documents;
    let shell = documents
        .shell
        .as_ref()
        .map_or_else(|| shell_document(&customer.tag_value), ToString::to_string);
    if ["SSM-", "AWS-", "amzn", "aws"]
        .iter()
        .any(|theirs| shell.starts_with(theirs))
    {
        return Err(Error::Unfit {
            what: "documents.shell".to_owned(),
            why: Malformed(format!(
                "{shell} belongs to AWS or to the account; the kit creates a new document, so choose another name, such as {}",
                shell_document(&customer.tag_value)
            )),
        });
    }
    let role = &customer.role_arn;
    let regions: Vec<&str> = customer.regions.iter().map(Region::as_str).collect();
    let home = regions.first().copied().unwrap_or_default();
    let yes = |chosen: bool| if chosen { "yes" } else { "no" }.to_owned();
    let mut values = vec![
        ("VendorRoleArn", customer.vendor.role_arn.to_string()),
        ("ExternalId", customer.external_id.reveal().to_owned()),
        ("TagValue", customer.tag_value.clone()),
        ("HomeRegion", home.to_owned()),
        ("Regions", regions.join(",")),
        ("RoleName", role.name().to_owned()),
        ("RolePath", role.path().to_owned()),
        ("InstanceRoleName", instance_role(role)),
        ("SessionDocument", shell.clone()),
        (
            "LogGroup",
            format!("/vendor-ssm/{}", slug(&customer.tag_value)),
        ),
        ("CommandDocument", yes(documents.command.is_some())),
        (
            "PortDocuments",
            yes(documents.port.is_some() || documents.remote_port.is_some()),
        ),
        ("SshDocument", yes(documents.ssh.is_some())),
    ];
    values.extend(choices.os_user.clone().map(|user| ("OsUser", user)));
    values.extend(choices.until.clone().map(|end| ("GrantEnds", end)));
    values.extend(
        choices
            .parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone())),
    );
    let values = settled(values);
    check(&values, &regions)?;
    let template = fill(TEMPLATE, &values)?.replace(TAG_KEY, key);
    let chosen = |name: &str| {
        let value = values.iter().find(|(other, _)| *other == name);
        value.map(|(_, value)| value.as_str())
    };
    let steps = steps(&StepFacts {
        customer,
        regions: &regions,
        overrides: &overrides(&values),
        tag_value: chosen("TagValue").unwrap_or_default(),
        home: chosen("HomeRegion").unwrap_or(home),
        shell: chosen("SessionDocument").unwrap_or(&shell),
        instance_role: chosen("InstanceRoleName").unwrap_or_default(),
        os_user: chosen("OsUser").unwrap_or("vendor-ssm"),
        command: chosen("CommandDocument") == Some("yes"),
        until: chosen("GrantEnds").filter(|end| !end.is_empty()),
    });
    Ok(Kit { template, steps })
}

/// Checks values that CloudFormation cannot check.
/// Some go into commands that root runs on the instances; some are right in one region only.
fn check(values: &[Value<'_>], regions: &[&str]) -> Result<(), Error> {
    for (name, value) in values {
        let why = match *name {
            "OsUser" if !is_os_user(value) => {
                format!(
                    "{value:?} is not the name of an unprivileged user: expected 1 to 32 of a-z 0-9 _ -, and not root"
                )
            }
            "VpcId" | "SubnetIds" | "VpcCidr" if regions.len() > 1 => format!(
                "a VPC is in only one of {}; pass it with --parameter-overrides when you deploy there",
                regions.join(", ")
            ),
            _ => continue,
        };
        return Err(Error::Unfit {
            what: (*name).to_owned(),
            why: Malformed(why),
        });
    }
    Ok(())
}

fn is_os_user(name: &str) -> bool {
    let begins = name.starts_with(|first: char| first.is_ascii_lowercase() || first == '_');
    let fits =
        |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"_-".contains(&byte);
    begins && name.len() <= 32 && name.bytes().all(fits) && name != "root"
}

/// The name of the session document for instances with this tag value, if the settings name none.
fn shell_document(tag_value: &str) -> String {
    format!("vendor-ssm-{}", slug(tag_value))
}

/// The text with a hyphen for each character that is not a letter or a digit.
/// Names of documents, roles and stacks allow the result.
pub(crate) fn slug(text: &str) -> String {
    let fitting = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    text.chars().map(fitting).take(40).collect()
}

fn instance_role(role: &RoleArn) -> String {
    let name: String = role.name().chars().take(55).collect();
    format!("{name}-instance")
}

/// The values that the steps name.
struct StepFacts<'a> {
    customer: &'a Customer,
    overrides: &'a str,
    tag_value: &'a str,
    regions: &'a [&'a str],
    home: &'a str,
    shell: &'a str,
    instance_role: &'a str,
    os_user: &'a str,
    command: bool,
    until: Option<&'a str>,
}

/// What the customer's administrator does, in order.
fn steps(facts: &StepFacts<'_>) -> String {
    let Customer {
        name,
        tag_key,
        role_arn,
        ..
    } = facts.customer;
    let tag_value = facts.tag_value;
    let file = format!("vendor-ssm-{name}.yaml");
    let stack = shell_document(tag_value);
    let overrides = facts.overrides;
    let tag = word(&format!("Key=tag:{tag_key},Values={tag_value}"));
    let user = facts.os_user;
    let mut text = String::new();
    let mut line = |line: &str| {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{line}");
    };
    line(&format!(
        "For {name}, account {}. The template contains the customer's ExternalId: send it as you would send a contract.",
        role_arn.account()
    ));
    line("");
    line("1. Deploy the template, in the home region first. The vendor role must exist by then:");
    let others = facts.regions.iter().filter(|region| **region != facts.home);
    for region in std::iter::once(&facts.home).chain(others) {
        line(&format!(
            "   aws cloudformation deploy --region {region} --stack-name {stack} --template-file {file} --capabilities CAPABILITY_NAMED_IAM {overrides}"
        ));
    }
    line(&format!(
        "   It creates the role {} for the vendor{}, and the role and instance profile {} for the instances. In each region it creates the session document {}{} and a log.",
        role_arn.name(),
        facts
            .until
            .map(|end| format!(" (AWS refuses it from {end} on)"))
            .unwrap_or_default(),
        facts.instance_role,
        facts.shell,
        if facts.command {
            format!(", the document {}-command", facts.shell)
        } else {
            String::new()
        },
    ));
    line(
        "   If an earlier grant left a log group of that name, import it, or choose another name with LogGroup. If a stack was rolled back, delete it before you deploy again.",
    );
    line("");
    line(&format!(
        "2. Give the instances the instance profile {}, or attach its policy to the role they have. Then tag them. Anyone who may set the tag grants access:",
        facts.instance_role
    ));
    line(&format!(
        "   aws ec2 create-tags --region {} --resources i-… --tags {}",
        facts.home,
        word(&format!("Key={tag_key},Value={tag_value}"))
    ));
    line("");
    line(&format!(
        "3. Create the OS user {user} on them, and again on new instances. If the user exists, nothing changes:"
    ));
    let make = format!(
        "id -u {user} >/dev/null 2>&1 || {{ useradd --create-home --user-group --shell /bin/bash {user} && passwd --lock {user}; }}"
    );
    let parameters = word(&serde_json::json!({ "commands": [make] }).to_string());
    for region in facts.regions {
        line(&format!(
            "   aws ssm send-command --region {region} --document-name {} --targets {tag} --parameters {parameters}",
            document::RUN_SHELL_SCRIPT
        ));
    }
    line("");
    line(&format!(
        "After that, a vendor engineer can connect: vendor-ssm connect -c {name}"
    ));
    text
}

#[cfg(test)]
mod tests {
    use super::super::template::parameters;
    use super::{TEMPLATE, is_os_user};

    #[test]
    fn an_os_user_is_neither_root_nor_a_command() {
        assert!(is_os_user("vendor-ssm") && is_os_user("_x1"));
        for wrong in ["", "root", "x; reboot", "Alice", "1a", "-x", "a$(b)"] {
            assert!(!is_os_user(wrong), "{wrong}");
        }
    }

    #[test]
    fn the_template_has_the_parameters_that_are_filled_in() {
        let names = parameters(TEMPLATE);
        for name in ["VendorRoleArn", "ExternalId", "SubnetIds"] {
            assert!(names.iter().any(|one| one == name), "{name}");
        }
    }
}
