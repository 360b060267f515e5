//! EC2 over the query protocol:
//! `DescribeInstances`. It shows every instance of the account and region: no policy can narrow it,
//! only the client's own filters do.

mod filter;
mod page;

use crate::call::{Call, Query};
use crate::iam::Context;
use crate::server::answer::{Refusal, Success};
use crate::world::Instance;
use filter::Filter;

/// Answers a call to EC2.
pub(crate) fn call(call: &mut Call<'_>, query: &Query) -> Result<Success, Refusal> {
    match call.action.as_str() {
        "DescribeInstances" => describe_instances(call, query),
        _ => Err(call.not_played()),
    }
}

fn describe_instances(call: &mut Call<'_>, query: &Query) -> Result<Success, Refusal> {
    let ids: Vec<String> = query
        .list("InstanceId")
        .into_iter()
        .map(str::to_owned)
        .collect();
    let filters = Filter::read_all(query)?;
    let limit = limit(query, &ids)?;
    note(call, &ids, &filters, query);
    check_form(&ids)?;

    call.authorize("DescribeInstances", "*", Context::new())?;

    let here: Vec<&Instance> = call
        .state
        .world
        .instances
        .iter()
        .filter(|instance| {
            instance.account == call.caller.account && instance.region == call.region
        })
        .collect();
    check_known(&ids, &here)?;
    let found: Vec<&Instance> = here
        .into_iter()
        .filter(|instance| ids.is_empty() || ids.contains(&instance.id))
        .filter(|instance| filters.iter().all(|filter| filter.fits(instance)))
        .collect();

    let page_size = call.shared.options().page_size;
    let size = limit.into_iter().chain(page_size).min();
    let (page, next) = page::cut(&found, query.get("NextToken"), size)?;
    let controls = call.shared.options().control_characters;
    Ok(Success::Xml(page::document(
        page,
        next.as_deref(),
        &call.request_id,
        controls,
    )))
}

fn note(call: &mut Call<'_>, ids: &[String], filters: &[Filter], query: &Query) {
    if !ids.is_empty() {
        call.note("InstanceId", ids.join(","));
    }
    for filter in filters {
        call.note(&format!("Filter {}", filter.name), filter.values.join(","));
    }
    if let Some(limit) = query.get("MaxResults") {
        call.note("MaxResults", limit);
    }
    if query.get("NextToken").is_some() {
        call.note("NextToken", "present");
    }
}

/// `MaxResults`, which goes with filters but not with ids.
fn limit(query: &Query, ids: &[String]) -> Result<Option<usize>, Refusal> {
    let Some(text) = query.get("MaxResults") else {
        return Ok(None);
    };
    if !ids.is_empty() {
        return Err(Refusal::new(
            400,
            "InvalidParameterCombination",
            "The parameter instancesSet cannot be used with the parameter maxResults",
        ));
    }
    match text.parse() {
        Ok(limit @ 5..=1000) => Ok(Some(limit)),
        _ => Err(Refusal::new(
            400,
            "InvalidParameterValue",
            format!(
                "Value ( {text} ) for parameter maxResults is invalid. Expecting a value between 5 and 1000."
            ),
        )),
    }
}

/// `i-` and 8 or 17 hexadecimal digits.
fn check_form(ids: &[String]) -> Result<(), Refusal> {
    let well_formed = |id: &String| {
        id.strip_prefix("i-").is_some_and(|digits| {
            matches!(digits.len(), 8 | 17)
                && digits.chars().all(|c| matches!(c, '0'..='9' | 'a'..='f'))
        })
    };
    match ids.iter().find(|id| !well_formed(id)) {
        None => Ok(()),
        Some(id) => Err(Refusal::new(
            400,
            "InvalidInstanceID.Malformed",
            format!("Invalid id: \"{id}\""),
        )),
    }
}

fn check_known(ids: &[String], here: &[&Instance]) -> Result<(), Refusal> {
    let unknown: Vec<&str> = ids
        .iter()
        .filter(|id| !here.iter().any(|instance| instance.id == **id))
        .map(String::as_str)
        .collect();
    let (noun, verb) = match unknown.len() {
        0 => return Ok(()),
        1 => ("ID", "does"),
        _ => ("IDs", "do"),
    };
    Err(Refusal::new(
        400,
        "InvalidInstanceID.NotFound",
        format!(
            "The instance {noun} '{}' {verb} not exist",
            unknown.join(", ")
        ),
    ))
}
