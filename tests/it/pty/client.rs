//! Which client `--client auto` takes, and whether `connect`, `--dry-run` and `doctor` agree.

use vendor_ssm_sandbox::plugin::Script;

use super::plugin::{Installed, installed};
use crate::harness::terminal::{Terminal, WEB_1, called};
use crate::harness::{SETTINGS, native};

/// A stand-in of this version, and settings with this escape.
fn with(version: &str, escape: &str) -> Installed {
    let it = installed(&Script {
        version: version.to_owned(),
        ..Script::default()
    });
    let path = it.plugin.path();
    it.bench.settings(&format!(
        "{SETTINGS}\n[session]\nplugin_path = '{}'\nescape = \"{escape}\"\n",
        native(path)
    ));
    it
}

/// What the program says on a terminal if AWS's own SSM endpoint would be asked.
/// The sandbox has the roles alone.
fn says(it: &Installed, line: &str) -> String {
    let sts = it.bench.sandbox.endpoint();
    let more = [("AWS_ENDPOINT_URL", ""), ("AWS_ENDPOINT_URL_STS", &sts)];
    let ended = Terminal::with(&it.bench, line, 60, 200, &more).ends();
    ended
        .screen
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
}

fn dry_run(it: &Installed, flags: &str) -> String {
    says(it, &format!("connect {WEB_1} --dry-run {flags}"))
}

#[test]
fn auto_takes_what_aws_supports_and_says_with_v_what_it_passes_over() {
    for (version, flaw) in [
        ("1.2.536.0", Some("does not sign")),
        ("1.2.763.0", Some("does not sign")),
        ("1.2.764.0", None),
        ("1.2.835.0", None),
        ("1.2.889.0", Some("AWS withdrew this version")),
        ("1.2.896.0", None),
    ] {
        let it = with(version, "~");
        let said = dry_run(&it, "-v");
        let client = if flaw.is_some() {
            "client builtin"
        } else {
            "client plugin"
        };
        assert!(said.contains(client), "{version}: {said}");
        let path = native(it.plugin.path());
        assert_eq!(said.contains(&path), flaw.is_none(), "{version}: {said}");
        if let Some(flaw) = flaw {
            assert!(
                said.contains(&format!("session-manager-plugin {version}: ")),
                "{said}"
            );
            assert!(said.contains(flaw), "{version}: {said}");
        }
        assert!(!said.contains("warning:"), "{version}: {said}");
    }
}

#[test]
fn the_plugin_that_was_asked_for_is_taken_and_its_flaw_is_said_in_one_line() {
    for (version, warning) in [
        (
            "1.2.536.0",
            Some(
                "it does not sign its request for the data channel, and AWS supports 1.2.764.0 and later",
            ),
        ),
        ("1.2.764.0", None),
        ("1.2.889.0", Some("AWS withdrew this version")),
        ("1.2.896.0", None),
    ] {
        let it = with(version, "~");
        let said = dry_run(&it, "--client plugin");
        assert!(said.contains("client plugin"), "{version}: {said}");
        let whole = warning.map(|warning| {
            format!(
                "warning: session-manager-plugin {version}: {warning}; install 1.2.896.0 or later"
            )
        });
        match whole {
            Some(whole) => assert!(said.contains(&whole), "{version}: {said}"),
            None => assert!(!said.contains("warning:"), "{version}: {said}"),
        }
        // The same line before the session opens.
        let line = format!("connect {WEB_1} --client plugin");
        let ended = Terminal::with(&it.bench, &line, 24, 200, &[]).ends();
        assert_eq!(ended.code, 0, "{}", ended.screen);
        let count = ended
            .screen
            .matches("warning: session-manager-plugin")
            .count();
        assert_eq!(count, usize::from(warning.is_some()), "{}", ended.screen);
        assert_eq!(called(&it.bench, "StartSession"), 1);
    }
    let it = with("1.2.535.0", "~");
    let said = dry_run(&it, "--client plugin");
    assert!(
        said.contains("error[plugin]:") && said.contains("1.2.535.0"),
        "{said}"
    );
}

