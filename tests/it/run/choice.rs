//! `run --filter`, `--all` and `--all-customers`: what is chosen, shown, agreed to and run.

use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use vendor_ssm_sandbox::faults::{Fault, Kind};
use vendor_ssm_sandbox::world::{CUSTOMER_ROLE, SECOND_CUSTOMER};

use super::{bench, said, text};
use crate::harness::terminal::{LIMIT, Terminal, WEB_1, called, none_open, until};
use crate::harness::{Bench, Ran, SECOND, SETTINGS, is_windows, own_reason};
use crate::stub::Stub;

const WEB_2: &str = "i-08c2d7715e90ab34f";
const SHOP_1: &str = "i-0e2f68d5c1b94a730";
/// In all of the customers, those whose names begin so.
const WEB: [&str; 3] = ["run", "--filter", "name=web-*"];
const WEB_EVERYWHERE: [&str; 4] = ["run", "--all-customers", "--filter", "name=web-*"];

/// Two customers who grant commands. The second one's instance is a web-1 too.
fn two() -> Bench {
    let bench = bench();
    bench.settings(&format!("{SETTINGS}{SECOND}"));
    bench.sandbox.world(|world| {
        let role = world.role_mut(SECOND_CUSTOMER, CUSTOMER_ROLE).unwrap();
        role.grant_documents(&["AWS-StartNonInteractiveCommand"])
            .unwrap();
        let shop = world.instance_mut(SHOP_1).unwrap();
        for (key, value) in &mut shop.tags {
            if key == "Name" {
                "web-1".clone_into(value);
            }
        }
    });
    bench
}

fn ran(bench: &Bench, words: &[&str], more: &[&str]) -> Ran {
    text(bench, &[words, more].concat())
}

/// These keys of each result.
fn results(ran: &Ran, keys: &[&str]) -> Vec<Value> {
    let json = ran.json();
    assert_eq!(json["version"], 1);
    let of = |result: &Value| {
        let values = keys.iter().map(|key| match key.split_once('.') {
            Some((outer, inner)) => result[outer][inner].clone(),
            None => result[*key].clone(),
        });
        Value::Array(values.collect())
    };
    json["results"].as_array().unwrap().iter().map(of).collect()
}

fn sorted(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = text.lines().collect();
    lines.sort_unstable();
    lines
}

#[test]
fn all_filters_have_to_match_and_yes_agrees() {
    let bench = bench();
    let words = ["--yes", "--", "echo", "hi"];
    let all = ran(&bench, &WEB, &words);
    assert_eq!(all.code, 0, "{all:?}");
    assert_eq!(sorted(&all.stdout), ["web-1: hi", "web-2: hi"]);
    assert!(
        said(&all).starts_with("running the command on 2 instances of 1 customer, acme\n"),
        "{all:?}"
    );
    let words = ["--filter", "tag:Name=*-2", "--yes", "--", "echo", "hi"];
    let both = ran(&bench, &WEB, &words);
    // The output of one instance is not labelled.
    assert_eq!((both.code, both.stdout.as_str()), (0, "hi\n"), "{both:?}");
    assert_eq!(called(&bench, "StartSession"), 3);
}

#[test]
fn all_is_every_instance_of_the_customer() {
    let bench = bench();
    let words = ["run", "--all", "--yes", "--output", "json", "--", "true"];
    let all = text(&bench, &words);
    // Some are stopped or have no agent.
    assert_eq!(all.code, 255, "{all:?}");
    let listed = bench.run("list --output json").json();
    let ids = |list: &Value| -> Vec<Value> {
        let list = list.as_array().unwrap().iter();
        list.map(|one| one["instance_id"].clone()).collect()
    };
    assert_eq!(ids(&all.json()["results"]), ids(&listed["instances"]));
    let told = results(&all, &["name", "status", "error.name", "error.target"]);
    let batch = json!([
        "batch-1",
        "not-started",
        "not-connected",
        "i-0c4179da53fe28b6e"
    ]);
    let lost = json!([
        "lost-1",
        "not-started",
        "not-connected",
        "i-0d80e2f6b7493c15a"
    ]);
    for expected in [batch, lost, json!(["web-1", "exited", null, null])] {
        assert!(told.contains(&expected), "{expected} in {told:?}");
    }
}

