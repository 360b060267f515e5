//! Who owns a file or folder, and who else can write it: owner and access list.
//!
//! Each part of a path is opened by its own, and a link or junction is opened itself. Owner and
//! list come from that handle. No other user can rename or delete a part whose owner and list are
//! right, nor make it a junction. So its path stays what it was after the handle is closed.

mod account;
mod security;

use std::ffi::OsStr;
use std::fs::{File, Metadata};
use std::io;
use std::os::windows::fs::OpenOptionsExt as _;
use std::path::{Component, Path, Prefix};

use windows_sys::Win32::Storage::FileSystem::{
    FILE_FLAG_BACKUP_SEMANTICS, FILE_FLAG_OPEN_REPARSE_POINT, FILE_READ_ATTRIBUTES, READ_CONTROL,
};

use crate::platform::access_list::{Descriptor, Fault, Sid, Thing};
use crate::platform::quoted;
use crate::platform::trust::Demand;

/// What lies at a path. A link is looked at itself, and not where it leads.
#[derive(Debug)]
pub(crate) struct Found {
    /// What the system tells of it.
    pub metadata: Metadata,
    descriptor: Descriptor,
    /// Whether its drive keeps access lists at all.
    has_lists: bool,
    thing: Thing,
}

impl Found {
    /// Looks at what lies at this path, which has no links but its last part.
    /// A device and a stream within a file are refused: they are not what the path seems to name.
    pub(crate) fn at(path: &Path) -> io::Result<Self> {
        if let Some(odd) = odd(path) {
            return Err(io::Error::new(io::ErrorKind::InvalidInput, odd));
        }
        let file = File::options()
            .access_mode(READ_CONTROL | FILE_READ_ATTRIBUTES)
            .custom_flags(FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_OPEN_REPARSE_POINT)
            .open(path)?;
        Self::open(&file, path)
    }

    /// Looks at an open file or folder, by its handle, which has the right READ_CONTROL.
    pub(crate) fn open(file: &File, path: &Path) -> io::Result<Self> {
        let metadata = file.metadata()?;
        let descriptor = security::descriptor(file)?;
        let thing = if !metadata.is_dir() {
            Thing::File
        } else if path.parent().is_none() {
            Thing::Root
        } else {
            Thing::Folder
        };
        Ok(Self {
            has_lists: security::has_lists(file),
            metadata,
            descriptor,
            thing,
        })
    }
}

/// Why a path does not name a file or folder of its own.
fn odd(path: &Path) -> Option<&'static str> {
    let mut parts = path.components();
    let is_device = match parts.next() {
        Some(Component::Prefix(prefix)) => match prefix.kind() {
            Prefix::DeviceNS(_) => true,
            // A volume without a letter is a drive as any other.
            Prefix::Verbatim(name) => !starts_with_volume(name),
            _ => false,
        },
        _ => false,
    };
    if is_device {
        return Some("it names a device");
    }
    let is_stream = |part: Component<'_>| matches!(part, Component::Normal(name) if name.as_encoded_bytes().contains(&b':'));
    parts
        .any(is_stream)
        .then_some("it names a stream within a file")
}

fn starts_with_volume(name: &OsStr) -> bool {
    let name = name.as_encoded_bytes();
    name.get(..7)
        .is_some_and(|begin| begin.eq_ignore_ascii_case(b"Volume{"))
}

/// This process's user, for whom things are judged.
pub(crate) struct Judge<'a> {
    us: Sid,
    named: &'a dyn Fn(&Sid) -> String,
}

impl Judge<'_> {
    /// The user of this process.
    pub(crate) fn real() -> io::Result<Self> {
        Ok(Self {
            us: account::of_this_process()?,
            named: &account::named,
        })
    }

    /// Refuses what another user owns or could change, as far as the demand goes.
    pub(crate) fn judge(&self, found: &Found, demand: Demand) -> Result<(), Flaw> {
        let judged = found.descriptor.judge(&self.us, found.thing, demand);
        judged.map_err(|fault| {
            let account = match &fault {
                Fault::Foreign(sid)
                | Fault::Writable { by: sid, .. }
                | Fault::Readable { by: sid, .. } => (self.named)(sid),
                Fault::NoList | Fault::Unknown(_) => String::new(),
            };
            Flaw {
                fault,
                account,
                has_lists: found.has_lists,
                is_ours: found.descriptor.owner == self.us,
                us: self.us.to_string(),
            }
        })
    }
}

/// Why something is not safe.
#[derive(Debug)]
pub(crate) struct Flaw {
    fault: Fault,
    /// The name of the account that the fault is about.
    account: String,
    /// Whether the drive keeps access lists at all.
    has_lists: bool,
    /// Whether this user owns it, and so may change its access list.
    is_ours: bool,
    /// This user's security identifier.
    us: String,
}

impl Flaw {
    /// Whether another user owns it.
    pub(crate) fn is_foreign(&self) -> bool {
        self.has_lists && matches!(self.fault, Fault::Foreign(_))
    }

    /// Says what is wrong with `what`, such as "the folder C:\tools".
    pub(crate) fn said(&self, what: &str) -> String {
        let account = &self.account;
        let by = |inherited| {
            if inherited {
                "by an entry of its access list that comes from a folder above"
            } else {
                "by an entry of its access list"
            }
        };
        match &self.fault {
            _ if !self.has_lists => {
                format!("every account can write {what}: its drive keeps no access lists")
            }
            Fault::Foreign(_) => format!("{what} belongs to another account ({account})"),
            Fault::Writable { inherited, .. } => {
                format!("{account} can write {what}, {}", by(*inherited))
            }
            Fault::Readable { inherited, .. } => {
                format!("{what} is open to {account}, {}", by(*inherited))
            }
            Fault::NoList => format!("every account can write {what}: it has no access list"),
            Fault::Unknown(number) => format!(
                "the access list of {what} has an entry of type {number}, which vendor-ssm does not know"
            ),
        }
    }

    /// What to do about it. A command in it can be pasted.
    pub(crate) fn hint(&self, path: &Path) -> String {
        let path = shown(path);
        let who = if self.is_ours {
            ""
        } else {
            "in a terminal that runs as administrator, "
        };
        match &self.fault {
            _ if !self.has_lists => {
                "use a copy on an NTFS drive, such as in your profile folder".to_owned()
            }
            Fault::Foreign(_) => format!(
                "use a copy in a folder of your own; if only you use it, run `takeown /f {path}` in a terminal that runs as administrator"
            ),
            Fault::Writable { by, inherited } | Fault::Readable { by, inherited } => {
                let remove = format!("`icacls {path} /remove:g *{by}`");
                if *inherited {
                    // An entry that comes from above can only be removed once it is a copy.
                    format!("{who}run `icacls {path} /inheritance:d`, then {remove}")
                } else {
                    format!("{who}run {remove}")
                }
            }
            Fault::NoList => format!(
                "{who}run `icacls {path} /inheritance:r /grant:r *{}:F`",
                self.us
            ),
            Fault::Unknown(_) => format!("use a copy, or look at the list with `icacls {path}`"),
        }
    }
}

/// The command that shows who may do what with a path.
pub(crate) fn look_command(path: &Path) -> String {
    format!("icacls {}", shown(path))
}

/// The path in quotes for a shell. Programs of Windows do not all take `\\?\`.
fn shown(path: &Path) -> String {
    quoted(&dunce::simplified(path).display().to_string())
}

#[cfg(test)]
mod tests;
