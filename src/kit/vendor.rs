//! The vendor's template: one role, and a statement for each customer whose role it may assume.

use super::binding::{CREDENTIAL_SOURCE, Unbound, after_deploying};
use super::template::{fill, overrides, quoted, settled};
use super::value::{Source, Value, given};
use super::{Error, Kit, foreign_boundary};
use crate::names::{Malformed, RoleArn};
use crate::settings::Customer;

pub(super) const TEMPLATE: &str = include_str!("vendor.yaml");
/// The lines where the template's example of a customer policy begins and ends.
const CUSTOMERS: [&str; 2] = ["  Customers1:\n", "  # Attach it to the permission set"];
/// The characters of statements that fit a managed policy.
/// IAM counts 6,144 without white space (IAM quotas); 40 are for the document around the
/// statements.
const LARGEST_POLICY: usize = 6_144 - 40;
/// The managed policies of a role, unless AWS has raised the quota.
const MOST_POLICIES: usize = 10;

/// The largest template that `aws cloudformation deploy` sends without a bucket, in bytes.
/// (AWS CloudFormation quotas.)
const LARGEST_TEMPLATE: usize = 51_200;

/// What a vendor's kit is made from.
#[derive(Debug, Clone)]
pub(crate) struct Vendor<'a> {
    /// The vendor role.
    pub role_arn: &'a RoleArn,
    /// How long a session of the role is to last, in seconds.
    pub duration_seconds: u32,
    /// Whether engineers are IAM users with MFA; else they sign in through SSO.
    pub uses_mfa: bool,
    /// The customers whose roles the vendor role may assume.
    pub customers: &'a [&'a Customer],
    /// Why the stack must not bind names, if it must not.
    pub unbound: Option<Unbound>,
}

/// The kit for the vendor's account. `parameters` override the settings.
pub(crate) fn vendor(vendor: &Vendor<'_>, parameters: &[(String, String)]) -> Result<Kit, Error> {
    let role = vendor.role_arn;
    let from = |name, key, text: String| Value {
        name,
        text,
        from: Source::Setting(key),
    };
    let engineers = if vendor.uses_mfa { "iam-users" } else { "sso" };
    let seconds = vendor.duration_seconds.max(3600);
    let mut values = vec![
        from("RoleName", "vendor.role_arn", role.name().to_owned()),
        from("RolePath", "vendor.role_arn", role.path().to_owned()),
        from("Engineers", "vendor.mfa_serial", engineers.to_owned()),
        from(
            "MaxSessionSeconds",
            "vendor.duration_seconds",
            seconds.to_string(),
        ),
    ];
    values.extend(vendor.unbound.as_ref().map(Unbound::value));
    values.extend(given(parameters));
    let values = settled(values);
    let filled = fill(TEMPLATE, &values)?;
    let boundary = values
        .iter()
        .find(|value| value.name == "PermissionsBoundary");
    if let Some(why) = boundary.and_then(|boundary| foreign_boundary(&boundary.text, role)) {
        return Err(Error::Unfit {
            what: "PermissionsBoundary".to_owned(),
            why: Malformed(why),
        });
    }
    let [begin, end] = CUSTOMERS.map(|mark| filled.find(mark).unwrap_or(filled.len()));
    let template = [
        &filled[..begin],
        &policies(vendor.customers)?,
        &filled[end..],
    ]
    .concat();
    let bucket = if template.len() > LARGEST_TEMPLATE {
        " --s3-bucket BUCKET"
    } else {
        ""
    };
    let customer = vendor
        .customers
        .first()
        .map_or("NAME", |it| it.name.as_str());
    let refused = format!("the role {}", role.name());
    let machine = vendor.unbound.as_ref().map(|unbound| unbound.key) == Some(CREDENTIAL_SOURCE);
    let machine = if machine {
        "   The role trusts people who sign in with SSO or as IAM users. Add the machine's own role to its trust policy, in the template.\n"
    } else {
        ""
    };
    let after = after_deploying(&values, vendor.unbound.as_ref(), customer, &refused);
    let steps = format!(
        "For the vendor account, {}. The template contains the customers' ExternalIds.\n\n\
         1. Deploy it once, in any region, before the first customer deploys. Deploy it again after you add a customer:\n   \
         aws cloudformation deploy --stack-name vendor-ssm --template-file vendor-ssm-vendor.yaml{bucket} --capabilities CAPABILITY_NAMED_IAM {}\n{machine}\n\
         2. Attach the policy {}-enter to your engineers' permission set (as a customer managed policy) or user group.\n\n\
         3. {}\n",
        role.account(),
        overrides(&values),
        role.name(),
        after.join("\n   ")
    );
    Ok(Kit {
        template,
        steps,
        overridden: Vec::new(),
    })
}

