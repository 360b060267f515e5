//! One look at an instance that a session did not reach: where it is, its state, and its agent.
//! What the customer refuses is left out, and changes nothing.

use std::time::Duration;

use futures_util::future::join_all;
use tokio::time::timeout;

use super::ssm::Agent;
use super::{Filter, Query, ec2, ssm};
use crate::aws::{Aws, Service};
use crate::identity::AssumedRole;
use crate::names::Region;
use crate::settings::Customer;

/// How long the look may take: a person waits for an error.
const LIMIT: Duration = Duration::from_secs(5);

/// What AWS said of an instance.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The region that has it, and its state.
    pub found: Option<(Region, String)>,
    /// Whether every region that was asked has answered.
    pub is_complete: bool,
    /// Its agent in the session's region; `None` if AWS does not say.
    pub agent: Option<Agent>,
}

/// Looks for an instance in these regions, and for its agent in the first of them.
pub(crate) async fn look(
    customer: &Customer,
    role: &AssumedRole,
    aws: &Aws,
    instance_id: &str,
    regions: &[&Region],
) -> Seen {
    let config = |service, region: &Region| aws.config(service, region, role.credentials.clone());
    let query = Query::only(Filter::Id(instance_id.to_owned()));
    let instances = join_all(regions.iter().map(async |region| {
        let ec2 = config(Service::Ec2, region);
        let described = ec2::describe(customer, region, &ec2, &query);
        timeout(LIMIT, Box::pin(described)).await.ok()
    }));
    let agent = async {
        let region = *regions.first()?;
        let ssm = config(Service::Ssm, region);
        let agent = Box::pin(ssm::agent(&ssm, instance_id));
        timeout(LIMIT, agent).await.ok().flatten()
    };
    let (instances, agent) = tokio::join!(instances, agent);
    let mut seen = Seen {
        is_complete: true,
        agent,
        ..Seen::default()
    };
    for (region, described) in regions.iter().zip(instances) {
        let Some(described) = described else {
            seen.is_complete = false;
            continue;
        };
        seen.is_complete &= described.failure.is_none() && described.mismatch.is_none();
        if let Some(instance) = described.instances.first()
            && seen.found.is_none()
        {
            let state = instance.state.as_ref().map(ToString::to_string);
            seen.found = Some(((*region).clone(), state.unwrap_or_default()));
        }
    }
    seen
}
