//! An event that wakes a thread, and waiting for it beside a console.

#![expect(unsafe_code, reason = "events of Windows have no safe functions")]

use std::io;
use std::os::windows::io::{AsRawHandle as _, BorrowedHandle, FromRawHandle as _, OwnedHandle};

use windows_sys::Win32::Foundation::{
    DUPLICATE_SAME_ACCESS, DuplicateHandle, WAIT_FAILED, WAIT_OBJECT_0,
};
use windows_sys::Win32::System::IO::CancelSynchronousIo;
use windows_sys::Win32::System::Threading::{
    CreateEventW, GetCurrentProcess, GetCurrentThread, INFINITE, SetEvent, WaitForMultipleObjects,
};

/// An event: once set, it stays set.
#[derive(Debug)]
pub(super) struct Event(OwnedHandle);

impl Event {
    /// One that is not set.
    pub(super) fn new() -> io::Result<Self> {
        // SAFETY: attributes and name may be null; the others are numbers.
        let handle = unsafe { CreateEventW(std::ptr::null(), 1, 0, std::ptr::null()) };
        if handle.is_null() {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the call has made the handle, and nothing else owns it.
        Ok(Self(unsafe { OwnedHandle::from_raw_handle(handle) }))
    }

    /// Sets it.
    pub(super) fn set(&self) {
        // SAFETY: the handle is open as long as this has it.
        unsafe { SetEvent(self.0.as_raw_handle()) };
    }

    /// Waits until it is set, or `other` is ready. True if it is set.
    pub(super) fn wait_beside(&self, other: BorrowedHandle<'_>) -> io::Result<bool> {
        let handles = [self.0.as_raw_handle(), other.as_raw_handle()];
        // SAFETY: both handles are open, and their number is that of the array.
        let found = unsafe { WaitForMultipleObjects(2, handles.as_ptr(), 0, INFINITE) };
        if found == WAIT_FAILED {
            return Err(io::Error::last_os_error());
        }
        Ok(found == WAIT_OBJECT_0)
    }
}

/// A thread whose reads can be cancelled.
#[derive(Debug)]
pub(super) struct Thread(OwnedHandle);

impl Thread {
    /// The thread that calls this.
    pub(super) fn current() -> io::Result<Self> {
        let mut handle = std::ptr::null_mut();
        // SAFETY: the two pseudo handles are always valid, and the new one is written to a variable
        // of its type.
        let done = unsafe {
            let process = GetCurrentProcess();
            DuplicateHandle(
                process,
                GetCurrentThread(),
                process,
                &raw mut handle,
                0,
                0,
                DUPLICATE_SAME_ACCESS,
            )
        };
        if done == 0 {
            return Err(io::Error::last_os_error());
        }
        // SAFETY: the call has made the handle, and nothing else owns it.
        Ok(Self(unsafe { OwnedHandle::from_raw_handle(handle) }))
    }

    /// Cancels the read that the thread is blocked in, if it is in one.
    pub(super) fn cancel_read(&self) {
        // SAFETY: the handle is open as long as this has it.
        unsafe { CancelSynchronousIo(self.0.as_raw_handle()) };
    }
}
