//! The customer role's credentials for as long as a session lives, which may be longer than the hour
//! that they hold: they are got anew before they end. Nobody is asked for anything meanwhile, since
//! somebody else has the terminal; where that is needed, it is said in time.

use std::cell::RefCell;
use std::convert::Infallible;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;

use crate::exit::Exit;
use crate::identity::{self, AssumedRole, Scope};

use super::Stage;

/// The longest time before their end at which credentials are renewed.
const MARGIN: Duration = Duration::from_mins(5);
/// The longest that nobody looks at the wall clock, which goes on while this machine sleeps.
const LOOK: Duration = Duration::from_secs(15);
/// What may pass by itself is only said with so little time left.
const LAST: Duration = Duration::from_mins(1);

/// So much of the customer role, with credentials that hold.
pub(super) struct Keys {
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

impl Keys {
    /// Begins with a role that was assumed.
    pub(super) fn new(role: AssumedRole, scope: Scope, now: SystemTime) -> Self {
        Self {
            scope,
            held: RefCell::new(Held::new(role, now)),
        }
    }

    /// The role as it is held now.
    pub(super) fn role(&self) -> AssumedRole {
        self.held.borrow().role.clone()
    }

    /// The role, renewed first where it is time for that. Where that fails, the one that is held may
    /// still hold.
    pub(super) async fn fresh(&self, stage: Stage<'_, '_>) -> AssumedRole {
        if self.is_due(stage)
            && let Err(error) = self.renew(stage).await
        {
            tracing::warn!("the credentials were not renewed: {error}");
        }
        self.role()
    }

    /// Another role than the one held, which AWS has just refused.
    pub(super) async fn instead(
        &self,
        stage: Stage<'_, '_>,
    ) -> Result<AssumedRole, identity::Error> {
        let refused = self.role();
        let is_refused = |role: &AssumedRole| {
            role.credentials.access_key_id() == refused.credentials.access_key_id()
        };
        let identity = stage.identity.unasked();
        let assume = || identity.assume_scoped(stage.customer, stage.aws, self.scope);
        let mut role = assume().await?;
        // Another process's is not to be forgotten.
        if is_refused(&role) {
            identity.forget(stage.customer, stage.aws).await?;
            role = assume().await?;
        }
        self.hold(role.clone(), stage);
        Ok(role)
    }

    /// Renews in good time, for ever; what stands in the way of that is said once.
    pub(super) async fn keep(&self, stage: Stage<'_, '_>) -> Infallible {
        let mut told = false;
        loop {
            if !self.is_due(stage) {
                let left = self.held.borrow().renew_at.duration_since(stage.os.now());
                tokio::time::sleep(left.unwrap_or_default().min(LOOK)).await;
                continue;
            }
            match self.renew(stage).await {
                Ok(()) if told => {
                    told = false;
                    stage.notice("the credentials are renewed: the session can be resumed again");
                }
                Ok(()) => {}
                Err(error) => {
                    if !told && (!may_pass(&error) || self.left(stage) < LAST) {
                        told = true;
                        stage.notice(&self.ending(stage, &error));
                    }
                }
            }
            // What the cache has may be what is held already.
            if self.is_due(stage) {
                tokio::time::sleep(LOOK).await;
            }
        }
    }

    async fn renew(&self, stage: Stage<'_, '_>) -> Result<(), identity::Error> {
        let identity = stage.identity.unasked();
        let role = identity
            .assume_scoped(stage.customer, stage.aws, self.scope)
            .await?;
        if role.expires > self.held.borrow().role.expires {
            self.hold(role, stage);
        }
        Ok(())
    }

    fn hold(&self, role: AssumedRole, stage: Stage<'_, '_>) {
        *self.held.borrow_mut() = Held::new(role, stage.os.now());
    }

    fn is_due(&self, stage: Stage<'_, '_>) -> bool {
        self.held.borrow().renew_at <= stage.os.now()
    }

    fn left(&self, stage: Stage<'_, '_>) -> Duration {
        let expires = self.held.borrow().role.expires;
        expires.duration_since(stage.os.now()).unwrap_or_default()
    }

    /// What is said of credentials that are not renewed.
    fn ending(&self, stage: Stage<'_, '_>, error: &identity::Error) -> String {
        let name = &stage.customer.name;
        let end = Timestamp::try_from(self.held.borrow().role.expires).map_or_else(
            |_| "soon".to_owned(),
            |end| format!("at {} UTC", end.strftime("%H:%M")),
        );
        let why = match error.exit() {
            Exit::NeedsTerminal => "renewing them takes an MFA code".to_owned(),
            _ => error.to_string(),
        };
        let help = if stage.identity.reads_cache() {
            format!(": `vendor-ssm login -c {name}` in another terminal renews them")
        } else {
            String::new()
        };
        format!(
            "{name}: the credentials end {end} ({why}); the session goes on, but cannot be resumed after that{help}"
        )
    }
}

/// Whether a try a little later may do.
pub(super) fn may_pass(error: &identity::Error) -> bool {
    matches!(error.exit(), Exit::Network | Exit::Throttled)
        || error.failure().is_some_and(crate::aws::Failure::retryable)
}
