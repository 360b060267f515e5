//! `~/.aws/config` and `~/.aws/credentials`: the profiles in them, with file and line of each value.
//! What is not used never stops a command. What is used and cannot be read is refused by name.

mod lines;
mod sdk;

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::Arc;

use aws_config::profile::ProfileSet;

use super::setup_error::SetupError;
use crate::os::Os;
use lines::{Lines, sections};

/// The keys whose value is one line, and whose values vendor-ssm or the SDK reads.
const ONE_LINE: [&str; 24] = [
    "ca_bundle",
    "credential_process",
    "credential_source",
    "duration_seconds",
    "endpoint_url",
    "external_id",
    "ignore_configured_endpoint_urls",
    "login_session",
    "mfa_serial",
    "region",
    "role_arn",
    "role_session_name",
    "services",
    "source_profile",
    "sso_account_id",
    "sso_region",
    "sso_registration_scopes",
    "sso_role_name",
    "sso_session",
    "sso_start_url",
    "use_dualstack_endpoint",
    "use_fips_endpoint",
    "web_identity_token_file",
    "aws_account_id",
];

/// The profile that is selected if nothing names one.
const DEFAULT: &str = "default";

const UNCLOSED: &str = "its line has no closing bracket";

/// A line of one of the files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    pub file: Arc<Path>,
    /// Counts from 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}:{}", self.file.display(), self.line)
    }
}

/// What both files say.
#[derive(Debug, Clone)]
pub(crate) struct SharedFiles {
    profiles: BTreeMap<String, Section>,
    sso_sessions: BTreeMap<String, Section>,
    services: BTreeMap<String, Section>,
    nameless: Vec<Nameless>,
    unread: Vec<String>,
    selected: String,
}

/// A profile or another section. What both files say about a profile is one section.
#[derive(Clone)]
pub(crate) struct Section {
    name: String,
    values: BTreeMap<String, Value>,
    odd: Option<Place>,
}

/// A value and its place.
#[derive(Clone)]
pub(crate) struct Value {
    pub text: String,
    pub place: Place,
}

/// A section of a profile whose name cannot be read.
#[derive(Debug, Clone)]
struct Nameless {
    /// The name that is probably meant.
    meant: String,
    place: Place,
    why: &'static str,
}

/// Shows names only: a value may be a key.
impl fmt::Debug for Section {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Section")
            .field("name", &self.name)
            .field("keys", &self.values.keys())
            .finish_non_exhaustive()
    }
}

impl Section {
    /// The name without `profile` and quotes.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// The value of a key. An empty value counts as none.
    pub(crate) fn get(&self, key: &str) -> Option<&str> {
        self.value(key).map(|value| value.text.as_str())
    }

    /// The value of a key with its place. An empty value counts as none.
    pub(crate) fn value(&self, key: &str) -> Option<&Value> {
        self.values.get(key).filter(|value| !value.text.is_empty())
    }

    /// Errors: a line or a value that cannot be read.
    fn readable(&self, kind: &'static str) -> Result<(), SetupError> {
        let refused = |place: &Place, why: String| SetupError::Section {
            place: place.to_string(),
            kind,
            name: self.name.clone(),
            why,
        };
        if let Some(place) = &self.odd {
            return Err(refused(place, "the line is not KEY = VALUE".to_owned()));
        }
        for key in ONE_LINE {
            let Some(value) = self.values.get(key) else {
                continue;
            };
            if let Some(what) = unreadable(&value.text) {
                return Err(refused(&value.place, format!("{key} holds {what}")));
            }
        }
        Ok(())
    }

    fn take(&mut self, lines: Lines) {
        for option in lines.options {
            let value = Value {
                text: option.value,
                place: option.place,
            };
            self.values.insert(option.key, value);
        }
        self.odd = self.odd.take().or(lines.odd);
    }
}

/// What keeps a text from being the value of anything, such as `a line break`.
pub(crate) fn unreadable(text: &str) -> Option<&'static str> {
    text.chars().find_map(|character| match character {
        '\n' | '\r' => Some("a line break"),
        char::REPLACEMENT_CHARACTER => Some("bytes that are not UTF-8"),
        it if it.is_control() => Some("a control character"),
        _ => None,
    })
}

impl SharedFiles {
    /// Reads `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE`, or the files of the home directory.
    /// `selected` is the profile whose settings count, otherwise `AWS_PROFILE` or the default one.
    pub(crate) fn read(selected: Option<&str>, os: &Os) -> Self {
        let mut files = Self {
            profiles: BTreeMap::new(),
            sso_sessions: BTreeMap::new(),
            services: BTreeMap::new(),
            nameless: Vec::new(),
            unread: Vec::new(),
            selected: selected
                .or_else(|| os.var("AWS_PROFILE"))
                .unwrap_or(DEFAULT)
                .to_owned(),
        };
        let config = files.open("AWS_CONFIG_FILE", "config", os);
        // As the SDKs do it, `[profile default]` takes the place of `[default]`.
        let is_prefixed = |section: &Lines| words(section) == ["profile", DEFAULT];
        let has_prefixed = config.iter().any(is_prefixed);
        for section in config {
            if !(has_prefixed && section.header == DEFAULT) {
                files.take_config(section);
            }
        }
        for section in files.open("AWS_SHARED_CREDENTIALS_FILE", "credentials", os) {
            let name = section.header.clone();
            if section.closed {
                part(&mut files.profiles, name).take(section);
            } else {
                files.nameless(name, &section.place, UNCLOSED);
            }
        }
        files
    }

