//! A clean byte stream for ssh, piped.

use std::io::{Read as _, Write as _};
use std::net::{Ipv4Addr, Shutdown, TcpListener};
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use rustix::process::Signal;

use crate::forward::{MOMENT, Running, bench, echo, is_well_behaved, server};
use crate::harness::Bench;
use crate::harness::terminal::{LIMIT, WEB_1, called, none_open, until};

/// `web-1` with its port 22 at another port of this machine.
fn leads(bench: &Bench, port: u16) {
    bench.sandbox.world(|world| {
        let instance = world.instance_mut(WEB_1).unwrap();
        instance.ports = vec![(22, port)];
    });
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
    let mut child = bench.piped("proxy web-1");
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
    // The end of input does not end the output, which ends when all is quiet.
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
    let mut child = bench.piped(&format!("proxy web-1 {port}"));
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
