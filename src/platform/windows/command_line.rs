//! A program's command line, which is a single text on Windows and has a longest length.

use std::ffi::OsStr;
use std::io;
use std::os::windows::ffi::OsStrExt as _;
use std::path::Path;

/// The most UTF-16 units of a command line, without the final NUL.
/// Microsoft Learn, "CreateProcessW".
const LONGEST: usize = 32_766;
/// The most that cmd.exe takes, which runs batch files.
/// Microsoft Learn, "Command prompt line string limitation".
const LONGEST_OF_CMD: usize = 8_191;
/// What the standard library writes around a batch file and its arguments.
const CMD: &str = r#""C:\Windows\System32\cmd.exe" /e:ON /v:OFF /d /c """#;

const SPACE: u16 = b' ' as u16;
const TAB: u16 = b'\t' as u16;
const QUOTE: u16 = b'"' as u16;
const BACKSLASH: u16 = b'\\' as u16;

/// Refuses a command line that the system would not take.
pub(crate) fn fits_a_command_line<'a>(
    program: &OsStr,
    arguments: impl Iterator<Item = &'a OsStr>,
) -> io::Result<()> {
    let (longest, around) = if is_batch(Path::new(program)) {
        (LONGEST_OF_CMD, CMD.len())
    } else {
        (LONGEST, 0)
    };
    let words = arguments.map(|argument| 1 + length(argument));
    let length = around + 2 + program.encode_wide().count() + words.sum::<usize>();
    if length > longest {
        return Err(io::Error::new(
            io::ErrorKind::ArgumentListTooLong,
            format!(
                "its command line has {length} characters, and Windows takes at most {longest}"
            ),
        ));
    }
    Ok(())
}

/// Whether cmd.exe runs the file.
pub(super) fn is_batch(program: &Path) -> bool {
    program.extension().is_some_and(|extension| {
        extension.eq_ignore_ascii_case("bat") || extension.eq_ignore_ascii_case("cmd")
    })
}

/// How many UTF-16 units an argument has on a command line.
/// Quotes stand around a space, and backslashes before quotes are doubled (Microsoft Learn,
/// "Parsing C command-line arguments").
fn length(argument: &OsStr) -> usize {
    let mut length = 0;
    let mut backslashes = 0;
    let mut is_quoted = argument.is_empty();
    for unit in argument.encode_wide() {
        length += 1;
        match unit {
            BACKSLASH => {
                backslashes += 1;
                continue;
            }
            QUOTE => length += backslashes + 1,
            SPACE | TAB => is_quoted = true,
            _ => {}
        }
        backslashes = 0;
    }
    if is_quoted {
        length += 2 + backslashes;
    }
    length
}

/// What the standard library refuses about a batch file, said so that a person can mend it.
/// cmd.exe reads some characters in ways that no quotes prevent (std, `CommandExt::raw_arg`).
pub(super) fn said_well(error: io::Error) -> io::Error {
    if error.kind() != io::ErrorKind::InvalidInput {
        return error;
    }
    let said = error.to_string();
    if said.contains("batch file") {
        return io::Error::new(
            io::ErrorKind::InvalidInput,
            "an argument has characters that cannot be passed to a batch file safely: start the \
             program that the batch file starts, or pass the argument in a variable",
        );
    }
    error
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fits(program: &str, arguments: &[&str]) -> bool {
        fits_a_command_line(OsStr::new(program), arguments.iter().map(OsStr::new)).is_ok()
    }

    #[test]
    fn an_argument_is_as_long_as_it_is_quoted() {
        for (argument, expected) in [
            ("", 2),
            ("a", 1),
            ("a b", 5),
            (r"C:\a\", 5),
            (r"C:\a b\", 10),
            (r#"""#, 2),
            (r#"\""#, 4),
            (r#"\\" "#, 9),
            ("ż", 1),
            ("😀", 2),
        ] {
            assert_eq!(length(OsStr::new(argument)), expected, "{argument}");
        }
    }

    #[test]
    fn a_command_line_may_be_as_long_as_windows_takes() {
        // A quoted program of one letter, and a space.
        let longest = "a".repeat(LONGEST - 4);
        assert!(fits("a", &[&longest]));
        assert!(!fits("a", &[&longest, ""]));
        assert!(!fits("a", &[&format!("{longest}a")]));
        assert!(fits("a.cmd", &["a".repeat(8_000).as_str()]));
        assert!(!fits("a.cmd", &["a".repeat(8_191).as_str()]));
    }

    /// What the system itself says of these lengths.
    #[test]
    #[ignore = "wine takes one character more than Windows"]
    fn the_system_agrees() {
        let own = std::env::current_exe().unwrap();
        let own = own.as_os_str();
        let room = LONGEST - 2 - own.encode_wide().count();
        // The option makes a test binary print its tests and leave.
        let listing = " --list ".len();
        for (length, fits) in [(room - listing, true), (room - listing + 1, false)] {
            let word = "a".repeat(length);
            let arguments = ["--list", &word];
            let said = fits_a_command_line(own, arguments.into_iter().map(OsStr::new));
            assert_eq!(said.is_ok(), fits, "{length}");
            let started = std::process::Command::new(own).args(arguments).output();
            assert_eq!(started.is_ok(), fits, "{length}: {started:?}");
        }
    }
}
