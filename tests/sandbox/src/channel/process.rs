//! A command without a terminal and without a shell: its words are the program and its arguments.
//! Its input is empty, and the control characters of the client's input become signals.
//!
//! Written after amazon-ssm-agent's `shell.go`, which cuts outputs where characters end. It never
//! sends up to three bytes at the very end that are not a character. After a signal it loses the
//! exit status, see [`Process::take`].

use std::fs::File;
use std::io::{self, Seek};
use std::os::unix::process::{CommandExt, ExitStatusExt};
use std::path::Path;
use std::process::{Child, ExitStatus, Stdio};
use std::sync::{Arc, Weak};
use std::thread;
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use super::agent::{BEFORE_THE_REASON, Command, ERROR_TITLE, Failure, Input, Plugin, Taken};
use super::message::PayloadType;
use super::pump::{Waits, pump, pump_live};
use super::run_as::User;
use super::session::Session;
use super::{processes, words};

/// The signals whose handling children of this process must not inherit, by their numbers, which
/// are the same on all systems.
const RESET: [i32; 3] = [2, 3, 13];

/// A command that runs. Dropping it kills the command and all that it started.
pub struct Process {
    pid: Pid,
    waits: Arc<Waits>,
    session: Weak<Session>,
    /// Whether the agent waits for the command to end after a signal.
    has_signalled: bool,
}

impl Plugin for Process {
    /// The first control character counts, and nothing else: there is no stdin.
    ///
    /// Once the agent has sent a signal, it reads nothing more from the client before the command
    /// has ended (`InputStreamMessageHandler` in `shell_unix.go`). It waits for that end there, and
    /// a second time where the exit status is wanted (`processCommandsWithOutputStreamSeparate` in
    /// `shell.go`). The second wait fails, and `EXIT_CODE: 1` is sent whatever the status was.
    fn take(&mut self, input: Input) -> Taken {
        if self.has_signalled {
            if !self.waits.is_over() {
                return Taken::Later;
            }
            self.has_signalled = false;
            return Taken::Yes;
        }
        let Input::Bytes(bytes) = input else {
            return Taken::Yes;
        };
        let signal = bytes.iter().find_map(|byte| match byte {
            0x03 => Some(Signal::INT),
            0x1c => Some(Signal::QUIT),
            _ => None,
        });
        let Some(signal) = signal.filter(|_| !self.waits.is_over()) else {
            return Taken::Yes;
        };
        // Before the signal, or the command could be over by then.
        let is_first = self.waits.take();
        let _gone = kill_process(self.pid, signal);
        self.has_signalled = true;
        let (pid, waits, session) = (self.pid, Arc::clone(&self.waits), self.session.clone());
        thread::spawn(move || {
            waits.after_signal(pid, is_first);
            if let Some(session) = session.upgrade() {
                session.nudge();
            }
        });
        Taken::Later
    }
}

impl Process {
    fn new(child: &Child, session: &Arc<Session>) -> Self {
        Self {
            pid: pid(child),
            waits: Arc::default(),
            session: Arc::downgrade(session),
            has_signalled: false,
        }
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        processes::kill(self.pid);
    }
}

/// Starts the command; it ends the session when it ends.
pub fn start(command: &Command, session: &Arc<Session>) -> Result<Process, Failure> {
    if command.separate {
        let named = [
            ("stdout", &command.stdout_prefix),
            ("stderr", &command.stderr_prefix),
        ];
        for (name, prefix) in named {
            if !is_prefix(prefix) {
                return Err(Failure {
                    outputs: Vec::new(),
                    farewell: format!("invalid {name}SeparatorPrefix {prefix}"),
                });
            }
        }
    }
    let words = words::split(&command.line).map_err(Failure::unparsable)?;
    let (program, arguments) = words
        .split_first()
        .ok_or_else(|| Failure::unparsable("no command"))?;
    let user = session.user();
    let mut process = prepared(program, arguments, command.cwd.as_deref(), user.as_ref());
    let session = Arc::clone(session);
    if command.separate {
        process.stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = process
            .spawn()
            .map_err(|error| not_started(program, &error, true))?;
        let running = Process::new(&child, &session);
        let (command, waits) = (command.clone(), Arc::clone(&running.waits));
        thread::spawn(move || stream_separately(child, &command, &session, &waits));
        Ok(running)
    } else {
        let file = tempfile::tempfile().map_err(|error| error.to_string())?;
        let output = || file.try_clone().map_err(|error| error.to_string());
        process.stdout(output()?).stderr(output()?);
        let child = process
            .spawn()
            .map_err(|error| not_started(program, &error, false))?;
        let running = Process::new(&child, &session);
        thread::spawn(move || say_at_the_end(child, file, &session));
        Ok(running)
    }
}

