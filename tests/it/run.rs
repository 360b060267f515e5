//! `run`: words, streams, exit statuses and ends, as a script and a person meet them.

mod at_once;
mod choice;
mod ends;
mod folder;
mod interrupted;
mod reader;
mod resumed;
mod several;
mod throttled;
mod unstarted;

use std::io::Write as _;
use std::process::{Output, Stdio};

use vendor_ssm_sandbox::Options;
use vendor_ssm_sandbox::world::{CUSTOMER, CUSTOMER_ROLE};

use crate::harness::terminal::{WEB_1, called, none_open};
use crate::harness::{Bench, Ran, SETTINGS};

/// A customer who grants AWS's document for commands.
fn bench() -> Bench {
    granting(Bench::new(), &["AWS-StartNonInteractiveCommand"])
}

fn granting(bench: Bench, documents: &[&str]) -> Bench {
    bench.sandbox.world(|world| {
        let role = world.role_mut(CUSTOMER, CUSTOMER_ROLE).unwrap();
        role.grant_documents(documents).unwrap();
    });
    bench
}

/// Runs the program with exactly these words. No session may be left.
fn bytes(bench: &Bench, words: &[&str]) -> Output {
    let output = bench.command(words).output().unwrap();
    none_open(bench);
    output
}

fn text(bench: &Bench, words: &[&str]) -> Ran {
    Ran::from(bytes(bench, words))
}

/// Stderr without the line about endpoints.
fn said(ran: &Ran) -> String {
    let lines = ran.stderr.lines();
    lines
        .filter(|line| !line.starts_with("endpoint overridden"))
        .flat_map(|line| [line, "\n"])
        .collect()
}

/// A parameter of the last StartSession.
fn parameter(bench: &Bench, name: &str) -> String {
    let trail = bench.sandbox.trail();
    let started = trail.iter().rfind(|event| event.action == "StartSession");
    started.unwrap().parameters[name].clone()
}

const TORTURE: [&str; 20] = [
    "",
    " ",
    "a b",
    "tab\there",
    "line\nfeed\n",
    "\r\n",
    "'",
    "\"",
    "'\"'\"'",
    "\\",
    "\\\\\"\\'",
    "trailing\\",
    "#no comment",
    "$HOME `id` $(id)",
    "!history ^caret^",
    "*?[]{}~=%,;&|<>()",
    "--flag=va lue",
    "żółć 🚀 \u{202e}",
    "\u{1}\u{1b}\u{7f}",
    "--",
];

#[test]
fn the_streams_stay_apart_and_the_exit_status_is_the_commands() {
    let bench = bench();
    let script = "echo out; echo err >&2; exit 7";
    for target in ["web-1", WEB_1] {
        let ran = text(&bench, &["run", target, "--", "sh", "-c", script]);
        assert_eq!((ran.code, ran.stdout.as_str()), (7, "out\n"), "{ran:?}");
        assert_eq!(said(&ran), "err\n");
    }
    assert_eq!(
        parameter(&bench, "DocumentName"),
        "AWS-StartNonInteractiveCommand"
    );
    assert_eq!(parameter(&bench, "Parameters separateOutputStream"), "true");
    assert_eq!(
        parameter(&bench, "Parameters command"),
        "sh -c 'echo out; echo err >&2; exit 7'"
    );
    assert_eq!(called(&bench, "TerminateSession"), 0);
    let ran = text(&bench, &["run", "web-1", "--", "true"]);
    assert_eq!(
        (ran.code, ran.stdout.as_str(), said(&ran).as_str()),
        (0, "", "")
    );
}

#[test]
fn every_argument_arrives_as_it_is() {
    let bench = bench();
    let words = [&["run", "web-1", "--", "printf", "%s\\0"][..], &TORTURE].concat();
    let output = bytes(&bench, &words);
    let arrived: Vec<&[u8]> = output.stdout.split(|byte| *byte == 0).collect();
    let expected: Vec<&[u8]> = TORTURE.iter().map(|word| word.as_bytes()).collect();
    assert_eq!(arrived[..arrived.len() - 1], expected);
}

