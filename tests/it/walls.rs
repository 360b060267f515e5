//! Who may see whom under src/, read from the lines themselves; and no test file is forgotten.

mod circles;
mod platform;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use circles::{House, circles};

/// The stages, each of which may use those before it.
const STAGES: [&str; 6] = [
    "args",
    "settings",
    "identity",
    "inventory",
    "choice",
    "session",
];
/// What every stage may use beside them.
const COMMON: [&str; 11] = [
    "bounded",
    "platform",
    "private",
    "names",
    "os",
    "exit",
    "facts",
    "aws",
    "callbacks",
    "signals",
    "trust",
];

/// One file of the product without comments and tests.
struct Source {
    /// Its path under src/, with slashes.
    path: String,
    text: String,
}

impl Source {
    /// The first part of its module path.
    fn area(&self) -> &str {
        let first = self.path.split('/').next().unwrap();
        first.strip_suffix(".rs").unwrap_or(first)
    }

    /// How many `super::` lead from its module to the crate's root.
    fn depth(&self) -> usize {
        let parts = self.path.split('/').count();
        parts - usize::from(self.path.ends_with("/mod.rs"))
    }

    /// The modules of the crate's root that it names.
    fn uses(&self) -> BTreeSet<String> {
        let up = "super::".repeat(self.depth());
        let mut used = BTreeSet::new();
        for root in ["crate::", up.as_str()] {
            for (at, _) in self.text.match_indices(root) {
                // A longer run of supers is not from here.
                if self.text[..at].ends_with("::") {
                    continue;
                }
                let rest = &self.text[at + root.len()..];
                match rest.strip_prefix('{') {
                    Some(group) => used.extend(top_names(group)),
                    None => used.extend(name(rest)),
                }
            }
        }
        used.retain(|used| used != self.area() && used != "super");
        used
    }
}

/// The identifier that the text begins with.
fn name(text: &str) -> Option<String> {
    let end = text.find(|c: char| !c.is_alphanumeric() && c != '_')?;
    (end > 0).then(|| text[..end].to_owned())
}

/// The first parts of what a brace group names, up to its closing brace.
fn top_names(group: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 0;
    let mut expects = true;
    for (at, character) in group.char_indices() {
        match character {
            '{' => depth += 1,
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            ',' if depth == 0 => expects = true,
            c if depth == 0 && expects && c.is_alphabetic() => {
                names.extend(name(&group[at..]));
                expects = false;
            }
            _ => {}
        }
    }
    names
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    files(&root, &mut found);
    found
        .into_iter()
        .filter(|path| !path.ends_with("tests.rs"))
        .map(|path| {
            let text = std::fs::read_to_string(&path).unwrap();
            let product = text
                .split("#[cfg(test)]\nmod tests")
                .next()
                .unwrap()
                .split("#[cfg(test)]\npub(super) mod tests")
                .next()
                .unwrap()
                .lines()
                .filter(|line| !line.trim_start().starts_with("//"))
                .collect::<Vec<_>>()
                .join("\n");
            Source {
                path: path
                    .strip_prefix(&root)
                    .unwrap()
                    .components()
                    .map(|part| part.as_os_str().to_string_lossy())
                    .collect::<Vec<_>>()
                    .join("/"),
                text: product,
            }
        })
        .collect()
}

/// What an area may use; `None`: anything.
fn allowed(area: &str) -> Option<Vec<&'static str>> {
    if let Some(at) = STAGES.iter().position(|stage| *stage == area) {
        let mut allowed = [&STAGES[..at], &COMMON].concat();
        match area {
            // What was typed knows nothing but its names, and how long a socket's path may be.
            "args" => return Some(vec!["names", "platform"]),
            "session" => allowed.extend(["channel", "harden"]),
            _ => {}
        }
        return Some(allowed);
    }
    Some(match area {
        "dial" | "policy" => vec![],
        "channel" => vec!["dial"],
        "bounded" | "exit" | "harden" | "names" | "os" => vec!["platform"],
        "platform" => vec!["names", "os"],
        "trust" => vec!["names", "os", "platform"],
        "aws" => vec![
            "bounded", "dial", "names", "os", "exit", "platform", "settings",
        ],
        "private" => vec!["names", "os", "platform", "trust"],
        "callbacks" => vec!["exit", "signals"],
        "facts" => vec!["names", "exit", "aws"],
        "signals" => vec!["exit", "platform"],
        "kit" => vec!["names", "settings"],
        "error" => [&STAGES[1..], &COMMON, &["kit"]].concat(),
        "ui" => vec![
            "args",
            "os",
            "platform",
            "exit",
            "error",
            "callbacks",
            "signals",
            "inventory",
            "names",
        ],
        "log" => vec!["args", "os", "callbacks", "ui"],
        "usage" => vec!["args", "os", "exit", "error", "ui"],
        "commands" | "fuzzing" | "lib" | "main" => return None,
        unknown => panic!("{unknown} has no place in the house: give it one here"),
    })
}

#[test]
fn data_flows_one_way() {
    let mut seen = 0;
    for source in sources() {
        let Some(allowed) = allowed(source.area()) else {
            continue;
        };
        for used in source.uses() {
            seen += 1;
            assert!(
                allowed.contains(&used.as_str()),
                "src/{} uses {used}, and {} may use only {allowed:?}",
                source.path,
                source.area()
            );
        }
    }
    assert!(seen > 50, "only {seen} uses were read");
}

