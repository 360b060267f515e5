//! What AWS answers, and what a person reads of it.
//! The denied action, regions that are not enabled, each error of StartSession, and text without a
//! bound.

use std::thread;

use serde_json::{Value, json};
use vendor_ssm_sandbox::documented::{START_SESSION, Said};
use vendor_ssm_sandbox::faults::{Fault, Kind};
use vendor_ssm_sandbox::world::{CUSTOMER, CUSTOMER_ROLE, VENDOR, VENDOR_ROLE};

use crate::harness::{Bench, Ran, SETTINGS, run};
use crate::stub::Stub;

const WEB_1: &str = "i-0f3a91c27be45d806";
const STOPPED: &str = "i-0c4179da53fe28b6e";
const VENDOR_ARN: &str = "arn:aws:iam::111111111111:role/3P_IAM_Assume_Role";
const CUSTOMER_ARN: &str = "arn:aws:iam::222222222222:role/SSMStartSession_IAM_Role_ThirdPartyA";

fn count(bench: &Bench, action: &str) -> usize {
    let actions = bench.sandbox.actions();
    actions.iter().filter(|it| *it == action).count()
}

fn with(bench: &Bench, key: &str) {
    bench.settings(&SETTINGS.replace("[cache]", &format!("{key}\n[cache]")));
}

/// A refusal with AccessDenied and these words.
fn denied(message: String) -> Kind {
    Kind::Refused(Said {
        status: 403,
        code: "AccessDenied",
        message: message.leak(),
    })
}

/// How AWS refuses an action on a role.
fn sentence(action: &str, role: &str, why: &str) -> String {
    format!(
        "User: arn:aws:sts::111111111111:assumed-role/V/alice is not authorized to perform: {action} on resource: {role}{why}"
    )
}

fn assert_says(ran: &Ran, code: i32, parts: &[&str]) {
    assert_eq!(ran.code, code, "{ran:?}");
    let said = format!("{}{}", ran.stdout, ran.stderr);
    for part in parts {
        assert!(said.contains(part), "{part}: {said}");
    }
}

/// The settings ask for a SourceIdentity, and one role after the other does not allow it.
#[test]
fn the_action_that_aws_denied_stands_in_advice_and_report_at_both_hops() {
    let bench = Bench::new();
    with(&bench, "source_identity = \"{user}\"");
    assert_says(
        &bench.run("list"),
        21,
        &[
            "is not authorized to perform: sts:SetSourceIdentity",
            &format!(
                "allowed by {{\"Effect\":\"Allow\",\"Action\":\"sts:SetSourceIdentity\",\"Resource\":\"{VENDOR_ARN}\"}}"
            ),
            "the session carries a SourceIdentity",
        ],
    );
    assert_says(
        &bench.run("doctor --report"),
        21,
        &[
            &format!("AWS refused sts:SetSourceIdentity on {VENDOR_ARN} (AccessDenied, request "),
            "\"Action\": \"sts:SetSourceIdentity\"",
        ],
    );
    let set = json!({"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow",
        "Principal": {"AWS": "arn:aws:iam::111111111111:user/alice"},
        "Action": ["sts:AssumeRole", "sts:SetSourceIdentity"],
    }]});
    bench.sandbox.world(|world| {
        let role = world.role_mut(VENDOR, VENDOR_ROLE).unwrap();
        role.set_trust(&set.to_string()).unwrap();
    });
    assert_says(
        &bench.run("list"),
        22,
        &[
            &format!("sts:SetSourceIdentity on {CUSTOMER_ARN}: AWS does not say why"),
            "\"Action\":[\"sts:AssumeRole\",\"sts:SetSourceIdentity\"]",
            &format!(
                "and by {{\"Effect\":\"Allow\",\"Action\":\"sts:SetSourceIdentity\",\"Resource\":\"{CUSTOMER_ARN}\"}} in a policy of the vendor role"
            ),
        ],
    );
    let ran = bench.run("doctor --report");
    let title = format!("1. sts:SetSourceIdentity on {CUSTOMER_ARN}");
    assert_says(
        &ran,
        22,
        &[&title, "A policy of arn:aws:iam::111111111111:role/"],
    );
    allow_both(&bench, &ran.stdout);
    assert_eq!(bench.run("list").code, 0);
}

