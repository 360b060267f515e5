//! Finds and reads the settings file, or the files of a settings folder.
//! Each is opened once, at a path without links.
//! A file that another user could have written or swapped is refused, since it decides which roles
//! are assumed.

use std::ffi::OsString;
use std::io::{self, ErrorKind, Read as _};
use std::path::{Path, PathBuf};

use super::error::Error;
use super::origin::{Decided, Origin, Place};
use super::source::{Location, Source, Text};
use crate::args::Global;
use crate::os::Os;
use crate::platform::{open_to_read, places};
use crate::trust::{self, Distrust};

pub(super) const LARGEST: u64 = 1024 * 1024;
/// How the name of a settings file in a folder ends.
pub(super) const EXTENSION: &str = ".toml";

/// `--config`, `VENDOR_SSM_CONFIG`, or the system's place for settings files.
pub(super) fn locate(global: &Global, os: &Os) -> Result<Decided<PathBuf>, Error> {
    if let Some(path) = &global.config {
        return Ok(Decided::flag("--config", path.clone()));
    }
    if let Some(path) = Decided::variable("VENDOR_SSM_CONFIG", os) {
        return Ok(path.map(PathBuf::from));
    }
    let folder = places::settings(os).ok_or(Error::NoHome)?;
    Ok(Decided::default(folder.join("config.toml")))
}

/// The text of the file, or of each file in the folder, if no other user can write or swap it.
/// Only a flag or a variable can name a folder.
pub(super) fn read(found: &Decided<PathBuf>, os: &Os) -> Result<Source, Error> {
    if found.origin == Origin::Default || !found.value.is_dir() {
        return Ok(Source::file(
            found.clone(),
            read_file(&found.value, &found.origin, os)?,
        ));
    }
    let folder = found.value.as_path();
    let texts = read_folder(folder, &found.origin, os)?;
    if texts.is_empty() {
        return Err(Error::EmptyFolder(folder.to_owned()));
    }
    Ok(Source {
        location: Location::folder(folder),
        origin: found.origin.clone(),
        texts,
    })
}

