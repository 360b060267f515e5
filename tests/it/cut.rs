//! Answers that a re-framing proxy cut: it leaves out their length, so that only the document tells
//! whether it is whole.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use vendor_ssm_sandbox::Options;

use crate::harness::terminal::{LIMIT, none_open, until};
use crate::harness::{Bench, Ran, SETTINGS, run};
use crate::kms::encrypted;
use crate::stub::Stub;

const WEB_1: &str = "i-0f3a91c27be45d806";

/// A proxy in front of the sandbox. It answers as the sandbox does, but without a length, and ends
/// the connection after so many thousandths of the body. Its thread ends with the process.
struct Reframing {
    port: u16,
    /// How long the last body was.
    length: Arc<AtomicUsize>,
}

impl Reframing {
    /// Cuts the answers to `action`, the first `times` of them.
    fn start(bench: &Bench, action: &'static str, kept: usize, times: usize) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let behind = bench.sandbox.port();
        let length = Arc::<AtomicUsize>::default();
        let seen = Arc::clone(&length);
        let left = Arc::new(AtomicUsize::new(times));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { continue };
                let (seen, left) = (Arc::clone(&seen), Arc::clone(&left));
                thread::spawn(move || {
                    let _ = reframe(stream, behind, |head, body| {
                        let is_meant = head.contains(action)
                            && left
                                .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
                                    left.checked_sub(1)
                                })
                                .is_ok();
                        if !is_meant {
                            return body.len();
                        }
                        seen.store(body.len(), Ordering::Relaxed);
                        body.len() * kept / 1000
                    });
                });
            }
        });
        Self { port, length }
    }

    fn run(&self, bench: &Bench, line: &str) -> Ran {
        let url = format!("http://127.0.0.1:{}", self.port);
        run(bench
            .command(line.split_whitespace())
            .env("AWS_ENDPOINT_URL", url))
    }
}

/// Reads a head and its body of that length.
fn message(stream: &mut TcpStream) -> std::io::Result<(String, Vec<u8>)> {
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte)?;
        head.push(byte[0]);
    }
    let head = String::from_utf8(head).unwrap();
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length")
            .then(|| value.trim().parse().unwrap())
    });
    let mut body = vec![0; length.unwrap_or_default()];
    stream.read_exact(&mut body)?;
    Ok((head, body))
}

/// Hands one request on, and its answer back without a length, so many bytes of the body.
fn reframe(
    mut stream: TcpStream,
    behind: u16,
    kept: impl Fn(&str, &[u8]) -> usize,
) -> std::io::Result<()> {
    let (head, body) = message(&mut stream)?;
    let mut upstream = TcpStream::connect(("127.0.0.1", behind))?;
    upstream.write_all(head.as_bytes())?;
    upstream.write_all(&body)?;
    let asked = format!("{head}{}", String::from_utf8_lossy(&body));
    let (head, body) = message(&mut upstream)?;
    let kept = kept(&asked, &body);
    for line in head.lines().filter(|line| !line.is_empty()) {
        if !line.to_ascii_lowercase().starts_with("content-length") {
            write!(stream, "{line}\r\n")?;
        }
    }
    stream.write_all(b"connection: close\r\n\r\n")?;
    stream.write_all(&body[..kept])
}

fn named() -> Bench {
    let bench = Bench::new();
    bench.settings(&SETTINGS.replace("[cache]", "role_session_name = \"alice\"\n[cache]"));
    bench
}

/// Where answers are cut, in thousandths. The last is the whole answer.
const CUTS: [usize; 14] = [
    0, 1, 40, 111, 222, 333, 444, 555, 666, 777, 888, 990, 999, 1000,
];

