//! `proxy` under a real OpenSSH client, with a real sshd behind the sandbox.

use std::fmt::Write as _;
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use crate::harness::terminal::{LIMIT, WEB_1, none_open, until};
use crate::harness::{Bench, program};

/// An sshd of one's own on a free port, and the client's side of it, in a directory.
struct Sshd {
    daemon: Child,
    port: u16,
    folder: TempDir,
}

impl Sshd {
    fn start() -> Self {
        // sshd looks at who may write the folders above the keys.
        let folder = TempDir::with_prefix_in("vendor-ssm-sshd-", std::env::temp_dir()).unwrap();
        let path = |name: &str| folder.path().join(name);
        for key in ["host", "user"] {
            let made = Command::new("ssh-keygen")
                .args(["-q", "-t", "ed25519", "-N", "", "-f"])
                .arg(path(key))
                .status()
                .expect("ssh-keygen, of openssh-client");
            assert!(made.success());
        }
        std::fs::copy(path("user.pub"), path("authorized")).unwrap();
        let port = {
            let free = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
            free.local_addr().unwrap().port()
        };
        let mut config = String::new();
        for (key, value) in [
            ("ListenAddress", format!("127.0.0.1:{port}")),
            ("HostKey", path("host").display().to_string()),
            (
                "AuthorizedKeysFile",
                path("authorized").display().to_string(),
            ),
            ("PidFile", "none".to_owned()),
            ("StrictModes", "no".to_owned()),
            ("UsePAM", "no".to_owned()),
            ("PasswordAuthentication", "no".to_owned()),
            ("Subsystem", "sftp internal-sftp".to_owned()),
        ] {
            writeln!(config, "{key} {value}").unwrap();
        }
        std::fs::write(path("sshd_config"), config).unwrap();
        // Where sshd drops its rights when root starts it.
        if rustix::process::geteuid().is_root() {
            let _ = std::fs::create_dir_all("/run/sshd");
            let mode = std::fs::Permissions::from_mode(0o755);
            let _ = std::fs::set_permissions("/run/sshd", mode);
        }
        let daemon = Command::new("/usr/sbin/sshd")
            .args(["-D", "-e", "-f"])
            .arg(path("sshd_config"))
            .stderr(std::fs::File::create(path("log")).unwrap())
            .spawn()
            .expect("/usr/sbin/sshd, of openssh-server");
        let mut sshd = Self {
            daemon,
            port,
            folder,
        };
        let listens = until(LIMIT, || {
            TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok()
        });
        assert!(listens, "{:?}: {}", sshd.daemon.try_wait(), sshd.log());
        sshd
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.path("log")).unwrap_or_default()
    }

    /// Writes the documented stanza for the test's names; the clients get nothing else.
    fn client_config(&self) -> PathBuf {
        let top = Path::new(env!("CARGO_MANIFEST_DIR"));
        let pages = std::fs::read_dir(top.join("docs")).unwrap();
        let pages = pages.map(|page| page.unwrap().path());
        let fence = "```sshconfig\n";
        let page = pages
            .chain([top.join("README.md")])
            .filter_map(|page| std::fs::read_to_string(page).ok())
            .find(|page| page.contains(fence))
            .expect("a page with an sshconfig block");
        let begin = page.find(fence).unwrap() + fence.len();
        let end = begin + page[begin..].find("```").unwrap();
        let stanza = page[begin..end].replace("vendor-ssm proxy", &format!("{} proxy", program()));
        assert!(stanza.contains(program()), "{stanza}");
        let config = format!(
            "{stanza}  IdentityFile {}\n  UserKnownHostsFile {}\n  StrictHostKeyChecking accept-new\n  BatchMode yes\n",
            self.path("user").display(),
            self.path("known").display(),
        );
        std::fs::write(self.path("ssh_config"), config).unwrap();
        self.path("ssh_config")
    }

    /// A client that goes through the program.
    fn client(&self, bench: &Bench, client: &str) -> Command {
        let mut command = Command::new(client);
        command
            .env_clear()
            .envs(bench.environment())
            .current_dir(self.folder.path())
            .stdin(Stdio::null());
        command
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        let _ = self.daemon.kill();
        let _ = self.daemon.wait();
    }
}

