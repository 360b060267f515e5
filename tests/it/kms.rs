//! Sessions that the customer encrypts with a KMS key, through the builtin client.

use std::time::{Duration, Instant};

use vendor_ssm_sandbox::Options;
use vendor_ssm_sandbox::faults::{Fault, Kind};
use vendor_ssm_sandbox::trail::Event;
use vendor_ssm_sandbox::world::{CUSTOMER, CUSTOMER_ROLE, SESSION_KEY};

use crate::harness::terminal::{LIMIT, Terminal, WEB_1, called, none_open, until};
use crate::harness::{Bench, Ran};

const SHELL: &str = "SSM-SessionManagerRunShell";
const USE_THE_KEY: &str = r#"{"Version": "2012-10-17", "Statement": {"Effect": "Allow",
    "Action": "kms:GenerateDataKey", "Resource": "arn:aws:kms:us-east-1:222222222222:key/*",
    "Condition": {"StringEquals": {"kms:EncryptionContext:aws:ssm:TargetId": "i-0f3a91c27be45d806"}}}}"#;

/// A customer whose shells are encrypted; `is_allowed`: its role may use the key.
pub fn encrypted(is_allowed: bool, options: Options) -> Bench {
    let bench = Bench::with(options);
    bench.sandbox.world(|world| {
        world.document_mut(SHELL).unwrap().kms_key_id = Some(SESSION_KEY.to_owned());
        if is_allowed {
            let role = world.role_mut(CUSTOMER, CUSTOMER_ROLE).unwrap();
            role.set_policy("key", USE_THE_KEY).unwrap();
        }
    });
    bench
}

fn asked_for_the_key(bench: &Bench) -> Vec<Event> {
    let trail = bench.sandbox.trail();
    trail
        .into_iter()
        .filter(|event| event.service == "kms")
        .collect()
}

/// A shell that ends before it begins, its input at an end from the start.
fn refused(bench: &Bench) -> Ran {
    let ran = bench.run(&format!(
        "connect {WEB_1} --client builtin --error-format json"
    ));
    none_open(bench);
    ran
}

#[test]
fn a_shell_is_encrypted_both_ways() {
    for is_challenged in [false, true] {
        let bench = encrypted(
            true,
            Options {
                kms_challenge: is_challenged,
                ..Options::default()
            },
        );
        let mut terminal = Terminal::shell(&bench);
        terminal.shows("This session is encrypted using AWS KMS.");
        let id = bench.sandbox.open_sessions().remove(0);
        terminal.types("stty size; echo se''cret\r");
        terminal.shows("24 110");
        terminal.shows("secret");
        terminal.types("exit\r");
        assert_eq!(terminal.ends().code, 0);
        none_open(&bench);
        assert!(bench.sandbox.channels().record(&id).unwrap().encrypted);
        // The first size, as in every handshake.
        let violations = bench.sandbox.channels().violations(&id);
        assert_eq!(violations, ["input before the handshake was complete"]);

        let [asked] = &asked_for_the_key(&bench)[..] else {
            panic!("{:?}", bench.sandbox.actions())
        };
        assert_eq!(asked.action, "GenerateDataKey");
        assert_eq!(asked.parameters["KeyId"], SESSION_KEY);
        let context = |name: &str| asked.parameters.get(&format!("EncryptionContext {name}"));
        assert_eq!(context("aws:ssm:SessionId"), Some(&id));
        assert_eq!(context("aws:ssm:TargetId"), Some(&WEB_1.to_owned()));
        assert_eq!(context("aws:ssm:RandomChallenge").is_some(), is_challenged);
    }
}

/// Its output, its exit status and the agent's own words are all encrypted.
#[test]
fn a_command_is_encrypted_as_well() {
    const COMMAND: &str = "AWS-StartNonInteractiveCommand";
    let bench = encrypted(true, Options::default());
    bench.grant(&[COMMAND]);
    bench.sandbox.world(|world| {
        world.document_mut(COMMAND).unwrap().kms_key_id = Some(SESSION_KEY.to_owned());
    });
    let ran = bench.run("run web-1 -- ls /proc/self/fd/1 /no/such/file");
    assert_eq!((ran.code, ran.stdout.as_str()), (2, "/proc/self/fd/1\n"));
    assert!(ran.stderr.contains("/no/such/file"), "{ran:?}");
    let ran = bench.run("run web-1 -- no-such-program");
    assert_eq!(ran.code, 255, "{ran:?}");
    let reason = "could not be started: exec: \"no-such-program\": executable file not found";
    assert!(ran.stderr.contains(reason), "{ran:?}");
    assert_eq!(asked_for_the_key(&bench).len(), 2);
    none_open(&bench);
}

