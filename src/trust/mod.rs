//! Decides whether another user of this machine could change what lies at a path.
//! It follows the path link by link and judges every folder and link on the way, from the root
//! down. Refused is what another user owns, and what other users can write. How owners and rights
//! are read differs from system to system, so [`Judge`] does it.
//!
//! A path that passed has no links left. No other user can swap a part of it between this check and
//! the use, so callers must use the returned path and not the one that was typed.

mod distrust;

use std::ffi::OsString;
use std::path::{Component, Path, PathBuf};

use crate::os::Os;
use crate::platform::{self, Demand, Found, Judge};
pub(crate) use distrust::Distrust;
use distrust::Kind;

/// How many links a path may lead through, as in Linux (path_resolution(7)).
const MOST_LINKS: usize = 40;

/// The regular file at `path`. It must exist, and only this user and administrators may write it.
/// A program that is run and a settings file are checked with it.
pub(crate) fn file(path: &Path, os: &Os) -> Result<PathBuf, Distrust> {
    let (path, found) = Walk::real(path, os)?.follow(path, Demand::End)?;
    match found {
        None => Err(Distrust::unreadable(&path, platform::no_such_file())),
        Some(found) if found.metadata.is_file() => Ok(path),
        Some(_) => Err(Distrust::NotA("a regular file", path)),
    }
}

/// The folder at `path`. It must exist.
pub(crate) fn folder(path: &Path, os: &Os) -> Result<PathBuf, Distrust> {
    folder_for(path, os, Demand::End)
}

/// The folder at `path`, which must exist. Only this user and administrators may add to it.
/// [`folder`] lets a sticky one pass, such as `/tmp`, in which others can add files.
pub(crate) fn closed_folder(path: &Path, os: &Os) -> Result<PathBuf, Distrust> {
    folder_for(path, os, Demand::Closed)
}

fn folder_for(path: &Path, os: &Os, demand: Demand) -> Result<PathBuf, Distrust> {
    let (path, found) = Walk::real(path, os)?.follow(path, demand)?;
    match found {
        None => Err(Distrust::unreadable(&path, platform::no_such_file())),
        Some(found) if found.metadata.is_dir() => Ok(path),
        Some(_) => Err(Distrust::NotA("a folder", path)),
    }
}

/// The place of a file or folder that may still have to be made, with missing folders above it.
/// What there is of it is judged. In a sticky folder such as `/tmp` another user can make the
/// missing part first, so create it exclusively, or judge it again with [`file`] or [`folder`].
pub(crate) fn place(path: &Path, os: &Os) -> Result<PathBuf, Distrust> {
    let (path, _) = Walk::real(path, os)?.follow(path, Demand::End)?;
    Ok(path)
}

/// One walk along a path.
struct Walk<'a> {
    judge: Judge<'a>,
    /// What a relative path begins at.
    current: Option<&'a Path>,
}

impl<'a> Walk<'a> {
    fn real(path: &Path, os: &'a Os) -> Result<Self, Distrust> {
        Ok(Self {
            judge: Judge::real().map_err(|source| Distrust::unreadable(path, source))?,
            current: os.current_dir.as_deref(),
        })
    }

    /// The path without links, and what lies there; `None` if its end does not exist.
    /// The demand is on the last part that exists.
    fn follow(&self, path: &Path, demand: Demand) -> Result<(PathBuf, Option<Found>), Distrust> {
        let typed = self.absolute(path)?;
        let mut here = root(&typed);
        // The parts that are still to be walked, the next one last.
        let mut rest = Vec::new();
        push(&mut rest, &typed);
        let mut found = self.judged(&here)?;
        let mut links = 0;
        while let Some(part) = rest.pop() {
            if !found.metadata.is_dir() {
                return Err(Distrust::unreadable(&here, platform::not_a_folder()));
            }
            if part == ".." {
                here.pop();
                found = looked(&here)?;
                continue;
            }
            let next = here.join(&part);
            match self.judged(&next) {
                Ok(link) if link.metadata.is_symlink() => {
                    links += 1;
                    if links > MOST_LINKS {
                        return Err(Distrust::unreadable(path, platform::too_many_links()));
                    }
                    let target = next
                        .read_link()
                        .map_err(|source| Distrust::unreadable(&next, source))?;
                    // On Windows a target may lack the drive that it is on.
                    if target.has_root() {
                        here = root(&here.join(&target));
                        found = self.judged(&here)?;
                    }
                    push(&mut rest, &target);
                }
                Ok(next_found) => (here, found) = (next, next_found),
                // Nothing can lie below what does not exist, so the rest has no links.
                Err(error) if error.is_missing() && rest.iter().all(|part| part != "..") => {
                    self.demand(&here, &found, demand)?;
                    let parts = rest.into_iter().rev();
                    return Ok((parts.fold(next, |path, part| path.join(part)), None));
                }
                Err(error) => return Err(error),
            }
        }
        self.demand(&here, &found, demand)?;
        Ok((here, Some(found)))
    }

    /// The path from the root on. `..` stays where it is about the folder that a link leads to.
    fn absolute(&self, path: &Path) -> Result<PathBuf, Distrust> {
        let whole = match self.current {
            Some(current) => current.join(path),
            None if path.is_absolute() => path.to_owned(),
            None => return Err(Distrust::unreadable(path, platform::no_such_file())),
        };
        std::path::absolute(&whole).map_err(|source| Distrust::unreadable(path, source))
    }

    /// What lies at a path whose last part may be a link, if no other user could change it.
    fn judged(&self, path: &Path) -> Result<Found, Distrust> {
        let found = looked(path)?;
        self.demand(path, &found, Demand::Way)?;
        Ok(found)
    }

    fn demand(&self, path: &Path, found: &Found, demand: Demand) -> Result<(), Distrust> {
        self.judge
            .judge(found, demand)
            .map_err(|flaw| Distrust::Unsafe {
                kind: Kind::of(&found.metadata),
                path: path.to_owned(),
                flaw,
            })
    }
}

/// The root that an absolute path begins at; on Windows with its drive or share.
fn root(path: &Path) -> PathBuf {
    let parts = path.components();
    parts
        .take_while(|part| matches!(part, Component::Prefix(_) | Component::RootDir))
        .collect()
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

fn looked(path: &Path) -> Result<Found, Distrust> {
    Found::at(path).map_err(|source| Distrust::unreadable(path, source))
}

#[cfg(test)]
#[cfg(unix)]
mod tests;
