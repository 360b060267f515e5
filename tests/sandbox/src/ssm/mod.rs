//! Session Manager over JSON 1.1.
//! Whatever has no tags of one's own, because it is another's or is not there, is refused in the
//! same words.

mod document;
mod properties;
mod sessions;
mod start;

use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::call::{Call, StreamUrl};
use crate::channel::State as ChannelState;
use crate::iam::Context;
use crate::server::answer::{Refusal, Service, Success};
use crate::shared::Session;

/// Answers a call to Session Manager.
pub(crate) fn call(call: &mut Call<'_>, input: Value) -> Result<Success, Refusal> {
    let answer = match call.action.as_str() {
        "StartSession" => start::start_session(call, read(input)?),
        "ResumeSession" => sessions::resume_session(call, read(input)?),
        "TerminateSession" => sessions::terminate_session(call, read(input)?),
        "DescribeSessions" => sessions::describe_sessions(call, &read(input)?),
        "GetConnectionStatus" => properties::connection_status(call, read(input)?),
        "DescribeInstanceProperties" => properties::instance_properties(call, &read(input)?),
        _ => Err(call.not_played()),
    };
    answer.map(Success::Json)
}

/// Decides whether the websocket of a session may be opened by this caller;
/// its token is the data channel's to check.
pub(crate) fn open_data_channel(call: &mut Call<'_>, url: StreamUrl) -> Result<String, Refusal> {
    let id = url.session_id;
    call.note("SessionId", &id);
    let arn = session_arn(call, &id);
    call.authorize("OpenDataChannel", &arn, Context::new())?;
    let session = call.state.sessions.iter().find(|own| own.id == id);
    if session.is_some_and(|session| session.cell_number != url.cell_number) {
        let text = "The cell number is not the session's.";
        return Err(Refusal::new(400, "BadRequest", text));
    }
    Ok(id)
}

fn read<T: DeserializeOwned>(input: Value) -> Result<T, Refusal> {
    serde_json::from_value(input)
        .map_err(|error| Refusal::new(400, "SerializationException", error.to_string()))
}

/// Refuses a text that is too short or too long, and one that is missing.
fn check_length(name: &str, value: Option<&str>, longest: usize) -> Result<(), Refusal> {
    let (shown, constraint) = match value {
        None => ("null".to_owned(), "not be null".to_owned()),
        Some("") => (
            "''".to_owned(),
            "have length greater than or equal to 1".to_owned(),
        ),
        Some(text) if text.chars().count() > longest => (
            format!("'{text}'"),
            format!("have length less than or equal to {longest}"),
        ),
        Some(_) => return Ok(()),
    };
    Err(Refusal::shape(
        Service::Ssm,
        format!(
            "1 validation error detected: Value {shown} at '{name}' failed to satisfy constraint: Member must {constraint}"
        ),
    ))
}

/// The ARN of a session in the caller's account and region.
fn session_arn(call: &Call<'_>, id: &str) -> String {
    format!(
        "arn:aws:ssm:{}:{}:session/{id}",
        call.region, call.caller.account
    )
}

/// The ARN for actions that know no resource.
fn everything(call: &Call<'_>) -> String {
    format!("arn:aws:ssm:{}:{}:*", call.region, call.caller.account)
}

/// The ARN of a target, and the condition keys its tags make.
/// A target that is not in the account and region has none.
fn target(call: &Call<'_>, target: &str) -> (String, Context) {
    let (account, region) = (&call.caller.account, &call.region);
    let arn = if target.starts_with("mi-") {
        format!("arn:aws:ssm:{region}:{account}:managed-instance/{target}")
    } else if let Some(task) = target.strip_prefix("ecs:") {
        let task = task.replacen('_', "/", 1);
        let task = task.split('_').next().unwrap_or_default();
        format!("arn:aws:ecs:{region}:{account}:task/{task}")
    } else {
        format!("arn:aws:ec2:{region}:{account}:instance/{target}")
    };
    let mut context = Context::new();
    let instance = call.state.world.instances.iter().find(|instance| {
        instance.id == target && instance.account == *account && instance.region == *region
    });
    for (key, value) in instance.iter().flat_map(|instance| &instance.tags) {
        context.set(&format!("ssm:resourceTag/{key}"), value);
        context.set(&format!("aws:ResourceTag/{key}"), value);
    }
    (arn, context)
}

/// The system tags of a session as condition keys.
fn session_tags(session: &Session) -> Context {
    let mut context = Context::new();
    for prefix in ["ssm:resourceTag", "aws:ResourceTag"] {
        context.set(
            &format!("{prefix}/aws:ssmmessages:session-id"),
            &session.owner_userid,
        );
        context.set(
            &format!("{prefix}/aws:ssmmessages:target-id"),
            &session.target,
        );
    }
    context
}

/// Notices sessions whose shell has ended since the last look.
fn notice_endings(call: &mut Call<'_>) {
    let now = call.now;
    let channels = &call.shared.channels;
    for session in &mut call.state.sessions {
        let over = matches!(channels.state(&session.id), None | Some(ChannelState::Done));
        if over && session.ended.is_none() {
            session.ended = Some(now);
        }
    }
}
