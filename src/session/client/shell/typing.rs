//! What is typed, on its way from the keyboard to the channel, in order and without the escapes.
//! There is never so much of it that the escape could no longer be read.

use std::collections::VecDeque;
use std::time::{Duration, Instant};

use crate::session::client::shell::escape::{Escape, Key};
use crate::session::client::shell::piped::Input;
use crate::session::ledger::end::End;
use crate::session::link::line::Line;
use crate::session::terminal::keyboard::Keyboard;
use crate::signals::Ending;

/// The most that is read at once.
const READ: usize = 16 << 10;
/// With this much input waiting for room in the channel, the keyboard is not read:
/// a paste can wait.
const ENOUGH: usize = 1 << 20;
/// Unless the channel has taken nothing for so long:
/// what is typed then is read for the escape's sake.
const STUCK: Duration = Duration::from_secs(10);
/// The most that waits.
/// More is dropped, which only happens to who types at a channel that is stuck.
const MOST: usize = ENOUGH + READ;

/// Keys from a person, or bytes from a pipe.
pub(crate) struct Typing {
    keyboard: Keyboard,
    escape: Escape,
    input: Input,
    /// Bytes that wait for room in the channel.
    unsent: VecDeque<u8>,
    /// When the channel took something, or nothing waited.
    taken: Instant,
    is_dropping: bool,
    /// Whether a person has typed something for the other side.
    was_used: bool,
}

impl Typing {
    pub(crate) fn new(keyboard: Keyboard, escape: Escape, input: Input) -> Self {
        Self {
            keyboard,
            escape,
            input,
            unsent: VecDeque::new(),
            taken: Instant::now(),
            is_dropping: false,
            was_used: false,
        }
    }

    /// Gives the channel what it takes.
    pub(crate) fn send(&mut self, line: &mut Line<'_, '_>) {
        while !self.unsent.is_empty() {
            let taken = line.send(self.unsent.as_slices().0);
            if taken == 0 {
                return;
            }
            self.unsent.drain(..taken);
            self.taken = Instant::now();
        }
        self.taken = Instant::now();
    }

    /// Waits until there is something to read and a place for it, and reads it;
    /// nothing is the end of input. Cancel-safe.
    pub(crate) async fn read(&mut self, room: usize) -> Vec<u8> {
        match self.input {
            Input::Keyboard if self.unsent.len() >= ENOUGH => {
                tokio::time::sleep_until((self.taken + STUCK).into()).await;
            }
            Input::Keyboard => {}
            Input::Piped { .. } if self.unsent.is_empty() && room > 0 => {}
            _ => return std::future::pending().await,
        }
        self.keyboard.read(READ).await.unwrap_or_default()
    }

    /// Takes what was read. What there is to say about it, and the end where it asks for that.
    pub(crate) fn take(&mut self, bytes: &[u8]) -> (Vec<String>, Option<End>) {
        let mut lines = Vec::new();
        match self.input {
            // A raw terminal ends only when it is hung up; the signal may come later, or never.
            Input::Keyboard if bytes.is_empty() => {
                return (lines, Some(End::Signal(Ending::HANG_UP)));
            }
            Input::Keyboard => {
                for key in self.escape.read(bytes) {
                    match key {
                        Key::Send(bytes) => {
                            self.was_used = true;
                            lines.extend(self.keep(&bytes));
                        }
                        Key::End => return (lines, Some(End::Escaped)),
                        Key::Help => lines.push(self.escape.help()),
                    }
                }
            }
            _ => {
                self.input.read(bytes);
                self.unsent.extend(bytes);
            }
        }
        (lines, None)
    }

    /// Keeps what there is a place for. The rest is dropped, with one warning.
    fn keep(&mut self, bytes: &[u8]) -> Option<String> {
        let room = MOST.saturating_sub(self.unsent.len()).min(bytes.len());
        self.unsent.extend(&bytes[..room]);
        let was_dropping = std::mem::replace(&mut self.is_dropping, room < bytes.len());
        (self.is_dropping && !was_dropping).then(|| {
            "the target takes no input: vendor-ssm drops what you type until it does".to_owned()
        })
    }

    /// Whether the end of piped input was met, and has to be told.
    pub(crate) fn is_ending(&self) -> bool {
        self.input.is_ending()
    }

    /// Whether the end of piped input is being told.
    pub(crate) fn has_ended(&self) -> bool {
        self.input.has_ended()
    }

    /// Whether the person has not typed anything, or the end of piped input was not told.
    pub(crate) fn is_unused(&self) -> bool {
        match self.input {
            Input::Keyboard => !self.was_used,
            Input::Ended { told, .. } => told == 0,
            Input::Piped { .. } | Input::Ending { .. } => true,
        }
    }

    /// Whether a person types.
    pub(crate) fn is_keyboard(&self) -> bool {
        self.input == Input::Keyboard
    }

    /// Whether nothing waits before the next notice that piped input has ended.
    pub(crate) fn tells_end(&self) -> bool {
        self.input.has_ended() && self.unsent.is_empty()
    }

    /// It is known now what the remote side takes for the end of input.
    pub(crate) fn ended(&mut self, windows: Option<bool>) {
        self.unsent.extend(self.input.ended(windows));
    }

    /// How long it has to be quiet before that notice.
    pub(crate) fn quiet(&self) -> Duration {
        self.input.quiet()
    }

    /// Tells the end.
    pub(crate) fn tell_end(&mut self) -> Option<End> {
        let told = self.input.tell_end();
        told.map(|bytes| self.unsent.extend(bytes)).err()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typing() -> Typing {
        let escape = Escape::new(Some('~'));
        Typing::new(Keyboard::new().unwrap(), escape, Input::Keyboard)
    }

    #[test]
    fn the_escape_is_read_however_much_waits() {
        let mut typing = typing();
        let mut said = 0;
        while said == 0 {
            said = typing.take(&[b'x'; READ]).0.len();
            assert!(typing.unsent.len() <= MOST);
        }
        assert_eq!(typing.unsent.len(), MOST);
        assert!(typing.take(b"more\r").0.is_empty(), "it is said once");
        let (_, end) = typing.take(b"~.");
        assert!(matches!(end, Some(End::Escaped)));
        assert_eq!(typing.unsent.len(), MOST);
        typing.unsent.drain(..READ);
        typing.take(b"kept");
        assert!(typing.unsent.iter().rev().take(4).eq(b"tpek"));
    }

    #[test]
    fn what_is_read_while_the_channel_is_not_stuck_has_a_place() {
        let mut typing = typing();
        typing.unsent.extend(vec![b'x'; ENOUGH - 1]);
        assert!(typing.take(&[b'y'; READ]).0.is_empty());
        assert_eq!(typing.unsent.len(), ENOUGH - 1 + READ);
    }
}
