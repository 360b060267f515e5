//! Where a login and a metadata service are asked, if a variable or a profile names another place.

use crate::aws::Section;
use crate::identity::error::{Error, ErrorKind};
use crate::names::{EndpointUrl, without_secrets};
use crate::os::Os;

const IPV4: &str = "http://169.254.169.254";
const IPV6: &str = "http://[fd00:ec2::254]";

/// Refuses a variable that leads a login's token to another machine. The SDK would follow it.
pub(super) fn asked_here(variables: &[&'static str], os: &Os) -> Result<(), Error> {
    for name in variables {
        let Some(text) = os.var(name) else { continue };
        if !EndpointUrl::of_api(name, text).is_ok_and(|url| url.is_loopback()) {
            return Err(ErrorKind::Address {
                name,
                value: without_secrets(text),
                expected: "an address of this machine: a login is for AWS's own host".to_owned(),
            }
            .into());
        }
    }
    Ok(())
}

/// The address of EC2's metadata service.
/// The variable comes first, then the profile's key, then the mode that either of them chooses.
/// Source: AWS SDKs and Tools Reference Guide, "IMDS credential provider".
pub(super) fn metadata_endpoint(profile: Option<&Section>, os: &Os) -> Result<String, Error> {
    const ENDPOINT: [&str; 2] = [
        "AWS_EC2_METADATA_SERVICE_ENDPOINT",
        "ec2_metadata_service_endpoint",
    ];
    const MODE: [&str; 2] = [
        "AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE",
        "ec2_metadata_service_endpoint_mode",
    ];
    let find = |[variable, key]: [&'static str; 2]| {
        let named = os.var(variable).map(|text| (variable, text));
        named.or_else(|| Some((key, profile?.get(key)?)))
    };
    let wrong = |(name, text): (&'static str, &str), expected: &str| {
        Error::from(ErrorKind::Address {
            name,
            value: text.to_owned(),
            expected: expected.to_owned(),
        })
    };
    if let Some((name, text)) = find(ENDPOINT) {
        let url = url::Url::parse(text).ok();
        let url = url.filter(|url| url.has_host() && matches!(url.scheme(), "http" | "https"));
        return match url {
            Some(_) => Ok(text.to_owned()),
            None => Err(wrong((name, text), "an http URL")),
        };
    }
    match find(MODE) {
        None => Ok(IPV4.to_owned()),
        Some((_, mode)) if mode.eq_ignore_ascii_case("ipv4") => Ok(IPV4.to_owned()),
        Some((_, mode)) if mode.eq_ignore_ascii_case("ipv6") => Ok(IPV6.to_owned()),
        Some(found) => Err(wrong(found, "IPv4 or IPv6")),
    }
}