    /// The sections of a file. One that is not there has none.
    fn open(&mut self, variable: &str, name: &str, os: &Os) -> Vec<Lines> {
        let path = match (os.var(variable), os.home()) {
            (Some(path), _) => os.expanded(path),
            (None, Some(home)) => home.join(".aws").join(name),
            (None, None) => return Vec::new(),
        };
        match std::fs::read(&path) {
            Ok(bytes) => {
                let text = zeroize::Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned());
                drop(zeroize::Zeroizing::new(bytes));
                sections(&path.into(), &text)
            }
            Err(error) => {
                if error.kind() != std::io::ErrorKind::NotFound {
                    self.unread.push(format!("{}: {error}", path.display()));
                }
                Vec::new()
            }
        }
    }

    /// In the config file every section but `[default]` begins with what it is.
    fn take_config(&mut self, section: Lines) {
        let words = words(&section);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let (sections, name) = match words[..] {
            [DEFAULT] => (&mut self.profiles, DEFAULT),
            ["profile", name] => (&mut self.profiles, name),
            ["sso-session", name] => (&mut self.sso_sessions, name),
            ["services", name] => (&mut self.services, name),
            _ => {
                let (meant, why) = match section.header.split_once(char::is_whitespace) {
                    Some(("profile", name)) if section.closed => {
                        (name, "write a name with spaces as [profile \"NAME\"]")
                    }
                    Some(("profile", name)) => (name, UNCLOSED),
                    _ if section.closed => {
                        (section.header.as_str(), "in this file write [profile NAME]")
                    }
                    _ => (section.header.as_str(), UNCLOSED),
                };
                let meant = meant.trim().trim_matches(['"', '\'']).to_owned();
                return self.nameless(meant, &section.place, why);
            }
        };
        part(sections, name.to_owned()).take(section);
    }

    fn nameless(&mut self, meant: String, place: &Place, why: &'static str) {
        self.nameless.push(Nameless {
            meant,
            place: place.clone(),
            why,
        });
    }

    /// The name of the profile whose settings count.
    pub(crate) fn selected(&self) -> &str {
        &self.selected
    }

    /// A profile by its name.
    pub(crate) fn profile(&self, name: &str) -> Option<&Section> {
        self.profiles.get(name)
    }

    /// The `[sso-session]` section of that name.
    pub(crate) fn sso_session(&self, name: &str) -> Option<&Section> {
        self.sso_sessions.get(name)
    }

    /// A value of the selected profile.
    pub(crate) fn setting(&self, key: &str) -> Option<&Value> {
        self.profile(&self.selected)?.value(key)
    }

    /// The names of all profiles.
    pub(crate) fn names(&self) -> Vec<&str> {
        self.profiles.keys().map(String::as_str).collect()
    }

    /// Why the profile `name` may seem not to be there, although it is.
    pub(crate) fn why_missing(&self, name: &str) -> Option<String> {
        let section = self.nameless.iter().find(|it| it.meant == name);
        section
            .map(|it| {
                let (place, why) = (&it.place, it.why);
                format!("its section at {place} is there, but its name cannot be read: {why}")
            })
            .or_else(|| (!self.unread.is_empty()).then(|| self.unread.join("; ")))
    }

    /// Errors: the selected profile's settings cannot be read.
    pub(super) fn check_settings(&self) -> Result<(), SetupError> {
        let Some(profile) = self.profile(&self.selected) else {
            return Ok(());
        };
        profile.readable("profile")?;
        match profile.get("services").and_then(|it| self.services.get(it)) {
            Some(services) => services.readable("services"),
            None => Ok(()),
        }
    }

    /// Errors: a section that the selected profile's credentials come from cannot be read.
    pub(super) fn check_credentials(&self) -> Result<(), SetupError> {
        for profile in self.chain(&self.selected) {
            profile.readable("profile")?;
            if let Some(session) = profile.get("sso_session")
                && let Some(session) = self.sso_session(session)
            {
                session.readable("sso-session")?;
            }
        }
        Ok(())
    }

    /// The profile `name` and those that its `source_profile` leads to, as far as they are there.
    fn chain(&self, name: &str) -> Vec<&Section> {
        let mut chain: Vec<&Section> = Vec::new();
        let mut next = self.profile(name);
        while let Some(profile) = next.filter(|it| !chain.iter().any(|one| one.name == it.name)) {
            chain.push(profile);
            next = profile
                .get("source_profile")
                .filter(|_| profile.get("role_arn").is_some())
                .and_then(|source| self.profile(source));
        }
        chain
    }

    /// The selected profile's settings, as the SDK's readers take them.
    pub(super) async fn profile_set(&self) -> Result<ProfileSet, SetupError> {
        sdk::profile_set(self).await
    }
}

/// The words of a section's header, split as a shell splits them (botocore, `configloader.py`,
/// `_parse_section`). A header that cannot be split has none.
fn words(section: &Lines) -> Vec<String> {
    let header = section.closed.then(|| shlex::split(&section.header));
    header.flatten().unwrap_or_default()
}

/// The section of that name, made if it is not there yet.
fn part(sections: &mut BTreeMap<String, Section>, name: String) -> &mut Section {
    sections.entry(name.clone()).or_insert_with(|| Section {
        name,
        values: BTreeMap::new(),
        odd: None,
    })
}
