//! The schemas in docs/schemas, against what the program prints, by Python's `jsonschema`.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::process::{Command, Stdio};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use vendor_ssm_sandbox::faults::{Fault, Kind};
use vendor_ssm_sandbox::plugin::{Plugin, Script};
use vendor_ssm_sandbox::world::SECOND_CUSTOMER_EXTERNAL_ID;

use crate::harness::terminal::{LIMIT, called, until};
use crate::harness::{Bench, Ran, SETTINGS, run};
use crate::venv;

/// What no output of this test has: the schemas allow it, and it is hard to bring about.
const UNSEEN: [&str; 12] = [
    // An instance without an owner is another account's.
    "list:$.instances[].account_id null",
    // A Ctrl-C on a terminal.
    "run:$.results[].interrupted value",
    "run-line:$.interrupted value",
    // Each finding has one so far.
    "policy-check:$.findings[].fix null",
    // Records of sessions that were cut short, or of other versions.
    "sessions:$.sessions[].account_id null",
    "sessions:$.sessions[].client null",
    "sessions:$.sessions[].instance_id null",
    "sessions:$.sessions[].kind null",
    "sessions:$.sessions[].name null",
    "sessions:$.sessions[].role_session_name null",
    "sessions:$.sessions[].session_id null",
    "sessions:$.sessions[].started null",
];

/// The outputs so far, each with its schema's name.
#[derive(Default)]
struct Outputs(Vec<(&'static str, Value)>);

impl Outputs {
    fn take(&mut self, schema: &'static str, ran: &Ran) {
        self.0.push((schema, ran.json()));
    }

    fn lines(&mut self, schema: &'static str, ran: &Ran) {
        for line in ran.stdout.lines() {
            self.0.push((schema, serde_json::from_str(line).unwrap()));
        }
    }

    fn error(&mut self, ran: &Ran) {
        let error = json!({"version": 1, "error": ran.error()});
        self.0.push(("error", error));
    }

    /// What the validator has to say, a line for each problem.
    fn problems(&self, unseen: &[&str]) -> String {
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
        let mut python = Command::new(venv::program("python"))
            .arg(root.join("tests/outside/schemas/check.py"))
            .arg(root.join("docs/schemas"))
            .arg(json!(unseen).to_string())
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = python.stdin.take().unwrap();
        stdin
            .write_all(json!(self.0).to_string().as_bytes())
            .unwrap();
        drop(stdin);
        let output = python.wait_with_output().unwrap();
        let said = String::from_utf8(output.stdout).unwrap();
        assert_eq!(output.status.success(), said.trim().is_empty(), "{said}");
        said.trim().to_owned()
    }
}

/// Three customers: every key of the first one set, and one without a grant.
fn settings() -> String {
    format!(
        r#"default_customer = "acme"

{SETTINGS}grant_ends  = 2099-01-31

[customers.acme.endpoints]
sts = "https://sts.us-east-1.amazonaws.com"
ec2 = "https://ec2.us-east-1.amazonaws.com"
ssm = "https://ssm.us-east-1.amazonaws.com"
kms = "https://kms.us-east-1.amazonaws.com"
ssmmessages = "https://vpce-0123-abcd.ssmmessages.us-east-1.vpce.amazonaws.com"

[customers.acme.documents]
port = "AWS-StartPortForwardingSession"
remote_port = "AWS-StartPortForwardingSessionToRemoteHost"
ssh = "AWS-StartSSHSession"
command = "AWS-StartNonInteractiveCommand"
shell = "SSM-SessionManagerRunShell"

{}"#,
        shop()
    )
}

fn shop() -> String {
    format!(
        r#"[customers.shop]
role_arn    = "arn:aws:iam::333333333333:role/SSMStartSession_IAM_Role_ThirdPartyA"
external_id = "{SECOND_CUSTOMER_EXTERNAL_ID}"
tag_value   = "Third_Party_A"
regions     = ["us-east-1", "us-west-2"]

[customers.gone]
role_arn    = "arn:aws:iam::444444444444:role/Nobody"
external_id = "ExternalID-of-444"
tag_value   = "Third_Party_A"
regions     = ["us-east-1"]
"#
    )
}

/// Runs the words, which may hold spaces.
fn words(bench: &Bench, words: &[&str]) -> Ran {
    run(&mut bench.command(words))
}

#[test]
fn every_output_fits_its_schema() {
    let bench = Bench::new();
    bench.grant(&["AWS-StartNonInteractiveCommand"]);
    let mut all = Outputs::default();

    // The settings alone.
    bench.settings(&settings());
    all.take("customers", &bench.run("customer list --output json"));
    all.take("customers", &bench.run("customer show acme --output json"));
    all.take("settings", &bench.run("settings --output json"));

    // The customers, and errors of regions and of whole customers.
    bench.settings(&format!("{SETTINGS}\n{}", shop()));
    let denied = Fault::new("DescribeInstances", Kind::Denied);
    bench.sandbox.faults().add(denied.times(1));
    all.take("list", &bench.run("list --all-customers --output json"));
    let reset = Fault::new("DescribeInstances", Kind::Reset);
    bench.sandbox.faults().add(reset.times(5));
    all.take("list", &bench.run("list -c acme --output json"));
    bench.sandbox.faults().clear();
    all.take("list", &bench.run("list -c acme --output json"));
    all.take("list", &bare(&bench));
    all.take(
        "customer-test",
        &bench.run("customer test --all --output json"),
    );
    all.take("doctor", &bench.run("doctor -c acme --output json"));
    all.take("doctor", &bench.run("doctor -c gone --output json"));
    all.take("whoami", &bench.run("whoami -c acme --output json"));
    all.take(
        "whoami",
        &bench.run("whoami -c acme --cached --output json"),
    );

    profiles(&bench, &mut all);
    policies(&bench, &mut all);
    dry_runs(&bench, &mut all);
    runs(&bench, &mut all);
    errors(&bench, &mut all);
    let problems = all.problems(&UNSEEN);
    assert!(problems.is_empty(), "{problems}");
}

/// A list of an instance of which EC2 says the least that it can.
fn bare(bench: &Bench) -> Ran {
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let mut head = [0; 8192];
            if stream.read(&mut head).unwrap_or(0) == 0 {
                continue;
            }
            let body = "<DescribeInstancesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><reservationSet>\
                 <item><ownerId>222222222222</ownerId><instancesSet><item><instanceId>i-0123456789abcdef0</instanceId><tagSet><item>\
                 <key>ExternalAccessGrantedTo</key><value>Third_Party_A</value></item></tagSet></item></instancesSet>\
                 </item></reservationSet></DescribeInstancesResponse>";
            let answer = format!(
                "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                body.len()
            );
            drop(stream.write_all(answer.as_bytes()));
        }
    });
    run(bench
        .command(["list", "-c", "acme", "--output", "json"])
        .env("AWS_ENDPOINT_URL_EC2", format!("http://127.0.0.1:{port}")))
}

