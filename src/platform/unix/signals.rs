//! The signals that stop vendor-ssm.
//! Listening starts with the first [`Endings`], and never ends: each listener hears each signal.
//!
//! A signal that the starter ignores stays ignored, here and in the programs that vendor-ssm
//! starts. `nohup` ignores SIGHUP. A shell without job control ignores SIGINT and SIGQUIT for what
//! it starts with `&` (POSIX, Shell Command Language 2.12).

use std::future::pending;
use std::io;
use std::mem::MaybeUninit;
use std::ptr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::signal::unix::{Signal, SignalKind, signal};

/// SIGINT, SIGTERM, SIGHUP and SIGQUIT, without those that the starter ignores.
#[derive(Debug)]
pub(crate) struct Endings {
    interrupt: Heeded,
    terminate: Heeded,
    hang_up: Heeded,
    quit: Heeded,
}

impl Endings {
    /// Starts to listen.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            interrupt: Heeded::new(SignalKind::interrupt())?,
            terminate: Heeded::new(SignalKind::terminate())?,
            hang_up: Heeded::new(SignalKind::hangup())?,
            quit: Heeded::new(SignalKind::quit())?,
        })
    }

    /// The number of the next signal. Cancel-safe.
    pub(crate) async fn next(&mut self) -> u8 {
        tokio::select! {
            () = self.interrupt.next() => 2,
            () = self.terminate.next() => 15,
            () = self.hang_up.next() => 1,
            () = self.quit.next() => 3,
        }
    }
}

/// The signal's name.
pub(crate) const fn ending_name(number: u8) -> &'static str {
    match number {
        1 => "SIGHUP",
        2 => "SIGINT",
        3 => "SIGQUIT",
        _ => "SIGTERM",
    }
}

/// How long ending a session may take after a signal: its sender waits.
pub(crate) const fn time_to_end(_number: u8) -> Duration {
    Duration::from_secs(5)
}

/// A signal to wait for, unless the starter of vendor-ssm ignores it.
#[derive(Debug)]
pub(super) struct Heeded(Option<Signal>);

impl Heeded {
    /// Starts to listen, unless the signal is ignored.
    pub(super) fn new(kind: SignalKind) -> io::Result<Self> {
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
pub(super) fn starter_ignores_pipe() -> bool {
    PIPE_IGNORED.load(Ordering::Relaxed)
}
