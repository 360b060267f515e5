//! `list`.

use vendor_ssm_sandbox::faults::{Fault, Kind};
use vendor_ssm_sandbox::world::{CUSTOMER_ROLE, SECOND_CUSTOMER};

use crate::harness::terminal::{Terminal, called};
use crate::harness::{Bench, Ran, SECOND, SETTINGS, run};

/// A second customer, whose account does not exist.
const STRANGER: &str = r#"
[customers.beta]
role_arn    = "arn:aws:iam::333333333333:role/Nobody"
external_id = "another-id"
tag_value   = "Third_Party_A"
regions     = ["us-east-1", "eu-west-1"]
"#;

fn names(ran: &Ran) -> Vec<String> {
    ran.json()["instances"]
        .as_array()
        .unwrap()
        .iter()
        .map(|instance| instance["name"].as_str().unwrap_or_default().to_owned())
        .collect()
}

/// Where each of these stands in the text, which has to hold them in this order.
fn assert_order(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        let at = rest
            .find(part)
            .unwrap_or_else(|| panic!("{part} is missing or out of order in {text}"));
        rest = &rest[at + part.len()..];
    }
}

#[test]
fn the_instances_tagged_for_us_are_listed() {
    let bench = Bench::new();
    let ran = bench.run("list --output json");
    assert_eq!(ran.code, 0, "{ran:?}");
    let listed = ran.json();
    let names = names(&ran);
    for name in ["web-1", "win-1", "batch-1", "lost-1"] {
        assert!(names.iter().any(|one| one == name), "{names:?}");
    }
    for instance in listed["instances"].as_array().unwrap() {
        assert_eq!(instance["tags"]["ExternalAccessGrantedTo"], "Third_Party_A");
        assert_eq!(instance["account_id"], "222222222222");
    }
}

#[test]
fn the_json_is_one_line_with_the_keys_in_their_order() {
    let bench = Bench::new();
    let ran = bench.run("list --output json --filter name=no-agent-1");
    assert_eq!(ran.stdout.lines().count(), 1, "{ran:?}");
    assert_eq!(
        ran.stdout.trim_end(),
        r#"{"version":1,"instances":[{"customer":"acme","account_id":"222222222222","region":"us-east-1","availability_zone":"us-east-1a","instance_id":"i-02b9f5c8016ea7d43","name":"no-agent-1","state":"running","ping_status":null,"platform":"Linux/UNIX","instance_type":"t2.micro","private_ip":"10.0.0.53","tags":{"ExternalAccessGrantedTo":"Third_Party_A","Name":"no-agent-1"}}],"errors":[]}"#
    );
}

#[test]
fn a_hostile_name_is_escaped_in_text_and_json() {
    let bench = Bench::new();
    let text = bench.run("list");
    let json = bench.run("list --output json");
    for shown in [&text.stdout, &json.stdout] {
        assert!(shown.contains("evil"), "{shown}");
        for character in ['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}', '\u{200b}', '\r'] {
            assert!(!shown.contains(character), "{character:?} in {shown:?}");
        }
    }
    assert!(text.stdout.contains(r"\u{202e}"), "{text:?}");
    assert!(json.stdout.contains(r"\u202e"), "{json:?}");
    let evil = names(&json)
        .into_iter()
        .find(|name| name.contains("evil"))
        .unwrap();
    assert!(evil.contains('\u{202e}'), "{evil:?}");
}

#[test]
fn filters_and_online_narrow_the_list() {
    let bench = Bench::new();
    let web = bench.run("list --output json --filter name=web-*");
    assert_eq!(names(&web), ["web-1", "web-2"]);
    let both = bench.run("list --output json --filter name=web-* --filter tag:Name=*-2");
    assert_eq!(names(&both), ["web-2"]);
    let none = bench.run("list --filter name=nowhere-*");
    assert_eq!((none.code, none.stdout.as_str()), (0, ""), "{none:?}");
    assert!(
        none.stderr
            .contains("no instance that carries the vendor's tag matches what you asked for"),
        "{none:?}"
    );
    let none = bench.run("list --output json --filter name=nowhere-*");
    assert_eq!(
        none.stdout,
        "{\"version\":1,\"instances\":[],\"errors\":[]}\n"
    );
    let online = bench.run("list --online --output json");
    for instance in online.json()["instances"].as_array().unwrap() {
        assert_eq!(instance["ping_status"], "Online");
    }
    assert!(!names(&online).contains(&"lost-1".to_owned()));
}

