//! What an import writes of the vendor's side.

use toml_edit::{Item, Table, value};

use crate::names::{RoleArn, RoleSessionName, UserTemplate};

/// The vendor's side of a chain: where it begins, and the vendor role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewVendor {
    /// The base identity's profile.
    pub profile: Option<String>,
    /// Instead of a profile, AWS's word for where the base identity comes from.
    pub credential_source: Option<&'static str>,
    /// The vendor role.
    pub role_arn: RoleArn,
    /// The session name of both roles.
    pub role_session_name: Option<RoleSessionName>,
    /// The MFA device that AWS asks for a code of.
    pub mfa_serial: Option<UserTemplate>,
    /// How long the vendor role lasts, in seconds.
    pub duration_seconds: Option<u32>,
}

impl NewVendor {
    /// The keys and values that are set, in the order of the settings' documentation.
    pub(super) fn keys(&self) -> Vec<(&'static str, Item)> {
        let name = self.role_session_name.as_ref();
        let keys = [
            ("profile", self.profile.as_ref().map(value)),
            ("credential_source", self.credential_source.map(value)),
            ("role_arn", Some(value(self.role_arn.as_str()))),
            ("role_session_name", name.map(|name| value(name.as_str()))),
            (
                "mfa_serial",
                self.mfa_serial.as_ref().map(|serial| value(&serial.0)),
            ),
            (
                "duration_seconds",
                self.duration_seconds.map(|it| value(i64::from(it))),
            ),
        ];
        keys.into_iter()
            .filter_map(|(key, item)| Some((key, item?)))
            .collect()
    }

    /// The section with these keys.
    pub(super) fn section(&self) -> Table {
        self.keys().into_iter().collect()
    }
}
