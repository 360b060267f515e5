//! What to ask EC2 for, in its filters' own words. Refused is a filter that it would not know.

use std::net::IpAddr;

/// Which of the customer's instances to list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Query {
    /// All of these must fit.
    pub filters: Vec<Filter>,
    /// What to ask about the agents.
    pub ping: Ping,
    /// What to keep of each instance.
    pub kept: Kept,
}

/// What to ask Systems Manager about the agents:
/// one DescribeInstanceProperties per region and page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ping {
    /// Nothing: that call is not made.
    Skip,
    /// Their PingStatus, if the customer grants it.
    Join,
    /// Their PingStatus, and only instances with `Online` are wanted;
    /// a region that does not answer has failed.
    Online,
}

/// What is kept of each instance that was listed and checked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    /// All of it.
    All,
    /// What a row of a table shows: neither tags nor further addresses, most of an instance.
    Row,
}

/// One filter.
/// In patterns `*` and `?` stand for any characters and for one, and `\` takes that meaning away
/// (EC2 User Guide, "Filter your resources"); letter case counts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Filter {
    /// This instance id. As a filter an unknown id is an empty answer and not an error.
    Id(String),
    /// This private IPv4 or IPv6 address, of any network interface.
    Address(IpAddr),
    /// A Name that is or begins with this text, or differs from it only in letter case.
    /// With the exact name come those that it may have been meant to be.
    Name(String),
    /// A tag, by a pattern.
    Tag {
        /// The key, to the letter.
        key: String,
        /// The pattern of the value.
        pattern: String,
    },
}

/// A `--filter` that is neither `name` nor `tag:KEY`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid filter {0:?}: expected name=PATTERN or tag:KEY=PATTERN")]
pub(crate) struct UnknownFilter(pub String);

impl Query {
    /// All of the customer's instances with their agents' status, for a list or the picker.
    pub(crate) fn all() -> Self {
        Self {
            filters: Vec::new(),
            ping: Ping::Join,
            kept: Kept::All,
        }
    }

    /// Instances that this filter fits, in exactly one DescribeInstances per region and page.
    pub(crate) fn only(filter: Filter) -> Self {
        Self {
            filters: vec![filter],
            ping: Ping::Skip,
            kept: Kept::All,
        }
    }

    /// What `list --filter KEY=PATTERN… [--online]` asks for.
    pub(crate) fn parse(filters: &[(String, String)], online: bool) -> Result<Self, UnknownFilter> {
        let filters = filters.iter().map(|(key, pattern)| {
            let key = match key.strip_prefix("tag:") {
                Some(key) if !key.is_empty() => key,
                None if key == "name" => "Name",
                _ => return Err(UnknownFilter(key.clone())),
            };
            Ok(Filter::Tag {
                key: key.to_owned(),
                pattern: pattern.clone(),
            })
        });
        Ok(Self {
            filters: filters.collect::<Result<_, _>>()?,
            ping: if online { Ping::Online } else { Ping::Join },
            kept: Kept::All,
        })
    }
}

impl Filter {
    /// A tag with this very value.
    pub(crate) fn tag(key: &str, value: &str) -> Self {
        Self::Tag {
            key: key.to_owned(),
            pattern: literal(value),
        }
    }

    /// The filter's name as EC2 has it.
    pub(super) fn name(&self) -> String {
        match self {
            Self::Id(_) => "instance-id".to_owned(),
            Self::Address(IpAddr::V4(_)) => {
                "network-interface.addresses.private-ip-address".to_owned()
            }
            Self::Address(IpAddr::V6(_)) => {
                "network-interface.ipv6-addresses.ipv6-address".to_owned()
            }
            Self::Name(_) => "tag:Name".to_owned(),
            Self::Tag { key, .. } => format!("tag:{key}"),
        }
    }

    /// The filter's values as EC2 has them, of which one has to fit.
    /// An IPv6 address has the form of RFC 5952.
    pub(super) fn values(&self) -> Vec<String> {
        match self {
            Self::Id(id) => vec![id.clone()],
            Self::Address(address) => vec![address.to_string()],
            Self::Name(name) => vec![format!("{}*", literal(name)), any_case(name)],
            Self::Tag { pattern, .. } => vec![pattern.clone()],
        }
    }
}

/// A pattern that fits this text alone.
fn literal(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '*' | '?' | '\\') {
            pattern.push('\\');
        }
        pattern.push(character);
    }
    pattern
}

/// A pattern that fits this text in any letter case, and others that have its length.
/// EC2's filters know no other way to pass over the case.
fn any_case(text: &str) -> String {
    let has_case = |letter: char| letter.is_lowercase() || letter.is_uppercase();
    let pattern = |letter| {
        if has_case(letter) {
            "?".to_owned()
        } else {
            literal(&String::from(letter))
        }
    };
    text.chars().map(pattern).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_value_is_no_pattern() {
        let table = [
            ("Third_Party_A", "Third_Party_A"),
            ("*", r"\*"),
            ("a?b", r"a\?b"),
            (r"a\*", r"a\\\*"),
            ("", ""),
        ];
        for (value, pattern) in table {
            assert_eq!(Filter::tag("k", value).values(), [pattern]);
        }
        let name = Filter::Name("Web?-1é*".to_owned());
        assert_eq!(name.values(), [r"Web\?-1é\**", r"???\?-1?\*"]);
    }

    #[test]
    fn filters_have_ec2s_names() {
        let table = [
            (Filter::Id("i-1".to_owned()), "instance-id", "i-1"),
            (
                Filter::Address([10, 0, 0, 1].into()),
                "network-interface.addresses.private-ip-address",
                "10.0.0.1",
            ),
            (
                Filter::Address("2001:DB8:0::1".parse().unwrap()),
                "network-interface.ipv6-addresses.ipv6-address",
                "2001:db8::1",
            ),
            (Filter::tag("Env", "prod"), "tag:Env", "prod"),
        ];
        for (filter, name, value) in table {
            assert_eq!(
                (filter.name().as_str(), filter.values()),
                (name, vec![value.to_owned()])
            );
        }
    }

    #[test]
    fn the_filter_flag_takes_names_and_tags() {
        let flag = |key: &str, pattern: &str| vec![(key.to_owned(), pattern.to_owned())];
        let query = Query::parse(&flag("name", "web-*"), true).unwrap();
        assert_eq!(query.ping, Ping::Online);
        assert_eq!(query.filters[0].name(), "tag:Name");
        assert_eq!(query.filters[0].values(), ["web-*"]);
        let query = Query::parse(&flag("tag:Env:x", "p?"), false).unwrap();
        assert_eq!(query.filters[0].name(), "tag:Env:x");
        for wrong in ["tag:", "Name", "state", "tag", ""] {
            let error = Query::parse(&flag(wrong, "x"), false).unwrap_err();
            assert_eq!(error, UnknownFilter(wrong.to_owned()));
        }
    }
}
