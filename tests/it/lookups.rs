//! `{{ssm:NAME}}` in the parameters of a session: the target's agent replaces it, or drops the
//! session.

use crate::harness::terminal::{WEB_1, called, none_open};
use crate::harness::{Bench, Ran};

/// A customer who grants the documents for commands, with and without a terminal.
fn bench() -> Bench {
    let bench = Bench::new();
    bench.grant(&[
        "AWS-StartNonInteractiveCommand",
        "AWS-StartInteractiveCommand",
    ]);
    bench
}

fn text(bench: &Bench, words: &[&str]) -> Ran {
    let ran = Ran::from(bench.command(words).output().unwrap());
    none_open(bench);
    ran
}

#[test]
fn run_refuses_what_the_agent_would_replace() {
    let bench = bench();
    let cases: [(&[&str], &str); 6] = [
        (&["echo", "{{ssm:greeting}}"], "{{ssm:greeting}}"),
        (
            &["sh", "-c", "echo it's {{ ssm:/a/b-c_d }}"],
            "{{ ssm:/a/b-c_d }}",
        ),
        (&["echo", "{{ssm-secure:key}}"], "{{ssm-secure:key}}"),
        (&["echo", "{{ssm:app.key:3}}"], "{{ssm:app.key:3}}"),
        (&["echo", "a", "x{{{ssm:b}}}y"], "{{ssm:b}}"),
        (
            &["awk", "BEGIN {{\n\tssm:x\n}}"],
            r"{{\u{a}\u{9}ssm:x\u{a}}}",
        ),
    ];
    for (words, found) in cases {
        let ran = text(&bench, &[&["run", "web-1", "--"], words].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
        for part in [
            "error[usage]: acme: i-0f3a91c27be45d806: the command cannot be sent: ",
            &format!("the target's agent replaces {found} in it with a value from Parameter Store"),
            "hint: pass --via shell",
            "base64 -d",
        ] {
            assert!(ran.stderr.contains(part), "{part}: {ran:?}");
        }
    }
    let words = [
        "run",
        "web-1",
        "--output",
        "json",
        "--",
        "echo",
        "{{ssm:x}}",
    ];
    let ran = text(&bench, &words);
    let result = ran.json()["results"][0].take();
    assert_eq!(ran.code, 2, "{ran:?}");
    assert_eq!(result["status"], "not-started");
    assert_eq!(result["error"]["name"], "usage");
    assert_eq!(result["instance_id"], WEB_1);
    assert_eq!(called(&bench, "StartSession"), 0);
}

#[test]
fn what_the_agent_leaves_alone_arrives_as_it_is() {
    let bench = bench();
    for word in [
        "{{ssm:}}",
        "{{ ssm: greeting }}",
        "{{ssm:it's}}",
        "{{ command }}",
        "{ {ssm:greeting}}",
    ] {
        let ran = text(&bench, &["run", "web-1", "--", "printf", "%s", word]);
        assert_eq!((ran.code, ran.stdout.as_str()), (0, word), "{ran:?}");
    }
    // No single word, and no match: there are quotes between them.
    let words = [
        "run",
        "web-1",
        "--",
        "printf",
        "%s %s",
        "{{",
        "ssm:greeting}}",
    ];
    assert_eq!(text(&bench, &words).stdout, "{{ ssm:greeting}}");
}

#[test]
fn a_shell_and_windows_take_it_as_it_is() {
    let bench = bench();
    let words = [
        "run",
        "web-1",
        "--via",
        "shell",
        "--",
        "echo",
        "{{ssm:greeting}}",
    ];
    let ran = text(&bench, &words);
    assert_eq!((ran.code, ran.stdout.as_str()), (0, "{{ssm:greeting}}\n"));
    let ran = text(
        &bench,
        &["run", "win-1", "--", "echo", "'{{ssm:greeting}}'"],
    );
    assert_eq!(
        (ran.code, ran.stdout.as_str()),
        (0, "{{ssm:greeting}}\r\n"),
        "{ran:?}"
    );
}

/// Opens a session with the document for interactive commands and this parameter.
fn connect(bench: &Bench, parameter: &str) -> Ran {
    let words = [
        "connect",
        "web-1",
        "--document",
        "AWS-StartInteractiveCommand",
    ];
    text(bench, &[&words[..], &["--parameter", parameter]].concat())
}

#[test]
fn connect_passes_a_lookup_on_and_warns() {
    let bench = bench();
    let ran = connect(&bench, "command=echo {{ssm:greeting}}");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stdout.contains("hello from the store\r\n"), "{ran:?}");
    let warning = "warning: the target's agent replaces {{ssm:greeting}} in the parameter command with a value from Parameter Store\n";
    assert!(ran.stderr.contains(warning), "{ran:?}");
}

#[test]
fn a_lookup_that_fails_is_named_when_the_session_does_not_open() {
    let bench = bench();
    let ran = connect(&bench, "command=echo {{ssm:nowhere}}");
    assert_eq!((ran.code, ran.stdout.as_str()), (50, ""), "{ran:?}");
    assert!(
        ran.stderr.contains("the target sent nothing for 20 s"),
        "{ran:?}"
    );
    assert!(
        ran.stderr.contains(
            "hint: the target's agent found no value for {{ssm:nowhere}} in the parameter command"
        ),
        "{ran:?}"
    );
    assert!(!ran.stderr.contains("hanging"), "{ran:?}");
    assert_eq!(called(&bench, "TerminateSession"), 1);
}
