//! Why no instance was chosen, and what to do next. Pure.

use super::wanted::Wanted;
use crate::exit::Exit;
use crate::facts::Facts;
use crate::inventory::{Instance, RegionFailure};
use crate::signals::Ending;

/// What to do if only the case of the name's letters is wrong.
/// ssh makes `%h` lower case; `%n` is the name as typed (ssh_config(5), TOKENS).
const OTHER_CASE: &str =
    "type the name as it is; in ssh's ProxyCommand use %n, since ssh makes %h lower case";
/// How many names a message lists at most.
const MOST_NEAR: usize = 10;

/// Why no instance was chosen. Names in it come from the customer's account: escape them.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// No listed instance is the one that was asked for.
    #[error("no instance has {wanted}")]
    NoMatch {
        wanted: Wanted,
        /// The names that start with it, sorted.
        near: Vec<String>,
        /// The names that differ from it only in letter case, sorted.
        in_other_case: Vec<String>,
    },
    /// There is nothing to pick from.
    #[error("no instance carries the vendor's tag")]
    NoInstances,
    /// No listed instance matches the filters.
    #[error("no instance of {whose} matches {filters}")]
    NothingChosen {
        /// The customer, or how many there are.
        whose: String,
        /// The filters as they were typed.
        filters: String,
    },
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
    #[error("picking an instance needs a terminal that can move its cursor")]
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
            Self::NoMatch {
                wanted,
                near,
                in_other_case,
            } => Facts {
                details: [
                    shortened("names that differ only in letter case", in_other_case),
                    shortened("names that start with it", near),
                ]
                .into_iter()
                .flatten()
                .collect(),
                ..hinted(
                    Exit::NoMatch,
                    if in_other_case.is_empty() {
                        elsewhere(wanted)
                    } else {
                        OTHER_CASE
                    },
                )
            },
            Self::NoInstances => hinted(
                Exit::NoMatch,
                "ask the customer whether its instances carry the tag, and check tag_value and \
                 regions with `vendor-ssm settings`",
            ),
            Self::NothingChosen { .. } => hinted(
                Exit::NoMatch,
                "`vendor-ssm list` takes the same filters; letter case counts, and * stands for \
                 any characters",
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

/// Names after a label, in one line; `None` if there are none.
fn shortened(label: &str, near: &[String]) -> Option<String> {
    let mut names = near.get(..near.len().min(MOST_NEAR))?.join(", ");
    if let Some(more @ 1..) = near.len().checked_sub(MOST_NEAR) {
        names = format!("{names} and {more} more");
    }
    (!near.is_empty()).then(|| format!("{label}: {names}"))
}

/// One candidate in one line.
fn summary(instance: &Instance) -> String {
    [
        instance.instance_id.as_str(),
        instance.name.as_deref().unwrap_or("-"),
        instance.private_ip.as_deref().unwrap_or("-"),
        instance.state.as_deref().unwrap_or("-"),
        instance.region.as_str(),
    ]
    .join("  ")
}
