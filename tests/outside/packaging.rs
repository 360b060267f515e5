//! packaging/fill and packaging/notes, as the release workflow runs them, on a made-up release.
//! Ruby reads the formula, and each sum stands beside its URL.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

const PACKAGES: [&str; 6] = [
    "vendor-ssm-1.2.3-aarch64-apple-darwin.tar.gz",
    "vendor-ssm-1.2.3-x86_64-apple-darwin.tar.gz",
    "vendor-ssm-1.2.3-x86_64-pc-windows-gnu.zip",
    "vendor-ssm-1.2.3-x86_64-unknown-linux-gnu.tar.gz",
    "vendor-ssm_1.2.3-1_amd64.deb",
    "vendor-ssm-1.2.3-1.x86_64.rpm",
];

fn top() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// A folder with these packages, each of which holds its own name, and their sums.
fn release(packages: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let mut sums = String::new();
    for package in packages {
        fs::write(folder.path().join(package), package).unwrap();
        writeln!(sums, "{}  {package}", sum(package)).unwrap();
    }
    fs::write(folder.path().join("SHA256SUMS"), sums).unwrap();
    folder
}

fn fill(tag: &str, repository: &str, folder: &Path) -> Output {
    Command::new(top().join("packaging/fill"))
        .args([tag, repository])
        .arg(folder)
        .output()
        .unwrap()
}

/// What another program says the sum of these bytes is.
fn sum(text: &str) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), text).unwrap();
    let program =
        "import hashlib, sys; print(hashlib.sha256(open(sys.argv[1], 'rb').read()).hexdigest())";
    let ran = Command::new("python3")
        .args(["-c", program])
        .arg(file.path())
        .output()
        .unwrap();
    String::from_utf8(ran.stdout).unwrap().trim().to_owned()
}

fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

#[test]
fn a_release_is_filled_in() {
    let folder = release(&PACKAGES);
    let ran = fill("v1.2.3", "example/vendor-ssm", folder.path());
    assert!(ran.status.success(), "{}", stderr(&ran));
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();

    let formula = read("vendor-ssm.rb");
    for (target, sum) in PACKAGES[..4].iter().map(|package| (package, sum(package))) {
        let of_windows = Path::new(target)
            .extension()
            .is_some_and(|ending| ending == "zip");
        let text = if of_windows {
            read("vendor-ssm.json")
        } else {
            formula.clone()
        };
        let url =
            format!("https://github.com/example/vendor-ssm/releases/download/v1.2.3/{target}");
        let at = text.find(&url).unwrap_or_else(|| panic!("{url}: {text}"));
        let found = text.find(&sum).unwrap_or_else(|| panic!("{sum}: {text}"));
        let line = text[..found].matches('\n').count() - text[..at].matches('\n').count();
        assert_eq!(line, 1, "the sum of {target} is not below its URL: {text}");
    }
    let ruby = Command::new("ruby")
        .args(["-w", "-c"])
        .arg(folder.path().join("vendor-ssm.rb"))
        .output()
        .unwrap();
    assert!(ruby.status.success(), "{}", stderr(&ruby));
    assert_eq!(stderr(&ruby), "");

    let manifest: Value = serde_json::from_str(&read("vendor-ssm.json")).unwrap();
    assert_eq!(manifest["version"], "1.2.3");
    assert_eq!(manifest["bin"], "vendor-ssm.exe");
    // The names that Scoop's schema.json allows and that are used here.
    let keys: Vec<&String> = manifest.as_object().unwrap().keys().collect();
    for key in keys {
        assert!(
            [
                "architecture",
                "autoupdate",
                "bin",
                "checkver",
                "description",
                "homepage",
                "license",
                "version"
            ]
            .contains(&key.as_str()),
            "{key}"
        );
    }
}

