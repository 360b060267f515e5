//! Commands (`OSC`), from the number that decides about them on. Pure.

use super::super::osc::{self, Command, Number, Verdict};
use super::{BEL, Layer, MOST_HELD, State};

impl Layer {
    pub(super) fn number(&mut self, mut number: Number, byte: u8, out: &mut Vec<u8>) {
        if byte == BEL {
            self.finish(out);
            return out.push(byte);
        }
        match number.take(byte) {
            Verdict::Open if self.held.len() < MOST_HELD => {
                self.held.push(byte);
                self.state = State::Number(number);
            }
            Verdict::Named => {
                self.held.push(byte);
                self.state = State::Name(number.is_sure, self.held.len());
            }
            Verdict::Passes(passes) => {
                self.pass(passes, number.is_sure, out);
                if passes.is_some() {
                    out.push(byte);
                } else {
                    self.ascii(byte, out);
                }
            }
            Verdict::Open | Verdict::Clipboard => self.leave_out(),
        }
    }

    /// The number of a command is complete, since `byte` is none of its digits.
    pub(super) fn decided(&mut self, mut number: Number, byte: u8, out: &mut Vec<u8>) {
        match number.take(byte) {
            Verdict::Clipboard => self.leave_out(),
            _ => self.pass(None, number.is_sure, out),
        }
    }

    pub(super) fn name(&mut self, is_sure: bool, begins: usize, byte: u8, out: &mut Vec<u8>) {
        if byte == BEL {
            self.pass(Some(osc::ITERM), is_sure, out);
            return self.ascii(byte, out);
        }
        self.held.push(byte);
        match osc::named(&self.held[begins..]) {
            Verdict::Open if self.held.len() < MOST_HELD => {}
            Verdict::Clipboard | Verdict::Open => self.leave_out(),
            _ => self.pass(Some(osc::ITERM), is_sure, out),
        }
    }

    pub(super) fn leave_out(&mut self) {
        self.held.clear();
        self.has_left_out = true;
        self.state = State::LeftOut;
    }

    /// The command passes, and what was held back of it.
    pub(super) fn pass(&mut self, number: Option<u32>, is_sure: bool, out: &mut Vec<u8>) {
        self.release(out);
        self.state = State::Command(Command::new(number, is_sure));
    }
}
