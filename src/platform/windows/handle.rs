//! Handles that this process owns.

use std::io;
use std::os::windows::io::{FromRawHandle as _, OwnedHandle};

use windows_sys::Win32::Foundation::{HANDLE, INVALID_HANDLE_VALUE};

/// Takes a handle that a function has just returned.
/// Errors: it returned none, for the reason that the system noted last.
#[expect(unsafe_code, reason = "the standard library takes raw handles so")]
pub(super) fn owned(handle: HANDLE) -> io::Result<OwnedHandle> {
    if handle.is_null() || handle == INVALID_HANDLE_VALUE {
        return Err(io::Error::last_os_error());
    }
    // SAFETY: the callers hand over a handle that a function has opened for them, and that nothing
    // else closes.
    Ok(unsafe { OwnedHandle::from_raw_handle(handle) })
}

/// The system's answer to a call that returns a BOOL.
pub(super) fn done(answer: windows_sys::core::BOOL) -> io::Result<()> {
    if answer == 0 {
        return Err(io::Error::last_os_error());
    }
    Ok(())
}
