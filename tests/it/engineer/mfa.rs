//! An IAM user with an MFA device, which the settings or the profile with the user's keys name.

use tempfile::TempDir;
use vendor_ssm_sandbox::faults::{Fault, Kind};
use vendor_ssm_sandbox::plugin::Script;
use vendor_ssm_sandbox::world::MFA_CODE;

use super::said;
use crate::denied::typing;
use crate::harness::terminal::{WEB_1, called, none_open};
use crate::harness::{Bench, SETTINGS, install, run, settings_with};

/// Alice's keys in the profile `work`, beside this line, and a vendor role.
fn user(role: &str, line: &str) -> Bench {
    let bench = Bench::new();
    let keys = bench.sandbox.credentials("alice").unwrap();
    bench.aws_file(
        "config",
        &format!(
            "[profile work]\naws_access_key_id = {}\naws_secret_access_key = {}\n{line}\n",
            keys.access_key_id, keys.secret_access_key
        ),
    );
    let role = format!("profile = \"work\"\nrole_arn = \"arn:aws:iam::111111111111:role/{role}\"");
    let plain = "role_arn = \"arn:aws:iam::111111111111:role/3P_IAM_Assume_Role\"";
    bench.settings(&SETTINGS.replacen(plain, &role, 1));
    bench
}

const DEVICE: &str = "mfa_serial = arn:aws:iam::111111111111:mfa/alice";

#[test]
fn the_device_of_the_users_profile_is_asked_for_if_the_role_wants_it() {
    let bench = user("3P_IAM_Assume_Role_MFA", DEVICE);
    let (shown, code) = typing(&bench, "list", &["000000", MFA_CODE]);
    assert_eq!(code, 0, "{shown}");
    assert!(
        shown.contains("web-1") && !shown.contains(MFA_CODE),
        "{shown}"
    );
    let (shown, code) = typing(&bench, "list", &["000000", "111111", "222222"]);
    assert_eq!(code, 20, "{shown}");
    // Without a terminal the message has the scripted form.
    let ran = bench.run("list");
    said(&ran, 60, &["mfa/alice", "--no-cache"]);
    // A code that is piped in is taken by `login`, which then has nowhere to keep the roles.
    let ran = bench.run_with_input("login --mfa-code-stdin", &format!("{MFA_CODE}\n"));
    said(&ran, 12, &["nowhere to keep"]);
}

#[test]
fn a_role_that_wants_no_code_asks_for_none() {
    let bench = user("3P_IAM_Assume_Role", DEVICE);
    let ran = bench.run("list");
    assert_eq!(ran.code, 0, "{ran:?}");
    // Without a device the refusal is the role's.
    let bench = user("3P_IAM_Assume_Role_MFA", "");
    let ran = run(&mut bench.command(["list"]));
    said(&ran, 21, &["requires MFA"]);
}

/// By then a session is open, and a person may be long in typing.
#[test]
fn no_code_is_asked_for_beside_a_session() {
    let refused = || Fault::new("AssumeRole", Kind::Expired).skip(2).times(1);
    let with_plugin = || {
        let folder = TempDir::new().unwrap();
        let plugin = install(folder.path(), &Script::default());
        let bench = Bench::new();
        let role =
            "role/3P_IAM_Assume_Role_MFA\"\nmfa_serial = \"arn:aws:iam::111111111111:mfa/alice\"";
        let settings = settings_with(&plugin.path());
        bench.settings(&settings.replacen("role/3P_IAM_Assume_Role\"", role, 1));
        bench.sandbox.faults().add(refused());
        (bench, plugin, folder)
    };
    let line = format!("connect {WEB_1} --client plugin");

    let (bench, plugin, _folder) = with_plugin();
    let (shown, code) = typing(&bench, &line, &[MFA_CODE]);
    assert_eq!(code, 23, "{shown}");
    assert!(shown.contains("was terminated"), "{shown}");
    assert_eq!(called(&bench, "TerminateSession"), 1);
    none_open(&bench);
    assert!(!plugin.ran());

    // A role that AWS refuses at StartSession is renewed, and with it the plugin's.
    let (bench, plugin, _folder) = with_plugin();
    let expired = Fault::new("StartSession", Kind::Expired);
    bench.sandbox.faults().add(expired.times(1));
    let (shown, code) = typing(&bench, &line, &[MFA_CODE, MFA_CODE]);
    assert_eq!(code, 0, "{shown}");
    assert!(plugin.ran());
    none_open(&bench);
}
