//! A TOML text that is asked for its keys one by one. A key that is never asked for is unknown.
//! Several files count as one text: a table may be written in more than one, a key may not.
//! No error shows a line of the text, since it may hold an ExternalId.

use std::path::Path;
use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeString, DeTable, DeValue};

use super::error::Error;
use super::origin::{At, Place};
use super::source::{Source, Text};
use crate::names::Malformed;

/// The parsed text of a file, or those of a folder's files.
pub(super) struct Document<'a> {
    parts: Vec<Part<'a>>,
    /// The folder, if it is one.
    folder: Option<&'a Path>,
}

/// The parsed text of one file.
struct Part<'a> {
    lines: Lines<'a>,
    root: Spanned<DeTable<'a>>,
}

impl<'a> Document<'a> {
    pub(super) fn parse(source: &'a Source) -> Result<Self, Error> {
        let parts = source.texts.iter().map(|Text { file, text }| {
            let lines = Lines::new(file, text);
            match DeTable::parse(text) {
                Ok(root) => Ok(Part { lines, root }),
                Err(error) => Err(Error::Syntax {
                    place: lines.place(error.span().map_or(text.len(), |span| span.start)),
                    message: error.message().replace('\n', ", "),
                }),
            }
        });
        Ok(Self {
            parts: parts.collect::<Result<_, _>>()?,
            folder: source.folder(),
        })
    }

    /// The keys above the first section, and the sections.
    pub(super) fn top(&self) -> Section<'_> {
        let place = match (self.folder, self.parts.first()) {
            (None, Some(part)) => part.lines.place(0),
            (folder, _) => Place::whole(folder.unwrap_or(Path::new(""))),
        };
        let pieces = self.parts.iter().map(|part| Piece {
            lines: &part.lines,
            table: part.root.get_ref(),
        });
        Section {
            name: String::new(),
            place,
            pieces: pieces.collect(),
            known: Vec::new(),
        }
    }
}

/// A table of the document, which may be written in several files.
pub(super) struct Section<'a> {
    name: String,
    /// Where it is first named.
    pub place: Place,
    pieces: Vec<Piece<'a>>,
    known: Vec<&'static str>,
}

/// What one file has of a table.
#[derive(Clone, Copy)]
struct Piece<'a> {
    lines: &'a Lines<'a>,
    table: &'a DeTable<'a>,
}

/// A key and its value in one file.
#[derive(Clone, Copy)]
struct Entry<'a> {
    lines: &'a Lines<'a>,
    key: &'a Spanned<DeString<'a>>,
    value: &'a Spanned<DeValue<'a>>,
}

