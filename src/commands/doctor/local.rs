//! What `doctor` checks on this machine.
//! Settings, terminal, plugin, keyring, journal, and the way to AWS.

use crate::args::{Client, Global};
use crate::aws::{Authorities, Aws, Service};
use crate::error::Error;
use crate::identity::{CacheUse, Identity};
use crate::os::Os;
use crate::platform::{TERM_IS_USUAL, places, shown_mode};
use crate::session::journal::{Found, Journal};
use crate::session::{self, ADVISED, Obstacle, PluginError, find_plugin};
use crate::settings::{Customer, Settings, Store, Warning};
use crate::ui::Ui;

use super::super::stages::Stages;
use super::check::Finding;

/// The settings file, its mode, and the customer that it names.
/// `counts` says which of the file's warnings belong here.
pub(super) fn settings(
    stages: &Stages<'_>,
    customer: Result<&Customer, Error>,
    counts: impl Fn(&Warning) -> bool,
) -> Finding {
    let location = &stages.settings.location;
    let path = &location.path;
    let folder = if location.is_folder { ", a folder" } else { "" };
    let mode = shown_mode(path).map_or_else(String::new, |mode| format!(" ({mode})"));
    let message = format!("{}{mode}{folder}", path.display());
    match customer {
        Err(error) => error.into(),
        Ok(customer) => {
            let shared = stages.settings.warnings.iter().find(|it| counts(it));
            let shared = shared.map(|warning| {
                let hint = "agree on a different ExternalId with each customer";
                (warning.to_string(), hint.to_owned())
            });
            let ends = stages.grant_notice(customer).map(|notice| {
                let hint = format!(
                    "ask {} to extend the grant, then change `grant_ends` in the settings",
                    customer.name
                );
                (notice, hint)
            });
            match [shared, ends].into_iter().flatten().unzip() {
                (warnings, _) if Vec::is_empty(&warnings) => {
                    Finding::ok(format!("{message}, customer {}", customer.name))
                }
                (warnings, hints) => {
                    let (warnings, hints): (Vec<String>, Vec<String>) = (warnings, hints);
                    Finding::warning(
                        format!("{message}: {}", warnings.join("; ")),
                        hints.join("; "),
                    )
                }
            }
        }
    }
}

/// Which streams are a terminal, its kind and its size.
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
        named(false).map(|names| format!("not on a terminal: {names}")),
        term.map(|term| format!("TERM {term}")),
        ui.size()
            .map(|(columns, rows)| format!("{columns} columns, {rows} rows")),
    ];
    let message: Vec<String> = parts.into_iter().flatten().collect();
    let message = message.join("; ");
    let is_missing = term.is_none() && TERM_IS_USUAL;
    if os.can_prompt() && (is_missing || term == Some("dumb")) {
        return Finding::warning(
            message,
            "set TERM to your terminal's kind, such as xterm-256color: remote programs depend on it",
        );
    }
    Finding::ok(message)
}

