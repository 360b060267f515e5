//! `connect`: opens a shell on one instance.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::args::{self, Format};
use crate::callbacks::Callbacks as _;
use crate::choice;
use crate::error::Error;
use crate::exit::Exit;
use crate::names::DocumentName;
use crate::os::Os;
use crate::platform::stream::{Stream, Trouble};
use crate::platform::terminal;
use crate::session::journal::SessionKind;
use crate::session::{self, Chosen, Context, Introduction, Request, Target};
use crate::settings::Customer;
use crate::signals::Signals;
use crate::ui::table;

use super::pick::{self, Asking};
use super::prepare::Prepared;
use super::stages::Stages;

/// Runs `connect`.
pub(super) async fn run(
    stages: &Stages<'_>,
    args: &args::Connect,
    signals: &mut Signals,
) -> Result<Exit, Error> {
    if let Some(trouble) = trouble(stages.os).filter(|_| !args.dry_run) {
        return Err(Error::NoShell(trouble));
    }
    if args.target.is_none() && !stages.ui.can_pick() {
        return Err(choice::Error::NeedsTerminal.into());
    }
    let usage = ("connect", "TARGET");
    let (opens, waits) = (!args.dry_run, args.wait.is_some());
    let asking = Asking::new(stages.ui);
    let (prepared, picked) = if args.target.is_none() && pick::is_among_customers(stages) {
        let identity = stages.identity(&asking, false);
        let picking = pick::everywhere(stages, &identity, &asking);
        let picked = signals.guard(picking).await.map_err(Error::Signal)??;
        let (prepared, role, target) =
            Prepared::picked(stages, picked, identity, &args.guards, usage, opens, waits).await?;
        (prepared, Some((role, target)))
    } else {
        let prepared = Prepared::new(stages, &args.guards, usage, opens).await?;
        (prepared, None)
    };
    stages.warn_of_grant_end(prepared.customer);
    let document = args
        .document
        .clone()
        .or_else(|| prepared.customer.documents.shell.clone());
    let mut settings = stages.settings.session.clone();
    settings.client = args.client.unwrap_or(settings.client);
    let choose = session::choose_client(&settings, &prepared.aws, stages.os);
    let choice = signals.guard(choose).await.map_err(Error::Signal)??;
    for warning in &choice.warnings {
        stages.ui.warn(warning);
    }
    let chosen = choice.client;
    let (role, target) = if let Some(picked) = picked {
        picked
    } else {
        let text = args.target.as_deref();
        prepared.find(text, waits, signals).await?
    };
    if args.dry_run {
        // Another region's endpoint would be refused before the session.
        let endpoints = prepared.aws.endpoints();
        endpoints.channel(&target.region).map_err(Error::from)?;
        return dry_run(
            stages,
            args.output.output,
            prepared.customer,
            &target,
            document.as_ref(),
            &chosen,
        );
    }
    prepared.confirm(&[&target]).await?;
    let parameters = parameters(&args.parameters);
    let lookups: Vec<String> = session::lookups(&parameters)
        .map(|(name, found)| format!("{found} in the parameter {name}"))
        .collect();
    if !lookups.is_empty() {
        stages.ui.warn(&format!(
            "the target's agent replaces {} with a value from Parameter Store",
            lookups.join(" and ")
        ));
    }
    let request = Request {
        target,
        document,
        parameters,
        reason: prepared.reason.clone(),
        wait: args.wait,
        kind: match chosen {
            Chosen::Plugin(_) => SessionKind::PluginShell,
            Chosen::Builtin => SessionKind::Shell,
        },
    };
    let context = prepared.context();
    let context = Context {
        escape: settings.escape,
        introduction: stages.introduction(true).map(|_| Introduction {
            escape: chosen.escape(settings.escape, stages.os),
        }),
        ..context
    };
    Ok(chosen.connect(context, &request, role, signals).await?)
}

/// Why no shell can be shown here. One whose input is a real pipe needs no terminal.
fn trouble(os: &Os) -> Option<Trouble> {
    let is_needed = match os.trouble? {
        Trouble::OutOfReach => terminal::is_out_of_reach(Stream::Input),
        // It is still a terminal, however its screen looks.
        Trouble::Verbatim => false,
        Trouble::Plain => os.stdin_terminal && os.stdout_terminal,
    };
    os.trouble.filter(|_| is_needed)
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

/// What `--dry-run` shows.
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
    document: Option<&DocumentName>,
    chosen: &Chosen,
) -> Result<Exit, Error> {
    let dry_run = DryRun {
        version: 1,
        customer: &customer.name,
        region: target.region.as_str(),
        instance_id: &target.instance_id,
        name: target.name.as_deref(),
        document: document.map(DocumentName::as_str),
        client: chosen.name(),
        plugin_path: match chosen {
            Chosen::Plugin(plugin) => Some(plugin.path.display().to_string()),
            Chosen::Builtin => None,
        },
    };
    if format == Format::Json {
        stages.ui.json(&dry_run)?;
        return Ok(Exit::Ok);
    }
    let rows = [
        ("customer", Some(dry_run.customer)),
        ("region", Some(dry_run.region)),
        ("instance", Some(dry_run.instance_id)),
        ("name", dry_run.name),
        (
            "document",
            Some(dry_run.document.unwrap_or("the account's default")),
        ),
        ("client", Some(dry_run.client)),
        ("plugin", dry_run.plugin_path.as_deref()),
    ];
    stages.ui.data(&table::facts(&rows))?;
    Ok(Exit::Ok)
}
