//! The chain step by step, for `doctor`, which finds out what is wrong with it.

use std::time::SystemTime;

use super::arn::is_assumed_role;
use super::assume::{Ask, Refused, Sts, meaning, server_time};
use super::base::Base;
use super::chain::{RoleChain, Scope};
use super::error::{Error, ErrorKind, Step};
use super::identities::Identity;
use super::role::AssumedRole;
use crate::aws::{Aws, Failure, FailureKind};
use crate::names::ExternalId;
use crate::settings::Customer;

/// What takes every permission from a session that only shows that it can be had.
const NOTHING: &str =
    r#"{"Version":"2012-10-17","Statement":[{"Effect":"Deny","Action":"*","Resource":"*"}]}"#;
/// The shortest session that AssumeRole gives, in seconds (API reference).
const SHORTEST: u32 = 900;
/// An ExternalId that no customer has agreed on.
const WRONG: &str = "vendor-ssm-doctor-check-trust";

/// The identity that the chain starts from.
#[derive(Debug, Clone)]
pub(crate) struct BaseIdentity {
    pub arn: String,
    /// Where its credentials come from.
    pub origin: String,
    /// When they expire; `None`: never, or it is not known.
    pub expires: Option<SystemTime>,
    /// The command that renews it.
    pub login: Option<String>,
}

impl BaseIdentity {
    /// Whether it is a role's session, whose credentials end by themselves.
    pub(crate) fn is_role(&self) -> bool {
        is_assumed_role(&self.arn)
    }
}

/// What the customer role is asked for without.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Without {
    /// There is no ExternalId at all.
    Any,
    /// There is one, and not the customer's.
    TheRight,
}

impl Identity<'_> {
    /// The time by AWS's clock, from its refusal of keys that do not exist.
    pub(crate) async fn server_time(
        &self,
        customer: &Customer,
        aws: &Aws,
    ) -> Result<SystemTime, Box<Failure>> {
        server_time(aws, &aws.sts_region(&customer.vendor)).await
    }

    /// Where credentials are kept, tried out. Errors: when they can be kept nowhere.
    pub(crate) async fn kept_in(&self) -> Result<&'static str, Error> {
        self.cache.ready().await?;
        Ok(self.cache.name())
    }

    /// The base identity, as AWS knows it.
    pub(crate) async fn base(&self, customer: &Customer, aws: &Aws) -> Result<BaseIdentity, Error> {
        let base = Base::find(&customer.vendor, aws.profiles(), self.os)?;
        let region = aws.sts_region(&customer.vendor);
        let credentials = self.base_credentials(&base, aws, &region).await?;
        let expires = credentials.expiry();
        let sts = Sts::new(aws, &region, credentials, self.callbacks);
        Ok(BaseIdentity {
            arn: super::walk::caller_arn(&sts, &base).await?,
            origin: base.origin.to_string(),
            expires,
            login: base.login,
        })
    }

    /// The vendor role, cached or not: it may take an MFA code.
    pub(crate) async fn vendor(
        &self,
        customer: &Customer,
        aws: &Aws,
    ) -> Result<AssumedRole, Error> {
        Ok(self.vendor_role(customer, aws).await?.role)
    }

    /// The customer role from STS, whatever is cached, and not kept: what the customer grants now.
    pub(crate) async fn assume_anew(
        &self,
        customer: &Customer,
        aws: &Aws,
    ) -> Result<AssumedRole, Error> {
        let (_, RoleChain(request)) = self.chain(customer, aws, Scope::Whole)?;
        Ok(self.walk(customer, aws, &request).await?.0)
    }

    /// Whether the customer role can be assumed without its ExternalId, which must not work.
    /// Credentials from such a call may do nothing, and are dropped at once.
    pub(crate) async fn is_let_in_without(
        &self,
        customer: &Customer,
        aws: &Aws,
        without: Without,
    ) -> Result<bool, Error> {
        let vendor = self.vendor_role(customer, aws).await?.role;
        let wrong: Option<ExternalId> = match without {
            Without::Any => None,
            Without::TheRight => WRONG.parse().ok(),
        };
        let ask = Ask {
            step: Step::CustomerRole,
            role_arn: &customer.role_arn,
            session_name: &vendor.session_name,
            duration_seconds: SHORTEST,
            source_identity: None,
            external_id: wrong.as_ref(),
            session_policy: Some(NOTHING),
        };
        let region = aws.sts_region(&customer.vendor);
        let sts = Sts::new(aws, &region, vendor.credentials.clone(), self.callbacks);
        let refused = match sts.assume_role(&ask, self.os.now(), None).await {
            Ok(_) => return Ok(true),
            Err(Refused::Call(failure)) if failure.kind == FailureKind::Denied => return Ok(false),
            Err(Refused::Final(error)) => error,
            Err(Refused::Call(failure)) => {
                let step = Step::CustomerRole;
                meaning(step, &failure).unwrap_or_else(|| ErrorKind::Call { step, failure }.into())
            }
        };
        Err(refused.of_customer(&customer.name))
    }
}
