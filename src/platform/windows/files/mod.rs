//! Files and folders that vendor-ssm makes for itself. Nothing here judges who owns them.
//!
//! A folder is kept open, and other programs may not rename or remove it meanwhile, nor any folder
//! above it. So the path of its handle stays right, and files are opened by it. That path begins
//! with `\\?\`: it may be long, and no name in it means a device (Microsoft Learn, "Naming Files").

mod closed;
mod handle;

use std::ffi::{OsStr, OsString};
use std::fs::{self, File, Metadata};
use std::io;
use std::os::windows::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Component, Path, PathBuf};
use std::thread::sleep;
use std::time::Duration;

use windows_sys::Win32::Foundation::{
    ERROR_ACCESS_DENIED, ERROR_SHARING_VIOLATION, ERROR_USER_MAPPED_FILE, GENERIC_READ,
    GENERIC_WRITE,
};
use windows_sys::Win32::Storage::FileSystem::{
    CREATE_NEW, DELETE, FILE_APPEND_DATA, FILE_ATTRIBUTE_NORMAL, FILE_ATTRIBUTE_TEMPORARY,
    FILE_FLAG_BACKUP_SEMANTICS, FILE_FLAG_DELETE_ON_CLOSE, FILE_FLAG_OPEN_REPARSE_POINT,
    FILE_READ_ATTRIBUTES, FILE_SHARE_DELETE, FILE_SHARE_READ, FILE_SHARE_WRITE,
    FILE_WRITE_ATTRIBUTES, OPEN_ALWAYS, OPEN_EXISTING, READ_CONTROL, SYNCHRONIZE, WRITE_DAC,
};

use crate::platform::create::{Create, What};
use crate::platform::file_names;
use closed::How;

/// Whether two names that differ in case alone are those of one file, as a rule of the system.
pub(crate) const FOLDS_CASE: bool = true;

/// Why a program cannot open a file that another one has open.
pub(crate) const IN_USE: Option<&str> = Some(
    "close the program that has the file open, such as an editor; if there is none, check that the file is not read-only",
);

/// What other programs may do with a file that is open here: all.
const SHARED: u32 = FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE;
/// The flags that every file and folder is opened with: a link is opened itself.
const GUARDED: u32 = FILE_FLAG_OPEN_REPARSE_POINT | FILE_FLAG_BACKUP_SEMANTICS;

/// How often a file is tried again that another program has open, and the pause before it.
/// A virus scanner opens each new file for a moment.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(20);

/// An open folder. As long as it is open, no program can rename or remove it.
#[derive(Debug)]
pub(crate) struct OpenFolder {
    handle: File,
    /// The path of the handle.
    path: PathBuf,
}

impl OpenFolder {
    /// Opens a folder. A link at the end of the path is an error.
    pub(crate) fn open(path: &Path) -> io::Result<Self> {
        let handle = File::options()
            .access_mode(GENERIC_READ)
            .share_mode(FILE_SHARE_READ | FILE_SHARE_WRITE)
            .custom_flags(GUARDED)
            .open(path)?;
        if !handle.metadata()?.is_dir() {
            return Err(io::ErrorKind::NotADirectory.into());
        }
        let path = handle::path(&handle)?;
        Ok(Self { handle, path })
    }

    /// Its handle, to judge it by.
    pub(crate) fn handle(&self) -> &File {
        &self.handle
    }

    /// Opens a folder in here. A link is an error.
    pub(crate) fn folder(&self, name: &OsStr) -> io::Result<Self> {
        Self::open(&self.at(name)?)
    }

    /// Makes a folder in here, for this user alone.
    pub(crate) fn make_folder(&self, name: &OsStr) -> io::Result<()> {
        closed::folder(&self.at(name)?)
    }

