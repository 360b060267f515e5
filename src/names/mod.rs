//! AWS's names as types that are parsed once: accounts, roles, regions, documents.
//! Text that AWS would refuse is refused here, before any call.

mod customer;
pub(crate) mod document;
mod endpoint;
mod malformed;
pub(crate) mod moment;
mod near;
mod reason;
mod region;
pub(crate) mod short;

use std::fmt;
use std::str::FromStr;

pub(crate) use crate::platform::quoted;
pub(crate) use customer::customer_name;
pub(crate) use endpoint::{EndpointUrl, SSMMESSAGES, without_secrets};
pub(crate) use malformed::Malformed;
pub(crate) use malformed::{fits, malformed};
pub(crate) use moment::GrantEnd;
pub(crate) use near::did_you_mean;
pub(crate) use reason::control_in;
pub(crate) use region::{Partition, Region};

/// An account id of twelve digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId(String);

impl AccountId {
    /// The twelve digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AccountId {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            malformed("expected an account id of twelve digits")
        }
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A role's ARN, `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RoleArn {
    text: String,
    partition: &'static Partition,
    account: AccountId,
    name_at: usize,
}

impl RoleArn {
    /// The whole ARN.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    pub fn partition(&self) -> &'static Partition {
        self.partition
    }

    /// The account that the role is in.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// The role's path, `/` if it has none.
    pub fn path(&self) -> &str {
        let before = &self.text[..self.name_at];
        &before[before.rfind(":role/").map_or(0, |at| at + ":role".len())..]
    }

    /// The role's name without its path, as in the ARN of its sessions.
    pub fn name(&self) -> &str {
        &self.text[self.name_at..]
    }
}

impl FromStr for RoleArn {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let fields: Vec<&str> = text.splitn(6, ':').collect();
        let ["arn", partition, "iam", "", account, resource] = fields[..] else {
            return malformed("expected a role's ARN such as arn:aws:iam::ACCOUNT:role/NAME");
        };
        let Some(path) = resource.strip_prefix("role/") else {
            return malformed("the ARN does not name a role");
        };
        let name = path.rsplit('/').next().unwrap_or_default();
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
        let path_ok = path.len() <= 576 && path.bytes().all(|byte| (b'!'..=b'~').contains(&byte));
        if name.is_empty() || name.len() > 64 || !name.bytes().all(allowed) || !path_ok {
            return malformed(
                "expected a role name of 1 to 64 characters from a-z A-Z 0-9 _ + = , . @ -",
            );
        }
        Ok(Self {
            partition: Partition::named(partition)?,
            account: account.parse()?,
            name_at: text.len() - name.len(),
            text: text.to_owned(),
        })
    }
}

impl fmt::Display for RoleArn {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}

/// A customer's ExternalId. AWS does not treat it as a secret; vendor-ssm keeps it confidential.
/// Printing it shows at most its last three characters. [`ExternalId::reveal`] is for the
/// AssumeRole call and the cache's hash.
#[derive(Clone, PartialEq, Eq, Hash)]
pub(crate) struct ExternalId(String);

/// Hexadecimal digits.
const HEX: &[u8; 16] = b"0123456789abcdef";

impl ExternalId {
    /// Makes a new ExternalId of `random` bytes.
    /// AWS wants the vendor to make it, unique for each customer (IAM user guide, "Access to AWS
    /// accounts owned by third parties").
    pub(crate) fn of(random: &[u8; 20]) -> Self {
        let digits =
            |byte: &u8| [byte >> 4, byte & 15].map(|four| char::from(HEX[usize::from(four)]));
        Self(random.iter().flat_map(digits).collect())
    }

    /// The whole value.
    pub(crate) fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for ExternalId {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        if fits(text, b"_+=,.@:/-", 2..=1224) {
            Ok(Self(text.to_owned()))
        } else {
            malformed(
                "expected an ExternalId of 2 to 1224 characters from a-z A-Z 0-9 _ + = , . @ : / -",
            )
        }
    }
}

impl fmt::Display for ExternalId {
    /// `…tyA`. A short value shows less, so that at most a quarter is visible.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = (self.0.len() / 4).min(3);
        write!(formatter, "…{}", &self.0[self.0.len() - shown..])
    }
}

impl fmt::Debug for ExternalId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "ExternalId({self})")
    }
}

