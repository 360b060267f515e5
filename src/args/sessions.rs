//! `sessions` and `history`.

use clap::{Args as ClapArgs, Subcommand};

use crate::names::{Malformed, fits, malformed};

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
    #[arg(value_name = "ID", value_parser = session_id, required_unless_present = "orphaned")]
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

/// A session's id: the name of the role session or user that started it, a hyphen, and letters and digits (Session Manager
/// user guide, "Additional sample IAM policies for Session Manager"), 96 characters at most (`TerminateSession` API
/// reference).
fn session_id(text: &str) -> Result<String, Malformed> {
    if fits(text, b"_+=,.@-", 1..=96) && text.contains('-') {
        Ok(text.to_owned())
    } else {
        malformed(
            "a session id is a name, a hyphen, and letters and digits, as `vendor-ssm sessions list` shows it",
        )
    }
}
