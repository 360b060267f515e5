//! Locks between processes, by an open file.
//! A lock of Windows keeps other programs from reading what it covers, and lasts until the file is
//! closed. So vendor-ssm locks one byte far behind the end of any file: records stay readable.
//! Microsoft Learn, "LockFileEx": a range behind the end of the file may be locked.

#![expect(unsafe_code, reason = "the standard library locks the whole file")]

use std::fs::{File, TryLockError};
use std::io;
use std::os::windows::io::AsRawHandle as _;

use windows_sys::Win32::Foundation::{ERROR_IO_PENDING, ERROR_LOCK_VIOLATION};
use windows_sys::Win32::Storage::FileSystem::{
    LOCKFILE_EXCLUSIVE_LOCK, LOCKFILE_FAIL_IMMEDIATELY, LockFileEx,
};
use windows_sys::Win32::System::IO::OVERLAPPED;

/// The byte that is locked. No file system of Windows has files as large.
const BYTE: u64 = 1 << 62;

/// Takes the lock for this process alone, if no other process has it.
pub(crate) fn try_lock(file: &File) -> Result<(), TryLockError> {
    lock(file, LOCKFILE_EXCLUSIVE_LOCK, BYTE, 1)
}

/// Takes the lock together with others that share it, if no process has it alone.
pub(crate) fn try_lock_shared(file: &File) -> Result<(), TryLockError> {
    lock(file, 0, BYTE, 1)
}

/// Locks so many bytes from an offset, without waiting.
fn lock(file: &File, flags: u32, offset: u64, length: u64) -> Result<(), TryLockError> {
    let (low, high) = halves(offset);
    let mut place = OVERLAPPED::default();
    place.Anonymous.Anonymous.Offset = low;
    place.Anonymous.Anonymous.OffsetHigh = high;
    let (low, high) = halves(length);
    let flags = flags | LOCKFILE_FAIL_IMMEDIATELY;
    // SAFETY: the handle is open, and the place lives until the call returns: the file was opened
    // without FILE_FLAG_OVERLAPPED, so the call is over by then.
    let done = unsafe { LockFileEx(file.as_raw_handle(), flags, 0, low, high, &raw mut place) };
    if done != 0 {
        return Ok(());
    }
    let error = io::Error::last_os_error();
    let code = error.raw_os_error().map(i32::cast_unsigned);
    if matches!(code, Some(ERROR_LOCK_VIOLATION | ERROR_IO_PENDING)) {
        return Err(TryLockError::WouldBlock);
    }
    Err(TryLockError::Error(error))
}

#[expect(clippy::cast_possible_truncation, reason = "that is what a half is")]
fn halves(number: u64) -> (u32, u32) {
    (number as u32, (number >> 32) as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_byte_behind_the_end_is_locked() {
        let place = tempfile::tempdir().unwrap();
        let path = place.path().join("x");
        std::fs::write(&path, "record").unwrap();
        let open = || File::options().read(true).write(true).open(&path).unwrap();
        let (holder, other) = (open(), open());
        try_lock(&holder).unwrap();
        assert!(matches!(try_lock(&other), Err(TryLockError::WouldBlock)));
        assert!(matches!(
            try_lock_shared(&other),
            Err(TryLockError::WouldBlock)
        ));
        // All before it and behind it is free, for another program to read, write or lock.
        lock(&other, LOCKFILE_EXCLUSIVE_LOCK, 0, BYTE).unwrap();
        lock(&open(), LOCKFILE_EXCLUSIVE_LOCK, BYTE + 1, 1).unwrap();
        drop(other);
        assert_eq!(std::fs::read(&path).unwrap(), b"record");
        drop(holder);
        let sharing = [open(), open()];
        for file in &sharing {
            try_lock_shared(file).unwrap();
        }
        assert!(matches!(try_lock(&open()), Err(TryLockError::WouldBlock)));
    }
}
