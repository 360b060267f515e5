//! `policy check`.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::harness::terminal::Terminal;
use crate::harness::{Bench, Ran, run};

fn here(file: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/policy");
    folder.join(file).to_str().unwrap().to_owned()
}

/// Runs `policy check` with broken settings, since it reads none.
fn check(bench: &Bench, arguments: &[&str]) -> Ran {
    bench.settings("this is [no TOML");
    let arguments = [&["policy", "check"], arguments].concat();
    let ran = run(&mut bench.command(arguments));
    assert!(bench.sandbox.trail().is_empty());
    ran
}

fn file(bench: &Bench, name: &str, text: &str) -> String {
    let path: PathBuf = bench.home().join(name);
    std::fs::write(&path, text).unwrap();
    path.to_str().unwrap().to_owned()
}

/// What was found: severity, guardrail, line and Sid.
fn found(ran: &Ran) -> BTreeSet<(String, String, u64, String)> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let said = ran.json();
    assert_eq!(said["version"], 1);
    let findings = said["findings"].as_array().unwrap();
    for finding in findings {
        let keys: BTreeSet<&str> = finding
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let expected = BTreeSet::from([
            "guardrail",
            "severity",
            "file",
            "line",
            "sid",
            "message",
            "fix",
        ]);
        assert_eq!(keys, expected, "{finding}");
    }
    findings
        .iter()
        .map(|one| {
            let line = one["line"].as_u64().unwrap();
            (
                text(&one["severity"]),
                text(&one["guardrail"]),
                line,
                text(&one["sid"]),
            )
        })
        .collect()
}

/// The line of a file on which this text is first found.
fn line_of(file: &str, text: &str) -> u64 {
    let read = std::fs::read_to_string(file).unwrap();
    let at = read.lines().position(|line| line.contains(text));
    at.unwrap_or_else(|| panic!("{text} is not in {file}")) as u64 + 1
}

#[test]
fn every_case_has_its_findings_and_exit_code() {
    let bench = Bench::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/guardrail-cases");
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        let case: Value = serde_json::from_str(&text).unwrap();
        let role = case["context"]["role"].as_str().unwrap_or("Somebody");
        let policy = json!({"RoleName": role, "PolicyName": "p", "PolicyDocument": case["policy"]});
        let policy = file(&bench, "policy.json", &policy.to_string());
        let mut arguments = vec![policy.as_str(), "--output", "json"];
        for exempt in case["context"]["exempt_roles"]
            .as_array()
            .into_iter()
            .flatten()
        {
            arguments.extend(["--break-glass", exempt.as_str().unwrap()]);
        }
        let ran = check(&bench, &arguments);
        let found: BTreeSet<(String, String)> = found(&ran)
            .into_iter()
            .filter(|one| one.0 != "warning")
            .map(|one| (one.1, one.0))
            .collect();
        let expected: BTreeSet<(String, String)> = case["expect"]
            .as_object()
            .unwrap()
            .iter()
            .map(|(guardrail, verdict)| (guardrail.clone(), verdict.as_str().unwrap().to_owned()))
            .filter(|(_, verdict)| verdict != "ok" && verdict != "not-granted")
            .collect();
        assert_eq!(found, expected, "{}", case["id"]);
        let fails = expected.iter().any(|(_, verdict)| verdict == "violation");
        assert_eq!(
            ran.code,
            if fails { 3 } else { 0 },
            "{}: {ran:?}",
            case["id"]
        );
    }
}

#[test]
fn a_finding_has_the_form_that_compilers_use() {
    let bench = Bench::new();
    let policy = file(
        &bench,
        "policy.json",
        "{\"Version\": \"2012-10-17\",\n \"Statement\": [\n  {\"Sid\": \"Open\\u001b[2J\", \"Effect\": \"Allow\",\n   \"Action\": \"ssm:StartSession\", \"Resource\": \"arn:aws:ec2:*:*:instance/*\"}]}",
    );
    let ran = check(&bench, &[&policy]);
    assert_eq!(ran.code, 3, "{ran:?}");
    let lines: Vec<&str> = ran.stdout.lines().collect();
    assert_eq!(
        lines[0],
        format!(
            "{policy}:3: violation IAM-SSM-2 (Open\\u{{1b}}[2J): ssm:StartSession is allowed on all EC2 instances: no condition names a tag of the target"
        )
    );
    assert_eq!(
        lines[1],
        "  fix: add \"Condition\": {\"StringEquals\": {\"ssm:resourceTag/ExternalAccessGrantedTo\": \"VALUE\"}}, or list the instances in Resource"
    );
    assert_eq!(ran.stderr, "1 policy in 1 file: 1 violation\n");
    let quiet = check(&bench, &["-q", &policy]);
    assert_eq!((quiet.code, quiet.stderr.as_str()), (3, ""), "{quiet:?}");
}

