//! Which kind of AWS's endpoints is asked for: FIPS-validated ones, dual-stack ones, or both.
//! A value that is neither true nor false is refused, since a guess would ask a plain endpoint.

use url::Url;

use super::found::{Found, setting, variable};
use super::service::Service;
use super::setup_error::SetupError;
use super::shared_files::SharedFiles;
use crate::names::{Partition, Region};
use crate::os::Os;

/// The kind of endpoint that every call asks for.
/// A variable ranks over the profile's key (AWS SDKs and Tools Reference Guide, "FIPS endpoints"
/// and "Dual-stack endpoints").
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct EndpointKind {
    /// Whether only FIPS-validated endpoints are asked.
    pub fips: Switch,
    /// Whether the endpoints that have IPv4 and IPv6 addresses are asked.
    pub dualstack: Switch,
}

/// A setting that is on or off.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Switch {
    /// Whether it is on.
    pub on: bool,
    /// What sets it, as a person would write it, such as `AWS_USE_FIPS_ENDPOINT`.
    /// `None` if nothing does.
    pub set_by: Option<String>,
}

impl EndpointKind {
    /// Reads both settings from the environment, then from the profile.
    pub(super) fn find(files: &SharedFiles, os: &Os) -> Result<Self, SetupError> {
        let find = |name, key| Switch::find(name, key, files, os);
        Ok(Self {
            fips: find("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint")?,
            dualstack: find("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint")?,
        })
    }

    /// Whether neither is asked for: the region's ordinary endpoints serve.
    pub(crate) fn is_plain(&self) -> bool {
        !self.fips.on && !self.dualstack.on
    }

    /// What the endpoints are called, such as `FIPS endpoints`.
    pub(crate) fn name(&self) -> &'static str {
        match (self.fips.on, self.dualstack.on) {
            (false, false) => "default endpoints",
            (true, false) => "FIPS endpoints",
            (false, true) => "dual-stack endpoints",
            (true, true) => "FIPS dual-stack endpoints",
        }
    }

    /// The host of this kind that a service has in a region.
    pub(super) fn host(&self, service: Service, region: &Region) -> String {
        let fips = if self.fips.on { "-fips" } else { "" };
        let [ipv4, dualstack] = region.partition().dns_suffixes();
        let suffix = if self.dualstack.on { dualstack } else { ipv4 };
        format!("{}{fips}.{region}.{suffix}", service.name())
    }

    /// For a failure at this URL: the setting that led to its host.
    pub(super) fn asked_for(&self, url: &str) -> Option<String> {
        let url = Url::parse(url).ok()?;
        let host = url.host_str()?;
        let is_fips = self.fips.on && host.contains("-fips.");
        let is_dualstack = self.dualstack.on && Partition::is_dualstack(host);
        (is_fips || is_dualstack)
            .then(|| format!("{host}, chosen by {}", self.set_by().join(" and ")))
    }

    /// What asks for another kind than the ordinary one, to name it in a message.
    pub(crate) fn set_by(&self) -> Vec<&str> {
        [&self.fips, &self.dualstack]
            .into_iter()
            .filter(|switch| switch.on)
            .filter_map(|switch| switch.set_by.as_deref())
            .collect()
    }
}

impl Switch {
    /// Reads it from the variable `name`, then from the profile's `key`.
    pub(super) fn find(
        name: &str,
        key: &str,
        files: &SharedFiles,
        os: &Os,
    ) -> Result<Self, SetupError> {
        let found = variable(name, os).or_else(|| setting(files, key));
        let Some(Found { value, set_by }) = found else {
            return Ok(Self::default());
        };
        let on = match value.as_str() {
            text if text.eq_ignore_ascii_case("true") => true,
            text if text.eq_ignore_ascii_case("false") => false,
            _ => return Err(SetupError::Switch { set_by, value }),
        };
        Ok(Self {
            on,
            set_by: Some(set_by),
        })
    }
}
