//! The customer's instances that carry our tag, from all of its regions at once. Refused is an answer
//! that does not fit the question: another account's instance, or one without our tag.
//!
//! A listed instance is *tagged* for us and not *granted* to us: DescribeInstances shows whatever is
//! asked for, and only StartSession decides.

mod answer;
mod ec2;
mod filter;
mod pages;
mod ssm;

use std::collections::BTreeMap;
use std::time::Duration;

use futures_util::future::join_all;
use serde::{Serialize, Serializer};

use answer::{RegionAnswer, side_by_side};

pub use filter::{Filter, Ping, Query, UnknownFilter};

use crate::aws::{AllowStatement, Aws, Failure, FailureKind, Service};
use crate::exit::Exit;
use crate::identity::AssumedRole;
use crate::names::Region;
use crate::settings::Customer;

/// How long the agents' status may still take once the instances themselves are there.
const PING_GRACE: Duration = Duration::from_secs(5);

/// An EC2 instance, and what Systems Manager says of its agent. Serialized it is one element of the
/// `instances` of `list`'s JSON.
///
/// All text in it was written in the customer's account: escape it before showing it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Instance {
    /// The customer's name in the settings file.
    pub customer: String,
    /// The reservation's OwnerId.
    pub account_id: Option<String>,
    /// The region it was found in.
    #[serde(serialize_with = "as_text")]
    pub region: Region,
    /// The Availability Zone.
    pub availability_zone: Option<String>,
    /// The instance id, `i-` and 8 or 17 hexadecimal digits.
    pub instance_id: String,
    /// The Name tag, unless it is empty.
    pub name: Option<String>,
    /// The state's name, such as `running`.
    pub state: Option<String>,
    /// The agent's PingStatus (`Online`, `ConnectionLost`, `Inactive`); `None`: not asked, not told,
    /// or not known to Systems Manager.
    pub ping_status: Option<String>,
    /// EC2's PlatformDetails, such as `Linux/UNIX`, the same whether or not the customer lets us ask
    /// Systems Manager; its PlatformName where EC2 says nothing.
    pub platform: Option<String>,
    /// The instance type.
    pub instance_type: Option<String>,
    /// The primary private IPv4 address.
    pub private_ip: Option<String>,
    /// All tags.
    pub tags: BTreeMap<String, String>,
    /// The IPv6 address, to find it by.
    #[serde(skip)]
    pub ipv6_address: Option<String>,
}

fn as_text<S: Serializer>(region: &Region, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(region)
}

impl Instance {
    /// Whether it runs Windows; every name that AWS has for that holds the word.
    pub fn is_windows(&self) -> bool {
        self.platform
            .as_ref()
            .is_some_and(|platform| platform.to_ascii_lowercase().contains("windows"))
    }

    /// Whether its agent was connected when AWS was asked.
    pub fn is_online(&self) -> bool {
        self.ping_status.as_deref() == Some("Online")
    }

    /// Checks that it is in the customer's account and carries our tag, key and value to the letter.
    /// [`list`] has done so for whatever it returns.
    pub fn verify(&self, customer: &Customer) -> Result<(), Mismatch> {
        let expected = customer.role_arn.account().as_str();
        if self.account_id.as_deref() != Some(expected) {
            return Err(Mismatch::Owner {
                instance_id: self.instance_id.clone(),
                owner: self.account_id.clone().unwrap_or_default(),
                expected: expected.to_owned(),
            });
        }
        if self.tags.get(&customer.tag_key) != Some(&customer.tag_value) {
            return Err(Mismatch::Tag {
                instance_id: self.instance_id.clone(),
                key: customer.tag_key.clone(),
                value: customer.tag_value.clone(),
            });
        }
        Ok(())
    }
}

/// AWS answered with an instance that cannot be ours.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Mismatch {
    /// It is in another account than the customer role.
    #[error("instance {instance_id} belongs to account {owner:?} instead of {expected}")]
    Owner {
        /// The instance.
        instance_id: String,
        /// The account that owns it, as AWS says; empty when it says nothing.
        owner: String,
        /// The customer role's account.
        expected: String,
    },
    /// It lacks our tag, though only tagged instances were asked for.
    #[error("instance {instance_id} does not carry the tag {key}={value}")]
    Tag {
        /// The instance.
        instance_id: String,
        /// The tag's key.
        key: String,
        /// The value that was asked for.
        value: String,
    },
}

