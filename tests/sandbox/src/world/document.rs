//! Systems Manager documents, and what the inputs of a session document ask for.

use std::time::Duration;

use super::{Parameter, Platform};

/// A Systems Manager document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Document {
    /// The document's name.
    pub name: String,
    /// Whether AWS owns it:
    /// then its ARN has no account. Other documents are there in every account.
    pub aws_owned: bool,
    /// The region it is in; none if it is in all of them.
    pub region: Option<String>,
    /// What it is for.
    pub document_type: DocumentType,
    /// What `StartSession` may or has to give.
    pub parameters: Vec<Parameter>,
    /// What the agent is given, with `{{ name }}` where a parameter's value belongs.
    pub properties: Vec<(String, String)>,
    /// The same for an agent on Windows, if the document has properties for each platform.
    /// Empty if it has none for Windows.
    pub windows_properties: Option<Vec<(String, String)>>,
    /// The operating system user whom Run As takes where the caller has no tag;
    /// none when Run As is off.
    pub run_as_default_user: Option<String>,
    /// `kmsKeyId`: the ARN of the key that its sessions are encrypted with, when they are.
    pub kms_key_id: Option<String>,
    /// `cloudWatchLogGroupName`: where its sessions are logged, when they are.
    pub log_group: Option<String>,
    /// `idleSessionTimeout`. AWS wants whole minutes; tests can have less.
    pub idle_timeout: Option<Duration>,
    /// `shellProfile.linux`.
    pub shell_profile: Option<String>,
    /// `shellProfile.windows`.
    pub windows_profile: Option<String>,
    /// `maxSessionDuration`. AWS wants whole minutes; tests can have less.
    pub max_duration: Option<Duration>,
}

/// What a document is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DocumentType {
    /// Run Command; no session can be started with it.
    Command,
    /// A session of this kind.
    Session(SessionType),
}

/// The `sessionType` of a Session document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SessionType {
    /// A shell.
    StandardStream,
    /// A command on a terminal.
    InteractiveCommands,
    /// A command without a terminal.
    NonInteractiveCommands,
    /// Bytes of a TCP connection.
    Port,
}

impl Document {
    /// A document of the accounts' own that asks for nothing.
    pub fn new(name: &str, document_type: DocumentType) -> Self {
        Self {
            name: name.to_owned(),
            aws_owned: false,
            region: None,
            document_type,
            parameters: Vec::new(),
            properties: Vec::new(),
            windows_properties: None,
            run_as_default_user: None,
            kms_key_id: None,
            log_group: None,
            idle_timeout: None,
            max_duration: None,
            shell_profile: None,
            windows_profile: None,
        }
    }

    /// What the agent on this platform is given (amazon-ssm-agent, `ShellProperties` in
    /// `agent/session/contracts/model.go`).
    pub fn properties_on(&self, platform: Platform) -> &[(String, String)] {
        match (&self.windows_properties, platform) {
            (Some(properties), Platform::Windows) => properties,
            _ => &self.properties,
        }
    }

    /// What the agent on this platform types into a shell (amazon-ssm-agent, `runShellProfile` in
    /// `agent/session/shell/shell_unix.go` and `shell_windows.go`).
    pub fn profile_on(&self, platform: Platform) -> Option<&str> {
        match platform {
            Platform::Windows => self.windows_profile.as_deref(),
            Platform::Linux => self.shell_profile.as_deref(),
        }
    }

    /// The document's ARN in an account and region.
    pub fn arn(&self, region: &str, account: &str) -> String {
        let account = if self.aws_owned { "" } else { account };
        format!("arn:aws:ssm:{region}:{account}:document/{}", self.name)
    }
}

impl SessionType {
    /// The name that documents and `StartSession` use.
    pub fn name(self) -> &'static str {
        match self {
            Self::StandardStream => "Standard_Stream",
            Self::InteractiveCommands => "InteractiveCommands",
            Self::NonInteractiveCommands => "NonInteractiveCommands",
            Self::Port => "Port",
        }
    }
}
