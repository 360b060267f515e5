//! `sessions` and `history`.

use clap::builder::NonEmptyStringValueParser;
use clap::{Args as ClapArgs, Subcommand};

use super::Output;

/// `sessions`.
#[derive(Debug, Clone, Subcommand)]
pub enum Sessions {
    /// List them, from the local journal and, where granted, from AWS
    List(Output),
    /// End them
    Terminate(Terminate),
}

/// `sessions terminate`.
#[derive(Debug, Clone, ClapArgs)]
pub struct Terminate {
    /// Session ids
    #[arg(value_name = "ID", value_parser = NonEmptyStringValueParser::new(), required_unless_present = "orphaned")]
    pub ids: Vec<String>,
    /// All that no running vendor-ssm waits for
    #[arg(long, conflicts_with = "ids")]
    pub orphaned: bool,
    /// The form of the data on stdout.
    #[command(flatten)]
    pub output: Output,
}

/// `history`.
#[derive(Debug, Clone, ClapArgs)]
pub struct History {
    /// Only the last so many
    #[arg(long, value_name = "NUMBER")]
    pub limit: Option<usize>,
    /// The form of the data on stdout.
    #[command(flatten)]
    pub output: Output,
}