/// `customer import`: a new vendor, another one, and what is left out.
fn profiles(bench: &Bench, all: &mut Outputs) {
    let config = "[profile base]\nregion = us-east-1\n\
         [profile vendor]\nrole_arn = arn:aws:iam::111111111111:role/vendor\nsource_profile = base\n\
         role_session_name = alice\nmfa_serial = arn:aws:iam::111111111111:mfa/alice\nduration_seconds = 900\n\
         [profile plain]\nrole_arn = arn:aws:iam::111111111111:role/plain\ncredential_source = Environment\n\
         [profile a]\nrole_arn = arn:aws:iam::222222222222:role/a\nsource_profile = vendor\nexternal_id = id-of-a\n\
         region = us-east-1\nduration_seconds = 900\n\
         [profile b]\nrole_arn = arn:aws:iam::222222222222:role/b\nsource_profile = plain\nexternal_id = id-of-b\n\
         region = us-east-1\n\
         [profile none]\nrole_arn = arn:aws:iam::222222222222:role/c\nsource_profile = plain\n";
    std::fs::create_dir(bench.home().join(".aws")).unwrap();
    let file = bench.home().join(".aws/config");
    std::fs::write(&file, config).unwrap();
    let import = "customer import --tag-value T --output json";
    let settings = std::fs::read_to_string(bench.config()).unwrap();
    all.take("customer-import", &bench.run(import));
    std::fs::remove_file(bench.config()).unwrap();
    all.take("customer-import", &bench.run(import));
    // The plain vendor comes first now.
    let first = config.replace("[profile a]", "[profile x]");
    std::fs::write(&file, first).unwrap();
    all.take("customer-import", &bench.run(import));
    std::fs::write(&file, "").unwrap();
    bench.settings(&settings);
}

fn policies(bench: &Bench, all: &mut Outputs) {
    let cases = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guardrail-cases");
    let mut files: Vec<String> = std::fs::read_dir(cases)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|it| it == "json" || it == "yaml")
        })
        .map(|path| path.to_str().unwrap().to_owned())
        .collect();
    files.sort();
    let mut line = vec!["policy", "check", "--output", "json"];
    line.extend(files.iter().map(String::as_str));
    all.take("policy-check", &words(bench, &line));
}

