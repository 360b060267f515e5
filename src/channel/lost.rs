//! How a connection ends without its session.

use thiserror::Error;
use tokio_tungstenite::tungstenite;

use super::{flow, vigil};

/// The connection ended and the session did not: it can go on over another one.
#[derive(Debug, Error)]
pub enum Lost {
    /// The far side closed it.
    #[error("the connection was closed{}", close_text(*code, reason))]
    Closed {
        /// The websocket close code (RFC 6455 section 7.4), if a close frame came at all.
        code: Option<u16>,
        /// The text with it. Hostile.
        reason: String,
    },
    /// It broke, or carried bytes that are not a websocket's.
    #[error("the connection broke")]
    Broken(#[source] tungstenite::Error),
    /// Nothing came over it any more, not even the answer to a ping.
    #[error("the far side sent nothing for {} s", vigil::UNHEARD_AFTER.as_secs())]
    Unheard,
    /// It stands, but nothing sent over it is acknowledged.
    #[error("the far side acknowledged nothing for {} s", flow::PEER_SILENT_AFTER.as_secs())]
    PeerSilent,
}

impl Lost {
    /// Closed without a word.
    pub(super) fn closed() -> Self {
        Self::Closed {
            code: None,
            reason: String::new(),
        }
    }
}

fn close_text(code: Option<u16>, reason: &str) -> String {
    match code {
        None => String::new(),
        Some(code) if reason.is_empty() => format!(" with code {code}"),
        Some(code) => format!(" with code {code}: {}", reason.escape_debug()),
    }
}
