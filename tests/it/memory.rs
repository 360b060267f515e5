//! Output without an end, and frames that no agent sends, through the builtin data channel.
#![cfg(target_os = "linux")]

use std::io::{Read, Write as _};
use std::process::{Child, Stdio};
use std::time::Duration;

use rustix::process::{Pid, Signal, kill_process};

use vendor_ssm_sandbox::channel::Frames;
use vendor_ssm_sandbox::channel::message::{ACKNOWLEDGE, Message, PayloadType};

use crate::forward::{bench, connect, echo, server};
use crate::harness::terminal::{LIMIT, WEB_1, none_open, until};
use crate::harness::{Bench, message};

/// Output after which everything is as large as it gets.
const BEFORE: u64 = 4 << 20;
/// Output that has to fit the same memory.
const AFTER: u64 = 16 << 20;
/// What the allocator may do with it; kept output would be all of [`AFTER`].
const SLACK: u64 = 6 << 20;

/// The most that 100,000 hostile frames may cost.
const HOSTILE: u64 = 64 << 20;
const FRAMES: i64 = 100_000;

/// The memory of a process now (`VmRSS:`) or at its highest (`VmHWM:`), in bytes.
fn memory(pid: u32, which: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find(|line| line.starts_with(which));
    let kib = line.and_then(|line| line.split_whitespace().nth(1));
    kib.unwrap().parse::<u64>().unwrap() << 10
}

#[test]
fn endless_output_takes_no_memory() {
    let bench = Bench::new();
    let mut command = bench.command(["connect", WEB_1, "--client", "builtin"]);
    let mut program = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut input = program.stdin.take().unwrap();
    input.write_all(b"yes endless\n").unwrap();
    let mut output = program.stdout.take().unwrap();
    let mut reads = |length: u64| {
        let mut part = Read::by_ref(&mut output).take(length);
        assert_eq!(
            std::io::copy(&mut part, &mut std::io::sink()).unwrap(),
            length
        );
        memory(program.id(), "VmRSS:")
    };
    let before = reads(BEFORE);
    let after = reads(AFTER);
    assert!(after < before + SLACK, "from {before} to {after} bytes");

    let pid = Pid::from_raw(program.id().try_into().unwrap()).unwrap();
    kill_process(pid, Signal::TERM).unwrap();
    drop(output);
    assert!(program.wait().unwrap().code().is_some());
    none_open(&bench);
}

/// Frames that come too early, have long headers or mean nothing; the client reads all of them.
fn nonsense(next: i64) -> Frames {
    Box::new((1..=FRAMES).map(move |number| {
        // Far ahead, so that its turn never comes.
        let sequence = next + 10 * FRAMES + number;
        let early = message(sequence, PayloadType::Output, b"x");
        match number % 1000 {
            // The longest that a frame can be.
            _ if number <= 300 => early.encode_with_header((1 << 20) - 200),
            0 => early.encode_with_header(1 << 19),
            1 => message(sequence, PayloadType::Output, &vec![0; 1 << 19]).encode(),
            n if n % 10 == 2 => early.encode_with_header(1 << 13),
            n if n % 10 == 3 => Message {
                message_type: ACKNOWLEDGE.to_owned(),
                ..early
            }
            .encode(),
            n if n % 10 == 4 => message(0, PayloadType::EncChallengeRequest, &[b'{'; 900]).encode(),
            n if n % 10 == 5 => message(0, PayloadType::HandshakeRequest, &[b'{'; 900]).encode(),
            _ => early.encode_with_header(1024),
        }
    }))
}

/// Output a byte at a time, in the longest frames; nothing reads it.
fn crumbs(next: i64, payload: &'static [u8]) -> Frames {
    Box::new((0..FRAMES).map(move |number| {
        message(next + number, PayloadType::Output, payload).encode_with_header(1024)
    }))
}

/// A client while a far side is hostile to it.
struct Client<'a> {
    bench: &'a Bench,
    program: Child,
    quiet: u64,
}

