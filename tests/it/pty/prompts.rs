//! Questions that are answered by a line: the confirmation, the reason, the MFA code.

use std::io::{Read as _, Write as _};
use std::time::Duration;

use rustix::process::Signal;

use vendor_ssm_sandbox::world::SECOND_CUSTOMER_EXTERNAL_ID;

use crate::harness::terminal::{LIMIT, PROMPT, Terminal, WEB_1, called, until};
use crate::harness::{Bench, SETTINGS, is_windows, own_reason};

const SOON: Duration = Duration::from_secs(5);

fn guarded(guard: &str) -> Bench {
    let bench = Bench::new();
    bench.settings(&format!("{SETTINGS}{guard} = true\n"));
    bench
}

/// The keys that end the input.
fn end_of_input() -> &'static str {
    if is_windows() { "\u{1a}\r" } else { "\u{4}" }
}

/// The vendor role that takes an MFA code.
const MFA_ROLE: &str = r#"role_arn = "arn:aws:iam::111111111111:role/3P_IAM_Assume_Role_MFA"
mfa_serial = "arn:aws:iam::111111111111:mfa/{user}""#;
const PLAIN_ROLE: &str = r#"role_arn = "arn:aws:iam::111111111111:role/3P_IAM_Assume_Role""#;

fn with_mfa() -> Bench {
    let bench = Bench::new();
    bench.settings(&SETTINGS.replace(PLAIN_ROLE, MFA_ROLE));
    bench
}

/// Two customers: acme behind a vendor role with MFA, and shop behind this one.
fn two_customers(shops_role: &str) -> Bench {
    let bench = with_mfa();
    let acme = SETTINGS.replace(PLAIN_ROLE, MFA_ROLE);
    let acme = acme.replace("[vendor]\n", "[customers.acme.vendor]\n");
    bench.settings(&format!(
        r#"{acme}
[customers.shop]
role_arn    = "arn:aws:iam::333333333333:role/SSMStartSession_IAM_Role_ThirdPartyA"
external_id = "{SECOND_CUSTOMER_EXTERNAL_ID}"
tag_value   = "Third_Party_A"
regions     = ["us-east-1"]

[customers.shop.vendor]
{shops_role}
"#
    ));
    bench
}

#[test]
fn the_customers_name_confirms() {
    let bench = guarded("confirm");
    let mut terminal = Terminal::run(&bench, "connect web-1");
    terminal.shows("type the customer's name, acme, to continue:");
    terminal.types("acme\r");
    terminal.shows(PROMPT.trim_end());
    terminal.types("exit\r");
    assert_eq!(terminal.ends().code, 0);
}

#[test]
fn another_answer_declines() {
    for answer in ["acne\r", "\r", end_of_input()] {
        let bench = guarded("confirm");
        let mut terminal = Terminal::run(&bench, "connect web-1");
        terminal.shows("to continue:");
        terminal.types(answer);
        let ended = terminal.ends();
        assert_eq!(ended.code, 61, "{answer:?} {}", ended.screen);
        assert_eq!(called(&bench, "StartSession"), 0);
    }
}

#[test]
fn signals_end_a_question() {
    let bench = guarded("confirm");
    let mut terminal = Terminal::run(&bench, "connect web-1");
    terminal.shows("to continue:");
    terminal.types("\u{3}");
    assert_eq!(terminal.ends_within(SOON).code, 130);
    if is_windows() {
        return;
    }
    let terminal = Terminal::run(&bench, "connect web-1");
    terminal.shows("to continue:");
    terminal.signal(Signal::TERM);
    assert_eq!(terminal.ends_within(SOON).code, 143);
    let bench = with_mfa();
    for (signal, code) in [(Signal::HUP, 129), (Signal::INT, 130)] {
        let terminal = Terminal::run(&bench, "connect web-1");
        terminal.shows("MFA code for");
        terminal.signal(signal);
        assert_eq!(terminal.ends_within(SOON).code, code);
    }
    assert_eq!(called(&bench, "AssumeRole"), 0);
}

#[test]
fn a_required_reason_is_asked_for_and_sent() {
    let bench = guarded("require_reason");
    let mut terminal = Terminal::run(&bench, &format!("connect {WEB_1}"));
    terminal.shows("reason for the session on acme:");
    terminal.types("disk is full\r");
    terminal.shows(PROMPT.trim_end());
    terminal.types("exit\r");
    assert_eq!(terminal.ends().code, 0);
    let trail = bench.sandbox.trail();
    let started = trail
        .iter()
        .find(|event| event.action == "StartSession")
        .unwrap();
    let reason = own_reason(&started.parameters["Reason"]);
    assert_eq!(reason.as_deref(), Some("disk is full"));

    let mut terminal = Terminal::run(&bench, &format!("connect {WEB_1}"));
    terminal.shows("reason for the session on acme:");
    terminal.types("\r");
    assert_eq!(terminal.ends().code, 2);
}