#[test]
fn the_stopped_and_the_offline_are_said_in_words() {
    let ran = Bench::new().run("list");
    let line = |name: &str| {
        ran.stdout
            .lines()
            .find(|line| line.starts_with(name))
            .unwrap()
    };
    assert_order(line("batch-1"), &["10.0.0.51", "stopped", "offline"]);
    assert_order(line("lost-1"), &["running", "offline"]);
    assert_order(line("no-agent-1"), &["running", "unknown"]);
    assert_order(line("web-1"), &["running", "online", "us-east-1"]);
}

#[test]
fn one_silent_region_leaves_the_others_listed() {
    let bench = Bench::new();
    bench.settings(&SETTINGS.replace(r#"["us-east-1"]"#, r#"["us-east-1", "eu-west-1"]"#));
    bench
        .sandbox
        .faults()
        .add(Fault::new("DescribeInstances", Kind::Denied).times(1));
    let ran = bench.run("list --output json");
    assert_eq!(ran.code, 4, "{ran:?}");
    let errors = ran.json()["errors"].clone();
    assert_eq!(errors.as_array().unwrap().len(), 1, "{errors}");
    assert_eq!(errors[0]["customer"], "acme");
    assert_eq!(errors[0]["code"], "UnauthorizedOperation");
    assert!(!names(&ran).is_empty());
    assert!(ran.stderr.contains("warning: "), "{ran:?}");
}

#[test]
fn nothing_answered_is_that_error_in_three_parts() {
    let bench = Bench::new();
    bench
        .sandbox
        .faults()
        .add(Fault::new("DescribeInstances", Kind::Denied));
    let text = bench.run("list");
    assert_ne!(text.code, 0, "{text:?}");
    assert_eq!(text.stdout, "");
    assert!(text.stderr.contains("error["), "{text:?}");
    let json = bench.run("list --output json --error-format json");
    assert_eq!(json.code, text.code);
    assert_eq!(json.json()["errors"][0]["region"], "us-east-1");
    let error = json.error();
    assert_eq!(error["step"], "inventory");
    assert_eq!(error["customer"], "acme");
    assert_eq!(error["aws_code"], "UnauthorizedOperation");
    assert_eq!(error["exit_code"], text.code);
}

#[test]
fn all_customers_are_listed_beside_each_other() {
    let bench = Bench::new();
    bench.settings(&format!("{SETTINGS}{STRANGER}"));
    let ran = bench.run("list --all-customers --output json");
    assert_eq!(ran.code, 4, "{ran:?}");
    let listed = ran.json();
    assert_eq!(listed["instances"][0]["customer"], "acme");
    assert_eq!(listed["errors"][0]["customer"], "beta");
    assert_eq!(listed["errors"][0]["region"], serde_json::Value::Null);
    assert_eq!(listed["errors"][0]["code"], "AccessDenied");

    let unnamed = bench.run("list");
    assert_eq!(unnamed.code, 2, "{unnamed:?}");
    assert!(unnamed.stderr.contains("acme"), "{unnamed:?}");
    assert_eq!(bench.run("list -c acme").code, 0);
}

#[test]
fn customers_share_the_vendor_role_and_a_missing_region_is_named_with_its_customer() {
    let bench = Bench::new();
    bench.settings(&format!("{SETTINGS}{SECOND}"));
    let ran = bench.run("list --all-customers --filter name=*-1");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_order(&ran.stdout, &["acme", "web-1", "beta", "shop-1"]);
    // Once for the vendor role, and once for each customer's.
    assert_eq!(called(&bench, "AssumeRole"), 3);
    assert_eq!(ran.stderr.lines().count(), 1, "{ran:?}");

    bench.sandbox.world(|world| {
        let role = world.role_mut(SECOND_CUSTOMER, CUSTOMER_ROLE).unwrap();
        let denied = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"ec2:*","Resource":"*"}}"#;
        role.set_policy("no-list", denied).unwrap();
    });
    let ran = bench.run("list --all-customers -q");
    assert_eq!(ran.code, 4, "{ran:?}");
    assert!(ran.stderr.starts_with("warning: beta: "), "{ran:?}");
}

