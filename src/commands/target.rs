//! Which instance a TARGET means, and whether a session may be opened on it.
//! The commands that open sessions share this.

use std::collections::HashMap;

use crate::aws::Aws;
use crate::callbacks::Callbacks as _;
use crate::choice::{self, Choice, Wanted, picker};
use crate::error::Error;
use crate::exit::Exit;
use crate::facts::About;
use crate::identity::{AssumedRole, Identity};
use crate::inventory::{Instance, Inventory, Ping, Query, RegionFailure};
use crate::session::{Absent, ErrorKind, Target};
use crate::settings::Customer;
use crate::ui::rows;

use super::stages::Stages;

/// Finds the instances of one customer.
pub(super) struct Targets<'a, 'i> {
    pub stages: &'a Stages<'a>,
    pub customer: &'a Customer,
    pub aws: &'a Aws,
    pub identity: &'a Identity<'i>,
    /// Whether the command waits for an instance that does not run yet.
    pub waits: bool,
}

/// A TARGET on which no session may be opened.
#[derive(Debug)]
pub(super) struct Missed {
    /// The instance, if one was found.
    pub target: Option<Box<Target>>,
    pub error: Error,
}

impl Missed {
    /// No instance was found.
    fn unfound(error: impl Into<Error>) -> Self {
        Self {
            target: None,
            error: error.into(),
        }
    }
}

impl Targets<'_, '_> {
    /// What is listed to find one instance; `None` if it is known as it was typed.
    pub(super) fn query(&self, wanted: Option<&Wanted>) -> Option<Query> {
        match wanted {
            None => Some(Query::all()),
            Some(wanted) => self.as_typed(wanted).is_none().then(|| wanted.query()),
        }
    }

    /// What is listed to find several instances at once, and their platforms.
    pub(super) fn query_of_each(wanted: &[Wanted]) -> Query {
        match wanted {
            [only] => only.query(),
            _ => Query {
                ping: Ping::Skip,
                ..Query::all()
            },
        }
    }

    /// One instance: as typed if that is enough, else looked up, else picked by the person.
    pub(super) async fn one(
        &self,
        wanted: Option<&Wanted>,
        role: &mut AssumedRole,
    ) -> Result<Target, Error> {
        if let Some(target) = wanted.and_then(|wanted| self.as_typed(wanted)) {
            return Ok(target);
        }
        let query = wanted.map_or_else(Query::all, Wanted::query);
        let listed = self.list(role, &query).await?;
        if wanted.is_none() {
            if let Some(failure) = mismatch(&listed) {
                return Err(failure);
            }
            for failure in &listed.failures {
                self.stages.ui.warn(&failure.to_string());
            }
        }
        let chosen = self.choose(wanted, listed).await;
        chosen.map_err(|missed| missed.error)
    }

    /// The instance of each TARGET, all from one listing, which also has their platforms.
    /// A TARGET that is not found does not stop the others. Errors: nothing was listed, or a signal
    /// came.
    pub(super) async fn each(
        &self,
        wanted: &[Wanted],
        role: &mut AssumedRole,
    ) -> Result<Vec<Result<Target, Missed>>, Error> {
        let listed = self.list(role, &Self::query_of_each(wanted)).await?;
        let mut targets = Vec::with_capacity(wanted.len());
        for wanted in wanted {
            let target = match self.as_typed(wanted) {
                Some(typed) => self.known(typed, &listed),
                None => self.choose(Some(wanted), listed.clone()).await,
            };
            match target {
                Err(missed) if matches!(missed.error.exit(), Exit::Signal(_)) => {
                    return Err(missed.error);
                }
                target => targets.push(target),
            }
        }
        Ok(targets)
    }

    async fn list(&self, role: &mut AssumedRole, query: &Query) -> Result<Inventory, Error> {
        self.stages
            .list(self.identity, self.customer, self.aws, role, query)
            .await
    }

