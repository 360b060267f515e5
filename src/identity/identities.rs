//! The identities of one process: each role from the cache, else by walking the chain.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use aws_credential_types::Credentials;

use super::base::Base;
use super::cache::{Cache, CacheUse, Got, Walked};
use super::chain::{CustomerRoleRequest, Fingerprint, RoleChain, Scope};
use super::entry::{self, Request};
use super::error::Error;
use super::notes::Noted;
use super::role::AssumedRole;
use super::session_policy::SessionPolicy;
use super::vendor::{VendorRole, VendorRoles, Waits};
use crate::aws::{Aws, Service};
use crate::callbacks::{Answer, Callbacks, Unasked};
use crate::os::Os;
use crate::settings::{self, Customer};

/// Every identity on the way to a customer.
#[derive(Debug, Clone)]
pub(crate) struct Whoami {
    /// The base identity's ARN; `None` if its credentials can no longer be loaded.
    pub base_arn: Option<String>,
    pub vendor_role: AssumedRole,
    pub customer_role: AssumedRole,
}

/// The identities of one process, for any number of customers at once.
pub(crate) struct Identity<'a> {
    pub(super) os: &'a Os,
    pub(super) callbacks: &'a dyn Callbacks,
    pub(super) cache: Arc<Cache<'a>>,
    pub(super) vendor_roles: Arc<VendorRoles>,
    /// Base identities that took an MFA code: AWS accepts a code once, so none is asked for twice.
    pub(super) coded: Arc<tokio::sync::Mutex<Vec<(Fingerprint, Credentials)>>>,
    /// Held while a login's token is read, and refreshed if need be.
    pub(super) tokens: Arc<tokio::sync::Mutex<()>>,
    /// Those who never wait for a person keep nothing in the cache either.
    pub(super) waits: Waits,
}

impl<'a> Identity<'a> {
    /// Opens and asks nothing yet.
    /// `attended` says that a person is there to answer a prompt of the keyring itself.
    pub(crate) fn new(
        store: settings::Store,
        cache_use: CacheUse,
        attended: bool,
        os: &'a Os,
        callbacks: &'a dyn Callbacks,
    ) -> Self {
        Self {
            os,
            callbacks,
            cache: Arc::new(Cache::new(store, cache_use, os, callbacks, attended)),
            vendor_roles: Arc::default(),
            coded: Arc::default(),
            tokens: Arc::default(),
            waits: Waits::Attended,
        }
    }

    /// The same identities for what is done beside another step, which stays shown.
    /// A question is an error: [`Identity::ready`] has asked before.
    #[must_use]
    pub(crate) fn beside(&self) -> Self {
        self.asking_nobody(Waits::Beside)
    }

    /// The customer role, narrowed to `scope`, if the cache has it.
    /// Otherwise everything up to it is made sure of, so that getting it asks no person.
    pub(crate) async fn ready(
        &self,
        customer: &Customer,
        aws: &Aws,
        scope: Scope,
    ) -> Result<Option<AssumedRole>, Error> {
        let (_, RoleChain(request)) = self.chain(customer, aws, scope)?;
        let cached = self.cache.load(Request::Customer(&request)).await?;
        if cached.is_none() {
            self.vendor_role(customer, aws).await?;
        }
        Ok(cached)
    }

    /// The same identities for a live session, which has the terminal:
    /// nothing is shown, and a question is an error. It reads the cache and keeps nothing there: a
    /// session that lives on must not bring back what `logout` has forgotten.
    #[must_use]
    pub(crate) fn unasked(&self) -> Self {
        self.asking_nobody(Waits::Unattended)
    }

    fn asking_nobody(&self, waits: Waits) -> Self {
        Self {
            os: self.os,
            callbacks: &Nobody,
            cache: Arc::clone(&self.cache),
            vendor_roles: Arc::clone(&self.vendor_roles),
            coded: Arc::clone(&self.coded),
            tokens: Arc::clone(&self.tokens),
            waits,
        }
    }

    /// Whether there is a cache in which another process's `login` is found.
    pub(crate) fn reads_cache(&self) -> bool {
        self.cache.reads()
    }

    /// The customer role: from the cache, or by walking the chain.
    pub(crate) async fn assume(
        &self,
        customer: &Customer,
        aws: &Aws,
    ) -> Result<AssumedRole, Error> {
        self.assume_scoped(customer, aws, Scope::Whole).await
    }

