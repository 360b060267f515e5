//! The customer's template, and the steps for the customer's administrator.

use std::fmt::Write as _;

use super::binding::{Unbound, after_deploying};
use super::template::{fill, overrides, settled, word};
use super::value::{Source, Value, given};
use super::{Error, Kit, foreign_boundary};
use crate::names::{Malformed, Region, RoleArn, document};
use crate::settings::Customer;

pub(super) const TEMPLATE: &str = include_str!("customer.yaml");
/// The tag's key as the template writes it.
const TAG_KEY: &str = "ExternalAccessGrantedTo";

/// What the command line adds to the settings.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Choices {
    /// The OS user that sessions run as; by default the template's.
    pub os_user: Option<String>,
    /// When the grant ends, `YYYY-MM-DDThh:mm:ssZ`, and whether `--until` says so.
    /// Otherwise the settings do. By default the grant does not end.
    pub until: Option<(String, bool)>,
    /// Why the stack must not bind names, if it must not.
    pub unbound: Option<Unbound>,
    /// Other parameters of the template, which override everything else.
    pub parameters: Vec<(String, String)>,
}

/// The kit for one customer. A setting that the template cannot hold is an error.
pub(crate) fn customer(customer: &Customer, choices: &Choices) -> Result<Kit, Error> {
    let key = &customer.tag_key;
    check_tag_key(key)?;
    let shell = customer.documents.shell.as_ref();
    let shell = shell.map_or_else(|| shell_document(&customer.tag_value), ToString::to_string);
    let role = &customer.role_arn;
    let regions: Vec<&str> = customer.regions.iter().map(Region::as_str).collect();
    let home = regions.first().copied().unwrap_or_default();
    let option = |name, option, text: &Option<String>| {
        let text = text.clone()?;
        Some(Value {
            name,
            text,
            from: Source::Option(option),
        })
    };
    let mut values = of_settings(customer, &shell, &regions);
    values.extend(option("OsUser", "--os-user", &choices.os_user));
    values.extend(choices.until.as_ref().map(|(text, is_option)| Value {
        name: "GrantEnds",
        text: text.clone(),
        from: match is_option {
            true => Source::Option("--until"),
            false => Source::Setting("grant_ends"),
        },
    }));
    values.extend(choices.unbound.as_ref().map(Unbound::value));
    values.extend(given(&choices.parameters));
    let overridden = overridden(&values);
    let values = settled(values);
    // The key goes in first, so that no value which holds the same word is changed.
    let template = fill(&TEMPLATE.replace(TAG_KEY, key), &values)?;
    let chosen_regions = values.iter().find(|value| value.name == "Regions");
    let chosen_regions = chosen_regions.map_or("", |value| value.text.as_str());
    let chosen_regions: Vec<&str> = chosen_regions.split(',').map(str::trim).collect();
    check(&values, customer, &chosen_regions)?;
    let chosen = |name: &str| {
        let value = values.iter().find(|value| value.name == name);
        value.map(|value| value.text.as_str())
    };
    let steps = steps(&StepFacts {
        customer,
        regions: &regions,
        overrides: &overrides(&values),
        tag_value: chosen("TagValue").unwrap_or_default(),
        home: chosen("HomeRegion").unwrap_or(home),
        role: chosen("RoleName").unwrap_or(role.name()),
        shell: chosen("SessionDocument").unwrap_or(&shell),
        instance_role: chosen("InstanceRoleName").unwrap_or_default(),
        os_user: chosen("OsUser").unwrap_or("vendor-ssm"),
        command: chosen("CommandDocument") == Some("yes"),
        until: chosen("GrantEnds").filter(|end| !end.is_empty()),
        bucket: chosen("LogBucket").filter(|bucket| !bucket.is_empty()),
        vpc: chosen("VpcId").filter(|vpc| !vpc.is_empty()),
        windows: chosen("AllowWindows") == Some("yes"),
        after: &after_deploying(
            &values,
            choices.unbound.as_ref(),
            &customer.name,
            &format!("the role {}", chosen("RoleName").unwrap_or(role.name())),
        ),
    });
    Ok(Kit {
        template,
        steps,
        overridden,
    })
}

