//! What is carried arrives whole, whatever it is and however much.

use std::io::{Read as _, Write as _};
use std::net::{Shutdown, TcpStream};
use std::time::{Duration, Instant};

use ring::digest::{Context, SHA256};

use super::{MOMENT, Running, bench, connect, echo, echoes, is_well_behaved, server};
use crate::harness::terminal::{LIMIT, WEB_1, until};

/// Bytes that do not repeat soon, with no two transfers alike.
struct Noise(u64);

impl Noise {
    fn fill(&mut self, buffer: &mut [u8]) {
        for chunk in buffer.chunks_mut(8) {
            // xorshift64
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            let length = chunk.len();
            chunk.copy_from_slice(&self.0.to_le_bytes()[..length]);
        }
    }
}

/// Writes so much noise; its digest.
fn pour(socket: &mut TcpStream, bytes: usize, seed: u64) -> Vec<u8> {
    let mut noise = Noise(seed);
    let mut digest = Context::new(&SHA256);
    let mut buffer = vec![0; 64 << 10];
    let mut left = bytes;
    while left > 0 {
        let length = left.min(buffer.len());
        noise.fill(&mut buffer[..length]);
        digest.update(&buffer[..length]);
        socket.write_all(&buffer[..length]).unwrap();
        left -= length;
    }
    digest.finish().as_ref().to_vec()
}

/// Reads so much; its digest.
fn drink(socket: &mut TcpStream, bytes: usize) -> Vec<u8> {
    let mut digest = Context::new(&SHA256);
    let mut buffer = vec![0; 64 << 10];
    let mut left = bytes;
    while left > 0 {
        let length = left.min(buffer.len());
        let read = socket.read(&mut buffer[..length]).unwrap();
        assert!(read > 0, "{left} bytes are missing");
        digest.update(&buffer[..read]);
        left -= read;
    }
    digest.finish().as_ref().to_vec()
}

/// So many bytes up and then as many down, and their digests.
fn there_and_back(bytes: usize) {
    let bench = bench();
    // Says the digest of what it got, and pours as much back.
    let port = server(move |mut socket| {
        let digest = drink(&mut socket, bytes);
        socket.write_all(&digest).unwrap();
        let digest = pour(&mut socket, bytes, 2);
        socket.write_all(&digest).unwrap();
    });
    let (running, addresses) = Running::forward(&bench, &format!("{WEB_1} -L 0:{port}"));
    let mut socket = connect(addresses[0]);
    let mut digest = [0; 32];
    let sent = pour(&mut socket, bytes, 1);
    socket.read_exact(&mut digest).unwrap();
    assert!(digest[..] == sent, "what was sent");
    let got = drink(&mut socket, bytes);
    socket.read_exact(&mut digest).unwrap();
    assert!(digest[..] == got, "what was received");
    let id = bench.sandbox.open_sessions().remove(0);
    running.leaves(&bench);
    is_well_behaved(&bench, &id);
}

#[test]
fn much_arrives_whole_both_ways() {
    there_and_back(64 << 20);
}

#[test]
#[ignore = "it takes minutes; run by hand"]
fn a_gibibyte_arrives_whole_both_ways() {
    there_and_back(1 << 30);
}

#[test]
fn many_connections_are_carried_at_once() {
    let bench = bench();
    let port = echo();
    let (running, addresses) = Running::forward(&bench, &format!("web-1 -L 0:{port}"));
    let address = addresses[0];
    // All are open before the first is used.
    let mut sockets: Vec<TcpStream> = (0..64).map(|_| connect(address)).collect();
    for socket in &mut sockets {
        echoes(socket, b"here");
    }
    let busy: Vec<_> = (1..)
        .zip(sockets)
        .map(|(seed, mut socket)| {
            std::thread::spawn(move || {
                let mut question = vec![0; 10_000];
                let mut noise = Noise(seed);
                for _ in 0..10 {
                    noise.fill(&mut question);
                    echoes(&mut socket, &question);
                }
            })
        })
        .collect();
    for one in busy {
        one.join().unwrap();
    }
    let id = bench.sandbox.open_sessions().remove(0);
    running.leaves(&bench);
    is_well_behaved(&bench, &id);
}

/// The plugin turns a payload that is a single LF into a CR, which these writes would end in.
#[test]
fn not_a_byte_is_changed() {
    let bench = bench();
    let port = echo();
    let (running, addresses) = Running::forward(&bench, &format!("web-1 -L 0:{port}"));
    let mut socket = connect(addresses[0]);
    socket.set_nodelay(true).unwrap();
    echoes(&mut socket, b"\n");
    echoes(&mut socket, b"\r\n\0\x03\x04\x1a\x1c\x7e.");
    for length in [1016, 1017, 1018, 1023, 1024, 1025, 2041, 3065] {
        let mut line = vec![b'x'; length];
        line[length - 1] = b'\n';
        echoes(&mut socket, &line);
    }
    let all: Vec<u8> = (0..=255).collect();
    echoes(&mut socket, &all);
    running.leaves(&bench);
}

