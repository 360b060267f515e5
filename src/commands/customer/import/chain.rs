//! One profile of `~/.aws/config` as a chain: base identity, vendor role, customer role.
//! A profile that vendor-ssm could not walk as aws-cli does is refused, with the reason.
//!
//! Source: botocore, `credentials.py`, `AssumeRoleProvider`. A profile that another one names as
//! its source is taken for its keys first, whatever else it says.

use std::ops::RangeInclusive;
use std::str::FromStr;

use crate::aws::{Section, SharedFiles};
use crate::names::{ExternalId, Malformed, Region, RoleArn, RoleSessionName, UserTemplate};

/// What the vendor role's session may last, in seconds (AssumeRole API reference).
const VENDOR_SECONDS: RangeInclusive<u32> = 900..=43_200;
/// What a chained role's session may last, in seconds (IAM User Guide, role chaining).
const CHAINED_SECONDS: RangeInclusive<u32> = 900..=3600;
/// The most profiles that lead to a base identity.
const MOST_SOURCES: usize = 20;
/// The keys that change where a profile's calls go, and that vendor-ssm reads elsewhere.
const ELSEWHERE: [&str; 5] = [
    "ca_bundle",
    "endpoint_url",
    "services",
    "use_dualstack_endpoint",
    "use_fips_endpoint",
];

/// A profile that describes a customer.
#[derive(Debug)]
pub(super) struct Chained {
    pub profile: String,
    pub role_arn: RoleArn,
    pub external_id: ExternalId,
    pub region: Option<Region>,
    pub duration_seconds: Option<u32>,
    pub hop: Hop,
    /// The keys of this profile and of the vendor role's that are left behind.
    pub left_behind: Vec<&'static str>,
}

/// The vendor's side.
#[derive(Debug)]
pub(super) struct Hop {
    /// The profile of the vendor role; `None`: the customer role is assumed by the base identity.
    pub name: Option<String>,
    pub role_arn: Option<RoleArn>,
    pub base: Base,
    pub role_session_name: Option<RoleSessionName>,
    pub mfa_serial: Option<UserTemplate>,
    pub duration_seconds: Option<u32>,
}

/// Where the chain begins.
#[derive(Debug, Clone)]
pub(super) enum Base {
    Profile(String),
    /// In AWS's words.
    Source(&'static str),
}

/// Why a profile is not imported.
#[derive(Debug)]
pub(super) enum Not {
    /// It assumes no role, so it cannot be a customer.
    Role,
    /// It should perhaps be one, and this is in the way.
    Usable(String),
}

impl From<String> for Not {
    fn from(why: String) -> Self {
        Self::Usable(why)
    }
}

/// Reads a profile.
pub(super) fn read(files: &SharedFiles, profile: &Section) -> Result<Chained, Not> {
    let name = profile.name();
    if profile.get("role_arn").is_none() {
        return Err(match profile.get("external_id") {
            Some(_) => "it has an external_id, and no role_arn".to_owned().into(),
            None => Not::Role,
        });
    }
    if profile.get("external_id").is_none() {
        return Err("it has no external_id".to_owned().into());
    }
    sources_end(files, profile)?;
    files.check_chain(name).map_err(|error| error.to_string())?;
    if profile.get("web_identity_token_file").is_some() {
        return Err("it assumes its role with a web identity token"
            .to_owned()
            .into());
    }
    let role_arn = required(profile, "role_arn", RoleArn::from_str)?;
    let external_id = required(profile, "external_id", ExternalId::from_str)?;
    let region = optional(profile, "region", Region::from_str)?;
    let partition = role_arn.partition().name();
    if let Some(region) = &region
        && region.partition().name() != partition
    {
        return Err(
            format!("its region {region} is not in the role's partition {partition}").into(),
        );
    }
    let mut hop = hop(files, profile)?;
    if let Some(vendor) = &hop.role_arn
        && vendor.partition().name() != partition
    {
        return Err(format!("its two roles are in different partitions: {vendor}").into());
    }
    let mut left_behind: Vec<&'static str> = ELSEWHERE
        .into_iter()
        .filter(|key| {
            let vendor = hop.name.as_ref().and_then(|name| files.profile(name));
            [Some(profile), vendor]
                .into_iter()
                .flatten()
                .any(|section| section.get(key).is_some())
        })
        .collect();
    let own_name = optional(profile, "role_session_name", RoleSessionName::from_str)?;
    if hop.name.is_none() {
        hop.role_session_name = own_name;
    } else if own_name.is_some() && own_name != hop.role_session_name {
        left_behind.push("role_session_name");
    }
    let mut duration_seconds = optional(profile, "duration_seconds", seconds(1..=43_200))?;
    if duration_seconds.is_some_and(|seconds| !CHAINED_SECONDS.contains(&seconds)) {
        duration_seconds = None;
        left_behind.push("duration_seconds");
    }
    Ok(Chained {
        profile: name.to_owned(),
        role_arn,
        external_id,
        region,
        duration_seconds,
        hop,
        left_behind,
    })
}

/// The vendor's side of a customer's profile.
fn hop(files: &SharedFiles, profile: &Section) -> Result<Hop, String> {
    let serial = optional(profile, "mfa_serial", UserTemplate::mfa_serial)?;
    let from_base = |base, mfa_serial| Hop {
        name: None,
        role_arn: None,
        base,
        role_session_name: None,
        mfa_serial,
        duration_seconds: None,
    };
    let source = match origin(files, profile)? {
        Origin::Source(word) => return Ok(from_base(Base::Source(word), serial)),
        Origin::Profile(source) => source,
    };
    let is_role = source.get("aws_access_key_id").is_none()
        && source.get("role_arn").is_some()
        && source.get("web_identity_token_file").is_none();
    if !is_role {
        return Ok(from_base(Base::Profile(base(source)?), serial));
    }
    if serial.is_some() {
        return Err(format!(
            "it has an mfa_serial, which AWS refuses for a chained role: move it to the profile {}",
            source.name()
        ));
    }
    if source.get("external_id").is_some() {
        return Err(format!(
            "its vendor role, the profile {}, needs an external_id too",
            source.name()
        ));
    }
    let base = match origin(files, source)? {
        Origin::Source(word) => Base::Source(word),
        Origin::Profile(first) => Base::Profile(base(first)?),
    };
    Ok(Hop {
        name: Some(source.name().to_owned()),
        role_arn: Some(required(source, "role_arn", RoleArn::from_str)?),
        base,
        role_session_name: optional(source, "role_session_name", RoleSessionName::from_str)?,
        mfa_serial: optional(source, "mfa_serial", UserTemplate::mfa_serial)?,
        duration_seconds: optional(source, "duration_seconds", seconds(VENDOR_SECONDS))?,
    })
}

/// What a role's profile assumes its role with.
enum Origin<'a> {
    Profile(&'a Section),
    Source(&'static str),
}

fn origin<'a>(files: &'a SharedFiles, profile: &Section) -> Result<Origin<'a>, String> {
    let name = profile.name();
    match (
        profile.get("source_profile"),
        profile.get("credential_source"),
    ) {
        (Some(_), Some(_)) => Err(format!(
            "{name} has both source_profile and credential_source"
        )),
        (None, None) => Err(format!(
            "{name} has neither source_profile nor credential_source"
        )),
        (None, Some(word)) => {
            let known = ["Environment", "Ec2InstanceMetadata", "EcsContainer"];
            let found = known.into_iter().find(|it| it.eq_ignore_ascii_case(word));
            found.map(Origin::Source).ok_or_else(|| {
                format!(
                    "the credential_source of {name} is none of {}",
                    known.join(", ")
                )
            })
        }
        (Some(source), None) if source == name => Err(format!(
            "{name} is its own source_profile: put its keys into a profile of their own"
        )),
        (Some(source), None) => files.profile(source).map(Origin::Profile).ok_or_else(|| {
            let why = files.why_missing(source);
            let why = why.map_or_else(String::new, |why| format!(": {why}"));
            format!("the source_profile of {name}, {source}, is not there{why}")
        }),
    }
}

