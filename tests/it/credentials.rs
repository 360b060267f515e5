//! `credentials`: what other programs get, and what stays the engineer's own.

mod becoming;
mod endless;
mod profile;

use std::collections::BTreeMap;
use std::process::Command;

use vendor_ssm_sandbox::documented::Said;
use vendor_ssm_sandbox::faults::{Fault, Kind};

use crate::harness::terminal::Terminal;
use crate::harness::{Bench, Ran, SETTINGS, is_windows, program_file, run};

const WALK: [&str; 3] = ["GetCallerIdentity", "AssumeRole", "AssumeRole"];

/// The parameters of the call that assumed the customer role last.
fn last_assumed(bench: &Bench) -> BTreeMap<String, String> {
    let trail = bench.sandbox.trail();
    let last = trail.iter().rfind(|event| event.action == "AssumeRole");
    last.unwrap()
        .parameters
        .iter()
        .map(|(name, value)| (name.clone(), value.clone()))
        .collect()
}

/// The environment that a command gets, without the shell's own variables.
fn environment_of(command: &mut Command) -> BTreeMap<String, String> {
    let ran = run(command.args(["--", "env", "-0"]));
    assert_eq!(ran.code, 0, "{ran:?}");
    ran.stdout
        .split_terminator('\0')
        .map(|pair| pair.split_once('=').unwrap())
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn exec(bench: &Bench, line: &str) -> Command {
    let mut command = bench.command(["credentials", "exec"]);
    command.args(line.split_whitespace());
    command
}

#[test]
fn process_prints_awss_json_and_nothing_else() {
    let bench = Bench::new();
    let ran = bench.run("credentials process");
    assert_eq!(ran.code, 0, "{ran:?}");
    let said = ran.json();
    let keys: Vec<&String> = said.as_object().unwrap().keys().collect();
    let mut expected = [
        "Version",
        "AccessKeyId",
        "SecretAccessKey",
        "SessionToken",
        "Expiration",
    ];
    expected.sort_unstable();
    assert_eq!(keys, expected);
    assert_eq!(said["Version"], 1);
    let end: jiff::Timestamp = said["Expiration"].as_str().unwrap().parse().unwrap();
    let left = end.as_second() - jiff::Timestamp::now().as_second();
    assert!((3500..=3600).contains(&left), "{left}");
    assert_eq!(bench.sandbox.actions(), WALK);
}

#[test]
fn a_terminal_gets_no_credentials() {
    let bench = Bench::new();
    let terminal = Terminal::run(&bench, "credentials process");
    let ended = terminal.ends();
    assert_eq!(ended.code, 2, "{}", ended.screen);
    assert!(
        ended.screen.contains("credentials exec"),
        "{}",
        ended.screen
    );
    assert!(bench.sandbox.trail().is_empty());
    // Only standard output counts.
    let terminal = Terminal::piped(&bench, "credentials process");
    assert_eq!(terminal.ends().code, 0);
}

#[test]
fn a_command_gets_the_customers_credentials_in_place_of_ones_own() {
    let bench = Bench::new();
    let own = [
        "AWS_PROFILE",
        "AWS_DEFAULT_PROFILE",
        "AWS_SESSION_TOKEN",
        "AWS_SECURITY_TOKEN",
        "AWS_CREDENTIAL_EXPIRATION",
        "AWS_WEB_IDENTITY_TOKEN_FILE",
        "AWS_ROLE_ARN",
        "AWS_ROLE_SESSION_NAME",
        "AWS_CONTAINER_CREDENTIALS_FULL_URI",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN",
        "AWS_ACCOUNT_ID",
        "AWS_SESSION_EXPIRATION",
        "AWS_VAULT",
        "AWS_SSO_ACCOUNT_ID",
        "AWS_BEARER_TOKEN_BEDROCK",
    ];
    let mut command = exec(&bench, "");
    for name in own {
        // The token would belong to alice's keys.
        if !["AWS_SESSION_TOKEN", "AWS_PROFILE"].contains(&name) {
            command.env(name, "mine");
        }
    }
    command
        .env("AWS_REGION", "eu-west-1")
        .env("AWS_PROFILE", "")
        .env("AWS_PAGER", "less")
        .env("EMPTY", "");
    let got = environment_of(&mut command);
    let alice = bench.sandbox.credentials("alice").unwrap();
    for (name, value) in &got {
        assert!(value != "mine", "{name}");
        assert!(*value != alice.access_key_id && *value != alice.secret_access_key);
    }
    let names: Vec<&str> = got
        .keys()
        .map(String::as_str)
        .filter(|name| name.starts_with("AWS_") || name.starts_with("VENDOR_SSM_"))
        .collect();
    assert_eq!(
        names,
        [
            "AWS_ACCESS_KEY_ID",
            "AWS_DEFAULT_REGION",
            "AWS_ENDPOINT_URL",
            "AWS_PAGER",
            "AWS_REGION",
            "AWS_SECRET_ACCESS_KEY",
            "AWS_SESSION_EXPIRATION",
            "AWS_SESSION_TOKEN",
            "VENDOR_SSM_CONFIG",
            "VENDOR_SSM_EXEC",
        ]
    );
    assert_eq!(got["VENDOR_SSM_EXEC"], "acme");
    assert_eq!(got["AWS_REGION"], "us-east-1");
    assert_eq!(got["AWS_DEFAULT_REGION"], "us-east-1");
    assert!(got["AWS_ACCESS_KEY_ID"].starts_with("ASIA"));
    assert!(
        got["AWS_SESSION_EXPIRATION"]
            .parse::<jiff::Timestamp>()
            .is_ok()
    );
    assert_eq!(got["EMPTY"], "");
    assert_eq!(got["AWS_ENDPOINT_URL"], bench.sandbox.endpoint());
}

#[test]
fn a_command_reaches_the_customer_at_the_endpoints_of_the_settings() {
    let bench = Bench::new();
    let own = "https://vpce-0123-abcd.ssm.us-east-1.vpce.amazonaws.com";
    bench.settings(&format!(
        "{SETTINGS}[customers.acme.endpoints]\nssm = {own:?}\n"
    ));
    let got = environment_of(exec(&bench, "").env("AWS_ENDPOINT_URL_KMS", "http://127.0.0.1:1"));
    let named: Vec<(&str, &str)> = got
        .iter()
        .filter(|(name, _)| name.starts_with("AWS_ENDPOINT_URL_"))
        .map(|(name, url)| (name.as_str(), url.as_str()))
        .collect();
    let expected = [
        ("AWS_ENDPOINT_URL_KMS", "http://127.0.0.1:1"),
        ("AWS_ENDPOINT_URL_SSM", own),
    ];
    assert_eq!(named, expected);
}

#[test]
fn of_several_regions_only_one_that_is_the_customers_is_set() {
    let bench = Bench::new();
    bench.settings(&SETTINGS.replace("[\"us-east-1\"]", "[\"us-east-1\", \"eu-west-1\"]"));
    let region = |line: &str, variable: Option<&str>| {
        let mut command = exec(&bench, line);
        command.envs(variable.map(|region| ("AWS_DEFAULT_REGION", region)));
        let got = environment_of(&mut command);
        assert_eq!(got.get("AWS_REGION"), got.get("AWS_DEFAULT_REGION"));
        got.get("AWS_REGION").cloned()
    };
    assert_eq!(region("", None), None);
    assert_eq!(region("", Some("ap-south-1")), None);
    assert_eq!(region("", Some("eu-west-1")).as_deref(), Some("eu-west-1"));
    assert_eq!(
        region("--region eu-west-1", Some("us-east-1")).as_deref(),
        Some("eu-west-1")
    );
    let ran = run(exec(&bench, "").args(["--", "true"]));
    assert!(
        ran.stderr
            .contains("acme has 2 regions, so AWS_REGION is not set"),
        "{ran:?}"
    );
}

#[test]
fn a_command_is_told_until_when_on_stderr_alone() {
    let bench = Bench::new();
    let ran = run(exec(&bench, "").args(["--", "printf", "data"]));
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "data"), "{ran:?}");
    assert!(
        ran.stderr.contains("\nacme: the credentials last until 2"),
        "{ran:?}"
    );
    let ran = run(exec(&bench, "-q").args(["--", "printf", "data"]));
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), ("data", ""));
}

