//! `doctor`.

use clap::Args as ClapArgs;

use super::Output;

/// `doctor`.
#[derive(Debug, Clone, ClapArgs)]
pub struct Doctor {
    /// Check that the customer's role refuses a missing and a wrong ExternalId;
    /// the customer sees both attempts in CloudTrail
    #[arg(long)]
    pub check_trust: bool,
    /// Print a note for the customer: what was denied, and the statements that allow it
    #[arg(long, conflicts_with = "output")]
    pub report: bool,
    /// The format of the data on stdout.
    #[command(flatten)]
    pub output: Output,
}
