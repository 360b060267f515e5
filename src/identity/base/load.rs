//! Loads credentials by the SDK's provider for each kind of root.

use std::io::ErrorKind;
use std::path::Path;
use std::time::SystemTime;

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::imds::{self, credentials::ImdsCredentialsProvider};
use aws_config::login::LoginCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::sso::SsoCredentialsProvider;
use aws_config::web_identity_token::{StaticConfiguration, WebIdentityTokenCredentialsProvider};
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, error::CredentialsError};
use aws_types::region::Region;
use zeroize::Zeroizing;

use super::known::LARGEST;
use super::process;
use super::root::Root;
use super::sound::sound;
use crate::bounded;
use crate::os::Os;

/// The variable for the file of the container's token.
const TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

/// Why there are no credentials.
pub(super) enum NotLoaded {
    /// The provider failed.
    Provider(CredentialsError),
    /// A value cannot be a part of credentials.
    Value {
        /// What holds it, without the value.
        what: String,
        holds: &'static str,
    },
}

impl From<CredentialsError> for NotLoaded {
    fn from(error: CredentialsError) -> Self {
        Self::Provider(error)
    }
}

/// Loads the credentials of `root`, and checks them before a client signs with them.
pub(super) async fn load(
    root: &Root,
    config: &ProviderConfig,
    os: &Os,
) -> Result<Credentials, NotLoaded> {
    let credentials = match root {
        Root::Environment => {
            let keys = exported(os)?;
            keys.ok_or_else(|| CredentialsError::not_loaded("the exported keys are not both set"))?
        }
        Root::Keys(keys) => keys.clone(),
        Root::Process(command) => process::credentials(command, os).await?,
        Root::Sso { sso, token } => {
            if let Some(token) = token {
                check_token(token, sso.session.is_none(), os)?;
            }
            let mut builder = SsoCredentialsProvider::builder()
                .configure(config)
                .account_id(&sso.account_id)
                .role_name(&sso.role_name)
                .start_url(&sso.start_url)
                .region(Region::new(sso.region.clone()));
            builder.set_session_name(sso.session.clone());
            builder.build().provide_credentials().await?
        }
        Root::Login {
            session,
            token,
            region,
        } => {
            if let Some(token) = token {
                cached(token)?;
            }
            // The session is refreshed in the region of the profile that `aws login` wrote.
            let region = region
                .as_ref()
                .map(|region| Region::new(region.to_string()));
            let config = match region {
                Some(region) => config.clone().with_region(Some(region)),
                None => config.clone(),
            };
            let provider = LoginCredentialsProvider::builder(session)
                .configure(&config)
                .build();
            provider.provide_credentials().await?
        }
        Root::WebIdentity { file, of_profile } => {
            contents(file)?;
            let builder = WebIdentityTokenCredentialsProvider::builder().configure(config);
            let builder = match of_profile {
                None => builder,
                Some(identity) => builder.static_configuration(StaticConfiguration {
                    web_identity_token_file: file.into(),
                    role_arn: identity.role_arn.clone(),
                    session_name: identity
                        .session_name
                        .clone()
                        .unwrap_or_else(|| made_up("web-identity-token-profile", os)),
                }),
            };
            builder.build().provide_credentials().await?
        }
        Root::Ec2InstanceMetadata(endpoint) => {
            // If its endpoint is named, the SDK does not read the profiles for one.
            let client = imds::Client::builder().configure(config);
            let client = client
                .endpoint(endpoint)
                .map_err(CredentialsError::invalid_configuration)?;
            let provider = ImdsCredentialsProvider::builder()
                .configure(config)
                .imds_client(client.build())
                .build();
            provider.provide_credentials().await?
        }
        Root::EcsContainer => {
            if let Some(token) = os.var("AWS_CONTAINER_AUTHORIZATION_TOKEN") {
                // Unlike keys it may hold a space, as in "Bearer TOKEN".
                check(&token.replace(' ', ""), "AWS_CONTAINER_AUTHORIZATION_TOKEN")?;
            }
            if let Some(file) = os.var(TOKEN_FILE) {
                let text = contents(file)?;
                let text = String::from_utf8_lossy(&text).replace(' ', "");
                check(&text, &format!("{TOKEN_FILE} ({file})"))?;
            }
            let names = [
                "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
            ];
            if names.iter().all(|name| os.var(name).is_none()) {
                let text = format!("neither {} nor {} is set", names[0], names[1]);
                return Err(CredentialsError::not_loaded(text).into());
            }
            let provider = EcsCredentialsProvider::builder().configure(config).build();
            provider.provide_credentials().await?
        }
    };
    let parts = [
        ("AccessKeyId", Some(credentials.access_key_id())),
        ("SecretAccessKey", Some(credentials.secret_access_key())),
        ("SessionToken", credentials.session_token()),
    ];
    for (name, text) in parts {
        check(text.unwrap_or_default(), name)?;
    }
    Ok(credentials)
}

