//! Decides whether a request is allowed, from policy JSON alone, as IAM's documented evaluation
//! logic does.
//!
//! It refuses to read a policy that AWS would not store, rather than to guess what was meant.

pub mod cases;
mod condition;
mod context;
mod pattern;
mod policy;
mod principal;
#[cfg(test)]
mod tests;
mod time;

use std::time::UNIX_EPOCH;

pub use context::{Context, ContextValue};
pub use policy::{MalformedPolicy, Policy};
use policy::{Rule, Statement};
use principal::{Caller, Match};

/// What a caller wants to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// The caller's ARN: a user, an assumed-role session or an account's root.
    pub principal: String,
    /// The action, such as `ssm:StartSession`.
    pub action: String,
    /// The ARN of the resource, or `*` for actions without one.
    pub resource: String,
    /// The account that owns the resource.
    pub account: String,
    /// The condition keys.
    pub context: Context,
}

/// The outcome of an evaluation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effect {
    /// Something allows it and nothing denies it.
    Allowed,
    /// A Deny statement applies.
    ExplicitlyDenied,
    /// Some policy that must allow it does not.
    ImplicitlyDenied,
}

/// Which kind of policy decided, or failed to allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// Policies of the caller.
    Identity,
    /// The policy of the resource, or its absence.
    Resource,
    /// The trust policy of a role, or its absence.
    Trust,
    /// The policy passed when the session was made.
    Session,
    /// The permissions boundary of the caller's role.
    Boundary,
}

/// A decision and what led to it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decision {
    /// The outcome.
    pub effect: Effect,
    /// The kind of policy that decided, or that should have allowed.
    pub by: By,
    /// The policy with the deciding statement; none for implicit denials.
    pub policy: Option<String>,
    /// The Sid of the deciding statement, where it has one.
    pub sid: Option<String>,
}

impl Decision {
    /// Whether the request may go on.
    pub fn is_allowed(&self) -> bool {
        self.effect == Effect::Allowed
    }

    /// The end of the sentence with which AWS denies, a space in front;
    /// empty when allowed, and when the resource is another account's, of which AWS says nothing.
    pub fn explain(&self, request: &Request) -> String {
        if self.is_allowed() || Caller::parse(&request.principal).account != request.account {
            return String::new();
        }
        let kind = match self.by {
            By::Identity => "identity-based policy",
            By::Resource => "resource-based policy",
            By::Trust => "role trust policy",
            By::Session => "session policy",
            By::Boundary => "permissions boundary",
        };
        if self.effect == Effect::ImplicitlyDenied {
            return format!(" because no {kind} allows the {} action", request.action);
        }
        let article = if self.by == By::Identity { "an" } else { "a" };
        let arn = self
            .policy
            .as_deref()
            .filter(|name| name.starts_with("arn:"));
        let arn = arn.map_or_else(String::new, |arn| format!(": {arn}"));
        format!(" with an explicit deny in {article} {kind}{arn}")
    }

    /// The whole sentence with which AWS denies.
    pub fn denial(&self, request: &Request) -> String {
        let Request {
            principal,
            action,
            resource,
            ..
        } = request;
        let reason = self.explain(request);
        format!(
            "User: {principal} is not authorized to perform: {action} on resource: {resource}{reason}"
        )
    }
}

/// Decides a request.
///
/// `identity` are the caller's policies, `resource` is the policy of the resource (for a role its
/// trust policy), `session` the policy passed when the caller's session was made.
///
/// Any Deny that applies decides. Otherwise, in the caller's own account, the identity policies or
/// the resource's policy must allow. A role's trust policy must always allow, and is enough alone
/// if it names the caller rather than the account. A resource of another account needs both sides.
/// A session policy must allow as well, unless the resource's policy names the session itself.
pub fn decide(
    request: &Request,
    identity: &[Policy],
    resource: Option<&Policy>,
    session: Option<&Policy>,
) -> Decision {
    decide_within(request, identity, resource, session, None)
}

