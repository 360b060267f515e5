//! Ports of this machine that lead through the sandbox to real TCP servers.

mod endings;
mod local_command;
mod sockets;
mod transfers;

use std::io::{BufRead as _, BufReader, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use crate::harness::terminal::{LIMIT, WEB_1, called, none_open, until};
use crate::harness::{Bench, Ran, is_windows};

/// AWS's documents for ports.
pub const PORT: &str = "AWS-StartPortForwardingSession";
pub const REMOTE_PORT: &str = "AWS-StartPortForwardingSessionToRemoteHost";
pub const SSH: &str = "AWS-StartSSHSession";

/// A bench whose customer grants the documents for ports.
pub fn bench() -> Bench {
    let bench = Bench::new();
    bench.grant(&[PORT, REMOTE_PORT, SSH]);
    bench
}

/// The program while it runs.
pub struct Running {
    child: Child,
    stdout: Arc<Mutex<String>>,
    stderr: Arc<Mutex<String>>,
}

impl Running {
    /// Starts it with these words, its input empty.
    pub fn start(bench: &Bench, line: &str) -> Self {
        Self::of(&mut bench.command(line.split_whitespace()))
    }

    /// Starts a command.
    pub fn of(command: &mut Command) -> Self {
        let mut child = command
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let stdout = gather(child.stdout.take().unwrap());
        let stderr = gather(child.stderr.take().unwrap());
        Self {
            child,
            stdout,
            stderr,
        }
    }

    /// Starts `forward` with these words, and waits until it carries connections;
    /// says where, in the order of `-L`.
    pub fn forward(bench: &Bench, line: &str) -> (Self, Vec<SocketAddr>) {
        let line = format!("forward {line}");
        let command = &mut bench.command(line.split_whitespace());
        Self::carrying(command, line.matches("-L").count())
    }

    /// The same for a command with so many `-L`.
    pub fn carrying(command: &mut Command, count: usize) -> (Self, Vec<SocketAddr>) {
        let running = Self::of(command);
        running.says_that("every forward", |stderr| {
            stderr.lines().filter(|line| line.contains(" -> ")).count() == count
        });
        let stderr = running.stderr();
        let address = |line: &str| line.split_once(" -> ")?.0.parse().ok();
        (running, stderr.lines().filter_map(address).collect())
    }

    pub fn stdout(&self) -> String {
        self.stdout.lock().unwrap().clone()
    }

    /// What was said, but for the line about the sandbox's endpoint.
    pub fn stderr(&self) -> String {
        let text = self.stderr.lock().unwrap();
        let lines = text.split_inclusive('\n');
        lines
            .filter(|line| !line.starts_with("endpoint overridden"))
            .collect()
    }

    /// Waits until stderr has this.
    pub fn says(&self, text: &str) {
        self.says_that(text, |stderr| stderr.contains(text));
    }

    /// Waits until stderr is as wanted.
    pub fn says_that(&self, what: &str, is: impl Fn(&str) -> bool) {
        let said = until(LIMIT, || is(&self.stderr()));
        assert!(said, "never said: {what}\n{}", self.stderr());
    }

    /// Writes to its standard input, which is a pipe.
    pub fn writes(&mut self, text: &str) {
        let stdin = self.child.stdin.as_mut().unwrap();
        stdin.write_all(text.as_bytes()).unwrap();
    }

    pub fn signal(&self, signal: Signal) {
        let pid = Pid::from_raw(self.child.id().try_into().unwrap()).unwrap();
        kill_process(pid, signal).unwrap();
    }

    /// Waits for its end.
    pub fn ends(mut self) -> Ran {
        let mut code = None;
        let ended = until(LIMIT, || {
            code = self.child.try_wait().unwrap();
            code.is_some()
        });
        assert!(ended, "not ended: {}", self.stderr());
        // The threads have read everything once they have dropped the text.
        let all = until(LIMIT, || Arc::strong_count(&self.stderr) == 1);
        assert!(all, "its stderr is held by somebody: {}", self.stderr());
        Ran {
            code: code.unwrap().code().unwrap_or(-1),
            stdout: self.stdout(),
            stderr: self.stderr(),
        }
    }

    /// Interrupts it, which is its ordinary end.
    pub fn leaves(self, bench: &Bench) -> Ran {
        self.signal(Signal::INT);
        let ran = self.ends();
        assert_eq!(ran.code, 0, "{ran:?}");
        none_open(bench);
        ran
    }
}

impl Drop for Running {
    /// A test that failed leaves nothing behind.
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn gather(from: impl Read + Send + 'static) -> Arc<Mutex<String>> {
    let text = Arc::new(Mutex::new(String::new()));
    let kept = Arc::clone(&text);
    std::thread::spawn(move || {
        let mut from = BufReader::new(from);
        let mut line = String::new();
        while from.read_line(&mut line).is_ok_and(|read| read > 0) {
            kept.lock().unwrap().push_str(&line);
            line.clear();
        }
    });
    text
}

/// A server on this machine that treats each connection so; its port.
pub fn server(treat: impl Fn(TcpStream) + Clone + Send + 'static) -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for socket in listener.incoming() {
            let treat = treat.clone();
            std::thread::spawn(move || treat(socket.unwrap()));
        }
    });
    port
}

