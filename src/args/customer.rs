//! `customer` and `kit`: the settings file's customers, and the templates for both accounts.

use clap::builder::NonEmptyStringValueParser;
use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use super::{Output, key_value};
use crate::names::{AccountId, RoleArn};

/// `customer`.
#[derive(Debug, Clone, Subcommand)]
pub enum CustomerCommand {
    /// Add a customer to the settings file; makes its ExternalId
    Add(Box<AddCustomer>),
    /// List the customers
    List(Output),
    /// Show one customer
    Show(ShowCustomer),
    /// Remove a customer from the settings file, its ExternalId with it
    Remove(RemoveCustomer),
}

/// What a customer grants besides a shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Grant {
    /// Single commands, through a document of the kit's own
    Command,
    /// Port forwarding
    Port,
    /// The SSH stream
    Ssh,
}

/// `customer add`.
#[derive(Debug, Clone, ClapArgs)]
pub struct AddCustomer {
    /// The customer's name, as it will be typed
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub name: String,
    /// The customer's account; the role gets the kit's name in it
    #[arg(
        long,
        value_name = "ID",
        required_unless_present = "role_arn",
        conflicts_with = "role_arn"
    )]
    pub account: Option<AccountId>,
    /// The role in the customer's account, where it is there already
    #[arg(long, value_name = "ARN")]
    pub role_arn: Option<RoleArn>,
    /// The value of the tag on instances that are meant for us; absent: that of the other customers
    #[arg(long, value_name = "VALUE", value_parser = NonEmptyStringValueParser::new())]
    pub tag_value: Option<String>,
    /// The key of that tag, where it is not ExternalAccessGrantedTo
    #[arg(long, value_name = "KEY", value_parser = NonEmptyStringValueParser::new())]
    pub tag_key: Option<String>,
    /// What is granted besides a shell (repeatable)
    #[arg(long = "grant", value_name = "WHAT", value_enum)]
    pub grants: Vec<Grant>,
    /// Our own role, for a settings file that has none yet
    #[arg(long, value_name = "ARN")]
    pub vendor_role_arn: Option<RoleArn>,
    /// Read the ExternalId from stdin, where the customer gave one, instead of making it
    #[arg(long)]
    pub external_id_stdin: bool,
    /// Have the customer's name typed before a session
    #[arg(long)]
    pub confirm_sessions: bool,
    /// No session without a reason
    #[arg(long)]
    pub require_reason: bool,
}

/// `customer show`.
#[derive(Debug, Clone, ClapArgs)]
pub struct ShowCustomer {
    /// The customer; absent: as for every command
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub name: Option<String>,
    /// The form of the data on stdout.
    #[command(flatten)]
    pub output: Output,
}

/// `customer remove`.
#[derive(Debug, Clone, ClapArgs)]
pub struct RemoveCustomer {
    /// The customer
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub name: String,
    /// The customer's name once more, typed to confirm it
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub confirm: Option<String>,
}

/// `kit`.
#[derive(Debug, Clone, Subcommand)]
pub enum KitCommand {
    /// Print the template for our own account: the vendor role, and a statement for each customer
    Vendor(KitVendor),
    /// Print the template for a customer's account: role, session documents, log, instance profile
    Customer(KitCustomer),
}

/// `kit vendor`.
#[derive(Debug, Clone, ClapArgs)]
pub struct KitVendor {
    /// Any parameter of the template (repeatable)
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = key_value)]
    pub parameters: Vec<(String, String)>,
}

/// `kit customer`.
#[derive(Debug, Clone, ClapArgs)]
pub struct KitCustomer {
    /// The OS user that sessions run as
    #[arg(long, value_name = "USER", value_parser = NonEmptyStringValueParser::new())]
    pub os_user: Option<String>,
    /// The last day of the grant (UTC), or the moment it ends, such as 2027-01-31T18:00:00Z
    #[arg(long, value_name = "DATE", value_parser = NonEmptyStringValueParser::new())]
    pub until: Option<String>,
    /// Any parameter of the template (repeatable)
    #[arg(long = "parameter", value_name = "NAME=VALUE", value_parser = key_value)]
    pub parameters: Vec<(String, String)>,
}
