//! Unix sockets, which vendor-ssm does not listen on here.
//! Windows has had `AF_UNIX` since version 1803, but few Windows programs connect to such a socket.
//! The command line refuses its path, so that none of this is ever made.

use std::ffi::OsStr;
use std::io;
use std::path::Path;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};

/// `None`: vendor-ssm listens on no Unix socket here.
pub(crate) const LONGEST_SOCKET: Option<usize> = None;

/// A Unix socket. There is none.
#[derive(Debug)]
pub(crate) enum LocalSocket {}

/// A connection of a local program to the socket. There is none.
#[derive(Debug)]
pub(crate) enum LocalStream {}

/// Why there is no socket at the path.
#[derive(Debug, thiserror::Error)]
#[error("vendor-ssm does not listen on Unix sockets on Windows")]
pub(crate) struct Unlistenable;

impl Unlistenable {
    /// What to do next.
    #[expect(clippy::unused_self, reason = "elsewhere it depends on what is wrong")]
    pub(crate) fn hint(&self) -> &'static str {
        "use a port, such as -L 5432:db.internal:5432"
    }
}

impl LocalSocket {
    /// Refuses.
    pub(crate) fn new(_folder: &Path, _name: &OsStr, _typed: &Path) -> Result<Self, Unlistenable> {
        Err(Unlistenable)
    }

    /// The next connection.
    #[expect(clippy::unused_async, reason = "elsewhere it waits")]
    pub(crate) async fn accept(&self) -> io::Result<LocalStream> {
        match *self {}
    }
}

impl AsyncRead for LocalStream {
    fn poll_read(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
        _: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        match *self {}
    }
}

impl AsyncWrite for LocalStream {
    fn poll_write(self: Pin<&mut Self>, _: &mut Context<'_>, _: &[u8]) -> Poll<io::Result<usize>> {
        match *self {}
    }

    fn poll_flush(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        match *self {}
    }

    fn poll_shutdown(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<io::Result<()>> {
        match *self {}
    }
}
