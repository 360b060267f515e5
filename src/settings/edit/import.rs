//! Writes many customers at once, with the vendor roles that they are reached through.

use toml_edit::{DocumentMut, Item, Table, value};

use super::super::error::Error;
use super::super::find;
use super::{Edit, NewCustomer};
use crate::names::{RoleArn, RoleSessionName, UserTemplate};

/// The vendor's side of a chain: where it begins, and the vendor role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NewVendor {
    /// The base identity's profile.
    pub profile: Option<String>,
    /// Instead of a profile, AWS's word for where the base identity comes from.
    pub credential_source: Option<&'static str>,
    /// The vendor role.
    pub role_arn: RoleArn,
    /// The session name of both roles.
    pub role_session_name: Option<RoleSessionName>,
    /// The MFA device that AWS asks for a code of.
    pub mfa_serial: Option<UserTemplate>,
    /// How long the vendor role lasts, in seconds.
    pub duration_seconds: Option<u32>,
}

impl NewVendor {
    /// The keys and values that are set, in the order of the settings' documentation.
    pub(super) fn keys(&self) -> Vec<(&'static str, Item)> {
        let name = self.role_session_name.as_ref();
        let keys = [
            ("profile", self.profile.as_ref().map(value)),
            ("credential_source", self.credential_source.map(value)),
            ("role_arn", Some(value(self.role_arn.as_str()))),
            ("role_session_name", name.map(|name| value(name.as_str()))),
            (
                "mfa_serial",
                self.mfa_serial.as_ref().map(|serial| value(&serial.0)),
            ),
            (
                "duration_seconds",
                self.duration_seconds.map(|it| value(i64::from(it))),
            ),
        ];
        keys.into_iter()
            .filter_map(|(key, item)| Some((key, item?)))
            .collect()
    }

    /// The section with these keys.
    pub(super) fn section(&self) -> Table {
        self.keys().into_iter().collect()
    }
}

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
