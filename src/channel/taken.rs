//! Whether the far side takes input at all. Pure: the time is handed in.
//!
//! An agent does not acknowledge a message that nothing takes: `InputStreamMessageHandler` of its
//! port sessions rejects all of them until the port is connected, and they are sent again. It does
//! acknowledge those that come behind the rejected one (`handleStreamDataMessage`). So only the
//! first message of input tells (amazon-ssm-agent, `agent/session/plugins/port/port.go` and
//! `agent/session/datachannel/datachannel.go`).

use std::time::{Duration, Instant};

/// How long the first message of input may stay unacknowledged.
/// After that the far side counts as one that takes nothing.
pub(super) const UNTAKEN_AFTER: Duration = Duration::from_secs(20);

/// What is known of the first message of input.
#[derive(Debug, Default)]
pub(super) enum Taken {
    /// No input was sent.
    #[default]
    NoInput,
    /// The first message of it was sent, and is not acknowledged.
    Waiting {
        /// Its number.
        first: i64,
        /// When it was sent over the connection of now.
        since: Instant,
        doubt: Doubt,
    },
    /// It is acknowledged.
    Yes,
}

/// How far the question has got on this connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Doubt {
    /// The acknowledgement has time to come.
    None,
    /// It is late, and the service was pinged. The pong comes behind all that the service had.
    Pinged,
    /// The pong came, and no acknowledgement before it.
    Settled,
}

impl Taken {
    /// Input was sent with this number.
    pub(super) fn sent(&mut self, number: i64, now: Instant) {
        if matches!(self, Self::NoInput) {
            *self = Self::Waiting {
                first: number,
                since: now,
                doubt: Doubt::None,
            };
        }
    }

    /// The message with this number is acknowledged.
    pub(super) fn acknowledged(&mut self, number: i64) {
        if matches!(self, Self::Waiting { first, .. } if *first == number) {
            *self = Self::Yes;
        }
    }

    /// What is not acknowledged was sent again, over another connection: its time begins again.
    pub(super) fn sent_again(&mut self, now: Instant) {
        if let Self::Waiting { since, doubt, .. } = self {
            *since = now;
            *doubt = Doubt::None;
        }
    }

    /// When [`Taken::ask`] is to be called.
    pub(super) fn deadline(&self) -> Option<Instant> {
        match self {
            Self::Waiting {
                since,
                doubt: Doubt::None,
                ..
            } => Some(*since + UNTAKEN_AFTER),
            _ => None,
        }
    }

    /// Whether to ping the service now. True once for each connection.
    pub(super) fn ask(&mut self, now: Instant) -> bool {
        let is_due = self.deadline().is_some_and(|deadline| now >= deadline);
        if is_due && let Self::Waiting { doubt, .. } = self {
            *doubt = Doubt::Pinged;
        }
        is_due
    }

    /// The answer to that ping has come. True if nothing was taken until then.
    pub(super) fn answered(&mut self) -> bool {
        match self {
            Self::Waiting { doubt, .. } if *doubt == Doubt::Pinged => {
                *doubt = Doubt::Settled;
                true
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn without_input_nothing_is_asked() {
        let mut taken = Taken::default();
        let now = Instant::now();
        taken.acknowledged(0);
        assert_eq!(taken.deadline(), None);
        assert!(!taken.ask(now + 60 * SECOND) && !taken.answered());
    }

    #[test]
    fn the_first_message_alone_tells() {
        let start = Instant::now();
        let mut taken = Taken::default();
        taken.sent(1, start);
        taken.sent(2, start + 5 * SECOND);
        taken.acknowledged(2);
        assert_eq!(taken.deadline(), Some(start + 20 * SECOND));
        assert!(!taken.ask(start + 19 * SECOND) && !taken.answered());
        assert!(taken.ask(start + 20 * SECOND) && !taken.ask(start + 21 * SECOND));
        assert!(taken.answered() && !taken.answered());
        assert_eq!(taken.deadline(), None);
    }

    #[test]
    fn an_acknowledgement_before_the_pong_counts() {
        let start = Instant::now();
        let mut taken = Taken::default();
        taken.sent(1, start);
        assert!(taken.ask(start + 90 * SECOND));
        taken.acknowledged(1);
        assert!(matches!(taken, Taken::Yes) && !taken.answered());
    }

    #[test]
    fn another_connection_begins_again() {
        let start = Instant::now();
        let mut taken = Taken::default();
        taken.sent(1, start);
        assert!(taken.ask(start + 20 * SECOND));
        taken.sent_again(start + 30 * SECOND);
        assert!(!taken.answered());
        assert_eq!(taken.deadline(), Some(start + 50 * SECOND));
    }
}
