//! The sessions that the journal knows: begun, claimed, listed.

use std::collections::HashSet;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::Path;
use std::time::Duration;

use crate::callbacks::Callbacks;
use crate::os::Os;
use crate::platform::lock;
use crate::private::{self, Create};

use super::entry::Entry;
use super::folder::{EXTENSION, Folder, MOST_NAMES, Settled, read};
use super::record::{Record, State};

/// How often vendor-ssm tries to claim a record, and the pause between two tries.
const CLAIMS: u32 = 10;
const PAUSE: Duration = Duration::from_millis(10);

/// The most unsettled sessions that are looked at for suggestions.
const MOST_RECENT: usize = 1000;

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
    /// Its file's name.
    file: OsString,
}

/// What the journal's files say.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// The sessions whose end is not known, oldest first.
    pub unsettled: Vec<Unsettled>,
    /// Those that have ended, and that the history could not take yet.
    ended: Vec<Record>,
    /// What vendor-ssm did not read, and why, in one line.
    pub left_out: Option<String>,
}

impl Journal {
    /// The journal in the folder for state.
    pub(crate) fn new(os: &Os) -> Self {
        Self {
            folder: Folder::new(os),
        }
    }

    /// The sessions whose end is not known, and what was left out.
    /// Errors: the folder cannot be read, or is not this user's own.
    pub(crate) fn look(&self) -> io::Result<Found> {
        let Some(folder) = self.folder.sessions()? else {
            return Ok(Found::default());
        };
        let (names, has_more) = folder.names(MOST_NAMES)?;
        let mut unsettled: Vec<Unsettled> = Vec::new();
        let mut refused = Vec::new();
        for name in names {
            match found(&folder, name) {
                Ok(one) => unsettled.extend(one),
                Err(error) => refused.push(error),
            }
        }
        if unsettled.iter().any(|one| !one.has_owner) {
            // The process that settled it may have died before it removed the file.
            let settled = self.folder.settled();
            let settled = settled.unwrap_or_else(|error| {
                refused.insert(0, error);
                Settled::default()
            });
            let settled: HashSet<&str> = settled
                .records
                .iter()
                .map(|one| one.nonce.as_str())
                .collect();
            unsettled.retain(|one| {
                let is_left = !one.has_owner && settled.contains(one.record.nonce.as_str());
                if is_left {
                    let _ = folder.remove(&one.file);
                }
                !is_left
            });
        }
        let ended = unsettled.extract_if(.., |one| !one.has_owner && one.record.ended.is_some());
        let ended: Vec<Unsettled> = ended.collect();
        for one in &ended {
            // The history may be able to take it now.
            let settled = self.folder.settle(&one.record);
            let _ = settled.and_then(|()| folder.remove(&one.file));
        }
        unsettled.sort_by(|one, other| one.record.started.cmp(&other.record.started));
        Ok(Found {
            unsettled,
            ended: ended.into_iter().map(|one| one.record).collect(),
            left_out: left_out(&refused, has_more, folder.path()),
        })
    }

    /// The sessions whose end is not known, oldest first.
    /// It warns once of files that it leaves out.
    pub(crate) fn unsettled(&self, callbacks: &dyn Callbacks) -> io::Result<Vec<Unsettled>> {
        Ok(self.found(callbacks)?.unsettled)
    }

    fn found(&self, callbacks: &dyn Callbacks) -> io::Result<Found> {
        let found = self.look()?;
        if let Some(left_out) = &found.left_out {
            self.folder.name(left_out, callbacks);
        }
        Ok(found)
    }

    /// Warns that the journal cannot be used, if no warning has said so yet.
    pub(crate) fn warn(&self, error: &io::Error, callbacks: &dyn Callbacks) {
        self.folder.warn(error, callbacks);
    }

    /// Every session that the journal knows of, oldest first.
    pub(crate) fn history(&self, callbacks: &dyn Callbacks) -> io::Result<Vec<Record>> {
        let Settled {
            mut records,
            has_more,
        } = self.folder.settled()?;
        if has_more {
            let text = "the journal's history is larger than 32 MiB: vendor-ssm reads only the newest sessions";
            self.folder.name(text, callbacks);
        }
        let known: HashSet<String> = records.iter().map(|one| one.nonce.clone()).collect();
        let found = self.found(callbacks)?;
        let unsettled = found.unsettled.into_iter().map(|one| one.record);
        let rest = unsettled.chain(found.ended);
        records.extend(rest.filter(|one| !known.contains(&one.nonce)));
        records.sort_by(|one, other| one.started.cmp(&other.started));
        Ok(records)
    }

    /// The newest sessions, newest first, as far as they can be read.
    /// It is for suggestions: it changes nothing, says nothing, and does not read all.
    pub(crate) fn recent(&self) -> Vec<Record> {
        let mut records = self.folder.last_settled().unwrap_or_default();
        let known: HashSet<String> = records.iter().map(|one| one.nonce.clone()).collect();
        if let Ok(Some(folder)) = self.folder.sessions() {
            let (names, _) = folder.names(MOST_RECENT).unwrap_or_default();
            let files = names.iter().filter(|name| is_record(name));
            let unsettled = files.filter_map(|name| read(&folder.read(name).ok()??));
            records.extend(unsettled.filter(|one| !known.contains(&one.nonce)));
        }
        // Of two that began in the same second, the later line is the newer one.
        records.reverse();
        records.sort_by(|one, other| other.started.cmp(&one.started));
        records
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
        let folder = self.folder.sessions().ok()??;
        let file = folder.append(&unsettled.file, Create::Never).ok()?;
        // Another command may be looking at it just now.
        let mut tries = 0;
        while lock::try_lock(&file).is_err() {
            tries += 1;
            if tries == CLAIMS {
                return None;
            }
            tokio::time::sleep(PAUSE).await;
        }
        let record = read(&file)?;
        let file = Ok((file, unsettled.file.clone()));
        Some(Entry::new(&self.folder, record, file, callbacks))
    }
}

/// The session of a file. `None` if it is settled, or the file holds no record.
fn found(folder: &private::Folder, name: OsString) -> io::Result<Option<Unsettled>> {
    if !is_record(&name) {
        return Ok(None);
    }
    let Some(file) = folder.read(&name)? else {
        return Ok(None);
    };
    // If the file system has no locks, nothing is known of an owner, and no alarm is raised.
    let has_owner = lock::try_lock_shared(&file).is_err();
    let Some(mut record) = read(&file) else {
        return Ok(None);
    };
    if !has_owner && record.ended.is_none() {
        record.state = State::MayStillBeOpen;
    }
    Ok(Some(Unsettled {
        record,
        has_owner,
        file: name,
    }))
}

/// Whether a file of this name holds a session's record.
fn is_record(name: &OsStr) -> bool {
    let is_hidden = name.as_encoded_bytes().starts_with(b".");
    !is_hidden && Path::new(name).extension() == Some(OsStr::new(EXTENSION))
}

/// What was left out, in one line.
fn left_out(refused: &[io::Error], has_more: bool, folder: &Path) -> Option<String> {
    let Some(first) = refused.first() else {
        return has_more.then(|| {
            format!(
                "{} holds more than {MOST_NAMES} files: vendor-ssm does not look at the others",
                folder.display()
            )
        });
    };
    let what = match refused.len() {
        1 => "a file out of its journal".to_owned(),
        count => format!("{count} files out of its journal, such as this one"),
    };
    Some(format!(
        "vendor-ssm leaves {what}: {}",
        private::said(first)
    ))
}

#[cfg(test)]
mod tests;
