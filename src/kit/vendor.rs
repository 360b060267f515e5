//! The vendor's template: one role, and a statement for each customer that trusts it.

use super::template::{fill, overrides, quoted, settled};
use super::{Error, Kit};
use crate::names::RoleArn;
use crate::settings::Customer;

const TEMPLATE: &str = include_str!("vendor.yaml");
/// Where the template's own example of a policy for customers begins, and what follows it.
const CUSTOMERS: [&str; 2] = ["  Customers1:\n", "  # For the permission set"];
/// A managed policy holds 6,144 characters without white space (IAM quotas), 40 of which are its frame.
const LARGEST_POLICY: usize = 6_144 - 40;
/// A role has at most ten managed policies unless AWS has raised the quota.
const MOST_POLICIES: usize = 10;

/// What `aws cloudformation deploy` sends by itself; a larger template goes through a bucket (AWS CloudFormation
/// quotas), in bytes.
const LARGEST_TEMPLATE: usize = 51_200;

/// Whose kit it is.
#[derive(Debug, Clone)]
pub struct Vendor<'a> {
    /// The vendor role.
    pub role_arn: &'a RoleArn,
    /// The longest that a session of it is asked for, in seconds.
    pub duration_seconds: u32,
    /// Whether engineers come with MFA of their own, as IAM users do; else from SSO.
    pub uses_mfa: bool,
    /// The customers that are reached through it.
    pub customers: &'a [&'a Customer],
}

/// The kit for the vendor's account. `parameters` of the template outrank all else.
pub fn vendor(vendor: &Vendor<'_>, parameters: &[(String, String)]) -> Result<Kit, Error> {
    let role = vendor.role_arn;
    let mut values = vec![
        ("RoleName", role.name().to_owned()),
        ("RolePath", role.path().to_owned()),
        (
            "Engineers",
            if vendor.uses_mfa { "iam-users" } else { "sso" }.to_owned(),
        ),
        (
            "MaxSessionSeconds",
            vendor.duration_seconds.max(3600).to_string(),
        ),
    ];
    values.extend(
        parameters
            .iter()
            .map(|(name, value)| (name.as_str(), value.clone())),
    );
    let values = settled(values);
    let filled = fill(TEMPLATE, &values)?;
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
    let steps = format!(
        "For our own account, {}. The template holds the customers' ExternalIds.\n\n\
         1. Deploy it once, in any region, before a customer deploys theirs, and again whenever one is added:\n   \
         aws cloudformation deploy --stack-name vendor-ssm --template-file vendor-ssm-vendor.yaml{bucket} --capabilities CAPABILITY_NAMED_IAM {}\n\n\
         2. Attach the policy {}-enter to the engineers' permission set (as a customer managed policy) or user group.\n",
        role.account(),
        overrides(&values),
        role.name()
    );
    Ok(Kit { template, steps })
}

/// A statement as the template has it, and its length in the JSON that IAM counts.
struct Statement {
    yaml: String,
    length: usize,
}

impl Statement {
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
    let each: Vec<Statement> = numbered()
        .flat_map(|(customer, number)| statements(number, customer))
        .collect();
    let mut groups = packed(each);
    if groups.len() > MOST_POLICIES {
        // One statement for all that have the kit's path: their trusts have to tell the ExternalIds apart.
        let any = Statement::new(
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
    let policy = |(number, statements): (usize, &Vec<Statement>)| {
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

/// As many to a policy as fit.
fn packed(statements: Vec<Statement>) -> Vec<Vec<Statement>> {
    let mut groups: Vec<Vec<Statement>> = Vec::new();
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

/// What the vendor role may do with a customer's.
fn statements(number: usize, customer: &Customer) -> Vec<Statement> {
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
    let mut statements = vec![Statement::new(
        &format!("Customer{number}{name}"),
        "sts:AssumeRole",
        role,
        Some(external_id),
    )];
    // The template's own statement covers the path that the kit gives customers' roles.
    if !is_on_path(customer) {
        let sid = format!("Source{number}{name}");
        statements.push(Statement::new(&sid, "sts:SetSourceIdentity", role, None));
    }
    statements
}

fn is_on_path(customer: &Customer) -> bool {
    customer.role_arn.path() == "/vendor-ssm/"
}
