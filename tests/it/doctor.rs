//! `doctor`: each thing broken once, the note to the customer, and the test of the trust policy.

use std::process::Command;
use std::time::Duration;

use serde_json::{Value, json};
use vendor_ssm::os::Os;
use vendor_ssm_sandbox::world::{CUSTOMER, CUSTOMER_ROLE, VENDOR, VENDOR_ROLE};

use crate::behind::{Behind, HOSTS};
use crate::harness::terminal::Terminal;
use crate::harness::{Bench, Ran, SETTINGS, is_windows, native, run};

const CHECKS: [&str; 18] = [
    "settings",
    "terminal",
    "plugin",
    "keyring",
    "journal",
    "endpoints",
    "proxy",
    "ca",
    "ssmmessages",
    "clock",
    "base-identity",
    "vendor-role",
    "customer-role",
    "external-id",
    "list",
    "ping",
    "document",
    "open-data-channel",
];
const ONLY_BY_SESSION: [&str; 2] = ["document", "open-data-channel"];

/// How each check ended.
fn statuses(said: &Value) -> Vec<(&str, &str)> {
    let checks = said["checks"].as_array().unwrap();
    let text = |value: &'_ Value| value.as_str().unwrap().to_owned();
    assert!(
        checks
            .iter()
            .all(|check| !text(&check["message"]).is_empty())
    );
    checks
        .iter()
        .map(|check| {
            (
                check["name"].as_str().unwrap(),
                check["status"].as_str().unwrap(),
            )
        })
        .collect()
}

fn check<'a>(said: &'a Value, name: &str) -> &'a Value {
    let checks = said["checks"].as_array().unwrap();
    checks.iter().find(|check| check["name"] == name).unwrap()
}

fn without_action(bench: &Bench, action: &str) {
    let seeds = include_str!("../sandbox/src/world/policies/customer.json");
    let mut policy: Value = serde_json::from_str(seeds).unwrap();
    for statement in policy["Statement"].as_array_mut().unwrap() {
        if let Some(actions) = statement["Action"].as_array_mut() {
            actions.retain(|it| it != action);
        }
    }
    bench.sandbox.world(|world| {
        let role = world.role_mut(CUSTOMER, CUSTOMER_ROLE).unwrap();
        role.set_policy("session", &policy.to_string()).unwrap();
    });
}

fn set_trust(bench: &Bench, account: &str, role: &str, principal: &str, condition: &Value) {
    let mut statement =
        json!({"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"});
    if !condition.is_null() {
        statement["Condition"] = condition.clone();
    }
    let trust = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
    bench.sandbox.world(|world| {
        world
            .role_mut(account, role)
            .unwrap()
            .set_trust(&trust)
            .unwrap();
    });
}

/// The customer's role, which trusts the vendor role with this condition.
fn trust_with(bench: &Bench, condition: &Value) {
    let vendor = format!("arn:aws:iam::{VENDOR}:role/{VENDOR_ROLE}");
    set_trust(bench, CUSTOMER, CUSTOMER_ROLE, &vendor, condition);
}

/// The output contains no key, and only the last characters of the ExternalId.
fn holds_no_secret(bench: &Bench, ran: &Ran) {
    let keys = bench.sandbox.credentials("alice").unwrap();
    let all = format!("{}{}", ran.stdout, ran.stderr);
    for secret in ["ExternalID3rd", "ExternalID-of", &keys.secret_access_key] {
        assert!(!all.contains(secret), "{secret}: {all}");
    }
}

