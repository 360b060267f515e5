//! The settings file as it was written: every key there is, typed, nothing decided. Refused are keys
//! that do not exist and text that AWS would refuse.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::ValueEnum;

use super::document::{Document, Section};
use super::error::Error;
use super::origin::{At, Place};
use super::parse::{
    absolute, as_is, escape_character, not_empty, tag_key, tag_value, within, word,
};
use super::values::Malformed;
use super::{
    Base, Client, DocumentName, ExternalId, Region, RoleArn, RoleSessionName, Store, UserTemplate,
};

/// What the file says about a key: nothing, or a value and its place.
pub(super) type Key<T> = Option<At<T>>;

/// The whole file.
pub(super) struct File {
    pub default_customer: Key<String>,
    /// Where [vendor] begins, or the file does.
    pub vendor_place: Place,
    pub vendor: VendorKeys,
    pub client: Key<Client>,
    pub escape: Key<Option<char>>,
    pub plugin_path: Key<PathBuf>,
    pub store: Key<Store>,
    pub customers: Vec<CustomerKeys>,
}

/// `[vendor]` or `[customers.NAME.vendor]`.
#[derive(Clone, Default)]
pub(super) struct VendorKeys {
    pub profile: Key<String>,
    pub credential_source: Key<CredentialSource>,
    pub role_arn: Key<RoleArn>,
    pub role_session_name: Key<RoleSessionName>,
    pub source_identity: Key<UserTemplate>,
    pub mfa_serial: Key<UserTemplate>,
    pub sts_region: Key<Region>,
    pub duration_seconds: Key<u32>,
}

/// AWS's words for base identities that no profile names (`credential_source` of `~/.aws/config`).
#[derive(Clone, Copy, ValueEnum)]
pub(super) enum CredentialSource {
    #[value(name = "Environment")]
    Environment,
    #[value(name = "Ec2InstanceMetadata")]
    Ec2InstanceMetadata,
    #[value(name = "EcsContainer")]
    EcsContainer,
}

impl From<CredentialSource> for Base {
    fn from(source: CredentialSource) -> Self {
        match source {
            CredentialSource::Environment => Self::Environment,
            CredentialSource::Ec2InstanceMetadata => Self::Ec2InstanceMetadata,
            CredentialSource::EcsContainer => Self::EcsContainer,
        }
    }
}

/// `[customers.NAME]`.
pub(super) struct CustomerKeys {
    pub name: String,
    pub place: Place,
    pub vendor: Option<VendorKeys>,
    pub role_arn: Key<RoleArn>,
    pub external_id: Key<ExternalId>,
    pub tag_value: Key<String>,
    pub tag_key: Key<String>,
    pub regions: Key<Vec<Region>>,
    pub duration_seconds: Key<u32>,
    pub confirm: Key<bool>,
    pub require_reason: Key<bool>,
    pub documents: DocumentKeys,
}

/// `[customers.NAME.documents]`.
#[derive(Default)]
pub(super) struct DocumentKeys {
    pub shell: Key<DocumentName>,
    pub command: Key<DocumentName>,
    pub port: Key<DocumentName>,
    pub remote_port: Key<DocumentName>,
    pub ssh: Key<DocumentName>,
}

impl File {
    pub fn parse(path: &Path, text: &str) -> Result<Self, Error> {
        let document = Document::parse(path, text)?;
        let mut top = document.top();
        let default_customer = top.text("default_customer", as_is)?;
        let (mut vendor_place, mut vendor) = (top.place.clone(), VendorKeys::default());
        if let Some(section) = top.section("vendor")? {
            vendor_place = section.place.clone();
            vendor = VendorKeys::read(section)?;
        }
        let (mut client, mut escape, mut plugin_path) = (None, None, None);
        if let Some(mut section) = top.section("session")? {
            client = section.text("client", word)?;
            escape = section.text("escape", escape_character)?;
            plugin_path = section.text("plugin_path", absolute)?;
            section.close()?;
        }
        let mut store = None;
        if let Some(mut section) = top.section("cache")? {
            store = section.text("store", word)?;
            section.close()?;
        }
        let customers = match top.section("customers")? {
            None => Vec::new(),
            Some(customers) => customers
                .sections()?
                .into_iter()
                .map(|(name, section)| CustomerKeys::read(name, section))
                .collect::<Result<_, _>>()?,
        };
        top.close()?;
        Ok(Self {
            default_customer,
            vendor_place,
            vendor,
            client,
            escape,
            plugin_path,
            store,
            customers,
        })
    }

