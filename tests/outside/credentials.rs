//! aws-cli and boto3 with the credentials that vendor-ssm hands over.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use vendor_ssm_sandbox::Options;

use crate::harness::{Bench, Ran, SETTINGS, program, run};
use crate::venv;

const WEB_1: &str = "i-0f3a91c27be45d806";
const WALK: [&str; 3] = ["GetCallerIdentity", "AssumeRole", "AssumeRole"];

/// Tries calls one after another, and prints how AWS answered each.
const CALLS: &str = r#"
import json, boto3, botocore
ec2, ssm, sts = (boto3.client(name, region_name="us-east-1") for name in ("ec2", "ssm", "sts"))
answers, sessions = {}, []

def ask(name, call, **arguments):
    try:
        answer = call(**arguments)
        answers[name] = "ok"
        return answer
    except botocore.exceptions.ClientError as error:
        answers[name] = error.response["Error"]["Code"]

def start(name, **arguments):
    answer = ask(name, ssm.start_session, **arguments)
    if answer:
        sessions.append(answer["SessionId"])

ask("list", ec2.describe_instances)
ask("properties", ssm.describe_instance_properties)
ask("status", ssm.get_connection_status, Target="i-0f3a91c27be45d806")
start("start", Target="i-0f3a91c27be45d806")
start("start another", Target="i-08c2d7715e90ab34f")
start("start by document", Target="i-0f3a91c27be45d806", DocumentName="SSM-SessionManagerRunShell")
start("start by another document", Target="i-0f3a91c27be45d806", DocumentName="AWS-StartPortForwardingSession",
      Parameters={"portNumber": ["22"]})
for session in sessions:
    ask("end", ssm.terminate_session, SessionId=session)
ask("become", sts.assume_role, RoleArn="arn:aws:iam::111111111111:role/3P_IAM_Assume_Role", RoleSessionName="alice")
print(json.dumps(answers))
"#;

/// A Python program's file, and the interpreter of the virtual environment.
fn python(bench: &Bench, text: &str) -> [String; 2] {
    let file = bench.home().join("script.py");
    std::fs::write(&file, text).unwrap();
    [venv::program("python"), file].map(|path| path.to_str().unwrap().to_owned())
}

/// `credentials exec` with these flags and this command.
fn exec(bench: &Bench, flags: &str, words: &[String]) -> Ran {
    let mut command = bench.command(["credentials", "exec", "-q"]);
    command.args(flags.split_whitespace()).arg("--").args(words);
    run(&mut command)
}

/// How AWS answered each call with the credentials that these flags give.
fn answers(bench: &Bench, flags: &str) -> BTreeMap<String, String> {
    let ran = exec(bench, flags, &python(bench, CALLS));
    assert_eq!(ran.code, 0, "{flags}: {ran:?}");
    serde_json::from_str(ran.stdout.trim()).unwrap()
}

/// The calls that were allowed, in alphabetical order.
fn allowed(bench: &Bench, flags: &str) -> Vec<String> {
    let mut answers = answers(bench, flags);
    answers.retain(|_, answer| answer == "ok");
    answers.into_keys().collect()
}

/// Writes the profile that a program at this place prints.
fn profile(bench: &Bench, own: &Path) {
    let mut command = Command::new(own);
    command
        .args(["settings", "--aws-profile"])
        .env_clear()
        .envs(bench.environment());
    let ran = run(&mut command);
    assert_eq!(ran.code, 0, "{ran:?}");
    std::fs::write(bench.home().join("aws-config"), ran.stdout).unwrap();
}

/// A program that reads that profile, in the surroundings in which alice runs vendor-ssm.
fn beside(bench: &Bench, program: &str) -> Command {
    let mut command = Command::new(venv::program(program));
    command
        .env_clear()
        .envs(bench.environment())
        .env("AWS_CONFIG_FILE", bench.home().join("aws-config"))
        .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
        .env("AWS_PAGER", "")
        .env("AWS_EC2_METADATA_DISABLED", "true");
    command
}

#[test]
fn aws_cli_and_boto3_get_credentials_by_the_printed_profile() {
    let bench = Bench::new();
    profile(&bench, Path::new(program()));
    let mut command = beside(&bench, "aws");
    command.args("ec2 describe-instances --profile vendor-ssm-acme --output json".split(' '));
    let ran = run(&mut command);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains(WEB_1), "{ran:?}");
    assert_eq!(
        bench.sandbox.actions(),
        [&WALK[..], &["DescribeInstances"]].concat()
    );
    let text = "import boto3\n\
                session = boto3.Session(profile_name='vendor-ssm-acme')\n\
                print(session.client('sts').get_caller_identity()['Arn'])\n";
    let ran = run(beside(&bench, "python").args(["-c", text]));
    assert_eq!(ran.code, 0, "{ran:?}");
    let arn = "arn:aws:sts::222222222222:assumed-role/SSMStartSession_IAM_Role_ThirdPartyA/alice\n";
    assert_eq!(ran.stdout, arn);
}

