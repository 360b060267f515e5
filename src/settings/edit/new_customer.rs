//! What `customer add` writes.

use toml_edit::{Array, Datetime, Item, Table, value};

use super::super::Documents;
use super::new_vendor::NewVendor;
use crate::names::{ExternalId, GrantEnd, Region, RoleArn};

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

impl NewCustomer {
    /// Its section.
    pub(super) fn section(&self) -> Table {
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
