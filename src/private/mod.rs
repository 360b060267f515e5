//! Private files and folders: those that vendor-ssm makes for itself.
//! It opens each file through its folder's handle, and judges the open file by its own handle.
//! It refuses what another user owns or can write, links, and files with two names. It also refuses
//! what is not a regular file: a pipe would hang vendor-ssm, and a device would flood it.

mod lock;
mod refusal;

use std::ffi::{OsStr, OsString};
use std::fs::{DirBuilder, File, Metadata};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{DirBuilderExt as _, FileTypeExt as _, MetadataExt as _};
use std::path::{Path, PathBuf};

use rustix::fs::{AtFlags, CWD, Dir, Mode, OFlags};

use crate::os::Os;
use crate::platform::{Demand, Found, Judge};
use crate::trust;

pub(crate) use lock::{Lock, Locked, wait};
pub(crate) use refusal::{hint, is_refusal, said};

use refusal::{Refusal, named};

/// Whether a file is made when it is opened for writing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Create {
    /// It has to be there.
    Never,
    /// It is made if it is not there.
    IfMissing,
    /// It must not be there yet.
    Always,
}

/// An open folder. What becomes of its path does not matter any longer.
#[derive(Debug)]
pub(crate) struct Folder {
    handle: File,
    path: PathBuf,
}

impl Folder {
    /// The private folder at this path, or `None` if there is none.
    /// The path may lead over links, but no other user may be able to change where it leads.
    pub(crate) fn find(path: &Path) -> io::Result<Option<Self>> {
        Self::at(path, Demand::Own)
    }

    /// The private folder at this path. It is made with mode 0700 if it is missing.
    pub(crate) fn make(path: &Path) -> io::Result<Self> {
        let place = place(path)?;
        make_all(&place).map_err(|error| named(path, error))?;
        let vanished = || named(path, io::ErrorKind::NotFound.into());
        Self::find(path)?.ok_or_else(vanished)
    }

    /// The folder for things of this login, which its user alone may enter: mode 0700.
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
        judge_folder(path, &Found::open(&folder.handle, path)?, demand)?;
        Ok(Some(folder))
    }

    /// A folder whose path was judged before, as the settings file's is.
    pub(crate) fn judged(path: &Path) -> io::Result<Self> {
        open_folder(path).map_err(|error| named(path, error))
    }

    /// The private folder of this name in here, or `None`. A link is refused.
    pub(crate) fn find_in(&self, name: &str) -> io::Result<Option<Self>> {
        let path = self.path.join(name);
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | guarded();
        match rustix::fs::openat(&self.handle, name, flags, Mode::empty()) {
            Err(rustix::io::Errno::NOENT) => Ok(None),
            Err(error) => {
                // What stands there tells more than the error.
                if let Ok(found) = Found::at(&path) {
                    judge_folder(&path, &found, Demand::Own)?;
                }
                Err(named(&path, error.into()))
            }
            Ok(handle) => {
                let handle = File::from(handle);
                judge_folder(&path, &Found::open(&handle, &path)?, Demand::Own)?;
                Ok(Some(Self { handle, path }))
            }
        }
    }

    /// The private folder of this name in here, made with mode 0700 if it is missing.
    pub(crate) fn make_in(&self, name: &str) -> io::Result<Self> {
        let path = self.path.join(name);
        match rustix::fs::mkdirat(&self.handle, name, Mode::RWXU) {
            Ok(()) | Err(rustix::io::Errno::EXIST) => {}
            Err(error) => return Err(named(&path, error.into())),
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
        match rustix::fs::statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(_) => Ok(true),
            Err(rustix::io::Errno::NOENT) => Ok(false),
            Err(error) => Err(named(&self.path_of(name), error.into())),
        }
    }

    /// A file to read, or `None` if there is none of this name.
    pub(crate) fn read(&self, name: &OsStr) -> io::Result<Option<File>> {
        match self.open(name, OFlags::RDONLY) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
            opened => opened.map(Some),
        }
    }

    /// A file to read, and to write at its end. One that is made has mode 0600.
    pub(crate) fn append(&self, name: &OsStr, create: Create) -> io::Result<File> {
        let flags = match create {
            Create::Never => OFlags::empty(),
            Create::IfMissing => OFlags::CREATE,
            Create::Always => OFlags::CREATE | OFlags::EXCL,
        };
        self.open(name, OFlags::RDWR | OFlags::APPEND | flags)
    }

    fn open(&self, name: &OsStr, flags: OFlags) -> io::Result<File> {
        let path = self.path_of(name);
        // To open a device can set it going, so its kind is looked at before, too.
        match Found::at(&path) {
            Ok(found) => judge_file(&path, &found)?,
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(named(&path, error)),
        }
        let mode = Mode::RUSR | Mode::WUSR;
        let file = rustix::fs::openat(&self.handle, name, flags | guarded(), mode)
            .map_err(|error| named(&path, error.into()))?;
        let file = File::from(file);
        judge_file(&path, &Found::open(&file, &path)?)?;
        Ok(file)
    }

    /// Gives a file in here another name, in the place of one that has that name.
    pub(crate) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        rustix::fs::renameat(&self.handle, from, &self.handle, to)
            .map_err(|error| named(&self.path_of(from), error.into()))
    }

    /// Removes a file in here.
    pub(crate) fn remove(&self, name: &OsStr) -> io::Result<()> {
        rustix::fs::unlinkat(&self.handle, name, AtFlags::empty())
            .map_err(|error| named(&self.path_of(name), error.into()))
    }

    /// Whether the file of this name is still the open one.
    fn still_has(&self, name: &OsStr, file: &File) -> bool {
        let found = rustix::fs::statat(&self.handle, name, AtFlags::SYMLINK_NOFOLLOW);
        let (Ok(found), Ok(file)) = (found, rustix::fs::fstat(file)) else {
            return false;
        };
        (found.st_dev, found.st_ino) == (file.st_dev, file.st_ino)
    }

    /// Up to `most` names in here, and whether there are more.
    pub(crate) fn names(&self, most: usize) -> io::Result<(Vec<OsString>, bool)> {
        let mut names = Vec::new();
        let entries = Dir::read_from(&self.handle).map_err(|error| self.unlisted(error))?;
        for entry in entries {
            let entry = entry.map_err(|error| self.unlisted(error))?;
            let name = OsStr::from_bytes(entry.file_name().to_bytes());
            if name == "." || name == ".." {
                continue;
            }
            if names.len() == most {
                return Ok((names, true));
            }
            names.push(name.to_owned());
        }
        Ok((names, false))
    }

    fn unlisted(&self, error: rustix::io::Errno) -> io::Error {
        named(&self.path, error.into())
    }

    /// Makes what was renamed and removed in here outlast the machine's power.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.handle.sync_all()
    }
}