#[test]
fn every_check_passes_on_the_seeds() {
    let bench = Bench::new();
    let ran = bench.run("doctor --output json");
    assert_eq!(ran.code, 0, "{ran:?}");
    let said = ran.json();
    assert_eq!(said["version"], 1);
    let statuses = statuses(&said);
    let names: Vec<&str> = statuses.iter().map(|(name, _)| *name).collect();
    assert_eq!(names, CHECKS);
    for (name, status) in statuses {
        let expected = match name {
            // The last since the sandbox's SSM endpoint is on this machine.
            "document" | "open-data-channel" | "external-id" | "ssmmessages" => "not-checked",
            // It depends on this machine.
            "plugin" => continue,
            _ => "ok",
        };
        assert_eq!(status, expected, "{name}: {said}");
    }
    for check in said["checks"].as_array().unwrap() {
        let keys: Vec<&String> = check.as_object().unwrap().keys().collect();
        assert_eq!(keys, ["hint", "message", "name", "seconds", "status"]);
        assert!(check["seconds"].is_f64(), "{check}");
    }
    let list = &check(&said, "list")["message"];
    let list = list.as_str().unwrap();
    assert!(
        list.contains("ExternalAccessGrantedTo=Third_Party_A") && list.contains("in us-east-1")
    );
    assert_eq!(bench.sandbox.open_sessions(), Vec::<String>::new());
    let actions = bench.sandbox.actions();
    let roles = actions.iter().filter(|it| *it == "AssumeRole").count();
    assert_eq!(roles, 2, "the trust is tested only if asked: {actions:?}");
    holds_no_secret(&bench, &ran);
}

#[test]
fn each_failure_has_its_name_and_exit_code() {
    type Break = fn(&Bench, &mut Command);
    let cases: [(&str, &str, i32, Break); 12] = [
        ("settings", "failed", 10, |bench, _| {
            bench.settings("this is [no TOML");
        }),
        // Naming a customer that does not exist is a wrong command line.
        ("settings", "failed", 2, |bench, _| {
            bench.settings(&SETTINGS.replace("customers.acme", "customers.other"));
        }),
        ("plugin", "failed", 11, |bench, _| {
            let path = native("/nowhere/plugin");
            let session = format!("[session]\nclient = \"plugin\"\nplugin_path = '{path}'\n");
            bench.settings(&format!("{SETTINGS}{session}"));
        }),
        ("keyring", "failed", 12, |bench, _| {
            bench.settings(&SETTINGS.replace("\"none\"", "\"keyring\""));
        }),
        ("clock", "warning", 0, |bench, _| {
            bench.sandbox.clock().skew(960);
        }),
        ("clock", "failed", 40, |_, command| {
            command.env("AWS_ENDPOINT_URL", "http://127.0.0.1:9");
        }),
        ("base-identity", "failed", 20, |_, command| {
            command
                .env_remove("AWS_ACCESS_KEY_ID")
                .env_remove("AWS_SECRET_ACCESS_KEY");
        }),
        ("vendor-role", "failed", 21, |bench, _| {
            let bob = "arn:aws:iam::111111111111:user/bob";
            set_trust(bench, VENDOR, VENDOR_ROLE, bob, &Value::Null);
        }),
        ("customer-role", "failed", 22, |bench, _| {
            bench.settings(&SETTINGS.replace("ExternalID3rdPartyA", "ExternalID-of-nobody"));
        }),
        ("list", "failed", 42, |bench, _| {
            without_action(bench, "ec2:DescribeInstances");
        }),
        // A denial for older sessions, here also for those of the next hour.
        ("list", "failed", 42, |bench, _| {
            bench.sandbox.world(|world| {
                let role = world.role_mut(CUSTOMER, CUSTOMER_ROLE).unwrap();
                role.revoke_sessions(Os::default().now() + Duration::from_hours(1))
                    .unwrap();
            });
        }),
        ("ping", "warning", 0, |bench, _| {
            without_action(bench, "ssm:DescribeInstanceProperties");
        }),
    ];
    for (name, status, code, broken) in cases {
        // Windows always has its Credential Manager.
        if name == "keyring" && is_windows() {
            continue;
        }
        let bench = Bench::new();
        let mut command = bench.command(["doctor", "--output", "json", "-c", "acme"]);
        broken(&bench, &mut command);
        let ran = run(&mut command);
        assert_eq!(ran.code, code, "{name}: {ran:?}");
        let said = ran.json();
        let statuses = statuses(&said);
        assert_eq!(statuses.len(), CHECKS.len(), "{statuses:?}");
        let found = check(&said, name);
        assert_eq!(found["status"], status, "{name}: {said}");
        assert!(found["hint"].is_string() || name == "settings", "{found}");
        let others = statuses
            .iter()
            .filter(|(other, status)| *other != name && *status == "failed");
        // Checks that build on the failed one are not failures themselves.
        assert_eq!(others.count(), 0, "{name}: {statuses:?}");
        // Checks that do not build on it are still done.
        for local in ["terminal", "journal"] {
            assert_eq!(check(&said, local)["status"], "ok", "{name}: {said}");
        }
        if ["plugin", "keyring"].contains(&name) {
            assert_eq!(check(&said, "list")["status"], "ok", "{name}: {said}");
        }
        for session in ONLY_BY_SESSION {
            assert_eq!(check(&said, session)["status"], "not-checked");
        }
        assert_eq!(bench.sandbox.open_sessions(), Vec::<String>::new());
        holds_no_secret(&bench, &ran);
    }
}

