//! The command line as typed: no environment, no files, no AWS. No flag takes a secret.

mod command;
mod credentials;
mod customer;
mod doctor;
pub mod forward;
mod line;
mod number;
pub mod run;
mod sessions;

use std::fmt;
use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args as ClapArgs, Subcommand, ValueEnum};

use crate::names::DocumentName;

pub use command::Command;
pub use credentials::{
    CredentialGuards, CredentialsCommand, ExecCredentials, Narrowing, Only, ProcessCredentials,
    ShowSettings,
};
pub use customer::{
    AddCustomer, CustomerCommand, Grant, ImportCustomers, KitCommand, KitCustomer, KitVendor,
    RemoveCustomer, ShowCustomer, TestCustomer,
};
pub use doctor::Doctor;
pub use line::{Args, Color, Global};
pub use sessions::{History, Sessions, Terminate};

/// The client that opens a shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Client {
    /// The plugin if a usable one is installed and no setting rules it out, else the builtin.
    Auto,
    /// AWS's session-manager-plugin.
    Plugin,
    /// The client inside vendor-ssm.
    Builtin,
}

impl fmt::Display for Client {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Auto => "auto",
            Self::Plugin => "plugin",
            Self::Builtin => "builtin",
        })
    }
}

/// A shell that vendor-ssm completes for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Shell {
    /// GNU Bash.
    Bash,
    /// Elvish.
    Elvish,
    /// The friendly interactive shell.
    Fish,
    /// PowerShell, on every system.
    #[value(name = "powershell")]
    PowerShell,
    /// The Z shell.
    Zsh,
}

/// Text for people or JSON for programs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs: one object with `"version": 1`.
    Json,
}

/// The format of a command's data on stdout.
#[derive(Debug, Clone, Copy, Default, ClapArgs)]
pub struct Output {
    /// Print the data to stdout in this format
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub output: Format,
}

/// The guards of every command that opens a session.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct Guards {
    /// Say why you need the session; the customer finds it in CloudTrail
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// Confirm the customer by its name, where the settings require it
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub confirm: Option<String>,
}

/// `connect`.
#[derive(Debug, Clone, ClapArgs)]
pub struct Connect {
    /// An instance id, an exact Name tag or a private IP address [default: choose from a list]
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub target: Option<String>,
    /// Open the shell with this client [default: the settings file's, else auto]
    #[arg(long, value_enum)]
    pub client: Option<Client>,
    /// Use this session document [default: the settings file's, else AWS's]
    #[arg(long, value_name = "NAME")]
    pub document: Option<DocumentName>,
    /// Set a parameter of the document (repeatable; a repeated key makes a list)
    #[arg(long = "parameter", value_name = "KEY=VALUE", value_parser = key_value)]
    pub parameters: Vec<(String, String)>,
    /// Reason and confirmation.
    #[command(flatten)]
    pub guards: Guards,
    /// Wait up to this many seconds until the target's agent is connected [without a number: 300]
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true, default_missing_value = "300", value_parser = number::seconds_or_none)]
    pub wait: Option<u32>,
    /// Show what vendor-ssm would open, but open nothing
    #[arg(long)]
    pub dry_run: bool,
    /// The format of what `--dry-run` shows.
    #[command(flatten)]
    pub output: Output,
}

/// `list`.
#[derive(Debug, Clone, ClapArgs)]
pub struct List {
    /// List the instances of every customer in the settings file
    #[arg(long, conflicts_with = "customer")]
    pub all_customers: bool,
    /// List only instances that match: name=web-* or tag:KEY=VALUE (repeatable, all must match)
    #[arg(long = "filter", value_name = "FILTER", value_parser = key_value)]
    pub filters: Vec<(String, String)>,
    /// List only instances whose agent is connected
    #[arg(long)]
    pub online: bool,
    /// The format of the data on stdout.
    #[command(flatten)]
    pub output: Output,
}

/// `whoami`.
#[derive(Debug, Clone, Copy, ClapArgs)]
pub struct Whoami {
    /// Show only what is cached and until when, without opening a keyring or asking AWS
    #[arg(long)]
    pub cached: bool,
    /// The format of the data on stdout.
    #[command(flatten)]
    pub output: Output,
}

/// `login`.
#[derive(Debug, Clone, ClapArgs)]
pub struct Login {
    /// Read the MFA code from stdin instead of asking
    #[arg(long)]
    pub mfa_code_stdin: bool,
}

/// `policy`.
#[derive(Debug, Clone, Subcommand)]
pub enum Policy {
    /// Check that no policy allows sessions or commands on untagged targets
    ///
    /// Examples:
    ///   vendor-ssm policy check role.json stack.yaml
    ///   vendor-ssm policy check account.json --break-glass Emergency
    #[command(verbatim_doc_comment)]
    Check(PolicyCheck),
}

/// `policy check`.
#[derive(Debug, Clone, ClapArgs)]
pub struct PolicyCheck {
    /// Policies or CloudFormation templates, in JSON or YAML.
    /// The output of `aws iam get-account-authorization-details` works too
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// Exempt this emergency role, by name or ARN (repeatable)
    #[arg(long = "break-glass", value_name = "ROLE", value_parser = NonEmptyStringValueParser::new())]
    pub break_glass: Vec<String>,
    /// The format of the data on stdout.
    #[command(flatten)]
    pub output: Output,
}

fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("expected KEY=VALUE".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::{Command, CommandFactory as _, Parser as _};

    use super::Args;

    /// Every command and the commands below it.
    fn commands() -> Vec<Command> {
        let mut root = Args::command();
        root.build();
        let mut all = vec![root];
        let mut at = 0;
        while at < all.len() {
            let below = all[at].get_subcommands();
            let below: Vec<Command> = below
                .filter(|command| command.get_name() != "help")
                .cloned()
                .collect();
            all.extend(below);
            at += 1;
        }
        all
    }

    #[test]
    fn the_flag_table_is_sound() {
        Args::command().debug_assert();
        for command in commands() {
            for argument in command.get_arguments() {
                let takes_value = argument.get_action().takes_values();
                let has_name = argument.get_value_names().is_some();
                assert!(
                    !takes_value || has_name,
                    "{argument} has no name for its value"
                );
                assert!(argument.get_help().is_some(), "{argument} has no help");
            }
        }
    }

    #[test]
    fn each_help_opens_with_a_sentence_and_examples_that_can_be_typed() {
        for command in commands() {
            let name = command.get_display_name().unwrap_or("vendor-ssm");
            let about = command.get_long_about().unwrap_or_default().to_string();
            let mut lines = about.lines();
            assert_eq!(
                lines.next(),
                command.get_about().map(ToString::to_string).as_deref(),
                "{name}"
            );
            assert_eq!(lines.next(), Some(""), "{name}");
            assert!(
                matches!(lines.next(), Some("Example:" | "Examples:")),
                "{name}: {about}"
            );
            let examples: Vec<&str> = lines.collect();
            assert!((1..=2).contains(&examples.len()), "{name}: {about}");
            for example in examples {
                let words = shlex::split(example).unwrap();
                // Only the part for vendor-ssm, without a pipe or a file to write to.
                let words = words
                    .iter()
                    .take_while(|word| !["|", ">", ">>"].contains(&word.as_str()));
                let words: Vec<&String> = words.collect();
                if words[0] == "vendor-ssm" {
                    let said = Args::try_parse_from(&words);
                    assert!(said.is_ok(), "{example}: {said:?}");
                }
            }
        }
    }
}