#[test]
fn quiet_and_colour_are_what_they_say() {
    let bench = Bench::new();
    let said = bench.run("list");
    assert_eq!(said.stderr.lines().count(), 1, "{said:?}");
    assert!(said.stderr.starts_with("endpoint overridden: "), "{said:?}");
    assert_eq!(bench.run("list -q").stderr, "");
    assert!(bench.run("list -v").stderr.contains("INFO"));
    let plain = bench.run("connect nowhere -q");
    assert!(!plain.stderr.contains('\u{1b}'), "{plain:?}");
    let painted = bench.run("connect nowhere -q --color always");
    assert!(painted.stderr.contains("\u{1b}[31m"), "{painted:?}");
    assert!(!bench.run("list --color always").stdout.contains('\u{1b}'));
}

#[test]
fn on_a_terminal_the_states_have_colours_and_the_words_all_the_same() {
    let bench = Bench::new();
    let shown = |line: &str, more: &[(&str, &str)]| {
        let ended = Terminal::with(&bench, line, 30, 120, more).ends();
        assert_eq!(ended.code, 0, "{}", ended.screen);
        (ended.screen, String::from_utf8(ended.bytes).unwrap())
    };
    let (screen, bytes) = shown("list -q", &[]);
    for painted in ["\u{1b}[32mrunning", "\u{1b}[31mstopped", "\u{1b}[32monline"] {
        assert!(bytes.contains(painted), "{painted:?}\n{bytes}");
    }
    for more in [("NO_COLOR", "1"), ("TERM", "dumb")] {
        let (plain, bytes) = shown("list -q", &[more]);
        assert!(!bytes.contains('\u{1b}'), "{bytes:?}");
        assert_eq!(plain, screen);
    }
}

#[test]
fn a_terminal_without_utf8_gets_ascii_and_a_pipe_the_text_as_it_is() {
    let bench = Bench::new();
    bench.sandbox.world(|world| {
        let tags = &mut world.instance_mut("i-0f3a91c27be45d806").unwrap().tags;
        tags.retain(|(key, _)| key != "Name");
        // In UTF-8 its second byte is 0x9b, which begins a control sequence in Latin-1.
        tags.push(("Name".to_owned(), "web\u{11b}31m-1".to_owned()));
    });
    let latin = ("LC_ALL", "de_DE.ISO-8859-1");
    let table = Terminal::with(&bench, "list -q", 30, 120, &[latin]).ends();
    assert!(table.bytes.is_ascii(), "{}", table.screen);
    assert!(
        table.screen.contains("web\\u{11b}31m-1"),
        "{}",
        table.screen
    );
    let line = "list -q --filter name=web*31m-1 --output json";
    let json = Terminal::with(&bench, line, 30, 2000, &[latin]).ends();
    assert!(json.bytes.is_ascii(), "{}", json.screen);
    let said: serde_json::Value = serde_json::from_str(json.screen.trim()).unwrap();
    assert_eq!(said["instances"][0]["name"], "web\u{11b}31m-1");
    let mut piped = bench.command(["list", "-q"]);
    piped.env(latin.0, latin.1);
    assert!(run(&mut piped).stdout.contains("web\u{11b}31m-1"));
}
