//! Where AWS's installers and Homebrew put the session-manager-plugin.

use std::path::PathBuf;

use crate::os::Os;

/// The folders (Session Manager user guide, "Install the plugin"; Homebrew's "Installation").
#[cfg(not(target_os = "macos"))]
const FOLDERS: &[&str] = &["/usr/local/sessionmanagerplugin/bin", "/opt/homebrew/bin"];
/// On a Mac, Homebrew's prefix is `/opt/homebrew` on Apple silicon and `/usr/local` on Intel.
#[cfg(target_os = "macos")]
const FOLDERS: &[&str] = &[
    "/usr/local/sessionmanagerplugin/bin",
    "/opt/homebrew/bin",
    "/usr/local/bin",
];

/// The folders that installers put the plugin into.
pub(crate) fn plugin_folders(_: &Os) -> Vec<PathBuf> {
    FOLDERS.iter().map(PathBuf::from).collect()
}

/// How to install the plugin.
#[cfg(not(target_os = "macos"))]
pub(crate) const INSTALL_PLUGIN: &str = "install AWS's session-manager-plugin";
/// How to install the plugin: Homebrew's cask.
#[cfg(target_os = "macos")]
pub(crate) const INSTALL_PLUGIN: &str = "run `brew install --cask session-manager-plugin`";
