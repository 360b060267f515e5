//! The words of AWS that settings are made of, parsed once into types; text that AWS would refuse is
//! refused here, before the network.

use std::fmt;
use std::str::FromStr;

/// Why a value is not what its type demands. Display is one clause that fits behind the key's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(pub String);

fn malformed<T>(text: impl Into<String>) -> Result<T, Malformed> {
    Err(Malformed(text.into()))
}

/// Twelve digits.
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
            malformed("an account id is twelve digits")
        }
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The partitions of AWS: the name in ARNs, the DNS suffix, the prefixes of their regions, and the
/// region whose STS is asked when nothing names one (AWS General Reference; botocore partitions.json).
const PARTITIONS: [(&str, &str, &[&str], &str); 7] = [
    (
        "aws",
        "amazonaws.com",
        &["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"],
        "us-east-1",
    ),
    ("aws-cn", "amazonaws.com.cn", &["cn"], "cn-north-1"),
    ("aws-us-gov", "amazonaws.com", &["us-gov"], "us-gov-west-1"),
    ("aws-iso", "c2s.ic.gov", &["us-iso"], "us-iso-east-1"),
    ("aws-iso-b", "sc2s.sgov.gov", &["us-isob"], "us-isob-east-1"),
    (
        "aws-iso-f",
        "csp.hci.ic.gov",
        &["us-isof"],
        "us-isof-south-1",
    ),
    ("aws-eusc", "amazonaws.eu", &["eusc"], "eusc-de-east-1"),
];

/// A partition of AWS, such as `aws` or `aws-cn`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Partition(&'static str);

impl Partition {
    /// The partition's name as ARNs carry it.
    pub fn name(self) -> &'static str {
        self.0
    }

    fn row(
        self,
    ) -> &'static (
        &'static str,
        &'static str,
        &'static [&'static str],
        &'static str,
    ) {
        PARTITIONS
            .iter()
            .find(|row| row.0 == self.0)
            .unwrap_or(&PARTITIONS[0])
    }

    /// What its endpoints' host names end in.
    pub fn dns_suffix(self) -> &'static str {
        self.row().1
    }

    /// The region whose STS is asked when nothing names another.
    pub fn first_region(self) -> Region {
        Region(self.row().3.to_owned())
    }
}

impl FromStr for Partition {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        PARTITIONS.iter().find(|row| row.0 == text).map_or_else(
            || malformed(format!("{text:?} is no partition of AWS")),
            |row| Ok(Self(row.0)),
        )
    }
}

/// A region's code, such as `us-east-1`. Its form is checked and its partition known, so that it can
/// stand in a host name.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Region(String);

impl Region {
    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The partition that its prefix says; `aws` for prefixes that are newer than this table.
    pub fn partition(&self) -> Partition {
        let area = self.0.rsplit_once('-').map_or("", |(rest, _)| rest);
        let area = area.rsplit_once('-').map_or("", |(rest, _)| rest);
        PARTITIONS
            .iter()
            .find(|row| row.2.contains(&area))
            .map_or(Partition("aws"), |row| Partition(row.0))
    }
}

impl FromStr for Region {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let mut parts: Vec<&str> = text.split('-').collect();
        let number = parts.pop().unwrap_or_default();
        let is_region = parts.len() >= 2
            && text.len() <= 32
            && parts
                .iter()
                .all(|part| part.len() >= 2 && part.bytes().all(|byte| byte.is_ascii_lowercase()))
            && (1..=2).contains(&number.len())
            && number.bytes().all(|byte| byte.is_ascii_digit());
        if is_region {
            Ok(Self(text.to_owned()))
        } else {
            malformed(format!("{text:?} is no region such as us-east-1"))
        }
    }
}

impl fmt::Display for Region {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// A role's ARN, `arn:PARTITION:iam::ACCOUNT:role/PATH/NAME`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RoleArn {
    text: String,
    partition: Partition,
    account: AccountId,
    name_at: usize,
}

impl RoleArn {
    /// The whole ARN.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The partition.
    pub fn partition(&self) -> Partition {
        self.partition
    }

    /// The account that the role is in.
    pub fn account(&self) -> &AccountId {
        &self.account
    }

