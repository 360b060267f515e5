//! Who owns a file or folder, and who else can write it: owner and access list.

use std::fs::{File, Metadata};
use std::io;
use std::marker::PhantomData;
use std::path::Path;

use crate::platform::quoted;
use crate::platform::trust::Demand;

/// What lies at a path. A link is looked at itself, and not where it leads.
#[derive(Debug)]
pub(crate) struct Found {
    /// What the system tells of it.
    pub metadata: Metadata,
}

impl Found {
    /// Looks at what lies at this path, which has no links but its last part.
    pub(crate) fn at(path: &Path) -> io::Result<Self> {
        let metadata = path.symlink_metadata()?;
        Ok(Self { metadata })
    }

    /// Looks at an open file or folder, by its handle.
    pub(crate) fn open(file: &File, _path: &Path) -> io::Result<Self> {
        let metadata = file.metadata()?;
        Ok(Self { metadata })
    }
}

/// This process's user, for whom things are judged.
pub(crate) struct Judge<'a> {
    lifetime: PhantomData<&'a ()>,
}

impl Judge<'_> {
    /// The user of this process.
    pub(crate) fn real() -> io::Result<Self> {
        Err(io::Error::new(
            io::ErrorKind::Unsupported,
            "vendor-ssm cannot read access lists yet",
        ))
    }

    /// Refuses what another user owns or could change, as far as the demand goes.
    pub(crate) fn judge(&self, _found: &Found, _demand: Demand) -> Result<(), Flaw> {
        let PhantomData = self.lifetime;
        Ok(())
    }
}

/// Why something is not safe.
#[derive(Debug)]
pub(crate) struct Flaw {}

impl Flaw {
    /// Whether another user owns it.
    pub(crate) fn is_foreign(&self) -> bool {
        false
    }

    /// Says what is wrong with `what`, such as "the folder C:\tools".
    pub(crate) fn said(&self, what: &str) -> String {
        format!("{what} is not safe")
    }

    /// What to do about it. A command in it can be pasted.
    pub(crate) fn hint(&self, path: &Path) -> String {
        format!("check it with `{}`", look_command(path))
    }
}

/// The command that shows who may do what with a path.
pub(crate) fn look_command(path: &Path) -> String {
    format!("icacls {}", quoted(&path.display().to_string()))
}
