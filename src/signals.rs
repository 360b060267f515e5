//! The signals that stop vendor-ssm, turned into an exit code after clean-up.
//! Listening starts with the first [`Signals`]; from then on each stage must be run under
//! [`Signals::guard`] or watch them itself.

use std::future::Future;
use std::io;
use std::time::Duration;

use crate::exit::Exit;
use crate::platform;

/// What asks vendor-ssm to stop.
/// On Unix SIGINT, SIGTERM, SIGHUP and SIGQUIT, without those that the starter ignores. On Windows
/// Ctrl-C, Ctrl-Break, the closing of the console's window, log-off and shutdown.
#[derive(Debug)]
pub struct Signals(platform::Endings);

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

    /// The signal's name on this system.
    pub const fn name(self) -> &'static str {
        platform::ending_name(self.0)
    }

    /// Its number on Unix, and that of the signal in whose place Windows has something else.
    pub const fn number(self) -> u8 {
        self.0
    }

    /// How long ending a session may take then.
    pub const fn time_to_end(self) -> Duration {
        platform::time_to_end(self.0)
    }

    /// The exit code, 128 and the signal's number.
    pub const fn exit(self) -> Exit {
        Exit::Signal(self.0)
    }
}

impl Signals {
    /// Starts to listen.
    pub fn new() -> io::Result<Self> {
        Ok(Self(platform::Endings::new()?))
    }

    /// The next signal. Cancel-safe.
    pub async fn next(&mut self) -> Ending {
        Ending(self.0.next().await)
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
