//! A TARGET as it was typed, and what to list to find it. Pure.

use std::fmt;
use std::net::IpAddr;

use crate::inventory::{Filter, Instance, Query};

/// A TARGET, read by its shape alone: text shaped like an id or an address never matches a Name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Wanted {
    /// `i-` and 8 or 17 hexadecimal digits, or `mi-` and 17 for a managed node outside EC2.
    Id(String),
    /// A private IPv4 or an IPv6 address, of any network interface.
    Address(IpAddr),
    /// Anything else: an exact Name tag.
    Name(String),
}

impl Wanted {
    /// Reads a TARGET. Ids are written in lower case, so `i-0ABC…` means `i-0abc…`.
    pub(crate) fn parse(text: &str) -> Self {
        if is_instance_id(text) {
            Self::Id(text.to_ascii_lowercase())
        } else if let Some(address) = address(text) {
            Self::Address(address)
        } else {
            Self::Name(text.to_owned())
        }
    }

    /// What to list to find it: one DescribeInstances per region.
    pub(crate) fn query(&self) -> Query {
        Query::only(match self {
            Self::Id(id) => Filter::Id(id.clone()),
            Self::Address(address) => Filter::Address(*address),
            Self::Name(name) => Filter::Name(name.clone()),
        })
    }

    /// Whether it is this instance that is meant.
    pub(super) fn is(&self, instance: &Instance) -> bool {
        match self {
            Self::Id(id) => instance.instance_id == *id,
            Self::Address(address) => instance.addresses.contains(address),
            Self::Name(name) => instance.name.as_deref() == Some(name),
        }
    }
}

impl fmt::Display for Wanted {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Id(id) => write!(formatter, "the id {id}"),
            Self::Address(IpAddr::V4(address)) => {
                write!(formatter, "the private address {address}")
            }
            Self::Address(IpAddr::V6(address)) => write!(formatter, "the IPv6 address {address}"),
            Self::Name(name) => write!(formatter, "the name {name:?}"),
        }
    }
}

/// An address in any of its textual forms.
/// IPv6 may be in brackets, as in a URL (RFC 3986, 3.2.2). An IPv4-mapped address is the IPv4
/// address.
fn address(text: &str) -> Option<IpAddr> {
    let bracketed = text
        .strip_prefix('[')
        .and_then(|text| text.strip_suffix(']'));
    match bracketed {
        Some(inner) => inner.parse().ok().map(IpAddr::V6),
        None => text.parse().ok(),
    }
    .map(|address| address.to_canonical())
}

fn is_instance_id(text: &str) -> bool {
    let (digits, lengths): (_, &[usize]) = if let Some(digits) = text.strip_prefix("i-") {
        (digits, &[8, 17])
    } else if let Some(digits) = text.strip_prefix("mi-") {
        (digits, &[17])
    } else {
        return false;
    };
    lengths.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}
