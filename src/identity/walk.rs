//! Walking the role chain: base identity, vendor role, customer role.

use std::time::Duration;

use aws_credential_types::Credentials;

use super::arn::{is_assumed_role, own_name};
use super::assume::{Ask, Refused, Sts, meaning};
use super::base::{Asks, Base};
use super::chain::{CustomerRoleRequest, Scope};
use super::entry::Request;
use super::error::{Error, ErrorKind, Step};
use super::identities::Identity;
use super::refused;
use super::role::{AssumedRole, Source};
use super::vendor::{VendorRole, Waits};
use crate::aws::{Aws, Failure, FailureKind};
use crate::names::{Region, RoleSessionName, UserTemplate};
use crate::settings::Customer;

/// The longest life of a chained role's credentials.
/// IAM User Guide, "Roles terms and concepts", role chaining.
const CHAINED_SECONDS: u32 = 3600;

/// Credentials that end sooner are not used for another walk.
const ENDS_SOON: Duration = Duration::from_mins(1);

impl Identity<'_> {
    /// Assumes the customer role, and says with which vendor role.
    pub(super) async fn walk(
        &self,
        customer: &Customer,
        aws: &Aws,
        request: &CustomerRoleRequest,
    ) -> Result<(AssumedRole, VendorRole), Error> {
        let begun = self.os.now();
        let mut vendor = self.vendor_role(customer, aws).await?;
        let is_older =
            |vendor: &VendorRole| vendor.role.source == Source::Cache || vendor.got < begun;
        let mut answer = self
            .ask_customer(customer, aws, request, &vendor.role)
            .await;
        if let Err(Refused::Call(failure)) = &answer
            && is_older(&vendor)
            && vendor.role.may_be_outlived(failure)
        {
            // What was cached may not hold any more: once more with a fresh one.
            self.forget_vendor(customer, &vendor).await?;
            match self.vendor_role(customer, aws).await {
                Ok(fresh) => {
                    vendor = fresh;
                    answer = self
                        .ask_customer(customer, aws, request, &vendor.role)
                        .await;
                }
                // Only a person could get one, so the refusal stands.
                Err(error) if self.waits == Waits::Beside && error.needs_code() => {}
                Err(error) => return Err(error),
            }
        }
        match answer {
            Ok(role) => Ok((role, vendor)),
            Err(Refused::Final(error)) => Err(of_customer(error, customer, aws)),
            Err(Refused::Call(failure)) => {
                if may_be_revoked_unsaid(customer, &vendor, &failure) {
                    self.forget_vendor(customer, &vendor).await?;
                }
                let refused = refused_by_customer(customer, &vendor, failure);
                Err(of_customer(refused, customer, aws))
            }
        }
    }

    async fn forget_vendor(&self, customer: &Customer, vendor: &VendorRole) -> Result<(), Error> {
        self.vendor_roles.forget(&customer.vendor, &vendor.role);
        self.cache
            .forget(&customer.name, Request::Vendor(&vendor.request))
            .await
    }

    async fn ask_customer(
        &self,
        customer: &Customer,
        aws: &Aws,
        request: &CustomerRoleRequest,
        vendor: &AssumedRole,
    ) -> Result<AssumedRole, Refused> {
        self.callbacks.step("assuming the customer role…");
        aws.dial_expected();
        let region = aws.sts_region(&customer.vendor);
        let ask = Ask {
            step: Step::CustomerRole,
            role_arn: &request.role_arn,
            session_name: &vendor.session_name,
            duration_seconds: request.duration_seconds,
            source_identity: None,
            external_id: Some(&request.external_id),
            session_policy: request.session_policy.as_deref(),
        };
        Sts::new(aws, &region, vendor.credentials.clone(), self.callbacks)
            .assume_role(&ask, self.os.now(), None)
            .await
    }

    /// Gets the base identity's credentials and assumes the vendor role with them.
    pub(super) async fn walk_to_vendor(
        &self,
        customer: &Customer,
        aws: &Aws,
        base: &Base,
    ) -> Result<VendorRole, Error> {
        let vendor = &customer.vendor;
        let seconds = vendor.duration_seconds;
        let too_long = |is_role| is_role == Some(true) && seconds > CHAINED_SECONDS;
        if too_long(base.is_role) {
            return Err(ErrorKind::ChainedDuration { seconds }.into());
        }
        let sts = self.base_sts(customer, aws, base).await?;
        // Loading may have renewed a cached token, by which the identity is known.
        let (base, chain) = self.chain(customer, aws, Scope::Whole)?;

        let templates = [&vendor.source_identity, &vendor.mfa_serial];
        let is_needed = vendor.role_session_name.is_none()
            || templates
                .into_iter()
                .flatten()
                .any(UserTemplate::names_user);
        let base_arn = if is_needed {
            Some(caller_arn(&sts, &base).await?)
        } else {
            None
        };
        let arn = base_arn.as_deref().unwrap_or_default();
        if too_long(base_arn.is_some().then(|| is_assumed_role(arn))) {
            return Err(ErrorKind::ChainedDuration { seconds }.into());
        }
        let own_name = own_name(arn);
        let session_name: &RoleSessionName = vendor
            .role_session_name
            .as_ref()
            .or(own_name.as_ref())
            .ok_or_else(|| ErrorKind::NoSessionName {
                arn: arn.to_owned(),
            })?;
        let user = own_name.as_ref().unwrap_or(session_name).as_str();

        self.callbacks.step("assuming the vendor role…");
        let ask = Ask {
            step: Step::VendorRole,
            role_arn: &vendor.role_arn,
            session_name,
            duration_seconds: seconds,
            source_identity: vendor.source_identity.as_ref().map(|name| name.fill(user)),
            external_id: None,
            session_policy: None,
        };
        let serial = vendor.mfa_serial.as_ref().map(|serial| serial.fill(user));
        if serial.is_none() && base.mfa_serial.is_none() {
            // No code will be asked for.
            aws.dial_expected();
        }
        let mut answer = sts
            .assume_role(&ask, self.os.now(), serial.as_deref())
            .await;
        // The profile's device is asked for only if the role may want it.
        if let (None, Some(device)) = (&serial, &base.mfa_serial)
            && matches!(&answer, Err(Refused::Call(failure)) if failure.kind == FailureKind::Denied)
        {
            answer = sts.assume_role(&ask, self.os.now(), Some(device)).await;
        }
        match answer {
            Ok(role) => Ok(VendorRole {
                request: chain.0.vendor,
                role,
                got: self.os.now(),
                base_arn,
            }),
            Err(Refused::Final(error)) => Err(error),
            Err(Refused::Call(failure)) => Err(match sts.known_in(&failure).await {
                Some(other) => not_enabled(Step::VendorRole, failure, other),
                None => refused_by_vendor(customer, &base, failure),
            }),
        }
    }

    /// Whether AWS accepts the role's credentials in another region.
    /// `region` has refused them.
    pub(crate) async fn is_accepted_elsewhere(
        &self,
        customer: &Customer,
        aws: &Aws,
        role: &AssumedRole,
        region: &Region,
    ) -> bool {
        let of_sts = aws.sts_region(&customer.vendor);
        let other = if of_sts == *region {
            region.partition().first_region()
        } else {
            of_sts
        };
        if other == *region {
            return false;
        }
        let sts = Sts::new(aws, &other, role.credentials.clone(), self.callbacks);
        sts.caller_arn().await.is_ok()
    }

    /// Who the base identity is.
    pub(super) async fn base_arn(&self, customer: &Customer, aws: &Aws) -> Result<String, Error> {
        let (base, _) = self.chain(customer, aws, Scope::Whole)?;
        let sts = self.base_sts(customer, aws, &base).await?;
        caller_arn(&sts, &base).await
    }

    /// The base identity's credentials. Those that took an MFA code are kept while they last.
    pub(super) async fn base_credentials(
        &self,
        base: &Base,
        aws: &Aws,
        region: &Region,
    ) -> Result<Credentials, Error> {
        let asks = Asks {
            callbacks: self.callbacks,
            keeps: self.cache.writes(),
        };
        if !base.needs_code() {
            // Who comes second finds the new token in its file.
            let _turn = if base.spends_token() {
                Some(self.tokens.lock().await)
            } else {
                None
            };
            return base.load(aws, region, self.os, asks).await;
        }
        let mut coded = match (self.waits, self.coded.try_lock()) {
            (_, Ok(coded)) => coded,
            (Waits::Attended, Err(_)) => self.coded.lock().await,
            // A person is typing a code, and a live session does not wait for that.
            (Waits::Beside | Waits::Unattended, Err(_)) => {
                return base.load(aws, region, self.os, asks).await;
            }
        };
        let soon = self.os.now() + ENDS_SOON;
        coded.retain(|(_, keys)| keys.expiry().is_none_or(|ends| ends > soon));
        if let Some((_, keys)) = coded.iter().find(|(of, _)| *of == base.fingerprint) {
            return Ok(keys.clone());
        }
        let keys = base.load(aws, region, self.os, asks).await?;
        coded.push((base.fingerprint, keys.clone()));
        Ok(keys)
    }

    async fn base_sts<'a>(
        &'a self,
        customer: &Customer,
        aws: &'a Aws,
        base: &Base,
    ) -> Result<Sts<'a>, Error> {
        self.callbacks.step("loading the base identity…");
        let region = aws.sts_region(&customer.vendor);
        let credentials = self.base_credentials(base, aws, &region).await?;
        let sts = Sts::new(aws, &region, credentials, self.callbacks);
        Ok(sts.keeping(self.cache.writes()))
    }
}

