//! Decides: flag, then `VENDOR_SSM_*`, then file, then AWS's generic variables, then default. Refused
//! is what AWS could not do: missing keys, and roles and regions of different partitions.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::error::Error;
use super::file::{CustomerKeys, DocumentKeys, File, Key, VendorKeys};
use super::find;
use super::origin::{At, Decided, Origin, Place, Record, Setting};
use super::{
    Base, Client, Customer, Documents, Partition, Region, Session, Settings, Store, Vendor,
    Warning, word,
};
use crate::args::Global;
use crate::os::Os;

const TAG_KEY: &str = "ExternalAccessGrantedTo";
const ONE_HOUR: u32 = 3600;

/// Finds and reads the settings file, and decides what holds.
pub fn resolve(global: &Global, os: &Os) -> Result<Settings, Error> {
    let found = find::locate(global, os)?;
    let text = find::read(&found)?;
    decide(found, &text, global, os)
}

/// [`resolve`], once the file is read.
pub(super) fn decide(
    found: Decided<PathBuf>,
    text: &str,
    global: &Global,
    os: &Os,
) -> Result<Settings, Error> {
    let file = File::parse(&found.value, text)?;
    let mut origins = Vec::new();
    let mut top = Record::new(&mut origins, "");
    let path = top.keep_as("config", found, |path| path.display().to_string());
    let named = customer_named(&file, global, os)?;
    let named_by = named
        .as_ref()
        .map_or(Origin::Default, |named| named.origin.clone());
    let default_customer = top.keep_any("default_customer", named);
    let reason =
        Decided::variable("VENDOR_SSM_REASON", os).map(|reason| top.keep("reason", reason));

    let above = Above { global, os };
    let common = if file.is_vendor_role_needed() {
        let record = Record::new(&mut origins, "vendor");
        Some(above.vendor(file.vendor.clone(), &file.vendor_place, record)?)
    } else {
        None
    };

    let mut record = Record::new(&mut origins, "session");
    let session = Session {
        client: record.keep("client", or(file.client, Client::Auto)),
        escape: record.keep_as("escape", or(file.escape, Some('~')), |escape| {
            escape.map_or("none".to_owned(), String::from)
        }),
        plugin_path: record.keep_any_as("plugin_path", file.plugin_path, |path| {
            path.display().to_string()
        }),
    };
    let store = if global.no_cache {
        Decided::flag("--no-cache", Store::None)
    } else {
        or(file.store, Store::Auto)
    };
    let store = Record::new(&mut origins, "cache").keep("store", store);

    let customers = file
        .customers
        .into_iter()
        .map(|keys| above.customer(keys, &file.vendor, common.as_ref(), &mut origins))
        .collect::<Result<Vec<_>, _>>()?;
    Ok(Settings {
        file: path,
        warnings: warnings(&customers),
        customers,
        default_customer,
        session,
        store,
        reason,
        origins,
        named_by,
        regions_asked: global.regions.clone(),
    })
}

/// The customer that a command means when it names none itself.
fn customer_named(file: &File, global: &Global, os: &Os) -> Result<Option<Decided<String>>, Error> {
    let names = || file.customers.iter().map(|keys| keys.name.clone());
    if let Some(default) = &file.default_customer
        && !names().any(|name| name == default.value)
    {
        return Err(Error::UnknownDefault {
            place: default.place.clone(),
            name: default.value.clone(),
            names: names().collect(),
        });
    }
    let flag = global.customer.clone();
    Ok(flag
        .map(|name| Decided::flag("--customer", name))
        .or_else(|| Decided::variable("VENDOR_SSM_CUSTOMER", os))
        .or_else(|| file.default_customer.clone().map(Decided::from))
        .or_else(|| match file.customers.as_slice() {
            [only] => Some(Decided::default(only.name.clone())),
            _ => None,
        }))
}

/// What ranks above the file, and what is asked when the file is silent.
struct Above<'a> {
    global: &'a Global,
    os: &'a Os,
}

