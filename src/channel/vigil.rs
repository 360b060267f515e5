//! When a connection is pinged, and when it counts as dead. Pure: the time is handed in.
//!
//! TCP alone does not tell. A laptop that slept, or a NAT that forgot the connection, leaves one
//! that takes what is written and brings nothing. A session with nothing to say has no
//! retransmission to notice it by.

use std::time::{Duration, Instant};

/// How often the connection is pinged whatever happens, as the plugin does.
const KEEPALIVE: Duration = Duration::from_mins(5);

/// With nothing heard for so long, the far side is asked for a sign of life.
const QUIET: Duration = Duration::from_secs(30);

/// How long it then has to give one, the pong or any other frame.
/// The far side of the websocket is the service itself, which answers pings whatever the agent does
/// (RFC 6455 section 5.5.2).
const ANSWER: Duration = Duration::from_secs(15);

/// Nothing at all was heard, asked or not, for [`UNHEARD_AFTER`].
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Unheard;

/// After so long without any frame a connection counts as dead.
pub(super) const UNHEARD_AFTER: Duration = QUIET.saturating_add(ANSWER);

/// The watch over one connection.
#[derive(Debug)]
pub(super) struct Vigil {
    keepalive_at: Instant,
    heard: Instant,
    asked: Option<Instant>,
}

impl Vigil {
    /// Begins with a connection, whose opening pinged it.
    pub(super) fn new(now: Instant) -> Self {
        Self {
            keepalive_at: now + KEEPALIVE,
            heard: now,
            asked: None,
        }
    }

    /// A frame of any kind has come.
    pub(super) fn heard(&mut self, now: Instant) {
        self.heard = now;
        self.asked = None;
    }

    /// When [`Vigil::wake`] is to be called.
    pub(super) fn deadline(&self) -> Instant {
        let unheard = match self.asked {
            None => self.heard + QUIET,
            Some(asked) => asked + ANSWER,
        };
        unheard.min(self.keepalive_at)
    }

    /// Whether to ping now.
    pub(super) fn wake(&mut self, now: Instant) -> Result<bool, Unheard> {
        let keepalive = now >= self.keepalive_at;
        if keepalive {
            self.keepalive_at = now + KEEPALIVE;
        }
        match self.asked {
            Some(asked) if now >= asked + ANSWER => Err(Unheard),
            None if now >= self.heard + QUIET => {
                self.asked = Some(now);
                Ok(true)
            }
            _ => Ok(keepalive),
        }
    }

    /// Takes everything to have been earlier.
    #[cfg(test)]
    pub(super) fn age(&mut self, by: Duration) {
        self.heard -= by;
        self.asked = self.asked.and_then(|asked| asked.checked_sub(by));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    #[test]
    fn a_silent_connection_is_asked_once_and_then_dead() {
        let start = Instant::now();
        let mut vigil = Vigil::new(start);
        assert_eq!(vigil.wake(start + 29 * SECOND), Ok(false));
        assert_eq!(vigil.deadline(), start + 30 * SECOND);
        assert_eq!(vigil.wake(start + 30 * SECOND), Ok(true));
        assert_eq!(vigil.deadline(), start + 45 * SECOND);
        assert_eq!(vigil.wake(start + 44 * SECOND), Ok(false));
        assert_eq!(vigil.wake(start + 45 * SECOND), Err(Unheard));
    }

    #[test]
    fn any_frame_is_a_sign_of_life() {
        let start = Instant::now();
        let mut vigil = Vigil::new(start);
        assert_eq!(vigil.wake(start + 30 * SECOND), Ok(true));
        vigil.heard(start + 44 * SECOND);
        assert_eq!(vigil.wake(start + 45 * SECOND), Ok(false));
        assert_eq!(vigil.deadline(), start + 74 * SECOND);
    }

    #[test]
    fn a_process_that_was_stopped_asks_before_it_gives_up() {
        let start = Instant::now();
        let mut vigil = Vigil::new(start);
        let woken = start + 600 * SECOND;
        assert_eq!(vigil.wake(woken), Ok(true));
        assert_eq!(vigil.deadline(), woken + ANSWER);
    }

    #[test]
    fn a_connection_in_use_is_pinged_as_the_plugin_does() {
        let start = Instant::now();
        let mut vigil = Vigil::new(start);
        let mut pings = 0;
        for second in 1..=900 {
            let now = start + second * SECOND;
            vigil.heard(now);
            pings += u32::from(vigil.wake(now).unwrap());
        }
        assert_eq!(pings, 3);
    }
}
