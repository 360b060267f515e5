//! Reads a fuzzer's bytes as instructions.

/// The bytes that were not read yet.
pub(crate) struct Script<'a>(&'a [u8]);

impl<'a> Script<'a> {
    pub(crate) fn new(bytes: &'a [u8]) -> Self {
        Self(bytes)
    }

    /// The next byte; `None` at the end.
    pub(crate) fn byte(&mut self) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        self.0 = rest;
        Some(*first)
    }

    /// A number: a small one of one byte, or any of eight.
    pub(crate) fn number(&mut self) -> i64 {
        match self.byte().unwrap_or_default() {
            0xff => {
                let (number, rest) = self.0.split_first_chunk().unwrap_or((&[0; 8], &[]));
                self.0 = rest;
                i64::from_be_bytes(*number)
            }
            small => small.into(),
        }
    }

    /// Bytes behind their length, of one byte or two.
    pub(crate) fn bytes(&mut self) -> &'a [u8] {
        let mut length = usize::from(self.byte().unwrap_or_default());
        if length == 0xff {
            length = usize::from(self.byte().unwrap_or_default()) << 8
                | usize::from(self.byte().unwrap_or_default());
        }
        let (bytes, rest) = self.0.split_at(length.min(self.0.len()));
        self.0 = rest;
        bytes
    }
}
