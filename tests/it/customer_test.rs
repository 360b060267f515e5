//! `customer test`: many grants tried at once, each failure with its code, and nothing kept.

use std::fmt::Write as _;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use serde_json::Value;
use vendor_ssm_sandbox::world::{
    CUSTOMER, CUSTOMER_EXTERNAL_ID, SECOND_CUSTOMER, SECOND_CUSTOMER_EXTERNAL_ID, VENDOR_ROLE,
};

use crate::harness::terminal::{Terminal, called};
use crate::harness::{Bench, Ran, run};

const ROLE: &str = "arn:aws:iam::111111111111:role/3P_IAM_Assume_Role";
/// What is checked of each customer.
const CHECKS: [&str; 14] = [
    "settings",
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

/// A customer of the settings: the account's role, an ExternalId, and more lines.
fn customer(name: &str, account: &str, external_id: &str, more: &str) -> String {
    format!(
        "\n[customers.{name}]\nrole_arn = \"arn:aws:iam::{account}:role/SSMStartSession_IAM_Role_ThirdPartyA\"\n\
         external_id = \"{external_id}\"\ntag_value = \"Third_Party_A\"\nregions = [\"us-east-1\"]\n{more}"
    )
}

fn acme(name: &str, more: &str) -> String {
    customer(name, CUSTOMER, CUSTOMER_EXTERNAL_ID, more)
}

fn shop(name: &str) -> String {
    customer(name, SECOND_CUSTOMER, SECOND_CUSTOMER_EXTERNAL_ID, "")
}

/// A store that is not there: a command that opens it ends with 12.
fn settings(customers: &[String]) -> String {
    format!(
        "[vendor]\nrole_arn = \"{ROLE}\"\n\n[cache]\nstore = \"keyring\"\n{}",
        customers.concat()
    )
}

/// How often this role was assumed.
fn assumed(bench: &Bench, role: &str) -> usize {
    let trail = bench.sandbox.trail();
    let of_role = trail
        .iter()
        .filter(|event| event.action == "AssumeRole" && event.succeeded())
        .filter(|event| event.parameters["RoleArn"].ends_with(role));
    of_role.count()
}

fn names(said: &Value) -> Vec<String> {
    let customers = said["customers"].as_array().unwrap();
    let name = |one: &Value| one["customer"].as_str().unwrap().to_owned();
    customers.iter().map(name).collect()
}

/// Each customer's checks that failed.
fn failed(said: &Value) -> Vec<(String, String)> {
    let mut failed = Vec::new();
    for one in said["customers"].as_array().unwrap() {
        for check in one["checks"].as_array().unwrap() {
            if check["status"] == "failed" {
                let text = |value: &Value| value.as_str().unwrap().to_owned();
                failed.push((text(&one["customer"]), text(&check["name"])));
            }
        }
    }
    failed
}

fn pair(customer: &str, check: &str) -> (String, String) {
    (customer.to_owned(), check.to_owned())
}

/// Nothing of what vendor-ssm keeps is there.
fn kept_nothing(bench: &Bench) {
    assert!(!bench.home().join("state").exists());
    let others: Vec<_> = std::fs::read_dir(bench.home())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .filter(|name| name != "config.toml")
        .collect();
    assert!(others.is_empty(), "{others:?}");
}

fn without_secrets(ran: &Ran) {
    let all = format!("{}{}", ran.stdout, ran.stderr);
    assert!(!all.contains("ExternalID3rd"), "{all}");
}

#[test]
fn forty_grants_take_one_vendor_role_and_keep_nothing() {
    let bench = Bench::new();
    let customers: Vec<String> = (0..40)
        .map(|number| match number % 2 {
            0 => acme(&format!("c{number}"), ""),
            _ => shop(&format!("c{number}")),
        })
        .collect();
    bench.settings(&settings(&customers));
    let ran = bench.run("customer test --all --no-input --output json");
    assert_eq!(ran.code, 0, "{ran:?}");
    let said = ran.json();
    assert_eq!(said["version"], 1);
    let expected: Vec<String> = (0..40).map(|number| format!("c{number}")).collect();
    assert_eq!(names(&said), expected, "in the file's order");
    for one in said["customers"].as_array().unwrap() {
        let checks = one["checks"].as_array().unwrap();
        let names: Vec<&str> = checks
            .iter()
            .map(|check| check["name"].as_str().unwrap())
            .collect();
        assert_eq!(names, CHECKS);
        for check in checks {
            let keys: Vec<&String> = check.as_object().unwrap().keys().collect();
            assert_eq!(keys, ["hint", "message", "name", "seconds", "status"]);
        }
    }
    assert_eq!(assumed(&bench, VENDOR_ROLE), 1, "once for all");
    assert_eq!(assumed(&bench, "SSMStartSession_IAM_Role_ThirdPartyA"), 40);
    assert_eq!(called(&bench, "DescribeInstances"), 40);
    assert_eq!(called(&bench, "StartSession"), 0);
    kept_nothing(&bench);
    without_secrets(&ran);

    // The second run asks AWS again, and shows the same.
    let first = bench.run("customer test --all");
    let second = bench.run("customer test --all");
    assert_eq!(first.code, 0, "{first:?}");
    assert_eq!(first.stdout.lines().count(), 41, "{first:?}");
    assert_eq!(first.stdout, second.stdout);
    assert_eq!(assumed(&bench, VENDOR_ROLE), 3);
    kept_nothing(&bench);
}

#[test]
fn one_name_ends_with_its_own_code_and_several_with_4() {
    let bench = Bench::new();
    let other_vendor = |name: &str| {
        let vendor =
            "[customers.NAME.vendor]\nrole_arn = \"arn:aws:iam::111111111111:role/Nobody\"\n";
        acme(name, &vendor.replace("NAME", name))
    };
    let unreachable = |name: &str| {
        let endpoints = "[customers.NAME.endpoints]\nec2 = \"http://127.0.0.1:9\"\n";
        acme(name, &endpoints.replace("NAME", name))
    };
    bench.settings(&settings(&[
        shop("good"),
        customer("wrong-id", CUSTOMER, "ExternalID-of-nobody", ""),
        customer("no-role", "444444444444", "ExternalID-of-444", ""),
        other_vendor("vendor-gone"),
        unreachable("far"),
    ]));
    for (name, code, check) in [
        ("wrong-id", 22, "customer-role"),
        ("no-role", 22, "customer-role"),
        ("vendor-gone", 21, "vendor-role"),
        ("far", 40, "list"),
    ] {
        let ran = bench.run(&format!("customer test {name} --output json"));
        assert_eq!(ran.code, code, "{name}: {ran:?}");
        assert_eq!(failed(&ran.json()), [pair(name, check)]);
        assert_eq!(bench.run(&format!("customer test -c {name}")).code, code);
        without_secrets(&ran);
    }
    let ran = bench.run("customer test good");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(bench.run("customer test good good").code, 0);
    let ran = bench.run("customer test good wrong-id");
    assert_eq!(ran.code, 4, "{ran:?}");

    let ran = bench.run("customer test --all --output json");
    assert_eq!(ran.code, 4, "{ran:?}");
    let said = ran.json();
    assert_eq!(
        failed(&said),
        [
            pair("wrong-id", "customer-role"),
            pair("no-role", "customer-role"),
            pair("vendor-gone", "vendor-role"),
            pair("far", "list"),
        ]
    );
    for one in said["customers"].as_array().unwrap() {
        assert_eq!(one["checks"].as_array().unwrap().len(), CHECKS.len());
    }
    // The table says it in a line each, and what to do about it beside it.
    let ran = bench.run("customer test --all");
    assert_eq!(ran.code, 4, "{ran:?}");
    let mut lines = ran.stdout.lines();
    assert_eq!(
        lines.next().unwrap().split_whitespace().collect::<Vec<_>>(),
        ["CUSTOMER", "STATUS", "CHECK", "MESSAGE"]
    );
    let row = |name: &str, status: &str, check: &str| {
        let mut words = ran.stdout.lines().map(str::split_whitespace);
        words.any(|mut words| {
            (words.next(), words.next(), words.next()) == (Some(name), Some(status), Some(check))
        })
    };
    for (name, status, check) in [
        ("good", "ok", "-"),
        ("wrong-id", "failed", "customer-role"),
        ("far", "failed", "list"),
        // It shares its ExternalId with another.
        ("far", "warning", "settings"),
    ] {
        assert!(row(name, status, check), "{name}: {ran:?}");
    }
    assert!(ran.stderr.contains("hint for wrong-id"), "{ran:?}");
    without_secrets(&ran);

    let ran = bench.run("customer test wrong");
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(ran.stderr.contains("wrong-id"), "{ran:?}");
    assert_eq!(
        bench.run("customer test").code,
        2,
        "five customers, no name"
    );
    assert_eq!(bench.run("customer test good --all").code, 2);
    assert_eq!(bench.run("customer test --all -c good").code, 2);
}

#[test]
fn without_a_base_identity_each_customer_is_20() {
    let bench = Bench::new();
    bench.settings(&settings(&[acme("a", ""), shop("b")]));
    let ran = |line: &str| {
        run(bench
            .command(line.split_whitespace())
            .env_remove("AWS_ACCESS_KEY_ID")
            .env_remove("AWS_SECRET_ACCESS_KEY"))
    };
    let one = ran("customer test a --output json");
    assert_eq!(one.code, 20, "{one:?}");
    assert_eq!(failed(&one.json()), [pair("a", "base-identity")]);
    let all = ran("customer test --all --output json");
    assert_eq!(all.code, 4, "{all:?}");
    let expected = [pair("a", "base-identity"), pair("b", "base-identity")];
    assert_eq!(failed(&all.json()), expected);
}

#[test]
fn an_answer_of_another_account_outranks_the_rest() {
    let bench = Bench::new();
    let body = "<DescribeInstancesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><reservationSet><item>\
         <ownerId>999999999999</ownerId><instancesSet><item><instanceId>i-0f3a91c27be45d806</instanceId>\
         <instanceState><name>running</name></instanceState><tagSet>\
         <item><key>ExternalAccessGrantedTo</key><value>Third_Party_A</value></item></tagSet>\
         </item></instancesSet></item></reservationSet></DescribeInstancesResponse>";
    let other = Answering::start(body, Duration::ZERO);
    bench.settings(&settings(&[
        shop("good"),
        acme("odd", &other.endpoint("odd")),
        customer("wrong-id", CUSTOMER, "ExternalID-of-nobody", ""),
    ]));
    let ran = bench.run("customer test odd");
    assert_eq!(ran.code, 24, "{ran:?}");
    let ran = bench.run("customer test --all --output json");
    assert_eq!(ran.code, 24, "{ran:?}");
    assert_eq!(
        failed(&ran.json()),
        [pair("odd", "list"), pair("wrong-id", "customer-role")]
    );
}

const NOTHING: &str = "<DescribeInstancesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\
     <reservationSet/></DescribeInstancesResponse>";

/// An EC2 endpoint that answers everything with this, after a while.
struct Answering {
    port: u16,
    /// Requests under way, and the most of them.
    most: Arc<AtomicUsize>,
}

impl Answering {
    fn start(body: &'static str, after: Duration) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        let most = Arc::new(AtomicUsize::new(0));
        let now = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&most);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let (now, most) = (Arc::clone(&now), Arc::clone(&counted));
                std::thread::spawn(move || {
                    let mut buffer = [0; 8192];
                    if stream.read(&mut buffer).unwrap_or(0) == 0 {
                        return;
                    }
                    most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                    std::thread::sleep(after);
                    let mut answer = String::new();
                    write!(
                        answer,
                        "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}",
                        body.len()
                    )
                    .unwrap();
                    now.fetch_sub(1, Ordering::SeqCst);
                    drop(stream.write_all(answer.as_bytes()));
                });
            }
        });
        Self { port, most }
    }

    fn endpoint(&self, customer: &str) -> String {
        format!(
            "[customers.{customer}.endpoints]\nec2 = \"http://127.0.0.1:{}\"\n",
            self.port
        )
    }
}

