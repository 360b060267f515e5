//! Which client opens a shell, decided and checked before StartSession.

use crate::args::Client;
use crate::aws::{Aws, Service};
use crate::os::Os;
use crate::settings::Session;

use super::Error;
use super::plugin::{self, Plugin};

/// The client that will open the shell.
#[derive(Debug, Clone)]
pub enum Chosen {
    /// This plugin.
    Plugin(Plugin),
    /// Our own data channel.
    Builtin,
}

impl Chosen {
    /// Its name in `connect --dry-run`.
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Plugin(_) => "plugin",
            Self::Builtin => "builtin",
        }
    }
}

/// Chooses. `auto` takes the plugin when a usable one is installed, stdin and stdout are terminals, the
/// SSM endpoint is not overridden and no `AWS_CA_BUNDLE` is set: its websocket ignores one, and hangs.
pub async fn choose(session: &Session, aws: &Aws, os: &Os) -> Result<Chosen, Error> {
    let find = || plugin::find(session.plugin_path.as_deref(), os);
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
