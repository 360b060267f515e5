//! One hermetic place to run the real program in:
//! a sandbox, a home of its own, an environment in which nothing of the machine is left.

pub mod completing;
mod console;
pub mod engineer;
pub mod terminal;

use std::ffi::OsStr;
use std::fs::Permissions;
use std::io::{ErrorKind, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Once, OnceLock};

use tempfile::TempDir;
use vendor_ssm_sandbox::channel::message::{Message, OUTPUT_STREAM_DATA, PayloadType};
use vendor_ssm_sandbox::plugin::{Plugin, Script};
use vendor_ssm_sandbox::{Options, Sandbox};

/// The settings of the seeds' two accounts, credentials kept nowhere.
pub const SETTINGS: &str = r#"[vendor]
role_arn = "arn:aws:iam::111111111111:role/3P_IAM_Assume_Role"

[cache]
store = "none"

[customers.acme]
role_arn    = "arn:aws:iam::222222222222:role/SSMStartSession_IAM_Role_ThirdPartyA"
external_id = "ExternalID3rdPartyA"
tag_value   = "Third_Party_A"
regions     = ["us-east-1"]
"#;

/// A second customer below [`SETTINGS`], in the seeds' third account: it has `shop-1`.
pub const SECOND: &str = r#"
[customers.beta]
role_arn    = "arn:aws:iam::333333333333:role/SSMStartSession_IAM_Role_ThirdPartyA"
external_id = "ExternalID3rdPartyB-333"
tag_value   = "Third_Party_A"
regions     = ["us-east-1"]
"#;

/// Programs that are started from now on end at a signal, however the tests were started.
/// A script with `&` or `nohup` leaves some signals ignored, and children inherit that.
#[expect(unsafe_code, reason = "rustix does not offer signal(3)")]
fn heed_signals() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        for signal in [
            libc::SIGHUP,
            libc::SIGINT,
            libc::SIGQUIT,
            libc::SIGTERM,
            libc::SIGTSTP,
        ] {
            // SAFETY: the default action calls no function of this process.
            unsafe { libc::signal(signal, libc::SIG_DFL) };
        }
    });
}

/// A sandbox and a home to run the program in.
pub struct Bench {
    pub sandbox: Sandbox,
    home: TempDir,
}

/// What a run left.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Bench {
    /// The seeds' world and [`SETTINGS`].
    pub fn new() -> Self {
        Self::with(Options::default())
    }

    /// A sandbox of one's own choosing and [`SETTINGS`].
    pub fn with(options: Options) -> Self {
        heed_signals();
        let bench = Self {
            sandbox: Sandbox::start(options).unwrap(),
            home: private_folder(),
        };
        bench.settings(SETTINGS);
        bench
    }

    /// Grants documents to the customer's role beside the seeds' own.
    pub fn grant(&self, documents: &[&str]) {
        self.sandbox.world(|world| {
            let role = world
                .role_mut("222222222222", "SSMStartSession_IAM_Role_ThirdPartyA")
                .unwrap();
            role.grant_documents(documents).unwrap();
        });
    }

    /// The home directory.
    pub fn home(&self) -> &Path {
        self.home.path()
    }

    /// The settings file.
    pub fn config(&self) -> PathBuf {
        self.home().join("config.toml")
    }

    /// Writes the settings file, for this user alone whatever the umask.
    pub fn settings(&self, text: &str) {
        std::fs::write(self.config(), text).unwrap();
        let mode = std::os::unix::fs::PermissionsExt::from_mode(0o600);
        std::fs::set_permissions(self.config(), mode).unwrap();
    }

    /// The environment of a run:
    /// alice's keys, the sandbox's endpoint, and no more than a program needs.
    pub fn environment(&self) -> Vec<(String, String)> {
        let keys = self.sandbox.credentials("alice").unwrap();
        let text = |path: PathBuf| path.to_str().unwrap().to_owned();
        let mut environment = vec![
            ("HOME".to_owned(), text(self.home().to_owned())),
            ("XDG_RUNTIME_DIR".to_owned(), text(self.home().to_owned())),
            ("XDG_STATE_HOME".to_owned(), text(self.home().join("state"))),
            ("PATH".to_owned(), "/usr/bin:/bin".to_owned()),
            ("LANG".to_owned(), "C.UTF-8".to_owned()),
            ("VENDOR_SSM_CONFIG".to_owned(), native(self.config())),
            ("AWS_ENDPOINT_URL".to_owned(), self.sandbox.endpoint()),
            ("AWS_ACCESS_KEY_ID".to_owned(), keys.access_key_id),
            ("AWS_SECRET_ACCESS_KEY".to_owned(), keys.secret_access_key),
        ];
        if let Some(file) = self.sandbox.ca_file() {
            environment.push(("AWS_CA_BUNDLE".to_owned(), native(file)));
        }
        if is_windows() {
            // There it is named by another variable.
            let state = native(self.home().join("state"));
            environment.push(("LOCALAPPDATA".to_owned(), state));
        }
        environment
    }

    /// Starts the program with all three streams piped, as ssh runs a ProxyCommand.
    pub fn piped(&self, line: &str) -> Child {
        self.command(line.split_whitespace())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// The program, ready to run, its input empty.
    pub fn command<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(program());
        command
            .args(arguments)
            .env_clear()
            .envs(self.environment())
            .current_dir(self.home())
            .stdin(Stdio::null());
        command
    }

    /// Runs the program with these words, separated by spaces.
    pub fn run(&self, line: &str) -> Ran {
        run(&mut self.command(line.split_whitespace()))
    }

    /// Runs the program with these words, and this text piped in.
    pub fn run_with_input(&self, line: &str, input: &str) -> Ran {
        let mut command = self.command(line.split_whitespace());
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let written = child.stdin.take().unwrap().write_all(input.as_bytes());
        // A program that ends early need not read its input.
        if let Err(error) = written {
            assert_eq!(error.kind(), ErrorKind::BrokenPipe);
        }
        Ran::from(child.wait_with_output().unwrap())
    }
}

