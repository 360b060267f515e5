//! The base identity, which the chain starts from.
//! What is known about it without asking anyone comes first; a missing one is an error at once. The
//! metadata services of EC2 and ECS are asked only when the settings, or the profile they name, say
//! so.

mod address;
mod itself;
mod known;
mod load;
mod process;
mod profile;
mod reasons;
mod roles;
mod root;
mod sound;
mod there;
mod trouble;
mod values;

use std::time::Duration;

use aws_credential_types::Credentials;

use super::chain::{Fields, Fingerprint};
use super::error::{Error, ErrorKind};
use crate::aws::{Aws, SharedFiles};
use crate::names::Region;
use crate::os::Os;
use crate::settings::{self, Vendor};
use known::{ecs_container, file, role_keys};
use load::{NotLoaded, exported};
use reasons::reasons;
pub(super) use roles::Asks;
use root::{ProfileRole, Root};

/// How long a provider may take that runs a program, refreshes an SSO token or asks a person.
const LOAD_LIMIT: Duration = Duration::from_mins(1);

/// A base identity as far as it is known without asking anyone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Base {
    /// Where its credentials come from.
    pub origin: Origin,
    /// What tells it from others.
    pub fingerprint: Fingerprint,
    /// Whether its credentials are those of a role; `None` if only AWS knows.
    pub is_role: Option<bool>,
    /// The command that renews it, where there is one.
    pub login: Option<String>,
    /// The MFA device of an IAM user, as the profile with the user's keys names it.
    pub mfa_serial: Option<String>,
    /// What its credentials come out of.
    root: Root,
    /// The roles that its profile assumes with them.
    roles: Vec<ProfileRole>,
}

/// Where the credentials of a base identity come from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Origin {
    /// The exported keys.
    Environment,
    Profile(String),
    /// `AWS_WEB_IDENTITY_TOKEN_FILE` and `AWS_ROLE_ARN`.
    WebIdentity,
    /// The metadata service of the EC2 instance that vendor-ssm runs on.
    Ec2InstanceMetadata,
    /// The container's credentials endpoint.
    EcsContainer,
}

impl std::fmt::Display for Origin {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Environment => formatter.write_str("the exported keys"),
            Self::Profile(name) => write!(formatter, "the profile {name}"),
            Self::WebIdentity => formatter.write_str("the web identity token"),
            Self::Ec2InstanceMetadata => formatter.write_str("the EC2 instance metadata"),
            Self::EcsContainer => formatter.write_str("the container's credentials endpoint"),
        }
    }
}

impl Base {
    /// Finds the base identity that the settings mean.
    /// It makes no call: it reads variables, profiles and cached tokens.
    pub(super) fn find(vendor: &Vendor, files: &SharedFiles, os: &Os) -> Result<Self, Error> {
        let role = |origin, fields: Fields, root| Self {
            origin,
            fingerprint: fields.finish(),
            is_role: Some(true),
            login: None,
            mfa_serial: None,
            root,
            roles: Vec::new(),
        };
        match &vendor.base {
            settings::Base::Environment => environment(os)?.ok_or_else(|| {
                ErrorKind::NoBaseIdentity {
                    why: "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set".to_owned(),
                    profile: None,
                    instead: there::container(os),
                }
                .into()
            }),
            settings::Base::Profile(name) => named(files, name, os),
            settings::Base::Ec2InstanceMetadata => {
                let fields = Fields::of("ec2-instance-metadata");
                let endpoint = address::metadata_endpoint(None, os)?;
                Ok(role(
                    Origin::Ec2InstanceMetadata,
                    fields,
                    Root::Ec2InstanceMetadata(endpoint),
                ))
            }
            settings::Base::EcsContainer => {
                let fields = ecs_container(Fields::of("ecs-container"), os);
                Ok(role(Origin::EcsContainer, fields, Root::EcsContainer))
            }
            settings::Base::DefaultChain => default_chain(files, os),
        }
    }

    /// Whether loading it spends a token, which two at once must not do.
    pub(super) fn spends_token(&self) -> bool {
        matches!(self.root, Root::Sso { .. } | Root::Login { .. })
    }

