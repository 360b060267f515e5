//! What a key of a Windows console is to the far side: bytes, as a terminal types them.
//!
//! With ENABLE_VIRTUAL_TERMINAL_INPUT the console turns most keys into sequences itself, and each
//! of their characters comes as a key (Microsoft Learn, "Console Virtual Terminal Sequences"). A
//! console that leaves keys as they are (wine's does) has them turned here, as xterm does.

use super::text::Typed;

/// A key that went down or up (Microsoft Learn, "KEY_EVENT_RECORD structure").
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Key {
    pub is_down: bool,
    /// How often it was pressed; at least once.
    pub count: u16,
    /// Its virtual-key code (Microsoft Learn, "Virtual-Key Codes").
    pub code: u16,
    /// The UTF-16 code unit that it types; 0 if it types none.
    pub unit: u16,
    /// Ctrl, Alt and Shift, as bits of [`ALT_RIGHT`] and the others.
    pub state: u32,
}

pub(super) const ALT_RIGHT: u32 = 1;
pub(super) const ALT_LEFT: u32 = 2;
pub(super) const CTRL_RIGHT: u32 = 4;
pub(super) const CTRL_LEFT: u32 = 8;
pub(super) const SHIFT: u32 = 16;

/// The key that is Alt: when it goes up, it types what was entered as a number with it.
const ALT: u16 = 0x12;
const SPACE: u16 = 0x20;
const TWO: u16 = 0x32;

impl Key {
    fn has(self, state: u32) -> bool {
        self.state & state != 0
    }

    /// Whether Ctrl is down. AltGr is left Ctrl and right Alt, and only chooses a character.
    fn is_ctrl(self) -> bool {
        self.has(CTRL_LEFT | CTRL_RIGHT) && !self.is_alt_gr()
    }

    fn is_alt(self) -> bool {
        self.has(ALT_LEFT | ALT_RIGHT) && !self.is_alt_gr()
    }

    fn is_alt_gr(self) -> bool {
        self.has(ALT_RIGHT) && self.has(CTRL_LEFT)
    }
}

/// Appends what a key types.
pub(super) fn take(key: Key, typed: &mut Typed, into: &mut Vec<u8>) {
    let begins_at = into.len();
    if key.unit != 0 {
        if !key.is_down && key.code != ALT {
            return;
        }
        // The console has put the escape of Alt there itself if it makes sequences.
        if key.is_down && key.is_alt() {
            into.push(0x1b);
        }
        let unit = match (key.code, key.unit) {
            // A terminal's backspace is DEL, and Ctrl makes it BS.
            (BACKSPACE, 0x08 | 0x7f) if key.is_ctrl() => 0x08,
            (BACKSPACE, 0x08) => 0x7f,
            (_, unit) => unit,
        };
        typed.take(unit, into);
    } else if key.is_down {
        into.extend(sequence(key));
    }
    let once = into[begins_at..].to_vec();
    for _ in 1..key.count {
        into.extend_from_slice(&once);
    }
}

const BACKSPACE: u16 = 0x08;