    /// An id that needs no listing, since the customer has one region.
    fn as_typed(&self, wanted: &Wanted) -> Option<Target> {
        match (wanted, &self.customer.regions[..]) {
            (Wanted::Id(id), [region]) => Some(Target {
                region: region.clone(),
                instance_id: id.clone(),
                name: None,
                windows: None,
            }),
            _ => None,
        }
    }

    /// An id that needs no listing, completed with what the listing has about it.
    fn known(&self, typed: Target, listed: &Inventory) -> Result<Target, Missed> {
        if let Some(error) = mismatch(listed) {
            let target = Some(Box::new(typed));
            return Err(Missed { target, error });
        }
        let is_it = |instance: &&Instance| instance.instance_id == typed.instance_id;
        match listed.instances.iter().find(is_it) {
            Some(instance) => self.verified(instance),
            None => Ok(typed),
        }
    }

    async fn choose(&self, wanted: Option<&Wanted>, listed: Inventory) -> Result<Target, Missed> {
        let instance = match choice::choose(wanted, listed).map_err(Missed::unfound)? {
            Choice::One(instance) => *instance,
            Choice::Ask { otherwise, .. } if !self.stages.ui.can_pick() => {
                return Err(Missed::unfound(otherwise));
            }
            Choice::Ask {
                candidates,
                otherwise,
            } => {
                self.stages.ui.hand_over();
                if wanted.is_some() {
                    // Why the picker opens though a target was named.
                    self.stages.ui.say(&otherwise.to_string());
                }
                let mut candidates = candidates;
                used_last_first(self.stages, &mut candidates);
                let picked = picker::pick(self.stages.os, candidates, |instances, width| {
                    rows::picker_rows(instances, width, self.stages.ui.is_ascii())
                })
                .await;
                picked.map_err(Missed::unfound)?
            }
        };
        self.verified(&instance)
    }

    /// Checks a listed instance before a session is opened on it.
    pub(super) fn verified(&self, instance: &Instance) -> Result<Target, Missed> {
        let (customer, target) = (self.customer, of(instance));
        let checked = instance.verify(customer).map_err(Error::from);
        match checked.and_then(|()| startable(instance, customer, self.waits)) {
            Ok(()) => Ok(target),
            Err(error) => Err(Missed {
                target: Some(Box::new(target)),
                error,
            }),
        }
    }
}

/// A listed instance as the target of a session.
pub(super) fn of(instance: &Instance) -> Target {
    Target {
        windows: Some(instance.is_windows()),
        region: instance.region.clone(),
        instance_id: instance.instance_id.clone(),
        name: instance.name.clone(),
    }
}

/// Whether a session may be started: the instance has to run, unless the command waits for it.
pub(super) fn startable(
    instance: &Instance,
    customer: &Customer,
    waits: bool,
) -> Result<(), Error> {
    match &instance.state {
        Some(state) if state != "running" && !waits => {
            let about = About {
                customer: Some(customer.name.clone()),
                target: Some(instance.instance_id.clone()),
                ..About::default()
            };
            let not_connected = ErrorKind::NotConnected {
                absent: Some(Absent::State(state.to_string())),
                failure: None,
            };
            Err(not_connected.about(about).into())
        }
        _ => Ok(()),
    }
}

/// Puts the instances that this machine had sessions on first, the newest session first.
pub(super) fn used_last_first(stages: &Stages<'_>, instances: &mut [Instance]) {
    let mut ranks = HashMap::new();
    for (rank, record) in stages.journal.recent().into_iter().enumerate() {
        ranks
            .entry((record.customer, record.instance_id))
            .or_insert(rank);
    }
    instances.sort_by_cached_key(|instance| {
        let key = (instance.customer.to_string(), instance.instance_id.clone());
        ranks.get(&key).copied().unwrap_or(usize::MAX)
    });
}

/// The error if AWS answered with another identity in one of the regions.
pub(super) fn mismatch(listed: &Inventory) -> Option<Error> {
    let mismatch = |failure: &&RegionFailure| failure.exit() == Exit::IdentityMismatch;
    let failure = listed.failures.iter().find(mismatch)?;
    Some(choice::Error::Unanswered(Box::new(failure.clone())).into())
}
