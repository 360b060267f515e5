//! `AssumeRole`: who may become whom, for how long, and with what carried along.

use std::collections::BTreeMap;
use std::time::Duration;

use super::shape::Wanted;
use super::{credentials, document};
use crate::call::{Call, Query};
use crate::caller::Minted;
use crate::iam::{Context, Policy};
use crate::server::answer::{Refusal, Service, Success, escape};
use crate::world::Role;

/// What AWS mints when a caller does not say.
const DEFAULT_DURATION: Duration = Duration::from_hours(1);
/// The most for a role assumed with a role's credentials.
const CHAINED_DURATION: Duration = Duration::from_hours(1);

pub(super) fn assume_role(call: &mut Call<'_>, query: &Query) -> Result<Success, Refusal> {
    note(call, query);
    let wanted = Wanted::read(query)?;
    if call
        .shared
        .options()
        .disabled_sts_regions
        .contains(&call.region)
    {
        let text = format!(
            "STS is not activated in this region for account:{}. Your account administrator can activate STS in this \
             region using the IAM Console.",
            call.caller.account
        );
        return Err(Refusal::new(403, "RegionDisabledException", text));
    }
    let session_policy = session_policy(wanted.policy.as_deref())?;
    let duration = wanted.duration.unwrap_or(DEFAULT_DURATION);
    if call.caller.session.is_some() && duration > CHAINED_DURATION {
        return Err(Refusal::shape(
            Service::Sts,
            "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining.",
        ));
    }

    let mfa = check_mfa(call, &wanted)?;
    let carried = Carried::of(call, &wanted);
    let role = authorize(call, &wanted, &carried, mfa)?;
    if duration > Duration::from_secs(role.max_session_duration.into()) {
        return Err(Refusal::shape(
            Service::Sts,
            "The requested DurationSeconds exceeds the MaxSessionDuration set for this role.",
        ));
    }
    let lifetime = call
        .shared
        .options()
        .credential_lifetime
        .map_or(duration, |longest| duration.min(longest));
    let minted = Minted {
        policy: session_policy,
        tags: carried.tags,
        transitive: carried.transitive,
        source_identity: carried.source_identity,
        ..Minted::new(&role, &wanted.session_name, call.now, lifetime)
    };
    let result = result(&role, &minted);
    call.state.minted.insert(minted.key_id.clone(), minted);
    Ok(document("AssumeRole", &result, &call.request_id))
}

/// What the trail may know, the `ExternalId` only by its presence.
fn note(call: &mut Call<'_>, query: &Query) {
    for name in [
        "RoleArn",
        "RoleSessionName",
        "DurationSeconds",
        "SourceIdentity",
        "SerialNumber",
    ] {
        if let Some(value) = query.get(name) {
            call.note(name, value);
        }
    }
    for name in ["ExternalId", "TokenCode", "Policy"] {
        if query.get(name).is_some() {
            call.note(name, "present");
        }
    }
}

fn session_policy(text: Option<&str>) -> Result<Option<Policy>, Refusal> {
    let malformed = |error: crate::iam::MalformedPolicy| {
        Refusal::new(400, "MalformedPolicyDocument", error.to_string())
    };
    text.map(|text| Policy::parse("session policy", text))
        .transpose()
        .map_err(malformed)
}

/// Whether the caller proved its MFA device with this call.
fn check_mfa(call: &Call<'_>, wanted: &Wanted) -> Result<bool, Refusal> {
    if wanted.serial_number.is_none() && wanted.token_code.is_none() {
        return Ok(false);
    }
    let refuse = |text: &str| Err(Refusal::new(403, "AccessDenied", text));
    let device = call
        .caller
        .mfa
        .as_ref()
        .filter(|device| wanted.serial_number.as_ref() == Some(&device.serial_number));
    let (Some(device), Some(code)) = (device, &wanted.token_code) else {
        return refuse(
            "MultiFactorAuthentication failed, unable to validate MFA code.  Please verify your MFA serial number is \
             valid and associated with this user.",
        );
    };
    if *code != device.code {
        return refuse("MultiFactorAuthentication failed with invalid MFA one time pass code. ");
    }
    Ok(true)
}