/// There is no half-close in the protocol: the end is held back, so that the answer is not cut.
#[test]
fn an_answer_after_our_end_arrives() {
    let bench = bench();
    let port = server(|mut socket| {
        let mut question = [0; 8];
        socket.read_exact(&mut question).unwrap();
        // Longer than it takes for the end to arrive, if it were passed on.
        std::thread::sleep(4 * MOMENT);
        socket.write_all(b"answer to ").unwrap();
        std::thread::sleep(4 * MOMENT);
        socket.write_all(&question).unwrap();
    });
    let (running, addresses) = Running::forward(&bench, &format!("web-1 -L 0:{port}"));
    let mut socket = connect(addresses[0]);
    socket.write_all(b"question").unwrap();
    socket.shutdown(Shutdown::Write).unwrap();
    let mut answer = String::new();
    socket.read_to_string(&mut answer).unwrap();
    assert_eq!(answer, "answer to question");
    running.leaves(&bench);
}

#[test]
fn our_end_arrives_when_all_is_quiet() {
    let bench = bench();
    let (ended, end) = std::sync::mpsc::channel();
    let port = server(move |mut socket| {
        let mut heard = Vec::new();
        socket.read_to_end(&mut heard).unwrap();
        ended.send(heard).unwrap();
    });
    let (running, addresses) = Running::forward(&bench, &format!("web-1 -L 0:{port}"));
    let mut socket = connect(addresses[0]);
    socket.write_all(b"all").unwrap();
    let began = Instant::now();
    socket.shutdown(Shutdown::Write).unwrap();
    assert_eq!(end.recv_timeout(LIMIT).unwrap(), b"all");
    assert!(began.elapsed() >= Duration::from_secs(5));
    assert_eq!(socket.read(&mut [0]).unwrap(), 0);
    running.leaves(&bench);
}

#[test]
fn the_far_sides_end_arrives_behind_its_last_byte() {
    let bench = bench();
    let port = server(|mut socket| {
        pour(&mut socket, 20_000_000, 3);
        socket.shutdown(Shutdown::Write).unwrap();
        // A socket that is closed with something unread in it is reset.
        let _ = socket.read_to_end(&mut Vec::new());
    });
    let (running, addresses) = Running::forward(&bench, &format!("web-1 -L 0:{port}"));
    let mut socket = connect(addresses[0]);
    // It reads when all buffers are full, and goes on writing: neither costs it a byte.
    std::thread::sleep(10 * MOMENT);
    socket.write_all(b"still here").unwrap();
    let mut all = Vec::new();
    socket.read_to_end(&mut all).unwrap();
    assert_eq!(all.len(), 20_000_000);
    running.leaves(&bench);
}

/// A connection that takes nothing is dropped, and the others go on.
#[test]
fn a_connection_that_stands_still_does_not_hold_up_the_others() {
    let bench = bench();
    let flood = server(|mut socket| {
        let _ = std::io::copy(&mut std::io::repeat(b'x'), &mut socket);
    });
    let (running, addresses) = Running::forward(&bench, &format!("web-1 -L 0:{flood}"));
    let address = addresses[0];
    let stuck = connect(address);
    running.says("the first connection is open");
    let mut other = connect(address);
    let mut buffer = vec![0; 1 << 20];
    let began = Instant::now();
    while !running.stderr().contains("vendor-ssm reset a connection") {
        assert!(began.elapsed() < 2 * LIMIT, "{}", running.stderr());
        other.read_exact(&mut buffer).unwrap();
    }
    other.read_exact(&mut buffer).unwrap();
    let reset = until(LIMIT, || {
        let mut socket = &stuck;
        socket.read_exact(&mut buffer).is_err()
    });
    assert!(reset);
    running.leaves(&bench);
}

#[test]
fn old_agents_carry_one_connection_after_the_other() {
    let bench = bench();
    bench.sandbox.world(|world| {
        let version = &mut world.instance_mut(WEB_1).unwrap().agent_version;
        "3.0.196.0".clone_into(version);
    });
    let port = echo();
    let (running, addresses) = Running::forward(&bench, &format!("web-1 -L 0:{port}"));
    for question in [&b"first\n"[..], b"second", b"\n"] {
        let mut socket = connect(addresses[0]);
        echoes(&mut socket, question);
        echoes(&mut socket, &vec![b'\n'; 100_000]);
    }
    let id = bench.sandbox.open_sessions().remove(0);
    running.leaves(&bench);
    is_well_behaved(&bench, &id);
    let record = bench.sandbox.channels().record(&id).unwrap();
    assert!(record.flags.len() >= 3, "{:?}", record.flags);
}
