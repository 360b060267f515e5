//! The checks of many customers side by side, for `customer test`.
//! What customers share is checked once: clock, base identity and vendor role.

use std::time::Duration;

use futures_util::StreamExt as _;
use futures_util::stream;
use serde::Serialize;
use tokio::sync::OnceCell;

use crate::aws::{Aws, SetupError};
use crate::error::Error;
use crate::exit::Exit;
use crate::identity::{CacheUse, Identity};
use crate::names::EndpointUrl;
use crate::settings::{Customer, Store, Vendor};

use super::super::stages::Stages;
use super::check::{Check, Finding, Status};
use super::check_name::{CheckName, Need};
use super::checklist::{Checklist, Form};
use super::local;
use super::roles::{Chain, Roles};

/// How many customers are tested at a time.
const AT_ONCE: usize = 10;
/// How long one customer may take once its vendor role is assumed.
/// A call times out after 15 s; a list of 50,000 instances takes 50 calls.
const LIMIT: Duration = Duration::from_mins(2);

/// What the checks of one customer found.
#[derive(Debug, Serialize)]
pub(in super::super) struct Tested {
    pub customer: String,
    checks: Vec<Check>,
}

impl Tested {
    /// The exit code of the first check that failed.
    pub(in super::super) fn exit(&self) -> Exit {
        let failed = |check: &&Check| check.finding.status == Status::Failed;
        let first = self.checks.iter().find(failed);
        first.map_or(Exit::Ok, |check| check.finding.exit)
    }

    /// Status, name, message and hint of each check that someone should look at.
    /// If there is none, the list of instances speaks for all of them, without a name.
    pub(in super::super) fn rows<'a>(&'a self) -> Vec<[Option<&'a str>; 4]> {
        let is_bad =
            |check: &&Check| matches!(check.finding.status, Status::Failed | Status::Warning);
        let row = |check: &'a Check| {
            let finding = &check.finding;
            [
                Some(finding.status.name()),
                Some(check.name.as_str()),
                Some(finding.message.as_str()),
                finding.hint.as_deref(),
            ]
        };
        let mut rows: Vec<_> = self.checks.iter().filter(is_bad).map(row).collect();
        if rows.is_empty() {
            let list = self
                .checks
                .iter()
                .find(|check| check.name == CheckName::List);
            let message = list.map(|check| check.finding.message.as_str());
            rows.push([Some(Status::Ok.name()), None, message, None]);
        }
        rows
    }
}

/// Tests these customers side by side. It reads no cache and keeps nothing.
pub(in super::super) async fn customers(
    stages: &Stages<'_>,
    names: &[&str],
) -> Result<Vec<Tested>, Error> {
    let identity = Identity::new(
        Store::None,
        CacheUse::ReadWrite,
        stages.ui.can_prompt(),
        stages.os,
        stages.ui,
    );
    let groups = groups(stages, names);
    let each = names.iter().enumerate().map(|(at, name)| {
        let (identity, groups) = (&identity, &groups);
        async move { (at, one(stages, identity, groups, name).await) }
    });
    let mut done: Vec<_> = stream::iter(each).buffer_unordered(AT_ONCE).collect().await;
    done.sort_by_key(|(at, _)| *at);
    done.into_iter().map(|(_, tested)| tested).collect()
}

/// Customers who share one vendor role.
struct Group<'a> {
    vendor: &'a Vendor,
    /// A customer's own STS is asked for the vendor role too.
    sts: Option<&'a EndpointUrl>,
    shared: OnceCell<(Vec<Check>, Roles)>,
}

impl Group<'_> {
    fn is_of(&self, customer: &Customer) -> bool {
        *self.vendor == customer.vendor && self.sts == customer.endpoints.sts.as_ref()
    }

    /// The way to AWS, which is the same for all customers but for their own endpoints.
    async fn aws(&self, stages: &Stages<'_>, customer: &Customer) -> Result<Aws, SetupError> {
        let aws = stages.connections.of(self.vendor, stages.os).await?;
        Ok(aws.for_customer(customer))
    }
}

fn groups<'a>(stages: &'a Stages<'_>, names: &[&str]) -> Vec<Group<'a>> {
    let mut groups: Vec<Group<'_>> = Vec::new();
    let all = stages.settings.customers.iter();
    for customer in all.filter(|one| names.contains(&one.name.as_str())) {
        if !groups.iter().any(|group| group.is_of(customer)) {
            groups.push(Group {
                vendor: &customer.vendor,
                sts: customer.endpoints.sts.as_ref(),
                shared: OnceCell::new(),
            });
        }
    }
    groups
}

/// Tests one customer.
async fn one(
    stages: &Stages<'_>,
    identity: &Identity<'_>,
    groups: &[Group<'_>],
    name: &str,
) -> Result<Tested, Error> {
    let mut list = Checklist::new(Form::Json, stages.ui);
    let customer = stages.settings.customer(Some(name));
    let found = customer.as_ref().ok().copied();
    let customer = customer.map_err(Error::from);
    let settings = local::settings(stages, customer, |warning| warning.is_about(name));
    list.take(CheckName::Settings, settings)?;
    let group = found.and_then(|found| groups.iter().find(|group| group.is_of(found)));
    if let Some((customer, group)) = found.zip(group) {
        match group.aws(stages, customer).await {
            Err(error) => list.no_way(error)?,
            Ok(aws) => {
                let chain = Chain {
                    stages,
                    identity,
                    customer,
                    aws: &aws,
                };
                list.customer(&chain, group).await?;
            }
        }
    } else {
        list.leave_out(Need::Customer, "the settings do not name a customer")?;
    }
    Ok(Tested {
        customer: name.to_owned(),
        checks: list.checks,
    })
}

impl Checklist<'_> {
    /// Checks everything from the way to AWS to the instances.
    async fn customer(&mut self, chain: &Chain<'_, '_>, group: &Group<'_>) -> Result<(), Error> {
        let way = self.way(chain.stages, chain.customer, chain.aws);
        if within_limit(way).await?.is_none() {
            self.too_slow()?;
            return Ok(());
        }
        // A person may be typing an MFA code here.
        let shared = group.shared.get_or_try_init(async || {
            let mut list = Checklist::new(Form::Json, chain.stages.ui);
            let roles = list.until_vendor_role(chain).await?;
            Ok::<_, Error>((list.checks, roles))
        });
        let (checks, roles) = shared.await?;
        self.checks.extend(checks.iter().map(Check::shared));
        self.restart();
        let mut roles = roles.clone();
        let rest = self.past_vendor_role(chain, false, &mut roles);
        if within_limit(rest).await?.is_none() {
            self.too_slow()?;
        }
        Ok(())
    }

    /// Marks the check that is under way as failed, and those behind it as not done.
    fn too_slow(&mut self) -> Result<(), Error> {
        let under_way = CheckName::ALL
            .into_iter()
            .find(|name| name.needs() >= Need::Customer && !self.has(*name));
        let Some(name) = under_way else {
            return Ok(());
        };
        let seconds = LIMIT.as_secs();
        let finding = Finding::failed(
            Exit::Network,
            format!("not done after {seconds} s"),
            "run `vendor-ssm doctor -c NAME`, which has no such limit, to see which call is slow",
        );
        self.take(name, finding)?;
        self.leave_out(Need::Customer, "the customer's checks took too long")
    }
}

/// What `work` brings; `None` if it takes too long.
async fn within_limit<T>(work: impl Future<Output = Result<T, Error>>) -> Result<Option<T>, Error> {
    match tokio::time::timeout(LIMIT, work).await {
        Ok(done) => done.map(Some),
        Err(_) => Ok(None),
    }
}
