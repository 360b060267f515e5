//! A server on a thread of its own, so that a test without a runtime can use it.

use std::thread::JoinHandle;

use tokio::sync::oneshot;

/// Serves until it is dropped. A runtime must not be dropped inside another, where a test may well
/// drop this; hence the thread.
pub(crate) struct Background {
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Background {
    /// Starts a thread of this name, with a runtime of so many workers for what `serve` returns.
    pub(crate) fn start<S, F>(name: &str, workers: usize, serve: S) -> std::io::Result<Self>
    where
        S: FnOnce() -> F + Send + 'static,
        F: Future,
    {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(workers)
            .thread_name(name)
            .enable_all()
            .build()?;
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::Builder::new()
            .name(name.to_owned())
            .spawn(move || {
                runtime.block_on(async move {
                    tokio::select! {
                        _ = serve() => {}
                        _ = stopped => {}
                    }
                });
            })?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Background {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A panic in there was reported by its own thread.
            let _ = thread.join();
        }
    }
}
