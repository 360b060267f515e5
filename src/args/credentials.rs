//! `credentials`: what the credentials are for, and what they may do.

use std::ffi::OsString;
use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args as ClapArgs, Subcommand};
use jiff::SignedDuration;

use super::Output;

/// `credentials`.
#[derive(Debug, Clone, Subcommand)]
pub enum CredentialsCommand {
    /// Run a local command with the customer role's credentials in its environment
    ///
    /// Examples:
    ///   vendor-ssm credentials exec --only list -- aws ec2 describe-instances
    ///   vendor-ssm credentials exec -c acme --for 15m -- ./report.sh
    #[command(verbatim_doc_comment)]
    Exec(ExecCredentials),
    /// Print the customer role's credentials as JSON, for `credential_process` in ~/.aws/config
    ///
    /// Examples:
    ///   vendor-ssm credentials process -c acme | jq .Expiration
    ///   vendor-ssm settings --aws-profile -c acme >> ~/.aws/config
    #[command(verbatim_doc_comment)]
    Process(ProcessCredentials),
}

/// `credentials exec`.
#[derive(Debug, Clone, ClapArgs)]
pub struct ExecCredentials {
    /// What the credentials may do, and how long they last.
    #[command(flatten)]
    pub narrowing: Narrowing,
    /// Reason and confirmation.
    #[command(flatten)]
    pub guards: CredentialGuards,
    /// The command and its arguments. Except on Windows, vendor-ssm becomes this command
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub command: Vec<OsString>,
}

/// `credentials process`.
#[derive(Debug, Clone, ClapArgs)]
pub struct ProcessCredentials {
    /// What the credentials may do, and how long they last.
    #[command(flatten)]
    pub narrowing: Narrowing,
    /// Reason and confirmation.
    #[command(flatten)]
    pub guards: CredentialGuards,
}

/// The guards of credentials: AWS has no place for their reason.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct CredentialGuards {
    /// Say why you need the credentials, where the settings require it
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Confirm the customer by its name, where the settings require it
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub confirm: Option<String>,
}

/// `settings`.
#[derive(Debug, Clone, ClapArgs)]
pub struct ShowSettings {
    /// Print a profile for ~/.aws/config, by which other programs get the customer's credentials
    #[arg(long, conflicts_with = "output")]
    pub aws_profile: bool,
    /// The format of the data on stdout.
    #[command(flatten)]
    pub output: Output,
}

/// What the credentials may do, and how long they last.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct Narrowing {
    /// Allow only this: list, or session=INSTANCE-ID (repeatable, each adds to the others)
    #[arg(long, value_name = "WHAT", value_parser = only, conflicts_with = "policy")]
    pub only: Vec<Only>,
    /// Allow only what this IAM policy allows too: a JSON file
    #[arg(long, value_name = "FILE")]
    pub policy: Option<PathBuf>,
    /// Let the credentials expire after this time, from 15m to 1h [default: the settings file's]
    #[arg(long = "for", value_name = "DURATION", value_parser = lifetime)]
    pub seconds: Option<u32>,
}

/// One thing that narrowed credentials may do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Only {
    /// List instances.
    List,
    /// Open sessions on the instance with this id.
    Session(String),
}

fn only(text: &str) -> Result<Only, String> {
    match text.split_once('=') {
        None if text == "list" => Ok(Only::List),
        Some(("session", id)) if !id.is_empty() => Ok(Only::Session(id.to_owned())),
        _ => Err("expected list or session=INSTANCE-ID".to_owned()),
    }
}

/// Seconds from a duration such as `15m`, `900s` or `1h`.
/// AWS's limits for a chained role are 15 minutes and one hour (STS API reference, AssumeRole).
fn lifetime(text: &str) -> Result<u32, String> {
    let wrong = || "expected a duration from 15m to 1h, such as 30m".to_owned();
    let duration: SignedDuration = text.parse().map_err(|_| wrong())?;
    let is_whole = duration.subsec_nanos() == 0;
    u32::try_from(duration.as_secs())
        .ok()
        .filter(|seconds| is_whole && (900..=3600).contains(seconds))
        .ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lifetime_is_from_fifteen_minutes_to_an_hour() {
        for (text, seconds) in [
            ("15m", 900),
            ("900s", 900),
            ("1h", 3600),
            ("60m", 3600),
            ("20m 30s", 1230),
            ("PT30M", 1800),
        ] {
            assert_eq!(lifetime(text), Ok(seconds), "{text}");
        }
        for text in [
            "", "15", "900", "14m", "14m 59s", "61m", "2h", "1d", "-15m", "15m ago", "900.5s", "0",
            "m", "fifteen",
        ] {
            assert!(lifetime(text).is_err(), "{text}");
        }
    }

    #[test]
    fn only_names_what_there_is() {
        assert_eq!(only("list"), Ok(Only::List));
        assert_eq!(only("session=i-1"), Ok(Only::Session("i-1".to_owned())));
        for text in ["", "List", "list=", "session", "session=", "all", "=x"] {
            assert!(only(text).is_err(), "{text}");
        }
    }
}
