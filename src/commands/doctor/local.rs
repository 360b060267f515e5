//! What this machine has to do with it: settings, terminal, plugin, keyring, journal and the way out.

use std::path::Path;

use crate::args::{Client, Global};
use crate::aws::{Aws, Service};
use crate::error::Error;
use crate::identity::{CacheUse, Identity};
use crate::os::Os;
use crate::session::journal::Journal;
use crate::session::{self, plugin};
use crate::settings::{Customer, Settings, Store};
use crate::ui::Ui;

use super::super::stages::Stages;
use super::check::Finding;

/// The file, who may use it, and the customer that it leads to.
pub(super) fn settings(stages: &Stages<'_>) -> Finding {
    let file = &stages.settings.file;
    let said = format!("{}{}", file.display(), mode(file));
    match stages.customer() {
        Err(error) => error.into(),
        Ok(customer) => match stages.settings.warnings.first() {
            Some(warning) => Finding::warning(
                format!("{said}: {warning}"),
                "agree on another ExternalId with each customer",
            ),
            None => Finding::ok(format!("{said}, customer {}", customer.name)),
        },
    }
}

#[cfg(unix)]
fn mode(file: &Path) -> String {
    use std::os::unix::fs::PermissionsExt as _;

    std::fs::metadata(file).map_or_else(
        |_| String::new(),
        |file| format!(" (mode {:04o})", file.permissions().mode() & 0o7777),
    )
}

#[cfg(not(unix))]
fn mode(_file: &Path) -> String {
    String::new()
}

/// What there is to ask on and to draw on.
pub(super) fn terminal(os: &Os, ui: &Ui) -> Finding {
    let streams = [
        ("stdin", os.stdin_terminal),
        ("stdout", os.stdout_terminal),
        ("stderr", os.stderr_terminal),
    ];
    let named = |wanted: bool| {
        let named: Vec<&str> = streams
            .iter()
            .filter(|(_, is_terminal)| *is_terminal == wanted)
            .map(|(name, _)| *name)
            .collect();
        (!named.is_empty()).then(|| named.join(", "))
    };
    let term = os.var("TERM");
    let parts = [
        named(true).map(|names| format!("on a terminal: {names}")),
        named(false).map(|names| format!("not: {names}")),
        term.map(|term| format!("TERM {term}")),
        ui.size()
            .map(|(columns, rows)| format!("{columns} columns, {rows} rows")),
    ];
    let said: Vec<String> = parts.into_iter().flatten().collect();
    let said = said.join("; ");
    if os.can_prompt() && matches!(term, None | Some("dumb")) {
        return Finding::warning(
            said,
            "set TERM to your terminal's kind, such as xterm-256color: programs in a shell go by it",
        );
    }
    Finding::ok(said)
}

/// The plugin: needed where the settings ask for it, else a choice.
pub(super) async fn plugin(settings: Option<&Settings>, os: &Os) -> Finding {
    let session = settings.map(|settings| &settings.session);
    let client = session.map_or(Client::Auto, |session| session.client);
    if client == Client::Builtin {
        return Finding::ok("not needed: the settings choose the builtin client");
    }
    let configured = session.and_then(|session| session.plugin_path.as_deref());
    match plugin::find(configured, os).await {
        Ok(plugin) => {
            let said = format!("{}, version {}", plugin.path.display(), plugin.version);
            match plugin.lacks() {
                None => Finding::ok(said),
                Some(lacks) => Finding::warning(
                    format!("{said}: {lacks}"),
                    "install a newer session-manager-plugin, or use --client builtin",
                ),
            }
        }
        Err(error) if client == Client::Plugin => Error::from(session::Error::from(error)).into(),
        Err(plugin::PluginError::Missing) => {
            Finding::ok("not installed: shells are opened by the builtin client")
        }
        Err(error) => Finding::warned(session::Error::from(error).into()),
    }
}

/// Where credentials are kept, tried out.
pub(super) async fn keyring(
    settings: Option<&Settings>,
    global: &Global,
    os: &Os,
    ui: &Ui,
) -> Finding {
    let store = match settings {
        Some(settings) => settings.store,
        None if global.no_cache => Store::None,
        None => Store::Auto,
    };
    if store == Store::None {
        return Finding::ok("switched off: every command walks the role chain");
    }
    let identity = Identity::new(store, CacheUse::ReadWrite, ui.can_prompt(), os, ui);
    match identity.kept_in().await {
        Ok(name) => Finding::ok(format!("{name} keeps what it is given")),
        Err(error) if store == Store::Auto => Finding::warned(error.into()),
        Err(error) => Error::from(error).into(),
    }
}

/// Sessions that nobody waits for the end of.
pub(super) fn journal(os: &Os) -> Finding {
    match Journal::new(os).unsettled() {
        Err(error) => Error::Journal(error).into(),
        Ok(mut left) => {
            left.retain(|one| !one.has_owner);
            if left.is_empty() {
                return Finding::ok("no session was left open");
            }
            let names: Vec<String> = left.iter().map(|one| one.record.label()).collect();
            Finding::warning(
                format!("these may still be open: {}", names.join(", ")),
                "`vendor-ssm sessions terminate --orphaned` ends them",
            )
        }
    }
}

/// Whose hosts are asked.
pub(super) fn endpoints(aws: &Aws) -> Finding {
    Finding::ok(
        aws.endpoints()
            .notice()
            .unwrap_or_else(|| "AWS's own".to_owned()),
    )
}

/// The way out to each service of the customer's first region.
pub(super) fn proxy(aws: &Aws, customer: &Customer) -> Finding {
    let sts = aws.sts_region(&customer.vendor);
    let region = customer.regions.first().unwrap_or(&sts);
    let ways = [
        (Service::Sts, &sts),
        (Service::Ec2, region),
        (Service::Ssm, region),
    ];
    let through: Vec<String> = ways
        .into_iter()
        .filter_map(|(service, region)| {
            let proxy = aws.proxy_to(service, region)?;
            Some(format!("{} through {proxy}", service.name()))
        })
        .collect();
    Finding::ok(if through.is_empty() {
        "none".to_owned()
    } else {
        through.join(", ")
    })
}

/// Whom TLS trusts.
pub(super) fn ca(aws: &Aws, os: &Os) -> Finding {
    match os.var("AWS_CA_BUNDLE").filter(|_| aws.has_ca_bundle()) {
        None => Finding::ok("the system's certificates"),
        Some(path) => Finding::ok(format!(
            "AWS_CA_BUNDLE {path}; the plugin knows nothing of it, so shells are opened by the builtin client"
        )),
    }
}
