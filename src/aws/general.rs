//! The general settings of AWS's tools, from variables and the selected profile.
//! A value that cannot be read is refused: passing over it would ask another region, trust another
//! authority or use another kind of endpoint.

use super::authorities::Authorities;
use super::endpoint;
use super::endpoint_kind::{EndpointKind, Switch};
use super::found::{Found, setting, variable};
use super::service::Service;
use super::setup_error::SetupError;
use super::shared_files::{SharedFiles, profile_set, unreadable};
use crate::names::{Region, without_secrets};
use crate::os::Os;
use crate::settings::Base;

/// The variables that vendor-ssm or the SDK reads; each must be text.
const READ: [&str; 30] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_CA_BUNDLE",
    "AWS_CONFIG_FILE",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
    "AWS_CONTAINER_CREDENTIALS_FULL_URI",
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_DEFAULT_REGION",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT",
    "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
    "AWS_ENDPOINT_URL",
    "AWS_ENDPOINT_URL_EC2",
    "AWS_ENDPOINT_URL_KMS",
    "AWS_ENDPOINT_URL_SSM",
    "AWS_ENDPOINT_URL_SSMMESSAGES",
    "AWS_ENDPOINT_URL_STS",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_LOGIN_CACHE_DIRECTORY",
    "AWS_PROFILE",
    "AWS_REGION",
    "AWS_ROLE_ARN",
    "AWS_ROLE_SESSION_NAME",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SHARED_CREDENTIALS_FILE",
    "AWS_USE_DUALSTACK_ENDPOINT",
    "AWS_USE_FIPS_ENDPOINT",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "HTTPS_PROXY",
    "NO_PROXY",
];

/// The variable that the SDK sends to AWS.
const SENT: &str = "AWS_EXECUTION_ENV";

/// The general settings, each with what sets it.
#[derive(Debug, Clone)]
pub(crate) struct General {
    /// Both files, with the profile whose settings count.
    pub files: SharedFiles,
    /// The profile's region.
    pub profile_region: Option<Found<Region>>,
    /// `AWS_REGION`, otherwise `AWS_DEFAULT_REGION`.
    pub region_variable: Option<Found<Region>>,
    /// Which authorities are trusted.
    pub authorities: Authorities,
    pub endpoint_kind: EndpointKind,
    /// Whether the endpoints that variables and profiles name are switched off.
    pub ignores_endpoints: bool,
}

impl General {
    /// Reads variables and files, without any call.
    /// Errors: a value, or a section that is used, cannot be read.
    pub(crate) fn read(base: &Base, os: &Os) -> Result<Self, SetupError> {
        if let Some(name) = READ.iter().find(|name| os.is_not_text(name)) {
            return Err(SetupError::NotText(name));
        }
        // It becomes a part of each request's User-Agent, whatever vendor-ssm does.
        if let Some(holds) = os.var(SENT).and_then(unreadable) {
            return Err(SetupError::Variable { name: SENT, holds });
        }
        let named = match base {
            Base::Profile(name) => Some(name.as_str()),
            _ => None,
        };
        let files = SharedFiles::read(named, os);
        files.check_settings()?;
        let is_exported =
            os.var("AWS_ACCESS_KEY_ID").is_some() && os.var("AWS_SECRET_ACCESS_KEY").is_some();
        if matches!(base, Base::Profile(_)) || (*base == Base::DefaultChain && !is_exported) {
            files.check_credentials()?;
        }
        let variables = ["AWS_REGION", "AWS_DEFAULT_REGION"];
        let region_variable = variables.iter().find_map(|name| variable(name, os));
        Ok(Self {
            profile_region: setting(&files, "region").map(region).transpose()?,
            region_variable: region_variable.map(region).transpose()?,
            authorities: Authorities::find(&files, os)?,
            endpoint_kind: EndpointKind::find(&files, os)?,
            ignores_endpoints: Switch::find(
                "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
                "ignore_configured_endpoint_urls",
                &files,
                os,
            )?
            .on,
            files,
        })
    }

    /// The endpoints that the profile names for services, without passwords and paths.
    /// A variable ranks above them, and so does the settings file.
    pub(crate) async fn endpoints_of_profile(
        &self,
    ) -> Result<Vec<(Service, Found<String>)>, SetupError> {
        if self.ignores_endpoints {
            return Ok(Vec::new());
        }
        let profiles = profile_set(&self.files).await?;
        let for_all = setting(&self.files, "endpoint_url");
        let services = setting(&self.files, "services");
        let found = Service::ALL.into_iter().filter_map(|service| {
            let value = endpoint::of_profile(&profiles, service)?;
            let named = for_all.clone().filter(|all| all.value == value);
            let named = named.or_else(|| services.clone())?;
            Some((service, named.map(|_| without_secrets(&value))))
        });
        Ok(found.collect())
    }

    /// Every setting with what sets it, under the name of the profile's key.
    pub(crate) fn shown(&self) -> [Shown; 6] {
        let region = self
            .profile_region
            .as_ref()
            .or(self.region_variable.as_ref());
        let switch = |key, switch: &Switch| Shown {
            key,
            value: Some(switch.on.to_string()),
            set_by: switch.set_by.clone(),
        };
        let [ca_bundle, file, folders] = self.authorities.shown();
        [
            shown("region", region, ToString::to_string),
            shown("ca_bundle", ca_bundle.as_ref(), String::clone),
            shown("ssl_cert_file", file.as_ref(), String::clone),
            shown("ssl_cert_dir", folders.as_ref(), String::clone),
            switch("use_fips_endpoint", &self.endpoint_kind.fips),
            switch("use_dualstack_endpoint", &self.endpoint_kind.dualstack),
        ]
    }
}

/// A general setting as `settings` shows it.
pub(crate) struct Shown {
    pub key: &'static str,
    /// `None` if nothing sets it.
    pub value: Option<String>,
    /// The variable, or the profile's key with its place.
    pub set_by: Option<String>,
}

fn shown<T>(key: &'static str, found: Option<&Found<T>>, show: impl FnOnce(&T) -> String) -> Shown {
    Shown {
        key,
        value: found.map(|found| show(&found.value)),
        set_by: found.map(|found| found.set_by.clone()),
    }
}

fn region(found: Found<String>) -> Result<Found<Region>, SetupError> {
    match found.value.parse() {
        Ok(value) => Ok(found.map(|_| value)),
        Err(_) => Err(SetupError::Region {
            set_by: found.set_by,
            value: found.value,
        }),
    }
}
