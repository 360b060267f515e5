//! `settings --aws-profile`: lines for `~/.aws/config`.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::harness::{Bench, Ran, SETTINGS, is_windows, native, program, program_file, run};

/// The profile that a copy or link of the program prints.
fn printed(bench: &Bench, own: &Path, line: &str) -> Ran {
    let mut command = Command::new(own);
    command
        .args(["settings", "--aws-profile"])
        .args(line.split_whitespace())
        .env_clear()
        .envs(bench.environment())
        .current_dir(bench.home());
    run(&mut command)
}

/// The words of its `credential_process`.
fn words(ran: &Ran) -> Vec<String> {
    let line = ran
        .stdout
        .lines()
        .find_map(|line| line.strip_prefix("credential_process = "));
    shlex::split(line.unwrap()).unwrap()
}

#[test]
fn the_profile_names_this_program_the_customer_and_the_settings() {
    let bench = Bench::new();
    let ran = printed(&bench, Path::new(program()), "");
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{ran:?}");
    let config = bench.config();
    let expected = format!(
        "[profile vendor-ssm-acme]\ncredential_process = {} credentials process -c acme --config {}\nregion = us-east-1\n",
        program_file(),
        native(&config)
    );
    assert_eq!(ran.stdout, expected);
    assert!(bench.sandbox.trail().is_empty());
    // Where vendor-ssm looks by itself, nothing needs to be said.
    let own = if is_windows() {
        "AppData/Roaming/vendor-ssm"
    } else {
        ".config/vendor-ssm"
    };
    let folder = bench.home().join(own);
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::rename(&config, folder.join("config.toml")).unwrap();
    let mut command = bench.command(["settings", "--aws-profile", "--profile", "my own"]);
    let ran = run(command.env("VENDOR_SSM_CONFIG", ""));
    assert_eq!(
        words(&ran)[1..],
        [
            "credentials",
            "process",
            "-c",
            "acme",
            "--profile",
            "my own"
        ]
    );
    let ran = bench.run("settings --aws-profile --output json");
    assert_eq!(ran.code, 2, "{ran:?}");
}

#[test]
fn a_profile_of_that_name_is_warned_of() {
    let bench = Bench::new();
    let config = bench.home().join("aws-config");
    std::fs::write(&config, "[profile vendor-ssm-acme]\nregion = us-east-1\n").unwrap();
    let mut command = bench.command(["settings", "--aws-profile"]);
    let ran = run(command.env("AWS_CONFIG_FILE", config));
    assert_eq!(ran.code, 0, "{ran:?}");
    assert!(ran.stderr.contains("already has a profile"), "{ran:?}");
}

#[test]
fn without_a_profile_in_the_settings_the_loop_is_warned_of() {
    let bench = Bench::new();
    let with = |keys: &str, settings: &str| {
        bench.settings(settings);
        let mut command = bench.command(["settings", "--aws-profile"]);
        let ran = run(command.env("AWS_ACCESS_KEY_ID", keys));
        assert_eq!(ran.code, 0, "{ran:?}");
        ran.stderr
    };
    let warned = with("", SETTINGS);
    assert!(warned.contains("AWS_PROFILE=vendor-ssm-acme"), "{warned}");
    assert_eq!(with("AKIAEXAMPLE", SETTINGS), "");
    let named = SETTINGS.replace("[vendor]", "[vendor]\nprofile = \"mine\"");
    assert_eq!(with("", &named), "");
}

#[test]
fn of_several_regions_the_first_is_named() {
    let bench = Bench::new();
    bench.settings(&SETTINGS.replace("[\"us-east-1\"]", "[\"eu-west-1\", \"us-east-1\"]"));
    let ran = bench.run("settings --aws-profile");
    assert!(ran.stdout.ends_with("region = eu-west-1\n"), "{ran:?}");
    assert!(ran.stderr.contains("acme has 2 regions"), "{ran:?}");
    let ran = bench.run("settings --aws-profile --region us-east-1");
    assert!(ran.stdout.ends_with("region = us-east-1\n"), "{ran:?}");
    assert_eq!(ran.stderr, "");
}

/// The program as it is started from a folder of this name.
fn in_folder(bench: &Bench, name: &str) -> PathBuf {
    let folder = bench.home().join(name);
    std::fs::create_dir(&folder).unwrap();
    let own = folder.join("vendor-ssm");
    // The kernel names the file of a hard link by its own path.
    if std::fs::hard_link(program(), &own).is_err() {
        std::fs::copy(program(), &own).unwrap();
    }
    own
}

#[test]
fn odd_paths_are_quoted_so_that_a_shell_finds_the_program() {
    let bench = Bench::new();
    for name in [
        "a b", "it's", "a #b", "a ;b", "$HOME", "`x`", "a\"b", "ä\\n",
    ] {
        let own = in_folder(&bench, name);
        let ran = printed(&bench, &own, "");
        assert_eq!(ran.code, 0, "{name}: {ran:?}");
        assert_eq!(words(&ran)[0], own.to_str().unwrap());
        let line = ran.stdout.lines().nth(1).unwrap();
        assert!(!line.contains(" #") && !line.contains(" ;"), "{line}");
        // The shell that most SDKs use finds it, with the settings too.
        let command = line.strip_prefix("credential_process = ").unwrap();
        let mut shell = Command::new("/bin/sh");
        shell
            .args(["-c", command])
            .env_clear()
            .envs(bench.environment());
        let ran = run(&mut shell);
        assert_eq!(ran.code, 0, "{name}: {ran:?}");
        assert_eq!(ran.json()["Version"], 1);
    }
    let own = in_folder(&bench, "a\nb");
    let ran = printed(&bench, &own, "");
    assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{ran:?}");
}

#[test]
fn a_link_on_the_path_outlives_an_update() {
    let bench = Bench::new();
    let real = in_folder(&bench, "version-1");
    let folder = bench.home().join("bin");
    std::fs::create_dir(&folder).unwrap();
    let link = folder.join("vendor-ssm");
    std::os::unix::fs::symlink(&real, &link).unwrap();
    let mut command = Command::new(&link);
    command
        .args(["settings", "--aws-profile"])
        .env_clear()
        .envs(bench.environment())
        .env("PATH", &folder);
    let ran = run(&mut command);
    assert_eq!(words(&ran)[0], link.to_str().unwrap());
}
