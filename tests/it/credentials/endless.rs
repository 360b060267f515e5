//! A base profile whose credentials come from vendor-ssm itself.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use crate::harness::{Bench, Ran, is_windows, native, program, program_file, run};

/// A bench that starts from the profile `loop`, whose `credential_process` is this.
fn with_process(bench: &Bench, command: &str) -> Ran {
    let config = bench.home().join("aws-config");
    std::fs::write(
        &config,
        format!("[profile loop]\ncredential_process = {command}\n"),
    )
    .unwrap();
    run(bench
        .command(["whoami", "--profile", "loop"])
        .env("AWS_CONFIG_FILE", config)
        .env(
            "PATH",
            format!("{}:/usr/bin:/bin", bench.home().join("bin").display()),
        ))
}

/// A script of the shell that runs the command: these lines of it for Unix, or those for Windows.
fn script(bench: &Bench, unix: &str, windows: &str) -> String {
    let folder = bench.home().join("bin");
    std::fs::create_dir(&folder).unwrap();
    let (name, text) = if is_windows() {
        ("keys.cmd", format!("@echo off\r\n{windows}"))
    } else {
        ("keys", format!("#!/bin/sh\n{unix}"))
    };
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    native(path)
}

/// Another name of the program.
fn link(path: &Path) {
    if is_windows() {
        std::fs::hard_link(format!("{}.exe", program()), path.with_extension("exe")).unwrap();
    } else {
        std::os::unix::fs::symlink(program(), path).unwrap();
    }
}

#[test]
fn a_profile_that_starts_vendor_ssm_is_a_wrong_setting() {
    let bench = Bench::new();
    let folder = bench.home().join("bin");
    std::fs::create_dir(&folder).unwrap();
    let own = program_file();
    let link = |name: &str| link(&folder.join(name));
    link("vendor-ssm");
    link("another");
    let [relative, inner, after] = if is_windows() {
        [".\\bin\\another", "cmd /c \"", "\""]
    } else {
        ["./bin/another", "sh -c '", "'"]
    };
    for command in [
        format!("{own} credentials process"),
        format!("{own} -c acme credentials process --only list"),
        "vendor-ssm credentials process -c acme".to_owned(),
        "another credentials process".to_owned(),
        format!("{relative} credentials process"),
        format!("{inner}{own} credentials process{after}"),
        format!("env X=1 {own} credentials process"),
    ] {
        let ran = with_process(&bench, &command);
        assert_eq!(ran.code, 10, "{command}: {ran:?}");
        assert!(ran.stderr.contains("vendor-ssm itself"), "{ran:?}");
        assert!(ran.stderr.contains("aws-config:2"), "{ran:?}");
        assert!(ran.stderr.contains("set vendor.profile"), "{ran:?}");
    }
    assert!(bench.sandbox.trail().is_empty());
}

#[test]
fn a_source_profile_is_looked_at_too() {
    let bench = Bench::new();
    let config = bench.home().join("aws-config");
    let text = format!(
        "[profile loop]\nsource_profile = inner\nrole_arn = arn:aws:iam::111111111111:role/R\n\
         [profile inner]\ncredential_process = {} credentials process\n",
        program_file()
    );
    std::fs::write(&config, text).unwrap();
    let mut command = bench.command(["whoami", "--profile", "loop"]);
    assert_eq!(run(command.env("AWS_CONFIG_FILE", config)).code, 10);
}

#[test]
fn a_script_that_hides_vendor_ssm_is_caught_in_the_second_one() {
    let bench = Bench::new();
    let (file, own) = (native(bench.home().join("count")), program_file());
    let path = script(
        &bench,
        &format!("echo x >> {file}\nexec {own} --profile loop credentials process\n"),
        &format!("echo x>>{file}\r\n{own} --profile loop credentials process\r\n"),
    );
    let ran = with_process(&bench, &path);
    assert_eq!(ran.code, 10, "{ran:?}");
    assert!(ran.stderr.contains("vendor-ssm itself"), "{ran:?}");
    let count = std::fs::read_to_string(bench.home().join("count")).unwrap();
    assert_eq!(count.lines().collect::<Vec<_>>(), ["x"]);
    assert!(bench.sandbox.trail().is_empty());
}

#[test]
fn a_script_may_use_vendor_ssm_with_another_base() {
    let bench = Bench::new();
    let alice = bench.sandbox.credentials("alice").unwrap();
    let own = program_file();
    let printed = format!(
        "{{\"Version\":1,\"AccessKeyId\":\"{}\",\"SecretAccessKey\":\"{}\"}}",
        alice.access_key_id, alice.secret_access_key
    );
    // The inner one starts from the exported keys, which ends.
    let path = script(
        &bench,
        &format!("{own} whoami >&2 || exit 9\necho '{printed}'\n"),
        &format!("{own} whoami 1>&2\r\nif errorlevel 1 exit /b 9\r\necho {printed}\r\n"),
    );
    let ran = with_process(&bench, &path);
    assert_eq!(ran.code, 0, "{ran:?}");
}
