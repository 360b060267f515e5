//! The picker over several customers, for `connect` without a TARGET and a customer.

use std::net::TcpListener;

use vendor_ssm_sandbox::faults::{Fault, Kind};
use vendor_ssm_sandbox::world::SECOND_CUSTOMER_EXTERNAL_ID;

use crate::harness::terminal::{PROMPT, Terminal, called, target};
use crate::harness::{Bench, SETTINGS, is_windows};
use crate::stub::Stub;

const SHOP_1: &str = "i-0e2f68d5c1b94a730";
const TITLE: &str = "Instance, type to filter:";

/// acme, shop with these keys more, and a third customer with these.
fn settings(shop: &str, third: &str) -> String {
    format!(
        r#"{SETTINGS}
[customers.shop]
role_arn    = "arn:aws:iam::333333333333:role/SSMStartSession_IAM_Role_ThirdPartyA"
external_id = "{SECOND_CUSTOMER_EXTERNAL_ID}"
tag_value   = "Third_Party_A"
regions     = ["us-east-1"]
{shop}
{third}"#
    )
}

/// A customer whose role refuses.
const REFUSES: &str = r#"[customers.gone]
role_arn    = "arn:aws:iam::333333333333:role/SSMStartSession_IAM_Role_ThirdPartyA"
external_id = "another"
tag_value   = "Third_Party_A"
regions     = ["us-east-1"]
"#;

/// The row that Enter would take.
fn marked(terminal: &Terminal) -> String {
    let screen = terminal.screen();
    let row = screen.lines().find(|line| line.starts_with("> "));
    row.unwrap_or_default().to_owned()
}

fn leaves(bench: &Bench, mut terminal: Terminal) {
    terminal.shows(PROMPT.trim_end());
    terminal.types("exit\r");
    let ended = terminal.ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    assert_eq!(bench.sandbox.open_sessions(), [""; 0]);
}

#[test]
fn it_picks_over_all_customers_and_names_the_one_that_fails() {
    let bench = Bench::new();
    bench.settings(&settings("", REFUSES));
    let mut terminal = Terminal::sized(&bench, "connect", 30, 120);
    terminal.shows(TITLE);
    terminal.shows("shop-1");
    let screen = terminal.screen();
    assert!(
        screen.contains("warning: gone: the customer role"),
        "{screen}"
    );
    let rows: Vec<&str> = screen
        .lines()
        .filter(|line| line.contains(" i-0"))
        .collect();
    assert!(rows.len() > 5, "{screen}");
    for row in rows {
        let customer = row[2..].split(' ').next().unwrap();
        let is_shops = row.contains(SHOP_1);
        assert_eq!(customer, if is_shops { "shop" } else { "acme" }, "{row}");
    }
    terminal.types("shop");
    terminal.shows_that("shop alone", |screen| {
        screen.contains("> shop ") && !screen.contains("acme ")
    });
    terminal.types("\r");
    leaves(&bench, terminal);
    assert_eq!(target(&bench).as_deref(), Some(SHOP_1));
    // One for the vendor role that all share, one for each customer.
    assert_eq!(called(&bench, "AssumeRole"), 4);
}

#[test]
fn it_opens_without_those_that_are_slow_and_says_which() {
    let bench = Bench::new();
    // It accepts, and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let slow = format!(
        r#"[customers.slow]
role_arn    = "arn:aws:iam::222222222222:role/SSMStartSession_IAM_Role_ThirdPartyA"
external_id = "ExternalID3rdPartyA"
tag_value   = "Third_Party_A"
regions     = ["us-east-1", "eu-west-1"]
endpoints   = {{ ec2 = "http://{}" }}
{REFUSES}"#,
        silent.local_addr().unwrap()
    );
    bench.settings(&settings("", &slow));
    let mut terminal = Terminal::sized(&bench, "connect", 30, 120);
    terminal.shows(if is_windows() {
        // Nothing moves on wine's console.
        "warning: customers acme, slow share"
    } else {
        "3 of 5 answered"
    });
    assert!(!terminal.screen().contains(TITLE), "{}", terminal.screen());
    // No row is on the screen yet, so these keys pick none.
    terminal.types("web-1\r");
    terminal.shows(TITLE);
    terminal.shows("shop-1");
    assert_eq!(called(&bench, "StartSession"), 0);
    let screen = terminal.screen();
    for said in [
        "warning: slow: no answer from us-east-1, eu-west-1 in 5 seconds",
        "warning: gone: the customer role",
    ] {
        assert!(screen.contains(said), "{said}\n{screen}");
    }
    terminal.types("acme web-2");
    terminal.shows_that("web-2 alone", |screen| {
        let row = screen.lines().find(|line| line.starts_with("> acme "));
        row.is_some_and(|row| row.contains(" web-2 "))
    });
    let row = marked(&terminal);
    terminal.types("\r");
    leaves(&bench, terminal);
    let opened = target(&bench).unwrap();
    assert!(row.contains(&opened), "{row} and {opened}");
}

#[test]
fn if_all_fail_the_screen_names_each_customer() {
    let bench = Bench::new();
    bench.settings(&settings("", REFUSES));
    let faults = bench.sandbox.faults();
    faults.add(Fault::new("DescribeInstances", Kind::Denied));
    let ended = Terminal::sized(&bench, "connect", 30, 120).ends();
    assert_ne!(ended.code, 0);
    for said in [
        "warning: acme: DescribeInstances",
        "warning: shop: DescribeInstances",
        "warning: gone: the customer role",
        "error[",
    ] {
        assert!(ended.screen.contains(said), "{said}\n{}", ended.screen);
    }
}