fn dry_runs(bench: &Bench, all: &mut Outputs) {
    let named = "connect -c acme web-1 --dry-run --output json";
    all.take("connect", &bench.run(named));
    let by_id = "connect -c acme i-0f3a91c27be45d806 --document AWS-Other --dry-run --output json";
    all.take("connect", &bench.run(by_id));
    let folder = tempfile::tempdir().unwrap();
    let plugin = Plugin::install(folder.path(), &Script::default()).unwrap();
    let settings = std::fs::read_to_string(bench.config()).unwrap();
    bench.settings(&format!(
        "{settings}\n[session]\nplugin_path = \"{}\"\n",
        plugin.path().display()
    ));
    all.take("connect", &bench.run(&format!("{named} --client plugin")));
    bench.settings(&settings);

    for line in [
        "run -c acme --all --dry-run --output json -- true",
        "run -c acme web-1 i-0f3a91c27be45d806 nobody --dry-run --output json -- true",
        "run -c acme web-1 --via shell --dry-run --output json -- true",
        "run --all-customers --filter name=* --dry-run --output json -- true",
    ] {
        all.take("run-dry-run", &bench.run(line));
    }
    let line = "run --all-customers --filter name=web-1 --dry-run --output json -- true";
    let denied = Fault::new("DescribeInstances", Kind::Denied);
    bench.sandbox.faults().add(denied.times(1));
    all.take("run-dry-run", &bench.run(line));
    bench.sandbox.faults().clear();
    let ran = run(bench
        .command(line.split_whitespace())
        .env("AWS_ENDPOINT_URL_EC2", "http://127.0.0.1:9"));
    all.take("run-dry-run", &ran);
}

/// `run`, and the journal that it leaves.
fn runs(bench: &Bench, all: &mut Outputs) {
    let script = r"printf '\377 is no text\n'; printf '\376 is no text\n' >&2; exit 3";
    for (format, schema) in [("json", "run"), ("jsonl", "run-line")] {
        let run = |more: &[&str]| {
            let line = [&["run", "-c", "acme", "--output", format], more].concat();
            words(bench, &line)
        };
        for ran in [
            run(&["web-1", "--reason", "TICKET-1", "--", "uname"]),
            run(&["i-0f3a91c27be45d806", "nobody", "batch-1", "--", "uname"]),
            run(&["web-1", "--", "sh", "-c", script]),
            run(&["web-1", "--timeout", "1", "--", "sleep", "60"]),
            words(
                bench,
                &[
                    "run",
                    "--all-customers",
                    "--filter",
                    "name=none-*",
                    "--yes",
                    "--output",
                    format,
                    "--",
                    "true",
                ],
            ),
        ] {
            all.lines(schema, &ran);
        }
    }
    // One that is killed leaves its session.
    let mut child = bench.piped("run -c acme web-1 -- sleep 600");
    assert!(until(LIMIT, || !bench.sandbox.open_sessions().is_empty()));
    child.kill().unwrap();
    child.wait().unwrap();
    all.take("sessions", &bench.run("sessions list --output json"));
    let ended = bench.run("sessions terminate --orphaned --output json");
    all.take("sessions", &ended);
    all.take("sessions", &bench.run("history --output json"));
}

/// Errors of each stage.
fn errors(bench: &Bench, all: &mut Outputs) {
    for line in [
        "list --nonsense",
        "customer show nobody",
        "list -c gone",
        "connect -c acme nobody",
        "connect -c acme web-1 --confirm shop --client builtin",
        "customer remove acme",
        "proxy -c acme web-1",
    ] {
        let ran = bench.run(&format!("{line} --error-format json"));
        if ran.stderr.contains("\"error\"") {
            all.error(&ran);
        }
    }
    let denied = Fault::new("StartSession", Kind::Denied);
    bench.sandbox.faults().add(denied);
    all.error(&bench.run("run -c acme web-1 --error-format json -- true"));
    bench.sandbox.faults().clear();
    all.error(&bench.run("run -c acme web-1 --error-format json --timeout 1 -- sleep 60"));
    // A signal belongs to no step.
    let hang = Fault::new("DescribeInstances", Kind::Hang);
    bench.sandbox.faults().add(hang);
    let before = called(bench, "DescribeInstances");
    let child = bench.piped("list -c acme --error-format json");
    assert!(until(LIMIT, || called(bench, "DescribeInstances") > before));
    kill_process(Pid::from_child(&child), Signal::TERM).unwrap();
    all.error(&Ran::from(child.wait_with_output().unwrap()));
    bench.sandbox.faults().clear();
}
