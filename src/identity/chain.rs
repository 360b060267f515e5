//! The role chain as plain data, and the keys that its credentials are cached under; no I/O.
//! A key binds everything that tells one identity from another, so no two ever share an entry.

use std::fmt;

use sha2::{Digest as _, Sha256};

use crate::names::{ExternalId, RoleArn, RoleSessionName, UserTemplate};
use crate::settings::Customer;

/// The version of keys and entries: another one never reads this one's.
pub(super) const FORMAT: u32 = 2;

/// A SHA-256 over length-prefixed fields.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Fingerprint([u8; 32]);

impl fmt::Display for Fingerprint {
    /// 64 lower-case hexadecimal digits: the stores of some systems ignore letter case.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0
            .iter()
            .try_for_each(|byte| write!(formatter, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, formatter)
    }
}

/// Collects the fields of a [`Fingerprint`].
/// Each is preceded by its length, and an absent one differs from an empty one, so that no two
/// lists of fields run together into the same bytes.
pub(super) struct Fields(Sha256);

impl Fields {
    /// Begins a list of fields; `purpose` keeps lists of different kinds apart.
    pub(super) fn of(purpose: &str) -> Self {
        Self(Sha256::new()).bytes(purpose.as_bytes())
    }

    /// Adds a field of bytes.
    #[must_use]
    pub(super) fn bytes(mut self, bytes: &[u8]) -> Self {
        self.0.update((bytes.len() as u64).to_be_bytes());
        self.0.update(bytes);
        self
    }

    /// Adds a field of text.
    #[must_use]
    pub(super) fn text(self, text: &str) -> Self {
        self.bytes(text.as_bytes())
    }

    /// Adds a field that may be absent.
    #[must_use]
    pub(super) fn optional(mut self, text: Option<&str>) -> Self {
        self.0.update([u8::from(text.is_some())]);
        self.text(text.unwrap_or_default())
    }

    /// Adds a number.
    #[must_use]
    pub(super) fn number(self, number: u32) -> Self {
        self.bytes(&number.to_be_bytes())
    }

    /// The fingerprint of all fields.
    pub(super) fn finish(self) -> Fingerprint {
        Fingerprint(self.0.finalize().into())
    }
}

/// What the vendor role is asked for, and from where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct VendorRoleRequest {
    /// Who asks, as far as it is known without asking anyone.
    pub base: Fingerprint,
    /// The STS that is asked.
    pub sts_endpoint: String,
    /// The vendor role.
    pub role_arn: RoleArn,
    /// The session name; absent: the base identity's own name, which is not known yet.
    pub session_name: Option<RoleSessionName>,
    /// The SourceIdentity before the engineer's name is filled in.
    pub source_identity: Option<UserTemplate>,
    /// How long, in seconds.
    pub duration_seconds: u32,
}

impl VendorRoleRequest {
    fn fields(&self, purpose: &str) -> Fields {
        Fields::of(purpose)
            .number(FORMAT)
            .text(self.role_arn.partition().name())
            .text(&self.sts_endpoint)
            .bytes(&self.base.0)
            .text(self.role_arn.as_str())
            .optional(self.session_name.as_ref().map(RoleSessionName::as_str))
            .optional(self.source_identity.as_ref().map(|name| name.0.as_str()))
            .number(self.duration_seconds)
    }

    /// The key of the vendor role's entry.
    pub(super) fn key(&self) -> Fingerprint {
        self.fields("vendor-role").finish()
    }
}

/// What the customer role is asked for: everything about the vendor role, and its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct CustomerRoleRequest {
    /// The role that asks.
    pub vendor: VendorRoleRequest,
    /// The customer role.
    pub role_arn: RoleArn,
    /// The ExternalId, which leaves this type only inside a hash and in the AssumeRole call.
    pub external_id: ExternalId,
    /// A session policy that narrows the role.
    pub session_policy: Option<String>,
    /// How long, in seconds.
    pub duration_seconds: u32,
}

impl CustomerRoleRequest {
    /// The key of the customer role's entry.
    pub(super) fn key(&self) -> Fingerprint {
        self.vendor
            .fields("customer-role")
            .text(self.role_arn.as_str())
            .text(self.external_id.reveal())
            .optional(self.session_policy.as_deref())
            .number(self.duration_seconds)
            .finish()
    }
}

/// How much of the customer role is asked for. Each has an entry of its own in the cache.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scope {
    /// All that the customer grants.
    Whole,
    /// Only what AWS's plugin needs for one's own sessions.
    Plugin,
}

impl Scope {
    /// All there are.
    pub(crate) const ALL: [Self; 2] = [Self::Whole, Self::Plugin];

    /// The session policy that narrows the role to it:
    /// of both, only what the role's own policies allow too is allowed (IAM User Guide, "Session
    /// policies"). A session is one's own by the tag that Session Manager gives it, the userid of
    /// who started it.
    const fn session_policy(self) -> Option<&'static str> {
        match self {
            Self::Whole => None,
            Self::Plugin => Some(include_str!("plugin-policy.json")),
        }
    }
}

/// The whole chain for one customer.
///
/// The regions of the instances do not belong to it: the roles hold in all of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct RoleChain(pub CustomerRoleRequest);

impl RoleChain {
    /// The chain that the settings of `customer` describe, to this much of the customer role.
    pub(super) fn new(
        customer: &Customer,
        base: Fingerprint,
        sts_endpoint: String,
        scope: Scope,
    ) -> Self {
        Self(CustomerRoleRequest {
            vendor: VendorRoleRequest {
                base,
                sts_endpoint,
                role_arn: customer.vendor.role_arn.clone(),
                session_name: customer.vendor.role_session_name.clone(),
                source_identity: customer.vendor.source_identity.clone(),
                duration_seconds: customer.vendor.duration_seconds,
            },
            role_arn: customer.role_arn.clone(),
            external_id: customer.external_id.clone(),
            session_policy: scope.session_policy().map(str::to_owned),
            duration_seconds: customer.duration_seconds,
        })
    }
}