/// The values that the settings give. `shell` is the session document.
fn of_settings<'a>(customer: &Customer, shell: &str, regions: &[&str]) -> Vec<Value<'a>> {
    let (role, documents) = (&customer.role_arn, &customer.documents);
    let home = regions.first().copied().unwrap_or_default();
    let yes = |chosen: bool| if chosen { "yes" } else { "no" }.to_owned();
    let from = |name, key, text: String| Value {
        name,
        text,
        from: Source::Setting(key),
    };
    vec![
        from(
            "VendorRoleArn",
            "vendor.role_arn",
            customer.vendor.role_arn.to_string(),
        ),
        from(
            "ExternalId",
            "external_id",
            customer.external_id.reveal().to_owned(),
        ),
        from("TagValue", "tag_value", customer.tag_value.clone()),
        from("HomeRegion", "regions", home.to_owned()),
        from("Regions", "regions", regions.join(",")),
        from("RoleName", "role_arn", role.name().to_owned()),
        from("RolePath", "role_arn", role.path().to_owned()),
        from("InstanceRoleName", "role_arn", instance_role(role)),
        from("SessionDocument", "documents.shell", shell.to_owned()),
        from(
            "LogGroup",
            "tag_value",
            format!("/vendor-ssm/{}", slug(&customer.tag_value)),
        ),
        from(
            "CommandDocument",
            "documents.command",
            yes(documents.command.is_some()),
        ),
        from(
            "PortDocument",
            "documents.port",
            yes(documents.port.is_some()),
        ),
        from(
            "RemotePortDocument",
            "documents.remote_port",
            yes(documents.remote_port.is_some()),
        ),
        from("SshDocument", "documents.ssh", yes(documents.ssh.is_some())),
    ]
}

/// The parameters that `--parameter` gives another value than the settings, with the settings' key.
/// vendor-ssm goes by the settings, so such a grant does not fit its requests. Omitted are names
/// that no request holds, and documents of AWS's own that are granted in addition.
fn overridden(values: &[Value<'_>]) -> Vec<(String, &'static str)> {
    let last = |name: &str| values.iter().rfind(|value| value.name == name);
    let differs = |value: &Value<'_>| match (value.name, last(value.name)) {
        ("HomeRegion" | "InstanceRoleName" | "LogGroup", _) | (_, None) => false,
        ("PortDocument" | "RemotePortDocument" | "SshDocument", Some(last)) => {
            value.text == "yes" && last.text == "no"
        }
        (_, Some(last)) => last.text != value.text,
    };
    let setting = |value: &Value<'_>| match value.from {
        Source::Setting(key) => differs(value).then(|| (value.name.to_owned(), key)),
        Source::Option(_) | Source::Parameter => None,
    };
    values.iter().filter_map(setting).collect()
}

/// Checks that the key can stand in a policy's condition, and that a tag may have it.
fn check_tag_key(key: &str) -> Result<(), Error> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"_.:/=+@-".contains(&byte);
    let why = if !key.bytes().all(is_plain) {
        "a condition key can only contain the characters a-z A-Z 0-9 _ . : / = + @ -"
    } else if key.to_ascii_lowercase().starts_with("aws:") {
        "AWS keeps tag keys that begin with aws: for itself, so the customer cannot set this tag"
    } else {
        return Ok(());
    };
    Err(Error::Unfit {
        what: "tag_key".to_owned(),
        why: Malformed(why.to_owned()),
    })
}

/// The beginnings of document names that AWS keeps for itself, and for the account's preferences.
/// (SSM API, "CreateDocument".)
const RESERVED: [&str; 8] = [
    "SSM-",
    "AWS-",
    "AWSEC2",
    "AWSConfigRemediation",
    "AWSSupport",
    "aws",
    "amazon",
    "amzn",
];

