//! Writes many customers at once, with the vendor roles that they are reached through.

use toml_edit::{DocumentMut, Item, Table, value};

use super::super::error::Error;
use super::super::find;
use super::{Edit, NewCustomer, NewVendor};

impl Edit<'_> {
    /// Whether the settings name no customer yet.
    pub(crate) fn has_no_customer(&self) -> bool {
        self.pages
            .iter()
            .all(|page| page.customers().next().is_none())
    }

    /// Adds all of these customers, and first the vendor that they share, if there is none yet.
    /// It never replaces a customer. Two may have one ExternalId: they have it already.
    pub(crate) fn import(
        &mut self,
        vendor: Option<&NewVendor>,
        customers: &[NewCustomer],
    ) -> Result<(), Error> {
        if let Some(vendor) = vendor {
            self.set_vendor(vendor)?;
        }
        for new in customers {
            self.insert(new)?;
        }
        for page in &mut self.pages {
            if page.changes_customers() {
                page.write_out();
            }
            if page.text().len() as u64 > find::LARGEST {
                return Err(Error::TooLarge(page.file().to_owned()));
            }
        }
        Ok(())
    }

    /// Adds those keys to `[vendor]` that are not there.
    fn set_vendor(&mut self, new: &NewVendor) -> Result<(), Error> {
        let there = self.vendor_keys("role_arn").find_map(Item::as_str);
        if let Some(there) = there.filter(|there| *there != new.role_arn.as_str()) {
            return Err(Error::OtherVendorRole {
                there: there.to_owned(),
            });
        }
        let is_base = |key: &str| ["profile", "credential_source"].contains(&key);
        let has = |key: &str| self.vendor_keys(key).next().is_some();
        let has_base = has("profile") || has("credential_source");
        let mut keys = new.keys();
        keys.retain(|(key, _)| !(is_base(key) && has_base || has(key)));
        self.add_to_vendor(keys)
    }
}

/// The text that an import writes, with at most the last three characters of each ExternalId.
pub(crate) fn preview(vendor: Option<&NewVendor>, customers: &[NewCustomer]) -> String {
    let mut document = DocumentMut::new();
    if let Some(vendor) = vendor {
        document["vendor"] = Item::Table(vendor.section());
    }
    let mut all = Table::new();
    all.set_implicit(true);
    for new in customers {
        let mut table = new.section();
        table["external_id"] = value(new.external_id.to_string());
        all.insert(&new.name, Item::Table(table));
    }
    document["customers"] = Item::Table(all);
    document.to_string().trim_start().to_owned()
}
