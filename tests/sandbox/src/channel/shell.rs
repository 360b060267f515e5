//! A real program on a real pty: what a session's input goes to and its output comes from.
//! Nothing of the sandbox's own environment but `PATH` reaches it.
//!
//! A pty can only be read and written by blocking, so each shell has three
//! threads: one reads, one writes, one waits for the end.

use std::io::{self, Read, Write};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, SyncSender, TrySendError, sync_channel};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use portable_pty::{Child, ChildKiller, CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::agent::{Input, Plugin, Taken};
use super::message::{MAX_PAYLOAD, Size};
#[cfg(unix)]
use super::processes;
use super::run_as::User;
use super::session::Session;
use super::{Shell, standin, stream};

/// Inputs that may wait for the shell to read them; then the client has to wait as well.
const KEYS: usize = 256;
/// How long a shell that has ended may still be read from without anything coming:
/// a background process can hold the pty open.
const QUIET: Duration = Duration::from_millis(300);
const POLL: Duration = Duration::from_millis(10);

/// The way to a shell. Dropping it kills the shell and all that it started.
pub struct Keyboard {
    keys: SyncSender<Input>,
    processes: Option<Processes>,
}

impl Plugin for Keyboard {
    fn take(&mut self, input: Input) -> Taken {
        match self.keys.try_send(input) {
            // A shell that does not keep up.
            Err(TrySendError::Full(_)) => Taken::Later,
            Ok(()) | Err(TrySendError::Disconnected(_)) => Taken::Yes,
        }
    }
}

impl Drop for Keyboard {
    fn drop(&mut self) {
        if let Some(processes) = &mut self.processes {
            processes.kill();
        }
    }
}

/// Starts the shell; it ends the session when it ends. The error is for the user to read.
pub fn start(shell: &Shell, session: &Arc<Session>) -> Result<Keyboard, String> {
    let (keys, pressed) = sync_channel(KEYS);
    if let Some(profile) = session.shell_profile() {
        // The agent's `runShellProfile`: a line ends in CR on Windows, else in LF.
        let enter = if shell.windows { '\r' } else { '\n' };
        let typed = if shell.windows {
            profile.replace('\n', "\r")
        } else {
            profile.to_owned()
        };
        keys.try_send(Input::Bytes(format!("{typed}{enter}").into_bytes()))
            .map_err(|e| e.to_string())?;
    }
    let session = Arc::clone(session);
    if shell.windows {
        thread::spawn(move || standin::run(&session, &pressed));
        return Ok(Keyboard {
            keys,
            processes: None,
        });
    }
    let pty = native_pty_system()
        .openpty(PtySize::default())
        .map_err(|e| e.to_string())?;
    let user = session.user();
    #[cfg(unix)]
    if let (Some(user), Some(terminal)) = (&user, pty.master.tty_name()) {
        user.own(&terminal).map_err(|e| e.to_string())?;
    }
    let child = pty
        .slave
        .spawn_command(command(shell, user.as_ref()))
        .map_err(|e| e.to_string())?;
    // As long as this process holds it, the other side never ends.
    drop(pty.slave);
    let processes = Processes::of(&*child);
    let reader = pty.master.try_clone_reader().map_err(|e| e.to_string())?;
    let writer = pty.master.take_writer().map_err(|e| e.to_string())?;

    let screen = Arc::clone(&session);
    let reading = thread::spawn(move || read(reader, &screen));
    let typing = Arc::clone(&session);
    thread::spawn(move || write(writer, &*pty.master, &pressed, &typing));
    let mut left = Processes::of(&*child);
    thread::spawn(move || wait(child, &reading, &mut left, &session));
    Ok(Keyboard {
        keys,
        processes: Some(processes),
    })
}

fn command(shell: &Shell, user: Option<&User>) -> CommandBuilder {
    let mut command = match user {
        #[cfg(unix)]
        Some(user) => {
            let mut command =
                CommandBuilder::from_argv(user.prefix().into_iter().map(Into::into).collect());
            command.arg(&shell.program);
            command
        }
        _ => CommandBuilder::new(&shell.program),
    };
    command.args(&shell.args);
    command.env_clear();
    let home = match user {
        Some(user) => user.home().to_owned(),
        None => shell.cwd.clone().unwrap_or_else(|| "/".into()),
    };
    for (name, value) in user.iter().flat_map(|user| user.variables()) {
        command.env(name, value);
    }
    command.cwd(&home);
    command.env("HOME", &home);
    command.env("SHELL", &shell.program);
    command.env("TERM", "xterm-256color");
    command.env("LANG", "C.UTF-8");
    command.env("PS1", "sh-5.2$ ");
    command.env(
        "PATH",
        std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into()),
    );
    for (name, value) in &shell.env {
        command.env(name, value);
    }
    command
}

