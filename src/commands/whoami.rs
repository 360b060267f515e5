//! `whoami`: your identity at each step, when it expires, and where the credentials came from.

use std::time::SystemTime;

use jiff::Timestamp;
use serde::Serialize;

use crate::args::{Format, Output};
use crate::callbacks::Callbacks as _;
use crate::error::Error;
use crate::exit::Exit;
use crate::identity::{AssumedRole, Source, Whoami};
use crate::names::moment::rfc3339;
use crate::ui::table;

use super::stages::Stages;

/// The source of a role that the cache keeps.
const CACHE: &str = "cache";
/// What stands for a moment that is not known.
const UNKNOWN: &str = "unknown";

#[derive(Debug, Serialize)]
struct WhoamiReport {
    version: u8,
    customer: String,
    base: Base,
    vendor_role: VendorRole,
    customer_role: CustomerRole,
}

#[derive(Debug, Serialize)]
struct Base {
    arn: Option<String>,
}

/// A role that is not cached has no values.
#[derive(Debug, Default, Serialize)]
struct VendorRole {
    arn: Option<String>,
    expires: Option<String>,
    source: Option<&'static str>,
}

#[derive(Debug, Default, Serialize)]
struct CustomerRole {
    arn: Option<String>,
    account_id: Option<String>,
    expires: Option<String>,
    source: Option<&'static str>,
}

/// Runs `whoami`.
pub(super) async fn run(stages: &Stages<'_>, output: Output) -> Result<Exit, Error> {
    let customer = stages.customer()?;
    stages.warn_of_grant_end(customer);
    let aws = stages.aws(customer).await?;
    let identity = stages.identity(stages.ui, false);
    stages.ui.step("asking AWS for your identity…");
    let Whoami {
        base_arn,
        vendor_role,
        customer_role,
    } = identity.whoami(customer, &aws).await?;
    let report = WhoamiReport {
        version: 1,
        customer: customer.name.clone(),
        base: Base { arn: base_arn },
        vendor_role: VendorRole {
            expires: Some(expires(&vendor_role)),
            source: Some(source(&vendor_role)),
            arn: Some(vendor_role.arn),
        },
        customer_role: CustomerRole {
            account_id: Some(customer_role.account.to_string()),
            expires: Some(expires(&customer_role)),
            source: Some(source(&customer_role)),
            arn: Some(customer_role.arn),
        },
    };
    show(stages, output, &report)
}

/// Runs `whoami --cached`: what the cache's notes say.
pub(super) fn cached(stages: &Stages<'_>, output: Output) -> Result<Exit, Error> {
    let customer = stages.customer()?;
    let [vendor_role, customer_role] = stages.identity(stages.ui, false).noted(customer);
    let report = WhoamiReport {
        version: 1,
        customer: customer.name.clone(),
        base: Base { arn: None },
        vendor_role: vendor_role.map_or_else(VendorRole::default, |role| VendorRole {
            expires: moment(role.expires),
            source: Some(CACHE),
            arn: Some(role.arn),
        }),
        customer_role: customer_role.map_or_else(CustomerRole::default, |role| CustomerRole {
            account_id: Some(customer.role_arn.account().to_string()),
            expires: moment(role.expires),
            source: Some(CACHE),
            arn: Some(role.arn),
        }),
    };
    show(stages, output, &report)
}

fn show(stages: &Stages<'_>, output: Output, report: &WhoamiReport) -> Result<Exit, Error> {
    if output.output == Format::Json {
        stages.ui.json(report)?;
        return Ok(Exit::Ok);
    }
    let role = |arn: &Option<String>, expires: &Option<String>, source: Option<&str>| match arn {
        Some(arn) => format!(
            "{arn} (until {}, from {})",
            expires.as_deref().unwrap_or(UNKNOWN),
            source.unwrap_or(UNKNOWN)
        ),
        None => "not cached".to_owned(),
    };
    let VendorRole {
        arn,
        expires,
        source,
    } = &report.vendor_role;
    let vendor = role(arn, expires, *source);
    let CustomerRole {
        arn,
        expires,
        source,
        ..
    } = &report.customer_role;
    let customer = role(arn, expires, *source);
    let rows = [
        ("customer", Some(report.customer.as_str())),
        ("base", report.base.arn.as_deref()),
        ("vendor role", Some(vendor.as_str())),
        ("customer role", Some(customer.as_str())),
    ];
    stages.ui.data(&table::facts(&rows))?;
    Ok(Exit::Ok)
}

/// When the role's credentials expire, in RFC 3339.
pub(super) fn expires(role: &AssumedRole) -> String {
    moment(role.expires).unwrap_or_else(|| UNKNOWN.to_owned())
}

fn moment(time: SystemTime) -> Option<String> {
    Timestamp::try_from(time).ok().map(rfc3339)
}

fn source(role: &AssumedRole) -> &'static str {
    match role.source {
        Source::Cache => CACHE,
        Source::Sts => "sts",
    }
}
