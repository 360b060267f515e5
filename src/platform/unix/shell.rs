//! The shell that runs a line of a settings file, and how it reads that line.

use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use tokio::process::Command;

use crate::os::Os;

/// A shell that runs this line.
pub(crate) fn shell(line: &str) -> Command {
    let mut shell = Command::new("sh");
    shell.arg("-c").arg(line);
    shell
}

/// The line's words as a shell takes them apart; `None` if a quote is not closed.
pub(crate) fn shell_words(line: &str, _os: &Os) -> Option<Vec<String>> {
    shlex::split(line)
}

/// Whether a file of this name is this program.
pub(crate) fn is_named(file: &str, program: &str) -> bool {
    file == program
}

/// Whether two paths lead to the same file.
pub(crate) fn is_same_file(one: &Path, other: &Path) -> bool {
    let file = |path: &Path| {
        let found = path.metadata().ok()?;
        Some((found.dev(), found.ino()))
    };
    let one = file(one);
    one.is_some() && one == file(other)
}

/// The folders in which the plugin finds the system's own programs, such as `stty`.
pub(crate) fn system_path(_os: &Os) -> String {
    "/usr/bin:/bin".to_owned()
}

/// The variables that any program needs, such as for a terminal.
pub(crate) const SYSTEM_VARIABLES: &[&str] = &[
    "HOME",
    "USER",
    "LOGNAME",
    "TERM",
    "TZ",
    "TMPDIR",
    "LANG",
    "LC_ALL",
    "LC_CTYPE",
    "LC_MESSAGES",
];

/// The file that is always empty.
pub(crate) const NULL_FILE: &str = "/dev/null";
