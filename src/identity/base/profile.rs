//! What a profile of `~/.aws/config` says about the identity it stands for. It makes no call.
//! It reads in the SDK's own order, profiles that it refers to included.

use std::path::{Path, PathBuf};

use sha1::{Digest as _, Sha1};

use super::address::{asked_here, metadata_endpoint};
use super::itself;
use super::known::{ecs_container, file, role_keys};
use super::root::{Hidden, ProfileRole, Root, Sso, WebIdentity};
use super::there::{half, instead, profiles};
use super::values::{keys, unusable, wrong_value};
use crate::aws::{Section, SharedFiles};
use crate::identity::chain::Fields;
use crate::identity::error::{Error, ErrorKind};
use crate::names::{Region, quoted};
use crate::os::Os;
use crate::platform::places;

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
    /// What the credentials come out of in the end.
    pub root: Root,
    /// The roles that are assumed with them, in their order.
    pub roles: Vec<ProfileRole>,
}

/// Describes the profile `name`, following `source_profile` as far as it goes.
/// Errors: there is no such profile, or there are no credentials in it, or they cannot be used.
pub(super) fn describe(files: &SharedFiles, name: &str, os: &Os) -> Result<Described, Error> {
    let mut fields = Fields::of("profile");
    let mut visited: Vec<&str> = Vec::new();
    let mut roles = Vec::new();
    let mut current = name;
    let mut from = None;
    loop {
        let profile = match (files.profile(current), from) {
            (Some(profile), _) => profile,
            (None, Some(from)) if files.why_missing(current).is_none() => {
                let why = format!("its source_profile is {current:?}, which does not exist");
                return Err(unusable(from, &why));
            }
            (None, _) => return Err(missing(files, name, current, os)),
        };
        fields = section(fields.text(current), profile);
        if visited.contains(&current) {
            let why = format!(
                "its source_profile leads in a circle: {}",
                visited.join(", ")
            );
            return Err(unusable(profile, &why));
        }
        visited.push(current);
        // A profile that is referred to is taken for its keys first, whatever else it says.
        let keys_first = visited.len() > 1 && profile.get("aws_access_key_id").is_some();
        let assumes = !keys_first
            && profile.get("role_arn").is_some()
            && profile.get("web_identity_token_file").is_none();
        let source = profile.get("source_profile").filter(|_| assumes);
        if assumes {
            roles.push(ProfileRole::read(profile)?);
            match (source, profile.get("credential_source")) {
                (Some(_), Some(_)) => {
                    let why = "it has both source_profile and credential_source";
                    return Err(unusable(profile, why));
                }
                (None, None) => {
                    let why = "it has role_arn, and neither source_profile nor credential_source";
                    return Err(unusable(profile, why));
                }
                _ => {}
            }
        }
        if let Some(source) = source.filter(|source| *source != current) {
            (current, from) = (source, Some(profile));
            continue;
        }
        let mut described = root(files, profile, fields, keys_first, os)?
            .ok_or_else(|| without_credentials(profile, name))?;
        if !roles.is_empty() {
            described.is_role = Some(true);
            roles.reverse();
            described.roles = roles;
        }
        return Ok(described);
    }
}

/// A profile may be there for its region alone, and no mistake. What others refer to is one.
fn without_credentials(profile: &Section, name: &str) -> Error {
    if profile.get("role_arn").is_some() || profile.name() != name {
        return unusable(profile, "it has no credentials in it");
    }
    ErrorKind::NoBaseIdentity {
        why: format!("the profile {name:?} has no credentials in it"),
        profile: Some(name.to_owned()),
        instead: None,
    }
    .into()
}

