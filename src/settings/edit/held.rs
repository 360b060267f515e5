//! The lock on the settings while a command changes them.

use std::ffi::OsString;
use std::path::PathBuf;
use std::time::Duration;

use super::super::error::Error;
use super::super::find;
use super::super::origin::Origin;
use super::super::source::Location;
use super::save::{folder_of, sweep};
use crate::callbacks::Callbacks;
use crate::os::Os;
use crate::private::{self, Folder, Lock, Locked};

/// How long to wait for other processes that change the file. Each takes well under a second.
const PATIENCE: Duration = Duration::from_secs(30);
/// The lock's name in a settings folder.
const IN_FOLDER: &str = ".vendor-ssm.lock";

/// The lock on the settings.
/// A file is renamed over, so the lock is on one beside it. The lock of a folder is inside it.
pub(super) struct Held {
    /// The settings file or folder behind all links.
    pub place: PathBuf,
    folder: Folder,
    name: OsString,
    /// `None` if the file system has no locks.
    lock: Option<Lock>,
}

impl Held {
    /// Waits for the lock. The folder is made if it is missing.
    pub(super) async fn wait(
        location: &Location,
        origin: &Origin,
        os: &Os,
        callbacks: &dyn Callbacks,
    ) -> Result<Self, Error> {
        let unwritable = |source| Error::Unwritable {
            location: location.clone(),
            source,
        };
        let folder_of = |place: &PathBuf| {
            if location.is_folder {
                place.clone()
            } else {
                folder_of(place).to_owned()
            }
        };
        let place = find::place(location, origin, os)?;
        private::make_all(&folder_of(&place)).map_err(unwritable)?;
        // In a sticky folder another user may have made it first.
        let place = find::place(location, origin, os)?;
        let folder = Folder::judged(&folder_of(&place)).map_err(unwritable)?;
        let name = if location.is_folder {
            IN_FOLDER.into()
        } else {
            let mut name = OsString::from(".");
            name.push(place.file_name().unwrap_or_default());
            name.push(".lock");
            name
        };
        callbacks.step("waiting for another vendor-ssm that changes the settings…");
        let lock = match private::wait(&folder, &name, PATIENCE).await {
            Ok(Locked::Ours(lock)) => Some(lock),
            Ok(Locked::Taken) => {
                return Err(Error::Busy {
                    location: location.clone(),
                    lock: folder.path_of(&name),
                    seconds: PATIENCE.as_secs(),
                });
            }
            Ok(Locked::Unknown(error)) => {
                callbacks.warn(&format!(
                    "{} cannot be locked ({error}), so do not change the settings twice at once",
                    folder.path_of(&name).display()
                ));
                None
            }
            Err(error) => return Err(unwritable(error)),
        };
        if lock.is_some() {
            sweep(folder.path());
        }
        Ok(Self {
            place,
            folder,
            name,
            lock,
        })
    }
}

impl Drop for Held {
    fn drop(&mut self) {
        match self.lock.take() {
            Some(lock) => lock.remove(&self.folder, &self.name),
            None => drop(self.folder.remove(&self.name)),
        }
    }
}
