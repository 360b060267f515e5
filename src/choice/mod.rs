//! Which instance a TARGET means: an id, an exact Name or a private address. Refused is guessing:
//! the first match is never taken silently, and nothing is unique while a region has not answered.

mod error;
pub(crate) mod picker;
mod wanted;

pub(crate) use error::Error;
pub(crate) use wanted::Wanted;

use crate::exit::Exit;
use crate::inventory::{Instance, Inventory, RegionFailure};

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
        None => {
            let (begin, in_other_case) = near(wanted, others);
            let otherwise = Error::NoMatch {
                wanted: wanted.clone(),
                near: names(&begin),
                in_other_case: names(&in_other_case),
            };
            let candidates = [in_other_case, begin].concat();
            if candidates.is_empty() {
                Err(otherwise)
            } else {
                Ok(Choice::Ask {
                    candidates,
                    otherwise,
                })
            }
        }
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

/// The instances with a name near the one that was asked for.
/// First those whose names begin with it, then those whose names differ only in letter case.
fn near(wanted: &Wanted, others: Vec<Instance>) -> (Vec<Instance>, Vec<Instance>) {
    let Wanted::Name(wanted) = wanted else {
        return (Vec::new(), Vec::new());
    };
    let is = |test: &dyn Fn(&str) -> bool, instance: &Instance| {
        instance.name.as_deref().is_some_and(test)
    };
    let (begin, rest): (Vec<_>, Vec<_>) = others
        .into_iter()
        .partition(|instance| is(&|name| name.starts_with(wanted.as_str()), instance));
    let lower = wanted.to_lowercase();
    let in_other_case = rest
        .into_iter()
        .filter(|instance| is(&|name| name.to_lowercase() == lower, instance));
    (begin, in_other_case.collect())
}

/// The names of these instances, sorted.
fn names(instances: &[Instance]) -> Vec<String> {
    let names = instances
        .iter()
        .filter_map(|instance| instance.name.clone());
    let mut names: Vec<String> = names.collect();
    names.sort_unstable();
    names.dedup();
    names
}

#[cfg(test)]
mod tests;