#[test]
fn ten_are_tested_at_a_time() {
    let bench = Bench::new();
    let slow = Answering::start(NOTHING, Duration::from_secs(1));
    let customers: Vec<String> = (0..25)
        .map(|number| {
            let name = format!("c{number}");
            acme(&name, &slow.endpoint(&name))
        })
        .collect();
    bench.settings(&settings(&customers));
    let ran = bench.run("customer test --all --output json");
    assert_eq!(ran.code, 0, "no instance is a warning: {ran:?}");
    assert_eq!(slow.most.load(Ordering::SeqCst), 10);
}

#[test]
fn a_customer_that_does_not_answer_does_not_hold_the_others() {
    let bench = Bench::new();
    // It takes connections, and never answers.
    let mute = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint = format!(
        "[customers.mute.endpoints]\nec2 = \"http://{}\"\n",
        mute.local_addr().unwrap()
    );
    let mut customers = vec![acme("mute", &endpoint)];
    customers.extend((0..20).map(|number| shop(&format!("c{number}"))));
    bench.settings(&settings(&customers));
    let began = Instant::now();
    let ran = bench.run("customer test --all --output json");
    assert_eq!(ran.code, 4, "{ran:?}");
    assert_eq!(failed(&ran.json()), [pair("mute", "list")]);
    // Each call times out after 15 s, and this is one call.
    assert!(began.elapsed() < Duration::from_mins(2));
}

