//! The exit codes that a runbook may rely on:
//! a test freezes them, and they are grouped by who acts.
//!
//! vendor-ssm's own are below 64, so that none collides with sysexits, a Rust panic (101),
//! `timeout` (124), the shell (126, 127, 128+n) or aws-cli (252-255). A local command that cannot
//! be started has the codes of `env` (POSIX, env). Nothing else decides a process's exit status.

use crate::platform;

/// How the process ends. [`Exit::code`] is what the shell sees, [`Exit::name`] what messages say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Exit {
    /// Success: something was listed, an empty list included, or a session opened and closed.
    Ok,
    /// A bug in vendor-ssm.
    Internal,
    /// The command line is wrong, or a required reason is missing.
    Usage,
    /// `policy check` found a violation, or a statement that it cannot judge.
    Findings,
    /// Some customers or regions did not answer; the rest was printed.
    Partial,
    /// The settings are wrong, missing or unsafe.
    Settings,
    /// The plugin was requested, and it is missing, too old or not safe to run.
    Plugin,
    /// A credential store is required and cannot be used.
    Keyring,
    /// The disk, the journal or the output failed.
    LocalIo,
    /// The base identity is missing or expired, or the MFA code is wrong.
    BaseCredentials,
    /// The vendor role refused.
    VendorRoleDenied,
    /// The customer role refused.
    CustomerRoleDenied,
    /// The credentials expired or were revoked, and cannot be renewed.
    CredentialsRevoked,
    /// AWS answered with another account or role than the settings name.
    IdentityMismatch,
    /// No instance matches.
    NoMatch,
    /// Several instances match, and there is no terminal to ask on.
    Ambiguous,
    /// The target is stopped or its agent is not connected.
    NotConnected,
    /// AWS refused StartSession.
    StartDenied,
    /// DNS, TLS or the proxy failed, or a call timed out.
    Network,
    /// AWS still throttled the call after all retries.
    Throttled,
    /// AWS failed, or vendor-ssm could not read its answer.
    AwsError,
    /// The session was created but did not open; vendor-ssm terminated it.
    NotOpened,
    /// The session was lost or the plugin failed; vendor-ssm terminated it.
    Lost,
    /// A session may still be open.
    MayStillBeOpen,
    /// A question needs an answer, and there is no terminal.
    NeedsTerminal,
    /// The confirmation was not given.
    Declined,
    /// A local command was found and cannot be started; 126 as in `env`.
    CommandUnusable,
    /// A local command was not found; 127 as in `env`.
    CommandNotFound,
    /// The exit status of a command: `run`'s on the target, or a local one that vendor-ssm started.
    /// 255 is also a failure of `run` itself.
    Remote(u8),
    /// The exit code of a local program that does not fit in a byte. Only Windows has such codes.
    Large(u32),
    /// A signal stopped vendor-ssm, after clean-up: 128 plus its number.
    Signal(u8),
}

impl Exit {
    /// The exit status of a local program, as the system tells it.
    pub fn of_program(code: u32) -> Self {
        u8::try_from(code).map_or(Self::Large(code), Self::Remote)
    }

    /// The process's exit status.
    pub const fn code(self) -> u8 {
        match self {
            Self::Ok => 0,
            Self::Internal => 1,
            Self::Usage => 2,
            Self::Findings => 3,
            Self::Partial => 4,
            Self::Settings => 10,
            Self::Plugin => 11,
            Self::Keyring => 12,
            Self::LocalIo => 13,
            Self::BaseCredentials => 20,
            Self::VendorRoleDenied => 21,
            Self::CustomerRoleDenied => 22,
            Self::CredentialsRevoked => 23,
            Self::IdentityMismatch => 24,
            Self::NoMatch => 30,
            Self::Ambiguous => 31,
            Self::NotConnected => 33,
            Self::StartDenied => 34,
            Self::Network => 40,
            Self::Throttled => 41,
            Self::AwsError => 42,
            Self::NotOpened => 50,
            Self::Lost => 51,
            Self::MayStillBeOpen => 52,
            Self::NeedsTerminal => 60,
            Self::Declined => 61,
            Self::CommandUnusable => 126,
            Self::CommandNotFound => 127,
            Self::Remote(code) => code,
            Self::Large(_) => u8::MAX,
            Self::Signal(number) => 128 + number,
        }
    }

