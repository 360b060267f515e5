//! smux version 1 (github.com/xtaci/smux):
//! many TCP connections over one byte stream. The agent's multiplexed port sessions use it.
//!
//! Pure: bytes in, bytes and events out. Streams are opened by the client alone. Version 1 has no
//! flow control of its own and no half-close: the end of a stream closes it both ways on both
//! sides. Refused are other versions, and frames that are none.

use std::collections::{BTreeSet, VecDeque};

use thiserror::Error;
use tokio_tungstenite::tungstenite::Bytes;

/// The version that agents speak.
const VERSION: u8 = 1;
/// `version, command, length (u16), stream (u32)`, both numbers little-endian.
const HEADER: usize = 8;
/// The most bytes in one frame to the far side.
/// An interactive stream waits behind this much of a busy one at most; the agent's smux takes
/// frames of twice the size.
const FRAME: usize = 16 << 10;

const SYN: u8 = 0;
const FIN: u8 = 1;
const PSH: u8 = 2;
const NOP: u8 = 3;

/// The client's half of one multiplexed session.
#[derive(Debug)]
pub struct Smux {
    /// The number of the next stream: a client's are odd, and its first is 3.
    next: u32,
    /// The streams that neither side has ended.
    open: BTreeSet<u32>,
    /// Bytes for the far side.
    outgoing: Vec<u8>,
    /// What has arrived of the next frame's header.
    header: Vec<u8>,
    /// The stream of the frame that is arriving, and how many of its bytes are still to come.
    arriving: Option<(u32, usize)>,
    events: VecDeque<Event>,
}

/// What the far side did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// Bytes for a stream that is open.
    Data {
        /// The stream.
        stream: u32,
        /// Never empty.
        bytes: Bytes,
    },
    /// The far side has ended a stream. It was answered: the stream is gone.
    Ended {
        /// The stream.
        stream: u32,
    },
}

/// What arrived is not smux version 1, and nothing after it can be understood.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Error)]
#[error("the agent's stream is not smux version 1: it has a frame {0:02x?}")]
pub struct Malformed([u8; 2]);

impl Default for Smux {
    fn default() -> Self {
        Self {
            next: 3,
            open: BTreeSet::new(),
            outgoing: Vec::new(),
            header: Vec::with_capacity(HEADER),
            arriving: None,
            events: VecDeque::new(),
        }
    }
}

impl Smux {
    /// Opens a stream, to which the agent connects its port.
    pub fn open(&mut self) -> u32 {
        let stream = self.next;
        self.next = self.next.wrapping_add(2);
        self.open.insert(stream);
        self.frame(SYN, stream, &[]);
        stream
    }

    /// Sends bytes on a stream; nothing where it has ended.
    pub fn send(&mut self, stream: u32, bytes: &[u8]) {
        if !self.open.contains(&stream) {
            return;
        }
        for piece in bytes.chunks(FRAME) {
            self.frame(PSH, stream, piece);
        }
    }

    /// Ends a stream, both ways. What still arrives for it is dropped.
    pub fn end(&mut self, stream: u32) {
        if self.open.remove(&stream) {
            self.frame(FIN, stream, &[]);
        }
    }

    /// Tells the far side that this client is there.
    /// Agents up to 3.1.1511.0 close a session of which they hear nothing for 30 s.
    pub fn keep_alive(&mut self) {
        self.frame(NOP, 0, &[]);
    }

    /// The bytes for the far side; the caller removes those that it has sent.
    pub fn outgoing(&mut self) -> &mut Vec<u8> {
        &mut self.outgoing
    }

    /// What the far side did since this was asked last.
    pub fn event(&mut self) -> Option<Event> {
        self.events.pop_front()
    }

    /// Takes in what has arrived, cut wherever it may be.
    pub fn receive(&mut self, mut bytes: Bytes) -> Result<(), Malformed> {
        while !bytes.is_empty() {
            if let Some((stream, left)) = self.arriving {
                let piece = bytes.split_to(left.min(bytes.len()));
                let left = left - piece.len();
                self.arriving = (left > 0).then_some((stream, left));
                if self.open.contains(&stream) {
                    let bytes = piece;
                    self.events.push_back(Event::Data { stream, bytes });
                }
            } else {
                let missing = HEADER - self.header.len();
                let piece = bytes.split_to(missing.min(bytes.len()));
                self.header.extend_from_slice(&piece);
                self.begin()?;
            }
        }
        Ok(())
    }

    /// Begins a frame once its header is whole.
    fn begin(&mut self) -> Result<(), Malformed> {
        let Ok([version, command, l0, l1, s0, s1, s2, s3]) =
            <[u8; HEADER]>::try_from(&self.header[..])
        else {
            return Ok(());
        };
        self.header.clear();
        if version != VERSION || command > NOP {
            return Err(Malformed([version, command]));
        }
        let length = usize::from(u16::from_le_bytes([l0, l1]));
        let stream = u32::from_le_bytes([s0, s1, s2, s3]);
        if command == FIN && self.open.contains(&stream) {
            self.end(stream);
            self.events.push_back(Event::Ended { stream });
        }
        // Only PSH has anything behind its header; were it otherwise, it would be for no open
        // stream.
        let of = if command == PSH { stream } else { 0 };
        self.arriving = (length > 0).then_some((of, length));
        Ok(())
    }

