//! `sessions`: lists the sessions that may still be open, and terminates them.
//! The list comes from the journal and, if the customer grants DescribeSessions, from AWS.

pub(super) mod shown;
mod terminate;

use std::collections::BTreeMap;

use futures_util::future::join_all;

use crate::args::{Format, Output};
use crate::aws::{Failure, FailureKind, Service};
use crate::callbacks::Callbacks as _;
use crate::error::Error;
use crate::exit::Exit;
use crate::identity::{AssumedRole, Identity};
use crate::names::Region;
use crate::session::journal::{Record, State, Unsettled, own_reason, stamp};
use crate::session::{self, Active, SHOWS_BY};
use crate::settings::Customer;
use crate::ui::table;

use super::stages::Stages;

pub(super) use terminate::run as terminate;

/// What AWS showed for one region of a customer.
struct Answer<'a> {
    customer: &'a Customer,
    region: Region,
    role: AssumedRole,
    shown: Result<Vec<Active>, Failure>,
}

/// Runs `sessions list`.
pub(super) async fn list(stages: &Stages<'_>, output: Output) -> Result<Exit, Error> {
    let mut unsettled = stages
        .journal
        .unsettled(stages.ui)
        .map_err(Error::Journal)?;
    if let Some(customer) = &stages.global.customer {
        stages.customer()?;
        unsettled.retain(|one| one.record.customer == *customer);
    }
    let mut regions: BTreeMap<&str, Vec<Region>> = BTreeMap::new();
    if let Ok(meant) = stages.customer() {
        regions.insert(&meant.name, meant.regions.clone());
    }
    for Unsettled { record, .. } in &unsettled {
        let known = regions.entry(&record.customer).or_default();
        if let Ok(region) = record.region.parse()
            && !known.contains(&region)
        {
            known.push(region);
        }
    }
    let identity = stages.identity(stages.ui, false);
    let asked = regions.into_iter().filter_map(|(name, regions)| {
        let customer = stages
            .settings
            .customers
            .iter()
            .find(|one| one.name == name)?;
        Some(ask(stages, &identity, customer, regions))
    });
    let mut records: Vec<Record> = Vec::new();
    let mut exit = Exit::Ok;
    for answers in join_all(asked).await {
        let answers = match answers {
            Ok(answers) => answers,
            Err((customer, error)) => {
                exit = Exit::Partial;
                stages.ui.warn(&format!(
                    "{}: vendor-ssm did not ask AWS: {error}",
                    customer.name
                ));
                continue;
            }
        };
        for answer in answers {
            match &answer.shown {
                Ok(active) => {
                    reconcile(stages, &answer, active, &mut unsettled, &mut records).await;
                }
                Err(failure) if failure.kind == FailureKind::Denied => stages.ui.say(&format!(
                    "{} does not grant DescribeSessions in {}: vendor-ssm shows the journal alone",
                    answer.customer.name, answer.region
                )),
                Err(failure) => {
                    exit = Exit::Partial;
                    stages
                        .ui
                        .warn(&format!("{}: {failure}", answer.customer.name));
                }
            }
        }
    }
    records.extend(unsettled.into_iter().map(|one| one.record));
    records.sort_by(|one, other| one.started.cmp(&other.started));
    if output.output == Format::Json {
        shown::json(stages.ui, &records)?;
    } else if records.is_empty() {
        stages.ui.say("no open session is known");
    } else {
        stages.ui.data(&text(&records))?;
    }
    Ok(exit)
}

