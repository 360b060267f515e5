//! Finds and reads the settings file. It is opened once, and checked by the open handle.
//! A file that another user could have written is refused, since it decides which roles are
//! assumed.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::error::Error;
use super::origin::{Decided, Place};
use crate::args::Global;
use crate::os::Os;

const LARGEST: u64 = 1024 * 1024;

/// `--config`, `VENDOR_SSM_CONFIG`, or the system's place for settings files.
pub(super) fn locate(global: &Global, os: &Os) -> Result<Decided<PathBuf>, Error> {
    if let Some(path) = &global.config {
        return Ok(Decided::flag("--config", path.clone()));
    }
    if let Some(path) = Decided::variable("VENDOR_SSM_CONFIG", os) {
        return Ok(path.map(PathBuf::from));
    }
    // The XDG Base Directory Specification says to ignore a relative XDG_CONFIG_HOME. It would make
    // the settings depend on the current directory.
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

/// The text of the file, after checking that no other user can write it.
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

/// Opens the file. If it is a pipe, this does not wait for the other end.
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
        message: "the file is not UTF-8".to_owned(),
    }
}

/// Only Unix is checked: on Windows the access list of `%APPDATA%` makes it the user's own.
#[cfg(unix)]
mod permissions {
    use std::fs::Metadata;
    use std::os::unix::fs::MetadataExt as _;
    use std::path::Path;

    use super::Error;

