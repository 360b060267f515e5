//! `doctor`.

use clap::Args as ClapArgs;

use super::Output;

/// `doctor`.
#[derive(Debug, Clone, ClapArgs)]
pub struct Doctor {
    /// Try out that the customer's role refuses us without its ExternalId, and with a wrong one; the
    /// customer sees both in CloudTrail
    #[arg(long)]
    pub check_trust: bool,
    /// Print a note to send to the customer: what was refused, and the statements that allow it
    #[arg(long, conflicts_with = "output")]
    pub report: bool,
    /// The form of the data on stdout.
    #[command(flatten)]
    pub output: Output,
}
