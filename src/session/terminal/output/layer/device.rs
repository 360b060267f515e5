//! Device control strings (`DCS`), which may be for the terminal around tmux or screen. Pure.

use super::{CANCEL, DEEPEST, DELETE, ESC, Layer, SUBSTITUTE, State, TMUX};

impl Layer {
    pub(super) fn begin_device(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        if self.depth == DEEPEST {
            return self.leave_out(out);
        }
        // A command in several of screen's strings, one right behind the other, is a single one.
        if !std::mem::take(&mut self.is_behind_device)
            && let Some(layer) = &mut self.around[1]
            && matches!(layer.state, State::LeftOut | State::LeftOutEscape)
        {
            layer.state = State::Ground;
        }
        self.was_asked = true;
        self.release(out);
        out.extend_from_slice(bytes);
        self.state = State::DeviceBegins;
    }

    /// Takes a byte of the beginning.
    /// tmux passes over parameters and controls before its name, and over `ESC` within it.
    pub(super) fn device_begins(&mut self, byte: u8, out: &mut Vec<u8>) {
        let is_name = byte >= 0x40 && byte != DELETE;
        if self.held.is_empty() && !is_name && !matches!(byte, ESC | CANCEL | SUBSTITUTE) {
            return self.content(&[byte], false, out);
        }
        if self.held.last() == Some(&ESC) {
            self.held.pop();
            if matches!(byte, ESC | b'\\') {
                self.device(false, out);
                return self.device_escape(false, &[byte], out);
            }
        } else if byte == ESC && !self.held.is_empty() {
            return self.held.push(byte);
        }
        self.held.push(byte);
        if self.held == TMUX {
            self.release(out);
            self.state = State::Device(true);
        } else if !TMUX.starts_with(&self.held) {
            self.held.pop();
            self.device(false, out);
            self.ascii(byte, out);
        }
    }

    /// A device control string is cancelled. tmux and screen do not know that, so it is also ended.
    /// Inside screen's string, its end would be screen's own: there the byte is left out.
    pub(super) fn cancel_device(&mut self, byte: u8, is_tmux: bool, out: &mut Vec<u8>) {
        self.state = State::Device(is_tmux);
        if self.depth == 0 {
            self.content(&[byte], is_tmux, out);
            out.extend_from_slice(b"\x1b\\");
            self.state = State::Ground;
        }
    }

    /// It is known now whose string it is. What was held back is its content.
    pub(super) fn device(&mut self, is_tmux: bool, out: &mut Vec<u8>) {
        let held = std::mem::take(&mut self.held);
        self.state = State::Device(is_tmux);
        self.content(&held, is_tmux, out);
    }

    /// After `ESC` in a device control string.
    /// In tmux's, `ESC` stands before each byte that is meant to be one; tmux drops any other.
    pub(super) fn device_escape(&mut self, is_tmux: bool, bytes: &[u8], out: &mut Vec<u8>) {
        self.state = State::Device(is_tmux);
        match bytes {
            b"\\" => {
                out.extend_from_slice(b"\x1b\\");
                self.state = State::Ground;
                self.is_behind_device = true;
            }
            [byte @ (CANCEL | SUBSTITUTE)] => self.cancel_device(*byte, is_tmux, out),
            _ if is_tmux => self.content(bytes, true, out),
            [ESC] => {
                self.content(&[ESC], false, out);
                self.state = State::DeviceEscape(false);
            }
            _ => {
                self.content(&[ESC], false, out);
                self.content(bytes, false, out);
            }
        }
    }

    /// Content for the terminal around.
    pub(super) fn content(&mut self, bytes: &[u8], is_tmux: bool, out: &mut Vec<u8>) {
        let around = &mut self.around[usize::from(!is_tmux)];
        let layer = around.get_or_insert_with(|| {
            let mut layer = Self::new(self.was_eight_bit);
            layer.depth = self.depth + 1;
            Box::new(layer)
        });
        let mut passed = Vec::new();
        for byte in bytes {
            layer.take(*byte, &mut passed);
        }
        self.has_left_out |= layer.has_left_out;
        self.was_asked |= std::mem::take(&mut layer.was_asked);
        wrap(&passed, is_tmux, out);
    }
}

/// Puts content behind `out` as it has to be spelt in a string for tmux or screen.
pub(super) fn wrap(content: &[u8], is_tmux: bool, out: &mut Vec<u8>) {
    for byte in content {
        if is_tmux && *byte == ESC {
            out.push(ESC);
        }
        out.push(*byte);
    }
}
