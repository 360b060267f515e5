//! Both files, and which section of them is used for what.

use std::collections::BTreeMap;
use std::io::ErrorKind;

use super::lines::{Lines, sections};
use super::place::Place;
use super::section::{Section, Value, part};
use crate::aws::setup_error::SetupError;
use crate::bounded;
use crate::os::Os;
use crate::platform::places;

/// The profile that is selected if nothing names one.
const DEFAULT: &str = "default";

/// The largest file, in bytes. One of a thousand profiles has a quarter of a megabyte.
const LARGEST: u64 = 16 << 20;

const UNCLOSED: &str = "its line has no closing bracket";

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

/// A section of a profile whose name cannot be read.
#[derive(Debug, Clone)]
struct Nameless {
    /// The name that is probably meant.
    meant: String,
    place: Place,
    why: &'static str,
}

impl SharedFiles {
    /// Reads both files.
    /// `AWS_CONFIG_FILE` and `AWS_SHARED_CREDENTIALS_FILE` name others than the home directory's.
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
            let meant = name.strip_prefix("profile ").unwrap_or(&name);
            let meant = meant.trim().trim_matches(['"', '\'']);
            if section.closed {
                if meant != name {
                    let why = "in this file write [NAME], without quotes";
                    files.nameless(meant.to_owned(), &section.place, why);
                }
                part(&mut files.profiles, name).take(section);
            } else {
                files.nameless(name, &section.place, UNCLOSED);
            }
        }
        files
    }

    /// The sections of a file. One that is not there has none.
    fn open(&mut self, variable: &str, name: &str, os: &Os) -> Vec<Lines> {
        let path = match (os.var(variable), places::home(os)) {
            (Some(path), _) => places::expanded(os, path),
            (None, Some(home)) => home.join(".aws").join(name),
            (None, None) => return Vec::new(),
        };
        match bounded::read(&path, LARGEST) {
            Ok(bytes) => {
                let text = zeroize::Zeroizing::new(String::from_utf8_lossy(&bytes).into_owned());
                drop(bytes);
                sections(&path.into(), &text)
            }
            Err(error) => {
                if error.kind() != ErrorKind::NotFound {
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

    /// The `[services]` section that a profile names.
    pub(super) fn services(&self, profile: &Section) -> Option<&Section> {
        self.services.get(profile.get("services")?)
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

    /// Errors: one of the files is there and cannot be read.
    pub(crate) fn check_files(&self) -> Result<(), SetupError> {
        match self.unread.first() {
            None => Ok(()),
            Some(why) => Err(SetupError::Profiles(why.clone())),
        }
    }

    /// The profiles whose names cannot be read.
    /// Each has the name that is probably meant, and what is wrong.
    pub(crate) fn nameless_profiles(&self) -> impl Iterator<Item = (&str, String)> {
        let said = |it: &Nameless| format!("{}: {}", it.place, it.why);
        self.nameless.iter().map(move |it| (&*it.meant, said(it)))
    }

    /// Errors: the selected profile's settings cannot be read.
    pub(in crate::aws) fn check_settings(&self) -> Result<(), SetupError> {
        let Some(profile) = self.profile(&self.selected) else {
            return Ok(());
        };
        profile.readable("profile")?;
        match self.services(profile) {
            Some(services) => services.readable("services"),
            None => Ok(()),
        }
    }

    /// Errors: a section that the selected profile's credentials come from cannot be read.
    pub(in crate::aws) fn check_credentials(&self) -> Result<(), SetupError> {
        self.check_chain(&self.selected)
    }

    /// Errors: a section that this profile's credentials come from cannot be read.
    pub(crate) fn check_chain(&self, name: &str) -> Result<(), SetupError> {
        for profile in self.chain(name) {
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
        while let Some(profile) = next.filter(|it| !chain.iter().any(|one| one.name() == it.name()))
        {
            chain.push(profile);
            next = profile
                .get("source_profile")
                .filter(|_| profile.get("role_arn").is_some())
                .and_then(|source| self.profile(source));
        }
        chain
    }
}

/// The words of a section's header, split as a shell splits them.
/// A header that cannot be split has none (botocore, `configloader.py`, `_parse_section`).
fn words(section: &Lines) -> Vec<String> {
    let header = section.closed.then(|| shlex::split(&section.header));
    header.flatten().unwrap_or_default()
}
