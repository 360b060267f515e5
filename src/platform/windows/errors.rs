//! Errors that the system would give, for what is found out without asking it.
//! System error codes, Microsoft Learn.

use std::io;

use windows_sys::Win32::Foundation::{
    ERROR_CANT_RESOLVE_FILENAME, ERROR_DIRECTORY, ERROR_FILE_NOT_FOUND, ERROR_PIPE_NOT_CONNECTED,
};

/// Whether a write failed because the pipe's reader has left.
/// The standard library knows two of the codes, but not the one of a pipe that was disconnected.
pub(crate) fn has_no_reader(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::BrokenPipe
        || error.raw_os_error() == Some(ERROR_PIPE_NOT_CONNECTED.cast_signed())
}

/// Nothing has this name.
pub(crate) fn no_such_file() -> io::Error {
    error(ERROR_FILE_NOT_FOUND)
}

/// A path leads through something that is not a folder.
pub(crate) fn not_a_folder() -> io::Error {
    error(ERROR_DIRECTORY)
}

/// A path leads through more links than the system follows.
pub(crate) fn too_many_links() -> io::Error {
    error(ERROR_CANT_RESOLVE_FILENAME)
}

fn error(code: u32) -> io::Error {
    io::Error::from_raw_os_error(code.cast_signed())
}