/// The exported keys; `None` if they are not both set.
pub(super) fn exported(os: &Os) -> Result<Option<Credentials>, NotLoaded> {
    let names = [
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
        "AWS_SESSION_TOKEN",
    ];
    let [Some(id), Some(secret), token] = names.map(|name| os.var(name)) else {
        return Ok(None);
    };
    for (name, text) in names
        .into_iter()
        .zip([id, secret, token.unwrap_or_default()])
    {
        check(text, name)?;
    }
    Ok(Some(Credentials::new(
        id,
        secret,
        token.map(str::to_owned),
        None,
        "environment",
    )))
}

/// A session name for a role whose profile gives none, numbered by the clock as the SDKs do it.
/// `arn::own_name` knows that it is nobody's own.
pub(super) fn made_up(prefix: &str, os: &Os) -> String {
    let since = os.now().duration_since(std::time::UNIX_EPOCH);
    format!("{prefix}-{}", since.unwrap_or_default().as_millis())
}

fn check(text: &str, what: &str) -> Result<(), NotLoaded> {
    sound(text).map_err(|holds| NotLoaded::Value {
        what: what.to_owned(),
        holds,
    })
}

/// A token's file. The SDK's own error does not name it.
fn contents(path: &str) -> Result<Zeroizing<Vec<u8>>, CredentialsError> {
    bounded::read(path.as_ref(), LARGEST)
        .map_err(|error| CredentialsError::not_loaded(format!("the token file {path}: {error}")))
}

/// The token that a login left.
fn cached(path: &Path) -> Result<Zeroizing<Vec<u8>>, CredentialsError> {
    bounded::read(path, LARGEST).map_err(|error| {
        let path = path.display();
        CredentialsError::not_loaded(match error.kind() {
            ErrorKind::NotFound => format!("you are not logged in: {path} does not exist"),
            _ => format!("the token of the login, {path}: {error}"),
        })
    })
}

/// Checks the token that `aws sso login` left, which becomes a header.
/// One that a provider refreshes may have expired; without an `[sso-session]` none is refreshed.
/// The provider reports a file that is not JSON.
fn check_token(path: &Path, must_last: bool, os: &Os) -> Result<(), NotLoaded> {
    let text = cached(path)?;
    let Ok(cached) = serde_json::from_slice::<serde_json::Value>(&text) else {
        return Ok(());
    };
    let token = cached["accessToken"].as_str().unwrap_or_default();
    check(token, &format!("accessToken in {}", path.display()))?;
    let ends = cached["expiresAt"]
        .as_str()
        .and_then(|text| text.parse::<jiff::Timestamp>().ok());
    match ends {
        Some(ends) if must_last && SystemTime::from(ends) <= os.now() => {
            let text = format!("the token of the login expired at {ends}");
            Err(CredentialsError::not_loaded(text).into())
        }
        _ => Ok(()),
    }
}
