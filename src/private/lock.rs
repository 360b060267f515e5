//! A lock between processes, held by an open file: it goes with the process, however that ends.
//! Nothing is ever written into the file.

use std::ffi::OsStr;
use std::fs::{File, TryLockError};
use std::io;
use std::time::{Duration, Instant};

use super::refusal::is_in_use;
use super::{Create, Folder};
use crate::platform::lock;

/// How often to look, since waiting for a file lock has no time limit.
const INTERVAL: Duration = Duration::from_millis(20);

/// How long to try to open the lock's file.
const BRIEFLY: Duration = Duration::from_secs(1);

/// What became of waiting.
#[derive(Debug)]
pub(crate) enum Locked {
    /// This process has it.
    Ours(Lock),
    /// Another process has had it all the time.
    Taken,
    /// The file system has no locks.
    Unknown(io::Error),
}

/// The lock, until this is dropped.
#[derive(Debug)]
pub(crate) struct Lock {
    file: File,
}

impl Lock {
    /// Gives the lock back and removes its file, unless another file has taken its place.
    pub(crate) fn remove(self, folder: &Folder, name: &OsStr) {
        // Only the process with the lock removes the file. One that waited looks again.
        if folder.still_has(name, &self.file) {
            let _ = folder.remove(name);
        }
    }
}

/// Waits for the lock on this file, which is made if it is missing.
/// Errors: the file cannot be made, or is refused.
pub(crate) async fn wait(folder: &Folder, name: &OsStr, patience: Duration) -> io::Result<Locked> {
    let begun = Instant::now();
    loop {
        let file = match folder.append(name, Create::IfMissing) {
            // Another process is just removing it.
            Err(error) if is_in_use(&error) && begun.elapsed() < patience.min(BRIEFLY) => {
                tokio::time::sleep(INTERVAL).await;
                continue;
            }
            opened => opened?,
        };
        match lock::try_lock(&file) {
            Ok(()) if folder.still_has(name, &file) => return Ok(Locked::Ours(Lock { file })),
            // The process that had it has removed the file: this lock keeps no process out.
            Ok(()) => {}
            Err(TryLockError::Error(error)) => return Ok(Locked::Unknown(error)),
            Err(TryLockError::WouldBlock) => tokio::time::sleep(INTERVAL).await,
        }
        if begun.elapsed() >= patience {
            return Ok(Locked::Taken);
        }
    }
}