#[test]
fn without_a_terminal_a_choice_needs_yes_before_anything_is_asked() {
    let bench = bench();
    let filter = "name=web-? 'x'";
    let words = ["run", "-c", "acme", "--filter", filter, "--", "true"];
    let refused = text(&bench, &words);
    assert_eq!((refused.code, refused.stdout.as_str()), (255, ""));
    assert_eq!(
        said(&refused),
        "error[needs-terminal]: cannot ask for your agreement to the choice: there is no terminal, or --no-input is set\n  \
         hint: in a script: `vendor-ssm run -c acme --filter \"name=web-? 'x'\" --yes -- COMMAND`\n"
    );
    let json = ran(&bench, &WEB, &["--error-format", "json", "--", "true"]);
    assert_eq!(json.code, 255, "{json:?}");
    assert_eq!(json.error()["name"], "needs-terminal");
    assert!(bench.sandbox.trail().is_empty());
}

#[test]
fn a_wrong_choice_is_a_wrong_command_line() {
    let bench = two();
    for line in [
        "run -- true",
        "run --yes -- true",
        "run --all-customers --yes -- true",
        "run --all-customers --all --yes -- true",
        "run --all --filter name=web-* --yes -- true",
        "run -c acme --all-customers --filter name=web-* --yes -- true",
        "run web-1 --filter name=web-* --yes -- true",
        "run web-1 --all -- true",
        "run web-1 --all-customers --filter name=web-* --yes -- true",
        "run -c acme --filter colour=red --yes -- true",
        "run -c acme --filter tag:=red --yes -- true",
        "run -c acme --filter web-1 --yes -- true",
        // Several customers, and none of them is named.
        "run --filter name=web-* --yes -- true",
    ] {
        let ran = bench.run(line);
        assert_eq!(ran.code, 2, "{line}: {ran:?}");
        assert!(ran.stderr.starts_with("error[usage]: "), "{line}: {ran:?}");
    }
    assert!(bench.sandbox.trail().is_empty());
}

#[test]
fn an_empty_choice_is_no_match_and_never_success() {
    let bench = two();
    let nothing = ["--filter", "name=nowhere-*", "--yes"];
    let one = ran(
        &bench,
        &["run", "-c", "acme"],
        &[&nothing[..], &["--", "true"]].concat(),
    );
    assert_eq!(one.code, 255, "{one:?}");
    assert!(
        said(&one)
            .starts_with("error[no-match]: no instance of acme matches name=nowhere-*\n  hint: "),
        "{one:?}"
    );
    let words = ["--output", "json", "--error-format", "json", "--", "true"];
    let words = [&nothing[..], &words].concat();
    let several = ran(&bench, &["run", "--all-customers"], &words);
    assert_eq!(several.code, 255, "{several:?}");
    assert_eq!(several.stdout, "{\"version\":1,\"results\":[]}\n");
    let error = several.error();
    assert_eq!(
        (&error["name"], &error["customer"]),
        (&json!("no-match"), &Value::Null)
    );
    let lines = [&nothing[..], &["--output", "jsonl", "--", "true"]].concat();
    let lines = ran(&bench, &["run", "-c", "acme"], &lines);
    assert_eq!((lines.code, lines.stdout.as_str()), (255, ""), "{lines:?}");
    let dry = ["--filter", "name=nowhere-*", "--dry-run", "--", "true"];
    assert_eq!(ran(&bench, &["run", "-c", "acme"], &dry).code, 255);
    assert_eq!(called(&bench, "StartSession"), 0);
}