/// Says back what it hears.
pub fn echo() -> u16 {
    server(|mut socket| {
        let mut back = socket.try_clone().unwrap();
        let _ = std::io::copy(&mut socket, &mut back);
    })
}

/// Connects, with limits.
pub fn connect(address: SocketAddr) -> TcpStream {
    let socket = TcpStream::connect(address).unwrap();
    socket.set_read_timeout(Some(4 * LIMIT)).unwrap();
    socket.set_write_timeout(Some(4 * LIMIT)).unwrap();
    socket
}

/// Asks and reads as much as the question has.
pub fn echoes(socket: &mut TcpStream, question: &[u8]) {
    socket.write_all(question).unwrap();
    let mut answer = vec![0; question.len()];
    socket.read_exact(&mut answer).unwrap();
    assert!(answer == question, "{} bytes differ", question.len());
}

/// No input that a real agent would not take.
pub fn is_well_behaved(bench: &Bench, session_id: &str) {
    let violations = bench.sandbox.channels().violations(session_id);
    assert_eq!(violations, [""; 0]);
    let record = bench.sandbox.channels().record(session_id).unwrap();
    assert!(record.max_payload <= 1024, "{}", record.max_payload);
}

/// The documents and parameters of all sessions that were started.
fn started(bench: &Bench) -> Vec<Vec<(String, String)>> {
    let trail = bench.sandbox.trail();
    let started = trail.iter().filter(|event| event.action == "StartSession");
    started
        .map(|event| {
            let mut parameters: Vec<(String, String)> = event
                .parameters
                .iter()
                .filter(|(name, _)| !["Target", "Reason", "SessionId"].contains(&name.as_str()))
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect();
            parameters.sort();
            parameters
        })
        .collect()
}

#[test]
fn a_port_leads_to_the_instance() {
    let bench = bench();
    let port = server(|mut socket| {
        let mut line = String::new();
        BufReader::new(&socket).read_line(&mut line).unwrap();
        write!(socket, "HTTP/1.0 200 OK\r\n\r\nyou asked {line}").unwrap();
    });
    let (running, addresses) = Running::forward(&bench, &format!("web-1 -L 0:{port}"));
    let address = addresses[0];
    assert_eq!(address.ip(), Ipv4Addr::LOCALHOST);
    // A port that was left to the system is data.
    assert!(until(LIMIT, || !running.stdout().is_empty()));
    assert_eq!(running.stdout(), format!("{}\n", address.port()));
    assert_eq!(running.stderr(), format!("{address} -> web-1:{port}\n"));
    for _ in 0..3 {
        let mut socket = connect(address);
        socket.write_all(b"GET / HTTP/1.0\r\n").unwrap();
        let mut answer = String::new();
        socket.read_to_string(&mut answer).unwrap();
        assert_eq!(
            answer,
            "HTTP/1.0 200 OK\r\n\r\nyou asked GET / HTTP/1.0\r\n"
        );
    }
    let id = bench.sandbox.open_sessions().remove(0);
    let ran = running.leaves(&bench);
    assert_eq!(
        ran.stderr,
        format!("{address} -> web-1:{port}\n{address}: the first connection is open\n")
    );
    is_well_behaved(&bench, &id);
    assert_eq!(called(&bench, "StartSession"), 1);
    assert_eq!(called(&bench, "TerminateSession"), 1);
}

#[test]
fn several_lead_to_the_instance_and_to_hosts_that_it_reaches() {
    let bench = bench();
    let (one, two) = (echo(), echo());
    bench.sandbox.world(|world| {
        let hosts = &mut world.instance_mut(WEB_1).unwrap().hosts;
        hosts.push(("db.internal".to_owned(), Ipv4Addr::LOCALHOST.into()));
    });
    let line =
        format!("web-1 -L 0:{one} -L [::1]:0:db.internal:{two} -L 127.0.0.1:0:localhost:{two}");
    let (running, addresses) = Running::forward(&bench, &line);
    assert!(addresses[1].is_ipv6() && addresses[2].is_ipv4());
    for address in &addresses {
        echoes(&mut connect(*address), b"through\n");
    }
    let ports = addresses
        .iter()
        .map(|address| address.port().to_string() + "\n");
    let ports = ports.collect::<Vec<_>>().concat();
    assert!(until(LIMIT, || running.stdout() == ports));
    let [at, v6, host] = [0, 1, 2].map(|n| addresses[n]);
    let stderr = running.stderr();
    assert!(
        stderr.starts_with(&format!(
            "{at} -> web-1:{one}\n{v6} -> db.internal:{two}\n{host} -> web-1:{two}\n"
        )),
        "{stderr}"
    );
    assert_eq!(bench.sandbox.open_sessions().len(), 3);
    running.leaves(&bench);
    let mut started = started(&bench);
    started.sort();
    let documents: Vec<&str> = started
        .iter()
        .map(|parameters| {
            let document = parameters.iter().find(|(name, _)| name == "DocumentName");
            document.unwrap().1.as_str()
        })
        .collect();
    assert_eq!(documents, [PORT, PORT, REMOTE_PORT], "{started:?}");
    assert_eq!(called(&bench, "TerminateSession"), 3);
}

