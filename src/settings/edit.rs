//! Changes the settings file and keeps its comments and order.
//! The new text is decided like any settings file before it is written. It is written beside the
//! file and then renamed over it, so the file is whole at every moment. Reading, deciding and
//! renaming happen under one lock, so that no change is lost.

/// For the fuzz targets.
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod import;

use std::ffi::OsString;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::Duration;

use toml_edit::{Array, Datetime, DocumentMut, Item, Table, value};

use super::error::Error;
use super::origin::{Decided, Origin};
use super::{Documents, Settings, find, line_ends, resolve};
use crate::args::Global;
use crate::callbacks::Callbacks;
use crate::names::{ExternalId, GrantEnd, Region, RoleArn};
use crate::os::Os;
use crate::private::{self, Folder, Lock, Locked};

pub(crate) use import::{NewVendor, preview};

/// How long to wait for other processes that change the file. Each takes well under a second.
const PATIENCE: Duration = Duration::from_secs(30);

/// The settings file, open for a change.
pub(crate) struct Edit<'a> {
    global: &'a Global,
    os: &'a Os,
    found: Decided<PathBuf>,
    /// The text that was read; `None` if there is no file yet.
    before: Option<String>,
    document: DocumentMut,
    /// The text with the changes so far, each untouched line as it was.
    text: String,
    /// The comment at the head of the file, above what was removed.
    head: Option<String>,
}

/// What `customer add` writes.
#[derive(Debug, Clone)]
pub(crate) struct NewCustomer {
    /// The customer's name.
    pub name: String,
    /// The role in the customer's account.
    pub role_arn: RoleArn,
    /// The ExternalId.
    pub external_id: ExternalId,
    /// The tag's key; `None` means the default.
    pub tag_key: Option<String>,
    /// The value of the vendor's tag.
    pub tag_value: String,
    /// The regions, at least one.
    pub regions: Vec<Region>,
    /// Whether a person must type the customer's name before a session.
    pub confirm: bool,
    /// Whether a session needs a reason.
    pub require_reason: bool,
    /// When the customer's grant ends, if it does.
    pub grant_ends: Option<GrantEnd>,
    /// The session documents.
    pub documents: Documents,
    /// The customer role's duration in seconds; `None` means the default.
    pub duration_seconds: Option<u32>,
    /// The vendor's keys for this customer alone.
    pub vendor: Option<NewVendor>,
}

impl<'a> Edit<'a> {
    /// Changes the settings file under its lock: `decide` makes the change.
    /// It is called twice. A change that is refused at first makes no folder and does not wait.
    pub(crate) async fn change<T, E: From<Error>>(
        global: &'a Global,
        os: &'a Os,
        callbacks: &dyn Callbacks,
        decide: impl Fn(&mut Self) -> Result<T, E>,
    ) -> Result<T, E> {
        let mut edit = Self::open(global, os)?;
        decide(&mut edit)?;
        edit.decided()?;
        let held = edit.lock(callbacks).await?;
        let mut edit = Self::open(global, os)?;
        let done = decide(&mut edit)?;
        edit.save(&held)?;
        Ok(done)
    }

    /// Waits for the lock on the file. The folder is made if it is missing.
    async fn lock(&self, callbacks: &dyn Callbacks) -> Result<Held, Error> {
        let path = &self.found.value;
        let unwritable = |source| Error::Unwritable {
            path: path.clone(),
            source,
        };
        let file = find::place(&self.found, self.os)?;
        private::make_all(folder_of(&file)).map_err(unwritable)?;
        // In a sticky folder another user may have made it first.
        let file = find::place(&self.found, self.os)?;
        let folder = Folder::judged(folder_of(&file)).map_err(unwritable)?;
        let mut name = OsString::from(".");
        name.push(file.file_name().unwrap_or_default());
        name.push(".lock");
        callbacks.step("waiting for another vendor-ssm that changes the settings file…");
        let lock = match private::wait(&folder, &name, PATIENCE).await {
            Ok(Locked::Ours(lock)) => Some(lock),
            Ok(Locked::Taken) => {
                return Err(Error::Busy {
                    path: path.clone(),
                    lock: folder.path_of(&name),
                    seconds: PATIENCE.as_secs(),
                });
            }
            Ok(Locked::Unknown(error)) => {
                callbacks.warn(&format!(
                    "{} cannot be locked ({error}), so do not change the settings twice at once",
                    folder.path_of(&name).display()
                ));
                None
            }
            Err(error) => return Err(unwritable(error)),
        };
        Ok(Held {
            file,
            folder,
            name,
            lock,
        })
    }

