//! Commands (`OSC`), from the number that decides about them on. Pure.

use super::super::osc::{self, Command, Number, Verdict};
use super::{BEL, CANCEL, ESC, Layer, MOST_HELD, State};

impl Layer {
    pub(super) fn number(&mut self, mut number: Number, byte: u8, out: &mut Vec<u8>) {
        if byte == BEL {
            self.release(out);
            self.end(number.without_text());
            return out.push(byte);
        }
        match number.take(byte) {
            Verdict::Open if self.held.len() < MOST_HELD => {
                self.held.push(byte);
                self.state = State::Number(number);
            }
            Verdict::Named => {
                self.held.push(byte);
                self.state = State::Name(number, self.held.len());
            }
            Verdict::Passes => {
                self.pass(number.before(byte), out);
                if byte == b';' {
                    out.push(byte);
                } else {
                    self.ascii(byte, out);
                }
            }
            Verdict::Open | Verdict::Clipboard => self.leave_out(out),
        }
    }

    /// The number of a command is complete, since `byte` is none of its digits.
    pub(super) fn decided(&mut self, mut number: Number, byte: u8, out: &mut Vec<u8>) {
        match number.take(byte) {
            Verdict::Clipboard => self.leave_out(out),
            _ => self.pass(number.before(byte), out),
        }
    }

    pub(super) fn name(&mut self, number: Number, begins: usize, byte: u8, out: &mut Vec<u8>) {
        if byte == BEL {
            self.pass(number.without_text(), out);
            return self.ascii(byte, out);
        }
        self.held.push(byte);
        match osc::named(&self.held[begins..]) {
            Verdict::Open if self.held.len() < MOST_HELD => {}
            Verdict::Clipboard | Verdict::Open => self.leave_out(out),
            _ => self.pass(number.without_text(), out),
        }
    }

    /// After `ESC` in a number or name.
    /// Only a command that ends here passes. What comes next may be left out, and what comes behind
    /// that would complete the number.
    pub(super) fn number_escape(&mut self, number: Number, byte: u8, out: &mut Vec<u8>) {
        if byte == b'\\' {
            self.release(out);
            out.push(byte);
            return self.end(number.without_text());
        }
        self.held.clear();
        self.held.push(ESC);
        self.escape(byte, out);
    }

    /// Leaves a command out. What stands open before it would take in what comes behind it.
    pub(super) fn leave_out(&mut self, out: &mut Vec<u8>) {
        self.held.clear();
        self.has_left_out = true;
        if std::mem::take(&mut self.is_open) {
            out.push(CANCEL);
        }
        self.state = State::LeftOut;
    }

    /// The command passes, and what was held back of it.
    pub(super) fn pass(&mut self, command: Command, out: &mut Vec<u8>) {
        self.release(out);
        self.state = State::Command(command);
    }

    pub(super) fn end(&mut self, command: Command) {
        self.was_asked |= command.end(&mut self.modes);
        self.state = State::Ground;
    }
}
