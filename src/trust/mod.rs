//! Decides whether another user of this machine could change what lies at a path.
//! It follows the path link by link and judges every folder and link on the way, from `/` down.
//! Refused is what another user owns, and what other users can write.
//!
//! A path that passed has no links left. No other user can swap a part of it between this check and
//! the use, so callers must use the returned path and not the one that was typed.

mod distrust;
mod group;

use std::ffi::OsString;
use std::fs::Metadata;
use std::os::unix::fs::MetadataExt as _;
use std::path::{Component, Path, PathBuf};

use rustix::io::Errno;

use crate::os::Os;
pub(crate) use distrust::Distrust;
use distrust::{Kind, OVERFLOW_UID, Writers};
use group::Accounts;

/// How many links a path may lead through, as in the kernel (path_resolution(7)).
const MOST_LINKS: usize = 40;
/// The bits of others, the group's bit, and the sticky bit (inode(7)).
const OTHERS_WRITE: u32 = 0o002;
const GROUP_WRITES: u32 = 0o020;
const STICKY: u32 = 0o1000;

/// The regular file at `path`. It must exist, and only this user and root may write it.
/// A program that is run and a settings file are checked with it.
pub(crate) fn file(path: &Path, os: &Os) -> Result<PathBuf, Distrust> {
    let (path, found) = Walk::real(os).follow(path)?;
    match found {
        None => Err(Distrust::unreadable(&path, Errno::NOENT)),
        Some(found) if found.is_file() => Ok(path),
        Some(_) => Err(Distrust::NotA("a regular file", path)),
    }
}

/// The folder at `path`. It must exist.
pub(crate) fn folder(path: &Path, os: &Os) -> Result<PathBuf, Distrust> {
    let (path, found) = Walk::real(os).follow(path)?;
    match found {
        None => Err(Distrust::unreadable(&path, Errno::NOENT)),
        Some(found) if found.is_dir() => Ok(path),
        Some(_) => Err(Distrust::NotA("a folder", path)),
    }
}

/// The folder at `path`, which must exist. Only this user and root may add anything to it.
/// [`folder`] lets a sticky one pass, such as `/tmp`, in which others can add files.
pub(crate) fn closed_folder(path: &Path, os: &Os) -> Result<PathBuf, Distrust> {
    let walk = Walk::real(os);
    let (path, found) = walk.follow(path)?;
    match found {
        None => Err(Distrust::unreadable(&path, Errno::NOENT)),
        Some(found) if !found.is_dir() => Err(Distrust::NotA("a folder", path)),
        Some(found) => walk.closed(&path, &found).map(|()| path),
    }
}

/// The place of a file or folder that may still have to be made, with missing folders above it.
/// What there is of it is judged. In a sticky folder such as `/tmp` another user can make the
/// missing part first, so create it exclusively, or judge it again with [`file`] or [`folder`].
pub(crate) fn place(path: &Path, os: &Os) -> Result<PathBuf, Distrust> {
    Walk::real(os).follow(path).map(|(path, _)| path)
}

/// One walk along a path.
struct Walk<'a> {
    /// This process's effective user.
    us: u32,
    /// What a relative path begins at.
    current: Option<&'a Path>,
    /// Who is in which group; asked only if a folder can be written by its group.
    accounts: &'a dyn Fn() -> Accounts,
}

impl<'a> Walk<'a> {
    fn real(os: &'a Os) -> Self {
        Self {
            us: rustix::process::geteuid().as_raw(),
            current: os.current_dir.as_deref(),
            accounts: &Accounts::of_this_machine,
        }
    }

