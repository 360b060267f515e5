//! Programs that vendor-ssm starts, and that it stops with itself.
//! Windows has no signals between programs and no job control. What the console sends (Ctrl-C,
//! Ctrl-Break, its own closing) reaches every program on it (Microsoft Learn, "Console Control
//! Handlers"), so that vendor-ssm passes nothing on.

use std::cell::Cell;
use std::future::pending;
use std::io;
use std::process::ExitStatus;
use std::time::Duration;

use tokio::process::{Child, Command};
use windows_sys::Win32::System::Threading::CREATE_SUSPENDED;

use super::job::Job;
use super::memory::with_the_starters_error_mode;

/// How long a program has to end by itself, if the console or the system has told it to.
/// Windows gives both 5 s, and vendor-ssm has a session to end after that.
const GRACE: Duration = Duration::from_secs(1);
/// The exit code of a program that vendor-ssm kills for a reason of its own, as `taskkill` has it.
const KILLED: u32 = 1;
/// From here on codes are NTSTATUS errors: the program crashed ("NTSTATUS Values").
const FAILURES: u32 = 0xC000_0000;

/// What becomes of a program when vendor-ssm is killed, or has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leash {
    /// It is killed, with all that it started: it serves vendor-ssm alone.
    Short,
    /// It is killed, with all that it started: it is the user's own command.
    /// What it leaves behind when it ends by itself lives on.
    Long,
    /// The same; vendor-ssm has asked it for something.
    Loose,
}

/// Why job control has stopped a program, which Windows does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Ctrl-Z.
    Key,
    /// It used the terminal from the background.
    #[expect(dead_code, reason = "Unix's happens")]
    Background,
}

/// Job control, which Windows does not have.
#[derive(Debug)]
pub(crate) struct JobControl;

impl JobControl {
    /// Nothing to take.
    pub(crate) fn take() -> Self {
        Self
    }

    /// Waits for ever.
    pub(crate) async fn changed(&mut self) -> Option<()> {
        pending().await
    }
}

/// A program that was started.
#[derive(Debug)]
pub(crate) struct Program {
    child: Child,
    job: Job,
    leash: Leash,
    /// Its exit code if vendor-ssm kills it.
    killed: Cell<u32>,
}

impl Program {
    /// Starts the program. It is killed when this is dropped.
    /// It begins suspended, so that nothing that it starts is outside of its job.
    pub(crate) fn start(mut command: Command, leash: Leash) -> io::Result<Self> {
        command.kill_on_drop(true).creation_flags(CREATE_SUSPENDED);
        let job = Job::new()?;
        let child = match leash {
            Leash::Long => with_the_starters_error_mode(|| command.spawn()),
            Leash::Short | Leash::Loose => command.spawn(),
        };
        let child = child.map_err(super::command_line::said_well)?;
        let (Some(handle), Some(id)) = (child.raw_handle(), child.id()) else {
            return Err(io::Error::other("it has no handle"));
        };
        job.take(handle, id)?;
        Ok(Self {
            child,
            job,
            leash,
            killed: Cell::new(KILLED),
        })
    }

    /// Its own end of the pipes that the command asked for.
    pub(crate) fn pipes(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Waits for its end. Cancel-safe.
    pub(crate) async fn wait(&mut self) -> io::Result<ExitStatus> {
        let status = self.child.wait().await?;
        if self.leash != Leash::Short {
            self.job.let_go();
        }
        Ok(status)
    }

    /// Nothing stops a program here.
    #[expect(clippy::unused_self, reason = "Unix's has something to look at")]
    pub(crate) fn stopped(&self) -> Option<Stop> {
        None
    }

    /// Nothing to continue.
    #[expect(clippy::unused_self, reason = "Unix's sends a signal")]
    pub(crate) fn go_on(&self) {}

    /// The console has told it already.
    #[expect(clippy::unused_self, reason = "Unix's sends a signal")]
    pub(crate) fn pass_on(&self, _number: u8) {}

    /// Tells it to end, if there is a way to do so.
    /// Returns how long it should have before it is killed.
    ///
    /// There is only one such way, Ctrl-Break for a group of processes. A program in a group of its
    /// own would not hear Ctrl-C (Microsoft Learn, "Process Creation Flags"). So it gets no group,
    /// and vendor-ssm kills it if the console has told it nothing.
    pub(crate) fn tell_to_end(&self, ending: Option<u8>) -> Duration {
        match ending {
            Some(number) => {
                // As on Unix, where the signal would have ended it.
                self.killed.set(128 + u32::from(number));
                GRACE
            }
            None => Duration::ZERO,
        }
    }

    /// Kills it, with all that it started.
    pub(crate) fn kill(&mut self) {
        self.job.kill(self.killed.get());
    }
}

/// Nothing stops vendor-ssm here.
pub(crate) fn stop_too() {}

/// Whether the keyboard's signals come to vendor-ssm: they come to every program on the console.
pub(crate) fn hears_the_keyboard() -> bool {
    true
}

/// The exit code, of 32 bits (Microsoft Learn, "GetExitCodeProcess").
pub(crate) fn status_code(status: ExitStatus) -> u32 {
    let code = status.code().unwrap_or(-1);
    u32::from_ne_bytes(code.to_ne_bytes())
}

/// Whether the program had perhaps no chance to clean up after itself.
pub(crate) fn was_killed(status: ExitStatus) -> bool {
    let code = status_code(status);
    code == KILLED || (129..=143).contains(&code) || code >= FAILURES
}
