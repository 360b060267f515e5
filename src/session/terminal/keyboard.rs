//! Standard input, read without blocking the runtime.
//! A thread reads what is there when asked to, and stops when the session has ended. Keys typed
//! after a session stay for the shell.

use std::io;
use std::thread;

use tokio::sync::mpsc::{Receiver, Sender, channel};

use crate::platform::input::{Stopper, reader};

/// Reads of standard input, one for each call.
pub(crate) struct Keyboard {
    ask: Sender<usize>,
    answers: Receiver<io::Result<Vec<u8>>>,
    asked: bool,
    /// Dropped with this, which wakes the thread.
    _stop: Stopper,
}

impl Keyboard {
    /// Starts the thread.
    pub(crate) fn new() -> io::Result<Self> {
        let (mut stdin, stop) = reader()?;
        let (ask, mut asked) = channel::<usize>(1);
        let (answer, answers) = channel(1);
        thread::Builder::new()
            .name("stdin".to_owned())
            .spawn(move || {
                while let Some(limit) = asked.blocking_recv() {
                    let Some(read) = stdin.read(limit).transpose() else {
                        return;
                    };
                    if answer.blocking_send(read).is_err() {
                        return;
                    }
                }
            })?;
        Ok(Self {
            ask,
            answers,
            asked: false,
            _stop: stop,
        })
    }

    /// The next bytes, at most `limit` of them; empty at the end of input.
    /// Cancel-safe: a read that was asked for is answered by the next call.
    pub(crate) async fn read(&mut self, limit: usize) -> io::Result<Vec<u8>> {
        if !self.asked {
            self.asked = self.ask.send(limit).await.is_ok();
        }
        let read = self.answers.recv().await;
        self.asked = false;
        read.unwrap_or_else(|| Ok(Vec::new()))
    }
}