#[test]
fn a_key_that_is_not_granted_is_named_with_its_action() {
    let bench = encrypted(false, Options::default());
    let ran = refused(&bench);
    assert_eq!(ran.code, 34, "{ran:?}");
    let error = ran.error();
    assert_eq!(error["name"], "start-denied");
    assert_eq!(error["actor"], "customer");
    let hint = error["hint"].as_str().unwrap();
    assert!(hint.contains("kms:GenerateDataKey"), "{hint}");
    assert!(hint.contains(SESSION_KEY), "{hint}");
    // The service closed it when the agent was told.
    assert_eq!(called(&bench, "TerminateSession"), 0);
    assert_eq!(asked_for_the_key(&bench).len(), 1, "a refusal is final");
}

#[test]
fn on_a_terminal_it_is_said_as_plainly() {
    let bench = encrypted(false, Options::default());
    let terminal = Terminal::run(&bench, &format!("connect {WEB_1} --client builtin"));
    let ended = terminal.ends();
    assert_eq!(ended.code, 34, "{}", ended.screen);
    let screen = ended.screen.replace('\n', "");
    assert!(
        screen.contains("the customer role may not use its KMS key"),
        "{screen}"
    );
    assert!(screen.contains("kms:GenerateDataKey"), "{screen}");
    none_open(&bench);
}

#[test]
fn a_key_that_is_disabled_is_no_denial() {
    let bench = encrypted(true, Options::default());
    bench
        .sandbox
        .world(|world| world.kms_keys[0].enabled = false);
    let ran = refused(&bench);
    assert_eq!(ran.code, 42, "{ran:?}");
    let hint = ran.error()["hint"].as_str().unwrap().to_owned();
    assert!(hint.contains(SESSION_KEY), "{hint}");
}

#[test]
fn kms_that_does_not_answer_is_the_networks_fault() {
    let bench = encrypted(true, Options::default());
    let fault = Fault::new("GenerateDataKey", Kind::Reset);
    bench.sandbox.faults().add(fault);
    let ran = refused(&bench);
    assert_eq!(ran.code, 40, "{ran:?}");
}

#[test]
fn the_escape_works_while_the_key_is_awaited() {
    let bench = encrypted(true, Options::default());
    bench
        .sandbox
        .faults()
        .add(Fault::new("GenerateDataKey", Kind::Hang));
    let mut terminal = Terminal::run(&bench, &format!("connect {WEB_1} --client builtin"));
    assert!(until(LIMIT, || !bench.sandbox.open_sessions().is_empty()));
    terminal.types("~.");
    // Sooner than KMS would have been given up.
    let ended = terminal.ends_within(Duration::from_secs(10));
    assert_eq!(ended.code, 130, "{}", ended.screen);
    assert_eq!(called(&bench, "TerminateSession"), 1);
    none_open(&bench);
}

#[test]
fn a_session_that_ends_while_the_key_is_awaited_ends_at_once() {
    let bench = encrypted(true, Options::default());
    bench
        .sandbox
        .faults()
        .add(Fault::new("GenerateDataKey", Kind::Hang));
    let terminal = Terminal::run(&bench, &format!("connect {WEB_1} --client builtin"));
    let is_asked = || called(&bench, "GenerateDataKey") == 1;
    assert!(until(LIMIT, is_asked), "{:?}", bench.sandbox.actions());
    let id = bench.sandbox.open_sessions().remove(0);
    let began = Instant::now();
    assert!(bench.sandbox.end_session(&id, "carol"));
    // The channel is heard beside the call, which alone would take 12 s.
    let ended = terminal.ends_within(Duration::from_secs(10));
    assert_eq!(ended.code, 50, "{}", ended.screen);
    assert!(
        ended.screen.contains("terminated by carol"),
        "{}",
        ended.screen
    );
    assert!(began.elapsed() < Duration::from_secs(8));
    assert_eq!(called(&bench, "TerminateSession"), 0);
    none_open(&bench);
}

#[test]
fn a_connection_that_drops_while_the_key_is_awaited_is_resumed() {
    let bench = encrypted(true, Options::default());
    let slow = Kind::Slow(Duration::from_secs(4));
    bench
        .sandbox
        .faults()
        .add(Fault::new("GenerateDataKey", slow));
    let mut terminal = Terminal::run(&bench, &format!("connect {WEB_1} --client builtin"));
    let is_asked = || called(&bench, "GenerateDataKey") == 1;
    assert!(until(LIMIT, is_asked), "{:?}", bench.sandbox.actions());
    let id = bench.sandbox.open_sessions().remove(0);
    assert!(bench.sandbox.channels().drop_connection(&id));
    // Resumed before KMS answers, not after.
    let is_resumed = || called(&bench, "ResumeSession") == 1;
    assert!(until(Duration::from_secs(3), is_resumed));
    terminal.shows("This session is encrypted using AWS KMS.");
    terminal.types("echo se''cret\r");
    terminal.shows("secret");
    terminal.types("exit\r");
    assert_eq!(terminal.ends().code, 0);
    none_open(&bench);
}
