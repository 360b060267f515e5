//! Which authorities are trusted if `SSL_CERT_FILE` and `SSL_CERT_DIR` name them.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt as _;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;
use vendor_ssm_sandbox::plugin::Script;
use vendor_ssm_sandbox::proxy::{Proxy, ProxyOptions};

use crate::behind::{Behind, HOSTS};
use crate::harness::terminal::Terminal;
use crate::harness::{Ran, is_windows, native, run};
use crate::network::fed;
use crate::pty::plugin::{configure, installed};

const FILE: &str = "SSL_CERT_FILE";
const FOLDERS: &str = "SSL_CERT_DIR";

/// The sandbox under AWS's names, and files for the variables to name.
struct Trusting {
    behind: Behind,
    /// The file of the sandbox's own authority.
    own: PathBuf,
    /// The file of another authority, which has signed nothing here.
    other: Behind,
    folder: TempDir,
}

impl Trusting {
    fn new() -> Self {
        let behind = Behind::new(None);
        Self {
            own: behind.bench.sandbox.ca_file().unwrap().to_owned(),
            behind,
            other: Behind::new(None),
            folder: TempDir::new().unwrap(),
        }
    }

    fn other(&self) -> PathBuf {
        self.other.bench.sandbox.ca_file().unwrap().to_owned()
    }

    /// A folder with the own authority's certificate under this name, beside other files.
    fn folder(&self, name: &str) -> PathBuf {
        let folder = self.folder.path().join(format!("folder-{name}"));
        std::fs::create_dir_all(folder.join("a folder")).unwrap();
        std::fs::write(folder.join("README"), "not a certificate\n").unwrap();
        symlink("nowhere", folder.join("0badc0de.0")).unwrap();
        std::fs::copy(&self.own, folder.join(name)).unwrap();
        symlink(name, folder.join("5ed36f99.0")).unwrap();
        folder
    }

    fn empty(&self) -> PathBuf {
        let folder = self.folder.path().join("empty");
        std::fs::create_dir_all(&folder).unwrap();
        folder
    }

