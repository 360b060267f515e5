//! Decides each value: flag, `VENDOR_SSM_*`, file, AWS's generic variables, default.
//! Missing keys are refused, and so are roles and regions in different partitions.

use std::collections::BTreeMap;

use clap::ValueEnum as _;

use super::error::Error;
use super::file::{CustomerKeys, DocumentKeys, EndpointKeys, File, Key, VendorKeys};
use super::find;
use super::origin::{At, Decided, Origin, Place, Record, Setting};
use super::source::Source;
use super::{
    Base, Client, Customer, Documents, Endpoints, Session, Settings, Store, Terminal, Vendor,
    Warning,
};
use crate::args::Global;
use crate::names::{EndpointUrl, Partition, Region, SSMMESSAGES, without_secrets};
use crate::os::Os;

/// The tag key of customers that name none.
pub(crate) const TAG_KEY: &str = "ExternalAccessGrantedTo";
const ONE_HOUR: u32 = 3600;
/// The variable for all endpoints of API calls.
const EVERY: &str = "AWS_ENDPOINT_URL";

/// Finds and reads the settings file, and decides every value.
pub(crate) fn resolve(global: &Global, os: &Os) -> Result<Settings, Error> {
    let found = find::locate(global, os)?;
    decide(&find::read(&found, os)?, global, os)
}

