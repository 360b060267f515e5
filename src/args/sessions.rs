//! `sessions` and `history`.

use clap::{Args as ClapArgs, Subcommand};

use crate::names::{Malformed, fits, malformed};

use super::{Output, number};

/// `sessions`.
#[derive(Debug, Clone, Subcommand)]
pub enum Sessions {
    /// List sessions that may still be open, from the local journal and, if permitted, from AWS
    ///
    /// Example:
    ///   vendor-ssm sessions list -c acme
    #[command(verbatim_doc_comment)]
    List(Output),
    /// Terminate sessions
    ///
    /// Examples:
    ///   vendor-ssm sessions terminate alice-0a1b2c3d4e5f67890
    ///   vendor-ssm sessions terminate --orphaned
    #[command(verbatim_doc_comment)]
    Terminate(Terminate),
}

/// `sessions terminate`.
#[derive(Debug, Clone, ClapArgs)]
pub struct Terminate {
    /// The ids of the sessions to terminate
    #[arg(value_name = "ID", value_parser = session_id, required_unless_present = "orphaned")]
    pub ids: Vec<String>,
    /// Terminate all sessions left by a vendor-ssm that is no longer running
    #[arg(long, conflicts_with = "ids")]
    pub orphaned: bool,
    /// The format of the data on stdout.
    #[command(flatten)]
    pub output: Output,
}

/// `history`.
#[derive(Debug, Clone, ClapArgs)]
pub struct History {
    /// Show only the last NUMBER sessions [default: all]
    #[arg(long, value_name = "NUMBER", value_parser = number::count)]
    pub limit: Option<usize>,
    /// The format of the data on stdout.
    #[command(flatten)]
    pub output: Output,
}

/// Parses a session's id, such as `alice-0a1b2c3d4e5f67890`.
/// It is the name of the role session or user that started it, a hyphen, letters and digits. It has
/// at most 96 characters. Sources: Session Manager user guide, "Additional sample IAM policies for
/// Session Manager", and the `TerminateSession` API reference.
fn session_id(text: &str) -> Result<String, Malformed> {
    if fits(text, b"_+=,.@-", 1..=96) && text.contains('-') {
        Ok(text.to_owned())
    } else {
        malformed("expected a session id such as alice-0a1b2c3d4e5f67890")
    }
}
