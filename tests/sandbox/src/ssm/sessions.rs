//! `ResumeSession`, `TerminateSession` and `DescribeSessions`.
//! A session is one's own by its system tag, which is the `aws:userid` of who started it.

use serde::Deserialize;
use serde_json::{Value, json};

use super::{check_length, everything, notice_endings, session_arn, session_tags, start};
use crate::call::Call;
use crate::channel::State as ChannelState;
use crate::clock;
use crate::iam::Context;
use crate::options::{Ended, ResumedUrl};
use crate::server::answer::{Refusal, Service};
use crate::shared::Session;
use crate::world::token_value;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct One {
    session_id: Option<String>,
}

/// Finds a session and lets the policies decide about it.
/// One that is unknown here has no tags to be allowed by.
fn decided(call: &mut Call<'_>, input: One, with_tags: bool) -> Result<Session, Refusal> {
    check_length("sessionId", input.session_id.as_deref(), 96)?;
    let id = input.session_id.unwrap_or_default();
    call.note("SessionId", &id);
    notice_endings(call);
    let arn = session_arn(call, &id);
    let session = call
        .state
        .sessions
        .iter()
        .find(|session| session.arn() == arn)
        .cloned();
    let tags = match &session {
        Some(session) if with_tags || session.ended.is_none() => session_tags(session),
        _ => Context::new(),
    };
    let action = call.action.clone();
    call.authorize(&action, &arn, tags)?;
    session.ok_or_else(|| no_such_session(&id))
}

fn no_such_session(id: &str) -> Refusal {
    Refusal::new(
        400,
        "DoesNotExistException",
        format!("Session {id} does not exist."),
    )
}

pub(super) fn resume_session(call: &mut Call<'_>, input: One) -> Result<Value, Refusal> {
    let session = decided(call, input, true)?;
    if call.shared.options().resume_without_token {
        return Ok(json!({"SessionId": session.id}));
    }
    let token = token_value();
    if !call.shared.channels.renew(&session.id, token.clone()) {
        return Err(no_such_session(&session.id));
    }
    let cell_number = start::cell_number(call);
    let url = start::stream_url(call, &session.id, cell_number.as_deref());
    let mut sessions = call.state.sessions.iter_mut();
    if let Some(session) = sessions.find(|other| other.id == session.id) {
        session.cell_number = cell_number;
    }
    let url = match call.shared.options().resumed_url.clone() {
        ResumedUrl::Own => Some(url),
        ResumedUrl::Absent => None,
        ResumedUrl::Text(text) => Some(text),
        ResumedUrl::On(host) => Some(start::channel_on(&host, &session.id, None)),
    };
    let mut answer = json!({"SessionId": session.id, "TokenValue": token});
    if let Some(url) = url {
        answer["StreamUrl"] = url.into();
    }
    Ok(answer)
}

