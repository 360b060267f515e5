//! Loads credentials by the SDK's provider for each kind of root.

use std::path::Path;

use aws_config::credential_process::CredentialProcessProvider;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::login::LoginCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::sso::SsoCredentialsProvider;
use aws_config::web_identity_token::{StaticConfiguration, WebIdentityTokenCredentialsProvider};
use aws_credential_types::Credentials;
use aws_credential_types::provider::{ProvideCredentials, error::CredentialsError};
use aws_types::region::Region;
use zeroize::Zeroizing;

use super::itself::marked;
use super::root::Root;
use super::sound::sound;
use crate::os::Os;

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
        Root::Process(command) => {
            let provider = CredentialProcessProvider::new(marked(&command.0));
            provider.provide_credentials().await?
        }
        Root::Sso { sso, token } => {
            if let Some(token) = token {
                check_token(token)?;
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
        Root::Login(session) => {
            let provider = LoginCredentialsProvider::builder(session)
                .configure(config)
                .build();
            provider.provide_credentials().await?
        }
        Root::WebIdentity(identity) => {
            let named = identity.as_ref().map(|it| it.token_file.as_str());
            let file = named.or_else(|| os.var("AWS_WEB_IDENTITY_TOKEN_FILE"));
            is_readable(Path::new(file.unwrap_or_default()))?;
            let builder = WebIdentityTokenCredentialsProvider::builder().configure(config);
            let builder = match identity {
                None => builder,
                Some(identity) => builder.static_configuration(StaticConfiguration {
                    web_identity_token_file: identity.token_file.clone().into(),
                    role_arn: identity.role_arn.clone(),
                    session_name: identity
                        .session_name
                        .clone()
                        .unwrap_or_else(|| made_up("web-identity-token-profile", os)),
                }),
            };
            builder.build().provide_credentials().await?
        }
        Root::Ec2InstanceMetadata => {
            let provider = ImdsCredentialsProvider::builder().configure(config).build();
            provider.provide_credentials().await?
        }
        Root::EcsContainer => {
            if let Some(token) = os.var("AWS_CONTAINER_AUTHORIZATION_TOKEN") {
                // Unlike keys it may hold a space, as in "Bearer TOKEN".
                check(&token.replace(' ', ""), "AWS_CONTAINER_AUTHORIZATION_TOKEN")?;
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

/// Whether the file can be read. The SDK's own error does not name it.
fn is_readable(path: &Path) -> Result<(), CredentialsError> {
    std::fs::File::open(path).map(drop).map_err(|error| {
        CredentialsError::not_loaded(format!("the token file {}: {error}", path.display()))
    })
}

/// Checks the token that `aws sso login` left, which becomes a header.
/// The provider reports a file that cannot be read.
fn check_token(path: &Path) -> Result<(), NotLoaded> {
    let Ok(text) = std::fs::read(path).map(Zeroizing::new) else {
        return Ok(());
    };
    let Ok(cached) = serde_json::from_slice::<serde_json::Value>(&text) else {
        return Ok(());
    };
    let token = cached["accessToken"].as_str().unwrap_or_default();
    check(token, &format!("accessToken in {}", path.display()))
}
