//! The command line as a whole, and the flags that every command takes.

use std::path::PathBuf;

use clap::builder::NonEmptyStringValueParser;
use clap::{ArgAction, Args as ClapArgs, Parser, ValueEnum};

use super::{Command, Format};
use crate::names::Region;

/// Open Session Manager sessions on customers' EC2 instances, without SSH keys or open ports
///
/// Examples:
///   vendor-ssm connect web-1
///   vendor-ssm run web-1 -- df -h
#[derive(Debug, Clone, Parser)]
#[command(
    name = "vendor-ssm",
    // Else it is the file's name, which ends in .exe on Windows.
    bin_name = "vendor-ssm",
    version,
    max_term_width = 100,
    propagate_version = false,
    verbatim_doc_comment
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
#[expect(clippy::struct_excessive_bools, reason = "each flag is set by itself")]
#[command(next_help_heading = "Global options")]
pub struct Global {
    /// Use this customer of the settings file
    #[arg(short, long, value_name = "NAME", value_parser = NonEmptyStringValueParser::new(), global = true)]
    pub customer: Option<String>,
    /// Use only this region of the customer (repeatable)
    #[arg(long = "region", value_name = "REGION", global = true)]
    pub regions: Vec<Region>,
    /// Start from this profile of ~/.aws/config
    #[arg(long, value_name = "PROFILE", value_parser = NonEmptyStringValueParser::new(), global = true)]
    pub profile: Option<String>,
    /// Read this settings file, or all of a folder's [default: your own config.toml]
    #[arg(long, value_name = "FILE", global = true)]
    pub config: Option<PathBuf>,
    /// Never prompt (implied if there is no terminal to ask on)
    #[arg(long, global = true)]
    pub no_input: bool,
    /// Neither read nor store cached credentials
    #[arg(long, global = true)]
    pub no_cache: bool,
    /// Work inside `credentials exec` too, where the environment has the customer's credentials
    #[arg(long, global = true)]
    pub nested: bool,
    /// Print errors to stderr in this format
    #[arg(
        long,
        value_name = "FORMAT",
        value_enum,
        default_value_t,
        global = true
    )]
    pub error_format: Format,
    /// Colour errors, and the states in the table of `list`
    #[arg(long, value_name = "WHEN", value_enum, default_value_t, global = true)]
    pub color: Color,
    /// Log to stderr, without secrets; -vv adds the AWS SDK's log
    #[arg(short, long, action = ArgAction::Count, global = true)]
    pub verbose: u8,
    /// Print only errors and warnings to stderr
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
}

/// When to colour.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub enum Color {
    /// On terminals, unless `NO_COLOR` is set.
    #[default]
    Auto,
    /// Errors even if stderr is not a terminal.
    Always,
    /// Not even on a terminal.
    Never,
}
