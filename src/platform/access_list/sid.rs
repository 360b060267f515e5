//! Security identifiers: the numbers of accounts and groups (Windows).
//! "Well-known SIDs" and \[MS-DTYP\] 2.4.2, Microsoft Learn.

use std::fmt;

/// The security identifier of an account or group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Sid {
    authority: u64,
    parts: Vec<u32>,
}

/// `NT SERVICE\TrustedInstaller`, which owns Windows' own files.
const TRUSTED_INSTALLER: [u32; 6] = [
    80,
    956_008_885,
    3_418_522_649,
    1_831_038_044,
    1_853_292_631,
    2_271_478_464,
];
/// The last numbers of the administrator, of the domain's administrators, and of the forest's.
const ADMINISTRATORS: [u32; 3] = [500, 512, 519];
/// How many parts a SID has at most.
const MOST_PARTS: u8 = 15;

impl Sid {
    /// The SID that a structure begins with, if it is whole.
    pub(crate) fn parse(bytes: &[u8]) -> Option<Self> {
        let (&[revision, count], rest) = bytes.split_first_chunk::<2>()?;
        let (authority, rest) = rest.split_first_chunk::<6>()?;
        if revision != 1 || count > MOST_PARTS {
            return None;
        }
        let parts = rest.get(..usize::from(count) * 4)?;
        let parts = parts.as_chunks::<4>().0.iter().copied();
        Some(Self {
            authority: authority
                .iter()
                .fold(0, |number, byte| (number << 8) | u64::from(*byte)),
            parts: parts.map(u32::from_le_bytes).collect(),
        })
    }

    /// The structure, in words of four bytes, as its alignment has to be.
    pub(crate) fn words(&self) -> Vec<u32> {
        let [_, _, authority @ ..] = self.authority.to_be_bytes();
        let count = u8::try_from(self.parts.len()).unwrap_or_default();
        let mut head = [0; 8];
        head[..2].copy_from_slice(&[1, count]);
        head[2..].copy_from_slice(&authority);
        let head = head.as_chunks().0.iter().copied().map(u32::from_ne_bytes);
        let parts = self
            .parts
            .iter()
            .map(|part| u32::from_ne_bytes(part.to_le_bytes()));
        head.chain(parts).collect()
    }

    /// Whether it is this user, or an account that can do everything on this machine anyway:
    /// administrators, `SYSTEM`, `TrustedInstaller`.
    pub(super) fn is_trusted_by(&self, us: &Self) -> bool {
        self == us
            || self.is_administrators()
            || self.is_nt(&[18])
            || self.is_nt(&TRUSTED_INSTALLER)
            || self.administers(us)
    }

    /// The group of this machine's administrators.
    pub(super) fn is_administrators(&self) -> bool {
        self.is_nt(&[32, 544])
    }

    /// Whether it is an administrator of this user's own domain.
    /// For a local user, that is the machine.
    fn administers(&self, us: &Self) -> bool {
        let (Some((last, domain)), Some((_, ours))) =
            (self.parts.split_last(), us.parts.split_last())
        else {
            return false;
        };
        let is_domain = ours.first() == Some(&21) && ours.len() == 4;
        is_domain
            && (self.authority, us.authority) == (5, 5)
            && domain == ours
            && ADMINISTRATORS.contains(last)
    }

    /// Whether no other account can have it.
    /// `OWNER RIGHTS` is the owner, who is judged as such. `CREATOR OWNER` and `CREATOR GROUP`
    /// stand only for what an entry will be below.
    pub(super) fn is_nobody_else(&self) -> bool {
        self.authority == 3 && matches!(self.parts[..], [0 | 1 | 4])
    }

    /// `Everyone`.
    pub(super) fn everyone() -> Self {
        Self {
            authority: 1,
            parts: vec![0],
        }
    }

    /// Whether it is `Everyone`.
    pub(crate) fn is_everyone(&self) -> bool {
        self.authority == 1 && self.parts == [0]
    }

    /// `ANONYMOUS LOGON`.
    pub(super) fn is_anonymous(&self) -> bool {
        self.is_nt(&[7])
    }

    fn is_nt(&self, parts: &[u32]) -> bool {
        self.authority == 5 && self.parts == parts
    }
}

impl fmt::Display for Sid {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "S-1-{}", self.authority)?;
        let mut parts = self.parts.iter();
        parts.try_for_each(|part| write!(formatter, "-{part}"))
    }
}

#[cfg(test)]
impl std::str::FromStr for Sid {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut numbers = text.strip_prefix("S-1-").ok_or(())?.split('-');
        let authority = numbers.next().ok_or(())?.parse().map_err(drop)?;
        let parts = numbers.map(|part| part.parse().map_err(drop));
        let parts = parts.collect::<Result<_, _>>()?;
        Ok(Self { authority, parts })
    }
}
