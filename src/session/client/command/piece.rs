//! What commands write, in pieces, and packed into blocks in the order in which it came. Pure.
//!
//! A block is a row of records: one byte for the stream, four for the length, then the bytes.
//! However small the pieces are, a block takes as much memory as its size at most.

use crate::channel::Bytes;

/// The most bytes of a block, the heads of its records included.
pub(super) const BLOCK: usize = 64 << 10;
/// The bytes before those of a record.
const HEAD: usize = 5;
/// The most bytes of a piece that is handed to the reader.
const LONGEST: usize = 16 << 10;

/// One of a command's two streams.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stream {
    /// Standard output.
    Output,
    /// Standard error.
    Errors,
}

/// Bytes of one of a command's streams; empty at its end.
#[derive(Debug, Clone)]
pub(crate) struct Piece {
    /// Which of the commands it is, by its place in the order of the targets.
    pub command: usize,
    /// Which stream; at the end both are.
    pub stream: Stream,
    pub bytes: Bytes,
}

/// A block that is being filled.
#[derive(Debug, Default)]
pub(super) struct Filling {
    bytes: Vec<u8>,
    /// Where the last record begins, and its stream.
    last: Option<(usize, Stream)>,
}

impl Filling {
    /// Takes as many of the bytes as there is room for, and returns their number.
    pub(super) fn take(&mut self, stream: Stream, bytes: &[u8]) -> usize {
        let goes_on = self.last.filter(|(_, last)| *last == stream);
        let head = if goes_on.is_some() { 0 } else { HEAD };
        let room = BLOCK.saturating_sub(self.bytes.len() + head);
        let taken = room.min(bytes.len());
        if taken == 0 {
            return 0;
        }
        let needed = head + taken;
        if self.bytes.capacity() - self.bytes.len() < needed {
            // A reader that keeps up takes small blocks, and one that does not takes whole ones.
            let is_first = self.bytes.is_empty();
            let more = if is_first {
                needed
            } else {
                BLOCK - self.bytes.len()
            };
            self.bytes.reserve_exact(more);
        }
        let (at, before) = if let Some((at, _)) = goes_on {
            (at, self.bytes.len() - at - HEAD)
        } else {
            let at = self.bytes.len();
            self.bytes.extend_from_slice(&[0; HEAD]);
            self.bytes[at] = stream as u8;
            self.last = Some((at, stream));
            (at, 0)
        };
        self.bytes.extend_from_slice(&bytes[..taken]);
        let length = u32::try_from(before + taken).unwrap_or(u32::MAX);
        self.bytes[at + 1..at + HEAD].copy_from_slice(&length.to_le_bytes());
        taken
    }

    pub(super) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// The block as it is; the next one is empty.
    pub(super) fn seal(&mut self) -> Bytes {
        self.last = None;
        std::mem::take(&mut self.bytes).into()
    }
}

/// A block that is being read.
#[derive(Debug)]
pub(super) struct Unpacking {
    block: Bytes,
    /// The stream of the record that was begun, and how many of its bytes are left.
    begun: Option<(Stream, usize)>,
}

impl Unpacking {
    pub(super) fn new(block: Bytes) -> Self {
        Self { block, begun: None }
    }
}

/// Parts of records, none of them empty.
impl Iterator for Unpacking {
    type Item = (Stream, Bytes);

    fn next(&mut self) -> Option<Self::Item> {
        let (stream, left) = if let Some(begun) = self.begun.take() {
            begun
        } else {
            let (stream, length) = self.block.first_chunk::<HEAD>()?.split_first()?;
            let stream = if *stream == Stream::Output as u8 {
                Stream::Output
            } else {
                Stream::Errors
            };
            let length = u32::from_le_bytes(length.try_into().ok()?);
            let _head = self.block.split_to(HEAD);
            (stream, usize::try_from(length).ok()?)
        };
        let bytes = self.block.split_to(left.min(LONGEST).min(self.block.len()));
        self.begun = Some((stream, left - bytes.len())).filter(|(_, left)| *left > 0);
        (!bytes.is_empty()).then_some((stream, bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::{BLOCK, Filling, Stream, Unpacking};

    #[test]
    fn what_was_packed_comes_out_in_its_order() {
        let mut filling = Filling::default();
        let mut given = Vec::new();
        let mut blocks = Vec::new();
        for number in 0..40_000_u32 {
            let stream = match number % 3 {
                0 => Stream::Errors,
                _ => Stream::Output,
            };
            let bytes = number.to_string().repeat((number % 7) as usize);
            given.push((stream, bytes.clone().into_bytes()));
            let mut bytes = bytes.as_bytes();
            while !bytes.is_empty() {
                let taken = filling.take(stream, bytes);
                bytes = &bytes[taken..];
                if taken == 0 {
                    blocks.push(filling.seal());
                }
            }
        }
        blocks.push(filling.seal());
        assert!(blocks.len() > 3);
        assert!(blocks.iter().all(|block| block.len() <= BLOCK));
        // Each byte with its stream.
        let flat = |pieces: Vec<(Stream, Vec<u8>)>| {
            let each = pieces.into_iter();
            each.flat_map(|(stream, bytes)| bytes.into_iter().map(move |byte| (stream as u8, byte)))
                .collect::<Vec<_>>()
        };
        let taken = blocks
            .into_iter()
            .flat_map(Unpacking::new)
            .map(|(stream, bytes)| (stream, bytes.to_vec()))
            .collect();
        assert!(flat(taken) == flat(given));
    }

    #[test]
    fn a_block_takes_no_more_than_its_size() {
        let mut filling = Filling::default();
        while filling.take(Stream::Output, b"x") + filling.take(Stream::Errors, b"y") > 0 {}
        assert!(
            filling.bytes.capacity() <= BLOCK,
            "{}",
            filling.bytes.capacity()
        );
        assert!(filling.bytes.len() > BLOCK - 16);
    }
}
