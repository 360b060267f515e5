//! Where a data channel is opened: the token and a signature go there. Pure.
//!
//! A stream URL has to be the data channel of the very session, on AWS's own host of the session's
//! region. The user may choose another host of AWS's to connect to.

use thiserror::Error;
use url::{Host, Url};

/// Why a stream URL was refused.
/// The error does not repeat the URL in full: its query belongs to the session.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum StreamUrlRefused {
    /// No URL at all, or one without a host.
    #[error("the stream URL is not a URL")]
    Unreadable,
    /// Not `wss`.
    #[error("the stream URL is {0}, not wss")]
    Scheme(String),
    /// A user, password, port or fragment, none of which AWS uses.
    #[error("the stream URL has a user, a port or a fragment")]
    Extra,
    /// Not the `ssmmessages` host of the region.
    #[error("the stream URL's host {host} is not AWS's for sessions in {region}")]
    Host {
        /// The host in the URL.
        host: String,
        /// The session's region.
        region: String,
    },
    /// Not this session's data channel.
    #[error("the stream URL is not the data channel of session {0}")]
    Path(String),
}

/// The names under which AWS serves a region, by its partition.
/// First for IPv4, then for both IPv4 and IPv6.
///
/// From the partitions file of the AWS SDKs (`dnsSuffix` and `dualStackDnsSuffix`).
fn dns_suffixes(region: &str) -> [&'static str; 2] {
    const PARTITIONS: [(&str, [&str; 2]); 6] = [
        ("cn-", ["amazonaws.com.cn", "api.amazonwebservices.com.cn"]),
        ("us-iso-", ["c2s.ic.gov", "api.aws.ic.gov"]),
        ("us-isob-", ["sc2s.sgov.gov", "api.aws.scloud"]),
        ("us-isof-", ["csp.hci.ic.gov", "api.aws.hci.ic.gov"]),
        ("eu-isoe-", ["cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"]),
        ("eusc-", ["amazonaws.eu", "api.amazonwebservices.eu"]),
    ];
    let of_partition = PARTITIONS
        .iter()
        .find(|(prefix, _)| region.starts_with(prefix));
    of_partition.map_or(["amazonaws.com", "api.aws"], |(_, suffixes)| *suffixes)
}

/// Which host a data channel is opened on.
#[derive(Debug, Clone, Default)]
pub struct Destination {
    /// Whether a stream URL on this machine is allowed too, with or without TLS.
    /// For a user who has overridden the SSM endpoint.
    pub loopback: bool,
    /// The endpoint to connect to instead of the host in the stream URL.
    /// The user chose it, so it is not checked here.
    pub endpoint: Option<Url>,
    /// Whether a FIPS-validated host is asked for.
    pub fips: bool,
    /// Whether a host with IPv4 and IPv6 addresses is asked for.
    pub dual_stack: bool,
}

/// A URL of the data channel that may be connected to.
#[derive(Clone, PartialEq, Eq)]
pub struct StreamUrl(Url);

impl StreamUrl {
    /// Where it leads.
    pub fn url(&self) -> &Url {
        &self.0
    }
}

/// Without the query, which belongs to the session.
impl std::fmt::Debug for StreamUrl {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "StreamUrl({})",
            self.0.host_str().unwrap_or_default()
        )
    }
}

impl Destination {
    /// The host that the region's data channels are opened on, if a stream URL names the usual one.
    ///
    /// # Panics
    ///
    /// If the region cannot stand in a host name.
    pub fn usual(&self, region: &str) -> StreamUrl {
        let url = match &self.endpoint {
            Some(endpoint) => on_endpoint(endpoint.clone(), endpoint),
            None => Url::parse(&format!("wss://{}/", self.host(region))).ok(),
        };
        StreamUrl(url.expect("a region makes a host name"))
    }

    /// Decides where a stream URL leads. StartSession's and ResumeSession's are treated alike.
    /// Refused: one that is not this session's data channel on a host of AWS's in its region.
    /// The host is then replaced by the endpoint, or by the region's host of the kind asked for;
    /// path and query stay.
    pub fn of(
        &self,
        stream_url: &str,
        session_id: &str,
        region: &str,
    ) -> Result<StreamUrl, StreamUrlRefused> {
        let mut url = check(stream_url, session_id, region, self)?;
        if let Some(endpoint) = &self.endpoint {
            url = on_endpoint(url, endpoint).ok_or(StreamUrlRefused::Unreadable)?;
        } else if let Some(Host::Domain(host)) = url.host()
            && let Some(has) = Kind::of(host, region)
            && (self.fips && !has.fips || self.dual_stack && !has.dual_stack)
        {
            url.set_host(Some(&self.host(region)))
                .map_err(|_| StreamUrlRefused::Unreadable)?;
        }
        Ok(StreamUrl(url))
    }