#[test]
fn a_tag_that_no_instance_has_gives_a_warning() {
    let bench = Bench::new();
    bench.settings(&SETTINGS.replace("\"Third_Party_A\"", "\"Nobody\""));
    let ran = bench.run("doctor");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stdout
            .contains("no instance carries the tag ExternalAccessGrantedTo=Nobody in us-east-1"),
        "{ran:?}"
    );
}

#[test]
fn the_trust_is_tested_only_if_asked_and_after_a_notice() {
    let bench = Bench::new();
    let ran = bench.run("doctor --check-trust");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stderr
            .contains("without an ExternalId and with a wrong one"),
        "{ran:?}"
    );
    let ok = "external-id: AWS refuses the role without the ExternalId";
    assert!(ran.stdout.contains(ok), "{ran:?}");
    let customers: Vec<_> = bench
        .sandbox
        .trail()
        .into_iter()
        .filter(|event| {
            event.action == "AssumeRole" && event.parameters["RoleArn"].contains(CUSTOMER)
        })
        .collect();
    let asked: Vec<_> = customers
        .iter()
        .map(|event| {
            (
                event.parameters.contains_key("ExternalId"),
                event.succeeded(),
            )
        })
        .collect();
    assert_eq!(asked, [(true, true), (false, false), (true, false)]);
    holds_no_secret(&bench, &ran);

    // The vendor's own policy requires it too, and would hide a gap in the customer's trust policy.
    let may = json!({"Version": "2012-10-17", "Statement": [
        {"Effect": "Allow", "Action": "sts:AssumeRole", "Resource": format!("arn:aws:iam::{CUSTOMER}:role/{CUSTOMER_ROLE}")},
    ]});
    bench.sandbox.world(|world| {
        let role = world.role_mut(VENDOR, VENDOR_ROLE).unwrap();
        role.set_policy("cross", &may.to_string()).unwrap();
    });
    assert_eq!(bench.run("doctor --check-trust").code, 0);
    for (condition, how) in [
        (Value::Null, "without an ExternalId"),
        (
            json!({"StringLike": {"sts:ExternalId": "*"}}),
            "with a wrong ExternalId",
        ),
    ] {
        trust_with(&bench, &condition);
        let ran = bench.run("doctor --check-trust --output json");
        assert_eq!(ran.code, 3, "{ran:?}");
        let said = ran.json();
        let found = check(&said, "external-id");
        assert_eq!(found["status"], "failed", "{said}");
        assert!(found["message"].as_str().unwrap().ends_with(how), "{found}");
        let hint = found["hint"].as_str().unwrap();
        assert!(
            hint.contains(r#"{"StringEquals":{"sts:ExternalId":"#),
            "{hint}"
        );
        holds_no_secret(&bench, &ran);
    }

    bench.settings(&SETTINGS.replace("ThirdPartyA\"", "Nobody\""));
    let said = bench.run("doctor --check-trust --output json").json();
    assert_eq!(check(&said, "external-id")["status"], "not-checked");
}