pub(super) fn terminate_session(call: &mut Call<'_>, input: One) -> Result<Value, Refusal> {
    let ended = call.shared.options().ended;
    let session = decided(call, input, ended != Ended::AccessDenied)?;
    if session.ended.is_some() {
        match ended {
            Ended::Success | Ended::AccessDenied => {}
            Ended::DoesNotExist => return Err(no_such_session(&session.id)),
            Ended::Validation => {
                let text = format!("Session {} is in an invalid state: Terminated", session.id);
                return Err(Refusal::shape(Service::Ssm, text));
            }
        }
    } else {
        let output = format!("Your session was terminated by {}", call.caller.arn);
        call.shared.channels.terminate(&session.id, &output);
        let now = call.now;
        let mut sessions = call.state.sessions.iter_mut();
        if let Some(session) = sessions.find(|other| other.id == session.id) {
            session.ended = Some(now);
        }
    }
    Ok(json!({"SessionId": session.id}))
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Many {
    state: Option<String>,
    max_results: Option<usize>,
    next_token: Option<String>,
    #[serde(default)]
    filters: Vec<Filter>,
}

#[derive(Deserialize)]
struct Filter {
    key: String,
    value: String,
}

const FILTERS: [&str; 7] = [
    "InvokedAfter",
    "InvokedBefore",
    "Target",
    "Owner",
    "Status",
    "SessionId",
    "AccessType",
];

pub(super) fn describe_sessions(call: &mut Call<'_>, input: &Many) -> Result<Value, Refusal> {
    for filter in &input.filters {
        call.note(&format!("Filter {}", filter.key), &filter.value);
    }
    let active = match input.state.as_deref() {
        Some("Active") => true,
        Some("History") => false,
        state => {
            let shown = state.map_or("null".to_owned(), |state| format!("'{state}'"));
            let text = format!(
                "1 validation error detected: Value {shown} at 'state' failed to satisfy constraint: Member must \
                 satisfy enum value set: [Active, History]"
            );
            return Err(Refusal::shape(Service::Ssm, text));
        }
    };
    let size = input.max_results.unwrap_or(200);
    if !(1..=200).contains(&size) {
        let text = format!(
            "1 validation error detected: Value '{size}' at 'maxResults' failed to satisfy constraint: Member must \
             have value less than or equal to 200"
        );
        return Err(Refusal::shape(Service::Ssm, text));
    }
    let resource = everything(call);
    call.authorize("DescribeSessions", &resource, Context::new())?;

    let known = |filter: &&Filter| !FILTERS.contains(&filter.key.as_str());
    if let Some(filter) = input.filters.iter().find(known) {
        let text = format!("The filter key {} is not valid.", filter.key);
        return Err(Refusal::new(400, "InvalidFilterKey", text));
    }
    notice_endings(call);
    let listed: Vec<Value> = call
        .state
        .sessions
        .iter()
        .rev()
        .filter(|session| session.account == call.caller.account && session.region == call.region)
        .filter(|session| session.ended.is_none() == active)
        .filter(|session| {
            input
                .filters
                .iter()
                .all(|filter| fits(call, session, filter))
        })
        .map(|session| described(call, session))
        .collect();
    let size = call
        .shared
        .options()
        .page_size
        .map_or(size, |cap| cap.min(size));
    let (page, next) = super::properties::cut(listed, input.next_token.as_deref(), size)?;
    let mut answer = json!({"Sessions": page});
    if let Some(next) = next {
        answer["NextToken"] = next.into();
    }
    Ok(answer)
}

fn fits(call: &Call<'_>, session: &Session, filter: &Filter) -> bool {
    let value = filter.value.as_str();
    match filter.key.as_str() {
        "InvokedAfter" => clock::parse_extended(value).is_some_and(|time| session.started >= time),
        "InvokedBefore" => clock::parse_extended(value).is_some_and(|time| session.started <= time),
        "Target" => session.target == value,
        "Owner" => session.owner_arn == value,
        "Status" => status(call, session) == value,
        "SessionId" => session.id == value,
        // Nothing else than standard access is played.
        _ => value == "Standard",
    }
}

fn status(call: &Call<'_>, session: &Session) -> &'static str {
    match (session.ended, call.shared.channels.state(&session.id)) {
        (Some(_), _) if session.refused.is_some() => "Failed",
        (Some(_), _) => "Terminated",
        (None, Some(ChannelState::Created)) => "Connecting",
        (None, Some(ChannelState::Closing)) => "Terminating",
        (None, _) => "Connected",
    }
}

fn described(call: &Call<'_>, session: &Session) -> Value {
    let mut described = json!({
        "SessionId": session.id,
        "Target": session.target,
        "Status": status(call, session),
        "StartDate": clock::epoch(session.started),
        "DocumentName": session.document,
        "Owner": session.owner_arn,
        "AccessType": "Standard",
    });
    if let Some(reason) = &session.reason {
        described["Reason"] = reason.as_str().into();
    }
    if let Some(ended) = session.ended {
        described["EndDate"] = clock::epoch(ended).into();
    }
    let document = call
        .state
        .world
        .document_in(&call.region, &session.document);
    if let Some(longest) = document.and_then(|document| document.max_duration) {
        let minutes = longest.as_secs().div_ceil(60);
        described["MaxSessionDuration"] = minutes.to_string().into();
    }
    described
}