    /// The region's host of the kind asked for.
    fn host(&self, region: &str) -> String {
        let kind = Kind {
            fips: self.fips,
            dual_stack: self.dual_stack,
        };
        kind.host(region)
    }
}

/// The URL with the scheme, host and port of an endpoint.
fn on_endpoint(mut url: Url, endpoint: &Url) -> Option<Url> {
    let scheme = match endpoint.scheme() {
        "http" => "ws",
        _ => "wss",
    };
    url.set_scheme(scheme).ok()?;
    url.set_host(endpoint.host_str()).ok()?;
    url.set_port(endpoint.port_or_known_default()).ok()?;
    Some(url)
}

/// The kinds of host that a region has for data channels.
/// Source: AWS General Reference, "AWS Systems Manager endpoints and quotas".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Kind {
    fips: bool,
    dual_stack: bool,
}

impl Kind {
    const ALL: [Self; 4] = [
        Self::new(false, false),
        Self::new(true, false),
        Self::new(false, true),
        Self::new(true, true),
    ];

    const fn new(fips: bool, dual_stack: bool) -> Self {
        Self { fips, dual_stack }
    }

    fn host(self, region: &str) -> String {
        let service = if self.fips {
            "ssmmessages-fips"
        } else {
            "ssmmessages"
        };
        let suffix = dns_suffixes(region)[usize::from(self.dual_stack)];
        format!("{service}.{region}.{suffix}")
    }

    /// The kind of a host, if it is the region's own.
    fn of(host: &str, region: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.host(region) == host)
    }
}

/// Reads a stream URL and refuses it unless it leads to this session.
fn check(
    url: &str,
    session_id: &str,
    region: &str,
    destination: &Destination,
) -> Result<Url, StreamUrlRefused> {
    let url = Url::parse(url).map_err(|_| StreamUrlRefused::Unreadable)?;
    let host = url.host().ok_or(StreamUrlRefused::Unreadable)?;
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();

    let local = destination.loopback && is_loopback(&host);
    let chosen = destination
        .endpoint
        .as_ref()
        .is_some_and(|endpoint| endpoint.host() == Some(host.clone()));
    if !local {
        if url.scheme() != "wss" {
            return Err(StreamUrlRefused::Scheme(url.scheme().to_owned()));
        }
        if !is_ssmmessages(&host, region) && !chosen {
            return Err(StreamUrlRefused::Host {
                host: host.to_string(),
                region: region.to_owned(),
            });
        }
    } else if !matches!(url.scheme(), "ws" | "wss") {
        return Err(StreamUrlRefused::Scheme(url.scheme().to_owned()));
    }
    if !plain || (!local && url.port().is_some()) {
        return Err(StreamUrlRefused::Extra);
    }
    let session = url
        .path()
        .strip_prefix("/v1/data-channel/")
        .map(percent_decoded);
    if session.is_none_or(|session| session != session_id.as_bytes()) {
        return Err(StreamUrlRefused::Path(session_id.to_owned()));
    }
    Ok(url)
}

fn is_ssmmessages(host: &Host<&str>, region: &str) -> bool {
    matches!(host, Host::Domain(host) if Kind::of(host, region).is_some())
}

fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost",
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
    }
}

/// Session ids carry the role session name, whose `@` or `=` may come escaped.
fn percent_decoded(text: &str) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((byte, tail)) = rest.split_first() {
        let escaped = tail.first_chunk::<2>().filter(|_| *byte == b'%');
        let value = escaped
            .and_then(|digits| std::str::from_utf8(digits).ok())
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        decoded.push(value.unwrap_or(*byte));
        rest = if value.is_some() { &tail[2..] } else { tail };
    }
    decoded
}

#[cfg(test)]
mod tests {
    use super::*;

    const SESSION: &str = "alice@example.com-0123456789abcdef0";

    fn checked(url: &str, region: &str, loopback: bool) -> Result<(), StreamUrlRefused> {
        let destination = Destination {
            loopback,
            ..Destination::default()
        };
        let url = url.replace("ID", SESSION);
        let found = destination.of(&url, SESSION, region)?;
        assert_eq!(*found.url(), Url::parse(&url).unwrap());
        Ok(())
    }