#[test]
fn several_customers_are_told_apart() {
    let bench = two();
    let words = ["--yes", "--", "sh", "-c", "echo hi; exit 3"];
    let plain = ran(&bench, &WEB_EVERYWHERE, &words);
    assert_eq!(plain.code, 3, "{plain:?}");
    assert_eq!(
        sorted(&plain.stdout),
        ["acme/web-1: hi", "acme/web-2: hi", "beta/web-1: hi"]
    );
    // The table at the end has a row for each.
    let told = said(&plain);
    for row in [["acme", "web-1"], ["acme", "web-2"], ["beta", "web-1"]] {
        let is_row = |line: &str| line.split_whitespace().take(2).eq(row);
        assert!(told.lines().any(is_row), "{row:?}: {told}");
    }
    // Once for the vendor role, and once for each customer's.
    assert_eq!(called(&bench, "AssumeRole"), 3);

    let json = ran(
        &bench,
        &WEB_EVERYWHERE,
        &["--yes", "--output", "json", "--", "true"],
    );
    assert_eq!(json.code, 0, "{json:?}");
    let keys = ["customer", "region", "instance_id", "name", "status"];
    assert_eq!(
        results(&json, &keys),
        [
            json!(["acme", "us-east-1", WEB_1, "web-1", "exited"]),
            json!(["acme", "us-east-1", WEB_2, "web-2", "exited"]),
            json!(["beta", "us-east-1", SHOP_1, "web-1", "exited"]),
        ]
    );
}

/// Denies the second customer's role what `action` names.
fn deny(bench: &Bench, action: &str) {
    bench.sandbox.world(|world| {
        let role = world.role_mut(SECOND_CUSTOMER, CUSTOMER_ROLE).unwrap();
        let denied = json!({
            "Version": "2012-10-17",
            "Statement": {"Effect": "Deny", "Action": action, "Resource": "*"},
        });
        role.set_policy("denied", &denied.to_string()).unwrap();
    });
}

/// A third customer, whose role wants another ExternalId.
fn with_gone(bench: &Bench) {
    let gone = SECOND
        .replace("beta", "gone")
        .replace("ExternalID3rdPartyB-333", "of-nobody");
    bench.settings(&format!("{SETTINGS}{SECOND}{gone}"));
}

#[test]
fn what_did_not_answer_is_a_result_and_the_others_run() {
    let bench = two();
    with_gone(&bench);
    deny(&bench, "ec2:*");
    let words = ["--yes", "--output", "json", "--", "echo", "hi"];
    let ran = ran(&bench, &WEB_EVERYWHERE, &words);
    assert_eq!(ran.code, 255, "{ran:?}");
    let keys = ["customer", "region", "instance_id", "status", "stdout"];
    let missing = |customer, region: Value| json!([customer, region, null, "not-started", ""]);
    assert_eq!(
        results(&ran, &keys),
        [
            json!(["acme", "us-east-1", WEB_1, "exited", "hi\n"]),
            json!(["acme", "us-east-1", WEB_2, "exited", "hi\n"]),
            missing("beta", json!("us-east-1")),
            missing("gone", Value::Null),
        ]
    );
    let keys = [
        "error.aws_code",
        "error.name",
        "error.customer",
        "error.target",
    ];
    let told = results(&ran, &keys);
    assert_eq!(told[2][0], "UnauthorizedOperation", "{told:?}");
    assert_eq!(told[2][2], "beta", "{told:?}");
    assert_eq!(
        told[3],
        json!(["AccessDenied", "customer-role-denied", "gone", null])
    );
    // Each is named when the choice is known, and again at the end.
    let said = said(&ran);
    for customer in ["beta: ", "gone: "] {
        assert!(said.contains(&format!("warning: {customer}")), "{said}");
        assert!(said.contains(&format!("]: {customer}")), "{said}");
    }
}

#[test]
fn where_nobody_answers_nothing_is_asked_and_no_match_is_not_claimed() {
    let bench = two();
    bench.settings(&format!("{SETTINGS}{SECOND}").replace("3P_IAM_Assume_Role", "Nobody"));
    let words = ["--yes", "--output", "json", "--", "true"];
    let ran = ran(&bench, &WEB_EVERYWHERE, &words);
    assert_eq!(ran.code, 255, "{ran:?}");
    let refused = |customer| json!([customer, null, "not-started", "vendor-role-denied"]);
    let keys = ["customer", "instance_id", "status", "error.name"];
    assert_eq!(results(&ran, &keys), [refused("acme"), refused("beta")]);
    // They failed alike, which is one error.
    let said = said(&ran);
    assert_eq!(
        said.matches("error[vendor-role-denied]").count(),
        1,
        "{said}"
    );
    assert!(said.starts_with("warning: acme, beta: "), "{said}");
}

