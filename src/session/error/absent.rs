//! Why an instance has no session: what AWS says of it after StartSession did not reach it. Pure.

use std::fmt;

use jiff::Timestamp;

use crate::inventory::{Agent, Seen};
use crate::names::Region;
use crate::names::moment::minute;
use crate::names::short::short;

/// The longest word of AWS's for a state, in characters.
const LONGEST: usize = 64;

/// What keeps an instance from Session Manager.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Absent {
    /// It does not run; this is its state.
    State(String),
    /// Its agent no longer reports.
    Offline {
        /// AWS's word for that.
        ping_status: String,
        /// When it last reported.
        since: Option<Timestamp>,
    },
    /// It runs, and none of its agents has ever reported.
    Unregistered,
    /// It is in another of the customer's regions.
    Elsewhere {
        /// The region that vendor-ssm asked.
        asked: Region,
        /// The one that has it.
        found: Region,
    },
    /// None of these regions has it.
    Gone(Vec<Region>),
    /// Its agent reports: it was away for a moment, or Session Manager does not reach it yet.
    Online,
}

impl Absent {
    /// What a look at the instance comes to; `None` if AWS did not say enough.
    pub(crate) fn of(seen: Seen, regions: &[&Region]) -> Option<Self> {
        let asked = *regions.first()?;
        let Some((region, state)) = seen.found else {
            let asked = || regions.iter().map(|region| (*region).clone()).collect();
            return seen.is_complete.then(|| Self::Gone(asked()));
        };
        if region != *asked {
            return Some(Self::Elsewhere {
                asked: asked.clone(),
                found: region,
            });
        }
        if state != "running" && !state.is_empty() {
            return Some(Self::State(short(&state, LONGEST).into_owned()));
        }
        Some(match seen.agent? {
            Agent::Unregistered => Self::Unregistered,
            Agent::Registered { ping_status, .. } if ping_status == "Online" => Self::Online,
            Agent::Registered {
                ping_status,
                last_ping,
            } => Self::Offline {
                ping_status: short(&ping_status, LONGEST).into_owned(),
                since: last_ping,
            },
        })
    }

    /// What to do next.
    pub(crate) fn hint(&self) -> String {
        match self {
            Self::State(state) => match state.as_str() {
                "stopped" => "ask the customer to start the instance. To wait until it is up, pass --wait=300".to_owned(),
                "pending" => "the instance is starting: pass --wait to wait for its agent".to_owned(),
                _ => "the instance is going down: ask the customer whether it comes back".to_owned(),
            },
            Self::Offline { .. } => format!("{AGENT}. To wait for the agent, pass --wait"),
            Self::Unregistered => "ask the customer to install the SSM agent, and to give the instance a profile that allows it. To wait for the agent, pass --wait".to_owned(),
            Self::Elsewhere { found, .. } => format!("pass --region {found}"),
            Self::Gone(_) => "run `vendor-ssm list` to see the instances that carry your tag. An instance in another region needs --region".to_owned(),
            Self::Online => "try again, or pass --wait".to_owned(),
        }
    }
}

/// What the customer has to look at if an agent does not report.
pub(super) const AGENT: &str = "ask the customer to check that the instance runs, that its SSM agent reaches Session Manager, and that its instance profile allows it";

/// `it is stopped`
impl fmt::Display for Absent {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::State(state) => write!(formatter, "it is {state}"),
            Self::Offline { ping_status, since } => {
                write!(formatter, "its agent is offline ({ping_status})")?;
                since.map_or(Ok(()), |since| {
                    write!(formatter, ", last heard of at {}", minute(since))
                })
            }
            Self::Unregistered => {
                formatter.write_str("it runs, but its agent never registered with Systems Manager")
            }
            Self::Elsewhere { asked, found } => {
                write!(
                    formatter,
                    "it is in {found}, and vendor-ssm asked in {asked}"
                )
            }
            Self::Gone(regions) => {
                let regions: Vec<_> = regions.iter().map(Region::as_str).collect();
                write!(
                    formatter,
                    "no instance with this id carries your tag in {}",
                    regions.join(", ")
                )
            }
            Self::Online => {
                formatter.write_str("Systems Manager says that its agent is online now")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(found: Option<(&str, &str)>, is_complete: bool, agent: Option<Agent>) -> Option<String> {
        let regions: Vec<Region> = ["us-east-1", "eu-west-1"]
            .map(|name| name.parse().unwrap())
            .into();
        let regions: Vec<&Region> = regions.iter().collect();
        let found = found.map(|(region, state)| (region.parse().unwrap(), state.to_owned()));
        let seen = Seen {
            found,
            is_complete,
            agent,
        };
        Absent::of(seen, &regions).map(|absent| absent.to_string())
    }

    fn registered(ping_status: &str, last_ping: Option<&str>) -> Agent {
        Agent::Registered {
            ping_status: ping_status.to_owned(),
            last_ping: last_ping.map(|last| last.parse().unwrap()),
        }
    }

    #[test]
    fn what_was_seen_is_explained_and_nothing_is_made_up() {
        let here = |state| Some(("us-east-1", state));
        let said = |text: &str| Some(text.to_owned());
        assert_eq!(of(here("stopped"), false, None), said("it is stopped"));
        assert_eq!(
            of(
                here("running"),
                true,
                Some(registered("ConnectionLost", Some("2027-01-31T18:00:59Z")))
            ),
            said("its agent is offline (ConnectionLost), last heard of at 2027-01-31 18:00 UTC")
        );
        assert_eq!(
            of(here("running"), true, Some(registered("Inactive", None))),
            said("its agent is offline (Inactive)")
        );
        assert_eq!(
            of(here("running"), true, Some(Agent::Unregistered)),
            said("it runs, but its agent never registered with Systems Manager")
        );
        assert_eq!(
            of(here("running"), true, Some(registered("Online", None))),
            said("Systems Manager says that its agent is online now")
        );
        assert_eq!(
            of(
                Some(("eu-west-1", "running")),
                true,
                Some(Agent::Unregistered)
            ),
            said("it is in eu-west-1, and vendor-ssm asked in us-east-1")
        );
        assert_eq!(
            of(None, true, None),
            said("no instance with this id carries your tag in us-east-1, eu-west-1")
        );
        assert_eq!(of(None, false, Some(Agent::Unregistered)), None);
        assert_eq!(of(here("running"), true, None), None);
    }
}
