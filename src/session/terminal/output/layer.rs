//! The output as one terminal reads it, byte by byte. Pure.
//! What passes goes on unchanged. What reads or writes the clipboard is left out.
//!
//! tmux and screen hand the content of a device control string on to the terminal around them. That
//! terminal is a layer of its own: it reads all such strings as one stream, so a command may be
//! spread over several.
//!
//! Terminals differ in what ends a string. So `ESC ]` begins a command in every state, as it does
//! for a terminal that has given the string up. A byte is held back only if it cannot be seen: the
//! beginning of a character, or of a command whose number has not come yet.
//! What is left out must not join what stands around it: nothing that is not complete passes before
//! it, or it is cancelled.
//!
//! The crate `vte` does less than this needs. It hands on what a sequence means, not its bytes. It
//! keeps a command of any length in memory, and does not look into a string for tmux or screen.
//!
//! Source: ECMA-48 and ECMA-35; "A parser for DEC's ANSI-compatible video terminals" (vt100.net),
//! which most terminals follow; `input.c` of tmux; `ansi.c` of GNU screen.

mod command;
mod device;
mod end;

use super::csi::Csi;
use super::modes::{Modes, Switch};
use super::osc::{Command, Number};

const BEL: u8 = 0x07;
const SHIFT_OUT: u8 = 0x0e;
const SHIFT_IN: u8 = 0x0f;
const ENQUIRY: u8 = 0x05;
const CANCEL: u8 = 0x18;
const SUBSTITUTE: u8 = 0x1a;
const ESC: u8 = 0x1b;
const DELETE: u8 = 0x7f;
/// The 8-bit forms of `ESC` and one of H, P, X, Z, `[`, `\`, `]`, `^`, `_`.
const TAB_SET: u8 = 0x88;
const DEVICE: u8 = 0x90;
const START_OF_STRING: u8 = 0x98;
const IDENTIFY: u8 = 0x9a;
const CONTROL: u8 = 0x9b;
const END_OF_STRING: u8 = 0x9c;
const COMMAND: u8 = 0x9d;
const PRIVACY: u8 = 0x9e;
const APPLICATION: u8 = 0x9f;

/// What a string for the terminal around tmux begins with.
const TMUX: &[u8] = b"tmux;";
/// How deep such strings may be inside each other. What is deeper is left out.
const DEEPEST: u8 = 4;
/// The most bytes that are held back.
const MOST_HELD: usize = 32;

#[derive(Debug, Clone, Copy)]
enum State {
    /// Text.
    Ground,
    /// After `ESC`, which is held back.
    Escape,
    /// After `ESC` and an intermediate byte; `None` if there are several.
    Intermediate(Option<u8>),
    /// A control sequence.
    Control(Csi),
    /// A command whose number is not complete. It is held back.
    Number(Number),
    /// An iTerm2 command whose name is not complete; where it begins in what is held back.
    Name(Number, usize),
    /// A number or name after `ESC`. All of it is held back.
    NumberEscape(Number),
    /// A command that passes.
    Command(Command),
    /// A command that is left out.
    LeftOut,
    /// The same after `ESC`.
    LeftOutEscape,
    /// The beginning of a device control string. It is held back as long as it may be tmux's.
    DeviceBegins,
    /// A device control string, and whether it is tmux's.
    Device(bool),
    /// The same after `ESC`, which is held back.
    DeviceEscape(bool),
    /// A string of another kind.
    Text,
}

/// A terminal.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own about what came"
)]
pub(super) struct Layer {
    state: State,
    /// Whether each byte is a character, and 0x80 to 0x9F are controls.
    is_eight_bit: bool,
    was_eight_bit: bool,
    /// The character that is not complete, and how many bytes it lacks.
    character: Vec<u8>,
    lacks: u8,
    held: Vec<u8>,
    pub(super) modes: Modes,
    depth: u8,
    /// The terminal around tmux, and the one around screen.
    around: [Option<Box<Layer>>; 2],
    /// Whether the last that came was the end of a device control string.
    is_behind_device: bool,
    /// Whether something that passed was not complete when `ESC` or a control of 8 bits came.
    is_open: bool,
    /// Whether something was left out.
    pub(super) has_left_out: bool,
    /// Whether the terminal was asked something.
    pub(super) was_asked: bool,
}

