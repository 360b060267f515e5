//! `whoami`: your identity at each step, when it expires, and where the credentials came from.

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

#[derive(Debug, Serialize)]
struct VendorRole {
    arn: String,
    expires: String,
    source: &'static str,
}

#[derive(Debug, Serialize)]
struct CustomerRole {
    arn: String,
    account_id: String,
    expires: String,
    source: &'static str,
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
            expires: expires(&vendor_role),
            source: source(&vendor_role),
            arn: vendor_role.arn,
        },
        customer_role: CustomerRole {
            account_id: customer_role.account.to_string(),
            expires: expires(&customer_role),
            source: source(&customer_role),
            arn: customer_role.arn,
        },
    };
    if output.output == Format::Json {
        stages.ui.json(&report)?;
        return Ok(Exit::Ok);
    }
    let vendor = format!(
        "{} (until {}, from {})",
        report.vendor_role.arn, report.vendor_role.expires, report.vendor_role.source
    );
    let role = format!(
        "{} (until {}, from {})",
        report.customer_role.arn, report.customer_role.expires, report.customer_role.source
    );
    let rows = [
        ("customer", Some(report.customer.as_str())),
        ("base", report.base.arn.as_deref()),
        ("vendor role", Some(vendor.as_str())),
        ("customer role", Some(role.as_str())),
    ];
    stages.ui.data(&table::facts(&rows))?;
    Ok(Exit::Ok)
}

/// When the role's credentials expire, in RFC 3339.
pub(super) fn expires(role: &AssumedRole) -> String {
    Timestamp::try_from(role.expires).map_or_else(|_| "unknown".to_owned(), rfc3339)
}

fn source(role: &AssumedRole) -> &'static str {
    match role.source {
        Source::Cache => "cache",
        Source::Sts => "sts",
    }
}