/// Errors: the sources of this profile lead in a circle, or through very many profiles.
fn sources_end(files: &SharedFiles, profile: &Section) -> Result<(), String> {
    let mut at = profile;
    for _ in 0..MOST_SOURCES {
        let is_role = at.get("role_arn").is_some()
            && (at.name() == profile.name() || at.get("aws_access_key_id").is_none());
        let source = at.get("source_profile").filter(|_| is_role);
        let next = source.filter(|source| *source != at.name());
        match next.and_then(|source| files.profile(source)) {
            Some(section) => at = section,
            None => return Ok(()),
        }
    }
    Err(format!(
        "its source_profile leads in a circle, or through more than {MOST_SOURCES} profiles"
    ))
}

/// The name of a base identity's profile.
/// Errors: named by itself, it would be another identity than as a source.
fn base(profile: &Section) -> Result<String, String> {
    let name = profile.name();
    if profile.get("aws_access_key_id").is_some() && profile.get("role_arn").is_some() {
        return Err(format!(
            "the profile {name} has keys and a role_arn: put its keys into a profile of their own"
        ));
    }
    Ok(name.to_owned())
}

fn required<T>(
    section: &Section,
    key: &str,
    parse: impl FnOnce(&str) -> Result<T, Malformed>,
) -> Result<T, String> {
    let found = optional(section, key, parse)?;
    found.ok_or_else(|| format!("{} has no {key}", section.name()))
}

fn optional<T>(
    section: &Section,
    key: &str,
    parse: impl FnOnce(&str) -> Result<T, Malformed>,
) -> Result<Option<T>, String> {
    let Some(value) = section.value(key) else {
        return Ok(None);
    };
    match parse(&value.text) {
        Ok(value) => Ok(Some(value)),
        Err(why) => Err(format!("{key} at {}: {why}", value.place)),
    }
}

fn seconds(range: RangeInclusive<u32>) -> impl FnOnce(&str) -> Result<u32, Malformed> {
    move |text| {
        let seconds = text.parse().ok().filter(|seconds| range.contains(seconds));
        seconds.ok_or_else(|| {
            Malformed(format!(
                "expected {} to {} seconds",
                range.start(),
                range.end()
            ))
        })
    }
}