pub(super) async fn caller_arn(sts: &Sts<'_>, base: &Base) -> Result<String, Error> {
    let step = Step::BaseIdentity;
    let failure = match sts.caller_arn().await {
        Ok(arn) => return Ok(arn),
        Err(failure) => failure,
    };
    Err(match sts.known_in(&failure).await {
        Some(other) => not_enabled(step, failure.into(), other),
        None => meaning(step, &failure).unwrap_or_else(|| base_refused(base, failure.into())),
    })
}

fn not_enabled(step: Step, failure: Box<Failure>, other: Region) -> Error {
    ErrorKind::RegionNotEnabled {
        step,
        failure,
        other,
    }
    .into()
}

/// Whether a cached vendor role may be at fault and not the customer.
/// Across accounts AWS does not say why it denies. The next command gets another vendor role,
/// unless that takes an MFA code.
fn may_be_revoked_unsaid(customer: &Customer, vendor: &VendorRole, failure: &Failure) -> bool {
    failure.kind == FailureKind::Denied
        && vendor.role.source == Source::Cache
        && customer.vendor.mfa_serial.is_none()
}

fn base_refused(base: &Base, failure: Box<Failure>) -> Error {
    ErrorKind::BaseRefused {
        origin: base.origin.to_string(),
        login: base.login.clone(),
        failure,
    }
    .into()
}