#[test]
fn a_wide_address_is_warned_of() {
    let bench = bench();
    let port = echo();
    let (running, addresses) =
        Running::forward(&bench, &format!("web-1 -L 0.0.0.0:0:localhost:{port}"));
    let stderr = running.stderr();
    assert!(
        stderr.starts_with(&format!(
            "warning: {} is open to other machines",
            addresses[0]
        )),
        "{stderr}"
    );
    running.leaves(&bench);
}

#[test]
fn a_port_that_is_taken_opens_nothing() {
    let bench = bench();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port();
    let ran = bench.run(&format!("forward web-1 -L 0:80 -L {port}:80"));
    assert_eq!(ran.code, 13, "{ran:?}");
    // wine has no words for it.
    let why = if is_windows() {
        ""
    } else {
        "Address already in use"
    };
    assert!(
        ran.stderr.starts_with(&format!(
            "error[local-io]: cannot listen on 127.0.0.1:{port}: {why}"
        )) && ran.stderr.contains("hint: another program uses the port"),
        "{ran:?}"
    );
    assert_eq!(bench.sandbox.trail(), []);
}

#[test]
fn what_is_no_forward_is_a_wrong_command_line() {
    let bench = bench();
    for (line, expected) in [
        ("forward", "TARGET"),
        ("forward web-1", "-L"),
        ("forward -L 80:80", "TARGET"),
        ("forward web-1 -L 80", "PORT:HOST:PORT"),
        ("forward web-1 -L 80:0", "invalid remote port"),
        ("proxy", "TARGET"),
        ("proxy web-1 0", "PORT"),
        ("proxy web-1 ssh", "PORT"),
    ] {
        let ran = bench.run(line);
        assert_eq!(ran.code, 2, "{line}: {ran:?}");
        assert!(ran.stderr.contains(expected), "{line}: {ran:?}");
    }
    assert_eq!(bench.sandbox.trail(), []);
}

#[test]
fn the_guards_hold() {
    let bench = bench();
    let settings = std::fs::read_to_string(bench.config()).unwrap();
    bench.settings(&format!("{settings}confirm = true\n"));
    for (command, hint) in [
        (
            "forward web-1 -L 0:80",
            "vendor-ssm forward -c acme --confirm acme TARGET -L SPEC",
        ),
        (
            "proxy web-1",
            "vendor-ssm proxy -c acme --confirm acme TARGET",
        ),
    ] {
        let ran = bench.run(command);
        assert_eq!(ran.code, 60, "{ran:?}");
        assert!(ran.stderr.contains(hint), "{ran:?}");
        let ran = bench.run(&format!("{command} --confirm other"));
        assert_eq!(ran.code, 61, "{ran:?}");
    }
    bench.settings(&format!("{settings}require_reason = true\n"));
    for command in ["forward web-1 -L 0:80", "proxy web-1"] {
        assert_eq!(bench.run(command).code, 2);
    }
    assert_eq!(bench.sandbox.trail(), []);
}

#[test]
fn the_customers_own_documents_are_used() {
    let bench = bench();
    let settings = std::fs::read_to_string(bench.config()).unwrap();
    bench.settings(&format!("{settings}documents.port = \"{REMOTE_PORT}\"\n"));
    let ran = bench.run("forward web-1 -L 0:80");
    // It wants a host, which shows that it was asked for.
    assert_eq!(ran.code, 42, "{ran:?}");
    assert!(ran.stderr.contains("host"), "{ran:?}");
    bench.settings(&format!("{settings}documents.port = \"{SSH}\"\n"));
    let ran = bench.run("forward web-1 -L 0:80");
    assert_eq!(ran.code, 50, "{ran:?}");
    assert!(
        ran.stderr
            .contains("its session document opens another type of session"),
        "{ran:?}"
    );
    none_open(&bench);
}

#[test]
fn a_closed_port_is_said_and_the_rest_goes_on() {
    let bench = bench();
    let closed = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = closed.local_addr().unwrap().port();
    drop(closed);
    let (running, addresses) = Running::forward(&bench, &format!("web-1 -L 0:{port}"));
    let mut socket = connect(addresses[0]);
    let mut answer = Vec::new();
    let read = socket.read_to_end(&mut answer);
    assert!(read.is_err(), "not reset: {answer:?}");
    running.says("the target could not connect");
    // Whatever listens there later is reached.
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
    let mut socket = connect(addresses[0]);
    let (mut far, _) = listener.accept().unwrap();
    socket.write_all(b"later").unwrap();
    let mut heard = [0; 5];
    far.read_exact(&mut heard).unwrap();
    assert_eq!(&heard, b"later");
    running.leaves(&bench);
}

/// Long enough for a program to notice, short enough to wait for.
pub const MOMENT: Duration = Duration::from_millis(300);
