//! One region's answer: what EC2 and Systems Manager say, joined and checked against the question.

use std::time::Duration;

use futures_util::future::{Either, select};

use super::filter::Ping;
use super::instance::{Instance, Mismatch};
use super::region_failure::{Cause, RegionFailure};
use super::{ec2, ssm};
use crate::aws::{Failure, FailureKind};
use crate::names::Region;
use crate::settings::Customer;

/// What the customer's regions answered.
#[derive(Debug, Clone, Default)]
pub(crate) struct Inventory {
    /// The instances, by name and then by id.
    pub instances: Vec<Instance>,
    /// The regions that did not answer, or not fully:
    /// `instances` is not complete while there is one.
    pub failures: Vec<RegionFailure>,
    /// The regions that did not tell their agents' status;
    /// no failure, since a customer need not grant it.
    pub ping_unknown: Vec<RegionFailure>,
}

impl Inventory {
    /// Whether a region refused the credentials as one does that the account has not enabled.
    pub(crate) fn refused_in_region(&self) -> Option<&Region> {
        let failures = self.failures.iter().chain(&self.ping_unknown);
        failures
            .filter(|one| one.failure().is_some_and(Failure::may_be_of_region))
            .map(|one| &one.region)
            .next()
    }

    /// Whether AWS accepted the credentials in one of the regions.
    /// A region that answers has done so, and one that denies the call by a policy has too.
    pub(crate) fn was_accepted_in_any(&self, regions: &[Region]) -> bool {
        let has_accepted = |region: &Region| {
            let mut failures = self.failures.iter().filter(|one| one.region == *region);
            failures.all(|one| match &one.cause {
                Cause::Aws(failure) => failure.kind == FailureKind::Denied,
                Cause::Mismatch(_) => true,
            })
        };
        regions.iter().any(has_accepted)
    }

    /// The same, now that AWS accepted the credentials in another region.
    #[must_use]
    pub(crate) fn with_regions_not_enabled(mut self) -> Self {
        for one in self.failures.iter_mut().chain(&mut self.ping_unknown) {
            if let Cause::Aws(failure) = &mut one.cause
                && failure.may_be_of_region()
            {
                *failure = failure.clone().of_region();
            }
        }
        self
    }
}

/// Asks EC2 and Systems Manager at once, and lets the second keep the first waiting for `grace`.
pub(super) async fn side_by_side(
    region: &Region,
    instances: impl Future<Output = ec2::Described> + Unpin,
    nodes: impl Future<Output = Result<ssm::Nodes, Failure>> + Unpin,
    grace: Duration,
) -> RegionAnswer {
    match select(instances, nodes).await {
        Either::Left((described, nodes)) => {
            let nodes = tokio::time::timeout(grace, nodes)
                .await
                .unwrap_or_else(|_| {
                    Err(ssm::failure(
                        region,
                        FailureKind::Network,
                        "no answer in time",
                    ))
                });
            RegionAnswer::new(described, Some(nodes))
        }
        Either::Right((nodes, instances)) => RegionAnswer::new(instances.await, Some(nodes)),
    }
}

/// One region's part of an [`Inventory`], before it is checked.
pub(super) struct RegionAnswer {
    instances: Vec<Instance>,
    mismatch: Option<Mismatch>,
    failure: Option<Failure>,
    ping_failure: Option<Failure>,
}

impl RegionAnswer {
    /// Joins the two answers by instance id.
    pub(super) fn new(
        described: ec2::Described,
        nodes: Option<Result<ssm::Nodes, Failure>>,
    ) -> Self {
        let (mut nodes, ping_failure) = match nodes {
            None => (ssm::Nodes::new(), None),
            Some(Ok(nodes)) => (nodes, None),
            Some(Err(failure)) => (ssm::Nodes::new(), Some(failure)),
        };
        let mut instances = described.instances;
        for instance in &mut instances {
            if let Some(node) = nodes.remove(instance.instance_id.as_str()) {
                instance.ping_status = node.ping_status;
                instance.platform = instance.platform.take().or(node.platform);
            }
        }
        Self {
            instances,
            mismatch: described.mismatch,
            failure: described.failure,
            ping_failure,
        }
    }

    /// Leaves out what the query does not want, and names what failed.
    pub(super) fn check(mut self, customer: &Customer, region: &Region, ping: Ping) -> Inventory {
        let in_region = |cause| RegionFailure {
            customer: customer.name.clone(),
            region: region.clone(),
            cause,
            grant_ended: None,
        };
        let mut failures: Vec<_> = self.failure.into_iter().map(Cause::Aws).collect();
        failures.extend(self.mismatch.map(Cause::Mismatch));
        let mut ping_unknown: Vec<_> = self.ping_failure.into_iter().map(Cause::Aws).collect();
        if ping == Ping::Online {
            // "None is online" would be wrong if the status is unknown.
            self.instances.retain(Instance::is_online);
            failures.append(&mut ping_unknown);
        }
        Inventory {
            instances: self.instances,
            failures: failures.into_iter().map(in_region).collect(),
            ping_unknown: ping_unknown.into_iter().map(in_region).collect(),
        }
    }
}
