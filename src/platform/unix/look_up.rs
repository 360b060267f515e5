//! Where a program is that a command names.

use std::ffi::{OsStr, OsString};
use std::io;
use std::ops::Range;
use std::os::unix::ffi::OsStrExt as _;
use std::path::{Path, PathBuf};

use rustix::fs::{Access, access};

use crate::os::Os;

/// Where a command is looked for if there is no `PATH`, as execvp(3) does.
const DEFAULT_PATH: &str = "/bin:/usr/bin";

/// What to start for this program. It is the program itself, which execvp(3) looks up.
/// Errors: why it would not be started.
pub(crate) fn look_up_program(program: &OsStr, os: &Os) -> io::Result<OsString> {
    look_for(program, os)?;
    Ok(program.to_owned())
}

/// The file that a path of a program leads to.
pub(crate) fn program_file(path: &Path, _: &Os) -> PathBuf {
    path.to_owned()
}

/// A piece of a word. Words of a command line are bytes.
pub(crate) fn piece(word: &OsStr, at: Range<usize>) -> OsString {
    let bytes = word.as_bytes().get(at).unwrap_or_default();
    OsStr::from_bytes(bytes).to_owned()
}

/// Looks for a program as execvp(3) does, and says why it would not be started.
fn look_for(program: &OsStr, os: &Os) -> io::Result<()> {
    if program.as_encoded_bytes().contains(&b'/') {
        return may_run(Path::new(program));
    }
    if program.is_empty() {
        return Err(not_found());
    }
    // A path that is not text is left to execvp.
    if os.is_not_text("PATH") {
        return Ok(());
    }
    let mut refused = not_found();
    for folder in os.var("PATH").unwrap_or(DEFAULT_PATH).split(':') {
        let folder = if folder.is_empty() { "." } else { folder };
        match may_run(&Path::new(folder).join(program)) {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => refused = error,
            Err(_) => {}
        }
    }
    Err(refused)
}

/// No folder of PATH has the program.
fn not_found() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "no such program in PATH")
}

fn may_run(path: &Path) -> io::Result<()> {
    if path.metadata()?.is_dir() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    Ok(access(path, Access::EXEC_OK)?)
}
