//! Who owns a file or folder, and who else can write it: owner, mode, groups and access lists.

mod group;

use std::fs::{File, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use crate::platform::quoted;
use crate::platform::trust::Demand;
pub(crate) use group::Accounts;
use group::Group;

/// Stands for every owner that has no number in this container (user_namespaces(7)).
/// The account `nobody` has it too. vendor-ssm cannot tell such owners apart.
pub(crate) const OVERFLOW_UID: u32 = 65534;
/// The bits of others, the group's bit, and the sticky bit (inode(7)).
const OTHERS_WRITE: u32 = 0o002;
const GROUP_WRITES: u32 = 0o020;
const STICKY: u32 = 0o1000;
/// Every permission of the group and of all others.
const OTHERS: u32 = 0o077;

/// The groups whose members can become root anyway, and so may do what root may.
/// On macOS that is `admin`: its members may use sudo, and it may write Homebrew's folders and
/// /Applications. Every user is in `staff` (20), which is not among these.
const ADMINISTRATORS: &[u32] = if cfg!(target_os = "macos") {
    &[80]
} else {
    &[]
};

/// What lies at a path. A link is looked at itself, and not where it leads.
#[derive(Debug)]
pub(crate) struct Found {
    /// What the system tells of it.
    pub metadata: Metadata,
    /// Its path, which its access list is read from.
    path: PathBuf,
}

impl Found {
    /// Looks at what lies at this path, which has no links but its last part.
    pub(crate) fn at(path: &Path) -> io::Result<Self> {
        Ok(Self {
            metadata: path.symlink_metadata()?,
            path: path.to_owned(),
        })
    }

    /// Looks at an open file or folder. The path is only there to read its access list from.
    pub(crate) fn open(file: &File, path: &Path) -> io::Result<Self> {
        Ok(Self {
            metadata: file.metadata()?,
            path: path.to_owned(),
        })
    }

    fn mode(&self) -> u32 {
        self.metadata.mode() & 0o7777
    }
}

/// This process's user, for whom things are judged.
pub(crate) struct Judge<'a> {
    us: u32,
    /// Who is in which group; asked only if a folder can be written by its group.
    accounts: &'a dyn Fn() -> Accounts,
    /// Which groups may write folders as root may.
    administrators: &'a [u32],
}

impl Judge<'_> {
    /// The effective user of this process, and the groups of this machine.
    #[expect(clippy::unnecessary_wraps, reason = "other systems can refuse to tell")]
    pub(crate) fn real() -> io::Result<Self> {
        Ok(Self {
            us: rustix::process::geteuid().as_raw(),
            accounts: &Accounts::of_this_machine,
            administrators: ADMINISTRATORS,
        })
    }

    /// Another user, with other groups.
    #[cfg(test)]
    pub(crate) fn with(us: u32, accounts: &dyn Fn() -> Accounts) -> Judge<'_> {
        Judge {
            us,
            accounts,
            administrators: &[],
        }
    }

    /// Refuses what another user owns or could change, as far as the demand goes.
    pub(crate) fn judge(&self, found: &Found, demand: Demand) -> Result<(), Flaw> {
        let (uid, mode) = (found.metadata.uid(), found.mode());
        let is_own = matches!(demand, Demand::Own | Demand::Private);
        // Even root's is refused where vendor-ssm makes its own.
        let is_trusted = uid == self.us || (uid == 0 && !is_own);
        if !is_trusted || (uid == OVERFLOW_UID && !is_own) {
            return Err(Flaw::Foreign { uid, us: self.us });
        }
        let (is_file, is_folder) = (found.metadata.is_file(), found.metadata.is_dir());
        let by = match demand {
            // The mode of a link means nothing, and a device's is about the device (symlink(7)).
            Demand::Way | Demand::End | Demand::Closed if !is_file && !is_folder => None,
            // In a sticky folder others can add entries, but cannot replace those of this user or
            // root. Who owns each entry on the way is judged in its turn.
            Demand::Way | Demand::End if is_folder && mode & STICKY != 0 => None,
            Demand::Way | Demand::End | Demand::Closed => self.writers(found),
            Demand::Own | Demand::Private if mode & (OTHERS_WRITE | GROUP_WRITES) != 0 => {
                Some(Writers::Others)
            }
            Demand::Private if mode & OTHERS != 0 => return Err(Flaw::Open { mode }),
            Demand::Own | Demand::Private => None,
        };
        match by {
            None => Ok(()),
            Some(by) => Err(Flaw::Writable {
                mode,
                by,
                needs_sudo: uid != self.us,
            }),
        }
    }

    /// Who can write a file or folder, besides this user and root.
    fn writers(&self, found: &Found) -> Option<Writers> {
        let mode = found.mode();
        if mode & (OTHERS_WRITE | GROUP_WRITES) == 0 {
            None
        } else if found.metadata.is_file() || mode & OTHERS_WRITE != 0 {
            Some(Writers::Others)
        } else if has_access_list(&found.path) {
            Some(Writers::AccessList)
        } else if self.administrators.contains(&found.metadata.gid()) {
            None
        } else {
            (self.accounts)()
                .writers(found.metadata.gid(), self.us)
                .map(Writers::Group)
        }
    }
}