/// The sequence of a key that has no character (XTerm Control Sequences, "PC-Style Function Keys").
fn sequence(key: Key) -> Vec<u8> {
    if key.is_ctrl() && !key.is_alt() && matches!(key.code, 0 | SPACE | TWO) {
        return vec![0];
    }
    let modifiers =
        1 + u8::from(key.has(SHIFT)) + 2 * u8::from(key.is_alt()) + 4 * u8::from(key.is_ctrl());
    let (number, letter) = match key.code {
        0x21 => (5, b'~'),
        0x22 => (6, b'~'),
        0x23 => (1, b'F'),
        0x24 => (1, b'H'),
        0x25 => (1, b'D'),
        0x26 => (1, b'A'),
        0x27 => (1, b'C'),
        0x28 => (1, b'B'),
        0x2d => (2, b'~'),
        0x2e => (3, b'~'),
        // F1 to F4, then F5 to F12: the numbers have gaps.
        0x70 => (1, b'P'),
        0x71 => (1, b'Q'),
        0x72 => (1, b'R'),
        0x73 => (1, b'S'),
        0x74 => (15, b'~'),
        code @ 0x75..=0x79 => (17 + code - 0x75, b'~'),
        code @ 0x7a..=0x7b => (23 + code - 0x7a, b'~'),
        _ => return Vec::new(),
    };
    let letter = char::from(letter);
    let text = match (number, modifiers) {
        (1, 1) if ('P'..='S').contains(&letter) => format!("\x1bO{letter}"),
        (1, 1) => format!("\x1b[{letter}"),
        (number, 1) => format!("\x1b[{number}{letter}"),
        (number, modifiers) => format!("\x1b[{number};{modifiers}{letter}"),
    };
    text.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn down(code: u16, unit: u16, state: u32) -> Key {
        Key {
            is_down: true,
            count: 1,
            code,
            unit,
            state,
        }
    }

    fn typed(keys: &[Key]) -> String {
        let (mut typed, mut bytes) = (Typed::default(), Vec::new());
        for key in keys {
            take(*key, &mut typed, &mut bytes);
        }
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn a_key_types_its_character_when_it_goes_down() {
        let a = down(0x41, 0x61, 0);
        let up = Key {
            is_down: false,
            ..a
        };
        assert_eq!(typed(&[a, up]), "a");
        assert_eq!(typed(&[Key { count: 3, ..a }]), "aaa");
        assert_eq!(typed(&[down(0x43, 3, CTRL_LEFT)]), "\x03");
        assert_eq!(typed(&[down(0x0d, 0x0d, 0)]), "\r");
        assert_eq!(typed(&[down(0x08, 0x08, 0)]), "\x7f");
        assert_eq!(typed(&[down(0x08, 0x7f, CTRL_LEFT)]), "\x08");
        // Ctrl-H is not the key Backspace.
        assert_eq!(typed(&[down(0x48, 0x08, CTRL_LEFT)]), "\x08");
        // Shift alone.
        assert_eq!(typed(&[down(0x10, 0, SHIFT)]), "");
    }

    #[test]
    fn a_character_beyond_16_bits_is_two_keys() {
        let crab = [down(0, 0xd83e, 0), down(0, 0xdd80, 0)];
        let released = Key {
            is_down: false,
            ..crab[0]
        };
        assert_eq!(typed(&crab), "\u{1f980}");
        assert_eq!(typed(&[crab[0], released, crab[1]]), "\u{1f980}");
    }

    #[test]
    fn alt_is_an_escape_and_alt_gr_a_character() {
        assert_eq!(typed(&[down(0x42, 0x62, ALT_LEFT)]), "\x1bb");
        assert_eq!(typed(&[down(0x51, 0x40, ALT_RIGHT | CTRL_LEFT)]), "@");
        // A number that was entered with Alt.
        let number = Key {
            is_down: false,
            count: 1,
            code: ALT,
            unit: 0xe9,
            state: 0,
        };
        assert_eq!(typed(&[number]), "\u{e9}");
    }

    #[test]
    fn the_sequences_of_the_console_pass() {
        let keys: Vec<Key> = "\x1b[1;5A"
            .encode_utf16()
            .map(|unit| down(0, unit, 0))
            .collect();
        assert_eq!(typed(&keys), "\x1b[1;5A");
        assert_eq!(typed(&[down(TWO, 0, CTRL_LEFT)]), "\0");
    }

    #[test]
    fn keys_without_a_character_are_xterms_sequences() {
        for (code, state, text) in [
            (0x26, 0, "\x1b[A"),
            (0x28, 0, "\x1b[B"),
            (0x27, CTRL_LEFT, "\x1b[1;5C"),
            (0x25, SHIFT | ALT_LEFT, "\x1b[1;4D"),
            (0x24, 0, "\x1b[H"),
            (0x23, 0, "\x1b[F"),
            (0x2e, 0, "\x1b[3~"),
            (0x2e, SHIFT, "\x1b[3;2~"),
            (0x21, 0, "\x1b[5~"),
            (0x70, 0, "\x1bOP"),
            (0x70, CTRL_RIGHT, "\x1b[1;5P"),
            (0x74, 0, "\x1b[15~"),
            (0x75, 0, "\x1b[17~"),
            (0x79, 0, "\x1b[21~"),
            (0x7a, 0, "\x1b[23~"),
            (0x7b, 0, "\x1b[24~"),
            (0x20, CTRL_LEFT, "\0"),
        ] {
            assert_eq!(typed(&[down(code, 0, state)]), text, "{code:#x} {state}");
        }
    }
}
