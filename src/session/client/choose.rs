//! Which client opens a shell, decided and checked before StartSession.

use std::fmt;

use crate::args::Client;
use crate::aws::{Aws, Service};
use crate::exit::Exit;
use crate::os::Os;
use crate::settings::Session;

use crate::identity::AssumedRole;
use crate::session::context::{Context, Request};
use crate::session::error::Error;
use crate::session::error::plugin::PluginError;
use crate::signals::Signals;

use super::plugin::find::{self, Distrusted, Plugin};
use super::plugin::version::ADVISED;
use super::{plugin, shell};

/// The escape character of the plugin, which no setting changes.
const PLUGIN_ESCAPE: char = '~';

/// The client that will open the shell.
#[derive(Debug, Clone)]
pub(crate) enum Chosen {
    /// This plugin.
    Plugin(Plugin),
    /// vendor-ssm's own data channel.
    Builtin,
}

impl Chosen {
    /// Its name in `connect --dry-run`.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Plugin(_) => "plugin",
            Self::Builtin => "builtin",
        }
    }

    /// The character before the dot that ends a session, if this client has one.
    pub(crate) fn escape(&self, set: Option<char>, os: &Os) -> Option<char> {
        match self {
            Self::Plugin(plugin) => plugin.has_escapes().then_some(PLUGIN_ESCAPE),
            Self::Builtin => set.filter(|escape| escape.is_ascii() && os.stdin_terminal),
        }
    }

    /// Opens a shell and stays until it has ended.
    /// A signal that ended it decides the exit code, once the session is known to have ended.
    pub(crate) async fn connect(
        &self,
        context: Context<'_, '_>,
        request: &Request,
        role: AssumedRole,
        signals: &mut Signals,
    ) -> Result<Exit, Error> {
        match self {
            Self::Builtin => shell::connect(context, request, role, signals).await,
            Self::Plugin(plugin) => {
                plugin::supervise::connect(context, plugin, request, role, signals).await
            }
        }
    }
}

/// The client that will open the shell, and what to say of the choice.
#[derive(Debug)]
pub(crate) struct Choice {
    /// The client.
    pub client: Chosen,
    /// A line for each plugin that was passed over, and for each doubt about the one taken.
    /// A plugin is passed over if another user could swap it.
    pub warnings: Vec<String>,
}

/// What a session needs that the plugin does not have.
/// `connect` and `doctor` name it in the same words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Obstacle {
    /// An endpoint for the data channel, and what sets it.
    /// The plugin opens the channel on AWS's public host.
    Channel(String),
    /// Another SSM endpoint than AWS's.
    Endpoint,
    /// FIPS or dual-stack endpoints, and what asks for them.
    /// The plugin opens the data channel on the host that AWS's answer names.
    Kind { name: &'static str, set_by: String },
    /// A bundle of certificates: the plugin's websocket ignores it, and hangs.
    CaBundle,
    /// Another escape character than the plugin's own, or none.
    Escape(Option<char>),
}

impl Obstacle {
    /// The first that these settings put in the plugin's way; `None` if it can serve.
    pub(crate) fn find(session: &Session, aws: &Aws) -> Option<Self> {
        if let Some(set_by) = aws.endpoints().channel_set_by() {
            Some(Self::Channel(set_by.to_owned()))
        } else if aws.endpoints().of(Service::Ssm).is_some() {
            Some(Self::Endpoint)
        } else if let Some(kind) = Self::kind(aws) {
            Some(kind)
        } else if aws.has_ca_bundle() {
            Some(Self::CaBundle)
        } else {
            (session.escape != Some(PLUGIN_ESCAPE)).then_some(Self::Escape(session.escape))
        }
    }

    /// The kind of endpoint that is asked for, if it is not the ordinary one.
    pub(crate) fn kind(aws: &Aws) -> Option<Self> {
        let kind = aws.endpoint_kind();
        (!kind.is_plain()).then(|| Self::Kind {
            name: kind.name(),
            set_by: kind.set_by().join(" and "),
        })
    }
}

impl fmt::Display for Obstacle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Channel(set_by) => {
                write!(
                    formatter,
                    "the plugin has no setting for the endpoint of {set_by}"
                )
            }
            Self::Endpoint => formatter.write_str("the SSM endpoint is overridden"),
            Self::Kind { name, set_by } => write!(
                formatter,
                "the plugin may not open the data channel on {name}, chosen by {set_by}"
            ),
            Self::CaBundle => formatter.write_str("the plugin ignores AWS_CA_BUNDLE"),
            Self::Escape(None) => {
                formatter.write_str("session.escape is \"none\", which the plugin does not have")
            }
            Self::Escape(Some(escape)) => write!(
                formatter,
                "session.escape is \"{escape}\", which the plugin does not have"
            ),
        }
    }
}

/// Chooses the client.
/// Refused: the plugin for a session whose data channel has an endpoint of its own.
pub(crate) async fn choose(session: &Session, aws: &Aws, os: &Os) -> Result<Choice, Error> {
    match session.client {
        Client::Builtin => Ok(Choice {
            client: Chosen::Builtin,
            warnings: Vec::new(),
        }),
        Client::Plugin => {
            if let Some(set_by) = aws.endpoints().channel_set_by() {
                return Err(PluginError::Endpoint(set_by.to_owned()).into());
            }
            let search = find::find(session.plugin_path.as_deref(), os).await;
            let plugin = search.plugin?;
            let mut warnings: Vec<String> = search.distrusted.iter().map(passed_over).collect();
            warnings.extend(doubts(&plugin, aws));
            Ok(Choice {
                client: Chosen::Plugin(plugin),
                warnings,
            })
        }
        Client::Auto => Ok(auto(session, aws, os).await),
    }
}

/// Takes the plugin if both streams are terminals, nothing is in its way and AWS supports it.
/// With `-v` it says why it did not. It always says if another user could swap a plugin.
async fn auto(session: &Session, aws: &Aws, os: &Os) -> Choice {
    let mut warnings = Vec::new();
    let reason = if !(os.stdin_terminal && os.stdout_terminal) {
        "stdin and stdout are not both terminals".to_owned()
    } else if let Some(obstacle) = Obstacle::find(session, aws) {
        obstacle.to_string()
    } else {
        let search = find::find(session.plugin_path.as_deref(), os).await;
        warnings.extend(search.distrusted.iter().map(passed_over));
        match search.plugin {
            Err(problem) => format!("session-manager-plugin: {problem}"),
            Ok(plugin) => {
                let Some(flaw) = plugin.flaw() else {
                    let client = Chosen::Plugin(plugin);
                    return Choice { client, warnings };
                };
                format!("session-manager-plugin {}: {flaw}", plugin.version)
            }
        }
    };
    tracing::info!("the builtin client opens the shell: {reason}");
    Choice {
        client: Chosen::Builtin,
        warnings,
    }
}

/// Says that a plugin is installed and was passed over, and how to mend it.
fn passed_over(Distrusted { why, hint }: &Distrusted) -> String {
    format!("vendor-ssm passed over a plugin: {why}; {hint}")
}

/// A line for each reason not to use a plugin that can be used.
fn doubts(plugin: &Plugin, aws: &Aws) -> impl Iterator<Item = String> {
    let flaw = plugin.flaw().map(|flaw| {
        format!(
            "session-manager-plugin {}: {flaw}; install {ADVISED} or later",
            plugin.version
        )
    });
    let kind = Obstacle::kind(aws).map(|kind| format!("session-manager-plugin: {kind}"));
    flaw.into_iter().chain(kind)
}
