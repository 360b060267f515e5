//! Whether a stream URL may be connected to: the token and a signature go there. Pure.
//!
//! It has to be the data channel of the very session, on AWS's own host of the session's region.

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

/// Reads a stream URL and refuses it unless it leads to this session.
/// `loopback` allows a host on this machine besides AWS's, without TLS too, for a user who has
/// overridden the SSM endpoint.
pub(super) fn check(
    url: &str,
    session_id: &str,
    region: &str,
    loopback: bool,
) -> Result<Url, StreamUrlRefused> {
    let url = Url::parse(url).map_err(|_| StreamUrlRefused::Unreadable)?;
    let host = url.host().ok_or(StreamUrlRefused::Unreadable)?;
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();

    let local = loopback && is_loopback(&host);
    if !local {
        if url.scheme() != "wss" {
            return Err(StreamUrlRefused::Scheme(url.scheme().to_owned()));
        }
        if !is_ssmmessages(&host, region) {
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
    let Host::Domain(host) = host else {
        return false;
    };
    dns_suffixes(region).iter().any(|suffix| {
        ["ssmmessages", "ssmmessages-fips"]
            .iter()
            .any(|service| *host == format!("{service}.{region}.{suffix}"))
    })
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
        check(&url.replace("ID", SESSION), SESSION, region, loopback).map(drop)
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
