//! The customer's instances that carry your company's tag, from all of its regions at once.
//! Refused is an answer that does not fit the question: another account's instance, or one without
//! the tag.
//!
//! A listed instance is *tagged* for the vendor and not *granted* to it: DescribeInstances shows
//! whatever is asked for, and only StartSession decides.

mod answer;
mod ec2;
mod filter;
mod instance;
mod look;
mod pages;
mod region_failure;
mod ssm;
mod word;

use std::time::Duration;

use futures_util::future::join_all;

use answer::{RegionAnswer, side_by_side};

pub(crate) use answer::Inventory;
pub(crate) use filter::{Filter, Kept, Ping, Query};
pub(crate) use instance::{Instance, Mismatch};
pub(crate) use look::{Seen, look};
#[cfg(test)]
pub(crate) use region_failure::Cause;
pub(crate) use region_failure::RegionFailure;
pub(crate) use ssm::Agent;

use crate::aws::{Aws, Service};
use crate::identity::AssumedRole;
use crate::names::Region;
use crate::settings::Customer;

/// How long the agents' status may still take once the instances are there.
const PING_GRACE: Duration = Duration::from_secs(5);

/// Notes what [`list`] will ask, so that it is dialled beside the calls before.
pub(crate) fn expect(customer: &Customer, aws: &Aws, query: &Query) {
    for region in &customer.regions {
        aws.expect(Service::Ec2, region);
        if query.ping != Ping::Skip {
            aws.expect(Service::Ssm, region);
        }
    }
}

/// Lists the customer's instances in all of its regions at once.
/// What a region does not answer is in the result beside what the others did. `heard` gets each
/// region's answer as it comes.
pub(crate) async fn list(
    customer: &Customer,
    role: &AssumedRole,
    aws: &Aws,
    query: &Query,
    heard: &dyn Fn(&Region, &Inventory),
) -> Inventory {
    aws.dial_expected();
    let regions = customer.regions.iter().map(async |region| {
        let config = |service| aws.config(service, region, role.credentials.clone());
        let (ec2, ssm) = (config(Service::Ec2), config(Service::Ssm));
        let instances = Box::pin(ec2::describe(customer, region, &ec2, query));
        let answer = if query.ping == Ping::Skip {
            RegionAnswer::new(instances.await, None)
        } else {
            let nodes = Box::pin(ssm::nodes(region, &ssm));
            side_by_side(region, instances, nodes, PING_GRACE).await
        };
        let answer = answer.check(customer, region, query.ping);
        heard(region, &answer);
        answer
    });
    let mut inventory = Inventory::default();
    for answer in join_all(regions).await {
        if inventory.instances.is_empty() {
            // Not a copy: a region may have many thousands.
            inventory.instances = answer.instances;
        } else {
            inventory.instances.extend(answer.instances);
        }
        inventory.failures.extend(answer.failures);
        inventory.ping_unknown.extend(answer.ping_unknown);
    }
    let grant_ended = customer.grant_ended(aws.clock().now());
    for failure in inventory
        .failures
        .iter_mut()
        .chain(&mut inventory.ping_unknown)
    {
        failure.grant_ended = grant_ended;
    }
    inventory.instances.sort_by(|one, other| {
        // Instances without a name come last.
        let unnamed = one.name.is_none().cmp(&other.name.is_none());
        unnamed
            .then_with(|| one.name.cmp(&other.name))
            .then_with(|| one.instance_id.cmp(&other.instance_id))
    });
    inventory
}

#[cfg(test)]
mod tests;
