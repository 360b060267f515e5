//! No secret leaves memory except for its destination.
//! Every secret of the sandbox carries a canary, and the tests look for it in all that a run prints
//! and leaves behind.

mod scan;

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use vendor_ssm_sandbox::faults::{Fault, Kind};
use vendor_ssm_sandbox::plugin::{Plugin, Script, Step};
use vendor_ssm_sandbox::world::{CANARY, CUSTOMER_EXTERNAL_ID};

use crate::harness::{Bench, SETTINGS, run};
use crate::secret_service::SecretService;
use scan::{files_below, found_in};

const WEB_1: &str = "i-0f3a91c27be45d806";

/// A sandbox, a home that also is the place for temporary files, a keyring, and a stand-in plugin.
struct Watched {
    bench: Bench,
    keyring: SecretService,
    plugin: Plugin,
}

impl Watched {
    fn new() -> Self {
        let bench = Bench::new();
        let keyring = SecretService::start();
        let plugin_directory = bench.home().join("plugin");
        std::fs::create_dir(&plugin_directory).unwrap();
        std::fs::create_dir(bench.home().join("tmp")).unwrap();
        let script = Script {
            steps: vec![Step::Print("hello".to_owned())],
            ..Script::default()
        };
        let plugin = Plugin::install(&plugin_directory, &script).unwrap();
        let session = format!("[session]\nplugin_path = \"{}\"\n", plugin.path().display());
        let kept = SETTINGS.replace(r#"store = "none""#, r#"store = "keyring""#);
        bench.settings(&format!("{kept}{session}"));
        Self {
            bench,
            keyring,
            plugin,
        }
    }

    fn command(&self, line: &str) -> Command {
        let mut command = self.bench.command(line.split_whitespace());
        command
            .env("DBUS_SESSION_BUS_ADDRESS", self.keyring.address())
            .env("TMPDIR", self.bench.home().join("tmp"));
        command
    }

    /// Runs the program as quiet, loud and as loud as it can be, and looks at what it said.
    /// Answers the exit code.
    fn says_nothing(&self, line: &str) -> i32 {
        for loudness in ["", "-v", "-vv"] {
            let mut command = self.command(line);
            command.args(loudness.split_whitespace());
            says_nothing(&mut command);
        }
        self.loudest_says_nothing(line)
    }

    /// The same, only as loud as it can be.
    fn loudest_says_nothing(&self, line: &str) -> i32 {
        let mut command = self.command(line);
        command
            .env("VENDOR_SSM_LOG", "trace")
            .env("RUST_LOG", "trace")
            .env("LOG_SENSITIVE_BODIES", "true");
        let code = says_nothing(&mut command);
        self.leaves_nothing(line);
        code
    }

    /// The settings file holds the ExternalId, the plugin's dump is looked at by itself, and the
    /// keyring's files are in the keyring's own directory and encrypted.
    fn leaves_nothing(&self, line: &str) {
        let own = [self.bench.config(), self.bench.home().join("plugin")];
        let mut files = files_below(self.bench.home());
        files.retain(|file| !own.iter().any(|own| file.starts_with(own)));
        files.extend(files_below(self.keyring.directory()));
        for file in files {
            let bytes = std::fs::read(&file).unwrap();
            let found = found_in(&bytes, &[CANARY, CUSTOMER_EXTERNAL_ID]);
            assert_eq!(found, None, "{line}: {}", file.display());
        }
    }
}

fn says_nothing(command: &mut Command) -> i32 {
    let ran = run(command);
    for said in [&ran.stdout, &ran.stderr] {
        let found = found_in(said.as_bytes(), &[CANARY, CUSTOMER_EXTERNAL_ID]);
        assert_eq!(found, None, "{command:?}: {ran:?}");
    }
    ran.code
}

#[test]
fn commands_show_and_leave_no_secret() {
    let watched = Watched::new();
    for line in [
        "whoami",
        "whoami --output json",
        "list",
        "list --output json --no-cache",
        "login",
        "settings",
        "settings --output json",
        "logout",
    ] {
        assert_eq!(watched.says_nothing(line), 0, "{line}");
    }
}

#[test]
fn credentials_go_to_their_destination_alone() {
    let watched = Watched::new();
    for (line, code) in [
        ("settings --aws-profile", 0),
        // The command's own command line, and what vendor-ssm says beside it.
        ("credentials exec -- cat /proc/self/cmdline", 0),
        ("credentials exec --only list --for 15m -- true", 0),
        ("credentials exec -- /missing/command", 127),
        ("credentials exec --policy /dev/null -- true", 2),
    ] {
        assert_eq!(watched.says_nothing(line), code, "{line}");
    }
    for loudness in ["", "-v", "-vv"] {
        let mut command = watched.command("credentials process");
        command.args(loudness.split_whitespace());
        let ran = run(command.env("LOG_SENSITIVE_BODIES", "true"));
        assert_eq!(ran.code, 0, "{ran:?}");
        // On standard output they are at their destination.
        let said = found_in(ran.stdout.as_bytes(), &[CANARY]);
        assert!(said.is_some(), "{ran:?}");
        let said = found_in(ran.stderr.as_bytes(), &[CANARY, CUSTOMER_EXTERNAL_ID]);
        assert_eq!(said, None, "{ran:?}");
        watched.leaves_nothing("credentials process");
    }
    let faults = watched.bench.sandbox.faults();
    for kind in [Kind::Denied, Kind::Expired, Kind::Garbage, Kind::Html] {
        faults.add(Fault::new("AssumeRole", kind).skip(1));
        for line in ["process --no-cache", "exec --no-cache --only list -- true"] {
            let line = format!("credentials {line}");
            assert_ne!(watched.loudest_says_nothing(&line), 0);
        }
        faults.clear();
    }
}

#[test]
fn sessions_show_and_leave_no_secret() {
    let watched = Watched::new();
    for client in ["builtin", "plugin"] {
        let connect = format!("connect {WEB_1} --client {client}");
        assert_eq!(watched.says_nothing(&connect), 0, "{connect}");
    }
    assert!(watched.plugin.ran());
    assert_eq!(watched.bench.sandbox.open_sessions(), Vec::<String>::new());
}

#[test]
fn failures_show_and_leave_no_secret() {
    let watched = Watched::new();
    let faults = watched.bench.sandbox.faults();
    let connect = format!("connect {WEB_1}");
    for kind in [Kind::Denied, Kind::Expired, Kind::Garbage, Kind::Html] {
        faults.add(Fault::new("AssumeRole", kind).skip(1));
        assert_ne!(watched.loudest_says_nothing("list --no-cache"), 0);
        faults.clear();
        faults.add(Fault::new("StartSession", kind));
        assert_ne!(watched.loudest_says_nothing(&connect), 0);
        faults.clear();
    }
    // These are tried again.
    for kind in [Kind::Reset, Kind::HalfBody] {
        faults.add(Fault::new("AssumeRole", kind).times(1));
        watched.loudest_says_nothing("list --no-cache");
        faults.clear();
        faults.add(Fault::new("StartSession", kind).times(1));
        watched.loudest_says_nothing(&connect);
        faults.clear();
    }
    faults.add(Fault::new("AssumeRole", Kind::Denied));
    let whoami = "whoami --no-cache --error-format json";
    assert_eq!(watched.says_nothing(whoami), 21);
}

#[test]
fn the_plugin_is_given_the_session_alone() {
    let watched = Watched::new();
    let ran = run(&mut watched.command(&format!("connect {WEB_1} --client plugin")));
    assert_eq!(ran.code, 0, "{ran:?}");
    let dump = watched.plugin.dump().unwrap();
    for argument in &dump.argv {
        let found = found_in(argument.as_bytes(), &[CANARY, CUSTOMER_EXTERNAL_ID]);
        assert_eq!(found, None, "{:?}", dump.argv);
    }
    let secret: Vec<&str> = dump
        .environment
        .iter()
        .filter(|(_, value)| found_in(value.as_bytes(), &[CANARY]).is_some())
        .map(|(name, _)| name.as_str())
        .collect();
    // StartSession's answer is good for one connection; its credentials are elsewhere.
    assert_eq!(secret, [dump.argv[1].as_str()]);
}

#[test]
fn the_process_in_a_session_is_private() {
    let watched = Watched::new();
    let script = Script {
        steps: vec![Step::Hang],
        ..Script::default()
    };
    watched.plugin.rewrite(&script).unwrap();
    let mut child = watched
        .command(&format!("connect {WEB_1} --client plugin"))
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let begun = Instant::now();
    while !watched.plugin.ran() {
        assert!(begun.elapsed() < Duration::from_secs(30), "no session");
        std::thread::sleep(Duration::from_millis(20));
    }
    let process = Path::new("/proc").join(child.id().to_string());
    let limits = std::fs::read_to_string(process.join("limits")).unwrap();
    let core = limits
        .lines()
        .find(|line| line.starts_with("Max core file size"));
    let soft = core.unwrap().split_whitespace().nth(4);
    let command_line = std::fs::read(process.join("cmdline")).unwrap();
    let environment = std::fs::read(process.join("environ"));
    let owner =
        std::os::unix::fs::MetadataExt::uid(&std::fs::metadata(process.join("environ")).unwrap());

    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let status = child.wait().unwrap();

    assert_eq!(soft, Some("0"), "{core:?}");
    assert_eq!(
        found_in(&command_line, &[CANARY, CUSTOMER_EXTERNAL_ID]),
        None
    );
    // Unreadable to all but root, whose tests see alice's own exported key there and no other
    // secret.
    if let Ok(environment) = environment {
        let alice = watched.bench.sandbox.credentials("alice").unwrap();
        let text = String::from_utf8_lossy(&environment).replace(&alice.secret_access_key, "");
        assert_eq!(
            found_in(text.as_bytes(), &[CANARY, CUSTOMER_EXTERNAL_ID]),
            None
        );
    } else {
        assert!(!rustix::process::getuid().is_root());
    }
    // What belongs to a process that is not dumpable belongs to root (proc(5)).
    assert_eq!(owner, 0);
    assert_eq!(status.code(), Some(143));
    assert_eq!(watched.bench.sandbox.open_sessions(), Vec::<String>::new());
}
