//! What a profile of `~/.aws/config` says about the identity it stands for. It makes no call.
//! It reads in the SDK's own order, profiles that it refers to included.

use std::path::{Path, PathBuf};

use aws_config::profile::{Profile, ProfileSet};
use sha1::{Digest as _, Sha1};

use super::known::{ecs_container, file, role_keys};
use crate::identity::chain::Fields;
use crate::identity::error::{Error, ErrorKind};
use crate::os::Os;

/// The keys that say whose credentials a profile stands for. No secret is among them.
const KEYS: [&str; 14] = [
    "aws_access_key_id",
    "credential_process",
    "credential_source",
    "external_id",
    "login_session",
    "role_arn",
    "role_session_name",
    "source_profile",
    "sso_account_id",
    "sso_region",
    "sso_role_name",
    "sso_session",
    "sso_start_url",
    "web_identity_token_file",
];

/// What a profile says.
pub(super) struct Described {
    /// Everything that tells its identity from others.
    pub fields: Fields,
    /// Whether the credentials are a role's; `None` if only AWS knows.
    pub is_role: Option<bool>,
    /// The command that renews them, where there is one.
    pub login: Option<String>,
}

/// Describes the profile `name`, following `source_profile` as far as it goes.
/// Errors: there is no such profile, or there are no credentials in it.
pub(super) fn describe(profiles: &ProfileSet, name: &str, os: &Os) -> Result<Described, Error> {
    let mut fields = Fields::of("profile");
    let mut visited: Vec<&str> = Vec::new();
    let mut through_role = false;
    let mut current = name;
    loop {
        let profile = profiles
            .get_profile(current)
            .ok_or_else(|| missing(name, current))?;
        fields = section(fields.text(current), profile);
        let looped = visited.contains(&current);
        visited.push(current);
        // A profile that is referred to is taken for its keys first, whatever else it says.
        let keys_first = visited.len() > 1 && profile.get("aws_access_key_id").is_some();
        let source = profile.get("source_profile").filter(|source| {
            profile.get("role_arn").is_some()
                && profile.get("web_identity_token_file").is_none()
                && *source != current
        });
        match source {
            Some(source) if !keys_first && !looped => {
                through_role = true;
                current = source;
            }
            _ => {
                through_role |= profile.get("role_arn").is_some() && !keys_first;
                let mut described =
                    root(profiles, profile, fields, keys_first, os).ok_or_else(|| empty(name))?;
                if through_role {
                    described.is_role = Some(true);
                }
                return Ok(described);
            }
        }
    }
}

/// The profile that credentials come out of in the end.
fn root(
    profiles: &ProfileSet,
    profile: &Profile,
    fields: Fields,
    keys_first: bool,
    os: &Os,
) -> Option<Described> {
    let name = profile.name();
    let get = |key: &str| profile.get(key).filter(|_| !keys_first);
    let described = |fields, is_role, login| {
        Some(Described {
            fields,
            is_role,
            login,
        })
    };
    if let Some(source) = get("credential_source") {
        let fields = ecs_container(fields, os).optional(os.var("AWS_ACCESS_KEY_ID"));
        let is_role = !source.eq_ignore_ascii_case("Environment");
        return described(fields, is_role.then_some(true), None);
    }
    if let Some(token) = get("web_identity_token_file") {
        return described(file(fields, token.as_ref()), Some(true), None);
    }
    if let Some(session) = get("sso_session").or_else(|| get("sso_start_url")) {
        let start_url = profiles
            .sso_session(session)
            .and_then(|section| section.get("sso_start_url"));
        let token = sso_token(session, os);
        let fields = optional_file(fields.optional(start_url), token.as_deref());
        return described(
            fields,
            Some(true),
            Some(format!("aws sso login --profile {name}")),
        );
    }
    if let Some(session) = get("login_session") {
        let fields = optional_file(fields, login_token(session, os).as_deref());
        let is_role = session.contains(":assumed-role/").then_some(true);
        let is_user = session.contains(":user/").then_some(false);
        return described(
            fields,
            is_role.or(is_user),
            Some(format!("aws login --profile {name}")),
        );
    }
    if get("credential_process").is_some() {
        return described(fields, None, None);
    }
    profile.get("aws_access_key_id")?;
    let temporary = profile.get("aws_session_token").is_some();
    described(fields, role_keys(temporary), None)
}

fn section(fields: Fields, profile: &Profile) -> Fields {
    KEYS.iter()
        .fold(fields, |fields, key| fields.optional(profile.get(key)))
}

/// The token that `aws sso login` left, by the session's name or the start URL.
/// AWS SDKs and Tools Reference Guide, "IAM Identity Center credential provider".
fn sso_token(session: &str, os: &Os) -> Option<PathBuf> {
    let name = hexadecimal(&Sha1::digest(session.as_bytes()));
    Some(
        os.home()?
            .join(".aws/sso/cache")
            .join(format!("{name}.json")),
    )
}

/// The token that `aws login` left, by the session's ARN.
fn login_token(session: &str, os: &Os) -> Option<PathBuf> {
    let name = hexadecimal(&sha2::Sha256::digest(session.trim().as_bytes()));
    let directory = match os.var("AWS_LOGIN_CACHE_DIRECTORY") {
        Some(directory) => directory.into(),
        None => os.home()?.join(".aws/login/cache"),
    };
    Some(directory.join(format!("{name}.json")))
}

