//! The real program on a real terminal:
//! a pty whose screen is read, keys that are typed, and the mode in which the terminal is found
//! again.

use std::fmt::Write as _;
use std::io::{Read as _, Write};
use std::num::NonZeroU16;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, SlavePty, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use super::console::Console;
use super::{Bench, is_windows, program};

/// `web-1`, by its id.
pub const WEB_1: &str = "i-0f3a91c27be45d806";
/// The remote shell's prompt.
pub const PROMPT: &str = "sh-5.2$ ";
/// The longest that anything is waited for.
pub const LIMIT: Duration = Duration::from_secs(30);
const STEP: Duration = Duration::from_millis(10);

/// The program runs under a shell, as a person's does.
/// When the leader of a terminal's session ends, the kernel resets the terminal's mode, which would
/// hide how the program left it.
const WRAPPER: &str = r#"
trap : INT QUIT
stty -g > "$DIR/before"
"$@"
echo $? > "$DIR/code"
stty -g > "$DIR/after"
"#;

/// The same, started by a shell that ignores the signals of a keyboard and of a terminal's end.
const IGNORING_WRAPPER: &str = r#"
trap : INT QUIT
stty -g > "$DIR/before"
(trap '' HUP INT QUIT TSTP; exec "$@")
echo $? > "$DIR/code"
stty -g > "$DIR/after"
"#;

/// The same, with text piped in and the output piped out, as ssh runs its proxy.
const PIPED_WRAPPER: &str = r#"
stty -g > "$DIR/before"
printf question | { "$@"; echo $? > "$DIR/code"; } | cat > "$DIR/out"
stty -g > "$DIR/after"
"#;

/// A person's own shell, from which the program is started by typing its name.
const LOCAL_SHELL: &str = r#"
stty -g > "$DIR/before"
PS1='$ ' ENV= sh -i
echo $? > "$DIR/code"
stty -g > "$DIR/after"
"#;

/// A terminal with the program in it.
pub struct Terminal {
    master: Box<dyn MasterPty + Send>,
    /// Held, so that the reader does not end before all is read.
    _slave: Box<dyn SlavePty + Send>,
    keys: Box<dyn Write + Send>,
    /// Set for the Windows program: what types and resizes in its console.
    console: Option<Console>,
    shell: Box<dyn Child + Send + Sync>,
    screen: Arc<Mutex<vt100::Parser>>,
    bytes: Arc<Mutex<Vec<u8>>>,
    notes: TempDir,
}

/// How it ended.
#[derive(Debug)]
pub struct Ended {
    pub code: i32,
    /// What the screen showed at last.
    pub screen: String,
    /// Every byte that was written.
    pub bytes: Vec<u8>,
}

impl Ended {
    /// Whether the window's title was kept once and taken back last, as XTWINOPS 22 and 23 do.
    pub fn has_its_title(&self) -> bool {
        let text = String::from_utf8_lossy(&self.bytes);
        let count = |sequence| text.matches(sequence).count();
        count("\u{1b}[22;0t") == 1 && count("\u{1b}[23;0t") == 1
    }
}

impl Terminal {
    /// Runs the program with these words in a terminal of 24 rows and 110 columns.
    pub fn run(bench: &Bench, line: &str) -> Self {
        Self::sized(bench, line, 24, 110)
    }

    /// The same with another size.
    pub fn sized(bench: &Bench, line: &str, rows: u16, cols: u16) -> Self {
        Self::with(bench, line, rows, cols, &[])
    }

    /// The same with more variables.
    pub fn with(bench: &Bench, line: &str, rows: u16, cols: u16, more: &[(&str, &str)]) -> Self {
        Self::under(WRAPPER, bench, line, rows, cols, more)
    }

    /// Runs the program under a shell that ignores SIGHUP, SIGINT, SIGQUIT and SIGTSTP.
    pub fn ignoring(bench: &Bench, line: &str) -> Self {
        Self::under(IGNORING_WRAPPER, bench, line, 24, 110, &[])
    }

    /// Runs the program with `question` piped in and its output piped out.
    pub fn piped(bench: &Bench, line: &str) -> Self {
        Self::under(PIPED_WRAPPER, bench, line, 24, 110, &[])
    }

    /// A shell of this machine that finds the program, its prompt `$`.
    /// The program has not started yet.
    pub fn local_shell(bench: &Bench, rows: u16, cols: u16, more: &[(&str, &str)]) -> Self {
        let folder = Path::new(program()).parent().unwrap().display();
        let path = format!("{folder}:/usr/bin:/bin");
        let more = [more, &[("PATH", &path)]].concat();
        Self::under(LOCAL_SHELL, bench, "", rows, cols, &more)
    }