#[test]
fn the_note_to_the_customer_has_each_refusal_and_the_statement_that_allows_it() {
    let bench = Bench::new();
    let ran = bench.run("doctor --report");
    assert_eq!(ran.code, 0, "{ran:?}");
    for part in [
        "Access to AWS account 222222222222",
        "Nothing was refused",
        "asked as      arn:aws:sts::111111111111:assumed-role/3P_IAM_Assume_Role/alice",
        "ExternalId    …tyA",
        "\"ssm:resourceTag/ExternalAccessGrantedTo\": \"Third_Party_A\"",
        "document/SSM-SessionManagerRunShell",
        "ssmmessages:OpenDataChannel",
        "on arn:aws:ssm:*:*:session/* alone",
        "\"ssm:TerminateSession\"",
    ] {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
    assert!(!ran.stderr.contains("u{"), "each line by itself: {ran:?}");
    // The checks are on stderr, the note on stdout.
    assert!(
        ran.stderr.contains("ok          customer-role: "),
        "{ran:?}"
    );
    assert!(!ran.stdout.contains("customer-role: "), "{ran:?}");
    holds_no_secret(&bench, &ran);

    without_action(&bench, "ec2:DescribeInstances");
    let ran = bench.run("doctor --report");
    assert_eq!(ran.code, 42, "{ran:?}");
    let event = bench.sandbox.trail();
    let refused = event
        .iter()
        .rfind(|event| event.action == "DescribeInstances")
        .unwrap();
    for part in [
        "1. ec2:DescribeInstances on *",
        "Likely causes",
        "\"Action\": \"ec2:DescribeInstances\"",
        &refused.request_id,
    ] {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
    holds_no_secret(&bench, &ran);

    bench.settings(&SETTINGS.replace("ExternalID3rdPartyA", "ExternalID-of-nobody"));
    let ran = bench.run("doctor --report");
    assert_eq!(ran.code, 22, "{ran:?}");
    for part in [
        "1. sts:AssumeRole on arn:aws:iam::222222222222:role/SSMStartSession_IAM_Role_ThirdPartyA",
        "AccessDenied, request ",
        "The trust policy of",
        "\"Action\": \"ec2:DescribeInstances\"",
        "\"AWS\": \"arn:aws:iam::111111111111:role/3P_IAM_Assume_Role\"",
        "\"sts:ExternalId\": \"<the ExternalId that ends in …ody>\"",
    ] {
        assert!(ran.stdout.contains(part), "{part}: {}", ran.stdout);
    }
    holds_no_secret(&bench, &ran);

    let ran = bench.run("doctor --report --output json");
    assert_eq!(ran.code, 2, "{ran:?}");
}

/// The statement in the note is enough: with it, AWS no longer refuses.
#[test]
fn the_statement_in_the_note_ends_the_refusal() {
    let bench = Bench::new();
    without_action(&bench, "ec2:DescribeInstances");
    let note = bench.run("doctor --report").stdout;
    let begin = note.find("   {").unwrap();
    let end = note[begin..].find("\n   }").unwrap() + begin + 5;
    let statement: Value = serde_json::from_str(&note[begin..end]).unwrap();
    let policy = json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
    bench.sandbox.world(|world| {
        let role = world.role_mut(CUSTOMER, CUSTOMER_ROLE).unwrap();
        role.set_policy("mended", &policy).unwrap();
    });
    let ran = bench.run("doctor");
    assert_eq!(ran.code, 0, "{ran:?}");
}

#[test]
fn a_proxy_is_named_without_its_password() {
    let bench = Bench::new();
    let mut command = bench.command(["doctor"]);
    command
        .env_remove("AWS_ENDPOINT_URL")
        .env("HTTPS_PROXY", "http://joe:hunter2@127.0.0.1:9");
    let ran = run(&mut command);
    assert_eq!(ran.code, 40, "{ran:?}");
    assert!(
        ran.stdout.contains("proxy: sts through 127.0.0.1:9"),
        "{ran:?}"
    );
    assert!(!format!("{ran:?}").contains("hunter2"), "{ran:?}");
}

/// What `doctor` finds of the way to the data channel, with its exit code and the other failures.
fn way_to_channel(behind: &Behind, more: &[(&str, &str)]) -> (i32, Value, Vec<String>) {
    let mut command = behind.command("doctor --output json -c acme");
    let ran = run(command.envs(more.iter().copied()));
    let said = ran.json();
    let others = statuses(&said)
        .iter()
        .filter(|(name, status)| *name != "ssmmessages" && *status == "failed")
        .map(|(name, _)| (*name).to_owned())
        .collect();
    (ran.code, check(&said, "ssmmessages").clone(), others)
}

#[test]
fn the_way_to_the_data_channel_is_tried_as_a_session_takes_it() {
    let public = HOSTS[3];
    let behind = Behind::new(None);
    let (code, found, _) = way_to_channel(&behind, &[]);
    assert_eq!((code, &found["status"]), (0, &json!("ok")), "{found}");
    let proxy = behind.proxy.url().replace("http://", "");
    let message = format!("{public} through {proxy} answers");
    assert_eq!(found["message"], message);
    assert!(behind.hosts().contains(&format!("{public}:443")));
    // It opens no session.
    let actions = behind.bench.sandbox.actions();
    let is_session = |it: &String| it == "StartSession" || it == "OpenDataChannel";
    assert!(!actions.iter().any(is_session), "{actions:?}");

    let refusing = Behind::refusing(&HOSTS, public, 403);
    let (code, found, others) = way_to_channel(&refusing, &[]);
    assert_eq!((code, &found["status"]), (40, &json!("failed")), "{found}");
    let message = found["message"].as_str().unwrap();
    for part in ["us-east-1", public, "answered 403 to CONNECT"] {
        assert!(message.contains(part), "{found}");
    }
    assert!(found["hint"].as_str().unwrap().contains(public), "{found}");
    assert_eq!(others, [""; 0]);

    // A name that the proxy does not find, and a host that is not there.
    let names: Vec<&str> = HOSTS[..3].to_vec();
    let (code, found, others) = way_to_channel(&Behind::serving(&names, None), &[]);
    assert_eq!((code, others.len()), (40, 0), "{found}");
    assert!(
        found["message"].as_str().unwrap().contains("answered 502"),
        "{found}"
    );
    let direct = Behind::new(None);
    let (_, found, _) = way_to_channel(&direct, &[("NO_PROXY", public)]);
    assert_eq!(found["status"], "failed", "{found}");
    assert!(!direct.hosts().contains(&format!("{public}:443")));
    let message = found["message"].as_str().unwrap();
    assert!(message.contains("cannot connect to"), "{found}");
}

#[test]
fn the_way_to_the_data_channel_is_tried_in_each_region_and_without_any_role() {
    let other = "ssmmessages.eu-west-1.amazonaws.com";
    let regions = SETTINGS.replace("[\"us-east-1\"]", "[\"us-east-1\", \"eu-west-1\"]");
    let behind = Behind::refusing(&HOSTS, other, 403);
    behind.bench.settings(&regions);
    let (_, found, _) = way_to_channel(&behind, &[("AWS_ACCESS_KEY_ID", "")]);
    assert_eq!(found["status"], "failed", "{found}");
    let message = found["message"].as_str().unwrap();
    assert!(message.contains("sessions in eu-west-1"), "{found}");
    for host in [HOSTS[3], other] {
        assert!(behind.hosts().contains(&format!("{host}:443")), "{host}");
    }
}

#[test]
fn a_private_endpoint_is_what_is_tried() {
    let private = "vpce-0123-abcd.ssmmessages.us-east-1.vpce.amazonaws.com";
    let hosts = [HOSTS.as_slice(), &[private]].concat();
    let variable = "AWS_ENDPOINT_URL_SSMMESSAGES";
    let url = format!("https://{private}");
    let behind = Behind::serving(&hosts, None);
    let (code, found, _) = way_to_channel(&behind, &[(variable, &url)]);
    assert_eq!((code, &found["status"]), (0, &json!("ok")), "{found}");
    assert!(
        found["message"].as_str().unwrap().starts_with(private),
        "{found}"
    );
    assert!(!behind.hosts().contains(&format!("{}:443", HOSTS[3])));

    let refusing = Behind::refusing(&hosts, private, 403);
    let (code, found, _) = way_to_channel(&refusing, &[(variable, &url)]);
    assert_eq!(code, 40, "{found}");
    assert!(
        found["hint"].as_str().unwrap().contains(variable),
        "{found}"
    );

    // It cannot serve the other region.
    let regions = SETTINGS.replace("[\"us-east-1\"]", "[\"us-east-1\", \"eu-west-1\"]");
    behind.bench.settings(&regions);
    let (_, found, _) = way_to_channel(&behind, &[(variable, &url)]);
    assert_eq!(found["status"], "failed", "{found}");
    let message = found["message"].as_str().unwrap();
    assert!(
        message.contains(variable) && message.contains("eu-west-1"),
        "{found}"
    );
}

#[test]
fn each_check_is_whole_on_a_narrow_terminal() {
    for columns in [40, 80] {
        let bench = Bench::new();
        let ended = Terminal::sized(&bench, "doctor", 70, columns).ends();
        assert_eq!(ended.code, 0, "{}", ended.screen);
        let words: Vec<&str> = ended.screen.split_whitespace().collect();
        for name in CHECKS {
            let label = format!("{name}:");
            assert!(
                words.contains(&label.as_str()),
                "{name} at {columns}:\n{}",
                ended.screen
            );
        }
        assert!(words.contains(&"hint:"), "{}", ended.screen);
        let size = format!("{columns} columns, 70 rows");
        let one_line = words.join(" ");
        assert!(one_line.contains(&size), "{}", ended.screen);
    }
}

/// [`SETTINGS`] with this line under `[vendor]`.
fn with_vendor_line(bench: &Bench, line: &str) {
    bench.settings(&SETTINGS.replace("[vendor]", &format!("[vendor]\n{line}")));
}

/// A role that binds names would refuse the settings, whether or not this one does.
#[test]
fn the_settings_names_are_compared_with_the_base_identitys() {
    let bench = Bench::new();
    for (line, other) in [
        ("", false),
        ("role_session_name = \"alice\"", false),
        ("role_session_name = \"bob\"", true),
    ] {
        with_vendor_line(&bench, line);
        let ran = bench.run("doctor --output json");
        assert_eq!(ran.code, 0, "{ran:?}");
        let said = ran.json();
        let role = check(&said, "vendor-role");
        let expected = if other { "warning" } else { "ok" };
        assert_eq!(role["status"], expected, "{line}: {role}");
        if other {
            let text = role.to_string();
            for part in ["\\\"bob\\\"", "\\\"alice\\\"", "NameBinding=yes"] {
                assert!(text.contains(part), "{part}: {text}");
            }
        }
    }
    // The same where the role does refuse it.
    let vendor = format!("arn:aws:iam::{VENDOR}:user/alice");
    let own = json!({"StringEquals": {"sts:RoleSessionName": "${aws:username}"}});
    set_trust(&bench, VENDOR, VENDOR_ROLE, &vendor, &own);
    let ran = bench.run("doctor --output json");
    assert_eq!(ran.code, 21, "{ran:?}");
    let hint = check(&ran.json(), "vendor-role")["hint"].to_string();
    for part in ["remove vendor.role_session_name", "NameBinding=no"] {
        assert!(hint.contains(part), "{part}: {hint}");
    }
    with_vendor_line(&bench, "role_session_name = \"alice\"");
    assert_eq!(bench.run("doctor").code, 0);
}

/// The binding was never tried on a live account, so it is among the causes.
#[test]
fn the_binding_of_names_is_among_the_causes_of_a_refused_customer_role() {
    let bench = Bench::new();
    let nobody = json!({"StringLike": {"aws:userid": "*:nobody"}});
    trust_with(&bench, &nobody);
    let ran = bench.run("doctor --output json");
    assert_eq!(ran.code, 22, "{ran:?}");
    let hint = check(&ran.json(), "customer-role")["hint"].to_string();
    for part in ["the binding of names", "NameBinding=no", "report it"] {
        assert!(hint.contains(part), "{part}: {hint}");
    }
    let ran = bench.run("doctor --report");
    let causes = "the trust policy binds names (NameBinding=yes in the kit)";
    assert!(ran.stdout.contains(causes), "{ran:?}");
    assert!(
        ran.stdout
            .contains("the session name alice is the same at both roles"),
        "{ran:?}"
    );

    // A SourceIdentity that is not the session's name, which the vendor role takes.
    let trust = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"arn:aws:iam::{VENDOR}:user/alice"}},"Action":["sts:AssumeRole","sts:SetSourceIdentity"]}}]}}"#
    );
    bench.sandbox.world(|world| {
        let role = world.role_mut(VENDOR, VENDOR_ROLE).unwrap();
        role.set_trust(&trust).unwrap();
    });
    with_vendor_line(&bench, "source_identity = \"{user}@v.example\"");
    let ran = bench.run("doctor --output json");
    assert_eq!(ran.code, 22, "{ran:?}");
    let hint = check(&ran.json(), "customer-role")["hint"].to_string();
    for part in ["alice@v.example", "set vendor.source_identity to"] {
        assert!(hint.contains(part), "{part}: {hint}");
    }
    let ran = bench.run("doctor --report");
    assert!(
        ran.stdout
            .contains("the SourceIdentity alice@v.example is not the session name alice"),
        "{ran:?}"
    );
}