impl Layer {
    pub(super) fn new(is_eight_bit: bool) -> Self {
        Self {
            state: State::Ground,
            is_eight_bit,
            was_eight_bit: is_eight_bit,
            character: Vec::new(),
            lacks: 0,
            held: Vec::new(),
            modes: Modes::default(),
            depth: 0,
            around: [None, None],
            is_behind_device: false,
            is_open: false,
            has_left_out: false,
            was_asked: false,
        }
    }

    /// Whether these bytes are text and nothing else, and come where text stands.
    pub(super) fn is_text(&self, bytes: &[u8]) -> bool {
        let is_plain =
            |byte: &u8| matches!(*byte, 0x20..=0x7e | b'\t' | b'\n' | b'\r' | 0x08 | BEL);
        matches!(self.state, State::Ground) && self.lacks == 0 && bytes.iter().all(is_plain)
    }

    /// Takes a byte, and puts what passes behind `out`.
    pub(super) fn take(&mut self, byte: u8, out: &mut Vec<u8>) {
        if self.lacks > 0 {
            if matches!(byte, 0x80..=0xbf) {
                self.character.push(byte);
                self.lacks -= 1;
                if self.lacks == 0 {
                    self.character(out);
                }
                return;
            }
            self.broken(out);
        }
        match byte {
            0..0x80 => self.ascii(byte, out),
            0xc2..=0xf4 if !self.is_eight_bit => {
                self.lacks = match byte {
                    0xc2..=0xdf => 1,
                    0xe0..=0xef => 2,
                    _ => 3,
                };
                self.character.push(byte);
            }
            0x80..=0x9f => self.c1(byte, &[byte], self.is_eight_bit, out),
            _ => self.text(&[byte], out),
        }
    }

    /// A character beyond ASCII is complete.
    fn character(&mut self, out: &mut Vec<u8>) {
        let character = std::mem::take(&mut self.character);
        match character[..] {
            [0xc2, control @ 0x80..=0x9f] => self.c1(control, &character, true, out),
            _ => self.text(&character, out),
        }
    }

    /// A character was cut short.
    /// A terminal that does not know UTF-8 may take its last byte for a control.
    fn broken(&mut self, out: &mut Vec<u8>) {
        self.lacks = 0;
        let character = std::mem::take(&mut self.character);
        match character.split_last() {
            Some((control @ 0x80..=0x9f, before)) => {
                self.text(before, out);
                self.c1(*control, &[*control], false, out);
            }
            _ => self.text(&character, out),
        }
    }

    /// Bytes that are not a control.
    fn text(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        self.is_behind_device = false;
        match &mut self.state {
            State::LeftOut => return,
            State::LeftOutEscape => self.state = State::LeftOut,
            State::Device(is_tmux) => {
                let is_tmux = *is_tmux;
                return self.content(bytes, is_tmux, out);
            }
            State::DeviceEscape(is_tmux) => {
                let is_tmux = *is_tmux;
                self.device_escape(is_tmux, bytes, out);
                return;
            }
            State::DeviceBegins => {
                self.device(false, out);
                return self.content(bytes, false, out);
            }
            State::Command(command) => bytes.iter().for_each(|byte| command.take(*byte)),
            State::Number(number) => {
                let (number, first) = (*number, bytes[0]);
                self.decided(number, first, out);
                if matches!(self.state, State::LeftOut) {
                    return;
                }
            }
            State::Name(number, _) => {
                let command = number.without_text();
                self.pass(command, out);
            }
            State::Escape | State::NumberEscape(_) => {
                self.drop_held(out);
                self.state = State::Ground;
            }
            State::Intermediate(_) | State::Control(_) => self.state = State::Ground,
            State::Ground | State::Text => {}
        }
        out.extend_from_slice(bytes);
    }