    /// Whether anything has this name in here, a link included.
    pub(crate) fn has(&self, name: &OsStr) -> io::Result<bool> {
        match self.at(name)?.symlink_metadata() {
            Ok(_) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// Opens a file to read.
    pub(crate) fn read(&self, name: &OsStr) -> io::Result<File> {
        self.file(name, GENERIC_READ, OPEN_EXISTING)
    }

    /// Opens a file to read, and to write at its end. One that is made is this user's alone.
    pub(crate) fn append(&self, name: &OsStr, create: Create) -> io::Result<File> {
        let disposition = match create {
            Create::Never => OPEN_EXISTING,
            Create::IfMissing => OPEN_ALWAYS,
            Create::Always => CREATE_NEW,
        };
        // Without FILE_WRITE_DATA each write goes to the end (Microsoft Learn, "File Access Rights
        // Constants").
        let access = GENERIC_READ | FILE_APPEND_DATA | FILE_WRITE_ATTRIBUTES | SYNCHRONIZE;
        self.file(name, access, disposition)
    }

    fn file(&self, name: &OsStr, access: u32, disposition: u32) -> io::Result<File> {
        let how = How {
            access,
            share: SHARED,
            disposition,
            flags: GUARDED | FILE_ATTRIBUTE_NORMAL,
        };
        closed::file(&self.at(name)?, how)
    }

    /// Gives a file in here another name, in the place of one that has that name.
    pub(crate) fn rename(&self, from: &OsStr, to: &OsStr) -> io::Result<()> {
        replace(&self.at(from)?, &self.at(to)?)
    }

    /// Removes a file in here. It may be open.
    pub(crate) fn remove(&self, name: &OsStr) -> io::Result<()> {
        let path = self.at(name)?;
        patiently(|| fs::remove_file(&path))
    }

    /// Whether the file of this name is still the open one.
    pub(crate) fn still_has(&self, name: &OsStr, file: &File) -> bool {
        let found = || {
            let found = self.file(name, FILE_READ_ATTRIBUTES, OPEN_EXISTING)?;
            Ok::<_, io::Error>((handle::links(&found)? > 0).then_some(handle::number(&found)?))
        };
        let file = handle::number(file);
        file.is_ok_and(|file| found().is_ok_and(|found| found == Some(file)))
    }

    /// Up to `most` names in here, and whether there are more.
    pub(crate) fn names(&self, most: usize) -> io::Result<(Vec<OsString>, bool)> {
        let mut names = Vec::new();
        for entry in self.path.read_dir()? {
            if names.len() == most {
                return Ok((names, true));
            }
            names.push(entry?.file_name());
        }
        Ok((names, false))
    }

    /// Windows has no way to write a folder out: its file system keeps a log of renames.
    #[expect(
        clippy::unnecessary_wraps,
        clippy::unused_self,
        reason = "other systems sync the folder, and can fail"
    )]
    pub(crate) fn sync(&self) -> io::Result<()> {
        Ok(())
    }

    /// The path of a file in here. Errors: the name leads elsewhere, or to a stream of a file.
    fn at(&self, name: &OsStr) -> io::Result<PathBuf> {
        let mut parts = Path::new(name).components();
        let is_one = matches!(
            (parts.next(), parts.next()),
            (Some(Component::Normal(part)), None) if part == name
        );
        if !is_one || name.as_encoded_bytes().contains(&b':') {
            return Err(io::ErrorKind::InvalidFilename.into());
        }
        Ok(self.path.join(name))
    }
}

/// Makes the folder and those above it for this user alone, as far as they are missing.
pub(crate) fn make_all(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let (Some(above), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::ErrorKind::NotFound.into());
    };
    // The parent of a single name is the current folder.
    let above = if above.as_os_str().is_empty() {
        Path::new(".")
    } else {
        above
    };
    make_all(above)?;
    match closed::folder(&above.canonicalize()?.join(name)) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        made => made,
    }
}

/// Makes a file for this user alone, which must not be there yet.
pub(crate) fn create(path: &Path) -> io::Result<File> {
    let how = How {
        access: GENERIC_READ | GENERIC_WRITE | WRITE_DAC,
        share: SHARED,
        disposition: CREATE_NEW,
        flags: FILE_ATTRIBUTE_NORMAL,
    };
    closed::file(&unlimited(path)?, how)
}

/// Lets the same users read and write a file as that other one, which it is to replace.
pub(crate) fn keep_readers(file: &File, other: &Path) -> io::Result<()> {
    let other = File::options()
        .access_mode(READ_CONTROL | FILE_READ_ATTRIBUTES)
        .open(other)?;
    closed::copy_access(&other, file)
}