/// The file's text.
fn read_file(path: &Path, origin: &Origin, os: &Os) -> Result<String, Error> {
    let unreadable = |source| Error::Unreadable {
        location: Location::file(path),
        source,
    };
    let location = Location {
        path: path.to_owned(),
        is_folder: names_folder(path),
    };
    let real = trust::file(path, os).map_err(|why| refused(&location, origin, why))?;
    let file = open_to_read(&real).map_err(unreadable)?;
    if !file.metadata().map_err(unreadable)?.is_file() {
        return Err(not_a_file(path));
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

/// The texts of the folder's settings files, sorted by name.
/// A user who can add a file there can change the settings, so the folder is judged as well.
fn read_folder(path: &Path, origin: &Origin, os: &Os) -> Result<Vec<Text>, Error> {
    let location = Location::folder(path);
    let real = trust::closed_folder(path, os).map_err(|why| refused(&location, origin, why))?;
    let names = settings_files(&real).map_err(|source| Error::Unreadable { location, source })?;
    let mut texts = Vec::new();
    for name in names {
        let file = path.join(&name);
        match read_file(&file, origin, os) {
            Ok(text) => texts.push(Text { file, text }),
            // It was removed after the folder was read.
            Err(Error::Missing { .. }) if is_gone(&file) => {}
            Err(Error::Missing { .. }) => {
                return Err(Error::Unreadable {
                    location: Location::file(file),
                    source: ErrorKind::NotFound.into(),
                });
            }
            Err(Error::NotAFile { path, .. }) => {
                let in_folder = true;
                return Err(Error::NotAFile { path, in_folder });
            }
            Err(error) => return Err(error),
        }
    }
    Ok(texts)
}

/// The names of the settings files in the folder, sorted: all that end with `.toml`.
/// A hidden file belongs to an editor or to vendor-ssm, which writes a new text beside the old one.
fn settings_files(folder: &Path) -> io::Result<Vec<OsString>> {
    let mut names = Vec::new();
    for entry in folder.read_dir()? {
        let name = entry?.file_name();
        let bytes = name.as_encoded_bytes();
        if bytes.ends_with(EXTENSION.as_bytes()) && !bytes.starts_with(b".") {
            names.push(name);
        }
    }
    names.sort();
    Ok(names)
}

fn is_gone(path: &Path) -> bool {
    let looked = path.symlink_metadata();
    looked.is_err_and(|error| error.kind() == ErrorKind::NotFound)
}

/// Whether the path ends with a separator, so that only a folder can be meant.
pub(super) fn names_folder(path: &Path) -> bool {
    path.to_string_lossy().ends_with(std::path::is_separator)
}

/// Where the file or folder is, or would be made: the path without links.
/// A folder in which every other command would refuse the file is refused here.
pub(super) fn place(location: &Location, origin: &Origin, os: &Os) -> Result<PathBuf, Error> {
    trust::place(&location.path, os).map_err(|why| refused(location, origin, why))
}

fn refused(location: &Location, origin: &Origin, why: Distrust) -> Error {
    let path = &location.path;
    match why {
        // A pipe in /dev/fd is a link to a name that is not a path.
        Distrust::Unreadable { .. }
            if !location.is_folder && path.metadata().is_ok_and(|found| !found.is_file()) =>
        {
            not_a_file(path)
        }
        why @ Distrust::Unreadable { .. } if why.is_missing() => Error::Missing {
            location: location.clone(),
            origin: origin.clone(),
        },
        Distrust::Unreadable { source, .. } => Error::Unreadable {
            location: location.clone(),
            source,
        },
        Distrust::NotA(..) => not_a_file(path),
        why @ Distrust::Unsafe { .. } => Error::Distrusted {
            what: if location.is_folder { "folder" } else { "file" },
            why,
        },
    }
}

fn not_a_file(path: &Path) -> Error {
    Error::NotAFile {
        path: path.to_owned(),
        in_folder: false,
    }
}

fn not_utf8(path: &Path, bytes: &[u8]) -> Error {
    let valid = bytes.utf8_chunks().next().map_or("", |chunk| chunk.valid());
    let line = valid.rsplit('\n').next().unwrap_or_default();
    Error::Syntax {
        place: Place {
            file: path.into(),
            at: Some((valid.matches('\n').count() + 1, line.chars().count() + 1)),
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
            let source = read(&Decided::default(path), &Os::default()).unwrap();
            assert_eq!(source.texts[0].text, "# settings");
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
        let pipe = io::pipe().unwrap();
        let fd = PathBuf::from(format!("/dev/fd/{}", pipe.0.as_raw_fd()));
        for path in [directory.path(), &fifo, &fd, Path::new("/dev/zero")] {
            let said = format!("the settings file {} is not a regular file", path.display());
            assert_eq!(refusal(path).0, said);
        }
    }

    /// The names of the files that are read from the folder, or the error.
    fn names(folder: &Path) -> Result<Vec<String>, (String, String)> {
        let found = Decided::flag("--config", folder.to_owned());
        match read(&found, &Os::default()) {
            Ok(source) => {
                assert_eq!(source.folder(), Some(folder));
                let name =
                    |text: &Text| text.file.file_name().unwrap().to_str().unwrap().to_owned();
                Ok(source.texts.iter().map(name).collect())
            }
            Err(error) => {
                assert_eq!(error.exit().code(), 10);
                Err((error.to_string(), error.hint().unwrap_or_default()))
            }
        }
    }

    #[test]
    fn all_settings_files_of_a_folder_are_read_by_name() {
        let (directory, path) = directory();
        let folder = directory.path();
        for name in [
            "b.toml", "a.toml", "B.toml", "10.toml", "9.toml", "a b.toml",
        ] {
            fs::write(folder.join(name), "").unwrap();
            chmod(&folder.join(name), 0o600);
        }
        for other in [
            ".hidden.toml",
            ".toml",
            ".#a.toml",
            "a.toml~",
            "a.toml.swp",
            "README.md",
            "toml",
            "x.TOML",
            ".config.toml.lock",
        ] {
            // Others may write what is not read.
            fs::write(folder.join(other), "not TOML").unwrap();
            chmod(&folder.join(other), 0o666);
        }
        fs::create_dir(folder.join("old")).unwrap();
        fs::write(folder.join("old/more.toml"), "not TOML").unwrap();
        let all = [
            "10.toml",
            "9.toml",
            "B.toml",
            "a b.toml",
            "a.toml",
            "b.toml",
            "config.toml",
        ];
        assert_eq!(names(folder).unwrap(), all);
        // The default place is a file.
        assert!(refusal(folder).0.ends_with("is not a regular file"));
        // A link to a folder, and a link to a file, lead where they lead.
        let (elsewhere, _) = self::directory();
        symlink(folder, elsewhere.path().join("link")).unwrap();
        assert_eq!(names(&elsewhere.path().join("link")).unwrap(), all);
        symlink(&path, elsewhere.path().join("z.toml")).unwrap();
        assert_eq!(names(elsewhere.path()).unwrap(), ["config.toml", "z.toml"]);
    }

    #[test]
    fn what_others_can_change_in_a_folder_is_refused() {
        let (directory, path) = directory();
        let folder = directory.path();
        // In a sticky folder others can add files, if not replace these.
        for mode in [0o707, 0o1777, 0o1757] {
            chmod(folder, mode);
            let shown = folder.display();
            let (said, hint) = names(folder).unwrap_err();
            assert_eq!(
                said,
                format!(
                    "the settings folder is not safe: other users can write the folder {shown} (mode {mode:04o})"
                )
            );
            assert!(
                hint.starts_with(&format!("run `chmod go-w {shown}`")),
                "{hint}"
            );
        }
        chmod(folder, 0o700);
        for mode in [0o620, 0o602] {
            chmod(&path, mode);
            let shown = path.display();
            assert_eq!(
                names(folder).unwrap_err().0,
                format!(
                    "the settings file is not safe: other users can write the file {shown} (mode {mode:04o})"
                )
            );
        }
        chmod(&path, 0o600);
        let (open, _) = self::directory();
        symlink(open.path().join("config.toml"), folder.join("link.toml")).unwrap();
        chmod(open.path(), 0o777);
        let said = names(folder).unwrap_err().0;
        assert!(said.contains(&open.path().display().to_string()), "{said}");
    }

    #[test]
    fn a_folder_without_settings_or_with_odd_files_is_refused() {
        let (directory, path) = directory();
        let folder = directory.path();
        fs::remove_file(path).unwrap();
        fs::write(folder.join(".hidden.toml"), "").unwrap();
        let shown = folder.display();
        let (said, hint) = names(folder).unwrap_err();
        assert_eq!(
            said,
            format!("the settings folder {shown} has no file NAME.toml")
        );
        assert!(hint.contains("customer add"), "{hint}");
        let said = |name: &str| {
            let (said, hint) = names(folder).unwrap_err();
            assert!(said.contains(&format!("{shown}/{name}")), "{said}");
            fs::remove_file(folder.join(name))
                .or_else(|_| fs::remove_dir(folder.join(name)))
                .unwrap();
            format!("{said}; {hint}")
        };
        let made = Command::new("mkfifo")
            .arg(folder.join("pipe.toml"))
            .status();
        assert!(made.unwrap().success());
        assert!(said("pipe.toml").contains("is not a regular file; give it a name"));
        fs::create_dir(folder.join("sub.toml")).unwrap();
        assert!(said("sub.toml").contains("is not a regular file; give it a name"));
        symlink("nowhere", folder.join("gone.toml")).unwrap();
        assert!(said("gone.toml").contains("cannot be read"));
        symlink("loop.toml", folder.join("loop.toml")).unwrap();
        assert!(said("loop.toml").contains("cannot be read"));
        fs::write(folder.join("big.toml"), vec![b'#'; 1024 * 1024 + 1]).unwrap();
        assert!(said("big.toml").contains("larger than 1 MiB"));
        fs::write(folder.join("bytes.toml"), b"#\n# \xff").unwrap();
        assert!(said("bytes.toml").contains("bytes.toml:2:3: the file is not UTF-8"));
        let gone = folder.join("none/");
        assert_eq!(
            names(&gone).unwrap_err().0,
            format!(
                "settings folder {} not found (flag --config)",
                gone.display()
            )
        );
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
