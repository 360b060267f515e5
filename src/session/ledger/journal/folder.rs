//! The journal's folder: a file for each session whose end is not known, and the history.
//! A line that was cut off is left out; records of two processes never mix. What is not private to
//! this user is left out too, and named once.

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::callbacks::Callbacks;
use crate::os::Os;
use crate::platform::{files, lock, places};
use crate::private::{self, Create};

use super::record::Record;

/// The records of sessions whose end is not known.
const SESSIONS: &str = "sessions";
/// The sessions whose end is known, a JSON object a line.
const HISTORY: &str = "history.jsonl";
/// The extension of a record's file.
pub(super) const EXTENSION: &str = "jsonl";

/// The most names in `sessions` that vendor-ssm looks at.
pub(super) const MOST_NAMES: usize = 20_000;
/// How much of a record's file is read, from its end: a line is at most a few KiB.
const RECORD_BYTES: u64 = 256 * 1024;
/// How much of the history is read, from its end: some 45,000 sessions.
const HISTORY_BYTES: u64 = 32 * 1024 * 1024;
/// How much of the history is read for suggestions: some 1,400 sessions, in a few milliseconds.
const LAST_BYTES: u64 = 1024 * 1024;

/// The folder of this user's journal.
#[derive(Debug)]
pub(super) struct Folder {
    /// `None` if no variable says where state belongs.
    place: Option<PathBuf>,
    has_warned: AtomicBool,
    has_named: AtomicBool,
}

/// The sessions of the history, and whether it holds more than vendor-ssm reads.
#[derive(Debug, Default)]
pub(super) struct Settled {
    pub records: Vec<Record>,
    pub has_more: bool,
}

impl Folder {
    /// The folder for state. Nothing is created before it is needed.
    pub(super) fn new(os: &Os) -> Self {
        Self {
            place: places::state(os),
            has_warned: AtomicBool::new(false),
            has_named: AtomicBool::new(false),
        }
    }

    fn open(&self) -> io::Result<Option<private::Folder>> {
        let found = self.place.as_deref().map(private::Folder::find);
        Ok(found.transpose()?.flatten())
    }

    /// The folder with the files of sessions whose end is not known.
    pub(super) fn sessions(&self) -> io::Result<Option<private::Folder>> {
        let found = self.open()?.map(|folder| folder.find_in(SESSIONS));
        Ok(found.transpose()?.flatten())
    }

    /// The lines of the history, each session once. A line that was cut off is left out.
    pub(super) fn settled(&self) -> io::Result<Settled> {
        self.settled_in(HISTORY_BYTES)
    }

    /// The last lines of the history, each session once.
    pub(super) fn last_settled(&self) -> io::Result<Vec<Record>> {
        Ok(self.settled_in(LAST_BYTES)?.records)
    }

    fn settled_in(&self, bytes: u64) -> io::Result<Settled> {
        let Some(folder) = self.open()? else {
            return Ok(Settled::default());
        };
        let Some(file) = folder.read(OsStr::new(HISTORY))? else {
            return Ok(Settled::default());
        };
        let (text, has_more) = tail(&file, bytes)?;
        let mut at = HashMap::new();
        let mut records: Vec<Record> = Vec::new();
        for record in lines(&text) {
            let next = records.len();
            match *at.entry(record.nonce.clone()).or_insert(next) {
                known if known < next => records[known] = record,
                _ => records.push(record),
            }
        }
        Ok(Settled { records, has_more })
    }

    /// A file that is whole and locked as soon as others see it.
    pub(super) fn create(&self, record: &Record) -> io::Result<(File, OsString)> {
        let place = self.place.as_ref().ok_or_else(|| {
            let unset = format!("{} are unset", places::STATE_VARIABLES);
            io::Error::new(io::ErrorKind::NotFound, unset)
        })?;
        let folder = private::Folder::make(place)?.make_in(SESSIONS)?;
        let name = OsString::from(format!("{}.{EXTENSION}", record.nonce));
        let unseen = OsString::from(format!(".{}", record.nonce));
        let file = folder.append(&unseen, Create::Always)?;
        let written = lock::try_lock(&file)
            .map_err(io::Error::from)
            .and_then(|()| append(&file, record))
            .and_then(|()| folder.rename(&unseen, &name));
        match written {
            Ok(()) => Ok((file, name)),
            Err(error) => {
                let _ = folder.remove(&unseen);
                Err(error)
            }
        }
    }

    /// Removes the file of a session.
    pub(super) fn remove(&self, name: &OsStr) -> io::Result<()> {
        match self.sessions()? {
            Some(folder) => folder.remove(name),
            None => Ok(()),
        }
    }

    /// Writes a session into the history.
    pub(super) fn settle(&self, record: &Record) -> io::Result<()> {
        let Some(folder) = self.open()? else {
            return Ok(());
        };
        let file = folder.append(OsStr::new(HISTORY), Create::IfMissing)?;
        append(&file, record)
    }

    /// One warning for each process, however many sessions it has.
    pub(super) fn warn(&self, error: &io::Error, callbacks: &dyn Callbacks) {
        if !self.has_warned.swap(true, Ordering::Relaxed) {
            callbacks.warn(&format!(
                "vendor-ssm cannot write its journal, so later commands will not know of a session that stays open: {}",
                private::said(error)
            ));
        }
    }

    /// One warning for each process about what it does not read.
    pub(super) fn name(&self, left_out: &str, callbacks: &dyn Callbacks) {
        if !self.has_named.swap(true, Ordering::Relaxed) {
            callbacks.warn(left_out);
        }
    }
}

/// Adds a record as a line of its own, even behind one that was cut off.
pub(super) fn append(mut file: &File, record: &Record) -> io::Result<()> {
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

/// The end of a file, up to `most` bytes, and whether there is more before it.
fn tail(mut file: &File, most: u64) -> io::Result<(Vec<u8>, bool)> {
    let before = file.metadata()?.len().saturating_sub(most);
    file.seek(SeekFrom::Start(before))?;
    let mut text = Vec::new();
    // It may grow meanwhile.
    file.take(most).read_to_end(&mut text)?;
    Ok((text, before > 0))
}

/// The last whole line is what is known.
/// `None` where the file was removed since it was opened: it is settled.
pub(super) fn read(file: &File) -> Option<Record> {
    if files::links(file).ok()? == 0 {
        return None;
    }
    let (text, _) = tail(file, RECORD_BYTES).ok()?;
    lines(&text).last()
}
