//! The shell that runs a line of a settings file, and how it reads that line.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::mem::size_of;
use std::os::windows::ffi::OsStringExt as _;
use std::os::windows::io::AsRawHandle as _;
use std::path::{Path, PathBuf};

use tokio::process::Command;
use windows_sys::Win32::Storage::FileSystem::{
    FILE_ID_INFO, FileIdInfo, GetFileInformationByHandleEx,
};
use windows_sys::Win32::System::SystemInformation::GetSystemDirectoryW;

use super::handle::done;
use crate::os::Os;

/// A shell that runs this line.
/// It is the system's own cmd.exe, whatever `PATH` and the current folder have.
///
/// With `/S`, cmd.exe takes the first and the last quote away and reads what is between them as it
/// stands (`cmd /?`). `/D` leaves out AutoRun.
pub(crate) fn shell(line: &str) -> Command {
    let mut shell = Command::new(system_folder().join("cmd.exe"));
    shell.raw_arg("/D /S /C").raw_arg(format!("\"{line}\""));
    shell
}

/// The line's words as cmd.exe and most programs take them apart; `None` if a quote is not closed.
/// A variable's value is put in the place of `%NAME%`.
pub(crate) fn shell_words(line: &str, os: &Os) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word = None;
    let mut is_quoted = false;
    for character in expanded(line, os).chars() {
        match character {
            '"' => {
                is_quoted = !is_quoted;
                word.get_or_insert_with(String::new);
            }
            // The next character is plain, as all are here.
            '^' if !is_quoted => {}
            character if character.is_whitespace() && !is_quoted => words.extend(word.take()),
            character => word.get_or_insert_with(String::new).push(character),
        }
    }
    words.extend(word);
    (!is_quoted).then_some(words)
}

/// The text with variables' values in the place of `%NAME%`. What is not set stays.
fn expanded(text: &str, os: &Os) -> String {
    let mut done = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('%') {
        done.push_str(before);
        let named = after.split_once('%');
        let set = named.and_then(|(name, after)| Some((os.var(name)?, after)));
        let (value, after) = set.unwrap_or(("%", after));
        done.push_str(value);
        rest = after;
    }
    done + rest
}

/// Whether a file of this name is this program. Letter case and `.exe` do not matter.
pub(crate) fn is_named(file: &str, program: &str) -> bool {
    let file = file.to_ascii_lowercase();
    file.strip_suffix(".exe").unwrap_or(&file) == program
}

/// Whether two paths lead to the same file.
pub(crate) fn is_same_file(one: &Path, other: &Path) -> bool {
    let (Ok(one), Ok(other)) = (id(one), id(other)) else {
        return false;
    };
    one == other
}

/// The file's volume, and its number on it (Microsoft Learn, "FILE_ID_INFO").
#[expect(unsafe_code, reason = "the standard library does not tell it yet")]
fn id(path: &Path) -> io::Result<(u64, [u8; 16])> {
    let file = File::open(path)?;
    let mut id = FILE_ID_INFO::default();
    let size = u32::try_from(size_of::<FILE_ID_INFO>()).unwrap_or_default();
    // SAFETY: the structure is the one that goes with the class, `size` is its size, and it is only
    // written. The file is open.
    done(unsafe {
        GetFileInformationByHandleEx(file.as_raw_handle(), FileIdInfo, (&raw mut id).cast(), size)
    })?;
    Ok((id.VolumeSerialNumber, id.FileId.Identifier))
}

/// The folder of the system's own programs, `C:\Windows\System32`.
#[expect(unsafe_code, reason = "the standard library does not tell it")]
fn system_folder() -> PathBuf {
    let mut room = vec![0; 1024];
    let most = u32::try_from(room.len()).unwrap_or_default();
    // SAFETY: it writes `most` units, or fewer.
    let length = unsafe { GetSystemDirectoryW(room.as_mut_ptr(), most) };
    let length = usize::try_from(length).unwrap_or_default();
    match room.get(..length) {
        Some(path) if length > 0 => OsString::from_wide(path).into(),
        _ => r"C:\Windows\System32".into(),
    }
}

/// The folders in which the plugin finds the system's own programs.
pub(crate) fn system_path(_os: &Os) -> String {
    system_folder().to_string_lossy().into_owned()
}

/// The variables that any program needs: without `SystemRoot` it has no sockets.
/// The plugin reads its log's settings below `ProgramFiles`.
pub(crate) const SYSTEM_VARIABLES: &[&str] = &[
    "SystemRoot",
    "SystemDrive",
    "windir",
    "USERPROFILE",
    "USERNAME",
    "USERDOMAIN",
    "HOMEDRIVE",
    "HOMEPATH",
    "APPDATA",
    "LOCALAPPDATA",
    "ProgramData",
    "ProgramFiles",
    "TEMP",
    "TMP",
    "TERM",
    "WT_SESSION",
];

/// The file that is always empty.
pub(crate) const NULL_FILE: &str = "NUL";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_taken_apart_as_cmd_does() {
        let os = Os::with_environment([("USERPROFILE", r"C:\Users\alice")]);
        let words = |line: &str| shell_words(line, &os).map(|words| words.join("|"));
        for (line, expected) in [
            (r"C:\tools\x.exe credentials", r"C:\tools\x.exe|credentials"),
            (r#""C:\my tools\x.exe"  a "" b"#, r"C:\my tools\x.exe|a||b"),
            (r"%USERPROFILE%\x.exe 100%", r"C:\Users\alice\x.exe|100%"),
            ("a ^& b", "a|&|b"),
            ("%MISSING%", "%MISSING%"),
            ("", ""),
        ] {
            assert_eq!(words(line).as_deref(), Some(expected), "{line}");
        }
        assert_eq!(words("a \"b"), None);
    }

    #[test]
    fn a_file_is_itself_by_any_path() {
        let folder = tempfile::tempdir().unwrap();
        let (one, other) = (folder.path().join("one"), folder.path().join("other"));
        std::fs::write(&one, "").unwrap();
        std::fs::write(&other, "").unwrap();
        assert!(is_same_file(&one, &folder.path().join(".").join("one")));
        assert!(!is_same_file(&one, &other));
        assert!(!is_same_file(&one, &folder.path().join("missing")));
    }

    #[tokio::test]
    async fn a_shell_runs_a_line_as_it_stands() {
        let line = r#"echo "a b" c&echo d"#;
        let output = shell(line).output().await.unwrap();
        let said = String::from_utf8_lossy(&output.stdout);
        let lines: Vec<&str> = said.lines().map(str::trim_end).collect();
        assert_eq!(lines, [r#""a b" c"#, "d"]);
    }
}