    /// Whether a person must type a code before there are credentials.
    pub(super) fn needs_code(&self) -> bool {
        self.roles.iter().any(|role| role.mfa_serial.is_some())
    }

    /// Gets its credentials from the SDK's provider, then assumes the profile's own roles.
    pub(super) async fn load(
        &self,
        aws: &Aws,
        region: &Region,
        os: &Os,
        asks: Asks<'_>,
    ) -> Result<Credentials, Error> {
        let config = aws.provider_config(region);
        let load = load::load(&self.root, &config, os);
        let (origin, login) = (self.origin.to_string(), self.login.as_deref());
        let credentials = match tokio::time::timeout(LOAD_LIMIT, load).await {
            Ok(Ok(credentials)) => credentials,
            Ok(Err(NotLoaded::Provider(error))) => {
                if let (Root::Process(_), Origin::Profile(name)) = (&self.root, &self.origin)
                    && let Some(endless) = itself::said(name, &reasons(&error))
                {
                    return Err(endless);
                }
                return Err(trouble::provider(&self.root, origin, login, &error).into());
            }
            Ok(Err(NotLoaded::Value { what, holds })) => {
                let what = format!("{what} of {}", self.origin);
                return Err(ErrorKind::UnusableValue { what, holds }.into());
            }
            Err(_) => {
                return Err(trouble::silent(origin, login, LOAD_LIMIT.as_secs()).into());
            }
        };
        roles::assume(&self.roles, credentials, aws, region, os, asks).await
    }
}

/// Environment, profile, web identity: the SDK's order, without the metadata services.
fn default_chain(files: &SharedFiles, os: &Os) -> Result<Base, Error> {
    if let Some(base) = environment(os)? {
        return Ok(base);
    }
    let selected = named(files, files.selected(), os);
    let missing = match selected {
        Err(missing) if matches!(*missing.kind, ErrorKind::NoBaseIdentity { .. }) => missing,
        found => return found,
    };
    web_identity(os).ok_or(missing)
}

fn named(files: &SharedFiles, name: &str, os: &Os) -> Result<Base, Error> {
    let described = profile::describe(files, name, os)?;
    Ok(Base {
        origin: Origin::Profile(name.to_owned()),
        fingerprint: described.fields.finish(),
        is_role: described.is_role,
        login: described.login,
        mfa_serial: match described.root {
            Root::Keys(_) if described.roles.is_empty() => files
                .profile(name)
                .and_then(|profile| profile.get("mfa_serial"))
                .map(str::to_owned),
            _ => None,
        },
        root: described.root,
        roles: described.roles,
    })
}

/// The exported keys as a base identity.
/// Errors: one of them cannot be a part of credentials.
fn environment(os: &Os) -> Result<Option<Base>, Error> {
    let keys = match exported(os) {
        Ok(Some(keys)) => keys,
        Ok(None) | Err(NotLoaded::Provider(_)) => return Ok(None),
        Err(NotLoaded::Value { what, holds }) => {
            return Err(ErrorKind::UnusableValue { what, holds }.into());
        }
    };
    Ok(Some(Base {
        origin: Origin::Environment,
        fingerprint: Fields::of("environment")
            .text(keys.access_key_id())
            .finish(),
        is_role: role_keys(keys.session_token().is_some()),
        login: None,
        mfa_serial: None,
        root: Root::Environment,
        roles: Vec::new(),
    }))
}

