//! Which instance a TARGET means: an id, an exact Name or a private address. Refused is guessing:
//! the first match is never taken silently, and nothing is unique while a region has not answered.

pub(crate) mod picker;

use std::net::IpAddr;

use crate::exit::Exit;
use crate::facts::Facts;
use crate::inventory::{Filter, Instance, Inventory, Query, RegionFailure};
use crate::signals::Ending;

/// How many names a message lists at most.
const MOST_NEAR: usize = 10;

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
            Self::Name(name) => Filter::name_begins(name),
        })
    }

    fn is(&self, instance: &Instance) -> bool {
        match self {
            Self::Id(id) => instance.instance_id == *id,
            Self::Address(address) => instance.addresses.contains(address),
            Self::Name(name) => instance.name.as_deref() == Some(name),
        }
    }
}

impl std::fmt::Display for Wanted {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
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

/// What was chosen, or what is left to ask.
#[derive(Debug)]
pub(crate) enum Choice {
    /// This instance and no other.
    One(Box<Instance>),
    /// A person has to pick one of these; `otherwise` is the answer if there is no terminal.
    Ask {
        /// The instances to pick from: never none.
        candidates: Vec<Instance>,
        /// What to end with instead.
        otherwise: Error,
    },
}

/// Finds what is wanted among what was listed; without a TARGET a person has to pick.
pub(crate) fn choose(wanted: Option<&Wanted>, inventory: Inventory) -> Result<Choice, Error> {
    let Inventory {
        instances,
        failures,
        ..
    } = inventory;
    let Some(wanted) = wanted else {
        // A person sees what there is, and beside it which regions are missing.
        return if instances.is_empty() {
            Err(unanswered(failures).unwrap_or(Error::NoInstances))
        } else {
            Ok(Choice::Ask {
                candidates: instances,
                otherwise: Error::NeedsTerminal,
            })
        };
    };
    let (mut exact, others): (Vec<_>, Vec<_>) = instances
        .into_iter()
        .partition(|instance| wanted.is(instance));
    let is_certain = matches!(wanted, Wanted::Id(_)) && exact.len() == 1;
    if !is_certain && let Some(error) = unanswered(failures) {
        return Err(error);
    }
    match exact.pop() {
        Some(only) if exact.is_empty() => Ok(Choice::One(Box::new(only))),
        Some(last) => {
            exact.push(last);
            Ok(Choice::Ask {
                otherwise: Error::Ambiguous {
                    wanted: wanted.clone(),
                    candidates: exact.clone(),
                },
                candidates: exact,
            })
        }
        None => match near(wanted, others) {
            candidates if candidates.is_empty() => Err(no_match(wanted, &[])),
            candidates => Ok(Choice::Ask {
                otherwise: no_match(wanted, &candidates),
                candidates,
            }),
        },
    }
}

/// The error of the region that matters most: one with a foreign answer, else the first.
fn unanswered(mut failures: Vec<RegionFailure>) -> Option<Error> {
    let of_another = failures
        .iter()
        .position(|failure| failure.exit() == Exit::IdentityMismatch);
    (!failures.is_empty()).then(|| {
        Error::Unanswered(Box::new(
            failures.swap_remove(of_another.unwrap_or_default()),
        ))
    })
}

/// The instances whose names begin as the one that was asked for.
fn near(wanted: &Wanted, others: Vec<Instance>) -> Vec<Instance> {
    let Wanted::Name(prefix) = wanted else {
        return Vec::new();
    };
    others
        .into_iter()
        .filter(|instance| {
            let name = instance.name.as_deref();
            name.is_some_and(|name| name.starts_with(prefix.as_str()))
        })
        .collect()
}

fn no_match(wanted: &Wanted, near: &[Instance]) -> Error {
    let mut names: Vec<String> = near.iter().filter_map(|near| near.name.clone()).collect();
    names.sort_unstable();
    names.dedup();
    Error::NoMatch {
        wanted: wanted.clone(),
        near: names,
    }
}

/// Why no instance was chosen. Names in it come from the customer's account: escape them.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// No listed instance is the one that was asked for.
    #[error("no instance has {wanted}")]
    NoMatch {
        wanted: Wanted,
        /// The names that start with it, sorted.
        near: Vec<String>,
    },
    /// There is nothing to pick from.
    #[error("no instance carries the vendor's tag")]
    NoInstances,
    /// Several instances are what was asked for.
    #[error("{count} instances have {wanted}", count = .candidates.len())]
    Ambiguous {
        wanted: Wanted,
        /// The instances that fit.
        candidates: Vec<Instance>,
    },
    /// A region did not answer, so that nothing is unique.
    #[error(transparent)]
    Unanswered(#[from] Box<RegionFailure>),
    /// A person has to pick, and there is no terminal.
    #[error("picking an instance needs a terminal")]
    NeedsTerminal,
    /// The person left the picker.
    #[error("no instance was picked")]
    Declined,
    /// A signal stopped the picker.
    #[error("interrupted while picking an instance")]
    Signal(Ending),
    /// The terminal failed.
    #[error("the picker failed")]
    Terminal(#[from] std::io::Error),
}

impl Error {
    /// What the other stages need to know: a new kind of error needs an answer to each question.
    pub(crate) fn facts(&self) -> Facts<'_> {
        let facts = |exit| Facts::new(exit, Some("choice"));
        let hinted = |exit, hint: &str| Facts {
            hint: Some(hint.to_owned()),
            ..facts(exit)
        };
        match self {
            Self::NoMatch { wanted, near } => Facts {
                details: shortened(near).into_iter().collect(),
                ..hinted(Exit::NoMatch, elsewhere(wanted))
            },
            Self::NoInstances => hinted(
                Exit::NoMatch,
                "ask the customer whether its instances carry the tag, and check tag_value and \
                 regions with `vendor-ssm settings`",
            ),
            Self::Ambiguous { candidates, .. } => Facts {
                details: candidates.iter().map(summary).collect(),
                ..hinted(Exit::Ambiguous, "pass the id of one of them")
            },
            Self::Unanswered(failure) => Facts {
                step: Some("choice"),
                ..failure.facts()
            },
            Self::NeedsTerminal => hinted(
                Exit::NeedsTerminal,
                "in a script, name the target: `vendor-ssm connect -c CUSTOMER TARGET`, with an \
                 instance id, an exact Name or a private address",
            ),
            Self::Declined => facts(Exit::Declined),
            Self::Signal(ending) => facts(ending.exit()),
            Self::Terminal(_) => facts(Exit::LocalIo),
        }
    }
}

/// Where to look for an instance that was not found.
fn elsewhere(wanted: &Wanted) -> &'static str {
    match wanted {
        Wanted::Name(name) if name.starts_with("i-") || name.starts_with("mi-") => {
            "an instance id is i- and 8 or 17 hexadecimal digits"
        }
        Wanted::Id(id) if id.starts_with("mi-") => {
            "pass --region with the region of a managed node outside EC2"
        }
        _ => "`vendor-ssm list` shows the instances that carry your tag",
    }
}

/// The names near the one that was asked for, in one line; `None` if there are none.
fn shortened(near: &[String]) -> Option<String> {
    let mut names = near.get(..near.len().min(MOST_NEAR))?.join(", ");
    if let Some(more @ 1..) = near.len().checked_sub(MOST_NEAR) {
        names = format!("{names} and {more} more");
    }
    (!near.is_empty()).then(|| format!("names that start with it: {names}"))
}

/// One candidate in one line.
fn summary(instance: &Instance) -> String {
    let or_dash = |text: &Option<String>| text.clone().unwrap_or_else(|| "-".to_owned());
    [
        instance.instance_id.clone(),
        or_dash(&instance.name),
        or_dash(&instance.private_ip),
        or_dash(&instance.state),
        instance.region.to_string(),
    ]
    .join("  ")
}

#[cfg(test)]
mod tests;