#[test]
fn the_guards_hold_for_credentials() {
    let bench = Bench::new();
    let guarded = |guard: &str| bench.settings(&format!("{SETTINGS}{guard} = true\n"));
    let both = |more: &str| {
        [
            format!("credentials process {more}"),
            format!("credentials exec {more} -- true"),
        ]
    };
    guarded("require_reason");
    for line in both("") {
        let ran = bench.run(&line);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.stderr.contains("pass --reason TEXT"), "{ran:?}");
    }
    assert!(bench.sandbox.trail().is_empty());
    for line in both("--reason ticket-4711") {
        assert_eq!(bench.run(&line).code, 0, "{line}");
    }
    guarded("confirm");
    let before = bench.sandbox.trail().len();
    for line in both("") {
        let ran = bench.run(&line);
        assert_eq!(ran.code, 60, "{ran:?}");
        let hint = "`vendor-ssm credentials ";
        assert!(ran.stderr.contains(hint), "{ran:?}");
        assert!(!ran.stderr.contains(" `\n"), "{ran:?}");
    }
    for line in both("--confirm other") {
        let ran = bench.run(&line);
        assert_eq!(ran.code, 61, "{ran:?}");
        assert!(
            ran.stderr.contains("the credentials would be of acme"),
            "{ran:?}"
        );
    }
    assert_eq!(bench.sandbox.trail().len(), before);
    for line in both("--confirm acme") {
        assert_eq!(bench.run(&line).code, 0, "{line}");
    }
}

