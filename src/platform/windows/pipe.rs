//! What kind of thing a handle is, and what waits in a pipe.

#![expect(unsafe_code, reason = "std has no functions for these")]

use std::os::windows::io::{AsRawHandle as _, BorrowedHandle};
use std::ptr::null_mut;

use windows_sys::Win32::Storage::FileSystem::{FILE_TYPE_DISK, FILE_TYPE_PIPE, GetFileType};
use windows_sys::Win32::System::Pipes::PeekNamedPipe;

/// What a handle leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A pipe or a socket.
    Pipe,
    File,
    Other,
}

/// What the handle leads to.
pub(super) fn kind(handle: BorrowedHandle<'_>) -> Kind {
    // SAFETY: the handle is open, and nothing else is handed over.
    match unsafe { GetFileType(handle.as_raw_handle()) } {
        FILE_TYPE_PIPE => Kind::Pipe,
        FILE_TYPE_DISK => Kind::File,
        _ => Kind::Other,
    }
}

/// How many bytes wait in a pipe; 0 if that is not known, as of a socket.
pub(super) fn waiting(pipe: BorrowedHandle<'_>) -> u32 {
    let mut count = 0;
    // SAFETY: the handle is open, the number is written to a variable of its type, and what is null
    // may be null.
    let done = unsafe {
        PeekNamedPipe(
            pipe.as_raw_handle(),
            null_mut(),
            0,
            null_mut(),
            &raw mut count,
            null_mut(),
        )
    };
    if done == 0 { 0 } else { count }
}