/// Checks what the template's rules for single values cannot say.
/// Some values are right in one account or region only. Some AWS refuses while it makes the stack.
fn check(values: &[Value<'_>], customer: &Customer, regions: &[&str]) -> Result<(), Error> {
    let role = &customer.role_arn;
    let value = |name: &str| {
        let value = values.iter().find(|value| value.name == name);
        value.map_or("", |value| value.text.as_str())
    };
    let set = |name: &str| !value(name).is_empty();
    for Value { name, text, from } in values {
        let why = match *name {
            "SessionDocument" if RESERVED.iter().any(|theirs| text.starts_with(theirs)) => format!(
                "{text} belongs to AWS or to the account; the kit creates a new document, so choose another name, such as {}",
                shell_document(&customer.tag_value)
            ),
            "VpcId" | "SubnetIds" | "VpcCidr" if regions.len() > 1 => format!(
                "a VPC is in only one of {}; pass it with --parameter-overrides when you deploy there",
                regions.join(", ")
            ),
            // The template's rule VpcWithSubnets.
            "VpcId" if !text.is_empty() && !set("SubnetIds") => {
                "it needs SubnetIds: pass `--parameter SubnetIds=SUBNET,SUBNET`".to_owned()
            }
            "SessionKeyArn" => match foreign_key(text, regions) {
                Some(why) => why,
                None => continue,
            },
            "LogBucketKeyArn" if !text.is_empty() && !set("LogBucket") => {
                "it needs LogBucket: pass `--parameter LogBucket=create`, or the name of a bucket"
                    .to_owned()
            }
            "LogBucketKeyArn" if value("LogBucket") == OWN_BUCKET => {
                let home = value("HomeRegion");
                match text.split(':').nth(3) {
                    Some(region) if region != home => format!(
                        "the key is in {region}, and the bucket will be in {home}; use a key of {home}"
                    ),
                    _ => continue,
                }
            }
            "PermissionsBoundary" => match foreign_boundary(text, role) {
                Some(why) => why,
                None => continue,
            },
            _ => continue,
        };
        return Err(Error::Unfit {
            what: match from {
                Source::Setting(key) => (*key).to_owned(),
                Source::Option(_) | Source::Parameter => (*name).to_owned(),
            },
            why: Malformed(why),
        });
    }
    Ok(())
}

/// Why this KMS key cannot encrypt the sessions of all these regions, if it cannot.
/// A multi-Region key has a replica in each region; its id begins with `mrk-` (KMS Developer
/// Guide, "Multi-Region keys").
fn foreign_key(key: &str, regions: &[&str]) -> Option<String> {
    let mut parts = key.split(':').skip(3);
    let (region, key) = (parts.next()?, parts.nth(1)?);
    let is_there = key.starts_with("key/mrk-") || regions.iter().all(|one| *one == region);
    (!is_there).then(|| {
        format!(
            "the key is in {region}, and cannot encrypt sessions in {}; use a multi-Region key, key/mrk-…, with a replica in each region",
            regions.join(", ")
        )
    })
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

/// The value of LogBucket with which the template creates the bucket.
const OWN_BUCKET: &str = "create";

/// The values that the steps name.
struct StepFacts<'a> {
    customer: &'a Customer,
    overrides: &'a str,
    tag_value: &'a str,
    regions: &'a [&'a str],
    home: &'a str,
    role: &'a str,
    shell: &'a str,
    instance_role: &'a str,
    os_user: &'a str,
    command: bool,
    until: Option<&'a str>,
    bucket: Option<&'a str>,
    vpc: Option<&'a str>,
    windows: bool,
    /// What follows the deployment.
    after: &'a [String],
}

/// What the stacks create, in one line.
fn created(facts: &StepFacts<'_>) -> String {
    format!(
        "   It creates the role {} for the vendor{}, and the role and instance profile {} for the instances. In each region it creates the session document {}{}{}.",
        facts.role,
        facts
            .until
            .map(|end| format!(" (AWS refuses it from {end} on)"))
            .unwrap_or_default(),
        facts.instance_role,
        facts.shell,
        match (facts.command, facts.bucket) {
            (true, None) => format!(", the document {}-command", facts.shell),
            (true, Some(_)) => format!(" and the document {}-command", facts.shell),
            (false, _) => String::new(),
        },
        match facts.bucket {
            Some(_) => "",
            None => " and a log group",
        },
    )
}

/// What the customer must know of Windows.
fn on_windows(is_allowed: bool) -> &'static str {
    if is_allowed {
        "   AllowWindows=yes: on instances that run Windows, the agent ignores the OS user below. The vendor is a local administrator there, as the user ssm-user."
    } else {
        "   Do not tag instances that run Windows. The agent ignores the OS user there, and makes the session's user a local administrator. The documents end sessions on Windows, but AWS has no condition on the platform: that is a barrier, not a wall. If the vendor is to have Windows, deploy with AllowWindows=yes."
    }
}

/// What the steps say about the bucket for the session log.
fn about_bucket(facts: &StepFacts<'_>) -> Option<String> {
    let Customer {
        vendor, role_arn, ..
    } = facts.customer;
    let bucket = facts.bucket?;
    if bucket != OWN_BUCKET {
        return Some(format!(
            "   Sessions write their logs to the bucket {bucket}, which must exist and encrypt by default."
        ));
    }
    let bucket = format!(
        "vendor-ssm-log-{}-{}-{}",
        vendor.role_arn.account(),
        role_arn.account(),
        facts.home
    );
    Some(format!(
        "   The home region's stack also creates the bucket {bucket}. The sessions of all regions write their logs to it. It keeps every version of a log for LogDays. It stays when the stack is deleted: to deploy again, pass LogBucket={bucket}."
    ))
}

