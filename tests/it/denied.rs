//! Each rule of the chain broken once: what a person reads, and the exit code.

use std::net::TcpListener;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use snapbox::assert_data_eq;
use snapbox::str;
use vendor_ssm_sandbox::faults::{Fault, Kind};
use vendor_ssm_sandbox::world::{CUSTOMER, CUSTOMER_ROLE, MFA_CODE, VENDOR, VENDOR_ROLE, World};

use crate::harness::terminal::Terminal;
use crate::harness::{Bench, Ran, SETTINGS, is_windows, run};
use crate::stub::Stub;

const WEB_1: &str = "i-0f3a91c27be45d806";
const BILLING_1: &str = "i-07f2e94b0d613ac58";

/// Stderr without the line about endpoints, and with what differs from run to run masked.
fn said(bench: &Bench, ran: &Ran) -> String {
    let mut text: String = ran
        .stderr
        .lines()
        .filter(|line| !line.starts_with("endpoint overridden"))
        .flat_map(|line| [line, "\n"])
        .collect();
    for event in bench.sandbox.trail() {
        text = text.replace(&event.request_id, "[REQUEST]");
        if let Some(id) = event.parameters.get("SessionId") {
            text = text.replace(id.as_str(), "[SESSION]");
        }
    }
    text
}

/// The error object on stderr.
fn error(ran: &Ran) -> Value {
    let object: Value = ran
        .stderr
        .lines()
        .find_map(|line| serde_json::from_str(line).ok())
        .unwrap_or_else(|| panic!("{ran:?}"));
    assert_eq!(object["version"], 1);
    object["error"].clone()
}

/// The customer role's policy as the seeds have it, changed.
fn customer_policy(bench: &Bench, change: impl Fn(&mut Vec<Value>)) {
    let seeds = include_str!("../sandbox/src/world/policies/customer.json");
    let mut policy: Value = serde_json::from_str(seeds).unwrap();
    change(policy["Statement"].as_array_mut().unwrap());
    bench.sandbox.world(|world| {
        let role = world.role_mut(CUSTOMER, CUSTOMER_ROLE).unwrap();
        role.set_policy("session", &policy.to_string()).unwrap();
    });
}

/// Takes statements away.
fn without(bench: &Bench, sids: &[&str]) {
    customer_policy(bench, |statements| {
        statements.retain(|it| !sids.contains(&it["Sid"].as_str().unwrap()));
    });
}

/// Takes an action out of a statement.
fn without_action(bench: &Bench, action: &str) {
    customer_policy(bench, |statements| {
        for statement in statements {
            if let Some(actions) = statement["Action"].as_array_mut() {
                actions.retain(|it| it != action);
            }
        }
    });
}

fn connect(bench: &Bench, target: &str) -> Ran {
    bench.run_with_input(&format!("connect {target}"), "exit\n")
}

fn nothing_is_open(bench: &Bench) {
    assert_eq!(bench.sandbox.open_sessions(), Vec::<String>::new());
}

fn trust_of(principal: &str) -> String {
    json!({"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole"}]}).to_string()
}

