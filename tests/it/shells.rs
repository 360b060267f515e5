//! `completions`, `man` and help: they need no settings, no home and no network.

use std::path::Path;

use crate::harness::{Bench, Ran, run};

const COMMANDS: [&str; 17] = [
    "customer",
    "history",
    "kit",
    "sessions",
    "doctor",
    "forward",
    "proxy",
    "connect",
    "run",
    "list",
    "whoami",
    "login",
    "logout",
    "policy",
    "settings",
    "completions",
    "man",
];

/// A broken settings file, no home, nothing else.
fn bare(bench: &Bench, arguments: &[&str]) -> Ran {
    bench.settings("this is [no TOML");
    run(bench
        .command(arguments)
        .env_clear()
        .env("VENDOR_SSM_CONFIG", bench.config()))
}

#[test]
fn the_committed_completions_are_the_programs_own() {
    let bench = Bench::new();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    for (shell, file) in [
        ("bash", "vendor-ssm.bash"),
        ("zsh", "_vendor-ssm"),
        ("fish", "vendor-ssm.fish"),
        ("powershell", "_vendor-ssm.ps1"),
        ("elvish", "vendor-ssm.elv"),
    ] {
        let made = bare(&bench, &["completions", shell]);
        assert_eq!((made.code, made.stderr.as_str()), (0, ""), "{shell}");
        let committed = std::fs::read_to_string(folder.join(file)).unwrap_or_default();
        assert!(
            made.stdout == committed,
            "completions/{file} is not what `completions {shell}` prints"
        );
    }
}

#[test]
fn the_manual_has_a_page_for_each_command() {
    let bench = Bench::new();
    let ran = bare(&bench, &["man"]);
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    for command in COMMANDS {
        let title = format!(".TH vendor-ssm-{command} 1");
        assert!(ran.stdout.contains(&title), "{title}");
    }
}

#[test]
fn the_manual_prints_the_page_of_one_command_at_any_depth() {
    let bench = Bench::new();
    for (words, title, synopsis) in [
        (&["list"][..], "vendor-ssm-list", "vendor-ssm list"),
        (&["sessions"], "vendor-ssm-sessions", "vendor-ssm sessions"),
        (
            &["sessions", "list"],
            "vendor-ssm-sessions-list",
            "vendor-ssm sessions list",
        ),
    ] {
        let ran = bare(&bench, &[&["man"], words].concat());
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
        assert_eq!(ran.stdout.matches(".TH ").count(), 1, "{words:?}");
        let version = env!("CARGO_PKG_VERSION");
        let header = format!(".TH {title} 1  \"vendor-ssm {version}\" \n");
        assert!(ran.stdout.contains(&header), "{ran:?}");
        let page = ran.stdout.replace("\\-", "-");
        assert!(page.contains(&format!("\\fB{synopsis}\\fR")), "{page}");
        assert!(page.contains("\n  vendor-ssm "), "{page}");
    }
}

/// A package installs a page for each command, so no page may refer to another one.
#[test]
fn the_manual_refers_only_to_pages_that_it_has() {
    fn follow(bench: &Bench, words: &[&str]) -> usize {
        let ran = bare(bench, &[&["man"], words].concat());
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{words:?}");
        let page = ran.stdout.replace("\\-", "-");
        let page = page.split("\n.TH ").nth(1).unwrap();
        let own = [&["vendor-ssm"], words].concat().join("-");
        assert!(page.starts_with(&format!("{own} 1")), "{page}");
        let below = page
            .lines()
            .filter_map(|line| line.strip_prefix(&format!("{own}-"))?.strip_suffix("(1)"));
        let pages: usize = below
            .map(|word| follow(bench, &[words, &[word]].concat()))
            .sum();
        1 + pages
    }
    let pages = follow(&Bench::new(), &[]);
    assert!(pages > COMMANDS.len() + 10, "{pages} pages");
}

#[test]
fn the_manual_of_an_unknown_command_is_exit_2_with_the_near_names() {
    let bench = Bench::new();
    for (words, wrong, near) in [
        (&["lst"][..], "no command \"lst\"", "did you mean `list`?"),
        (
            &["sessions", "lst"],
            "no command \"sessions lst\"",
            "did you mean `list`?",
        ),
        (
            &["sessions", "frobnicate"],
            "no command \"sessions frobnicate\"",
            "the commands are list, terminate",
        ),
        (
            &["whoami", "frobnicate"],
            "no command \"whoami frobnicate\"",
            "`whoami` has no commands of its own",
        ),
    ] {
        let ran = bare(&bench, &[&["man"], words].concat());
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
        assert_eq!(
            ran.stderr,
            format!("error[usage]: {wrong}\n  hint: {near}\n")
        );
    }
}

#[test]
fn every_commands_help_is_there_with_broken_settings() {
    let bench = Bench::new();
    for command in COMMANDS {
        for help in [
            bare(&bench, &[command, "--help"]),
            bare(&bench, &["help", command]),
        ] {
            assert_eq!((help.code, help.stderr.as_str()), (0, ""), "{command}");
            assert!(
                help.stdout
                    .contains(&format!("Usage: vendor-ssm {command}")),
                "{help:?}"
            );
        }
    }
    let version = bare(&bench, &["--version"]);
    assert_eq!(
        version.stdout,
        concat!("vendor-ssm ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

#[test]
fn help_texts_begin_with_a_capital_and_end_without_a_full_stop() {
    let bench = Bench::new();
    for command in COMMANDS {
        let help = bare(&bench, &[command, "-h"]).stdout;
        let about = help.lines().next().unwrap();
        let texts = help
            .lines()
            .filter(|line| line.starts_with("  "))
            .filter_map(|line| line.trim().split_once("  "))
            .map(|(_, text)| text.trim())
            .chain([about]);
        for text in texts.filter(|text| !text.is_empty()) {
            let first = text.chars().next().unwrap();
            assert!(
                first.is_uppercase() || text.starts_with("--") || first == '[',
                "{command}: {text}"
            );
            assert!(!text.ends_with('.'), "{command}: {text}");
        }
    }
}
