//! The signals that stop vendor-ssm, turned into an exit code after clean-up.
//! Listening starts with the first [`Signals`]; from then on each stage must be run under
//! [`Signals::guard`] or watch them itself.

use std::future::Future;
use std::io;

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::exit::Exit;

/// SIGINT, SIGTERM, SIGHUP and SIGQUIT.
#[derive(Debug)]
pub struct Signals {
    interrupt: Signal,
    terminate: Signal,
    hang_up: Signal,
    quit: Signal,
}

/// A signal that asks vendor-ssm to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ending(u8);

impl Ending {
    /// From the keyboard: interrupt.
    pub const INTERRUPT: Self = Self(2);
    /// From the keyboard: quit.
    pub const QUIT: Self = Self(3);
    /// The terminal is gone.
    pub const HANG_UP: Self = Self(1);

    /// The signal's name.
    pub const fn name(self) -> &'static str {
        match self {
            Self::HANG_UP => "SIGHUP",
            Self::INTERRUPT => "SIGINT",
            Self::QUIT => "SIGQUIT",
            _ => "SIGTERM",
        }
    }

    /// The exit code, 128 and the signal's number.
    pub const fn exit(self) -> Exit {
        Exit::Signal(self.0)
    }
}

impl Signals {
    /// Starts to listen.
    pub fn new() -> io::Result<Self> {
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
            hang_up: signal(SignalKind::hangup())?,
            quit: signal(SignalKind::quit())?,
        })
    }

    /// The next signal. Cancel-safe.
    pub async fn next(&mut self) -> Ending {
        tokio::select! {
            _ = self.interrupt.recv() => Ending::INTERRUPT,
            _ = self.terminate.recv() => Ending(15),
            _ = self.hang_up.recv() => Ending::HANG_UP,
            _ = self.quit.recv() => Ending::QUIT,
        }
    }

    /// Runs work that may be dropped at any await point, until it is done or a signal comes.
    pub async fn guard<T>(&mut self, work: impl Future<Output = T>) -> Result<T, Ending> {
        tokio::select! {
            biased;
            ending = self.next() => Err(ending),
            done = work => Ok(done),
        }
    }

    /// Runs work to its end, and returns the first signal that came meanwhile.
    /// The work must not be dropped.
    pub async fn note<T>(&mut self, work: impl Future<Output = T>) -> (T, Option<Ending>) {
        let mut work = std::pin::pin!(work);
        let mut noted = None;
        loop {
            tokio::select! {
                done = &mut work => return (done, noted),
                ending = self.next(), if noted.is_none() => noted = Some(ending),
            }
        }
    }
}