impl<'a> Client<'a> {
    /// Starts it, and waits until its session is open.
    fn start(bench: &'a Bench, line: &str) -> Self {
        let program = bench.piped(line);
        let opened = until(LIMIT, || {
            let open = bench.sandbox.open_sessions();
            let record = |id: &String| bench.sandbox.channels().record(id);
            open.first()
                .and_then(record)
                .is_some_and(|record| record.inputs > 0)
        });
        assert!(opened);
        std::thread::sleep(Duration::from_secs(2));
        let quiet = memory(program.id(), "VmHWM:");
        Self {
            bench,
            program,
            quiet,
        }
    }

    fn id(&self) -> String {
        self.bench.sandbox.open_sessions().remove(0)
    }

    /// Pours frames until all are sent, or for a while if the client stops reading.
    #[expect(clippy::print_stdout, reason = "docs/security.md has what it prints")]
    fn pours(&self, frames: impl FnOnce(i64) -> Frames, all: bool) {
        let id = self.id();
        let channels = self.bench.sandbox.channels();
        channels.pour(&id, frames);
        let limit = if all { 10 * LIMIT } else { LIMIT / 6 };
        let poured = until(limit, || channels.has_poured(&id));
        assert!(poured || !all, "not all frames were taken");
        std::thread::sleep(Duration::from_secs(1));
        let peak = memory(self.program.id(), "VmHWM:");
        println!("{} KiB above the quiet peak", (peak - self.quiet) >> 10);
        assert!(
            peak <= self.quiet + HOSTILE,
            "from {} to {} KiB",
            self.quiet >> 10,
            peak >> 10
        );
    }
}

impl Drop for Client<'_> {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

#[test]
fn hostile_frames_cost_connect_little() {
    let bench = Bench::new();
    let mut client = Client::start(&bench, &format!("connect {WEB_1} --client builtin"));
    let mut input = client.program.stdin.take().unwrap();
    input.write_all(b"sleep 300\n").unwrap();
    client.pours(nonsense, true);
    client.pours(|next| crumbs(next, b"x"), false);
}

#[test]
fn hostile_frames_cost_run_little() {
    let bench = Bench::new();
    bench.grant(&["AWS-StartNonInteractiveCommand"]);
    let client = Client::start(&bench, &format!("run {WEB_1} -- sleep 300"));
    client.pours(nonsense, true);
}

#[test]
fn hostile_frames_cost_proxy_little() {
    let bench = bench();
    let port = echo();
    let mut client = Client::start(&bench, &format!("proxy {WEB_1} {port}"));
    let mut input = client.program.stdin.take().unwrap();
    input.write_all(b"x").unwrap();
    client.pours(nonsense, true);
    client.pours(|next| crumbs(next, b"x"), false);
}

#[test]
fn hostile_frames_cost_forward_little() {
    const FILL: i64 = 5 << 20;
    const LENGTH: i64 = 60_000;
    /// One byte for the first stream, and much for none.
    static MIXED: [u8; 900] = {
        let mut bytes = [0; 900];
        let frame = [1, 2, 1, 0, 3, 0, 0, 0, b'x', 1, 2, 0x73, 3, 9];
        let mut at = 0;
        while at < frame.len() {
            bytes[at] = frame[at];
            at += 1;
        }
        bytes
    };
    let bench = bench();
    let port = server(|mut socket| {
        let _ = socket.read(&mut [0]);
        std::thread::sleep(4 * LIMIT);
    });
    let local = {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        listener.local_addr().unwrap()
    };
    let client = Client::start(
        &bench,
        &format!("forward {WEB_1} -L {}:{port}", local.port()),
    );
    // A program that reads nothing.
    let mut stuck = connect(local);
    stuck.write_all(b"x").unwrap();
    client.pours(nonsense, true);
    // More than the system takes for it, and less than vendor-ssm does.
    let fill = |next| -> Frames {
        Box::new((0..FILL / LENGTH).map(move |number| {
            let [low, high] = u16::try_from(LENGTH).unwrap().to_le_bytes();
            let mut psh = vec![1, 2, low, high, 3, 0, 0, 0];
            psh.resize(8 + usize::from(u16::from_le_bytes([low, high])), b'x');
            message(next + number, PayloadType::Output, &psh).encode()
        }))
    };
    client.pours(fill, true);
    client.pours(|next| crumbs(next + FILL / LENGTH, &MIXED), false);
}