impl From<std::process::Output> for Ran {
    fn from(output: std::process::Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

impl Ran {
    /// Stdout as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The error that `--error-format json` left as the last line of stderr.
    pub fn error(&self) -> serde_json::Value {
        let last = self.stderr.lines().last().unwrap_or_default();
        let mut said: serde_json::Value =
            serde_json::from_str(last).unwrap_or_else(|error| panic!("{error}: {self:?}"));
        assert_eq!(said["version"], 1, "{self:?}");
        said["error"].take()
    }
}

/// A folder of this user alone: it is the home and the folder for runtime files, mode 0700.
fn private_folder() -> TempDir {
    tempfile::Builder::new()
        .prefix("vendor-ssm-it-")
        .permissions(Permissions::from_mode(0o700))
        .tempdir()
        .unwrap()
}

/// Installs the stand-in plugin for the program under test.
pub fn install(folder: &Path, script: &Script) -> Plugin {
    if is_windows() {
        let built = Path::new(program()).with_file_name("session-manager-plugin.exe");
        Plugin::install_from(&built, folder, script).unwrap()
    } else {
        Plugin::install(folder, script).unwrap()
    }
}

/// [`SETTINGS`] with the path of a plugin.
pub fn settings_with(plugin: &Path) -> String {
    format!(
        "{SETTINGS}\n[session]\nplugin_path = '{}'\n",
        native(plugin)
    )
}

/// A Reason that StartSession was sent, without the journal's nonce behind it;
/// `None` where that was all.
pub fn own_reason(sent: &str) -> Option<String> {
    let (own, nonce) = sent.rsplit_once("[vendor-ssm ").unwrap();
    let nonce = nonce.strip_suffix(']').unwrap();
    let is_hex = |c: char| matches!(c, '0'..='9' | 'a'..='f');
    assert!(nonce.len() == 16 && nonce.chars().all(is_hex), "{sent}");
    (!own.is_empty()).then(|| own.strip_suffix(' ').unwrap().to_owned())
}

/// A message that no agent sends.
pub fn message(sequence: i64, payload_type: PayloadType, payload: &[u8]) -> Message {
    Message {
        message_type: OUTPUT_STREAM_DATA.to_owned(),
        created: 1,
        sequence,
        flags: 0,
        id: uuid::Uuid::new_v4(),
        payload_type: payload_type as u32,
        payload: payload.to_vec(),
    }
}

/// Makes a named pipe that this user alone may use.
pub fn pipe(path: &Path) {
    let made = Command::new("mkfifo")
        .args(["-m", "600"])
        .arg(path)
        .status();
    assert!(made.unwrap().success(), "{}", path.display());
}

/// Runs a command to its end.
pub fn run(command: &mut Command) -> Ran {
    Ran::from(command.output().unwrap())
}

/// The program under test: this build's, or what `VENDOR_SSM_PROGRAM` names, such as the link by
/// which `tests/systems/it` starts the Windows program under wine.
#[expect(clippy::disallowed_methods, reason = "a test has no Os to ask")]
pub fn program() -> &'static str {
    static NAMED: OnceLock<Option<String>> = OnceLock::new();
    let named = NAMED.get_or_init(|| std::env::var("VENDOR_SSM_PROGRAM").ok());
    named.as_deref().unwrap_or(env!("CARGO_BIN_EXE_vendor-ssm"))
}

/// Whether the program under test is the Windows program under wine.
pub fn is_windows() -> bool {
    program() != env!("CARGO_BIN_EXE_vendor-ssm")
}

/// The same as another program starts it.
pub fn program_file() -> String {
    if is_windows() {
        native(format!("{}.exe", program()))
    } else {
        program().to_owned()
    }
}

/// The variable that says where the journal is.
pub fn state_variable() -> &'static str {
    if is_windows() {
        "LOCALAPPDATA"
    } else {
        "XDG_STATE_HOME"
    }
}

/// Checks a file's mode. A file that the Windows program made has an access list, which wine keeps
/// as the mode that comes nearest.
pub fn has_mode(file: &Path, mode: u32) {
    if !is_windows() {
        let is = file.metadata().unwrap().permissions().mode();
        assert_eq!(is & 0o777, mode, "{}", file.display());
    }
}

/// A piece of a path as the program under test writes it.
pub fn as_written(path: &str) -> String {
    let separator = if is_windows() { "\\" } else { "/" };
    path.replace('/', separator)
}

/// A path as the program under test writes it. Windows' programs see this machine's files on `Z:`.
pub fn native(path: impl AsRef<Path>) -> String {
    let path = path.as_ref().to_str().unwrap();
    if is_windows() {
        format!("Z:{}", as_written(path))
    } else {
        path.to_owned()
    }
}
