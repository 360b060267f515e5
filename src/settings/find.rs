//! Finds and reads the settings file. It is opened once, at a path without links.
//! A file that another user could have written or swapped is refused, since it decides which roles
//! are assumed.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use rustix::fs::OFlags;

use super::error::Error;
use super::origin::{Decided, Place};
use crate::args::Global;
use crate::os::Os;
use crate::trust::{self, Distrust};

pub(super) const LARGEST: u64 = 1024 * 1024;

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

/// The text of the file, after checking that no other user can write or swap it.
pub(super) fn read(found: &Decided<PathBuf>, os: &Os) -> Result<String, Error> {
    let path = found.value.as_path();
    let unreadable = |source| Error::Unreadable {
        path: path.to_owned(),
        source,
    };
    let real = trust::file(path, os).map_err(|why| refused(found, why))?;
    let file = open(&real).map_err(unreadable)?;
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err(Error::NotAFile(path.to_owned()));
    }
    let mut bytes = Vec::new();
    file.take(LARGEST + 1)
        .read_to_end(&mut bytes)
        .map_err(unreadable)?;
    if bytes.len() as u64 > LARGEST {
        return Err(Error::TooLarge(path.to_owned()));
    }
    String::from_utf8(bytes).map_err(|error| not_utf8(path, error.as_bytes()))
}

/// Where the file is, or would be made: the path without links.
/// A folder in which every other command would refuse the file is refused here.
pub(super) fn place(found: &Decided<PathBuf>, os: &Os) -> Result<PathBuf, Error> {
    trust::place(&found.value, os).map_err(|why| refused(found, why))
}

fn refused(found: &Decided<PathBuf>, why: Distrust) -> Error {
    let path = found.value.clone();
    match why {
        // A pipe in /dev/fd is a link to a name that is not a path.
        Distrust::Unreadable { .. } if path.metadata().is_ok_and(|found| !found.is_file()) => {
            Error::NotAFile(path)
        }
        why if why.is_missing() => Error::Missing {
            path,
            origin: found.origin.clone(),
        },
        Distrust::Unreadable { source, .. } => Error::Unreadable { path, source },
        Distrust::NotA(..) => Error::NotAFile(path),
        why => Error::Distrusted(why),
    }
}

/// Opens the file. If it is a pipe, this does not wait for the other end.
fn open(path: &Path) -> std::io::Result<File> {
    let mut options = File::options();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        let flags = OFlags::NONBLOCK | OFlags::NOFOLLOW;
        options.custom_flags(flags.bits().cast_signed());
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

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::fs::{self, Permissions};
    use std::os::fd::AsRawFd as _;
    use std::os::unix::fs::{PermissionsExt as _, chown, lchown, symlink};
    use std::process::Command;

    use tempfile::TempDir;

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
        let error = read(&Decided::default(path.to_owned()), &Os::default()).unwrap_err();
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
        let error = read(&found, &Os::default()).unwrap_err();
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
            assert_eq!(
                read(&Decided::default(path), &Os::default()).unwrap(),
                "# settings"
            );
        }
    }

    #[test]
    fn what_others_can_write_is_refused() {
        let (directory, path) = directory();
        let (file, parent) = (path.display(), directory.path().display());
        for mode in [0o664, 0o646, 0o666] {
            chmod(&path, mode);
            let said = format!(
                "the settings file is not safe: other users can write the file {file} (mode {mode:04o})"
            );
            assert_eq!(refusal(&path), (said, format!("run `chmod go-w {file}`")));
        }
        chmod(&path, 0o600);
        for mode in [0o702, 0o707, 0o757] {
            chmod(directory.path(), mode);
            let said = format!(
                "the settings file is not safe: other users can write the folder {parent} (mode {mode:04o})"
            );
            assert_eq!(refusal(&path), (said, format!("run `chmod go-w {parent}`")));
        }
        // A link in another place does not hide where the file really is.
        let (elsewhere, _) = self::directory();
        let link = elsewhere.path().join("link.toml");
        symlink(&path, &link).unwrap();
        let (said, _) = refusal(&link);
        assert!(said.contains(&parent.to_string()), "{said}");
        // A file that does not exist yet is refused before it is written there.
        let (said, _) = refusal(&directory.path().join("new.toml"));
        assert!(said.contains(&parent.to_string()), "{said}");
        chmod(directory.path(), 0o1777);
        assert!(read(&Decided::default(path.clone()), &Os::default()).is_ok());
        chmod(directory.path(), 0o700);
    }

    #[test]
    fn what_belongs_to_somebody_else_is_refused() {
        // Only root can give a file away; src/trust/tests.rs holds the rule for other users.
        if rustix::process::geteuid().is_root() {
            let other = 4711;
            let (directory, path) = directory();
            let file = path.display();
            chown(&path, Some(other), None).unwrap();
            let said = format!(
                "the settings file is not safe: the file {file} belongs to another user (uid {other})"
            );
            assert_eq!(refusal(&path).0, said);
            chown(&path, Some(0), None).unwrap();
            let link = directory.path().join("link.toml");
            symlink(&path, &link).unwrap();
            lchown(&link, Some(other), None).unwrap();
            assert_eq!(
                refusal(&link).0,
                format!(
                    "the settings file is not safe: the link {} belongs to another user (uid {other})",
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
        assert!(read(&Decided::default(path.clone()), &Os::default()).is_ok());
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
        let pipe = std::io::pipe().unwrap();
        let fd = PathBuf::from(format!("/dev/fd/{}", pipe.0.as_raw_fd()));
        for path in [directory.path(), &fifo, &fd, Path::new("/dev/zero")] {
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
