//! What the output of a session has switched on at the terminal, and what switches it off. Pure.
//!
//! Source: xterm control sequences; the kitty keyboard protocol; for single modes, the terminals
//! that brought them.

use std::fmt::Write as _;

use super::csi::Csi;
use super::table::{ALTERNATE, APART, Mode, REPORTS, TABLE, bit, bits, private};

/// Something beside the modes, with what switches it off.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Switch {
    Keypad,
    Shift,
    G0,
    G1,
    G2,
    G3,
    Attributes,
    CursorStyle,
    LinuxCursor,
    Tabs,
    Lights,
    StatusLine,
    EightBitAnswers,
    Link,
    Progress,
    Pointer,
    InsertedCharset,
}

const OFF: [(Switch, &str); 17] = [
    (Switch::Keypad, "\x1b>"),
    (Switch::Shift, "\x0f"),
    (Switch::G0, "\x1b(B"),
    (Switch::G1, "\x1b)B"),
    (Switch::G2, "\x1b*B"),
    (Switch::G3, "\x1b+B"),
    (Switch::Attributes, "\x1b[m"),
    (Switch::CursorStyle, "\x1b[0 q"),
    (Switch::LinuxCursor, "\x1b[?0c"),
    (Switch::Tabs, "\x1b[?5W"),
    (Switch::Lights, "\x1b[0q"),
    (Switch::StatusLine, "\x1b[0$}\x1b[0$~"),
    (Switch::EightBitAnswers, "\x1b F"),
    (Switch::Link, "\x1b]8;;\x07"),
    (Switch::Progress, "\x1b]9;4;0\x07"),
    (Switch::Pointer, "\x1b]22;\x07"),
    (Switch::InsertedCharset, "\x1b%G"),
];

/// The kitty keyboard protocol on one of the two screens.
#[derive(Debug, Clone, Copy, Default)]
struct Keyboard {
    /// How many more times it was pushed than popped.
    pushed: u32,
    /// Whether it was set without a push.
    is_set: bool,
}

/// What the output of a session has switched on.
#[derive(Debug, Default)]
pub(super) struct Modes {
    /// The modes that are not in their usual state.
    changed: u64,
    /// The same when they were last saved.
    saved: u64,
    switches: u32,
    /// On the main screen and on the alternate one.
    keyboards: [Keyboard; 2],
    /// xterm's modifier keys and their formats, by number.
    keys: u8,
    formats: u8,
    margins: bool,
    printer: bool,
    /// Colours by the number of their command: 4 and 5 are palettes, 10 to 19 single ones.
    colours: u32,
    /// How many more titles were kept than taken back.
    titles: u32,
}

/// xterm keeps ten titles.
const MOST_TITLES: u32 = 10;

impl Modes {
    /// Whether the whole screen is a program's at the moment.
    pub(super) fn has_screen(&self) -> bool {
        let shown = bit(Some(b'?'), 25) | bits(&ALTERNATE);
        self.changed & shown != 0
    }

    /// Whether the terminal may send something by itself.
    pub(super) fn reports(&self) -> bool {
        self.changed & bits(&REPORTS) != 0
    }

    pub(super) fn switch(&mut self, switch: Switch, on: bool) {
        let bit = 1 << switch as u32;
        if on {
            self.switches |= bit;
        } else {
            self.switches &= !bit;
        }
    }

    /// The terminal was reset (`ESC c`).
    /// Not all terminals then leave the alternate screen. To leave it must not move the cursor.
    pub(super) fn reset(&mut self) {
        let all = bits(&ALTERNATE);
        if self.changed & all != 0 {
            self.changed = self.changed & !all | bits(&[47]);
        }
    }

    /// The application keypad.
    pub(super) fn keypad(&mut self, on: bool) {
        self.switch(Switch::Keypad, on);
    }

    /// A colour was changed, or given back.
    pub(super) fn colour(&mut self, number: u32, on: bool) {
        let bit = 1 << number;
        if on {
            self.colours |= bit;
        } else {
            self.colours &= !bit;
        }
    }

    /// Follows a control sequence. True if the terminal answers it.
    pub(super) fn control(&mut self, csi: &Csi, last: u8) -> bool {
        let [first, second] = csi.first;
        match (csi.marker, csi.intermediate, last) {
            _ if csi.is_malformed => {}
            (Some(b'?') | None, None, b'h') => self.set(csi.named, true, csi.is_sure),
            (Some(b'?') | None, None, b'l') => self.set(csi.named, false, csi.is_sure),
            (Some(b'?'), None, b's') => self.saved = mixed(self.saved, self.changed, csi.named),
            (Some(b'?'), None, b'r') => self.changed = mixed(self.changed, self.saved, csi.named),
            (None, None, b'm') => self.turn(Switch::Attributes, csi.has_value, csi),
            (None, None, b'r') => self.margins = csi.has_value || self.margins && !csi.is_sure,
            (None, Some(b' '), b'q') => self.turn(Switch::CursorStyle, first != 0, csi),
            (None, None, b'q') => self.turn(Switch::Lights, csi.has_value, csi),
            (None, None, b'g') => self.turn(Switch::Tabs, true, csi),
            (Some(b'?'), None, b'W') => self.turn(Switch::Tabs, first != 5, csi),
            (None, Some(b'$'), b'}' | b'~') => self.turn(Switch::StatusLine, first != 0, csi),
            (Some(b'?') | None, None, b'i') if first == 5 => self.printer = true,
            (Some(b'?') | None, None, b'i') if first == 4 => self.printer &= !csi.is_sure,
            (Some(b'>'), None, b'm') => set_bit(&mut self.keys, first, second != 0, csi),
            (Some(b'>'), None, b'n') => set_bit(&mut self.keys, first, true, csi),
            (Some(b'>'), None, b'f') => set_bit(&mut self.formats, first, second != 0, csi),
            (Some(b'<' | b'=' | b'>'), None, b'u') => self.keyboard(csi),
            (None, None, b't') if first == 22 => {
                self.titles = (self.titles + 1).min(MOST_TITLES);
            }
            (None, None, b't') if first == 23 => self.titles = self.titles.saturating_sub(1),
            (Some(b'?'), None, b'c') => self.turn(Switch::LinuxCursor, csi.has_value, csi),
            _ => return is_question(csi, last),
        }
        false
    }

