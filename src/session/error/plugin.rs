//! Why the session-manager-plugin cannot be used.

use std::path::PathBuf;

use crate::platform::INSTALL_PLUGIN;
use crate::session::client::plugin::version::{FIRST_WITH_RESPONSE, Version};
use crate::trust::Distrust;

/// Why no plugin can be used.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PluginError {
    /// There is none where plugins are looked for.
    #[error("it is not installed")]
    Missing,
    /// The settings name a file that cannot be used.
    #[error("{path}: {reason}", path = .0.display(), reason = .1)]
    Unusable(PathBuf, String),
    /// Another user can write it, or swap it by a folder or link on the way to it.
    #[error("{path} is not safe: {why}", path = .0.display(), why = .1)]
    Distrusted(PathBuf, Distrust),
    /// It is too old.
    #[error("{path} has version {version}, which takes the session's token on its command line", path = .0.display(), version = .1)]
    TooOld(PathBuf, Version),
    /// The data channel has an endpoint of its own. The text says what sets it.
    #[error("it has no setting for the endpoint of {0}, and would use AWS's public host")]
    Endpoint(String),
}

impl PluginError {
    /// What to do next.
    pub(crate) fn hint(&self) -> String {
        match self {
            Self::Missing => format!(
                "{INSTALL_PLUGIN}, set session.plugin_path, or use --client builtin, which needs none"
            ),
            Self::Unusable(..) => {
                "correct the file or session.plugin_path, or use --client builtin".to_owned()
            }
            Self::Distrusted(_, why) => format!("{}, or use --client builtin", why.hint()),
            Self::Endpoint(_) => {
                "use --client builtin, which opens the data channel on that endpoint".to_owned()
            }
            Self::TooOld(..) => {
                format!("install {FIRST_WITH_RESPONSE} or later, or use --client builtin")
            }
        }
    }
}
