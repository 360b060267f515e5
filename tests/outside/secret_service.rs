//! A Secret Service of one's own:
//! gnome-keyring on a private D-Bus, its files in a directory that goes with it. Nothing is started
//! by the bus, so a daemon that is gone stays gone.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// How long the bus or the daemon may take to come up on a busy machine.
const LIMIT: Duration = Duration::from_secs(20);

/// What the product files its entries under.
const SERVICE: &str = "vendor-ssm";

/// Names the file that tells [`entries_of_the_bus`] what to do, and takes its answer.
const ENTRIES: &str = "VENDOR_SSM_IT_ENTRIES";

/// A bus and a keyring, until dropped.
pub struct SecretService {
    directory: TempDir,
    bus: Child,
    daemon: Option<Child>,
    address: String,
}

impl SecretService {
    /// A keyring that is unlocked.
    pub fn start() -> Self {
        let mut service = Self::bus_alone();
        service.start_daemon(Some("password"));
        service
    }

    /// A keyring that is locked, without a person to ask for its password.
    pub fn locked() -> Self {
        let mut service = Self::start();
        service.kill_daemon();
        service.start_daemon(None);
        service
    }

    /// A bus on which there is no keyring.
    pub fn bus_alone() -> Self {
        let directory = TempDir::with_prefix("vendor-ssm-bus-").unwrap();
        let private = std::fs::Permissions::from_mode(0o700);
        std::fs::set_permissions(directory.path(), private).unwrap();
        let config = directory.path().join("bus.conf");
        std::fs::write(&config, bus_config(directory.path())).unwrap();
        let mut bus = Command::new(installed("dbus-daemon"))
            .arg("--nofork")
            .arg("--print-address=1")
            .arg(format!("--config-file={}", config.display()))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut address = String::new();
        BufReader::new(bus.stdout.take().unwrap())
            .read_line(&mut address)
            .unwrap();
        Self {
            directory,
            bus,
            daemon: None,
            address: address.trim().to_owned(),
        }
    }

    /// What `DBUS_SESSION_BUS_ADDRESS` is for those who are to find it.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Where the keyring's own files are.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Stops the daemon where it stands: it takes calls and never answers.
    pub fn freeze(&self) {
        let daemon = self.daemon.as_ref().unwrap();
        kill_process(Pid::from_child(daemon), Signal::STOP).unwrap();
    }

    /// Ends the daemon at once; the bus stays.
    pub fn kill_daemon(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            let _ = daemon.kill();
            let _ = daemon.wait();
        }
    }

    /// The product's entries, by key.
    pub fn entries(&self) -> BTreeMap<String, String> {
        self.exchange(&BTreeMap::new())
    }

    /// Puts entries under the product's keys, in place of those that are there.
    pub fn plant(&self, entries: &BTreeMap<String, String>) {
        self.exchange(entries);
    }

    /// The keyring crate finds the bus in the environment of its process, so it runs in another
    /// one.
    fn exchange(&self, planted: &BTreeMap<String, String>) -> BTreeMap<String, String> {
        let file = self.directory.path().join("entries.json");
        std::fs::write(&file, serde_json::to_vec(planted).unwrap()).unwrap();
        let output = Command::new(std::env::current_exe().unwrap())
            .args(["--ignored", "--exact", "secret_service::entries_of_the_bus"])
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .env(ENTRIES, &file)
            .output()
            .unwrap();
        assert!(output.status.success(), "{output:?}");
        let answer = std::fs::read(&file).unwrap();
        std::fs::remove_file(&file).unwrap();
        serde_json::from_slice(&answer).unwrap()
    }

    fn start_daemon(&mut self, password: Option<&str>) {
        let home = self.directory.path();
        let mut command = Command::new(installed("gnome-keyring-daemon"));
        command
            .args(["--foreground", "--components=secrets"])
            .arg(format!("--control-directory={}", home.display()))
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("HOME", home)
            .env("XDG_RUNTIME_DIR", home)
            .env("XDG_DATA_HOME", home.join("data"))
            .env("DBUS_SESSION_BUS_ADDRESS", &self.address)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        if password.is_some() {
            command.arg("--unlock");
        }
        let mut daemon = command.spawn().unwrap();
        let mut stdin = daemon.stdin.take().unwrap();
        stdin
            .write_all(password.unwrap_or_default().as_bytes())
            .unwrap();
        drop(stdin);
        self.daemon = Some(daemon);
        let begun = Instant::now();
        while !self.has_keyring() {
            assert!(begun.elapsed() < LIMIT, "gnome-keyring did not come up");
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    fn has_keyring(&self) -> bool {
        let answer = Command::new(installed("dbus-send"))
            .arg(format!("--bus={}", self.address))
            .args(["--print-reply=literal", "--dest=org.freedesktop.DBus", "/"])
            .arg("org.freedesktop.DBus.NameHasOwner")
            .arg("string:org.freedesktop.secrets")
            .output()
            .unwrap();
        String::from_utf8_lossy(&answer.stdout).contains("true")
    }
}

impl Drop for SecretService {
    fn drop(&mut self) {
        self.kill_daemon();
        let _ = self.bus.kill();
        let _ = self.bus.wait();
    }
}

/// A session bus without any service that it could start by itself.
fn bus_config(directory: &Path) -> String {
    format!(
        r#"<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={}</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow eavesdrop="true"/>
    <allow own="*"/>
  </policy>
</busconfig>
"#,
        directory.display()
    )
}

/// A program of the system that tests cannot do without.
pub fn installed(name: &str) -> PathBuf {
    let found = ["/usr/bin", "/bin", "/usr/local/bin"]
        .iter()
        .map(|directory| Path::new(directory).join(name))
        .find(|path| path.exists());
    found.unwrap_or_else(|| panic!("{name} is not installed: tests/all installs what tests need"))
}

#[test]
#[ignore = "a part of other tests, in a process of its own"]
#[expect(
    clippy::disallowed_methods,
    reason = "its parent tells it so which entries"
)]
fn entries_of_the_bus() {
    let Some(file) = std::env::var_os(ENTRIES) else {
        return;
    };
    assert!(keyring::Entry::store_status().is_ok());
    let planted: BTreeMap<String, String> =
        serde_json::from_slice(&std::fs::read(&file).unwrap()).unwrap();
    for (key, text) in planted {
        let entry = keyring_core::Entry::new(SERVICE, &key).unwrap();
        entry.set_secret(text.as_bytes()).unwrap();
    }
    let entries: BTreeMap<String, String> =
        keyring_core::Entry::search(&HashMap::from([("service", SERVICE)]))
            .unwrap()
            .iter()
            .map(|entry| {
                let key = entry.get_attributes().unwrap()["username"].clone();
                let text = String::from_utf8(entry.get_secret().unwrap()).unwrap();
                (key, text)
            })
            .collect();
    std::fs::write(&file, serde_json::to_vec(&entries).unwrap()).unwrap();
}
