//! AWS's session-manager-plugin, found at an absolute path that no other user can write.
//! Refused: a version that would take the session's token on its command line.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;

use crate::os::Os;
use crate::session::error::plugin::PluginError;

use super::hand_off::PATH;
use super::version::{FIRST_WITH_ESCAPES, FIRST_WITH_RESPONSE, Flaw, Version};

/// How long `--version` may take.
const VERSION_LIMIT: Duration = Duration::from_secs(5);
/// How much of its output is read.
const VERSION_BYTES: u64 = 256;
/// Where AWS's installers put it (Session Manager user guide, "Install the plugin").
const INSTALLED: [&str; 2] = [
    "/usr/local/sessionmanagerplugin/bin/session-manager-plugin",
    "/opt/homebrew/bin/session-manager-plugin",
];
/// A plugin that may be run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Plugin {
    /// The file itself, links resolved.
    pub path: PathBuf,
    /// What `--version` said.
    pub version: Version,
}

impl Plugin {
    /// Why `--client auto` passes it over, though it can be used.
    pub(crate) fn flaw(&self) -> Option<Flaw> {
        self.version.flaw()
    }

    /// Whether it has `~.` and `~?` of its own.
    pub(crate) fn has_escapes(&self) -> bool {
        self.version >= FIRST_WITH_ESCAPES
    }
}

/// Finds a usable plugin:
/// the configured one or none; else one of the usual places. Those are the installers' places, then
/// `PATH`'s absolute entries, without the current directory: a program that lies there was not put
/// there to be run. The first without a flaw is taken, else the first that can be used.
pub(crate) async fn find(configured: Option<&Path>, os: &Os) -> Result<Plugin, PluginError> {
    if let Some(path) = configured {
        let path =
            trusted(path).map_err(|reason| PluginError::Unusable(path.to_owned(), reason))?;
        return checked(path).await;
    }
    let on_path = std::env::split_paths(os.var("PATH").unwrap_or_default())
        .filter(|folder| folder.is_absolute() && !is_current(folder, os))
        .map(|folder| folder.join("session-manager-plugin"));
    let mut flawed = None;
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
            Ok(plugin) if plugin.flaw().is_none() => return Ok(plugin),
            Ok(plugin) => flawed = flawed.or(Some(plugin)),
            Err(error) => problem = error,
        }
    }
    flawed.ok_or(problem)
}

fn is_current(folder: &Path, os: &Os) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    os.current_dir
        .as_deref()
        .is_some_and(|current| real(folder).is_some_and(|folder| real(current) == Some(folder)))
}

/// The file behind the path, if only root or this user could have put it there.
fn trusted(path: &Path) -> Result<PathBuf, String> {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    let real = path.canonicalize().map_err(|error| error.to_string())?;
    let file = real.metadata().map_err(|error| error.to_string())?;
    if !file.is_file() {
        return Err("it is not a file".to_owned());
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
            return Err(format!("other users can write {what}"));
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
            "--version answered {:?}, which is not a version",
            text.trim()
        ))
    })?;
    if version < FIRST_WITH_RESPONSE {
        return Err(PluginError::TooOld(path, version));
    }
    Ok(Plugin { path, version })
}
