//! A role with temporary credentials; plain data.

use std::time::SystemTime;

use aws_credential_types::Credentials;

use crate::aws::Failure;
use crate::names::{AccountId, RoleSessionName};

/// A role, and temporary credentials of it.
#[derive(Debug, Clone)]
pub(crate) struct AssumedRole {
    /// The credentials; their Debug hides secret and token.
    pub credentials: Credentials,
    /// `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`, as STS answered.
    pub arn: String,
    /// The account in that ARN, compared with the settings.
    pub account: AccountId,
    /// The session name in that ARN.
    pub session_name: RoleSessionName,
    /// When the credentials expire, by this machine's clock.
    pub expires: SystemTime,
    /// Where they came from.
    pub source: Source,
}

impl AssumedRole {
    /// Whether a new session of the role could do better than this one, with which a call failed.
    /// That is so if AWS refused the credentials, or if cached ones may have been revoked since.
    pub(crate) fn may_be_outlived(&self, failure: &Failure) -> bool {
        failure.refuses_credentials() || self.source == Source::Cache && failure.may_be_revocation()
    }
}

/// Whether these can be sent as credentials.
/// Both stand in an HTTP header, and AWS's are printable ASCII without spaces (STS API reference,
/// `Credentials`; RFC 9110, section 5.5). The SDK panics over others. The secret key is never sent.
pub(super) fn can_be_sent(access_key_id: &str, session_token: &str) -> bool {
    [access_key_id, session_token]
        .iter()
        .all(|text| !text.is_empty() && text.chars().all(|one| one.is_ascii_graphic()))
}

/// Where credentials came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Source {
    /// The credential store.
    Cache,
    /// STS, just now.
    Sts,
}