/// Puts the two statements of the report where it says: with them, AWS no longer refuses.
fn allow_both(bench: &Bench, report: &str) {
    let statement = |place: &str| -> Value {
        let text = report
            .split_once(place)
            .unwrap()
            .1
            .split_once('{')
            .unwrap()
            .1;
        let end = text.find("\n   }").unwrap();
        let mut statement: Value = serde_json::from_str(&format!("{{{}}}", &text[..end])).unwrap();
        if let Some(id) = statement.pointer_mut("/Condition/StringEquals/sts:ExternalId") {
            *id = "ExternalID3rdPartyA".into();
        }
        statement
    };
    let policy =
        |statement: Value| json!({"Version": "2012-10-17", "Statement": [statement]}).to_string();
    let trust = policy(statement("The trust policy of "));
    let own = policy(statement("A policy of arn:aws:iam::111111111111:role/"));
    bench.sandbox.world(|world| {
        let role = world.role_mut(CUSTOMER, CUSTOMER_ROLE).unwrap();
        role.set_trust(&trust).unwrap();
        let role = world.role_mut(VENDOR, VENDOR_ROLE).unwrap();
        role.set_policy("more", &own).unwrap();
    });
}

/// Nothing in the settings asks for it: an identity provider sent it along.
#[test]
fn each_other_action_is_named_at_both_hops_and_each_keeper_of_a_policy() {
    let scp = " with an explicit deny in a service control policy: arn:aws:organizations::9:policy/o-1/p-1";
    let cases = [
        ("sts:TagSession", "", "the session carries session tags"),
        ("sts:SetContext", "", "a context of your identity provider"),
        ("sts:NewAction", "", "another action than sts:AssumeRole"),
        ("sts:AssumeRole", scp, "of your organization"),
        (
            "sts:AssumeRole",
            " because no VPC endpoint policy allows the sts:AssumeRole action",
            "VPC endpoint",
        ),
    ];
    thread::scope(|scope| {
        for (action, why, hint) in cases {
            scope.spawn(move || {
                for (skip, role, code) in [(0, VENDOR_ARN, 21), (1, CUSTOMER_ARN, 22)] {
                    let bench = Bench::new();
                    let fault = Fault::new("AssumeRole", denied(sentence(action, role, why)));
                    bench.sandbox.faults().add(fault.skip(skip));
                    let ran = bench.run("list");
                    assert_says(&ran, code, &[action, hint]);
                    // No statement outranks a deny.
                    assert_eq!(!ran.stderr.contains("allowed by"), why == scp, "{ran:?}");
                }
            });
        }
    });
}

/// No statement outranks a deny.
#[test]
fn the_report_asks_for_no_statement_where_a_policy_denies_the_vendor_role() {
    let why = " with an explicit deny in a service control policy";
    let said = sentence("sts:AssumeRole", VENDOR_ARN, why);
    let bench = Bench::new();
    let fault = Fault::new("AssumeRole", denied(said));
    bench.sandbox.faults().add(fault);
    let ran = bench.run("doctor --report");
    assert_says(&ran, 21, &["service control policy denies it."]);
    assert!(!ran.stdout.contains("must allow it"), "{ran:?}");
}

#[test]
fn hostile_words_in_a_refusal_are_bounded_and_escaped() {
    let bench = Bench::new();
    let hostile = format!(
        "User: x is not authorized to perform: sts:\u{9b}31m{} on resource: \u{202e}evil with an explicit deny in {}",
        "A".repeat(3000),
        "b ".repeat(3000)
    );
    let fault = Fault::new("AssumeRole", denied(hostile));
    bench.sandbox.faults().add(fault);
    let ran = bench.run("list");
    assert_eq!(ran.code, 21, "{ran:?}");
    assert!(ran.stderr.len() < 3000, "{ran:?}");
    let is_plain = |one: char| one == '\n' || !one.is_control() && one != '\u{202e}';
    assert!(ran.stderr.chars().all(is_plain), "{ran:?}");
    assert!(
        ran.stderr.contains("\"Action\":\"sts:AssumeRole\""),
        "{ran:?}"
    );
}