/// Whether an access list names more users or groups than the mode shows (acl(5)).
/// The group's bits in the mode are then the most that the list can grant.
#[cfg(target_os = "linux")]
fn has_access_list(path: &Path) -> bool {
    use rustix::io::Errno;

    match rustix::fs::lgetxattr_query(path, "system.posix_acl_access") {
        // NODATA: there is none. The others: this file system or kernel has none at all.
        Err(Errno::NODATA | Errno::OPNOTSUPP | Errno::NOSYS) => false,
        Ok(_) | Err(_) => true,
    }
}

/// macOS keeps other lists (acl(5) there), which `ls -le` shows.
/// They are not read: neither std nor rustix reads them, and nothing makes them on folders of users
/// or of Homebrew by itself.
#[cfg(not(target_os = "linux"))]
fn has_access_list(_path: &Path) -> bool {
    false
}

/// Why something is not safe.
#[derive(Debug)]
pub(crate) enum Flaw {
    /// Another user owns it, who can change it at any time.
    Foreign {
        /// Its owner.
        uid: u32,
        /// The user that vendor-ssm runs as. Root trusts only what root owns.
        us: u32,
    },
    /// Others than its owner can write it.
    Writable {
        /// Its permission bits.
        mode: u32,
        /// Who can write it.
        by: Writers,
        /// Whether root owns it, and vendor-ssm runs as another user.
        needs_sudo: bool,
    },
    /// Others may enter it, or read it.
    Open {
        /// Its permission bits.
        mode: u32,
    },
}

impl Flaw {
    /// Whether another user owns it.
    pub(crate) fn is_foreign(&self) -> bool {
        matches!(self, Self::Foreign { .. })
    }

    /// Says what is wrong with `what`, such as "the folder /srv".
    pub(crate) fn said(&self, what: &str) -> String {
        match self {
            Self::Foreign { uid, .. } if *uid == OVERFLOW_UID => format!(
                "{what} belongs to uid {uid}, which stands for every user from outside this container"
            ),
            Self::Foreign { uid, .. } => format!("{what} belongs to another user (uid {uid})"),
            Self::Writable { mode, by, .. } => by.said(what, *mode),
            Self::Open { mode } => format!("{what} is open to other users (mode {mode:04o})"),
        }
    }