fn refused_by_vendor(customer: &Customer, base: &Base, failure: Box<Failure>) -> Error {
    if let Some(error) = meaning(Step::VendorRole, &failure) {
        return error;
    }
    if failure.refuses_credentials() {
        return base_refused(base, failure);
    }
    ErrorKind::VendorRoleDenied {
        role_arn: customer.vendor.role_arn.to_string(),
        failure,
    }
    .into()
}

fn refused_by_customer(customer: &Customer, vendor: &VendorRole, failure: Box<Failure>) -> Error {
    if let Some(error) = meaning(Step::CustomerRole, &failure) {
        return error;
    }
    if failure.refuses_credentials() {
        return ErrorKind::VendorCredentialsRefused { failure }.into();
    }
    ErrorKind::CustomerRoleDenied {
        role_arn: customer.role_arn.to_string(),
        asked_as: vendor.role.arn.clone(),
        external_id: customer.external_id.clone(),
        trust: Box::new(refused::trust(customer, &failure)),
        failure,
    }
    .into()
}

/// The error of a customer's role, with the end of the grant if it has come.
fn of_customer(error: Error, customer: &Customer, aws: &Aws) -> Error {
    let grant_ended = customer.grant_ended(aws.clock().now());
    error.of_customer(&customer.name).after(grant_ended)
}
