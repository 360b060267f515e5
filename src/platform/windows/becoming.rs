//! Windows cannot replace a process's program, so that vendor-ssm stays beside it.

use std::io;
use std::os::windows::io::AsRawHandle as _;
use std::os::windows::process::CommandExt as _;
use std::process::{Command, ExitCode};
use std::thread;

use windows_sys::Win32::System::Console::{CTRL_BREAK_EVENT, CTRL_C_EVENT, SetConsoleCtrlHandler};
use windows_sys::Win32::System::Threading::CREATE_SUSPENDED;
use windows_sys::core::BOOL;

use super::child::status_code;
use super::command_line::said_well;
use super::handle::done;
use super::job::Job;
use super::memory::with_the_starters_error_mode;

/// Runs the command to its end, and returns its exit code.
///
/// Keys and the console's closing are the command's. It is killed with vendor-ssm, and what it
/// leaves behind when it ends by itself lives on.
pub(crate) fn become_command(mut command: Command) -> io::Result<u32> {
    leave_keys_to_others()?;
    let job = Job::new()?;
    command.creation_flags(CREATE_SUSPENDED);
    let mut child = with_the_starters_error_mode(|| command.spawn()).map_err(said_well)?;
    if let Err(error) = job.take(child.as_raw_handle(), child.id()) {
        let _ = child.kill();
        return Err(error);
    }
    let status = child.wait()?;
    job.let_go();
    Ok(status_code(status))
}

/// From here on vendor-ssm outlives what the console sends, and the command decides.
#[expect(unsafe_code, reason = "the standard library has no consoles")]
fn leave_keys_to_others() -> io::Result<()> {
    // SAFETY: the handler is a function of this program, and calls nothing of the caller's.
    done(unsafe { SetConsoleCtrlHandler(Some(leave), 1) })
}

/// Runs on a thread of its own (Microsoft Learn, "HandlerRoutine").
#[expect(unsafe_code, reason = "the system calls it")]
unsafe extern "system" fn leave(event: u32) -> BOOL {
    if event != CTRL_C_EVENT && event != CTRL_BREAK_EVENT {
        // Windows ends the process when this returns. The command has the same 5 s.
        loop {
            thread::park();
        }
    }
    1
}

/// The exit code of a program as this process's own, all 32 bits of it.
#[expect(
    clippy::exit,
    reason = "ExitCode has 8 bits, and 256 would turn into success"
)]
pub(crate) fn exit_code(code: u32) -> ExitCode {
    match u8::try_from(code) {
        Ok(code) => code.into(),
        Err(_) => std::process::exit(i32::from_ne_bytes(code.to_ne_bytes())),
    }
}
