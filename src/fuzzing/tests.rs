//! The fuzz targets over their seeds, and over seeds that were changed a little.

use std::path::{Path, PathBuf};

type Target = fn(&[u8]);

const TARGETS: [(&str, Target); 7] = [
    ("connect", super::connect),
    ("run", super::run),
    ("forward", super::forward),
    ("proxy", super::proxy),
    ("cache_entry", super::cache_entry),
    ("policy", super::policy),
    ("settings", super::settings),
];
/// How often each seed is changed.
const CHANGES: u64 = 8;
/// The most bytes of all seeds together.
const LARGEST: u64 = 200_000;

fn fuzz() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz")
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap();
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

/// The seed with some of its bytes changed, left out or repeated, always in the same way.
fn changed(seed: &[u8], number: u64) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    let mut state = number.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mut next = |below: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state >> 33).unwrap() % below.max(1)
    };
    for _ in 0..=next(4) {
        let at = next(bytes.len());
        match (next(3), bytes.get_mut(at)) {
            (0, Some(byte)) => *byte ^= 1 << next(8),
            (1, Some(_)) => {
                let end = bytes.len().min(at + 1 + next(8));
                bytes.drain(at..end);
            }
            (_, Some(_)) => {
                let repeated = bytes[at..].to_vec();
                bytes.extend(repeated);
            }
            (_, None) => {}
        }
    }
    bytes
}

#[test]
fn the_seeds_and_their_neighbours_keep_every_promise() {
    let mut size = 0;
    std::thread::scope(|scope| {
        for (name, target) in TARGETS {
            let seeds = files(&fuzz().join("seeds").join(name));
            assert!(seeds.len() >= 10, "{name} has {} seeds", seeds.len());
            size += seeds
                .iter()
                .map(|seed| seed.metadata().unwrap().len())
                .sum::<u64>();
            scope.spawn(move || {
                for seed in seeds {
                    let bytes = std::fs::read(&seed).unwrap();
                    target(&bytes);
                    // It takes long, and its neighbours are much the same.
                    if seed.ends_with("flood") {
                        continue;
                    }
                    for number in 0..CHANGES {
                        target(&changed(&bytes, number));
                    }
                }
            });
        }
    });
    assert!(size <= LARGEST, "the seeds have {size} bytes");
}

/// Each target is in fuzz/ under the name that it has here.
#[test]
fn every_target_is_built() {
    let manifest = std::fs::read_to_string(fuzz().join("Cargo.toml")).unwrap();
    let mut names: Vec<&str> = TARGETS.iter().map(|(name, _)| *name).collect();
    for name in &names {
        let source = fuzz().join("fuzz_targets").join(format!("{name}.rs"));
        let source = std::fs::read_to_string(source).unwrap();
        assert!(source.contains(&format!("vendor_ssm::fuzzing::{name}(")));
        assert!(manifest.contains(&format!("name = \"{name}\"")), "{name}");
    }
    names.sort_unstable();
    let seeds: Vec<String> = files(&fuzz().join("seeds"))
        .iter()
        .map(|folder| folder.file_name().unwrap().to_string_lossy().into_owned())
        .collect();
    assert_eq!(seeds, names);
}
