//! Programs that vendor-ssm starts and outlives: the plugin, and the command behind `forward`.
//! Everything here that Windows does differently is Unix's: signals, job control, a leash.

use std::fs::File;

use rustix::process::{Pid, Signal, WaitId, WaitIdOptions, getpgrp, kill_process, waitid};
use rustix::termios::tcgetpgrp;
use tokio::process::{Child, Command};

/// Has the kernel send the program a signal when vendor-ssm is killed.
/// prctl(2), `PR_SET_PDEATHSIG`. That signal comes when the *thread* that spawned it ends. This is
/// the main thread, on which the current-thread runtime polls its future, and it lives as long as
/// the process.
#[cfg(target_os = "linux")]
#[expect(
    unsafe_code,
    reason = "between fork and exec only two plain system calls are made"
)]
pub(super) fn dies_with_its_parent(command: &mut Command, signal: Signal) {
    use rustix::io::Errno;
    use rustix::process::{getpid, getppid, set_parent_process_death_signal};

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
pub(super) fn may_dump_core(command: &mut Command) {
    // SAFETY: the closure allocates nothing and takes no lock.
    unsafe {
        command.pre_exec(|| {
            crate::harden::give_back_core_limit();
            Ok(())
        });
    }
}

/// Waits until a child has stopped or ended.
pub(super) async fn changed(children: &mut Option<tokio::signal::unix::Signal>) -> Option<()> {
    children.as_mut()?.recv().await
}

/// The signal that has stopped the child since this was last asked.
pub(super) fn stopped_by(child: &Child) -> Option<Signal> {
    let id = process_id(child)?;
    let options = WaitIdOptions::STOPPED | WaitIdOptions::NOHANG;
    let status = waitid(WaitId::Pid(id), options).ok().flatten();
    let signal = status.and_then(|status| status.stopping_signal())?;
    Signal::from_named_raw(signal)
}

/// Sends a signal, unless the child has ended.
pub(super) fn send(child: &Child, signal: Signal) {
    if let Some(id) = process_id(child) {
        // It may have ended just now.
        let _ = kill_process(id, signal);
    }
}

fn process_id(child: &Child) -> Option<Pid> {
    Pid::from_raw(child.id()?.try_into().ok()?)
}

/// Whether the keyboard's signals come to vendor-ssm.
/// They go to every process of the terminal's foreground group (termios(3)), so that a child in the
/// same group gets them too.
pub(super) fn hears_the_keyboard() -> bool {
    let terminal = File::open("/dev/tty");
    terminal
        .ok()
        .and_then(|terminal| tcgetpgrp(terminal).ok())
        .is_some_and(|foreground| foreground == getpgrp())
}