    /// The role's name without its path, as the ARN of a session of it has it.
    pub fn name(&self) -> &str {
        &self.text[self.name_at..]
    }
}

impl FromStr for RoleArn {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let fields: Vec<&str> = text.splitn(6, ':').collect();
        let ["arn", partition, "iam", "", account, resource] = fields[..] else {
            return malformed("a role's ARN is arn:aws:iam::ACCOUNT:role/NAME");
        };
        let Some(path) = resource.strip_prefix("role/") else {
            return malformed("this is the ARN of something else than a role");
        };
        let name = path.rsplit('/').next().unwrap_or_default();
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
        let path_ok = path.len() <= 576 && path.bytes().all(|byte| (b'!'..=b'~').contains(&byte));
        if name.is_empty() || name.len() > 64 || !name.bytes().all(allowed) || !path_ok {
            return malformed(
                "a role's name is 1 to 64 of the characters a-z A-Z 0-9 _ + = , . @ -",
            );
        }
        Ok(Self {
            partition: partition.parse()?,
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

/// The ExternalId of a customer: not a secret to AWS, confidential to us. Printing it shows at most
/// its last three characters; [`ExternalId::reveal`] is for the AssumeRole call and the cache's hash.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct ExternalId(String);

impl ExternalId {
    /// The whole value.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl FromStr for ExternalId {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@:/-".contains(&byte);
        if (2..=1224).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            malformed("an ExternalId is 2 to 1224 of the characters a-z A-Z 0-9 _ + = , . @ : / -")
        }
    }
}

impl fmt::Display for ExternalId {
    /// `…tyA`; short values show less, so that never more than a quarter is seen.
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

/// A role session's name: the engineer's own, the same at both roles and in every run, since ending
/// and resuming a session is tied to it. No comma: Session Manager's system tags cannot hold one.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct RoleSessionName(String);

impl RoleSessionName {
    /// The name.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for RoleSessionName {
    type Err = Malformed;

    fn from_str(text: &str) -> Result<Self, Malformed> {
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=.@-".contains(&byte);
        if (2..=64).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            malformed("a role session name is 2 to 64 of the characters a-z A-Z 0-9 _ + = . @ -")
        }
    }
}

impl fmt::Display for RoleSessionName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Text in which `{user}` stands for the engineer's name, so that one settings file serves a team.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct UserTemplate(pub String);

impl UserTemplate {
    /// Whether the engineer's name is needed to fill it in.
    pub fn names_user(&self) -> bool {
        self.0.contains("{user}")
    }

    /// The text with the engineer's name in its place.
    pub fn fill(&self, user: &str) -> String {
        self.0.replace("{user}", user)
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
        let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_-.:/".contains(&byte);
        if (3..=128).contains(&text.len()) && text.bytes().all(allowed) {
            Ok(Self(text.to_owned()))
        } else {
            malformed("a document's name is 3 to 128 of the characters a-z A-Z 0-9 _ - . : /")
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
    fn a_region_can_stand_in_a_host_name() {
        for right in [
            "us-east-1",
            "us-gov-west-1",
            "eusc-de-east-1",
            "ap-southeast-10",
        ] {
            assert!(right.parse::<Region>().is_ok(), "{right}");
        }
        for wrong in [
            "x@evil:443/#",
            "us-east",
            "US-EAST-1",
            "us-east-1.evil",
            "-1",
            "us--1",
            "",
        ] {
            assert!(wrong.parse::<Region>().is_err(), "{wrong}");
        }
        let partition = |text: &str| text.parse::<Region>().unwrap().partition().name();
        assert_eq!(partition("us-gov-west-1"), "aws-us-gov");
        assert_eq!(partition("cn-north-1"), "aws-cn");
        assert_eq!(partition("eu-west-1"), "aws");
        assert_eq!(partition("eusc-de-east-1"), "aws-eusc");
        assert_eq!(partition("us-isob-east-1"), "aws-iso-b");
    }

    #[test]
    fn an_external_id_shows_three_characters_at_most() {
        let id: ExternalId = "ExternalID3rdPartyA".parse().unwrap();
        assert_eq!(format!("{id} {id:?}"), "…tyA ExternalId(…tyA)");
        let short: ExternalId = "ab".parse().unwrap();
        assert_eq!(short.to_string(), "…");
    }
}
