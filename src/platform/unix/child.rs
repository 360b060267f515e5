//! Programs that vendor-ssm starts, and that it stops with itself: signals, job control, a leash.

use std::fs::File;
use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::process::ExitStatus;
use std::time::Duration;

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, getpgrp, getpid, kill_process, waitid};
use rustix::termios::tcgetpgrp;
use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};

use super::memory::give_back_core_limit;
use super::signals::Heeded;
#[cfg(not(target_os = "linux"))]
use super::watcher::Watcher;

/// What becomes of a program when vendor-ssm is killed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Leash {
    /// It is killed too: it serves vendor-ssm alone.
    Short,
    /// It gets a signal that asks it to end: it is the user's own command.
    /// It may leave a core dump if vendor-ssm was started so.
    Long,
    /// Nothing here; it ends when it has done its work.
    Loose,
}

impl Leash {
    fn signal(self) -> Option<Signal> {
        match self {
            Self::Short => Some(Signal::KILL),
            Self::Long => Some(Signal::TERM),
            Self::Loose => None,
        }
    }
}

/// Why job control has stopped a program.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stop {
    /// Ctrl-Z.
    Key,
    /// It used the terminal from the background.
    Background,
    /// Anything else, such as SIGSTOP.
    Other,
}

/// What happens to the programs of this process by job control, while this is held.
/// Ctrl-Z is for them, and does not stop vendor-ssm.
#[derive(Debug)]
pub(crate) struct JobControl {
    _suspend: io::Result<Heeded>,
    children: Option<tokio::signal::unix::Signal>,
}

impl JobControl {
    /// Takes Ctrl-Z, before the program is started.
    pub(crate) fn take() -> Self {
        Self {
            _suspend: Heeded::new(SignalKind::from_raw(Signal::TSTP.as_raw())),
            children: signal(SignalKind::child()).ok(),
        }
    }

    /// Waits until a program has stopped or ended. `None` if it cannot be known. Cancel-safe.
    pub(crate) async fn changed(&mut self) -> Option<()> {
        self.children.as_mut()?.recv().await
    }
}

/// A program that was started.
#[derive(Debug)]
pub(crate) struct Program {
    child: Child,
    leash: Leash,
    #[cfg(not(target_os = "linux"))]
    _watcher: Option<Watcher>,
}

impl Program {
    /// Starts the program. It is killed when this is dropped.
    pub(crate) fn start(mut command: Command, leash: Leash) -> io::Result<Self> {
        command.kill_on_drop(true);
        if leash == Leash::Long {
            may_dump_core(&mut command);
        }
        #[cfg(target_os = "linux")]
        if let Some(signal) = leash.signal() {
            dies_with_its_parent(&mut command, signal);
        }
        #[cfg(not(target_os = "linux"))]
        let watcher = match leash.signal() {
            Some(signal) => Some(Watcher::over(&mut command, signal)?),
            None => None,
        };
        let child = command.spawn()?;
        Ok(Self {
            child,
            leash,
            #[cfg(not(target_os = "linux"))]
            _watcher: watcher,
        })
    }

