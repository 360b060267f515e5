//! What was decided: flags, `VENDOR_SSM_*`, the settings file and AWS's variables in one typed value.
//! Text that cannot be right is refused here, before the network is asked.

mod document;
mod edit;
mod error;
mod file;
mod find;
mod origin;
mod parse;
mod resolve;

use std::fmt;
use std::path::PathBuf;

use clap::ValueEnum;

use crate::args::Client;
use crate::names::{DocumentName, ExternalId, Region, RoleArn, RoleSessionName, UserTemplate};
pub use edit::{Edit, NewCustomer};
pub use error::Error;
pub use origin::{Origin, Place, Setting};
pub use resolve::resolve;

/// Everything decided before AWS is asked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The settings file these came from.
    pub file: PathBuf,
    /// The customers, in the file's order, each with the vendor's keys as they hold for it.
    pub customers: Vec<Customer>,
    /// The customer that is meant: `--customer`, `VENDOR_SSM_CUSTOMER`, the file's `default_customer`,
    /// or the only one there is.
    pub default_customer: Option<String>,
    /// How sessions are opened.
    pub session: Session,
    /// Where temporary credentials are kept; `--no-cache` makes it [`Store::None`].
    pub store: Store,
    /// `VENDOR_SSM_REASON`; a command's `--reason` outranks it.
    pub reason: Option<String>,
    /// What is not wrong and should not stay so.
    pub warnings: Vec<Warning>,
    origins: Vec<Setting>,
    named_by: Origin,
    regions_asked: Vec<Region>,
}

impl Settings {
    /// The customer `named` by `--customer`, else [`Settings::default_customer`].
    pub fn customer(&self, named: Option<&str>) -> Result<&Customer, Error> {
        let all = || self.customers.iter().map(|one| one.name.clone()).collect();
        let (name, origin) = match (named, &self.default_customer) {
            (Some(named), _) => (named, Origin::Flag("--customer")),
            (None, Some(default)) => (default.as_str(), self.named_by.clone()),
            (None, None) if self.customers.is_empty() => {
                return Err(Error::NoCustomer(self.file.clone()));
            }
            (None, None) => {
                return Err(Error::Unnamed {
                    file: self.file.clone(),
                    names: all(),
                });
            }
        };
        let customer = self.customers.iter().find(|one| one.name == name);
        let customer = customer.ok_or_else(|| Error::UnknownCustomer {
            name: name.to_owned(),
            origin,
            file: self.file.clone(),
            names: all(),
        })?;
        let partition = customer.role_arn.partition();
        match self
            .regions_asked
            .iter()
            .find(|one| one.partition() != partition)
        {
            None => Ok(customer),
            Some(region) => Err(Error::OtherPartition {
                region: region.clone(),
                customer: name.to_owned(),
                partition: partition.name(),
            }),
        }
    }

    /// Every value and where it came from, in the order of the settings file's documentation.
    pub fn origins(&self) -> &[Setting] {
        &self.origins
    }
}

/// What is not wrong and should not stay so.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Warning {
    /// An ExternalId tells customers apart (AWS: the confused deputy problem); these have the same.
    #[error("customers {} share one ExternalId; each needs its own", .0.join(", "))]
    SharedExternalId(Vec<String>),
}

/// How we become ourselves: the base identity and the vendor role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Vendor {
    /// Where the base identity comes from.
    pub base: Base,
    /// The role in the vendor's own account.
    pub role_arn: RoleArn,
    /// The session name of both roles; absent: the base identity's own name.
    pub role_session_name: Option<RoleSessionName>,
    /// The `SourceIdentity` to set; absent: none.
    pub source_identity: Option<UserTemplate>,
    /// The MFA device's serial number or ARN; absent: no code is asked for.
    pub mfa_serial: Option<UserTemplate>,
    /// Whose regional STS both roles are assumed at; absent: the profile's region, `AWS_REGION`,
    /// else the partition's first.
    pub sts_region: Option<Region>,
    /// The vendor role's duration in seconds, 900 to 43200.
    pub duration_seconds: u32,
}

/// Where the base identity comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Base {
    /// A profile of `~/.aws/config`; exported keys are not used.
    Profile(String),
    /// The exported keys, and nothing else.
    Environment,
    /// The metadata service of the EC2 instance we run on.
    Ec2InstanceMetadata,
    /// The container's credentials endpoint.
    EcsContainer,
    /// The SDK's default chain, exported keys first, without IMDS and ECS.
    DefaultChain,
}

/// One customer and what it granted us.
#[derive(Debug, Clone)]
pub struct Customer {
    /// The name in the settings file.
    pub name: String,
    /// The vendor's keys, those repeated for this customer laid over the common ones.
    pub vendor: Vendor,
    /// The role in the customer's account.
    pub role_arn: RoleArn,
    /// The ExternalId that the role demands.
    pub external_id: ExternalId,
    /// The tag key on instances that are meant for us.
    pub tag_key: String,
    /// The tag's value for us.
    pub tag_value: String,
    /// The regions to look in; `--region` takes their place. At least one, unless every `--region` is
    /// of another partition, which [`Settings::customer`] refuses.
    pub regions: Vec<Region>,
    /// The customer role's duration in seconds, 900 to 3600.
    pub duration_seconds: u32,
    /// Whether the customer's name has to be typed before a session.
    pub confirm: bool,
    /// Whether a session needs a reason.
    pub require_reason: bool,
    /// The session documents that the customer grants.
    pub documents: Documents,
}

/// The documents for each kind of session; `None` means AWS's own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Documents {
    /// The shell's; `None`: no `DocumentName` is sent.
    pub shell: Option<DocumentName>,
    /// The non-interactive command's.
    pub command: Option<DocumentName>,
    /// Port forwarding's.
    pub port: Option<DocumentName>,
    /// Port forwarding's to a remote host.
    pub remote_port: Option<DocumentName>,
    /// The SSH stream's.
    pub ssh: Option<DocumentName>,
}

/// How sessions are opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// Which client opens a shell.
    pub client: Client,
    /// The escape character of the builtin client; `None` switches it off.
    pub escape: Option<char>,
    /// The plugin to use, absolute; absent: it is looked for.
    pub plugin_path: Option<PathBuf>,
}

/// Where temporary credentials are kept between commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Store {
    /// The OS keyring, else keyutils, else nowhere; never fails a command.
    Auto,
    /// The OS keyring, or exit 12.
    Keyring,
    /// The kernel's keyutils, or exit 12.
    Keyutils,
    /// Nowhere.
    None,
}

impl fmt::Display for Store {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Auto => "auto",
            Self::Keyring => "keyring",
            Self::Keyutils => "keyutils",
            Self::None => "none",
        })
    }
}