#[test]
fn the_vendor_role_does_not_trust_us() {
    let bench = Bench::new();
    bench.sandbox.world(|world| {
        let role = world.role_mut(VENDOR, VENDOR_ROLE).unwrap();
        role.set_trust(&trust_of("arn:aws:iam::111111111111:user/bob"))
            .unwrap();
    });
    let ran = bench.run("list");
    assert_eq!(ran.code, 21, "{ran:?}");
    assert_data_eq!(
        said(&bench, &ran),
        str![[r#"
error[vendor-role-denied]: the vendor role arn:aws:iam::111111111111:role/3P_IAM_Assume_Role refused
  AccessDenied, request [REQUEST]: User: arn:aws:iam::111111111111:user/alice is not authorized to perform: sts:AssumeRole on resource: arn:aws:iam::111111111111:role/3P_IAM_Assume_Role[..]
  allowed by {"Effect":"Allow","Action":"sts:AssumeRole","Resource":"arn:aws:iam::111111111111:role/3P_IAM_Assume_Role"}, if the role's trust policy names you as principal
  hint: ask your admin whether the role exists and trusts you, and whether it requires MFA, a SourceIdentity or your own name as session name

"#]]
    );
    let json = error(&bench.run("list --error-format json"));
    assert_eq!(json["name"], "vendor-role-denied");
    assert_eq!(json["exit_code"], 21);
    assert_eq!(json["actor"], "your admin");
    assert_eq!(json["retryable"], false);
    assert_eq!(json["step"], "vendor-role");
    assert_eq!(json["aws_code"], "AccessDenied");
}

/// Four faults on the customer's side to which AWS gives one answer, and so does vendor-ssm.
#[test]
fn the_customer_role_refuses_in_one_way_whatever_is_wrong() {
    const SAID: &str = "\
error[customer-role-denied]: acme: the customer role arn:aws:iam::222222222222:role/SSMStartSession_IAM_Role_ThirdPartyA refused
  AccessDenied, request [REQUEST]; asked as arn:aws:sts::111111111111:assumed-role/3P_IAM_Assume_Role/alice with ExternalId …tyA
  allowed by {\"Effect\":\"Allow\",\"Principal\":{\"AWS\":\"arn:aws:iam::111111111111:role/3P_IAM_Assume_Role\"},\"Action\":\"sts:AssumeRole\",\"Condition\":{\"StringEquals\":{\"sts:ExternalId\":\"<the ExternalId that ends in …tyA>\"}}} in its trust policy
  hint: AWS does not say which of these is at fault: the ExternalId, the trusted principal, the role name, the binding of names. Send the customer `vendor-ssm doctor -c acme --report`
";
    type Break = fn(&Bench);
    let cases: [(&str, Break); 4] = [
        ("the vendor's policy lacks the role", |bench| {
            bench.sandbox.world(|world| {
                let role = world.role_mut(VENDOR, VENDOR_ROLE).unwrap();
                role.remove_policy("cross");
            });
        }),
        ("the ExternalId is wrong", |bench| {
            bench.settings(&SETTINGS.replace("ExternalID3rdPartyA", "ExternalID-of-nobodytyA"));
        }),
        ("the trust is missing", |bench| {
            bench.sandbox.world(|world| {
                let role = world.role_mut(CUSTOMER, CUSTOMER_ROLE).unwrap();
                role.set_trust(&trust_of("arn:aws:iam::111111111111:role/Other"))
                    .unwrap();
            });
        }),
        ("the role is gone", |bench| {
            bench.sandbox.world(|world: &mut World| {
                world.roles.retain(|role| role.account != CUSTOMER);
            });
        }),
    ];
    for (case, break_it) in cases {
        let bench = Bench::new();
        break_it(&bench);
        let ran = bench.run("list");
        assert_eq!(ran.code, 22, "{case}: {ran:?}");
        assert_eq!(said(&bench, &ran), SAID, "{case}");
        let roles = bench.sandbox.actions();
        assert_eq!(roles, ["GetCallerIdentity", "AssumeRole", "AssumeRole"]);
    }
    let bench = Bench::new();
    bench.settings(&SETTINGS.replace("ExternalID3rdPartyA", "ExternalID-of-nobody"));
    let ran = bench.run("list --error-format json");
    let request = bench.sandbox.trail().pop().unwrap().request_id;
    assert_eq!(
        error(&ran),
        json!({
            "name": "customer-role-denied", "exit_code": 22, "actor": "customer", "retryable": false,
            "step": "customer-role", "customer": "acme", "target": null, "aws_code": "AccessDenied",
            "request_id": request, "session_id": null, "session_state": null,
            "message": "acme: the customer role arn:aws:iam::222222222222:role/SSMStartSession_IAM_Role_ThirdPartyA refused",
            "hint": error(&ran)["hint"],
        })
    );
    assert!(!ran.stderr.contains("of-nobody"), "{ran:?}");
}

#[test]
fn the_document_is_not_granted() {
    let bench = Bench::new();
    without(&bench, &["AllowUsageOfSSMDocument"]);
    let ran = connect(&bench, WEB_1);
    assert_eq!(ran.code, 34, "{ran:?}");
    assert_data_eq!(
        said(&bench, &ran),
        str![[r#"
error[start-denied]: acme: i-0f3a91c27be45d806: StartSession was refused
  AccessDeniedException, request [REQUEST]
  ssm:StartSession on arn:aws:ssm:us-east-1:222222222222:document/SSM-SessionManagerRunShell: no identity-based policy allows it; asked as arn:aws:sts::222222222222:assumed-role/SSMStartSession_IAM_Role_ThirdPartyA/alice
  allowed by {"Effect":"Allow","Action":"ssm:StartSession","Resource":"arn:aws:ssm:us-east-1:222222222222:document/SSM-SessionManagerRunShell"}
  hint: the customer grants another session document: set it under [customers.acme.documents], or ask them to allow ssm:StartSession on this one; send the customer `vendor-ssm doctor -c acme --report`

"#]]
    );
    nothing_is_open(&bench);
}

#[test]
fn the_instance_is_not_granted() {
    for break_it in [false, true] {
        let bench = Bench::new();
        if break_it {
            without(&bench, &["StartSessionOnInstances"]);
        }
        let target = if break_it { WEB_1 } else { BILLING_1 };
        let ran = connect(&bench, target);
        assert_eq!(ran.code, 34, "{ran:?}");
        assert_eq!(
            said(&bench, &ran),
            format!(
                "\
error[start-denied]: acme: {target}: StartSession was refused
  AccessDeniedException, request [REQUEST]
  ssm:StartSession on arn:aws:ec2:us-east-1:222222222222:instance/{target}: no identity-based policy allows it; asked as arn:aws:sts::222222222222:assumed-role/SSMStartSession_IAM_Role_ThirdPartyA/alice
  allowed by {{\"Effect\":\"Allow\",\"Action\":\"ssm:StartSession\",\"Resource\":\"arn:aws:ec2:us-east-1:222222222222:instance/*\",\"Condition\":{{\"StringEquals\":{{\"ssm:resourceTag/ExternalAccessGrantedTo\":\"Third_Party_A\"}}}}}}
  hint: the customer does not grant you this instance, or no longer does. Check its tag first, then the role's policy, then whether access was revoked; send the customer `vendor-ssm doctor -c acme --report`
"
            )
        );
        nothing_is_open(&bench);
        let json = error(
            &bench.run_with_input(&format!("connect {target} --error-format json"), "exit\n"),
        );
        assert_eq!(json["step"], "start-session");
        assert_eq!(json["target"], target);
        assert_eq!(json["customer"], "acme");
        assert_eq!(json["aws_code"], "AccessDeniedException");
        assert_eq!(json["session_state"], Value::Null);
    }
}

#[test]
fn the_data_channel_is_not_granted() {
    let bench = Bench::new();
    without(&bench, &["OpenTheClientChannel"]);
    let ran = connect(&bench, WEB_1);
    assert_eq!(ran.code, 50, "{ran:?}");
    assert_data_eq!(
        said(&bench, &ran),
        str![[r#"
error[not-opened]: acme: i-0f3a91c27be45d806: [SESSION]: the session was never opened: the service refused the data channel with HTTP 403; it was terminated
  hint: ask the customer to allow ssmmessages:OpenDataChannel in the customer role's policy, as AWS's samples do: {"Effect":"Allow","Action":"ssmmessages:OpenDataChannel","Resource":"*"}

"#]]
    );
    nothing_is_open(&bench);
    let ran = bench.run_with_input(&format!("connect {WEB_1} --error-format json"), "");
    let json = error(&ran);
    let session = bench.sandbox.trail().pop().unwrap().parameters["SessionId"].clone();
    assert_eq!(json["session_id"], session);
    assert_eq!(json["session_state"], "ended");
    assert_eq!(json["step"], "open-data-channel");
    assert_eq!(json["retryable"], true);
}

#[test]
fn a_session_that_cannot_be_ended_outranks_why_it_should_have_been() {
    let bench = Bench::new();
    without(&bench, &["OpenTheClientChannel", "TerminateResumeSession"]);
    let ran = connect(&bench, WEB_1);
    assert_eq!(ran.code, 52, "{ran:?}");
    assert_data_eq!(
        said(&bench, &ran),
        str![[r#"
error[may-still-be-open]: acme: i-0f3a91c27be45d806: [SESSION]: the session may still be open: the service refused the data channel with HTTP 403, and TerminateSession failed
  AccessDeniedException, request [REQUEST]
  ssm:TerminateSession on arn:aws:ssm:us-east-1:222222222222:session/[SESSION]: no identity-based policy allows it; asked as arn:aws:sts::222222222222:assumed-role/SSMStartSession_IAM_Role_ThirdPartyA/alice
  allowed by {"Effect":"Allow","Action":["ssm:TerminateSession","ssm:ResumeSession"],"Resource":"arn:aws:ssm:us-east-1:222222222222:session/*","Condition":{"StringEquals":{"ssm:resourceTag/aws:ssmmessages:session-id":"${aws:userid}"}}}
  hint: run `vendor-ssm sessions terminate [SESSION] -c acme --region us-east-1`; otherwise the idle limit ends it, 20 minutes by default

"#]]
    );
    let json = error(&bench.run_with_input(&format!("connect {WEB_1} --error-format json"), ""));
    assert_eq!(json["session_state"], "may-still-be-open");
    assert_eq!(json["actor"], "you");
    assert_eq!(json["step"], "terminate-session");
}

#[test]
fn listing_is_not_granted() {
    let bench = Bench::new();
    without_action(&bench, "ec2:DescribeInstances");
    for line in ["list", "connect web-1"] {
        let ran = bench.run(line);
        assert_eq!(ran.code, 42, "{ran:?}");
        let text = said(&bench, &ran);
        assert!(text.contains("UnauthorizedOperation"), "{text}");
        assert!(text.contains("ec2:DescribeInstances"), "{text}");
        assert_eq!(ran.stdout, "");
        if line == "connect web-1" {
            let hint = "hint: ask acme to allow ec2:DescribeInstances";
            assert!(text.contains(hint), "{text}");
        }
    }
    nothing_is_open(&bench);
}

#[test]
fn the_agents_status_is_not_granted() {
    let bench = Bench::new();
    without_action(&bench, "ssm:DescribeInstanceProperties");
    let ran = bench.run("list --output json");
    assert_eq!(ran.code, 0, "{ran:?}");
    let listed = ran.json();
    let instances = listed["instances"].as_array().unwrap();
    assert!(instances.len() > 5);
    assert!(instances.iter().all(|it| it["ping_status"].is_null()));
    assert_eq!(listed["errors"], json!([]));
}

fn assumed(account: &str, role: &str, session: &str) -> String {
    format!(
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult>\
         <AssumedRoleUser><AssumedRoleId>AROA:alice</AssumedRoleId>\
         <Arn>arn:aws:sts::{account}:assumed-role/{role}/{session}</Arn></AssumedRoleUser>\
         <Credentials><AccessKeyId>ASIA</AccessKeyId><SecretAccessKey>x</SecretAccessKey>\
         <SessionToken>y</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>\
         </AssumeRoleResult></AssumeRoleResponse>"
    )
}

#[test]
fn sts_answers_as_somebody_else() {
    let cases = [
        ("333333333333", CUSTOMER_ROLE, "alice"),
        ("222222222222", "Administrator", "alice"),
        ("222222222222", CUSTOMER_ROLE, "mallory"),
    ];
    for (account, role, session) in cases {
        let bench = Bench::new();
        bench.settings(&SETTINGS.replace("[cache]", "role_session_name = \"alice\"\n[cache]"));
        let calls = std::sync::atomic::AtomicUsize::new(0);
        let stub = Stub::start(move |_| {
            let is_first = calls.fetch_add(1, std::sync::atomic::Ordering::Relaxed) == 0;
            let body = if is_first {
                assumed(VENDOR, VENDOR_ROLE, "alice")
            } else {
                assumed(account, role, session)
            };
            (200, body)
        });
        let ran = run(bench
            .command(["connect", WEB_1, "--error-format", "json"])
            .env("AWS_ENDPOINT_URL_STS", stub.url()));
        assert_eq!(ran.code, 24, "{ran:?}");
        let json = error(&ran);
        assert_eq!(json["step"], "customer-role");
        assert_eq!(json["actor"], "you");
        let message = json["message"].as_str().unwrap();
        assert!(message.contains(&format!("{account}:assumed-role/{role}/{session}")));
        assert_eq!(stub.actions(), ["AssumeRole", "AssumeRole"]);
        assert!(bench.sandbox.trail().is_empty());
    }
}

#[test]
fn ec2_answers_with_what_is_not_ours() {
    for (owner, tag) in [
        ("333333333333", "Third_Party_A"),
        ("222222222222", "third_party_a"),
    ] {
        let bench = Bench::new();
        let body = format!(
            "<DescribeInstancesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><reservationSet><item>\
             <ownerId>{owner}</ownerId><instancesSet><item><instanceId>{WEB_1}</instanceId>\
             <instanceState><name>running</name></instanceState><tagSet>\
             <item><key>Name</key><value>web-1</value></item>\
             <item><key>ExternalAccessGrantedTo</key><value>{tag}</value></item></tagSet>\
             </item></instancesSet></item></reservationSet></DescribeInstancesResponse>"
        );
        let stub = Stub::start(move |_| (200, body.clone()));
        let ran = run(bench
            .command(["connect", "web-1"])
            .env("AWS_ENDPOINT_URL_EC2", stub.url()));
        assert_eq!(ran.code, 24, "{ran:?}");
        assert!(ran.stderr.contains(WEB_1), "{ran:?}");
        assert!(!bench.sandbox.actions().contains(&"StartSession".to_owned()));
    }
}

/// No prompt appears, and vendor-ssm asks no metadata service.
#[test]
fn there_are_no_credentials() {
    let bench = Bench::new();
    let metadata = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    metadata.set_nonblocking(true).unwrap();
    let url = format!("http://{}", metadata.local_addr().unwrap());
    let mut command = bench.command(["list"]);
    command
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY")
        .env("AWS_EC2_METADATA_SERVICE_ENDPOINT", &url)
        .env("AWS_CONTAINER_CREDENTIALS_FULL_URI", &url);
    let begun = Instant::now();
    let ran = run(&mut command);
    assert_eq!(ran.code, 20, "{ran:?}");
    // wine takes a while to start a program.
    let limit = Duration::from_secs(if is_windows() { 10 } else { 1 });
    assert!(begun.elapsed() < limit);
    assert!(ran.stderr.contains("aws sso login"), "{ran:?}");
    assert!(metadata.accept().is_err(), "a metadata service was asked");
    assert!(bench.sandbox.trail().is_empty());
}

#[test]
fn the_base_keys_do_not_hold() {
    let bench = Bench::new();
    let unknown = run(bench
        .command(["list"])
        .env("AWS_ACCESS_KEY_ID", "AKIAUNKNOWNUNKNOWN22"));
    let wrong = run(bench
        .command(["list"])
        .env("AWS_SECRET_ACCESS_KEY", "wrong"));
    bench
        .sandbox
        .faults()
        .add(Fault::new("GetCallerIdentity", Kind::Expired));
    let expired = bench.run("list");
    for (ran, code) in [
        (unknown, "InvalidClientTokenId"),
        (wrong, "SignatureDoesNotMatch"),
        (expired, "ExpiredToken"),
    ] {
        assert_eq!(ran.code, 20, "{ran:?}");
        assert!(ran.stderr.contains(code), "{ran:?}");
        assert!(ran.stderr.contains("error[base-credentials]"), "{ran:?}");
        assert!(ran.stderr.contains("the exported keys"), "{ran:?}");
    }
}

#[test]
fn an_mfa_code_is_wanted_and_nobody_can_be_asked() {
    let bench = Bench::new();
    bench.settings(
        &SETTINGS
            .replace(
                "/3P_IAM_Assume_Role\"",
                "/3P_IAM_Assume_Role_MFA\"\nmfa_serial = \"arn:aws:iam::111111111111:mfa/{user}\"",
            )
            .replace("\"none\"", "\"auto\""),
    );
    let ran = bench.run("list");
    assert_eq!(ran.code, 60, "{ran:?}");
    assert!(ran.stderr.contains("mfa/alice"), "{ran:?}");
    assert!(ran.stderr.contains("login --mfa-code-stdin"), "{ran:?}");

    bench.settings(
        &std::fs::read_to_string(bench.config())
            .unwrap()
            .replace("\"auto\"", "\"none\""),
    );
    let ran = bench.run_with_input("login --mfa-code-stdin", "123456\n");
    assert_eq!(ran.code, 12, "{ran:?}");
    assert!(!ran.stderr.contains("123456"), "{ran:?}");
}

/// Types each code when one is asked for, and returns what was shown and the exit code.
pub fn typing(bench: &Bench, line: &str, codes: &[&str]) -> (String, i32) {
    let mut terminal = Terminal::with(bench, line, 50, 250, &[("TERM", "dumb")]);
    for (asked, code) in codes.iter().enumerate() {
        terminal.shows_that("the question", |screen| {
            screen.matches("mfa/alice:").count() > asked
        });
        terminal.types(&format!("{code}\r"));
    }
    let ended = terminal.ends();
    let questions = ended.screen.matches("mfa/alice:").count();
    assert_eq!(questions, codes.len(), "{}", ended.screen);
    (ended.screen, ended.code)
}

#[test]
fn a_mistyped_mfa_code_is_asked_for_again_twice() {
    let bench = Bench::new();
    bench.settings(&SETTINGS.replace(
        "/3P_IAM_Assume_Role\"",
        "/3P_IAM_Assume_Role_MFA\"\nmfa_serial = \"arn:aws:iam::111111111111:mfa/{user}\"",
    ));
    let (shown, code) = typing(&bench, "list", &["000000", MFA_CODE]);
    assert_eq!(code, 0, "{shown}");
    assert!(shown.contains("web-1"), "{shown}");
    assert!(shown.contains("that code was wrong"), "{shown}");
    assert!(!shown.contains(MFA_CODE), "{shown}");

    let (shown, code) = typing(&bench, "list", &["000000", "111111", "222222"]);
    assert_eq!(code, 20, "{shown}");
    assert!(shown.contains("hint: wait for the next code"), "{shown}");
}