const OFF: &str = "me-south-1";

fn in_regions(regions: &str) -> Bench {
    let bench = Bench::new();
    bench.settings(&SETTINGS.replace("[\"us-east-1\"]", regions));
    bench
}

/// Each service answers in its own way for a region that the account has not enabled.
#[test]
fn a_region_that_may_not_be_enabled_is_said_and_the_role_is_kept() {
    let bench = in_regions("[\"us-east-1\", \"me-south-1\"]");
    let ran = bench.run("list");
    let said = "me-south-1: AuthFailure, request ";
    assert_says(&ran, 4, &[said, "may not be enabled", "web-1"]);
    assert_eq!(count(&bench, "AssumeRole"), 2, "the role is kept");
    assert_eq!(count(&bench, "GetCallerIdentity"), 1, "us-east-1 is proof");
    assert!(!ran.stderr.contains("login"), "{ran:?}");
    let json = bench.run("list --output json --all-customers");
    assert_eq!(json.code, 4, "{json:?}");
    assert_eq!(json.json()["errors"][0]["code"], "AuthFailure");

    for line in ["connect web-1", "run web-1 -- true"] {
        let bench = in_regions("[\"us-east-1\", \"me-south-1\"]");
        let ran = bench.run(line);
        let code = if line.starts_with("run") { 255 } else { 10 };
        assert_says(&ran, code, &["error[settings]", OFF, "--region"]);
        assert!(!ran.stderr.contains("login"), "{ran:?}");
        assert_eq!(count(&bench, "AssumeRole"), 2, "{line}");
        assert_eq!(count(&bench, "StartSession"), 0, "{line}");
    }
    let ran = bench.run("doctor");
    assert_says(
        &ran,
        10,
        &["failed      list:", OFF, "may not be enabled", "--region"],
    );
    assert!(!ran.stdout.contains("login"), "{ran:?}");
    // The region is left out, and everything works.
    assert_eq!(bench.run("list --region us-east-1").code, 0);
}

/// No other region was asked, so STS is: it accepts the role.
#[test]
fn the_only_region_may_not_be_enabled() {
    let bench = in_regions("[\"me-south-1\"]");
    let lines = [
        ("list", "AuthFailure"),
        ("doctor", "AuthFailure"),
        ("connect web-1", "AuthFailure"),
        ("connect i-0f3a91c27be45d806", "UnrecognizedClientException"),
    ];
    for (line, code) in lines {
        let ran = bench.run_with_input(line, "exit\n");
        assert_says(&ran, 10, &[code, "may not be enabled", OFF]);
        assert!(!format!("{ran:?}").contains("login"), "{ran:?}");
    }
    assert_eq!(count(&bench, "StartSession"), 1);
    let ran = bench.run("sessions list");
    assert_says(
        &ran,
        4,
        &["UnrecognizedClientException", "may not be enabled"],
    );
    assert!(bench.sandbox.open_sessions().is_empty());
}

/// STS of the region does not know the vendor account's credentials.
#[test]
fn the_region_of_sts_may_not_be_enabled() {
    let bench = Bench::new();
    with(&bench, "sts_region = \"me-south-1\"");
    for line in ["list", "whoami", "doctor"] {
        let ran = bench.run(line);
        assert_says(
            &ran,
            10,
            &[
                "InvalidClientTokenId",
                OFF,
                "set vendor.sts_region",
                "us-east-1",
            ],
        );
    }
    // At the vendor role, if nothing asks who the base identity is.
    with(
        &bench,
        "sts_region = \"me-south-1\"\nrole_session_name = \"alice\"",
    );
    let ran = bench.run("list");
    assert_says(&ran, 10, &["InvalidClientTokenId", "set vendor.sts_region"]);
    // Keys that no region knows are not a matter of the region.
    let ran = run(bench
        .command(["list"])
        .env("AWS_ACCESS_KEY_ID", "AKIAUNKNOWNUNKNOWN22"));
    assert_says(&ran, 20, &["InvalidClientTokenId", "the exported keys"]);
}

