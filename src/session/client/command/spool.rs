//! A temporary file for output that waits for its reader. No other program can open it.
//!
//! It is gone when vendor-ssm is. Threads write and read it, so that
//! a slow disk keeps no signal from vendor-ssm.

use std::fs::File;
use std::io;
use std::path::Path;
use std::sync::Arc;

use tokio::task::{JoinHandle, spawn_blocking};

use crate::channel::Bytes;
use crate::platform::files;

use super::piece::BLOCK;

/// A place in the file, for one block.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    slot: u64,
    length: usize,
}

/// The file, made when something is first written to it.
#[derive(Debug)]
pub(super) struct Spool {
    folder: Arc<Path>,
    file: Option<Arc<File>>,
    /// Slots whose blocks were read.
    free: Vec<u64>,
    /// The first slot that was never used.
    next: u64,
}

/// A block on its way to the file.
#[derive(Debug)]
pub(super) struct Writing {
    /// The block itself, until it is written.
    pub block: Bytes,
    pub place: Place,
    pub job: JoinHandle<io::Result<Arc<File>>>,
}

/// A block on its way back from the file.
#[derive(Debug)]
pub(super) struct Reading {
    pub place: Place,
    pub job: JoinHandle<io::Result<Bytes>>,
}

impl Spool {
    /// A file in this folder.
    pub(super) fn new(folder: Arc<Path>) -> Self {
        Self {
            folder,
            file: None,
            free: Vec::new(),
            next: 0,
        }
    }

    /// Starts to write a block.
    pub(super) fn write(&mut self, block: Bytes) -> Writing {
        let slot = self.free.pop().unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        });
        let (file, folder, bytes) = (self.file.clone(), self.folder.clone(), block.clone());
        let job = spawn_blocking(move || {
            let new = || files::temporary(&folder).map(Arc::new);
            let file = file.map_or_else(new, Ok)?;
            files::write_all_at(&file, &bytes, offset(slot))?;
            Ok(file)
        });
        let length = block.len();
        Writing {
            block,
            place: Place { slot, length },
            job,
        }
    }

    /// Notes the file that a block was written to.
    pub(super) fn written(&mut self, file: Arc<File>) {
        self.file = Some(file);
    }

    /// Starts to read a block that was written.
    pub(super) fn read(&self, place: Place) -> Reading {
        let file = self.file.clone();
        let job = spawn_blocking(move || {
            let mut block = vec![0; place.length];
            let file = file.ok_or(io::ErrorKind::NotFound)?;
            files::read_exact_at(&file, &mut block, offset(place.slot))?;
            Ok(block.into())
        });
        Reading { place, job }
    }

    /// Gives up a block's place, after it was read.
    pub(super) fn free(&mut self, place: Place) {
        self.free.push(place.slot);
    }
}

fn offset(slot: u64) -> u64 {
    slot * BLOCK as u64
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Spool;
    use crate::channel::Bytes;

    #[test]
    fn no_other_program_can_open_the_file() {
        let folder = tempfile::tempdir().unwrap();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut spool = Spool::new(Arc::from(folder.path()));
            let writing = spool.write(Bytes::from_static(b"output"));
            let file = writing.job.await.unwrap().unwrap();
            let metadata = file.metadata().unwrap();
            assert_eq!(metadata.len(), 6);
            #[cfg(unix)]
            {
                use std::os::unix::fs::MetadataExt as _;

                assert_eq!(metadata.mode() & 0o7777, 0o600);
                assert_eq!(metadata.nlink(), 0);
                assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
            }
            for entry in std::fs::read_dir(folder.path()).unwrap() {
                std::fs::File::open(entry.unwrap().path()).unwrap_err();
            }
            spool.written(file);
            let read = spool.read(writing.place).job.await.unwrap().unwrap();
            assert_eq!(read, "output");
        });
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