    /// Its own end of the pipes that the command asked for.
    pub(crate) fn pipes(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Waits for its end. Cancel-safe.
    pub(crate) async fn wait(&mut self) -> io::Result<ExitStatus> {
        self.child.wait().await
    }

    /// Why it has been stopped since this was last asked.
    pub(crate) fn stopped(&self) -> Option<Stop> {
        let id = self.process_id()?;
        let options = WaitIdOptions::STOPPED | WaitIdOptions::NOHANG;
        let status = waitid(WaitId::Pid(id), options).ok().flatten();
        let signal = status.and_then(|status| status.stopping_signal())?;
        Some(match Signal::from_named_raw(signal) {
            Some(Signal::TSTP) => Stop::Key,
            Some(Signal::TTIN | Signal::TTOU) => Stop::Background,
            _ => Stop::Other,
        })
    }

    /// Continues it after a stop.
    pub(crate) fn go_on(&self) {
        self.send(Signal::CONT);
    }

    /// Passes a signal on that vendor-ssm was sent: SIGINT, SIGQUIT, SIGHUP or SIGTERM.
    pub(crate) fn pass_on(&self, number: u8) {
        if let Some(signal) = Signal::from_named_raw(number.into()) {
            self.send(signal);
        }
    }

    /// Tells it to end: the user's own command with SIGHUP if that came, else with SIGTERM.
    /// Returns how long it should have before it is killed. One that was stopped would not hear
    /// it, and is continued.
    pub(crate) fn tell_to_end(&self, ending: Option<u8>) -> Duration {
        self.send(match (self.leash, ending) {
            (Leash::Long, Some(1)) => Signal::HUP,
            _ => Signal::TERM,
        });
        self.go_on();
        GRACE
    }

    /// Kills it.
    pub(crate) fn kill(&mut self) {
        // It may have ended just now.
        let _ = self.child.start_kill();
    }

    /// Sends a signal, unless the program has ended.
    fn send(&self, signal: Signal) {
        if let Some(id) = self.process_id() {
            // It may have ended just now.
            let _ = kill_process(id, signal);
        }
    }

    fn process_id(&self) -> Option<Pid> {
        Pid::from_raw(self.child.id()?.try_into().ok()?)
    }
}

/// How long the user's command has to obey a signal that ends it, before it is killed.
const GRACE: Duration = Duration::from_secs(10);

/// Has the kernel send the program a signal when vendor-ssm is killed.
/// prctl(2), `PR_SET_PDEATHSIG`. That signal comes when the *thread* that spawned it ends. This is
/// the main thread, on which the current-thread runtime polls its future, and it lives as long as
/// the process.
#[cfg(target_os = "linux")]
#[expect(
    unsafe_code,
    reason = "between fork and exec only two plain system calls are made"
)]
fn dies_with_its_parent(command: &mut Command, signal: Signal) {
    use rustix::io::Errno;
    use rustix::process::{getppid, set_parent_process_death_signal};

    let parent = getpid();
    let ask = move || {
        set_parent_process_death_signal(Some(signal))?;
        // This process may have been killed before that; then no signal would come.
        if getppid() == Some(parent) {
            Ok(())
        } else {
            Err(Errno::SRCH.into())
        }
    };
    // SAFETY: the closure allocates nothing and takes no lock.
    unsafe {
        command.pre_exec(ask);
    }
}

/// Gives the program the limit of core dumps that vendor-ssm was started with.
#[expect(
    unsafe_code,
    reason = "between fork and exec only one plain system call is made"
)]
fn may_dump_core(command: &mut Command) {
    // SAFETY: the closure allocates nothing and takes no lock.
    unsafe {
        command.pre_exec(|| {
            give_back_core_limit();
            Ok(())
        });
    }
}

/// Stops vendor-ssm as job control does, until it is continued.
pub(crate) fn stop_too() {
    let _ = kill_process(getpid(), Signal::STOP);
}

/// Whether the keyboard's signals come to vendor-ssm.
/// They go to every process of the terminal's foreground group (termios(3)), so that a child in the
/// same group gets them too.
pub(crate) fn hears_the_keyboard() -> bool {
    let terminal = File::open("/dev/tty");
    terminal
        .ok()
        .and_then(|terminal| tcgetpgrp(terminal).ok())
        .is_some_and(|foreground| foreground == getpgrp())
}

/// The exit status as a shell says it: 128 and the number of the signal that ended the program.
pub(crate) fn status_code(status: ExitStatus) -> u32 {
    let code = status
        .code()
        .unwrap_or_else(|| 128 + status.signal().unwrap_or(0));
    u32::try_from(code).unwrap_or(u32::MAX)
}

/// Whether the program had no chance to clean up after itself.
pub(crate) fn was_killed(status: ExitStatus) -> bool {
    status.signal().is_some()
}
