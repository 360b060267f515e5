//! Becomes another program in this process, as `env` does.
//! The starter gets that program's exit status, and its signals reach it.

use std::ffi::OsStr;
use std::io;
use std::mem::MaybeUninit;
use std::os::unix::process::CommandExt as _;
use std::process::{Command, ExitCode};
use std::ptr;

use super::memory::{give_back_core_limit, keep_memory_private};
use super::signals::starter_ignores_pipe;

/// Becomes the command. It returns only if that fails, with the reason.
///
/// What vendor-ssm has changed for itself is given back: the limit of core dumps, and the signals.
/// The kernel resets handlers by itself, and makes the process dumpable again (execve(2)). The
/// standard library would unblock all signals and heed SIGPIPE again, whatever the starter did.
#[expect(
    unsafe_code,
    reason = "no safe function reads the mask of signals or runs this late"
)]
pub(crate) fn become_command(mut command: Command) -> io::Result<u32> {
    let mut blocked = MaybeUninit::<libc::sigset_t>::uninit();
    // SAFETY: without a new mask pthread_sigmask only writes the one that it found, if it
    // returns 0.
    let blocked = unsafe {
        (libc::pthread_sigmask(libc::SIG_SETMASK, ptr::null(), blocked.as_mut_ptr()) == 0)
            .then(|| blocked.assume_init())
    };
    let give_back = move || {
        give_back_core_limit();
        if starter_ignores_pipe() {
            // SAFETY: to ignore a signal calls no function of this process.
            unsafe { libc::signal(libc::SIGPIPE, libc::SIG_IGN) };
        }
        if let Some(blocked) = &blocked {
            // SAFETY: the mask is the one that was read above.
            unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, blocked, ptr::null_mut()) };
        }
        Ok(())
    };
    // SAFETY: the closure allocates nothing and takes no lock.
    unsafe { command.pre_exec(give_back) };
    let error = command.exec();
    // It failed, and vendor-ssm goes on for a moment.
    keep_memory_private();
    Err(error)
}

/// The exit status of a program as this process's own. It has one byte (wait(2)).
pub(crate) fn exit_code(code: u32) -> ExitCode {
    u8::try_from(code).unwrap_or(u8::MAX).into()
}

/// Refuses a command line that the system would not take. The kernel says it at exec.
#[expect(
    clippy::unnecessary_wraps,
    reason = "another system refuses some of them"
)]
pub(crate) fn fits_a_command_line<'a>(
    _program: &OsStr,
    _arguments: impl Iterator<Item = &'a OsStr>,
) -> io::Result<()> {
    Ok(())
}
