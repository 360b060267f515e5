//! A clean byte stream for ssh: piped, and under a real OpenSSH client with a real sshd behind the sandbox.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Signal;
use tempfile::TempDir;

use crate::forward::{MOMENT, Running, bench, echo, is_well_behaved, server};
use crate::harness::{Bench, program};
use crate::pty::{LIMIT, WEB_1, called, none_open, until};

/// `web-1` with its port 22 at another port of this machine.
fn leads(bench: &Bench, port: u16) {
    bench.sandbox.world(|world| {
        let instance = world.instance_mut(WEB_1).unwrap();
        instance.ports = vec![(22, port)];
    });
}

/// The program as ssh runs it.
fn proxy(bench: &Bench, line: &str) -> Child {
    bench
        .command(line.split_whitespace())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

fn ends(mut child: Child) -> i32 {
    let mut code = None;
    let ended = until(LIMIT, || {
        code = child.try_wait().unwrap();
        code.is_some()
    });
    assert!(ended, "not ended");
    code.unwrap().code().unwrap_or(-1)
}

#[test]
fn bytes_are_carried_as_they_are() {
    let bench = bench();
    leads(&bench, echo());
    let mut child = proxy(&bench, "proxy web-1");
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let all: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let mut line = vec![b'x'; 1017];
    line[1016] = b'\n';
    for question in [b"\n".to_vec(), line, b"\r\n~.\n~?\x03".to_vec(), all] {
        stdin.write_all(&question).unwrap();
        let mut answer = vec![0; question.len()];
        stdout.read_exact(&mut answer).unwrap();
        assert!(answer == question);
    }
    let id = bench.sandbox.open_sessions().remove(0);
    // The end of input is no end of output; that comes when all is quiet.
    drop(stdin);
    let began = Instant::now();
    let mut rest = Vec::new();
    stdout.read_to_end(&mut rest).unwrap();
    assert_eq!(rest, b"");
    assert!(began.elapsed() >= Duration::from_secs(5));
    assert_eq!(ends(child), 0);
    none_open(&bench);
    is_well_behaved(&bench, &id);
    let started = &bench.sandbox.trail();
    let started = started.iter().find(|event| event.action == "StartSession");
    let parameters = &started.unwrap().parameters;
    assert_eq!(parameters["DocumentName"], "AWS-StartSSHSession");
}

#[test]
fn an_answer_after_the_end_of_input_arrives() {
    let bench = bench();
    let port = server(|mut socket| {
        let mut question = [0; 8];
        socket.read_exact(&mut question).unwrap();
        std::thread::sleep(4 * MOMENT);
        socket.write_all(b"answer").unwrap();
    });
    let ran = bench.run_with_input(&format!("proxy web-1 {port}"), "question");
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "answer"), "{ran:?}");
    none_open(&bench);
    // The far side has closed, so the service has.
    assert_eq!(called(&bench, "TerminateSession"), 0);
}

#[test]
fn nothing_but_the_stream_is_on_stdout() {
    let bench = bench();
    let port = server(|mut socket| {
        socket.write_all(b"SSH-2.0-test\r\n").unwrap();
        socket.shutdown(Shutdown::Both).unwrap();
    });
    let ran = bench.run(&format!("proxy web-1 {port} -vv"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(ran.stdout, "SSH-2.0-test\r\n");
    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = closed.local_addr().unwrap().port();
    drop(closed);
    let ran = bench.run(&format!("proxy web-1 {port}"));
    assert_eq!((ran.code, ran.stdout.as_str()), (50, ""), "{ran:?}");
    assert!(ran.stderr.contains("connection refused"), "{ran:?}");
    none_open(&bench);
}

#[test]
fn each_signal_ends_it() {
    for (signal, code) in [(Signal::INT, 130), (Signal::TERM, 143), (Signal::HUP, 129)] {
        let bench = bench();
        let mut command = bench.command(["proxy", "web-1", &echo().to_string()]);
        let running = Running::of(command.stdin(Stdio::piped()));
        let there = until(LIMIT, || !bench.sandbox.open_sessions().is_empty());
        assert!(there, "{}", running.stderr());
        running.signal(signal);
        let ran = running.ends();
        assert_eq!((ran.code, ran.stderr.as_str()), (code, ""), "{ran:?}");
        none_open(&bench);
    }
}

#[test]
fn a_reader_that_leaves_ends_it_quietly() {
    let bench = bench();
    let port = server(|mut socket| {
        let _ = std::io::copy(&mut std::io::repeat(b'x'), &mut socket);
    });
    let mut child = proxy(&bench, &format!("proxy web-1 {port}"));
    let mut stdout = child.stdout.take().unwrap();
    stdout.read_exact(&mut [0; 1000]).unwrap();
    drop(stdout);
    let mut stderr = child.stderr.take().unwrap();
    assert_eq!(ends(child), 141);
    let mut said = String::new();
    stderr.read_to_string(&mut said).unwrap();
    assert_eq!(said.lines().count(), 1, "{said}");
    none_open(&bench);
}

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

    /// Writes the README's stanza for the test's names, which is all that the clients are told.
    fn client_config(&self) -> PathBuf {
        let readme =
            std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md"))
                .unwrap();
        let fence = "```sshconfig\n";
        let begin = readme.find(fence).unwrap() + fence.len();
        let end = begin + readme[begin..].find("```").unwrap();
        let stanza =
            readme[begin..end].replace("vendor-ssm proxy", &format!("{} proxy", program()));
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
    let bench = bench();
    let sshd = Sshd::start();
    leads(&bench, sshd.port);
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