    #[test]
    fn aws_hosts_of_the_region_pass() {
        for (host, region) in [
            ("ssmmessages.us-east-1.amazonaws.com", "us-east-1"),
            (
                "ssmmessages-fips.us-gov-west-1.amazonaws.com",
                "us-gov-west-1",
            ),
            ("SSMMESSAGES.eu-central-1.amazonaws.com:443", "eu-central-1"),
            ("ssmmessages.eu-central-1.api.aws", "eu-central-1"),
            ("ssmmessages.cn-north-1.amazonaws.com.cn", "cn-north-1"),
        ] {
            let url =
                format!("wss://{host}/v1/data-channel/ID?role=publish_subscribe&cell-number=AA%3D");
            assert_eq!(checked(&url, region, false), Ok(()), "{url}");
        }
        assert_eq!(
            checked(
                "wss://ssmmessages.us-east-1.amazonaws.com/v1/data-channel/alice%40example.com-0123456789abcdef0",
                "us-east-1",
                false
            ),
            Ok(())
        );
    }

    #[test]
    fn everything_else_is_refused() {
        let aws = "ssmmessages.us-east-1.amazonaws.com";
        for (url, loopback) in [
            (format!("ws://{aws}/v1/data-channel/ID"), true),
            (format!("https://{aws}/v1/data-channel/ID"), true),
            (format!("wss://{aws}:8443/v1/data-channel/ID"), true),
            (format!("wss://alice@{aws}/v1/data-channel/ID"), true),
            (format!("wss://:secret@{aws}/v1/data-channel/ID"), true),
            (format!("wss://{aws}/v1/data-channel/ID#x"), true),
            (format!("wss://{aws}/v1/data-channel/ID/x"), true),
            (
                format!("wss://{aws}/v1/data-channel/../data-channel/other"),
                true,
            ),
            (format!("wss://{aws}/v1/control-channel/ID"), true),
            (format!("wss://{aws}.example.com/v1/data-channel/ID"), true),
            (format!("wss://{aws}./v1/data-channel/ID"), true),
            (format!("wss://evil-{aws}/v1/data-channel/ID"), true),
            (
                "wss://ssmmessages.eu-west-1.amazonaws.com/v1/data-channel/ID".into(),
                true,
            ),
            (
                "wss://ssmmessages.us-east-1.amazonaws.com.cn/v1/data-channel/ID".into(),
                true,
            ),
            (
                "wss://ssm.us-east-1.amazonaws.com/v1/data-channel/ID".into(),
                true,
            ),
            ("ws://127.0.0.1:7/v1/data-channel/ID".into(), false),
            ("wss://localhost/v1/data-channel/ID".into(), false),
            ("http://127.0.0.1:7/v1/data-channel/ID".into(), true),
            ("ws://localhost.example.com/v1/data-channel/ID".into(), true),
            ("ws://10.0.0.1/v1/data-channel/ID".into(), true),
            ("ws://127.0.0.1:7/v1/data-channel/other".into(), true),
            ("wss:ID".into(), true),
            (String::new(), true),
        ] {
            assert!(checked(&url, "us-east-1", loopback).is_err(), "{url}");
        }
    }

    #[test]
    fn loopback_passes_when_the_endpoint_is_overridden() {
        for url in [
            "ws://127.0.0.1:8000",
            "wss://localhost:8443",
            "ws://[::1]:9",
            "ws://127.8.8.8",
        ] {
            assert_eq!(
                checked(
                    &format!("{url}/v1/data-channel/ID?role=publish_subscribe"),
                    "us-east-1",
                    true
                ),
                Ok(())
            );
        }
    }

    /// Where a stream URL of a region's usual host leads.
    fn led(destination: &Destination, host: &str, region: &str) -> String {
        let url = format!("wss://{host}/v1/data-channel/{SESSION}?role=x&cell-number=A%2B%3D");
        let found = destination.of(&url, SESSION, region).unwrap();
        let path = format!("/v1/data-channel/{SESSION}?role=x&cell-number=A%2B%3D");
        found.url().as_str().strip_suffix(&path).unwrap().to_owned()
    }

