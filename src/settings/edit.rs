//! Changes the settings file, or the files of a settings folder, and keeps comments and order.
//! The new text is decided like any settings before it is written. Each file is written beside the
//! old one and then renamed over it, so it is whole at every moment. Reading, deciding and renaming
//! happen under one lock, so that no change is lost.

/// For the fuzz targets.
#[cfg(any(test, fuzzing))]
pub(crate) mod fuzzing;
mod held;
mod import;
mod new_customer;
mod new_vendor;
mod page;
mod save;

use std::io;
use std::path::{Path, PathBuf};

use toml_edit::Item;

pub(crate) use import::preview;
pub(crate) use new_customer::NewCustomer;
pub(crate) use new_vendor::NewVendor;

use super::error::Error;
use super::origin::Origin;
use super::source::{Location, Source, Text};
use super::{Settings, find, resolve};
use crate::args::Global;
use crate::callbacks::Callbacks;
use crate::names::RoleArn;
use crate::os::Os;
use crate::platform::files;
use held::Held;
use page::Page;
use save::Emptied;

/// The settings, open for a change.
pub(crate) struct Edit<'a> {
    global: &'a Global,
    os: &'a Os,
    location: Location,
    origin: Origin,
    /// The one file, or those of the folder.
    pages: Vec<Page>,
    /// Keys of `[vendor]` for the file that the next customer gets.
    vendor: Vec<(&'static str, Item)>,
}

/// The files that a customer was removed from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Removed {
    /// Those that are still there.
    pub changed: Vec<PathBuf>,
    /// Files of a folder that held nothing else. They are removed.
    pub emptied: Vec<PathBuf>,
}

