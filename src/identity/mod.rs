//! Who we are: the base identity, the vendor role and the customer role, from the cache or by walking
//! the role chain.

use std::time::SystemTime;

use aws_credential_types::Credentials;

use crate::settings::{AccountId, RoleSessionName};

/// A role we hold temporary credentials of.
#[derive(Debug, Clone)]
pub struct AssumedRole {
    /// The credentials; their Debug hides secret and token.
    pub credentials: Credentials,
    /// `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`, as STS answered.
    pub arn: String,
    /// The account in that ARN, compared with the settings.
    pub account: AccountId,
    /// The session name in that ARN.
    pub session_name: RoleSessionName,
    /// When the credentials end, by AWS's clock.
    pub expires: SystemTime,
    /// Where they came from.
    pub source: Source,
}

/// Where credentials came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The credential store.
    Cache,
    /// STS, just now.
    Sts,
}