impl Entry<'_> {
    /// Where the value is.
    fn place(&self) -> Place {
        self.lines.place(self.value.span().start)
    }

    /// Where the key is.
    fn key_place(&self) -> Place {
        self.lines.place(self.key.span().start)
    }
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
        let Some(entry) = self.entry(key)? else {
            return Ok(None);
        };
        let wrong_type = |value| self.wrong_type(entry.lines, key, value, "an array of strings");
        let Some(items) = entry.value.get_ref().as_array() else {
            return Err(wrong_type(entry.value));
        };
        let items = items.iter().map(|item| match item.get_ref().as_str() {
            None => Err(wrong_type(item)),
            Some(text) => parse(text).map_err(|why| Error::Malformed {
                place: entry.lines.place(item.span().start),
                key: self.full(key),
                why,
            }),
        });
        Ok(Some(At {
            value: items.collect::<Result<_, _>>()?,
            place: entry.place(),
        }))
    }

    /// A section below this one.
    pub(super) fn section(&mut self, key: &'static str) -> Result<Option<Section<'a>>, Error> {
        self.known.push(key);
        let entries: Vec<_> = self.entries(key).collect();
        if entries.is_empty() {
            return Ok(None);
        }
        self.below(key, &entries).map(Some)
    }

    /// All sections below this one, named by the user, in the order of the files and their lines.
    pub(super) fn sections(self) -> Result<Vec<(&'a str, Section<'a>)>, Error> {
        let mut named: Vec<(&'a str, Vec<Entry<'a>>)> = Vec::new();
        for piece in &self.pieces {
            let mut entries: Vec<_> = piece.entries().collect();
            entries.sort_by_key(|entry| entry.key.span().start);
            for entry in entries {
                let name = entry.key.get_ref().as_ref();
                match named.iter_mut().find(|(other, _)| *other == name) {
                    Some((_, of_name)) => of_name.push(entry),
                    None => named.push((name, vec![entry])),
                }
            }
        }
        let below =
            |(name, entries): (&'a str, Vec<Entry<'a>>)| Ok((name, self.below(name, &entries)?));
        named.into_iter().map(below).collect()
    }

    /// Refuses the keys that were not asked for.
    pub(super) fn close(self) -> Result<(), Error> {
        let unknown = self.pieces.iter().find_map(|piece| {
            let entries = piece.entries();
            let unknown =
                entries.filter(|entry| !self.known.contains(&entry.key.get_ref().as_ref()));
            unknown.min_by_key(|entry| entry.key.span().start)
        });
        match unknown {
            None => Ok(()),
            Some(entry) => Err(Error::UnknownKey {
                place: entry.key_place(),
                key: self.full(&entry.key.get_ref().escape_debug().to_string()),
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
        let Some(entry) = self.entry(key)? else {
            return Ok(None);
        };
        let place = entry.place();
        match read(entry.value.get_ref()) {
            Some(Ok(value)) => Ok(Some(At { value, place })),
            Some(Err(why)) => Err(Error::Malformed {
                place,
                key: self.full(key),
                why,
            }),
            None => Err(self.wrong_type(entry.lines, key, entry.value, expected)),
        }
    }

    /// The key, which only one file may have.
    fn entry(&mut self, key: &'static str) -> Result<Option<Entry<'a>>, Error> {
        self.known.push(key);
        let mut entries = self.entries(key);
        let (first, second) = (entries.next(), entries.next());
        drop(entries);
        match (first, second) {
            (Some(first), Some(second)) => Err(Error::Twice {
                place: second.key_place(),
                key: self.full(key),
                first: first.key_place(),
            }),
            (first, _) => Ok(first),
        }
    }

    /// What each file has under the key.
    fn entries(&self, key: &'static str) -> impl Iterator<Item = Entry<'a>> {
        self.pieces.iter().filter_map(move |piece| {
            let (key, value) = piece.table.get_key_value(key)?;
            Some(Entry {
                lines: piece.lines,
                key,
                value,
            })
        })
    }

    fn below(&self, key: &str, entries: &[Entry<'a>]) -> Result<Section<'a>, Error> {
        let piece = |entry: &Entry<'a>| match entry.value.get_ref().as_table() {
            None => Err(self.wrong_type(entry.lines, key, entry.value, "a section")),
            Some(table) => Ok(Piece {
                lines: entry.lines,
                table,
            }),
        };
        Ok(Section {
            name: self.full(key),
            place: entries
                .first()
                .map_or_else(|| self.place.clone(), Entry::key_place),
            pieces: entries.iter().map(piece).collect::<Result<_, _>>()?,
            known: Vec::new(),
        })
    }

    fn wrong_type(
        &self,
        lines: &Lines<'_>,
        key: &str,
        value: &Spanned<DeValue<'_>>,
        expected: &'static str,
    ) -> Error {
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
            place: lines.place(value.span().start),
            key: self.full(&key.escape_debug().to_string()),
            found,
            expected,
        }
    }
}

impl<'a> Piece<'a> {
    fn entries(self) -> impl Iterator<Item = Entry<'a>> {
        let lines = self.lines;
        let entry = move |(key, value)| Entry { lines, key, value };
        self.table.iter().map(entry)
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
            at: Some((line, String::from_utf8_lossy(before).chars().count() + 1)),
        }
    }
}
