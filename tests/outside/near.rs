//! How many round trips the commands take, counted at the end of a long way to each service, over
//! TLS. Session name and keys are set, so nothing else is asked for them.

use std::process::Command;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use vendor_ssm_sandbox::Options;
use vendor_ssm_sandbox::plugin::{Plugin, Script};

use crate::harness::terminal::{PROMPT, Terminal};
use crate::harness::{Bench, SETTINGS, run};
use crate::secret_service::SecretService;

/// A round trip. Most of a command's own work, unoptimised, fits into the rest of one.
const ROUND_TRIP: Duration = Duration::from_secs(1);
/// The most of one more round trip that a command's own work may take.
const OWN: f64 = 0.9;
const WEB_1: &str = "i-0f3a91c27be45d806";

/// A sandbox far away, a keyring, and a plugin that returns at once.
struct Far {
    bench: Bench,
    keyring: SecretService,
    _folder: TempDir,
}

impl Far {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let bench = Bench::with(Options {
            round_trip: Some(ROUND_TRIP),
            tls: Some(folder.path().to_owned()),
            ..Options::default()
        });
        let plugin = Plugin::install(folder.path(), &Script::default()).unwrap();
        let settings = SETTINGS
            .replace("store = \"none\"", "store = \"keyring\"")
            .replace("[cache]", "role_session_name = \"alice\"\n\n[cache]");
        let plugin = plugin.path();
        let plugin = plugin.display();
        bench.settings(&format!(
            "{settings}\n[session]\nplugin_path = '{plugin}'\n"
        ));
        Self {
            bench,
            keyring: SecretService::start(),
            _folder: folder,
        }
    }

    fn variables(&self) -> Vec<(String, String)> {
        let relayed = self.bench.sandbox.relayed().into_iter();
        let mut variables: Vec<_> = relayed
            .map(|(service, url)| {
                let name = service.to_uppercase();
                (format!("AWS_ENDPOINT_URL_{name}"), url)
            })
            .collect();
        let bus = self.keyring.address().to_owned();
        variables.push(("DBUS_SESSION_BUS_ADDRESS".to_owned(), bus));
        variables
    }

    fn command(&self, line: &str) -> Command {
        let mut command = self.bench.command(line.split_whitespace());
        command.envs(self.variables());
        if line.contains("plugin") {
            // The plugin takes no endpoint for the data channel.
            command.env_remove("AWS_ENDPOINT_URL_SSMMESSAGES");
        }
        command
    }

    /// Runs the program to its end, in `floor` round trips.
    fn takes(&self, floor: u8, line: &str) {
        let begun = Instant::now();
        let ran = run(&mut self.command(line));
        let took = round_trips(begun);
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
        is_near(floor, took, line);
    }
}

fn round_trips(begun: Instant) -> f64 {
    begun.elapsed().div_duration_f64(ROUND_TRIP)
}

fn is_near(floor: u8, took: f64, line: &str) {
    let floor = f64::from(floor);
    assert!(
        (floor..floor + OWN).contains(&took),
        "{line}: {took:.2} round trips, not {floor}"
    );
}

#[test]
fn connect_to_an_id_takes_6_round_trips_cold_and_4_warm() {
    let far = Far::new();
    let line = format!("connect {WEB_1} --client plugin");
    // TCP, TLS, two roles, StartSession beside the plugin's role, TerminateSession.
    far.takes(6, &line);
    // TCP, TLS, StartSession, TerminateSession.
    far.takes(4, &line);
    assert_eq!(far.bench.sandbox.connections("ssm"), 2);
    assert_eq!(far.bench.sandbox.connections("sts"), 1);
    assert_eq!(far.bench.sandbox.connections("ssmmessages"), 0);
}

#[test]
fn connect_to_a_name_takes_7_round_trips_cold_and_5_warm() {
    let far = Far::new();
    let line = "connect web-1 --client plugin";
    far.takes(7, line);
    far.takes(5, line);
    assert_eq!(far.bench.sandbox.connections("ec2"), 2);
    assert_eq!(far.bench.sandbox.connections("ssm"), 2);
}

#[test]
fn list_takes_5_round_trips_cold_and_3_warm() {
    let far = Far::new();
    far.takes(5, "list");
    far.takes(3, "list");
}

#[test]
fn the_first_prompt_comes_2_round_trips_after_start_session() {
    let far = Far::new();
    assert_eq!(run(&mut far.command("login")).code, 0);
    let variables = far.variables();
    let more: Vec<_> = variables
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    let line = format!("connect {WEB_1} --client builtin");
    let begun = Instant::now();
    let mut terminal = Terminal::with(&far.bench, &line, 24, 110, &more);
    terminal.shows(PROMPT);
    // TCP, TLS, StartSession; then the upgrade, then the token and the first output.
    is_near(5, round_trips(begun), &line);
    terminal.types("exit\r");
    assert_eq!(terminal.ends().code, 0);
    assert_eq!(far.bench.sandbox.connections("ssmmessages"), 1);
}

#[test]
fn nothing_is_dialled_before_it_is_needed() {
    let far = Far::new();
    let connections = |service| far.bench.sandbox.connections(service);
    // No session follows.
    let line = format!("connect {WEB_1} --client plugin --dry-run");
    assert_eq!(run(&mut far.command(&line)).code, 0);
    assert_eq!((connections("sts"), connections("ssm")), (1, 0));
    assert_eq!(run(&mut far.command("whoami")).code, 0);
    assert_eq!((connections("sts"), connections("ssm")), (2, 0));
    // A guard that is not met ends it before anything is dialled.
    let line = format!("connect {WEB_1} --client plugin --confirm other");
    assert_ne!(run(&mut far.command(&line)).code, 0);
    assert_eq!((connections("sts"), connections("ssm")), (2, 0));
}