#[cfg(test)]
pub(super) mod tests {
    use std::collections::HashSet;

    use super::*;

    pub(crate) fn request() -> CustomerRoleRequest {
        CustomerRoleRequest {
            vendor: VendorRoleRequest {
                base: Fields::of("base").text("AKIAEXAMPLE").finish(),
                sts_endpoint: "https://sts.us-east-1.amazonaws.com".to_owned(),
                role_arn: "arn:aws:iam::111111111111:role/3P_IAM_Assume_Role"
                    .parse()
                    .unwrap(),
                session_name: Some("alice".parse().unwrap()),
                source_identity: None,
                duration_seconds: 3600,
            },
            role_arn: "arn:aws:iam::222222222222:role/SSMStartSession_IAM_Role_ThirdPartyA"
                .parse()
                .unwrap(),
            external_id: "ExternalID3rdPartyA".parse().unwrap(),
            session_policy: None,
            duration_seconds: 3600,
        }
    }

    type Change = fn(&mut CustomerRoleRequest);

    #[test]
    fn every_field_of_the_vendor_role_changes_both_keys() {
        let changes: [(&str, Change); 8] = [
            ("base", |it| {
                it.vendor.base = Fields::of("base").text("AKIAEXAMPLF").finish();
            }),
            ("endpoint", |it| it.vendor.sts_endpoint.push('x')),
            ("partition", |it| {
                it.vendor.role_arn = "arn:aws-cn:iam::111111111111:role/3P_IAM_Assume_Role"
                    .parse()
                    .unwrap();
            }),
            ("role", |it| {
                it.vendor.role_arn = "arn:aws:iam::111111111111:role/3PA_IAM_Assume_Role"
                    .parse()
                    .unwrap();
            }),
            ("other name", |it| {
                it.vendor.session_name = Some("alicf".parse().unwrap());
            }),
            ("unset name", |it| it.vendor.session_name = None),
            ("source identity", |it| {
                it.vendor.source_identity = Some(UserTemplate("{user}".to_owned()));
            }),
            ("duration", |it| it.vendor.duration_seconds = 900),
        ];
        for (name, change) in changes {
            let mut other = request();
            change(&mut other);
            assert_ne!(request().vendor.key(), other.vendor.key(), "{name}");
            assert_ne!(request().key(), other.key(), "{name}");
        }
    }

    #[test]
    fn every_field_of_the_customer_role_changes_its_key_alone() {
        let changes: [(&str, Change); 5] = [
            ("role", |it| {
                it.role_arn = "arn:aws:iam::333333333333:role/SSMStartSession_IAM_Role_ThirdPartyA"
                    .parse()
                    .unwrap();
            }),
            ("external id", |it| {
                it.external_id = "ExternalID3rdPartyB".parse().unwrap();
            }),
            ("policy", |it| it.session_policy = Some("{}".to_owned())),
            ("empty policy", |it| it.session_policy = Some(String::new())),
            ("duration", |it| it.duration_seconds = 900),
        ];
        for (name, change) in changes {
            let mut other = request();
            change(&mut other);
            assert_eq!(request().vendor.key(), other.vendor.key(), "{name}");
            assert_ne!(request().key(), other.key(), "{name}");
        }
    }

    #[test]
    fn the_two_roles_of_a_chain_never_share_a_key() {
        assert_ne!(request().key(), request().vendor.key());
    }

    #[test]
    fn fields_do_not_run_together() {
        let lists = [
            Fields::of("x").text("ab").text("c"),
            Fields::of("x").text("a").text("bc"),
            Fields::of("x").text("abc"),
            Fields::of("x").text("abc").text(""),
            Fields::of("x").text("").text("abc"),
            Fields::of("x").optional(None).text("abc"),
            Fields::of("x").optional(Some("")).text("abc"),
            Fields::of("xabc"),
        ];
        let count = lists.len();
        let distinct: HashSet<_> = lists.into_iter().map(Fields::finish).collect();
        assert_eq!(distinct.len(), count);
    }

    #[test]
    fn ten_thousand_random_pairs_share_no_key() {
        // xorshift: reproducible, and all that is needed here.
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut random = |below: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % below
        };
        let mut draw = || {
            let mut it = request();
            it.vendor.base = Fields::of("base").text(&random(3).to_string()).finish();
            it.vendor.duration_seconds = 900 + u32::try_from(random(3)).unwrap();
            it.vendor.session_name = (random(2) == 0).then(|| "bob".parse().unwrap());
            let account = 111_111_111_111 + random(3);
            it.role_arn = format!("arn:aws:iam::{account}:role/r{}", random(3))
                .parse()
                .unwrap();
            it.external_id = format!("id-{}", random(5)).parse().unwrap();
            it.duration_seconds = 900 + u32::try_from(random(3)).unwrap();
            it
        };
        for _ in 0..10_000 {
            let (one, other) = (draw(), draw());
            assert_eq!(one == other, one.key() == other.key());
            assert_eq!(
                one.vendor == other.vendor,
                one.vendor.key() == other.vendor.key()
            );
        }
    }

    #[test]
    fn nothing_printed_holds_the_external_id() {
        let chain = RoleChain(request());
        assert!(!format!("{chain:?}").contains("3rdPartyA\""));
        assert!(!format!("{chain:?}").contains("ExternalID3rd"));
    }
}
