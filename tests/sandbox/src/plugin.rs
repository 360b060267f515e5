//! A scripted stand-in for `session-manager-plugin`:
//! it is installed where the product looks for one, does what its script says, and writes down what
//! it was given. No environment variable steers it, since the product clears the environment.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use serde::{Deserialize, Serialize};

/// The name the product looks for.
pub const NAME: &str = "session-manager-plugin";
/// Beside the installed plugin: its script.
pub const SCRIPT: &str = "session-manager-plugin.script";
/// Beside the installed plugin: what its last session run was given.
pub const DUMP: &str = "dump.json";
/// Beside the installed plugin: what its last `--version` run was given.
pub const VERSION_DUMP: &str = "dump-version.json";

/// What the stand-in does.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(default)]
pub struct Script {
    /// What `--version` prints, and a line feed.
    pub version: String,
    /// How long `--version` takes first, in milliseconds.
    pub version_delay: u64,
    /// What a session run does, in order.
    pub steps: Vec<Step>,
    /// The exit code of a session run that comes to the end of its steps.
    pub exit: u8,
}

impl Default for Script {
    /// A current plugin that returns at once, with success.
    fn default() -> Self {
        Self {
            version: "1.2.764.0".to_owned(),
            version_delay: 0,
            steps: Vec::new(),
            exit: 0,
        }
    }
}

/// One thing that a session run does.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Step {
    /// Prints to stdout as it is, and flushes.
    Print(String),
    /// Prints to stderr as it is.
    PrintError(String),
    /// Waits so many milliseconds.
    Sleep(u64),
    /// Reads a line from stdin and prints it after `read: `; `eof` at its end.
    ReadLine,
    /// Leaves the terminal without echo, line editing and signals; nothing when stdin is none.
    RawTerminal,
    /// Sets the terminal as the real plugin does: no line editing and no echo, all else as found
    /// (session-manager-plugin, `shellsession_unix.go`, `disableEchoAndInputBuffering`).
    Cbreak,
    /// Catches so many SIGTSTP, as the real plugin does, and prints `key: 1a` after each
    /// (session-manager-plugin, `shellsession.go`, `handleControlSignals`). It prints
    /// `continued` after each SIGCONT, which takes a waiting SIGTSTP away.
    CatchSuspend(usize),
    /// Reads so many bytes from stdin and prints them in hexadecimal after `keys:`.
    ReadKeys(usize),
    /// Dies by this signal.
    Die(i32),
    /// Waits for ever.
    Hang,
}

/// What a run was given.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Dump {
    /// The arguments, the program's own name first.
    pub argv: Vec<String>,
    /// The whole environment.
    pub environment: BTreeMap<String, String>,
    /// The response of `StartSession`:
    /// the value of the variable that the first argument names, else that argument.
    pub response: Option<String>,
    /// For stdin, stdout and stderr, whether it is a terminal.
    pub terminals: [bool; 3],
    /// The terminal's modes; `None` if stdin is not a terminal.
    pub terminal: Option<Terminal>,
    /// Its own ignored and blocked signals, as bit masks.
    pub signals: Option<Signals>,
    /// Its parent's ignored, blocked and caught signals, as bit masks.
    pub parent_signals: Option<Signals>,
    /// Its process id.
    pub pid: u32,
    /// Whether its process group is the terminal's foreground group.
    pub foreground: Option<bool>,
    /// Its working directory.
    pub directory: PathBuf,
}

/// The modes of a terminal that matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "flags of termios(3)")]
pub struct Terminal {
    /// `ECHO`.
    pub echo: bool,
    /// `ICANON`.
    pub lines: bool,
    /// `ISIG`.
    pub signals: bool,
    /// `IXON`: Ctrl-S and Ctrl-Q stop and start the output.
    pub flow_control: bool,
    /// `IEXTEN`: Ctrl-V and other keys are the terminal's own.
    pub extended: bool,
}

/// A process's signal masks as Linux shows them; bit 0 is signal 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signals {
    /// `SigIgn`.
    pub ignored: u64,
    /// `SigBlk`.
    pub blocked: u64,
    /// `SigCgt`.
    pub caught: u64,
}

