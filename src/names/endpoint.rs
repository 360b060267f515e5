//! Endpoint overrides: which hosts may stand in for a service's own.
//! A signed request hides the secret key, but carries session tokens and the ExternalId. It goes
//! only to AWS or to this machine.

use std::fmt;

use url::{Host, Url};

use super::malformed::{Malformed, malformed};
use super::region::{PARTITIONS, Partition, Region};

/// The service of the data channel, as host names and signatures have it.
pub(crate) const SSMMESSAGES: &str = "ssmmessages";

/// The URL of an endpoint that a service is asked at instead of its region's own.
/// It has no user, query or fragment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct EndpointUrl {
    text: String,
    url: Url,
    region: Option<Region>,
}

impl EndpointUrl {
    /// An endpoint of a service that answers API calls, such as `sts`.
    /// Accepted are AWS's own hosts for it, VPC endpoints included, over https, and this machine.
    pub(crate) fn of_api(service: &str, text: &str) -> Result<Self, Malformed> {
        Self::parse(text, |named| named.is_of(service))
    }

    /// An endpoint of the data channel.
    /// Accepted are VPC endpoints for `ssmmessages`, over https, and this machine. The path is the
    /// stream URL's, so the endpoint has none.
    pub(crate) fn of_ssmmessages(text: &str) -> Result<Self, Malformed> {
        let endpoint = Self::parse(text, |named| named.is_private && named.is_of(SSMMESSAGES));
        match endpoint {
            Ok(endpoint) if endpoint.url.path() != "/" => {
                malformed("has a path; the path comes from AWS's answer")
            }
            Ok(endpoint) if endpoint.region.is_some() && endpoint.url.port().is_some() => {
                malformed("has a port; VPC endpoints listen on 443")
            }
            Err(Malformed(why)) if why == ELSEWHERE => {
                malformed("is neither a VPC endpoint for ssmmessages nor on this machine")
            }
            endpoint => endpoint,
        }
    }

    fn parse(text: &str, accepts: impl Fn(&Named<'_>) -> bool) -> Result<Self, Malformed> {
        let text = text.trim();
        let Ok(url) = Url::parse(text) else {
            return malformed("is not a URL");
        };
        if !url.username().is_empty()
            || url.password().is_some()
            || url.query().is_some()
            || url.fragment().is_some()
        {
            return malformed("has parts besides scheme, host, port and path");
        }
        let of_aws = match url.host() {
            Some(Host::Domain(host)) => Named::read(host).filter(accepts),
            _ => None,
        };
        let region = match (url.scheme(), url.host()) {
            ("http" | "https", Some(host)) if is_loopback(&host) => None,
            ("http" | "https", Some(_)) => match (url.scheme(), of_aws) {
                ("https", Some(named)) => named.region,
                (_, Some(_)) => return malformed("is not https"),
                (_, None) => return malformed(ELSEWHERE),
            },
            _ => return malformed("is not an http or https URL"),
        };
        Ok(Self {
            text: text.to_owned(),
            url,
            region,
        })
    }

    /// The URL as it was written.
    pub(crate) fn as_str(&self) -> &str {
        &self.text
    }

    /// The URL in its parts.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// The region in the host name. A loopback address and a global endpoint have none.
    pub(crate) fn region(&self) -> Option<&Region> {
        self.region.as_ref()
    }

    /// Whether it is this machine.
    pub(crate) fn is_loopback(&self) -> bool {
        self.url.host().is_some_and(|host| is_loopback(&host))
    }
}

const ELSEWHERE: &str = "is neither AWS's nor on this machine";

impl fmt::Display for EndpointUrl {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&without_secrets(&self.text))
    }
}

/// A URL's scheme, host and port: an endpoint that is refused may hold a password.
pub(crate) fn without_secrets(text: &str) -> String {
    Url::parse(text).map_or_else(
        |_| "(no URL)".to_owned(),
        |url| {
            let host = url.host_str().unwrap_or_default();
            let port = url.port().map_or_else(String::new, |it| format!(":{it}"));
            format!("{}://{host}{port}", url.scheme())
        },
    )
}

/// Whether a host is this machine: a loopback address, or `localhost`.
fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// What a host name under AWS's suffixes says:
/// `SERVICE[-fips][.REGION].SUFFIX`, or that behind a VPC endpoint's label and with `vpce`.
/// Other names under those suffixes belong to AWS's users: instances, buckets, API gateways and
/// endpoint services.
struct Named<'a> {
    service: &'a str,
    region: Option<Region>,
    is_private: bool,
}