#[test]
fn one_mfa_code_serves_all_customers_and_none_is_asked_for_in_a_script() {
    let bench = Bench::new();
    let with_code = |customers: &[String]| {
        let vendor = format!(
            "role_arn = \"{ROLE}_MFA\"\nmfa_serial = \"arn:aws:iam::111111111111:mfa/{{user}}\""
        );
        let plain = format!("role_arn = \"{ROLE}\"");
        settings(customers).replace(&plain, &vendor)
    };
    let trusting = |account: &str| {
        bench.sandbox.world(|world| {
            let role = world
                .role_mut(account, "SSMStartSession_IAM_Role_ThirdPartyA")
                .unwrap();
            let id = match account {
                CUSTOMER => CUSTOMER_EXTERNAL_ID,
                _ => SECOND_CUSTOMER_EXTERNAL_ID,
            };
            let trust = serde_json::json!({"Version": "2012-10-17", "Statement": [{
                "Effect": "Allow", "Action": "sts:AssumeRole",
                "Principal": {"AWS": [ROLE, format!("{ROLE}_MFA")]},
                "Condition": {"StringEquals": {"sts:ExternalId": id}},
            }]});
            role.set_trust(&trust.to_string()).unwrap();
        });
    };
    trusting(CUSTOMER);
    trusting(SECOND_CUSTOMER);
    let customers: Vec<String> = (0..12)
        .map(|number| match number % 2 {
            0 => acme(&format!("c{number}"), ""),
            _ => shop(&format!("c{number}")),
        })
        .collect();
    bench.settings(&with_code(&customers));

    let ran = bench.run("customer test --all --no-input --output json");
    assert_eq!(ran.code, 4, "{ran:?}");
    let failed = failed(&ran.json());
    assert_eq!(failed.len(), 12, "{ran:?}");
    assert!(failed.iter().all(|(_, check)| check == "vendor-role"));
    let ran = bench.run("customer test c1 --no-input");
    assert_eq!(ran.code, 60, "{ran:?}");

    let mut terminal = Terminal::run(&bench, "customer test --all");
    terminal.shows("MFA code for");
    terminal.types("123456\r");
    let ended = terminal.ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    let bytes = String::from_utf8_lossy(&ended.bytes);
    assert_eq!(bytes.matches("MFA code for").count(), 1, "{bytes}");
    kept_nothing(&bench);
}
