//! AWS's session-manager-plugin: found at an absolute path that nobody else can write, its version read
//! strictly, its command line and environment as plain data. Refused: a version that would take the
//! session's token on its command line.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::str::FromStr;
use std::time::Duration;

use serde_json::json;
use tokio::io::AsyncReadExt as _;

use crate::os::Os;

/// The variable that carries StartSession's answer, so that its token is never in `ps`.
const RESPONSE: &str = "AWS_SSM_START_SESSION_RESPONSE";
/// The first version that reads [`RESPONSE`] (session-manager-plugin release notes, 1.2.536.0).
const FIRST_WITH_RESPONSE: Version = Version([1, 2, 536, 0]);
/// The first version that AWS still supports, and that signs for its data channel (Session Manager user
/// guide, "Plugin latest version and release history").
const FIRST_SUPPORTED: Version = Version([1, 2, 764, 0]);
/// How long `--version` may take.
const VERSION_LIMIT: Duration = Duration::from_secs(5);
/// How much of its output is read.
const VERSION_BYTES: u64 = 256;
/// What the plugin's own children (`stty`) are looked up in.
const PATH: &str = "/usr/bin:/bin";
/// Where AWS's installers put it (Session Manager user guide, "Install the plugin").
const INSTALLED: [&str; 2] = [
    "/usr/local/sessionmanagerplugin/bin/session-manager-plugin",
    "/opt/homebrew/bin/session-manager-plugin",
];
/// Variables of ours that the plugin needs; all others are left out, every AWS one among them.
const INHERITED: [&str; 17] = [
    "HOME",
    "USER",
    "LOGNAME",
    "TERM",
    "TZ",
    "TMPDIR",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LC_MESSAGES",
    "HTTPS_PROXY",
    "https_proxy",
    "NO_PROXY",
    "no_proxy",
    "SSL_CERT_FILE",
    "SSL_CERT_DIR",
    "AWS_CA_BUNDLE",
];

/// A plugin that may be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plugin {
    /// The file itself, links resolved.
    pub path: PathBuf,
    /// What `--version` said.
    pub version: Version,
}

impl Plugin {
    /// What it lacks though it can be used.
    pub fn lacks(&self) -> Option<String> {
        (self.version < FIRST_SUPPORTED).then(|| {
            format!("AWS supports {FIRST_SUPPORTED} and later; this one does not sign for its data channel")
        })
    }
}

/// Why no plugin can be used.
#[derive(Debug, thiserror::Error)]
pub enum PluginError {
    /// There is none where plugins are looked for.
    #[error("it is not installed")]
    Missing,
    /// The settings name a file that cannot be used.
    #[error("{path}: {reason}", path = .0.display(), reason = .1)]
    Unusable(PathBuf, String),
    /// It is too old.
    #[error("{path} has version {version}, which takes the session's token on its command line", path = .0.display(), version = .1)]
    TooOld(PathBuf, Version),
}

impl PluginError {
    /// What to do next.
    pub fn hint(&self) -> String {
        match self {
            Self::Missing => "install AWS's session-manager-plugin, set session.plugin_path, or use --client builtin, which needs none".to_owned(),
            Self::Unusable(..) => "correct the file or session.plugin_path, or use --client builtin".to_owned(),
            Self::TooOld(..) => format!("install {FIRST_WITH_RESPONSE} or later, or use --client builtin"),
        }
    }
}

/// Four numbers; a shorter version is padded with zeros.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Version([u32; 4]);

impl FromStr for Version {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut numbers = [0; 4];
        let parts: Vec<&str> = text.split('.').collect();
        if parts.len() > numbers.len() {
            return Err(());
        }
        for (number, part) in numbers.iter_mut().zip(&parts) {
            let digits = !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
            *number = digits.then(|| part.parse().ok()).flatten().ok_or(())?;
        }
        Ok(Self(numbers))
    }
}

impl fmt::Display for Version {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [major, minor, patch, build] = self.0;
        write!(formatter, "{major}.{minor}.{patch}.{build}")
    }
}