/// The profile that credentials come out of in the end; `None` if it has none.
fn root(
    files: &SharedFiles,
    profile: &Section,
    fields: Fields,
    keys_first: bool,
    os: &Os,
) -> Result<Option<Described>, Error> {
    let get = |key: &str| profile.get(key).filter(|_| !keys_first);
    let described = |fields, is_role, login, root| {
        Ok(Some(Described {
            fields,
            is_role,
            login,
            root,
            roles: Vec::new(),
        }))
    };
    if let Some(source) = get("credential_source") {
        let root = match source.to_ascii_lowercase().as_str() {
            "environment" => Root::Environment,
            "ec2instancemetadata" => {
                Root::Ec2InstanceMetadata(metadata_endpoint(Some(profile), os)?)
            }
            "ecscontainer" => Root::EcsContainer,
            _ => {
                let why = "expected Environment, Ec2InstanceMetadata or EcsContainer";
                return Err(wrong_value(profile, "credential_source", why));
            }
        };
        let fields = ecs_container(fields, os).optional(os.var("AWS_ACCESS_KEY_ID"));
        return described(
            fields,
            (root != Root::Environment).then_some(true),
            None,
            root,
        );
    }
    if let Some(token) = get("web_identity_token_file") {
        let role = get("role_arn").ok_or_else(|| {
            let why = "it has web_identity_token_file, and no role_arn";
            unusable(profile, why)
        })?;
        let root = Root::WebIdentity {
            file: token.to_owned(),
            of_profile: Some(WebIdentity {
                role_arn: role.to_owned(),
                session_name: get("role_session_name").map(str::to_owned),
            }),
        };
        return described(file(fields, token.as_ref()), Some(true), None, root);
    }
    if [
        "sso_session",
        "sso_start_url",
        "sso_account_id",
        "sso_role_name",
    ]
    .into_iter()
    .any(|key| get(key).is_some())
    {
        asked_here(&["AWS_ENDPOINT_URL_SSO", "AWS_ENDPOINT_URL_SSO_OIDC"], os)?;
        let sso = Sso::read(files, profile)?;
        let token = sso_token(sso.session.as_deref().unwrap_or(&sso.start_url), os);
        let fields = optional_file(fields.text(&sso.start_url), token.as_deref());
        let login = command("aws sso login", profile.name());
        let root = Root::Sso { sso, token };
        return described(fields, Some(true), Some(login), root);
    }
    if let Some(session) = get("login_session") {
        asked_here(&["AWS_ENDPOINT_URL_SIGNIN"], os)?;
        let token = login_token(session, os);
        let fields = optional_file(fields, token.as_deref());
        let is_role = session.contains(":assumed-role/").then_some(true);
        let is_user = session.contains(":user/").then_some(false);
        let login = command("aws login", profile.name());
        let root = Root::Login {
            session: session.to_owned(),
            token,
            region: region(profile)?,
        };
        return described(fields, is_role.or(is_user), Some(login), root);
    }
    if let Some(command) = get("credential_process") {
        itself::refuse(profile, command, os)?;
        let root = Root::Process(Hidden(command.to_owned()));
        return described(fields, None, None, root);
    }
    let Some(keys) = keys(profile)? else {
        return Ok(None);
    };
    let is_role = role_keys(keys.session_token().is_some());
    described(fields, is_role, None, Root::Keys(keys))
}

/// The region of the profile itself, which need not be the selected one.
fn region(profile: &Section) -> Result<Option<Region>, Error> {
    let region = profile.get("region").map(str::parse::<Region>).transpose();
    region.map_err(|_| wrong_value(profile, "region", "this is not the code of a region"))
}

fn section(fields: Fields, profile: &Section) -> Fields {
    KEYS.iter()
        .fold(fields, |fields, key| fields.optional(profile.get(key)))
}

/// The token that `aws sso login` left, by the session's name or the start URL.
/// AWS SDKs and Tools Reference Guide, "IAM Identity Center credential provider".
fn sso_token(session: &str, os: &Os) -> Option<PathBuf> {
    let name = hexadecimal(&Sha1::digest(session.as_bytes()));
    Some(
        sdk_home(os)?
            .join(".aws")
            .join("sso")
            .join("cache")
            .join(format!("{name}.json")),
    )
}

/// Where the SDK looks for tokens: it takes `HOME` on Windows too (aws-runtime, `fs_util.rs`).
fn sdk_home(os: &Os) -> Option<PathBuf> {
    let home = os.var("HOME").map(PathBuf::from);
    home.or_else(|| places::home(os))
}

