//! Assumes the roles that a profile names with `role_arn`, each with the credentials before it.

use aws_credential_types::Credentials;

use super::load::made_up;
use super::root::ProfileRole;
use crate::aws::{Aws, Failure};
use crate::callbacks::Callbacks;
use crate::identity::assume::{Ask, Refused, Sts, meaning};
use crate::identity::error::{Error, ErrorKind, Step};
use crate::names::{Region, RoleSessionName};
use crate::os::Os;

/// How long a role lasts if its profile does not say, in seconds (AssumeRole API reference).
const DURATION: u32 = 3600;

/// How a person is asked for a code.
#[derive(Clone, Copy)]
pub(in crate::identity) struct Asks<'a> {
    pub callbacks: &'a dyn Callbacks,
    /// Whether a cache keeps the roles that come of it.
    pub keeps: bool,
}

/// Assumes `roles` one after another. A role with `mfa_serial` needs a code, which a person types.
pub(super) async fn assume(
    roles: &[ProfileRole],
    mut credentials: Credentials,
    aws: &Aws,
    region: &Region,
    os: &Os,
    asks: Asks<'_>,
) -> Result<Credentials, Error> {
    for role in roles {
        let made_up: Option<RoleSessionName> = made_up("assume-role-from-profile", os).parse().ok();
        let session_name = role.session_name.as_ref().or(made_up.as_ref());
        let ask = Ask {
            step: Step::BaseIdentity,
            role_arn: &role.role_arn,
            session_name: session_name.ok_or_else(|| ErrorKind::NoSessionName {
                arn: role.role_arn.to_string(),
            })?,
            duration_seconds: role.duration_seconds.unwrap_or(DURATION),
            source_identity: None,
            external_id: role.external_id.as_ref(),
            session_policy: None,
        };
        let sts = Sts::new(aws, region, credentials, asks.callbacks).keeping(asks.keeps);
        let serial = role.mfa_serial.as_deref();
        let expiry = os.now() + std::time::Duration::from_secs(ask.duration_seconds.into());
        let assumed = match sts.assume_role(&ask, os.now(), serial).await {
            Ok(assumed) => assumed,
            Err(Refused::Final(error)) => return Err(error),
            Err(Refused::Call(failure)) => return Err(refused(role, failure)),
        };
        let keys = &assumed.credentials;
        credentials = Credentials::new(
            keys.access_key_id(),
            keys.secret_access_key(),
            keys.session_token().map(str::to_owned),
            Some(assumed.expires.min(expiry)),
            "profile",
        );
    }
    Ok(credentials)
}

fn refused(role: &ProfileRole, failure: Box<Failure>) -> Error {
    meaning(Step::BaseIdentity, &failure).unwrap_or_else(|| {
        ErrorKind::ProfileRoleRefused {
            profile: role.profile.clone(),
            role_arn: role.role_arn.to_string(),
            failure,
        }
        .into()
    })
}
