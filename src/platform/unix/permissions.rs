//! How people see who may use a file.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

/// A file's mode, in words; `None` if it cannot be looked at.
pub(crate) fn shown_mode(file: &Path) -> Option<String> {
    let file = std::fs::metadata(file).ok()?;
    Some(format!("mode {:04o}", file.permissions().mode() & 0o7777))
}
