//! `GetConnectionStatus` and `DescribeInstanceProperties`.
//! Instances whose agent never registered are not listed.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{check_length, everything, target};
use crate::call::Call;
use crate::clock;
use crate::iam::Context;
use crate::server::answer::{Refusal, Service};
use crate::world::{Instance, PingStatus, Platform};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct OneTarget {
    target: Option<String>,
}

pub(super) fn connection_status(call: &mut Call<'_>, input: OneTarget) -> Result<Value, Refusal> {
    check_length("target", input.target.as_deref(), 400)?;
    let id = input.target.unwrap_or_default();
    call.note("Target", &id);
    let (arn, tags) = target(call, &id);
    call.authorize("GetConnectionStatus", &arn, tags)?;
    let connected = listed(call).any(|instance| instance.id == id && instance.is_connected());
    let status = if connected {
        "connected"
    } else {
        "notconnected"
    };
    Ok(json!({"Target": id, "Status": status}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Input {
    max_results: Option<usize>,
    next_token: Option<String>,
    #[serde(default)]
    instance_property_filter_list: Vec<Filter>,
    #[serde(default)]
    filters_with_operator: Vec<Filter>,
}

/// Both kinds of filter; the one without an operator writes its members in lower case.
#[derive(Deserialize)]
struct Filter {
    #[serde(alias = "Key")]
    key: String,
    #[serde(alias = "Values", rename = "valueSet")]
    values: Vec<String>,
    #[serde(rename = "Operator")]
    operator: Option<String>,
}

pub(super) fn instance_properties(call: &mut Call<'_>, input: &Input) -> Result<Value, Refusal> {
    let filters: Vec<&Filter> = input
        .instance_property_filter_list
        .iter()
        .chain(&input.filters_with_operator)
        .collect();
    for filter in &filters {
        call.note(&format!("Filter {}", filter.key), filter.values.join(","));
    }
    let size = input.max_results.unwrap_or(50);
    if !(5..=1000).contains(&size) {
        let text = format!(
            "1 validation error detected: Value '{size}' at 'maxResults' failed to satisfy constraint: Member must \
             have value between 5 and 1000"
        );
        return Err(Refusal::shape(Service::Ssm, text));
    }
    let resource = everything(call);
    call.authorize("DescribeInstanceProperties", &resource, Context::new())?;

    let known = ["InstanceIds", "PingStatus", "PlatformTypes", "AgentVersion"];
    if let Some(filter) = filters.iter().find(|f| !known.contains(&f.key.as_str())) {
        let text = format!("The filter key {} is not valid.", filter.key);
        return Err(Refusal::new(
            400,
            "InvalidInstancePropertyFilterValue",
            text,
        ));
    }
    let found: Vec<&Instance> = listed(call)
        .filter(|instance| filters.iter().all(|filter| fits(instance, filter)))
        .collect();
    let page_size = call.shared.options().page_size;
    let size = page_size.map_or(size, |cap| cap.min(size));
    let (page, next) = cut(found, input.next_token.as_deref(), size)?;
    let page: Vec<Value> = page
        .into_iter()
        .map(|instance| described(call, instance))
        .collect();
    let mut answer = json!({"InstanceProperties": page});
    if let Some(next) = next {
        answer["NextToken"] = next.into();
    }
    Ok(answer)
}

/// The caller's instances of the region whose agent has ever registered.
fn listed<'a>(call: &'a Call<'_>) -> impl Iterator<Item = &'a Instance> {
    call.state.world.instances.iter().filter(|instance| {
        instance.account == call.caller.account
            && instance.region == call.region
            && instance.ping_status.is_some()
    })
}

fn fits(instance: &Instance, filter: &Filter) -> bool {
    let own = match filter.key.as_str() {
        "InstanceIds" => instance.id.as_str(),
        "PingStatus" => instance.ping_status.map_or("", PingStatus::name),
        "PlatformTypes" => instance.platform.name(),
        _ => instance.agent_version.as_str(),
    };
    let any = filter
        .values
        .iter()
        .any(|value| match filter.operator.as_deref() {
            Some("BeginWith") => own.starts_with(value.as_str()),
            _ => own == value,
        });
    any != (filter.operator.as_deref() == Some("NotEqual"))
}

fn described(call: &Call<'_>, instance: &Instance) -> Value {
    // An agent reports every five minutes; a lost one was last heard of an hour ago.
    let silent = if instance.is_connected() { 60 } else { 3600 };
    let computer = match instance.platform {
        Platform::Windows => {
            format!("EC2AMAZ-{}", &instance.id[instance.id.len() - 7..]).to_uppercase()
        }
        Platform::Linux => format!(
            "ip-{}.ec2.internal",
            instance
                .private_ip_address()
                .unwrap_or_default()
                .replace('.', "-")
        ),
    };
    let mut described = json!({
        "InstanceId": instance.id,
        "InstanceType": instance.instance_type,
        "InstanceState": instance.state.name(),
        "Architecture": "x86_64",
        "PingStatus": instance.ping_status.map_or("", PingStatus::name),
        "LastPingDateTime": clock::epoch(clock::shift(call.now, -silent)),
        "AgentVersion": instance.agent_version,
        "PlatformType": instance.platform.name(),
        "PlatformName": instance.platform_name,
        "PlatformVersion": instance.platform_version,
        "ResourceType": "EC2Instance",
        "ComputerName": computer,
    });
    if let Some(address) = instance.private_ip_address() {
        described["IPAddress"] = address.into();
    }
    if let Some(name) = instance.tag("Name") {
        described["Name"] = name.into();
    }
    if let Some(time) = clock::parse_extended(&instance.launch_time) {
        described["LaunchTime"] = clock::epoch(time).into();
    }
    described
}

/// One page of a list, and the token for the next.
pub(super) fn cut<T>(
    mut all: Vec<T>,
    token: Option<&str>,
    size: usize,
) -> Result<(Vec<T>, Option<String>), Refusal> {
    let start = match token {
        None => 0,
        Some(token) => STANDARD
            .decode(token)
            .ok()
            .and_then(|bytes| {
                String::from_utf8(bytes)
                    .ok()?
                    .strip_prefix("page:")?
                    .parse()
                    .ok()
            })
            .filter(|start| *start <= all.len())
            .ok_or_else(|| {
                Refusal::new(400, "InvalidNextToken", "The specified token isn't valid.")
            })?,
    };
    let end = all.len().min(start + size);
    let next = (end < all.len()).then(|| STANDARD.encode(format!("page:{end}")));
    all.truncate(end);
    Ok((all.split_off(start), next))
}
