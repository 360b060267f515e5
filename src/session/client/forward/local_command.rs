//! The command behind `forward … -- COMMAND`.
//! It starts when the forwards carry connections, and has the keyboard to itself while it runs.
//! vendor-ssm ends it when a session is lost.

use std::ffi::{OsStr, OsString};
use std::io;
use std::os::unix::process::ExitStatusExt as _;
use std::path::Path;
use std::process::ExitStatus;
use std::time::{Duration, Instant};

use rustix::fs::{Access, access};
use rustix::process::{Signal, getpgrp, getpid, kill_process};
use rustix::stdio::stdin;
use rustix::termios::{OptionalActions, Termios, tcgetattr, tcgetpgrp, tcsetattr};
use tokio::process::{Child, Command};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::{Notify, watch};

use crate::exit::Exit;
use crate::os::Os;
use crate::session::error::{Error, ErrorKind};
use crate::session::link::timer::until;
use crate::signals::{Ending, Heeded, Signals};

use super::super::child;

/// How long the command has to obey a signal that ends it, before it is killed.
const GRACE: Duration = Duration::from_secs(10);
/// Where a command is looked for if there is no `PATH`, as execvp(3) does.
const DEFAULT_PATH: &str = "/bin:/usr/bin";

/// A command of this machine, not started yet.
#[derive(Debug)]
pub(crate) struct LocalCommand {
    words: Vec<OsString>,
    signals: Signals,
}

/// How the command came back.
#[derive(Debug)]
pub(super) enum Outcome {
    /// A session ended everything before it was started, or this signal did.
    NotStarted(Option<Ending>),
    /// The system did not start it.
    Unstartable(Box<Error>),
    /// It ran to its end.
    Ended(Exit),
    /// A session was lost under it, and it was told to end.
    Lost,
}

impl LocalCommand {
    /// Looks for the program, so that one that is not there opens nothing.
    /// Errors: [`ErrorKind::LocalCommand`].
    pub(crate) fn new(words: Vec<OsString>, signals: Signals, os: &Os) -> Result<Self, Error> {
        if let Some(program) = words.first()
            && let Err(source) = look_for(program, os)
        {
            return Err(unstartable(program, source));
        }
        Ok(Self { words, signals })
    }

    /// Starts it when `ready` is notified, and stays until it has ended.
    /// `fallen` becomes true when a session has ended.
    pub(super) async fn run(
        mut self,
        ready: &Notify,
        mut fallen: watch::Receiver<bool>,
    ) -> Outcome {
        tokio::select! {
            biased;
            _ = fallen.wait_for(|fallen| *fallen) => return Outcome::NotStarted(None),
            () = ready.notified() => {}
        }
        // From here on signals are the command's, and it is not there yet.
        if let Err(ending) = self.signals.guard(tokio::task::yield_now()).await {
            return Outcome::NotStarted(Some(ending));
        }
        let terminal = Terminal::kept();
        // Ctrl-Z is for the command, and vendor-ssm stops when the command has stopped.
        let _suspend = Heeded::new(SignalKind::from_raw(Signal::TSTP.as_raw()));
        let Some((program, words)) = self.words.split_first() else {
            return Outcome::NotStarted(None);
        };
        let mut command = Command::new(program);
        command.args(words).kill_on_drop(true);
        child::may_dump_core(&mut command);
        #[cfg(target_os = "linux")]
        child::dies_with_its_parent(&mut command, Signal::TERM);
        let child = match command.spawn() {
            Ok(child) => child,
            Err(source) => return Outcome::Unstartable(Box::new(unstartable(program, source))),
        };
        let (status, is_lost) = attend(child, &mut self.signals, fallen).await;
        let Ok(status) = status else {
            return Outcome::Lost;
        };
        if status.signal().is_some() {
            terminal.give_back();
        }
        if is_lost {
            return Outcome::Lost;
        }
        Outcome::Ended(exit(status))
    }
}