    fn frame(&mut self, command: u8, stream: u32, bytes: &[u8]) {
        let length = u16::try_from(bytes.len()).expect("pieces are smaller than a frame may be");
        self.outgoing.extend_from_slice(&[VERSION, command]);
        self.outgoing.extend_from_slice(&length.to_le_bytes());
        self.outgoing.extend_from_slice(&stream.to_le_bytes());
        self.outgoing.extend_from_slice(bytes);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn outgoing(smux: &mut Smux) -> Vec<u8> {
        std::mem::take(smux.outgoing())
    }

    fn events(smux: &mut Smux) -> Vec<Event> {
        std::iter::from_fn(|| smux.event()).collect()
    }

    fn data(stream: u32, bytes: &'static [u8]) -> Event {
        let bytes = Bytes::from_static(bytes);
        Event::Data { stream, bytes }
    }

    /// The bytes of one request through the real plugin and a captured answer.
    #[test]
    fn a_request_and_its_answer_are_the_captured_bytes() {
        let mut smux = Smux::default();
        let stream = smux.open();
        assert_eq!(outgoing(&mut smux), [1, 0, 0, 0, 3, 0, 0, 0]);
        let request = [b'x'; 89];
        smux.send(stream, &request);
        let sent = outgoing(&mut smux);
        assert_eq!(sent[..8], [1, 2, 0x59, 0, 3, 0, 0, 0]);
        assert_eq!(sent[8..], request);

        let answer =
            b"\x01\x02\x0b\x00\x03\x00\x00\x00hello-port\n\x01\x01\x00\x00\x03\x00\x00\x00";
        smux.receive(Bytes::from_static(answer)).unwrap();
        assert_eq!(
            events(&mut smux),
            [data(3, b"hello-port\n"), Event::Ended { stream: 3 }]
        );
        assert_eq!(outgoing(&mut smux), [1, 1, 0, 0, 3, 0, 0, 0]);
    }

    #[test]
    fn streams_have_the_odd_numbers_from_three() {
        let mut smux = Smux::default();
        let numbers: Vec<u32> = (0..3).map(|_| smux.open()).collect();
        assert_eq!(numbers, [3, 5, 7]);
    }

    #[test]
    fn frames_arrive_whole_wherever_they_are_cut() {
        let mut far = Smux::default();
        let [one, two] = [far.open(), far.open()];
        far.send(one, b"first\n");
        far.keep_alive();
        far.send(two, b"\n");
        far.send(one, b"again");
        far.end(two);
        let bytes = outgoing(&mut far);
        for cut in 1..=bytes.len() {
            let mut smux = Smux::default();
            assert_eq!([smux.open(), smux.open()], [one, two]);
            for piece in bytes.chunks(cut) {
                smux.receive(Bytes::copy_from_slice(piece)).unwrap();
            }
            let mut heard = [Vec::new(), Vec::new()];
            let mut ended = Vec::new();
            for event in events(&mut smux) {
                match event {
                    Event::Data { stream, bytes } => {
                        assert!(!bytes.is_empty() && !ended.contains(&stream));
                        heard[usize::from(stream == two)].extend_from_slice(&bytes);
                    }
                    Event::Ended { stream } => ended.push(stream),
                }
            }
            assert_eq!(heard, [b"first\nagain".to_vec(), b"\n".to_vec()], "{cut}");
            assert_eq!(ended, [two]);
        }
    }

    #[test]
    fn much_is_sent_in_frames_that_leave_room_between_them() {
        let mut smux = Smux::default();
        let stream = smux.open();
        outgoing(&mut smux);
        smux.send(stream, &vec![7; 2 * FRAME + 1]);
        let sent = outgoing(&mut smux);
        assert_eq!(sent.len(), 2 * FRAME + 1 + 3 * HEADER);
        assert_eq!(sent[..4], [1, 2, 0x00, 0x40]);
        assert_eq!(sent[2 * (FRAME + HEADER)..][..4], [1, 2, 1, 0]);
    }

    #[test]
    fn an_ended_stream_takes_and_gives_nothing() {
        let mut smux = Smux::default();
        let stream = smux.open();
        smux.end(stream);
        outgoing(&mut smux);
        smux.end(stream);
        smux.send(stream, b"late");
        assert_eq!(outgoing(&mut smux), b"");
        // What was under way for it, and streams that this client did not open.
        let late = b"\x01\x02\x04\x00\x03\x00\x00\x00late\x01\x01\x00\x00\x03\x00\x00\x00";
        smux.receive(Bytes::from_static(late)).unwrap();
        let unknown = b"\x01\x00\x00\x00\x02\x00\x00\x00\x01\x02\x01\x00\x02\x00\x00\x00x";
        smux.receive(Bytes::from_static(unknown)).unwrap();
        assert_eq!(events(&mut smux), []);
        assert_eq!(outgoing(&mut smux), b"");
        // And the next one is heard as ever.
        let next = smux.open();
        let answer = b"\x01\x02\x02\x00\x05\x00\x00\x00ok";
        smux.receive(Bytes::from_static(answer)).unwrap();
        assert_eq!(events(&mut smux), [data(next, b"ok")]);
    }

    #[test]
    fn what_is_no_frame_is_refused() {
        for wrong in [[2, 0], [1, 4], [0, 2], [b'S', b'S']] {
            let mut frame = wrong.to_vec();
            frame.extend([0; 6]);
            let refused = Smux::default().receive(frame.into());
            assert_eq!(refused, Err(Malformed(wrong)));
        }
    }
}
