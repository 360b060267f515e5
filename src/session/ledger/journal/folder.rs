//! The journal's folder: a file for each session whose end is not known, and the history.
//! A line that was cut off is left out; records of two processes never mix.

use std::collections::HashMap;
use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, MetadataExt as _, OpenOptionsExt as _};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::callbacks::Callbacks;
use crate::os::Os;

use super::record::Record;

/// The records of sessions whose end is not known.
const SESSIONS: &str = "sessions";
/// The sessions whose end is known, a JSON object a line.
const HISTORY: &str = "history.jsonl";
/// The extension of a record's file.
pub(super) const EXTENSION: &str = "jsonl";

/// The folder of this user's journal.
#[derive(Debug)]
pub(super) struct Folder {
    /// `None` if neither HOME nor XDG_STATE_HOME says where state belongs.
    place: Option<PathBuf>,
    has_warned: AtomicBool,
}

impl Folder {
    /// The folder `$XDG_STATE_HOME/vendor-ssm`, else `~/.local/state/vendor-ssm`.
    /// XDG Base Directory Specification. Nothing is created before it is needed.
    pub(super) fn new(os: &Os) -> Self {
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

    /// The files of sessions whose end is not known.
    pub(super) fn sessions(&self) -> io::Result<Vec<PathBuf>> {
        let Some(place) = &self.place else {
            return Ok(Vec::new());
        };
        let entries = match fs::read_dir(place.join(SESSIONS)) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            entries => entries?,
        };
        Ok(entries
            .filter_map(|entry| Some(entry.ok()?.path()))
            .collect())
    }

    /// The lines of the history, each session once. A line that was cut off is left out.
    pub(super) fn settled(&self) -> io::Result<Vec<Record>> {
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

    /// A file that is whole and locked as soon as others see it.
    pub(super) fn create(&self, record: &Record) -> io::Result<(File, PathBuf)> {
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
    pub(super) fn settle(&self, record: &Record) -> io::Result<()> {
        let Some(place) = &self.place else {
            return Ok(());
        };
        let file = private().create(true).open(place.join(HISTORY))?;
        append(&file, record)
    }

    /// One warning for each process, however many sessions it has.
    pub(super) fn warn(&self, error: &io::Error, callbacks: &dyn Callbacks) {
        if !self.has_warned.swap(true, Ordering::Relaxed) {
            callbacks.warn(&format!(
                "vendor-ssm cannot write its journal, so later commands will not know of a session that stays open: {error}"
            ));
        }
    }
}

/// A file of this user alone, written at its end.
fn private() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).append(true).mode(0o600);
    options
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

/// The last whole line is what is known.
/// `None` where the file was removed since it was opened: it is settled.
pub(super) fn read(mut file: &File) -> Option<Record> {
    if file.metadata().ok()?.nlink() == 0 {
        return None;
    }
    let mut text = Vec::new();
    file.seek(SeekFrom::Start(0)).ok()?;
    file.read_to_end(&mut text).ok()?;
    lines(&text).last()
}
