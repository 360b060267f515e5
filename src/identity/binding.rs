//! Whether the settings' names pass a trust policy that binds names; no I/O.
//!
//! The kit's trust policies do so with `NameBinding=yes`: the caller's own name must be the
//! RoleSessionName, and the SourceIdentity if there is one. The caller's name is that of the IAM
//! user, or the end of `aws:userid` for a role's session (IAM User Guide, "Where you can use policy
//! variables").

use std::fmt;

use super::arn::{name_in, own_name};
use crate::names::{RoleSessionName, UserTemplate};
use crate::settings::Vendor;

const IDENTITY: &str = "vendor.source_identity";

/// A setting that gives the engineer another name than AWS does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OtherName {
    /// The setting.
    pub key: &'static str,
    /// The name that it sends.
    name: String,
    /// The base identity's name; `None` if it has none, as the root user.
    own: Option<String>,
}

impl fmt::Display for OtherName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            formatter,
            "{} sends the name {:?}, and ",
            self.key, self.name
        )?;
        match &self.own {
            Some(own) => write!(formatter, "the base identity's own name is {own:?}"),
            None => formatter.write_str("the base identity does not have a name"),
        }
    }
}

impl OtherName {
    /// What makes a role that binds names take the engineer.
    pub(crate) fn remedy(&self) -> &'static str {
        if self.key == IDENTITY {
            "set vendor.source_identity to \"{user}\""
        } else {
            "remove vendor.role_session_name"
        }
    }
}

/// Whether only AWS knows if the settings' names are the base identity's own.
pub(crate) fn needs_base(vendor: &Vendor) -> bool {
    let is_own = |name: &UserTemplate| name.0 == "{user}";
    vendor.role_session_name.is_some() || !vendor.source_identity.as_ref().is_none_or(is_own)
}

/// The setting that a role which binds names refuses. `arn` is the base identity's.
pub(crate) fn other_name(vendor: &Vendor, arn: &str) -> Option<OtherName> {
    let own = name_in(arn);
    let session = vendor.role_session_name.as_ref();
    let session = session.map(RoleSessionName::as_str);
    let identity = source_identity(vendor, arn);
    let sent = [
        ("vendor.role_session_name", session),
        (IDENTITY, identity.as_deref()),
    ];
    let (key, name) = sent
        .into_iter()
        .filter_map(|(key, name)| Some((key, name?)))
        .find(|(_, name)| own != Some(name))?;
    Some(OtherName {
        key,
        name: name.to_owned(),
        own: own.map(str::to_owned),
    })
}

/// The SourceIdentity that the settings send. `arn` is the base identity's.
pub(crate) fn source_identity(vendor: &Vendor, arn: &str) -> Option<String> {
    let own = own_name(arn);
    let user = own.as_ref().or(vendor.role_session_name.as_ref());
    let user = user.map(RoleSessionName::as_str).unwrap_or_default();
    let template = vendor.source_identity.as_ref();
    template.map(|template| template.fill(user))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Base;

    #[test]
    fn names_are_compared_as_a_trust_policy_does() {
        let user = "arn:aws:iam::111111111111:user/engineers/alice";
        let sso = "arn:aws:sts::111111111111:assumed-role/AWSReservedSSO_X_0123456789abcdef/alice";
        let made_up = "arn:aws:sts::111111111111:assumed-role/R/botocore-session-1763772000";
        let root = "arn:aws:iam::111111111111:root";
        let (name, identity) = ("vendor.role_session_name", IDENTITY);
        for (arn, session, source, asks, key) in [
            (user, None, None, false, None),
            (user, None, Some("{user}"), false, None),
            (user, Some("alice"), None, true, None),
            (sso, Some("alice"), Some("alice"), true, None),
            (sso, Some("bob"), None, true, Some(name)),
            (user, Some("Alice"), None, true, Some(name)),
            (sso, None, Some("bob"), true, Some(identity)),
            (user, None, Some("{user}@v.example"), true, Some(identity)),
            (made_up, Some("alice"), None, true, Some(name)),
            (root, Some("alice"), None, true, Some(name)),
        ] {
            let vendor = Vendor {
                base: Base::Environment,
                role_arn: "arn:aws:iam::111111111111:role/v".parse().unwrap(),
                role_session_name: session.map(|name| name.parse().unwrap()),
                source_identity: source.map(|name| UserTemplate(name.to_owned())),
                mfa_serial: None,
                sts_region: None,
                duration_seconds: 3600,
            };
            assert_eq!(needs_base(&vendor), asks, "{session:?} {source:?}");
            let other = other_name(&vendor, arn);
            assert_eq!(other.map(|it| it.key), key, "{arn} {session:?} {source:?}");
        }
    }
}
