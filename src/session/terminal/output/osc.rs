//! One operating system command (`OSC number ; text`), as far as it has to be known. Pure.
//! However long it is, it takes the same memory.

use super::modes::{Modes, Switch};

/// OSC 52 reads and writes the clipboard (xterm control sequences).
/// 5522 is kitty's newer way to do the same.
const CLIPBOARD: [u32; 2] = [52, 5522];
/// iTerm2's own commands. 50 is their number in its first versions, and still works.
/// The ones named here write the clipboard ("Proprietary Escape Codes").
const ITERM: [u32; 2] = [50, 1337];
const ITERM_CLIPBOARD: [&str; 2] = ["copy", "endcopy"];
/// No command has a number with more digits.
/// Terminals that count in few bits would take such a number for another one.
const MOST_DIGITS: u32 = 8;
/// kitty reads at most this many digits, and takes the rest for text.
const KITTY_DIGITS: u32 = 5;

/// The number of a command, while it is read.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Number {
    value: u32,
    digits: u32,
    /// The same with leading zeros.
    all_digits: u32,
    /// Whether every terminal takes the command.
    pub is_sure: bool,
}

/// What a command turned out to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is not known yet.
    Open,
    /// It may pass.
    Passes,
    /// Its name comes next and decides.
    Named,
    /// It reads or writes the clipboard.
    Clipboard,
}

impl Number {
    pub(super) fn new(is_sure: bool) -> Self {
        Self {
            is_sure,
            ..Self::default()
        }
    }

    /// Takes the next byte.
    /// Some terminals pass over a plus sign, a space and control characters before the number, and
    /// over letters behind it, as C's `atoi` does.
    pub(super) fn take(&mut self, byte: u8) -> Verdict {
        match byte {
            b'0'..=b'9' => {
                let digit = u32::from(byte - b'0');
                self.value = self.value.saturating_mul(10).saturating_add(digit);
                self.digits += u32::from(self.value > 0);
                self.all_digits = self.all_digits.saturating_add(1);
                let is_whole = self.all_digits == KITTY_DIGITS;
                return if is_whole && CLIPBOARD.contains(&self.value) {
                    Verdict::Clipboard
                } else {
                    Verdict::Open
                };
            }
            _ if CLIPBOARD.contains(&self.value) || self.digits > MOST_DIGITS => {
                return Verdict::Clipboard;
            }
            0..0x20 | 0x7f => return Verdict::Open,
            b' ' | b'+' if self.digits == 0 => return Verdict::Open,
            _ => {}
        }
        if ITERM.contains(&self.value) && byte == b';' {
            Verdict::Named
        } else {
            Verdict::Passes
        }
    }

    /// The command that this number begins, if `byte` comes next.
    pub(super) fn before(self, byte: u8) -> Command {
        if byte == b';' {
            return self.without_text();
        }
        Command {
            digits: Some(self.value),
            ..Command::new(None, self.is_sure)
        }
    }

    /// The command, if it ends here.
    pub(super) fn without_text(self) -> Command {
        Command::new(Some(self.value), self.is_sure)
    }
}

/// What an iTerm2 command is, by the name as far as it has come.
pub(super) fn named(name: &[u8]) -> Verdict {
    let letters = name.iter().filter(|byte| !byte.is_ascii_control());
    let name: Vec<u8> = letters.map(u8::to_ascii_lowercase).collect();
    let each = ITERM_CLIPBOARD.map(str::as_bytes);
    if each.iter().any(|clipboard| name.starts_with(clipboard)) {
        Verdict::Clipboard
    } else if each.iter().any(|clipboard| clipboard.starts_with(&name)) {
        Verdict::Open
    } else {
        Verdict::Passes
    }
}

/// A command that passes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Command {
    number: Option<u32>,
    /// What its digits come to so far, as long as no semicolon came and something else did.
    digits: Option<u32>,
    pub is_sure: bool,
    /// The first bytes of its text.
    first: [u8; 3],
    length: usize,
    last: u8,
    /// Whether the text is more than digits, semicolons and question marks, so a colour is set.
    has_words: bool,
    asks: bool,
}

impl Command {
    pub(super) fn new(number: Option<u32>, is_sure: bool) -> Self {
        Self {
            number,
            is_sure,
            ..Self::default()
        }
    }

    /// Whether it reads or writes the clipboard if `byte` comes next.
    /// Windows Terminal passes over all that is not a digit before the first semicolon.
    pub(super) fn is_clipboard(&self, byte: u8) -> bool {
        byte == b';' && self.digits.is_some_and(|value| CLIPBOARD.contains(&value))
    }

    /// Whether a terminal may still take what comes for its number.
    pub(super) fn is_open(&self) -> bool {
        self.digits.is_some()
    }

    /// Takes a byte of its text.
    pub(super) fn take(&mut self, byte: u8) {
        self.digits = match (self.digits, byte) {
            (_, b';') => None,
            (Some(value), b'0'..=b'9') => {
                let digit = u32::from(byte - b'0');
                Some(value.saturating_mul(10).saturating_add(digit))
            }
            (digits, _) => digits,
        };
        if let Some(first) = self.first.get_mut(self.length) {
            *first = byte;
        }
        self.length = self.length.saturating_add(1);
        self.last = byte;
        self.asks |= byte == b'?';
        self.has_words |= !matches!(byte, b'0'..=b'9' | b';' | b'?');
    }

    /// It is complete. True if the terminal answers it.
    pub(super) fn end(&self, modes: &mut Modes) -> bool {
        match self.number {
            // Palettes; foreground, background, cursor and other single colours.
            Some(number @ (4 | 5 | 10..=19)) if self.has_words => modes.colour(number, true),
            Some(number @ (104 | 105 | 110..=119)) if self.length == 0 && self.is_sure => {
                modes.colour(number - 100, false);
            }
            Some(8) if self.length > 0 => modes.switch(Switch::Link, self.last != b';'),
            // ConEmu's progress bar, which other terminals took over.
            Some(9) if self.first.starts_with(b"4;") => {
                modes.switch(Switch::Progress, self.first[2] != b'0');
            }
            Some(22) => modes.switch(Switch::Pointer, self.length > 0),
            _ => {}
        }
        self.asks
    }
}
