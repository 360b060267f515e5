//! Finds a text in bytes, however it was written.
//! It may be plain, in base64 at any offset, in hex, percent-encoded, a list of numbers, in UTF-16,
//! or with its letters' case changed.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

/// The way of writing in which one of the texts was found.
pub fn found_in(bytes: &[u8], secrets: &[&str]) -> Option<&'static str> {
    let said = lower(bytes);
    let squeezed: Vec<u8> = said
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    secrets
        .iter()
        .flat_map(|secret| forms(secret))
        .find_map(|(form, text)| {
            let text = lower(&text);
            (contains(&said, &text) || contains(&squeezed, &text)).then_some(form)
        })
}

/// Every file below a directory.
pub fn files_below(directory: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    for entry in std::fs::read_dir(directory).unwrap().flatten() {
        let kind = entry.file_type().unwrap();
        if kind.is_dir() {
            files.extend(files_below(&entry.path()));
        } else if kind.is_file() {
            files.push(entry.path());
        }
    }
    files
}

fn forms(secret: &str) -> Vec<(&'static str, Vec<u8>)> {
    let bytes = secret.as_bytes();
    let each = |form: &dyn Fn(&mut String, u8)| {
        let mut text = String::new();
        for byte in bytes {
            form(&mut text, *byte);
        }
        text.into_bytes()
    };
    let mut forms = vec![
        ("as it is", bytes.to_vec()),
        (
            "hex",
            each(&|text, byte| write!(text, "{byte:02x}").unwrap()),
        ),
        (
            "percent",
            each(&|text, byte| write!(text, "%{byte:02x}").unwrap()),
        ),
        (
            "escaped",
            each(&|text, byte| write!(text, "\\x{byte:02x}").unwrap()),
        ),
        (
            "numbers",
            each(&|text, byte| write!(text, "{byte},").unwrap()),
        ),
        (
            "hex numbers",
            each(&|text, byte| write!(text, "0x{byte:02x},").unwrap()),
        ),
        ("UTF-16", bytes.iter().flat_map(|byte| [*byte, 0]).collect()),
    ];
    // A list ends without a comma.
    for (_, text) in &mut forms {
        if text.last() == Some(&b',') {
            text.pop();
        }
    }
    for before in 0..3 {
        // What stands before shifts the digits; those that neighbours share are left out.
        let shifted = [&b"   "[..before], bytes].concat();
        let whole = shifted.len() / 3 * 4;
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let text = engine.encode(&shifted).into_bytes();
            let from = [0, 2, 3][before];
            forms.push(("base64", text[from..whole].to_vec()));
        }
    }
    forms
}

fn lower(bytes: &[u8]) -> Vec<u8> {
    bytes.to_ascii_lowercase()
}

fn contains(bytes: &[u8], text: &[u8]) -> bool {
    String::from_utf8_lossy(bytes).contains(&*String::from_utf8_lossy(text))
}

#[test]
fn planted_leaks_are_found() {
    let secret = "CANARYvssm";
    let token = format!("IQoJ/{secret}+tail==");
    let numbers = format!("{:?}", token.as_bytes());
    let pretty = format!("{:#?}", token.as_bytes());
    let hex = token.bytes().fold(String::new(), |mut text, byte| {
        write!(text, "{byte:02X}").unwrap();
        text
    });
    let percent = token.bytes().fold(String::new(), |mut text, byte| {
        write!(text, "%{byte:02X}").unwrap();
        text
    });
    for leak in [
        token.clone(),
        numbers,
        pretty,
        hex,
        percent,
        token.to_lowercase(),
    ] {
        assert!(found_in(leak.as_bytes(), &[secret]).is_some(), "{leak}");
    }
    for before in ["", "a", "ab", "abc"] {
        let text = format!("{before}{token}");
        for engine in [STANDARD_NO_PAD, URL_SAFE_NO_PAD] {
            let leak = engine.encode(&text);
            assert!(found_in(leak.as_bytes(), &[secret]).is_some(), "{leak}");
        }
    }
    assert_eq!(found_in(b"nothing of it: CANARY vss", &[secret]), None);

    let directory = tempfile::tempdir().unwrap();
    std::fs::create_dir(directory.path().join("below")).unwrap();
    std::fs::write(directory.path().join("below/leak"), &token).unwrap();
    let files = files_below(directory.path());
    assert!(found_in(&std::fs::read(&files[0]).unwrap(), &[secret]).is_some());
}
