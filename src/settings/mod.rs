//! The decided settings: flags, `VENDOR_SSM_*`, the settings file and AWS's variables in one value.
//! Text that is not valid is refused here, before any call.

mod document;
mod edit;
mod error;
mod file;
mod find;
mod line_ends;
mod origin;
mod parse;
mod resolve;
mod source;

use std::fmt;
use std::path::PathBuf;
use std::time::SystemTime;

use clap::ValueEnum;

use crate::args::Client;
use crate::names::{
    DocumentName, EndpointUrl, ExternalId, GrantEnd, Region, RoleArn, RoleSessionName, UserTemplate,
};
/// For the fuzz targets.
#[cfg(any(test, fuzzing))]
pub(crate) use edit::fuzzing;
pub(crate) use edit::{Edit, NewCustomer, NewVendor, Removed, preview};
pub(crate) use error::Error;
pub(crate) use origin::{Origin, Setting};
pub(crate) use resolve::{TAG_KEY, resolve};
pub(crate) use source::Location;

/// Everything that is decided before the first call to AWS.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// The settings file these came from, or the folder.
    pub location: Location,
    /// The customers in the file's order, each with the vendor's keys that apply to it.
    pub customers: Vec<Customer>,
    /// The customer that a command uses if it names none.
    /// In order: `--customer`, `VENDOR_SSM_CUSTOMER`, the file's `default_customer`, the only
    /// customer.
    pub default_customer: Option<String>,
    /// How sessions are opened.
    pub session: Session,
    /// Where temporary credentials are kept; `--no-cache` makes it [`Store::None`].
    pub store: Store,
    /// `VENDOR_SSM_REASON`; a command's `--reason` outranks it.
    pub reason: Option<String>,
    /// What is not an error, but should be changed.
    pub warnings: Vec<Warning>,
    origins: Vec<Setting>,
    named_by: Origin,
    regions_asked: Vec<Region>,
}

