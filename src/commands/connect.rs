//! `connect`: opens a shell on one instance.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::args::{self, Format};
use crate::choice;
use crate::error::Error;
use crate::exit::Exit;
use crate::session::journal::SessionKind;
use crate::session::{self, Chosen, Request, Stage, Target};
use crate::settings::Customer;
use crate::signals::Signals;
use crate::ui::table;

use super::guards::Asks;
use super::stages::Stages;
use super::target::Targets;

/// Runs `connect`.
pub(super) async fn run(
    stages: &Stages<'_>,
    args: &args::Connect,
    signals: &mut Signals,
) -> Result<Exit, Error> {
    let customer = stages.customer()?;
    if args.target.is_none() && !stages.ui.can_prompt() {
        return Err(choice::Error::NeedsTerminal.into());
    }
    let asks = Asks {
        stages,
        customer,
        guards: &args.guards,
        usage: ("connect", "TARGET"),
    };
    let reason = asks.reason().await?;
    if !args.dry_run {
        asks.answerable()?;
    }
    let parameters = parameters(&args.parameters);
    let document = args
        .document
        .clone()
        .or_else(|| customer.documents.shell.clone());
    let mut session = stages.settings.session.clone();
    session.client = args.client.unwrap_or(session.client);

    let aws = stages.aws(customer).await?;
    let identity = stages.identity(stages.ui, false);
    let prepared = signals.guard(async {
        let chosen = session::choose_client(&session, &aws, stages.os).await?;
        let mut role = identity.assume(customer, &aws).await?;
        let targets = Targets {
            stages,
            customer,
            aws: &aws,
            identity: &identity,
            waits: args.wait.is_some(),
        };
        let target = targets.one(args.target.as_deref(), &mut role).await?;
        Ok::<_, Error>((chosen, role, target))
    });
    let (chosen, role, target) = prepared.await.map_err(Error::Signal)??;
    if args.dry_run {
        return dry_run(
            stages,
            args.output.output,
            customer,
            &target,
            document.as_ref(),
            &chosen,
        );
    }
    asks.confirm(&target).await?;
    let request = Request {
        target,
        document,
        parameters,
        reason,
        wait: args.wait,
        kind: match chosen {
            Chosen::Plugin(_) => SessionKind::PluginShell,
            Chosen::Builtin => SessionKind::Shell,
        },
    };
    let stage = Stage {
        aws: &aws,
        os: stages.os,
        identity: &identity,
        customer,
        journal: &stages.journal,
        callbacks: stages.ui,
        escape: session.escape,
    };
    Ok(session::shell(stage, &chosen, &request, role, signals).await?)
}

fn parameters(typed: &[(String, String)]) -> BTreeMap<String, Vec<String>> {
    let mut parameters = BTreeMap::<String, Vec<String>>::new();
    for (key, value) in typed {
        parameters
            .entry(key.clone())
            .or_default()
            .push(value.clone());
    }
    parameters
}

/// What `--dry-run` says.
#[derive(Debug, Serialize)]
struct DryRun<'a> {
    version: u8,
    customer: &'a str,
    region: &'a str,
    instance_id: &'a str,
    name: Option<&'a str>,
    document: Option<&'a str>,
    client: &'static str,
    plugin_path: Option<String>,
}

fn dry_run(
    stages: &Stages<'_>,
    format: Format,
    customer: &Customer,
    target: &Target,
    document: Option<&crate::names::DocumentName>,
    chosen: &Chosen,
) -> Result<Exit, Error> {
    let said = DryRun {
        version: 1,
        customer: &customer.name,
        region: target.region.as_str(),
        instance_id: &target.instance_id,
        name: target.name.as_deref(),
        document: document.map(crate::names::DocumentName::as_str),
        client: chosen.name(),
        plugin_path: match chosen {
            Chosen::Plugin(plugin) => Some(plugin.path.display().to_string()),
            Chosen::Builtin => None,
        },
    };
    if format == Format::Json {
        stages.ui.json(&said)?;
        return Ok(Exit::Ok);
    }
    let rows = [
        ("customer", Some(said.customer)),
        ("region", Some(said.region)),
        ("instance", Some(said.instance_id)),
        ("name", said.name),
        (
            "document",
            Some(said.document.unwrap_or("the account's own")),
        ),
        ("client", Some(said.client)),
        ("plugin", said.plugin_path.as_deref()),
    ];
    stages.ui.data(&table::facts(&rows))?;
    Ok(Exit::Ok)
}
