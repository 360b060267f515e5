//! The scripted stand-in for session-manager-plugin.

use std::path::Path;
use std::process::Command;

use vendor_ssm_sandbox::plugin::{Plugin, Script, Step};

const EXECUTABLE: &str = env!("CARGO_BIN_EXE_vendor-ssm-sandbox-plugin");

#[test]
fn it_does_what_its_script_says_and_writes_down_what_it_was_given() {
    let dir = tempfile::tempdir().unwrap();
    let script = Script {
        version: "1.2.650.0".to_owned(),
        steps: vec![Step::Print("hello\n".to_owned()), Step::ReadLine],
        exit: 3,
        ..Script::default()
    };
    let plugin = Plugin::install_from(Path::new(EXECUTABLE), dir.path(), &script).unwrap();
    let version = Command::new(plugin.path())
        .arg("--version")
        .output()
        .unwrap();
    assert_eq!(version.stdout, b"1.2.650.0\n");
    assert!(!plugin.ran());

    let output = Command::new(plugin.path())
        .args([
            "AWS_SSM_START_SESSION_RESPONSE_1",
            "us-east-1",
            "StartSession",
        ])
        .env_clear()
        .env("AWS_SSM_START_SESSION_RESPONSE_1", "{\"SessionId\":\"x\"}")
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    assert_eq!(output.stdout, b"hello\neof\n");
    assert_eq!(output.status.code(), Some(3));
    let dump = plugin.dump().unwrap();
    assert_eq!(
        dump.argv[1..],
        [
            "AWS_SSM_START_SESSION_RESPONSE_1",
            "us-east-1",
            "StartSession"
        ]
    );
    assert_eq!(dump.response.as_deref(), Some("{\"SessionId\":\"x\"}"));
    assert_eq!(dump.environment.len(), 1);
    assert_eq!(dump.terminals, [false; 3]);
}

#[test]
fn it_is_found_or_built() {
    let dir = tempfile::tempdir().unwrap();
    let plugin = Plugin::install(dir.path(), &Script::default()).unwrap();
    assert!(Command::new(plugin.path()).status().unwrap().success());
    assert!(plugin.ran());
}

#[cfg(unix)]
#[test]
fn it_can_die_by_a_signal() {
    use std::os::unix::process::ExitStatusExt;
    let dir = tempfile::tempdir().unwrap();
    let script = Script {
        steps: vec![Step::Die(15)],
        ..Script::default()
    };
    let plugin = Plugin::install_from(Path::new(EXECUTABLE), dir.path(), &script).unwrap();
    let status = Command::new(plugin.path()).status().unwrap();
    assert_eq!(status.signal(), Some(15));
}
