//! The settings of the selected profile, written once more for the SDK's own readers.
//! Those refuse a whole file for one odd line, and know no name with spaces. The text stays in
//! memory, and no key is in it.

use std::fmt::Write as _;

use aws_config::profile::ProfileSet;
use aws_runtime::env_config::file::{EnvConfigFileKind, EnvConfigFiles};
use aws_types::os_shim_internal::{Env, Fs};

use super::files::SharedFiles;
use super::section::{Section, unreadable};
use crate::aws::said::chain;
use crate::aws::setup_error::SetupError;

/// The selected profile and its `services` section, as the SDK reads them.
pub(in crate::aws) async fn profile_set(shared: &SharedFiles) -> Result<ProfileSet, SetupError> {
    let mut text = String::new();
    let profile = shared.profile(shared.selected());
    let services = profile.and_then(|profile| shared.services(profile));
    for (kind, part) in [("profile", profile), ("services", services)] {
        if let Some(part) = part {
            section(&mut text, kind, part);
        }
    }
    let files = EnvConfigFiles::builder()
        .with_contents(EnvConfigFileKind::Config, text)
        .build();
    let (fs, env) = (Fs::from_slice(&[]), Env::from_slice(&[]));
    let name = identifier(shared.selected());
    aws_config::profile::load(&fs, &env, &files, Some(name.into()))
        .await
        .map_err(|error| SetupError::Profiles(chain(&error)))
}

/// Writes a section, without keys, and without values that the SDK's reader would not read back.
fn section(text: &mut String, kind: &str, section: &Section) {
    let _ = writeln!(text, "[{kind} {}]", identifier(section.name()));
    for (key, value) in &section.values {
        let value = value.text.as_str();
        if !is_identifier(key) || value.is_empty() || key.starts_with("aws_") {
            continue;
        }
        if key == "services" {
            let _ = writeln!(text, "{key} = {}", identifier(value));
        } else if let Some(lines) = value.strip_prefix('\n') {
            let _ = writeln!(text, "{key} =");
            for line in lines.lines().filter(|line| is_property(line)) {
                let _ = writeln!(text, "  {line}");
            }
        } else if unreadable(value).is_none() {
            let _ = writeln!(text, "{key} = {value}");
        }
    }
}

/// Whether a line below a key is one that the SDK's reader takes.
fn is_property(line: &str) -> bool {
    let key = line.split_once('=').map(|(key, _)| key.trim());
    key.is_some_and(|key| !key.is_empty() && is_identifier(key))
}

/// A name that the SDK's reader takes; in any other name each byte it refuses is percent-encoded.
fn identifier(name: &str) -> String {
    name.bytes().fold(String::new(), |mut text, byte| {
        if is_identifier_byte(byte) {
            text.push(char::from(byte));
        } else {
            let _ = write!(text, "%{byte:02X}");
        }
        text
    })
}

fn is_identifier(name: &str) -> bool {
    name.bytes().all(is_identifier_byte)
}

/// What the SDK allows in names (aws-runtime, `env_config/normalize.rs`, `validate_identifier`).
fn is_identifier_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"_-/.%@:+".contains(&byte)
}