/// Finds a usable plugin: the configured one or none; else the installers' places, then `PATH`'s
/// absolute entries, without the current directory: what lies there was not put there to be run.
pub async fn find(configured: Option<&Path>, os: &Os) -> Result<Plugin, PluginError> {
    if let Some(path) = configured {
        let path =
            trusted(path).map_err(|reason| PluginError::Unusable(path.to_owned(), reason))?;
        return checked(path).await;
    }
    let on_path = std::env::split_paths(os.var("PATH").unwrap_or_default())
        .filter(|folder| folder.is_absolute() && !is_current(folder, os))
        .map(|folder| folder.join("session-manager-plugin"));
    let mut problem = PluginError::Missing;
    for candidate in INSTALLED.iter().map(PathBuf::from).chain(on_path) {
        if !candidate.exists() {
            continue;
        }
        let found = match trusted(&candidate) {
            Ok(path) => checked(path).await,
            Err(reason) => Err(PluginError::Unusable(candidate, reason)),
        };
        match found {
            Ok(plugin) => return Ok(plugin),
            Err(error) => problem = error,
        }
    }
    Err(problem)
}

fn is_current(folder: &Path, os: &Os) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    os.current_dir
        .as_deref()
        .is_some_and(|current| real(folder).is_some_and(|folder| real(current) == Some(folder)))
}

/// The file behind the path, if nobody but root and we could have put it there.
fn trusted(path: &Path) -> Result<PathBuf, String> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    let real = path.canonicalize().map_err(|error| error.to_string())?;
    let file = real.metadata().map_err(|error| error.to_string())?;
    if !file.is_file() {
        return Err("it is no file".to_owned());
    }
    if file.permissions().mode() & 0o111 == 0 {
        return Err("it is not executable".to_owned());
    }
    let us = rustix::process::geteuid().as_raw();
    let folder = real
        .parent()
        .map(Path::metadata)
        .transpose()
        .map_err(|error| error.to_string())?;
    for (what, metadata) in [("it", Some(file)), ("its folder", folder)] {
        let Some(metadata) = metadata else { continue };
        if metadata.uid() != 0 && metadata.uid() != us {
            return Err(format!("{what} belongs to another user"));
        }
        if metadata.permissions().mode() & 0o022 != 0 {
            return Err(format!("{what} can be written by others"));
        }
    }
    Ok(real)
}

async fn checked(path: PathBuf) -> Result<Plugin, PluginError> {
    let unusable = |reason: String| PluginError::Unusable(path.clone(), reason);
    let mut child = tokio::process::Command::new(&path)
        .arg("--version")
        .env_clear()
        .env("PATH", PATH)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .map_err(|error| unusable(format!("it cannot be run: {error}")))?;
    let mut text = Vec::new();
    let read = async {
        if let Some(stdout) = child.stdout.take() {
            stdout.take(VERSION_BYTES).read_to_end(&mut text).await?;
        }
        child.wait().await
    };
    match tokio::time::timeout(VERSION_LIMIT, read).await {
        Err(_) => return Err(unusable("--version did not answer within 5 s".to_owned())),
        Ok(Err(error)) => return Err(unusable(format!("--version failed: {error}"))),
        Ok(Ok(status)) if !status.success() => {
            return Err(unusable(format!("--version failed: {status}")));
        }
        Ok(Ok(_)) => {}
    }
    let text = String::from_utf8_lossy(&text);
    let version: Version = text.trim().parse().map_err(|()| {
        unusable(format!(
            "--version answered {:?}, which is no version",
            text.trim()
        ))
    })?;
    if version < FIRST_WITH_RESPONSE {
        return Err(PluginError::TooOld(path, version));
    }
    Ok(Plugin { path, version })
}

/// What the plugin is told.
pub(super) struct HandOff<'a> {
    pub session_id: &'a str,
    pub stream_url: &'a str,
    pub token: &'a str,
    pub region: &'a str,
    pub target: &'a str,
    /// The SSM endpoint, for ResumeSession and TerminateSession.
    pub endpoint: &'a str,
    /// Where it gets credentials,
    pub credentials_uri: &'a str,
    /// and by what token.
    pub authorization: &'a str,
}