#[test]
fn the_guards_are_those_of_the_customer_that_was_picked() {
    let bench = Bench::new();
    bench.settings(&settings("confirm = true\nrequire_reason = true", ""));
    let mut terminal = Terminal::run(&bench, "connect");
    terminal.shows(TITLE);
    terminal.types("shop-1");
    terminal.shows_that("shop-1 alone", |screen| !screen.contains("web-1"));
    terminal.types("\r");
    terminal.shows("reason for the session on shop:");
    terminal.types("INC-1\r");
    terminal.shows("type the customer's name, shop, to continue:");
    terminal.types("acme\r");
    assert_eq!(terminal.ends().code, 61);
    assert_eq!(called(&bench, "StartSession"), 0);
    // A confirmation on the command line is for one customer, whatever is picked.
    let mut terminal = Terminal::run(&bench, "connect --confirm acme --reason INC-1");
    terminal.shows(TITLE);
    terminal.types("shop-1");
    terminal.shows_that("shop-1 alone", |screen| !screen.contains("web-1"));
    terminal.types("\r");
    let ended = terminal.ends();
    assert_eq!(ended.code, 61, "{}", ended.screen);
    assert_eq!(called(&bench, "StartSession"), 0);
}

#[test]
fn instances_used_last_come_first() {
    let bench = Bench::new();
    bench.grant(&["AWS-StartNonInteractiveCommand"]);
    for name in ["web-1", "web-2"] {
        assert_eq!(bench.run(&format!("run {name} -- true")).code, 0);
    }
    let first_rows = |bench: &Bench| {
        let mut terminal = Terminal::run(bench, "connect");
        terminal.shows(TITLE);
        terminal.shows("db-1");
        let screen = terminal.screen();
        terminal.types("\u{1b}");
        assert_eq!(terminal.ends().code, 61);
        let (_, rows) = screen.split_once(TITLE).unwrap();
        rows.lines().skip(1).take(2).collect::<Vec<_>>().join("\n")
    };
    let shown = first_rows(&bench);
    assert!(
        shown.starts_with("> web-2 ") && shown.contains("\n  web-1 "),
        "{shown}"
    );
    bench.settings(&settings("", ""));
    let shown = first_rows(&bench);
    assert!(
        shown.starts_with("> acme web-2 ") && shown.contains("\n  acme web-1 "),
        "{shown}"
    );
}

#[test]
fn another_identity_anywhere_is_a_safety_stop() {
    let bench = Bench::new();
    let stub = Stub::start(|_| {
        let body = format!(
            "<DescribeInstancesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\">\
             <reservationSet><item><ownerId>444444444444</ownerId><instancesSet><item>\
             <instanceId>{SHOP_1}</instanceId><instanceState><name>running</name></instanceState>\
             <tagSet><item><key>ExternalAccessGrantedTo</key><value>Third_Party_A</value></item>\
             </tagSet></item></instancesSet></item></reservationSet></DescribeInstancesResponse>"
        );
        (200, body)
    });
    let endpoints = format!("endpoints = {{ ec2 = {:?} }}", stub.url());
    bench.settings(&settings(&endpoints, ""));
    let ended = Terminal::run(&bench, "connect").ends();
    assert_eq!(ended.code, 24, "{}", ended.screen);
}

#[test]
fn a_typed_target_still_needs_a_customer_and_a_script_a_terminal() {
    let bench = Bench::new();
    bench.settings(&settings("", ""));
    let ended = Terminal::run(&bench, "connect web-1").ends();
    assert_eq!(ended.code, 2, "{}", ended.screen);
    let screen = ended.screen.replace('\n', "");
    assert!(screen.contains("acme, shop"), "{}", ended.screen);
    assert_eq!(bench.run("connect").code, 60);
    let ended = Terminal::run(&bench, "connect --no-input").ends();
    assert_eq!(ended.code, 60, "{}", ended.screen);
    assert_eq!(called(&bench, "AssumeRole"), 0);
}

#[test]
fn it_stays_readable_on_twenty_columns() {
    let bench = Bench::new();
    bench.settings(&settings("", ""));
    let more = [("NO_COLOR", "1"), ("LC_ALL", "de_DE.ISO-8859-1")];
    let mut terminal = Terminal::with(&bench, "connect", 30, 20, &more);
    terminal.shows("Filter:");
    terminal.types("shop-1");
    terminal.shows_that("shop-1 alone", |screen| {
        let joined = screen.replace('\n', "");
        joined.contains("> shop shop-1") && joined.contains(SHOP_1) && !joined.contains("acme")
    });
    // Nothing that a terminal of that locale would take for a control.
    let bytes = terminal.bytes();
    assert!(bytes.is_ascii(), "{}", String::from_utf8_lossy(&bytes));
    terminal.types("\r");
    leaves(&bench, terminal);
    assert_eq!(target(&bench).as_deref(), Some(SHOP_1));
}

#[test]
fn a_dumb_terminal_has_no_picker_and_says_how_to_do_without() {
    let bench = Bench::new();
    for settings in [SETTINGS.to_owned(), settings("", "")] {
        bench.settings(&settings);
        let ended = Terminal::with(&bench, "connect", 24, 80, &[("TERM", "dumb")]).ends();
        assert_eq!(ended.code, 60, "{}", ended.screen);
        let said = ended.screen.replace('\n', "");
        assert!(
            said.contains("vendor-ssm connect -c CUSTOMER TARGET"),
            "{said}"
        );
        // wine's console moves the cursor itself.
        let moves = ended.bytes.contains(&0x1b);
        assert!(is_windows() || !moves, "{}", ended.screen);
    }
    bench.settings(SETTINGS);
    let ended = Terminal::with(&bench, "connect twin", 24, 80, &[("TERM", "dumb")]).ends();
    assert_eq!(ended.code, 31, "{}", ended.screen);
}
