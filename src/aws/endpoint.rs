//! Finds endpoint overrides where AWS's tools look for them, and checks them.
//! A signed request hides the secret key, but carries session tokens and the ExternalId. It goes
//! only to AWS or to this machine.

use aws_config::profile::ProfileSet;
use aws_runtime::env_config::EnvConfigValue;
use aws_types::os_shim_internal::Env;
use url::{Host, Url};

use super::service::Service;
use super::setup_error::SetupError;
use crate::names::{PARTITIONS, Partition};

/// The overrides in force; `None` means the region's own endpoint.
#[derive(Debug, Clone, Default)]
pub(crate) struct Endpoints {
    sts: Option<String>,
    ec2: Option<String>,
    ssm: Option<String>,
    kms: Option<String>,
}

impl Endpoints {
    /// Reads the overrides from the environment, then from the profile.
    /// In order: `AWS_ENDPOINT_URL_SERVICE`, `AWS_ENDPOINT_URL`, the profile's `services` section,
    /// its `endpoint_url`. `AWS_IGNORE_CONFIGURED_ENDPOINT_URLS` switches them off (AWS SDKs and
    /// Tools Reference Guide, "Service-specific endpoints").
    pub(crate) fn find(env: &Env, profiles: &ProfileSet) -> Result<Self, SetupError> {
        let ignored = EnvConfigValue::new()
            .env("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS")
            .profile("ignore_configured_endpoint_urls")
            .validate(env, Some(profiles), |value| {
                Ok::<_, std::convert::Infallible>(value.eq_ignore_ascii_case("true"))
            })
            .ok()
            .flatten()
            .unwrap_or_default();
        if ignored {
            return Ok(Self::default());
        }
        let find = |service: Service| -> Result<Option<String>, SetupError> {
            let (value, origin) = EnvConfigValue::new()
                .env("AWS_ENDPOINT_URL")
                .profile("endpoint_url")
                .service_id(service.name())
                .load(env, Some(profiles))
                .map_or((None, String::new()), |(value, origin)| {
                    (Some(value.into_owned()), origin.to_string())
                });
            let Some(text) = value.filter(|text| !text.is_empty()) else {
                return Ok(None);
            };
            check(service, &text).map_err(|reason| SetupError::Endpoint {
                service,
                url: shown(&text),
                origin,
                reason,
            })?;
            Ok(Some(text))
        };
        Ok(Self {
            sts: find(Service::Sts)?,
            ec2: find(Service::Ec2)?,
            ssm: find(Service::Ssm)?,
            kms: find(Service::Kms)?,
        })
    }

    /// The override for a service.
    pub(crate) fn of(&self, service: Service) -> Option<&str> {
        match service {
            Service::Sts => self.sts.as_deref(),
            Service::Ec2 => self.ec2.as_deref(),
            Service::Ssm => self.ssm.as_deref(),
            Service::Kms => self.kms.as_deref(),
        }
    }

    /// One line that names the services with an overridden endpoint.
    pub(crate) fn notice(&self) -> Option<String> {
        let mut groups: Vec<(&str, Vec<&str>)> = Vec::new();
        for service in [Service::Sts, Service::Ec2, Service::Ssm, Service::Kms] {
            if let Some(url) = self.of(service) {
                match groups.iter_mut().find(|group| group.0 == url) {
                    Some(group) => group.1.push(service.name()),
                    None => groups.push((url, vec![service.name()])),
                }
            }
        }
        let parts: Vec<String> = groups
            .iter()
            .map(|(url, services)| format!("{} at {}", services.join(", "), shown(url)))
            .collect();
        (!parts.is_empty()).then(|| format!("endpoint overridden: {}", parts.join("; ")))
    }
}

/// The URL without user, password, query and fragment.
fn shown(text: &str) -> String {
    Url::parse(text).map_or_else(
        |_| "(no URL)".to_owned(),
        |url| {
            format!(
                "{}://{}{}",
                url.scheme(),
                url.host_str().unwrap_or_default(),
                url.port()
                    .map(|port| format!(":{port}"))
                    .unwrap_or_default()
            )
        },
    )
}