#[test]
fn another_identity_stops_that_customer_alone() {
    let bench = two();
    let instance = |id: &str, owner: &str| {
        format!(
            "<item><ownerId>{owner}</ownerId><instancesSet><item><instanceId>{id}</instanceId>\
             <instanceState><name>running</name></instanceState><tagSet>\
             <item><key>Name</key><value>web-1</value></item>\
             <item><key>ExternalAccessGrantedTo</key><value>Third_Party_A</value></item></tagSet>\
             </item></instancesSet></item>"
        )
    };
    // One of them is the customer's, and the other is in another account.
    let body = format!(
        "<DescribeInstancesResponse xmlns=\"http://ec2.amazonaws.com/doc/2016-11-15/\"><reservationSet>\
         {}{}</reservationSet></DescribeInstancesResponse>",
        instance(SHOP_1, "333333333333"),
        instance(WEB_2, "444444444444")
    );
    let stub = Stub::start(move |_| (200, body.clone()));
    bench.settings(&format!(
        "{SETTINGS}{SECOND}\n[customers.beta.endpoints]\nec2 = \"{}\"\n",
        stub.url()
    ));
    let words = ["--yes", "--output", "json", "--", "true"];
    let ran = ran(&bench, &WEB_EVERYWHERE, &words);
    assert_eq!(ran.code, 255, "{ran:?}");
    let keys = ["customer", "instance_id", "status", "error.name"];
    assert_eq!(
        results(&ran, &keys),
        [
            json!(["acme", WEB_1, "exited", null]),
            json!(["acme", WEB_2, "exited", null]),
            json!(["beta", SHOP_1, "not-started", "identity-mismatch"]),
            json!(["beta", null, "not-started", "identity-mismatch"]),
        ]
    );
    let targets: Vec<_> = started(&bench);
    assert!(!targets.contains(&SHOP_1.to_owned()), "{targets:?}");
}

/// The instances on which sessions were started.
fn started(bench: &Bench) -> Vec<String> {
    let trail = bench.sandbox.trail();
    let started = trail.iter().filter(|event| event.action == "StartSession");
    started
        .map(|event| event.parameters["Target"].clone())
        .collect()
}

/// Two customers who both demand a confirmation.
fn confirming() -> Bench {
    let bench = two();
    bench.settings(&format!(
        "{SETTINGS}confirm = true\n{SECOND}confirm = true\n"
    ));
    bench
}

#[test]
fn each_customer_that_demands_it_is_confirmed_by_its_name() {
    let bench = confirming();
    for confirm in [&[][..], &["--confirm", "acme"]] {
        let words = [confirm, &["--yes", "--output", "json", "--", "true"]].concat();
        let refused = ran(&bench, &WEB_EVERYWHERE, &words);
        assert_eq!(refused.code, 255, "{refused:?}");
        let filter = if is_windows() {
            "\"name=web-*\""
        } else {
            "'name=web-*'"
        };
        assert!(
            said(&refused).ends_with(&format!(
                "hint: in a script: `vendor-ssm run --confirm acme --confirm beta --all-customers --filter {filter} --yes -- COMMAND`\n"
            )),
            "{refused:?}"
        );
        let told = results(&refused, &["status", "error.name"]);
        assert_eq!(told, vec![json!(["not-started", "needs-terminal"]); 3]);
    }
    let stranger = [
        "--confirm",
        "acme",
        "--confirm",
        "other",
        "--yes",
        "--",
        "true",
    ];
    let refused = ran(&bench, &WEB_EVERYWHERE, &stranger);
    assert_eq!(refused.code, 255, "{refused:?}");
    assert!(said(&refused).contains("error[declined]: --confirm names other"));
    assert_eq!(called(&bench, "StartSession"), 0);

    let both = [
        "--confirm",
        "beta",
        "--confirm",
        "acme",
        "--yes",
        "--",
        "true",
    ];
    assert_eq!(ran(&bench, &WEB_EVERYWHERE, &both).code, 0);
    assert_eq!(called(&bench, "StartSession"), 3);
    // A customer without a matching instance demands nothing.
    let one = [
        "--filter",
        "name=web-2",
        "--confirm",
        "acme",
        "--yes",
        "--",
        "true",
    ];
    assert_eq!(ran(&bench, &["run", "--all-customers"], &one).code, 0);
    // A confirmation agrees to the customer and not to the choice.
    let words = ["-c", "acme", "--confirm", "acme", "--", "true"];
    assert_eq!(ran(&bench, &WEB, &words).code, 255);
    assert_eq!(called(&bench, "StartSession"), 4);
}