    /// The customer role, narrowed to `scope`.
    pub(crate) async fn assume_scoped(
        &self,
        customer: &Customer,
        aws: &Aws,
        scope: Scope,
    ) -> Result<AssumedRole, Error> {
        let got = self.customer_role(customer, aws, scope, Duration::ZERO);
        Ok(got.await?.role())
    }

    /// The customer role for credentials that leave vendor-ssm:
    /// cached ones that expire within `lasting` are renewed first.
    pub(crate) async fn assume_for(
        &self,
        customer: &Customer,
        aws: &Aws,
        lasting: Duration,
    ) -> Result<AssumedRole, Error> {
        let got = self.customer_role(customer, aws, Scope::Whole, lasting);
        Ok(got.await?.role())
    }

    /// The customer role, narrowed by a session policy, or by how long it lasts.
    /// The cache neither has it nor keeps it; the vendor role may come from there.
    pub(crate) async fn assume_narrowed(
        &self,
        customer: &Customer,
        aws: &Aws,
        policy: Option<&SessionPolicy>,
        duration_seconds: u32,
    ) -> Result<AssumedRole, Error> {
        let (_, RoleChain(request)) = self.chain(customer, aws, Scope::Whole)?;
        let request = CustomerRoleRequest {
            session_policy: policy.map(|policy| policy.as_str().to_owned()),
            duration_seconds,
            ..request
        };
        let (role, _) = Box::pin(self.walk(customer, aws, &request))
            .await
            .map_err(Error::naming_the_session_policy)?;
        Ok(role)
    }

    /// Every identity on the way to the customer role.
    pub(crate) async fn whoami(&self, customer: &Customer, aws: &Aws) -> Result<Whoami, Error> {
        let vendor = self.vendor_role(customer, aws).await?;
        let customer_role = self.assume(customer, aws).await?;
        let base_arn = match vendor.base_arn {
            Some(arn) => Some(arn),
            None => match self.base_arn(customer, aws).await {
                Ok(arn) => Some(arn),
                Err(error) => {
                    // Both roles are there, so a base identity that cannot be loaded is not a
                    // failure.
                    self.callbacks.warn(&error.to_string());
                    None
                }
            },
        };
        Ok(Whoami {
            base_arn,
            vendor_role: vendor.role,
            customer_role,
        })
    }

    /// What the cache's notes say of a customer's vendor role and customer role.
    /// It opens no store and makes no call. A role that is not cached, or has expired, is `None`.
    pub(crate) fn noted(&self, customer: &Customer) -> [Option<Noted>; 2] {
        self.cache.noted(customer)
    }

    /// Walks the chain and keeps both roles; needs [`CacheUse::Refresh`].
    /// Errors: also if they cannot be kept, which is found out before the walk if possible.
    pub(crate) async fn login(&self, customer: &Customer, aws: &Aws) -> Result<AssumedRole, Error> {
        self.cache.ready().await?;
        match self
            .customer_role(customer, aws, Scope::Whole, Duration::ZERO)
            .await?
        {
            Got::Cached(role) => Ok(role),
            Got::Walked { it, is_kept: true } => Ok(it.role),
            Got::Walked { is_kept: false, .. } => Err(self.cache.unkept()),
        }
    }

    /// Forgets the cached credentials of `customer`, or all of them.
    /// `known` are the customers of the settings file, looked for beside those that are listed in
    /// the store.
    pub(crate) async fn logout(&self, customer: Option<&str>, known: &[&str]) -> Result<(), Error> {
        self.cache.logout(customer, known).await
    }

    /// Forgets the customer role in every scope, after AWS has called it expired or revoked:
    /// the next [`Identity::assume`] gets another.
    pub(crate) async fn forget(&self, customer: &Customer, aws: &Aws) -> Result<(), Error> {
        for scope in Scope::ALL {
            let (_, chain) = self.chain(customer, aws, scope)?;
            self.cache
                .forget(&customer.name, Request::Customer(&chain.0))
                .await?;
        }
        Ok(())
    }

    /// Another customer role in place of one that AWS has just refused:
    /// see [`AssumedRole::may_be_outlived`].
    pub(crate) async fn renew(&self, customer: &Customer, aws: &Aws) -> Result<AssumedRole, Error> {
        self.forget(customer, aws).await?;
        self.assume(customer, aws).await
    }

