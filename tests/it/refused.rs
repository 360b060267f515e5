//! `proxy` to a port that takes nothing, and to ports that take their time.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use crate::forward::{MOMENT, bench, server};
use crate::harness::Bench;
use crate::harness::terminal::{LIMIT, called, none_open, until};

/// How long the first input may stay unacknowledged, and longer.
const LONG: Duration = Duration::from_secs(20);
const LONGER: Duration = Duration::from_secs(24);

/// A port of this machine on which nothing listens.
fn refused() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// A server that hands its connection over.
fn handed_over() -> (u16, Receiver<TcpStream>) {
    let (sender, receiver) = channel();
    let port = server(move |socket| sender.send(socket).unwrap());
    (port, receiver)
}

struct Proxy {
    child: Child,
    stdin: Option<ChildStdin>,
    stdout: ChildStdout,
}

impl Proxy {
    /// Starts it, and waits until the session is open.
    fn start(bench: &Bench, port: u16) -> Self {
        let mut child = bench.piped(&format!("proxy web-1 {port}"));
        let opened = until(LIMIT, || {
            let open = bench.sandbox.open_sessions();
            let record = |id: &String| bench.sandbox.channels().record(id);
            open.first()
                .and_then(record)
                .is_some_and(|record| !record.client_version.is_empty())
        });
        assert!(opened);
        Self {
            stdin: child.stdin.take(),
            stdout: child.stdout.take().unwrap(),
            child,
        }
    }

    fn sends(&mut self, bytes: &[u8]) {
        self.stdin.as_mut().unwrap().write_all(bytes).unwrap();
    }

    fn gets(&mut self, bytes: &[u8]) {
        let mut got = vec![0; bytes.len()];
        self.stdout.read_exact(&mut got).unwrap();
        assert_eq!(got, bytes);
    }

    fn is_running(&mut self) -> bool {
        self.child.try_wait().unwrap().is_none()
    }

    /// Its end, which may be far off: the exit code, and what was said.
    fn ends(mut self) -> (i32, String) {
        let ended = until(3 * LIMIT, || !self.is_running());
        if !ended {
            self.child.kill().unwrap();
        }
        let code = self.child.wait().unwrap().code().unwrap_or(-1);
        let mut said = String::new();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut said).unwrap();
        assert!(ended, "not ended: {said}");
        (code, said)
    }
}

/// Ends as it has to when the port takes nothing.
fn is_refused(bench: &Bench, (code, said): &(i32, String), port: u16, why: &str) {
    assert_eq!(*code, 50, "{said}");
    assert!(
        said.contains(&format!("port {port} of the target{why}")),
        "{said}"
    );
    let hint = format!("check that something listens on port {port} of the target");
    assert!(said.contains(&hint), "{said}");
    none_open(bench);
}

#[test]
fn input_that_nothing_takes_ends_it_after_20_seconds() {
    let bench = bench();
    let port = refused();
    let mut proxy = Proxy::start(&bench, port);
    std::thread::sleep(MOMENT);
    proxy.sends(b"SSH-2.0-client\r\n");
    let began = Instant::now();
    // More of it changes nothing.
    std::thread::sleep(10 * MOMENT);
    proxy.sends(b"and more\n");
    let end = proxy.ends();
    let took = began.elapsed();
    assert!(took >= LONG && took < LONG + LONG / 2, "{took:?}");
    is_refused(&bench, &end, port, " took no input for 20 s");
    assert_eq!(called(&bench, "TerminateSession"), 1);
}

#[test]
fn what_is_fired_at_a_refused_port_is_not_taken_for_delivered() {
    let bench = bench();
    let port = refused();
    let ran = bench.run_with_input(
        &format!("proxy web-1 {port}"),
        "load.one 0.4\nload.two 0.8\n",
    );
    assert_eq!(ran.stdout, "");
    is_refused(
        &bench,
        &(ran.code, ran.stderr),
        port,
        " took no input for 20 s",
    );
}

/// Nothing is sent, so only the end of the session shows whether the port is connected.
#[test]
fn no_input_at_all_is_not_taken_for_delivered() {
    let bench = bench();
    let port = refused();
    let ran = bench.run_with_input(&format!("proxy web-1 {port}"), "");
    is_refused(&bench, &(ran.code, ran.stderr), port, " did not answer");
}

#[test]
fn the_agents_word_ends_it_at_once() {
    let bench = bench();
    let faults = bench.sandbox.channels();
    faults.faults().notice_crash_after(Duration::from_secs(4));
    for input in [true, false] {
        let port = refused();
        let began = Instant::now();
        let mut proxy = Proxy::start(&bench, port);
        if input {
            proxy.sends(b"SSH-2.0-client\r\n");
        }
        let end = proxy.ends();
        assert!(began.elapsed() < LONG, "{:?}", began.elapsed());
        is_refused(
            &bench,
            &end,
            port,
            ": document process failed unexpectedly: ipc messaging received timeout signal",
        );
    }
    assert_eq!(called(&bench, "TerminateSession"), 0);
}

