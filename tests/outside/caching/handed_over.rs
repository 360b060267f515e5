//! Credentials for other programs: cached ones are handed over while they last long enough.

use std::time::Duration;

use vendor_ssm_sandbox::Options;

use super::Kept;
use crate::secret_service::SecretService;

const PROCESS: &str = "credentials process";
const EXEC: &str = "credentials exec -- true";

/// A keyring and a sandbox whose credentials live this many seconds.
fn living(seconds: u64) -> Kept {
    let options = Options {
        credential_lifetime: Some(Duration::from_secs(seconds)),
        ..Options::default()
    };
    Kept::with(SecretService::start(), options, "keyring")
}

#[test]
fn what_lasts_too_short_is_renewed_and_the_rest_is_cached() {
    // A command wants 15 minutes, and a caller who asks again one more.
    for (seconds, renews_for_process, renews_for_exec) in [
        (3600, false, false),
        (15 * 60 + 50, true, false),
        (15 * 60 - 1, true, true),
    ] {
        let kept = living(seconds);
        kept.calls("whoami");
        for (line, renews) in [(PROCESS, renews_for_process), (EXEC, renews_for_exec)] {
            let expected: &[&str] = if renews { &["AssumeRole"] } else { &[] };
            assert_eq!(kept.calls(line), expected, "{seconds} {line}");
        }
        // What was renewed is kept for the others.
        assert_eq!(kept.roles().len(), 2);
        assert_eq!(kept.sources(), ["cache", "cache"]);
    }
}

#[test]
fn narrowed_credentials_are_neither_cached_nor_taken_from_the_cache() {
    let kept = living(3600);
    kept.calls("whoami");
    let before = kept.roles();
    for line in [
        "credentials process --only list",
        "credentials process --only list",
        "credentials exec --for 15m -- true",
        "credentials exec --only session=i-0f3a91c27be45d806 -- true",
    ] {
        assert_eq!(kept.calls(line), ["AssumeRole"], "{line}");
        assert_eq!(kept.roles(), before, "{line}");
    }
    assert_eq!(kept.calls(PROCESS), Vec::<String>::new());
}

#[test]
fn a_renewal_that_fails_hands_over_nothing() {
    use vendor_ssm_sandbox::faults::{Fault, Kind};
    let kept = living(15 * 60 - 1);
    kept.calls("whoami");
    let denied = Fault::new("AssumeRole", Kind::Denied);
    kept.sandbox().faults().add(denied);
    for line in [PROCESS, "credentials exec -- echo ran"] {
        let ran = crate::harness::run(&mut kept.command(line));
        assert_ne!(ran.code, 0, "{ran:?}");
        assert_eq!(ran.stdout, "", "{ran:?}");
    }
}