    fn under(
        wrapper: &str,
        bench: &Bench,
        line: &str,
        rows: u16,
        cols: u16,
        more: &[(&str, &str)],
    ) -> Self {
        let notes = TempDir::with_prefix("vendor-ssm-pty-").unwrap();
        let pty = native_pty_system().openpty(size(rows, cols)).unwrap();
        let mut command = CommandBuilder::new("/bin/sh");
        command.args(["-c", wrapper, "sh"]);
        let console = is_windows().then(Console::listen);
        match &console {
            Some(console) => command.args(console.words()),
            None => command.arg(program()),
        }
        command.args(line.split_whitespace());
        command.cwd(bench.home());
        command.env_clear();
        for (name, value) in bench.environment() {
            command.env(name, value);
        }
        command.env("TERM", "xterm-256color");
        command.env("DIR", notes.path());
        for (name, value) in more {
            command.env(name, value);
        }
        let shell = pty.slave.spawn_command(command).unwrap();
        // The terminal's own writer types Enter and Ctrl-D when it is dropped.
        let keys: Box<dyn Write + Send> = match &console {
            Some(console) => Box::new(console.clone()),
            None => pty.master.take_writer().unwrap(),
        };
        let mut output = pty.master.try_clone_reader().unwrap();
        let [r, c] = [rows, cols].map(|cells| NonZeroU16::new(cells).unwrap());
        let screen = Arc::new(Mutex::new(vt100::Parser::new(r, c, 0)));
        let bytes = Arc::new(Mutex::new(Vec::new()));
        let (shown, kept) = (Arc::clone(&screen), Arc::clone(&bytes));
        std::thread::spawn(move || {
            let mut buffer = [0; 4096];
            while let Ok(read @ 1..) = output.read(&mut buffer) {
                shown.lock().unwrap().process(&buffer[..read]);
                kept.lock().unwrap().extend_from_slice(&buffer[..read]);
            }
        });
        Self {
            master: pty.master,
            _slave: pty.slave,
            keys,
            console,
            shell,
            screen,
            bytes,
            notes,
        }
    }

    /// A shell on `web-1` by the builtin client, its prompt shown.
    pub fn shell(bench: &Bench) -> Self {
        let terminal = Self::run(bench, &format!("connect {WEB_1} --client builtin"));
        terminal.shows(PROMPT.trim_end());
        terminal
    }

    /// Types.
    pub fn types(&mut self, keys: &str) {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
    }

    /// The screen as text.
    pub fn screen(&self) -> String {
        self.screen.lock().unwrap().screen().contents()
    }

    /// The screen, cell by cell.
    pub fn cells(&self) -> vt100::Screen {
        self.screen.lock().unwrap().screen().clone()
    }

    /// Every byte that the program has written.
    pub fn bytes(&self) -> Vec<u8> {
        self.bytes.lock().unwrap().clone()
    }

    /// Waits until the screen shows this.
    pub fn shows(&self, text: &str) {
        self.shows_that(text, |screen| screen.contains(text));
    }

    /// Waits until the screen is as wanted.
    pub fn shows_that(&self, what: &str, is: impl Fn(&str) -> bool) {
        let shown = until(LIMIT, || is(&self.screen()));
        assert!(shown, "never shown: {what}\n{}", self.screen());
    }

    /// Gives the terminal another size.
    pub fn resize(&self, rows: u16, cols: u16) {
        self.master.resize(size(rows, cols)).unwrap();
        if let Some(console) = &self.console {
            console.resize(rows, cols).unwrap();
        }
        let [r, c] = [rows, cols].map(|cells| NonZeroU16::new(cells).unwrap());
        self.screen.lock().unwrap().screen_mut().set_size(r, c);
    }

    /// The program's process id.
    pub fn pid(&self) -> Pid {
        let shell = self.shell.process_id().unwrap();
        let mut found = None;
        let there = until(LIMIT, || {
            let mut below = if is_windows() {
                // wine's processes are not children of those that start them.
                in_session(shell)
            } else {
                children(shell)
            };
            below.retain(|pid| is_program(&command_line(*pid)));
            found = below.first().copied();
            found.is_some()
        });
        assert!(there, "the program does not run\n{}", self.screen());
        Pid::from_raw(found.unwrap().try_into().unwrap()).unwrap()
    }

    /// A process below the shell, by how its command line begins.
    pub fn process(&self, begins: &str) -> Pid {
        let mut found = children(self.shell.process_id().unwrap());
        let mut at = 0;
        while let Some(pid) = found.get(at).copied() {
            if command_line(pid).starts_with(begins) {
                return Pid::from_raw(pid.try_into().unwrap()).unwrap();
            }
            found.extend(children(pid));
            at += 1;
        }
        panic!("{begins} does not run\n{}", self.screen());
    }

    /// The keyboard, for a thread that types.
    pub fn take_keys(&mut self) -> Box<dyn Write + Send> {
        std::mem::replace(&mut self.keys, Box::new(std::io::sink()))
    }

    /// Takes it back.
    pub fn give_keys(&mut self, keys: Box<dyn Write + Send>) {
        self.keys = keys;
    }

    /// Sends the program a signal.
    pub fn signal(&self, signal: Signal) {
        kill_process(self.pid(), signal).unwrap();
    }

    /// Waits for the end.
    /// Then the terminal has to be as it was, its cursor shown, and no process left.
    pub fn ends(self) -> Ended {
        self.ends_within(LIMIT)
    }

