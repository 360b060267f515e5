//! The check of the way to the data channels of a customer's regions.
//! It needs neither credentials nor an answer from AWS, so it is always done.

use futures_util::future::join_all;

use crate::aws::{Aws, Service, WRONG_PASSWORD, chain, untrusted};
use crate::channel::{DialError, OpenError};
use crate::error::Error;
use crate::exit::Exit;
use crate::names::Region;
use crate::session::reach_channel;
use crate::settings::Customer;

use super::check::{Finding, Status};

/// Opens TCP and TLS to each region's host, on the way that a session takes.
pub(super) async fn ssmmessages(aws: &Aws, customer: &Customer) -> Finding {
    let tried = customer.regions.iter().map(|region| reached(aws, region));
    let mut findings = join_all(tried).await;
    let failed = findings
        .iter()
        .position(|finding| finding.status == Status::Failed);
    if let Some(first) = failed {
        return findings.swap_remove(first);
    }
    let unchecked = |finding: &Finding| finding.status == Status::NotChecked;
    if let Some(first) = findings.iter().position(unchecked) {
        return findings.swap_remove(first);
    }
    let messages: Vec<String> = findings.into_iter().map(|it| it.message).collect();
    Finding::ok(messages.join(", "))
}

async fn reached(aws: &Aws, region: &Region) -> Finding {
    let endpoints = aws.endpoints();
    let has_endpoint = match endpoints.channel(region) {
        Ok(endpoint) => endpoint.is_some(),
        Err(error) => return Error::from(error).into(),
    };
    // Whatever answers on this machine decides where its sessions are.
    if !has_endpoint && endpoints.is_loopback(Service::Ssm) {
        let why = "the SSM endpoint is on this machine: its answer to StartSession names the host";
        return Finding::not_checked(why, None);
    }
    let reached = reach_channel(aws, region).await;
    let host = match &reached.proxy {
        Some(proxy) => format!("{} through {proxy}", reached.host),
        None => reached.host.clone(),
    };
    let Err(error) = reached.result else {
        return Finding::ok(format!("{host} answers"));
    };
    let kind = aws.endpoint_kind();
    let set_by = match endpoints.channel_set_by() {
        Some(set_by) => Some(set_by.to_owned()),
        None if kind.is_plain() => None,
        None => Some(kind.set_by().join(" and ")),
    };
    let chosen = set_by.map_or_else(String::new, |set_by| format!(", which {set_by} asks for"));
    let said = aws.authorities().explained(chain(&error));
    let hint = match error {
        OpenError::Dial(DialError::ProxyAuthorization { .. }) => Some(WRONG_PASSWORD.to_owned()),
        _ => untrusted(&said).map(str::to_owned),
    };
    Finding::failed(
        Exit::Network,
        format!("sessions in {region} need {host}: {said}"),
        hint.unwrap_or_else(|| format!(
            "open the way to {}{chosen}: check DNS, firewalls, HTTPS_PROXY and AWS_CA_BUNDLE; a proxy must let CONNECT through to it",
            reached.host
        )),
    )
}
