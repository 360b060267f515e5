//! A Unix socket that vendor-ssm listens on, for this user alone: it has mode 0600.
//!
//! No other user can connect before the mode is right: a socket refuses connections until
//! listen(2). It is removed at the end, unless something else has taken its place meanwhile.

use std::ffi::OsStr;
use std::fs::Metadata;
use std::io;
use std::os::fd::OwnedFd;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
use std::os::unix::net::UnixListener as StdListener;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use rustix::fs::{FlockOperation, Mode, OFlags, fchmod, flock, open};
use rustix::io::{Errno, FdFlags, fcntl_setfd, ioctl_fionbio};
use rustix::net::{AddressFamily, SocketAddrUnix, SocketType, bind, connect, listen, socket};
use tokio::net::{UnixListener, UnixStream};

/// The longest path of a Unix socket, in bytes; `None` if this system has no such sockets.
/// macOS has room for 104 with the byte that ends it (unix(4)), Linux for 108 (unix(7)). Nearly one
/// limit for both lets a script work on both.
pub(crate) const LONGEST_SOCKET: Option<usize> =
    Some(if cfg!(target_os = "macos") { 103 } else { 104 });

/// Read and write for the owner alone.
/// A program must have the right to write the socket before it can connect (unix(7)).
const OWN: u32 = 0o600;
/// How many connections may wait to be accepted, as many as the standard library asks for.
const BACKLOG: i32 = 128;
/// How long another vendor-ssm in the same folder is waited for.
const PATIENCE: Duration = Duration::from_secs(2);

/// A connection of a local program to the socket.
pub(crate) type LocalStream = UnixStream;

/// Why there is no socket at the path. What is there already is untouched.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unlistenable {
    /// A socket is there, and a program listens on it.
    #[error("another program listens there")]
    Answers,
    /// A socket is there, and another user owns it.
    #[error("the socket there belongs to another user (uid {0})")]
    Foreign(u32),
    /// This is there.
    #[error("{0} is there already")]
    Taken(&'static str),
    /// The system refused.
    #[error(transparent)]
    Io(#[from] io::Error),
}

impl From<Errno> for Unlistenable {
    fn from(error: Errno) -> Self {
        Self::Io(error.into())
    }
}

impl Unlistenable {
    /// What to do next.
    pub(crate) fn hint(&self) -> &'static str {
        match self {
            Self::Answers => "choose another path, or stop that program",
            Self::Foreign(_) | Self::Taken(_) => {
                "choose another path: vendor-ssm replaces only a socket of yours on which no program listens"
            }
            Self::Io(_) => "choose another path",
        }
    }
}

/// A Unix socket, removed when this is dropped.
#[derive(Debug)]
pub(crate) struct LocalSocket {
    /// Its path without links.
    path: PathBuf,
    /// Which file it is: the numbers of its device and its inode.
    /// As long as it is open, no other file gets them.
    file: (u64, u64),
    /// `None` until it listens.
    listener: Option<UnixListener>,
}

impl LocalSocket {
    /// Makes the socket `name` in `folder` and listens on it. To be called inside a runtime.
    /// `folder` has no links, and no other user can change it. `typed` is the path as it was typed.
    /// A socket of this user that nothing listens on is replaced.
    pub(crate) fn new(folder: &Path, name: &OsStr, typed: &Path) -> Result<Self, Unlistenable> {
        let path = folder.join(name);
        // The address of a socket is short. No other user can change the typed path either.
        let address = SocketAddrUnix::new(&path).or_else(|_| SocketAddrUnix::new(typed))?;
        let _turn = Turn::wait_for(folder);
        let us = rustix::process::geteuid().as_raw();
        make_room(&path, &address, us)?;
        let socket = stream()?;
        // Linux takes the mode of the new file from the open socket (`unix_bind_bsd`). Other
        // systems refuse; then the file gets it below, before any program can connect.
        let _ = fchmod(&socket, Mode::RUSR | Mode::WUSR);
        bind(&socket, &address).map_err(|error| match error {
            Errno::ADDRINUSE | Errno::EXIST => Unlistenable::Taken("something"),
            error => Unlistenable::Io(error.into()),
        })?;
        let mut made = Self {
            file: number(&path.symlink_metadata()?),
            path,
            listener: None,
        };
        let own = std::fs::Permissions::from_mode(OWN);
        std::fs::set_permissions(&made.path, own)?;
        listen(&socket, BACKLOG)?;
        made.listener = Some(UnixListener::from_std(StdListener::from(socket))?);
        Ok(made)
    }

    /// The next connection.
    pub(crate) async fn accept(&self) -> io::Result<UnixStream> {
        let listener = self.listener.as_ref().ok_or(io::ErrorKind::NotConnected)?;
        Ok(listener.accept().await?.0)
    }
}

