//! How connections are carried over a session:
//! many at once as streams of smux, or, with agents up to 3.0.196.0, one after the other and as
//! they are. Pure.

use std::collections::VecDeque;

use crate::channel::Bytes;
use crate::channel::smux::{Event, Malformed, Smux};

/// The most bytes that are kept of a server that speaks before a local program connects.
const EARLY: usize = 64 << 10;

/// One session's way to carry connections.
pub(crate) enum Carrier {
    /// Each connection is a stream.
    Multiplexed(Smux),
    /// One connection at a time.
    Basic(Basic),
}

/// The agent connects its port at the start.
/// After it was told to disconnect, it connects again with the first byte.
#[derive(Debug, Default)]
pub(crate) struct Basic {
    turn: Turn,
    /// The number of the last connection; it stays inside.
    last: u32,
    outgoing: Vec<u8>,
    /// What came before a local program connected.
    early: Vec<u8>,
    events: VecDeque<Event>,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
enum Turn {
    /// No local program is connected.
    #[default]
    Free,
    /// This connection.
    Of(u32),
    /// The connection is over, and its last bytes are still on their way.
    Over,
    /// The agent has to disconnect; what still comes is from the old connection.
    Disconnecting,
}

impl Carrier {
    /// Whether one more connection can be carried.
    pub(crate) fn is_free(&self) -> bool {
        match self {
            Self::Multiplexed(_) => true,
            Self::Basic(basic) => basic.turn == Turn::Free,
        }
    }

    /// Whether more can be taken from the far side.
    pub(crate) fn has_room(&self) -> bool {
        match self {
            Self::Multiplexed(_) => true,
            Self::Basic(basic) => basic.early.len() < EARLY,
        }
    }

    /// Carries one more connection, and says which it is.
    pub(crate) fn open(&mut self) -> u32 {
        match self {
            Self::Multiplexed(smux) => smux.open(),
            Self::Basic(basic) => basic.open(),
        }
    }

    /// Sends bytes of a connection.
    pub(crate) fn send(&mut self, stream: u32, bytes: &[u8]) {
        match self {
            Self::Multiplexed(smux) => smux.send(stream, bytes),
            Self::Basic(basic) if basic.turn == Turn::Of(stream) => {
                basic.outgoing.extend_from_slice(bytes);
            }
            Self::Basic(_) => {}
        }
    }

    /// A connection is over.
    pub(crate) fn end(&mut self, stream: u32) {
        match self {
            Self::Multiplexed(smux) => smux.end(stream),
            Self::Basic(basic) if basic.turn == Turn::Of(stream) => basic.turn = Turn::Over,
            Self::Basic(_) => {}
        }
    }

    /// The bytes for the far side; the caller removes those that it has sent.
    pub(crate) fn outgoing(&mut self) -> &mut Vec<u8> {
        match self {
            Self::Multiplexed(smux) => smux.outgoing(),
            Self::Basic(basic) => &mut basic.outgoing,
        }
    }

    /// Whether to tell the agent to disconnect. Ask whenever everything sent has been acknowledged.
    pub(crate) fn disconnects(&mut self) -> bool {
        let Self::Basic(basic) = self else {
            return false;
        };
        match basic.turn {
            Turn::Over => basic.turn = Turn::Disconnecting,
            Turn::Disconnecting => basic.turn = Turn::Free,
            Turn::Free | Turn::Of(_) => {}
        }
        basic.turn == Turn::Disconnecting
    }

    /// Takes in what the far side has sent.
    pub(crate) fn receive(&mut self, bytes: Bytes) -> Result<(), Malformed> {
        match self {
            Self::Multiplexed(smux) => smux.receive(bytes),
            Self::Basic(basic) => {
                basic.receive(bytes);
                Ok(())
            }
        }
    }

    /// What the far side did since this was asked last.
    pub(crate) fn event(&mut self) -> Option<Event> {
        match self {
            Self::Multiplexed(smux) => smux.event(),
            Self::Basic(basic) => basic.events.pop_front(),
        }
    }
}

impl Basic {
    fn open(&mut self) -> u32 {
        self.last = self.last.wrapping_add(1);
        self.turn = Turn::Of(self.last);
        let early = std::mem::take(&mut self.early);
        if !early.is_empty() {
            self.receive(early.into());
        }
        self.last
    }

    fn receive(&mut self, bytes: Bytes) {
        match self.turn {
            Turn::Free => self.early.extend_from_slice(&bytes),
            Turn::Of(stream) => self.events.push_back(Event::Data { stream, bytes }),
            Turn::Over | Turn::Disconnecting => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn data(stream: u32, bytes: &'static [u8]) -> Event {
        let bytes = Bytes::from_static(bytes);
        Event::Data { stream, bytes }
    }

    #[test]
    fn a_basic_session_carries_one_connection_after_the_other() {
        let mut carrier = Carrier::Basic(Basic::default());
        carrier.receive("banner".into()).unwrap();
        assert_eq!(carrier.event(), None);
        let first = carrier.open();
        assert!(!carrier.is_free());
        assert_eq!(carrier.event(), Some(data(first, b"banner")));
        carrier.send(first, b"\n");
        carrier.end(first);
        carrier.send(first, b"late");
        assert_eq!(carrier.outgoing(), b"\n");

        // Everything is delivered first, then the agent hears of the end, then that is delivered
        // too.
        assert!(!carrier.is_free());
        assert!(carrier.disconnects());
        carrier.receive("of the old one".into()).unwrap();
        assert!(!carrier.is_free());
        assert!(!carrier.disconnects());
        assert!(carrier.is_free() && !carrier.disconnects());
        let second = carrier.open();
        assert_eq!(carrier.event(), None);
        carrier.receive("answer".into()).unwrap();
        assert_eq!(carrier.event(), Some(data(second, b"answer")));
    }

    #[test]
    fn what_comes_before_anybody_is_connected_is_bounded() {
        let mut carrier = Carrier::Basic(Basic::default());
        assert!(carrier.has_room());
        carrier.receive(vec![0; EARLY].into()).unwrap();
        assert!(!carrier.has_room());
        carrier.open();
        assert!(carrier.has_room());
    }
}
