//! Standard input, read without blocking the runtime.
//! A thread reads what is there when asked to, and stops when the session has ended. Keys typed
//! after a session stay for the shell.

use std::io;
use std::os::fd::OwnedFd;
use std::thread;

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::pipe::pipe;
use tokio::sync::mpsc::{Receiver, Sender, channel};

/// Reads of standard input, one for each call.
pub(crate) struct Keyboard {
    ask: Sender<usize>,
    answers: Receiver<io::Result<Vec<u8>>>,
    asked: bool,
    /// Closed when this is dropped, which wakes the thread.
    _stop: OwnedFd,
}

impl Keyboard {
    /// Starts the thread.
    pub(crate) fn new() -> io::Result<Self> {
        let (stopped, stop) = pipe()?;
        let (ask, mut asked) = channel::<usize>(1);
        let (answer, answers) = channel(1);
        thread::Builder::new()
            .name("stdin".to_owned())
            .spawn(move || {
                while let Some(limit) = asked.blocking_recv() {
                    let Some(read) = read(limit, &stopped).transpose() else {
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

/// Waits for input or the stop; `None` is the stop.
fn read(limit: usize, stopped: &OwnedFd) -> io::Result<Option<Vec<u8>>> {
    let stdin = rustix::stdio::stdin();
    let mut waiting = [
        PollFd::new(&stdin, PollFlags::IN),
        PollFd::new(stopped, PollFlags::IN),
    ];
    let mut bytes = vec![0; limit];
    let length = loop {
        match poll(&mut waiting, None) {
            Err(Errno::INTR) => continue,
            Err(error) => return Err(error.into()),
            Ok(_) if !waiting[1].revents().is_empty() => return Ok(None),
            Ok(_) => {}
        }
        match rustix::io::read(stdin, &mut bytes) {
            Ok(length) => break length,
            // A signal came, or another process has read what was there.
            Err(Errno::INTR | Errno::AGAIN) => {}
            // A terminal that was hung up reads as an error; it is the end of input all the same.
            Err(Errno::IO) => break 0,
            Err(error) => return Err(error.into()),
        }
    };
    bytes.truncate(length);
    Ok(Some(bytes))
}
