//! Writes changed settings files, each as a whole.

use std::fs;
use std::io::{self, Write as _};
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, fchown};
use std::path::Path;

use super::page::Page;

/// What a folder's file that is left empty becomes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Emptied {
    /// It stays, as the one settings file does.
    Stays,
    /// It is removed.
    Goes,
}

/// Writes the page to its file, which is `real` without links. A link stays a link.
pub(super) fn page(page: &Page, real: &Path, emptied: Emptied) -> io::Result<()> {
    if page.before().is_none() {
        return create(real, page.text());
    }
    let is_link = page.file().is_symlink();
    if page.is_emptied() && emptied == Emptied::Goes && !is_link {
        fs::remove_file(real)?;
        return sync(real);
    }
    replace(real, page.text())
}

/// Takes a written page back, as far as that is possible.
pub(super) fn undo(page: &Page, real: &Path) {
    let _ = match page.before() {
        Some(before) => replace(real, before),
        None => fs::remove_file(real).and_then(|()| sync(real)),
    };
}

/// Makes a file that must not be there yet.
fn create(path: &Path, text: &str) -> io::Result<()> {
    let file = beside(path, text)?;
    file.persist_noclobber(path).map_err(|error| error.error)?;
    sync(path)
}

/// Replaces the file as a whole. Its readers stay the same, as for a file that a team shares.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let before = fs::metadata(path)?;
    let file = beside(path, text)?;
    let has_its_group = fchown(file.as_file(), None, Some(before.gid())).is_ok();
    let readers = if has_its_group { 0o044 } else { 0o004 };
    let mode = 0o600 | before.mode() & readers;
    file.as_file()
        .set_permissions(fs::Permissions::from_mode(mode))?;
    file.persist(path).map_err(|error| error.error)?;
    sync(path)
}

/// The text in a new file in the same folder. Its name is hidden, so no command reads it.
fn beside(path: &Path, text: &str) -> io::Result<tempfile::NamedTempFile> {
    // tempfile makes its files readable and writable by their owner only.
    let mut file = tempfile::Builder::new()
        .prefix(".config.toml.")
        .tempfile_in(folder_of(path))?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// The folder holds the rename.
fn sync(path: &Path) -> io::Result<()> {
    fs::File::open(folder_of(path))?.sync_all()
}

/// The folder of a file that is named by its whole path.
pub(super) fn folder_of(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new("/"))
}