    /// Opens the settings file. If there is none yet, the edit starts empty.
    pub(crate) fn open(global: &'a Global, os: &'a Os) -> Result<Self, Error> {
        let found = find::locate(global, os)?;
        let before = match find::read(&found, os) {
            Ok(text) => Some(text),
            Err(Error::Missing { .. }) => None,
            Err(error) => return Err(error),
        };
        let text = before.as_deref().unwrap_or_default();
        let Ok(document) = line_ends::plain(text).parse::<DocumentMut>() else {
            // The error is the one that every other command gives, without a line of the file.
            resolve::decide(found.clone(), text, global, os)?;
            return Err(Error::Uneditable(found.value));
        };
        let text = text.to_owned();
        Ok(Self {
            global,
            os,
            found,
            text,
            before,
            document,
            head: None,
        })
    }

    /// The file.
    pub(crate) fn path(&self) -> &Path {
        &self.found.value
    }

    /// Sets the vendor role under `[vendor]`, if there is none yet.
    pub(crate) fn set_vendor_role(&mut self, role_arn: &RoleArn) -> Result<(), Error> {
        let vendor = self.document.entry("vendor").or_insert_with(section);
        let vendor = vendor
            .as_table_like_mut()
            .ok_or_else(|| Error::Uneditable(self.found.value.clone()))?;
        let there = vendor
            .entry("role_arn")
            .or_insert_with(|| value(role_arn.as_str()));
        match there.as_str() {
            Some(there) if there != role_arn.as_str() => Err(Error::OtherVendorRole {
                there: there.to_owned(),
            }),
            _ => {
                self.write_out();
                Ok(())
            }
        }
    }

    /// Adds a customer. It never replaces one with that name or that ExternalId.
    pub(crate) fn add(&mut self, new: &NewCustomer) -> Result<(), Error> {
        let customers = self.document.get("customers");
        let customers = customers.and_then(Item::as_table_like);
        for (other, keys) in customers.iter().flat_map(|customers| customers.iter()) {
            let taken = keys.get("external_id").and_then(Item::as_str);
            if other != new.name && taken == Some(new.external_id.reveal()) {
                return Err(Error::ExternalIdTaken {
                    other: other.to_owned(),
                });
            }
        }
        self.insert(new)?;
        self.write_out();
        Ok(())
    }

    /// Adds a customer to the document. It never replaces one with that name.
    fn insert(&mut self, new: &NewCustomer) -> Result<(), Error> {
        let file = self.found.value.clone();
        let customers = self
            .document
            .entry("customers")
            .or_insert_with(|| {
                let mut table = Table::new();
                table.set_implicit(true);
                Item::Table(table)
            })
            .as_table_like_mut()
            .ok_or_else(|| Error::Uneditable(file.clone()))?;
        if customers.contains_key(&new.name) {
            return Err(Error::CustomerExists {
                name: new.name.clone(),
                file,
            });
        }
        customers.insert(&new.name, Item::Table(new.section()));
        Ok(())
    }

    /// Removes a customer, everything below it, and a default that names it.
    pub(crate) fn remove(&mut self, name: &str) -> Result<(), Error> {
        let file = self.found.value.clone();
        let customers = self.document.get_mut("customers");
        let customers = customers.and_then(Item::as_table_like_mut);
        let names: Vec<String> = customers
            .iter()
            .flat_map(|customers| customers.iter())
            .map(|(name, _)| name.to_owned())
            .collect();
        let removed = customers.and_then(|customers| customers.remove(name));
        let Some(removed) = removed else {
            return Err(Error::UnknownCustomer {
                name: name.to_owned(),
                origin: Origin::Flag("NAME"),
                file,
                names,
            });
        };
        let before = self.before.as_deref().map(line_ends::plain);
        self.head = before.and_then(|text| head(&text, &removed));
        self.write_out();
        let default = self.document.get("default_customer").and_then(Item::as_str);
        if default == Some(name) {
            // A comment above the file's first key is about the file.
            let key = self.document.key("default_customer");
            let above = key.and_then(|key| key.leaf_decor().prefix()?.as_str());
            let above = above.filter(|above| self.document.to_string().starts_with(*above));
            self.head = self.head.take().or(above.map(str::to_owned));
            self.document.remove("default_customer");
            self.write_out();
        }
        Ok(())
    }