impl HandOff<'_> {
    /// Its arguments: none of them is a secret.
    pub fn arguments(&self) -> Vec<String> {
        vec![
            RESPONSE.to_owned(),
            self.region.to_owned(),
            "StartSession".to_owned(),
            // No profile: it would outrank the endpoint in the environment.
            String::new(),
            json!({ "Target": self.target }).to_string(),
            self.endpoint.to_owned(),
        ]
    }

    /// Its whole environment: StartSession's answer, where it gets credentials, and what a program on a
    /// terminal needs. No key is in it, and the engineer's own profiles are out of its reach.
    pub fn environment(&self, os: &Os) -> Vec<(OsString, OsString)> {
        let response = json!({
            "SessionId": self.session_id,
            "StreamUrl": self.stream_url,
            "TokenValue": self.token,
        });
        let none = "/dev/null";
        let ours = [
            (RESPONSE, response.to_string()),
            (
                "AWS_CONTAINER_CREDENTIALS_FULL_URI",
                self.credentials_uri.to_owned(),
            ),
            (
                "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                self.authorization.to_owned(),
            ),
            ("AWS_REGION", self.region.to_owned()),
            ("AWS_CONFIG_FILE", none.to_owned()),
            ("AWS_SHARED_CREDENTIALS_FILE", none.to_owned()),
            ("AWS_EC2_METADATA_DISABLED", "true".to_owned()),
            ("PATH", PATH.to_owned()),
        ];
        let inherited = INHERITED
            .iter()
            .filter_map(|name| Some((*name, os.var(name)?.to_owned())));
        inherited
            .chain(ours)
            .map(|(name, value)| (name.into(), value.into()))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_numbers_and_dots() {
        let parse = |text: &str| text.parse::<Version>().ok();
        assert_eq!(parse("1.2.536.0"), Some(FIRST_WITH_RESPONSE));
        assert_eq!(parse("1.3"), Some(Version([1, 3, 0, 0])));
        assert!(parse("1.2.0.0") < Some(FIRST_WITH_RESPONSE));
        for wrong in [
            "",
            "1.2.707.0-nix",
            "1.2.3.4.5",
            "v1.2.3.4",
            "1..2",
            "1.2.+3.4",
            "99999999999",
        ] {
            assert_eq!(parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn the_plugin_gets_a_way_to_credentials_and_nothing_of_the_engineers() {
        let hand_off = HandOff {
            session_id: "alice-1",
            stream_url: "wss://x",
            token: "STREAMTOKEN",
            region: "us-east-1",
            target: "i-1",
            endpoint: "https://ssm.us-east-1.amazonaws.com",
            credentials_uri: "http://127.0.0.1:1/credentials",
            authorization: "AUTHORIZATION",
        };
        let os = Os::with_environment([
            ("AWS_PROFILE", "mine"),
            ("AWS_ACCESS_KEY_ID", "AKIAMINE"),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "/x"),
            ("AWS_ENDPOINT_URL", "http://x"),
            ("HOME", "/home/alice"),
            ("LD_PRELOAD", "/evil.so"),
            ("PATH", "/evil"),
        ]);
        let environment = hand_off.environment(&os);
        let value = |name: &str| {
            environment
                .iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.to_string_lossy().into_owned())
        };
        assert_eq!(
            value("AWS_CONTAINER_CREDENTIALS_FULL_URI").as_deref(),
            Some("http://127.0.0.1:1/credentials")
        );
        assert_eq!(
            value("AWS_CONTAINER_AUTHORIZATION_TOKEN").as_deref(),
            Some("AUTHORIZATION")
        );
        assert_eq!(value("AWS_CONFIG_FILE").as_deref(), Some("/dev/null"));
        assert_eq!(value("HOME").as_deref(), Some("/home/alice"));
        assert_eq!(value("PATH").as_deref(), Some(PATH));
        for absent in [
            "AWS_ACCESS_KEY_ID",
            "AWS_PROFILE",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
            "AWS_ENDPOINT_URL",
            "LD_PRELOAD",
        ] {
            assert_eq!(value(absent), None, "{absent}");
        }
        let arguments = hand_off.arguments().join(" ");
        for secret in ["AUTHORIZATION", "TOKEN"] {
            assert!(!arguments.contains(secret), "{arguments}");
        }
    }
}
