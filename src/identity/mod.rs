//! Who we are: the base identity, the vendor role and the customer role, from the cache or by walking
//! the role chain. Refused is any answer of AWS that is not the role that was asked for.
//!
//! The chain is walked before a client for EC2 or SSM is built, and not inside a credentials
//! provider: a person may be typing an MFA code, which takes longer than the SDK waits.

mod arn;
mod assume;
mod base;
mod cache;
mod chain;
mod entry;
mod error;
mod facts;
mod index;
mod lock;
mod probe;
mod store;
mod walk;

use std::collections::HashMap;
use std::sync::Arc;
use std::time::SystemTime;

use aws_credential_types::Credentials;
use tokio::sync::Mutex;

use base::Base;
use cache::Cache;
use chain::{CustomerRoleRequest, Fingerprint, RoleChain, VendorRoleRequest};
use entry::Request;

pub use chain::Scope;
pub use error::{Error, ErrorKind, Step};
pub use probe::{BaseIdentity, Without};

use crate::aws::{Aws, Failure, Service};
use crate::callbacks::{Callbacks, Unasked};
use crate::names::{AccountId, RoleSessionName};
use crate::os::Os;
use crate::settings::{self, Customer};

/// A role we hold temporary credentials of.
#[derive(Debug, Clone)]
pub struct AssumedRole {
    /// The credentials; their Debug hides secret and token.
    pub credentials: Credentials,
    /// `arn:aws:sts::ACCOUNT:assumed-role/ROLE/SESSION`, as STS answered.
    pub arn: String,
    /// The account in that ARN, compared with the settings.
    pub account: AccountId,
    /// The session name in that ARN.
    pub session_name: RoleSessionName,
    /// When the credentials end, by this machine's clock.
    pub expires: SystemTime,
    /// Where they came from.
    pub source: Source,
}

impl AssumedRole {
    /// Whether a call that failed with this role could do better with a renewed one: its credentials
    /// are refused, or are cached ones that may have been revoked since.
    pub fn may_be_outlived(&self, failure: &Failure) -> bool {
        failure.refuses_credentials() || self.source == Source::Cache && failure.may_be_revocation()
    }
}

/// Where credentials came from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// The credential store.
    Cache,
    /// STS, just now.
    Sts,
}

/// What the cache may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CacheUse {
    /// Cached credentials are used, and fresh ones kept.
    ReadWrite,
    /// `login`: the chain is walked even if it is cached, and kept.
    Refresh,
}

/// Everyone we are on the way to a customer.
#[derive(Debug, Clone)]
pub struct Whoami {
    /// Who the base identity is; absent where it cannot be loaded any more.
    pub base_arn: Option<String>,
    /// The vendor role.
    pub vendor_role: AssumedRole,
    /// The customer role.
    pub customer_role: AssumedRole,
}

/// The identities of one process. Customers may be asked for side by side: the vendor role that they
/// share is got once, and its MFA code asked for once.
pub struct Identity<'a> {
    os: &'a Os,
    callbacks: &'a dyn Callbacks,
    cache: Arc<Cache<'a>>,
    /// Whether what is got by walking is kept in the cache.
    keeps: bool,
    vendor_roles: Arc<Mutex<HashMap<Fingerprint, VendorRole>>>,
}

/// The vendor role, and what became known on the way to it.
#[derive(Clone)]
struct VendorRole {
    request: VendorRoleRequest,
    role: AssumedRole,
    got: SystemTime,
    base_arn: Option<String>,
}

/// The customer role, and whether it is kept.
struct CustomerRole {
    role: AssumedRole,
    kept: bool,
}

