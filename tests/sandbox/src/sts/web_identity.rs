//! `AssumeRoleWithWebIdentity`: a role for the token of another identity provider, without a
//! signature. STS API Reference, "AssumeRoleWithWebIdentity"; the texts are those that people
//! report.

use std::time::{Duration, UNIX_EPOCH};

use super::{credentials, document};
use crate::bearer::Jwt;
use crate::call::{Query, Unsigned};
use crate::caller::Minted;
use crate::clock;
use crate::iam::{self, Context};
use crate::server::answer::{Refusal, Success, escape};
use crate::trail::Decided;

pub(crate) const ACTION: &str = "AssumeRoleWithWebIdentity";

/// What AWS mints when a caller does not say.
const DEFAULT_DURATION: Duration = Duration::from_hours(1);

pub(crate) fn call(call: &mut Unsigned<'_>, query: &Query) -> Result<Success, Refusal> {
    let text = |name: &str| query.get(name).unwrap_or_default().to_owned();
    let (role_arn, session_name) = (text("RoleArn"), text("RoleSessionName"));
    for (name, value) in [("RoleArn", &role_arn), ("RoleSessionName", &session_name)] {
        call.note(name, value);
        if value.is_empty() {
            let text = format!("1 validation error detected: {name} must not be null");
            return Err(Refusal::new(400, "ValidationError", text));
        }
    }
    let provider = call.state.world.identity_provider.clone();
    let invalid = |text: &str| Refusal::new(400, "InvalidIdentityToken", text);
    let token = Jwt::read(&text("WebIdentityToken"))
        .ok_or_else(|| invalid("The ID Token provided is not a valid JWT. (You may see this error if you sent an Access Token)"))?;
    let claim = |name: &str| token.claims[name].as_str().unwrap_or_default().to_owned();
    if claim("iss") != format!("https://{}", provider.host) {
        let text = format!(
            "No OpenIDConnect provider found in your account for {}",
            claim("iss")
        );
        return Err(invalid(&text));
    }
    if !token.is_signed_by(&provider.public()) {
        return Err(invalid(
            "Couldn't retrieve verification key from your identity provider",
        ));
    }
    if claim("aud") != provider.audience {
        return Err(invalid("Incorrect token audience"));
    }
    let ends = UNIX_EPOCH + Duration::from_secs(token.claims["exp"].as_u64().unwrap_or_default());
    if ends <= call.now {
        let text = format!(
            "Token expired: current date/time {} must be before the expiration date/time {}",
            clock::extended(call.now),
            clock::extended(ends)
        );
        return Err(Refusal::new(400, "ExpiredTokenException", text));
    }

    let role = call.state.world.role_by_arn(&role_arn).cloned();
    let mut context = Context::new();
    context
        .set(&format!("{}:sub", provider.host), claim("sub"))
        .set(&format!("{}:aud", provider.host), claim("aud"))
        .set("sts:RoleSessionName", &session_name);
    let request = iam::Request {
        principal: provider.arn(),
        action: format!("sts:{ACTION}"),
        resource: role_arn.clone(),
        account: role_arn.split(':').nth(4).unwrap_or_default().to_owned(),
        context,
    };
    let decision = iam::decide(&request, &[], role.as_ref().map(|role| &role.trust), None);
    call.decisions.push(Decided {
        action: request.action.clone(),
        resource: request.resource.clone(),
        effect: format!("{:?}", decision.effect),
        policy: decision.policy.clone(),
        sid: decision.sid.clone(),
    });
    let Some(role) = role.filter(|_| decision.is_allowed()) else {
        let text = format!("Not authorized to perform sts:{ACTION}");
        return Err(Refusal::new(403, "AccessDenied", text));
    };
    let asked = query
        .get("DurationSeconds")
        .and_then(|text| text.parse().ok());
    let duration = asked.map_or(DEFAULT_DURATION, Duration::from_secs);
    if duration > Duration::from_secs(role.max_session_duration.into()) {
        let text =
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.";
        return Err(Refusal::new(400, "ValidationError", text));
    }
    let minted = Minted::new(&role, &session_name, call.now, duration);
    let result = format!(
        "    <SubjectFromWebIdentityToken>{}</SubjectFromWebIdentityToken>\n    <Audience>{}</Audience>\n    \
         <Provider>{}</Provider>\n{}",
        escape(&claim("sub")),
        escape(&claim("aud")),
        escape(&provider.arn()),
        credentials(&role, &minted)
    );
    call.state.minted.insert(minted.key_id.clone(), minted);
    Ok(document(ACTION, &result, &call.request_id))
}