    /// The chain, as far as it is known without a call.
    pub(super) fn chain(
        &self,
        customer: &Customer,
        aws: &Aws,
        scope: Scope,
    ) -> Result<(Base, RoleChain), Error> {
        let base = Base::find(&customer.vendor, aws.profiles(), self.os)?;
        let region = aws.sts_region(&customer.vendor);
        let endpoint = match aws.endpoints().of(Service::Sts) {
            Some(url) => url.to_owned(),
            None if aws.endpoint_kind().is_plain() => format!("https://{}", region.host("sts")),
            None => format!(
                "https://{} {}",
                region.host("sts"),
                aws.endpoint_kind().name()
            ),
        };
        let chain = RoleChain::new(customer, base.fingerprint, endpoint, scope);
        Ok((base, chain))
    }

    async fn customer_role(
        &self,
        customer: &Customer,
        aws: &Aws,
        scope: Scope,
        lasting: Duration,
    ) -> Result<Got<CustomerRole>, Error> {
        let (_, RoleChain(request)) = self.chain(customer, aws, scope)?;
        let asked = Request::Customer(&request);
        let walk = async {
            let (role, vendor) = self.walk(customer, aws, &request).await?;
            let request = CustomerRoleRequest {
                // A base identity that was renewed on the way is another one now.
                vendor: vendor.request.clone(),
                ..request.clone()
            };
            Ok(CustomerRole {
                request,
                role,
                vendor,
            })
        };
        let kept_for = self.keeps_for(customer);
        Box::pin(self.cache.once_for(lasting, asked, kept_for, walk)).await
    }

    pub(super) async fn vendor_role(
        &self,
        customer: &Customer,
        aws: &Aws,
    ) -> Result<VendorRole, Error> {
        let chain = || self.chain(customer, aws, Scope::Whole);
        // Looked at when it is one's turn: a base identity may have been renewed meanwhile.
        let is_fit = |held: &VendorRole| {
            chain().is_ok_and(|(_, chain)| chain.0.vendor == held.request)
                && entry::is_fresh(held.got, held.role.expires, self.os.now())
        };
        let walk = async {
            let (
                base,
                RoleChain(CustomerRoleRequest {
                    vendor: request, ..
                }),
            ) = chain()?;
            let walk = self.walk_to_vendor(customer, aws, &base);
            let asked = Request::Vendor(&request);
            let got = self.cache.once(asked, self.keeps_for(customer), walk);
            Ok(match got.await? {
                Got::Walked { it, .. } => it,
                Got::Cached(role) => VendorRole {
                    request,
                    role,
                    got: self.os.now(),
                    base_arn: None,
                },
            })
        };
        let once = self
            .vendor_roles
            .once(&customer.vendor, self.waits, is_fit, walk);
        Box::pin(once).await
    }

    /// The customer for whom the cache keeps what a walk brings.
    fn keeps_for<'c>(&self, customer: &'c Customer) -> Option<&'c str> {
        (self.waits != Waits::Unattended).then_some(customer.name.as_str())
    }
}

/// A customer role that was just assumed.
struct CustomerRole {
    request: CustomerRoleRequest,
    role: AssumedRole,
    vendor: VendorRole,
}

impl Got<CustomerRole> {
    fn role(self) -> AssumedRole {
        match self {
            Self::Cached(role) => role,
            Self::Walked { it, .. } => it.role,
        }
    }
}

impl Walked for CustomerRole {
    fn request(&self) -> Request<'_> {
        Request::Customer(&self.request)
    }

    fn role(&self) -> &AssumedRole {
        &self.role
    }

    fn through(&self) -> Option<(Request<'_>, SystemTime)> {
        let vendor = Request::Vendor(&self.request.vendor);
        Some((vendor, self.vendor.role.expires))
    }
}

impl Walked for VendorRole {
    fn request(&self) -> Request<'_> {
        Request::Vendor(&self.request)
    }

    fn role(&self) -> &AssumedRole {
        &self.role
    }

    fn through(&self) -> Option<(Request<'_>, SystemTime)> {
        None
    }
}

/// Shows nothing, and answers no question.
struct Nobody;

impl Callbacks for Nobody {
    fn step(&self, text: &str) {
        tracing::debug!("{text}");
    }

    fn warn(&self, text: &str) {
        tracing::warn!("{text}");
    }

    fn say(&self, text: &str) {
        tracing::info!("{text}");
    }

    fn hand_over(&self) {}

    fn mfa_code<'a>(&'a self, _serial: &'a str, _retry: bool) -> Answer<'a> {
        Box::pin(async { Err(Unasked::NoTerminal) })
    }
}
