//! Regions and their partitions. Text that cannot be part of a host name is refused.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use super::malformed::{Malformed, malformed};

/// A partition of AWS, such as `aws` or `aws-cn`.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Partition {
    name: &'static str,
    dns_suffixes: [&'static str; 2],
    region_prefixes: &'static [&'static str],
    first_region: &'static str,
}

/// All of them (AWS General Reference; the AWS SDKs' partitions file).
pub(crate) static PARTITIONS: [Partition; 8] = [
    Partition {
        name: "aws",
        dns_suffixes: ["amazonaws.com", "api.aws"],
        region_prefixes: &["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"],
        first_region: "us-east-1",
    },
    Partition {
        name: "aws-cn",
        dns_suffixes: ["amazonaws.com.cn", "api.amazonwebservices.com.cn"],
        region_prefixes: &["cn"],
        first_region: "cn-north-1",
    },
    Partition {
        name: "aws-us-gov",
        dns_suffixes: ["amazonaws.com", "api.aws"],
        region_prefixes: &["us-gov"],
        first_region: "us-gov-west-1",
    },
    Partition {
        name: "aws-iso",
        dns_suffixes: ["c2s.ic.gov", "api.aws.ic.gov"],
        region_prefixes: &["us-iso"],
        first_region: "us-iso-east-1",
    },
    Partition {
        name: "aws-iso-b",
        dns_suffixes: ["sc2s.sgov.gov", "api.aws.scloud"],
        region_prefixes: &["us-isob"],
        first_region: "us-isob-east-1",
    },
    Partition {
        name: "aws-iso-e",
        dns_suffixes: ["cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"],
        region_prefixes: &["eu-isoe"],
        first_region: "eu-isoe-west-1",
    },
    Partition {
        name: "aws-iso-f",
        dns_suffixes: ["csp.hci.ic.gov", "api.aws.hci.ic.gov"],
        region_prefixes: &["us-isof"],
        first_region: "us-isof-south-1",
    },
    Partition {
        name: "aws-eusc",
        dns_suffixes: ["amazonaws.eu", "api.amazonwebservices.eu"],
        region_prefixes: &["eusc"],
        first_region: "eusc-de-east-1",
    },
];

impl Partition {
    /// Its name as ARNs carry it.
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// The suffixes of its endpoints' host names: first for IPv4 only, then for IPv4 and IPv6.
    pub fn dns_suffixes(&self) -> [&'static str; 2] {
        self.dns_suffixes
    }

    /// Whether a host name is under the suffix of any partition's dual-stack endpoints.
    pub(crate) fn is_dualstack(host: &str) -> bool {
        let suffixes = PARTITIONS.iter().map(|partition| partition.dns_suffixes[1]);
        suffixes
            .filter_map(|suffix| host.strip_suffix(suffix))
            .any(|rest| rest.ends_with('.'))
    }

    /// The region whose STS is used if nothing names another.
    pub fn first_region(&self) -> Region {
        Region(self.first_region.into())
    }

    /// The partition of that name.
    pub fn named(name: &str) -> Result<&'static Self, Malformed> {
        PARTITIONS
            .iter()
            .find(|partition| partition.name == name)
            .map_or_else(|| malformed(format!("unknown AWS partition {name:?}")), Ok)
    }
}

/// A region's code, such as `us-east-1`. It is safe in a host name, and its partition is known.
/// Clones share the text.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Region(Arc<str>);

impl Region {
    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The partition of its prefix; `aws` for a prefix that is newer than this table.
    pub fn partition(&self) -> &'static Partition {
        let begins = |prefix: &str| {
            self.0
                .strip_prefix(prefix)
                .is_some_and(|rest| rest.starts_with('-'))
        };
        PARTITIONS
            .iter()
            .flat_map(|partition| {
                partition
                    .region_prefixes
                    .iter()
                    .map(move |prefix| (prefix, partition))
            })
            .filter(|(prefix, _)| begins(prefix))
            .max_by_key(|(prefix, _)| prefix.len())
            .map_or(&PARTITIONS[0], |(_, partition)| partition)
    }

    /// The host name of a service here, such as `ssm.us-east-1.amazonaws.com`.
    pub fn host(&self, service: &str) -> String {
        format!("{service}.{self}.{}", self.partition().dns_suffixes()[0])
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
            Ok(Self(text.into()))
        } else {
            malformed(format!("expected a region such as us-east-1, not {text:?}"))
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
        for row in &PARTITIONS {
            assert_eq!(partition(row.first_region), row.name);
        }
        let host = |text: &str| text.parse::<Region>().unwrap().host("ssm");
        assert_eq!(host("eu-west-1"), "ssm.eu-west-1.amazonaws.com");
        assert_eq!(host("cn-north-1"), "ssm.cn-north-1.amazonaws.com.cn");
    }
}
