//! The times after which the service ends a session by itself.

use std::sync::Arc;
use std::time::{Duration, Instant};

use super::{Inner, Session, State};

const IDLE: &str = "Your session timed out due to inactivity and has been terminated.";
/// AWS publishes no text for this end.
const LONGEST: &str = "Your session has been terminated because it reached its maximum duration.";

impl Session {
    /// Ends the session when one of its limits is reached.
    pub(super) fn limit(self: &Arc<Self>, inner: &mut Inner) {
        let now = Instant::now();
        inner.active = Some(now);
        if let Some(idle) = self.spec.preferences.idle {
            self.end_when(move |inner| (inner.active.unwrap_or(now) + idle, IDLE));
        }
        if let Some(longest) = self.spec.preferences.longest {
            self.end_when(move |_| (now + longest, LONGEST));
        }
    }

    /// Ends the session with these words at this time, which can move away.
    fn end_when(
        self: &Arc<Self>,
        due: impl Fn(&Inner) -> (Instant, &'static str) + Send + 'static,
    ) {
        let session = Arc::downgrade(self);
        tokio::spawn(async move {
            while let Some(session) = session.upgrade() {
                let left = {
                    let mut inner = session.inner();
                    if matches!(inner.state, State::Closing | State::Done) {
                        return;
                    }
                    let (time, words) = due(&inner);
                    let left = time.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        session.terminate_locked(&mut inner, words.to_owned());
                        return;
                    }
                    left
                };
                drop(session);
                // Not all at once: a session that is over is to be let go of.
                tokio::time::sleep(left.min(Duration::from_secs(1))).await;
            }
        });
    }
}
