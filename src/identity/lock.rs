//! Turns between processes: while one refreshes credentials, the others wait and then find them.
//! Nothing is ever written into the files that are locked.

use std::fs::{DirBuilder, File, OpenOptions, TryLockError};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use crate::os::Os;

/// How long to wait for another process, which may be asking its user for an MFA code.
const PATIENCE: Duration = Duration::from_secs(10);

/// How often to look, since waiting for a file lock has no time limit.
const INTERVAL: Duration = Duration::from_millis(20);

/// What became of waiting.
#[derive(Debug)]
pub(super) enum Turn {
    /// This process has it until this is dropped.
    Ours {
        /// The lock goes with the open file.
        _file: File,
    },
    /// This machine has no place for locks, so processes do not wait for each other.
    Free,
    /// Another process has not finished in ten seconds.
    Taken,
}

/// The directory for the locks:
/// the runtime directory, which is the user's alone, else the state directory.
pub(super) fn directory(os: &Os) -> Option<PathBuf> {
    let variable = |name: &str| {
        os.var(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    let base = if cfg!(windows) {
        variable("LOCALAPPDATA")
    } else {
        variable("XDG_RUNTIME_DIR")
            .or_else(|| variable("XDG_STATE_HOME"))
            .or_else(|| Some(os.home()?.join(".local/state")))
    };
    Some(base?.join("vendor-ssm"))
}

/// Waits for the turn called `name`.
pub(super) async fn turn(directory: Option<&Path>, name: &str) -> Turn {
    wait(directory, name, PATIENCE).await
}

async fn wait(directory: Option<&Path>, name: &str, patience: Duration) -> Turn {
    let Some(file) = directory.and_then(|directory| open(directory, name).ok()) else {
        return Turn::Free;
    };
    let begun = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Turn::Ours { _file: file },
            Err(TryLockError::Error(_)) => return Turn::Free,
            Err(TryLockError::WouldBlock) if begun.elapsed() >= patience => return Turn::Taken,
            Err(TryLockError::WouldBlock) => tokio::time::sleep(INTERVAL).await,
        }
    }
}

fn open(directory: &Path, name: &str) -> std::io::Result<File> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
        builder.mode(0o700);
        options.mode(0o600);
    }
    builder.create(directory)?;
    options.open(directory.join(format!("{name}.lock")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn one_at_a_time() {
        let place = tempfile::tempdir().unwrap();
        let directory = place.path().join("vendor-ssm");
        let short = Duration::from_millis(50);
        let first = wait(Some(&directory), "a", short).await;
        assert!(matches!(first, Turn::Ours { .. }));
        assert!(matches!(
            wait(Some(&directory), "a", short).await,
            Turn::Taken
        ));
        assert!(matches!(
            wait(Some(&directory), "b", short).await,
            Turn::Ours { .. }
        ));
        drop(first);
        assert!(matches!(
            wait(Some(&directory), "a", short).await,
            Turn::Ours { .. }
        ));
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
            assert_eq!(mode(&directory), 0o700);
            assert_eq!(mode(&directory.join("a.lock")), 0o600);
        }
    }

    #[tokio::test]
    async fn without_a_place_nobody_waits() {
        assert!(matches!(turn(None, "a").await, Turn::Free));
        let file = tempfile::NamedTempFile::new().unwrap();
        assert!(matches!(turn(Some(file.path()), "a").await, Turn::Free));
    }

    #[test]
    #[cfg(unix)]
    fn locks_are_kept_out_of_shared_places() {
        let os = Os::with_environment([("XDG_RUNTIME_DIR", "/run/user/1"), ("HOME", "/home/a")]);
        assert_eq!(directory(&os), Some("/run/user/1/vendor-ssm".into()));
        let os = Os::with_environment([("XDG_RUNTIME_DIR", "relative"), ("HOME", "/home/a")]);
        assert_eq!(
            directory(&os),
            Some("/home/a/.local/state/vendor-ssm".into())
        );
        assert_eq!(directory(&Os::with_environment([])), None);
    }
}