/// The plugin, which is optional unless the settings choose it.
/// `aws` is the way to AWS, if there is one: it may rule the plugin out.
pub(super) async fn plugin(settings: Option<&Settings>, aws: Option<&Aws>, os: &Os) -> Finding {
    let session = settings.map(|settings| &settings.session);
    let client = session.map_or(Client::Auto, |session| session.client);
    if client == Client::Builtin {
        return Finding::ok("not needed: the settings choose the builtin client");
    }
    let configured = session.and_then(|session| session.plugin_path.as_deref());
    let channel = aws.and_then(|aws| aws.endpoints().channel_set_by());
    if let (Client::Plugin, Some(set_by)) = (client, channel) {
        let error = PluginError::Endpoint(set_by.to_owned());
        return Error::from(session::Error::from(error)).into();
    }
    let search = find_plugin::find(configured, os).await;
    let plugin = match search.plugin {
        Ok(plugin) => plugin,
        Err(error) if client == Client::Plugin => {
            return Error::from(session::Error::from(error)).into();
        }
        Err(PluginError::Missing) => {
            return Finding::ok("not installed: the builtin client opens shells");
        }
        Err(error) => return Finding::warned(session::Error::from(error).into()),
    };
    let message = format!("{}, version {}", plugin.path.display(), plugin.version);
    let is_auto = client == Client::Auto;
    if let Some(flaw) = plugin.flaw() {
        let otherwise = if is_auto {
            ", so the builtin client opens shells"
        } else {
            ""
        };
        return Finding::warning(
            format!("{message}: {flaw}{otherwise}"),
            format!("install session-manager-plugin {ADVISED} or later, or use --client builtin"),
        );
    }
    if let Some(one) = search.distrusted.first() {
        return Finding::warning(format!("{message}; passed over: {}", one.why), &one.hint);
    }
    let obstacle = session
        .zip(aws)
        .and_then(|(session, aws)| Obstacle::find(session, aws));
    Finding::ok(match obstacle {
        Some(obstacle) if is_auto => {
            format!("{message}; not used, the builtin client opens shells: {obstacle}")
        }
        Some(obstacle @ Obstacle::Kind { .. }) => {
            return Finding::warning(format!("{message}: {obstacle}"), "use --client builtin");
        }
        Some(obstacle @ Obstacle::Escape(_)) => format!("{message}; {obstacle}"),
        _ if !plugin.has_escapes() => {
            format!("{message}, which has no ~. to close a session")
        }
        _ => message,
    })
}

/// Where credentials are kept. It tries to write and read there.
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
        return Finding::ok("turned off: every command assumes both roles again");
    }
    let identity = Identity::new(store, CacheUse::ReadWrite, ui.can_prompt(), os, ui);
    match identity.kept_in().await {
        Ok(name) => Finding::ok(format!("{name} stores credentials")),
        Err(error) if store == Store::Auto => Finding::warned(error.into()),
        Err(error) => Error::from(error).into(),
    }
}

/// Sessions that a vendor-ssm which is no longer running may have left open.
pub(super) fn journal(os: &Os) -> Finding {
    let Found {
        unsettled: mut left,
        left_out,
        ..
    } = match Journal::new(os).look() {
        Err(error) => return Error::Journal(error).into(),
        Ok(found) => found,
    };
    left.retain(|one| !one.has_owner);
    if left.is_empty() {
        return match left_out {
            None => Finding::ok("no session is left open"),
            Some(left_out) => {
                let folder = places::state(os);
                let folder = folder.map_or_else(String::new, |it| format!(", {}", it.display()));
                Finding::warning(left_out, format!("look at the journal's folder{folder}"))
            }
        };
    }
    let names: Vec<String> = left.iter().map(|one| one.record.label()).collect();
    let left_out = left_out.map_or_else(String::new, |left_out| format!("; {left_out}"));
    Finding::warning(
        format!("these may still be open: {}{left_out}", names.join(", ")),
        "run `vendor-ssm sessions terminate --orphaned`",
    )
}

/// Which hosts are asked.
pub(super) fn endpoints(aws: &Aws) -> Finding {
    let kind = aws.endpoint_kind();
    let asked = match kind.set_by()[..] {
        [] => format!("AWS's {}", kind.name()),
        ref set_by => format!("AWS's {} ({})", kind.name(), set_by.join(", ")),
    };
    Finding::ok(match aws.endpoints().notice() {
        None => asked,
        Some(notice) if kind.is_plain() => notice,
        Some(notice) => format!("{asked}; {notice}"),
    })
}

/// The proxy to each service of the customer's first region.
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

/// Which certificates TLS trusts.
pub(super) fn ca(aws: &Aws) -> Finding {
    Finding::ok(match (aws.authorities(), aws.authorities().instead()) {
        (Authorities::Bundle(bundle), _) => format!(
            "{} {}; the plugin ignores it, so the builtin client opens shells",
            bundle.set_by,
            bundle.value.display()
        ),
        (_, Some(instead)) => format!("{instead}, in place of the system's"),
        (_, None) => "the system's trusted certificates".to_owned(),
    })
}
