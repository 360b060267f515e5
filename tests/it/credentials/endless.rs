//! A base profile whose credentials come from vendor-ssm itself.

use std::os::unix::fs::PermissionsExt as _;
use std::path::PathBuf;

use crate::harness::{Bench, Ran, program, run};

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

fn script(bench: &Bench, name: &str, text: &str) -> PathBuf {
    let path = bench.home().join("bin").join(name);
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o700)).unwrap();
    path
}

#[test]
fn a_profile_that_starts_vendor_ssm_is_a_wrong_setting() {
    let bench = Bench::new();
    let folder = bench.home().join("bin");
    std::fs::create_dir(&folder).unwrap();
    std::os::unix::fs::symlink(program(), folder.join("vendor-ssm")).unwrap();
    std::os::unix::fs::symlink(program(), folder.join("another")).unwrap();
    let own = program();
    for command in [
        format!("{own} credentials process"),
        format!("{own} -c acme credentials process --only list"),
        "vendor-ssm credentials process -c acme".to_owned(),
        "another credentials process".to_owned(),
        "./bin/another credentials process".to_owned(),
        format!("sh -c '{own} credentials process'"),
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
        program()
    );
    std::fs::write(&config, text).unwrap();
    let mut command = bench.command(["whoami", "--profile", "loop"]);
    assert_eq!(run(command.env("AWS_CONFIG_FILE", config)).code, 10);
}

#[test]
fn a_script_that_hides_vendor_ssm_is_caught_in_the_second_one() {
    let bench = Bench::new();
    std::fs::create_dir(bench.home().join("bin")).unwrap();
    let count = bench.home().join("count");
    let text = format!(
        "#!/bin/sh\necho x >> {}\nexec {} --profile loop credentials process\n",
        count.display(),
        program()
    );
    let path = script(&bench, "keys", &text);
    let ran = with_process(&bench, path.to_str().unwrap());
    assert_eq!(ran.code, 10, "{ran:?}");
    assert!(ran.stderr.contains("vendor-ssm itself"), "{ran:?}");
    assert_eq!(std::fs::read_to_string(count).unwrap(), "x\n");
    assert!(bench.sandbox.trail().is_empty());
}

#[test]
fn a_script_may_use_vendor_ssm_with_another_base() {
    let bench = Bench::new();
    std::fs::create_dir(bench.home().join("bin")).unwrap();
    let alice = bench.sandbox.credentials("alice").unwrap();
    // The inner one starts from the exported keys, which ends.
    let text = format!(
        "#!/bin/sh\n{} whoami >&2 || exit 9\n\
         echo '{{\"Version\":1,\"AccessKeyId\":\"{}\",\"SecretAccessKey\":\"{}\"}}'\n",
        program(),
        alice.access_key_id,
        alice.secret_access_key
    );
    let path = script(&bench, "keys", &text);
    let ran = with_process(&bench, path.to_str().unwrap());
    assert_eq!(ran.code, 0, "{ran:?}");
}