/// The credentials were revoked everywhere: no region is proof of the contrary.
#[test]
fn credentials_that_no_region_accepts_are_not_blamed_on_a_region() {
    let bench = in_regions("[\"us-east-1\", \"eu-west-1\"]");
    let unknown = Said {
        status: 401,
        code: "AuthFailure",
        message: "AWS was not able to validate the provided access credentials",
    };
    let unknown_to_sts = Said {
        status: 403,
        code: "InvalidClientTokenId",
        message: "The security token included in the request is invalid.",
    };
    with_name(&bench);
    let faults = bench.sandbox.faults();
    faults.add(Fault::new("DescribeInstances", Kind::Refused(unknown)));
    faults.add(Fault::new(
        "GetCallerIdentity",
        Kind::Refused(unknown_to_sts),
    ));
    for line in ["list", "connect web-1"] {
        let ran = bench.run(line);
        assert_says(&ran, 23, &["AuthFailure", "revoked"]);
        assert!(!ran.stderr.contains("enabled"), "{ran:?}");
        // With the cache off, login keeps nothing.
        assert!(!ran.stderr.contains("vendor-ssm login"), "{ran:?}");
    }
}

fn with_name(bench: &Bench) {
    let settings = std::fs::read_to_string(bench.config()).unwrap();
    bench.settings(&settings.replace("[cache]", "role_session_name = \"alice\"\n[cache]"));
}

/// The exit code of each error that StartSession documents.
fn code_of(code: &str) -> i32 {
    match code {
        "TargetNotConnected" => 33,
        "InvalidDocument" | "AccessDeniedException" | "NotAuthorized" => 34,
        "ExpiredTokenException" | "RequestExpired" | "IncompleteSignature" => 23,
        // STS accepts the role.
        "UnrecognizedClientException" | "OptInRequired" => 10,
        "ThrottlingException" => 41,
        "InternalServerError"
        | "InternalFailure"
        | "ServiceUnavailable"
        | "RequestTimeoutException" => 52,
        _ => 42,
    }
}

#[test]
fn each_error_of_start_session_has_its_exit_code_and_a_hint() {
    thread::scope(|scope| {
        for said in START_SESSION {
            scope.spawn(move || {
                let bench = Bench::new();
                // STS is in another region, and accepts the role.
                with(&bench, "sts_region = \"eu-west-1\"");
                let fault = Fault::new("StartSession", Kind::Refused(*said));
                bench.sandbox.faults().add(fault);
                let line = format!("connect {WEB_1}");
                let ran = bench.run_with_input(&line, "exit\n");
                let parts = ["  hint: ", said.code];
                assert_says(&ran, code_of(said.code), &parts);
                let unknown = code_of(said.code) == 52;
                assert!(count(&bench, "StartSession") <= if unknown { 1 } else { 2 });
                assert!(bench.sandbox.open_sessions().is_empty());
            });
        }
    });
}

