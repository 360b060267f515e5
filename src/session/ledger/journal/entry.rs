//! One session's record, held by the process that is attached to the session.
//! The lock goes with the open file: it ends when this is dropped, or when the process dies.

use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::time::SystemTime;

use crate::callbacks::Callbacks;

use super::folder::{Folder, append};
use super::record::{Record, State, stamp};

/// A record that this process completes and settles.
pub(crate) struct Entry<'a> {
    folder: &'a Folder,
    callbacks: &'a dyn Callbacks,
    record: Record,
    /// `None` if the journal cannot be written.
    kept: Option<(File, PathBuf)>,
}

impl<'a> Entry<'a> {
    pub(super) fn new(
        folder: &'a Folder,
        record: Record,
        file: io::Result<(File, PathBuf)>,
        callbacks: &'a dyn Callbacks,
    ) -> Self {
        let kept = file.map_err(|error| folder.warn(&error, callbacks)).ok();
        Self {
            folder,
            callbacks,
            record,
            kept,
        }
    }

    /// What is known.
    pub(crate) fn record(&self) -> &Record {
        &self.record
    }

    /// AWS has said the session's id.
    pub(crate) fn opened(&mut self, session_id: &str) {
        self.record.session_id = Some(session_id.to_owned());
        self.write();
    }

    /// There is no session, and there was none.
    pub(crate) fn forget(self) {
        if let Some((_, path)) = &self.kept {
            self.check(fs::remove_file(path));
        }
    }

    /// What became of the session, and how, in a clause.
    /// One that may still be open stays where later commands look for it.
    pub(crate) fn settle(mut self, state: State, end: &str, now: SystemTime) {
        self.record.state = state;
        self.record.end = Some(end.to_owned());
        if matches!(state, State::Open | State::MayStillBeOpen) {
            return self.write();
        }
        self.record.ended = Some(stamp(now));
        if let Some((_, path)) = &self.kept {
            // Until the history has it, this file is all that is known.
            let settled = self.folder.settle(&self.record);
            self.check(settled.and_then(|()| fs::remove_file(path)));
        }
    }

    fn write(&self) {
        if let Some((file, _)) = &self.kept {
            self.check(append(file, &self.record));
            self.sync();
        }
    }

    /// Makes what was written outlast the machine's power, on a thread of its own:
    /// no session waits for a disk. That it failed shows at the next write too.
    pub(crate) fn sync(&self) {
        let Some((file, path)) = &self.kept else {
            return;
        };
        if let (Ok(file), Some(folder)) = (file.try_clone(), path.parent().map(ToOwned::to_owned)) {
            tokio::task::spawn_blocking(move || {
                file.sync_data()?;
                File::open(folder)?.sync_all()
            });
        }
    }

    fn check(&self, done: io::Result<()>) {
        if let Err(error) = done {
            self.folder.warn(&error, self.callbacks);
        }
    }
}
