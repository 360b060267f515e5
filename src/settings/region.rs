//! Regions and the partitions they are in. Refused is text that could not stand in a host name.

use std::fmt;
use std::str::FromStr;

use super::values::{Malformed, malformed};

/// The partitions of AWS: the name in ARNs, the DNS suffix, the prefixes of their regions, and the
/// region whose STS is asked when nothing names one (AWS General Reference; botocore partitions.json).
const PARTITIONS: [(&str, &str, &[&str], &str); 8] = [
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
        "aws-iso-e",
        "cloud.adc-e.uk",
        &["eu-isoe"],
        "eu-isoe-west-1",
    ),
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
        let begins = |prefix: &&str| {
            area.strip_prefix(prefix)
                .is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
        };
        PARTITIONS
            .iter()
            .flat_map(|row| row.2.iter().map(move |prefix| (*prefix, row.0)))
            .filter(|(prefix, _)| begins(prefix))
            .max_by_key(|(prefix, _)| prefix.len())
            .map_or(Partition("aws"), |(_, name)| Partition(name))
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

#[cfg(test)]
mod tests {
    use super::*;

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
        assert_eq!(partition("eu-isoe-west-1"), "aws-iso-e");
        for row in PARTITIONS {
            assert_eq!(partition(row.3), row.0);
        }
    }
}