#[test]
fn what_start_session_says_leads_to_what_to_do() {
    let refused = |message: &'static str| Said {
        status: 400,
        code: "AccessDeniedException",
        message,
    };
    let cases = [
        (
            START_SESSION[0],
            "the session document does not exist in us-east-1",
        ),
        (
            START_SESSION[1],
            "Systems Manager says that its agent is online now",
        ),
        (
            refused(
                "Your account uses just-in-time node access. Use StartAccessRequest to start a session.",
            ),
            "just-in-time node access, which refuses StartSession by design",
        ),
        (
            refused(
                "User: arn:aws:sts::222222222222:assumed-role/R/alice is not authorized to perform: ssm:StartSession on resource: arn:aws:ec2:us-east-1:222222222222:instance/i-1 with an explicit deny in a service control policy",
            ),
            "a policy of the customer's organization",
        ),
        (
            refused(
                "User: arn:aws:sts::222222222222:assumed-role/R/alice is not authorized to perform: ssm:StartSession on resource: arn:aws:ec2:us-east-1:222222222222:instance/i-1 because no VPC endpoint policy allows the ssm:StartSession action",
            ),
            "the policy of a VPC endpoint",
        ),
        (
            refused(
                "User: arn:aws:sts::222222222222:assumed-role/R/alice is not authorized to perform: ssm:GetDocument on resource: arn:aws:ssm:us-east-1::document/D because no identity-based policy allows the ssm:GetDocument action",
            ),
            "ask the customer to allow ssm:GetDocument",
        ),
    ];
    for (said, hint) in cases {
        let bench = Bench::new();
        let fault = Fault::new("StartSession", Kind::Refused(said));
        bench.sandbox.faults().add(fault);
        let ran = bench.run(&format!("connect {WEB_1}"));
        assert_says(&ran, code_of(said.code), &[hint]);
    }
}

/// The listing is denied by a policy that the customer role's own account does not keep.
#[test]
fn a_listing_that_an_organization_or_a_network_denies_names_who_keeps_the_policy() {
    let cases = [
        (
            "with an explicit deny in a service control policy",
            "a policy of acme's organization",
        ),
        (
            "because no VPC endpoint policy allows the ec2:DescribeInstances action",
            "the policy of a VPC endpoint",
        ),
    ];
    for (why, hint) in cases {
        let bench = Bench::new();
        let message = format!(
            "You are not authorized to perform this operation. User: arn:aws:sts::2:assumed-role/R/alice is not authorized to perform: ec2:DescribeInstances {why}"
        );
        let refused = Kind::Refused(Said {
            status: 403,
            code: "UnauthorizedOperation",
            message: message.leak(),
        });
        let fault = Fault::new("DescribeInstances", refused);
        bench.sandbox.faults().add(fault);
        let ran = bench.run("list");
        assert_says(&ran, 42, &[hint, "ec2:DescribeInstances"]);
    }
}

/// The listing says that it is stopped, so StartSession is not asked.
#[test]
fn a_stopped_instance_is_for_the_customer_to_start() {
    let bench = in_regions("[\"us-east-1\", \"eu-west-1\"]");
    let ran = bench.run(&format!("connect {STOPPED}"));
    assert_says(
        &ran,
        33,
        &[
            "it is stopped",
            "hint: ask the customer to start the instance",
        ],
    );
    assert_eq!(count(&bench, "StartSession"), 0);
}

fn encoded() -> &'static str {
    let blob = "q".repeat(1000);
    format!(
        "You are not authorized to perform this operation. User: arn:aws:sts::222222222222:assumed-role/R/alice is not authorized to perform: ec2:DescribeInstances with an explicit deny in an identity-based policy. Encoded authorization failure message: {blob}"
    )
    .leak()
}

#[test]
fn an_encoded_message_is_cut_in_a_line_and_whole_in_the_report_and_json() {
    let bench = in_regions("[\"us-east-1\", \"eu-west-1\"]");
    let refused = Kind::Refused(Said {
        status: 403,
        code: "UnauthorizedOperation",
        message: encoded(),
    });
    bench
        .sandbox
        .faults()
        .add(Fault::new("DescribeInstances", refused));
    let whole = "q".repeat(1000);
    for line in ["list", "connect web-1", "doctor", "run web-1 -- true"] {
        let ran = bench.run(line);
        assert_says(
            &ran,
            ran.code,
            &["qqq… (1000 characters)", "ec2:DescribeInstances"],
        );
        let said = format!("{}{}", ran.stdout, ran.stderr);
        assert!(!said.contains(&"q".repeat(100)), "{line}: {said}");
    }
    let report = bench.run("doctor --report").stdout;
    assert!(report.contains(&whole), "{report}");
    let listed = bench.run("list --output json");
    let message = listed.json()["errors"][0]["message"].to_string();
    assert!(message.contains(&whole), "{message}");
    let failed = bench.run("list --error-format json").error();
    assert!(failed["message"].to_string().contains(&whole), "{failed}");
}