/// Why the stand-in could not be installed or read.
#[derive(Debug, thiserror::Error)]
pub enum PluginError {
    /// Its executable could not be built.
    #[error("could not build the stand-in plugin")]
    NotBuilt,
    /// A file could not be read or written.
    #[error("could not install or read the stand-in plugin")]
    Io(#[from] std::io::Error),
    /// A script or dump is not JSON of its kind.
    #[error("not a script or dump")]
    Json(#[from] serde_json::Error),
}

/// A stand-in in a directory of its own.
#[derive(Debug, Clone)]
pub struct Plugin {
    directory: PathBuf,
    /// Its file's name, with the executable's own extension.
    name: String,
}

impl Plugin {
    /// Installs a stand-in into a directory, building its executable first when there is none or an
    /// old one.
    pub fn install(directory: &Path, script: &Script) -> Result<Self, PluginError> {
        static BUILT: OnceLock<Option<PathBuf>> = OnceLock::new();
        let executable = BUILT.get_or_init(build).as_ref();
        Self::install_from(executable.ok_or(PluginError::NotBuilt)?, directory, script)
    }

    /// Installs a stand-in from an executable that is there already, which may be Windows' own.
    pub fn install_from(
        executable: &Path,
        directory: &Path,
        script: &Script,
    ) -> Result<Self, PluginError> {
        let extension = executable.extension().and_then(|name| name.to_str());
        let plugin = Self {
            directory: directory.to_owned(),
            name: extension.map_or(NAME.to_owned(), |extension| format!("{NAME}.{extension}")),
        };
        // A link, since a copy that was just written may still be open in a child of another thread
        // (ETXTBSY).
        std::fs::hard_link(executable, plugin.path())
            .or_else(|_| std::fs::copy(executable, plugin.path()).map(drop))?;
        plugin.rewrite(script)?;
        Ok(plugin)
    }

    /// Gives it another script.
    pub fn rewrite(&self, script: &Script) -> Result<(), PluginError> {
        let text = serde_json::to_vec_pretty(script)?;
        Ok(std::fs::write(self.directory.join(SCRIPT), text)?)
    }

    /// The absolute path to run it by.
    pub fn path(&self) -> PathBuf {
        self.directory.join(&self.name)
    }

    /// What the last session run was given; an error when there was none.
    pub fn dump(&self) -> Result<Dump, PluginError> {
        Ok(serde_json::from_slice(&std::fs::read(
            self.directory.join(DUMP),
        )?)?)
    }

    /// Whether a session run happened at all.
    pub fn ran(&self) -> bool {
        self.directory.join(DUMP).exists()
    }
}

/// The executable in the target directory that the tests run from;
/// when it is missing or older than its sources, the cargo that runs the tests builds it.
fn build() -> Option<PathBuf> {
    let test = std::env::current_exe().ok()?;
    // target/debug/deps/test-1234
    let profile = test
        .ancestors()
        .find(|dir| dir.join("deps").is_dir() && dir.join(".fingerprint").is_dir())?;
    let executable = profile.join(format!("{BINARY}{}", std::env::consts::EXE_SUFFIX));
    if is_current(&executable) {
        return Some(executable);
    }
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let mut command = Command::new(cargo);
    command
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .args(["build", "--quiet", "--bin", BINARY])
        .arg("--target-dir")
        .arg(profile.parent()?);
    if profile.file_name()? == "release" {
        command.arg("--release");
    }
    let built = command.status().ok()?.success();
    (built && executable.exists()).then_some(executable)
}

const BINARY: &str = "vendor-ssm-sandbox-plugin";

fn is_current(executable: &Path) -> bool {
    let modified = |path: &Path| std::fs::metadata(path)?.modified();
    let sources = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let older = |source: &str| match (modified(&sources.join(source)), modified(executable)) {
        (Ok(source), Ok(executable)) => source <= executable,
        _ => false,
    };
    older("plugin.rs") && older("bin/vendor-ssm-sandbox-plugin.rs")
}