/// Gives a file another name, in the place of one that has that name.
/// A program may have either open, if it lets others rename it.
pub(crate) fn replace(from: &Path, to: &Path) -> io::Result<()> {
    patiently(|| fs::rename(from, to))
}

/// Windows has no way to write a folder out: its file system keeps a log of renames.
#[expect(clippy::unnecessary_wraps, reason = "other systems can fail")]
pub(crate) fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}

/// A temporary file in this folder, which no other program can open.
/// It is this user's alone, and is gone when vendor-ssm is.
pub(crate) fn temporary(folder: &Path) -> io::Result<File> {
    let folder = folder.canonicalize()?;
    let how = How {
        access: GENERIC_READ | GENERIC_WRITE | DELETE,
        share: 0,
        disposition: CREATE_NEW,
        flags: FILE_ATTRIBUTE_TEMPORARY | FILE_FLAG_DELETE_ON_CLOSE,
    };
    loop {
        let name = format!(".vendor-ssm-{:016x}.tmp", fastrand::u64(..));
        match closed::file(&folder.join(name), how) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            made => return made,
        }
    }
}

/// Writes all bytes at an offset.
pub(crate) fn write_all_at(file: &File, mut bytes: &[u8], mut offset: u64) -> io::Result<()> {
    while !bytes.is_empty() {
        let written = file.seek_write(bytes, offset)?;
        if written == 0 {
            return Err(io::ErrorKind::WriteZero.into());
        }
        bytes = &bytes[written..];
        offset += written as u64;
    }
    Ok(())
}

/// Fills the buffer from an offset.
pub(crate) fn read_exact_at(file: &File, bytes: &mut [u8], mut offset: u64) -> io::Result<()> {
    let mut filled = 0;
    while filled < bytes.len() {
        let read = file.seek_read(&mut bytes[filled..], offset)?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        filled += read;
        offset += read as u64;
    }
    Ok(())
}

/// How many names an open file has. One that was removed since has none.
pub(crate) fn links(file: &File) -> io::Result<u64> {
    handle::links(file)
}

/// What lies there, in words, if it is neither a regular file nor missing.
pub(crate) fn kind(metadata: &Metadata) -> &'static str {
    let kind = metadata.file_type();
    if kind.is_symlink() {
        "a link"
    } else if kind.is_dir() {
        "a folder"
    } else {
        "a device"
    }
}

/// Opens a file that another program may have made.
pub(crate) fn open_to_read(path: &Path) -> io::Result<(File, What)> {
    // Without this flag the system opens no folder, and says that access is denied.
    let flags = FILE_FLAG_BACKUP_SEMANTICS;
    let file = File::options().read(true).custom_flags(flags).open(path)?;
    let what = handle::what(&file)?;
    Ok((file, what))
}

/// Whether every program can open a file of this name.
pub(crate) fn is_usable_name(name: &str) -> bool {
    file_names::is_usable(name)
}

/// Whether the system may have refused this only because another program has the file open.
pub(crate) fn is_in_use(error: &io::Error) -> bool {
    let code = error.raw_os_error().map(i32::cast_unsigned);
    matches!(
        code,
        Some(ERROR_SHARING_VIOLATION | ERROR_ACCESS_DENIED | ERROR_USER_MAPPED_FILE)
    )
}

/// The command that shows which processes may have this file open.
/// Windows has no command that tells it of one file.
pub(crate) fn holder_command(_: &Path) -> String {
    "Get-Process vendor-ssm".to_owned()
}

/// The command that gives a file with two names a file of its own, in PowerShell.
pub(crate) fn own_copy_command(path: &str) -> String {
    format!("Copy-Item {path} {path}.new; Move-Item -Force {path}.new {path}")
}

/// Tries again for a moment, if another program has a file open.
fn patiently(act: impl Fn() -> io::Result<()>) -> io::Result<()> {
    for _ in 1..TRIES {
        match act() {
            Err(error) if is_in_use(&error) => sleep(PAUSE),
            done => return done,
        }
    }
    act()
}

/// The path in the form that has no length limit.
fn unlimited(path: &Path) -> io::Result<PathBuf> {
    let (Some(folder), Some(name)) = (path.parent(), path.file_name()) else {
        return Err(io::ErrorKind::InvalidFilename.into());
    };
    Ok(folder.canonicalize()?.join(name))
}