    /// Whether `[vendor]` has to make sense by itself: not where every customer has a role of its own.
    pub fn is_vendor_role_needed(&self) -> bool {
        let has_own = |customer: &CustomerKeys| {
            let vendor = customer.vendor.as_ref();
            vendor.is_some_and(|vendor| vendor.role_arn.is_some())
        };
        self.vendor.role_arn.is_some()
            || self.customers.is_empty()
            || !self.customers.iter().all(has_own)
    }
}

impl VendorKeys {
    fn read(mut section: Section<'_>) -> Result<Self, Error> {
        let keys = Self {
            profile: section.text("profile", not_empty)?,
            credential_source: section.text("credential_source", word)?,
            role_arn: section.text("role_arn", RoleArn::from_str)?,
            role_session_name: section.text("role_session_name", RoleSessionName::from_str)?,
            source_identity: section.text("source_identity", UserTemplate::source_identity)?,
            mfa_serial: section.text("mfa_serial", UserTemplate::mfa_serial)?,
            sts_region: section.text("sts_region", Region::from_str)?,
            duration_seconds: section.integer("duration_seconds", |seconds| {
                within(seconds, 900..=43_200, "AWS's limits for a role session")
            })?,
        };
        if keys.profile.is_some()
            && let Some(source) = &keys.credential_source
        {
            return Err(source.refused(
                section.full("credential_source"),
                "profile is set as well, and the base identity comes from one of them",
            ));
        }
        section.close()?;
        Ok(keys)
    }

    /// These keys laid over `common`. Profile and credential source are one decision.
    pub fn over(self, common: &Self) -> Self {
        let names_base = self.profile.is_some() || self.credential_source.is_some();
        let base = if names_base { &self } else { common };
        Self {
            profile: base.profile.clone(),
            credential_source: base.credential_source.clone(),
            role_arn: self.role_arn.or_else(|| common.role_arn.clone()),
            role_session_name: self
                .role_session_name
                .or_else(|| common.role_session_name.clone()),
            source_identity: self
                .source_identity
                .or_else(|| common.source_identity.clone()),
            mfa_serial: self.mfa_serial.or_else(|| common.mfa_serial.clone()),
            sts_region: self.sts_region.or_else(|| common.sts_region.clone()),
            duration_seconds: self
                .duration_seconds
                .or_else(|| common.duration_seconds.clone()),
        }
    }
}

impl CustomerKeys {
    fn read(name: &str, mut section: Section<'_>) -> Result<Self, Error> {
        let place = section.place.clone();
        let is_name = name.starts_with(|first: char| first.is_ascii_alphanumeric())
            && name
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"._-".contains(&byte));
        if !is_name {
            return Err(Error::Malformed {
                place,
                key: format!("customers.{}", name.escape_debug()),
                why: Malformed(
                    "a customer's name is of the characters a-z A-Z 0-9 . _ - and begins with a letter or digit"
                        .to_owned(),
                ),
            });
        }
        let keys = Self {
            name: name.to_owned(),
            place,
            vendor: section
                .section("vendor")?
                .map(VendorKeys::read)
                .transpose()?,
            role_arn: section.text("role_arn", RoleArn::from_str)?,
            external_id: section.text("external_id", ExternalId::from_str)?,
            tag_value: section.text("tag_value", tag_value)?,
            tag_key: section.text("tag_key", tag_key)?,
            regions: section.texts("regions", Region::from_str)?,
            duration_seconds: section.integer("duration_seconds", |seconds| {
                within(
                    seconds,
                    900..=3600,
                    "AWS caps a role that is assumed by a role at one hour",
                )
            })?,
            confirm: section.boolean("confirm")?,
            require_reason: section.boolean("require_reason")?,
            documents: match section.section("documents")? {
                None => DocumentKeys::default(),
                Some(documents) => DocumentKeys::read(documents)?,
            },
        };
        if let Some(regions) = &keys.regions {
            let mut seen = Vec::new();
            for region in &regions.value {
                if seen.contains(&region) {
                    let why = format!("{region} is named twice");
                    return Err(regions.refused(section.full("regions"), why));
                }
                seen.push(region);
            }
            if seen.is_empty() {
                return Err(regions.refused(section.full("regions"), "name one region at least"));
            }
        }
        section.close()?;
        Ok(keys)
    }
}

impl DocumentKeys {
    fn read(mut section: Section<'_>) -> Result<Self, Error> {
        let mut document = |key| section.text(key, DocumentName::from_str);
        let keys = Self {
            shell: document("shell")?,
            command: document("command")?,
            port: document("port")?,
            remote_port: document("remote_port")?,
            ssh: document("ssh")?,
        };
        section.close()?;
        Ok(keys)
    }
}