/// What the new session carries on from the caller's and from this call.
struct Carried {
    tags: BTreeMap<String, String>,
    transitive: BTreeMap<String, String>,
    source_identity: Option<String>,
}

impl Carried {
    fn of(call: &Call<'_>, wanted: &Wanted) -> Self {
        let session = call.caller.session.as_ref();
        let inherited = session.map(|s| s.transitive.clone()).unwrap_or_default();
        let mut tags = wanted.tags.clone();
        // A transitive tag of an earlier role cannot be overridden.
        tags.extend(inherited.clone());
        let mut transitive = inherited;
        for key in &wanted.transitive {
            if let Some(value) = tags.get(key) {
                transitive.insert(key.clone(), value.clone());
            }
        }
        let earlier = session.and_then(|s| s.source_identity.clone());
        Self {
            tags,
            transitive,
            source_identity: earlier.or_else(|| wanted.source_identity.clone()),
        }
    }
}

/// Lets both sides decide, for each action that the call amounts to.
fn authorize(
    call: &mut Call<'_>,
    wanted: &Wanted,
    carried: &Carried,
    mfa: bool,
) -> Result<Role, Refusal> {
    let role = call.state.world.role_by_arn(&wanted.role_arn).cloned();
    let owner = wanted
        .role_arn
        .split(':')
        .nth(4)
        .unwrap_or_default()
        .to_owned();
    let context = context(wanted, carried, role.as_ref(), mfa);
    let trust = role.as_ref().map(|role| &role.trust);

    let mut actions = vec!["AssumeRole"];
    if carried.source_identity.is_some() {
        actions.push("SetSourceIdentity");
    }
    if !carried.tags.is_empty() {
        actions.push("TagSession");
    }
    for action in actions {
        let request = call.request(action, &wanted.role_arn, &owner, context.clone());
        call.decide(&request, trust)?;
    }
    let changed =
        wanted.source_identity.is_some() && wanted.source_identity != carried.source_identity;
    match role {
        Some(role) if !changed => Ok(role),
        _ => {
            let request = call.request("SetSourceIdentity", &wanted.role_arn, &owner, context);
            let decision = crate::iam::decide(&request, &[], None, None);
            Err(call.denied(&request, &decision))
        }
    }
}

fn context(wanted: &Wanted, carried: &Carried, role: Option<&Role>, mfa: bool) -> Context {
    let mut context = Context::new();
    context.set("sts:RoleSessionName", &wanted.session_name);
    if let Some(external_id) = &wanted.external_id {
        context.set("sts:ExternalId", external_id);
    }
    if let Some(source_identity) = &carried.source_identity {
        context.set("sts:SourceIdentity", source_identity);
    }
    if !carried.tags.is_empty() {
        context.set_all("aws:TagKeys", carried.tags.keys());
        context.set_all("sts:TransitiveTagKeys", carried.transitive.keys());
    }
    for (key, value) in &carried.tags {
        context.set(&format!("aws:RequestTag/{key}"), value);
    }
    for (key, value) in role.iter().flat_map(|role| &role.tags) {
        context.set(&format!("aws:ResourceTag/{key}"), value);
        context.set(&format!("iam:ResourceTag/{key}"), value);
    }
    if mfa {
        context.set("aws:MultiFactorAuthPresent", "true");
        context.set("aws:MultiFactorAuthAge", "0");
    }
    context
}

fn result(role: &Role, minted: &Minted) -> String {
    let source_identity = minted
        .source_identity
        .as_ref()
        .map(|name| format!("    <SourceIdentity>{}</SourceIdentity>\n", escape(name)))
        .unwrap_or_default();
    format!("{source_identity}{}", credentials(role, minted))
}
