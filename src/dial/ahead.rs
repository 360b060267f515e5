//! One host that is dialled before its stream is needed.

use std::future::ready;
use std::sync::Arc;
use std::time::Duration;

use tokio::io::AsyncReadExt as _;
use tokio::sync::oneshot;
use tokio::task::{JoinHandle, yield_now};
use tokio::time::timeout;
use url::Url;

use super::connect::{DialError, Stream, connect};
use super::ways::Ways;

/// How long a dial may take, and how long its stream may then stand unused.
/// A host or a proxy may give up a silent connection, and a call that is never repeated would be
/// lost on it.
const LONGEST: Duration = Duration::from_secs(5);

/// A dial on a task of its own. Dropped, it ends in silence.
pub(super) struct Ahead {
    ask: Option<oneshot::Sender<()>>,
    task: JoinHandle<Option<Dialled>>,
}

type Dialled = Result<Box<dyn Stream>, DialError>;

impl Ahead {
    pub(super) fn begin(ways: Arc<dyn Ways>, url: Url) -> Self {
        let (ask, mut asked) = oneshot::channel();
        let task = tokio::spawn(async move {
            match timeout(LONGEST, connect(&url, &*ways)).await.ok()? {
                Ok(stream) => timeout(LONGEST, unused(stream, asked)).await.ok()?.map(Ok),
                // A proxy that refuses a password may lock its user out, so it is not asked twice.
                Err(error @ DialError::ProxyAuthorization { .. }) => {
                    asked.await.ok().map(|()| Err(error))
                }
                Err(error) => asked.try_recv().ok().map(|()| Err(error)),
            }
        });
        let ask = Some(ask);
        Self { ask, task }
    }

    /// Whether nothing of it is left: it has failed, or its stream has stood for too long.
    pub(super) fn is_over(&self) -> bool {
        self.task.is_finished()
    }

    /// Its stream, or why there is none; a dial under way is waited for.
    /// `None` if the host has to be dialled again: the dial failed before it was needed, or the
    /// stream was closed or has stood for too long.
    pub(super) async fn dialled(mut self) -> Option<Dialled> {
        if let Some(ask) = self.ask.take() {
            // If the task is over, its result says so.
            let _ = ask.send(());
        }
        (&mut self.task).await.ok().flatten()
    }
}

/// The stream once it is asked for, unless the peer has closed it or spoken first.
async fn unused(
    mut stream: Box<dyn Stream>,
    asked: oneshot::Receiver<()>,
) -> Option<Box<dyn Stream>> {
    tokio::select! {
        _ = stream.read_u8() => return None,
        asked = asked => asked.ok()?,
    }
    // What the system knows of it by now is heard first.
    yield_now().await;
    tokio::select! {
        biased;
        _ = stream.read_u8() => None,
        () = ready(()) => Some(stream),
    }
}

impl Drop for Ahead {
    fn drop(&mut self) {
        self.task.abort();
    }
}