impl Drop for LocalSocket {
    fn drop(&mut self) {
        let _turn = self.path.parent().map(Turn::wait_for);
        let found = self.path.symlink_metadata();
        if found.is_ok_and(|found| number(&found) == self.file) {
            // What cannot be removed is replaced the next time.
            let _ = std::fs::remove_file(&self.path);
        }
    }
}

/// Makes sure that nothing is at the path, or refuses it. `us` is this process's user.
fn make_room(path: &Path, address: &SocketAddrUnix, us: u32) -> Result<(), Unlistenable> {
    let found = match path.symlink_metadata() {
        Ok(found) => found,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.into()),
    };
    let kind = found.file_type();
    if !kind.is_socket() {
        return Err(Unlistenable::Taken(if kind.is_symlink() {
            "a symbolic link"
        } else if kind.is_dir() {
            "a folder"
        } else if kind.is_file() {
            "a regular file"
        } else {
            "a special file"
        }));
    }
    if found.uid() != us {
        return Err(Unlistenable::Foreign(found.uid()));
    }
    match connect(&stream()?, address) {
        // Its queue may be full, or it may take datagrams.
        Ok(()) | Err(Errno::AGAIN | Errno::INPROGRESS | Errno::PROTOTYPE) => {
            Err(Unlistenable::Answers)
        }
        Err(Errno::CONNREFUSED) => Ok(std::fs::remove_file(path)?),
        Err(Errno::NOENT) => Ok(()),
        Err(error) => Err(Unlistenable::Io(error.into())),
    }
}

/// A socket without an address, which no other program inherits and no call waits for.
fn stream() -> io::Result<OwnedFd> {
    let socket = socket(AddressFamily::UNIX, SocketType::STREAM, None)?;
    fcntl_setfd(&socket, FdFlags::CLOEXEC)?;
    ioctl_fionbio(&socket, true)?;
    Ok(socket)
}

fn number(file: &Metadata) -> (u64, u64) {
    (file.dev(), file.ino())
}

/// A turn in a folder.
/// Between bind and listen, a socket looks like one that a killed program left, and another
/// vendor-ssm would replace it.
#[derive(Debug)]
struct Turn {
    /// Holds the lock, if the folder could be locked in time.
    /// Another user may hold a lock on `/tmp` for ever; then vendor-ssm goes on without.
    _folder: Option<OwnedFd>,
}

impl Turn {
    fn wait_for(folder: &Path) -> Self {
        let flags = OFlags::RDONLY | OFlags::DIRECTORY | OFlags::CLOEXEC;
        let until = Instant::now() + PATIENCE;
        let mut opened = open(folder, flags, Mode::empty()).ok();
        while let Some(folder) = &opened {
            match flock(folder, FlockOperation::NonBlockingLockExclusive) {
                Ok(()) => break,
                Err(Errno::WOULDBLOCK) if Instant::now() < until => {
                    sleep(Duration::from_millis(10));
                }
                Err(_) => opened = None,
            }
        }
        Self { _folder: opened }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_socket_of_this_user_that_nothing_listens_on_makes_room() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("s");
        let address = SocketAddrUnix::new(&path).unwrap();
        let us = rustix::process::geteuid().as_raw();
        make_room(&path, &address, us).unwrap();

        let listener = StdListener::bind(&path).unwrap();
        let before = number(&path.symlink_metadata().unwrap());
        let refused = make_room(&path, &address, us).unwrap_err();
        assert!(matches!(refused, Unlistenable::Answers), "{refused}");
        drop(listener);
        // The same file, as another user sees it.
        let refused = make_room(&path, &address, us + 1).unwrap_err();
        assert!(matches!(refused, Unlistenable::Foreign(uid) if uid == us));
        assert_eq!(number(&path.symlink_metadata().unwrap()), before);
        make_room(&path, &address, us).unwrap();
        assert!(path.symlink_metadata().is_err());
    }

    #[test]
    fn a_full_queue_and_datagrams_are_an_answer_too() {
        let folder = tempfile::tempdir().unwrap();
        let us = rustix::process::geteuid().as_raw();
        let path = folder.path().join("full");
        let address = SocketAddrUnix::new(&path).unwrap();
        let listener = stream().unwrap();
        bind(&listener, &address).unwrap();
        listen(&listener, 0).unwrap();
        let mut waiting = Vec::new();
        let full = loop {
            let socket = stream().unwrap();
            if let Err(error) = connect(&socket, &address) {
                break error;
            }
            waiting.push(socket);
        };
        assert_ne!(full, Errno::CONNREFUSED);
        let refused = make_room(&path, &address, us).unwrap_err();
        assert!(matches!(refused, Unlistenable::Answers), "{refused}");

        let path = folder.path().join("datagrams");
        let address = SocketAddrUnix::new(&path).unwrap();
        let _socket = std::os::unix::net::UnixDatagram::bind(&path).unwrap();
        let refused = make_room(&path, &address, us).unwrap_err();
        assert!(matches!(refused, Unlistenable::Answers), "{refused}");
    }
}