/// Of several that are installed, the first without a flaw is taken.
#[test]
fn a_withdrawn_plugin_does_not_hide_a_good_one() {
    let withdrawn = with("1.2.889.0", "~");
    let good = with("1.2.896.0", "~");
    good.bench.settings(SETTINGS);
    let folder = |it: &Installed| native(it.folder.path());
    let [first, second] = [&withdrawn, &good].map(|it| it.folder.path().display());
    let path = format!("{first}:{second}:/usr/bin:/bin");
    let sts = good.bench.sandbox.endpoint();
    let more = [
        ("PATH", path.as_str()),
        ("AWS_ENDPOINT_URL", ""),
        ("AWS_ENDPOINT_URL_STS", &sts),
    ];
    for flags in ["", "--client plugin"] {
        let line = format!("connect {WEB_1} --dry-run {flags}");
        let ended = Terminal::with(&good.bench, &line, 24, 200, &more).ends();
        let said = ended.screen;
        assert!(said.contains("plugin"), "{said}");
        assert!(
            !said.contains(&folder(&withdrawn)) && !said.contains("warning:"),
            "{said}"
        );
        // An installer's place on this machine would come first.
        let installed = said.contains("/sessionmanagerplugin/") || said.contains("/homebrew/");
        assert!(installed || said.contains(&folder(&good)), "{said}");
    }
}

#[test]
fn an_escape_that_the_plugin_does_not_have_is_the_builtin_clients() {
    for escape in ["^", "none"] {
        let it = with("1.2.896.0", escape);
        let said = dry_run(&it, "-v");
        assert!(said.contains("client builtin"), "{escape}: {said}");
        let why = format!("session.escape is \"{escape}\"");
        assert!(said.contains(&why), "{escape}: {said}");
        let said = dry_run(&it, "--client plugin");
        assert!(said.contains("client plugin"), "{escape}: {said}");
    }
}

#[test]
fn doctor_tells_what_connect_would_do() {
    let check = |it: &Installed| {
        let sts = it.bench.sandbox.endpoint();
        let mut command = it.bench.command(["doctor", "--output", "json"]);
        command
            .env_remove("AWS_ENDPOINT_URL")
            .env("AWS_ENDPOINT_URL_STS", &sts)
            .env("AWS_ENDPOINT_URL_EC2", &sts)
            // Nothing of this test may reach AWS.
            .env("HTTPS_PROXY", "http://127.0.0.1:9");
        let said = crate::harness::run(&mut command).json();
        let checks = said["checks"].as_array().unwrap();
        checks
            .iter()
            .find(|check| check["name"] == "plugin")
            .unwrap()
            .clone()
    };
    for (version, escape, status, part) in [
        (
            "1.2.536.0",
            "~",
            "warning",
            "so the builtin client opens shells",
        ),
        ("1.2.764.0", "~", "ok", "which has no ~. to close a session"),
        ("1.2.835.0", "~", "ok", "version 1.2.835.0"),
        (
            "1.2.889.0",
            "~",
            "warning",
            "AWS withdrew this version, so the builtin client opens shells",
        ),
        (
            "1.2.896.0",
            "^",
            "ok",
            "the builtin client opens shells: session.escape is \"^\"",
        ),
    ] {
        let it = with(version, escape);
        let found = check(&it);
        assert_eq!(found["status"], status, "{found}");
        assert!(found["message"].as_str().unwrap().contains(part), "{found}");
        if status == "warning" {
            assert!(
                found["hint"].as_str().unwrap().contains("1.2.896.0"),
                "{found}"
            );
        }
    }
    // The sandbox's own SSM endpoint keeps the plugin out.
    let it = with("1.2.896.0", "~");
    let said = it.bench.run("doctor");
    let one_line = said.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(
        one_line.contains("the builtin client opens shells: the SSM endpoint is overridden"),
        "{said:?}"
    );
}
