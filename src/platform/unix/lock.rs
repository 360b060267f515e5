//! Locks between processes, by an open file (flock(2)). A lock keeps no program from reading.

use std::fs::{File, TryLockError};

/// Takes the lock for this process alone, if no other process has it.
pub(crate) fn try_lock(file: &File) -> Result<(), TryLockError> {
    file.try_lock()
}

/// Takes the lock together with others that share it, if no process has it alone.
pub(crate) fn try_lock_shared(file: &File) -> Result<(), TryLockError> {
    file.try_lock_shared()
}
