//! What the credentials of a base identity come out of, and the roles assumed with them.
//! Plain data; no I/O.

use std::fmt;
use std::path::PathBuf;

use aws_credential_types::Credentials;

use crate::names::{ExternalId, Region, RoleArn, RoleSessionName};

/// What credentials come out of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Root {
    /// The exported keys.
    Environment,
    /// The keys in a profile.
    Keys(Credentials),
    /// The program that `credential_process` names.
    Process(Hidden),
    /// IAM Identity Center, with the token that `aws sso login` left.
    Sso {
        sso: Sso,
        /// The token's file.
        token: Option<PathBuf>,
    },
    /// The session of `aws login`.
    Login {
        /// Its ARN.
        session: String,
        /// The token's file.
        token: Option<PathBuf>,
        /// The region of its profile.
        region: Option<Region>,
    },
    /// A token of another identity provider.
    WebIdentity {
        /// The token's file.
        file: String,
        /// What the profile says; `None` if variables name all of it.
        of_profile: Option<WebIdentity>,
    },
    /// The metadata service of the EC2 instance that vendor-ssm runs on.
    /// By its URL.
    Ec2InstanceMetadata(String),
    /// The container's credentials endpoint.
    EcsContainer,
}

/// A command line, which may hold a secret.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Hidden(pub String);

impl fmt::Debug for Hidden {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("(hidden)")
    }
}

/// What a profile says about IAM Identity Center.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sso {
    /// The name of its `[sso-session]` section.
    pub session: Option<String>,
    pub start_url: String,
    pub region: String,
    pub account_id: String,
    pub role_name: String,
}

/// What a profile says about a web identity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WebIdentity {
    pub role_arn: String,
    pub session_name: Option<String>,
}

/// A role that a profile assumes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct ProfileRole {
    /// The profile that names it.
    pub profile: String,
    pub role_arn: RoleArn,
    pub external_id: Option<ExternalId>,
    pub session_name: Option<RoleSessionName>,
    /// The MFA device whose code the role needs.
    pub mfa_serial: Option<String>,
    pub duration_seconds: Option<u32>,
}
