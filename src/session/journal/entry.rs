//! One session's record in the hand of whoever waits for its end. The lock goes with the open file: it is
//! given up when this is dropped, or when the process dies.

use std::fs::{self, File};
use std::io;
use std::path::PathBuf;
use std::time::SystemTime;

use crate::callbacks::Callbacks;

use super::{Journal, Record, State, append, stamp};

/// A record that is ours to complete and settle.
pub struct Entry<'a> {
    journal: &'a Journal,
    callbacks: &'a dyn Callbacks,
    record: Record,
    /// `None` where the journal cannot be written.
    kept: Option<(File, PathBuf)>,
}

impl<'a> Entry<'a> {
    pub(super) fn new(
        journal: &'a Journal,
        record: Record,
        file: io::Result<(File, PathBuf)>,
        callbacks: &'a dyn Callbacks,
    ) -> Self {
        let kept = file.map_err(|error| journal.warn(&error, callbacks)).ok();
        Self {
            journal,
            callbacks,
            record,
            kept,
        }
    }

    /// What is known.
    pub fn record(&self) -> &Record {
        &self.record
    }

    /// AWS has said the session's id.
    pub fn opened(&mut self, session_id: &str) {
        self.record.session_id = Some(session_id.to_owned());
        self.write();
    }

    /// There is no session, and there was none.
    pub(in crate::session) fn forget(self) {
        if let Some((_, path)) = &self.kept {
            self.check(fs::remove_file(path));
        }
    }

    /// What became of the session, and how, in a clause. One that may still be open stays where later
    /// commands look for it.
    pub fn settle(mut self, state: State, end: &str, now: SystemTime) {
        self.record.state = state;
        self.record.end = Some(end.to_owned());
        if matches!(state, State::Open | State::MayStillBeOpen) {
            return self.write();
        }
        self.record.ended = Some(stamp(now));
        if let Some((_, path)) = &self.kept {
            // Until the history has it, this file is all that is known.
            let settled = self.journal.settle(&self.record);
            self.check(settled.and_then(|()| fs::remove_file(path)));
        }
    }

    fn write(&self) {
        if let Some((file, _)) = &self.kept {
            self.check(append(file, &self.record));
            self.sync();
        }
    }

    /// Makes what was written outlast the machine's power, on a thread of its own: nobody waits for a
    /// disk. That it failed shows at the next write too.
    pub(super) fn sync(&self) {
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
            self.journal.warn(&error, self.callbacks);
        }
    }
}