    /// Brings the text up to the document, after each change by itself.
    fn write_out(&mut self) {
        let mut new = self.document.to_string();
        if let Some(head) = &self.head {
            // One empty line below it is enough.
            let trimmed = new.trim_start_matches('\n');
            let rest = if head.ends_with("\n\n") {
                trimmed
            } else {
                &new
            };
            new = [head, rest].concat();
        }
        self.text = line_ends::restored(&self.text, &new);
    }

    /// The settings that the new text makes. Errors: it is not usable.
    fn decided(&self) -> Result<Settings, Error> {
        resolve::decide(self.found.clone(), &self.text, self.global, self.os)
    }

    /// Writes the file with mode 0600, if its new text is usable.
    fn save(self, held: &Held) -> Result<(), Error> {
        self.decided()?;
        let path = &self.found.value;
        let now = match find::read(&self.found, self.os) {
            Ok(text) => Some(text),
            Err(Error::Missing { .. }) => None,
            Err(error) => return Err(error),
        };
        // An editor does not know the lock.
        if now != self.before || find::place(&self.found, self.os)? != held.file {
            return Err(Error::Changed(path.clone()));
        }
        // A link stays a link; the file that it names is replaced.
        replace(&held.file, &self.text).map_err(|source| Error::Unwritable {
            path: path.clone(),
            source,
        })
    }
}

/// The lock on the settings file. The file itself is renamed over, so the lock is on one beside it.
struct Held {
    /// The file behind all links.
    file: PathBuf,
    folder: Folder,
    name: OsString,
    /// `None` if the file system has no locks.
    lock: Option<Lock>,
}

impl Drop for Held {
    fn drop(&mut self) {
        match self.lock.take() {
            Some(lock) => lock.remove(&self.folder, &self.name),
            None => drop(self.folder.remove(&self.name)),
        }
    }
}

impl NewCustomer {
    fn section(&self) -> Table {
        let mut table = Table::new();
        table.decor_mut().set_prefix("\n");
        table["role_arn"] = value(self.role_arn.as_str());
        table["external_id"] = value(self.external_id.reveal());
        table["tag_value"] = value(&self.tag_value);
        if let Some(key) = &self.tag_key {
            table["tag_key"] = value(key);
        }
        let regions: Array = self.regions.iter().map(Region::as_str).collect();
        table["regions"] = value(regions);
        for (key, is_set) in [
            ("confirm", self.confirm),
            ("require_reason", self.require_reason),
        ] {
            if is_set {
                table[key] = value(true);
            }
        }
        if let Some(date) = self.grant_ends.and_then(|end| end.to_string().parse().ok()) {
            let date: Datetime = date;
            table["grant_ends"] = value(date);
        }
        if let Some(seconds) = self.duration_seconds {
            table["duration_seconds"] = value(i64::from(seconds));
        }
        let Documents {
            shell,
            command,
            port,
            remote_port,
            ssh,
        } = &self.documents;
        let mut documents = Table::new();
        for (key, name) in [
            ("shell", shell),
            ("command", command),
            ("port", port),
            ("remote_port", remote_port),
            ("ssh", ssh),
        ] {
            if let Some(name) = name {
                documents[key] = value(name.as_str());
            }
        }
        if !documents.is_empty() {
            table["documents"] = Item::Table(documents);
        }
        if let Some(vendor) = &self.vendor {
            let mut vendor = vendor.section();
            vendor.decor_mut().set_prefix("\n");
            table["vendor"] = Item::Table(vendor);
        }
        table
    }
}

/// The comment at the head of the file, if an empty line separates it from this section.
/// The parser counts it as part of the section, but it belongs to the file.
fn head(text: &str, removed: &Item) -> Option<String> {
    let above = removed.as_table()?.decor().prefix()?.as_str()?;
    let end = above.rfind("\n\n")? + 2;
    text.starts_with(above).then(|| above[..end].to_owned())
}

fn section() -> Item {
    Item::Table(Table::new())
}

/// The folder of a file that is named by its whole path.
fn folder_of(file: &Path) -> &Path {
    file.parent().unwrap_or(Path::new("/"))
}

/// Replaces the file as a whole.
fn replace(path: &Path, text: &str) -> io::Result<()> {
    let folder = folder_of(path);
    // tempfile makes its files readable and writable by their owner only.
    let mut file = tempfile::Builder::new()
        .prefix(".config.toml.")
        .tempfile_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().sync_all()?;
    file.persist(path).map_err(|error| error.error)?;
    // The folder holds the rename.
    std::fs::File::open(folder)?.sync_all()
}