#[test]
fn output_is_not_touched() {
    let bench = bench();
    let script =
        r"printf '\n'; printf '\n\000\377\200x\r\n\033[2J\n\n\n\n'; printf '\376err\n\n\n' >&2";
    let output = bytes(&bench, &["run", "web-1", "-q", "--", "sh", "-c", script]);
    assert_eq!(output.stdout, b"\n\n\0\xff\x80x\r\n\x1b[2J\n\n\n\n");
    assert_eq!(output.stderr, b"\xfeerr\n\n\n");

    let words = ["run", "web-1", "--output", "json", "--", "sh", "-c", script];
    let result = text(&bench, &words).json()["results"][0].take();
    assert_eq!(result["stdout"], serde_json::Value::Null);
    assert_eq!(result["stdout_base64"], "CgoA/4B4DQobWzJKCgoKCg==");
    assert_eq!(result["stderr_base64"], "/mVycgoKCg==");
}

#[test]
fn much_output_is_complete_and_memory_stays_flat() {
    use std::io::Read as _;

    let bench = bench();
    // An agent waits no longer than two seconds for what it has sent to arrive when a command has
    // ended.
    let arrived = bench.home().join("arrived");
    let script = format!(
        "head -c 50000000 /dev/zero; until test -e {}; do sleep 0.1; done",
        arrived.display()
    );
    let mut program = bench
        .command(["run", "web-1", "--", "sh", "-c", &script])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdout = program.stdout.take().unwrap();
    let peak = || {
        let status = std::fs::read_to_string(format!("/proc/{}/status", program.id())).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let kilobytes = line.unwrap().trim().trim_end_matches(" kB").trim();
        kilobytes.parse::<u64>().unwrap()
    };
    let mut buffer = vec![0; 10_000_000];
    stdout.read_exact(&mut buffer).unwrap();
    let early = peak();
    for _ in 0..4 {
        stdout.read_exact(&mut buffer).unwrap();
    }
    let late = peak();
    assert!(late < early + 8 * 1024, "{early} kB, then {late} kB");
    std::fs::write(arrived, "").unwrap();
    let mut rest = Vec::new();
    stdout.read_to_end(&mut rest).unwrap();
    let ran = Ran::from(program.wait_with_output().unwrap());
    assert_eq!((rest.len(), ran.code), (0, 0), "{ran:?}");
    none_open(&bench);
}

#[test]
fn json_tells_how_it_ended() {
    let bench = bench();
    let result = |script: &str| {
        let words = ["run", "web-1", "--output", "json", "--", "sh", "-c", script];
        let ran = text(&bench, &words);
        let mut said = ran.json();
        assert_eq!(said["version"], 1);
        (ran.code, said["results"][0].take())
    };
    let (code, exited) = result("echo out; echo err >&2; exit 7");
    assert_eq!(code, 7);
    let seconds = exited["seconds"].as_f64().unwrap();
    assert!(seconds > 0.0 && seconds < 60.0, "{exited}");
    let session = exited["session_id"].as_str().unwrap();
    assert!(session.starts_with("alice-"), "{exited}");
    assert_eq!(
        exited,
        serde_json::json!({
            "customer": "acme", "region": "us-east-1", "instance_id": WEB_1, "name": "web-1",
            "session_id": session, "status": "exited", "exit_code": 7,
            "stdout": "out\n", "stderr": "err\n", "seconds": seconds, "error": null,
        })
    );
    let (code, signalled) = result("kill -9 $$");
    assert_eq!(code, 255);
    assert_eq!(signalled["status"], "signalled");
    assert_eq!(signalled["exit_code"], serde_json::Value::Null);
    assert_eq!(signalled["error"], serde_json::Value::Null);
    // It looks like a failure of vendor-ssm, but the command exited with 255.
    let (code, looks) = result("echo 'error[start-denied]: no' >&2; exit 255");
    assert_eq!((code, looks["status"].as_str()), (255, Some("exited")));
}

