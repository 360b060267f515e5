//! The vendor roles that one process holds.
//! Customers who need the same one at the same time share one walk, so a person types one MFA code:
//! AWS accepts a code once.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use super::chain::VendorRoleRequest;
use super::error::Error;
use super::role::{AssumedRole, Source};
use crate::settings::Vendor;

/// The vendor role, and what became known on the way to it.
#[derive(Clone)]
pub(super) struct VendorRole {
    /// What it was asked for with.
    pub request: VendorRoleRequest,
    pub role: AssumedRole,
    /// When it was assumed, or loaded from the cache.
    pub got: SystemTime,
    /// The base identity's ARN, if STS was asked for it.
    pub base_arn: Option<String>,
}

/// The vendor roles of one process, by the settings that describe them.
#[derive(Default)]
pub(super) struct VendorRoles(Mutex<Vec<(Vendor, Arc<Slot>)>>);

#[derive(Default)]
struct Slot {
    held: Mutex<Option<VendorRole>>,
    attended: Turn,
    unattended: Turn,
}

/// Lets one walk run at a time. Those who wait share its outcome, failures included.
#[derive(Default)]
struct Turn {
    walks: AtomicUsize,
    failed: tokio::sync::Mutex<Option<Error>>,
}

/// Who waits for a role.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waits {
    /// A command that may ask a person, and waits for the answer.
    Attended,
    /// A command's work beside the start of a session.
    /// It asks no person, and does not wait for those who do.
    Beside,
    /// A live session, which never waits for a person: not for its own question, nor for another's.
    Unattended,
}

impl VendorRoles {
    /// The role that `vendor` describes:
    /// the one that is held if it `is_fit`, else what `walk` brings.
    pub(super) async fn once(
        &self,
        vendor: &Vendor,
        waits: Waits,
        is_fit: impl Fn(&VendorRole) -> bool,
        walk: impl Future<Output = Result<VendorRole, Error>>,
    ) -> Result<VendorRole, Error> {
        let slot = self.slot(vendor);
        let turn = match waits {
            Waits::Attended => &slot.attended,
            Waits::Beside | Waits::Unattended => &slot.unattended,
        };
        let begun = turn.walks.load(Ordering::SeqCst);
        let mut failed = turn.failed.lock().await;
        if let Some(held) = slot.held().clone().filter(&is_fit) {
            return Ok(held);
        }
        if let Some(error) = failed.as_ref()
            && turn.walks.load(Ordering::SeqCst) != begun
        {
            return Err(error.clone());
        }
        let outcome = walk.await;
        turn.walks.fetch_add(1, Ordering::SeqCst);
        *failed = outcome.as_ref().err().cloned();
        if let Ok(found) = &outcome
            && found.role.source == Source::Sts
        {
            *slot.held() = Some(found.clone());
        }
        outcome
    }

    /// Drops `role` if it is still the one that is held.
    pub(super) fn forget(&self, vendor: &Vendor, role: &AssumedRole) {
        let slot = self.slot(vendor);
        let mut held = slot.held();
        let key = |role: &AssumedRole| role.credentials.access_key_id().to_owned();
        if held
            .as_ref()
            .is_some_and(|held| key(&held.role) == key(role))
        {
            *held = None;
        }
    }

    fn slot(&self, vendor: &Vendor) -> Arc<Slot> {
        let mut slots = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, slot)) = slots.iter().find(|(known, _)| known == vendor) {
            return Arc::clone(slot);
        }
        let slot = Arc::<Slot>::default();
        slots.push((vendor.clone(), Arc::clone(&slot)));
        slot
    }
}

impl Slot {
    fn held(&self) -> std::sync::MutexGuard<'_, Option<VendorRole>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;
    use std::pin::pin;

    use futures_util::future::{FutureExt as _, join, pending, ready};

    use super::*;
    use crate::callbacks::Unasked;
    use crate::identity::chain::tests::request;
    use crate::identity::entry::tests::{noon, role};
    use crate::identity::error::{ErrorKind, Step};
    use crate::settings::Base;

    fn vendor() -> Vendor {
        Vendor {
            base: Base::Environment,
            role_arn: request().vendor.role_arn,
            role_session_name: None,
            source_identity: None,
            mfa_serial: None,
            sts_region: None,
            duration_seconds: 3600,
        }
    }

    fn assumed() -> VendorRole {
        VendorRole {
            request: request().vendor,
            role: role(10),
            got: noon(),
            base_arn: None,
        }
    }

    fn declined() -> Error {
        ErrorKind::MfaUnasked {
            step: Step::VendorRole,
            serial: "mfa/alice".to_owned(),
            kept: true,
            source: Unasked::Declined,
        }
        .into()
    }

    /// Two customers ask at once; the walk yields once, so that both wait for it.
    async fn both(
        roles: &VendorRoles,
        outcome: fn() -> Result<VendorRole, Error>,
    ) -> (usize, [bool; 2]) {
        let (mine, walks) = (vendor(), Cell::new(0));
        let one = || {
            roles.once(&mine, Waits::Attended, |_| true, async {
                walks.set(walks.get() + 1);
                tokio::task::yield_now().await;
                outcome()
            })
        };
        let (first, second) = join(one(), one()).await;
        (walks.get(), [first.is_ok(), second.is_ok()])
    }

    #[tokio::test]
    async fn those_who_wait_share_one_walk_and_its_failure() {
        let roles = VendorRoles::default();
        assert_eq!(both(&roles, || Err(declined())).await, (1, [false; 2]));
        // Who comes later tries again.
        assert_eq!(both(&roles, || Ok(assumed())).await, (1, [true; 2]));
        assert_eq!(both(&roles, || Ok(assumed())).await, (0, [true; 2]));
        roles.forget(&vendor(), &assumed().role);
        assert_eq!(both(&roles, || Ok(assumed())).await, (1, [true; 2]));
    }

    #[tokio::test]
    async fn another_vendor_role_and_a_live_session_do_not_wait_for_a_question() {
        let roles = VendorRoles::default();
        let mine = vendor();
        let other = Vendor {
            duration_seconds: 900,
            ..mine.clone()
        };
        let get = async |vendor: &Vendor, waits| {
            let walk = ready(Ok(assumed()));
            roles.once(vendor, waits, |_| true, walk).await
        };
        let mut asking = pin!(roles.once(&mine, Waits::Attended, |_| true, pending()));
        assert!(asking.as_mut().now_or_never().is_none());
        assert!(get(&other, Waits::Attended).await.is_ok());
        assert!(get(&mine, Waits::Unattended).await.is_ok());
        let mut waiting = pin!(get(&mine, Waits::Attended));
        assert!(waiting.as_mut().now_or_never().is_none());
    }
}
