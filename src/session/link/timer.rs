//! Deadlines that may not be there.

use std::time::Instant;

/// Waits for a moment; for ever if there is none. Cancel-safe.
pub(crate) async fn until(moment: Option<Instant>) {
    match moment {
        Some(moment) => tokio::time::sleep_until(moment.into()).await,
        None => std::future::pending().await,
    }
}