/// What the customer's regions answered.
#[derive(Debug, Clone, Default)]
pub struct Inventory {
    /// The instances, by name and then by id.
    pub instances: Vec<Instance>,
    /// The regions that did not answer, or not fully: `instances` is not complete while there is one.
    pub failures: Vec<RegionFailure>,
    /// The regions that did not tell their agents' status; no failure, since a customer need not
    /// grant it.
    pub ping_unknown: Vec<RegionFailure>,
}

/// What went wrong in one region.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{cause}")]
pub struct RegionFailure {
    /// The customer's name in the settings file.
    pub customer: String,
    /// The region.
    pub region: Region,
    /// What went wrong.
    pub cause: Cause,
}

/// Why a region's answer is missing or not complete.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Cause {
    /// A call failed.
    #[error("{0}")]
    Aws(Failure),
    /// The answer held an instance that cannot be ours; it was left out.
    #[error(transparent)]
    Mismatch(#[from] Mismatch),
}

impl RegionFailure {
    /// The exit code when nothing but this region's answer counts.
    pub fn exit(&self) -> Exit {
        match &self.cause {
            Cause::Aws(failure) => failure.exit(),
            Cause::Mismatch(_) => Exit::IdentityMismatch,
        }
    }

    /// The failed call, if it was one.
    pub fn failure(&self) -> Option<&Failure> {
        match &self.cause {
            Cause::Aws(failure) => Some(failure),
            Cause::Mismatch(_) => None,
        }
    }

    /// AWS's error code, where there is one.
    pub fn code(&self) -> Option<&str> {
        match &self.cause {
            Cause::Aws(failure) => failure.code.as_deref(),
            Cause::Mismatch(_) => Some(Exit::IdentityMismatch.name()),
        }
    }

    /// What to do next.
    pub fn hint(&self) -> Option<String> {
        match &self.cause {
            Cause::Aws(failure) if failure.kind == FailureKind::Denied => Some(self.refused(failure)),
            Cause::Aws(failure) => failure.hint(),
            Cause::Mismatch(_) => Some(
                "stop here: the answer holds what was not asked for; tell your admin and the customer"
                    .to_owned(),
            ),
        }
    }
}

impl RegionFailure {
    fn refused(&self, failure: &Failure) -> String {
        let action = failure.action();
        let send = format!(
            "Send the customer `vendor-ssm doctor -c {} --report`",
            self.customer
        );
        if failure.may_be_revocation() {
            return format!(
                "a deny outranks what is allowed: access was revoked, or {action} is not for us; only the customer can lift it. {send}"
            );
        }
        let without = match failure.service {
            Service::Ssm => "without it a list does not tell whose agent is connected",
            _ => "an instance's id can do without in a single region",
        };
        format!(
            "the customer's role has to allow {action}, which takes no resource or tag, as in {}; {without}. {send}",
            AllowStatement::allow(&action, "*")
        )
    }
}

/// Lists the customer's instances in all of its regions at once. What a region does not answer is in
/// the result beside what the others did.
pub async fn list(customer: &Customer, role: &AssumedRole, aws: &Aws, query: &Query) -> Inventory {
    let regions = customer.regions.iter().map(async |region| {
        let config = |service| aws.config(service, region, role.credentials.clone());
        let (ec2, ssm) = (config(Service::Ec2), config(Service::Ssm));
        let instances = Box::pin(ec2::describe(customer, region, &ec2, &query.filters));
        let answer = if query.ping == Ping::Skip {
            RegionAnswer::new(instances.await, None)
        } else {
            let nodes = Box::pin(ssm::nodes(region, &ssm));
            side_by_side(region, instances, nodes, PING_GRACE).await
        };
        answer.check(customer, region, query.ping)
    });
    let mut inventory = Inventory::default();
    for answer in join_all(regions).await {
        inventory.instances.extend(answer.instances);
        inventory.failures.extend(answer.failures);
        inventory.ping_unknown.extend(answer.ping_unknown);
    }
    let order = |instance: &Instance| {
        // Instances without a name come last.
        (
            instance.name.is_none(),
            instance.name.clone(),
            instance.instance_id.clone(),
        )
    };
    inventory.instances.sort_by_cached_key(order);
    inventory
}

#[cfg(test)]
mod tests;
