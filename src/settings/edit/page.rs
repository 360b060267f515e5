//! One file of the settings, open for a change that keeps its comments and order.

use std::path::{Path, PathBuf};

use toml_edit::{DocumentMut, Item, Table, TableLike};

use super::super::error::Error;
use super::super::line_ends;
use super::super::source::Text;
use super::NewCustomer;

/// A settings file, its text and its changes.
pub(super) struct Page {
    file: PathBuf,
    /// The text that was read; `None` if there is no file yet.
    before: Option<String>,
    document: DocumentMut,
    /// The text with the changes so far, each untouched line as it was.
    text: String,
    /// The comment at the head of the file, above what was removed.
    head: Option<String>,
    /// Whether a customer was added or removed.
    changes_customers: bool,
}

impl Page {
    /// A file that was read; `None` if its text cannot be edited.
    pub(super) fn open(Text { file, text }: Text) -> Option<Self> {
        Some(Self {
            document: line_ends::plain(&text).parse().ok()?,
            before: Some(text.clone()),
            text,
            ..Self::new(file)
        })
    }

    /// A file that still has to be made.
    pub(super) fn new(file: PathBuf) -> Self {
        Self {
            file,
            before: None,
            document: DocumentMut::new(),
            text: String::new(),
            head: None,
            changes_customers: false,
        }
    }

    /// The file.
    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// The text that was read; `None` if there is no file yet.
    pub(super) fn before(&self) -> Option<&str> {
        self.before.as_deref()
    }

    /// The new text.
    pub(super) fn text(&self) -> &str {
        &self.text
    }

    /// Whether the text is another one than before.
    pub(super) fn is_changed(&self) -> bool {
        self.before.as_deref() != Some(&self.text)
    }

    /// Whether a change has left nothing in the file.
    pub(super) fn is_emptied(&self) -> bool {
        self.is_changed() && self.before.is_some() && self.text.trim().is_empty()
    }

    /// Whether a customer was added or removed.
    pub(super) fn changes_customers(&self) -> bool {
        self.changes_customers
    }

    /// The customers in this file, or what it has of their tables.
    pub(super) fn customers(&self) -> impl Iterator<Item = (&str, &Item)> {
        let customers = self.document.get("customers");
        let customers = customers.and_then(Item::as_table_like);
        customers.into_iter().flat_map(|customers| customers.iter())
    }

    /// The keys under `[vendor]` that this file sets; `None` if it has no `[vendor]`.
    pub(super) fn vendor(&self) -> Option<&dyn TableLike> {
        self.document.get("vendor")?.as_table_like()
    }

    /// Adds keys to `[vendor]`.
    pub(super) fn add_to_vendor(&mut self, keys: Vec<(&'static str, Item)>) -> Result<(), Error> {
        let table = || Item::Table(Table::new());
        let vendor = self.document.entry("vendor").or_insert_with(table);
        let Some(vendor) = vendor.as_table_like_mut() else {
            return Err(Error::Uneditable(self.file.clone()));
        };
        for (key, item) in keys {
            vendor.insert(key, item);
        }
        self.write_out();
        Ok(())
    }

    /// Adds a customer's table to the document, but not yet to the text.
    pub(super) fn insert(&mut self, new: &NewCustomer) -> Result<(), Error> {
        let table = || {
            let mut table = Table::new();
            table.set_implicit(true);
            Item::Table(table)
        };
        let customers = self.document.entry("customers").or_insert_with(table);
        let Some(customers) = customers.as_table_like_mut() else {
            return Err(Error::Uneditable(self.file.clone()));
        };
        customers.insert(&new.name, Item::Table(new.section()));
        self.changes_customers = true;
        Ok(())
    }

    /// Removes a customer's table, and everything below it.
    pub(super) fn remove(&mut self, name: &str) {
        let customers = self.document.get_mut("customers");
        let customers = customers.and_then(Item::as_table_like_mut);
        let Some(removed) = customers.and_then(|customers| customers.remove(name)) else {
            return;
        };
        let before = self.before.as_deref().map(line_ends::plain);
        self.head = before.and_then(|text| head(&text, &removed));
        self.changes_customers = true;
        self.write_out();
    }

    /// Removes `default_customer`, if it names this customer.
    pub(super) fn remove_default(&mut self, name: &str) {
        let default = self.document.get("default_customer").and_then(Item::as_str);
        if default != Some(name) {
            return;
        }
        // A comment above the file's first key is about the file.
        let key = self.document.key("default_customer");
        let above = key.and_then(|key| key.leaf_decor().prefix()?.as_str());
        let above = above.filter(|above| self.document.to_string().starts_with(*above));
        self.head = self.head.take().or(above.map(str::to_owned));
        self.document.remove("default_customer");
        self.write_out();
    }

    /// Brings the text up to the document, after each change by itself.
    pub(super) fn write_out(&mut self) {
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
        if self.before.is_none() {
            // A new file does not begin with an empty line.
            new = new.trim_start_matches('\n').to_owned();
        }
        self.text = line_ends::restored(&self.text, &new);
    }
}

/// The comment at the head of the file, if an empty line separates it from this section.
/// The parser counts it as part of the section, but it belongs to the file.
fn head(text: &str, removed: &Item) -> Option<String> {
    let above = removed.as_table()?.decor().prefix()?.as_str()?;
    let end = above.rfind("\n\n")? + 2;
    text.starts_with(above).then(|| above[..end].to_owned())
}
