//! One session's record, held by the process that is attached to the session.
//! The lock goes with the open file: it ends when this is dropped, or when the process dies.

use std::ffi::OsString;
use std::fs::File;
use std::io;
use std::time::SystemTime;

use crate::callbacks::Callbacks;

use super::folder::{Folder, append};
use super::record::{Record, State, stamp};

/// A record that this process completes and settles.
pub(crate) struct Entry<'a> {
    folder: &'a Folder,
    callbacks: &'a dyn Callbacks,
    record: Record,
    /// Its file and the file's name; `None` if the journal cannot be written.
    kept: Option<(File, OsString)>,
}

impl<'a> Entry<'a> {
    pub(super) fn new(
        folder: &'a Folder,
        record: Record,
        file: io::Result<(File, OsString)>,
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
        if let Some((_, name)) = &self.kept {
            self.check(self.folder.remove(name));
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
        if let Some((_, name)) = &self.kept {
            // Until the history has it, this file is all that is known: it says the end, too.
            self.write();
            let settled = self.folder.settle(&self.record);
            self.check(settled.and_then(|()| self.folder.remove(name)));
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
        let Some((file, _)) = &self.kept else {
            return;
        };
        if let (Ok(file), Ok(Some(folder))) = (file.try_clone(), self.folder.sessions()) {
            tokio::task::spawn_blocking(move || {
                file.sync_data()?;
                folder.sync()
            });
        }
    }

    fn check(&self, done: io::Result<()>) {
        if let Err(error) = done {
            self.folder.warn(&error, self.callbacks);
        }
    }
}
