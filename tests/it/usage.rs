//! Command lines that cannot be: exit 2, in text and in JSON, before settings are read.

use crate::harness::{Bench, Ran, run};

fn without_settings(bench: &Bench, arguments: &[&str]) -> Ran {
    let mut command = bench.command(arguments);
    run(command.env_remove("VENDOR_SSM_CONFIG").env_remove("HOME"))
}

#[test]
fn every_wrong_line_is_exit_2_in_text_and_json() {
    let bench = Bench::new();
    let lines: &[&[&str]] = &[
        &["frob"],
        &["lst"],
        &["list", "--frob"],
        &["list", "-q", "-v"],
        &["list", "--all-customers", "-c", "acme"],
        &["list", "--filter", "name"],
        &["list", "--output", "yaml"],
        &["list", "-c", ""],
        &["list", "--profile", ""],
        &["list", "--config", ""],
        &["list", "--region", ""],
        &["list", "--region", "nowhere"],
        &["connect", ""],
        &["connect", "a", "b"],
        &["connect", "a", "--confirm", ""],
        &["connect", "a", "--client", "ssh"],
        &["connect", "a", "--parameter", "x"],
        &["connect", "a", "--wait=soon"],
        &["completions"],
        &["completions", "cmd"],
        &["list", "--color", "blue"],
    ];
    for line in lines {
        let text = without_settings(&bench, line);
        assert_eq!((text.code, text.stdout.as_str()), (2, ""), "{line:?}");
        let mut said = text.stderr.lines();
        assert!(
            said.next().unwrap().starts_with("error[usage]: "),
            "{text:?}"
        );
        assert!(said.next().unwrap().starts_with("  hint: "), "{text:?}");
        assert_eq!(said.next(), None, "{text:?}");

        // Before the mistake, and after it, where clap no longer reads.
        let flags: &[&str] = &["--error-format", "json"];
        for line in [
            [flags, line].concat(),
            [&["--error-format=json"], *line].concat(),
            [*line, flags].concat(),
        ] {
            let json = without_settings(&bench, &line);
            assert_eq!((json.code, json.stdout.as_str()), (2, ""), "{line:?}");
            let error = json.error();
            assert_eq!(error["name"], "usage");
            assert_eq!(error["exit_code"], 2);
            assert_eq!(error["actor"], "you");
            let message = error["message"].as_str().unwrap();
            assert!(text.stderr.contains(message), "{message} in {text:?}");
        }
    }
    assert!(bench.sandbox.trail().is_empty());
}

#[test]
fn help_that_is_meant_for_the_command_is_no_help_of_run() {
    let bench = Bench::new();
    for (line, instead) in [
        ("run web-1 df -h", "vendor-ssm run web-1 -- df -h"),
        ("run web-1 df -hT /", "vendor-ssm run web-1 -- df -hT /"),
        (
            "run --timeout 5 web-1 systemctl --help -q",
            "vendor-ssm run --timeout 5 web-1 -- systemctl --help -q",
        ),
        (
            "-q run web-1 --timeout 5 ls -h /a",
            "vendor-ssm -q run web-1 --timeout 5 -- ls -h /a",
        ),
    ] {
        let words: Vec<&str> = line.split(' ').collect();
        let ran = without_settings(&bench, &words);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
        assert!(ran.stderr.starts_with("error[usage]: -"), "{ran:?}");
        assert!(
            ran.stderr
                .contains(&format!("  hint: run `{instead}`, or ")),
            "{ran:?}"
        );
        let json = without_settings(&bench, &[&["--error-format", "json"][..], &words].concat());
        assert_eq!(json.code, 2);
        assert_eq!(json.error()["name"], "usage");
    }
    for line in [
        "run -h",
        "run web-1 -h",
        "run web-1 --timeout 5 --help",
        "connect a --help",
    ] {
        let ran = without_settings(&bench, &line.split(' ').collect::<Vec<_>>());
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{line}");
        assert!(ran.stdout.contains("Usage: vendor-ssm "), "{line}");
    }
    let words = ["run", "web-1", "--", "true"];
    assert_ne!(without_settings(&bench, &words).code, 0);
}

#[test]
fn no_command_is_help_for_people_and_an_error_for_programs() {
    let bench = Bench::new();
    let text = without_settings(&bench, &[]);
    assert_eq!((text.code, text.stdout.as_str()), (2, ""), "{text:?}");
    assert!(
        text.stderr.contains("Usage: vendor-ssm") && text.stderr.contains("connect"),
        "{text:?}"
    );
    let json = without_settings(&bench, &["--error-format", "json"]);
    assert_eq!(json.code, 2);
    assert_eq!(json.error()["name"], "usage");
}

#[test]
fn a_filter_that_is_none_and_a_customer_that_is_not_there() {
    let bench = Bench::new();
    let filter = bench.run("list --filter colour=red");
    assert_eq!(filter.code, 2, "{filter:?}");
    let customer = bench.run("list -c nobody");
    assert_eq!(customer.code, 2, "{customer:?}");
    assert!(customer.stderr.contains("acme"), "{customer:?}");
    let json = bench.run("connect web-1 -c nobody --error-format json");
    assert_eq!(json.error()["customer"], "nobody");
    assert_eq!(json.error()["target"], "web-1");
}

#[test]
fn an_errors_json_has_every_key_in_its_order() {
    let bench = Bench::new();
    let ran = bench.run("connect nowhere --error-format json");
    assert_eq!(ran.code, 30);
    assert_eq!(
        ran.stderr,
        concat!(
            r#"{"version":1,"error":{"name":"no-match","exit_code":30,"actor":"you","retryable":false,"#,
            r#""step":"choice","customer":"acme","target":"nowhere","aws_code":null,"request_id":null,"#,
            r#""session_id":null,"session_state":null,"message":"no instance has the name \"nowhere\"","#,
            r#""hint":"`vendor-ssm list` shows the instances that carry your tag"}}"#,
            "\n"
        )
    );
    let missing = without_settings(
        &bench,
        &[
            "list",
            "--config",
            "/nowhere/at/all",
            "--error-format",
            "json",
        ],
    );
    assert_eq!(missing.code, 10);
    assert_eq!(missing.error()["step"], "settings");
}

#[test]
fn a_log_filter_that_is_none_is_said_and_passed_over() {
    let bench = Bench::new();
    let mut command = bench.command(["settings"]);
    let ran = run(command.env("VENDOR_SSM_LOG", "vendor_ssm=loud"));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(
        ran.stderr.starts_with("warning: ignoring VENDOR_SSM_LOG: "),
        "{ran:?}"
    );
}
