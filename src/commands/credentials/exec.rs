//! The environment of the command that gets the credentials, and becoming that command.

use std::ffi::{OsStr, OsString};
use std::io;
use std::process::Command;

use zeroize::Zeroizing;

use crate::error::Error;
use crate::exit::Exit;
use crate::identity::AssumedRole;
use crate::os::Os;
use crate::platform::{self, fits_a_command_line, look_up_program};
use crate::settings::Customer;

use crate::commands::whoami::expires;

/// The variables by which AWS's SDKs and tools find credentials, and what goes with them.
/// They are the engineer's, and would outrank the customer's or be mixed with them.
/// AWS SDKs and Tools Reference Guide, "Environment variables"; the old names are from boto, from
/// the SDK for Java and from aws-vault.
const OWN: [&str; 14] = [
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_ACCESS_KEY_ID",
    "AWS_ACCESS_KEY",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SECRET_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_SESSION_EXPIRATION",
    "AWS_ACCOUNT_ID",
    "AWS_MFA_SERIAL",
    "AWS_VAULT",
    "AWS_REGION",
    "AWS_DEFAULT_REGION",
];
/// What else such variables begin with.
const OWN_BEGIN: [&str; 6] = [
    "AWS_WEB_IDENTITY_",
    "AWS_CONTAINER_",
    "AWS_ROLE_",
    "AWS_CREDENTIAL_",
    "AWS_SSO_",
    "AWS_BEARER_TOKEN",
];

/// How the command's environment differs from this process's.
pub(super) struct Environment {
    removed: Vec<String>,
    set: Vec<(&'static str, Zeroizing<String>)>,
    has_region: bool,
}

impl Environment {
    /// The customer's credentials in the place of the engineer's.
    pub(super) fn new(os: &Os, customer: &Customer, role: &AssumedRole) -> Self {
        let is_own = |name: &&str| {
            OWN.iter().any(|own| os.is_same(name, own))
                || OWN_BEGIN.iter().any(|begin| os.begins(name, begin))
        };
        let credentials = &role.credentials;
        let mut set = vec![
            ("AWS_ACCESS_KEY_ID", credentials.access_key_id().to_owned()),
            (
                "AWS_SECRET_ACCESS_KEY",
                credentials.secret_access_key().to_owned(),
            ),
            (
                "AWS_SESSION_TOKEN",
                credentials.session_token().unwrap_or_default().to_owned(),
            ),
            ("AWS_SESSION_EXPIRATION", expires(role)),
            ("VENDOR_SSM_EXEC", customer.name.clone()),
        ];
        let region = region(os, customer);
        if let Some(region) = &region {
            set.push(("AWS_REGION", region.clone()));
            set.push(("AWS_DEFAULT_REGION", region.clone()));
        }
        // The settings say that this customer is reached there.
        let endpoints = &customer.endpoints;
        let endpoints = [
            ("AWS_ENDPOINT_URL_STS", &endpoints.sts),
            ("AWS_ENDPOINT_URL_EC2", &endpoints.ec2),
            ("AWS_ENDPOINT_URL_SSM", &endpoints.ssm),
            ("AWS_ENDPOINT_URL_KMS", &endpoints.kms),
        ];
        set.extend(
            endpoints
                .into_iter()
                .filter_map(|(name, url)| Some((name, url.as_ref()?.as_str().to_owned()))),
        );
        Self {
            removed: os.names().filter(is_own).map(str::to_owned).collect(),
            set: set
                .into_iter()
                .map(|(name, value)| (name, Zeroizing::new(value)))
                .collect(),
            has_region: region.is_some(),
        }
    }

    /// Says that the command has no region, if it has none.
    pub(super) fn region_notice(&self, customer: &Customer) -> Option<String> {
        (!self.has_region).then(|| {
            format!(
                "{} has {} regions, so AWS_REGION is not set: pass --region to set it",
                customer.name,
                customer.regions.len()
            )
        })
    }

    /// Becomes the command. Where a system cannot, it runs the command and returns its exit code.
    pub(super) fn become_command(self, words: &[OsString], os: &Os) -> Result<Exit, Error> {
        let Some((program, arguments)) = words.split_first() else {
            return Err(not_started(OsStr::new(""), io::ErrorKind::NotFound.into()));
        };
        let path = command(words, os)?;
        let mut command = Command::new(path);
        command.args(arguments);
        for name in &self.removed {
            command.env_remove(name);
        }
        for (name, value) in &self.set {
            command.env(name, value.as_str());
        }
        let ended = platform::become_command(command);
        let code = ended.map_err(|source| not_started(program, source))?;
        Ok(Exit::of_program(code))
    }
}

/// What to start for the command, if the system can start it.
pub(super) fn command(words: &[OsString], os: &Os) -> Result<OsString, Error> {
    let none = OsString::new();
    let (program, arguments) = words.split_first().unwrap_or((&none, &[]));
    let path = look_up_program(program, os).and_then(|path| {
        fits_a_command_line(&path, arguments.iter().map(OsString::as_os_str))?;
        Ok(path)
    });
    path.map_err(|source| not_started(program, source))
}

fn not_started(program: &OsStr, source: io::Error) -> Error {
    Error::NotStarted {
        command: program.to_string_lossy().into_owned(),
        source,
    }
}

/// The customer's only region. Of several, the one that the engineer's variables name.
fn region(os: &Os, customer: &Customer) -> Option<String> {
    let asked = || {
        let named = os
            .var("AWS_REGION")
            .or_else(|| os.var("AWS_DEFAULT_REGION"))?;
        let mut regions = customer.regions.iter();
        regions.find(|region| region.as_str() == named)
    };
    let region = match customer.regions.as_slice() {
        [only] => Some(only),
        _ => asked(),
    };
    region.map(|region| region.as_str().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_finds_credentials_is_the_engineers_own() {
        for begin in OWN_BEGIN {
            assert!(begin.starts_with("AWS_"));
        }
        // These say where to ask and whom to trust, which is the machine's.
        for kept in [
            "AWS_CONFIG_FILE",
            "AWS_SHARED_CREDENTIALS_FILE",
            "AWS_CA_BUNDLE",
            "AWS_ENDPOINT_URL",
            "AWS_USE_FIPS_ENDPOINT",
            "AWS_PAGER",
        ] {
            assert!(!OWN.contains(&kept));
            assert!(!OWN_BEGIN.iter().any(|begin| kept.starts_with(begin)));
        }
    }
}