    /// The name that error messages and `--error-format json` carry.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Internal => "internal",
            Self::Usage => "usage",
            Self::Findings => "findings",
            Self::Partial => "partial",
            Self::Settings => "settings",
            Self::Plugin => "plugin",
            Self::Keyring => "keyring",
            Self::LocalIo => "local-io",
            Self::BaseCredentials => "base-credentials",
            Self::VendorRoleDenied => "vendor-role-denied",
            Self::CustomerRoleDenied => "customer-role-denied",
            Self::CredentialsRevoked => "credentials-revoked",
            Self::IdentityMismatch => "identity-mismatch",
            Self::NoMatch => "no-match",
            Self::Ambiguous => "ambiguous",
            Self::NotConnected => "not-connected",
            Self::StartDenied => "start-denied",
            Self::Network => "network",
            Self::Throttled => "throttled",
            Self::AwsError => "aws-error",
            Self::NotOpened => "not-opened",
            Self::Lost => "lost",
            Self::MayStillBeOpen => "may-still-be-open",
            Self::NeedsTerminal => "needs-terminal",
            Self::Declined => "declined",
            Self::CommandUnusable => "command-unusable",
            Self::CommandNotFound => "command-not-found",
            Self::Remote(_) | Self::Large(_) => "remote",
            Self::Signal(_) => "signal",
        }
    }

    /// Who has to act, for `actor` in JSON; `None` if it is not clear or not needed.
    pub const fn actor(self) -> Option<&'static str> {
        match self {
            Self::Ok
            | Self::Partial
            | Self::Throttled
            | Self::AwsError
            | Self::Remote(_)
            | Self::Large(_)
            | Self::Signal(_) => None,
            Self::Internal => Some("us"),
            Self::VendorRoleDenied => Some("your admin"),
            Self::CustomerRoleDenied | Self::NotConnected | Self::StartDenied => Some("customer"),
            Self::Network => Some("network"),
            Self::Usage
            | Self::Findings
            | Self::Settings
            | Self::Plugin
            | Self::Keyring
            | Self::LocalIo
            | Self::BaseCredentials
            | Self::CredentialsRevoked
            | Self::IdentityMismatch
            | Self::NoMatch
            | Self::Ambiguous
            | Self::NotOpened
            | Self::Lost
            | Self::MayStillBeOpen
            | Self::NeedsTerminal
            | Self::Declined
            | Self::CommandUnusable
            | Self::CommandNotFound => Some("you"),
        }
    }

    /// Whether the same command may be tried again unchanged.
    ///
    /// `aws-error` depends on the answer (5xx or not), so its caller decides; a lost session is not
    /// retryable by itself, since what ran in it may have taken effect.
    pub const fn retryable(self) -> bool {
        matches!(
            self,
            Self::Partial | Self::Network | Self::Throttled | Self::NotOpened
        )
    }
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        match exit {
            Exit::Large(code) => platform::exit_code(code),
            exit => exit.code().into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Exit;

    #[test]
    fn the_table_is_frozen() {
        let table = [
            (Exit::Ok, 0, "ok"),
            (Exit::Internal, 1, "internal"),
            (Exit::Usage, 2, "usage"),
            (Exit::Findings, 3, "findings"),
            (Exit::Partial, 4, "partial"),
            (Exit::Settings, 10, "settings"),
            (Exit::Plugin, 11, "plugin"),
            (Exit::Keyring, 12, "keyring"),
            (Exit::LocalIo, 13, "local-io"),
            (Exit::BaseCredentials, 20, "base-credentials"),
            (Exit::VendorRoleDenied, 21, "vendor-role-denied"),
            (Exit::CustomerRoleDenied, 22, "customer-role-denied"),
            (Exit::CredentialsRevoked, 23, "credentials-revoked"),
            (Exit::IdentityMismatch, 24, "identity-mismatch"),
            (Exit::NoMatch, 30, "no-match"),
            (Exit::Ambiguous, 31, "ambiguous"),
            (Exit::NotConnected, 33, "not-connected"),
            (Exit::StartDenied, 34, "start-denied"),
            (Exit::Network, 40, "network"),
            (Exit::Throttled, 41, "throttled"),
            (Exit::AwsError, 42, "aws-error"),
            (Exit::NotOpened, 50, "not-opened"),
            (Exit::Lost, 51, "lost"),
            (Exit::MayStillBeOpen, 52, "may-still-be-open"),
            (Exit::NeedsTerminal, 60, "needs-terminal"),
            (Exit::Declined, 61, "declined"),
            (Exit::CommandUnusable, 126, "command-unusable"),
            (Exit::CommandNotFound, 127, "command-not-found"),
            (Exit::Signal(2), 130, "signal"),
            (Exit::Signal(15), 143, "signal"),
            (Exit::Signal(1), 129, "signal"),
            (Exit::Signal(3), 131, "signal"),
        ];
        for (exit, code, name) in table {
            assert_eq!((exit.code(), exit.name()), (code, name));
        }
    }
}
