//! What a system does in its own way is under src/platform, and nowhere else.

use std::collections::BTreeSet;

use super::{Source, sources};

/// Files outside of platform that name one system: the kernel's keyring is Linux's alone.
const NAMES_A_SYSTEM: [&str; 1] = ["identity/store/mod.rs"];

/// Files outside of platform/windows with `unsafe` in them.
const UNSAFE: [&str; 4] = [
    "platform/unix/becoming.rs",
    "platform/unix/child.rs",
    "platform/unix/signals.rs",
    "platform/unix/watcher.rs",
];

/// What std and crates have for one system alone.
const OF_ONE_SYSTEM: [&str; 15] = [
    "os::fd",
    "os::linux",
    "os::macos",
    "os::unix",
    "os::windows",
    "signal::unix",
    "signal::windows",
    "net::Unix",
    "net::windows",
    "rustix",
    "libc::",
    "nix::",
    "windows_sys",
    "filedescriptor",
    "dunce",
];

/// A file without its test modules: they may be for one system alone.
fn product(text: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut kept = Vec::new();
    let mut at = 0;
    while at < lines.len() {
        let mut attributes = lines[at..].iter().take_while(|line| line.starts_with("#["));
        let is_for_tests = attributes
            .any(|line| line.starts_with("#[cfg(") && words(line).any(|word| word == "test"));
        if !is_for_tests {
            kept.push(lines[at]);
            at += 1;
            continue;
        }
        while at < lines.len() && lines[at].starts_with("#[") {
            at += 1;
        }
        // Tests are last in their file, and may hold any text.
        if lines[at].contains("mod ") && lines[at].ends_with('{') {
            break;
        }
        // The item ends at the first line that closes it, at the margin.
        while at < lines.len() && !lines[at].ends_with(';') && lines[at] != "}" {
            at += 1;
        }
        at += 1;
    }
    kept.join("\n")
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|character: char| !character.is_alphanumeric() && character != '_')
}

/// What is in the brackets of every `cfg(…)`, `cfg!(…)` and `cfg_attr(…)`.
fn conditions(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    for opening in ["cfg(", "cfg!(", "cfg_attr("] {
        for (at, _) in text.match_indices(opening) {
            let rest = &text[at + opening.len()..];
            let mut depth = 1;
            let end = rest.find(|character| {
                match character {
                    '(' => depth += 1,
                    ')' => depth -= 1,
                    _ => {}
                }
                depth == 0
            });
            found.push(&rest[..end.unwrap_or(rest.len())]);
        }
    }
    found
}

/// The product's files outside of platform.
fn outside() -> Vec<Source> {
    let outside: Vec<Source> = sources()
        .into_iter()
        .filter(|source| !["platform", "fuzzing"].contains(&source.area()))
        .map(|source| Source {
            text: product(&source.text),
            path: source.path,
        })
        .collect();
    assert!(outside.len() > 100, "only {} files", outside.len());
    outside
}

#[test]
fn only_platform_knows_of_systems() {
    let mut wrong = BTreeSet::new();
    for source in outside() {
        for condition in conditions(&source.text) {
            for word in words(condition) {
                if ["unix", "windows", "target_family"].contains(&word) {
                    wrong.insert(format!("src/{}: cfg of {word}", source.path));
                }
                if word == "target_os" && !NAMES_A_SYSTEM.contains(&source.path.as_str()) {
                    wrong.insert(format!("src/{}: cfg of {word}", source.path));
                }
            }
        }
        for name in OF_ONE_SYSTEM {
            if source.text.contains(name) {
                wrong.insert(format!("src/{}: {name}", source.path));
            }
        }
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
    let sources = outside();
    for named in NAMES_A_SYSTEM {
        let source = sources.iter().find(|source| source.path == named).unwrap();
        assert!(source.text.contains("target_os"), "src/{named} names none");
    }
}

/// The line of every `unsafe`, and whether it opens a block or an `impl`.
fn unsafe_lines(text: &str) -> Vec<(usize, bool)> {
    let mut found = Vec::new();
    for (at, line) in text.lines().enumerate() {
        let is_comment = line.trim_start().starts_with("//");
        let opens = ["unsafe {", "unsafe impl"];
        let is_said_of = ["unsafe fn", "unsafe extern", "#[unsafe("];
        if is_comment {
        } else if opens.iter().any(|open| line.contains(open)) {
            found.push((at, true));
        } else if is_said_of.iter().any(|word| line.contains(word)) {
            found.push((at, false));
        }
    }
    found
}

#[test]
fn unsafe_is_in_these_files_and_says_why_it_is_sound() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut naming = BTreeSet::new();
    let mut seen = 0;
    for source in sources() {
        // With its comments, which `sources` leaves out.
        let text = std::fs::read_to_string(root.join(&source.path)).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for (at, opens) in unsafe_lines(&text) {
            seen += 1;
            naming.insert(source.path.clone());
            // The comment is above the statement, which may have begun some lines before.
            let says_why = lines[at.saturating_sub(10)..at]
                .iter()
                .any(|line| line.contains("// SAFETY:"));
            assert!(
                says_why || !opens,
                "src/{}:{}: no // SAFETY:",
                source.path,
                at + 1
            );
        }
    }
    assert!(seen > 10, "only {seen} were read");
    naming.retain(|path| !path.starts_with("platform/windows/"));
    let named: Vec<&str> = naming.iter().map(String::as_str).collect();
    assert_eq!(named, UNSAFE);
}