#[test]
fn a_reason_that_one_customer_requires_is_missing_on_the_command_line() {
    let bench = two();
    bench.settings(&format!("{SETTINGS}{SECOND}require_reason = true\n"));
    let refused = ran(&bench, &WEB_EVERYWHERE, &["--yes", "--", "true"]);
    assert_eq!(refused.code, 2, "{refused:?}");
    assert!(said(&refused).contains("error[usage]: beta requires a reason for each session"));
    assert_eq!(called(&bench, "StartSession"), 0);
    let wrong = ran(
        &bench,
        &WEB_EVERYWHERE,
        &["--reason", "a\nb", "--yes", "--", "true"],
    );
    assert_eq!(wrong.code, 2, "{wrong:?}");
    let words = ["--reason", "INC-4711", "--yes", "--", "true"];
    assert_eq!(ran(&bench, &WEB_EVERYWHERE, &words).code, 0);
    let trail = bench.sandbox.trail();
    let reasons = trail.iter().filter(|event| event.action == "StartSession");
    let reasons: Vec<_> = reasons
        .map(|event| own_reason(&event.parameters["Reason"]))
        .collect();
    assert_eq!(reasons, vec![Some("INC-4711".to_owned()); 3]);
}

#[test]
fn a_dry_run_shows_the_choice_and_opens_nothing() {
    let bench = two();
    with_gone(&bench);
    let words = ["--dry-run", "--", "true"];
    let plain = ran(
        &bench,
        &["run", "-c", "acme", "--filter", "name=*t*-1"],
        &words,
    );
    assert_eq!(plain.code, 0, "{plain:?}");
    let row = |name: &str| plain.stdout.lines().find(|line| line.contains(name));
    assert!(row("batch-1").unwrap().contains("stopped"), "{plain:?}");
    assert!(row("lost-1").unwrap().contains("offline"), "{plain:?}");

    let json = ran(
        &bench,
        &WEB_EVERYWHERE,
        &["--dry-run", "--output", "json", "--", "true"],
    );
    assert_eq!(json.code, 255, "{json:?}");
    let shown = json.json();
    assert_eq!(shown["version"], 1);
    assert_eq!(
        shown["instances"][0],
        json!({
            "customer": "acme", "account_id": "222222222222", "region": "us-east-1",
            "instance_id": WEB_1, "name": "web-1", "state": "running", "ping_status": "Online",
            "document": "AWS-StartNonInteractiveCommand", "error": null,
        })
    );
    assert_eq!(shown["instances"].as_array().unwrap().len(), 3);
    assert_eq!(shown["errors"].as_array().unwrap().len(), 1);
    assert_eq!(shown["errors"][0]["customer"], "gone");
    assert_eq!(shown["errors"][0]["code"], "AccessDenied");
    assert!(
        said(&json).contains("error[customer-role-denied]: gone: "),
        "{json:?}"
    );

    let words = [
        "run",
        "-c",
        "acme",
        "web-1",
        "nobody",
        "--dry-run",
        "--output",
        "json",
        "--",
        "true",
    ];
    let typed = text(&bench, &words);
    assert_eq!(typed.code, 255, "{typed:?}");
    let shown = typed.json();
    assert_eq!(shown["instances"][0]["instance_id"], WEB_1);
    assert_eq!(shown["instances"][1]["error"]["name"], "no-match");
    assert_eq!(called(&bench, "StartSession"), 0);
}