#[test]
fn a_clean_policy_leaves_nothing_on_stdout() {
    let bench = Bench::new();
    let policy = file(
        &bench,
        "policy.json",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:*", "Resource": "*"}]}"#,
    );
    let ran = check(&bench, &[&policy]);
    assert_eq!(
        (ran.code, ran.stdout.as_str(), ran.stderr.as_str()),
        (0, "", "1 policy in 1 file: nothing found\n")
    );
    let ran = check(&bench, &[&policy, "--output", "json"]);
    assert_eq!(ran.stdout.trim(), r#"{"version":1,"findings":[]}"#);
}

#[test]
fn a_template_in_yaml_is_resolved() {
    let bench = Bench::new();
    let stack = here("stack.yaml");
    let ran = check(
        &bench,
        &[&stack, "--output", "json", "--break-glass", "BreakGlass"],
    );
    assert_eq!(ran.code, 3, "{ran:?}");
    let at = |severity: &str, guardrail: u8, text: &str, sid: &str| {
        let line = line_of(&stack, text);
        (
            severity.to_owned(),
            format!("IAM-SSM-{guardrail}"),
            line,
            sid.to_owned(),
        )
    };
    let admins = |guardrail| at("violation", guardrail, "InlinePolicy:", "");
    let everything = |guardrail| at("exempt", guardrail, "PolicyDocument: {", "");
    let for_each = |guardrail| at("undecided", guardrail, "Fn::ForEach", "");
    let expected = BTreeSet::from([
        at("violation", 2, "Sid: Untagged", "Untagged"),
        at("undecided", 2, "Sid: AnyName", "AnyName"),
        at("violation", 1, "Sid: OnlyIfWide", "OnlyIfWide"),
        at("warning", 2, "Sid: Default", "Default"),
        at("undecided", 2, "Sid: Imported", "Imported"),
        at("violation", 2, "Sid: Allowed", "Allowed"),
        at("violation", 2, "Sid: Selected", "Selected"),
        everything(1),
        everything(2),
        admins(1),
        admins(2),
        for_each(1),
        for_each(2),
    ]);
    assert_eq!(found(&ran), expected, "{ran:#?}");
    assert!(
        ran.stdout
            .contains("depends on a parameter's default value"),
        "{ran:?}"
    );
    let unlisted = check(&bench, &[&stack, "--output", "json"]);
    assert!(found(&unlisted).contains(&at("violation", 2, "PolicyDocument: {", "")));
}

#[test]
fn a_template_in_json_is_resolved_in_every_case() {
    let bench = Bench::new();
    let stack = here("stack.json");
    let ran = check(&bench, &[&stack, "--output", "json"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    let line = line_of(&stack, "SometimesScoped") - 1;
    let expected = (
        "violation".to_owned(),
        "IAM-SSM-2".to_owned(),
        line,
        "SometimesScoped".to_owned(),
    );
    assert_eq!(found(&ran), BTreeSet::from([expected]), "{ran:#?}");
}

#[test]
fn an_accounts_details_name_who_has_the_policy() {
    let bench = Bench::new();
    let account = here("account.json");
    let ran = check(
        &bench,
        &[
            &account,
            "--break-glass",
            "arn:aws:iam::111111111111:role/BreakGlass",
        ],
    );
    assert_eq!(ran.code, 3, "{ran:?}");
    let said = |words: &[&str]| {
        ran.stdout
            .lines()
            .any(|line| words.iter().all(|word| line.contains(word)))
    };
    assert!(
        said(&["exempt IAM-SSM-2 (Open)", "role BreakGlass, policy inline"]),
        "{ran:?}"
    );
    assert!(
        said(&[
            "exempt IAM-SSM-1",
            "policy AdministratorAccess of BreakGlass"
        ]),
        "{ran:?}"
    );
    assert!(
        said(&["violation IAM-SSM-2 (Open)", "role Encoded, policy inline"]),
        "{ran:?}"
    );
    // A group has it too, so exempting one role is not enough.
    assert!(
        said(&[
            "violation IAM-SSM-2 (Now)",
            "policy shared of ops, BreakGlass"
        ]),
        "{ran:?}"
    );
    assert!(!said(&["Old"]) && !said(&["group ops"]), "{ran:?}");
    assert!(
        ran.stderr
            .ends_with("5 policies in 1 file: 2 violations, 3 exempt\n"),
        "{ran:?}"
    );
}

#[test]
fn unreadable_files_and_files_without_a_policy_have_their_own_codes() {
    let bench = Bench::new();
    let open = file(
        &bench,
        "open.json",
        r#"[{"Effect": "Allow", "Action": "ssm:*", "Resource": "*"}]"#,
    );
    let home = bench.home().to_str().unwrap().to_owned();
    for missing in [format!("{home}/none.json"), home] {
        let ran = check(&bench, &[&missing, &open]);
        assert_eq!(ran.code, 13, "{ran:?}");
        assert!(
            ran.stderr.contains("error[local-io]") && ran.stderr.contains("cannot be read"),
            "{ran:?}"
        );
        assert!(ran.stdout.contains("violation IAM-SSM-2"), "{ran:?}");
    }
    let deep = "{\"a\":".repeat(200_000);
    let flow = format!("a: {}", "[".repeat(200_000));
    let blocks = format!("Statement:\n{}", "- ".repeat(200_000));
    for (text, why) in [
        ("{}", "not a policy"),
        ("Statement: [", "neither JSON nor YAML: line 2"),
        (
            "{\"Statement\": [],\n \"Statement\": []}",
            "line 2: the key Statement appears twice",
        ),
        ("", "not a policy"),
        (deep.as_str(), "nested deeper"),
        (flow.as_str(), "neither JSON nor YAML"),
        (blocks.as_str(), "nested deeper"),
    ] {
        let policy = file(&bench, "other.json", text);
        let ran = check(&bench, &[&policy]);
        assert_eq!(
            (ran.code, ran.stdout.as_str()),
            (2, ""),
            "{why}: {ran:.300?}"
        );
        assert!(
            ran.stderr.contains("error[usage]") && ran.stderr.contains(why),
            "{why}: {ran:.300?}"
        );
    }
    let path = bench.home().join("latin.json");
    std::fs::write(&path, b"{\"Statement\": \"\xe9\"}").unwrap();
    let ran = check(&bench, &[path.to_str().unwrap()]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert_eq!(check(&bench, &[]).code, 2);
}

#[test]
fn an_instance_profile_that_grants_too_much_gives_a_warning() {
    let bench = Bench::new();
    let policy = file(
        &bench,
        "profile.json",
        r#"{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": ["ssmmessages:CreateDataChannel",
        "ssmmessages:OpenDataChannel", "ssmmessages:CreateControlChannel", "ssmmessages:OpenControlChannel",
        "ssm:UpdateInstanceInformation", "ec2:Describe*"], "Resource": "*"}]}"#,
    );
    let ran = check(&bench, &[&policy]);
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stdout.contains("warning instance-profile")
            && ran.stdout.contains("fix: remove ec2:Describe*"),
        "{ran:?}"
    );
}

