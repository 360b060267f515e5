//! Writes changed settings files, each as a whole.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

use tempfile::NamedTempFile;

use super::page::Page;
use crate::platform::files;

/// How the names of unfinished files begin, and how many random characters follow.
/// They are hidden, so no command reads them.
const UNFINISHED: &str = ".vendor-ssm-unfinished-";
const RANDOM: usize = 6;

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
    let file = beside(path, text)?;
    files::keep_readers(file.as_file(), path)?;
    // Windows does not rename over a file that is open as tempfile would do it.
    let (file, new) = file.into_parts();
    drop(file);
    files::replace(&new, path)?;
    // It has another name now, which stays.
    let _ = new.keep();
    sync(path)
}

/// The text in a new file in the same folder, for this user alone.
fn beside(path: &Path, text: &str) -> io::Result<NamedTempFile> {
    let mut file = tempfile::Builder::new()
        .prefix(UNFINISHED)
        .rand_bytes(RANDOM)
        .make_in(folder_of(path), files::create)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    Ok(file)
}

/// Removes what a vendor-ssm that was killed has left in the folder: it holds ExternalIds.
/// The lock on the settings must be held, since otherwise another vendor-ssm may be writing it.
pub(super) fn sweep(folder: &Path) {
    for entry in folder.read_dir().into_iter().flatten().flatten() {
        let name = entry.file_name();
        let random = name.to_str().and_then(|name| name.strip_prefix(UNFINISHED));
        if random.is_some_and(|random| random.len() == RANDOM) {
            // What cannot be removed is tried again the next time.
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// The folder holds the rename.
fn sync(path: &Path) -> io::Result<()> {
    files::sync_folder(folder_of(path))
}

/// The folder of a file that is named by its whole path.
pub(super) fn folder_of(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new("/"))
}
