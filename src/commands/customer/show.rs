//! `customer list` and `customer show`: what the settings say about customers.

use serde::Serialize;

use crate::args::{Format, Output, ShowCustomer};
use crate::error::Error;
use crate::exit::Exit;
use crate::names::{DocumentName, EndpointUrl, GrantEnd, Region};
use crate::settings::Customer;
use crate::ui::table;

use super::stages::Stages;

#[derive(Debug, Serialize)]
struct CustomerList<'a> {
    version: u8,
    customers: Vec<CustomerFacts<'a>>,
}

#[derive(Debug, Serialize)]
struct CustomerFacts<'a> {
    customer: &'a str,
    account_id: &'a str,
    role_arn: &'a str,
    /// At most its last three characters.
    external_id: String,
    tag_key: &'a str,
    tag_value: &'a str,
    regions: Vec<&'a str>,
    vendor_role_arn: &'a str,
    confirm: bool,
    require_reason: bool,
    /// The moment from which AWS refuses the grant.
    grant_ends: Option<String>,
    endpoints: EndpointUrls,
    documents: DocumentNames<'a>,
}

/// Those of the settings file.
#[derive(Debug, Serialize)]
struct EndpointUrls {
    sts: Option<String>,
    ec2: Option<String>,
    ssm: Option<String>,
    ssmmessages: Option<String>,
    kms: Option<String>,
}

#[derive(Debug, Serialize)]
struct DocumentNames<'a> {
    shell: Option<&'a str>,
    command: Option<&'a str>,
    port: Option<&'a str>,
    remote_port: Option<&'a str>,
    ssh: Option<&'a str>,
}

impl<'a> From<&'a Customer> for CustomerFacts<'a> {
    fn from(customer: &'a Customer) -> Self {
        let documents = &customer.documents;
        let name = |name: &'a Option<DocumentName>| name.as_ref().map(DocumentName::as_str);
        let endpoints = &customer.endpoints;
        let url = |url: &Option<EndpointUrl>| url.as_ref().map(ToString::to_string);
        Self {
            customer: &customer.name,
            account_id: customer.role_arn.account().as_str(),
            role_arn: customer.role_arn.as_str(),
            external_id: customer.external_id.to_string(),
            tag_key: &customer.tag_key,
            tag_value: &customer.tag_value,
            regions: customer.regions.iter().map(Region::as_str).collect(),
            vendor_role_arn: customer.vendor.role_arn.as_str(),
            confirm: customer.confirm,
            require_reason: customer.require_reason,
            grant_ends: customer.grant_ends.map(GrantEnd::rfc3339),
            endpoints: EndpointUrls {
                sts: url(&endpoints.sts),
                ec2: url(&endpoints.ec2),
                ssm: url(&endpoints.ssm),
                ssmmessages: url(&endpoints.ssmmessages),
                kms: url(&endpoints.kms),
            },
            documents: DocumentNames {
                shell: name(&documents.shell),
                command: name(&documents.command),
                port: name(&documents.port),
                remote_port: name(&documents.remote_port),
                ssh: name(&documents.ssh),
            },
        }
    }
}

/// Runs `customer list`.
pub(in crate::commands) fn list(stages: &Stages<'_>, output: Output) -> Result<Exit, Error> {
    let customers: Vec<CustomerFacts<'_>> = stages
        .settings
        .customers
        .iter()
        .map(CustomerFacts::from)
        .collect();
    if output.output == Format::Json {
        stages.ui.json(&CustomerList {
            version: 1,
            customers,
        })?;
        return Ok(Exit::Ok);
    }
    let regions: Vec<String> = customers.iter().map(|row| row.regions.join(" ")).collect();
    let ends = stages.settings.customers.iter().map(|one| one.grant_ends);
    let ends: Vec<Option<String>> = ends.map(|end| Some(end?.to_string())).collect();
    let rows = customers.iter().zip(&regions).map(|(row, regions)| {
        [
            Some(row.customer),
            Some(row.account_id),
            Some(row.tag_value),
            Some(regions.as_str()),
        ]
    });
    let text = if ends.iter().all(Option::is_none) {
        table::columns(["CUSTOMER", "ACCOUNT", "TAG VALUE", "REGIONS"], rows)
    } else {
        let titles = ["CUSTOMER", "ACCOUNT", "TAG VALUE", "REGIONS", "GRANT ENDS"];
        let rows = rows.zip(ends.iter().map(Option::as_deref));
        let rows =
            rows.map(|([name, account, tag, regions], end)| [name, account, tag, regions, end]);
        table::columns(titles, rows)
    };
    stages.ui.data(&text)?;
    Ok(Exit::Ok)
}

/// Runs `customer show`.
pub(in crate::commands) fn show(stages: &Stages<'_>, args: &ShowCustomer) -> Result<Exit, Error> {
    let named = args.name.as_deref().or(stages.global.customer.as_deref());
    let customer = stages.settings.customer(named)?;
    let row = CustomerFacts::from(customer);
    if args.output.output == Format::Json {
        stages.ui.json(&CustomerList {
            version: 1,
            customers: vec![row],
        })?;
        return Ok(Exit::Ok);
    }
    let regions = row.regions.join(" ");
    let ends = customer.grant_ends.map(|end| end.to_string());
    let yes = |is: bool| if is { "yes" } else { "no" };
    let facts = [
        ("customer", Some(row.customer)),
        ("account", Some(row.account_id)),
        ("role", Some(row.role_arn)),
        ("external id", Some(row.external_id.as_str())),
        ("vendor role", Some(row.vendor_role_arn)),
        ("tag", Some(row.tag_key)),
        ("tag value", Some(row.tag_value)),
        ("regions", Some(regions.as_str())),
        ("confirm", Some(yes(row.confirm))),
        ("reason required", Some(yes(row.require_reason))),
        ("grant ends", ends.as_deref()),
        ("sts endpoint", row.endpoints.sts.as_deref()),
        ("ec2 endpoint", row.endpoints.ec2.as_deref()),
        ("ssm endpoint", row.endpoints.ssm.as_deref()),
        ("ssmmessages endpoint", row.endpoints.ssmmessages.as_deref()),
        ("kms endpoint", row.endpoints.kms.as_deref()),
        ("shell", row.documents.shell),
        ("command", row.documents.command),
        ("port", row.documents.port),
        ("remote port", row.documents.remote_port),
        ("ssh", row.documents.ssh),
    ];
    stages.ui.data(&table::facts(&facts))?;
    Ok(Exit::Ok)
}