/// Decides a request of a caller whose role has a permissions boundary.
/// The boundary must allow what a session policy must allow (IAM User Guide, "Permissions
/// boundaries for IAM entities").
pub fn decide_within(
    request: &Request,
    identity: &[Policy],
    resource: Option<&Policy>,
    session: Option<&Policy>,
    boundary: Option<&Policy>,
) -> Decision {
    let caller = Caller::parse(&request.principal);
    let context = completed(request, &caller);
    let evaluation = Evaluation {
        request,
        caller: &caller,
        context: &context,
    };
    let by_resource = if is_trust(request) {
        By::Trust
    } else {
        By::Resource
    };

    let from_identity = evaluation.run(identity, By::Identity);
    let from_resource = evaluation.run(resource, by_resource);
    let from_session = evaluation.run(session, By::Session);
    let from_boundary = evaluation.run(boundary, By::Boundary);
    let denied = [
        &from_identity,
        &from_resource,
        &from_boundary,
        &from_session,
    ]
    .into_iter()
    .find_map(|outcome| outcome.deny.clone());
    if let Some(denied) = denied {
        return denied;
    }

    let missing = |by| Decision {
        effect: Effect::ImplicitlyDenied,
        by,
        policy: None,
        sid: None,
    };
    let same_account = caller.account == request.account;
    // The root user of an account needs no policy there, but may assume no role.
    let identity_allows =
        from_identity.allow.is_some() || (caller.is_root() && by_resource != By::Trust);
    let named = from_resource.closest >= Match::Named;
    let resource_suffices = same_account && named;
    let resource_needed = !same_account || by_resource == By::Trust;
    if resource_needed && from_resource.allow.is_none() {
        return missing(by_resource);
    }
    if !identity_allows && !resource_suffices {
        return missing(By::Identity);
    }
    let unnarrowed = same_account && from_resource.closest == Match::Session;
    if boundary.is_some() && from_boundary.allow.is_none() && !unnarrowed {
        return missing(By::Boundary);
    }
    if session.is_some() && from_session.allow.is_none() && !unnarrowed {
        return missing(By::Session);
    }
    let allowed = if resource_needed || !identity_allows {
        from_resource.allow
    } else {
        from_identity.allow
    };
    allowed.unwrap_or(Decision {
        effect: Effect::Allowed,
        by: By::Identity,
        policy: None,
        sid: None,
    })
}

/// Whether a role's trust policy decides: calls on a role that make a session or shape it.
fn is_trust(request: &Request) -> bool {
    let action = request.action.to_ascii_lowercase();
    let shapes_session = action.starts_with("sts:assumerole")
        || ["sts:tagsession", "sts:setsourceidentity", "sts:setcontext"].contains(&action.as_str());
    let parts: Vec<&str> = request.resource.splitn(6, ':').collect();
    let on_role = matches!(parts.as_slice(), ["arn", _, "iam", _, _, resource] if resource.starts_with("role/"));
    shapes_session && on_role
}

/// The context with the keys that AWS always adds.
fn completed(request: &Request, caller: &Caller) -> Context {
    let mut context = request.context.clone();
    caller.complete(&mut context);
    if context.get("aws:CurrentTime").is_none() {
        context.set_time(UNIX_EPOCH.elapsed().map_or(0, |elapsed| elapsed.as_secs()));
    }
    context
}

struct Evaluation<'a> {
    request: &'a Request,
    caller: &'a Caller<'a>,
    context: &'a Context,
}

/// What policies of one kind say.
struct Outcome {
    deny: Option<Decision>,
    allow: Option<Decision>,
    /// How closely the closest Allow is meant for the caller.
    closest: Match,
}

impl Evaluation<'_> {
    fn run<'p>(&self, policies: impl IntoIterator<Item = &'p Policy>, by: By) -> Outcome {
        let mut outcome = Outcome {
            deny: None,
            allow: None,
            closest: Match::Not,
        };
        for policy in policies {
            for statement in &policy.statements {
                let meant = statement.applies(self.request, self.caller, self.context);
                if meant == Match::Not {
                    continue;
                }
                match statement.rule {
                    Rule::Deny => {
                        let denied = || decided(Effect::ExplicitlyDenied, by, policy, statement);
                        outcome.deny.get_or_insert_with(denied);
                    }
                    Rule::Allow if meant > outcome.closest => {
                        outcome.closest = meant;
                        outcome.allow = Some(decided(Effect::Allowed, by, policy, statement));
                    }
                    Rule::Allow => {}
                }
            }
        }
        outcome
    }
}

fn decided(effect: Effect, by: By, policy: &Policy, statement: &Statement) -> Decision {
    Decision {
        effect,
        by,
        policy: Some(policy.name.clone()),
        sid: statement.sid.clone(),
    }
}