/// The step that keeps the sessions' user from the metadata service, over IPv4 and IPv6.
/// (EC2 User Guide, "Limit access to the Instance Metadata Service".)
fn firewall(user: &str) -> Vec<String> {
    let said = "4. On each of them, also keep that user from the instance role's credentials, which can write to the session log. Make the rules permanent as your system does:";
    let rule = |program: &str, address: &str| {
        format!("   {program} -A OUTPUT -m owner --uid-owner {user} -d {address} -j REJECT")
    };
    vec![
        said.to_owned(),
        rule("iptables", "169.254.169.254"),
        rule("ip6tables", "fd00:ec2::254"),
    ]
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
    line(&created(facts));
    if let Some(text) = about_bucket(facts) {
        line(&text);
    }
    if facts.vpc.is_some() && facts.bucket.is_some() {
        line(
            "   The log bucket also needs a gateway endpoint for S3 in the subnets' route table, and HTTPS from the instances' security group to S3's prefix list. The template creates neither.",
        );
    }
    if let Some(vpc) = facts.vpc {
        line(&format!(
            "   A VPC can have only one endpoint of a service with private DNS. If this lists one, such as for ssm, add CreateSsmEndpoint=no to the deploy command:\n   aws ec2 describe-vpc-endpoints --region {} --filters Name=vpc-id,Values={vpc} --query 'VpcEndpoints[].ServiceName'",
            facts.home
        ));
    }
    if facts.bucket.is_none() {
        line(
            "   If an earlier grant left a log group of that name, import it, or choose another name with LogGroup.",
        );
    }
    line("   If a stack was rolled back, delete it before you deploy again.");
    for after in facts.after {
        line(&format!("   {after}"));
    }
    line("");
    line(&format!(
        "2. Give the instances the instance profile {}, or copy its role's policy into the role they have. Then tag them. Anyone who may set the tag grants access:",
        facts.instance_role
    ));
    line(&format!(
        "   aws ec2 create-tags --region {} --resources i-… --tags {}",
        facts.home,
        word(&format!("Key={tag_key},Value={tag_value}"))
    ));
    line(on_windows(facts.windows));
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
    for text in firewall(user) {
        line(&text);
    }
    line("");
    line(&format!(
        "After that, a vendor engineer can connect: vendor-ssm connect -c {name}"
    ));
    line(
        "If the account uses just-in-time node access of Systems Manager, AWS refuses StartSession to this role by design. The kit cannot change that.",
    );
    text
}

#[cfg(test)]
mod tests {
    use super::super::parameter::Parameter;
    use super::TEMPLATE;

    fn broken(name: &str, value: &str) -> Option<String> {
        let all = Parameter::all(TEMPLATE);
        let parameter = all.iter().find(|one| one.name == name).unwrap();
        parameter.broken_rule(value)
    }

    /// The user's name goes into a command that root runs on the instances.
    #[test]
    fn an_os_user_is_neither_root_nor_a_command() {
        for right in ["vendor-ssm", "_x1", "roots", "ubuntu2", "administrator"] {
            assert_eq!(broken("OsUser", right), None, "{right}");
        }
        for wrong in [
            "",
            "root",
            "ec2-user",
            "ubuntu",
            "admin",
            "debian",
            "centos",
            "rocky",
            "fedora",
            "core",
            "ssm-user",
            "x; reboot",
            "Alice",
            "1a",
            "-x",
            "a$(b)",
            "a\nb",
        ] {
            assert!(broken("OsUser", wrong).is_some(), "{wrong}");
        }
    }

    #[test]
    fn a_tag_value_is_what_ec2_and_iam_allow() {
        let longest = "ü".repeat(256);
        for right in [
            "Müller & Söhne".replace('&', "+").as_str(),
            "株式会社",
            "a b",
            "1",
            &longest,
        ] {
            assert_eq!(broken("TagValue", right), None, "{right}");
        }
        let too_long = "ü".repeat(257);
        for wrong in [
            "",
            "a*",
            "a?",
            "${aws:userid}",
            "AWS:x",
            "a\nb",
            "a'b",
            "a\u{2028}b",
            &too_long,
        ] {
            assert!(broken("TagValue", wrong).is_some(), "{wrong}");
        }
    }

    /// `check` decides these itself, so that no stack is refused for them.
    #[test]
    fn the_template_has_no_other_rules() {
        let rules = TEMPLATE.split("\nRules:\n").nth(1).unwrap();
        let rules = rules.split("\n\n").next().unwrap();
        let names = rules.lines().filter(|line| !line.starts_with("   "));
        assert_eq!(names.collect::<Vec<_>>(), ["  VpcWithSubnets:"]);
    }
}
