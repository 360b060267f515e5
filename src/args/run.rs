//! `run`.

use std::num::NonZeroU32;
use std::num::NonZeroUsize;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args as ClapArgs, ValueEnum};

use super::{Guards, Output, number};

/// `run`.
#[derive(Debug, Clone, ClapArgs)]
pub struct Run {
    /// Instance ids, exact Name tags or private IP addresses
    #[arg(required = true, value_name = "TARGET", value_parser = NonEmptyStringValueParser::new())]
    pub targets: Vec<String>,
    /// The command and its arguments.
    /// They arrive unchanged; use `sh -c '…'` for shell syntax. On Windows the words are one
    /// PowerShell script
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub command: Vec<String>,
    /// Run on up to this many targets at once
    #[arg(long, value_name = "NUMBER", default_value = "10", value_parser = number::one_or_more)]
    pub parallel: NonZeroUsize,
    /// Stop the command after this many seconds [default: no limit]
    #[arg(long, value_name = "SECONDS", value_parser = number::seconds)]
    pub timeout: Option<NonZeroU32>,
    /// Run the command through an interactive shell, if the customer grants only that.
    /// stdout and stderr are then one stream, as on a terminal
    #[arg(long, value_name = "WAY", value_enum)]
    pub via: Option<Via>,
    /// Reason and confirmation.
    #[command(flatten)]
    pub guards: Guards,
    /// Wait up to this many seconds until a target's agent is connected [without a number: 300]
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true, default_missing_value = "300", value_parser = number::seconds_or_none)]
    pub wait: Option<u32>,
    /// The format of the data on stdout.
    #[command(flatten)]
    pub output: Output,
}

/// How a command reaches the instance, if not through the session document for commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Via {
    /// An interactive shell.
    Shell,
}
