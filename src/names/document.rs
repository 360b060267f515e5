//! The session documents that AWS owns. A customer may grant its own documents instead.
//! Source: Systems Manager User Guide, "Session document schema" and "Start a session".

/// An interactive shell. An account keeps its session preferences under this name.
pub(crate) const SHELL: &str = "SSM-SessionManagerRunShell";
/// A command without a terminal.
pub(crate) const COMMAND: &str = "AWS-StartNonInteractiveCommand";
/// A port of the instance.
pub(crate) const PORT: &str = "AWS-StartPortForwardingSession";
/// A port of a host that the instance reaches.
pub(crate) const REMOTE_PORT: &str = "AWS-StartPortForwardingSessionToRemoteHost";
/// The instance's SSH port, for ssh's ProxyCommand.
pub(crate) const SSH: &str = "AWS-StartSSHSession";
/// A shell script through Run Command; the kit's steps create an OS user with it.
pub(crate) const RUN_SHELL_SCRIPT: &str = "AWS-RunShellScript";