#[test]
fn a_release_that_lacks_a_package_is_refused() {
    for missing in &PACKAGES[..4] {
        let packages = PACKAGES.map(|package| {
            if package == *missing {
                "other"
            } else {
                package
            }
        });
        let folder = release(&packages);
        let ran = fill("v1.2.3", "example/vendor-ssm", folder.path());
        assert_eq!(ran.status.code(), Some(1));
        assert_eq!(
            stderr(&ran),
            format!("packaging/fill: SHA256SUMS has no {missing}\n")
        );
        assert!(!folder.path().join("vendor-ssm.rb").exists());
    }
}

#[test]
fn a_release_with_a_changed_package_is_refused() {
    let folder = release(&PACKAGES);
    fs::write(folder.path().join(PACKAGES[4]), "something else").unwrap();
    let ran = fill("v1.2.3", "example/vendor-ssm", folder.path());
    assert_eq!(ran.status.code(), Some(1));
    let error = stderr(&ran);
    assert!(error.contains("are not those of SHA256SUMS"), "{error}");
    assert!(!folder.path().join("vendor-ssm.rb").exists());
}

/// A person who may push a tag must not be able to write the formula.
#[test]
fn a_tag_or_a_repository_that_is_none_is_refused() {
    let folder = release(&PACKAGES);
    for (tag, repository) in [
        ("1.2.3", "example/vendor-ssm"),
        ("v1.2", "example/vendor-ssm"),
        ("v1.2.3\"; system(\"x", "example/vendor-ssm"),
        ("v1.2.3|e", "example/vendor-ssm"),
        ("v1.2.3", "vendor-ssm"),
        ("v1.2.3", "example/vendor-ssm/x"),
        ("v1.2.3", "example/vendor-ssm\"\nsystem"),
    ] {
        let ran = fill(tag, repository, folder.path());
        assert_eq!(ran.status.code(), Some(1), "{tag} {repository}");
        assert!(stderr(&ran).contains("is not"), "{}", stderr(&ran));
    }
}

/// packaging/notes reads the Cargo.toml and the changelog beside it: here, ones of the test.
fn notes(tag: &str, heading: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::create_dir(at("packaging")).unwrap();
    fs::copy(top().join("packaging/notes"), at("packaging/notes")).unwrap();
    let manifest = fs::read_to_string(top().join("Cargo.toml")).unwrap();
    let version = format!("version = \"{}\"", env!("CARGO_PKG_VERSION"));
    assert_eq!(manifest.matches(&format!("\n{version}\n")).count(), 1);
    fs::write(
        at("Cargo.toml"),
        manifest.replace(&version, "version = \"1.2.3\""),
    )
    .unwrap();
    let changelog = format!(
        "# Changelog\n\n{heading}\n\n### Added\n\n- This.\n\n## [1.2.2] - 2026-01-01\n\n- That.\n"
    );
    fs::write(at("CHANGELOG.md"), changelog).unwrap();
    Command::new(at("packaging/notes"))
        .arg(tag)
        .output()
        .unwrap()
}

#[test]
fn the_notes_are_the_changelog_s_entry() {
    let ran = notes("v1.2.3", "## [1.2.3] - 2026-11-28");
    assert!(ran.status.success(), "{}", stderr(&ran));
    assert_eq!(
        String::from_utf8(ran.stdout).unwrap(),
        "\n### Added\n\n- This.\n\n"
    );
}

#[test]
fn a_tag_of_another_version_or_one_without_a_date_is_refused() {
    for (tag, heading, why) in [
        ("v1.2.4", "## [1.2.3] - 2026-11-28", "does not fit version"),
        ("1.2.3", "## [1.2.3] - 2026-11-28", "does not fit version"),
        ("v1.2.3", "## [1.2.3] - Unreleased", "has no date"),
        ("v1.2.3", "## [1.3.0] - 2026-11-28", "has no entry"),
    ] {
        let ran = notes(tag, heading);
        assert_eq!(ran.status.code(), Some(1), "{tag} {heading}");
        assert!(stderr(&ran).contains(why), "{}", stderr(&ran));
        assert!(ran.stdout.is_empty());
    }
}
