//! Private files and folders: those that vendor-ssm makes for itself.
//! It opens each file through its folder's handle, and judges the open file by its own handle.
//! It refuses what another user owns or can write, links, and files with two names. It also refuses
//! what is not a regular file: a pipe would hang vendor-ssm, and a device would flood it.

mod lock;
mod refusal;

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use crate::os::Os;
use crate::platform::files::{self, OpenFolder};
use crate::platform::{Demand, Found, Judge};
use crate::trust;

pub(crate) use crate::platform::Create;
pub(crate) use crate::platform::files::make_all;
pub(crate) use lock::{Lock, Locked, wait};
pub(crate) use refusal::{hint, is_refusal, said};

use refusal::{Refusal, named};

/// An open folder. What becomes of its path does not matter any longer.
#[derive(Debug)]
pub(crate) struct Folder {
    opened: OpenFolder,
    path: PathBuf,
}

impl Folder {
    /// The private folder at this path, or `None` if there is none.
    /// The path may lead over links, but no other user may be able to change where it leads.
    pub(crate) fn find(path: &Path) -> io::Result<Option<Self>> {
        Self::at(path, Demand::Own)
    }

    /// The private folder at this path. It is made for this user alone if it is missing.
    pub(crate) fn make(path: &Path) -> io::Result<Self> {
        let place = place(path)?;
        make_all(&place).map_err(|error| named(path, error))?;
        let vanished = || named(path, io::ErrorKind::NotFound.into());
        Self::find(path)?.ok_or_else(vanished)
    }

    /// The folder for things of this login, which its user alone may enter.
    /// XDG Base Directory Specification, `XDG_RUNTIME_DIR`.
    pub(crate) fn runtime(path: &Path) -> io::Result<Option<Self>> {
        Self::at(path, Demand::Private)
    }

    fn at(path: &Path, demand: Demand) -> io::Result<Option<Self>> {
        let place = place(path)?;
        let folder = match open_folder(&place) {
            Ok(folder) => folder,
            Err(error) => match error.kind() {
                io::ErrorKind::NotFound => return Ok(None),
                io::ErrorKind::NotADirectory if place.exists() => {
                    return Err(Refusal::NotAFolder(path.to_owned()).into());
                }
                _ => return Err(named(path, error)),
            },
        };
        judge_folder(path, &Found::open(folder.opened.handle(), path)?, demand)?;
        Ok(Some(folder))
    }

    /// A folder whose path was judged before, as the settings file's is.
    pub(crate) fn judged(path: &Path) -> io::Result<Self> {
        open_folder(path).map_err(|error| named(path, error))
    }

    /// The private folder of this name in here, or `None`. A link is refused.
    pub(crate) fn find_in(&self, name: &str) -> io::Result<Option<Self>> {
        let path = self.path.join(name);
        match self.opened.folder(OsStr::new(name)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(error) => {
                // What stands there tells more than the error.
                if let Ok(found) = Found::at(&path) {
                    judge_folder(&path, &found, Demand::Own)?;
                }
                Err(named(&path, error))
            }
            Ok(opened) => {
                judge_folder(&path, &Found::open(opened.handle(), &path)?, Demand::Own)?;
                Ok(Some(Self { opened, path }))
            }
        }
    }

    /// The private folder of this name in here, made for this user alone if it is missing.
    pub(crate) fn make_in(&self, name: &str) -> io::Result<Self> {
        let path = self.path.join(name);
        match self.opened.make_folder(OsStr::new(name)) {
            Err(error) if error.kind() != io::ErrorKind::AlreadyExists => {
                return Err(named(&path, error));
            }
            _ => {}
        }
        let vanished = || named(&path, io::ErrorKind::NotFound.into());
        self.find_in(name)?.ok_or_else(vanished)
    }

    /// Its path, to name it.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The path of a file in here, to name it.
    pub(crate) fn path_of(&self, name: &OsStr) -> PathBuf {
        self.path.join(name)
    }

    /// Whether anything has this name in here, a link included.
    pub(crate) fn has(&self, name: &OsStr) -> io::Result<bool> {
        let has = self.opened.has(name);
        has.map_err(|error| named(&self.path_of(name), error))
    }

    /// A file to read, or `None` if there is none of this name.
    pub(crate) fn read(&self, name: &OsStr) -> io::Result<Option<File>> {
        match self.open(name, OpenFolder::read) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            opened => opened.map(Some),
        }
    }

    /// A file to read, and to write at its end. One that is made is this user's alone.
    pub(crate) fn append(&self, name: &OsStr, create: Create) -> io::Result<File> {
        self.open(name, |folder, name| folder.append(name, create))
    }

    fn open(
        &self,
        name: &OsStr,
        open: impl FnOnce(&OpenFolder, &OsStr) -> io::Result<File>,
    ) -> io::Result<File> {
        let path = self.path_of(name);
        // To open a device can set it going, so its kind is looked at before, too.
        match Found::at(&path) {
            Ok(found) => judge_file(&path, &found)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(named(&path, error)),
        }
        let file = open(&self.opened, name).map_err(|error| named(&path, error))?;
        judge_file(&path, &Found::open(&file, &path)?)?;
        // One that was removed since has none.
        if files::links(&file)? > 1 {
            return Err(Refusal::HardLink(path).into());
        }
        Ok(file)
    }

    /// Gives a file in here another name, in the place of one that has that name.
    pub(crate) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        let renamed = self.opened.rename(from, to);
        renamed.map_err(|error| named(&self.path_of(from), error))
    }

    /// Removes a file in here.
    pub(crate) fn remove(&self, name: &OsStr) -> io::Result<()> {
        let removed = self.opened.remove(name);
        removed.map_err(|error| named(&self.path_of(name), error))
    }

    /// Whether the file of this name is still the open one.
    fn still_has(&self, name: &OsStr, file: &File) -> bool {
        self.opened.still_has(name, file)
    }

    /// Up to `most` names in here, and whether there are more.
    pub(crate) fn names(&self, most: usize) -> io::Result<(Vec<OsString>, bool)> {
        let names = self.opened.names(most);
        names.map_err(|error| named(&self.path, error))
    }

    /// Makes what was renamed and removed in here outlast the machine's power.
    /// On a system that cannot sync a folder, this does nothing.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.opened.sync()
    }
}

/// The path without links, if no other user can change where it leads.
fn place(path: &Path) -> io::Result<PathBuf> {
    // An absolute path needs none of the surroundings.
    let path = std::path::absolute(path)?;
    trust::place(&path, &Os::default()).map_err(Refusal::way)
}

fn open_folder(path: &Path) -> io::Result<Folder> {
    Ok(Folder {
        opened: OpenFolder::open(path)?,
        path: path.to_owned(),
    })
}

fn judge_folder(path: &Path, found: &Found, demand: Demand) -> io::Result<()> {
    if !found.metadata.is_dir() {
        return Err(Refusal::NotAFolder(path.to_owned()).into());
    }
    judge_owner(path, found, demand)
}

fn judge_file(path: &Path, found: &Found) -> io::Result<()> {
    if !found.metadata.is_file() {
        let (path, kind) = (path.to_owned(), files::kind(&found.metadata));
        return Err(Refusal::Kind { path, kind }.into());
    }
    judge_owner(path, found, Demand::Own)
}

fn judge_owner(path: &Path, found: &Found, demand: Demand) -> io::Result<()> {
    let judged = Judge::real()?.judge(found, demand);
    judged.map_err(|flaw| {
        let path = path.to_owned();
        Refusal::Unsafe { path, flaw }.into()
    })
}

#[cfg(test)]
mod tests;
