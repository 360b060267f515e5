//! What asks vendor-ssm to stop: the console's events, and the end of the Windows session.
//! Each has the number of the Unix signal in whose place it stands.
//!
//! Ctrl-C that the starter ignores is not sent at all (Microsoft Learn, "SetConsoleCtrlHandler").

use std::io;
use std::time::Duration;

use tokio::signal::windows::{
    CtrlBreak, CtrlC, CtrlClose, CtrlLogoff, CtrlShutdown, ctrl_break, ctrl_c, ctrl_close,
    ctrl_logoff, ctrl_shutdown,
};

use super::log_off::LogOff;

/// Ctrl-C, Ctrl-Break, the closing of the console's window, log-off and shutdown.
#[derive(Debug)]
pub(crate) struct Endings {
    interrupt: CtrlC,
    quit: CtrlBreak,
    close: CtrlClose,
    log_off: CtrlLogoff,
    shut_down: CtrlShutdown,
    session: LogOff,
}

impl Endings {
    /// Starts to listen.
    ///
    /// Windows ends the process when a handler returns from the last three. While vendor-ssm
    /// listens, tokio's never does, so that the process ends with vendor-ssm's exit code.
    pub(crate) fn new() -> io::Result<Self> {
        Ok(Self {
            interrupt: ctrl_c()?,
            quit: ctrl_break()?,
            close: ctrl_close()?,
            log_off: ctrl_logoff()?,
            shut_down: ctrl_shutdown()?,
            session: LogOff::listen(),
        })
    }

    /// The number of the next one. Cancel-safe.
    pub(crate) async fn next(&mut self) -> u8 {
        tokio::select! {
            _ = self.interrupt.recv() => 2,
            _ = self.quit.recv() => 3,
            _ = self.close.recv() => 1,
            _ = self.log_off.recv() => 15,
            _ = self.shut_down.recv() => 15,
            () = self.session.come() => 15,
        }
    }
}

/// What a person knows it by.
pub(crate) const fn ending_name(number: u8) -> &'static str {
    match number {
        1 => "the closing of its window",
        2 => "Ctrl-C",
        3 => "Ctrl-Break",
        _ => "log-off or shutdown",
    }
}

/// How long ending a session may take.
/// Windows kills the process 5 s after it told it to end (Microsoft Learn, "HandlerRoutine"). The
/// journal and the terminal need the rest.
pub(crate) const fn time_to_end(number: u8) -> Duration {
    match number {
        2 | 3 => Duration::from_secs(5),
        _ => Duration::from_secs(3),
    }
}