/// An overlong message of any service, at any call, is bounded.
#[test]
fn every_message_of_a_service_is_bounded() {
    let cases = [
        ("GetCallerIdentity", "list"),
        ("AssumeRole", "list"),
        ("DescribeInstances", "connect web-1"),
        ("StartSession", "connect i-0f3a91c27be45d806"),
        ("DescribeSessions", "sessions list"),
    ];
    thread::scope(|scope| {
        for (action, line) in cases {
            scope.spawn(move || {
                let bench = Bench::new();
                let refused = Kind::Refused(Said {
                    status: 400,
                    code: "ValidationError",
                    message: "long words ".repeat(90_000).leak(),
                });
                bench.sandbox.faults().add(Fault::new(action, refused));
                let ran = bench.run(line);
                assert_ne!(ran.code, 0, "{action}");
                assert!(ran.stderr.len() < 4000, "{action}: {}", ran.stderr.len());
                let ran = bench.run(&format!("{line} --error-format json"));
                assert!(ran.stderr.len() < 40_000, "{action}: {}", ran.stderr.len());
            });
        }
    });
}

/// A service that gives a code and no words: nothing of the library's own view of it is shown.
#[test]
fn a_librarys_view_of_its_data_is_never_shown() {
    let cases = [
        ("{\"__type\":\"SomethingNew\"}", "SomethingNew"),
        ("{}", "unreadable answer"),
        ("[]", "unreadable answer"),
        ("{\"__type\":7}", "unreadable answer"),
    ];
    for (body, said) in cases {
        let bench = Bench::new();
        let stub = Stub::start(move |_| (400, body.to_owned()));
        let ran = run(bench
            .command(["connect", WEB_1])
            .env("AWS_ENDPOINT_URL_SSM", stub.url()));
        assert!(ran.code == 42 || ran.code == 52, "{ran:?}");
        assert!(ran.stderr.contains(said), "{said}: {ran:?}");
        for debug in ["Error {", "Some(", "ErrorMetadata", "Unhandled", "{ code"] {
            assert!(!ran.stderr.contains(debug), "{debug}: {ran:?}");
        }
    }
}

/// Credentials that no HTTP header can hold, from STS: a library must not panic over them.
#[test]
fn credentials_that_no_header_can_hold_are_an_unreadable_answer() {
    for (key, token) in [
        ("ASIA&#xd;", "y"),
        ("ASIA", "y&#xd;&#xa;"),
        ("ASIA", "y\u{e9}\u{202e}"),
        ("AS IA", "y"),
        ("", "y"),
    ] {
        let bench = Bench::new();
        with_name(&bench);
        let body = format!(
            "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><AssumeRoleResult>\
             <AssumedRoleUser><AssumedRoleId>AROA:alice</AssumedRoleId>\
             <Arn>arn:aws:sts::111111111111:assumed-role/3P_IAM_Assume_Role/alice</Arn></AssumedRoleUser>\
             <Credentials><AccessKeyId>{key}</AccessKeyId><SecretAccessKey>x</SecretAccessKey>\
             <SessionToken>{token}</SessionToken><Expiration>2099-01-01T00:00:00Z</Expiration></Credentials>\
             </AssumeRoleResult></AssumeRoleResponse>"
        );
        let stub = Stub::start(move |_| (200, body.clone()));
        let ran = run(bench
            .command(["list", "--error-format", "json"])
            .env("AWS_ENDPOINT_URL_STS", stub.url()));
        assert_eq!(ran.code, 42, "{key:?} {token:?}: {ran:?}");
        let error = ran.error();
        assert_eq!(error["step"], "vendor-role", "{ran:?}");
        assert!(!ran.stderr.contains("has a bug"), "{ran:?}");
    }
}