#[test]
fn a_signal_on_the_other_side_is_255() {
    let bench = bench();
    let ran = text(&bench, &["run", "web-1", "--", "sh", "-c", "kill -9 $$"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (255, ""));
    assert_eq!(said(&ran), "warning: web-1: a signal killed the command\n");
}

#[test]
fn a_windows_target_gets_one_script() {
    let bench = bench();
    for target in ["win-1", "i-05e8b6241da9c073f"] {
        text(&bench, &["run", target, "--", "Get-Item", "'a b'"]);
        // "Get-Item 'a b'\nexit $LASTEXITCODE" in UTF-16.
        assert_eq!(
            parameter(&bench, "Parameters command"),
            "-NoProfile -NonInteractive -OutputFormat Text -EncodedCommand \
             RwBlAHQALQBJAHQAZQBtACAAJwBhACAAYgAnAAoAZQB4AGkAdAAgACQATABBAFMAVABFAFgASQBUAEMATwBEAEUA"
        );
    }
    let words = [
        "run", "win-1", "--", "echo", "'ż a';", "cmd", "/c", "exit", "7",
    ];
    let ran = text(&bench, &words);
    assert_eq!((ran.code, ran.stdout.as_str()), (7, "ż a\r\n"), "{ran:?}");
}

#[test]
fn what_is_piped_in_is_not_read_and_that_is_said() {
    const WARNING: &str = "warning: `run` ignores piped input: the command does not get it\n";
    let bench = bench();
    let words = ["run", "web-1", "--", "cat"];
    let mut program = bench
        .command(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut input = program.stdin.take().unwrap();
    input.write_all(b"input\n").unwrap();
    let ran = Ran::from(program.wait_with_output().unwrap());
    assert_eq!((ran.code, ran.stdout.as_str()), (0, ""));
    assert_eq!(said(&ran), WARNING);

    let file = bench.home().join("input");
    for (content, warning) in [("input\n", WARNING), ("", "")] {
        std::fs::write(&file, content).unwrap();
        let opened = std::fs::File::open(&file).unwrap();
        let ran = Ran::from(bench.command(words).stdin(opened).output().unwrap());
        assert_eq!((ran.code, said(&ran).as_str()), (0, warning));
    }
    assert_eq!(said(&text(&bench, &words)), "");
}

#[test]
fn a_shell_will_do_where_only_that_is_granted() {
    let bench = Bench::new();
    let shell = |words: &[&str]| {
        let line = [&["run", "web-1", "--via", "shell", "--"], words].concat();
        let ran = text(&bench, &line);
        assert_eq!(said(&ran), "", "{words:?}");
        (ran.code, ran.stdout)
    };
    let script = "echo out; sleep 0.1; echo err >&2; exit 7";
    assert_eq!(shell(&["sh", "-c", script]), (7, "out\nerr\n".to_owned()));
    assert_eq!(shell(&["true"]), (0, String::new()));
    assert_eq!(
        shell(&["printf", "no line feed"]),
        (0, "no line feed".to_owned())
    );
    assert_eq!(
        shell(&["sh", "-c", "test -t 1; echo $?; cat"]),
        (0, "1\n".to_owned())
    );
    assert_eq!(shell(&["no-such-program"]).0, 127);
    let expected: String = TORTURE.iter().flat_map(|word| ["<", *word, ">"]).collect();
    let words = [&["printf", "<%s>"][..], &TORTURE].concat();
    assert_eq!(shell(&words), (0, expected));
    let long = "x".repeat(20_000);
    assert_eq!(shell(&["echo", &long]), (0, format!("{long}\n")));
    assert_eq!(
        parameter(&bench, "DocumentName"),
        "SSM-SessionManagerRunShell"
    );

    let ran = text(&bench, &["run", "win-1", "--via", "shell", "--", "true"]);
    assert_eq!(ran.code, 2, "{ran:?}");
    assert!(said(&ran).starts_with(
        "error[usage]: acme: i-05e8b6241da9c073f: the command cannot go through a shell"
    ));
}

#[test]
fn failures_of_our_own_are_255_and_named() {
    let refusing = Bench::new();
    let granted = bench();
    let unset = Bench::new();
    unset.settings("this is [no TOML");
    let cases: [(&Bench, &[&str], &str); 5] = [
        (&refusing, &["run", "web-1", "--", "true"], "start-denied"),
        (&granted, &["run", "nobody", "--", "true"], "no-match"),
        (&granted, &["run", "batch-1", "--", "true"], "not-connected"),
        (&granted, &["run", "twin", "--", "true"], "ambiguous"),
        (&unset, &["run", "web-1", "--", "true"], "settings"),
    ];
    for (bench, words, name) in cases {
        let ran = text(bench, words);
        assert_eq!((ran.code, ran.stdout.as_str()), (255, ""), "{ran:?}");
        assert!(
            said(&ran).starts_with(&format!("error[{name}]: ")),
            "{ran:?}"
        );
    }
    let ran = text(&refusing, &["run", "web-1", "--", "true"]);
    assert!(
        said(&ran).ends_with(
            "if the customer grants only a shell, `--via shell` runs the command through it\n"
        ),
        "{ran:?}"
    );
}

#[test]
fn a_wrong_line_is_2() {
    let bench = bench();
    for words in [
        &["run", "web-1"][..],
        &["run", "--", "true"],
        &["run", "web-1", "true"],
        &["run", "web-1", "--parallel", "0", "--", "true"],
        &["run", "web-1", "--timeout", "0", "--", "true"],
        &["run", "web-1", "--via", "ssh", "--", "true"],
    ] {
        let ran = text(&bench, words);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{words:?}");
    }
    bench.settings(&format!("{SETTINGS}require_reason = true\n"));
    assert_eq!(text(&bench, &["run", "web-1", "--", "true"]).code, 2);
    assert_eq!(called(&bench, "StartSession"), 0);
    let ran = text(
        &bench,
        &["run", "web-1", "--reason", "a ticket", "--", "true"],
    );
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(parameter(&bench, "Reason").contains("a ticket"));
    let long = "x".repeat(70_000);
    let ran = text(
        &bench,
        &["run", "web-1", "--reason", "r", "--", "echo", &long],
    );
    assert_eq!(ran.code, 2, "{}", said(&ran));
    assert!(said(&ran).contains("the limit is 65535"), "{}", said(&ran));
}

#[test]
fn a_document_of_another_kind_is_no_success() {
    let own =
        |name: &str| format!("{SETTINGS}\n[customers.acme.documents]\ncommand = \"{name}\"\n");
    let bench = granting(Bench::new(), &["AWS-StartInteractiveCommand"]);
    bench.settings(&own("AWS-StartInteractiveCommand"));
    let ran = text(&bench, &["run", "web-1", "--", "true"]);
    assert_eq!(ran.code, 255, "{ran:?}");
    assert!(
        said(&ran).contains("hint: the session document does not take these parameters"),
        "{ran:?}"
    );

    // One that takes them, and keeps its streams together all the same.
    bench.sandbox.world(|world| {
        let mut document = world
            .document("AWS-StartNonInteractiveCommand")
            .unwrap()
            .clone();
        document.name = "Acme-Command".to_owned();
        document.properties.retain(|(name, _)| name == "commands");
        world.documents.push(document);
    });
    let bench = granting(bench, &["Acme-Command"]);
    bench.settings(&own("Acme-Command"));
    let ran = text(&bench, &["run", "web-1", "--", "echo", "out"]);
    assert_eq!((ran.code, ran.stdout.as_str()), (255, "out\n"), "{ran:?}");
    assert!(
        said(&ran).contains(
            "without the command's exit status: the session document Acme-Command may not separate"
        ),
        "{ran:?}"
    );
}

#[test]
fn an_agent_with_a_handshake_or_trouble_on_the_way_changes_nothing() {
    let bench = granting(
        Bench::with(Options {
            handshake: true,
            ..Options::default()
        }),
        &["AWS-StartNonInteractiveCommand"],
    );
    bench.sandbox.channels().faults().double_outputs(3);
    bench.sandbox.channels().faults().swap_outputs(2);
    let script = "for i in 1 2 3 4 5 6; do echo $i; sleep 0.05; done; exit 3";
    let ran = text(&bench, &["run", "web-1", "--", "sh", "-c", script]);
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (3, "1\n2\n3\n4\n5\n6\n"),
        "{ran:?}"
    );
}
