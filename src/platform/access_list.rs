//! What the access list of a file or folder lets other accounts do to it (Windows).
//! Everything here is pure: bytes and entries in, a verdict out.
//! Sources: "Access Control Entries", "How DACLs Control Access to an Object", "File Access Rights
//! Constants" and \[MS-DTYP\] 2.4, Microsoft Learn.

mod entry;
mod sid;

use super::trust::Demand;
pub(crate) use entry::{Entry, Kind};
pub(crate) use sid::Sid;

/// Rights, from winnt.h. For a folder the first two are to add a file and to add a folder.
const WRITE_DATA: u32 = 0x2;
const APPEND_DATA: u32 = 0x4;
const WRITE_EA: u32 = 0x10;
const DELETE_CHILD: u32 = 0x40;
const WRITE_ATTRIBUTES: u32 = 0x100;
const DELETE: u32 = 0x1_0000;
const WRITE_DAC: u32 = 0x4_0000;
const WRITE_OWNER: u32 = 0x8_0000;
const READ_DATA: u32 = 0x1;
/// Of a folder it is the right to go through it.
const EXECUTE: u32 = 0x20;
/// What the generic rights stand for with files: FILE_GENERIC_WRITE and so on.
const GENERIC: [(u32, u32); 4] = [
    (0x8000_0000, 0x12_0089),
    (0x4000_0000, 0x12_0116),
    (0x2000_0000, 0x12_00a0),
    (0x1000_0000, 0x1f_01ff),
];

/// What lies somewhere, as far as its rights have different meanings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Thing {
    /// A file, or a link or junction.
    File,
    /// A folder.
    Folder,
    /// The root of a drive or share, which cannot be renamed or deleted.
    Root,
}

/// Who owns something, and who may do what with it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Descriptor {
    /// Its owner, who can always change the access list.
    pub owner: Sid,
    /// The entries in their order.
    /// `None` means that there is no list: every account may do everything. An empty list lets no
    /// account in.
    pub entries: Option<Vec<Entry>>,
}

/// What is wrong with something.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Fault {
    /// This other account owns it.
    Foreign(Sid),
    /// This other account can write it.
    Writable {
        /// The account.
        by: Sid,
        /// Whether the entry comes from a folder above.
        inherited: bool,
    },
    /// This other account can read or enter it.
    Readable {
        /// The account.
        by: Sid,
        /// Whether the entry comes from a folder above.
        inherited: bool,
    },
    /// It has no list, so that everybody can write it.
    NoList,
    /// The list has an entry of this type, which vendor-ssm does not know.
    Unknown(u8),
}

impl Descriptor {
    /// Refuses what another account owns or could change, as far as the demand goes.
    /// `us` is this process's user.
    ///
    /// An entry counts unless it is only there to be inherited by what is below. A right that an
    /// earlier entry denies to the same account or to everybody does not count. Conditions and
    /// object types of entries are passed over, as if they were met by what is allowed and not met
    /// by what is denied.
    pub(crate) fn judge(&self, us: &Sid, thing: Thing, demand: Demand) -> Result<(), Fault> {
        let is_ours = match demand {
            // An elevated program's files belong to all administrators.
            Demand::Own | Demand::Private => self.owner == *us || self.owner.is_administrators(),
            Demand::Way | Demand::End | Demand::Closed => self.owner.is_trusted_by(us),
        };
        if !is_ours {
            return Err(Fault::Foreign(self.owner.clone()));
        }
        let entries = self.entries.as_ref().ok_or(Fault::NoList)?;
        let writes = writes(thing, demand);
        let reads = match demand {
            Demand::Private => READ_DATA | EXECUTE,
            _ => 0,
        };
        let mut denied: Vec<(&Sid, u32)> = Vec::new();
        for entry in entries.iter().filter(|entry| !entry.inherit_only) {
            let rights = mapped(entry.rights);
            match entry.kind {
                Kind::Deny => denied.push((&entry.account, rights)),
                Kind::DenyPerhaps => {}
                Kind::Unknown(number) => return Err(Fault::Unknown(number)),
                Kind::Allow => {
                    if entry.account.is_trusted_by(us) || entry.account.is_nobody_else() {
                        continue;
                    }
                    let taken = denied.iter().filter(|(account, _)| {
                        **account == entry.account
                            // Every account but the anonymous one counts as everybody.
                            || (account.is_everyone() && !entry.account.is_anonymous())
                    });
                    let rights = taken.fold(rights, |left, (_, denied)| left & !denied);
                    let (by, inherited) = (entry.account.clone(), entry.inherited);
                    if rights & writes != 0 {
                        return Err(Fault::Writable { by, inherited });
                    }
                    if rights & reads != 0 {
                        return Err(Fault::Readable { by, inherited });
                    }
                }
            }
        }
        Ok(())
    }
}

/// The rights that other accounts must not have.
fn writes(thing: Thing, demand: Demand) -> u32 {
    // With DELETE a folder can be renamed, too, whatever is in it.
    let swap = DELETE | WRITE_DAC | WRITE_OWNER | DELETE_CHILD;
    let change = WRITE_DATA | APPEND_DATA | WRITE_EA | WRITE_ATTRIBUTES;
    // Who may add files may also make a junction of a folder, but only of an empty one
    // (FSCTL_SET_REPARSE_POINT). A folder on the way holds the next part of the way.
    let rights = match (thing, demand) {
        (Thing::Folder | Thing::Root, Demand::Way) => swap,
        (Thing::Folder | Thing::Root, Demand::End) => swap | WRITE_DATA | WRITE_ATTRIBUTES,
        (Thing::File, _) | (_, Demand::Closed | Demand::Own | Demand::Private) => swap | change,
    };
    if thing == Thing::Root {
        rights & !DELETE
    } else {
        rights
    }
}

/// The rights with generic ones replaced by what they stand for.
fn mapped(rights: u32) -> u32 {
    GENERIC
        .iter()
        .filter(|(generic, _)| rights & generic != 0)
        .fold(rights, |rights, (_, stands_for)| rights | stands_for)
}

#[cfg(test)]
mod tests;
