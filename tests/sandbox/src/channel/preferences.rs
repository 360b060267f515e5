//! What the `inputs` of a session document ask of the agent and the service.

use std::time::Duration;

/// The inputs of a session document, as far as they are played. By default all are off.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Preferences {
    /// `idleSessionTimeout`:
    /// how long nothing may come from either side. AWS knows whole minutes only.
    pub idle: Option<Duration>,
    /// `maxSessionDuration`. AWS knows whole minutes only.
    pub longest: Option<Duration>,
    /// Whether `cloudWatchLogGroupName` names a log group.
    pub logged: bool,
    /// The OS user that Run As comes to.
    pub run_as: Option<String>,
    /// `shellProfile`: what the agent types into the shell before anything else
    /// (amazon-ssm-agent, `shell_unix.go`, `runShellProfile`).
    pub shell_profile: Option<String>,
    /// Whether a `{{ssm:NAME}}` in the document or its parameters has no value.
    /// Then the agent drops the session, and the client hears nothing at all (amazon-ssm-agent,
    /// `mgsinteractor.go`, `processSessionRelatedMessages`).
    pub lookup_failed: bool,
}