    /// The path without links, and what lies there; `None` if its end does not exist.
    fn follow(&self, path: &Path) -> Result<(PathBuf, Option<Metadata>), Distrust> {
        // The parts that are still to be walked, the next one last.
        let mut rest = Vec::new();
        push(&mut rest, path);
        if path.is_relative() {
            let current = self
                .current
                .ok_or_else(|| Distrust::unreadable(path, Errno::NOENT))?;
            push(&mut rest, current);
        }
        let mut here = PathBuf::from("/");
        let mut found = self.judged(&here)?;
        let mut links = 0;
        while let Some(part) = rest.pop() {
            if !found.is_dir() {
                return Err(Distrust::unreadable(&here, Errno::NOTDIR));
            }
            if part == ".." {
                here.pop();
                found = lstat(&here)?;
                continue;
            }
            let next = here.join(&part);
            match self.judged(&next) {
                Ok(metadata) if metadata.is_symlink() => {
                    links += 1;
                    if links > MOST_LINKS {
                        return Err(Distrust::unreadable(path, Errno::LOOP));
                    }
                    let target = next
                        .read_link()
                        .map_err(|source| Distrust::unreadable(&next, source))?;
                    if target.is_absolute() {
                        here = PathBuf::from("/");
                        found = lstat(&here)?;
                    }
                    push(&mut rest, &target);
                }
                Ok(metadata) => (here, found) = (next, metadata),
                // Nothing can lie below what does not exist, so the rest has no links.
                Err(error) if error.is_missing() && rest.iter().all(|part| part != "..") => {
                    return Ok((
                        rest.into_iter()
                            .rev()
                            .fold(next, |path, part| path.join(part)),
                        None,
                    ));
                }
                Err(error) => return Err(error),
            }
        }
        Ok((here, Some(found)))
    }

    /// What lies at a path whose last part may be a link, if no other user could change it.
    fn judged(&self, path: &Path) -> Result<Metadata, Distrust> {
        let metadata = lstat(path)?;
        let kind = Kind::of(&metadata);
        let (uid, mode) = (metadata.uid(), metadata.mode() & 0o7777);
        let is_known = uid != OVERFLOW_UID;
        if !(is_known && (uid == self.us || uid == 0)) {
            return Err(Distrust::Foreign {
                kind,
                path: path.to_owned(),
                uid,
                us: self.us,
            });
        }
        // The mode of a link means nothing, and a device's is about the device (symlink(7)).
        if kind == Kind::Link || kind == Kind::Other {
            return Ok(metadata);
        }
        // In a sticky folder others can add entries, but cannot replace those of this user or
        // root. Who owns each entry on the way is judged in its turn.
        let is_sticky = kind == Kind::Folder && mode & STICKY != 0;
        if !is_sticky {
            self.closed(path, &metadata)?;
        }
        Ok(metadata)
    }

    /// Refuses a file or folder that other users can write.
    fn closed(&self, path: &Path, metadata: &Metadata) -> Result<(), Distrust> {
        let kind = Kind::of(metadata);
        let (uid, mode) = (metadata.uid(), metadata.mode() & 0o7777);
        let by = if mode & (OTHERS_WRITE | GROUP_WRITES) == 0 {
            None
        } else if kind == Kind::File || mode & OTHERS_WRITE != 0 {
            Some(Writers::Others)
        } else if has_access_list(path) {
            Some(Writers::AccessList)
        } else {
            (self.accounts)()
                .writers(metadata.gid(), self.us)
                .map(Writers::Group)
        };
        match by {
            None => Ok(()),
            Some(by) => Err(Distrust::Writable {
                kind,
                path: path.to_owned(),
                mode,
                by,
                needs_sudo: uid != self.us,
            }),
        }
    }
}

/// Puts the parts of a path on top, the first one last.
/// `..` stays, since it is about the folder that a link leads to.
fn push(rest: &mut Vec<OsString>, path: &Path) {
    let parts = path.components().rev();
    rest.extend(parts.filter_map(|part| match part {
        Component::Normal(name) => Some(name.to_owned()),
        Component::ParentDir => Some("..".into()),
        Component::CurDir | Component::RootDir | Component::Prefix(_) => None,
    }));
}

fn lstat(path: &Path) -> Result<Metadata, Distrust> {
    path.symlink_metadata()
        .map_err(|source| Distrust::unreadable(path, source))
}

/// Whether an access list names more users or groups than the mode shows (acl(5)).
/// The group's bits in the mode are then the most that the list can grant.
#[cfg(target_os = "linux")]
fn has_access_list(path: &Path) -> bool {
    match rustix::fs::lgetxattr_query(path, "system.posix_acl_access") {
        // NODATA: there is none. The others: this file system or kernel has none at all.
        Err(Errno::NODATA | Errno::OPNOTSUPP | Errno::NOSYS) => false,
        Ok(_) | Err(_) => true,
    }
}

#[cfg(not(target_os = "linux"))]
fn has_access_list(_path: &Path) -> bool {
    false
}

#[cfg(test)]
mod tests;
