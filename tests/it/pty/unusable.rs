//! Plugins that are refused, before any session is started.

use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use vendor_ssm_sandbox::plugin::Script;

use super::plugin::{configure, installed};
use crate::harness::terminal::{PROMPT, Terminal, WEB_1, called};
use crate::harness::{is_windows, run};

/// What is done to an installed plugin.
type Change = Box<dyn Fn(&Path)>;

#[test]
fn an_unusable_plugin_is_refused_before_a_session_is_started() {
    let version = |version: &str| Script {
        version: version.to_owned(),
        ..Script::default()
    };
    let hanging = Script {
        version_delay: 60_000,
        ..Script::default()
    };
    let good = Script::default();
    let mode = |mode: u32| move |file: &Path| chmod(file, mode);
    let cases: [(Script, Change, &str); 9] = [
        (
            version("1.2.535.0"),
            Box::new(|_| ()),
            "has version 1.2.535.0",
        ),
        (
            version("1.2.764.0-dev"),
            Box::new(|_| ()),
            "is not a version",
        ),
        (version(""), Box::new(|_| ()), "is not a version"),
        (hanging, Box::new(|_| ()), "did not answer within 5 s"),
        (good.clone(), Box::new(mode(0o644)), "is not executable"),
        (good.clone(), Box::new(mode(0o775)), "other users can write"),
        (
            good.clone(),
            Box::new(|file| chmod(file.parent().unwrap(), 0o777)),
            "other users can write",
        ),
        (
            good.clone(),
            Box::new(|file| std::fs::remove_file(file).unwrap()),
            "(os error 2)",
        ),
        (
            good,
            Box::new(|file| {
                std::fs::remove_file(file).unwrap();
                std::fs::create_dir(file).unwrap();
            }),
            "it is not a file",
        ),
    ];
    for (script, change, why) in cases {
        if is_windows() && ["is not executable", "other users can write"].contains(&why) {
            // Windows has no modes.
            continue;
        }
        let it = installed(&script);
        // A file of its own: the executable is shared by hard links.
        let path = it.plugin.path();
        let copy = it.folder.path().join("copy");
        std::fs::copy(&path, &copy).unwrap();
        std::fs::rename(&copy, &path).unwrap();
        change(&path);
        let ran = it.bench.run(&format!("connect {WEB_1} --client plugin"));
        assert_eq!(ran.code, 11, "{ran:?}");
        assert!(
            ran.stderr.contains("\nerror[plugin]:") && ran.stderr.contains(why),
            "{why}: {ran:?}"
        );
        assert!(ran.stderr.contains("hint:"), "{ran:?}");
        assert_eq!(called(&it.bench, "StartSession"), 0);
        assert!(!it.plugin.ran());
    }
}

fn chmod(file: &Path, mode: u32) {
    std::fs::set_permissions(file, std::fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn auto_goes_without_a_plugin_that_cannot_be_used() {
    let it = installed(&Script::default());
    configure(&it.bench, Path::new("/nowhere/session-manager-plugin"));
    let mut terminal = Terminal::run(&it.bench, &format!("connect {WEB_1}"));
    terminal.shows(PROMPT.trim_end());
    terminal.types("exit\r");
    assert_eq!(terminal.ends().code, 0);
    // The script that starts wine is in search of its shell.
    let path = if is_windows() {
        "/usr/bin:/bin"
    } else {
        "/nowhere"
    };
    let ran = run(it
        .bench
        .command(["connect", WEB_1, "--dry-run", "--output", "json"])
        .env("PATH", path));
    assert_eq!(ran.json()["client"], "builtin");
    assert!(!it.plugin.ran());
}