#[test]
fn no_file_names_one_that_names_it() {
    let sources = sources();
    let house = House::read(
        sources
            .iter()
            .map(|source| (source.path.as_str(), source.text.as_str())),
    );
    let edges = house.edges();
    let count: usize = edges.values().map(BTreeSet::len).sum();
    assert!(count > 500, "only {count} edges were read");
    let found = circles(&edges);
    let found: Vec<String> = found.iter().map(|circle| circle.join(" -> ")).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn only_these_files_name_these_libraries() {
    let walls: [(&[&str], &[&str]); 13] = [
        (&["aws_sdk_sts"], &["identity/assume.rs"]),
        (&["aws_sdk_ec2"], &["inventory/ec2.rs"]),
        (
            &["aws_sdk_ssm"],
            &[
                "inventory/ssm.rs",
                "session/service/describe.rs",
                "session/service/resume.rs",
                "session/service/start.rs",
                "session/service/terminate.rs",
                "session/service/wait.rs",
            ],
        ),
        (&["aws_sdk_kms"], &["session/link/encryption.rs"]),
        (&["ring::aead"], &["channel/crypto.rs"]),
        (
            &["ring::rand"],
            &[
                "channel/crypto.rs",
                "session/client/plugin/credentials_server.rs",
                "commands/customer/add.rs",
            ],
        ),
        (&["dialoguer"], &["choice/picker.rs"]),
        (
            &["keyring::", "keyring_core", "linux_keyutils_keyring_store"],
            // platform has a module with a name that ends so.
            &["identity/store/", "platform/"],
        ),
        (&["comfy_table"], &["ui/table.rs"]),
        (&["tokio_tungstenite"], &["channel/"]),
        (
            &["hyper::"],
            &["aws/pool.rs", "session/client/plugin/credentials_server.rs"],
        ),
        (&["saphyr"], &["policy/yaml.rs"]),
        (&["regex::"], &["kit/pattern.rs"]),
    ];
    let sources = sources();
    for (libraries, places) in walls {
        let naming: Vec<&Source> = sources
            .iter()
            .filter(|source| {
                libraries
                    .iter()
                    .any(|library| source.text.contains(library))
            })
            .collect();
        assert!(!naming.is_empty(), "nothing names {libraries:?}");
        for source in naming {
            assert!(
                places.iter().any(|place| source.path.starts_with(place)),
                "src/{} names {libraries:?}, which belongs to {places:?}",
                source.path
            );
        }
    }
}

#[test]
fn only_os_reads_the_environment_and_the_clock() {
    for source in sources() {
        for line in source.text.lines() {
            let environment = line
                .replace("std::env::split_paths", "")
                .replace("std::env::consts", "");
            let is_arguments = source.path == "main.rs" && line.contains("std::env::args_os");
            assert!(
                source.path == "os.rs"
                    || is_arguments
                    || !environment.contains("std::env")
                        && !environment.contains("SystemTime::now"),
                "src/{}: {line}",
                source.path
            );
        }
    }
}

#[test]
fn only_ui_writes_for_people() {
    for source in sources() {
        for writer in ["io::stdout()", "io::stderr()", "println!", "eprintln!"] {
            assert!(
                // The terminal checks, the shell's own bytes, and what a panic says.
                [
                    "ui/",
                    "os.rs",
                    "platform/",
                    "session/",
                    "choice/picker.rs",
                    "harden.rs"
                ]
                .iter()
                .any(|place| source.path.starts_with(place))
                    || !source.text.contains(writer),
                "src/{} names {writer}",
                source.path
            );
        }
    }
}

#[test]
fn what_is_pure_does_nothing() {
    let doing = [
        "std::fs",
        "std::process",
        "std::env",
        "tokio::",
        "async ",
        ".await",
        "stdout()",
        "stderr()",
        "stdin()",
        "Instant::now",
        "SystemTime::now",
    ];
    let sources = sources();
    for pure in [
        "identity/chain.rs",
        "choice/mod.rs",
        "aws/denial.rs",
        "aws/grant.rs",
        "ui/sanitize.rs",
        "names/mod.rs",
        "channel/wire.rs",
        "channel/flow.rs",
        "channel/smux.rs",
        "session/client/forward/carrier.rs",
        "session/client/plugin/hand_off.rs",
        "session/client/plugin/version.rs",
        "channel/input.rs",
        "channel/session_type.rs",
        "channel/handshake.rs",
        "channel/crypto.rs",
        "channel/vigil.rs",
    ] {
        let source = sources.iter().find(|one| one.path == pure).unwrap();
        for word in doing {
            assert!(!source.text.contains(word), "src/{pure} does {word}");
        }
    }
    for source in sources.iter().filter(|one| one.path.starts_with("policy/")) {
        for word in doing {
            assert!(
                !source.text.contains(word),
                "src/{} does {word}",
                source.path
            );
        }
    }
}

#[test]
fn no_test_file_is_forgotten() {
    for binary in ["it", "outside"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests")
            .join(binary);
        let main = std::fs::read_to_string(folder.join("main.rs")).unwrap();
        for entry in std::fs::read_dir(&folder).unwrap() {
            let name = entry.unwrap().file_name().into_string().unwrap();
            let module = name.strip_suffix(".rs").unwrap_or(&name);
            assert!(
                module == "main" || main.lines().any(|line| line == format!("mod {module};")),
                "tests/{binary}/{name} is not in tests/{binary}/main.rs"
            );
        }
    }
}