    /// What to do about it. A command in it can be pasted.
    pub(crate) fn hint(&self, path: &Path) -> String {
        let path = quoted(&path.display().to_string());
        match self {
            Self::Foreign { uid, .. } if *uid == OVERFLOW_UID => {
                "use a copy below a folder whose owner has a number here, such as your home directory"
                    .to_owned()
            }
            // To give a folder to root can lock its owner out of a home directory.
            Self::Foreign { us: 0, .. } => {
                "run vendor-ssm as that user, without sudo, or use a copy in a folder of root's"
                    .to_owned()
            }
            Self::Foreign { us, .. } => format!(
                "use a copy in a folder of your own, or run `sudo chown -h {us} {path}` if only you use it"
            ),
            Self::Writable {
                mode, needs_sudo, ..
            } => {
                let sudo = if *needs_sudo { "sudo " } else { "" };
                let mend = format!("run `{sudo}chmod go-w {path}`");
                if mode & 0o777 == 0o777 {
                    // drvfs, vboxsf and others show every file with this mode.
                    format!(
                        "{mend}; if the mode stays the same (WSL's /mnt/c), use a copy in your home directory"
                    )
                } else {
                    mend
                }
            }
            Self::Open { .. } => format!("run `chmod 0700 {path}`"),
        }
    }
}

/// Who can write something, besides its owner.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Writers {
    /// Everybody, or the file's group.
    Others,
    /// The folder's group.
    Group(Group),
    /// Those that the folder's access list names.
    AccessList,
}

impl Writers {
    /// Says that they can write `what`, which has this mode.
    fn said(&self, what: &str, mode: u32) -> String {
        let written = format!("can write {what} (mode {mode:04o})");
        match self {
            Self::Others => format!("other users {written}"),
            Self::AccessList => format!("other users {written}, by its access list (ACL)"),
            Self::Group(group) => {
                let members = group.members();
                format!("group {:?} {written}; {members}", group.name)
            }
        }
    }
}

/// The command that shows who may do what with a path.
pub(crate) fn look_command(path: &Path) -> String {
    format!("ls -ld {}", quoted(&path.display().to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Homebrew's folders belong to who installed it, and `admin` may write them.
    #[test]
    fn a_group_of_administrators_may_write_a_folder_but_not_a_file() {
        use std::os::unix::fs::PermissionsExt as _;

        let root = tempfile::tempdir().unwrap();
        let (folder, file) = (root.path().join("bin"), root.path().join("plugin"));
        std::fs::create_dir(&folder).unwrap();
        std::fs::write(&file, "").unwrap();
        for path in [&folder, &file] {
            let mode = std::fs::Permissions::from_mode(0o775);
            std::fs::set_permissions(path, mode).unwrap();
        }
        let gid = folder.metadata().unwrap().gid();
        let judged = |path: &Path, administrators: &[u32]| {
            let judge = Judge {
                us: rustix::process::geteuid().as_raw(),
                accounts: &|| Accounts::parse("", "", None),
                administrators,
            };
            judge.judge(&Found::at(path).unwrap(), Demand::Way).is_ok()
        };
        assert!(judged(&folder, &[gid]));
        assert!(!judged(&folder, &[gid + 1]));
        assert!(!judged(&file, &[gid]));
    }

    #[test]
    fn the_command_fits_who_may_run_it() {
        let path = Path::new("/srv/it's open");
        let writable = |needs_sudo| Flaw::Writable {
            mode: 0o2775,
            by: Writers::AccessList,
            needs_sudo,
        };
        assert_eq!(
            writable(true).said("the folder /srv/it's open"),
            "other users can write the folder /srv/it's open (mode 2775), by its access list (ACL)"
        );
        for (needs_sudo, words) in [
            (false, vec!["chmod", "go-w", "/srv/it's open"]),
            (true, vec!["sudo", "chmod", "go-w", "/srv/it's open"]),
        ] {
            let hint = writable(needs_sudo).hint(path);
            let command = hint.trim_start_matches("run `").trim_end_matches('`');
            assert_eq!(shlex::split(command).unwrap(), words);
        }
    }
}
