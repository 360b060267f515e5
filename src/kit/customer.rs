//! The customer's template and the steps that go with it.

use std::fmt::Write as _;

use super::template::{Value, fill, overrides, settled, word};
use super::{Error, Kit};
use crate::names::{Malformed, Region, RoleArn};
use crate::settings::Customer;

const TEMPLATE: &str = include_str!("customer.yaml");
/// The tag's key in the template's own text.
const TAG_KEY: &str = "ExternalAccessGrantedTo";

/// What the settings do not say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// The OS user that sessions run as; absent: the template's own.
    pub os_user: Option<String>,
    /// When the grant ends, `YYYY-MM-DDThh:mm:ssZ`; absent: never.
    pub until: Option<String>,
    /// Any other parameter of the template; they outrank all else.
    pub parameters: Vec<(String, String)>,
}

/// The kit for one customer.
pub fn customer(customer: &Customer, choices: &Choices) -> Result<Kit, Error> {
    let key = &customer.tag_key;
    if !key
        .bytes()
        .all(|byte| byte.is_ascii_alphanumeric() || b"_.:/=+@-".contains(&byte))
    {
        return Err(Error::Unfit {
            what: "tag_key".to_owned(),
            why: Malformed(
                "a condition key takes the characters a-z A-Z 0-9 _ . : / = + @ -".to_owned(),
            ),
        });
    }
    let documents = &customer.documents;
    let shell = documents
        .shell
        .as_ref()
        .map_or_else(|| document(&customer.tag_value), ToString::to_string);
    if ["SSM-", "AWS-", "amzn", "aws"]
        .iter()
        .any(|theirs| shell.starts_with(theirs))
    {
        return Err(Error::Unfit {
            what: "documents.shell".to_owned(),
            why: Malformed(format!(
                "{shell} is the account's or AWS's own; the kit makes a document of its own name, such as {}",
                document(&customer.tag_value)
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
    let steps = steps(&Said {
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

/// What goes into commands that the customer's root runs, and what cannot hold in every region.
fn check(values: &[Value<'_>], regions: &[&str]) -> Result<(), Error> {
    for (name, value) in values {
        let why = match *name {
            "OsUser" if !is_os_user(value) => {
                format!(
                    "{value:?} is no name of an unprivileged user: a-z 0-9 _ -, at most 32, and not root"
                )
            }
            "VpcId" | "SubnetIds" | "VpcCidr" if regions.len() > 1 => format!(
                "a VPC is in one of {}: give it with --parameter-overrides to the deploy command there",
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

/// The name of the session document for instances with this tag value, where the settings name none.
pub(super) fn document(tag_value: &str) -> String {
    format!("vendor-ssm-{}", slug(tag_value))
}

/// Text as names of documents, roles and stacks take it.
pub fn slug(text: &str) -> String {
    let fitting = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    text.chars().map(fitting).take(40).collect()
}

fn instance_role(role: &RoleArn) -> String {
    let name: String = role.name().chars().take(55).collect();
    format!("{name}-instance")
}

struct Said<'a> {
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

/// What the customer does, in order.
fn steps(said: &Said<'_>) -> String {
    let Customer {
        name,
        tag_key,
        role_arn,
        ..
    } = said.customer;
    let tag_value = said.tag_value;
    let file = format!("vendor-ssm-{name}.yaml");
    let stack = document(tag_value);
    let overrides = said.overrides;
    let tag = word(&format!("Key=tag:{tag_key},Values={tag_value}"));
    let user = said.os_user;
    let mut text = String::new();
    let mut line = |line: &str| {
        // Writing to a string does not fail.
        let _ = writeln!(text, "{line}");
    };
    line(&format!(
        "For {name}, account {}. The template holds their ExternalId: hand it over as you would a contract.",
        role_arn.account()
    ));
    line("");
    line("1. Deploy it, the home region first; our vendor role has to be there by then:");
    let others = said.regions.iter().filter(|region| **region != said.home);
    for region in std::iter::once(&said.home).chain(others) {
        line(&format!(
            "   aws cloudformation deploy --region {region} --stack-name {stack} --template-file {file} --capabilities CAPABILITY_NAMED_IAM {overrides}"
        ));
    }
    line(&format!(
        "   It creates the role {} for us{}; the role and instance profile {} for the instances; and in each region the session document {}{} and a log.",
        role_arn.name(),
        said.until
            .map(|end| format!(", which refuses from {end} on"))
            .unwrap_or_default(),
        said.instance_role,
        said.shell,
        if said.command {
            format!(", {}-command", said.shell)
        } else {
            String::new()
        },
    ));
    line(
        "   A log group of that name from an earlier grant stays, and has to be imported or named otherwise (LogGroup). A stack that was rolled back is deleted before the next try.",
    );
    line("");
    line(&format!(
        "2. Give the instances that are meant the instance profile {} (or its policy to the role they have), then the tag; whoever may set the tag grants access:",
        said.instance_role
    ));
    line(&format!(
        "   aws ec2 create-tags --region {} --resources i-… --tags {}",
        said.home,
        word(&format!("Key={tag_key},Value={tag_value}"))
    ));
    line("");
    line(&format!(
        "3. Make the OS user {user} on them, and again when there are new ones; where it is, nothing happens:"
    ));
    let make = format!(
        "id -u {user} >/dev/null 2>&1 || {{ useradd --create-home --user-group --shell /bin/bash {user} && passwd --lock {user}; }}"
    );
    let parameters = word(&serde_json::json!({ "commands": [make] }).to_string());
    for region in said.regions {
        line(&format!(
            "   aws ssm send-command --region {region} --document-name AWS-RunShellScript --targets {tag} --parameters {parameters}"
        ));
    }
    line("");
    line(&format!("Then, on our side: vendor-ssm connect -c {name}"));
    text
}

#[cfg(test)]
mod tests {
    use super::super::template::parameters;
    use super::{TEMPLATE, is_os_user};

    #[test]
    fn an_os_user_is_no_root_and_no_command() {
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
