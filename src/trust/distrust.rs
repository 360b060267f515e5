//! Why a path is not trusted, and the command that mends it.

use std::fmt;
use std::fs::Metadata;
use std::io;
use std::path::{Path, PathBuf};

use super::group::Group;
use crate::names::quoted;

/// Stands for every owner that has no number in this container (user_namespaces(7)).
/// The account `nobody` has it too. vendor-ssm cannot tell such owners apart.
pub(super) const OVERFLOW_UID: u32 = 65534;

/// Why a path is not trusted.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Distrust {
    /// A part of the path does not exist or cannot be looked at.
    #[error("{} cannot be checked: {source}", path.display())]
    Unreadable {
        /// That part.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// Something else lies there than what is needed, which comes first.
    #[error("{} is not {}", .1.display(), .0)]
    NotA(&'static str, PathBuf),
    /// Another user owns it, who can change it at any time.
    #[error("the {kind} {} belongs to {}", path.display(), owner(*uid))]
    Foreign {
        /// What it is.
        kind: Kind,
        /// A folder or link on the way, or the end itself.
        path: PathBuf,
        /// Its owner.
        uid: u32,
        /// The user that vendor-ssm runs as. Root trusts only what root owns.
        us: u32,
    },
    /// Others than its owner can write it.
    #[error("{}", by.said(&format!("the {kind} {}", path.display()), *mode))]
    Writable {
        /// What it is.
        kind: Kind,
        /// A folder on the way, or the end itself.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
        /// Who can write it.
        by: Writers,
        /// Whether root owns it, and vendor-ssm runs as another user.
        needs_sudo: bool,
    },
}

impl Distrust {
    pub(super) fn unreadable(path: &Path, source: impl Into<io::Error>) -> Self {
        Self::Unreadable {
            path: path.to_owned(),
            source: source.into(),
        }
    }

    /// Whether the path does not exist.
    pub(crate) fn is_missing(&self) -> bool {
        matches!(self, Self::Unreadable { source, .. } if source.kind() == io::ErrorKind::NotFound)
    }

    /// What to do next. A command in it can be pasted.
    pub(crate) fn hint(&self) -> String {
        match self {
            Self::Unreadable { path, .. } | Self::NotA(_, path) => {
                format!("check it with `ls -ld {}`", shell(path))
            }
            Self::Foreign { uid, .. } if *uid == OVERFLOW_UID => {
                "use a copy below a folder whose owner has a number here, such as your home directory"
                    .to_owned()
            }
            // To give a folder to root can lock its owner out of a home directory.
            Self::Foreign { us: 0, .. } => {
                "run vendor-ssm as that user, without sudo, or use a copy in a folder of root's"
                    .to_owned()
            }
            Self::Foreign { path, us, .. } => format!(
                "use a copy in a folder of your own, or run `sudo chown -h {us} {}` if only you use it",
                shell(path)
            ),
            Self::Writable {
                path,
                mode,
                needs_sudo,
                ..
            } => {
                let sudo = if *needs_sudo { "sudo " } else { "" };
                let mend = format!("run `{sudo}chmod go-w {}`", shell(path));
                if mode & 0o777 == 0o777 {
                    // drvfs, vboxsf and others show every file with this mode.
                    format!(
                        "{mend}; if the mode stays the same (WSL's /mnt/c), use a copy in your home directory"
                    )
                } else {
                    mend
                }
            }
        }
    }
}

fn shell(path: &Path) -> String {
    quoted(&path.display().to_string())
}

fn owner(uid: u32) -> String {
    if uid == OVERFLOW_UID {
        format!("uid {uid}, which stands for every user from outside this container")
    } else {
        format!("another user (uid {uid})")
    }
}

/// What lies at a part of a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link.
    Link,
    /// A pipe, a socket or a device.
    Other,
}

impl Kind {
    pub(super) fn of(metadata: &Metadata) -> Self {
        let kind = metadata.file_type();
        if kind.is_file() {
            Self::File
        } else if kind.is_dir() {
            Self::Folder
        } else if kind.is_symlink() {
            Self::Link
        } else {
            Self::Other
        }
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::File => "file",
            Self::Folder => "folder",
            Self::Link => "link",
            Self::Other => "special file",
        })
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
