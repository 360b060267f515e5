//! The signals that stop vendor-ssm, turned into an exit code after clean-up.
//! Listening starts with the first [`Signals`]; from then on each stage must be run under
//! [`Signals::guard`] or watch them itself.
//!
//! A signal that the starter ignores stays ignored, here and in the programs that vendor-ssm
//! starts. `nohup` ignores SIGHUP. A shell without job control ignores SIGINT and SIGQUIT for what
//! it starts with `&` (POSIX, Shell Command Language 2.12).

use std::future::{Future, pending};
use std::io;
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::signal::unix::{Signal, SignalKind, signal};

use crate::exit::Exit;

/// SIGINT, SIGTERM, SIGHUP and SIGQUIT, without those that the starter ignores.
#[derive(Debug)]
pub struct Signals {
    interrupt: Heeded,
    terminate: Heeded,
    hang_up: Heeded,
    quit: Heeded,
}

/// A signal to wait for, unless the starter of vendor-ssm ignores it.
#[derive(Debug)]
pub(crate) struct Heeded(Option<Signal>);

impl Heeded {
    /// Starts to listen, unless the signal is ignored.
    pub(crate) fn new(kind: SignalKind) -> io::Result<Self> {
        if is_ignored(kind) {
            return Ok(Self(None));
        }
        Ok(Self(Some(signal(kind)?)))
    }

    /// Waits for the signal, for ever if it is ignored. Cancel-safe.
    async fn next(&mut self) {
        match &mut self.0 {
            Some(signal) => drop(signal.recv().await),
            None => pending().await,
        }
    }
}

/// Whether the process ignores a signal (sigaction(2)).
/// vendor-ssm itself ignores none of those that it asks about, so that its starter did.
#[expect(
    unsafe_code,
    reason = "no safe function reads what a process does about a signal"
)]
fn is_ignored(kind: SignalKind) -> bool {
    let mut found = MaybeUninit::<libc::sigaction>::uninit();
    // SAFETY: without a new action sigaction only writes the one that it found, if it returns 0.
    unsafe {
        let read = libc::sigaction(kind.as_raw_value(), ptr::null(), found.as_mut_ptr());
        read == 0 && found.assume_init().sa_sigaction == libc::SIG_IGN
    }
}

/// Whether the starter of vendor-ssm ignores SIGPIPE.
/// Rust ignores it before `main`, so that it is looked at before that.
static PIPE_IGNORED: AtomicBool = AtomicBool::new(false);

/// Called by the loader before `main` (ELF gABI, "Initialization and Termination Functions").
#[cfg(target_os = "linux")]
#[used]
#[expect(unsafe_code, reason = "only a section of its own is called this early")]
#[unsafe(link_section = ".init_array")]
static BEFORE_MAIN: extern "C" fn() = note_ignored_pipe;

#[cfg(target_os = "linux")]
extern "C" fn note_ignored_pipe() {
    let is_ignored = is_ignored(SignalKind::pipe());
    PIPE_IGNORED.store(is_ignored, Ordering::Relaxed);
}

/// Whether the starter ignores SIGPIPE, as far as that is known.
pub(crate) fn starter_ignores_pipe() -> bool {
    PIPE_IGNORED.load(Ordering::Relaxed)
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
            interrupt: Heeded::new(SignalKind::interrupt())?,
            terminate: Heeded::new(SignalKind::terminate())?,
            hang_up: Heeded::new(SignalKind::hangup())?,
            quit: Heeded::new(SignalKind::quit())?,
        })
    }

    /// The next signal. Cancel-safe.
    pub async fn next(&mut self) -> Ending {
        tokio::select! {
            () = self.interrupt.next() => Ending::INTERRUPT,
            () = self.terminate.next() => Ending(15),
            () = self.hang_up.next() => Ending::HANG_UP,
            () = self.quit.next() => Ending::QUIT,
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
