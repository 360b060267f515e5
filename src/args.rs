//! The command line as it was typed: no environment, no files, no AWS. No flag ever takes a secret.

mod customer;
mod doctor;
pub mod forward;
pub mod run;
mod sessions;

use std::fmt;
use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{ArgAction, Args as ClapArgs, Parser, Subcommand, ValueEnum};

use crate::names::{DocumentName, Region};

pub use customer::{
    AddCustomer, CustomerCommand, Grant, KitCommand, KitCustomer, KitVendor, RemoveCustomer,
    ShowCustomer,
};
pub use doctor::Doctor;
pub use sessions::{History, Sessions, Terminate};

/// Opens Session Manager sessions on customers' EC2 instances: no SSH keys, open ports or bastions.
#[derive(Debug, Clone, Parser)]
#[command(
    name = "vendor-ssm",
    version,
    max_term_width = 100,
    propagate_version = false
)]
pub struct Args {
    /// The flags that every command takes.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// The flags that every command takes.
#[derive(Debug, Clone, Default, ClapArgs)]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// The customer, as the settings file names it
    #[arg(short, long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new(), global = true)]
    pub customer: Option<String>,
    /// Only this region of the customer's (repeatable)
    #[arg(long = "region", value_name = "REGION", global = true)]
    pub regions: Vec<Region>,
    /// The profile of ~/.aws/config to start from
    #[arg(long, value_name = "PROFILE", value_parser = NonEmptyStringValueParser::new(), global = true)]
    pub profile: Option<String>,
    /// The settings file
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Never prompt; implied when there is no terminal to ask on
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Neither read nor keep cached credentials
    #[arg(long, global = true)]
    pub no_cache: bool,
    /// The form of errors on stderr
    #[arg(
        long,
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        global = true
    )]
    pub error_format: Format,
    /// Whether to colour what people read
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, global = true)]
    pub color: Color,
    /// Log more to stderr; -vv also what the AWS SDK does (never a secret)
    #[arg(short, long, action = ArgAction::Count, global = true)]
    pub verbose: u8,
    /// Say only what went wrong
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
}

/// Which client opens a shell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Client {
    /// The plugin when a usable one is installed and nothing speaks against it, else the builtin.
    Auto,
    /// AWS's session-manager-plugin.
    Plugin,
    /// Our own data channel.
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

/// Text for people or JSON for programs.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people.
    #[default]
    Text,
    /// For programs: one object with `"version": 1`.
    Json,
}

/// When to colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On terminals, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// The form of a command's data on stdout.
#[derive(Debug, Clone, Copy, Default, ClapArgs)]
pub struct Output {
    /// The form of the data on stdout
    #[arg(long, value_name = "FORMAT", value_enum, default_value_t)]
    pub output: Format,
}

/// What to do.
#[derive(Debug, Clone, Subcommand)]
pub enum Command {
    /// Open a shell on a customer's instance
    Connect(Connect),
    /// Run a command without a terminal, on one or many instances
    Run(run::Run),
    /// Forward ports of this machine to an instance, or to hosts that it reaches
    Forward(forward::Forward),
    /// Connect stdin and stdout to a port of an instance, for ssh's ProxyCommand
    Proxy(forward::Proxy),
    /// List the customer's instances that carry our tag
    List(List),
    /// Show who we are at each step: base identity, vendor role, customer role
    Whoami(Output),
    /// Walk the role chain and keep its credentials in the OS keyring
    Login(Login),
    /// Forget cached credentials: all, or one customer's with -c
    Logout,
    /// See or end sessions of ours that may still be open
    #[command(subcommand)]
    Sessions(Sessions),
    /// Show the sessions of this machine: when, who, where, why, and how they ended
    History(History),
    /// Check policies against guardrails
    #[command(subcommand)]
    Policy(Policy),
    /// Keep the settings file: add, list, show and remove customers
    #[command(subcommand)]
    Customer(CustomerCommand),
    /// Print the CloudFormation templates for both accounts, filled in
    #[command(subcommand)]
    Kit(KitCommand),
    /// Check everything from the settings to each role, and say what to do
    Doctor(Doctor),
    /// Show every setting and where it came from
    Settings(Output),
    /// Print a completion script
    Completions {
        /// The shell to complete for
        shell: clap_complete::Shell,
    },
    /// Print the manual page
    Man,
}

/// The guards that belong to every command that opens a session or hands out credentials.
#[derive(Debug, Clone, Default, ClapArgs)]
pub struct Guards {
    /// Why the session is needed; the customer finds it in CloudTrail
    #[arg(long, value_name = "TEXT")]
    pub reason: Option<String>,
    /// The customer's name, typed to confirm it
    #[arg(long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new())]
    pub confirm: Option<String>,
}

/// `connect`.
#[derive(Debug, Clone, ClapArgs)]
pub struct Connect {
    /// An instance id, an exact Name tag or a private IP address; absent: a picker
    #[arg(value_parser = NonEmptyStringValueParser::new())]
    pub target: Option<String>,
    /// Which client opens the shell
    #[arg(long, value_enum)]
    pub client: Option<Client>,
    /// The session document to use
    #[arg(long, value_name = "NAME")]
    pub document: Option<DocumentName>,
    /// A parameter of the document (repeatable; a repeated key makes a list)
    #[arg(long = "parameter", value_name = "KEY=VALUE", value_parser = key_value)]
    pub parameters: Vec<(String, String)>,
    /// Reason and confirmation.
    #[command(flatten)]
    pub guards: Guards,
    /// Wait until the target's agent is connected, at most so many seconds
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true, default_missing_value = "300")]
    pub wait: Option<u32>,
    /// Say what would be opened, and open nothing
    #[arg(long)]
    pub dry_run: bool,
    /// The form of what --dry-run says.
    #[command(flatten)]
    pub output: Output,
}

/// `list`.
#[derive(Debug, Clone, ClapArgs)]
pub struct List {
    /// The instances of every customer in the settings file
    #[arg(long, conflicts_with = "customer")]
    pub all_customers: bool,
    /// Only instances that fit: name=web-* or tag:KEY=VALUE (repeatable, all must fit)
    #[arg(long = "filter", value_name = "FILTER", value_parser = key_value)]
    pub filters: Vec<(String, String)>,
    /// Only instances whose agent is connected
    #[arg(long)]
    pub online: bool,
    /// The form of the data on stdout.
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
    /// Check that no policy opens sessions or runs commands on targets that no tag ties
    Check(PolicyCheck),
}

/// `policy check`.
#[derive(Debug, Clone, ClapArgs)]
pub struct PolicyCheck {
    /// Policies or CloudFormation templates, in JSON or YAML, or what `aws iam
    /// get-account-authorization-details` printed
    #[arg(value_name = "FILE", required = true)]
    pub files: Vec<PathBuf>,
    /// A role for emergencies, by name or ARN, whose violations are exempt (repeatable)
    #[arg(long = "break-glass", value_name = "ROLE", value_parser = NonEmptyStringValueParser::new())]
    pub break_glass: Vec<String>,
    /// The form of the data on stdout.
    #[command(flatten)]
    pub output: Output,
}

fn key_value(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((key, value)) if !key.is_empty() => Ok((key.to_owned(), value.to_owned())),
        _ => Err("it has the form KEY=VALUE".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::Args;

    #[test]
    fn the_flag_table_is_sound() {
        let mut command = Args::command();
        command.build();
        command.clone().debug_assert();
        for subcommand in std::iter::once(&command).chain(command.get_subcommands()) {
            for argument in subcommand.get_arguments() {
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
}
