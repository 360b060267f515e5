//! AWS's session-manager-plugin, found at an absolute path that no other user can write or swap.
//! Refused: a version that would take the session's token on its command line.

use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;

use crate::os::Os;
use crate::platform::{self, system_path};
use crate::session::error::plugin::PluginError;
use crate::trust::{self, Distrust};

use super::version::{FIRST_WITH_ESCAPES, FIRST_WITH_RESPONSE, Flaw, Version};

/// How long `--version` may take.
const VERSION_LIMIT: Duration = Duration::from_secs(5);
/// How much of its output is read.
const VERSION_BYTES: u64 = 256;
/// Its name, without what programs' names end with on Windows.
const NAME: &str = "session-manager-plugin";
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

/// What a search for the plugin came to.
#[derive(Debug)]
pub(crate) struct Search {
    /// The plugin that may be run.
    pub plugin: Result<Plugin, PluginError>,
    /// Plugins that are installed and were passed over, since another user could swap them.
    pub distrusted: Vec<Distrusted>,
}

/// A plugin that another user could swap.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Distrusted {
    /// Its path, who could swap it and how.
    pub why: String,
    /// The command that mends it.
    pub hint: String,
}

/// Looks for a usable plugin:
/// the configured one or none; else one of the usual places. Those are the installers' places, then
/// `PATH`'s absolute entries, without the current directory: a program that lies there was not put
/// there to be run. The first without a flaw is taken, else the first that can be used.
pub(crate) async fn find(configured: Option<&Path>, os: &Os) -> Search {
    let candidates = match configured {
        Some(path) => vec![path.to_owned()],
        None => installed(os),
    };
    let mut distrusted = Vec::new();
    let mut flawed = None;
    let mut problem = PluginError::Missing;
    for candidate in candidates {
        let found = match trusted(&candidate, os) {
            Ok(path) => checked(path, os).await,
            Err(error) => Err(error),
        };
        match found {
            Ok(plugin) if plugin.flaw().is_none() => {
                let plugin = Ok(plugin);
                return Search { plugin, distrusted };
            }
            Ok(plugin) => flawed = flawed.or(Some(plugin)),
            Err(error) => {
                if let PluginError::Distrusted(_, reason) = &error {
                    let one = Distrusted {
                        why: error.to_string(),
                        hint: reason.hint(),
                    };
                    // PATH may name a folder twice.
                    if !distrusted.contains(&one) {
                        distrusted.push(one);
                    }
                }
                // One that could be used with a single command is the one to speak of.
                if !matches!(problem, PluginError::Distrusted(..)) {
                    problem = error;
                }
            }
        }
    }
    let plugin = flawed.ok_or(problem);
    Search { plugin, distrusted }
}

/// The plugins in the usual places.
fn installed(os: &Os) -> Vec<PathBuf> {
    let on_path = std::env::split_paths(os.var("PATH").unwrap_or_default())
        .filter(|folder| folder.is_absolute() && !is_current(folder, os))
        .collect::<Vec<_>>();
    let name = format!("{NAME}{}", std::env::consts::EXE_SUFFIX);
    platform::plugin_folders(os)
        .into_iter()
        .chain(on_path)
        .map(|folder| folder.join(&name))
        .filter(|candidate| candidate.exists())
        .collect()
}

fn is_current(folder: &Path, os: &Os) -> bool {
    let real = |path: &Path| path.canonicalize().ok();
    os.current_dir
        .as_deref()
        .is_some_and(|current| real(folder).is_some_and(|folder| real(current) == Some(folder)))
}

/// The file behind the path, if only root or this user could have put it there.
fn trusted(path: &Path, os: &Os) -> Result<PathBuf, PluginError> {
    let unusable = |reason: String| PluginError::Unusable(path.to_owned(), reason);
    let real = trust::file(path, os).map_err(|why| match why {
        Distrust::NotA(..) => unusable("it is not a file".to_owned()),
        Distrust::Unreadable { source, .. } => unusable(source.to_string()),
        why @ Distrust::Unsafe { .. } => PluginError::Distrusted(path.to_owned(), why),
    })?;
    let file = real
        .metadata()
        .map_err(|error| unusable(error.to_string()))?;
    if !platform::is_executable(&file) {
        return Err(unusable("it is not executable".to_owned()));
    }
    Ok(real)
}

async fn checked(path: PathBuf, os: &Os) -> Result<Plugin, PluginError> {
    let unusable = |reason: String| PluginError::Unusable(path.clone(), reason);
    let mut child = tokio::process::Command::new(&path)
        .arg("--version")
        .env_clear()
        .env("PATH", system_path(os))
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
