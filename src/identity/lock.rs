//! Turns between processes: while one refreshes credentials, the others wait and then find them.
//! A folder for the locks that is not this user's alone is named once, and not used.

use std::ffi::OsStr;
use std::io;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::callbacks::Callbacks;
use crate::os::Os;
use crate::platform::places;
use crate::private::{self, Folder, Lock, Locked};

/// How long to wait for another process, which may be asking its user for an MFA code.
const PATIENCE: Duration = Duration::from_secs(10);

/// The folder's name, in the folder for runtime files.
const NAME: &str = "vendor-ssm";

/// What became of waiting.
#[derive(Debug)]
pub(super) enum Turn {
    /// This process has it until this is dropped.
    Ours {
        /// The lock itself.
        _lock: Lock,
    },
    /// This machine has no place for locks, so processes do not wait for each other.
    Free,
    /// Another process has not finished in ten seconds.
    Taken,
}

/// The locks of this user on this machine.
pub(super) struct Locks<'a> {
    /// `XDG_RUNTIME_DIR`.
    runtime: Option<PathBuf>,
    /// The folder for state.
    state: Option<PathBuf>,
    callbacks: &'a dyn Callbacks,
    has_warned: AtomicBool,
    patience: Duration,
}

impl<'a> Locks<'a> {
    /// The locks in the runtime folder, which is the user's alone, else in the state folder.
    /// XDG Base Directory Specification. Nothing is created before it is needed.
    pub(super) fn new(os: &Os, callbacks: &'a dyn Callbacks) -> Self {
        Self {
            runtime: places::runtime(os),
            state: places::state(os),
            callbacks,
            has_warned: AtomicBool::new(false),
            patience: PATIENCE,
        }
    }

    /// Waits for the turn called `name`.
    pub(super) async fn turn(&self, name: &str) -> Turn {
        let Some(folder) = self.folder() else {
            return Turn::Free;
        };
        let file = format!("{name}.lock");
        match private::wait(&folder, OsStr::new(&file), self.patience).await {
            Ok(Locked::Ours(lock)) => Turn::Ours { _lock: lock },
            Ok(Locked::Taken) => Turn::Taken,
            Ok(Locked::Unknown(_)) => Turn::Free,
            Err(error) => {
                self.refused(&error);
                Turn::Free
            }
        }
    }

    /// The folder for the locks. `XDG_RUNTIME_DIR` itself is never made: the system makes it.
    fn folder(&self) -> Option<Folder> {
        let runtime = self.runtime.as_deref().map(|runtime| {
            let found = Folder::runtime(runtime)?;
            found.map(|found| found.make_in(NAME)).transpose()
        });
        match runtime {
            Some(Ok(Some(folder))) => return Some(folder),
            Some(Err(error)) if private::is_refusal(&error) => self.warn(&format!(
                "vendor-ssm ignores XDG_RUNTIME_DIR: {error}; unset it, or name a folder of your own with mode 0700",
            )),
            _ => {}
        }
        let made = Folder::make(self.state.as_ref()?);
        made.inspect_err(|error| self.refused(error)).ok()
    }

    /// Warns once of what is not used. A system without a place for locks is not worth a warning.
    fn refused(&self, error: &io::Error) {
        if private::is_refusal(error) {
            self.warn(&format!(
                "vendor-ssm cannot use its lock, so processes may ask for the same credentials at once: {}",
                private::said(error)
            ));
        }
    }

    fn warn(&self, text: &str) {
        if !self.has_warned.swap(true, Ordering::Relaxed) {
            self.callbacks.warn(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::callbacks::Warnings;

    fn short<'a>(os: &Os, callbacks: &'a dyn Callbacks) -> Locks<'a> {
        let locks = Locks::new(os, callbacks);
        Locks {
            patience: Duration::from_millis(50),
            ..locks
        }
    }

    #[tokio::test]
    async fn one_at_a_time() {
        let (place, warnings) = (tempfile::tempdir().unwrap(), Warnings::default());
        let state = place.path().to_str().unwrap();
        let os = Os::with_environment([(places::STATE_VARIABLE, state)]);
        let locks = short(&os, &warnings);
        let first = locks.turn("a").await;
        assert!(matches!(first, Turn::Ours { .. }));
        assert!(matches!(locks.turn("a").await, Turn::Taken));
        assert!(matches!(locks.turn("b").await, Turn::Ours { .. }));
        drop(first);
        assert!(matches!(locks.turn("a").await, Turn::Ours { .. }));
        assert!(place.path().join("vendor-ssm/a.lock").exists());
        assert!(warnings.0.lock().unwrap().is_empty());
    }

    #[tokio::test]
    async fn without_a_place_nobody_waits() {
        let warnings = Warnings::default();
        let os = Os::with_environment([("XDG_RUNTIME_DIR", "relative")]);
        let locks = short(&os, &warnings);
        assert!(matches!(locks.turn("a").await, Turn::Free));
        assert!(warnings.0.lock().unwrap().is_empty());
    }

    #[cfg(unix)]
    #[tokio::test]
    async fn locks_are_kept_out_of_shared_places() {
        use std::fs::{self, Permissions};
        use std::os::unix::fs::PermissionsExt as _;
        use std::path::Path;

        let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
        let (place, warnings) = (tempfile::tempdir().unwrap(), Warnings::default());
        let (runtime, home) = (place.path().join("run"), place.path().join("home"));
        let os = Os::with_environment([
            ("XDG_RUNTIME_DIR", runtime.to_str().unwrap()),
            ("HOME", home.to_str().unwrap()),
        ]);
        let locks = || short(&os, &warnings);
        let lock = |folder: &Path| folder.join("vendor-ssm/a.lock");
        // A runtime folder that is not there is not made.
        assert!(matches!(locks().turn("a").await, Turn::Ours { .. }));
        assert!(!runtime.exists() && lock(&home.join(".local/state")).exists());
        assert!(warnings.0.lock().unwrap().is_empty());
        fs::create_dir(&runtime).unwrap();
        for shared in [0o755, 0o770, 0o1777] {
            fs::set_permissions(&runtime, Permissions::from_mode(shared)).unwrap();
            let locks = locks();
            assert!(matches!(locks.turn("a").await, Turn::Ours { .. }));
            assert!(matches!(locks.turn("b").await, Turn::Ours { .. }));
            let said = std::mem::take(&mut *warnings.0.lock().unwrap());
            assert_eq!(said.len(), 1, "{said:?}");
            assert!(said[0].contains(runtime.to_str().unwrap()), "{said:?}");
            assert!(!runtime.join("vendor-ssm").exists());
        }
        fs::set_permissions(&runtime, Permissions::from_mode(0o700)).unwrap();
        assert!(matches!(locks().turn("a").await, Turn::Ours { .. }));
        assert_eq!(mode(&runtime.join("vendor-ssm")), 0o700);
        assert_eq!(mode(&lock(&runtime)), 0o600);
    }
}
