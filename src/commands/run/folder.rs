//! `--output-dir`: a file for each stream of each target, CUSTOMER/INSTANCE-ID.stdout and .stderr.
//! No text of the customer's names a file. Refused are files that are there already, links, and a
//! folder that another user could change.

use std::cell::RefCell;
use std::collections::HashSet;
use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use tokio::task::spawn_blocking;

use crate::args::run::Run;
use crate::error::Error;
use crate::os::Os;
use crate::platform::files;
use crate::private::{self, Create, Folder};
use crate::session::command::{Piece, Stream};
use crate::trust;

use super::job::Job;

/// The endings of a target's two files, in the order of the streams.
const ENDINGS: [&str; 2] = ["stdout", "stderr"];
/// The most files that an error names.
const NAMED: usize = 5;

/// The files that a `run` is going to write, while none of them is touched.
pub(super) struct Plan {
    folder: PathBuf,
    force: bool,
    /// The customer and the instance of each target whose instance is known.
    targets: Vec<Option<(String, String)>>,
    /// Whether a command is to run there.
    starts: Vec<bool>,
}

impl Plan {
    /// The plan for targets by their customers and ids, if there is to be a folder.
    /// It checks that every file can be made. Nothing is made or removed yet.
    pub(super) fn of(args: &Run, jobs: &[Job<'_, '_>], os: &Os) -> Result<Option<Self>, Error> {
        let Some(folder) = &args.output_dir else {
            return Ok(None);
        };
        let target = |job: &Job<'_, '_>| {
            let id = job.target()?.instance_id.clone();
            Some((job.whose.customer.to_owned(), id))
        };
        let plan = Self {
            folder: folder.components().collect(),
            force: args.force,
            targets: jobs.iter().map(target).collect(),
            starts: jobs.iter().map(|job| job.found.is_ok()).collect(),
        };
        plan.check(os)?;
        Ok(Some(plan))
    }

    fn check(&self, os: &Os) -> Result<(), Error> {
        let mut seen = HashSet::new();
        for target in self.targets.iter().flatten() {
            namable(target)?;
            // Names that differ in case alone can be those of one folder.
            let folder = if files::FOLDS_CASE {
                target.0.to_ascii_lowercase()
            } else {
                target.0.clone()
            };
            if !seen.insert((folder, &target.1)) {
                return Err(Error::Usage {
                    message: format!(
                        "{} is named twice, and --output-dir has one file for each of its streams",
                        target.1
                    ),
                    hint: Some("name each target once".to_owned()),
                });
            }
        }
        let Some(root) = self.find(os)? else {
            return Ok(());
        };
        let mut there = Vec::new();
        for (customer, id) in self.targets.iter().flatten() {
            let Some(folder) = root.find_in(customer).map_err(unusable)? else {
                continue;
            };
            for ending in ENDINGS {
                let name = format!("{id}.{ending}");
                if folder.has(OsStr::new(&name)).map_err(unusable)? {
                    there.push(self.folder.join(customer).join(name).display().to_string());
                }
            }
        }
        if !there.is_empty() && !self.force {
            let more = there.split_off(there.len().min(NAMED)).len();
            if more > 0 {
                there.push(format!("{more} more"));
            }
            return Err(Error::OutputFolder {
                message: format!("the files are there already: {}", there.join(", ")),
                hint: Some("pass --force to overwrite them, or name another folder".to_owned()),
            });
        }
        Ok(())
    }

    /// The folder, if it is there.
    fn find(&self, os: &Os) -> Result<Option<Folder>, Error> {
        match self.folder.symlink_metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Ok(metadata) if metadata.is_symlink() => {
                return Err(Error::OutputFolder {
                    message: format!(
                        "{} is a link, which --output-dir does not follow",
                        self.folder.display()
                    ),
                    hint: Some("name the folder that it leads to".to_owned()),
                });
            }
            _ => {}
        }
        let place = trust::folder(&self.folder, os).map_err(|distrust| Error::OutputFolder {
            message: format!("the output folder cannot be used: {distrust}"),
            hint: Some(distrust.hint()),
        })?;
        Folder::judged(&place).map(Some).map_err(unusable)
    }

    /// Makes the folders, and removes the files that are to be overwritten.
    pub(super) fn begin(self, os: &Os) -> Result<Files, Error> {
        let root = if let Some(root) = self.find(os)? {
            root
        } else {
            private::make_all(&self.folder).map_err(|error| {
                let path = self.folder.display();
                unusable(io::Error::new(error.kind(), format!("{path}: {error}")))
            })?;
            let gone = || unusable(io::ErrorKind::NotFound.into());
            self.find(os)?.ok_or_else(gone)?
        };
        let mut targets = Vec::with_capacity(self.targets.len());
        for (target, starts) in self.targets.into_iter().zip(self.starts) {
            let Some((customer, id)) = target else {
                targets.push(Target::default());
                continue;
            };
            let folder = if starts {
                root.make_in(&customer).map(Some)
            } else {
                root.find_in(&customer)
            };
            let folder = folder.map_err(unusable)?;
            for (folder, ending) in folder
                .iter()
                .flat_map(|folder| ENDINGS.map(|ending| (folder, ending)))
            {
                let name = format!("{id}.{ending}");
                let name = OsStr::new(&name);
                // Also of a target on which nothing runs: what an earlier run left would pass for
                // this run's output.
                if self.force && folder.has(name).map_err(unusable)? {
                    folder.remove(name).map_err(unusable)?;
                }
            }
            targets.push(Target {
                base: self.folder.join(&customer).join(&id),
                place: Some((customer, id)),
                ..Target::default()
            });
        }
        Ok(Files {
            root,
            targets: RefCell::new(targets),
        })
    }
}

