//! Where a program is that a command names.

use std::ffi::{OsStr, OsString};
use std::io;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::errors::no_such_file;
use super::places;
use crate::os::Os;

/// What the system starts without another program.
const STARTABLE: [&str; 4] = ["com", "exe", "bat", "cmd"];

/// What to start for this program: its path with its extension.
/// It is looked for in the folders of `PATH`. The current folder is not searched, as a program that
/// lies there may be another user's.
/// Errors: why it would not be started.
pub(crate) fn look_up_program(program: &OsStr, os: &Os) -> io::Result<OsString> {
    let typed = Path::new(program);
    if program.is_empty() {
        return Err(not_found());
    }
    let bytes = program.as_encoded_bytes();
    let is_path = bytes.iter().any(|byte| matches!(byte, b'/' | b'\\' | b':'));
    let found = if is_path {
        with_extension(typed, os).ok_or_else(no_such_file)
    } else {
        places::folders(os)
            .find_map(|folder| with_extension(&folder.join(typed), os))
            .ok_or_else(not_found)
    }?;
    let extension = found.extension().unwrap_or_default();
    if STARTABLE
        .iter()
        .any(|startable| extension.eq_ignore_ascii_case(startable))
    {
        return Ok(found.into_os_string());
    }
    Err(io::Error::new(
        io::ErrorKind::PermissionDenied,
        format!(
            "{} is not a program: start the program that reads it, such as `powershell -File`",
            found.display()
        ),
    ))
}

/// The file that a path of a program leads to: the path may lack the extension.
pub(crate) fn program_file(path: &Path, os: &Os) -> PathBuf {
    with_extension(path, os).unwrap_or_else(|| path.to_owned())
}

/// The file itself if its name has an extension, else the first with one of `PATHEXT`.
fn with_extension(path: &Path, os: &Os) -> Option<PathBuf> {
    if path.extension().is_some() && path.is_file() {
        return Some(path.to_owned());
    }
    let mut files = places::names(os, path).into_iter().map(PathBuf::from);
    files.find(|file| file.is_file())
}

/// No folder of PATH has the program.
fn not_found() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "no such program in PATH")
}

/// A piece of a word, between ASCII characters. Elsewhere, what is not text is lost.
#[expect(
    unsafe_code,
    reason = "no safe function takes a piece of a word that is not text"
)]
pub(crate) fn piece(word: &OsStr, at: Range<usize>) -> OsString {
    let bytes = word.as_encoded_bytes();
    let is_edge = |at: usize| {
        let before = at.checked_sub(1).and_then(|at| bytes.get(at));
        let is_ascii = |byte: Option<&u8>| byte.is_some_and(u8::is_ascii);
        at == 0 || at == bytes.len() || is_ascii(before) || is_ascii(bytes.get(at))
    };
    let can_cut = is_edge(at.start) && is_edge(at.end);
    let piece = bytes.get(at).unwrap_or_default();
    if can_cut {
        // SAFETY: an encoded text may be cut before or after an ASCII character (std,
        // `OsStr::from_encoded_bytes_unchecked`).
        return unsafe { OsStr::from_encoded_bytes_unchecked(piece) }.to_owned();
    }
    String::from_utf8_lossy(piece).into_owned().into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_program_is_found_by_path_and_pathext() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().to_str().unwrap();
        for name in ["one.exe", "two.cmd", "three.ps1", "four.x.exe", "five"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let os = Os::with_environment([("PATH", path), ("PATHEXT", ".EXE;.CMD;.PS1")]);
        let found = |program: &str| {
            let found = look_up_program(OsStr::new(program), &os);
            found.map(|found| {
                let found = PathBuf::from(found);
                let name = found.file_name().unwrap().to_str().unwrap();
                name.to_ascii_lowercase()
            })
        };
        for (program, file) in [
            ("one", "one.exe"),
            ("one.exe", "one.exe"),
            ("ONE", "one.exe"),
            ("two", "two.cmd"),
            ("four.x", "four.x.exe"),
            (&format!("{path}\\one"), "one.exe"),
            (&format!("{path}/two.cmd"), "two.cmd"),
        ] {
            assert_eq!(found(program).unwrap(), file, "{program}");
        }
        for (program, kind) in [
            ("", io::ErrorKind::NotFound),
            ("missing", io::ErrorKind::NotFound),
            ("five", io::ErrorKind::NotFound),
            ("three", io::ErrorKind::PermissionDenied),
            (&format!("{path}\\missing"), io::ErrorKind::NotFound),
        ] {
            assert_eq!(found(program).unwrap_err().kind(), kind, "{program}");
        }
        // The current folder is not looked into.
        let os = Os::with_environment([("PATH", ".;")]);
        assert!(look_up_program(OsStr::new("cmd"), &os).is_err());
    }
}
