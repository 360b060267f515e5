//! The journal: what was opened and how it ended. A session has a file of its own from before StartSession
//! until its end is known, locked by the process that waits for that end; then it is a line of the history.
//! A journal that cannot be written costs one warning, and no session.

mod entry;
mod record;

use std::collections::{HashMap, HashSet};
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::Duration;

use crate::callbacks::Callbacks;
use crate::os::Os;

pub use entry::Entry;
pub use record::{NONCE_ROOM, Record, SessionKind, State, own_reason, stamp};

/// The records of sessions whose end is not known.
const SESSIONS: &str = "sessions";
/// The sessions whose end is known, a JSON object a line.
const HISTORY: &str = "history.jsonl";
/// How a record's file is called.
const EXTENSION: &str = "jsonl";

/// How often, and after which pause, a record is tried to be claimed.
const CLAIMS: u32 = 10;
const PAUSE: Duration = Duration::from_millis(10);

/// The journal of this user on this machine.
#[derive(Debug)]
pub struct Journal {
    /// `None` where nobody says where state belongs.
    place: Option<PathBuf>,
    has_warned: AtomicBool,
}

/// A session whose end the journal does not know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unsettled {
    /// What is known. Without an owner its state is [`State::MayStillBeOpen`].
    pub record: Record,
    /// Whether a living process waits for its end.
    pub has_owner: bool,
    path: PathBuf,
}

impl Journal {
    /// The journal in `$XDG_STATE_HOME/vendor-ssm`, else `~/.local/state/vendor-ssm` (XDG Base Directory
    /// Specification). Nothing is made before it is needed.
    pub fn new(os: &Os) -> Self {
        let state = os
            .var("XDG_STATE_HOME")
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
            .or_else(|| Some(os.home()?.join(".local/state")));
        Self {
            place: state.map(|state| state.join("vendor-ssm")),
            has_warned: AtomicBool::new(false),
        }
    }

    /// The sessions whose end is not known, oldest first. A file that cannot be read is left out.
    pub fn unsettled(&self) -> io::Result<Vec<Unsettled>> {
        let Some(place) = &self.place else {
            return Ok(Vec::new());
        };
        let entries = match fs::read_dir(place.join(SESSIONS)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        let mut found: Vec<Unsettled> = entries
            .filter_map(|entry| unsettled(entry.ok()?.path()))
            .collect();
        if found.iter().any(|one| !one.has_owner) {
            // Whoever settled it may have died before its file was removed.
            let settled: HashSet<String> =
                self.settled()?.into_iter().map(|one| one.nonce).collect();
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
    pub fn history(&self) -> io::Result<Vec<Record>> {
        let mut records = self.settled()?;
        let known: HashSet<String> = records.iter().map(|one| one.nonce.clone()).collect();
        let unsettled = self.unsettled()?.into_iter().map(|one| one.record);
        records.extend(unsettled.filter(|one| !known.contains(&one.nonce)));
        records.sort_by(|one, other| one.started.cmp(&other.started));
        Ok(records)
    }

    /// The lines of the history, each session once. A line that was cut off is left out.
    fn settled(&self) -> io::Result<Vec<Record>> {
        let Some(place) = &self.place else {
            return Ok(Vec::new());
        };
        let text = match fs::read(place.join(HISTORY)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            text => text?,
        };
        let mut at = HashMap::new();
        let mut records: Vec<Record> = Vec::new();
        for record in lines(&text) {
            let next = records.len();
            match *at.entry(record.nonce.clone()).or_insert(next) {
                known if known < next => records[known] = record,
                _ => records.push(record),
            }
        }
        Ok(records)
    }

    /// The record of a session that is about to be started, locked by us.
    pub(in crate::session) fn begin<'a>(
        &'a self,
        record: Record,
        callbacks: &'a dyn Callbacks,
    ) -> Entry<'a> {
        let file = self.create(&record);
        let entry = Entry::new(self, record, file, callbacks);
        entry.sync();
        entry
    }

    /// Takes over a session that nobody waits for; `None` where somebody does, or it has been settled.
    pub fn claim<'a>(
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
        for _ in 0..CLAIMS {
            if file.try_lock().is_ok() {
                break;
            }
            thread::sleep(PAUSE);
        }
        file.try_lock().ok()?;
        let record = read(&file)?;
        Some(Entry::new(
            self,
            record,
            Ok((file, unsettled.path.clone())),
            callbacks,
        ))
    }

    /// A file that is whole and locked as soon as others see it.
    fn create(&self, record: &Record) -> io::Result<(File, PathBuf)> {
        let place = self.place.as_ref().ok_or_else(|| {
            io::Error::new(io::ErrorKind::NotFound, "HOME and XDG_STATE_HOME are unset")
        })?;
        let folder = place.join(SESSIONS);
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&folder)?;
        let path = folder.join(&record.nonce).with_extension(EXTENSION);
        let unseen = folder.join(format!(".{}", record.nonce));
        let file = private().create_new(true).open(&unseen)?;
        let written = file
            .try_lock()
            .map_err(io::Error::from)
            .and_then(|()| append(&file, record))
            .and_then(|()| fs::rename(&unseen, &path));
        match written {
            Ok(()) => Ok((file, path)),
            Err(error) => {
                let _ = fs::remove_file(&unseen);
                Err(error)
            }
        }
    }

    /// Writes a session into the history.
    fn settle(&self, record: &Record) -> io::Result<()> {
        let Some(place) = &self.place else {
            return Ok(());
        };
        let file = private().create(true).open(place.join(HISTORY))?;
        append(&file, record)
    }

    /// One warning for each process, however many sessions it has.
    fn warn(&self, error: &io::Error, callbacks: &dyn Callbacks) {
        if !self.has_warned.swap(true, Ordering::Relaxed) {
            callbacks.warn(&format!(
                "the journal cannot be written, so what is left open would not be remembered: {error}"
            ));
        }
    }
}

/// Ours alone, written at its end.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).append(true).mode(0o600);
    options
}

/// Adds a record as a line of its own, even behind one that was cut off.
fn append(mut file: &File, record: &Record) -> io::Result<()> {
    let mut line = serde_json::to_vec(record)?;
    line.push(b'\n');
    let mut last = [b'\n'];
    if file.seek(SeekFrom::End(0))? > 0 {
        file.seek(SeekFrom::End(-1))?;
        file.read_exact(&mut last)?;
    }
    if last != [b'\n'] {
        line.insert(0, b'\n');
    }
    // One write at the end of the file: lines of two processes do not mix.
    file.write_all(&line)
}

fn lines(text: &[u8]) -> impl Iterator<Item = Record> {
    text.split(|byte| *byte == b'\n')
        .filter_map(|line| serde_json::from_slice(line).ok())
}

/// The last whole line is what is known. `None` where the file was removed since it was opened: it is settled.
fn read(mut file: &File) -> Option<Record> {
    if file.metadata().ok()?.nlink() == 0 {
        return None;
    }
    let mut text = Vec::new();
    file.seek(SeekFrom::Start(0)).ok()?;
    file.read_to_end(&mut text).ok()?;
    lines(&text).last()
}

fn unsettled(path: PathBuf) -> Option<Unsettled> {
    let is_hidden = |name: &std::ffi::OsStr| name.as_encoded_bytes().starts_with(b".");
    if path.file_name().is_none_or(is_hidden) || path.extension() != Some(EXTENSION.as_ref()) {
        return None;
    }
    let file = File::open(&path).ok()?;
    // Where files cannot be locked at all, nothing is known of an owner, and nobody is alarmed.
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