/// The worker is gone before the input comes, and what the client hears is a plain end.
#[test]
fn an_end_without_a_word_is_no_success_if_nothing_was_taken() {
    let bench = bench();
    let port = refused();
    let mut proxy = Proxy::start(&bench, port);
    proxy.sends(b"SSH-2.0-client\r\n");
    std::thread::sleep(4 * MOMENT);
    let id = bench.sandbox.open_sessions().remove(0);
    assert!(bench.sandbox.channels().terminate(&id, ""));
    is_refused(&bench, &proxy.ends(), port, " took no input");
}

#[test]
fn a_resumed_connection_gives_the_input_its_time_again() {
    let bench = bench();
    let port = refused();
    let mut proxy = Proxy::start(&bench, port);
    proxy.sends(b"SSH-2.0-client\r\n");
    std::thread::sleep(LONG / 2);
    let id = bench.sandbox.open_sessions().remove(0);
    assert!(bench.sandbox.channels().drop_connection(&id));
    let began = Instant::now();
    let end = proxy.ends();
    let took = began.elapsed();
    assert!(took >= LONG && took < LONG + LONG / 2, "{took:?}");
    assert_eq!(called(&bench, "ResumeSession"), 1);
    is_refused(&bench, &end, port, " took no input for 20 s");
}

#[test]
fn a_client_that_sends_nothing_is_not_cut_off() {
    let bench = bench();
    let (port, connections) = handed_over();
    let mut proxy = Proxy::start(&bench, port);
    let mut server = connections.recv_timeout(LIMIT).unwrap();
    std::thread::sleep(LONGER);
    assert!(proxy.is_running());
    server.write_all(b"220 at last\r\n").unwrap();
    proxy.gets(b"220 at last\r\n");
    drop(server);
    assert_eq!(proxy.ends().0, 0);
}

#[test]
fn a_silent_server_that_takes_input_is_not_cut_off() {
    let bench = bench();
    let (port, connections) = handed_over();
    let mut proxy = Proxy::start(&bench, port);
    let mut server = connections.recv_timeout(LIMIT).unwrap();
    proxy.sends(b"question");
    let mut question = [0; 8];
    server.read_exact(&mut question).unwrap();
    // A connection that is lost on the way changes nothing.
    std::thread::sleep(LONGER / 4);
    let id = bench.sandbox.open_sessions().remove(0);
    assert!(bench.sandbox.channels().drop_connection(&id));
    std::thread::sleep(LONGER);
    assert!(proxy.is_running());
    server.write_all(b"answer").unwrap();
    proxy.gets(b"answer");
    drop(server);
    assert_eq!(proxy.ends().0, 0);
    assert_eq!(called(&bench, "ResumeSession"), 1);
}

/// A server that reads nothing holds its input up. What it took before shows that it is there.
#[test]
fn input_that_was_taken_in_part_is_waited_for() {
    const MUCH: usize = 16 << 20;
    let bench = bench();
    let (port, connections) = handed_over();
    let mut child = bench.piped(&format!("proxy web-1 {port}"));
    let mut stdin = child.stdin.take().unwrap();
    let writing = std::thread::spawn(move || stdin.write_all(&vec![b'x'; MUCH]).unwrap());
    let mut server = connections.recv_timeout(LIMIT).unwrap();
    std::thread::sleep(LONGER);
    assert!(child.try_wait().unwrap().is_none());
    let mut got = vec![0; MUCH];
    server.read_exact(&mut got).unwrap();
    writing.join().unwrap();
    drop(server);
    let mut ended = None;
    assert!(until(LIMIT, || {
        ended = child.try_wait().unwrap();
        ended.is_some()
    }));
    assert!(ended.unwrap().success());
    none_open(&bench);
}

/// `proxy web-1 2003 < metrics`: the server takes everything, and never answers.
#[test]
fn what_is_fired_and_forgotten_arrives() {
    let bench = bench();
    let (port, connections) = handed_over();
    let metrics = std::env::temp_dir().join(format!("metrics-{}", std::process::id()));
    let text = "load.one 0.4\n".repeat(4000);
    std::fs::write(&metrics, &text).unwrap();
    let mut command = bench.command(["proxy", "web-1", &port.to_string()]);
    let output = command
        .stdin(std::fs::File::open(&metrics).unwrap())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut server = connections.recv_timeout(LIMIT).unwrap();
    let mut got = String::new();
    server.read_to_string(&mut got).unwrap();
    assert!(got == text, "{} of {} bytes", got.len(), text.len());
    let ran = output.wait_with_output().unwrap();
    assert_eq!(ran.status.code(), Some(0), "{ran:?}");
    std::fs::remove_file(&metrics).unwrap();
    none_open(&bench);
}