#[test]
fn the_confirmation_is_asked_for_on_the_controlling_terminal() {
    let bench = Bench::new();
    bench.settings(&format!("{SETTINGS}confirm = true\n"));
    let mut terminal = Terminal::piped(&bench, "credentials exec -- cat");
    // The console of Windows begins another line before the name.
    terminal.shows("acme, to continue:");
    terminal.types("acme\r");
    assert_eq!(terminal.ends().code, 0);
    let mut terminal = Terminal::piped(&bench, "credentials process");
    terminal.shows("acme, to continue:");
    terminal.types("other\r");
    let ended = terminal.ends();
    assert_eq!(ended.code, 61, "{}", ended.screen);
    assert!(
        ended.screen.contains("nothing was handed over"),
        "{}",
        ended.screen
    );
}

#[test]
fn narrowed_credentials_are_asked_for_with_a_policy_and_a_duration() {
    let bench = Bench::new();
    for (line, policy, seconds) in [
        ("", false, "3600"),
        ("--for 15m", false, "900"),
        ("--only list", true, "3600"),
        ("--only list --for 1h", true, "3600"),
        ("--only session=i-0F3A91C27BE45D806 --for 20m", true, "1200"),
        (
            "--only list --only session=i-0f3a91c27be45d806",
            true,
            "3600",
        ),
        ("--only session=mi-0f3a91c27be45d806", true, "3600"),
    ] {
        let ran = bench.run(&format!("credentials process {line}"));
        assert_eq!(ran.code, 0, "{line}: {ran:?}");
        let asked = last_assumed(&bench);
        assert_eq!(asked.contains_key("Policy"), policy, "{line}");
        assert_eq!(asked["DurationSeconds"], seconds, "{line}");
    }
}

#[test]
fn a_doubtful_narrowing_hands_over_nothing() {
    let bench = Bench::new();
    for line in [
        "--only nothing",
        "--only session=web-1",
        "--only session=10.0.0.11",
        "--only session=i-123",
        "--only session=",
        "--only session=i-0f3a91c27be45d80*",
        "--for 14m",
        "--for 61m",
        "--for 900",
        "--only list --policy policy.json",
    ] {
        let ran = bench.run(&format!("credentials process {line}"));
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{line}: {ran:?}");
    }
    let mut command = bench.command(["credentials", "process"]);
    for number in 0..40 {
        command.args(["--only".to_owned(), format!("session=i-{number:017x}")]);
    }
    let ran = run(&mut command);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.contains("and AWS takes 2048"), "{ran:?}");
    assert!(bench.sandbox.trail().is_empty());
}

