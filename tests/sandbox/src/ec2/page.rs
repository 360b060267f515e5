//! A page of `DescribeInstances` as XML.

use std::fmt::Write;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use crate::options::ControlCharacters;
use crate::server::answer::{Refusal, escape};
use crate::world::{Instance, Platform};

/// The instances of one page, and the token for the next.
pub(super) fn cut<'a, 'b>(
    found: &'b [&'a Instance],
    token: Option<&str>,
    size: Option<usize>,
) -> Result<(&'b [&'a Instance], Option<String>), Refusal> {
    let start = match token {
        None => 0,
        Some(token) => offset(token)
            .filter(|start| *start <= found.len())
            .ok_or_else(|| {
                Refusal::new(
                    400,
                    "InvalidNextToken",
                    "The token is invalid or has expired",
                )
            })?,
    };
    let end = size.map_or(found.len(), |size| found.len().min(start + size));
    let next = (end < found.len()).then(|| STANDARD.encode(format!("instances:{end}")));
    Ok((&found[start..end], next))
}

fn offset(token: &str) -> Option<usize> {
    let decoded = String::from_utf8(STANDARD.decode(token).ok()?).ok()?;
    decoded.strip_prefix("instances:")?.parse().ok()
}

pub(super) fn document(
    page: &[&Instance],
    next: Option<&str>,
    request_id: &str,
    controls: ControlCharacters,
) -> String {
    let mut xml = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<DescribeInstancesResponse \
         xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\n    <requestId>{request_id}</requestId>\n    \
         <reservationSet>\n"
    );
    for instance in page {
        reservation(&mut xml, instance, controls);
    }
    xml.push_str("    </reservationSet>\n");
    if let Some(next) = next {
        let _ = writeln!(xml, "    <nextToken>{next}</nextToken>");
    }
    xml.push_str("</DescribeInstancesResponse>");
    xml
}

/// An instance in a reservation of its own, as those launched one by one are.
fn reservation(xml: &mut String, instance: &Instance, controls: ControlCharacters) {
    let text = |text: &str| written(text, controls);
    let id = &instance.id;
    let state = instance.state;
    let _ = write!(
        xml,
        "        <item>\n            <reservationId>r-{}</reservationId>\n            \
         <ownerId>{}</ownerId>\n            <groupSet/>\n            <instancesSet>\n                <item>\n                    \
         <instanceId>{id}</instanceId>\n                    <imageId>ami-0c02fb55956c7d316</imageId>\n                    \
         <instanceState><code>{}</code><name>{}</name></instanceState>\n                    <privateDnsName>{}</privateDnsName>\n",
        id.trim_start_matches("i-"),
        instance.account,
        state.code(),
        state.name(),
        host_name(instance),
    );
    let _ = write!(
        xml,
        "                    <instanceType>{}</instanceType>\n                    <launchTime>{}</launchTime>\n                    \
         <placement><availabilityZone>{}</availabilityZone><tenancy>default</tenancy></placement>\n",
        instance.instance_type, instance.launch_time, instance.availability_zone,
    );
    if instance.platform == Platform::Windows {
        xml.push_str("                    <platform>windows</platform>\n");
    }
    let own = |name: &str, address: Option<&str>| {
        let line = |address| format!("                    <{name}>{address}</{name}>\n");
        address.map(line).unwrap_or_default()
    };
    xml.push_str(&own("privateIpAddress", instance.private_ip_address()));
    xml.push_str(&own("ipv6Address", instance.ipv6_address()));
    interfaces(xml, instance);
    let details = match instance.platform {
        Platform::Windows => "Windows",
        Platform::Linux => "Linux/UNIX",
    };
    let _ = write!(
        xml,
        "                    <architecture>x86_64</architecture>\n                    <platformDetails>{details}</platformDetails>\n                    \
         <tagSet>\n"
    );
    for (key, value) in &instance.tags {
        let _ = writeln!(
            xml,
            "                        <item><key>{}</key><value>{}</value></item>",
            text(key),
            text(value)
        );
    }
    xml.push_str(
        "                    </tagSet>\n                </item>\n            </instancesSet>\n        </item>\n",
    );
}

/// The network interfaces, each with all its addresses.
fn interfaces(xml: &mut String, instance: &Instance) {
    let mut items = String::new();
    for (number, interface) in instance.interfaces.iter().enumerate() {
        let mut private = String::new();
        for (place, address) in interface.private_ip_addresses.iter().enumerate() {
            let _ = write!(
                private,
                "<item><privateIpAddress>{address}</privateIpAddress><primary>{}</primary></item>",
                place == 0
            );
        }
        let mut ipv6 = String::new();
        for address in &interface.ipv6_addresses {
            let _ = write!(
                ipv6,
                "<item><ipv6Address>{address}</ipv6Address><isPrimaryIpv6>false</isPrimaryIpv6></item>"
            );
        }
        let _ = writeln!(
            items,
            "                        <item><networkInterfaceId>eni-{}{number}</networkInterfaceId>\
             <attachment><deviceIndex>{number}</deviceIndex></attachment>\
             <privateIpAddressesSet>{private}</privateIpAddressesSet>\
             <ipv6AddressesSet>{ipv6}</ipv6AddressesSet></item>",
            &instance.id[instance.id.len() - 8..],
        );
    }
    let _ = writeln!(
        xml,
        "                    <networkInterfaceSet>\n{items}                    </networkInterfaceSet>"
    );
}

/// The private host name; empty without an address.
fn host_name(instance: &Instance) -> String {
    let Some(address) = instance.private_ip_address() else {
        return String::new();
    };
    let dashed = address.replace('.', "-");
    match instance.region.as_str() {
        "us-east-1" => format!("ip-{dashed}.ec2.internal"),
        region => format!("ip-{dashed}.{region}.compute.internal"),
    }
}

/// Text of the customer's, with the characters that XML cannot hold as the options want them.
fn written(text: &str, controls: ControlCharacters) -> String {
    let forbidden = |c: char| matches!(c, '\0'..='\x08' | '\x0b' | '\x0c' | '\x0e'..='\x1f' | '\u{fffe}' | '\u{ffff}');
    if controls == ControlCharacters::Replaced {
        return escape(text);
    }
    let mut written = String::new();
    for character in text.chars() {
        match controls {
            _ if !forbidden(character) => written += &escape(&character.to_string()),
            ControlCharacters::Raw => written.push(character),
            _ => {
                let _ = write!(written, "&#x{:x};", u32::from(character));
            }
        }
    }
    written
}
