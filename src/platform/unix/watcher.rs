//! Ends a program when vendor-ssm is killed, where the kernel does not do it.
//! macOS has no `PR_SET_PDEATHSIG`.
//!
//! A shell beside the program holds the reading end of a pipe, and vendor-ssm the only writing end.
//! When vendor-ssm is gone, however it ended, the kernel closes that end (pipe(2)), and the shell
//! sends the program a signal. If the program has ended before, vendor-ssm writes a line, and the
//! shell leaves without a signal. It is a shell so that `killall vendor-ssm` does not end it too.

use std::ffi::{CStr, CString, c_char, c_int};
use std::io::{self, PipeReader, PipeWriter, Write as _};
use std::os::fd::{AsRawFd as _, RawFd};
use std::ptr;

use rustix::process::Signal;
use tokio::process::Command;

const SHELL: &CStr = c"/bin/sh";
/// The longest number of a process, with its sign and the final NUL.
const NUMBER: usize = 12;

/// Watches over a program as long as this is held.
#[derive(Debug)]
pub(super) struct Watcher {
    /// The only writing end.
    lets_go: PipeWriter,
    /// Open until the program was started.
    _watched: PipeReader,
}

impl Watcher {
    /// Has the command begin with a watcher beside it, which sends this signal.
    #[expect(
        unsafe_code,
        reason = "between fork and exec only plain system calls are made"
    )]
    pub(super) fn over(command: &mut Command, signal: Signal) -> io::Result<Self> {
        let (watched, lets_go) = io::pipe()?;
        let end = watched.as_raw_fd();
        let script = format!("read -r ended || kill -{} \"$0\"", signal.as_raw());
        let script = CString::new(script)?;
        // SAFETY: the closure allocates nothing and takes no lock.
        unsafe {
            command.pre_exec(move || begin(end, &script));
        }
        Ok(Self {
            lets_go,
            _watched: watched,
        })
    }
}

impl Drop for Watcher {
    fn drop(&mut self) {
        // Without a watcher it has no reader.
        let _ = self.lets_go.write_all(b"\n");
    }
}

/// Starts the watcher from the process that is about to become the program.
/// It is a grandchild, so that the program finds no child that it does not know.
#[expect(
    unsafe_code,
    reason = "no safe function forks, since only plain system calls may follow"
)]
fn begin(end: RawFd, script: &CStr) -> io::Result<()> {
    // SAFETY: this process has a single thread, a copy of the one that forked. What follows in the
    // two new processes makes plain system calls alone (signal-safety(7)), and ends with _exit.
    unsafe {
        let program = libc::getpid();
        match libc::fork() {
            -1 => Err(io::Error::last_os_error()),
            0 => match libc::fork() {
                -1 => libc::_exit(1),
                0 => watch(program, end, script),
                _ => libc::_exit(0),
            },
            between => {
                let mut status: c_int = 0;
                while libc::waitpid(between, &raw mut status, 0) == -1 {
                    if io::Error::last_os_error().kind() != io::ErrorKind::Interrupted {
                        break;
                    }
                }
                match status {
                    0 => Ok(()),
                    _ => Err(io::ErrorKind::WouldBlock.into()),
                }
            }
        }
    }
}

/// Becomes the shell that waits. It leaves the terminal's session, so that no key reaches it.
#[expect(
    unsafe_code,
    reason = "after a fork only plain system calls may be made"
)]
unsafe fn watch(program: libc::pid_t, end: RawFd, script: &CStr) -> ! {
    let mut number = [0; NUMBER];
    let number = digits(program, &mut number);
    let words: [*const c_char; 5] = [
        SHELL.as_ptr(),
        c"-c".as_ptr(),
        script.as_ptr(),
        number.as_ptr().cast(),
        ptr::null(),
    ];
    let none: [*const c_char; 1] = [ptr::null()];
    // SAFETY: plain system calls (signal-safety(7)). The words end with NUL, and both lists with a
    // null pointer. All other descriptors of vendor-ssm close at exec.
    unsafe {
        libc::setsid();
        libc::dup2(end, 0);
        libc::close(1);
        libc::close(2);
        libc::execve(SHELL.as_ptr(), words.as_ptr(), none.as_ptr());
        libc::_exit(1)
    }
}

/// A number of a process in digits, with a NUL behind them. It allocates nothing.
fn digits(number: libc::pid_t, room: &mut [u8; NUMBER]) -> &[u8] {
    let mut left = number.unsigned_abs();
    let mut at = NUMBER - 1;
    room[at] = 0;
    loop {
        at -= 1;
        room[at] = b'0' + u8::try_from(left % 10).unwrap_or_default();
        left /= 10;
        if left == 0 {
            return &room[at..];
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::{BufRead as _, BufReader, Read as _};
    use std::process::Stdio;
    use std::time::{Duration, Instant};

    use rustix::process::{Pid, kill_process};

    use super::super::child::{Leash, Program};
    use super::*;

    /// Set in the process that stands for vendor-ssm, to what that does.
    const ROLE: &str = "VENDOR_SSM_TEST_WATCHER";

    /// In the process that stands for vendor-ssm: a program under a watcher.
    #[expect(clippy::disallowed_methods, reason = "the test's own variable")]
    #[test]
    fn a_program_under_a_watcher() {
        let Some(role) = std::env::var_os(ROLE) else {
            return;
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            let mut command = Command::new("sh");
            let does = if role == "stays" {
                "exec sleep 300"
            } else {
                "exit 3"
            };
            command.args(["-c", &format!("echo; echo program $$; {does}")]);
            let watcher = Watcher::over(&mut command, Signal::KILL).unwrap();
            let mut program = Program::start(command, Leash::Loose).unwrap();
            let status = program.wait().await.unwrap();
            assert_eq!(status.code(), Some(3));
            drop(watcher);
        });
    }

    fn parent(role: &str) -> std::process::Child {
        std::process::Command::new(std::env::current_exe().unwrap())
            .args(["a_program_under_a_watcher", "--nocapture"])
            .env(ROLE, role)
            .stdout(Stdio::piped())
            .spawn()
            .unwrap()
    }

    #[test]
    fn a_program_ends_with_a_killed_parent() {
        let mut parent = parent("stays");
        let mut lines = BufReader::new(parent.stdout.take().unwrap()).lines();
        let program = lines.find_map(|line| {
            let number = line.unwrap().strip_prefix("program ")?.parse().ok();
            Pid::from_raw(number?)
        });
        assert!(program.is_some());
        kill_process(Pid::from_child(&parent), Signal::KILL).unwrap();
        parent.wait().unwrap();
        // The program and its parent hold the output, and the watcher does not.
        let began = Instant::now();
        assert_eq!(lines.next().map(Result::unwrap), None);
        assert!(began.elapsed() < Duration::from_secs(200), "it still ran");
    }

    #[test]
    fn a_program_that_has_ended_leaves_no_watcher() {
        let mut parent = parent("ends");
        let mut said = String::new();
        parent
            .stdout
            .take()
            .unwrap()
            .read_to_string(&mut said)
            .unwrap();
        assert!(parent.wait().unwrap().success(), "{said}");
    }

    #[test]
    fn numbers_are_written_in_digits() {
        for (number, expected) in [(1, "1\0"), (70_123, "70123\0"), (i32::MAX, "2147483647\0")] {
            assert_eq!(digits(number, &mut [0; NUMBER]), expected.as_bytes());
        }
    }
}
