//! A channel that does not open ends each client's session within the same limits.

use std::process::Child;
use std::time::{Duration, Instant};

use vendor_ssm_sandbox::Options;

use crate::harness::terminal::{called, none_open};
use crate::harness::{Bench, Ran};

/// Every command that opens a channel of its own.
const CLIENTS: [&str; 4] = [
    "connect i-0f3a91c27be45d806 --client builtin --error-format json",
    "run i-0f3a91c27be45d806 --error-format json -- true",
    "forward i-0f3a91c27be45d806 -L 0:80 --error-format json",
    "proxy i-0f3a91c27be45d806 --error-format json",
];

/// What they ask for, beside the shell.
const DOCUMENTS: [&str; 3] = [
    "AWS-StartNonInteractiveCommand",
    "AWS-StartPortForwardingSession",
    "AWS-StartSSHSession",
];

/// Runs clients side by side, each of which ends 20 to 40 s after its channel was dialled.
fn all_end(clients: &[&str], prepare: impl Fn(&Bench), said: &str) {
    let bench = || {
        // Without this a shell has no handshake.
        let bench = Bench::with(Options {
            handshake: true,
            ..Options::default()
        });
        bench.grant(&DOCUMENTS);
        prepare(&bench);
        bench
    };
    let started: Vec<(Bench, Child)> = clients
        .iter()
        .map(|line| {
            let bench = bench();
            let child = bench.piped(line);
            (bench, child)
        })
        .collect();
    let began = Instant::now();
    for (line, (bench, mut child)) in clients.iter().zip(started) {
        // An input that goes on until the end.
        let stdin = child.stdin.take();
        let ran = Ran::from(child.wait_with_output().unwrap());
        drop(stdin);
        assert!(began.elapsed() > Duration::from_secs(15), "{line}: {ran:?}");
        assert!(began.elapsed() < Duration::from_secs(90), "{line}");
        let error = ran.error();
        assert_eq!(error["name"], "not-opened", "{line}: {ran:?}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(said), "{line}: {message}");
        assert_eq!(called(&bench, "TerminateSession"), 1, "{line}");
        none_open(&bench);
    }
}

#[test]
fn every_client_gives_up_an_agent_that_sends_nothing() {
    all_end(
        &CLIENTS,
        |bench| bench.sandbox.channels().faults().silence(true),
        "the target sent nothing for 20 s",
    );
}

#[test]
fn a_client_that_needs_a_handshake_gives_up_an_agent_that_only_acknowledges() {
    let withhold = |bench: &Bench| bench.sandbox.channels().faults().withhold_handshake(true);
    let run = &CLIENTS[1..2];
    all_end(run, withhold, "did not complete the handshake in 20 s");
    // Such a shell has a handshake only if it is encrypted, so its first output is waited for.
    let via_shell = "run i-0f3a91c27be45d806 --via shell --error-format json -- true";
    all_end(&[via_shell], withhold, "showed nothing for 40 s");
    // These send nothing before the handshake that an agent could acknowledge.
    let ports = &CLIENTS[2..];
    all_end(ports, withhold, "the target sent nothing for 20 s");
}

#[test]
fn every_client_gives_up_an_agent_that_never_completes_the_handshake() {
    all_end(
        &CLIENTS,
        |bench| bench.sandbox.channels().faults().withhold_completion(true),
        "did not complete the handshake in 20 s",
    );
}

#[test]
fn output_before_the_end_of_the_handshake_is_bounded() {
    let bench = Bench::with(Options {
        handshake: true,
        ..Options::default()
    });
    bench.grant(&DOCUMENTS);
    bench.sandbox.channels().faults().flood_handshake(true);
    let began = Instant::now();
    for line in &CLIENTS[..2] {
        let mut child = bench.piped(line);
        let stdin = child.stdin.take();
        let ran = Ran::from(child.wait_with_output().unwrap());
        drop(stdin);
        let error = ran.error();
        assert_eq!(error["name"], "not-opened", "{line}: {ran:?}");
        let message = error["message"].as_str().unwrap();
        assert!(message.contains("sent too much"), "{line}: {message}");
        assert_eq!(ran.stdout, "", "{line}");
        none_open(&bench);
    }
    assert!(began.elapsed() < Duration::from_secs(18));
}
