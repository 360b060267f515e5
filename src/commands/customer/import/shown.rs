//! What an import writes, as JSON. An ExternalId shows at most its last three characters.

use serde::Serialize;

use crate::names::{Region, RoleSessionName};
use crate::settings::{NewCustomer, NewVendor, TAG_KEY};

use super::plan::Plan;

/// What `--output json` prints.
#[derive(Debug, Serialize)]
pub(super) struct Shown<'a> {
    version: u8,
    /// What is new in `[vendor]`.
    vendor: Option<Vendor<'a>>,
    customers: Vec<Customer<'a>>,
    profiles: Vec<Profile<'a>>,
}

#[derive(Debug, Serialize)]
struct Vendor<'a> {
    profile: Option<&'a str>,
    credential_source: Option<&'a str>,
    role_arn: &'a str,
    role_session_name: Option<&'a str>,
    mfa_serial: Option<&'a str>,
    duration_seconds: Option<u32>,
}

#[derive(Debug, Serialize)]
struct Customer<'a> {
    #[serde(rename = "customer")]
    name: &'a str,
    role_arn: &'a str,
    external_id: String,
    tag_key: &'a str,
    tag_value: &'a str,
    regions: Vec<&'a str>,
    duration_seconds: Option<u32>,
    /// What is new in `[customers.NAME.vendor]`.
    vendor: Option<Vendor<'a>>,
}

/// A profile of which there is something to say.
#[derive(Debug, Serialize)]
struct Profile<'a> {
    profile: &'a str,
    message: &'a str,
}

impl<'a> From<&'a NewVendor> for Vendor<'a> {
    fn from(vendor: &'a NewVendor) -> Self {
        Self {
            profile: vendor.profile.as_deref(),
            credential_source: vendor.credential_source,
            role_arn: vendor.role_arn.as_str(),
            role_session_name: vendor
                .role_session_name
                .as_ref()
                .map(RoleSessionName::as_str),
            mfa_serial: vendor.mfa_serial.as_ref().map(|serial| &*serial.0),
            duration_seconds: vendor.duration_seconds,
        }
    }
}

impl<'a> From<&'a NewCustomer> for Customer<'a> {
    fn from(new: &'a NewCustomer) -> Self {
        Self {
            name: &new.name,
            role_arn: new.role_arn.as_str(),
            external_id: new.external_id.to_string(),
            tag_key: new.tag_key.as_deref().unwrap_or(TAG_KEY),
            tag_value: &new.tag_value,
            regions: new.regions.iter().map(Region::as_str).collect(),
            duration_seconds: new.duration_seconds,
            vendor: new.vendor.as_ref().map(Vendor::from),
        }
    }
}

/// The plan as JSON.
pub(super) fn plan(plan: &Plan) -> Shown<'_> {
    let profiles = plan
        .notes
        .iter()
        .map(|(profile, message)| Profile { profile, message });
    Shown {
        version: 1,
        vendor: plan.vendor.as_ref().map(Vendor::from),
        customers: plan.customers.iter().map(Customer::from).collect(),
        profiles: profiles.collect(),
    }
}
