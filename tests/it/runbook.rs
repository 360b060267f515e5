//! A runbook through a bad night: a shell script that takes each branch on what docs/scripting.md
//! promises, and on nothing else.

use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

use vendor_ssm_sandbox::faults::{Fault, Kind};
use vendor_ssm_sandbox::world::PingStatus;

use crate::harness::terminal::{called, none_open};
use crate::harness::{Bench, program};

/// The role of the customer, which a night can lose.
const ROLE: (&str, &str) = ("222222222222", "SSMStartSession_IAM_Role_ThirdPartyA");
/// The hosts of the night, in the order of the runbook.
const HOSTS: [&str; 6] = ["web-1", "twin", "nowhere", "lost-1", "db-1", "web-1"];

/// Who is woken: the program leaves a note, and waits until the test takes it away.
const PAGE: &str = "#!/bin/sh
echo \"$1\" > \"$NOTE.new\" && mv \"$NOTE.new\" \"$NOTE\"
while [ -e \"$NOTE\" ]; do sleep 0.05; done
";

/// A program in the runbook's PATH.
fn put(folder: &Path, name: &str, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;

    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o700)).unwrap();
}

/// What the person does who was woken.
fn act(bench: &Bench, why: &str) {
    let faults = bench.sandbox.faults();
    match why {
        "login" => {
            faults.clear();
            // More than the SDK's own attempts.
            faults.add(Fault::new("DescribeInstances", Kind::Throttle).times(6));
            faults.add(Fault::new("StartSession", Kind::Throttle).skip(1).times(2));
        }
        "lost-1" => bench.sandbox.world(|world| {
            let mut instances = world.instances.iter_mut();
            let lost = instances.find(|one| one.tag("Name") == Some("lost-1"));
            lost.unwrap().ping_status = Some(PingStatus::Online);
        }),
        // The customer ends the grant while the vendor still looks at the database.
        "db-1" => bench.sandbox.world(|world| {
            let role = world.role_mut(ROLE.0, ROLE.1).unwrap();
            role.set_trust(
                r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Principal":"*","Action":"sts:AssumeRole"}}"#,
            )
            .unwrap();
        }),
        "revoked" => {}
        other => panic!("{other}"),
    }
}

#[test]
fn a_bad_night() {
    let bench = Bench::new();
    bench.grant(&["AWS-StartNonInteractiveCommand"]);
    let home = bench.sandbox.home();
    std::fs::write(home.join("restart"), "[ \"$1\" = db-1 ] && exit 3; exit 0").unwrap();
    let expired = Fault::new("GetCallerIdentity", Kind::Expired);
    bench.sandbox.faults().add(expired);

    let bin = bench.home().join("bin");
    std::fs::create_dir(&bin).unwrap();
    std::os::unix::fs::symlink(program(), bin.join("vendor-ssm")).unwrap();
    put(&bin, "page", PAGE);
    put(&bin, "night", include_str!("runbook/night.sh"));
    let note = bench.home().join("note");

    let mut runbook = Command::new(bin.join("night"))
        .args(HOSTS)
        .env_clear()
        .envs(bench.environment())
        .env("PATH", format!("{}:/usr/bin:/bin", bin.display()))
        .env("NOTE", &note)
        .current_dir(bench.home())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut woken = Vec::new();
    while runbook.try_wait().unwrap().is_none() {
        if let Ok(why) = std::fs::read_to_string(&note) {
            act(&bench, why.trim());
            woken.push(why.trim().to_owned());
            std::fs::remove_file(&note).unwrap();
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let night = runbook.wait_with_output().unwrap();
    let said = String::from_utf8(night.stdout).unwrap();
    let expected = "\
list: no login
list: later
list: whole
line
log: 141
connect: 31
web-1: restarted
twin: which host? (ambiguous)
nowhere: which host? (no-match)
lost-1: not connected
lost-1: restarted
db-1: the service says 3
web-1: the grant is gone
";
    assert_eq!(said, expected);
    assert_eq!(String::from_utf8(night.stderr).unwrap(), "");
    assert_eq!(woken, ["login", "lost-1", "db-1", "revoked"]);
    assert!(called(&bench, "StartSession") >= 6);
    none_open(&bench);
}
