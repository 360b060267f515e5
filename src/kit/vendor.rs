//! The vendor's template: one role, and a statement for each customer that trusts it.

use super::template::{fill, quoted};
use super::{Error, Kit};
use crate::names::RoleArn;
use crate::settings::Customer;

const TEMPLATE: &str = include_str!("vendor.yaml");
/// Where the template's own example of a policy for customers begins, and what follows it.
const CUSTOMERS: [&str; 2] = ["  Customers1:\n", "  # For the permission set"];
/// A managed policy holds 6,144 characters without white space (IAM quotas); its frame is counted too.
const LARGEST_POLICY: usize = 5_900;
/// A role has at most ten managed policies unless AWS has raised the quota.
const MOST_POLICIES: usize = 10;

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
    let filled = fill(TEMPLATE, &values)?;
    let [begin, end] = CUSTOMERS.map(|mark| filled.find(mark).unwrap_or(filled.len()));
    let template = [
        &filled[..begin],
        &policies(vendor.customers),
        &filled[end..],
    ]
    .concat();
    let steps = format!(
        "For our own account, {}. The template holds the customers' ExternalIds.\n\n\
         1. Deploy it once, in any region, and again whenever a customer is added:\n   \
         aws cloudformation deploy --stack-name vendor-ssm --template-file vendor-ssm-vendor.yaml --capabilities CAPABILITY_NAMED_IAM\n\n\
         2. Attach the policy {}-enter to the engineers' permission set (as a customer managed policy) or user group.\n",
        role.account(),
        role.name()
    );
    Ok(Kit { template, steps })
}

/// The managed policies for these customers.
fn policies(customers: &[&Customer]) -> String {
    let mut groups: Vec<Vec<String>> = Vec::new();
    let mut length = LARGEST_POLICY;
    for (number, customer) in customers.iter().enumerate() {
        let statement = statement(number + 1, customer);
        let counted = statement.split_whitespace().map(str::len).sum::<usize>();
        if length + counted > LARGEST_POLICY {
            groups.push(Vec::new());
            length = 0;
        }
        length += counted;
        if let Some(group) = groups.last_mut() {
            group.push(statement);
        }
    }
    // The template's own statement covers the path that the kit gives customers' roles.
    let elsewhere: Vec<String> = customers
        .iter()
        .filter(|customer| customer.role_arn.path() != "/vendor-ssm/")
        .map(|customer| format!("              - {}\n", quoted(customer.role_arn.as_str())))
        .collect();
    if !elsewhere.is_empty() {
        groups.push(vec![format!(
            "          - Sid: SayWhoItIsElsewhere\n            Effect: Allow\n            \
             Action: sts:SetSourceIdentity\n            Resource:\n{}",
            elsewhere.concat()
        )]);
    }
    if groups.len() > MOST_POLICIES {
        groups = vec![vec![any_customer().to_owned()]];
    }
    let policy = |(number, statements): (usize, &Vec<String>)| {
        format!(
            "  Customers{}:\n    Type: AWS::IAM::ManagedPolicy\n    Properties:\n      Roles: [!Ref VendorRole]\n      \
             PolicyDocument:\n        Version: '2012-10-17'\n        Statement:\n{}\n",
            number + 1,
            statements.concat()
        )
    };
    let policies: Vec<String> = groups.iter().enumerate().map(policy).collect();
    policies.concat()
}

fn statement(number: usize, customer: &Customer) -> String {
    let name: String = customer
        .name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect();
    format!(
        "          - Sid: Customer{number}{name}\n            Effect: Allow\n            Action: sts:AssumeRole\n            \
         Resource: {}\n            Condition:\n              StringEquals: {{'sts:ExternalId': {}}}\n",
        quoted(customer.role_arn.as_str()),
        quoted(customer.external_id.reveal())
    )
}

/// For more customers than statements fit: their trusts have to tell the ExternalIds apart.
fn any_customer() -> &'static str {
    "          - Sid: EveryCustomer\n            Effect: Allow\n            Action: sts:AssumeRole\n            \
     Resource: 'arn:*:iam::*:role/vendor-ssm/*'\n            Condition:\n              'Null': {'sts:ExternalId': 'false'}\n"
}