/// A statement of the template in YAML, and its length in the JSON that IAM counts.
struct TemplateStatement {
    yaml: String,
    length: usize,
}

impl TemplateStatement {
    fn new(sid: &str, action: &str, resource: &str, condition: Option<(&str, &str, &str)>) -> Self {
        let mut json = serde_json::json!({
            "Sid": sid, "Effect": "Allow", "Action": action, "Resource": resource
        });
        let mut yaml = format!(
            "          - Sid: {sid}\n            Effect: Allow\n            Action: {action}\n            Resource: {}\n",
            quoted(resource)
        );
        if let Some((operator, key, value)) = condition {
            json["Condition"] = serde_json::json!({ operator: { key: value } });
            yaml.push_str("            Condition:\n              ");
            yaml.extend([
                quoted(operator),
                ": {".to_owned(),
                quoted(key),
                ": ".to_owned(),
            ]);
            yaml.extend([quoted(value), "}\n".to_owned()]);
        }
        Self {
            yaml,
            // A comma follows.
            length: json.to_string().len() + 1,
        }
    }
}

/// The managed policies for these customers.
fn policies(customers: &[&Customer]) -> Result<String, Error> {
    let numbered = || customers.iter().zip(1..);
    let each: Vec<TemplateStatement> = numbered()
        .flat_map(|(customer, number)| statements(number, customer))
        .collect();
    let mut groups = packed(each);
    if groups.len() > MOST_POLICIES {
        // One statement for all roles on the kit's path. Only their trust policies check the
        // ExternalId then.
        let any = TemplateStatement::new(
            "EveryCustomer",
            "sts:AssumeRole",
            "arn:*:iam::*:role/vendor-ssm/*",
            Some(("Null", "sts:ExternalId", "false")),
        );
        let elsewhere = numbered()
            .filter(|(customer, _)| !is_on_path(customer))
            .flat_map(|(customer, number)| statements(number, customer));
        groups = packed(std::iter::once(any).chain(elsewhere).collect());
    }
    if groups.len() > MOST_POLICIES {
        return Err(Error::TooManyCustomers(customers.len()));
    }
    let policy = |(number, statements): (usize, &Vec<TemplateStatement>)| {
        let statements: Vec<&str> = statements.iter().map(|one| one.yaml.as_str()).collect();
        format!(
            "  Customers{}:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      Roles: [!Ref VendorRole]\n      \
             PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n{}\n",
            number + 1,
            statements.concat()
        )
    };
    let policies: Vec<String> = groups.iter().enumerate().map(policy).collect();
    Ok(policies.concat())
}

/// The statements in groups, each as large as a policy may be.
fn packed(statements: Vec<TemplateStatement>) -> Vec<Vec<TemplateStatement>> {
    let mut groups: Vec<Vec<TemplateStatement>> = Vec::new();
    let mut room = 0;
    for statement in statements {
        if statement.length > room {
            groups.push(Vec::new());
            room = LARGEST_POLICY;
        }
        room = room.saturating_sub(statement.length);
        if let Some(group) = groups.last_mut() {
            group.push(statement);
        }
    }
    groups
}

/// What the vendor role may do with a customer's role.
fn statements(number: usize, customer: &Customer) -> Vec<TemplateStatement> {
    let name: String = customer
        .name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    let role = customer.role_arn.as_str();
    let external_id = (
        "StringEquals",
        "sts:ExternalId",
        customer.external_id.reveal(),
    );
    let mut statements = vec![TemplateStatement::new(
        &format!("Customer{number}{name}"),
        "sts:AssumeRole",
        role,
        Some(external_id),
    )];
    // A fixed statement of the template covers the kit's own path.
    if !is_on_path(customer) {
        let sid = format!("Source{number}{name}");
        statements.push(TemplateStatement::new(
            &sid,
            "sts:SetSourceIdentity",
            role,
            None,
        ));
    }
    statements
}

fn is_on_path(customer: &Customer) -> bool {
    customer.role_arn.path() == "/vendor-ssm/"
}