fn check(service: Service, text: &str) -> Result<(), &'static str> {
    let url = Url::parse(text).map_err(|_| "is not a URL")?;
    if !url.username().is_empty()
        || url.password().is_some()
        || url.query().is_some()
        || url.fragment().is_some()
    {
        return Err("has parts besides scheme, host, port and path");
    }
    match (url.scheme(), url.host()) {
        ("http" | "https", Some(host)) if is_loopback(&host) => Ok(()),
        ("https", Some(Host::Domain(host))) if is_aws(service, host) => Ok(()),
        ("http", Some(Host::Domain(host))) if is_aws(service, host) => Err("is not https"),
        ("http" | "https", Some(_)) => Err("is neither AWS's nor on this machine"),
        _ => Err("is not an http or https URL"),
    }
}

/// Whether a host is this machine: a loopback address, or `localhost`.
fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// Whether the host is `SERVICE[-fips][.REGION].SUFFIX`, or that behind a VPC endpoint's label.
/// Other names under AWS's suffixes belong to its users: instances, buckets, API gateways and
/// endpoint services.
fn is_aws(service: Service, host: &str) -> bool {
    let host = host.to_ascii_lowercase();
    let Some(labels) = PARTITIONS
        .iter()
        .flat_map(Partition::dns_suffixes)
        .filter_map(|suffix| host.strip_suffix(suffix)?.strip_suffix('.'))
        .min_by_key(|rest| rest.len())
    else {
        return false;
    };
    let mut labels: Vec<&str> = labels.split('.').collect();
    if labels.last() == Some(&"vpce") {
        labels.pop();
        if labels.len() < 3 || !labels[0].starts_with("vpce-") {
            return false;
        }
        labels.remove(0);
    }
    let named = [
        service.name().to_owned(),
        format!("{}-fips", service.name()),
    ];
    match labels[..] {
        [name] => named.iter().any(|wanted| wanted == name),
        [name, region] => {
            named.iter().any(|wanted| wanted == name)
                && region.parse::<crate::names::Region>().is_ok()
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_go_to_aws_or_stay_on_this_machine() {
        let allowed = [
            "http://127.0.0.1:4566",
            "http://[::1]:80/",
            "https://localhost:8443",
            "https://ssm.us-east-1.amazonaws.com",
            "https://ssm-fips.us-gov-west-1.amazonaws.com",
            "https://ssm.eu-west-1.api.aws",
            "https://ssm.cn-north-1.amazonaws.com.cn",
            "https://vpce-0a1b-xyz.ssm.us-east-1.vpce.amazonaws.com",
            "https://vpce-0a1b-xyz-us-east-1a.ssm.us-east-1.vpce.amazonaws.com",
        ];
        for url in allowed {
            assert_eq!(check(Service::Ssm, url), Ok(()), "{url}");
        }
        let refused = [
            "http://ssm.us-east-1.amazonaws.com",
            "https://evil.example",
            "https://ssm.us-east-1.amazonaws.com.evil.example",
            "https://bucket.s3.amazonaws.com",
            "https://abc.execute-api.us-east-1.amazonaws.com",
            "https://ec2-1-2-3-4.compute-1.amazonaws.com",
            "https://vpce-1.vpce-svc-2.us-east-1.vpce.amazonaws.com",
            "https://sts.us-east-1.amazonaws.com",
            "https://user:pw@ssm.us-east-1.amazonaws.com",
            "https://10.0.0.1",
            "https://127.0.0.1.evil.example",
            "ftp://127.0.0.1",
            "https://xssm.us-east-1.amazonaws.com",
            "https://amazonaws.com",
            "",
        ];
        for url in refused {
            assert!(check(Service::Ssm, url).is_err(), "{url}");
        }
    }
}