/// Writes a policy file for this user alone, whatever the umask.
fn write_policy(bench: &Bench, text: &str) {
    use std::os::unix::fs::PermissionsExt as _;
    let path = bench.home().join("policy.json");
    std::fs::write(&path, text).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

fn with_policy(bench: &Bench) -> Ran {
    bench.run("credentials process --policy policy.json")
}

#[test]
fn a_policy_file_is_judged_before_aws_is_asked() {
    use std::os::unix::fs::PermissionsExt as _;
    let bench = Bench::new();
    let path = bench.home().join("policy.json");
    assert_eq!(with_policy(&bench).code, 13);
    let statement = r#"{"Effect":"Allow","Action":"ec2:DescribeInstances","Resource":"*"}"#;
    let policy = format!(r#"{{"Version":"2012-10-17","Statement":[{statement}]}}"#);
    let many = vec![statement; 40].join(",");
    for text in [
        String::new(),
        "{}".to_owned(),
        "Statement: []".to_owned(),
        policy.replace("\"Effect\"", "\"Principal\":\"*\",\"Effect\""),
        policy.replace(
            "\"Resource\":\"*\"",
            "\"Resource\":\"*\",\"Resource\":\"x\"",
        ),
        policy.replace("Version", "Versions"),
        format!("{policy},"),
        format!(r#"{{"Statement":[{many}]}}"#),
        " ".repeat(65 << 10),
    ] {
        write_policy(&bench, &text);
        let ran = with_policy(&bench);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{text}: {ran:?}");
    }
    write_policy(&bench, &policy);
    let mode = std::fs::Permissions::from_mode(0o666);
    std::fs::set_permissions(&path, mode).unwrap();
    let ran = with_policy(&bench);
    assert_eq!(ran.code, 10, "{ran:?}");
    let hint = if is_windows() {
        "icacls "
    } else {
        "chmod go-w"
    };
    assert!(ran.stderr.contains(hint), "{ran:?}");
    // Windows has no pipes among files.
    if !is_windows() {
        std::fs::remove_file(&path).unwrap();
        crate::harness::pipe(&path);
        assert_eq!(with_policy(&bench).code, 2);
    }
    assert!(bench.sandbox.trail().is_empty());

    // Blanks do not count, and every character can be sent.
    std::fs::remove_file(&path).unwrap();
    let long = policy.replace(':', &format!(":{}", " ".repeat(500)));
    write_policy(&bench, &long.replace("\"*\"", "\"arn:aws:s3:::bücket-漢\""));
    let ran = with_policy(&bench);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(last_assumed(&bench).contains_key("Policy"));
}

#[test]
fn a_policy_that_aws_does_not_take_is_named_and_hands_over_nothing() {
    let bench = Bench::new();
    for (code, hint) in [
        ("PackedPolicyTooLarge", "shorten the policy"),
        ("MalformedPolicyDocument", "correct the policy"),
    ] {
        let said = Said {
            status: 400,
            code,
            message: "AWS's words",
        };
        let fault = Fault::new("AssumeRole", Kind::Refused(said)).skip(1);
        bench.sandbox.faults().add(fault);
        let ran = bench.run("credentials exec --only list --error-format json -- echo ran");
        bench.sandbox.faults().clear();
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
        let error = ran.error();
        assert_eq!(error["aws_code"], code);
        assert!(error["hint"].as_str().unwrap().contains(hint), "{error}");
    }
}

#[test]
fn inside_exec_what_needs_an_identity_is_refused() {
    let bench = Bench::new();
    let inside = |line: &str| {
        let mut command = bench.command(line.split_whitespace());
        run(command.env("VENDOR_SSM_EXEC", "acme"))
    };
    for line in [
        "connect web-1",
        "connect web-1 --dry-run",
        "run web-1 -- true",
        "forward web-1 -L 0:80",
        "proxy web-1",
        "list",
        "whoami",
        "login",
        "credentials process",
        "credentials exec -- true",
        "sessions list",
        "sessions terminate --orphaned",
        "doctor",
        "kit vendor",
        "kit customer",
    ] {
        let ran = inside(line);
        assert_eq!(ran.code, 2, "{line}: {ran:?}");
        assert!(ran.stderr.contains("those of acme"), "{ran:?}");
        assert!(ran.stderr.contains("--nested"), "{ran:?}");
    }
    assert!(bench.sandbox.trail().is_empty());
    for line in [
        "settings",
        "settings --aws-profile",
        "whoami --cached",
        "customer list",
        "customer show acme",
        "history",
        "logout",
        "completions bash",
        "man",
        "--help",
        "--version",
    ] {
        assert_eq!(inside(line).code, 0, "{line}");
    }
    assert_eq!(inside("whoami --nested").code, 0);
    // An empty variable is an unset one.
    let ran = run(bench.command(["whoami"]).env("VENDOR_SSM_EXEC", ""));
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn exec_in_exec_is_refused_by_itself() {
    let bench = Bench::new();
    let words = ["--", &program_file(), "whoami"];
    let ran = run(exec(&bench, "-q").args(words));
    assert_eq!(ran.code, 2, "{ran:?}");
    // The customer role may not assume the vendor role.
    let ran = run(exec(&bench, "-q").args(words).arg("--nested"));
    assert_eq!(ran.code, 21, "{ran:?}");
}
