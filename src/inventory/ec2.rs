//! DescribeInstances, all pages. Nothing else names `aws_sdk_ec2`.

use std::collections::BTreeMap;

use aws_sdk_ec2::Client;
use aws_sdk_ec2::types::{Filter as Ec2Filter, Instance as Ec2Instance, InstanceNetworkInterface};
use aws_types::SdkConfig;

use super::filter::{Filter, Kept, Query};
use super::instance::{Instance, Mismatch};
use super::pages::Pages;
use super::word::{Word, Words};
use crate::aws::{Failure, Service};
use crate::names::Region;
use crate::settings::Customer;

const OPERATION: &str = "DescribeInstances";
/// The most that the API allows; it counts reservations.
const PAGE_SIZE: i32 = 1000;
/// All states but `terminated`: an instance stays visible for an hour after its end.
const STATES: [&str; 5] = ["pending", "running", "shutting-down", "stopping", "stopped"];

/// The instances of the pages that came, and why the others did not.
#[derive(Debug, Default)]
pub(super) struct Described {
    pub(super) instances: Vec<Instance>,
    /// The first instance that does not fit the question. Such instances are left out.
    pub(super) mismatch: Option<Mismatch>,
    pub(super) failure: Option<Failure>,
}

/// Lists the customer's instances in one region:
/// those with the vendor's tag that all filters match. Each is checked as it comes.
pub(super) async fn describe(
    customer: &Customer,
    region: &Region,
    config: &SdkConfig,
    query: &Query,
) -> Described {
    let client = Client::new(config);
    let vendor_tag = Filter::tag(&customer.tag_key, &customer.tag_value);
    let filters: Vec<Ec2Filter> = std::iter::once(&vendor_tag)
        .chain(&query.filters)
        .map(|filter| one_of(filter.name(), filter.values()))
        .chain([one_of("instance-state-name".to_owned(), STATES)])
        .collect();
    let mut described = Described::default();
    let mut words = Words::default();
    let known = words.word(&customer.name);
    let mut pages = Pages::default();
    let mut token = None;
    loop {
        let page = client
            .describe_instances()
            .set_filters(Some(filters.clone()))
            .max_results(PAGE_SIZE)
            .set_next_token(token)
            .send()
            .await;
        let page = match page {
            Ok(page) => page,
            Err(error) => {
                let failure = Failure::new(Service::Ec2, OPERATION, region, &error);
                described.failure = Some(failure);
                return described;
            }
        };
        token = match pages.next(page.next_token()) {
            Ok(token) => token,
            Err(reason) => {
                described.failure = Some(endless(region, reason));
                return described;
            }
        };
        for reservation in page.reservations.unwrap_or_default() {
            let owner = reservation.owner_id.map(|owner| words.word(&owner));
            for instance in reservation.instances.unwrap_or_default() {
                let Some(mut instance) = plain(&known, region, owner.clone(), instance, &mut words)
                else {
                    continue;
                };
                // One line says it: a region that answers wrongly may do so a thousand times.
                if let Err(mismatch) = instance.verify(customer) {
                    described.mismatch.get_or_insert(mismatch);
                    continue;
                }
                if query.kept == Kept::Row {
                    instance.shrink();
                }
                described.instances.push(instance);
            }
        }
        if token.is_none() {
            return described;
        }
    }
}

fn one_of<T: Into<String>>(name: String, values: impl IntoIterator<Item = T>) -> Ec2Filter {
    Ec2Filter::builder()
        .name(name)
        .set_values(Some(values.into_iter().map(Into::into).collect()))
        .build()
}

fn endless(region: &Region, reason: &str) -> Failure {
    Failure {
        without_effect: true,
        ..Failure::unreadable(Service::Ec2, OPERATION, region, reason)
    }
}

/// AWS's instance as plain data; `None` for one that has no id or is gone.
fn plain(
    customer: &Word,
    region: &Region,
    owner: Option<Word>,
    instance: Ec2Instance,
    words: &mut Words,
) -> Option<Instance> {
    let state = instance
        .state
        .and_then(|state| Some(words.word(state.name?.as_str())));
    if state.as_deref() == Some("terminated") {
        return None;
    }
    let tags: BTreeMap<String, String> = instance
        .tags
        .unwrap_or_default()
        .into_iter()
        .filter_map(|tag| Some((tag.key?, tag.value.unwrap_or_default())))
        .collect();
    let interfaces = instance.network_interfaces.unwrap_or_default();
    let own = [&instance.private_ip_address, &instance.ipv6_address];
    let addresses = own.into_iter().flatten().map(String::as_str);
    let addresses = addresses.chain(interfaces.iter().flat_map(each_address));
    let addresses = addresses.filter_map(|own| own.parse().ok()).collect();
    Some(Instance {
        customer: customer.clone(),
        account_id: owner,
        region: region.clone(),
        availability_zone: instance
            .placement
            .and_then(|placement| Some(words.word(placement.availability_zone()?))),
        instance_id: instance.instance_id?,
        name: tags.get("Name").filter(|name| !name.is_empty()).cloned(),
        state,
        ping_status: None,
        // Platform is `windows` or absent; a service that lacks the details may still say that.
        platform: instance
            .platform_details
            .as_deref()
            .or(instance.platform.as_ref().map(AsRef::as_ref))
            .map(|platform| words.word(platform)),
        instance_type: instance
            .instance_type
            .map(|instance_type| words.word(instance_type.as_str())),
        private_ip: instance.private_ip_address.or(instance.ipv6_address),
        tags,
        addresses,
    })
}

/// The addresses of one interface, the secondary ones and IPv6 among them.
fn each_address(interface: &InstanceNetworkInterface) -> impl Iterator<Item = &str> {
    let private = interface.private_ip_addresses().iter();
    let ipv6 = interface.ipv6_addresses().iter();
    private
        .filter_map(|address| address.private_ip_address())
        .chain(ipv6.filter_map(|address| address.ipv6_address()))
}