#[test]
fn a_dry_run_needs_neither_agreement_nor_confirmation() {
    let bench = confirming();
    let dry = ran(&bench, &WEB_EVERYWHERE, &["--dry-run", "--", "true"]);
    assert_eq!(dry.code, 0, "{dry:?}");
    for text in [
        "CUSTOMER",
        "acme",
        "beta",
        "web-2",
        SHOP_1,
        "running",
        "us-east-1",
    ] {
        assert!(dry.stdout.contains(text), "{text}: {dry:?}");
    }
    assert_eq!(called(&bench, "StartSession"), 0);
}

#[test]
fn an_instance_that_is_typed_twice_gets_the_command_once() {
    let bench = bench();
    for targets in [["web-1", "web-1"], ["web-1", WEB_1], [WEB_1, "10.0.0.11"]] {
        let words = [&["run"][..], &targets, &["--", "echo", "hi"]].concat();
        let ran = text(&bench, &words);
        assert_eq!((ran.code, ran.stdout.as_str()), (0, "hi\n"), "{ran:?}");
    }
    assert_eq!(called(&bench, "StartSession"), 3);
    let words = ["run", "nobody", "nobody", "--output", "json", "--", "true"];
    assert_eq!(results(&text(&bench, &words), &["status"]).len(), 1);
}

const QUESTION: &str = "run the command on 3 instances of 2 customers? [y/N]";

fn asked(bench: &Bench) -> Terminal {
    let terminal = Terminal::run(bench, "run --all-customers --filter name=web-* -- echo hi");
    terminal.shows(QUESTION);
    terminal
}

#[test]
fn a_person_sees_the_choice_and_is_asked_once() {
    let bench = two();
    let mut terminal = asked(&bench);
    let screen = terminal.screen();
    let row = |id: &str| screen.lines().find(|line| line.contains(id)).unwrap();
    for (id, customer, name) in [(WEB_1, "acme", "web-1"), (SHOP_1, "beta", "web-1")] {
        assert!(row(id).starts_with(customer), "{screen}");
        for text in [name, "running", "us-east-1"] {
            assert!(row(id).contains(text), "{screen}");
        }
    }
    assert_eq!(called(&bench, "StartSession"), 0);
    terminal.types("y\r");
    let ended = terminal.ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    for line in ["acme/web-1: hi", "acme/web-2: hi", "beta/web-1: hi"] {
        assert!(ended.screen.contains(line), "{}", ended.screen);
    }
    assert_eq!(ended.screen.matches("[y/N]").count(), 1, "{}", ended.screen);
    none_open(&bench);
}

#[test]
fn any_other_answer_declines() {
    let bench = two();
    for answer in ["n\r", "\r", "yess\r", "\u{4}"] {
        let mut terminal = asked(&bench);
        terminal.types(answer);
        let ended = terminal.ends();
        assert_eq!(ended.code, 255, "{answer:?}: {}", ended.screen);
        assert!(
            ended.screen.contains("error[declined]: "),
            "{}",
            ended.screen
        );
    }
    assert_eq!(called(&bench, "StartSession"), 0);
}

#[test]
fn a_signal_ends_the_question_and_the_gathering() {
    let bench = two();
    let mut terminal = asked(&bench);
    terminal.types("\u{3}");
    assert_eq!(terminal.ends().code, 130);

    let before = called(&bench, "DescribeInstances");
    let hang = Fault::new("DescribeInstances", Kind::Hang);
    bench.sandbox.faults().add(hang);
    let words = [&WEB_EVERYWHERE[..], &["--yes", "--", "true"]].concat();
    let mut program = bench.command(&words).spawn().unwrap();
    let is_asked = until(LIMIT, || called(&bench, "DescribeInstances") > before);
    assert!(is_asked, "{:?}", bench.sandbox.actions());
    let began = Instant::now();
    kill_process(Pid::from_child(&program), Signal::TERM).unwrap();
    assert_eq!(program.wait().unwrap().code(), Some(143));
    assert!(began.elapsed() < Duration::from_secs(5));
    assert_eq!(called(&bench, "StartSession"), 0);
}