    /// A control of 8 bits, spelt `bytes`.
    /// One that is not sure is one for few terminals only: the others show a mark in its place.
    fn c1(&mut self, control: u8, bytes: &[u8], is_sure: bool, out: &mut Vec<u8>) {
        let is_left_out = matches!(self.state, State::LeftOut | State::LeftOutEscape);
        let in_device = matches!(
            self.state,
            State::Device(_) | State::DeviceEscape(_) | State::DeviceBegins
        );
        let begins = matches!(control, CONTROL | COMMAND);
        if in_device && !(control == END_OF_STRING && is_sure && !self.is_tmux()) {
            return self.text(bytes, out);
        }
        if is_left_out && control == END_OF_STRING {
            self.state = State::Ground;
            return;
        }
        let is_unsure_string = matches!(&self.state, State::Command(command) if !command.is_sure);
        let ends = control == END_OF_STRING && is_unsure_string;
        if !is_sure && !begins && !ends {
            return self.text(bytes, out);
        }
        if matches!(self.state, State::DeviceEscape(_)) {
            out.push(ESC);
        }
        let ends_number = control == END_OF_STRING && self.held.first() != Some(&ESC);
        if let State::Number(number) | State::Name(number, _) = self.state
            && ends_number
        {
            self.release(out);
            self.end(number.without_text());
        } else {
            self.drop_held(out);
            self.finish();
        }
        match control {
            CONTROL => {
                out.extend_from_slice(bytes);
                self.state = State::Control(Csi::new(is_sure));
            }
            COMMAND => {
                self.held.extend_from_slice(bytes);
                self.state = State::Number(Number::new(is_sure));
            }
            DEVICE => self.begin_device(bytes, out),
            START_OF_STRING | PRIVACY | APPLICATION => {
                out.extend_from_slice(bytes);
                self.was_asked |= control == APPLICATION;
                self.state = State::Text;
            }
            _ => {
                out.extend_from_slice(bytes);
                self.was_asked |= control == IDENTIFY;
                if control == TAB_SET {
                    self.modes.switch(Switch::Tabs, true);
                }
                self.state = State::Ground;
            }
        }
    }

    fn is_tmux(&self) -> bool {
        matches!(self.state, State::Device(true) | State::DeviceEscape(true))
    }

    fn ascii(&mut self, byte: u8, out: &mut Vec<u8>) {
        self.shift(byte);
        match self.state {
            State::LeftOut => match byte {
                ESC => self.state = State::LeftOutEscape,
                BEL | CANCEL | SUBSTITUTE => self.state = State::Ground,
                _ => {}
            },
            State::LeftOutEscape if byte == b'\\' => self.state = State::Ground,
            State::LeftOutEscape => {
                self.held.push(ESC);
                self.escape(byte, out);
            }
            State::DeviceBegins => self.device_begins(byte, out),
            State::Device(is_tmux) => match byte {
                ESC => self.state = State::DeviceEscape(is_tmux),
                CANCEL | SUBSTITUTE => self.cancel_device(byte, is_tmux, out),
                _ => self.content(&[byte], is_tmux, out),
            },
            State::DeviceEscape(is_tmux) => self.device_escape(is_tmux, &[byte], out),
            State::Escape => self.escape(byte, out),
            State::NumberEscape(number) => self.number_escape(number, byte, out),
            State::Number(number) | State::Name(number, _) if byte == ESC => {
                self.held.push(ESC);
                self.state = State::NumberEscape(number);
            }
            _ if byte == ESC => {
                self.finish();
                self.held.push(ESC);
                self.state = State::Escape;
            }
            _ if matches!(byte, CANCEL | SUBSTITUTE) => {
                self.held.clear();
                out.push(byte);
                self.state = State::Ground;
            }
            State::Number(number) => self.number(number, byte, out),
            State::Name(number, begins) => self.name(number, begins, byte, out),
            State::Command(command) if command.is_clipboard(byte) => {
                self.is_open = true;
                self.leave_out(out);
            }
            State::Command(mut command) => {
                out.push(byte);
                if byte == BEL {
                    self.end(command);
                } else {
                    command.take(byte);
                    self.state = State::Command(command);
                }
            }
            State::Control(csi) => {
                out.push(byte);
                self.control(csi, byte);
            }
            State::Intermediate(intermediate) => {
                out.push(byte);
                self.intermediate(intermediate, byte);
            }
            State::Text => out.push(byte),
            State::Ground => {
                self.is_behind_device = false;
                self.was_asked |= byte == ENQUIRY;
                out.push(byte);
            }
        }
    }

    /// Follows the shift to another set of characters, which works within sequences too.
    /// In a string it does not, but terminals differ in what a string is.
    fn shift(&mut self, byte: u8) {
        let is_between = !matches!(
            self.state,
            State::Command(_) | State::Text | State::Device(_) | State::DeviceEscape(_)
        );
        match byte {
            SHIFT_OUT => self.modes.switch(Switch::Shift, true),
            SHIFT_IN if is_between => self.modes.switch(Switch::Shift, false),
            _ => {}
        }
    }

