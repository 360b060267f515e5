//! The base identity, which the chain starts from.
//! What is known about it without asking anyone comes first; a missing one is an error at once. The
//! metadata services of EC2 and ECS are asked only when the settings, or the profile they name, say
//! so.

mod known;
mod profile;

use std::error::Error as StdError;
use std::time::Duration;

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileSet};
use aws_config::provider_config::ProviderConfig;
use aws_config::web_identity_token::WebIdentityTokenCredentialsProvider;
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials as _, error::CredentialsError};
use aws_smithy_runtime_api::client::result::ConnectorError;

use super::chain::{Fields, Fingerprint};
use super::error::{Error, ErrorKind};
use crate::os::Os;
use crate::settings::{self, Vendor};
use known::{ecs_container, file, role_keys};

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
    pub(super) fn find(vendor: &Vendor, profiles: &ProfileSet, os: &Os) -> Result<Self, Error> {
        match &vendor.base {
            settings::Base::Environment => environment(os).ok_or_else(|| {
                let why = "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not both set".to_owned();
                ErrorKind::NoBaseIdentity { why, profile: None }.into()
            }),
            settings::Base::Profile(name) => named(profiles, name, os),
            settings::Base::Ec2InstanceMetadata => Ok(Self {
                origin: Origin::Ec2InstanceMetadata,
                fingerprint: Fields::of("ec2-instance-metadata").finish(),
                is_role: Some(true),
                login: None,
            }),
            settings::Base::EcsContainer => Ok(Self {
                origin: Origin::EcsContainer,
                fingerprint: ecs_container(Fields::of("ecs-container"), os).finish(),
                is_role: Some(true),
                login: None,
            }),
            settings::Base::DefaultChain => default_chain(profiles, os),
        }
    }

    /// Gets its credentials, by whatever means the SDK has for them.
    pub(super) async fn load(
        &self,
        config: &ProviderConfig,
        os: &Os,
    ) -> Result<Credentials, Error> {
        let load = async {
            match &self.origin {
                Origin::Environment => exported(os)
                    .ok_or_else(|| CredentialsError::not_loaded("the exported keys are gone")),
                Origin::Profile(name) => {
                    let provider = ProfileFileCredentialsProvider::builder()
                        .configure(config)
                        .profile_name(name)
                        .build();
                    provider.provide_credentials().await
                }
                Origin::WebIdentity => {
                    let provider = WebIdentityTokenCredentialsProvider::builder()
                        .configure(config)
                        .build();
                    provider.provide_credentials().await
                }
                Origin::Ec2InstanceMetadata => {
                    let provider = ImdsCredentialsProvider::builder().configure(config).build();
                    provider.provide_credentials().await
                }
                Origin::EcsContainer => {
                    let provider = EcsCredentialsProvider::builder().configure(config).build();
                    provider.provide_credentials().await
                }
            }
        };
        let failed = |reason: String, network: bool| {
            Error::from(ErrorKind::BaseIdentity {
                origin: self.origin.to_string(),
                reason,
                login: self.login.clone(),
                network,
            })
        };
        match tokio::time::timeout(LOAD_LIMIT, load).await {
            Ok(Ok(credentials)) => Ok(credentials),
            Ok(Err(error)) => Err(failed(reasons(&error), is_network(&error))),
            Err(_) => Err(failed(
                format!("no answer in {} s", LOAD_LIMIT.as_secs()),
                false,
            )),
        }
    }
}

/// Environment, profile, web identity: the SDK's order, without the metadata services.
fn default_chain(profiles: &ProfileSet, os: &Os) -> Result<Base, Error> {
    if let Some(base) = environment(os) {
        return Ok(base);
    }
    let selected = named(profiles, profiles.selected_profile(), os);
    let missing = match selected {
        Err(missing) if matches!(*missing.kind, ErrorKind::NoBaseIdentity { .. }) => missing,
        found => return found,
    };
    web_identity(os).ok_or(missing)
}

fn named(profiles: &ProfileSet, name: &str, os: &Os) -> Result<Base, Error> {
    let described = profile::describe(profiles, name, os)?;
    Ok(Base {
        origin: Origin::Profile(name.to_owned()),
        fingerprint: described.fields.finish(),
        is_role: described.is_role,
        login: described.login,
    })
}

fn exported(os: &Os) -> Option<Credentials> {
    Some(Credentials::new(
        os.var("AWS_ACCESS_KEY_ID")?,
        os.var("AWS_SECRET_ACCESS_KEY")?,
        os.var("AWS_SESSION_TOKEN").map(str::to_owned),
        None,
        "environment",
    ))
}

fn environment(os: &Os) -> Option<Base> {
    let keys = exported(os)?;
    Some(Base {
        origin: Origin::Environment,
        fingerprint: Fields::of("environment")
            .text(keys.access_key_id())
            .finish(),
        is_role: role_keys(keys.session_token().is_some()),
        login: None,
    })
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
    })
}

/// What each layer says, outermost first, once each.
/// Display alone: Debug can hold more than a person should see.
fn reasons(error: &dyn StdError) -> String {
    let mut said: Vec<String> = Vec::new();
    let mut layer = Some(error);
    while let Some(error) = layer {
        let text = error.to_string();
        if !said.iter().any(|before| before.contains(&text)) {
            said.push(text);
        }
        layer = error.source();
    }
    // What wraps the cause says only that there was one.
    if said.len() > 1 {
        said.remove(0);
    }
    said.join(": ")
}

/// Whether the network failed, which no login repairs.
fn is_network(error: &(dyn StdError + 'static)) -> bool {
    let mut layer = Some(error);
    while let Some(error) = layer {
        let connector = error.downcast_ref::<ConnectorError>();
        if connector.is_some_and(|error| error.is_io() || error.is_timeout())
            || error.to_string() == "request has timed out"
        {
            return true;
        }
        layer = error.source();
    }
    false
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
        Base::find(&vendor(base), &ProfileSet::default(), os)
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
