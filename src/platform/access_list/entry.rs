//! One entry of an access list, from its bytes: \[MS-DTYP\] 2.4.4, Microsoft Learn.

use super::sid::Sid;

/// The flags of entries that are only there for what is below, and of those that come from above.
const INHERIT_ONLY: u8 = 0x08;
const INHERITED: u8 = 0x10;
/// The types of entries, from winnt.h.
const ALLOWED: u8 = 0;
const DENIED: u8 = 1;
const ALLOWED_OBJECT: u8 = 5;
const DENIED_OBJECT: u8 = 6;
const ALLOWED_CALLBACK: u8 = 9;
const DENIED_CALLBACK: u8 = 10;
const ALLOWED_CALLBACK_OBJECT: u8 = 11;
const DENIED_CALLBACK_OBJECT: u8 = 12;

/// One entry of an access list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Entry {
    /// What it does.
    pub kind: Kind,
    /// Whether it is only there to be inherited by what is below.
    pub inherit_only: bool,
    /// Whether it comes from a folder above.
    pub inherited: bool,
    /// The rights.
    pub rights: u32,
    /// Whose rights.
    pub account: Sid,
}

/// What an entry does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// It allows the rights, perhaps under a condition.
    Allow,
    /// It denies the rights.
    Deny,
    /// It denies the rights under a condition, or for one kind of object.
    DenyPerhaps,
    /// An entry of this type is not known.
    Unknown(u8),
}

impl Entry {
    /// Reads a whole entry: type, flags, size, rights, and the account behind an object's types.
    /// `None` if it is cut off.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let (&[number, flags, _, _], rest) = bytes.split_first_chunk::<4>()?;
        let (kind, has_types) = match number {
            ALLOWED | ALLOWED_CALLBACK => (Kind::Allow, false),
            ALLOWED_OBJECT | ALLOWED_CALLBACK_OBJECT => (Kind::Allow, true),
            DENIED => (Kind::Deny, false),
            DENIED_CALLBACK => (Kind::DenyPerhaps, false),
            DENIED_OBJECT | DENIED_CALLBACK_OBJECT => (Kind::DenyPerhaps, true),
            _ => (Kind::Unknown(number), false),
        };
        let (rights, mut rest) = rest.split_first_chunk::<4>()?;
        if has_types {
            let (types, behind) = rest.split_first_chunk::<4>()?;
            // One bit for each of two GUIDs of 16 bytes.
            let guids = (u32::from_le_bytes(*types) & 0b11).count_ones();
            rest = behind.get(16 * guids as usize..)?;
        }
        let account = match (kind, Sid::parse(rest)) {
            (_, Some(account)) => account,
            // Nothing is known of what is in it.
            (Kind::Unknown(_), None) => Sid::everyone(),
            (_, None) => return None,
        };
        Some(Self {
            kind,
            inherit_only: flags & INHERIT_ONLY != 0,
            inherited: flags & INHERITED != 0,
            rights: u32::from_le_bytes(*rights),
            account,
        })
    }
}
