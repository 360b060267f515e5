//! The command behind `forward … -- COMMAND`.
//! It starts when the forwards carry connections, and has the keyboard to itself while it runs.
//! vendor-ssm ends it when a session is lost.

use std::ffi::{OsStr, OsString};
use std::io;
use std::process::ExitStatus;
use std::time::Instant;

use tokio::process::Command;
use tokio::sync::{Notify, watch};

use crate::exit::Exit;
use crate::os::Os;
use crate::platform::terminal::Mode;
use crate::platform::{
    JobControl, Leash, Program, Stop, fits_a_command_line, hears_the_keyboard, look_up_program,
    status_code, stop_too, was_killed,
};
use crate::session::error::{Error, ErrorKind};
use crate::session::link::timer::until;
use crate::signals::{Ending, Signals};

/// A command of this machine, not started yet.
#[derive(Debug)]
pub(crate) struct LocalCommand {
    words: Vec<OsString>,
    /// What to start for the first word.
    program: OsString,
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
    /// Neither does a command line that is too long for the system.
    /// Errors: [`ErrorKind::LocalCommand`].
    pub(crate) fn new(words: Vec<OsString>, signals: Signals, os: &Os) -> Result<Self, Error> {
        let Some((first, rest)) = words.split_first() else {
            let none = io::ErrorKind::NotFound.into();
            return Err(unstartable(OsStr::new(""), none));
        };
        let found = look_up_program(first, os).and_then(|program| {
            fits_a_command_line(&program, rest.iter().map(OsString::as_os_str))?;
            Ok(program)
        });
        let program = found.map_err(|source| unstartable(first, source))?;
        Ok(Self {
            words,
            program,
            signals,
        })
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
        let terminal = Mode::of_input();
        // Ctrl-Z is for the command, and vendor-ssm stops when the command has stopped.
        let mut job = JobControl::take();
        let mut command = Command::new(&self.program);
        command.args(self.words.iter().skip(1));
        let program = match Program::start(command, Leash::Long) {
            Ok(program) => program,
            Err(source) => {
                let typed = self.words.first().unwrap_or(&self.program);
                return Outcome::Unstartable(Box::new(unstartable(typed, source)));
            }
        };
        let (status, is_lost) = attend(program, &mut job, &mut self.signals, fallen).await;
        let Ok(status) = status else {
            return Outcome::Lost;
        };
        if was_killed(status)
            && let Some(terminal) = terminal
        {
            terminal.give_back_in_foreground();
        }
        if is_lost {
            return Outcome::Lost;
        }
        Outcome::Ended(Exit::of_program(status_code(status)))
    }
}

/// Waits for the end of the command. True if a session was lost before.
async fn attend(
    mut program: Program,
    job: &mut JobControl,
    signals: &mut Signals,
    mut fallen: watch::Receiver<bool>,
) -> (io::Result<ExitStatus>, bool) {
    let mut is_lost = false;
    let mut kill_at = None;
    loop {
        tokio::select! {
            biased;
            status = program.wait() => return (status, is_lost),
            _ = fallen.wait_for(|fallen| *fallen), if !is_lost => {
                is_lost = true;
                let grace = program.tell_to_end(None);
                kill_at.get_or_insert_with(|| Instant::now() + grace);
            }
            ending = signals.next() => match ending {
                // The command has it from the keyboard.
                Ending::INTERRUPT | Ending::QUIT if hears_the_keyboard() => {}
                Ending::INTERRUPT | Ending::QUIT => program.pass_on(ending.number()),
                ending => {
                    let grace = program.tell_to_end(Some(ending.number()));
                    kill_at.get_or_insert_with(|| Instant::now() + grace);
                }
            },
            () = until(kill_at) => {
                kill_at = None;
                program.kill();
            }
            Some(()) = job.changed() => stop_along(&program),
        }
    }
}

/// Stops when job control has stopped the command, so that the shell above takes the terminal back;
/// goes on with it.
fn stop_along(program: &Program) {
    if let Some(Stop::Key | Stop::Background) = program.stopped() {
        stop_too();
        // A shell continues all of its job, `kill -CONT` vendor-ssm alone.
        program.go_on();
    }
}

fn unstartable(program: &OsStr, source: io::Error) -> Error {
    ErrorKind::LocalCommand {
        program: program.to_string_lossy().into_owned(),
        source,
    }
    .into()
}
