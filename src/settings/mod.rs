//! What was decided: flags, `VENDOR_SSM_*`, the settings file and AWS's variables in one typed value.
//! Text that cannot be right is refused here, before the network is asked.

pub mod values;

use std::path::PathBuf;

pub use values::{
    AccountId, DocumentName, ExternalId, Partition, Region, RoleArn, RoleSessionName, UserTemplate,
};

/// Everything decided before AWS is asked.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The settings file these came from.
    pub file: PathBuf,
    /// The customers, in the file's order, each with the vendor's keys as they hold for it.
    pub customers: Vec<Customer>,
    /// The customer that is meant when none is named.
    pub default_customer: Option<String>,
    /// How sessions are opened.
    pub session: Session,
    /// Where temporary credentials are kept.
    pub store: Store,
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
    /// The SourceIdentity to set; absent: none.
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
    /// The regions to look in: at least one, `--region` narrows them.
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
    /// The shell's; `None`: no DocumentName is sent.
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

/// Which client opens a shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum Client {
    /// The plugin when a usable one is installed and nothing speaks against it, else the builtin.
    Auto,
    /// AWS's session-manager-plugin.
    Plugin,
    /// Our own data channel.
    Builtin,
}

/// Where temporary credentials are kept between commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
