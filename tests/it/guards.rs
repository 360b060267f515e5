//! The guards `confirm` and `require_reason`.

use crate::harness::terminal::Terminal;
use crate::harness::{Bench, SETTINGS, own_reason, run};

fn guarded(guard: &str) -> Bench {
    let bench = Bench::new();
    bench.settings(&format!("{SETTINGS}{guard} = true\n"));
    bench
}

/// The reasons that StartSession was given, each with a nonce behind it.
fn reasons(bench: &Bench) -> Vec<Option<String>> {
    bench
        .sandbox
        .trail()
        .iter()
        .filter(|event| event.action == "StartSession")
        .map(|event| own_reason(&event.parameters["Reason"]))
        .collect()
}

fn is_untouched(bench: &Bench) -> bool {
    bench.sandbox.trail().is_empty()
}

#[test]
fn a_required_reason_that_is_missing_is_a_wrong_command_line() {
    let bench = guarded("require_reason");
    for line in [
        "connect web-1",
        "connect web-1 --no-input",
        "connect web-1 --error-format text",
    ] {
        let ran = bench.run(line);
        assert_eq!(ran.code, 2, "{ran:?}");
        assert_eq!(
            ran.stderr,
            "error[usage]: acme requires a reason for each session\n  \
             hint: pass --reason TEXT\n"
        );
    }
    for reason in ["", " ", &"x".repeat(227)] {
        let ran = run(&mut bench.command(["connect", "web-1", "--reason", reason]));
        assert_eq!(ran.code, 2, "{ran:?}");
        let is_long = ran.stderr.contains("more than 226 characters");
        assert_eq!(is_long, reason.len() == 227, "{ran:?}");
    }
    assert!(is_untouched(&bench));
    let longest = "é".repeat(226);
    let ran = run(&mut bench.command(["connect", "web-1", "--reason", &longest]));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(reasons(&bench), [Some(longest)]);
}

#[test]
fn a_reason_with_control_characters_is_a_wrong_command_line() {
    let bench = guarded("require_reason");
    bench.grant(&[
        "AWS-StartNonInteractiveCommand",
        "AWS-StartPortForwardingSession",
        "AWS-StartSSHSession",
    ]);
    for control in [
        "\u{1b}", "\n", "\r", "\t", "\u{7f}", "\u{9b}", "\u{2028}", "\u{202e}",
    ] {
        let reason = format!("ticket{control}7");
        let code = format!("U+{:04X}", u32::from(control.chars().next().unwrap()));
        for line in [
            "connect web-1",
            "run web-1",
            "forward web-1 -L 0:80",
            "proxy web-1",
        ] {
            let mut command = bench.command(line.split(' '));
            command.args(["--reason", &reason]);
            if line.starts_with("run") {
                command.args(["--", "true"]);
            }
            let ran = run(&mut command);
            assert_eq!(ran.code, 2, "{line} {control:?}: {ran:?}");
            assert!(ran.stderr.contains(&code), "{ran:?}");
        }
        // At either end it would be invisible, and it is not taken away silently.
        let mut command = bench.command([
            "connect",
            "web-1",
            "--reason",
            &format!("{reason}{control}"),
        ]);
        assert_eq!(run(&mut command).code, 2);
        let mut command = bench.command(["connect", "web-1"]);
        let ran = run(command.env("VENDOR_SSM_REASON", &reason));
        assert_eq!(ran.code, 2, "{ran:?}");
        assert!(ran.stderr.contains(&code), "{ran:?}");
    }
    assert!(is_untouched(&bench));
}

#[test]
fn a_control_character_in_a_typed_reason_opens_nothing() {
    let bench = guarded("require_reason");
    let mut terminal = Terminal::run(&bench, "connect web-1");
    terminal.shows("reason for the session on acme:");
    // Ctrl-V takes the next key as it is.
    terminal.types("ticket\u{16}\u{1b}7\r");
    let ended = terminal.ends();
    assert_eq!(ended.code, 2, "{}", ended.screen);
    assert!(ended.screen.contains("U+001B"), "{}", ended.screen);
    assert!(is_untouched(&bench));
}

#[test]
fn the_reason_reaches_start_session() {
    let bench = guarded("require_reason");
    let ran = bench.run_with_input("connect web-1 --reason ticket-4711", "exit\n");
    assert_eq!(ran.code, 0, "{ran:?}");
    let mut command = bench.command(["connect", "web-1"]);
    let ran = run(command.env("VENDOR_SSM_REASON", "from the environment"));
    assert_eq!(ran.code, 0, "{ran:?}");
    let mut command = bench.command(["connect", "web-1", "--reason", "the flag outranks"]);
    let ran = run(command.env("VENDOR_SSM_REASON", "from the environment"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(
        reasons(&bench),
        [
            Some("ticket-4711".to_owned()),
            Some("from the environment".to_owned()),
            Some("the flag outranks".to_owned())
        ]
    );
    assert!(bench.sandbox.open_sessions().is_empty());
}

#[test]
fn without_a_reason_the_nonce_alone_is_sent() {
    let bench = Bench::new();
    assert_eq!(bench.run("connect web-1").code, 0);
    assert_eq!(reasons(&bench), [None]);
}

#[test]
fn the_confirmation_needs_a_terminal_or_its_scripted_form() {
    let bench = guarded("confirm");
    let ran = bench.run("connect web-1");
    assert_eq!(ran.code, 60, "{ran:?}");
    assert_eq!(
        ran.stderr,
        "error[needs-terminal]: cannot ask for the confirmation: there is no terminal, or --no-input is set\n  \
         hint: in a script: `vendor-ssm connect -c acme --confirm acme TARGET`\n"
    );
    assert!(is_untouched(&bench));
    let ran = bench.run("connect web-1 --confirm acme");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(reasons(&bench).len(), 1);
    assert!(bench.sandbox.open_sessions().is_empty());
}

#[test]
fn a_confirmation_of_another_customer_is_declined_whether_asked_for_or_not() {
    for bench in [Bench::new(), guarded("confirm")] {
        let ran = bench.run("connect web-1 --confirm other");
        assert_eq!(ran.code, 61, "{ran:?}");
        assert_eq!(
            ran.stderr,
            "error[declined]: --confirm names other, but the session would be on acme\n"
        );
        assert!(is_untouched(&bench));
    }
}

#[test]
fn a_dry_run_opens_nothing() {
    let bench = guarded("confirm");
    let ran = bench.run("connect web-1 --dry-run --output json");
    assert_eq!(ran.code, 0, "{ran:?}");
    assert_eq!(
        ran.stdout,
        "{\"version\":1,\"customer\":\"acme\",\"region\":\"us-east-1\",\"instance_id\":\"i-0f3a91c27be45d806\",\
         \"name\":\"web-1\",\"document\":null,\"client\":\"builtin\",\"plugin_path\":null}\n"
    );
    assert!(reasons(&bench).is_empty());
}

#[test]
fn the_picker_needs_a_terminal() {
    let bench = Bench::new();
    let ran = bench.run("connect --error-format json");
    assert_eq!(ran.code, 60, "{ran:?}");
    let error = ran.error();
    assert_eq!(error["name"], "needs-terminal");
    assert_eq!(error["customer"], "acme");
    assert!(
        error["hint"]
            .as_str()
            .unwrap()
            .contains("vendor-ssm connect"),
        "{error}"
    );
    assert!(is_untouched(&bench));
}
