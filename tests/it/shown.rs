//! However much the far side says, what is shown is bounded and says what was cut.

use rustix::process::Signal;
use vendor_ssm_sandbox::Options;
use vendor_ssm_sandbox::channel::message::PayloadType;

use crate::forward::{Running, bench, connect, echo, echoes};
use crate::harness::terminal::{LIMIT, WEB_1, none_open, until};
use crate::harness::{Bench, message};

/// More than all of it, for a person.
const MOST: usize = 16 << 10;

fn shaking_hands() -> Bench {
    Bench::with(Options {
        handshake: true,
        ..Options::default()
    })
}

#[test]
fn a_customers_message_of_a_megabyte_is_cut() {
    let bench = shaking_hands();
    bench.sandbox.channels().faults().long_message(1_000_000);
    let ran = bench.run_with_input(&format!("connect {WEB_1}"), "exit\n");
    assert_eq!(ran.code, 0, "{}", ran.stderr.len());
    assert!(
        ran.stderr.contains("mmm… (1000000 bytes)"),
        "{}",
        ran.stderr
    );
    assert!(ran.stderr.len() < MOST, "{}", ran.stderr.len());
    none_open(&bench);
}

#[test]
fn a_third_of_a_million_actions_are_one_refusal() {
    for format in ["text", "json"] {
        let bench = shaking_hands();
        bench.sandbox.channels().faults().ask_for_actions(340_000);
        let line = format!("connect {WEB_1} --error-format {format}");
        let ran = bench.run_with_input(&line, "exit\n");
        assert_eq!(ran.code, 50, "{}", ran.stderr.len());
        assert_eq!(ran.stderr.matches("which this client cannot do").count(), 1);
        assert!(ran.stderr.len() < MOST, "{}", ran.stderr.len());
        none_open(&bench);
    }
}

/// 90 MB of error texts, and connections that fail though there are none.
#[test]
fn the_lines_of_a_forward_are_few() {
    const TEXTS: i64 = 100;
    const LENGTH: usize = 900_000;
    const FAILURES: i64 = 10_000;
    let bench = bench();
    let port = echo();
    let (running, addresses) = Running::forward(&bench, &format!("{WEB_1} -L 0:{port}"));
    let id = bench.sandbox.open_sessions().remove(0);
    let channels = bench.sandbox.channels();
    channels.pour(&id, |next| {
        let texts = (0..TEXTS).map(move |number| {
            message(next + number, PayloadType::StdErr, &vec![b'e'; LENGTH]).encode()
        });
        let next = next + TEXTS;
        let failures = (0..FAILURES).map(move |number| {
            message(next + number, PayloadType::Flag, &3_u32.to_be_bytes()).encode()
        });
        Box::new(texts.chain(failures))
    });
    assert!(until(4 * LIMIT, || channels.has_poured(&id)));
    running.says("eee… (900");
    running.signal(Signal::INT);
    let ran = running.ends();
    assert_eq!(ran.code, 0);
    assert!(ran.stderr.len() < 2 * MOST, "{}", ran.stderr.len());
    assert!(
        ran.stderr
            .contains("more lines of this session are not shown"),
        "{}",
        ran.stderr
    );
    none_open(&bench);
    // A few failures are all said.
    let (running, addresses_again) = Running::forward(&bench, &format!("{WEB_1} -L 0:{port}"));
    let mut socket = connect(addresses_again[0]);
    echoes(&mut socket, b"still");
    assert_ne!(addresses, addresses_again);
    running.signal(Signal::INT);
    assert_eq!(running.ends().code, 0);
}

#[test]
fn a_tag_of_a_megabyte_is_cut_in_the_table_alone() {
    let bench = Bench::new();
    let name = "n".repeat(1_000_000);
    bench.sandbox.world(|world| {
        let instance = world.instance_mut(WEB_1).unwrap();
        instance.tags.retain(|(key, _)| key != "Name");
        instance.tags.push(("Name".to_owned(), name.clone()));
    });
    let ran = bench.run("list");
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(ran.stdout.contains("nnn… (1000000 characters)"));
    let lines: Vec<_> = ran.stdout.lines().collect();
    assert!(lines.iter().all(|line| line.len() < MOST));
    let json = bench.run("list --output json").json();
    let instances = json["instances"].as_array().unwrap();
    assert!(instances.iter().any(|one| one["name"] == name.as_str()));
}