/// What agents allow: `^[0-9a-zA-Z\r\n_:-]{0,30}$`.
fn is_prefix(text: &str) -> bool {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"\r\n_:-".contains(&byte);
    text.len() <= 30 && text.bytes().all(fits)
}

/// As the agent says it, in Go's words. Of separate outputs the exit status comes first, and the
/// reason follows (`processCommandsWithOutputStreamSeparate` and `sendErrorToDataChannel`).
fn not_started(program: &str, error: &io::Error, separate: bool) -> Failure {
    let reason = match error.kind() {
        io::ErrorKind::NotFound if !program.contains('/') => {
            format!("exec: \"{program}\": executable file not found in $PATH")
        }
        io::ErrorKind::NotFound => format!("fork/exec {program}: no such file or directory"),
        io::ErrorKind::PermissionDenied => format!("fork/exec {program}: permission denied"),
        _ => format!("fork/exec {program}: {error}"),
    };
    let mut outputs = Vec::new();
    if separate {
        outputs.push((Duration::ZERO, PayloadType::ExitCode, exit_code(1)));
    }
    outputs.push((BEFORE_THE_REASON, PayloadType::StdErr, reason.clone()));
    Failure {
        outputs,
        farewell: format!("{ERROR_TITLE}Error occurred starting the command: {reason}\n"),
    }
}

fn exit_code(code: i32) -> String {
    format!("EXIT_CODE: {code}")
}

/// The program, in a session of its own so that nothing of it is left behind.
fn prepared(
    program: &str,
    arguments: &[String],
    home: Option<&Path>,
    user: Option<&User>,
) -> std::process::Command {
    let mut words = user.map(User::prefix).unwrap_or_default();
    words.push(program.to_owned());
    let mut process = std::process::Command::new(&words[0]);
    process.args(&words[1..]);
    let home = user.map(User::home).or(home).unwrap_or(Path::new("/"));
    let path = std::env::var_os("PATH").unwrap_or_else(|| "/usr/bin:/bin".into());
    process
        .args(arguments)
        .env_clear()
        .env("PATH", path)
        .env("HOME", home)
        .env("TERM", "xterm-256color")
        .env("LANG", "C.UTF-8")
        .current_dir(home)
        .envs(user.map(User::variables).into_iter().flatten())
        .stdin(Stdio::null());
    #[expect(
        unsafe_code,
        reason = "only calls that are safe between fork and exec: setsid and signal"
    )]
    unsafe {
        process.pre_exec(|| {
            rustix::process::setsid()?;
            for number in RESET {
                signal(number, DEFAULT);
            }
            Ok(())
        });
    }
    process
}

/// `SIG_DFL`.
const DEFAULT: usize = 0;

#[expect(unsafe_code, reason = "rustix does not offer signal(3)")]
unsafe extern "C" {
    fn signal(number: i32, handler: usize) -> usize;
}

fn pid(child: &Child) -> Pid {
    let id = i32::try_from(child.id()).ok().and_then(Pid::from_raw);
    id.expect("process ids are positive")
}

/// Both outputs as they come, each to its end; only then the command is waited for.
/// A pipe is held open until the command has ended, though its pump may have given up.
fn stream_separately(
    mut child: Child,
    command: &Command,
    session: &Arc<Session>,
    waits: &Arc<Waits>,
) {
    let pid = pid(&child);
    let (stdout, stderr) = (child.stdout.take(), child.stderr.take());
    let held = thread::scope(|scope| {
        let prefix = command.stdout_prefix.as_bytes();
        let output = scope.spawn(|| {
            stdout.map(|pipe| pump_live(pipe, PayloadType::Output, prefix, session, waits))
        });
        let prefix = command.stderr_prefix.as_bytes();
        let errors =
            stderr.map(|pipe| pump_live(pipe, PayloadType::StdErr, prefix, session, waits));
        (output.join(), errors)
    });
    let is_first = waits.take();
    let status = child.wait().map_or(1, code);
    drop(held);
    processes::kill(pid);
    session.exit_code(&exit_code(if is_first { status } else { 1 }));
    session.outlive();
    session.close("");
}

/// Nothing until the command has ended, then all of it, stdout and stderr in the order they were
/// written.
fn say_at_the_end(mut child: Child, mut file: File, session: &Arc<Session>) {
    let pid = pid(&child);
    // Whatever the error, the command cannot be waited for any longer.
    let _status = child.wait();
    processes::kill(pid);
    if file.rewind().is_ok() {
        pump(file, PayloadType::Output, session);
    }
    session.close("");
}

/// -1 for a command that a signal has ended, as in Go.
fn code(status: ExitStatus) -> i32 {
    match status.signal() {
        Some(_) => -1,
        None => status.code().unwrap_or(-1),
    }
}