#[test]
fn a_person_types_the_name_of_each_customer_that_demands_it() {
    let bench = two();
    bench.settings(&format!(
        "{SETTINGS}{SECOND}confirm = true\nrequire_reason = true\n"
    ));
    let mut terminal = asked(&bench);
    terminal.types("yes\r");
    terminal.shows("reason for the session on beta:");
    terminal.types("INC-4711\r");
    terminal.shows("1 instance of beta: type the customer's name, beta, to continue:");
    terminal.types("acme\r");
    let ended = terminal.ends();
    assert_eq!(ended.code, 255, "{}", ended.screen);
    assert_eq!(called(&bench, "StartSession"), 0);
    let mut terminal = asked(&bench);
    terminal.types("yes\r");
    terminal.shows("reason for the session on beta:");
    terminal.types("INC-4711\r");
    terminal.shows("beta, to continue:");
    terminal.types("beta\r");
    assert_eq!(terminal.ends().code, 0);
    assert_eq!(called(&bench, "StartSession"), 3);
}

#[test]
fn what_did_not_answer_and_what_does_not_run_are_shown_before_the_question() {
    let bench = two();
    with_gone(&bench);
    let line = "run --all-customers --filter name=*b*-1 -- echo hi";
    let mut terminal = Terminal::run(&bench, line);
    terminal
        .shows("run the command on 3 instances of 2 customers (1 more cannot be reached)? [y/N]");
    let screen = terminal.screen();
    let batch = screen
        .lines()
        .find(|line| line.contains("batch-1"))
        .unwrap();
    assert!(batch.contains("stopped"), "{screen}");
    assert!(screen.contains("warning: gone: "), "{screen}");
    terminal.types("n\r");
    assert_eq!(terminal.ends().code, 255);
    assert_eq!(called(&bench, "StartSession"), 0);
}

#[test]
fn the_gathering_says_how_many_customers_have_answered() {
    let bench = two();
    let slow = Kind::Slow(Duration::from_secs(2));
    bench
        .sandbox
        .faults()
        .add(Fault::new("DescribeInstances", slow).times(1));
    let line = "run --all-customers --filter name=web-* --yes -- echo hi";
    let terminal = Terminal::run(&bench, line);
    terminal.shows("listing instances: 1 of 2 customers have answered");
    let ended = terminal.ends();
    assert_eq!(ended.code, 0, "{}", ended.screen);
    assert!(!ended.screen.contains("have answered"), "{}", ended.screen);
}

#[test]
fn a_declined_choice_is_each_targets_result() {
    let bench = two();
    with_gone(&bench);
    let line = "run --all-customers --filter name=web-* --output json -- echo hi";
    let mut terminal = Terminal::sized(&bench, line, 60, 2000);
    terminal.shows(QUESTION);
    terminal.types("n\r");
    let ended = terminal.ends();
    assert_eq!(ended.code, 255, "{}", ended.screen);
    let mut lines = ended.screen.lines();
    let json = lines
        .find(|line| line.starts_with("{\"version\":1,"))
        .unwrap();
    let json: Value = serde_json::from_str(json.trim()).unwrap();
    let told = json["results"].as_array().unwrap().iter();
    let told: Vec<_> = told
        .map(|one| json!([one["customer"], one["instance_id"], one["error"]["name"]]))
        .collect();
    assert_eq!(
        told,
        [
            json!(["acme", WEB_1, "declined"]),
            json!(["acme", WEB_2, "declined"]),
            json!(["beta", SHOP_1, "declined"]),
            json!(["gone", null, "customer-role-denied"]),
        ]
    );
}

#[test]
fn a_hostile_name_cannot_steer_the_question() {
    let bench = bench();
    let line = "run --filter name=*evil* -- echo hi";
    let mut terminal = Terminal::run(&bench, line);
    terminal.shows("run the command on 1 instance of 1 customer, acme? [y/N]");
    assert!(
        terminal.screen().contains("u{202e}"),
        "{}",
        terminal.screen()
    );
    terminal.types("\r");
    let ended = terminal.ends();
    assert!(!String::from_utf8_lossy(&ended.bytes).contains("\u{1b}[2J"));
    assert_eq!(ended.code, 255);
}
