//! `customer` and `kit`: the settings file's customers, and the templates for both accounts.

use clap::builder::NonEmptyStringValueParser;
use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use super::{Output, key_value};
use crate::names::{AccountId, GrantEnd, RoleArn, customer_name};

/// `customer`.
#[derive(Debug, Clone, Subcommand)]
pub enum CustomerCommand {
    /// Add a customer to the settings file, with a new ExternalId
    ///
    /// Examples:
    ///   vendor-ssm customer add acme --account 222222222222 --region us-east-1
    ///   vendor-ssm customer add acme --account 222222222222 --region us-east-1 --grant port
    #[command(verbatim_doc_comment)]
    Add(Box<AddCustomer>),
    /// List the customers in the settings file
    ///
    /// Example:
    ///   vendor-ssm customer list --output json
    #[command(verbatim_doc_comment)]
    List(Output),
    /// Show one customer
    ///
    /// Example:
    ///   vendor-ssm customer show acme
    #[command(verbatim_doc_comment)]
    Show(ShowCustomer),
    /// Remove a customer and its ExternalId from the settings file
    ///
    /// Examples:
    ///   vendor-ssm customer remove acme
    ///   vendor-ssm customer remove acme --confirm acme   # in a script
    #[command(verbatim_doc_comment)]
    Remove(RemoveCustomer),
    /// Test a customer's grant now: assume each role, list the instances
    ///
    /// Examples:
    ///   vendor-ssm customer test acme
    ///   vendor-ssm customer test --all --output json
    #[command(verbatim_doc_comment)]
    Test(TestCustomer),
    /// Make customers of the profiles in ~/.aws/config that have an external_id
    ///
    /// Examples:
    ///   vendor-ssm customer import --tag-value MyCompany
    ///   vendor-ssm customer import --tag-value MyCompany --yes   # in a script
    #[command(verbatim_doc_comment)]
    Import(ImportCustomers),
}

/// What a customer grants besides a shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Grant {
    /// Single commands, through the kit's own session document
    Command,
    /// Forwarding of the instance's own ports
    Port,
    /// Forwarding of ports of other hosts, which the instance reaches
    RemotePort,
    /// The SSH stream
    Ssh,
}

/// `customer add`.
#[derive(Debug, Clone, ClapArgs)]
pub struct AddCustomer {
    /// The name for the customer, as you will type it
    #[arg(value_parser = customer_name)]
    pub name: String,
    /// Use the kit's role in this account of the customer
    #[arg(
        long,
        value_name = "ID",
        required_unless_present = "role_arn",
        conflicts_with = "role_arn"
    )]
    pub account: Option<AccountId>,
    /// Use this existing role in the customer's account
    #[arg(long, value_name = "ARN")]
    pub role_arn: Option<RoleArn>,
    /// Find instances by this value of the vendor's tag [default: the other customers' value]
    #[arg(long, value_name = "VALUE", value_parser = NonEmptyStringValueParser::new())]
    pub tag_value: Option<String>,
    /// Find instances by this tag key [default: ExternalAccessGrantedTo]
    #[arg(long, value_name = "KEY", value_parser = NonEmptyStringValueParser::new())]
    pub tag_key: Option<String>,
    /// Ask the customer to grant this besides a shell (repeatable)
    #[arg(long = "grant", value_name = "WHAT", value_enum)]
    pub grants: Vec<Grant>,
    /// Set the vendor role, if the settings file has none yet
    #[arg(long, value_name = "ARN")]
    pub vendor_role_arn: Option<RoleArn>,
    /// Read the ExternalId from stdin, if the customer gave you one, instead of making a new one
    #[arg(long)]
    pub external_id_stdin: bool,
    /// Require the customer's name to be typed before a session
    #[arg(long)]
    pub confirm_sessions: bool,
    /// Require a reason for each session
    #[arg(long)]
    pub require_reason: bool,
    /// Warn before this day (UTC), or a moment such as 2027-01-31T18:00:00Z, when the grant ends
    #[arg(long, value_name = "DATE")]
    pub grant_ends: Option<GrantEnd>,
}

/// `customer show`.
#[derive(Debug, Clone, ClapArgs)]
pub struct ShowCustomer {
    /// The customer [default: the -c option's, else the settings file's default]
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub name: Option<String>,
    /// The format of the data on stdout.
    #[command(flatten)]
    pub output: Output,
}

/// `customer remove`.
#[derive(Debug, Clone, ClapArgs)]
pub struct RemoveCustomer {
    /// The customer to remove
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub name: String,
    /// Confirm by repeating the customer's name
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub confirm: Option<String>,
}

/// `customer test`.
#[derive(Debug, Clone, ClapArgs)]
pub struct TestCustomer {
    /// The customers to test [default: the -c option's, else the settings file's default]
    #[arg(value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub names: Vec<String>,
    /// Test every customer in the settings file
    #[arg(long, conflicts_with_all = ["names", "customer"])]
    pub all: bool,
    /// The format of the data on stdout.
    #[command(flatten)]
    pub output: Output,
}

/// `customer import`.
#[derive(Debug, Clone, ClapArgs)]
pub struct ImportCustomers {
    /// Find instances by this value of the vendor's tag [default: the other customers' value]
    #[arg(long, value_name = "VALUE", value_parser = NonEmptyStringValueParser::new())]
    pub tag_value: Option<String>,
    /// Use this vendor role for profiles whose source_profile assumes none
    #[arg(long, value_name = "ARN")]
    pub vendor_role_arn: Option<RoleArn>,
    /// Write without asking
    #[arg(long)]
    pub yes: bool,
    /// The format of what would be written.
    #[command(flatten)]
    pub output: Output,
}

/// `kit`.
#[derive(Debug, Clone, Subcommand)]
pub enum KitCommand {
    /// Print the template for your account: the vendor role, and a statement for each customer
    ///
    /// Example:
    ///   vendor-ssm kit vendor > vendor-ssm-vendor.yaml
    #[command(verbatim_doc_comment)]
    Vendor(KitVendor),
    /// Print the template for a customer's account: role, session documents, log, instance profile
    ///
    /// Examples:
    ///   vendor-ssm kit customer -c acme > vendor-ssm-acme.yaml
    ///   vendor-ssm kit customer -c acme --until 2027-01-31 > vendor-ssm-acme.yaml
    #[command(verbatim_doc_comment)]
    Customer(KitCustomer),
}

/// `kit vendor`.
#[derive(Debug, Clone, ClapArgs)]
pub struct KitVendor {
    /// Set a parameter of the template (repeatable)
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = key_value)]
    pub parameters: Vec<(String, String)>,
}

/// `kit customer`.
#[derive(Debug, Clone, ClapArgs)]
pub struct KitCustomer {
    /// Run sessions as this OS user [default: vendor-ssm]
    #[arg(long, value_name = "USER", value_parser = NonEmptyStringValueParser::new())]
    pub os_user: Option<String>,
    /// End the grant after this day (UTC), or at a moment such as 2027-01-31T18:00:00Z
    #[arg(long, value_name = "DATE", value_parser = NonEmptyStringValueParser::new())]
    pub until: Option<String>,
    /// Set a parameter of the template (repeatable)
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = key_value)]
    pub parameters: Vec<(String, String)>,
}
