//! The settings as they were written, in a file or in a folder's files.
//! Every key has its type, before anything is decided.
//! Unknown keys are refused, and so is text that AWS would refuse.

use std::path::PathBuf;
use std::str::FromStr;

use clap::ValueEnum;

use super::document::{Document, Section};
use super::error::Error;
use super::origin::{At, Place};
use super::parse::{
    absolute, as_is, escape_character, not_empty, tag_key, tag_value, within, word,
};
use super::source::Source;
use super::{Base, Client, Store, Terminal};
use crate::names::{
    DocumentName, EndpointUrl, ExternalId, GrantEnd, Malformed, Region, RoleArn, RoleSessionName,
    SSMMESSAGES, UserTemplate, customer_name, without_secrets,
};

/// What the file says about a key: nothing, or a value and its place.
pub(super) type Key<T> = Option<At<T>>;

/// The whole file, or all files of the folder.
pub(super) struct File {
    pub default_customer: Key<String>,
    /// Where `[vendor]` begins; without one, the start of the file, or the folder.
    pub vendor_place: Place,
    pub vendor: VendorKeys,
    pub client: Key<Client>,
    pub escape: Key<Option<char>>,
    pub terminal: Key<Terminal>,
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

/// Base identities without a profile, in AWS's words (`credential_source` of `~/.aws/config`).
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
    pub grant_ends: Key<GrantEnd>,
    pub endpoints: EndpointKeys,
    pub documents: DocumentKeys,
}

/// `[customers.NAME.endpoints]`.
#[derive(Default)]
pub(super) struct EndpointKeys {
    pub sts: Key<EndpointUrl>,
    pub ec2: Key<EndpointUrl>,
    pub ssm: Key<EndpointUrl>,
    pub ssmmessages: Key<EndpointUrl>,
    pub kms: Key<EndpointUrl>,
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
    pub(super) fn parse(source: &Source) -> Result<Self, Error> {
        let document = Document::parse(source)?;
        let mut top = document.top();
        let default_customer = top.text("default_customer", as_is)?;
        let (mut vendor_place, mut vendor) = (top.place.clone(), VendorKeys::default());
        if let Some(section) = top.section("vendor")? {
            vendor_place = section.place.clone();
            vendor = VendorKeys::read(section)?;
        }
        let (mut client, mut escape, mut terminal, mut plugin_path) = (None, None, None, None);
        if let Some(mut section) = top.section("session")? {
            client = section.text("client", word)?;
            escape = section.text("escape", escape_character)?;
            terminal = section.text("terminal", word)?;
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
            terminal,
            plugin_path,
            store,
            customers,
        })
    }

    /// Whether `[vendor]` itself needs a role: not if every customer has a vendor role of its own.
    pub(super) fn is_vendor_role_needed(&self) -> bool {
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
            return Err(Error::malformed(
                source,
                section.full("credential_source"),
                "set either profile or credential_source, not both",
            ));
        }
        section.close()?;
        Ok(keys)
    }

    /// These keys laid over `common`. Profile and credential source count as one key.
    pub(super) fn over(self, common: &Self) -> Self {
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
        if let Err(why) = customer_name(name) {
            return Err(Error::Malformed {
                place,
                key: format!("customers.{}", name.escape_debug()),
                why,
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
                within(seconds, 900..=3600, "a chained role lasts at most one hour")
            })?,
            confirm: section.boolean("confirm")?,
            require_reason: section.boolean("require_reason")?,
            grant_ends: section.date("grant_ends", GrantEnd::from_str)?,
            endpoints: match section.section("endpoints")? {
                None => EndpointKeys::default(),
                Some(endpoints) => EndpointKeys::read(endpoints)?,
            },
            documents: match section.section("documents")? {
                None => DocumentKeys::default(),
                Some(documents) => DocumentKeys::read(documents)?,
            },
        };
        if let Some(regions) = &keys.regions {
            let mut seen = Vec::new();
            for region in &regions.value {
                if seen.contains(&region) {
                    let why = format!("{region} is listed twice");
                    return Err(Error::malformed(regions, section.full("regions"), why));
                }
                seen.push(region);
            }
            if seen.is_empty() {
                return Err(Error::malformed(
                    regions,
                    section.full("regions"),
                    "name at least one region",
                ));
            }
        }
        section.close()?;
        Ok(keys)
    }
}

