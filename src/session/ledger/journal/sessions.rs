//! The sessions that the journal knows: begun, claimed, listed.

use std::collections::HashSet;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::path::PathBuf;
use std::time::Duration;

use crate::callbacks::Callbacks;
use crate::os::Os;

use super::entry::Entry;
use super::folder::{EXTENSION, Folder, read};
use super::record::{Record, State};

/// How often vendor-ssm tries to claim a record, and the pause between two tries.
const CLAIMS: u32 = 10;
const PAUSE: Duration = Duration::from_millis(10);

/// The journal of this user on this machine.
#[derive(Debug)]
pub(crate) struct Journal {
    folder: Folder,
}

/// A session whose end the journal does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Unsettled {
    /// What is known of it. Without an owner its state is [`State::MayStillBeOpen`].
    pub record: Record,
    /// Whether a running process is attached to it.
    pub has_owner: bool,
    path: PathBuf,
}

impl Journal {
    /// The journal in `$XDG_STATE_HOME/vendor-ssm`, else `~/.local/state/vendor-ssm`.
    pub(crate) fn new(os: &Os) -> Self {
        Self {
            folder: Folder::new(os),
        }
    }

    /// The sessions whose end is not known, oldest first. A file that cannot be read is left out.
    pub(crate) fn unsettled(&self) -> io::Result<Vec<Unsettled>> {
        let files = self.folder.sessions()?;
        let mut found: Vec<Unsettled> = files.into_iter().filter_map(unsettled).collect();
        if found.iter().any(|one| !one.has_owner) {
            // The process that settled it may have died before it removed the file.
            let settled: HashSet<String> = self
                .folder
                .settled()?
                .into_iter()
                .map(|one| one.nonce)
                .collect();
            found.retain(|one| {
                let is_left = !one.has_owner && settled.contains(&one.record.nonce);
                if is_left {
                    let _ = fs::remove_file(&one.path);
                }
                !is_left
            });
        }
        found.sort_by(|one, other| one.record.started.cmp(&other.record.started));
        Ok(found)
    }

    /// Every session that the journal knows of, oldest first.
    pub(crate) fn history(&self) -> io::Result<Vec<Record>> {
        let mut records = self.folder.settled()?;
        let known: HashSet<String> = records.iter().map(|one| one.nonce.clone()).collect();
        let unsettled = self.unsettled()?.into_iter().map(|one| one.record);
        records.extend(unsettled.filter(|one| !known.contains(&one.nonce)));
        records.sort_by(|one, other| one.started.cmp(&other.started));
        Ok(records)
    }

    /// The record of a session that is about to be started, locked by this process.
    pub(crate) fn begin<'a>(&'a self, record: Record, callbacks: &'a dyn Callbacks) -> Entry<'a> {
        let file = self.folder.create(&record);
        let entry = Entry::new(&self.folder, record, file, callbacks);
        entry.sync();
        entry
    }

    /// Takes over a session that no process is attached to;
    /// `None` if one is, or the session is settled.
    pub(crate) async fn claim<'a>(
        &'a self,
        unsettled: &Unsettled,
        callbacks: &'a dyn Callbacks,
    ) -> Option<Entry<'a>> {
        let file = OpenOptions::new()
            .read(true)
            .append(true)
            .open(&unsettled.path)
            .ok()?;
        // Another command may be looking at it just now.
        let mut tries = 0;
        while file.try_lock().is_err() {
            tries += 1;
            if tries == CLAIMS {
                return None;
            }
            tokio::time::sleep(PAUSE).await;
        }
        let record = read(&file)?;
        let file = Ok((file, unsettled.path.clone()));
        Some(Entry::new(&self.folder, record, file, callbacks))
    }
}

fn unsettled(path: PathBuf) -> Option<Unsettled> {
    let is_hidden = |name: &std::ffi::OsStr| name.as_encoded_bytes().starts_with(b".");
    if path.file_name().is_none_or(is_hidden) || path.extension() != Some(EXTENSION.as_ref()) {
        return None;
    }
    let file = File::open(&path).ok()?;
    // If the file system has no locks, nothing is known of an owner, and no alarm is raised.
    let has_owner = file.try_lock_shared().is_err();
    let mut record = read(&file)?;
    if !has_owner {
        record.state = State::MayStillBeOpen;
    }
    Some(Unsettled {
        record,
        has_owner,
        path,
    })
}

#[cfg(test)]
mod tests;
