//! A TOML text that is asked for its keys one by one. A key that is never asked for is unknown.
//! No error shows a line of the text, since it may hold an ExternalId.

use std::path::Path;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::error::Error;
use super::origin::{At, Place};
use crate::names::Malformed;

/// The parsed text.
pub(super) struct Document<'a> {
    lines: Lines<'a>,
    root: Spanned<DeTable<'a>>,
}

impl<'a> Document<'a> {
    pub(super) fn parse(file: &Path, text: &'a str) -> Result<Self, Error> {
        let lines = Lines::new(file, text);
        match DeTable::parse(text) {
            Ok(root) => Ok(Self { lines, root }),
            Err(error) => Err(Error::Syntax {
                place: lines.place(error.span().map_or(text.len(), |span| span.start)),
                message: error.message().replace('\n', ", "),
            }),
        }
    }

    /// The keys above the first section, and the sections.
    pub(super) fn top(&self) -> Section<'_> {
        Section {
            lines: &self.lines,
            name: String::new(),
            place: self.lines.place(0),
            table: self.root.get_ref(),
            known: Vec::new(),
        }
    }
}

/// A table of the document.
pub(super) struct Section<'a> {
    lines: &'a Lines<'a>,
    name: String,
    /// Where it is first named.
    pub place: Place,
    table: &'a DeTable<'a>,
    known: Vec<&'static str>,
}

impl<'a> Section<'a> {
    /// A string, parsed.
    pub(super) fn text<T>(
        &mut self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Malformed>,
    ) -> Result<Option<At<T>>, Error> {
        self.read(key, "a string", |value| value.as_str().map(parse))
    }

    /// `true` or `false`.
    pub(super) fn boolean(&mut self, key: &'static str) -> Result<Option<At<bool>>, Error> {
        self.read(key, "a boolean", |value| value.as_bool().map(Ok))
    }

    /// An integer; `check` says whether it is in range.
    pub(super) fn integer<T>(
        &mut self,
        key: &'static str,
        check: impl FnOnce(Option<u32>) -> Result<T, Malformed>,
    ) -> Result<Option<At<T>>, Error> {
        self.read(key, "an integer", |value| {
            let integer = value.as_integer()?;
            Some(check(
                u32::from_str_radix(integer.as_str(), integer.radix()).ok(),
            ))
        })
    }

    /// A date, a time or both, parsed. A string may stand in its place.
    pub(super) fn date<T>(
        &mut self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Malformed>,
    ) -> Result<Option<At<T>>, Error> {
        self.read(key, "a date", |value| match value {
            DeValue::Datetime(date) => Some(parse(&date.to_string())),
            value => value.as_str().map(parse),
        })
    }

    /// An array of strings, each parsed.
    pub(super) fn texts<T>(
        &mut self,
        key: &'static str,
        parse: impl Fn(&str) -> Result<T, Malformed>,
    ) -> Result<Option<At<Vec<T>>>, Error> {
        let Some((value, place)) = self.value(key) else {
            return Ok(None);
        };
        let Some(items) = value.get_ref().as_array() else {
            return Err(self.wrong_type(key, value, "an array of strings"));
        };
        let items = items.iter().map(|item| match item.get_ref().as_str() {
            None => Err(self.wrong_type(key, item, "an array of strings")),
            Some(text) => parse(text).map_err(|why| Error::Malformed {
                place: self.lines.place(item.span().start),
                key: self.full(key),
                why,
            }),
        });
        Ok(Some(At {
            value: items.collect::<Result<_, _>>()?,
            place,
        }))
    }

