//! Parsers for values without a type of their own.
//! Each error is a clause that follows the key's name.

use std::ops::RangeInclusive;
use std::path::PathBuf;

use clap::ValueEnum;

use crate::names::{Malformed, malformed};

#[expect(clippy::unnecessary_wraps, reason = "it stands where a parser does")]
pub(super) fn as_is(text: &str) -> Result<String, Malformed> {
    Ok(text.to_owned())
}

pub(super) fn not_empty(text: &str) -> Result<String, Malformed> {
    if text.is_empty() {
        malformed("the value is empty")
    } else {
        Ok(text.to_owned())
    }
}

/// One of a few words.
pub(super) fn word<T: ValueEnum>(text: &str) -> Result<T, Malformed> {
    T::from_str(text, false).or_else(|_| {
        let words: Vec<_> = T::value_variants()
            .iter()
            .filter_map(ValueEnum::to_possible_value)
            .map(|word| word.get_name().to_owned())
            .collect();
        malformed(format!("expected one of {}", words.join(", ")))
    })
}

pub(super) fn escape_character(text: &str) -> Result<Option<char>, Malformed> {
    let mut characters = text.chars();
    match (characters.next(), characters.next()) {
        (Some(one), None) if one.is_ascii_graphic() => Ok(Some(one)),
        _ if text == "none" => Ok(None),
        _ => malformed("expected one printable ASCII character, or \"none\""),
    }
}

pub(super) fn absolute(text: &str) -> Result<PathBuf, Malformed> {
    let path = PathBuf::from(text);
    if path.is_absolute() {
        Ok(path)
    } else {
        malformed("the path must be absolute")
    }
}

pub(super) fn tag_key(text: &str) -> Result<String, Malformed> {
    if (1..=128).contains(&text.chars().count()) {
        Ok(text.to_owned())
    } else {
        malformed("expected a tag key of 1 to 128 characters")
    }
}

pub(super) fn tag_value(text: &str) -> Result<String, Malformed> {
    if text.chars().count() <= 256 {
        Ok(text.to_owned())
    } else {
        malformed("expected a tag value of at most 256 characters")
    }
}

pub(super) fn within(
    seconds: Option<u32>,
    range: RangeInclusive<u32>,
    why: &str,
) -> Result<u32, Malformed> {
    match seconds {
        Some(seconds) if range.contains(&seconds) => Ok(seconds),
        _ => malformed(format!(
            "expected {} to {} seconds: {why}",
            range.start(),
            range.end()
        )),
    }
}
