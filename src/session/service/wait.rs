//! A target that is not connected: what AWS says of it, and waiting for its agent.

use std::time::{Duration, Instant};

use aws_sdk_ssm::types::ConnectionStatus;

use crate::aws::{Failure, FailureKind, Service};
use crate::identity::AssumedRole;
use crate::inventory;
use crate::names::Region;
use crate::session::context::{Context, Request, Target};
use crate::session::error::ErrorKind;
use crate::session::error::absent::Absent;

/// The pause between two questions about a target that vendor-ssm waits for.
const PAUSE: Duration = Duration::from_secs(5);
/// How often the instance's state is looked up again: it is for the person alone.
const LOOK: Duration = Duration::from_secs(15);
/// How often the time that has passed is shown.
const TICK: Duration = Duration::from_secs(1);

/// Explains a StartSession that did not reach its target, by one look after the failure.
/// A policy that asks for a tag denies what it would allow in the instance's own region.
pub(super) async fn explain(
    context: Context<'_, '_>,
    request: &Request,
    role: &AssumedRole,
    kind: &mut ErrorKind,
) {
    let target = &request.target;
    match kind {
        ErrorKind::NotConnected { absent, .. } => {
            *absent = look(context, target, role).await;
        }
        ErrorKind::Start {
            failure, elsewhere, ..
        } if failure.kind == FailureKind::Denied && regions(context, target).len() > 1 => {
            if let Some(Absent::Elsewhere { found, .. }) = look(context, target, role).await {
                *elsewhere = Some(found);
            }
        }
        _ => {}
    }
}

/// The regions that may have a target.
/// If it was not listed on the way, these are all of the customer's.
fn regions<'a>(context: Context<'a, '_>, target: &'a Target) -> Vec<&'a Region> {
    let customer = context.customer;
    let mut regions = vec![&target.region];
    let was_listed = target.windows.is_some();
    if !was_listed {
        for region in customer.regions.iter().chain(&customer.written_regions) {
            if !regions.contains(&region) && region.partition() == target.region.partition() {
                regions.push(region);
            }
        }
    }
    regions
}

/// What AWS says of a target; `None` if that explains nothing.
async fn look(context: Context<'_, '_>, target: &Target, role: &AssumedRole) -> Option<Absent> {
    context
        .callbacks
        .step("looking for the instance and its agent…");
    let regions = regions(context, target);
    let (customer, id) = (context.customer, &target.instance_id);
    let seen = inventory::look(customer, role, context.aws, id, &regions).await;
    Absent::of(seen, &regions)
}

/// Polls GetConnectionStatus until the target is connected;
/// false if time runs out, or if AWS does not say. It asks again after a failure that may pass.
pub(super) async fn connected(
    context: Context<'_, '_>,
    request: &Request,
    role: &AssumedRole,
    limit: Duration,
) -> bool {
    let region = &request.target.region;
    let config = context
        .aws
        .config(Service::Ssm, region, role.credentials.clone());
    let client = aws_sdk_ssm::Client::new(&config);
    let mut waiting = Waiting::new(&request.target, limit);
    let poll = async {
        loop {
            if waiting.is_due() {
                let is_first = waiting.looked.is_none();
                waiting.absent = look(context, &request.target, role).await;
                waiting.looked = Some(Instant::now());
                if is_first {
                    context.callbacks.say(&waiting.begins());
                }
            }
            context.callbacks.step(&waiting.step());
            let status = client
                .get_connection_status()
                .target(&request.target.instance_id)
                .send()
                .await;
            match status.map(|status| status.status) {
                Ok(Some(ConnectionStatus::Connected)) => return true,
                Ok(_) => {}
                Err(error) => {
                    let failure = Failure::new(Service::Ssm, "GetConnectionStatus", region, &error);
                    if failure.kind == FailureKind::Denied {
                        context.callbacks.warn(
                            "--wait cannot wait: the customer role lacks ssm:GetConnectionStatus",
                        );
                    }
                    if !failure.retryable() {
                        return false;
                    }
                }
            }
            let until = Instant::now() + PAUSE;
            while Instant::now() < until {
                tokio::time::sleep(TICK).await;
                context.callbacks.step(&waiting.step());
            }
        }
    };
    tokio::time::timeout(limit, poll).await.unwrap_or(false)
}

/// What is waited for, in words.
struct Waiting {
    /// `web-1 i-0f3a91c27be45d806`
    instance: String,
    limit: Duration,
    began: Instant,
    looked: Option<Instant>,
    absent: Option<Absent>,
}

impl Waiting {
    fn new(target: &Target, limit: Duration) -> Self {
        let name = target.name.iter().map(|name| format!("{name} "));
        Self {
            instance: name.chain([target.instance_id.clone()]).collect(),
            limit,
            began: Instant::now(),
            looked: None,
            absent: None,
        }
    }

    /// Whether the state is to be looked up; not again if AWS does not say it.
    fn is_due(&self) -> bool {
        self.looked
            .is_none_or(|looked| self.absent.is_some() && looked.elapsed() >= LOOK)
    }

    fn state(&self) -> String {
        let state = self.absent.as_ref().map(|absent| format!(": {absent}"));
        state.unwrap_or_default()
    }

    fn begins(&self) -> String {
        format!(
            "{} is not connected{}; waiting up to {} s for its agent",
            self.instance,
            self.state(),
            self.limit.as_secs()
        )
    }

    fn step(&self) -> String {
        format!(
            "waiting for the agent of {} to connect{} ({} s of {} s)",
            self.instance,
            self.state(),
            self.began.elapsed().as_secs(),
            self.limit.as_secs()
        )
    }
}