    /// The same, with a limit that matters.
    pub fn ends_within(mut self, limit: Duration) -> Ended {
        let session = self.shell.process_id().unwrap();
        let ended = until(limit, || self.shell.try_wait().unwrap().is_some());
        if !ended {
            let left = left_of(session);
            let screen = self.screen();
            panic!("not ended after {limit:?}: {left}\n{screen}");
        }
        let note = |name: &str| std::fs::read_to_string(self.notes.path().join(name)).unwrap();
        // wine's own console sets the mode of a pty, and the program sets that console's.
        if !is_windows() {
            assert_eq!(note("before"), note("after"), "the terminal's mode");
        }
        // wine's console ends a while after the programs in it.
        let limit = if is_windows() {
            LIMIT
        } else {
            Duration::from_secs(2)
        };
        let alone = until(limit, || left_of(session).is_empty());
        assert!(alone, "left: {}", left_of(session));
        self.settle();
        let parser = self.screen.lock().unwrap();
        assert!(!parser.screen().hide_cursor(), "the cursor is hidden");
        Ended {
            code: note("code").trim().parse().unwrap(),
            screen: parser.screen().contents(),
            bytes: self.bytes(),
        }
    }

    /// Waits for output that was written before the end and is still on its way.
    pub fn settle(&self) {
        let mut length = usize::MAX;
        until(Duration::from_secs(2), || {
            let now = self.bytes.lock().unwrap().len();
            std::mem::replace(&mut length, now) == now
        });
    }
}

impl Drop for Terminal {
    /// A test that failed leaves nothing behind.
    fn drop(&mut self) {
        if matches!(self.shell.try_wait(), Ok(None))
            && let Some(shell) = self.shell.process_id()
        {
            let mut left = children(shell);
            if is_windows() {
                left = in_session(shell);
            }
            for child in left {
                if let Some(pid) = child.try_into().ok().and_then(Pid::from_raw) {
                    let _ = kill_process(pid, Signal::KILL);
                }
            }
            let _ = self.shell.kill();
        }
    }
}

fn size(rows: u16, cols: u16) -> PtySize {
    PtySize {
        rows,
        cols,
        pixel_width: 0,
        pixel_height: 0,
    }
}

/// Waits until something is so; false when it never was.
pub fn until(limit: Duration, mut is: impl FnMut() -> bool) -> bool {
    let began = Instant::now();
    loop {
        if is() {
            return true;
        }
        if began.elapsed() > limit {
            return false;
        }
        std::thread::sleep(STEP);
    }
}

/// The fields of `/proc/PID/stat` after the name: state, parent, group, session…
fn stat(pid: u32) -> Option<Vec<String>> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let (_, fields) = text.rsplit_once(')')?;
    Some(fields.split_whitespace().map(str::to_owned).collect())
}

fn processes() -> impl Iterator<Item = u32> {
    std::fs::read_dir("/proc")
        .unwrap()
        .filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok())
}

/// The processes that have this parent.
pub fn children(parent: u32) -> Vec<u32> {
    let is_child = |pid: &u32| stat(*pid).is_some_and(|stat| stat[1] == parent.to_string());
    processes().filter(is_child).collect()
}

/// A process's words, joined by spaces.
pub fn command_line(pid: u32) -> String {
    let words = std::fs::read(format!("/proc/{pid}/cmdline")).unwrap_or_default();
    String::from_utf8_lossy(&words).replace('\0', " ")
}

/// Whether this is the command line of the program under test.
fn is_program(line: &str) -> bool {
    if is_windows() {
        line.split(' ').next().unwrap().ends_with("vendor-ssm.exe")
    } else {
        line.starts_with(program())
    }
}

/// The processes of a terminal's session, less its leader.
fn in_session(leader: u32) -> Vec<u32> {
    let is_of = |pid: &u32| stat(*pid).is_some_and(|stat| stat[3] == leader.to_string());
    processes()
        .filter(|pid| *pid != leader && is_of(pid))
        .collect()
}

/// The same that still run, as text.
fn left_of(session: u32) -> String {
    let mut left = String::new();
    for pid in in_session(session) {
        let _ = write!(left, "{pid} {}; ", command_line(pid));
    }
    left
}

/// Waits until no session is open:
/// a shell that is killed in the middle of its output takes a moment.
pub fn none_open(bench: &Bench) {
    let none = until(LIMIT, || bench.sandbox.open_sessions().is_empty());
    assert!(none, "open: {:?}", bench.sandbox.open_sessions());
}

/// Of the calls so far, how many were this action.
pub fn called(bench: &Bench, action: &str) -> usize {
    let actions = bench.sandbox.actions();
    actions.iter().filter(|called| *called == action).count()
}

/// The instance on which the last session was started.
pub fn target(bench: &Bench) -> Option<String> {
    let trail = bench.sandbox.trail();
    let started = trail.iter().rfind(|event| event.action == "StartSession")?;
    started.parameters.get("Target").cloned()
}
