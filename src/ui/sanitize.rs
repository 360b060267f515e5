//! Text from a customer's account, made safe to show:
//! characters that steer a terminal, reorder a line or cannot be seen are escaped. Refused is
//! nothing else: what a person can read stays as it is.
//!
//! Others write Name tags, host names and error messages. Shown raw, one can rewrite what is
//! already on the screen, or make two names look the same.

use std::borrow::Cow;
use std::fmt::Write as _;
use std::io;

use serde::Serialize;

use crate::names::short::short;

/// The longest line that is shown whole, in characters.
/// A line is a sentence with names in it. What AWS says has a shorter limit of its own.
const LONGEST_LINE: usize = 8_000;
/// The longest cell. AWS's own limit for tags and names is 256.
const LONGEST_CELL: usize = 2_000;

/// Whether a character is shown as its number instead of as itself.
///
/// Controls (C0 with line feed and tab, DEL, C1), bidirectional marks, line and paragraph
/// separators, and whatever Unicode lists as `Default_Ignorable_Code_Point`
/// (`DerivedCoreProperties.txt`), such as zero-width and tag characters. The two variation
/// selectors that choose between a text and an emoji form (U+FE0E, U+FE0F) stay. They are common in
/// names that people type, and the instance's id is always beside a name.
pub(crate) fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' // soft hyphen
            | '\u{34f}' // combining grapheme joiner
            | '\u{61c}' // Arabic letter mark
            | '\u{115f}'..='\u{1160}' // Hangul fillers
            | '\u{17b4}'..='\u{17b5}' // Khmer inherent vowels
            | '\u{180b}'..='\u{180f}' // Mongolian variation selectors and vowel separator
            | '\u{200b}'..='\u{200f}' // zero-width space and joiners, direction marks
            | '\u{2028}'..='\u{202e}' // separators, directional embedding and override
            | '\u{2060}'..='\u{206f}' // word joiner, invisible operators, directional isolates
            | '\u{3164}' // Hangul filler
            | '\u{fe00}'..='\u{fe0d}' // variation selectors
            | '\u{feff}' // byte order mark
            | '\u{ffa0}' // halfwidth Hangul filler
            | '\u{fff0}'..='\u{fffb}' // interlinear annotation
            | '\u{1bca0}'..='\u{1bca3}' // shorthand format controls
            | '\u{1d173}'..='\u{1d17a}' // musical format controls
            | '\u{e0000}'..='\u{e0fff}' // tag characters, variation selectors supplement
        )
}

/// The text with every unsafe character as `\u{..}`, borrowed when there is none.
pub(crate) fn escape(text: &str) -> Cow<'_, str> {
    // Nearly all names are plain ASCII, which takes no look at each character.
    let is_plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if is_plain || !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut escaped = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if is_unsafe(character) {
            escaped.extend(character.escape_unicode());
        } else {
            escaped.push(character);
        }
    }
    Cow::Owned(escaped)
}

/// The text for a terminal that does not show UTF-8.
/// Such a terminal takes the bytes of other characters for characters of its own, also controls.
pub(crate) fn ascii(text: &str) -> Cow<'_, str> {
    if text.is_ascii() {
        return Cow::Borrowed(text);
    }
    let mut plain = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        match character {
            '…' => plain.push_str("..."),
            '·' => plain.push('|'),
            _ if character.is_ascii() => plain.push(character),
            _ => plain.extend(character.escape_unicode()),
        }
    }
    Cow::Owned(plain)
}

/// The same for JSON, in which such a character is part of a string.
pub(crate) fn ascii_json(text: &str) -> String {
    let mut plain = String::with_capacity(text.len() + 16);
    for character in text.chars() {
        if character.is_ascii() {
            plain.push(character);
        } else {
            for unit in character.encode_utf16(&mut [0; 2]) {
                // To write into a string cannot fail.
                let _ = write!(plain, "\\u{unit:04x}");
            }
        }
    }
    plain
}

/// A text for one line that a person reads: cut if it is too long, and then escaped.
pub(crate) fn line(text: &str) -> String {
    escape(&short(text, LONGEST_LINE)).into_owned()
}

/// The same for a cell of a table.
pub(crate) fn cell(text: &str) -> Cow<'_, str> {
    match short(text, LONGEST_CELL) {
        Cow::Borrowed(text) => escape(text),
        Cow::Owned(text) => Cow::Owned(escape(&text).into_owned()),
    }
}