fn optional_file(fields: Fields, path: Option<&Path>) -> Fields {
    match path {
        Some(path) => file(fields, path),
        None => fields.number(0),
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    })
}

fn missing(name: &str, current: &str) -> Error {
    let why = if name == current {
        format!("there is no profile {name}")
    } else {
        format!("the profile {name} refers to {current}, which does not exist")
    };
    ErrorKind::NoBaseIdentity {
        why,
        profile: Some(name.to_owned()),
    }
    .into()
}

fn empty(name: &str) -> Error {
    ErrorKind::NoBaseIdentity {
        why: format!("the profile {name} has no credentials in it"),
        profile: Some(name.to_owned()),
    }
    .into()
}

#[cfg(test)]
mod tests {
    use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
    use aws_types::os_shim_internal::{Env, Fs};

    use super::*;
    use crate::identity::chain::Fingerprint;

    async fn parse(text: &str) -> ProfileSet {
        let files = EnvConfigFiles::builder()
            .with_contents(EnvConfigFileKind::Config, text)
            .build();
        aws_config::profile::load(&Fs::from_slice(&[]), &Env::from_slice(&[]), &files, None)
            .await
            .unwrap()
    }

    async fn described(
        text: &str,
        os: &Os,
    ) -> Result<(Fingerprint, Option<bool>, Option<String>), Error> {
        let found = describe(&parse(text).await, "x", os)?;
        Ok((found.fields.finish(), found.is_role, found.login))
    }

    #[tokio::test]
    async fn every_kind_of_profile_is_told_apart() {
        let os = Os::default();
        let process = "[profile x]\ncredential_process = /bin/one";
        let keys = "[profile x]\naws_access_key_id = AKIAONE\naws_secret_access_key = s";
        let role = "role_arn = arn:aws:iam::1:role/r\nsource_profile = y\n[profile y]\naws_access_key_id = AKIAONE\naws_secret_access_key = s";
        let sso = "[profile x]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\n[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://a.example";
        let role = format!("[profile x]\n{role}");
        let texts = [
            (process.to_owned(), None, None),
            (process.replace("one", "two"), None, None),
            (keys.to_owned(), Some(false), None),
            (keys.replace("ONE", "TWO"), Some(false), None),
            (format!("{keys}\naws_session_token = t"), None, None),
            (role.clone(), Some(true), None),
            (role.replace("AKIAONE", "AKIATWO"), Some(true), None),
            (role.replace("role/r", "role/s"), Some(true), None),
            (sso.to_owned(), Some(true), Some("aws sso login --profile x")),
            (sso.replace("role_name = r", "role_name = s"), Some(true), Some("aws sso login --profile x")),
            (sso.replace("a.example", "b.example"), Some(true), Some("aws sso login --profile x")),
            ("[profile x]\nlogin_session = arn:aws:iam::1:user/alice".to_owned(), Some(false), Some("aws login --profile x")),
            ("[profile x]\nrole_arn = arn:aws:iam::1:role/r\ncredential_source = Ec2InstanceMetadata".to_owned(), Some(true), None),
        ];
        let mut seen = std::collections::HashSet::new();
        for (text, is_role, login) in texts {
            let found = described(&text, &os).await.unwrap();
            let expected = if text.contains("aws_session_token") {
                None
            } else {
                is_role
            };
            assert_eq!((found.1, found.2.as_deref()), (expected, login), "{text}");
            if !text.contains("aws_session_token") {
                assert!(seen.insert(found.0), "{text}");
            }
        }
    }

    #[tokio::test]
    async fn a_colleagues_sso_login_is_another_identity() {
        let home = tempfile::tempdir().unwrap();
        let os = Os::with_environment([("HOME", home.path().to_str().unwrap())]);
        let text = "[profile x]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\n[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://a.example";
        // SHA-1 of "corp".
        let token = sso_token("corp", &os).unwrap();
        std::fs::create_dir_all(token.parent().unwrap()).unwrap();
        let before = described(text, &os).await.unwrap().0;
        std::fs::write(&token, r#"{"accessToken":"alice"}"#).unwrap();
        let alice = described(text, &os).await.unwrap().0;
        std::fs::write(&token, r#"{"accessToken":"bob"}"#).unwrap();
        let bob = described(text, &os).await.unwrap().0;
        assert!(before != alice && alice != bob);
    }

    #[tokio::test]
    async fn a_profile_without_credentials_is_none() {
        for text in [
            "",
            "[profile x]\nregion = us-east-1",
            "[profile x]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = y",
            "[profile x]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = x",
            "[profile x]\nrole_arn = arn:aws:iam::1:role/r\nsource_profile = y\n[profile y]\nrole_arn = arn:aws:iam::1:role/s\nsource_profile = x",
        ] {
            let error = described(text, &Os::default()).await.unwrap_err();
            let is_missing = matches!(*error.kind, ErrorKind::NoBaseIdentity { .. });
            assert!(is_missing, "{text}");
        }
    }
}
