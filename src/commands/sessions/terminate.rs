//! `sessions terminate`: ends sessions by id, or all that have no vendor-ssm process attached.

use std::collections::HashMap;
use std::io;

use crate::args::{self, Format};
use crate::aws::{Aws, Service};
use crate::callbacks::Callbacks as _;
use crate::error::Error;
use crate::exit::Exit;
use crate::identity::{AssumedRole, Identity};
use crate::names::Region;
use crate::session::journal::{Record, State, Unsettled, stamp};
use crate::session::{self, Context, Outcome};
use crate::settings::Customer;
use crate::signals::Signals;

use super::super::stages::Stages;
use super::shown;

/// A session to end.
struct Wanted {
    record: Record,
    /// Its file in the journal, if it still has one.
    unsettled: Option<Unsettled>,
}

/// The way to one customer, or why there is none.
type Way<'s> = Result<(&'s Customer, Aws, AssumedRole), String>;

/// Runs `sessions terminate`. After a signal it finishes the current session, then stops.
pub(in crate::commands) async fn run(
    stages: &Stages<'_>,
    args: &args::Terminate,
    signals: &mut Signals,
) -> Result<Exit, Error> {
    let wanted = wanted(stages, args)?;
    let identity = stages.identity(stages.ui, false);
    let mut ways: HashMap<String, Way<'_>> = HashMap::new();
    let mut records = Vec::new();
    let mut failed: Option<Error> = None;
    let mut ending = None;
    for Wanted {
        mut record,
        unsettled,
    } in wanted
    {
        let name = record.customer.clone();
        if !ways.contains_key(&name) {
            let way = way(stages, &identity, &name, &record.region);
            let way = match signals.guard(way).await {
                Ok(way) => way,
                Err(signal) => {
                    ending = Some(signal);
                    break;
                }
            };
            ways.insert(name.clone(), way.map_err(|error| error.to_string()));
        }
        let outcome = match &ways[&name] {
            Ok(way) => {
                let outcome;
                (outcome, ending) = signals.note(end(stages, &identity, way, &record)).await;
                outcome
            }
            Err(why) => not_asked(&record, why),
        };
        // Until its file is settled, later commands name the session.
        if let Some(one) = unsettled
            && let Some(entry) = stages.journal.claim(&one, stages.ui).await
        {
            entry.settle(outcome.state, &outcome.how, stages.os.now());
        }
        record.state = outcome.state;
        match outcome.error {
            None => {
                record.ended = Some(stamp(stages.os.now()));
                stages.ui.say(&format!("{} has ended", record.label()));
            }
            Some(error) => match &failed {
                None => failed = Some(error.into()),
                Some(_) => stages.ui.warn(&error.to_string()),
            },
        }
        records.push(record);
        if ending.is_some() {
            break;
        }
    }
    if args.output.output == Format::Json {
        shown::json(stages.ui, &records)?;
    } else if records.is_empty() && ending.is_none() {
        stages.ui.say(
            "every session in the journal has ended, or a vendor-ssm process is attached to it",
        );
    }
    let signalled = ending.map(Error::Signal);
    failed.or(signalled).map_or(Ok(Exit::Ok), Err)
}

/// The sessions to end: each once, in the order typed.
fn wanted(stages: &Stages<'_>, args: &args::Terminate) -> Result<Vec<Wanted>, Error> {
    let (ui, journal) = (stages.ui, &stages.journal);
    let unsettled = journal.unsettled(ui);
    if args.orphaned {
        let mut unsettled = unsettled.map_err(Error::Journal)?;
        if let Some(customer) = &stages.global.customer {
            stages.customer()?;
            unsettled.retain(|one| one.record.customer == *customer);
        }
        unsettled.retain(|one| !one.has_owner);
        return Ok(unsettled.into_iter().map(Wanted::from).collect());
    }
    // The journal helps to find a session that is named, but vendor-ssm ends it without, too.
    let warned = |error: &io::Error| journal.warn(error, ui);
    let unsettled = unsettled.inspect_err(warned).unwrap_or_default();
    let settled = journal.history(ui).inspect_err(warned).unwrap_or_default();
    let mut wanted: Vec<Wanted> = Vec::new();
    for id in &args.ids {
        let is_it = |record: &Record| record.session_id.as_ref() == Some(id);
        if wanted.iter().any(|one| is_it(&one.record)) {
            continue;
        }
        let known = unsettled.iter().find(|one| is_it(&one.record));
        wanted.push(match (known, settled.iter().rfind(|one| is_it(one))) {
            (Some(known), _) => known.clone().into(),
            (None, Some(record)) => Wanted {
                record: record.clone(),
                unsettled: None,
            },
            (None, None) => unknown(stages, id)?,
        });
    }
    Ok(wanted)
}

impl From<Unsettled> for Wanted {
    fn from(unsettled: Unsettled) -> Self {
        Self {
            record: unsettled.record.clone(),
            unsettled: Some(unsettled),
        }
    }
}

/// A session that the journal does not know. The command line says where it is.
fn unknown(stages: &Stages<'_>, id: &str) -> Result<Wanted, Error> {
    let customer = stages.customer()?;
    let [region] = &customer.regions[..] else {
        return Err(Error::Usage {
            message: format!(
                "the journal does not know {id}, and {} has several regions",
                customer.name
            ),
            hint: Some("pass --region REGION".to_owned()),
        });
    };
    Ok(Wanted {
        record: Record {
            nonce: String::new(),
            session_id: Some(id.to_owned()),
            kind: None,
            client: None,
            customer: customer.name.clone(),
            account_id: Some(customer.role_arn.account().to_string()),
            region: region.to_string(),
            instance_id: String::new(),
            name: None,
            role_session_name: String::new(),
            owner: String::new(),
            reason: None,
            started: String::new(),
            ended: None,
            state: State::MayStillBeOpen,
            end: None,
        },
        unsettled: None,
    })
}

async fn way<'s>(
    stages: &'s Stages<'_>,
    identity: &Identity<'_>,
    name: &str,
    region: &str,
) -> Result<(&'s Customer, Aws, AssumedRole), Error> {
    let customer = stages.settings.customer(Some(name))?;
    let aws = stages.aws(customer).await?;
    if let Ok(region) = region.parse() {
        aws.expect(Service::Ssm, &region);
    }
    let role = identity.assume(customer, &aws).await?;
    Ok((customer, aws, role))
}

async fn end(
    stages: &Stages<'_>,
    identity: &Identity<'_>,
    (customer, aws, role): &(&Customer, Aws, AssumedRole),
    record: &Record,
) -> Outcome {
    let Ok(region) = record.region.parse::<Region>() else {
        return not_asked(record, "its region is not valid");
    };
    let context = Context {
        aws,
        os: stages.os,
        identity,
        customer,
        journal: &stages.journal,
        callbacks: stages.ui,
        escape: None,
        terminal: stages.settings.session.terminal,
        gate: None,
        introduction: None,
    };
    stages.ui.step("ending the session…");
    session::end_from_outside(context, record, &region, role).await
}

fn not_asked(record: &Record, why: &str) -> Outcome {
    let why = format!("vendor-ssm did not ask AWS: {why}");
    Outcome {
        state: State::MayStillBeOpen,
        error: Some(session::unconfirmed(record, &why, None)),
        how: why,
    }
}