/// Who runs the tests.
fn user() -> String {
    let id = Command::new("id").arg("-un").output().unwrap();
    String::from_utf8(id.stdout).unwrap().trim().to_owned()
}

#[test]
fn openssh_goes_through_it() {
    let bench = Bench::new();
    bench.grant(&["AWS-StartSSHSession"]);
    let sshd = Sshd::start();
    bench.sandbox.world(|world| {
        world.instance_mut(WEB_1).unwrap().ports = vec![(22, sshd.port)];
    });
    let config = sshd.client_config();
    let destination = format!("{}@acme.web-1", user());
    let ran = |command: &mut Command| {
        let output = command.output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let code = output.status.code();
        (code, output.stdout, format!("{stderr}\n{}", sshd.log()))
    };

    // A command, its streams and its exit status.
    let mut ssh = sshd.client(&bench, "ssh");
    ssh.arg("-F").arg(&config).arg(&destination);
    let (code, stdout, log) = ran(ssh.arg("echo out; echo err >&2; exit 7"));
    assert_eq!((code, stdout.as_slice()), (Some(7), &b"out\n"[..]), "{log}");
    assert!(log.contains("err\n"), "{log}");

    // A name keeps the letter case in which it was typed, whatever ssh makes of the host.
    let rename = |name: &str| {
        bench.sandbox.world(|world| {
            let tags = &mut world.instance_mut(WEB_1).unwrap().tags;
            tags.retain(|(key, _)| key != "Name");
            tags.push(("Name".to_owned(), name.to_owned()));
        });
    };
    rename("OpsPublic");
    for options in [
        &[][..],
        &[
            "-oCanonicalizeHostname=always",
            "-oCanonicalDomains=example.invalid",
            "-oHostName=Elsewhere.example.invalid",
        ],
    ] {
        let mut ssh = sshd.client(&bench, "ssh");
        ssh.arg("-F").arg(&config).args(options);
        ssh.arg(format!("{}@acme.OpsPublic", user()));
        let (code, stdout, log) = ran(ssh.arg("echo out"));
        assert_eq!((code, stdout.as_slice()), (Some(0), &b"out\n"[..]), "{log}");
    }
    let mut ssh = sshd.client(&bench, "ssh");
    ssh.arg("-F")
        .arg(&config)
        .arg(format!("{}@acme.opspublic", user()));
    let (code, _, log) = ran(ssh.arg("true"));
    assert_eq!(code, Some(255), "{log}");
    for part in [
        "no instance has the name \"opspublic\"",
        "names that differ only in letter case: OpsPublic",
    ] {
        assert!(log.contains(part), "{log}");
    }
    rename("web-1");

    // Files, there and back.
    let noise: Vec<u8> = (0..3_000_000_u32)
        .flat_map(|n| n.wrapping_mul(2_654_435_761).to_le_bytes())
        .take(3_000_000)
        .collect();
    std::fs::write(sshd.path("file"), &noise).unwrap();
    let far = sshd.path("copy");
    let far = format!("{destination}:{}", far.display());
    let mut scp = sshd.client(&bench, "scp");
    let (code, _, log) = ran(scp.arg("-q").arg("-F").arg(&config).args(["file", &far]));
    assert_eq!(code, Some(0), "{log}");
    let mut scp = sshd.client(&bench, "scp");
    let (code, _, log) = ran(scp.arg("-q").arg("-F").arg(&config).args([&far, "back"]));
    assert_eq!(code, Some(0), "{log}");
    assert!(std::fs::read(sshd.path("back")).unwrap() == noise);

    // Through a pipe both ways.
    let mut ssh = sshd.client(&bench, "ssh");
    ssh.arg("-F").arg(&config).arg(&destination).arg("cat");
    let file = std::fs::File::open(sshd.path("file")).unwrap();
    let (code, stdout, log) = ran(ssh.stdin(file));
    assert_eq!(code, Some(0), "{log}");
    assert!(stdout == noise, "{} bytes, {log}", stdout.len());

    // ssh hangs up on its proxy when it leaves; the session ends all the same.
    none_open(&bench);
}