    /// Checks the file by its open handle, and every way to it.
    /// These are the directory and the link that were named, and the directory that the file is
    /// really in.
    pub(super) fn check(path: &Path, file: &Metadata) -> Result<(), Error> {
        let us = rustix::process::geteuid().as_raw();
        judge("the settings file", path, Facts::of(file), us)?;

        let unreadable = |source| Error::Unreadable {
            path: path.to_owned(),
            source,
        };
        let link = path.symlink_metadata().map_err(unreadable)?;
        let mut files = vec![path.to_owned()];
        if link.is_symlink() {
            // A link has an owner, but no permissions of its own.
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
        // In a sticky directory other users can add files, but cannot replace this user's.
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

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::unix::fs::{PermissionsExt as _, chown, lchown, symlink};
    use std::process::Command;

    use tempfile::TempDir;

    use super::permissions::{Facts, judge};
    use super::*;

    /// A directory with a `config.toml`. Only this user can write both, whatever the umask.
    fn directory() -> (TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("config.toml");
        fs::write(&path, "# settings").unwrap();
        chmod(directory.path(), 0o700);
        chmod(&path, 0o644);
        (directory, path)
    }

    fn chmod(path: &Path, mode: u32) {
        fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
    }

    fn refusal(path: &Path) -> (String, String) {
        let error = read(&Decided::default(path.to_owned())).unwrap_err();
        assert_eq!(error.exit().code(), 10);
        (error.to_string(), error.hint().unwrap_or_default())
    }

    #[test]
    fn the_file_is_looked_for_by_rank() {
        let table = [
            (
                Some("flag.toml"),
                [
                    ("VENDOR_SSM_CONFIG", "/v.toml"),
                    ("XDG_CONFIG_HOME", "/x"),
                    ("HOME", "/h"),
                ],
                "flag.toml",
                "flag --config",
            ),
            (
                None,
                [
                    ("VENDOR_SSM_CONFIG", "/v.toml"),
                    ("XDG_CONFIG_HOME", "/x"),
                    ("HOME", "/h"),
                ],
                "/v.toml",
                "environment VENDOR_SSM_CONFIG",
            ),
            (
                None,
                [
                    ("VENDOR_SSM_CONFIG", ""),
                    ("XDG_CONFIG_HOME", "/x"),
                    ("HOME", "/h"),
                ],
                "/x/vendor-ssm/config.toml",
                "default",
            ),
            (
                None,
                [
                    ("VENDOR_SSM_CONFIG", ""),
                    ("XDG_CONFIG_HOME", ""),
                    ("HOME", "/h"),
                ],
                "/h/.config/vendor-ssm/config.toml",
                "default",
            ),
            (
                None,
                [
                    ("VENDOR_SSM_CONFIG", ""),
                    ("XDG_CONFIG_HOME", "here"),
                    ("HOME", "/h"),
                ],
                "/h/.config/vendor-ssm/config.toml",
                "default",
            ),
            (
                None,
                [("A", ""), ("XDG_CONFIG_HOME", "here"), ("HOME", "")],
                "",
                "",
            ),
        ];
        for (flag, variables, path, origin) in table {
            let global = Global {
                config: flag.map(PathBuf::from),
                ..Global::default()
            };
            match locate(&global, &Os::with_environment(variables)) {
                Ok(found) => {
                    assert_eq!(found.value, PathBuf::from(path));
                    assert_eq!(found.origin.to_string(), origin);
                }
                Err(error) => {
                    assert_eq!((path, error.exit().code()), ("", 10));
                    assert_eq!(
                        error.hint().as_deref(),
                        Some("name the file with `--config FILE`")
                    );
                }
            }
        }
    }

    #[test]
    fn a_missing_file_is_named_with_what_named_it() {
        let (directory, _) = directory();
        let path = directory.path().join("none.toml");
        let found = Decided::flag("--config", path.clone());
        let error = read(&found).unwrap_err();
        let path = path.display();
        assert_eq!(
            error.to_string(),
            format!("settings file {path} not found (flag --config)")
        );
    }

    #[test]
    fn a_file_of_ours_is_read_through_links_too() {
        let (directory, path) = directory();
        let link = directory.path().join("link.toml");
        symlink(&path, &link).unwrap();
        for path in [path, link] {
            assert_eq!(read(&Decided::default(path)).unwrap(), "# settings");
        }
    }

    #[test]
    fn what_others_can_write_is_refused() {
        let (directory, path) = directory();
        let (file, parent) = (path.display(), directory.path().display());
        for mode in [0o664, 0o646, 0o666] {
            chmod(&path, mode);
            let said =
                format!("the settings file {file} can be written by other users (mode {mode:04o})");
            assert_eq!(refusal(&path), (said, format!("run `chmod go-w {file}`")));
        }
        chmod(&path, 0o600);
        for mode in [0o770, 0o707, 0o777] {
            chmod(directory.path(), mode);
            let said = format!(
                "the settings file's directory {parent} can be written by other users (mode {mode:04o})"
            );
            assert_eq!(refusal(&path), (said, format!("run `chmod go-w {parent}`")));
        }
        // A link in another place does not hide where the file really is.
        let (elsewhere, _) = self::directory();
        let link = elsewhere.path().join("link.toml");
        symlink(&path, &link).unwrap();
        let (said, _) = refusal(&link);
        assert!(said.contains(&parent.to_string()), "{said}");
        chmod(directory.path(), 0o1777);
        assert!(read(&Decided::default(path.clone())).is_ok());
        chmod(directory.path(), 0o700);
    }

    #[test]
    fn what_belongs_to_somebody_else_is_refused() {
        let (us, other) = (1000, 4711);
        let table = [
            // (owner, mode, is it a directory, is it fine)
            (us, 0o600, false, true),
            (0, 0o644, false, true),
            (other, 0o600, false, false),
            (us, 0o620, false, false),
            (us, 0o1622, false, false),
            (0, 0o1777, true, true),
            (other, 0o1777, true, false),
            (0, 0o777, true, false),
        ];
        for (owner, mode, is_directory, is_fine) in table {
            let facts = Facts {
                owner,
                mode,
                is_directory,
            };
            let judged = judge("it", Path::new("/x"), facts, us);
            assert_eq!(judged.is_ok(), is_fine, "{owner} {mode:o} {is_directory}");
        }
        // Only root can give a file away; without root, the table above must suffice.
        if rustix::process::geteuid().is_root() {
            let (directory, path) = directory();
            chown(&path, Some(other), None).unwrap();
            let said = format!(
                "the settings file {} belongs to another user (uid {other})",
                path.display()
            );
            let hint = "review it, then use a copy that you own: it decides which roles you assume";
            assert_eq!(refusal(&path), (said, hint.to_owned()));
            chown(&path, Some(0), None).unwrap();
            let link = directory.path().join("link.toml");
            symlink(&path, &link).unwrap();
            lchown(&link, Some(other), None).unwrap();
            assert_eq!(
                refusal(&link).0,
                format!(
                    "the link {} belongs to another user (uid {other})",
                    link.display()
                )
            );
        }
    }

    #[test]
    fn what_is_no_text_of_a_sane_size_is_refused() {
        let (directory, path) = directory();
        let file = path.display();
        fs::write(&path, vec![b'#'; 1024 * 1024]).unwrap();
        assert!(read(&Decided::default(path.clone())).is_ok());
        fs::write(&path, vec![b'#'; 1024 * 1024 + 1]).unwrap();
        assert_eq!(
            refusal(&path).0,
            format!("the settings file {file} is larger than 1 MiB")
        );
        fs::write(&path, b"# \xc3\xa4\n# \xc3\xa4\xff").unwrap();
        assert_eq!(
            refusal(&path).0,
            format!("{file}:2:4: the file is not UTF-8")
        );

        let fifo = directory.path().join("fifo");
        let made = Command::new("mkfifo").arg(&fifo).status().unwrap();
        assert!(made.success());
        for path in [directory.path(), &fifo, Path::new("/dev/zero")] {
            let said = format!("the settings file {} is not a regular file", path.display());
            assert_eq!(refusal(path).0, said);
        }
    }

    #[test]
    fn a_hint_can_be_pasted() {
        let (directory, _) = directory();
        let path = directory.path().join("it's mine.toml");
        fs::write(&path, "").unwrap();
        chmod(&path, 0o666);
        let hint = refusal(&path).1;
        let words = shlex::split(hint.trim_start_matches("run ").trim_matches('`')).unwrap();
        assert_eq!(words, ["chmod", "go-w", path.to_str().unwrap()]);
    }
}
