//! What waits to be sent:
//! bytes as they are, cut into payloads, and flags in their place among them. Pure.

use std::collections::VecDeque;

use super::wire::PayloadType;

/// The most bytes that one message carries; agents do not read more at once.
pub(super) const PAYLOAD: usize = 1024;

/// Input that waits for the session to begin or for the window to open.
pub(super) const ROOM: usize = 64 << 10;

/// A word to the agent of a port session, beside its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u32)]
pub enum Flag {
    /// The connection on this side has ended:
    /// the agent ends its own once it has written what was sent before.
    DisconnectToPort = 1,
    /// The session is to end, at once.
    TerminateSession = 2,
}

/// The queue between the caller and the window.
#[derive(Debug, Default)]
pub(super) struct Input {
    bytes: VecDeque<u8>,
    /// Behind the bytes. Nothing is taken in until it is sent, so there is never more than one.
    flag: Option<Flag>,
}

impl Input {
    /// How many bytes are taken now.
    pub(super) fn room(&self) -> usize {
        match self.flag {
            None => ROOM - self.bytes.len(),
            Some(_) => 0,
        }
    }

    /// Takes as much as there is room for, and says how much that was.
    pub(super) fn send(&mut self, data: &[u8]) -> usize {
        let taken = data.len().min(self.room());
        self.bytes.extend(&data[..taken]);
        taken
    }

    /// Puts a flag behind what waits. The end of the session makes all that waits useless.
    pub(super) fn flag(&mut self, flag: Flag) {
        match flag {
            Flag::TerminateSession => {
                self.bytes.clear();
                self.flag = Some(flag);
            }
            Flag::DisconnectToPort => {
                self.flag.get_or_insert(flag);
            }
        }
    }

    /// Whether nothing waits.
    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty() && self.flag.is_none()
    }

    /// The next payload.
    pub(super) fn next(&mut self) -> Option<(PayloadType, Vec<u8>)> {
        let length = self.bytes.len().min(PAYLOAD);
        if length == 0 {
            let flag = self.flag.take()?;
            return Some((PayloadType::Flag, (flag as u32).to_be_bytes().to_vec()));
        }
        let mut payload = Vec::with_capacity(length);
        let (front, back) = self.bytes.as_slices();
        payload.extend_from_slice(&front[..length.min(front.len())]);
        payload.extend_from_slice(&back[..length - payload.len()]);
        self.bytes.drain(..length);
        Some((PayloadType::Output, payload))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_are_cut_into_payloads_and_stay_as_they_are() {
        let data: Vec<u8> = (0..=255).cycle().take(5000).collect();
        let mut input = Input::default();
        let mut sent = Vec::new();
        // Around the ring more than once.
        for _ in 0..40 {
            assert_eq!(input.send(&data), data.len());
            while let Some((payload_type, payload)) = input.next() {
                assert_eq!(payload_type, PayloadType::Output);
                assert!(payload.len() <= PAYLOAD);
                sent.extend(payload);
            }
        }
        assert!(sent == data.repeat(40));
        assert_eq!(input.send(&vec![0; ROOM + 1]), ROOM);
        assert_eq!((input.room(), input.send(b"x")), (0, 0));
    }

    #[test]
    fn a_connection_ends_behind_its_bytes() {
        let mut input = Input::default();
        input.send(b"last");
        input.flag(Flag::DisconnectToPort);
        assert_eq!((input.room(), input.send(b"next")), (0, 0));
        assert_eq!(input.next().unwrap().1, b"last");
        assert!(!input.is_empty());
        assert_eq!(input.next(), Some((PayloadType::Flag, vec![0, 0, 0, 1])));
        assert_eq!((input.is_empty(), input.room()), (true, ROOM));
    }

    #[test]
    fn the_sessions_end_waits_for_nothing() {
        let mut input = Input::default();
        input.send(b"last");
        input.flag(Flag::DisconnectToPort);
        input.flag(Flag::TerminateSession);
        input.flag(Flag::DisconnectToPort);
        assert_eq!(input.next(), Some((PayloadType::Flag, vec![0, 0, 0, 2])));
        assert_eq!(input.next(), None);
    }
}