impl<'a> Identity<'a> {
    /// Nothing is opened or asked before it is needed. `attended` says that a person is there to
    /// answer a prompt of the keyring's own.
    pub fn new(
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
            keeps: true,
            vendor_roles: Arc::default(),
        }
    }

    /// The same identities while somebody else has the terminal: nothing is shown, and a question is an
    /// error. What is in the cache is used, and nothing put there: a session that lives on must not
    /// bring back what `logout` has forgotten.
    #[must_use]
    pub fn unasked(&self) -> Self {
        Self {
            os: self.os,
            callbacks: &Nobody,
            cache: Arc::clone(&self.cache),
            keeps: false,
            vendor_roles: Arc::clone(&self.vendor_roles),
        }
    }

    /// Whether there is a cache in which another process's `login` is found.
    pub fn reads_cache(&self) -> bool {
        self.cache.reads()
    }

    /// The customer role: from the cache, or by walking the chain.
    pub async fn assume(&self, customer: &Customer, aws: &Aws) -> Result<AssumedRole, Error> {
        self.assume_scoped(customer, aws, Scope::Whole).await
    }

    /// So much of the customer role.
    pub async fn assume_scoped(
        &self,
        customer: &Customer,
        aws: &Aws,
        scope: Scope,
    ) -> Result<AssumedRole, Error> {
        Ok(self.customer_role(customer, aws, scope).await?.role)
    }

    /// Every identity on the way to the customer role. The base identity is asked who it is, unless
    /// that was asked on the way.
    pub async fn whoami(&self, customer: &Customer, aws: &Aws) -> Result<Whoami, Error> {
        let vendor = self.vendor_role(customer, aws).await?;
        let customer_role = self.assume(customer, aws).await?;
        let base_arn = match vendor.base_arn {
            Some(arn) => Some(arn),
            None => match self.base_arn(customer, aws).await {
                Ok(arn) => Some(arn),
                Err(error) => {
                    // The roles hold all the same, so this is no failure.
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

    /// Walks the chain and keeps both roles; to be asked of an identity made with
    /// [`CacheUse::Refresh`]. Errors: also when they cannot be kept, found before the walk where it
    /// can be.
    pub async fn login(&self, customer: &Customer, aws: &Aws) -> Result<AssumedRole, Error> {
        self.cache.ready().await?;
        let CustomerRole { role, kept } = self.customer_role(customer, aws, Scope::Whole).await?;
        if kept {
            Ok(role)
        } else {
            Err(self.cache.unkept())
        }
    }

    /// Forgets the cached credentials of `customer`, or all of them. `known` are the customers of the
    /// settings file, looked for beside those that are listed in the store.
    pub async fn logout(&self, customer: Option<&str>, known: &[&str]) -> Result<(), Error> {
        self.cache.logout(customer, known).await
    }

    /// Forgets the customer role, which AWS has just said is expired or revoked, whatever its scope:
    /// the next [`Identity::assume`] gets another.
    pub async fn forget(&self, customer: &Customer, aws: &Aws) -> Result<(), Error> {
        for scope in Scope::ALL {
            let (_, chain) = self.chain(customer, aws, scope)?;
            self.cache.forget(Request::Customer(&chain.0)).await?;
        }
        Ok(())
    }

    /// The customer role anew, where AWS has just refused the one there was: see
    /// [`AssumedRole::may_be_outlived`].
    pub async fn renew(&self, customer: &Customer, aws: &Aws) -> Result<AssumedRole, Error> {
        self.forget(customer, aws).await?;
        self.assume(customer, aws).await
    }

    /// The chain, as far as it is known without asking anyone.
    fn chain(
        &self,
        customer: &Customer,
        aws: &Aws,
        scope: Scope,
    ) -> Result<(Base, RoleChain), Error> {
        let base = Base::find(&customer.vendor, aws.profiles(), self.os)?;
        let region = aws.sts_region(&customer.vendor);
        let endpoint = match aws.endpoints().of(Service::Sts) {
            Some(url) => url.to_owned(),
            None => format!("https://{}", region.host("sts")),
        };
        let chain = RoleChain::new(customer, base.fingerprint, endpoint, scope);
        Ok((base, chain))
    }

    async fn customer_role(
        &self,
        customer: &Customer,
        aws: &Aws,
        scope: Scope,
    ) -> Result<CustomerRole, Error> {
        let cached = |role| CustomerRole { role, kept: true };
        let (_, RoleChain(request)) = self.chain(customer, aws, scope)?;
        let asked = Request::Customer(&request);
        if let Some(role) = self.cache.load(asked).await? {
            return Ok(cached(role));
        }
        let turn = self.cache.turn(asked).await;
        // Another process may have got it while we waited.
        if let Some(role) = self.cache.load(asked).await? {
            return Ok(cached(role));
        }
        let (role, vendor) = self.walk(customer, aws, &request).await?;
        // A base identity that was renewed on the way is another one now.
        let request = CustomerRoleRequest {
            vendor: vendor.request,
            ..request
        };
        let asked = Request::Customer(&request);
        let through = (Request::Vendor(&request.vendor), vendor.role.expires);
        let kept = self.keeps
            && turn.is_some()
            && self
                .cache
                .save(&customer.name, asked, &role, Some(through))
                .await?;
        Ok(CustomerRole { role, kept })
    }

    async fn vendor_role(&self, customer: &Customer, aws: &Aws) -> Result<VendorRole, Error> {
        let mut held = self.vendor_roles.lock().await;
        let (base, chain) = self.chain(customer, aws, Scope::Whole)?;
        let request = chain.0.vendor;
        if let Some(known) = held.get(&request.key())
            && entry::is_fresh(known.got, known.role.expires, self.os.now())
        {
            return Ok(known.clone());
        }
        let asked = Request::Vendor(&request);
        let cached = |role| VendorRole {
            request: request.clone(),
            role,
            got: self.os.now(),
            base_arn: None,
        };
        if let Some(role) = self.cache.load(asked).await? {
            return Ok(cached(role));
        }
        let turn = self.cache.turn(asked).await;
        if let Some(role) = self.cache.load(asked).await? {
            return Ok(cached(role));
        }
        let vendor = self.walk_to_vendor(customer, aws, &base).await?;
        if self.keeps && turn.is_some() {
            let asked = Request::Vendor(&vendor.request);
            self.cache
                .save(&customer.name, asked, &vendor.role, None)
                .await?;
        }
        held.insert(vendor.request.key(), vendor.clone());
        Ok(vendor)
    }
}

/// Nobody to show anything to, or to ask.
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

    fn mfa_code(&self, _serial: &str, _retry: bool) -> Result<String, Unasked> {
        Err(Unasked::NoTerminal)
    }
}
