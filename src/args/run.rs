//! `run`.

use std::num::NonZeroU32;
use std::num::NonZeroUsize;

use clap::builder::NonEmptyStringValueParser;
use clap::{Args as ClapArgs, ValueEnum};

use super::{Guards, Output};

/// `run`.
#[derive(Debug, Clone, ClapArgs)]
pub struct Run {
    /// Instance ids, exact Name tags or private IP addresses
    #[arg(required = true, value_name = "TARGET", value_parser = NonEmptyStringValueParser::new())]
    pub targets: Vec<String>,
    /// The command and its arguments, which arrive as they are; shell syntax needs `sh -c '…'`. On Windows
    /// the words are one PowerShell script
    #[arg(last = true, required = true, value_name = "COMMAND")]
    pub command: Vec<String>,
    /// On how many targets it runs at once
    #[arg(long, value_name = "N", default_value = "10")]
    pub parallel: NonZeroUsize,
    /// End it where it takes longer than this
    #[arg(long, value_name = "SECONDS")]
    pub timeout: Option<NonZeroU32>,
    /// Run it through an interactive shell, where only that is granted: standard error comes with standard
    /// output, and the bytes are a terminal's
    #[arg(long, value_name = "WAY", value_enum)]
    pub via: Option<Via>,
    /// Reason and confirmation.
    #[command(flatten)]
    pub guards: Guards,
    /// Wait until a target's agent is connected, at most so many seconds
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, require_equals = true, default_missing_value = "300")]
    pub wait: Option<u32>,
    /// The form of the data on stdout.
    #[command(flatten)]
    pub output: Output,
}

/// What a command goes through when it is not the session document for commands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Via {
    /// An interactive shell.
    Shell,
}