/// The token that `aws login` left, by the session's ARN.
fn login_token(session: &str, os: &Os) -> Option<PathBuf> {
    let name = hexadecimal(&sha2::Sha256::digest(session.trim().as_bytes()));
    let directory = match os.var("AWS_LOGIN_CACHE_DIRECTORY") {
        Some(directory) => directory.into(),
        None => sdk_home(os)?.join(".aws").join("login").join("cache"),
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

fn missing(files: &SharedFiles, name: &str, current: &str, os: &Os) -> Error {
    let mut why = if name == current {
        format!("there is no profile {name:?}")
    } else {
        format!("the profile {name:?} refers to {current:?}, which does not exist")
    };
    let reason = files.why_missing(current);
    let instead = match reason {
        Some(_) => Some("correct that file".to_owned()),
        None => instead(files, current, os),
    };
    let more = [reason.or_else(|| profiles(files)), half(os)];
    for more in more.into_iter().flatten() {
        why = format!("{why}; {more}");
    }
    ErrorKind::NoBaseIdentity {
        why,
        profile: Some(name.to_owned()),
        instead,
    }
    .into()
}

/// The command for this profile, quoted for a shell.
fn command(words: &str, profile: &str) -> String {
    format!("{words} --profile {}", quoted(profile))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::identity::chain::Fingerprint;

    fn described(
        text: &str,
        os: &Os,
    ) -> Result<(Fingerprint, Option<bool>, Option<String>), Error> {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let path = file.path().to_str().unwrap();
        let files = SharedFiles::read(None, &Os::with_environment([("AWS_CONFIG_FILE", path)]));
        let found = describe(&files, "x", os)?;
        Ok((found.fields.finish(), found.is_role, found.login))
    }

    #[test]
    fn every_kind_of_profile_is_told_apart() {
        let os = Os::default();
        let process = "[profile x]\ncredential_process = /bin/one";
        let keys = "[profile x]\naws_access_key_id = AKIAONE\naws_secret_access_key = s";
        let role = "role_arn = arn:aws:iam::111111111111:role/r\nsource_profile = y\n[profile y]\naws_access_key_id = AKIAONE\naws_secret_access_key = s";
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
            ("[profile x]\nrole_arn = arn:aws:iam::111111111111:role/r\ncredential_source = Ec2InstanceMetadata".to_owned(), Some(true), None),
        ];
        let mut seen = std::collections::HashSet::new();
        for (text, is_role, login) in texts {
            let found = described(&text, &os).unwrap();
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

    #[test]
    fn a_colleagues_sso_login_is_another_identity() {
        let home = tempfile::tempdir().unwrap();
        let os = Os::with_environment([("HOME", home.path().to_str().unwrap())]);
        let text = "[profile x]\nsso_session = corp\nsso_account_id = 1\nsso_role_name = r\n[sso-session corp]\nsso_region = us-east-1\nsso_start_url = https://a.example";
        // SHA-1 of "corp".
        let token = sso_token("corp", &os).unwrap();
        std::fs::create_dir_all(token.parent().unwrap()).unwrap();
        let before = described(text, &os).unwrap().0;
        std::fs::write(&token, r#"{"accessToken":"alice"}"#).unwrap();
        let alice = described(text, &os).unwrap().0;
        std::fs::write(&token, r#"{"accessToken":"bob"}"#).unwrap();
        let bob = described(text, &os).unwrap().0;
        assert!(before != alice && alice != bob);
    }

    #[test]
    fn a_profile_without_credentials_is_none_or_a_mistake() {
        for (text, is_there) in [
            ("", false),
            ("[profile x]\nregion = us-east-1", false),
            (
                "[profile x]\nrole_arn = arn:aws:iam::111111111111:role/r\nsource_profile = y",
                true,
            ),
            (
                "[profile x]\nrole_arn = arn:aws:iam::111111111111:role/r\nsource_profile = x",
                true,
            ),
            (
                "[profile x]\nrole_arn = arn:aws:iam::111111111111:role/r\nsource_profile = y\n[profile y]\nrole_arn = arn:aws:iam::111111111111:role/s\nsource_profile = x",
                true,
            ),
        ] {
            let error = described(text, &Os::default()).unwrap_err();
            match *error.kind {
                ErrorKind::NoBaseIdentity { .. } => assert!(!is_there, "{text}"),
                ErrorKind::Profile { .. } => assert!(is_there, "{text}"),
                other => panic!("{text}: {other}"),
            }
        }
    }
}