impl Above<'_> {
    fn vendor(
        &self,
        keys: VendorKeys,
        place: &Place,
        mut record: Record<'_>,
    ) -> Result<Vendor, Error> {
        let role_arn = required(keys.role_arn, place, || record.full("role_arn"))?;
        let partition = role_arn.value.partition();
        if let Some(region) = &keys.sts_region {
            of_partition(&region.value, partition)
                .map_err(|why| region.refused(record.full("sts_region"), why))?;
        }

        let flag = self.global.profile.clone();
        let flag = flag.map(|profile| Decided::flag("--profile", profile));
        let source = keys.credential_source.filter(|_| flag.is_none());
        let profile = flag.or_else(|| keys.profile.map(Decided::from));
        let base = match (&profile, &source) {
            (Some(profile), _) => Base::Profile(profile.value.clone()),
            (None, Some(source)) => source.value.into(),
            (None, None) => Base::DefaultChain,
        };
        // AWS_PROFILE is the default chain's own affair, which tries exported keys first.
        let profile = match base {
            Base::DefaultChain => Decided::variable("AWS_PROFILE", self.os),
            _ => profile,
        };
        record.keep_any("profile", profile);
        record.keep_any_as("credential_source", source, word);
        Ok(Vendor {
            base,
            role_arn: record.keep("role_arn", role_arn.into()),
            role_session_name: record.keep_any("role_session_name", keys.role_session_name),
            source_identity: record.keep_any("source_identity", keys.source_identity),
            mfa_serial: record.keep_any("mfa_serial", keys.mfa_serial),
            sts_region: record.keep_any("sts_region", keys.sts_region),
            duration_seconds: record.keep("duration_seconds", or(keys.duration_seconds, ONE_HOUR)),
        })
    }

    fn customer(
        &self,
        keys: CustomerKeys,
        file_vendor: &VendorKeys,
        common: Option<&Vendor>,
        origins: &mut Vec<Setting>,
    ) -> Result<Customer, Error> {
        let section = format!("customers.{}", keys.name);
        let full = |key: &str| format!("{section}.{key}");
        let role_arn = required(keys.role_arn, &keys.place, || full("role_arn"))?;
        let external_id = required(keys.external_id, &keys.place, || full("external_id"))?;
        let tag_value = required(keys.tag_value, &keys.place, || full("tag_value"))?;
        let regions = required(keys.regions, &keys.place, || full("regions"))?;
        let partition = role_arn.value.partition();
        for region in &regions.value {
            of_partition(region, partition).map_err(|why| regions.refused(full("regions"), why))?;
        }

        let mut own_vendor = Vec::new();
        let vendor = match (keys.vendor, common) {
            (None, Some(common)) => common.clone(),
            (own, _) => {
                let own = own.unwrap_or_default().over(file_vendor);
                let record = Record::new(&mut own_vendor, full("vendor"));
                self.vendor(own, &keys.place, record)?
            }
        };
        if vendor.role_arn.partition() != partition {
            let why = format!(
                "it is of partition {}, and the vendor role of {}",
                partition.name(),
                vendor.role_arn.partition().name()
            );
            return Err(role_arn.refused(full("role_arn"), why));
        }

        let mut record = Record::new(origins, section.clone());
        let customer = Customer {
            vendor,
            role_arn: record.keep("role_arn", role_arn.into()),
            external_id: record.keep("external_id", external_id.into()),
            tag_value: record.keep("tag_value", tag_value.into()),
            tag_key: record.keep("tag_key", or(keys.tag_key, TAG_KEY.to_owned())),
            regions: record.keep_as("regions", self.regions(regions, partition), |regions| {
                let codes: Vec<_> = regions.iter().map(Region::as_str).collect();
                codes.join(", ")
            }),
            duration_seconds: record.keep("duration_seconds", or(keys.duration_seconds, ONE_HOUR)),
            confirm: record.keep("confirm", or(keys.confirm, false)),
            require_reason: record.keep("require_reason", or(keys.require_reason, false)),
            documents: documents(keys.documents, Record::new(origins, full("documents"))),
            name: keys.name,
        };
        origins.append(&mut own_vendor);
        Ok(customer)
    }

    /// `--region` takes the place of the file's list. What is of another partition could not be asked
    /// with this customer's credentials, and belongs to other customers.
    fn regions(&self, written: At<Vec<Region>>, partition: Partition) -> Decided<Vec<Region>> {
        if self.global.regions.is_empty() {
            return written.into();
        }
        let mut regions = Vec::new();
        for region in &self.global.regions {
            if region.partition() == partition && !regions.contains(region) {
                regions.push(region.clone());
            }
        }
        Decided::flag("--region", regions)
    }
}

fn documents(keys: DocumentKeys, mut record: Record<'_>) -> Documents {
    Documents {
        shell: record.keep_any("shell", keys.shell),
        command: record.keep_any("command", keys.command),
        port: record.keep_any("port", keys.port),
        remote_port: record.keep_any("remote_port", keys.remote_port),
        ssh: record.keep_any("ssh", keys.ssh),
    }
}

/// What the file says, else the default.
fn or<T>(key: Key<T>, default: T) -> Decided<T> {
    key.map_or_else(|| Decided::default(default), Decided::from)
}

fn required<T>(key: Key<T>, place: &Place, name: impl FnOnce() -> String) -> Result<At<T>, Error> {
    key.ok_or_else(|| Error::MissingKey {
        place: place.clone(),
        key: name(),
    })
}

fn of_partition(region: &Region, partition: Partition) -> Result<(), String> {
    let (of, name) = (region.partition().name(), partition.name());
    if of == name {
        Ok(())
    } else {
        Err(format!(
            "{region} is of partition {of}, and the role of {name}"
        ))
    }
}

fn warnings(customers: &[Customer]) -> Vec<Warning> {
    let mut sharing: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    for customer in customers {
        let names = sharing.entry(customer.external_id.reveal()).or_default();
        names.push(customer.name.clone());
    }
    sharing
        .into_values()
        .filter(|names| names.len() > 1)
        .map(Warning::SharedExternalId)
        .collect()
}
