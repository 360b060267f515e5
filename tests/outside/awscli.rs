//! aws-cli against the sandbox: what AWS's own client takes, the sandbox answers as AWS does.

use std::path::Path;
use std::process::{Command, Stdio};

use vendor_ssm_sandbox::Sandbox;
use vendor_ssm_sandbox::plugin::{Plugin, Script, Step};
use vendor_ssm_sandbox::world::CUSTOMER_EXTERNAL_ID;

use crate::harness::{Bench, Ran, run};
use crate::venv;

const WEB_1: &str = "i-0f3a91c27be45d806";

/// aws-cli with the chain of profiles that a vendor's engineer would write.
pub fn aws(home: &Path, endpoint: &str, line: &str) -> Command {
    let mut command = Command::new(venv::program("aws"));
    command
        .args(line.split_whitespace())
        .args(["--profile", "acme", "--output", "json"])
        .env_clear()
        .env("HOME", home)
        .env("PATH", "/usr/bin:/bin")
        .env("AWS_CONFIG_FILE", home.join("aws-config"))
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env("AWS_ENDPOINT_URL", endpoint)
        .env("AWS_PAGER", "")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .stdin(Stdio::null());
    command
}

/// Writes the profiles: alice, the vendor role, the customer role.
pub fn profiles(home: &Path, key: (&str, &str), external_id: &str) {
    let (id, secret) = key;
    let text = format!(
        "[profile alice]\naws_access_key_id = {id}\naws_secret_access_key = {secret}\n\n\
         [profile vendor]\nsource_profile = alice\nrole_session_name = alice\n\
         role_arn = arn:aws:iam::111111111111:role/3P_IAM_Assume_Role\nregion = us-east-1\n\n\
         [profile acme]\nsource_profile = vendor\nrole_session_name = alice\n\
         role_arn = arn:aws:iam::222222222222:role/SSMStartSession_IAM_Role_ThirdPartyA\n\
         external_id = {external_id}\nregion = us-east-1\n"
    );
    std::fs::write(home.join("aws-config"), text).unwrap();
}

fn bench(external_id: &str) -> Bench {
    let bench = Bench::new();
    let alice = bench.sandbox.credentials("alice").unwrap();
    let key = (&*alice.access_key_id, &*alice.secret_access_key);
    profiles(bench.home(), key, external_id);
    bench
}

fn run_aws(bench: &Bench, line: &str) -> Ran {
    run(&mut aws(bench.home(), &bench.sandbox.endpoint(), line))
}

#[test]
fn instances_are_described_by_tag_over_two_hops() {
    let bench = bench(CUSTOMER_EXTERNAL_ID);
    let ran = run_aws(
        &bench,
        "ec2 describe-instances --filters Name=tag:ExternalAccessGrantedTo,Values=Third_Party_A",
    );
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains(WEB_1), "{ran:?}");
    assert!(!ran.stdout.contains("internal-1"), "{ran:?}");
    assert_eq!(
        bench.sandbox.actions(),
        ["AssumeRole", "AssumeRole", "DescribeInstances"]
    );
}

#[test]
fn a_wrong_external_id_is_refused() {
    let bench = bench("AnotherExternalId");
    let ran = run_aws(&bench, "sts get-caller-identity");
    assert_ne!(ran.code, 0, "{ran:?}");
    assert!(ran.stderr.contains("(AccessDenied)"), "{ran:?}");
}

#[test]
fn a_session_is_started_for_the_plugin() {
    let bench = bench(CUSTOMER_EXTERNAL_ID);
    let script = Script {
        steps: vec![Step::Print("hello from the plugin".to_owned())],
        ..Script::default()
    };
    let directory = bench.home().join("bin");
    std::fs::create_dir(&directory).unwrap();
    let plugin = Plugin::install(&directory, &script).unwrap();
    let line = format!("ssm start-session --target {WEB_1}");
    let mut command = aws(bench.home(), &bench.sandbox.endpoint(), &line);
    command.env("PATH", format!("{}:/usr/bin:/bin", directory.display()));
    let ran = run(&mut command);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("hello from the plugin"), "{ran:?}");
    let dump = plugin.dump().unwrap();
    let response: serde_json::Value = serde_json::from_str(&dump.response.unwrap()).unwrap();
    let id = response["SessionId"].as_str().unwrap();
    assert_eq!(bench.sandbox.open_sessions(), [id]);
    assert_eq!(dump.argv[2..4], ["us-east-1", "StartSession"]);

    let ended = run_aws(&bench, &format!("ssm terminate-session --session-id {id}"));
    assert_eq!(ended.code, 0, "{ended:?}");
    none_open(&bench.sandbox);
}

#[test]
fn without_the_plugin_the_session_is_ended_again() {
    let bench = bench(CUSTOMER_EXTERNAL_ID);
    let ran = run_aws(&bench, &format!("ssm start-session --target {WEB_1}"));
    assert_ne!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stderr.contains("SessionManagerPlugin is not found"),
        "{ran:?}"
    );
    none_open(&bench.sandbox);
}

fn none_open(sandbox: &Sandbox) {
    assert_eq!(sandbox.open_sessions(), Vec::<String>::new());
}
