//! The customer role for as long as a session lives.
//! That may be longer than the hour that its credentials last, so they are renewed before they
//! expire. A renewal never asks a person, since the session has the terminal; if it would have to,
//! it says so in time.

use std::cell::RefCell;
use std::convert::Infallible;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;

use crate::exit::Exit;
use crate::identity::{self, AssumedRole, Scope};

use crate::session::context::Context;

/// The longest time before they expire at which credentials are renewed.
const MARGIN: Duration = Duration::from_mins(5);
/// The longest pause between two looks at the wall clock, which goes on while this machine sleeps.
const LOOK: Duration = Duration::from_secs(15);
/// A failure that may pass by itself is only reported with this little time left.
const LAST: Duration = Duration::from_mins(1);

/// The customer role, or the part of it in `scope`, with credentials that have not expired.
pub(crate) struct LiveRole {
    scope: Scope,
    held: RefCell<Held>,
}

struct Held {
    role: AssumedRole,
    renew_at: SystemTime,
}

impl Held {
    /// Five minutes before the end, or in the last quarter of what is left of a short life.
    fn new(role: AssumedRole, now: SystemTime) -> Self {
        let left = role.expires.duration_since(now).unwrap_or_default();
        Self {
            renew_at: role.expires - MARGIN.min(left / 4),
            role,
        }
    }
}

impl LiveRole {
    /// Begins with a role that was assumed.
    pub(crate) fn new(role: AssumedRole, scope: Scope, now: SystemTime) -> Self {
        Self {
            scope,
            held: RefCell::new(Held::new(role, now)),
        }
    }

    /// The role as it is held now.
    pub(crate) fn current(&self) -> AssumedRole {
        self.held.borrow().role.clone()
    }

    /// The role, renewed first if it is due.
    /// If that fails, the role that is held may still be valid.
    pub(crate) async fn fresh(&self, context: Context<'_, '_>) -> AssumedRole {
        if self.is_due(context)
            && let Err(error) = self.renew(context).await
        {
            tracing::warn!("the credentials were not renewed: {error}");
        }
        self.current()
    }

    /// Another role than the one held, which AWS has just refused.
    pub(crate) async fn instead(
        &self,
        context: Context<'_, '_>,
    ) -> Result<AssumedRole, identity::Error> {
        let refused = self.current();
        let is_refused = |role: &AssumedRole| {
            role.credentials.access_key_id() == refused.credentials.access_key_id()
        };
        let identity = context.identity.unasked();
        let assume = || identity.assume_scoped(context.customer, context.aws, self.scope);
        let mut role = assume().await?;
        // Credentials that another process has cached meanwhile are kept.
        if is_refused(&role) {
            identity.forget(context.customer, context.aws).await?;
            role = assume().await?;
        }
        self.hold(role.clone(), context);
        Ok(role)
    }

    /// Renews in good time, for ever, and reports once what prevents it.
    pub(crate) async fn keep(&self, context: Context<'_, '_>) -> Infallible {
        let mut told = false;
        loop {
            if !self.is_due(context) {
                let left = self.held.borrow().renew_at.duration_since(context.os.now());
                tokio::time::sleep(left.unwrap_or_default().min(LOOK)).await;
                continue;
            }
            match self.renew(context).await {
                Ok(()) if told => {
                    told = false;
                    context.notice(
                        "vendor-ssm renewed the credentials: it can resume the session again",
                    );
                }
                Ok(()) => {}
                Err(error) => {
                    if !told && (!may_pass(&error) || self.left(context) < LAST) {
                        told = true;
                        context.notice(&self.ending(context, &error));
                    }
                }
            }
            // What the cache has may be what is held already.
            if self.is_due(context) {
                tokio::time::sleep(LOOK).await;
            }
        }
    }

    async fn renew(&self, context: Context<'_, '_>) -> Result<(), identity::Error> {
        let identity = context.identity.unasked();
        let role = identity
            .assume_scoped(context.customer, context.aws, self.scope)
            .await?;
        if role.expires > self.held.borrow().role.expires {
            self.hold(role, context);
        }
        Ok(())
    }

    fn hold(&self, role: AssumedRole, context: Context<'_, '_>) {
        *self.held.borrow_mut() = Held::new(role, context.os.now());
    }

    fn is_due(&self, context: Context<'_, '_>) -> bool {
        self.held.borrow().renew_at <= context.os.now()
    }

    fn left(&self, context: Context<'_, '_>) -> Duration {
        let expires = self.held.borrow().role.expires;
        expires.duration_since(context.os.now()).unwrap_or_default()
    }

    /// The notice about credentials that are not renewed.
    fn ending(&self, context: Context<'_, '_>, error: &identity::Error) -> String {
        let name = &context.customer.name;
        let end = Timestamp::try_from(self.held.borrow().role.expires).map_or_else(
            |_| "soon".to_owned(),
            |end| format!("at {} UTC", end.strftime("%H:%M")),
        );
        let why = match error.facts().exit {
            Exit::NeedsTerminal => "renewing them needs an MFA code".to_owned(),
            _ => error.to_string(),
        };
        let help = if context.identity.reads_cache() {
            format!("; to renew them, run `vendor-ssm login -c {name}` in another terminal")
        } else {
            String::new()
        };
        format!(
            "{name}: the credentials expire {end} ({why}); the session goes on, but vendor-ssm cannot resume it after that{help}"
        )
    }
}

/// Whether a try a little later may succeed.
pub(crate) fn may_pass(error: &identity::Error) -> bool {
    matches!(error.facts().exit, Exit::Network | Exit::Throttled)
        || error
            .facts()
            .failure
            .is_some_and(crate::aws::Failure::retryable)
}
