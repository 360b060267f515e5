//! A Unix socket that vendor-ssm listens on, in a folder that no other user can change.

use std::path::Path;

use crate::os::Os;
use crate::platform::LocalSocket;
use crate::session::error::socket::Unusable;
use crate::trust;

/// Makes the socket and listens on it. To be called inside a runtime.
pub(super) fn listen(typed: &Path, os: &Os) -> Result<LocalSocket, Unusable> {
    let folder = match typed.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let folder = trust::folder(folder, os)?;
    // Without a name, the folder is what is there already.
    let name = typed.file_name().unwrap_or_default();
    Ok(LocalSocket::new(&folder, name, typed)?)
}
