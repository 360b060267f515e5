//! Finds the settings file and reads it: opened once, and judged by the open handle. Refused is a file
//! that somebody else could have written, since it decides whose roles are assumed.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::error::Error;
use super::origin::{Decided, Place};
use crate::args::Global;
use crate::os::Os;

const LARGEST: u64 = 1024 * 1024;

/// `--config`, `VENDOR_SSM_CONFIG`, or the place that the system has for such files.
pub(super) fn locate(global: &Global, os: &Os) -> Result<Decided<PathBuf>, Error> {
    if let Some(path) = &global.config {
        return Ok(Decided::flag("--config", path.clone()));
    }
    if let Some(path) = Decided::variable("VENDOR_SSM_CONFIG", os) {
        return Ok(path.map(PathBuf::from));
    }
    // A relative XDG_CONFIG_HOME is to be ignored (XDG Base Directory Specification), and would read
    // settings from wherever we happen to be.
    let directory = if cfg!(windows) {
        os.var("APPDATA").map(PathBuf::from)
    } else {
        os.var("XDG_CONFIG_HOME")
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
            .or_else(|| os.home().map(|home| home.join(".config")))
    };
    let path = directory
        .ok_or(Error::NoHome)?
        .join("vendor-ssm")
        .join("config.toml");
    Ok(Decided::default(path))
}

/// The text of the file, once it is known that nobody else could write it.
pub(super) fn read(found: &Decided<PathBuf>) -> Result<String, Error> {
    let path = found.value.as_path();
    let unreadable = |source| Error::Unreadable {
        path: path.to_owned(),
        source,
    };
    let file = open(path).map_err(|error| match error.kind() {
        std::io::ErrorKind::NotFound => Error::Missing {
            path: path.to_owned(),
            origin: found.origin.clone(),
        },
        _ => unreadable(error),
    })?;
    let metadata = file.metadata().map_err(unreadable)?;
    if !metadata.is_file() {
        return Err(Error::NotAFile(path.to_owned()));
    }
    #[cfg(unix)]
    permissions::check(path, &metadata)?;

    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Error::TooLarge(path.to_owned()));
    }
    String::from_utf8(bytes).map_err(|error| not_utf8(path, error.as_bytes()))
}

/// Opens the file without waiting for the other end of a pipe.
fn open(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.custom_flags(rustix::fs::OFlags::NONBLOCK.bits().cast_signed());
    }
    options.open(path)
}

fn not_utf8(path: &Path, bytes: &[u8]) -> Error {
    let valid = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let line = valid.rsplit('\n').next().unwrap_or_default();
    Error::Syntax {
        place: Place {
            file: path.into(),
            line: valid.matches('\n').count() + 1,
            column: line.chars().count() + 1,
        },
        message: "this is not UTF-8".to_owned(),
    }
}

/// On Windows `%APPDATA%` is the user's own by its access list, so only Unix is asked.
#[cfg(unix)]
mod permissions {
    use std::fs::Metadata;
    use std::os::unix::fs::MetadataExt as _;
    use std::path::Path;

    use super::Error;

    /// The file by its open handle, and the ways to it: the directory and the link that were named,
    /// and the directory the file really is in.
    pub fn check(path: &Path, file: &Metadata) -> Result<(), Error> {
        let us = rustix::process::geteuid().as_raw();
        judge("the settings file", path, Facts::of(file), us)?;

        let unreadable = |source| Error::Unreadable {
            path: path.to_owned(),
            source,
        };
        let link = path.symlink_metadata().map_err(unreadable)?;
        let mut files = vec![path.to_owned()];
        if link.is_symlink() {
            // A link has no permissions of its own, only an owner.
            let facts = Facts {
                mode: 0,
                ..Facts::of(&link)
            };
            judge("the link", path, facts, us)?;
            files.push(path.canonicalize().map_err(unreadable)?);
        }
        for file in files {
            let directory = match file.parent() {
                Some(parent) if parent != Path::new("") => parent,
                _ => Path::new("."),
            };
            let facts = Facts::of(&directory.metadata().map_err(unreadable)?);
            judge("the settings file's directory", directory, facts, us)?;
        }
        Ok(())
    }

    #[derive(Clone, Copy)]
    pub(super) struct Facts {
        pub owner: u32,
        pub mode: u32,
        pub is_directory: bool,
    }

    impl Facts {
        fn of(metadata: &Metadata) -> Self {
            Self {
                owner: metadata.uid(),
                mode: metadata.mode() & 0o7777,
                is_directory: metadata.is_dir(),
            }
        }
    }

    pub(super) fn judge(
        what: &'static str,
        path: &Path,
        facts: Facts,
        us: u32,
    ) -> Result<(), Error> {
        let path = path.to_owned();
        let others_write = facts.mode & 0o022 != 0;
        // In a sticky directory others can add files, but not replace ours.
        let is_sticky = facts.is_directory && facts.mode & 0o1000 != 0;
        if facts.owner != us && facts.owner != 0 {
            let uid = facts.owner;
            Err(Error::ForeignOwner { what, path, uid })
        } else if others_write && !is_sticky {
            let mode = facts.mode;
            Err(Error::Writable { what, path, mode })
        } else {
            Ok(())
        }
    }
}