fn web_identity(os: &Os) -> Option<Base> {
    let (token, role) = (
        os.var("AWS_WEB_IDENTITY_TOKEN_FILE")?,
        os.var("AWS_ROLE_ARN")?,
    );
    let fields = Fields::of("web-identity")
        .text(role)
        .optional(os.var("AWS_ROLE_SESSION_NAME"));
    Some(Base {
        origin: Origin::WebIdentity,
        fingerprint: file(fields, token.as_ref()).finish(),
        is_role: Some(true),
        login: None,
        mfa_serial: None,
        root: Root::WebIdentity {
            file: token.to_owned(),
            of_profile: None,
        },
        roles: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn vendor(base: settings::Base) -> Vendor {
        Vendor {
            base,
            role_arn: "arn:aws:iam::111111111111:role/R".parse().unwrap(),
            role_session_name: None,
            source_identity: None,
            mfa_serial: None,
            sts_region: None,
            duration_seconds: 3600,
        }
    }

    fn find(base: settings::Base, os: &Os) -> Result<Base, Error> {
        Base::find(&vendor(base), &SharedFiles::read(None, os), os)
    }

    #[test]
    fn exported_keys_come_first_and_the_key_id_tells_them_apart() {
        let keys = |id| {
            Os::with_environment([
                ("AWS_ACCESS_KEY_ID", id),
                ("AWS_SECRET_ACCESS_KEY", "secret"),
            ])
        };
        let one = find(settings::Base::DefaultChain, &keys("AKIAONE")).unwrap();
        assert_eq!(
            (&one.origin, one.is_role),
            (&Origin::Environment, Some(false))
        );
        let other = find(settings::Base::Environment, &keys("AKIATWO")).unwrap();
        assert_ne!(one.fingerprint, other.fingerprint);
    }

    #[test]
    fn without_credentials_nobody_is_asked() {
        let os = Os::with_environment([("AWS_ACCESS_KEY_ID", "AKIAONE")]);
        for base in [
            settings::Base::DefaultChain,
            settings::Base::Environment,
            settings::Base::Profile("nobody".to_owned()),
        ] {
            let error = find(base, &os).unwrap_err();
            let facts = error.facts();
            assert_eq!(facts.exit, crate::exit::Exit::BaseCredentials);
            assert!(facts.hint.unwrap().contains("aws configure"));
        }
    }

    #[test]
    fn a_pod_is_told_by_its_token() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let path = file.path().to_str().unwrap();
        let uri = (
            "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            "http://169.254.170.23/v1/credentials",
        );
        let of_file = ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", path);
        let mut seen = std::collections::HashSet::new();
        let mut is_new =
            |os: &Os| seen.insert(find(settings::Base::EcsContainer, os).unwrap().fingerprint);
        for token in ["one", "two"] {
            std::fs::write(path, token).unwrap();
            assert!(is_new(&Os::with_environment([uri, of_file])), "{token}");
            let of_text = ("AWS_CONTAINER_AUTHORIZATION_TOKEN", token);
            assert!(is_new(&Os::with_environment([uri, of_text])), "{token}");
        }
        assert!(!is_new(&Os::with_environment([uri, of_file])));
    }

    #[test]
    fn the_metadata_services_address_is_checked() {
        let found = |variables| {
            let os = Os::with_environment::<1>(variables);
            find(settings::Base::Ec2InstanceMetadata, &os).map(|base| base.root)
        };
        let (url, mode) = (
            "AWS_EC2_METADATA_SERVICE_ENDPOINT",
            "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
        );
        for (name, value, address) in [
            (url, "http://127.0.0.1:1", "http://127.0.0.1:1"),
            (mode, "IPv6", "http://[fd00:ec2::254]"),
            (mode, "ipv4", "http://169.254.169.254"),
            ("A", "", "http://169.254.169.254"),
        ] {
            let root = Root::Ec2InstanceMetadata(address.to_owned());
            assert_eq!(found([(name, value)]).unwrap(), root);
        }
        for (name, value) in [(url, "169.254.169.254"), (url, "ftp://x"), (mode, "ipv5")] {
            let error = found([(name, value)]).unwrap_err();
            assert_eq!(error.facts().exit, crate::exit::Exit::Settings);
            assert!(error.to_string().contains(name), "{error}");
        }
    }

    #[test]
    fn a_web_identity_is_told_by_its_tokens_content() {
        let token = tempfile::NamedTempFile::new().unwrap();
        let path = token.path().to_str().unwrap();
        let os = Os::with_environment([
            ("AWS_WEB_IDENTITY_TOKEN_FILE", path),
            ("AWS_ROLE_ARN", "arn:aws:iam::111111111111:role/ci"),
        ]);
        std::fs::write(path, "alice").unwrap();
        let alice = find(settings::Base::DefaultChain, &os).unwrap();
        assert_eq!(alice.origin, Origin::WebIdentity);
        std::fs::write(path, "bob").unwrap();
        let bob = find(settings::Base::DefaultChain, &os).unwrap();
        assert_ne!(alice.fingerprint, bob.fingerprint);
    }
}