#[test]
fn an_odd_path_in_the_printed_profile_is_found_by_aws_cli() {
    let bench = Bench::new();
    for name in ["a b", "it's #1 ;x", "$HOME \"q\" \\"] {
        let own: PathBuf = bench.home().join(name).join("vendor-ssm");
        std::fs::create_dir(own.parent().unwrap()).unwrap();
        if std::fs::hard_link(program(), &own).is_err() {
            std::fs::copy(program(), &own).unwrap();
        }
        profile(&bench, &own);
        let mut command = beside(&bench, "aws");
        command.args("sts get-caller-identity --profile vendor-ssm-acme".split(' '));
        let ran = run(&mut command);
        assert_eq!(ran.code, 0, "{name}: {ran:?}");
    }
}

#[test]
fn boto3_asks_again_only_when_its_copy_is_about_to_expire() {
    // Below 10 minutes botocore renews before each use.
    for (lifetime, is_renewed) in [(3600, false), (9 * 60, true)] {
        let bench = Bench::with(Options {
            credential_lifetime: Some(Duration::from_secs(lifetime)),
            ..Options::default()
        });
        profile(&bench, Path::new(program()));
        let text = "import boto3\n\
                    session = boto3.Session(profile_name='vendor-ssm-acme')\n\
                    keys = session.get_credentials()\n\
                    for _ in range(3): print(keys.get_frozen_credentials().access_key)\n";
        let ran = run(beside(&bench, "python").args(["-c", text]));
        assert_eq!(ran.code, 0, "{ran:?}");
        let keys: std::collections::BTreeSet<&str> = ran.stdout.lines().collect();
        assert_eq!(keys.len() > 1, is_renewed, "{ran:?}");
    }
}

#[test]
fn aws_cli_says_why_vendor_ssm_refused() {
    let bench = Bench::new();
    profile(&bench, Path::new(program()));
    bench.settings(&format!("{SETTINGS}require_reason = true\n"));
    let mut command = beside(&bench, "aws");
    command.args("sts get-caller-identity --profile vendor-ssm-acme".split(' '));
    let ran = run(&mut command);
    assert_ne!(ran.code, 0, "{ran:?}");
    assert!(ran.stderr.contains("pass --reason TEXT"), "{ran:?}");
}

#[test]
fn a_command_uses_the_customers_role_and_not_ones_own_profile() {
    let bench = Bench::new();
    let aws = venv::program("aws").to_str().unwrap().to_owned();
    let words: Vec<String> = [&aws, "ec2", "describe-instances", "--output", "json"]
        .map(str::to_owned)
        .into();
    let mut command = bench.command(["credentials", "exec", "-q", "--"]);
    command
        .args(&words)
        .env("AWS_DEFAULT_PROFILE", "that-does-not-exist")
        .env("AWS_CREDENTIAL_EXPIRATION", "2001-01-01T00:00:00Z")
        .env("AWS_PAGER", "");
    let ran = run(&mut command);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains(WEB_1), "{ran:?}");
    // aws-cli's own status comes through.
    let ran = exec(&bench, "", &[aws, "no-such-service".to_owned()]);
    assert!(ran.code >= 2, "{ran:?}");
    assert!(ran.stderr.contains("usage: aws"), "{ran:?}");
}

#[test]
fn narrowed_credentials_do_nothing_else() {
    let bench = Bench::new();
    // What the customer's role allows by itself.
    let whole = [
        "end",
        "list",
        "properties",
        "start",
        "start another",
        "start by document",
        "status",
    ];
    assert_eq!(allowed(&bench, ""), whole);
    assert_eq!(allowed(&bench, "--for 15m"), whole);
    assert_eq!(
        allowed(&bench, "--only list --for 15m"),
        ["list", "properties", "status"]
    );
    let session = format!("--only session={WEB_1}");
    assert_eq!(
        allowed(&bench, &session),
        ["end", "start", "start by document"]
    );
    let both = allowed(&bench, &format!("{session} --only list"));
    assert_eq!(
        both,
        [
            "end",
            "list",
            "properties",
            "start",
            "start by document",
            "status"
        ]
    );
    let policy = |action: &str| {
        use std::os::unix::fs::PermissionsExt as _;
        let path = bench.home().join("policy.json");
        let text = format!(
            r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":"{action}","Resource":"*"}}]}}"#
        );
        std::fs::write(&path, text).unwrap();
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
        allowed(&bench, "--policy policy.json")
    };
    assert_eq!(policy("ssm:GetConnectionStatus"), ["status"]);
    // A session policy adds nothing to what the role allows.
    assert_eq!(policy("*"), whole);
    assert!(policy("s3:GetObject").is_empty());
    assert_eq!(bench.sandbox.open_sessions(), Vec::<String>::new());
}

#[test]
fn narrowed_to_a_session_the_customers_own_documents_count() {
    let bench = Bench::new();
    bench.grant(&["AWS-StartPortForwardingSession"]);
    let by_document = |settings: &str| {
        bench.settings(settings);
        let answers = answers(&bench, &format!("--only session={WEB_1}"));
        answers["start by another document"].clone()
    };
    assert_eq!(by_document(SETTINGS), "ok");
    // The customer grants a document of its own in its place.
    let own = format!("{SETTINGS}[customers.acme.documents]\nport = \"Acme-Port\"\n");
    assert_eq!(by_document(&own), "AccessDeniedException");
}