    #[test]
    fn an_endpoint_replaces_the_host_and_nothing_else() {
        let aws = "ssmmessages.us-east-1.amazonaws.com";
        let private = "vpce-0123-abcd.ssmmessages.us-east-1.vpce.amazonaws.com";
        for (endpoint, expected) in [
            (format!("https://{private}"), format!("wss://{private}")),
            (
                format!("https://{private}:443/"),
                format!("wss://{private}"),
            ),
            ("http://127.0.0.1:8000".into(), "ws://127.0.0.1:8000".into()),
            ("http://localhost".into(), "ws://localhost".into()),
            ("https://[::1]:8443".into(), "wss://[::1]:8443".into()),
        ] {
            let destination = Destination {
                endpoint: Some(Url::parse(&endpoint).unwrap()),
                // The endpoint outranks the kind.
                fips: true,
                ..Destination::default()
            };
            assert_eq!(led(&destination, aws, "us-east-1"), expected);
            let usual = destination.usual("us-east-1");
            assert_eq!(usual.url().as_str(), format!("{expected}/"));
            // AWS's answer is checked all the same, save that it may name the endpoint.
            let of = |host: &str| {
                let url = format!("wss://{host}/v1/data-channel/{SESSION}");
                destination.of(&url, SESSION, "us-east-1")
            };
            assert!(of("evil.example").is_err());
            assert!(of("ssmmessages.eu-west-1.amazonaws.com").is_err());
            assert_eq!(of(private).is_ok(), endpoint.contains("vpce"));
        }
        let destination = Destination {
            loopback: true,
            endpoint: Some(Url::parse("https://localhost").unwrap()),
            ..Destination::default()
        };
        let url = format!("ws://127.0.0.1:9/v1/data-channel/{SESSION}");
        let found = destination.of(&url, SESSION, "us-east-1").unwrap();
        assert_eq!(found.url().host_str(), Some("localhost"));
        assert_eq!((found.url().scheme(), found.url().port()), ("wss", None));
    }

    #[test]
    fn the_kind_asked_for_decides_the_host() {
        let [v4, v6] = ["us-east-1.amazonaws.com", "us-east-1.api.aws"];
        let [plain, fips] = ["ssmmessages", "ssmmessages-fips"];
        for (asked, answered, expected) in [
            ((false, false), (plain, v4), (plain, v4)),
            ((false, false), (fips, v6), (fips, v6)),
            ((true, false), (plain, v4), (fips, v4)),
            ((true, false), (plain, v6), (fips, v4)),
            ((true, false), (fips, v4), (fips, v4)),
            // It is what was asked for, and more.
            ((true, false), (fips, v6), (fips, v6)),
            ((false, true), (plain, v4), (plain, v6)),
            ((false, true), (plain, v6), (plain, v6)),
            ((true, true), (plain, v4), (fips, v6)),
            ((true, true), (fips, v4), (fips, v6)),
        ] {
            let destination = Destination {
                fips: asked.0,
                dual_stack: asked.1,
                ..Destination::default()
            };
            let host = |(service, rest): (&str, &str)| format!("{service}.{rest}");
            let led = led(&destination, &host(answered), "us-east-1");
            assert_eq!(led, format!("wss://{}", host(expected)), "{asked:?}");
        }
        let fips = Destination {
            loopback: true,
            fips: true,
            ..Destination::default()
        };
        let usual = |region| fips.usual(region).url().to_string();
        assert_eq!(
            usual("us-gov-west-1"),
            "wss://ssmmessages-fips.us-gov-west-1.amazonaws.com/"
        );
        assert_eq!(
            usual("cn-north-1"),
            "wss://ssmmessages-fips.cn-north-1.amazonaws.com.cn/"
        );
        // An overridden SSM endpoint decides where its sessions are.
        let url = format!("ws://127.0.0.1:9/v1/data-channel/{SESSION}");
        let found = fips.of(&url, SESSION, "us-east-1").unwrap();
        assert_eq!(found.url().host_str(), Some("127.0.0.1"));
    }

    #[test]
    fn a_refusal_does_not_repeat_the_query() {
        let refused = checked(
            "wss://example.com/v1/data-channel/ID?cell-number=SECRET",
            "us-east-1",
            false,
        );
        assert!(!refused.unwrap_err().to_string().contains("SECRET"));
    }

    #[test]
    fn bad_escapes_stay_as_they_are() {
        assert_eq!(percent_decoded("a%4"), b"a%4");
        assert_eq!(percent_decoded("%+1%zz%41"), b"%+1%zzA");
    }
}