impl Settings {
    /// The customer that `--customer` names, otherwise [`Settings::default_customer`].
    pub(crate) fn customer(&self, named: Option<&str>) -> Result<&Customer, Error> {
        let all = || self.customers.iter().map(|one| one.name.clone()).collect();
        let (name, origin) = match (named, &self.default_customer) {
            (Some(named), _) => (named, Origin::Flag("--customer")),
            (None, Some(default)) => (default.as_str(), self.named_by.clone()),
            (None, None) if self.customers.is_empty() => {
                return Err(Error::NoCustomer(self.location.clone()));
            }
            (None, None) => {
                return Err(Error::Unnamed {
                    location: self.location.clone(),
                    names: all(),
                });
            }
        };
        let customer = self.customers.iter().find(|one| one.name == name);
        let customer = customer.ok_or_else(|| Error::UnknownCustomer {
            name: name.to_owned(),
            origin,
            location: self.location.clone(),
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

    /// The role of the file's `[vendor]`, which customers without keys of their own use.
    pub(crate) fn vendor_role(&self) -> Option<RoleArn> {
        self.vendor_key("role_arn")?.value.as_ref()?.parse().ok()
    }

    /// Those of these keys that the file's `[vendor]` sets.
    pub(crate) fn vendor_keys(&self, keys: &[&'static str]) -> Vec<&'static str> {
        let is_set = |key: &str| {
            let setting = self.vendor_key(key);
            setting.is_some_and(|it| it.value.is_some() && it.origin != Origin::Default)
        };
        keys.iter().copied().filter(|key| is_set(key)).collect()
    }

    fn vendor_key(&self, key: &str) -> Option<&Setting> {
        let full = format!("vendor.{key}");
        self.origins.iter().find(|it| it.key == full)
    }

    /// Every value with its origin, in the order of the settings' documentation.
    pub(crate) fn origins(&self) -> &[Setting] {
        &self.origins
    }
}

/// Something that is not an error, but should be changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Warning {
    /// These customers share an ExternalId, although it must tell customers apart.
    /// Source: AWS's "The confused deputy problem".
    #[error("customers {} share one ExternalId; each needs its own", .0.join(", "))]
    SharedExternalId(Vec<String>),
}

impl Warning {
    /// Whether it names this customer.
    pub(crate) fn is_about(&self, customer: &str) -> bool {
        let Self::SharedExternalId(names) = self;
        names.iter().any(|name| name == customer)
    }
}

/// The vendor's side of the chain: the base identity and the vendor role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Vendor {
    /// Where the base identity comes from.
    pub base: Base,
    /// The role in the vendor's own account.
    pub role_arn: RoleArn,
    /// The session name of both roles; `None` means the base identity's own name.
    pub role_session_name: Option<RoleSessionName>,
    /// The `SourceIdentity` to set, if any.
    pub source_identity: Option<UserTemplate>,
    /// The MFA device's serial number or ARN; `None` means that no code is needed.
    pub mfa_serial: Option<UserTemplate>,
    /// The region whose STS assumes both roles.
    /// `None` means the profile's region, then `AWS_REGION`, then the partition's first region.
    pub sts_region: Option<Region>,
    /// The vendor role's duration in seconds, 900 to 43200.
    pub duration_seconds: u32,
}

/// Where the base identity comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Base {
    /// A profile of `~/.aws/config`; exported keys are not used.
    Profile(String),
    /// Only the exported keys.
    Environment,
    /// The metadata service of this EC2 instance.
    Ec2InstanceMetadata,
    /// The container's credentials endpoint.
    EcsContainer,
    /// The SDK's default chain, exported keys first, without IMDS and ECS.
    DefaultChain,
}

/// One customer and its grant.
#[derive(Debug, Clone)]
pub(crate) struct Customer {
    /// The name in the settings file.
    pub name: String,
    /// The vendor's keys, with this customer's own keys laid over the common ones.
    pub vendor: Vendor,
    /// The role in the customer's account.
    pub role_arn: RoleArn,
    /// The ExternalId that the role requires.
    pub external_id: ExternalId,
    /// The key of the vendor's tag on the customer's instances.
    pub tag_key: String,
    /// The value of the vendor's tag.
    pub tag_value: String,
    /// The regions to list; `--region` replaces them.
    /// The list is empty only if every `--region` is in another partition, which
    /// [`Settings::customer`] refuses.
    pub regions: Vec<Region>,
    /// The regions that the settings file names, whatever `--region` says.
    pub written_regions: Vec<Region>,
    /// The customer role's duration in seconds, 900 to 3600.
    pub duration_seconds: u32,
    /// Whether a person must type the customer's name before a session.
    pub confirm: bool,
    /// Whether a session needs a reason.
    pub require_reason: bool,
    /// When the customer's grant ends, if it does.
    pub grant_ends: Option<GrantEnd>,
    /// The endpoints to ask instead of AWS's own.
    pub endpoints: Endpoints,
    /// The session documents that the customer grants.
    pub documents: Documents,
}

impl Customer {
    /// The end of the grant, if it has come by then.
    pub(crate) fn grant_ended(&self, now: SystemTime) -> Option<GrantEnd> {
        self.grant_ends.filter(|end| end.has_come(now))
    }
}

/// A customer's endpoints; `None` means AWS's variables, then the region's own endpoint.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Endpoints {
    /// The one that assumes both roles.
    pub sts: Option<EndpointUrl>,
    /// The one that lists instances.
    pub ec2: Option<EndpointUrl>,
    /// The one that starts sessions.
    pub ssm: Option<EndpointUrl>,
    /// The one that carries the data channel.
    pub ssmmessages: Option<EndpointUrl>,
    /// The one that gives data keys.
    pub kms: Option<EndpointUrl>,
}

/// The documents for each kind of session; `None` means AWS's own.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Documents {
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

/// What of a session's output the builtin client lets through to the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Terminal {
    /// All but commands that read or write this machine's clipboard.
    Filtered,
    /// All of it.
    Raw,
}

impl fmt::Display for Terminal {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Filtered => "filtered",
            Self::Raw => "raw",
        })
    }
}

/// How sessions are opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Session {
    /// The client that opens a shell.
    pub client: Client,
    /// The escape character of the builtin client; `None` means that there is none.
    pub escape: Option<char>,
    /// What of the output the builtin client lets through.
    pub terminal: Terminal,
    /// The absolute path of the plugin; `None` means that vendor-ssm looks for it.
    pub plugin_path: Option<PathBuf>,
}

/// Where temporary credentials are kept between commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Store {
    /// The OS keyring, otherwise keyutils, otherwise nowhere. This never fails a command.
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
