//! DescribeInstanceProperties, all pages: whether the agents are connected.
//! Refused or failed it leaves that unknown; a customer need not grant it, and never grants
//! DescribeInstanceInformation.

use std::collections::HashMap;

use aws_sdk_ssm::Client;
use aws_sdk_ssm::types::{InstancePropertyFilterOperator, InstancePropertyStringFilter};
use aws_types::SdkConfig;
use jiff::Timestamp;

use super::pages::Pages;
use super::word::{Word, Words};
use crate::aws::{Failure, FailureKind, Service};
use crate::names::Region;

const OPERATION: &str = "DescribeInstanceProperties";
/// The most that the API allows.
const PAGE_SIZE: i32 = 1000;

/// What Systems Manager knows of one managed node.
#[derive(Debug)]
pub(super) struct Node {
    pub(super) ping_status: Option<Word>,
    pub(super) platform: Option<Word>,
}

/// What Systems Manager knows of an instance's agent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Agent {
    /// Nothing: none has ever registered.
    Unregistered,
    /// One has.
    Registered {
        /// `Online`, `ConnectionLost` or `Inactive`.
        ping_status: String,
        /// When it was last heard of.
        last_ping: Option<Timestamp>,
    },
}

/// The region's managed nodes by instance id.
pub(super) type Nodes = HashMap<Box<str>, Node>;

/// Lists the region's managed nodes:
/// all of them, since the call cannot filter by tag and is made while the instances' ids are still
/// on their way.
pub(super) async fn nodes(region: &Region, config: &SdkConfig) -> Result<Nodes, Failure> {
    let client = Client::new(config);
    let mut nodes = Nodes::new();
    let mut words = Words::default();
    let mut pages = Pages::default();
    let mut token = None;
    loop {
        let page = client
            .describe_instance_properties()
            .max_results(PAGE_SIZE)
            .set_next_token(token)
            .send()
            .await
            .map_err(|error| Failure::new(Service::Ssm, OPERATION, region, &error))?;
        token = pages
            .next(page.next_token())
            .map_err(|reason| failure(region, FailureKind::Unreadable, reason))?;
        for node in page.instance_properties.unwrap_or_default() {
            if let Some(id) = node.instance_id {
                let node = Node {
                    ping_status: node.ping_status.map(|status| words.word(status.as_str())),
                    platform: node.platform_name.map(|platform| words.word(&platform)),
                };
                nodes.insert(id.into(), node);
            }
        }
        if token.is_none() {
            return Ok(nodes);
        }
    }
}

/// What Systems Manager knows of one instance's agent; `None` if it does not answer.
pub(super) async fn agent(config: &SdkConfig, instance_id: &str) -> Option<Agent> {
    let filter = InstancePropertyStringFilter::builder()
        .key("InstanceIds")
        .values(instance_id)
        .operator(InstancePropertyFilterOperator::Equal)
        .build()
        .ok()?;
    let answer = Client::new(config)
        .describe_instance_properties()
        .filters_with_operator(filter)
        .send()
        .await
        .ok()?;
    let mut nodes = answer.instance_properties.unwrap_or_default().into_iter();
    let own = nodes.find(|node| node.instance_id.as_deref() == Some(instance_id));
    let Some(node) = own else {
        // A page of other nodes would not be the answer.
        return answer.next_token.is_none().then_some(Agent::Unregistered);
    };
    Some(Agent::Registered {
        ping_status: node.ping_status?.as_str().to_owned(),
        last_ping: node
            .last_ping_date_time
            .and_then(|last| Timestamp::new(last.secs(), 0).ok()),
    })
}

/// A failure that is not the SDK's.
pub(super) fn failure(region: &Region, kind: FailureKind, message: &str) -> Failure {
    Failure {
        kind,
        without_effect: true,
        ..Failure::unreadable(Service::Ssm, OPERATION, region, message)
    }
}