/// [`resolve`], once the file or the folder is read.
pub(super) fn decide(source: &Source, global: &Global, os: &Os) -> Result<Settings, Error> {
    let file = File::parse(source)?;
    let mut origins = Vec::new();
    let mut top = Record::new(&mut origins, "");
    let config = Decided {
        value: source.location.path.clone(),
        origin: source.origin.clone(),
    };
    top.keep_as("config", config, |path| path.display().to_string());
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
        terminal: record.keep("terminal", or(file.terminal, Terminal::Filtered)),
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
        location: source.location.clone(),
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

/// The customer that a command uses if it names none itself.
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

/// The sources that rank above the file, and those that rank below it.
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
                .map_err(|why| Error::malformed(region, record.full("sts_region"), why))?;
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
        // Only the default chain uses AWS_PROFILE, and it tries exported keys first.
        let profile = match base {
            Base::DefaultChain => Decided::variable("AWS_PROFILE", self.os),
            _ => profile,
        };
        record.keep_any("profile", profile);
        record.keep_any_as("credential_source", source, |source| {
            source
                .to_possible_value()
                .map_or_else(String::new, |word| word.get_name().to_owned())
        });
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
            of_partition(region, partition)
                .map_err(|why| Error::malformed(&regions, full("regions"), why))?;
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
                "the role is in partition {}, but the vendor role is in {}",
                partition.name(),
                vendor.role_arn.partition().name()
            );
            return Err(Error::malformed(&role_arn, full("role_arn"), why));
        }

        if let Some(endpoint) = &keys.endpoints.ssmmessages
            && let Some(region) = endpoint.value.region()
            && !regions.value.contains(region)
            && !self.global.regions.contains(region)
        {
            let why = format!(
                "the endpoint is in {region}, where {} has no sessions",
                keys.name
            );
            return Err(Error::malformed(
                endpoint,
                full("endpoints.ssmmessages"),
                why,
            ));
        }

        let mut record = Record::new(origins, section.clone());
        let customer = Customer {
            vendor,
            role_arn: record.keep("role_arn", role_arn.into()),
            external_id: record.keep("external_id", external_id.into()),
            tag_value: record.keep("tag_value", tag_value.into()),
            tag_key: record.keep("tag_key", or(keys.tag_key, TAG_KEY.to_owned())),
            written_regions: regions.value.clone(),
            regions: record.keep_as("regions", self.regions(regions, partition), |regions| {
                let codes: Vec<_> = regions.iter().map(Region::as_str).collect();
                codes.join(", ")
            }),
            duration_seconds: record.keep("duration_seconds", or(keys.duration_seconds, ONE_HOUR)),
            confirm: record.keep("confirm", or(keys.confirm, false)),
            require_reason: record.keep("require_reason", or(keys.require_reason, false)),
            grant_ends: record.keep_any("grant_ends", keys.grant_ends),
            endpoints: self.endpoints(keys.endpoints, Record::new(origins, full("endpoints"))),
            documents: documents(keys.documents, Record::new(origins, full("documents"))),
            name: keys.name,
        };
        origins.append(&mut own_vendor);
        Ok(customer)
    }

    /// A customer's own endpoints.
    /// For those that the file leaves out, the record shows AWS's variables, which [`crate::aws`]
    /// reads and checks.
    fn endpoints(&self, keys: EndpointKeys, mut record: Record<'_>) -> Endpoints {
        let is_ignored = self
            .os
            .var("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
            .is_some_and(|value| value.eq_ignore_ascii_case("true"));
        let mut keep = |key: &str, own: Key<EndpointUrl>, variables: &[&'static str]| {
            if let Some(own) = own {
                return Some(record.keep(key, own.into()));
            }
            let mut variables = variables.iter().filter(|_| !is_ignored);
            let common = variables.find_map(|name| Decided::variable(name, self.os));
            record.keep_any_as(key, common, |text| without_secrets(text));
            None
        };
        Endpoints {
            sts: keep("sts", keys.sts, &["AWS_ENDPOINT_URL_STS", EVERY]),
            ec2: keep("ec2", keys.ec2, &["AWS_ENDPOINT_URL_EC2", EVERY]),
            ssm: keep("ssm", keys.ssm, &["AWS_ENDPOINT_URL_SSM", EVERY]),
            ssmmessages: keep(
                SSMMESSAGES,
                keys.ssmmessages,
                &["AWS_ENDPOINT_URL_SSMMESSAGES"],
            ),
            kms: keep("kms", keys.kms, &["AWS_ENDPOINT_URL_KMS", EVERY]),
        }
    }

    /// The regions to list: `--region` replaces the file's list.
    /// Regions in another partition are left out, since this customer's credentials do not work
    /// there.
    fn regions(&self, written: At<Vec<Region>>, partition: &Partition) -> Decided<Vec<Region>> {
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

/// The file's value, otherwise the default.
fn or<T>(key: Key<T>, default: T) -> Decided<T> {
    key.map_or_else(|| Decided::default(default), Decided::from)
}

fn required<T>(key: Key<T>, place: &Place, name: impl FnOnce() -> String) -> Result<At<T>, Error> {
    key.ok_or_else(|| Error::MissingKey {
        place: place.clone(),
        key: name(),
    })
}

fn of_partition(region: &Region, partition: &Partition) -> Result<(), String> {
    let (of, name) = (region.partition().name(), partition.name());
    if of == name {
        Ok(())
    } else {
        Err(format!(
            "{region} is in partition {of}, but the role is in {name}"
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

#[cfg(test)]
mod tests {
    use super::*;

    /// The file of the documentation, every key written out.
    const FULL: &str = r#"default_customer = "acme"

[vendor]
profile           = "vendor-sso"
role_arn          = "arn:aws:iam::111111111111:role/3P_IAM_Assume_Role"
role_session_name = "alice"
source_identity   = "{user}"
mfa_serial        = "arn:aws:iam::111111111111:mfa/{user}"
sts_region        = "us-east-1"
duration_seconds  = 7200

[session]
client      = "builtin"
escape      = "none"
terminal    = "raw"
plugin_path = "//usr/local/bin/session-manager-plugin" # absolute on every system

[cache]
store = "keyring"

[customers.acme]
role_arn         = "arn:aws:iam::222222222222:role/SSMStartSession_IAM_Role_ThirdPartyA"
external_id      = "ExternalID3rdPartyA"
tag_value        = "Third_Party_A"
tag_key          = "Access"
regions          = ["us-east-1", "eu-west-1"]
duration_seconds = 1800
confirm          = true
require_reason   = true
grant_ends       = 2027-01-31

[customers.acme.endpoints]
ssmmessages = "https://vpce-0123-abcd.ssmmessages.us-east-1.vpce.amazonaws.com"

[customers.acme.documents]
shell       = "SSM-SessionManagerRunShell"
command     = "AWS-StartNonInteractiveCommand"
port        = "AWS-StartPortForwardingSession"
remote_port = "AWS-StartPortForwardingSessionToRemoteHost"
ssh         = "AWS-StartSSHSession"

[customers.acme.vendor]
credential_source = "Environment"
"#;

    /// Only the keys that have no default.
    const SHORT: &str = r#"[vendor]
role_arn = "arn:aws:iam::111111111111:role/Vendor"
[customers.acme]
role_arn = "arn:aws:iam::222222222222:role/Customer"
external_id = "ExternalID3rdPartyA"
tag_value = "Third_Party_A"
regions = ["us-east-1"]
"#;

    const SECOND: &str = r#"[customers.beta]
role_arn = "arn:aws:iam::333333333333:role/Customer"
external_id = "ExternalID3rdPartyB"
tag_value = "Third_Party_A"
regions = ["eu-west-1"]
"#;

    fn decided(text: &str, global: &Global, os: &Os) -> Result<Settings, Error> {
        let found = Decided::default("/s/config.toml".into());
        decide(&Source::file(found, text), global, os)
    }

    fn file(text: &str) -> Settings {
        decided(text, &Global::default(), &Os::default()).unwrap()
    }

    fn listed(settings: &Settings) -> String {
        let lines = settings.origins().iter().map(|setting| {
            let value = setting.value.as_deref().unwrap_or("-");
            format!("{} = {value} ({})\n", setting.key, setting.origin)
        });
        lines.collect()
    }

    #[test]
    fn every_value_of_a_full_file_has_its_line() {
        assert_eq!(
            listed(&file(FULL)),
            "\
config = /s/config.toml (default)
default_customer = acme (file config.toml:1)
vendor.profile = vendor-sso (file config.toml:4)
vendor.credential_source = - (default)
vendor.role_arn = arn:aws:iam::111111111111:role/3P_IAM_Assume_Role (file config.toml:5)
vendor.role_session_name = alice (file config.toml:6)
vendor.source_identity = {user} (file config.toml:7)
vendor.mfa_serial = arn:aws:iam::111111111111:mfa/{user} (file config.toml:8)
vendor.sts_region = us-east-1 (file config.toml:9)
vendor.duration_seconds = 7200 (file config.toml:10)
session.client = builtin (file config.toml:13)
session.escape = none (file config.toml:14)
session.terminal = raw (file config.toml:15)
session.plugin_path = //usr/local/bin/session-manager-plugin (file config.toml:16)
cache.store = keyring (file config.toml:19)
customers.acme.role_arn = arn:aws:iam::222222222222:role/SSMStartSession_IAM_Role_ThirdPartyA (file config.toml:22)
customers.acme.external_id = …tyA (file config.toml:23)
customers.acme.tag_value = Third_Party_A (file config.toml:24)
customers.acme.tag_key = Access (file config.toml:25)
customers.acme.regions = us-east-1, eu-west-1 (file config.toml:26)
customers.acme.duration_seconds = 1800 (file config.toml:27)
customers.acme.confirm = true (file config.toml:28)
customers.acme.require_reason = true (file config.toml:29)
customers.acme.grant_ends = 2027-01-31 (file config.toml:30)
customers.acme.endpoints.sts = - (default)
customers.acme.endpoints.ec2 = - (default)
customers.acme.endpoints.ssm = - (default)
customers.acme.endpoints.ssmmessages = https://vpce-0123-abcd.ssmmessages.us-east-1.vpce.amazonaws.com (file config.toml:33)
customers.acme.endpoints.kms = - (default)
customers.acme.documents.shell = SSM-SessionManagerRunShell (file config.toml:36)
customers.acme.documents.command = AWS-StartNonInteractiveCommand (file config.toml:37)
customers.acme.documents.port = AWS-StartPortForwardingSession (file config.toml:38)
customers.acme.documents.remote_port = AWS-StartPortForwardingSessionToRemoteHost (file config.toml:39)
customers.acme.documents.ssh = AWS-StartSSHSession (file config.toml:40)
customers.acme.vendor.profile = - (default)
customers.acme.vendor.credential_source = Environment (file config.toml:43)
customers.acme.vendor.role_arn = arn:aws:iam::111111111111:role/3P_IAM_Assume_Role (file config.toml:5)
customers.acme.vendor.role_session_name = alice (file config.toml:6)
customers.acme.vendor.source_identity = {user} (file config.toml:7)
customers.acme.vendor.mfa_serial = arn:aws:iam::111111111111:mfa/{user} (file config.toml:8)
customers.acme.vendor.sts_region = us-east-1 (file config.toml:9)
customers.acme.vendor.duration_seconds = 7200 (file config.toml:10)
"
        );
    }

    #[test]
    fn flags_and_variables_are_seen_beside_defaults() {
        let global = Global {
            regions: vec!["eu-west-1".parse().unwrap()],
            no_cache: true,
            ..Global::default()
        };
        let os = Os::with_environment([
            ("AWS_PROFILE", "work"),
            ("AWS_REGION", "us-west-2"),
            ("AWS_ENDPOINT_URL", "http://127.0.0.1:1"),
            (
                "AWS_ENDPOINT_URL_SSM",
                "https://u:p@ssm.us-east-1.amazonaws.com",
            ),
            ("VENDOR_SSM_CUSTOMER", "acme"),
            ("VENDOR_SSM_REASON", "ticket 7"),
        ]);
        assert_eq!(
            listed(&decided(SHORT, &global, &os).unwrap()),
            "\
config = /s/config.toml (default)
default_customer = acme (environment VENDOR_SSM_CUSTOMER)
reason = ticket 7 (environment VENDOR_SSM_REASON)
vendor.profile = work (environment AWS_PROFILE)
vendor.credential_source = - (default)
vendor.role_arn = arn:aws:iam::111111111111:role/Vendor (file config.toml:2)
vendor.role_session_name = - (default)
vendor.source_identity = - (default)
vendor.mfa_serial = - (default)
vendor.sts_region = - (default)
vendor.duration_seconds = 3600 (default)
session.client = auto (default)
session.escape = ~ (default)
session.terminal = filtered (default)
session.plugin_path = - (default)
cache.store = none (flag --no-cache)
customers.acme.role_arn = arn:aws:iam::222222222222:role/Customer (file config.toml:4)
customers.acme.external_id = …tyA (file config.toml:5)
customers.acme.tag_value = Third_Party_A (file config.toml:6)
customers.acme.tag_key = ExternalAccessGrantedTo (default)
customers.acme.regions = eu-west-1 (flag --region)
customers.acme.duration_seconds = 3600 (default)
customers.acme.confirm = false (default)
customers.acme.require_reason = false (default)
customers.acme.grant_ends = - (default)
customers.acme.endpoints.sts = http://127.0.0.1:1 (environment AWS_ENDPOINT_URL)
customers.acme.endpoints.ec2 = http://127.0.0.1:1 (environment AWS_ENDPOINT_URL)
customers.acme.endpoints.ssm = https://ssm.us-east-1.amazonaws.com (environment AWS_ENDPOINT_URL_SSM)
customers.acme.endpoints.ssmmessages = - (default)
customers.acme.endpoints.kms = http://127.0.0.1:1 (environment AWS_ENDPOINT_URL)
customers.acme.documents.shell = - (default)
customers.acme.documents.command = - (default)
customers.acme.documents.port = - (default)
customers.acme.documents.remote_port = - (default)
customers.acme.documents.ssh = - (default)
"
        );
    }

    #[test]
    fn the_base_identity_is_decided_by_rank() {
        let profile = |name: &str| Base::Profile(name.to_owned());
        let table = [
            // (--profile, AWS_PROFILE, [vendor], [customers.acme.vendor], base)
            ("", "", "", "", Base::DefaultChain),
            ("", "env", "", "", Base::DefaultChain),
            ("", "env", "profile = 'file'", "", profile("file")),
            (
                "flag",
                "env",
                "profile = 'file'",
                "profile = 'own'",
                profile("flag"),
            ),
            (
                "",
                "",
                "profile = 'file'",
                "profile = 'own'",
                profile("own"),
            ),
            (
                "",
                "",
                "profile = 'file'",
                "credential_source = 'EcsContainer'",
                Base::EcsContainer,
            ),
            (
                "",
                "",
                "credential_source = 'EcsContainer'",
                "profile = 'own'",
                profile("own"),
            ),
            (
                "",
                "env",
                "credential_source = 'Environment'",
                "",
                Base::Environment,
            ),
            (
                "",
                "",
                "credential_source = 'Ec2InstanceMetadata'",
                "sts_region = 'us-east-1'",
                Base::Ec2InstanceMetadata,
            ),
            (
                "flag",
                "",
                "credential_source = 'Environment'",
                "credential_source = 'EcsContainer'",
                profile("flag"),
            ),
        ];
        for (flag, variable, common, own, base) in table {
            let text = SHORT.replacen("[vendor]", &format!("[vendor]\n{common}"), 1);
            let text = format!("{text}[customers.acme.vendor]\n{own}");
            let global = Global {
                profile: Some(flag.to_owned()).filter(|flag| !flag.is_empty()),
                ..Global::default()
            };
            let os = Os::with_environment([("AWS_PROFILE", variable)]);
            let settings = decided(&text, &global, &os).unwrap();
            assert_eq!(
                settings.customers[0].vendor.base, base,
                "{flag:?} {variable:?} {common} {own}"
            );
        }
    }

    #[test]
    fn the_customer_is_decided_by_rank() {
        let two = format!("{SHORT}{SECOND}");
        let with_default = format!("default_customer = 'acme'\n{two}");
        let table = [
            // (--customer, VENDOR_SSM_CUSTOMER, file, what comes of it)
            (None, "", SHORT, Ok("acme")),
            (None, "", &*with_default, Ok("acme")),
            (None, "beta", &*with_default, Ok("beta")),
            (Some("acme"), "beta", &*with_default, Ok("acme")),
            (
                None,
                "",
                &*two,
                Err(
                    "no customer chosen: /s/config.toml has acme, beta|pass `-c NAME`, or set `default_customer` in the file",
                ),
            ),
            (
                Some("acne"),
                "",
                &*two,
                Err(
                    "customer \"acne\" is not in /s/config.toml (flag --customer)|did you mean `acme`?",
                ),
            ),
            (
                None,
                "globex",
                &*two,
                Err(
                    "customer \"globex\" is not in /s/config.toml (environment VENDOR_SSM_CUSTOMER)|the customers are acme, beta",
                ),
            ),
        ];
        for (flag, variable, text, expected) in table {
            let global = Global {
                customer: flag.map(str::to_owned),
                ..Global::default()
            };
            let os = Os::with_environment([("VENDOR_SSM_CUSTOMER", variable)]);
            let settings = decided(text, &global, &os).unwrap();
            for named in [flag, None] {
                let customer = settings
                    .customer(named)
                    .map(|customer| customer.name.as_str());
                match (customer, expected) {
                    (Ok(name), Ok(expected)) => assert_eq!(name, expected),
                    (Err(error), Err(expected)) => {
                        let hint = error.hint().unwrap();
                        assert_eq!(format!("{error}|{hint}"), expected);
                        assert_eq!(error.exit().name(), "usage");
                    }
                    (customer, expected) => panic!("{customer:?} instead of {expected:?}"),
                }
            }
        }
        let none = file("[vendor]\nrole_arn = 'arn:aws:iam::111111111111:role/Vendor'");
        let error = none.customer(None).unwrap_err();
        assert_eq!(
            error.to_string(),
            "the settings file /s/config.toml has no customer"
        );
        assert_eq!(error.exit().name(), "settings");
    }

    #[test]
    fn a_region_flag_takes_the_place_of_every_list_in_its_partition() {
        let china = SECOND
            .replace("arn:aws:", "arn:aws-cn:")
            .replace("eu-west-1", "cn-north-1");
        let own =
            "[customers.beta.vendor]\nrole_arn = 'arn:aws-cn:iam::111111111111:role/Vendor'\n";
        let text = format!("{SHORT}{china}{own}");
        let global = Global {
            regions: ["eu-west-1", "cn-north-1", "eu-west-1"]
                .map(|code| code.parse().unwrap())
                .into(),
            ..Global::default()
        };
        let settings = decided(&text, &global, &Os::default()).unwrap();
        let lists = settings
            .customers
            .iter()
            .map(|customer| customer.regions.clone());
        let lists: Vec<_> = lists
            .map(|list| list[0].to_string() + &list.len().to_string())
            .collect();
        assert_eq!(lists, ["eu-west-11", "cn-north-11"]);
        let error = settings.customer(Some("acme")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "--region cn-north-1 is in partition aws-cn, but acme's account is in aws"
        );
        assert_eq!(error.exit().name(), "usage");
    }

    #[test]
    fn every_customer_may_have_a_vendor_role_of_its_own() {
        let without = SHORT.replace("arn:aws:iam::111111111111:role/Vendor", "");
        let without = without.replace("role_arn = \"\"\n", "duration_seconds = 900\n");
        let own = "[customers.acme.vendor]\nrole_arn = 'arn:aws:iam::111111111111:role/Own'\n";
        let settings = file(&format!("{without}{own}"));
        let vendor = &settings.customers[0].vendor;
        assert_eq!(
            (vendor.role_arn.name(), vendor.duration_seconds),
            ("Own", 900)
        );
    }

    #[test]
    fn a_real_file_is_found_and_read() {
        let home = tempfile::tempdir().unwrap();
        let directory = home.path().join(".config/vendor-ssm");
        std::fs::create_dir_all(&directory).unwrap();
        let path = directory.join("config.toml");
        std::fs::write(&path, SHORT).unwrap();
        #[cfg(unix)]
        for (path, mode) in [(&directory, 0o700), (&path, 0o600)] {
            let mode = std::os::unix::fs::PermissionsExt::from_mode(mode);
            std::fs::set_permissions(path, mode).unwrap();
        }
        let global = Global {
            config: cfg!(windows).then(|| path.clone()),
            ..Global::default()
        };
        let os = Os::with_environment([("HOME", home.path().to_str().unwrap())]);
        let settings = resolve(&global, &os).unwrap();
        assert_eq!(settings.location.path, path);
        assert_eq!(settings.customer(None).unwrap().name, "acme");
    }

    #[test]
    fn a_shared_external_id_is_warned_of_by_names_alone() {
        let text = format!("{SHORT}{}", SECOND.replace("PartyB", "PartyA"));
        let warnings: Vec<_> = file(&text)
            .warnings
            .iter()
            .map(ToString::to_string)
            .collect();
        assert_eq!(
            warnings,
            ["customers acme, beta share one ExternalId; each needs its own"]
        );
        assert!(file(&format!("{SHORT}{SECOND}")).warnings.is_empty());
    }
}
