//! Which client opens a shell, decided and checked before StartSession.

use crate::args::Client;
use crate::aws::{Aws, Service};
use crate::exit::Exit;
use crate::os::Os;
use crate::settings::Session;

use crate::identity::AssumedRole;
use crate::session::context::{Context, Request};
use crate::session::error::Error;
use crate::signals::Signals;

use super::plugin::find::{self, Plugin};
use super::{plugin, shell};

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

/// Chooses the client.
/// `auto` takes the plugin if a usable one is installed, stdin and stdout are terminals, the SSM
/// endpoint is not overridden and no `AWS_CA_BUNDLE` is set. The plugin's websocket ignores a
/// bundle, and hangs.
pub(crate) async fn choose(session: &Session, aws: &Aws, os: &Os) -> Result<Chosen, Error> {
    let find = || find::find(session.plugin_path.as_deref(), os);
    match session.client {
        Client::Builtin => Ok(Chosen::Builtin),
        Client::Plugin => Ok(Chosen::Plugin(find().await?)),
        Client::Auto => {
            let fit = os.stdin_terminal
                && os.stdout_terminal
                && aws.endpoints().of(Service::Ssm).is_none()
                && !aws.has_ca_bundle();
            if !fit {
                return Ok(Chosen::Builtin);
            }
            Ok(find().await.map_or(Chosen::Builtin, Chosen::Plugin))
        }
    }
}
