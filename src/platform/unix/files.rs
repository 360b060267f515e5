//! Files and folders that vendor-ssm makes for itself: each is opened through its folder's handle.
//! Nothing here judges who owns them.

use std::ffi::{OsStr, OsString};
use std::fs::{DirBuilder, File, Metadata, Permissions};
use std::io;
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::{
    DirBuilderExt as _, FileExt as _, FileTypeExt as _, MetadataExt as _, OpenOptionsExt as _,
    PermissionsExt as _, fchown,
};
use std::path::Path;

use rustix::fs::{AtFlags, CWD, Dir, Mode, OFlags, openat};
use rustix::io::Errno;

use crate::platform::create::{Create, What};
use crate::platform::quoted;

/// Whether two names that differ in case alone are those of one file, as a rule of the system.
pub(crate) const FOLDS_CASE: bool = cfg!(target_os = "macos");

/// Why a program cannot open a file that another one has open. Here it can.
pub(crate) const IN_USE: Option<&str> = None;

/// An open folder. What becomes of its path does not matter any longer.
#[derive(Debug)]
pub(crate) struct OpenFolder(File);

impl OpenFolder {
    /// Opens a folder. A link at the end of the path is an error.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | guarded();
        Ok(Self(openat(CWD, path, flags, Mode::empty())?.into()))
    }

    /// Its handle, to judge it by.
    pub(crate) fn handle(&self) -> &File {
        &self.0
    }

    /// Opens a folder in here. A link is an error.
    pub(crate) fn folder(&self, name: &OsStr) -> io::Result<Self> {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | guarded();
        Ok(Self(openat(&self.0, name, flags, Mode::empty())?.into()))
    }

    /// Makes a folder in here, for this user alone: mode 0700.
    pub(crate) fn make_folder(&self, name: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::mkdirat(&self.0, name, Mode::RWXU)?)
    }

    /// Whether anything has this name in here, a link included.
    pub(crate) fn has(&self, name: &OsStr) -> io::Result<bool> {
        match rustix::fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW) {
            Ok(_) => Ok(true),
            Err(Errno::NOENT) => Ok(false),
            Err(error) => Err(error.into()),
        }
    }

    /// Opens a file to read.
    pub(crate) fn read(&self, name: &OsStr) -> io::Result<File> {
        self.file(name, OFlags::RDONLY)
    }

    /// Opens a file to read, and to write at its end. One that is made has mode 0600.
    pub(crate) fn append(&self, name: &OsStr, create: Create) -> io::Result<File> {
        let flags = match create {
            Create::Never => OFlags::empty(),
            Create::IfMissing => OFlags::CREATE,
            Create::Always => OFlags::CREATE | OFlags::EXCL,
        };
        self.file(name, OFlags::RDWR | OFlags::APPEND | flags)
    }

    fn file(&self, name: &OsStr, flags: OFlags) -> io::Result<File> {
        let mode = Mode::RUSR | Mode::WUSR;
        Ok(openat(&self.0, name, flags | guarded(), mode)?.into())
    }

    /// Gives a file in here another name, in the place of one that has that name.
    pub(crate) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::renameat(&self.0, from, &self.0, to)?)
    }

    /// Removes a file in here.
    pub(crate) fn remove(&self, name: &OsStr) -> io::Result<()> {
        Ok(rustix::fs::unlinkat(&self.0, name, AtFlags::empty())?)
    }

    /// Whether the file of this name is still the open one.
    pub(crate) fn still_has(&self, name: &OsStr, file: &File) -> bool {
        let found = rustix::fs::statat(&self.0, name, AtFlags::SYMLINK_NOFOLLOW);
        let (Ok(found), Ok(file)) = (found, rustix::fs::fstat(file)) else {
            return false;
        };
        (found.st_dev, found.st_ino) == (file.st_dev, file.st_ino)
    }

    /// Up to `most` names in here, and whether there are more.
    pub(crate) fn names(&self, most: usize) -> io::Result<(Vec<OsString>, bool)> {
        let mut names = Vec::new();
        for entry in Dir::read_from(&self.0)? {
            let entry = entry?;
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

    /// Makes what was renamed and removed in here outlast the machine's power.
    pub(crate) fn sync(&self) -> io::Result<()> {
        self.0.sync_all()
    }
}

/// The flags that every file and folder is opened with (open(2)).
/// The open follows no link, does not wait for the other end of a pipe, and takes no terminal. The
/// handle is not passed on to other programs.
fn guarded() -> OFlags {
    OFlags::NOFOLLOW | OFlags::NONBLOCK | OFlags::NOCTTY | OFlags::CLOEXEC
}

/// Makes the folder and those above it with mode 0700, as far as they are missing.
pub(crate) fn make_all(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// Makes a file for this user alone, which must not be there yet: mode 0600.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    let mut options = File::options();
    options.read(true).write(true).create_new(true).mode(0o600);
    options.open(path)
}

/// Lets the same users read a file as that other one, which it is to replace.
/// Only its group and all others are looked at: an own file is written by its owner alone.
pub(crate) fn keep_readers(file: &File, other: &Path) -> io::Result<()> {
    let other = other.metadata()?;
    let has_its_group = fchown(file, None, Some(other.gid())).is_ok();
    let readers = if has_its_group { 0o044 } else { 0o004 };
    file.set_permissions(Permissions::from_mode(0o600 | other.mode() & readers))
}

/// Gives a file another name, in the place of one that has that name.
pub(crate) fn replace(from: &Path, to: &Path) -> io::Result<()> {
    std::fs::rename(from, to)
}

/// Makes what was renamed and removed in a folder outlast the machine's power.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

/// A temporary file in this folder, which no other program can open.
/// It has no name and mode 0600, and is gone when vendor-ssm is.
pub(crate) fn temporary(folder: &Path) -> io::Result<File> {
    let file = tempfile::tempfile_in(folder)?;
    // The umask decides its mode at first.
    file.set_permissions(Permissions::from_mode(0o600))?;
    Ok(file)
}

/// Writes all bytes at an offset.
pub(crate) fn write_all_at(file: &File, bytes: &[u8], offset: u64) -> io::Result<()> {
    file.write_all_at(bytes, offset)
}

/// Fills the buffer from an offset.
pub(crate) fn read_exact_at(file: &File, bytes: &mut [u8], offset: u64) -> io::Result<()> {
    file.read_exact_at(bytes, offset)
}

/// How many names an open file has. One that was removed since has none.
pub(crate) fn links(file: &File) -> io::Result<u64> {
    Ok(file.metadata()?.nlink())
}

/// What lies there, in words, if it is neither a regular file nor missing.
pub(crate) fn kind(metadata: &Metadata) -> &'static str {
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

/// Opens a file that another program may have made.
/// If it is a pipe, this does not wait for the other end.
pub(crate) fn open_to_read(path: &Path) -> io::Result<(File, What)> {
    let flags = OFlags::NONBLOCK.bits().cast_signed();
    let file = File::options().read(true).custom_flags(flags).open(path)?;
    let kind = file.metadata()?.file_type();
    let what = if kind.is_file() {
        What::File
    } else if kind.is_dir() {
        What::Folder
    } else if kind.is_char_device() {
        What::Device
    } else {
        What::Other
    };
    Ok((file, what))
}

/// Whether every program can open a file of this name.
pub(crate) fn is_usable_name(name: &str) -> bool {
    !name.contains(['/', '\0']) && !["", ".", ".."].contains(&name)
}

/// Whether the system may have refused this only because another program has the file open.
pub(crate) fn is_in_use(_: &io::Error) -> bool {
    false
}

/// The command that shows which process has this file open.
pub(crate) fn holder_command(path: &Path) -> String {
    let program = if cfg!(target_os = "linux") {
        "fuser -v"
    } else {
        "lsof"
    };
    format!("{program} {}", quoted(&path.display().to_string()))
}

/// The command that gives a file with two names a file of its own.
pub(crate) fn own_copy_command(path: &str) -> String {
    format!("cp -p {path} {path}.new && mv {path}.new {path}")
}