impl EndpointKeys {
    fn read(mut section: Section<'_>) -> Result<Self, Error> {
        let mut endpoint = |key, check: fn(&str, &str) -> Result<EndpointUrl, Malformed>| {
            section.text(key, |text| {
                check(key, text).map_err(|Malformed(why)| {
                    Malformed(format!("the endpoint {} {why}", without_secrets(text)))
                })
            })
        };
        let of_api = EndpointUrl::of_api;
        let (sts, ec2) = (endpoint("sts", of_api)?, endpoint("ec2", of_api)?);
        let (ssm, kms) = (endpoint("ssm", of_api)?, endpoint("kms", of_api)?);
        let ssmmessages = endpoint(SSMMESSAGES, |_, text| EndpointUrl::of_ssmmessages(text))?;
        section.close()?;
        Ok(Self {
            sts,
            ec2,
            ssm,
            ssmmessages,
            kms,
        })
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

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::super::origin::{Decided, Origin};
    use super::super::resolve::decide;
    use super::super::source::{Location, Source, Text};
    use super::super::{Error, Settings};
    use crate::args::Global;
    use crate::os::Os;

    fn decided(text: &str) -> Result<Settings, Error> {
        let path = Decided::default(PathBuf::from("/s/config.toml"));
        decide(
            &Source::file(path, text),
            &Global::default(),
            &Os::default(),
        )
    }

    /// A folder's files, by name.
    fn folder(files: &[(&str, &str)]) -> Result<Settings, Error> {
        let texts = files.iter().map(|(name, text)| Text {
            file: format!("/s/{name}").into(),
            text: (*text).to_owned(),
        });
        let source = Source {
            location: Location::folder("/s"),
            origin: Origin::Flag("--config"),
            texts: texts.collect(),
        };
        decide(&source, &Global::default(), &Os::default())
    }

    fn error(text: &str) -> Error {
        decided(text).expect_err(text)
    }

    /// A valid file, in which `line` replaces the line that sets the same key.
    fn with(section: &str, line: &str) -> String {
        let key = line.split(['=', ' ']).next().unwrap_or_default();
        let right = [
            (
                "vendor",
                "role_arn = 'arn:aws:iam::111111111111:role/Vendor'",
            ),
            (
                "customers.acme",
                "role_arn = 'arn:aws:iam::222222222222:role/Customer'",
            ),
            ("customers.acme", "external_id = 'ExternalID3rdPartyA'"),
            ("customers.acme", "tag_value = 'A'"),
            ("customers.acme", "regions = ['us-east-1']"),
        ];
        let mut lines = Vec::new();
        for part in ["", "vendor", "session", "cache", "customers.acme"] {
            if !part.is_empty() {
                lines.push(format!("[{part}]"));
            }
            if part == section {
                lines.push(line.to_owned());
            }
            for (_, other) in right.iter().filter(|(of, _)| *of == part) {
                if part != section || other.split(' ').next() != Some(key) {
                    lines.push((*other).to_owned());
                }
            }
        }
        lines.join("\n")
    }

    #[test]
    fn a_wrong_endpoint_is_named_without_its_password() {
        let private = "vpce-0123-abcd.ssmmessages.us-east-1.vpce.amazonaws.com";
        let table = [
            (
                "ssmmessages",
                "https://u:p@evil.example".to_owned(),
                "the endpoint https://evil.example has parts besides scheme, host, port and path",
            ),
            (
                "ssmmessages",
                "https://evil.example/".to_owned(),
                "the endpoint https://evil.example is neither a VPC endpoint for ssmmessages nor on this machine",
            ),
            (
                "ssmmessages",
                private.to_owned(),
                "the endpoint (no URL) is not a URL",
            ),
            (
                "ssmmessages",
                format!("https://{}", private.replace("us-east-1", "eu-west-1")),
                "the endpoint is in eu-west-1, where acme has no sessions",
            ),
            (
                "sts",
                "http://sts.us-east-1.amazonaws.com".to_owned(),
                "the endpoint http://sts.us-east-1.amazonaws.com is not https",
            ),
            (
                "kms",
                "https://sts.us-east-1.amazonaws.com".to_owned(),
                "the endpoint https://sts.us-east-1.amazonaws.com is neither AWS's nor on this machine",
            ),
        ];
        let right = with("customers.acme", "tag_value = 'A'");
        for (key, url, why) in table {
            let text = format!("{right}\n[customers.acme.endpoints]\n{key} = '{url}'");
            let said = error(&text).to_string();
            let column = key.len() + 4;
            assert_eq!(
                said,
                format!("/s/config.toml:11:{column}: customers.acme.endpoints.{key}: {why}")
            );
        }
        let unknown = format!("{right}\n[customers.acme.endpoints]\nmessages = ''");
        assert!(
            error(&unknown)
                .to_string()
                .ends_with("unknown key customers.acme.endpoints.messages")
        );
    }

    #[test]
    fn each_wrong_line_is_named_with_its_place() {
        let arn = "expected a role's ARN such as arn:aws:iam::ACCOUNT:role/NAME";
        let table = [
            ("", "default_customer = 'acne'", "1:20: default_customer: section [customers.acne] not found".to_owned()),
            ("", "default_customer = true", "1:20: default_customer is a boolean, expected a string".to_owned()),
            ("", "vendro = 1", "1:1: unknown key vendro".to_owned()),
            ("", "\"a\\u001b[2J\" = 1", "1:1: unknown key a\\u{1b}[2J".to_owned()),
            ("vendor", "rolearn = 'x'", "2:1: unknown key vendor.rolearn".to_owned()),
            ("vendor", "role_arn = 'x'", format!("2:12: vendor.role_arn: {arn}")),
            ("vendor", "role_arn = 'arn:aws:iam::1:role/x'", "2:12: vendor.role_arn: expected an account id of twelve digits".to_owned()),
            ("vendor", "role_arn = 'arn:aws-xx:iam::111111111111:role/x'", "2:12: vendor.role_arn: unknown AWS partition \"aws-xx\"".to_owned()),
            ("vendor", "role_arn = 'arn:aws:iam::111111111111:user/x'", "2:12: vendor.role_arn: the ARN does not name a role".to_owned()),
            ("vendor", "role_arn = 'arn:aws-cn:iam::111111111111:role/x'", "6:12: customers.acme.role_arn: the role is in partition aws, but the vendor role is in aws-cn".to_owned()),
            ("vendor", "profile = ''", "2:11: vendor.profile: the value is empty".to_owned()),
            ("vendor", "credential_source = 'Ec2'", "2:21: vendor.credential_source: expected one of Environment, Ec2InstanceMetadata, EcsContainer".to_owned()),
            ("vendor", "profile = 'x'\ncredential_source = 'Environment'", "3:21: vendor.credential_source: set either profile or credential_source, not both".to_owned()),
            ("vendor", "duration_seconds = 899", "2:20: vendor.duration_seconds: expected 900 to 43200 seconds: AWS's limits for a role session".to_owned()),
            ("vendor", "duration_seconds = -99999999999", "2:20: vendor.duration_seconds: expected 900 to 43200 seconds: AWS's limits for a role session".to_owned()),
            ("vendor", "duration_seconds = '1h'", "2:20: vendor.duration_seconds is a string, expected an integer".to_owned()),
            ("vendor", "role_session_name = '{user}'", "2:21: vendor.role_session_name: expected a role session name of 2 to 64 characters from a-z A-Z 0-9 _ + = . @ -".to_owned()),
            ("vendor", "sts_region = 'us-gov-west-1'", "2:14: vendor.sts_region: us-gov-west-1 is in partition aws-us-gov, but the role is in aws".to_owned()),
            ("session", "client = 'native'", "4:10: session.client: expected one of auto, plugin, builtin".to_owned()),
            ("session", "escape = 'ä'", "4:10: session.escape: expected one printable ASCII character, or \"none\"".to_owned()),
            ("session", "escape = ' '", "4:10: session.escape: expected one printable ASCII character, or \"none\"".to_owned()),
            ("session", "plugin_path = 'bin/x'", "4:15: session.plugin_path: the path must be absolute".to_owned()),
            ("cache", "store = 'file'", "5:9: cache.store: expected one of auto, keyring, keyutils, none".to_owned()),
            ("customers.acme", "duration_seconds = 3601", "6:20: customers.acme.duration_seconds: expected 900 to 3600 seconds: a chained role lasts at most one hour".to_owned()),
            ("customers.acme", "tag_key = ''", "6:11: customers.acme.tag_key: expected a tag key of 1 to 128 characters".to_owned()),
            ("customers.acme", "confirm = 'yes'", "6:11: customers.acme.confirm is a string, expected a boolean".to_owned()),
            ("customers.acme", "regions = 'us-east-1'", "6:11: customers.acme.regions is a string, expected an array of strings".to_owned()),
            ("customers.acme", "regions = []", "6:11: customers.acme.regions: name at least one region".to_owned()),
            ("customers.acme", "regions = ['us-east-1', 'us-east']", "6:25: customers.acme.regions: expected a region such as us-east-1, not \"us-east\"".to_owned()),
            ("customers.acme", "regions = ['us-east-1', 'us-east-1']", "6:11: customers.acme.regions: us-east-1 is listed twice".to_owned()),
            ("customers.acme", "regions = ['us-east-1', 'cn-north-1']", "6:11: customers.acme.regions: cn-north-1 is in partition aws-cn, but the role is in aws".to_owned()),
            ("customers.acme", "documents = 'x'", "6:13: customers.acme.documents is a string, expected a section".to_owned()),
            ("customers.acme", "documents.shell = 'x y'", "6:19: customers.acme.documents.shell: expected a document name of 3 to 128 characters from a-z A-Z 0-9 _ - . : /".to_owned()),
            ("customers.acme", "vendor.mfa_serial = 'x'", "6:21: customers.acme.vendor.mfa_serial: expected an MFA serial of 9 to 256 characters from a-z A-Z 0-9 _ + = / : , . @ - and {user}".to_owned()),
        ];
        for (section, line, expected) in table {
            let error = error(&with(section, line));
            assert_eq!(error.to_string(), format!("/s/config.toml:{expected}"));
            assert_eq!(error.exit().code(), 10);
        }
    }

    #[test]
    fn each_missing_key_is_named() {
        let whole = with("none", "");
        let table = [
            ("arn:aws:iam::1", "1:2: vendor.role_arn"),
            ("arn:aws:iam::2", "5:12: customers.acme.role_arn"),
            ("external_id", "5:12: customers.acme.external_id"),
            ("tag_value", "5:12: customers.acme.tag_value"),
            ("regions", "5:12: customers.acme.regions"),
        ];
        for (key, expected) in table {
            // A comment in its place keeps the other lines where they were.
            let lines = whole
                .lines()
                .map(|line| if line.contains(key) { "#" } else { line });
            let error = error(&lines.collect::<Vec<_>>().join("\n"));
            let expected = format!("/s/config.toml:{expected} is missing");
            assert_eq!(error.to_string(), expected);
        }
        for (text, place) in [("", "1:1"), ("# ä\n\n [ vendor ]", "3:4")] {
            let expected = format!("/s/config.toml:{place}: vendor.role_arn is missing");
            assert_eq!(error(text).to_string(), expected);
        }
    }

    #[test]
    fn hints_name_the_nearest_word() {
        let documents = "the keys here are shell, command, port, remote_port, ssh";
        let table = [
            ("vendor", "rolearn = 'x'", "did you mean `role_arn`?"),
            (
                "customers.acme",
                "externalId = 'x'",
                "did you mean `external_id`?",
            ),
            ("customers.acme", "documents.forwarding = 'x'", documents),
            (
                "cache",
                "default_customer = 'acme'",
                "the keys here are store",
            ),
            ("", "default_customer = 'acne'", "did you mean `acme`?"),
            ("", "default_customer = 'globex'", "the customers are acme"),
        ];
        for (section, line, expected) in table {
            let hint = error(&with(section, line)).hint();
            assert_eq!(hint.as_deref(), Some(expected), "{line}");
        }
    }

    #[test]
    fn text_of_another_shape_is_refused_by_place() {
        let name = "expected a customer name: a letter or digit, then a-z A-Z 0-9 . _ -";
        let table = [
            (
                "[vendor]\nrole_arn = 'x",
                "2:14: invalid literal string, expected `'`",
            ),
            ("[vendor]\n[vendor]", "2:2: duplicate key"),
            (
                "[vendor]\nprofile = 'a'\nprofile = 'b'",
                "3:1: duplicate key",
            ),
            (
                "[customers.acme]\n[customers.\"acme\"]",
                "2:12: duplicate key",
            ),
            (
                "[[customers]]",
                "1:1: customers is an array, expected a section",
            ),
            (
                "customers = 1",
                "1:13: customers is an integer, expected a section",
            ),
            (
                "[customers.\"a b\"]",
                &*format!("1:12: customers.a b: {name}"),
            ),
            ("[customers.-a]", &*format!("1:12: customers.-a: {name}")),
        ];
        for (text, expected) in table {
            assert_eq!(
                error(text).to_string(),
                format!("/s/config.toml:{expected}")
            );
        }
    }

    const VENDOR: &str = "[vendor]\nrole_arn = 'arn:aws:iam::111111111111:role/Vendor'\n";
    const ACME: &str = "[customers.acme]\nrole_arn = 'arn:aws:iam::222222222222:role/Customer'\n\
                        external_id = 'ExternalID3rdPartyA'\ntag_value = 'A'\nregions = ['us-east-1']\n";

    #[test]
    fn a_folder_is_read_as_one_file() {
        let settings = folder(&[
            (
                "10.toml",
                "[vendor]\nprofile = 'p'\n[customers.acme]\nconfirm = true\n",
            ),
            (
                "acme.toml",
                &ACME.replace("regions", "tag_key = 'K'\nregions"),
            ),
            ("b.toml", &format!("default_customer = 'acme'\n{VENDOR}")),
            ("c.toml", ""),
            (
                "d.toml",
                "[customers.acme.documents]\nssh = 'AWS-StartSSHSession'\n",
            ),
            (
                "e.toml",
                "customers.acme.documents.port = 'Port-Document'\n",
            ),
        ])
        .unwrap();
        let origins = settings.origins().iter();
        let said = |key: &str| {
            let setting = origins.clone().find(|setting| setting.key == key).unwrap();
            setting.origin.to_string()
        };
        for (key, origin) in [
            ("config", "flag --config"),
            ("default_customer", "file b.toml:1"),
            ("vendor.profile", "file 10.toml:2"),
            ("vendor.role_arn", "file b.toml:3"),
            ("customers.acme.confirm", "file 10.toml:4"),
            ("customers.acme.tag_key", "file acme.toml:5"),
            ("customers.acme.documents.ssh", "file d.toml:2"),
            ("customers.acme.documents.port", "file e.toml:1"),
        ] {
            assert_eq!(said(key), origin, "{key}");
        }
        // The order is that of the files, then of their lines.
        let beta = ACME.replace("acme", "beta").replace("PartyA", "PartyB");
        let gamma = ACME.replace("acme", "gamma").replace("PartyA", "PartyC");
        let both = format!("{VENDOR}{gamma}{ACME}");
        let settings = folder(&[("1.toml", &both), ("2.toml", &beta)]).unwrap();
        let names: Vec<_> = settings.customers.iter().map(|one| &one.name).collect();
        assert_eq!(names, ["gamma", "acme", "beta"]);
    }

    #[test]
    fn each_error_names_the_file_that_it_is_in() {
        let good = format!("{VENDOR}{ACME}");
        let table = [
            (
                "[vendor]\nprofile = 'p'\nrole_arn = 'x'",
                "b.toml:3:1: vendor.role_arn is given twice, first at /s/a.toml:2:1",
            ),
            (
                "customers.acme.tag_value = 'B'",
                "b.toml:1:16: customers.acme.tag_value is given twice, first at /s/a.toml:6:1",
            ),
            (
                "vendor = { role_arn = 'x' }",
                "b.toml:1:12: vendor.role_arn is given twice, first at /s/a.toml:2:1",
            ),
            (
                "vendor = 1",
                "b.toml:1:10: vendor is an integer, expected a section",
            ),
            (
                "[[customers]]",
                "b.toml:1:1: customers is an array, expected a section",
            ),
            ("vendro = 1", "b.toml:1:1: unknown key vendro"),
            (
                "[vendor]\nprofil = 'x'",
                "b.toml:2:1: unknown key vendor.profil",
            ),
            (
                "[customers.acme]\nconfrm = true",
                "b.toml:2:1: unknown key customers.acme.confrm",
            ),
            ("\n[vendor", "b.toml:2:8: unclosed table, expected `]`"),
            (
                "default_customer = 'acne'",
                "b.toml:1:20: default_customer: section [customers.acne] not found",
            ),
            (
                "[customers.beta]",
                "b.toml:1:12: customers.beta.role_arn is missing",
            ),
            (
                "[customers.acme.vendor]\nsts_region = 'cn-north-1'",
                "b.toml:2:14: customers.acme.vendor.sts_region: cn-north-1 is in partition aws-cn, but the role is in aws",
            ),
            (
                "[vendor]\nprofile = 'x'\ncredential_source = 'Environment'",
                "b.toml:3:21: vendor.credential_source: set either profile or credential_source, not both",
            ),
            (
                "[customers.acme]\ngrant_ends = 2027-01-31T18:00:00",
                "b.toml:2:14: customers.acme.grant_ends: expected a day, such as 2027-01-31, or a moment with its offset, such as 2027-01-31T18:00:00Z",
            ),
        ];
        for (text, expected) in table {
            let files = [("a.toml", good.as_str()), ("b.toml", text)];
            let said = folder(&files).expect_err(text).to_string();
            assert_eq!(said, format!("/s/{expected}"), "{text}");
        }
        // What no file has is missing in the folder.
        let said = folder(&[("a.toml", ACME), ("b.toml", "")]).unwrap_err();
        assert_eq!(said.to_string(), "/s: vendor.role_arn is missing");
        let none = folder(&[("a.toml", VENDOR)]).unwrap();
        let said = none.customer(None).unwrap_err();
        assert_eq!(said.to_string(), "the settings folder /s has no customer");
        // A profile in one file and a source in another are both of [vendor].
        let said = folder(&[
            (
                "a.toml",
                &*good.replace("[vendor]", "[vendor]\nprofile = 'p'"),
            ),
            ("b.toml", "[vendor]\ncredential_source = 'Environment'"),
        ]);
        assert_eq!(
            said.unwrap_err().to_string(),
            "/s/b.toml:2:21: vendor.credential_source: set either profile or credential_source, not both"
        );
    }

    #[test]
    fn the_end_of_a_grant_may_be_a_date_or_a_text() {
        for (text, shown) in [
            ("2027-01-31", "2027-01-31"),
            ("'2027-01-31'", "2027-01-31"),
            ("2027-01-31T18:00:00+02:00", "2027-01-31T16:00:00Z"),
            ("2027-01-31 18:00:00Z", "2027-01-31T18:00:00Z"),
            ("'2027-01-31T18:00:00Z'", "2027-01-31T18:00:00Z"),
        ] {
            let settings = decided(&with("customers.acme", &format!("grant_ends = {text}")));
            let end = settings.unwrap().customers[0].grant_ends;
            assert_eq!(end.unwrap().to_string(), shown, "{text}");
        }
        for text in ["'soon'", "18:00:00", "2027-01-31T18:00:00", "''"] {
            let error = error(&with("customers.acme", &format!("grant_ends = {text}")));
            let said = error.to_string();
            assert!(
                said.contains("6:14: customers.acme.grant_ends: expected a day"),
                "{said}"
            );
        }
        let said = error(&with("customers.acme", "grant_ends = 20270131")).to_string();
        assert!(
            said.ends_with("grant_ends is an integer, expected a date"),
            "{said}"
        );
    }

    const CANARY: &str = "CanaryOfTheExternalId";

    /// No message about a fault may contain the ExternalId.
    fn assert_silent(error: &Error) {
        let hint = error.hint().unwrap_or_default();
        let said = format!("{error} {error:?} {hint}");
        assert!(!said.contains(CANARY), "{said}");
    }

    #[test]
    fn no_error_shows_an_external_id() {
        let lines = [
            "external_id = 'CanaryOfTheExternalId is malformed'",
            "external_id = ['CanaryOfTheExternalId']",
            "external_id = { id = 'CanaryOfTheExternalId' }",
            "external_id = CanaryOfTheExternalId",
            "external_id = 'CanaryOfTheExternalId",
            "external_id = \"CanaryOfTheExternalId\\z\"",
            "external_id 'CanaryOfTheExternalId'",
            "external_id = 'CanaryOfTheExternalId' x",
            "external_id = 'CanaryOfTheExternalId'\nexternal_id = 'CanaryOfTheExternalId'",
            "externalid = 'CanaryOfTheExternalId'",
            "external-id = 'CanaryOfTheExternalId'",
        ];
        for line in lines {
            assert_silent(&error(&with("customers.acme", line)));
        }
    }

    #[test]
    fn no_text_makes_it_panic_or_talk() {
        let whole = with("none", "").replace("ExternalID3rdPartyA", CANARY);
        let pieces = [
            "\"",
            "'",
            "\n",
            "[",
            "]",
            "{",
            "}",
            "=",
            ".",
            ",",
            "#",
            "\r",
            "\0",
            "\u{feff}",
            "ä",
            "\\u",
            "9999999999999999999",
            "[[",
            "'''",
            "1979-05-27",
            "inf",
            "0x",
            "\u{1F600}",
        ];
        // The seed is fixed, so a failure repeats.
        let mut state = 0x9E37_79B9_7F4A_7C15_u64;
        let mut random = |below: usize| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            usize::try_from(state % below as u64).unwrap()
        };
        for _ in 0..5_000 {
            let mut text: Vec<char> = whole.chars().collect();
            for _ in 0..=random(3) {
                let from = random(text.len());
                let to = (from + random(4)).min(text.len());
                text.splice(from..to, pieces[random(pieces.len())].chars());
            }
            match decided(&String::from_iter(text)) {
                Ok(settings) => assert!(!format!("{settings:?}").contains(CANARY)),
                Err(error) => assert_silent(&error),
            }
            let length = random(64);
            let noise = std::iter::repeat_with(|| u8::try_from(random(256)).unwrap());
            let noise: Vec<u8> = noise.take(length).collect();
            assert!(decided(&String::from_utf8_lossy(&noise)).is_err());
        }
    }
}
