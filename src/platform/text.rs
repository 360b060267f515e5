//! Text between a console of Windows, which has UTF-16, and the far side, which has UTF-8.
//! Both come in pieces that may end in the middle of a character.

/// UTF-16 from the keyboard, turned into UTF-8.
/// Half a character waits for its other half; one that never comes is U+FFFD.
#[derive(Debug, Default)]
pub(super) struct Typed {
    /// The first half of a surrogate pair.
    half: Option<u16>,
}

impl Typed {
    /// Turns one code unit, and appends what is whole.
    pub(super) fn take(&mut self, unit: u16, into: &mut Vec<u8>) {
        let first = self.half.take();
        let is_first_half = (0xd800..0xdc00).contains(&unit);
        let is_second_half = (0xdc00..0xe000).contains(&unit);
        if first.is_some() && !is_second_half {
            push(char::REPLACEMENT_CHARACTER, into);
        }
        if is_first_half {
            // The other half may be in the next record.
            self.half = Some(unit);
            return;
        }
        let units = first.filter(|_| is_second_half).into_iter().chain([unit]);
        for letter in char::decode_utf16(units) {
            push(letter.unwrap_or(char::REPLACEMENT_CHARACTER), into);
        }
    }
}

fn push(letter: char, into: &mut Vec<u8>) {
    into.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
}

/// UTF-8 for the screen, as whole characters.
/// The beginning of a character waits for the rest. What is not UTF-8 is U+FFFD.
#[derive(Debug, Default)]
pub(super) struct Shown {
    /// The beginning of a character, at most three bytes.
    beginning: Vec<u8>,
}

impl Shown {
    /// The characters that are whole with these bytes.
    pub(super) fn take(&mut self, bytes: &[u8]) -> String {
        let mut all = std::mem::take(&mut self.beginning);
        all.extend_from_slice(bytes);
        let whole = all.len() - unfinished(&all);
        self.beginning = all.split_off(whole);
        String::from_utf8_lossy(&all).into_owned()
    }

    /// What is left of a character whose rest has not come.
    pub(super) fn rest(&mut self) -> String {
        String::from_utf8_lossy(&std::mem::take(&mut self.beginning)).into_owned()
    }
}

/// How many bytes at the end are the beginning of a character.
fn unfinished(bytes: &[u8]) -> usize {
    let last = bytes.utf8_chunks().last();
    let invalid = last.map_or(&[][..], |chunk| chunk.invalid());
    // More bytes can complete it only if what is there breaks no rule: then `error_len` is `None`.
    match std::str::from_utf8(invalid) {
        Err(error) if error.error_len().is_none() => invalid.len(),
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Text of all lengths in UTF-8 and UTF-16.
    const TEXT: &str = "a\u{e9}\u{20ac}\u{1f980}\r\u{10ffff}z";

    #[test]
    fn a_surrogate_pair_may_come_in_two_reads() {
        let mut typed = Typed::default();
        let mut bytes = Vec::new();
        for unit in TEXT.encode_utf16() {
            typed.take(unit, &mut bytes);
            assert!(std::str::from_utf8(&bytes).is_ok());
        }
        assert_eq!(String::from_utf8(bytes).unwrap(), TEXT);
    }

    #[test]
    fn half_a_pair_that_stays_alone_is_replaced() {
        for (units, text) in [
            (&[0xd83e, 0x61][..], "\u{fffd}a"),
            (&[0xdd80, 0x61], "\u{fffd}a"),
            (&[0xd83e, 0xd83e, 0xdd80], "\u{fffd}\u{1f980}"),
            (&[0x61, 0xd83e], "a"),
            (&[0, 0x61], "\0a"),
        ] {
            let (mut typed, mut bytes) = (Typed::default(), Vec::new());
            for unit in units {
                typed.take(*unit, &mut bytes);
            }
            assert_eq!(String::from_utf8(bytes).unwrap(), text, "{units:x?}");
        }
    }

    #[test]
    fn output_may_be_cut_anywhere() {
        let bytes = TEXT.as_bytes();
        for first in 0..=bytes.len() {
            for second in first..=bytes.len() {
                let mut shown = Shown::default();
                let pieces = [&bytes[..first], &bytes[first..second], &bytes[second..]];
                let text: String = pieces.iter().map(|piece| shown.take(piece)).collect();
                assert_eq!(text, TEXT, "cut at {first} and {second}");
                assert_eq!(shown.rest(), "");
            }
        }
        let mut shown = Shown::default();
        let text: String = bytes.iter().map(|byte| shown.take(&[*byte])).collect();
        assert_eq!(text, TEXT);
    }

    #[test]
    fn what_is_not_utf8_holds_nothing_back() {
        for (bytes, text, rest) in [
            (&b"a\xff"[..], "a\u{fffd}", ""),
            (b"\xe2\x82a", "\u{fffd}a", ""),
            (b"a\xe2\x82", "a", "\u{fffd}"),
            (b"\xc3\xc3", "\u{fffd}", "\u{fffd}"),
            // A surrogate in UTF-8 never becomes a character.
            (b"\xed\xa0", "\u{fffd}\u{fffd}", ""),
            (b"\xf0\x9f\xa6", "", "\u{fffd}"),
        ] {
            let mut shown = Shown::default();
            assert_eq!(shown.take(bytes), text, "{bytes:x?}");
            assert_eq!(shown.rest(), rest, "{bytes:x?}");
        }
    }
}