    fn file(&self, name: &str, text: impl AsRef<[u8]>) -> PathBuf {
        let path = self.folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// The program without `AWS_CA_BUNDLE`, and with these variables.
    fn command(&self, line: &str, variables: &[(&str, &OsStr)]) -> Command {
        let mut command = self.behind.command(line);
        command
            .env_remove("AWS_CA_BUNDLE")
            .envs(variables.iter().copied());
        command
    }

    fn run(&self, line: &str, variables: &[(&str, &OsStr)]) -> Ran {
        run(&mut self.command(line, variables))
    }
}

fn of(path: &Path) -> &OsStr {
    path.as_os_str()
}

fn joined(folders: &[&Path]) -> OsString {
    if is_windows() {
        let folders: Vec<String> = folders.iter().map(native).collect();
        return folders.join(";").into();
    }
    std::env::join_paths(folders).unwrap()
}

/// The row of `settings` with this key: its value and origin.
fn row(ran: &Ran, key: &str) -> [Value; 2] {
    let said: Value = serde_json::from_str(&ran.stdout).unwrap();
    let rows = said["settings"].as_array().unwrap();
    let row = rows.iter().find(|row| row["key"] == key).unwrap();
    [row["value"].clone(), row["origin"].clone()]
}

fn check(ran: &Ran) -> Value {
    let said: Value = serde_json::from_str(&ran.stdout).unwrap();
    let checks = said["checks"].as_array().unwrap();
    checks.iter().find(|it| it["name"] == "ca").unwrap().clone()
}

#[test]
fn what_the_variables_name_is_trusted_for_calls_and_the_data_channel() {
    let it = Trusting::new();
    let missing = it.folder.path().join("missing");
    let several = joined(&[&missing, &it.empty(), &it.folder("company.pem")]);
    let hashed = it.folder("1a2b3c4d.0");
    let mixed = [
        std::fs::read(it.other()).unwrap(),
        std::fs::read(&it.own).unwrap(),
    ];
    let mixed = it.file("mixed.pem", mixed.concat());
    // What rustls cannot use is passed over, as in a distribution's bundle.
    let odd = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
    let odd = [odd.as_bytes(), &std::fs::read(&it.own).unwrap()].concat();
    let odd = it.file("odd.pem", odd);
    let (empty, other) = (it.empty(), it.other());
    let quiet = run(&mut it.behind.command("list")).stderr;
    for variables in [
        vec![(FILE, of(&it.own))],
        vec![(FILE, of(&mixed))],
        vec![(FILE, of(&odd))],
        vec![(FOLDERS, of(&hashed))],
        vec![(FOLDERS, several.as_os_str())],
        vec![(FILE, of(&it.own)), (FOLDERS, of(&empty))],
        vec![(FILE, of(&other)), (FOLDERS, several.as_os_str())],
        vec![(FILE, "".as_ref()), (FOLDERS, of(&hashed))],
        vec![(FILE, of(&it.own)), (FOLDERS, "".as_ref())],
    ] {
        let ran = it.run("list", &variables);
        assert_eq!(ran.code, 0, "{variables:?}: {ran:?}");
        assert_eq!(ran.stderr, quiet, "{variables:?}");
        let mut command = it.command("connect web-1", &variables);
        let ran = fed(&mut command, "echo he''llo\n");
        assert_eq!(ran.code, 0, "{variables:?}: {ran:?}");
        assert!(ran.stdout.contains("hello"), "{variables:?}: {ran:?}");
        assert!(!ran.stderr.contains("SSL_CERT"), "{variables:?}: {ran:?}");
    }
    assert_eq!(it.behind.bench.sandbox.open_sessions(), [""; 0]);
}

#[test]
fn what_the_variables_name_is_shown() {
    let it = Trusting::new();
    let hashed = it.folder("1a2b3c4d.0");
    let both = [(FILE, of(&it.own)), (FOLDERS, of(&hashed))];
    let ran = it.run("settings --output json", &both);
    assert_eq!(
        row(&ran, "aws.ssl_cert_file"),
        [it.own.to_str().unwrap(), "environment SSL_CERT_FILE"]
    );
    assert_eq!(
        row(&ran, "aws.ssl_cert_dir"),
        [hashed.to_str().unwrap(), "environment SSL_CERT_DIR"]
    );
    assert_eq!(
        row(&ran, "aws.ca_bundle"),
        [Value::Null, Value::from("default")]
    );
    let ran = it.run("doctor --output json", &both);
    let message = format!(
        "SSL_CERT_FILE ({}) and SSL_CERT_DIR ({}), in place of the system's",
        it.own.display(),
        hashed.display()
    );
    assert_eq!(check(&ran)["message"], message);
    assert_eq!(check(&ran)["status"], "ok");

    let blank = [(FILE, "".as_ref()), (FOLDERS, " ".as_ref())];
    let ran = it.run("doctor --output json", &blank);
    assert_eq!(check(&ran)["message"], "the system's trusted certificates");
    let ran = it.run("list", &blank);
    assert_eq!(ran.code, 40, "{ran:?}");
    assert!(ran.stderr.contains("hint: set AWS_CA_BUNDLE"), "{ran:?}");
    assert!(!ran.stderr.contains("SSL_CERT"), "{ran:?}");
}

/// They are not even read, and may name nothing.
#[test]
fn the_ca_bundle_outranks_the_variables() {
    let it = Trusting::new();
    let folder = it.behind.bench.home().join(".aws");
    std::fs::create_dir(&folder).unwrap();
    for by_profile in [false, true] {
        let outranked = |line: &str| {
            let mut command = it.behind.command(line);
            if by_profile {
                let text = format!("[default]\nca_bundle = {}\n", native(&it.own));
                std::fs::write(folder.join("config"), text).unwrap();
                command.env_remove("AWS_CA_BUNDLE");
            }
            command.env(FILE, "/nonexistent.pem");
            command.env(FOLDERS, OsStr::from_bytes(b"/nonexistent\xff"));
            run(&mut command)
        };
        assert_eq!(outranked("list").code, 0, "{by_profile}");
        let ran = outranked("settings --output json");
        assert_eq!(row(&ran, "aws.ca_bundle")[0], native(&it.own));
        assert_eq!(row(&ran, "aws.ssl_cert_file")[0], Value::Null);
        let ran = outranked("doctor --output json");
        let message = check(&ran)["message"].to_string();
        assert!(message.contains("the plugin ignores it"), "{message}");
        assert!(!message.contains("SSL_CERT"), "{message}");
    }
}

#[test]
fn what_the_variables_name_in_vain_is_said_before_anything_is_sent() {
    let it = Trusting::new();
    let missing = it.folder.path().join("missing");
    let bad = "-----BEGIN CERTIFICATE-----\n!!!\n-----END CERTIFICATE-----\n";
    let bad = it.file("bad.pem", bad);
    let odd = "-----BEGIN CERTIFICATE-----\nMAA=\n-----END CERTIFICATE-----\n";
    let odd = it.file("odd.pem", odd);
    let none = it.file("none.pem", "no certificate\n");
    let zero = it.file("zero.pem", "");
    let empty = it.empty();
    let rubbish = it.folder.path().join("rubbish");
    std::fs::create_dir(&rubbish).unwrap();
    std::fs::copy(&bad, rubbish.join("a.pem")).unwrap();
    std::fs::copy(&odd, rubbish.join("b.pem")).unwrap();
    // Without a program that writes to it, a pipe must not hang a command.
    let pipe = it.folder.path().join("pipe");
    crate::harness::pipe(&pipe);
    let two = joined(&[&missing, &empty]);
    let hashed = it.folder("1a2b3c4d.0");
    let behind_a_file = joined(&[&hashed, &none]);
    let separator = if is_windows() { ";" } else { ":" };
    for (variables, named) in [
        (vec![(FILE, of(&missing))], missing.as_path()),
        (vec![(FILE, of(&bad))], &bad),
        (vec![(FILE, of(&odd))], &odd),
        (vec![(FILE, of(&none))], &none),
        (vec![(FILE, of(&zero))], &zero),
        (vec![(FILE, of(&empty))], &empty),
        (vec![(FILE, "/dev/zero".as_ref())], Path::new("/dev/zero")),
        (vec![(FILE, of(&pipe))], &pipe),
        (vec![(FOLDERS, of(&missing))], &missing),
        (vec![(FOLDERS, of(&empty))], &empty),
        (vec![(FOLDERS, of(&rubbish))], &rubbish),
        (vec![(FOLDERS, two.as_os_str())], &empty),
        (vec![(FOLDERS, of(&none))], &none),
        (vec![(FOLDERS, behind_a_file.as_os_str())], &none),
        (vec![(FOLDERS, separator.as_ref())], Path::new(separator)),
        // The other one does not make up for it.
        (vec![(FILE, of(&missing)), (FOLDERS, of(&hashed))], &missing),
        (vec![(FILE, of(&it.own)), (FOLDERS, of(&missing))], &missing),
    ] {
        // Windows has neither among its files.
        if is_windows() && [Path::new("/dev/zero"), &pipe].contains(&named) {
            continue;
        }
        let ran = it.run("list", &variables);
        assert_eq!(ran.code, 10, "{variables:?}: {ran:?}");
        let written = [native(named), named.to_str().unwrap().to_owned()];
        let (name, named) = variables
            .iter()
            .find_map(|(name, value)| {
                let value = value.to_string_lossy();
                let named = written.iter().find(|named| value.contains(*named))?;
                Some((name, named))
            })
            .unwrap();
        let said = format!("{name} {named}: ");
        assert!(ran.stderr.contains(&said), "{said}: {ran:?}");
        let hint = format!("hint: set {name} to ");
        assert!(ran.stderr.contains(&hint), "{ran:?}");
        let ran = it.run("doctor --output json", &variables);
        assert_eq!(ran.code, 10, "{variables:?}: {ran:?}");
        assert_eq!(check(&ran)["status"], "failed", "{variables:?}");
    }
    let latin = OsStr::from_bytes(b"/gr\xfcn.pem");
    let ran = it.run("list", &[(FILE, latin)]);
    assert_eq!(ran.code, 10, "{ran:?}");
    assert!(ran.stderr.contains("SSL_CERT_FILE"), "{ran:?}");
    assert!(it.behind.bench.sandbox.trail().is_empty());
}

#[test]
fn a_chain_that_is_not_trusted_names_what_is() {
    let it = Trusting::new();
    let other = it.other();
    let named = format!("trusting only SSL_CERT_FILE ({})", other.display());
    let hint = "hint: add the authority that signed the certificate to what SSL_CERT_FILE";
    let ran = it.run("list", &[(FILE, of(&other))]);
    assert_eq!(ran.code, 40, "{ran:?}");
    assert!(ran.stderr.contains(&named), "{ran:?}");
    assert!(ran.stderr.contains(hint), "{ran:?}");
    assert!(it.behind.bench.sandbox.trail().is_empty());
    // A bundle is named as well.
    let ran = run(it.behind.command("list").env("AWS_CA_BUNDLE", &other));
    let named_bundle = format!("trusting only AWS_CA_BUNDLE ({})", other.display());
    assert!(ran.stderr.contains(&named_bundle), "{ran:?}");

    // Only the data channel's host has a certificate of another authority.
    let hosts = HOSTS.map(|host| {
        let of = if host == HOSTS[3] {
            &it.other
        } else {
            &it.behind
        };
        (host.to_owned(), of.bench.sandbox.port())
    });
    let proxy = Proxy::start(ProxyOptions {
        hosts: hosts.into(),
        ..ProxyOptions::default()
    })
    .unwrap();
    let named = format!("trusting only SSL_CERT_FILE ({})", it.own.display());
    for (line, code) in [("connect web-1", 50), ("doctor", 40)] {
        let mut command = it.command(line, &[(FILE, of(&it.own))]);
        let ran = run(command.env("HTTPS_PROXY", proxy.url()));
        assert_eq!(ran.code, code, "{ran:?}");
        // doctor breaks its lines at a terminal's width.
        let said = format!("{} {}", ran.stdout, ran.stderr);
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        assert!(said.contains(&named), "{said}");
        assert!(said.contains(&hint[6..]), "{said}");
    }
    assert_eq!(it.behind.bench.sandbox.open_sessions(), [""; 0]);
}

/// Go reads the variables by itself, so they are not in the plugin's way as a bundle is.
#[test]
fn the_plugin_is_taken_and_gets_the_variables() {
    let it = Trusting::new();
    let own = it.own.to_str().unwrap();
    let plugin = installed(&Script::default());
    configure(&it.behind.bench, &plugin.plugin.path());
    let proxy = it.behind.proxy.url();
    let more = [
        ("AWS_ENDPOINT_URL", ""),
        ("HTTPS_PROXY", proxy.as_str()),
        ("AWS_CA_BUNDLE", ""),
        (FILE, own),
        (FOLDERS, "/etc/ssl/certs"),
    ];
    let ended = Terminal::with(&it.behind.bench, "connect web-1", 24, 110, &more).ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    let given = plugin.plugin.dump().unwrap().environment;
    assert_eq!(given.get(FILE).map(String::as_str), Some(own));
    assert_eq!(
        given.get(FOLDERS).map(String::as_str),
        Some("/etc/ssl/certs")
    );
}