impl<'a> Named<'a> {
    fn read(host: &'a str) -> Option<Self> {
        let (partition, rest) = PARTITIONS
            .iter()
            .flat_map(|partition| partition.dns_suffixes().map(|suffix| (partition, suffix)))
            .filter_map(|(partition, suffix)| {
                let rest = host.strip_suffix(suffix)?.strip_suffix('.')?;
                Some((partition, rest))
            })
            .min_by_key(|(_, rest)| rest.len())?;
        let mut labels: Vec<&str> = rest.split('.').collect();
        let is_private = labels.last() == Some(&"vpce");
        if is_private {
            labels.pop();
            // The endpoint's own label, with its zone's name in zonal names.
            let id = labels.first()?.strip_prefix("vpce-")?;
            if labels.len() < 3 || id.is_empty() {
                return None;
            }
            labels.remove(0);
        }
        let (service, region) = match labels[..] {
            [service] => (service, None),
            [service, region] => (service, Some(region.parse::<Region>().ok()?)),
            _ => return None,
        };
        // Partitions may share their suffixes.
        let fits = |region: &Region| {
            Partition::dns_suffixes(region.partition()) == Partition::dns_suffixes(partition)
        };
        region.as_ref().is_none_or(fits).then_some(Self {
            service,
            region,
            is_private,
        })
    }

    /// Whether the host is the service's.
    fn is_of(&self, service: &str) -> bool {
        self.service.strip_suffix("-fips").unwrap_or(self.service) == service
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
            " http://127.0.0.1:4566\r\n",
            "https://localhost:8443",
            "https://ssm.us-east-1.amazonaws.com",
            "https://SSM.us-east-1.AMAZONAWS.com",
            "https://ssm-fips.us-gov-west-1.amazonaws.com",
            "https://ssm.eu-west-1.api.aws",
            "https://ssm.cn-north-1.amazonaws.com.cn",
            "https://vpce-0a1b-xyz.ssm.us-east-1.vpce.amazonaws.com",
            "https://vpce-0a1b-xyz-us-east-1a.ssm.us-east-1.vpce.amazonaws.com",
        ];
        for url in allowed {
            assert!(EndpointUrl::of_api("ssm", url).is_ok(), "{url}");
        }
        let refused = [
            "http://ssm.us-east-1.amazonaws.com",
            "https://evil.example",
            "https://ssm.us-east-1.amazonaws.com.evil.example",
            "https://ssm.us-east-1.amazonaws.com.cn",
            "https://ssm.cn-north-1.amazonaws.com",
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
            assert!(EndpointUrl::of_api("ssm", url).is_err(), "{url}");
        }
        assert!(EndpointUrl::of_api("sts", "https://sts.amazonaws.com").is_ok());
    }

    #[test]
    fn a_data_channel_goes_to_a_vpc_endpoint_or_stays_on_this_machine() {
        let allowed = [
            ("http://127.0.0.1:4566", None),
            ("https://localhost:8443/", None),
            (
                "https://vpce-0123-abcd.ssmmessages.us-east-1.vpce.amazonaws.com",
                Some("us-east-1"),
            ),
            (
                "https://vpce-0123-abcd-us-east-1a.ssmmessages.us-east-1.vpce.amazonaws.com:443/",
                Some("us-east-1"),
            ),
            (
                "https://vpce-0123-abcd.ssmmessages.cn-north-1.vpce.amazonaws.com.cn",
                Some("cn-north-1"),
            ),
            (
                "https://vpce-0123-abcd.ssmmessages-fips.us-gov-west-1.vpce.amazonaws.com",
                Some("us-gov-west-1"),
            ),
        ];
        for (url, region) in allowed {
            let endpoint = EndpointUrl::of_ssmmessages(url).expect(url);
            assert_eq!(endpoint.region().map(Region::as_str), region, "{url}");
        }
        let vpce = "vpce-0123-abcd.ssmmessages.us-east-1.vpce.amazonaws.com";
        for url in [
            format!("http://{vpce}"),
            format!("wss://{vpce}"),
            format!("{vpce}:443"),
            format!("https://{vpce}."),
            format!("https://{vpce}.cn"),
            format!("https://{vpce}.evil.example"),
            format!("https://{vpce}:8443"),
            format!("https://{vpce}/v1"),
            format!("https://{vpce}?x"),
            format!("https://alice@{vpce}"),
            format!("https://evil.{vpce}"),
            "https://vpce-.ssmmessages.us-east-1.vpce.amazonaws.com".to_owned(),
            "https://xvpce-1.ssmmessages.us-east-1.vpce.amazonaws.com".to_owned(),
            "https://vpce-1.ssmmessages.vpce.amazonaws.com".to_owned(),
            "https://vpce-1.ssm.us-east-1.vpce.amazonaws.com".to_owned(),
            "https://vpce-1.vpce-svc-2.us-east-1.vpce.amazonaws.com".to_owned(),
            "https://ssmmessages.us-east-1.amazonaws.com".to_owned(),
            "https://10.0.0.1".to_owned(),
            "http://127.0.0.1:1/path".to_owned(),
        ] {
            assert!(EndpointUrl::of_ssmmessages(&url).is_err(), "{url}");
        }
    }

    #[test]
    fn a_refused_url_is_shown_without_its_password() {
        assert_eq!(
            without_secrets("https://alice:pw@evil.example:1/p?q#f"),
            "https://evil.example:1"
        );
    }
}