/// A value as JSON on one line, unsafe characters as `\uXXXX`.
///
/// # Errors
///
/// Only what the value's own `Serialize` refuses.
pub(crate) fn json<T: Serialize>(value: &T) -> serde_json::Result<String> {
    let mut bytes = Vec::new();
    value.serialize(&mut serde_json::Serializer::with_formatter(
        &mut bytes, Escaping,
    ))?;
    String::from_utf8(bytes).map_err(serde::ser::Error::custom)
}

/// serde_json's compact form, with unsafe characters escaped.
/// JSON's own rules (RFC 8259, section 7) ask that of C0 alone, and a terminal that shows the text
/// would obey the others.
struct Escaping;

impl serde_json::ser::Formatter for Escaping {
    fn write_string_fragment<W>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()>
    where
        W: ?Sized + io::Write,
    {
        let mut rest = fragment;
        while let Some(at) = rest.find(is_unsafe) {
            writer.write_all(&rest.as_bytes()[..at])?;
            let mut characters = rest[at..].chars();
            if let Some(character) = characters.next() {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(writer, "\\u{unit:04x}")?;
                }
            }
            rest = characters.as_str();
        }
        writer.write_all(rest.as_bytes())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_class_is_shown_as_its_number() {
        let table = [
            ("a\u{1b}[2Jb", r"a\u{1b}[2Jb"),
            ("a\r\n\tb\0", r"a\u{d}\u{a}\u{9}b\u{0}"),
            ("\u{7f}", r"\u{7f}"),
            ("\u{80}\u{9b}31m\u{9f}", r"\u{80}\u{9b}31m\u{9f}"),
            ("\u{61c}\u{200e}\u{200f}", r"\u{61c}\u{200e}\u{200f}"),
            (
                "\u{202a}\u{202e}\u{2066}\u{2069}",
                r"\u{202a}\u{202e}\u{2066}\u{2069}",
            ),
            (
                "\u{200b}\u{200d}\u{2060}\u{2064}\u{feff}",
                r"\u{200b}\u{200d}\u{2060}\u{2064}\u{feff}",
            ),
            ("\u{2028}\u{2029}", r"\u{2028}\u{2029}"),
            ("web\u{e0041}\u{e007f}", r"web\u{e0041}\u{e007f}"),
            ("\u{ad}\u{3164}\u{ffa0}", r"\u{ad}\u{3164}\u{ffa0}"),
            ("\u{fff9}\u{fe00}\u{e0100}", r"\u{fff9}\u{fe00}\u{e0100}"),
        ];
        for (raw, shown) in table {
            assert_eq!(escape(raw), shown);
        }
    }

    #[test]
    fn what_a_person_can_read_is_left_alone() {
        for text in [
            "",
            "web-1 (blue) ~/\\u{1b}",
            "naïve e\u{301} ångström",
            "データベース 数据库 데이터",
            "שלום مرحبا",
            "🚀 ❤\u{fe0f} 1\u{fe0f}\u{20e3} 👍🏽 🇩🇪",
            "\u{a0}\u{3000}|",
        ] {
            assert!(matches!(escape(text), Cow::Borrowed(same) if same == text));
            let json = json(&text).unwrap();
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), text);
        }
    }

    #[test]
    fn nothing_unsafe_comes_through_whatever_the_character() {
        for character in ('\0'..=char::MAX).filter(|character| is_unsafe(*character)) {
            let raw = format!("a{character}b");
            assert!(!escape(&raw).contains(is_unsafe), "{character:?}");
            let json = json(&raw).unwrap();
            assert!(json.is_ascii(), "{character:?} in {json}");
            assert_eq!(serde_json::from_str::<String>(&json).unwrap(), raw);
        }
    }

    #[test]
    fn json_uses_surrogates_beyond_the_first_plane() {
        assert_eq!(
            json(&"\u{e0041}\u{9b}\"é\u{1b}").unwrap(),
            r#""\udb40\udc41\u009b\"é\u001b""#
        );
    }

    #[test]
    fn json_keys_are_escaped_too() {
        let map = std::collections::BTreeMap::from([("\u{202e}k", 1)]);
        assert_eq!(json(&map).unwrap(), r#"{"\u202ek":1}"#);
    }
}