    /// A section below this one.
    pub(super) fn section(&mut self, key: &'static str) -> Result<Option<Section<'a>>, Error> {
        self.known.push(key);
        match self.table.get_key_value(key) {
            None => Ok(None),
            Some((name, value)) => self.below(name.span().start, key, value).map(Some),
        }
    }

    /// All sections below this one, named by the user, in the file's order.
    pub(super) fn sections(self) -> Result<Vec<(&'a str, Section<'a>)>, Error> {
        let mut entries: Vec<_> = self.table.iter().collect();
        entries.sort_by_key(|(name, _)| name.span().start);
        entries
            .into_iter()
            .map(|(name, value)| {
                let section = self.below(name.span().start, name.get_ref(), value)?;
                Ok((name.get_ref().as_ref(), section))
            })
            .collect()
    }

    /// Refuses the keys that were not asked for.
    pub(super) fn close(self) -> Result<(), Error> {
        let unknown = self
            .table
            .keys()
            .filter(|key| !self.known.contains(&key.get_ref().as_ref()))
            .min_by_key(|key| key.span().start);
        match unknown {
            None => Ok(()),
            Some(key) => Err(Error::UnknownKey {
                place: self.lines.place(key.span().start),
                key: self.full(&key.get_ref().escape_debug().to_string()),
                known: self.known,
            }),
        }
    }

    /// The key with its section.
    pub(super) fn full(&self, key: &str) -> String {
        let dot = if self.name.is_empty() { "" } else { "." };
        format!("{}{dot}{key}", self.name)
    }

    fn read<T>(
        &mut self,
        key: &'static str,
        expected: &'static str,
        read: impl FnOnce(&DeValue<'_>) -> Option<Result<T, Malformed>>,
    ) -> Result<Option<At<T>>, Error> {
        let Some((value, place)) = self.value(key) else {
            return Ok(None);
        };
        match read(value.get_ref()) {
            Some(Ok(value)) => Ok(Some(At { value, place })),
            Some(Err(why)) => Err(Error::Malformed {
                place,
                key: self.full(key),
                why,
            }),
            None => Err(self.wrong_type(key, value, expected)),
        }
    }

    fn value(&mut self, key: &'static str) -> Option<(&'a Spanned<DeValue<'a>>, Place)> {
        self.known.push(key);
        let value = self.table.get(key)?;
        Some((value, self.lines.place(value.span().start)))
    }

    fn below(
        &self,
        start: usize,
        key: &str,
        value: &'a Spanned<DeValue<'a>>,
    ) -> Result<Section<'a>, Error> {
        match value.get_ref().as_table() {
            None => Err(self.wrong_type(key, value, "a section")),
            Some(table) => Ok(Section {
                lines: self.lines,
                name: self.full(key),
                place: self.lines.place(start),
                table,
                known: Vec::new(),
            }),
        }
    }

    fn wrong_type(&self, key: &str, value: &Spanned<DeValue<'_>>, expected: &'static str) -> Error {
        let found = match value.get_ref() {
            DeValue::String(_) => "a string",
            DeValue::Integer(_) => "an integer",
            DeValue::Float(_) => "a float",
            DeValue::Boolean(_) => "a boolean",
            DeValue::Datetime(_) => "a date or time",
            DeValue::Array(_) => "an array",
            DeValue::Table(_) => "a section",
        };
        Error::WrongType {
            place: self.lines.place(value.span().start),
            key: self.full(&key.escape_debug().to_string()),
            found,
            expected,
        }
    }
}

/// Turns offsets into places.
struct Lines<'a> {
    file: Arc<Path>,
    text: &'a str,
    starts: Vec<usize>,
}

impl<'a> Lines<'a> {
    fn new(file: &Path, text: &'a str) -> Self {
        let breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self {
            file: file.into(),
            text,
            starts: std::iter::once(0).chain(breaks).collect(),
        }
    }

    fn place(&self, offset: usize) -> Place {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = self.starts[line - 1];
        let before = self.text.as_bytes().get(start..offset).unwrap_or_default();
        Place {
            file: Arc::clone(&self.file),
            line,
            column: String::from_utf8_lossy(before).chars().count() + 1,
        }
    }
}