fn read(mut reader: Box<dyn Read + Send>, session: &Session) {
    let mut held = Vec::with_capacity(MAX_PAYLOAD);
    let mut buffer = [0; MAX_PAYLOAD];
    loop {
        match reader.read(&mut buffer[held.len()..]) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            // Linux says EIO when the other side of a pty is closed.
            Ok(0) | Err(_) => break,
            Ok(read) => {
                let start = held.len();
                held.extend_from_slice(&buffer[start..start + read]);
                let whole = stream::whole_characters(&held);
                if whole > 0 && !session.output(&held[..whole]) {
                    return;
                }
                held.drain(..whole);
            }
        }
    }
    session.output(&held);
}

fn write(
    mut writer: Box<dyn Write + Send>,
    master: &dyn MasterPty,
    pressed: &Receiver<Input>,
    session: &Session,
) {
    for input in pressed {
        let done = match input {
            Input::Bytes(bytes) => writer
                .write_all(&bytes)
                .and_then(|()| writer.flush())
                .is_ok(),
            Input::Resized(Size { cols, rows }) => {
                let size = PtySize {
                    rows,
                    cols,
                    pixel_width: 0,
                    pixel_height: 0,
                };
                master.resize(size).is_ok()
            }
            // For ports alone.
            Input::Flag(_) => true,
        };
        session.nudge();
        if !done {
            return;
        }
    }
}

fn wait(
    mut child: Box<dyn Child + Send + Sync>,
    reading: &JoinHandle<()>,
    left: &mut Processes,
    session: &Arc<Session>,
) {
    // Whatever the error, the shell cannot be waited for any longer.
    let _status = child.wait();
    read_to_the_end(reading, session);
    left.kill();
    read_to_the_end(reading, session);
    session.close("");
}

/// Waits until all output was read or none has come for a while.
fn read_to_the_end(reading: &JoinHandle<()>, session: &Session) {
    let mut quiet = Duration::ZERO;
    let mut seen = session.outputs();
    while !reading.is_finished() && quiet < QUIET {
        thread::sleep(POLL);
        let outputs = session.outputs();
        // None: the reader waits for the client, not for the pty.
        quiet = if outputs.is_none() || outputs != seen {
            Duration::ZERO
        } else {
            quiet + POLL
        };
        seen = outputs;
    }
}

/// A shell and what it has started.
struct Processes {
    shell: Box<dyn ChildKiller + Send + Sync>,
    #[cfg(unix)]
    session: Option<rustix::process::Pid>,
}

impl Processes {
    fn of(child: &(dyn Child + Send + Sync)) -> Self {
        Self {
            shell: child.clone_killer(),
            #[cfg(unix)]
            session: child
                .process_id()
                .and_then(|id| i32::try_from(id).ok())
                .and_then(rustix::process::Pid::from_raw),
        }
    }

    /// Kills without asking. Processes that are gone already are fine.
    fn kill(&mut self) {
        #[cfg(unix)]
        if let Some(session) = self.session {
            processes::kill(session);
        }
        let _gone = self.shell.kill();
    }
}
