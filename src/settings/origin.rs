//! Where a value came from.
//! A decision carries its origin until it is kept, so the list of origins always agrees with what
//! was decided.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use crate::os::Os;

/// A position in a settings file. Line and column count from 1, columns in characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// The settings file.
    pub file: Arc<Path>,
    /// Line and column; `None` for a folder as a whole.
    pub at: Option<(usize, usize)>,
}

impl Place {
    /// All files of a folder.
    pub(super) fn whole(folder: &Path) -> Self {
        Self {
            file: folder.into(),
            at: None,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = self.file.display();
        match self.at {
            Some((line, column)) => write!(formatter, "{file}:{line}:{column}"),
            None => write!(formatter, "{file}"),
        }
    }
}

/// Where a value came from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A flag, with its dashes.
    Flag(&'static str),
    /// An environment variable of vendor-ssm, or one of AWS's, which rank below the file.
    Variable(&'static str),
    /// The settings file, or one of a settings folder.
    File(Place),
    /// No source sets it.
    Default,
}

impl fmt::Display for Origin {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(name) => write!(formatter, "flag {name}"),
            Self::Variable(name) => write!(formatter, "environment {name}"),
            Self::File(place) => {
                let name = place.file.file_name().unwrap_or(place.file.as_os_str());
                write!(formatter, "file {}", name.display())?;
                match place.at {
                    Some((line, _)) => write!(formatter, ":{line}"),
                    None => Ok(()),
                }
            }
            Self::Default => formatter.write_str("default"),
        }
    }
}

/// One line of `vendor-ssm settings`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setting {
    /// The key with its section, such as `customers.acme.role_arn`.
    pub key: String,
    /// The value, with an ExternalId masked; `None` if nothing is set.
    pub value: Option<String>,
    /// Where it came from.
    pub origin: Origin,
}

/// A value in the settings file, and its position.
#[derive(Debug, Clone)]
pub(super) struct At<T> {
    pub value: T,
    pub place: Place,
}

/// The value that applies, and where it came from.
#[derive(Debug, Clone)]
pub(super) struct Decided<T> {
    pub value: T,
    pub origin: Origin,
}

impl<T> Decided<T> {
    pub(super) fn flag(name: &'static str, value: T) -> Self {
        Self {
            value,
            origin: Origin::Flag(name),
        }
    }

    pub(super) fn default(value: T) -> Self {
        Self {
            value,
            origin: Origin::Default,
        }
    }

    /// Makes another value of this one, with the same origin.
    pub(super) fn map<U>(self, make: impl FnOnce(T) -> U) -> Decided<U> {
        Decided {
            value: make(self.value),
            origin: self.origin,
        }
    }
}

impl<T> From<At<T>> for Decided<T> {
    fn from(at: At<T>) -> Self {
        Self {
            value: at.value,
            origin: Origin::File(at.place),
        }
    }
}

impl Decided<String> {
    pub(super) fn variable(name: &'static str, os: &Os) -> Option<Self> {
        os.var(name).map(|value| Self {
            value: value.to_owned(),
            origin: Origin::Variable(name),
        })
    }
}

/// The record of a section's decisions.
pub(super) struct Record<'a> {
    settings: &'a mut Vec<Setting>,
    section: String,
}

impl<'a> Record<'a> {
    /// For the keys of `section`, such as `customers.acme`; empty for the top of the file.
    pub(super) fn new(settings: &'a mut Vec<Setting>, section: impl Into<String>) -> Self {
        Self {
            settings,
            section: section.into(),
        }
    }

    /// Records the decision and returns its value.
    pub(super) fn keep<T: fmt::Display>(&mut self, key: &str, decided: Decided<T>) -> T {
        self.keep_as(key, decided, ToString::to_string)
    }

    /// Records the decision as `show` writes it, and returns its value.
    pub(super) fn keep_as<T>(
        &mut self,
        key: &str,
        decided: Decided<T>,
        show: impl FnOnce(&T) -> String,
    ) -> T {
        self.note(key, Some(show(&decided.value)), decided.origin);
        decided.value
    }

    /// Records the decision for an optional key.
    pub(super) fn keep_any<T: fmt::Display>(
        &mut self,
        key: &str,
        any: Option<impl Into<Decided<T>>>,
    ) -> Option<T> {
        self.keep_any_as(key, any, ToString::to_string)
    }

    /// Records the decision for an optional key as `show` writes it.
    pub(super) fn keep_any_as<T>(
        &mut self,
        key: &str,
        any: Option<impl Into<Decided<T>>>,
        show: impl FnOnce(&T) -> String,
    ) -> Option<T> {
        if any.is_none() {
            self.note(key, None, Origin::Default);
        }
        any.map(|value| self.keep_as(key, value.into(), show))
    }

    fn note(&mut self, key: &str, value: Option<String>, origin: Origin) {
        let key = self.full(key);
        self.settings.push(Setting { key, value, origin });
    }

    /// The key with its section.
    pub(super) fn full(&self, key: &str) -> String {
        let dot = if self.section.is_empty() { "" } else { "." };
        format!("{}{dot}{key}", self.section)
    }
}
