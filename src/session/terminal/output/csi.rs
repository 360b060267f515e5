//! One control sequence (`CSI … final`), read byte by byte. Pure.
//! However many parameters it has, it takes the same memory.
//!
//! Source: ECMA-48, 5.4; xterm control sequences, "Functions using CSI".

use super::table;

/// What is kept of a control sequence.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Csi {
    /// The private marker: one of `<`, `=`, `>`, `?`.
    pub marker: Option<u8>,
    /// The intermediate byte, if there is exactly one.
    pub intermediate: Option<u8>,
    /// The first two parameters; one that is missing is 0.
    pub first: [u32; 2],
    /// The modes of [`table::TABLE`] that its parameters name, as bits.
    pub named: u64,
    /// Whether a parameter is something other than 0.
    pub has_value: bool,
    /// Whether every terminal takes it. One that only some do can switch something on, never off.
    pub is_sure: bool,
    /// Terminals ignore it.
    pub is_malformed: bool,
    count: usize,
    value: u32,
    /// How many bytes came.
    length: usize,
}

impl Csi {
    pub(super) fn new(is_sure: bool) -> Self {
        Self {
            is_sure,
            ..Self::default()
        }
    }

    /// Takes a byte between the introducer and the final byte, 0x20 to 0x3F.
    pub(super) fn take(&mut self, byte: u8) {
        match byte {
            b'0'..=b'9' => {
                let digit = u32::from(byte - b'0');
                self.value = self.value.saturating_mul(10).saturating_add(digit);
            }
            b';' => self.end_parameter(),
            b':' => {
                self.end_parameter();
                self.has_value = true;
            }
            b'<'..=b'?' if self.length == 0 => self.marker = Some(byte),
            b'<'..=b'?' => self.is_malformed = true,
            _ => {
                self.is_malformed |= self.intermediate.is_some();
                self.intermediate = Some(byte);
            }
        }
        self.length = self.length.saturating_add(1);
    }

    /// Ends the last parameter. To be called before the rest is looked at.
    pub(super) fn end_parameter(&mut self) {
        if let Some(first) = self.first.get_mut(self.count) {
            *first = self.value;
        }
        self.count += 1;
        self.has_value |= self.value != 0;
        self.named |= table::bit(self.marker, self.value);
        self.value = 0;
    }
}
