//! Finds endpoint overrides where AWS's tools look for them, and lays a customer's own over them.
//! [`EndpointUrl`] decides which hosts are accepted.

use aws_config::profile::ProfileSet;
use aws_runtime::env_config::EnvConfigValue;
use aws_types::os_shim_internal::Env;

use super::service::Service;
use super::setup_error::SetupError;
use crate::names::{EndpointUrl, Malformed, Region, SSMMESSAGES, without_secrets};
use crate::settings;

/// The variable for every service that answers API calls. Each also has one of its own.
const VARIABLE: &str = "AWS_ENDPOINT_URL";
/// The variable for the data channel's endpoint.
/// AWS's tools do not know it; the name follows their convention.
const CHANNEL_VARIABLE: &str = "AWS_ENDPOINT_URL_SSMMESSAGES";

/// The overrides in force; `None` means the region's own endpoint.
#[derive(Debug, Clone, Default)]
pub(crate) struct Endpoints {
    sts: Option<Override>,
    ec2: Option<Override>,
    ssm: Option<Override>,
    kms: Option<Override>,
    ssmmessages: Option<Override>,
}

/// One override.
#[derive(Debug, Clone)]
struct Override {
    url: EndpointUrl,
    /// What sets it, as a person would write it.
    set_by: String,
}

impl Endpoints {
    /// Reads the overrides from the environment, then from the profile.
    /// In order: `AWS_ENDPOINT_URL_SERVICE`, `AWS_ENDPOINT_URL`, the profile's `services` section,
    /// its `endpoint_url`. `ignored` switches them off (AWS SDKs and Tools Reference Guide,
    /// "Service-specific endpoints"). The data channel has only its own
    /// variable: `AWS_ENDPOINT_URL` is for API calls.
    pub(crate) fn find(
        env: &Env,
        profiles: &ProfileSet,
        ignored: bool,
    ) -> Result<Self, SetupError> {
        if ignored {
            return Ok(Self::default());
        }
        let find = |service: Service| {
            let found = EnvConfigValue::new()
                .env(VARIABLE)
                .profile("endpoint_url")
                .service_id(service.name())
                .load(env, Some(profiles));
            // For a service's own variable the SDK's word is the value, password and all.
            let own = format!("{VARIABLE}_{}", service.name().to_uppercase());
            let mut variables = [own.as_str(), VARIABLE].into_iter();
            let variable = variables.find(|name| env.get(name).is_ok());
            let found = found.map(|(text, origin)| {
                let set_by = variable.map_or_else(|| origin.to_string(), str::to_owned);
                (text.into_owned(), set_by)
            });
            Override::checked(service.name(), found, |text| {
                EndpointUrl::of_api(service.name(), text)
            })
        };
        let channel = env.get(CHANNEL_VARIABLE).ok();
        let channel = channel.map(|text| (text, CHANNEL_VARIABLE.to_owned()));
        Ok(Self {
            sts: find(Service::Sts)?,
            ec2: find(Service::Ec2)?,
            ssm: find(Service::Ssm)?,
            kms: find(Service::Kms)?,
            ssmmessages: Override::checked(SSMMESSAGES, channel, EndpointUrl::of_ssmmessages)?,
        })
    }

    /// A customer's own endpoints laid over these. The settings file ranks above AWS's variables.
    pub(super) fn under(self, customer: &str, own: &settings::Endpoints) -> Self {
        let over = |service: &str, own: &Option<EndpointUrl>, common| match own {
            None => common,
            Some(url) => Some(Override {
                url: url.clone(),
                set_by: format!("customers.{customer}.endpoints.{service}"),
            }),
        };
        Self {
            sts: over("sts", &own.sts, self.sts),
            ec2: over("ec2", &own.ec2, self.ec2),
            ssm: over("ssm", &own.ssm, self.ssm),
            kms: over("kms", &own.kms, self.kms),
            ssmmessages: over(SSMMESSAGES, &own.ssmmessages, self.ssmmessages),
        }
    }

    /// The override for a service.
    pub(crate) fn of(&self, service: Service) -> Option<&str> {
        Some(self.own(service)?.url.as_str())
    }

    /// Whether a service is asked on this machine.
    pub(crate) fn is_loopback(&self, service: Service) -> bool {
        self.own(service).is_some_and(|own| own.url.is_loopback())
    }

    fn own(&self, service: Service) -> Option<&Override> {
        match service {
            Service::Sts => self.sts.as_ref(),
            Service::Ec2 => self.ec2.as_ref(),
            Service::Ssm => self.ssm.as_ref(),
            Service::Kms => self.kms.as_ref(),
        }
    }

    /// The data channel's endpoint for sessions in a region.
    /// Refused: a VPC endpoint in another region, which cannot serve the session.
    pub(crate) fn channel(&self, region: &Region) -> Result<Option<&EndpointUrl>, SetupError> {
        let Some(own) = &self.ssmmessages else {
            return Ok(None);
        };
        if own.url.region().is_none_or(|of| of == region) {
            return Ok(Some(&own.url));
        }
        Err(SetupError::Endpoint {
            service: SSMMESSAGES,
            url: own.url.to_string(),
            origin: own.set_by.clone(),
            reason: format!("is not in {region}, where the session is"),
        })
    }

    /// What sets the data channel's endpoint, if there is one.
    pub(crate) fn channel_set_by(&self) -> Option<&str> {
        Some(&self.ssmmessages.as_ref()?.set_by)
    }

    /// One line that names the services with an overridden endpoint.
    pub(crate) fn notice(&self) -> Option<String> {
        let all = [
            ("sts", &self.sts),
            ("ec2", &self.ec2),
            ("ssm", &self.ssm),
            ("kms", &self.kms),
            (SSMMESSAGES, &self.ssmmessages),
        ];
        let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
        for (service, own) in all {
            if let Some(own) = own {
                let url = own.url.to_string();
                match groups.iter_mut().find(|group| group.0 == url) {
                    Some(group) => group.1.push(service),
                    None => groups.push((url, vec![service])),
                }
            }
        }
        let parts: Vec<String> = groups
            .iter()
            .map(|(url, services)| format!("{} at {url}", services.join(", ")))
            .collect();
        (!parts.is_empty()).then(|| format!("endpoint overridden: {}", parts.join("; ")))
    }
}

/// What the profile names for a service, in its `services` section or its `endpoint_url`.
pub(super) fn of_profile(profiles: &ProfileSet, service: Service) -> Option<String> {
    let env = Env::from_slice(&[]);
    let found = EnvConfigValue::new()
        .profile("endpoint_url")
        .service_id(service.name())
        .load(&env, Some(profiles));
    let (text, _) = found?;
    (!text.is_empty()).then(|| text.into_owned())
}

impl Override {
    /// Checks a value with the text that says where it is from. An empty one counts as absent.
    fn checked(
        service: &'static str,
        found: Option<(String, String)>,
        check: impl FnOnce(&str) -> Result<EndpointUrl, Malformed>,
    ) -> Result<Option<Self>, SetupError> {
        let Some((text, set_by)) = found.filter(|(text, _)| !text.is_empty()) else {
            return Ok(None);
        };
        match check(&text) {
            Ok(url) => Ok(Some(Self { url, set_by })),
            Err(Malformed(reason)) => Err(SetupError::Endpoint {
                service,
                url: without_secrets(&text),
                origin: set_by,
                reason,
            }),
        }
    }
}