/// The flags that every file and folder is opened with (open(2)).
/// The open follows no link, does not wait for the other end of a pipe, and takes no terminal. The
/// handle is not passed on to other programs.
fn guarded() -> OFlags {
    OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC
}

/// The path without links, if no other user can change where it leads.
fn place(path: &Path) -> io::Result<PathBuf> {
    // An absolute path needs none of the surroundings.
    let path = std::path::absolute(path)?;
    trust::place(&path, &Os::default()).map_err(Refusal::way)
}

fn open_folder(path: &Path) -> io::Result<Folder> {
    let flags = OFlags::RDONLY | OFlags::DIRECTORY | guarded();
    let handle = rustix::fs::openat(CWD, path, flags, Mode::empty())?;
    Ok(Folder {
        handle: handle.into(),
        path: path.to_owned(),
    })
}

/// Makes the folder and those above it with mode 0700, as far as they are missing.
pub(crate) fn make_all(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

fn judge_folder(path: &Path, found: &Found, demand: Demand) -> io::Result<()> {
    if !found.metadata.is_dir() {
        return Err(Refusal::NotAFolder(path.to_owned()).into());
    }
    judge_owner(path, found, demand)
}

fn judge_file(path: &Path, found: &Found) -> io::Result<()> {
    let metadata = &found.metadata;
    if !metadata.is_file() {
        let (path, kind) = (path.to_owned(), kind(metadata));
        return Err(Refusal::Kind { path, kind }.into());
    }
    judge_owner(path, found, Demand::Own)?;
    // One that was removed since has none.
    if metadata.nlink() > 1 {
        return Err(Refusal::HardLink(path.to_owned()).into());
    }
    Ok(())
}

fn judge_owner(path: &Path, found: &Found, demand: Demand) -> io::Result<()> {
    let judged = Judge::real()?.judge(found, demand);
    judged.map_err(|flaw| {
        let path = path.to_owned();
        Refusal::Unsafe { path, flaw }.into()
    })
}

fn kind(metadata: &Metadata) -> &'static str {
    let kind = metadata.file_type();
    if kind.is_symlink() {
        "a link"
    } else if kind.is_dir() {
        "a folder"
    } else if kind.is_fifo() {
        "a pipe"
    } else if kind.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(test)]
mod tests;