#[test]
fn an_mfa_code_is_typed_without_echo() {
    let bench = with_mfa();
    let mut terminal = Terminal::run(&bench, &format!("connect {WEB_1}"));
    terminal.shows("MFA code for arn:aws:iam::111111111111:mfa/alice:");
    terminal.types("123456\r");
    terminal.shows(PROMPT.trim_end());
    terminal.types("exit\r");
    let bytes = String::from_utf8_lossy(&terminal.bytes()).into_owned();
    assert!(!bytes.contains("123456"), "{bytes}");
    assert_eq!(terminal.ends().code, 0);
}

#[test]
fn a_wrong_mfa_code_is_asked_for_twice_more() {
    let bench = with_mfa();
    let mut terminal = Terminal::run(&bench, &format!("connect {WEB_1}"));
    terminal.shows("MFA code for");
    for wrong in 1..=2 {
        terminal.types("654321\r");
        terminal.shows_that("asked again", |screen| {
            screen.matches("that code was wrong").count() == wrong
        });
    }
    terminal.types("654321\r");
    let ended = terminal.ends();
    assert_eq!(ended.code, 20, "{}", ended.screen);
    assert!(
        ended.screen.contains("error[base-credentials]:"),
        "{}",
        ended.screen
    );
    assert!(!ended.screen.contains("654321"));
}

#[test]
fn a_question_holds_up_no_other_customer() {
    let bench = two_customers(PLAIN_ROLE);
    let mut terminal = Terminal::run(&bench, "list --all-customers");
    terminal.shows("MFA code for");
    // Shop's instances are listed while the code for acme is waited for.
    let is_listed = || called(&bench, "DescribeInstances") == 1;
    assert!(until(LIMIT, is_listed), "{:?}", bench.sandbox.actions());
    let screen = terminal.screen();
    assert!(screen.trim_end().ends_with("mfa/alice:"), "{screen}");
    terminal.types("123456\r");
    let ended = terminal.ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    assert_eq!(called(&bench, "DescribeInstances"), 2);
    assert!(ended.screen.contains("web-1"), "{}", ended.screen);
}

#[test]
fn customers_of_one_vendor_role_wait_for_one_code() {
    let bench = two_customers(MFA_ROLE);
    let mut terminal = Terminal::run(&bench, "list --all-customers");
    terminal.shows("MFA code for");
    terminal.types("123456\r");
    let ended = terminal.ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    let asked = |screen: &str| screen.matches("MFA code for").count();
    assert_eq!(asked(&ended.screen), 1, "{}", ended.screen);
    // The vendor role once, and each customer's.
    assert_eq!(called(&bench, "AssumeRole"), 3);

    let mut terminal = Terminal::run(&bench, "list --all-customers");
    terminal.shows("MFA code for");
    terminal.types(end_of_input());
    let ended = terminal.ends();
    assert_eq!(ended.code, 20, "{}", ended.screen);
    assert_eq!(asked(&ended.screen), 1, "{}", ended.screen);
}

/// Its stdin is ssh's, so it asks where ssh does.
#[test]
fn a_proxy_asks_on_the_controlling_terminal() {
    let bench = with_mfa();
    bench.grant(&[crate::forward::SSH]);
    let settings = std::fs::read_to_string(bench.config()).unwrap();
    bench.settings(&format!(
        "{settings}confirm = true\nrequire_reason = true\n"
    ));
    let port = crate::forward::server(|mut socket| {
        let mut question = [0; 8];
        socket.read_exact(&mut question).unwrap();
        assert_eq!(&question, b"question");
        socket.write_all(b"answer").unwrap();
    });
    let mut terminal = Terminal::piped(&bench, &format!("proxy web-1 {port}"));
    terminal.shows("reason for the session on acme:");
    terminal.types("ticket 4711\r");
    terminal.shows("MFA code for");
    terminal.types("123456\r");
    terminal.shows("type the customer's name, acme, to continue:");
    terminal.types("acme\r");
    let ended = terminal.ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    assert_eq!(called(&bench, "StartSession"), 1);
    // No prompt appears if prompts are forbidden.
    let ended = Terminal::piped(&bench, &format!("proxy web-1 {port} --no-input")).ends();
    assert_eq!(ended.code, 2, "{}", ended.screen);
}