impl<'a> Edit<'a> {
    /// Changes the settings under their lock: `decide` makes the change.
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
        let held = Held::wait(&edit.location, &edit.origin, os, callbacks).await?;
        let mut edit = Self::open(global, os)?;
        let done = decide(&mut edit)?;
        edit.save(&held)?;
        Ok(done)
    }

    /// Opens the settings. If there are none yet, the edit starts empty.
    pub(crate) fn open(global: &'a Global, os: &'a Os) -> Result<Self, Error> {
        let source = read(global, os)?;
        let is_new = source.texts.is_empty() && !source.location.is_folder;
        let mut pages = Vec::new();
        for text in &source.texts {
            let Some(page) = Page::open(text.clone()) else {
                // The error is the one that every other command gives, without a line of the file.
                resolve::decide(&source, global, os)?;
                return Err(Error::Uneditable(text.file.clone()));
            };
            pages.push(page);
        }
        if is_new {
            pages.push(Page::new(source.location.path.clone()));
        }
        Ok(Self {
            global,
            os,
            location: source.location,
            origin: source.origin,
            pages,
            vendor: Vec::new(),
        })
    }

    /// The file or the folder.
    pub(crate) fn path(&self) -> &Path {
        &self.location.path
    }

    /// Sets the vendor role under `[vendor]`, if there is none yet.
    /// In a folder without `[vendor]`, the next customer's file gets it.
    pub(crate) fn set_vendor_role(&mut self, role_arn: &RoleArn) -> Result<(), Error> {
        let there = self.vendor_keys("role_arn").find_map(Item::as_str);
        if let Some(there) = there.filter(|there| *there != role_arn.as_str()) {
            return Err(Error::OtherVendorRole {
                there: there.to_owned(),
            });
        }
        if self.vendor_keys("role_arn").next().is_some() {
            return Ok(());
        }
        self.add_to_vendor(vec![("role_arn", toml_edit::value(role_arn.as_str()))])
    }

    /// What the files have under a key of `[vendor]`.
    fn vendor_keys(&self, key: &str) -> impl Iterator<Item = &Item> {
        let vendors = self.pages.iter().filter_map(Page::vendor);
        vendors.filter_map(move |vendor| vendor.get(key))
    }

    fn add_to_vendor(&mut self, keys: Vec<(&'static str, Item)>) -> Result<(), Error> {
        if keys.is_empty() {
            return Ok(());
        }
        let one = !self.location.is_folder;
        let mut pages = self.pages.iter_mut();
        if let Some(page) = pages.find(|page| one || page.vendor().is_some()) {
            return page.add_to_vendor(keys);
        }
        self.vendor.extend(keys);
        Ok(())
    }

    /// Adds a customer. It never replaces one with that name or that ExternalId, nor a file.
    /// The result is the file that holds it: in a folder a new one with the customer's name.
    pub(crate) fn add(&mut self, new: &NewCustomer) -> Result<PathBuf, Error> {
        for (other, keys) in self.pages.iter().flat_map(Page::customers) {
            let taken = keys.get("external_id").and_then(Item::as_str);
            if other != new.name && taken == Some(new.external_id.reveal()) {
                return Err(Error::ExternalIdTaken {
                    other: other.to_owned(),
                });
            }
        }
        let page = self.insert(new)?;
        page.write_out();
        Ok(page.file().to_owned())
    }

    /// Adds a customer to the document of its file. It never replaces one with that name.
    fn insert(&mut self, new: &NewCustomer) -> Result<&mut Page, Error> {
        let has_it = |page: &&Page| page.customers().any(|(name, _)| name == new.name);
        if let Some(page) = self.pages.iter().find(has_it) {
            return Err(Error::CustomerExists {
                name: new.name.clone(),
                file: page.file().to_owned(),
            });
        }
        if self.location.is_folder {
            self.pages.push(Page::new(self.new_file(&new.name)?));
        }
        let vendor = std::mem::take(&mut self.vendor);
        let Some(page) = self.pages.last_mut() else {
            return Err(Error::NoCustomer(self.location.clone()));
        };
        if !vendor.is_empty() {
            page.add_to_vendor(vendor)?;
        }
        page.insert(new)?;
        Ok(page)
    }

    /// The file for a customer of this name in the folder. It must not be there yet.
    fn new_file(&self, name: &str) -> Result<PathBuf, Error> {
        let most = LONGEST_NAME - find::EXTENSION.len();
        if name.len() > most {
            return Err(Error::LongName { most });
        }
        let file = format!("{name}{}", find::EXTENSION);
        if !files::is_usable_name(&file) {
            let name = name.to_owned();
            return Err(Error::UnusableName { name });
        }
        let file = self.location.path.join(file);
        match file.symlink_metadata() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(file),
            _ => Err(Error::FileExists(file)),
        }
    }

    /// Removes a customer, everything below it, and a default that names it.
    pub(crate) fn remove(&mut self, name: &str) -> Result<Removed, Error> {
        let mut names: Vec<String> = Vec::new();
        for (other, _) in self.pages.iter().flat_map(Page::customers) {
            if !names.iter().any(|known| known == other) {
                names.push(other.to_owned());
            }
        }
        if !names.iter().any(|other| other == name) {
            return Err(Error::UnknownCustomer {
                name: name.to_owned(),
                origin: Origin::Flag("NAME"),
                location: self.location.clone(),
                names,
            });
        }
        for page in &mut self.pages {
            page.remove(name);
            page.remove_default(name);
        }
        let changed = self.pages.iter().filter(|page| page.is_changed());
        let (emptied, changed): (Vec<_>, Vec<_>) =
            changed.partition(|page| self.goes(page) && !page.file().is_symlink());
        let files = |pages: Vec<&Page>| {
            let files = pages.iter().map(|page| page.file().to_owned());
            files.collect()
        };
        Ok(Removed {
            changed: files(changed),
            emptied: files(emptied),
        })
    }

    /// Whether the page's file is removed, since a change left nothing in it.
    fn goes(&self, page: &Page) -> bool {
        self.location.is_folder && page.is_emptied()
    }

    /// The settings that the new text makes. Errors: it is not usable.
    pub(crate) fn decided(&self) -> Result<Settings, Error> {
        let texts = self.pages.iter().filter(|page| !self.goes(page));
        let texts = texts.map(|page| Text {
            file: page.file().to_owned(),
            text: page.text().to_owned(),
        });
        let source = Source {
            location: self.location.clone(),
            origin: self.origin.clone(),
            texts: texts.collect(),
        };
        resolve::decide(&source, self.global, self.os)
    }

    /// Writes each changed file with mode 0600, if the new text is usable.
    fn save(self, held: &Held) -> Result<(), Error> {
        self.decided()?;
        let now = read(self.global, self.os)?;
        let now = now.texts.iter().map(|it| (it.file.as_path(), &*it.text));
        let before = self.pages.iter();
        let before = before.filter_map(|page| Some((page.file(), page.before()?)));
        // An editor does not know the lock.
        if !now.eq(before) || self.place_of(&self.location)? != held.place {
            return Err(Error::Changed(self.location));
        }
        // At every moment each customer that is named is there, so its own file comes last.
        let mut pages: Vec<&Page> = self.pages.iter().filter(|page| page.is_changed()).collect();
        pages.sort_by_key(|page| page.changes_customers());
        let emptied = if self.location.is_folder {
            Emptied::Goes
        } else {
            Emptied::Stays
        };
        let mut written: Vec<(&Page, PathBuf)> = Vec::new();
        for page in pages {
            let location = Location::file(page.file());
            let real = self.place_of(&location)?;
            if let Err(source) = save::page(page, &real, emptied) {
                for (page, real) in written.iter().rev() {
                    save::undo(page, real);
                }
                return Err(match source.kind() {
                    io::ErrorKind::AlreadyExists if page.before().is_none() => {
                        Error::FileExists(location.path)
                    }
                    _ => Error::Unwritable { location, source },
                });
            }
            written.push((page, real));
        }
        Ok(())
    }

    fn place_of(&self, location: &Location) -> Result<PathBuf, Error> {
        find::place(location, &self.origin, self.os)
    }
}

/// The longest file name in bytes (`NAME_MAX` of Linux's limits.h).
const LONGEST_NAME: usize = 255;

/// The settings as they are now. There may be none yet.
fn read(global: &Global, os: &Os) -> Result<Source, Error> {
    let found = find::locate(global, os)?;
    let empty = |location| Source {
        location,
        origin: found.origin.clone(),
        texts: Vec::new(),
    };
    match find::read(&found, os) {
        Err(Error::Missing { location, .. }) => Ok(empty(location)),
        Err(Error::EmptyFolder(folder)) => Ok(empty(Location::folder(folder))),
        read => read,
    }
}
