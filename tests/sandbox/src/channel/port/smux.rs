//! Frames of smux version 1 (github.com/xtaci/smux), which carry many connections in one stream of
//! bytes.
//!
//! | offset | length | field |
//! |---|---|---|
//! | 0 | 1 | version, 1 |
//! | 1 | 1 | command |
//! | 2 | 2 | length of the data, little-endian |
//! | 4 | 4 | stream, little-endian |

const VERSION: u8 = 1;
const HEADER: usize = 8;
const SYN: u8 = 0;
const FIN: u8 = 1;
const PSH: u8 = 2;
const NOP: u8 = 3;

/// Most data that agents put into one frame.
pub const MAX_DATA: usize = 32 * 1024;

/// One frame.
#[derive(Debug, PartialEq, Eq)]
pub enum Frame {
    /// A stream begins.
    Syn(u32),
    /// A stream ends, both ways.
    Fin(u32),
    /// Data of a stream.
    Psh(u32, Vec<u8>),
    /// Nothing, to be heard of.
    Nop,
}

/// Bytes that are not a frame of version 1.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("smux: version {version}, command {command}")]
pub struct Invalid {
    version: u8,
    command: u8,
}

impl Frame {
    /// The frame's bytes. The data is no longer than [`MAX_DATA`].
    pub fn encode(&self) -> Vec<u8> {
        let (command, stream, data): (u8, u32, &[u8]) = match self {
            Self::Syn(stream) => (SYN, *stream, &[]),
            Self::Fin(stream) => (FIN, *stream, &[]),
            Self::Psh(stream, data) => (PSH, *stream, data),
            Self::Nop => (NOP, 0, &[]),
        };
        let length = u16::try_from(data.len()).expect("data is cut to MAX_DATA");
        let mut frame = Vec::with_capacity(HEADER + data.len());
        frame.extend([VERSION, command]);
        frame.extend(length.to_le_bytes());
        frame.extend(stream.to_le_bytes());
        frame.extend(data);
        frame
    }
}

/// Makes frames of bytes that come in any pieces.
#[derive(Debug, Default)]
pub struct Decoder {
    bytes: Vec<u8>,
}

impl Decoder {
    /// Adds what has come.
    pub fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next frame that is whole.
    pub fn next(&mut self) -> Result<Option<Frame>, Invalid> {
        let Some(&[version, command, l0, l1, s0, s1, s2, s3]) = self.bytes.first_chunk() else {
            return Ok(None);
        };
        let stream = u32::from_le_bytes([s0, s1, s2, s3]);
        // Other commands have no data, whatever their length says.
        let (frame, length) = match (version, command) {
            (VERSION, SYN) => (Frame::Syn(stream), HEADER),
            (VERSION, FIN) => (Frame::Fin(stream), HEADER),
            (VERSION, NOP) => (Frame::Nop, HEADER),
            (VERSION, PSH) => {
                let end = HEADER + usize::from(u16::from_le_bytes([l0, l1]));
                let Some(data) = self.bytes.get(HEADER..end) else {
                    return Ok(None);
                };
                (Frame::Psh(stream, data.to_vec()), end)
            }
            (version, command) => return Err(Invalid { version, command }),
        };
        self.bytes.drain(..length);
        Ok(Some(frame))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_look_as_the_plugin_sends_them() {
        assert_eq!(Frame::Syn(3).encode(), [1, 0, 0, 0, 3, 0, 0, 0]);
        assert_eq!(Frame::Fin(3).encode(), [1, 1, 0, 0, 3, 0, 0, 0]);
        assert_eq!(Frame::Nop.encode(), [1, 3, 0, 0, 0, 0, 0, 0]);
        assert_eq!(
            Frame::Psh(0x0102, b"hello-port\n".to_vec()).encode(),
            b"\x01\x02\x0b\0\x02\x01\0\0hello-port\n"
        );
    }

    #[test]
    fn frames_come_in_any_pieces() {
        let frames = [
            Frame::Syn(3),
            Frame::Psh(3, vec![7; 3000]),
            Frame::Nop,
            Frame::Psh(5, Vec::new()),
            Frame::Fin(3),
        ];
        let bytes: Vec<u8> = frames.iter().flat_map(Frame::encode).collect();
        for size in [1, 7, 1024, bytes.len()] {
            let mut decoder = Decoder::default();
            let mut seen = Vec::new();
            for piece in bytes.chunks(size) {
                decoder.push(piece);
                while let Some(frame) = decoder.next().unwrap() {
                    seen.push(frame);
                }
            }
            assert_eq!(seen, frames, "pieces of {size}");
        }
        let mut decoder = Decoder::default();
        decoder.push(&[2, 0, 0, 0, 0, 0, 0, 0]);
        assert!(decoder.next().is_err());
    }
}