/// Waits for the end of the command. True if a session was lost before.
async fn attend(
    mut child: Child,
    signals: &mut Signals,
    mut fallen: watch::Receiver<bool>,
) -> (io::Result<ExitStatus>, bool) {
    let mut children = signal(SignalKind::child()).ok();
    let mut is_lost = false;
    let mut kill_at = None;
    loop {
        tokio::select! {
            biased;
            status = child.wait() => return (status, is_lost),
            _ = fallen.wait_for(|fallen| *fallen), if !is_lost => {
                is_lost = true;
                end(&child, Signal::TERM);
                kill_at.get_or_insert_with(|| Instant::now() + GRACE);
            }
            ending = signals.next() => match ending {
                // The command has it from the keyboard.
                Ending::INTERRUPT | Ending::QUIT if child::hears_the_keyboard() => {}
                Ending::INTERRUPT => child::send(&child, Signal::INT),
                Ending::QUIT => child::send(&child, Signal::QUIT),
                ending => {
                    end(&child, if ending == Ending::HANG_UP { Signal::HUP } else { Signal::TERM });
                    kill_at.get_or_insert_with(|| Instant::now() + GRACE);
                }
            },
            () = until(kill_at) => {
                kill_at = None;
                let _ = child.start_kill();
            }
            Some(()) = child::changed(&mut children) => stop_along(&child),
        }
    }
}

/// Tells the command to end. One that was stopped would not hear it.
fn end(child: &Child, signal: Signal) {
    child::send(child, signal);
    child::send(child, Signal::CONT);
}

/// Stops when job control has stopped the command, so that the shell above takes the terminal back;
/// goes on with it.
fn stop_along(child: &Child) {
    let stopped = child::stopped_by(child);
    if matches!(stopped, Some(Signal::TSTP | Signal::TTIN | Signal::TTOU)) {
        let _ = kill_process(getpid(), Signal::STOP);
        // A shell continues all of its job, `kill -CONT` vendor-ssm alone.
        child::send(child, Signal::CONT);
    }
}

/// The exit status as a shell says it: 128 and the number of the signal that ended the command.
fn exit(status: ExitStatus) -> Exit {
    let code = match (status.code(), status.signal()) {
        (Some(code), _) => u8::try_from(code),
        (None, signal) => u8::try_from(128 + signal.unwrap_or(0)),
    };
    Exit::Remote(code.unwrap_or(u8::MAX))
}

fn unstartable(program: &OsStr, source: io::Error) -> Error {
    ErrorKind::LocalCommand {
        program: program.to_string_lossy().into_owned(),
        source,
    }
    .into()
}

/// No folder of PATH has the program.
fn not_found() -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, "no such program in PATH")
}

/// Looks for a program as execvp(3) does, and says why it would not be started.
fn look_for(program: &OsStr, os: &Os) -> io::Result<()> {
    if program.as_encoded_bytes().contains(&b'/') {
        return may_run(Path::new(program));
    }
    if program.is_empty() {
        return Err(not_found());
    }
    // A path that is not text is left to execvp.
    if os.is_not_text("PATH") {
        return Ok(());
    }
    let mut refused = not_found();
    for folder in os.var("PATH").unwrap_or(DEFAULT_PATH).split(':') {
        let folder = if folder.is_empty() { "." } else { folder };
        match may_run(&Path::new(folder).join(program)) {
            Ok(()) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::PermissionDenied => refused = error,
            Err(_) => {}
        }
    }
    Err(refused)
}

fn may_run(path: &Path) -> io::Result<()> {
    if path.metadata()?.is_dir() {
        return Err(io::ErrorKind::PermissionDenied.into());
    }
    Ok(access(path, Access::EXEC_OK)?)
}

/// The mode of the terminal on stdin, as it was before the command.
struct Terminal(Option<Termios>);

impl Terminal {
    fn kept() -> Self {
        Self(tcgetattr(stdin()).ok())
    }

    /// Gives the mode back, which a command that was killed may have changed.
    fn give_back(&self) {
        // In the background, the kernel would stop vendor-ssm for it (termios(3), SIGTTOU).
        let is_ours = tcgetpgrp(stdin()).is_ok_and(|group| group == getpgrp());
        if let Some(mode) = self.0.as_ref().filter(|_| is_ours) {
            let _ = tcsetattr(stdin(), OptionalActions::Now, mode);
        }
    }
}