/// Whether a customer and an instance can be the names of a folder and a file.
fn namable((customer, id): &(String, String)) -> Result<(), Error> {
    // An id comes from AWS's answer, and it could be a path.
    let mut characters = id.bytes();
    let is_plain = characters.all(|byte| byte.is_ascii_alphanumeric() || byte == b'-');
    if !is_plain || !files::is_usable_name(id) {
        return Err(Error::OutputFolder {
            message: format!("the instance id {id:?} cannot be the name of a file"),
            hint: Some("omit --output-dir".to_owned()),
        });
    }
    if !files::is_usable_name(customer) {
        return Err(Error::OutputFolder {
            message: format!(
                "the customer's name {customer:?} cannot be the name of a folder on this system"
            ),
            hint: Some("omit --output-dir, or rename the customer in the settings".to_owned()),
        });
    }
    Ok(())
}

/// The files of a `run`.
pub(super) struct Files {
    root: Folder,
    targets: RefCell<Vec<Target>>,
}

/// The files of one target.
#[derive(Debug, Default)]
struct Target {
    /// The customer and the instance's id.
    place: Option<(String, String)>,
    /// The files' path without their endings, to name them.
    base: PathBuf,
    /// While the command runs.
    open: Option<[Arc<File>; 2]>,
    was_opened: bool,
    /// Why not all of the output is there.
    trouble: Option<Trouble>,
}

/// A file that could not be written.
#[derive(Debug)]
pub(super) struct Trouble {
    pub file: String,
    pub source: io::Error,
}

impl Files {
    /// Makes a target's two files, before its command is started.
    pub(super) fn open(&self, at: usize) -> Result<(), Error> {
        let target = &mut self.targets.borrow_mut()[at];
        let Some((customer, id)) = &target.place else {
            return Ok(());
        };
        let folder = self.root.make_in(customer).map_err(unusable)?;
        let make = |ending| {
            let name = format!("{id}.{ending}");
            folder
                .append(OsStr::new(&name), Create::Always)
                .map(Arc::new)
        };
        let both = (|| Ok([make(ENDINGS[0])?, make(ENDINGS[1])?]))();
        target.open = Some(both.map_err(unusable)?);
        target.was_opened = true;
        Ok(())
    }

    /// Writes a piece of a target's output. A thread does, so that a slow disk holds up no session.
    /// False: that failed.
    pub(super) async fn take(&self, piece: Piece) -> bool {
        if piece.bytes.is_empty() {
            self.targets.borrow_mut()[piece.command].open = None;
            return true;
        }
        let file = {
            let targets = self.targets.borrow();
            let open = targets[piece.command].open.as_ref();
            open.map(|files| Arc::clone(&files[piece.stream as usize]))
        };
        let Some(file) = file else {
            return true;
        };
        let bytes = piece.bytes;
        let written = spawn_blocking(move || (&*file).write_all(&bytes)).await;
        let written = written.unwrap_or_else(|error| Err(io::Error::other(error)));
        if let Err(source) = written {
            let target = &mut self.targets.borrow_mut()[piece.command];
            // What comes later would leave a gap.
            target.open = None;
            target.trouble = Some(Trouble {
                file: path(&target.base, piece.stream),
                source,
            });
            return false;
        }
        true
    }

    /// What went wrong with a target's files; each trouble is handed out once.
    pub(super) fn trouble(&self, at: usize) -> Option<Trouble> {
        self.targets.borrow_mut()[at].trouble.take()
    }

    /// Removes the files of a target on which nothing was started.
    pub(super) fn remove(&self, at: usize) {
        let target = &mut self.targets.borrow_mut()[at];
        target.open = None;
        let Some((customer, id)) = target.place.as_ref().filter(|_| target.was_opened) else {
            return;
        };
        if let Ok(Some(folder)) = self.root.find_in(customer) {
            for ending in ENDINGS {
                let _ = folder.remove(OsStr::new(&format!("{id}.{ending}")));
            }
        }
    }

    /// The two files of a target, if they were made.
    pub(super) fn names(&self, at: usize) -> Option<String> {
        let target = &self.targets.borrow()[at];
        let base = target.was_opened.then(|| target.base.display());
        base.map(|base| format!("{base}.{} and .{}", ENDINGS[0], ENDINGS[1]))
    }

    /// Whether not all that a target's command wrote has reached its files yet.
    pub(super) fn is_open(&self, at: usize) -> bool {
        self.targets.borrow()[at].open.is_some()
    }
}

fn path(base: &Path, stream: Stream) -> String {
    format!("{}.{}", base.display(), ENDINGS[stream as usize])
}

#[expect(clippy::needless_pass_by_value, reason = "it is for map_err")]
fn unusable(error: io::Error) -> Error {
    Error::OutputFolder {
        message: format!("the output folder cannot be used: {error}"),
        hint: private::hint(&error),
    }
}