    /// After `ESC`, which is held back.
    fn escape(&mut self, byte: u8, out: &mut Vec<u8>) {
        self.state = State::Escape;
        match byte {
            CANCEL | SUBSTITUTE => {
                self.release(out);
                out.push(byte);
                self.state = State::Ground;
            }
            // The terminal takes these at once, and still waits for the rest.
            0..0x20 | DELETE if self.held.len() < MOST_HELD => self.held.push(byte),
            ESC => {}
            0..0x20 | DELETE => out.push(byte),
            b']' => {
                self.held.push(byte);
                self.state = State::Number(Number::new(true));
            }
            b'P' => self.begin_device(b"P", out),
            _ => {
                self.release(out);
                out.push(byte);
                self.escaped(byte);
            }
        }
    }

    /// `ESC` and this byte have passed.
    fn escaped(&mut self, byte: u8) {
        self.is_behind_device = false;
        self.state = match byte {
            0x20..=0x2f => State::Intermediate(Some(byte)),
            b'[' => State::Control(Csi::new(true)),
            // `k` is screen's title.
            b'X' | b'^' | b'_' | b'k' => State::Text,
            _ => State::Ground,
        };
        match byte {
            b'=' | b'>' => self.modes.keypad(byte == b'='),
            b'n' | b'o' => self.modes.switch(Switch::Shift, true),
            b'H' => self.modes.switch(Switch::Tabs, true),
            b'c' => self.modes.reset(),
            b'Z' | b'_' => self.was_asked = true,
            _ => {}
        }
    }

    fn intermediate(&mut self, intermediate: Option<u8>, byte: u8) {
        match byte {
            0..0x20 | DELETE => return,
            0x20..=0x2f => {
                self.state = State::Intermediate(None);
                return;
            }
            _ => {}
        }
        let is_usual = byte == b'B';
        match (intermediate, byte) {
            (Some(b'('), _) => self.modes.switch(Switch::G0, !is_usual),
            (Some(b')' | b'-'), _) => self.modes.switch(Switch::G1, !is_usual),
            (Some(b'*' | b'.'), _) => self.modes.switch(Switch::G2, !is_usual),
            (Some(b'+' | b'/'), _) => self.modes.switch(Switch::G3, !is_usual),
            // The answers' form, and the way from UTF-8 to bytes and back (ISO 2022).
            (Some(b' '), b'F' | b'G') => {
                self.modes.switch(Switch::EightBitAnswers, byte == b'G');
            }
            (Some(b'%'), b'@') => self.encoding(true),
            (Some(b'%'), b'G' | b'8') => self.encoding(false),
            _ => {}
        }
        self.state = State::Ground;
    }

    fn encoding(&mut self, is_eight_bit: bool) {
        self.is_eight_bit = is_eight_bit;
        let leaves_utf8 = is_eight_bit && !self.was_eight_bit;
        self.modes.switch(Switch::InsertedCharset, leaves_utf8);
    }

    fn control(&mut self, mut csi: Csi, byte: u8) {
        self.state = match byte {
            0x20..=0x3f => {
                csi.take(byte);
                State::Control(csi)
            }
            0x40..=0x7e => {
                csi.end_parameter();
                self.was_asked |= self.modes.control(&csi, byte);
                State::Ground
            }
            _ => State::Control(csi),
        };
    }

    fn release(&mut self, out: &mut Vec<u8>) {
        out.append(&mut self.held);
    }

    /// Passes what is held back, but for its escape characters and for a number without an end.
    /// No command has a character of 8 bits behind `ESC`. Some terminals pass over the character
    /// and still wait. The `ESC` would also have ended what stands open.
    fn drop_held(&mut self, out: &mut Vec<u8>) {
        let is_dropped = match self.state {
            State::Escape => {
                self.held.retain(|byte| *byte != ESC);
                self.release(out);
                true
            }
            State::Number(_) | State::Name(..) | State::NumberEscape(_) => true,
            State::Command(command) => command.is_open(),
            _ => false,
        };
        let is_open = matches!(self.state, State::Command(_)) || std::mem::take(&mut self.is_open);
        if is_dropped && is_open {
            out.push(CANCEL);
        }
        self.held.clear();
    }

    /// What was begun ends here, since something else begins.
    fn finish(&mut self) {
        self.is_open = match self.state {
            State::Command(command) => {
                self.was_asked |= command.end(&mut self.modes);
                true
            }
            State::Control(_) | State::Intermediate(_) | State::Text => true,
            // Whatever was open before is still open.
            State::Escape | State::Number(_) | State::Name(..) | State::NumberEscape(_) => {
                self.is_open
            }
            _ => false,
        };
        self.state = State::Ground;
    }
}