    /// A control sequence that only some terminals take switches nothing off.
    fn turn(&mut self, switch: Switch, on: bool, csi: &Csi) {
        if on || csi.is_sure {
            self.switch(switch, on);
        }
    }

    fn set(&mut self, named: u64, on: bool, is_sure: bool) {
        for (at, (_, _, usual)) in TABLE.iter().enumerate() {
            let bit = 1 << at;
            if named & bit == 0 {
                continue;
            }
            if on != *usual {
                self.changed |= bit;
            } else if is_sure {
                self.changed &= !bit;
            }
        }
    }

    fn keyboard(&mut self, csi: &Csi) {
        let is_alternate = self.changed & bits(&ALTERNATE) != 0;
        let keyboard = &mut self.keyboards[usize::from(is_alternate)];
        let [flags, _] = csi.first;
        match csi.marker {
            Some(b'>') => keyboard.pushed = keyboard.pushed.saturating_add(1),
            Some(b'<') if csi.is_sure => {
                keyboard.pushed = keyboard.pushed.saturating_sub(flags.max(1));
            }
            Some(b'=') if keyboard.pushed == 0 => {
                keyboard.is_set = flags != 0 || keyboard.is_set && !csi.is_sure;
            }
            _ => {}
        }
    }

    /// What switches all of it off, and nothing else.
    /// Each screen has a keyboard of its own, so the alternate one's comes before it is left.
    pub(super) fn off(&self) -> String {
        let mut off = String::new();
        if self.printer {
            off.push_str("\x1b[4i\x1b[?4i");
        }
        if self.has_changed(2) {
            off.push_str("\x1b<");
        }
        let apart = bits(&APART);
        for (at, mode) in TABLE.iter().enumerate() {
            if self.changed & !apart & (1 << at) != 0 {
                off.push_str(&back(*mode));
            }
        }
        let alternate = ALTERNATE.map(|number| self.has_changed(number).then_some(number));
        let [main, other] = self.keyboards.map(keyboard_off);
        off.push_str(&other);
        for number in alternate.into_iter().flatten() {
            off.push_str(&back(private(number)));
        }
        off.push_str(&main);
        for number in 0..8 {
            for (set, last) in [(self.keys, 'm'), (self.formats, 'f')] {
                if set & (1 << number) != 0 {
                    let _ = write!(off, "\x1b[>{number}{last}");
                }
            }
        }
        // The end of the margins moves the cursor, which is then put back. The end of the origin
        // mode does too, and puts the cursor at the top, where it would write over the screen.
        if self.has_changed(6) {
            off.push_str("\x1b[?6l\x1b[r\x1b[9999;1H\r\n");
        } else if self.margins {
            off.push_str("\x1b7\x1b[r\x1b8");
        }
        for number in (0..u32::BITS).filter(|number| self.colours & (1 << number) != 0) {
            let _ = write!(off, "\x1b]{}\x07", 100 + number);
        }
        for (switch, sequence) in OFF {
            if self.switches & (1 << switch as u32) != 0 {
                off.push_str(sequence);
            }
        }
        for _ in 0..self.titles {
            off.push_str("\x1b[23;0t");
        }
        off
    }

    fn has_changed(&self, number: u32) -> bool {
        self.changed & bit(Some(b'?'), number) != 0
    }
}

/// The first, with the named bits of the second.
fn mixed(first: u64, second: u64, named: u64) -> u64 {
    first & !named | second & named
}

/// The sequence that brings a mode back to its usual state.
fn back((marker, number, usual): Mode) -> String {
    let marker = marker.map(char::from);
    let last = if usual { 'h' } else { 'l' };
    format!(
        "\x1b[{}{number}{last}",
        marker.map_or_else(String::new, String::from)
    )
}

fn keyboard_off(keyboard: Keyboard) -> String {
    let mut off = String::new();
    if keyboard.pushed > 0 {
        let _ = write!(off, "\x1b[<{}u", keyboard.pushed);
    }
    if keyboard.is_set {
        off.push_str("\x1b[=0u");
    }
    off
}

fn set_bit(bits: &mut u8, number: u32, on: bool, csi: &Csi) {
    let bit = 1_u8.checked_shl(number).unwrap_or_default();
    if on {
        *bits |= bit;
    } else if csi.is_sure {
        *bits &= !bit;
    }
}

/// Whether the terminal answers: its kind, its state, its size, its version, its modes.
fn is_question(csi: &Csi, last: u8) -> bool {
    match (csi.marker, csi.intermediate, last) {
        (None | Some(b'>' | b'='), None, b'c')
        | (None | Some(b'?'), None, b'n')
        | (None, None, b'x')
        | (Some(b'?'), None, b'u' | b'S' | b'm')
        | (Some(b'>'), None, b'q')
        | (None | Some(b'?'), Some(b'$'), b'p')
        | (None, Some(b'$'), b'w' | b'u')
        | (None, Some(b'*'), b'y')
        | (None, Some(b'\''), b'|') => true,
        (None, None, b't') => (11..=21).contains(&csi.first[0]),
        _ => false,
    }
}
