//! Errors that the system would give, for what is found out without asking it.

use std::io;

use rustix::io::Errno;

/// Whether a write failed because the pipe's reader has left.
pub(crate) fn has_no_reader(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
}

/// Nothing has this name.
pub(crate) fn no_such_file() -> io::Error {
    Errno::NOENT.into()
}

/// A path leads through something that is not a folder.
pub(crate) fn not_a_folder() -> io::Error {
    Errno::NOTDIR.into()
}

/// A path leads through more links than the system follows.
pub(crate) fn too_many_links() -> io::Error {
    Errno::LOOP.into()
}