#[test]
fn platform_reads_no_environment() {
    for source in sources() {
        if source.area() != "platform" {
            continue;
        }
        for reader in [
            "env::",
            "getenv",
            "GetEnvironment",
            "ExpandEnvironment",
            "environ(",
        ] {
            assert!(
                !source
                    .text
                    .replace("std::env::split_paths", "")
                    .contains(reader),
                "src/{} names {reader}: what it needs comes with Os",
                source.path
            );
        }
    }
}

/// The names that a line gives to the crate: `fn`, `struct` and so on, or those of a `use`.
fn named(line: &str) -> Vec<String> {
    let Some(rest) = line.trim_start().strip_prefix("pub(crate) ") else {
        return Vec::new();
    };
    if let Some(used) = rest.strip_prefix("use ") {
        let list = used.rsplit("::").next().unwrap_or_default();
        let names = match used.split_once('{') {
            Some((_, group)) => group,
            None => list,
        };
        return names
            .split(',')
            .map(|name| name.rsplit(" as ").next().unwrap_or_default())
            .map(|name| name.trim_matches(|c: char| !c.is_alphanumeric() && c != '_'))
            .filter(|name| !name.is_empty())
            .map(str::to_owned)
            .collect();
    }
    let kinds = [
        "async", "const", "unsafe", "static", "fn", "struct", "enum", "type", "trait", "mod",
    ];
    words(rest)
        .find(|word| !word.is_empty() && !kinds.contains(word))
        .map(str::to_owned)
        .into_iter()
        .collect()
}

/// What a system's folder gives to the crate: its own names, and those in its public modules.
fn given(sources: &[Source], system: &str) -> BTreeSet<String> {
    let text = |path: &str| {
        let one = sources.iter().find(|source| source.path == path)?;
        let mut joined = String::new();
        let mut is_use = false;
        for line in product(&one.text).lines() {
            // A `use` of several lines becomes one.
            is_use = (is_use || line.starts_with("pub(crate) use ")) && !line.ends_with(';');
            joined += line;
            joined.push(if is_use { ' ' } else { '\n' });
        }
        Some(joined)
    };
    let top = text(&format!("platform/{system}/mod.rs")).unwrap();
    let mut found = BTreeSet::new();
    for line in top.lines() {
        let names = named(line);
        let Some(module) = line
            .strip_prefix("pub(crate) mod ")
            .and_then(|rest| rest.strip_suffix(';'))
        else {
            found.extend(names);
            continue;
        };
        let inner = text(&format!("platform/{system}/{module}.rs"))
            .or_else(|| text(&format!("platform/{system}/{module}/mod.rs")))
            .unwrap();
        let items = inner.lines().flat_map(named);
        found.extend(items.map(|name| format!("{module}::{name}")));
    }
    found
}

#[test]
fn both_systems_have_the_same_items() {
    let sources = sources();
    let unix = given(&sources, "unix");
    let windows = given(&sources, "windows");
    assert!(unix.len() > 30, "only {unix:#?}");
    let alone: Vec<&String> = unix.symmetric_difference(&windows).collect();
    assert!(alone.is_empty(), "on one system alone: {alone:#?}");
}

#[test]
fn a_file_s_tests_are_left_out_and_conditions_are_read() {
    let text = "#[cfg(any(unix, windows))]\nfn one() {}\n\n#[cfg(unix)]\n#[cfg(test)]\nfn two() {\n}\n\
        fn three() -> bool { cfg!(not(windows)) }\n#[cfg(test)]\nmod tests {\n cfg!(unix)\n}\n";
    let product = product(text);
    assert!(
        product.contains("one") && product.contains("three"),
        "{product}"
    );
    assert!(
        !product.contains("two") && !product.contains("tests"),
        "{product}"
    );
    assert_eq!(conditions(&product), ["any(unix, windows)", "not(windows)"]);
    let line = "pub(crate) use files::{One, two as three};";
    assert_eq!(named(line), ["One", "three"]);
    assert_eq!(named("    pub(crate) async fn four(&self) {"), ["four"]);
}