/// Wherever the connection ended in the middle, the exit code is that of the network.
#[test]
fn an_answer_that_was_cut_anywhere_is_not_taken_for_a_shorter_one() {
    let cases = [
        ("Action=DescribeInstances", "list --output json", 40),
        ("Action=AssumeRole", "list --output json", 40),
        (
            "DescribeInstanceProperties",
            "list --online --output json",
            40,
        ),
        ("DescribeSessions", "sessions list --output json", 4),
    ];
    for (action, line, code) in cases {
        let expected = named().run(line);
        thread::scope(|scope| {
            for kept in CUTS {
                let expected = &expected;
                scope.spawn(move || {
                    let bench = named();
                    if action == "DescribeSessions" {
                        granting_sessions(&bench);
                    }
                    let proxy = Reframing::start(&bench, action, kept, usize::MAX);
                    let ran = proxy.run(&bench, line);
                    assert!(proxy.length.load(Ordering::Relaxed) > 20, "{action}");
                    if kept == 1000 {
                        assert_eq!(ran.code, 0, "{action}: {ran:?}");
                        if action != "DescribeSessions" {
                            assert_eq!(ran.stdout, expected.stdout, "{action}");
                        }
                    } else {
                        assert_eq!(ran.code, code, "{action} at {kept}: {ran:?}");
                    }
                });
            }
        });
    }
}

#[test]
fn a_cut_answer_about_the_base_identity_is_the_networks() {
    thread::scope(|scope| {
        // Of so short an answer, the last thousandth is the line feed behind the document.
        for kept in CUTS.into_iter().filter(|kept| *kept != 999) {
            scope.spawn(move || {
                let bench = Bench::new();
                let proxy = Reframing::start(&bench, "Action=GetCallerIdentity", kept, usize::MAX);
                let ran = proxy.run(&bench, "list --output json");
                assert!(proxy.length.load(Ordering::Relaxed) > 20);
                let code = if kept == 1000 { 0 } else { 40 };
                assert_eq!(ran.code, code, "{kept}: {ran:?}");
            });
        }
    });
}

/// A session that may still be open is never taken for one that has ended.
#[test]
fn a_cut_answer_to_terminate_session_ends_nothing_for_certain() {
    thread::scope(|scope| {
        for (kept, times, code) in [
            (0, usize::MAX, 52),
            (500, usize::MAX, 52),
            (999, usize::MAX, 52),
            (500, 1, 0),
            (1000, usize::MAX, 0),
        ] {
            scope.spawn(move || {
                let bench = named();
                let mut open = bench.piped(&format!("connect {WEB_1} --client builtin"));
                assert!(until(LIMIT, || !bench.sandbox.open_sessions().is_empty()));
                let id = bench.sandbox.open_sessions().remove(0);
                let proxy = Reframing::start(&bench, "TerminateSession", kept, times);
                let ran = proxy.run(&bench, &format!("sessions terminate {id}"));
                assert_eq!(ran.code, code, "{kept}: {ran:?}");
                drop(open.stdin.take());
                let _ = open.kill();
                let _ = open.wait();
            });
        }
    });
}

#[test]
fn a_cut_answer_of_kms_gives_no_key() {
    thread::scope(|scope| {
        for (kept, times) in [
            (0, usize::MAX),
            (500, usize::MAX),
            (999, usize::MAX),
            (500, 1),
        ] {
            scope.spawn(move || {
                let bench = encrypted(true, Options::default());
                let proxy = Reframing::start(&bench, "GenerateDataKey", kept, times);
                let line = format!("connect {WEB_1} --client builtin --error-format json");
                let ran = proxy.run(&bench, &line);
                let code = if times == 1 { 0 } else { 40 };
                assert_eq!(ran.code, code, "{kept}: {ran:?}");
                none_open(&bench);
            });
        }
    });
}

fn granting_sessions(bench: &Bench) {
    bench.sandbox.world(|world| {
        let role = world
            .role_mut("222222222222", "SSMStartSession_IAM_Role_ThirdPartyA")
            .unwrap();
        let policy = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "ssm:DescribeSessions", "Resource": "*"}}"#;
        role.set_policy("sessions", policy).unwrap();
    });
}

/// The status of the agents is not needed: it is unknown then, and nothing is shown as offline.
#[test]
fn a_cut_answer_about_agents_leaves_their_status_unknown() {
    let bench = named();
    let proxy = Reframing::start(&bench, "DescribeInstanceProperties", 500, usize::MAX);
    let ran = proxy.run(&bench, "list --output json");
    assert_eq!(ran.code, 0, "{ran:?}");
    let listed = ran.json();
    let instances = listed["instances"].as_array().unwrap();
    assert!(!instances.is_empty());
    assert!(instances.iter().all(|one| one["ping_status"].is_null()));
}