/// The session name of both roles: the engineer's own name, the same in every run.
/// Only the same name may end or resume a session. It has no comma, since Session Manager's system
/// tags cannot hold one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct RoleSessionName(String);

impl RoleSessionName {
    /// The name.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RoleSessionName {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        if fits(text, b"_+=.@-", 2..=64) {
            Ok(Self(text.to_owned()))
        } else {
            malformed(
                "expected a role session name of 2 to 64 characters from a-z A-Z 0-9 _ + = . @ -",
            )
        }
    }
}

impl fmt::Display for RoleSessionName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Text in which `{user}` stands for the engineer's name, so that a team shares one file.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct UserTemplate(pub String);

impl UserTemplate {
    /// A `SourceIdentity`, 2 to 64 characters when filled in (AssumeRole API reference).
    pub(crate) fn source_identity(text: &str) -> Result<Self, Malformed> {
        if fits(&Self::shortest(text), b"_+=,.@-", 2..=64) {
            Ok(Self(text.to_owned()))
        } else {
            malformed(
                "expected a SourceIdentity of 2 to 64 characters from a-z A-Z 0-9 _ + = , . @ - and {user}",
            )
        }
    }

    /// An MFA device's serial number or ARN, 9 to 256 characters (AssumeRole API reference).
    pub(crate) fn mfa_serial(text: &str) -> Result<Self, Malformed> {
        if fits(&Self::shortest(text), b"_+=/:,.@-", 9..=256) {
            Ok(Self(text.to_owned()))
        } else {
            malformed(
                "expected an MFA serial of 9 to 256 characters from a-z A-Z 0-9 _ + = / : , . @ - and {user}",
            )
        }
    }

    /// The text for the shortest possible name, which has two characters.
    fn shortest(text: &str) -> String {
        text.replace("{user}", "xx")
    }

    /// Whether it needs the engineer's name.
    pub(crate) fn names_user(&self) -> bool {
        self.0.contains("{user}")
    }

    /// The text with the engineer's name in its place.
    pub(crate) fn fill(&self, user: &str) -> String {
        self.0.replace("{user}", user)
    }
}

impl fmt::Display for UserTemplate {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A Session document's name or ARN, `^[a-zA-Z0-9_\-.:/]{3,128}$` (StartSession API reference).
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct DocumentName(String);

impl DocumentName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for DocumentName {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        if fits(text, b"_-.:/", 3..=128) {
            Ok(Self(text.to_owned()))
        } else {
            malformed("expected a document name of 3 to 128 characters from a-z A-Z 0-9 _ - . : /")
        }
    }
}

impl fmt::Display for DocumentName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_role_arn_is_taken_apart() {
        let arn: RoleArn = "arn:aws-cn:iam::111111111111:role/team/x/Name"
            .parse()
            .unwrap();
        assert_eq!(
            (arn.partition().name(), arn.account().as_str(), arn.name()),
            ("aws-cn", "111111111111", "Name")
        );
        assert_eq!(arn.path(), "/team/x/");
        let plain: RoleArn = "arn:aws:iam::111111111111:role/Name".parse().unwrap();
        assert_eq!(plain.path(), "/");
        for wrong in [
            "",
            "arn:aws:iam::111111111111:user/alice",
            "arn:aws:iam::1:role/x",
            "arn:aws:iam::111111111111:role/",
        ] {
            assert!(wrong.parse::<RoleArn>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_external_id_shows_three_characters_at_most() {
        let id: ExternalId = "ExternalID3rdPartyA".parse().unwrap();
        assert_eq!(format!("{id} {id:?}"), "…tyA ExternalId(…tyA)");
        let short: ExternalId = "ab".parse().unwrap();
        assert_eq!(short.to_string(), "…");
    }
    #[test]
    fn a_template_knows_only_the_user() {
        for right in ["{user}", "alice@example.com", "x-{user}"] {
            assert!(UserTemplate::source_identity(right).is_ok(), "{right}");
        }
        for wrong in ["", "x", "{User}", "{user", "a b", "aws:{user}"] {
            assert!(UserTemplate::source_identity(wrong).is_err(), "{wrong}");
        }
        assert!(UserTemplate::mfa_serial("arn:aws:iam::111111111111:mfa/{user}").is_ok());
        assert!(UserTemplate::mfa_serial("{user}").is_err());
    }
}
