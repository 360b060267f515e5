//! Stores that are locked, silent, gone or never there; and keyutils, where the kernel allows it.

use std::time::{Duration, Instant};

use vendor_ssm_sandbox::Options;

use super::{Kept, assumed, settings, warnings};
use crate::harness::{Bench, Ran, run};
use crate::secret_service::SecretService;

/// Three seconds for a store that does not answer, and a busy machine.
const SOON: Duration = Duration::from_secs(6);

/// Under `auto` the command works, with one warning; a keyring that is demanded is missed.
fn works_without(keyring: SecretService, warned: usize) {
    let kept = Kept::with(keyring, Options::default(), "auto");
    // A customer of its own, since `auto` may fall to the kernel's keyutils, which all tests share.
    let name = format!("it-{}", kept.sandbox().port());
    let own = |store| settings(store).replace("acme", &name);
    kept.bench.settings(&own("auto"));
    let begun = Instant::now();
    let ran = run(&mut kept.command("list"));
    let took = begun.elapsed();
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("web-1"), "{ran:?}");
    assert_eq!(warnings(&ran), warned, "{ran:?}");
    assert!(took < SOON, "{took:?}");
    run(&mut kept.command(&format!("logout -c {name}")));

    kept.bench.settings(&own("keyring"));
    let ran = run(&mut kept.command("list"));
    assert_eq!(ran.code, 12, "{ran:?}");
    assert!(ran.stderr.contains("error[keyring]"), "{ran:?}");
    let calls = kept.sandbox().actions().len();
    assert_eq!(run(&mut kept.command("login")).code, 12);
    assert_eq!(kept.sandbox().actions().len(), calls, "found out first");
}

#[test]
fn a_locked_keyring_is_done_without() {
    works_without(SecretService::locked(), 1);
}

#[test]
fn a_silent_keyring_is_done_without() {
    let keyring = SecretService::start();
    keyring.freeze();
    works_without(keyring, 1);
}

#[test]
fn a_keyring_that_is_gone_is_done_without() {
    let mut keyring = SecretService::start();
    keyring.kill_daemon();
    // The bus says so at once. Under `auto` a missing keyring is worth no warning.
    works_without(keyring, usize::from(keyutils().is_err()));
}

#[test]
fn without_a_bus_there_are_keyutils_or_nothing() {
    let bench = Bench::new();
    let name = format!("it-{}", bench.sandbox.port());
    bench.settings(&settings("auto").replace("acme", &name));
    for _ in 0..2 {
        let ran = bench.run("list");
        assert_eq!(ran.code, 0, "{ran:?}");
        assert!(warnings(&ran) <= 1, "{ran:?}");
    }
    let walks = if keyutils().is_ok() { 1 } else { 2 };
    assert_eq!(assumed(&bench.sandbox.actions()), 2 * walks);
    bench.run(&format!("logout -c {name}"));

    bench.settings(&settings("keyring"));
    let ran = bench.run("list");
    assert_eq!(ran.code, 12, "{ran:?}");
}

#[test]
fn keyutils_keep_credentials() {
    let bench = Bench::new();
    // A customer of its own: the keyring is that of the user who runs the tests.
    let name = format!("it-{}", bench.sandbox.port());
    bench.settings(&settings("keyutils").replace("acme", &name));
    let first = bench.run("login");
    if let Err(reason) = keyutils() {
        assert_eq!(first.code, 12, "{first:?}");
        say(&format!(
            "KEYUTILS NOT TESTED: the kernel allows no keys here ({reason}); the Secret Service is"
        ));
        return;
    }
    assert_eq!(first.code, 0, "{first:?}");
    assert_eq!(assumed(&bench.sandbox.actions()), 2);
    let listed = bench.run("list");
    assert_eq!(listed.code, 0, "{listed:?}");
    assert_eq!(assumed(&bench.sandbox.actions()), 2);
    let forgot = bench.run(&format!("logout -c {name}"));
    assert_eq!(forgot.code, 0, "{forgot:?}");
    bench.run("list");
    assert_eq!(assumed(&bench.sandbox.actions()), 4);
    bench.run(&format!("logout -c {name}"));
}

/// Whether two processes of this user can share a key, as vendor-ssm needs it.
/// Child processes of the test ask the kernel, since a key stays with the process that made it.
fn keyutils() -> Result<(), String> {
    let bench = Bench::new();
    let name = format!("it-{}", bench.sandbox.port());
    bench.settings(&settings("keyutils").replace("acme", &name));
    let ran: Ran = run(&mut bench.command(["logout", "-c", &name]));
    if ran.code == 0 {
        Ok(())
    } else {
        Err(ran.stderr)
    }
}

/// Past the test runner's capture, so that it is read.
fn say(text: &str) {
    use std::io::Write as _;
    let _ = writeln!(std::io::stderr(), "{text}");
}