#[test]
fn a_stack_sets_template_is_read() {
    let bench = Bench::new();
    let ran = check(&bench, &[&here("stackset.yaml"), "--output", "json"]);
    assert_eq!(ran.code, 3, "{ran:?}");
    let severities: BTreeSet<_> = found(&ran).into_iter().map(|one| (one.0, one.1)).collect();
    let expected = ("violation".to_owned(), "IAM-SSM-2".to_owned());
    assert_eq!(severities, BTreeSet::from([expected]), "{ran:?}");
}

/// Deep nesting costs neither memory nor stack.
/// One thread with a stack for the whole depth would need far more than these limits.
#[test]
#[cfg(target_os = "linux")]
fn deep_nesting_fits_a_small_memory_and_a_small_stack() {
    let bench = Bench::new();
    let mut indented = "Statement:\n".to_owned();
    for depth in 1..900 {
        indented.push_str(&" ".repeat(depth));
        indented.push_str("a:\n");
    }
    for (name, text) in [
        (
            "sequences.yaml",
            format!("Statement:\n{}", "- ".repeat(2_000_000)),
        ),
        ("keys.yaml", "? ".repeat(2_000_000)),
        ("flow.yaml", format!("a: {}", "{a: [".repeat(1_000_000))),
        ("indented.yaml", indented),
    ] {
        let policy = file(&bench, name, &text);
        // KiB of stack and of address space.
        let limits = "ulimit -s 2048; ulimit -v 150000; exec \"$0\" policy check \"$1\"";
        let mut limited = std::process::Command::new("sh");
        let program = crate::harness::program();
        limited.args(["-c", limits, program, &policy]).env_clear();
        let ran = run(limited.envs(bench.environment()));
        assert_eq!(ran.code, 2, "{name}: {ran:.300?}");
        assert!(
            ran.stderr.contains("neither JSON nor YAML"),
            "{name}: {ran:.300?}"
        );
    }
}

/// The block of a finding, and its fix, on a terminal of this width.
fn on_terminal(columns: u16) -> String {
    let bench = Bench::new();
    file(
        &bench,
        "policy.json",
        r#"[{"Sid": "Open", "Effect": "Allow", "Action": "ssm:StartSession", "Resource": "*"}]"#,
    );
    let ended = Terminal::sized(&bench, "policy check policy.json", 24, columns).ends();
    assert_eq!(ended.code, 3, "{ended:?}");
    ended.screen
}

#[test]
fn a_narrow_terminal_shows_whole_words() {
    for columns in [40, 80] {
        let screen = on_terminal(columns);
        assert!(
            screen.contains("policy.json:1: violation IAM-SSM-2"),
            "{screen}"
        );
        let words: Vec<&str> = screen.split_whitespace().collect();
        for word in [
            "instances,",
            "condition",
            "StartSession",
            "fix:",
            "\"Condition\":",
            "documents",
        ] {
            let is_there = words.iter().any(|shown| shown.contains(word));
            assert!(is_there, "{word} is broken at {columns} columns:\n{screen}");
        }
    }
}