/// Of two that have a name, a cut answer shows one. It is never connected to.
#[test]
fn the_first_of_two_twins_is_not_taken_from_a_cut_answer() {
    thread::scope(|scope| {
        for kept in [500, 700, 800, 900, 950] {
            scope.spawn(move || {
                let bench = named();
                bench.sandbox.world(|world| {
                    let mut twin = world.instance(WEB_1).unwrap().clone();
                    twin.id = "i-0f3a91c27be45d807".to_owned();
                    world.instances.push(twin);
                });
                let proxy = Reframing::start(&bench, "Action=DescribeInstances", kept, usize::MAX);
                let ran = proxy.run(&bench, "connect web-1");
                assert_eq!(ran.code, 40, "{kept}: {ran:?}");
                let actions = bench.sandbox.actions();
                assert!(!actions.contains(&"StartSession".to_owned()), "{kept}");
            });
        }
    });
}

#[test]
fn a_cut_that_passes_is_asked_for_again() {
    let bench = named();
    let proxy = Reframing::start(&bench, "Action=DescribeInstances", 600, 1);
    let ran = proxy.run(&bench, "list --output json");
    assert_eq!(ran.code, 0, "{ran:?}");
    let mut listed = ran.json();
    let whole = bench.run("list --output json");
    assert_eq!(listed["instances"].take(), whole.json()["instances"].take());
}

/// There is a session, so it is not asked for again.
#[test]
fn a_start_session_whose_answer_was_cut_is_sent_once() {
    thread::scope(|scope| {
        for kept in [0, 1, 300, 600, 900, 999] {
            scope.spawn(move || {
                let bench = named();
                let proxy = Reframing::start(&bench, "AmazonSSM.StartSession", kept, usize::MAX);
                let ran = proxy.run(&bench, &format!("connect {WEB_1}"));
                assert_eq!(ran.code, 52, "{kept}: {ran:?}");
                let actions = bench.sandbox.actions();
                let starts = actions.iter().filter(|it| *it == "StartSession");
                assert_eq!(starts.count(), 1, "{kept}");
            });
        }
    });
}

/// A whole answer that is not a document: AWS or a proxy is at fault, not the network.
#[test]
fn a_whole_answer_that_is_malformed_is_an_aws_error() {
    const PAGE: &str = "<DescribeInstancesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><reservationSet>";
    let ec2 = [
        PAGE.to_owned(),
        String::new(),
        format!("{PAGE}</reservationSet>"),
        format!("{PAGE}</DescribeInstancesResponse></reservationSet>"),
        format!("{PAGE}</reservationSet></DescribeInstancesResponse><more>"),
    ];
    thread::scope(|scope| {
        for body in &ec2 {
            scope.spawn(move || {
                let bench = named();
                let answer = body.clone();
                let stub = Stub::start(move |_| (200, answer.clone()));
                let ran = run(bench
                    .command(["list"])
                    .env("AWS_ENDPOINT_URL_EC2", stub.url()));
                assert_eq!(ran.code, 42, "{body}: {ran:?}");
                assert_eq!(
                    stub.actions().len(),
                    1,
                    "{body}: it does not pass by itself"
                );
            });
        }
        for body in ["", "{", "{\"InstanceProperties\":[", "{} {}", "[1,]"] {
            scope.spawn(move || {
                let bench = named();
                let stub = Stub::start(move |_| (200, body.to_owned()));
                let ran = run(bench
                    .command(["list", "--online"])
                    .env("AWS_ENDPOINT_URL_SSM", stub.url()));
                assert_eq!(ran.code, 42, "{body}: {ran:?}");
            });
        }
        for body in ["{\"SessionId\":\"alice-1\"", "", "{\"SessionId\":"] {
            scope.spawn(move || {
                let bench = named();
                let stub = Stub::start(move |_| (200, body.to_owned()));
                let ran = run(bench
                    .command(["connect", WEB_1])
                    .env("AWS_ENDPOINT_URL_SSM", stub.url()));
                assert_eq!(ran.code, 52, "{body}: {ran:?}");
                let actions = stub.actions();
                let starts = actions.iter().filter(|it| *it == "StartSession");
                assert_eq!(starts.count(), 1, "{body}");
            });
        }
    });
}