/// Asks AWS for the open sessions in a customer's regions. Errors: there is no role to ask with.
async fn ask<'a>(
    stages: &Stages<'_>,
    identity: &Identity<'_>,
    customer: &'a Customer,
    regions: Vec<Region>,
) -> Result<Vec<Answer<'a>>, (&'a Customer, Error)> {
    let prepared = async {
        let aws = stages.aws(customer).await?;
        for region in &regions {
            aws.expect(Service::Ssm, region);
        }
        let role = identity.assume(customer, &aws).await?;
        Ok((aws, role))
    };
    let (aws, mut role) = prepared.await.map_err(|error| (customer, error))?;
    stages.ui.step("asking AWS for open sessions…");
    let shown = regions
        .iter()
        .map(|region| session::active(&aws, region, &role, None));
    let shown = join_all(shown).await;
    let mut answers = Vec::new();
    let mut is_renewed = false;
    for (region, mut shown) in regions.into_iter().zip(shown) {
        if let Err(failure) = &shown
            && failure.may_be_of_region()
            && identity
                .is_accepted_elsewhere(customer, &aws, &role, &region)
                .await
        {
            shown = shown.map_err(Failure::of_region);
        } else if let Err(failure) = &shown
            && failure.refuses_credentials()
        {
            if !is_renewed {
                let renewed = identity.renew(customer, &aws).await;
                role = renewed.map_err(|error| (customer, error.into()))?;
                is_renewed = true;
            }
            shown = session::active(&aws, &region, &role, None).await;
        }
        answers.push(Answer {
            customer,
            region,
            role: role.clone(),
            shown,
        });
    }
    Ok(answers)
}

/// Compares what AWS shows with what the journal knows.
/// It adds this role's sessions that the journal does not know. It settles those that AWS no longer
/// shows, if no process is attached to them.
async fn reconcile(
    stages: &Stages<'_>,
    answer: &Answer<'_>,
    active: &[Active],
    unsettled: &mut Vec<Unsettled>,
    records: &mut Vec<Record>,
) {
    for session in active {
        let reason = session.reason.as_deref().unwrap_or_default();
        let known = unsettled.iter_mut().find(|one| {
            one.record.session_id.as_ref() == Some(&session.session_id)
                || one.record.is_meant_by(reason)
        });
        match known {
            Some(one) if one.record.session_id.is_none() => {
                if let Some(mut entry) = stages.journal.claim(one, stages.ui).await {
                    entry.opened(&session.session_id);
                }
                one.record.session_id = Some(session.session_id.clone());
            }
            None if session.owner.as_ref() == Some(&answer.role.arn) => {
                records.push(elsewhere(answer, session));
            }
            _ => {}
        }
    }
    let now = stages.os.now();
    let mut kept = Vec::with_capacity(unsettled.len());
    for one in unsettled.drain(..) {
        let record = &one.record;
        let is_here = record.customer == answer.customer.name
            && record.region == answer.region.as_str()
            && record.account_id.as_deref() == Some(answer.role.account.as_str());
        let is_active = active
            .iter()
            .any(|session| record.session_id.as_ref() == Some(&session.session_id));
        let is_old = record.age(now).is_some_and(|age| age > SHOWS_BY);
        let has_ended = !one.has_owner && is_here && !is_active && is_old;
        let claimed = if has_ended {
            stages.journal.claim(&one, stages.ui).await
        } else {
            None
        };
        match claimed {
            Some(entry) => {
                entry.settle(State::Ended, "AWS no longer shows it as active", now);
                stages.ui.say(&format!("{} has ended", record.label()));
            }
            None => kept.push(one),
        }
    }
    *unsettled = kept;
}

/// A session of this role that this journal does not know.
fn elsewhere(answer: &Answer<'_>, session: &Active) -> Record {
    Record {
        nonce: String::new(),
        session_id: Some(session.session_id.clone()),
        kind: None,
        client: None,
        customer: answer.customer.name.clone(),
        account_id: Some(answer.role.account.to_string()),
        region: answer.region.to_string(),
        instance_id: session.target.clone(),
        name: None,
        role_session_name: answer.role.session_name.to_string(),
        owner: answer.role.arn.clone(),
        reason: session
            .reason
            .as_deref()
            .and_then(own_reason)
            .map(str::to_owned),
        started: session.started.map(stamp).unwrap_or_default(),
        ended: None,
        state: State::Open,
        end: None,
    }
}

fn text(records: &[Record]) -> String {
    table::columns(
        [
            "SESSION ID",
            "STATE",
            "CUSTOMER",
            "REGION",
            "INSTANCE ID",
            "NAME",
            "KIND",
            "STARTED",
            "REASON",
        ],
        records.iter().map(|record| {
            [
                record.session_id.as_deref(),
                Some(record.state.name()),
                Some(record.customer.as_str()),
                Some(record.region.as_str()),
                Some(record.instance_id.as_str()),
                record.name.as_deref(),
                record.kind.as_deref(),
                Some(record.started.as_str()),
                record.reason.as_deref(),
            ]
        }),
    )
}
