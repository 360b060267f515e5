//! Who signs a request:
//! a user with a long-lived key, or a role's session with keys that `AssumeRole` minted. Policies
//! are read from the world at each call, so that a change counts at once.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use crate::clock;
use crate::iam::{Context, Policy};
use crate::shared::State;
use crate::world::{Role, User, World, access_key_id, secret_access_key, session_token};

/// Credentials of a role's session, with what the session carries.
#[derive(Debug, Clone)]
pub(crate) struct Minted {
    pub key_id: String,
    pub secret: String,
    pub token: String,
    /// The id of the role, or of the user who signed in to the console.
    /// A role that is made again under the same name is another role.
    pub unique_id: String,
    pub session_name: String,
    pub issued: SystemTime,
    pub expires: SystemTime,
    pub policy: Option<Policy>,
    pub tags: BTreeMap<String, String>,
    /// Those of the tags that later roles inherit.
    pub transitive: BTreeMap<String, String>,
    pub source_identity: Option<String>,
}

impl Minted {
    /// New credentials that carry nothing.
    pub(crate) fn new(role: &Role, session_name: &str, now: SystemTime, lives: Duration) -> Self {
        Self {
            key_id: access_key_id("ASIA"),
            secret: secret_access_key(),
            token: session_token(),
            unique_id: role.unique_id.clone(),
            session_name: session_name.to_owned(),
            issued: now,
            expires: now + lives,
            policy: None,
            tags: BTreeMap::new(),
            transitive: BTreeMap::new(),
            source_identity: None,
        }
    }

    /// New credentials of a console session: that of a user, or of a role's session.
    pub(crate) fn of_console(
        world: &World,
        arn: &str,
        now: SystemTime,
        lives: Duration,
    ) -> Option<Self> {
        if let Some(user) = world.users.iter().find(|user| user.arn() == arn) {
            return Some(Self {
                key_id: access_key_id("ASIA"),
                secret: secret_access_key(),
                token: session_token(),
                unique_id: user.unique_id.clone(),
                session_name: String::new(),
                issued: now,
                expires: now + lives,
                policy: None,
                tags: BTreeMap::new(),
                transitive: BTreeMap::new(),
                source_identity: None,
            });
        }
        let (_, name) = arn.rsplit_once('/')?;
        let role = world
            .roles
            .iter()
            .find(|role| role.session_arn(name) == arn)?;
        Some(Self::new(role, name, now, lives))
    }
}

/// The caller, with what decides about its requests.
#[derive(Debug, Clone)]
pub(crate) struct Caller {
    pub arn: String,
    pub userid: String,
    pub account: String,
    pub policies: Vec<Policy>,
    /// The permissions boundary of a role.
    pub boundary: Option<Policy>,
    /// The MFA device of a user and the code it shows.
    pub mfa: Option<crate::world::MfaDevice>,
    /// What made a role's session; nothing for a user.
    pub session: Option<Minted>,
    /// The ARN that policies know the caller's user or role by.
    principal_arn: String,
    username: Option<String>,
    tags: BTreeMap<String, String>,
}

/// A caller found by an access key, not yet proven by a signature.
pub(crate) struct Known {
    pub caller: Caller,
    pub secret: String,
    pub expires: Option<SystemTime>,
}

/// Finds who a key belongs to.
/// A session's key is worth nothing without its own token, a user's nothing with one.
pub(crate) fn find(state: &State, key_id: &str, token: Option<&str>) -> Option<Known> {
    if let Some(user) = state.world.user_by_access_key_id(key_id) {
        return token.is_none().then(|| Known {
            caller: Caller::user(user),
            secret: user.secret_access_key.clone(),
            expires: None,
        });
    }
    let minted = state.minted.get(key_id)?;
    if token != Some(&minted.token) {
        return None;
    }
    let world = &state.world;
    let role = world
        .roles
        .iter()
        .find(|it| it.unique_id == minted.unique_id);
    let user = world
        .users
        .iter()
        .find(|it| it.unique_id == minted.unique_id);
    Some(Known {
        caller: match (role, user) {
            (Some(role), _) => Caller::session(role, minted),
            (None, user) => Caller::user(user?),
        },
        secret: minted.secret.clone(),
        expires: Some(minted.expires),
    })
}

impl Caller {
    fn user(user: &User) -> Self {
        Self {
            arn: user.arn(),
            userid: user.unique_id.clone(),
            account: user.account.clone(),
            policies: user.policies.clone(),
            boundary: None,
            mfa: user.mfa.clone(),
            session: None,
            principal_arn: user.arn(),
            username: Some(user.name.clone()),
            tags: BTreeMap::new(),
        }
    }

    fn session(role: &Role, minted: &Minted) -> Self {
        let mut tags: BTreeMap<_, _> = role.tags.iter().cloned().collect();
        // A tag of the session takes the place of the role's tag of that key.
        tags.extend(minted.tags.clone());
        Self {
            arn: role.session_arn(&minted.session_name),
            userid: role.session_user_id(&minted.session_name),
            account: role.account.clone(),
            policies: role.policies.clone(),
            boundary: role.boundary.clone(),
            mfa: None,
            session: Some(minted.clone()),
            principal_arn: role.arn(),
            username: None,
            tags,
        }
    }

    /// The value of one of the caller's tags.
    pub(crate) fn tag(&self, key: &str) -> Option<&str> {
        self.tags.get(key).map(String::as_str)
    }

    /// The name in `SessionId`: a role session's own, or the user's.
    pub(crate) fn name(&self) -> &str {
        self.arn.rsplit('/').next().unwrap_or_default()
    }

    /// Adds the condition keys that say who calls.
    pub(crate) fn describe(&self, context: &mut Context) {
        context
            .set("aws:PrincipalArn", &self.principal_arn)
            .set("aws:PrincipalAccount", &self.account)
            .set("aws:userid", &self.userid);
        if let Some(username) = &self.username {
            context.set("aws:username", username);
        }
        for (key, value) in &self.tags {
            context.set(&format!("aws:PrincipalTag/{key}"), value);
        }
        let Some(session) = &self.session else {
            return;
        };
        // AssumeRole keeps no MFA context: a condition on it cannot be met with a role's
        // credentials.
        context
            .set("aws:MultiFactorAuthPresent", "false")
            .set("aws:TokenIssueTime", clock::extended(session.issued));
        if let Some(source_identity) = &session.source_identity {
            context.set("aws:SourceIdentity", source_identity);
        }
    }
}
