//! What Cargo.toml, packaging/ and tests/package say of the packages is so.
//! `tests/package` itself builds and tries them, which takes too long for here.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// What `tests/package` makes before it makes the packages.
const MADE: &str = "target/package-files/";

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn text(name: &str) -> String {
    std::fs::read_to_string(top().join(name)).unwrap()
}

fn toml(name: &str) -> toml::Table {
    text(name).parse().unwrap()
}

/// The files that a package carries: where each is, and where it goes.
fn assets(packager: &str) -> Vec<(String, String)> {
    let manifest = toml("Cargo.toml");
    let assets = &manifest["package"]["metadata"][packager]["assets"];
    assets
        .as_array()
        .unwrap()
        .iter()
        .map(|asset| {
            let part = |place: usize, name: &str| {
                let part = asset.get(place).or_else(|| asset.get(name));
                part.and_then(toml::Value::as_str).unwrap().to_owned()
            };
            (part(0, "source"), part(1, "dest"))
        })
        .collect()
}

fn both() -> [(&'static str, Vec<(String, String)>); 2] {
    ["deb", "generate-rpm"].map(|packager| (packager, assets(packager)))
}

/// The names in a folder that such a path means. Its last part may be `*.*`, `*.1` or a name.
fn named(pattern: &str) -> Vec<String> {
    let (folder, name) = pattern.rsplit_once('/').unwrap_or((".", pattern));
    let ending = name
        .strip_prefix('*')
        .map(|ending| ending.trim_end_matches('*'));
    let mut names: Vec<String> = std::fs::read_dir(top().join(folder))
        .unwrap()
        .map(|entry| entry.unwrap())
        .filter(|entry| entry.file_type().unwrap().is_file())
        .map(|entry| entry.file_name().into_string().unwrap())
        .filter(|found| match ending {
            Some(ending) => found.contains(ending),
            None => found == name,
        })
        .collect();
    names.sort();
    names
}

#[test]
fn each_file_of_the_packages_is_there() {
    for (packager, assets) in both() {
        for (source, _) in assets {
            assert!(
                source.starts_with(MADE) || !named(&source).is_empty(),
                "{packager} names {source}"
            );
        }
    }
}

#[test]
fn both_packages_carry_everything() {
    for (packager, assets) in both() {
        let carried: BTreeSet<String> = assets
            .iter()
            .flat_map(|(source, _)| match source.strip_prefix(MADE) {
                Some(made) => vec![made.replace("-gz", "").replace(".gz", "")],
                None => match source.rsplit_once('/') {
                    Some((folder, _)) => named(source)
                        .into_iter()
                        .map(|name| format!("{folder}/{name}"))
                        .collect(),
                    None => vec![source.clone()],
                },
            })
            .filter(|source| !source.starts_with("packaging/"))
            .collect();
        let mut expected: BTreeSet<String> = [
            "linux/vendor-ssm",
            "man/*.1",
            "THIRD-PARTY-LICENSES.txt",
            "LICENSE-APACHE",
            "LICENSE-MIT",
            "README.md",
            "CHANGELOG.md",
        ]
        .map(str::to_owned)
        .into();
        for folder in ["completions", "docs", "docs/schemas"] {
            let names = named(&format!("{folder}/*"));
            expected.extend(names.into_iter().map(|name| format!("{folder}/{name}")));
        }
        assert_eq!(carried, expected, "{packager}");
    }
}

/// Shells look for their scripts in these folders.
#[test]
fn completions_are_where_the_shells_look() {
    let place = |packager: &str, script: &str| {
        let source = format!("completions/{script}");
        let found = assets(packager).into_iter().find(|asset| asset.0 == source);
        found.unwrap().1
    };
    for packager in ["deb", "generate-rpm"] {
        let at = |script: &str| place(packager, script).trim_start_matches('/').to_owned();
        assert_eq!(
            at("vendor-ssm.bash"),
            "usr/share/bash-completion/completions/vendor-ssm"
        );
        assert_eq!(
            at("vendor-ssm.fish"),
            "usr/share/fish/vendor_completions.d/"
        );
    }
    assert_eq!(
        place("deb", "_vendor-ssm"),
        "usr/share/zsh/vendor-completions/"
    );
    assert_eq!(
        place("generate-rpm", "_vendor-ssm"),
        "/usr/share/zsh/site-functions/"
    );
}

#[test]
fn the_licences_are_those_that_the_crates_may_have() {
    let names = |licences: &toml::Value| -> BTreeSet<String> {
        let licences = licences.as_array().unwrap().iter();
        licences
            .map(|name| name.as_str().unwrap().to_owned())
            .collect()
    };
    assert_eq!(
        names(&toml("packaging/about.toml")["accepted"]),
        names(&toml("deny.toml")["licenses"]["allow"])
    );
    for (text, words) in [
        (text("LICENSE-MIT"), "Permission is hereby granted"),
        (text("LICENSE-APACHE"), "Version 2.0, January 2004"),
        (
            text("packaging/debian/copyright"),
            "License: MIT or Apache-2.0",
        ),
    ] {
        assert!(text.contains(words), "{words}");
    }
}

/// The program is linked for a libc, and the .deb requires it.
#[test]
fn the_deb_requires_the_libc_that_the_program_is_built_for() {
    let script = text("tests/package");
    let glibc = script.lines().find_map(|line| line.strip_prefix("glibc="));
    let manifest = toml("Cargo.toml");
    assert_eq!(
        manifest["package"]["metadata"]["deb"]["depends"].as_str(),
        Some(format!("libc6 (>= {})", glibc.unwrap()).as_str())
    );
}

/// `cargo install vendor-ssm` unpacks this, and nothing that only tests need.
#[test]
fn the_crate_has_the_program_and_its_docs() {
    let listed = Command::new(env!("CARGO"))
        .args([
            "package",
            "--list",
            "--offline",
            "--locked",
            "--allow-dirty",
        ])
        .current_dir(top())
        .output()
        .unwrap();
    assert!(listed.status.success(), "{listed:?}");
    let listed = String::from_utf8(listed.stdout).unwrap();
    let listed: BTreeSet<&str> = listed
        .lines()
        .filter_map(|path| path.split(['/', '\\']).next())
        // It is there in a clone, not in an unpacked archive.
        .filter(|path| *path != ".cargo_vcs_info.json")
        .collect();
    let expected = [
        "CHANGELOG.md",
        "CONTRIBUTING.md",
        "Cargo.lock",
        "Cargo.toml",
        "Cargo.toml.orig",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "SECURITY.md",
        "completions",
        "docs",
        "src",
    ];
    assert_eq!(listed, expected.into());
}
