//! The gate that every StartSession of one `run` passes.
//!
//! AWS counts calls for each account and region. It answers those beyond its limit with
//! `ThrottlingException`, "Rate exceeded" (Systems Manager API Reference, "Common Error Types").
//! The targets share one pause, so that they do not each try again. The pause grows while AWS
//! throttles, with jitter, and shrinks with each call that AWS takes.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::time::{Duration, Instant};

use tokio::sync::{Mutex, Notify};

use crate::aws::Failure;
use crate::names::Region;

/// The first pause after AWS has throttled a call.
const FIRST: Duration = Duration::from_millis(250);
/// The longest pause, before jitter.
const LONGEST: Duration = Duration::from_secs(20);
/// A pause that a person should hear of.
const LONG: Duration = Duration::from_secs(2);
/// A shorter pause between two calls is none.
const SHORTEST: Duration = Duration::from_millis(50);
/// What is left of the pause after a call that AWS took.
const EASED: f64 = 0.8;
/// How long one target waits for all its pauses together.
pub(crate) const PATIENCE: Duration = Duration::from_mins(2);

/// The gate of one `run`.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    lanes: RefCell<HashMap<(String, Region), Rc<Lane>>>,
    /// The target whose failure closed the gate.
    closed: RefCell<Option<String>>,
    closes: Notify,
}

/// The gate's lane to one account and region.
#[derive(Debug, Default)]
pub(crate) struct Lane {
    /// Who waits for the pause does so in turn.
    turn: Mutex<()>,
    pace: Cell<Pace>,
    /// AWS's last refusal.
    refusal: RefCell<Option<Failure>>,
    /// Whether a person was told of a long pause.
    is_told: Cell<bool>,
}

/// How fast calls may follow each other. Pure.
#[derive(Debug, Clone, Copy, Default)]
struct Pace {
    /// The pause between two calls; none as long as AWS throttles nothing.
    pause: Duration,
    /// When the next call may be sent.
    next: Option<Instant>,
    /// When the pause last grew. What was sent before says nothing about it.
    grown: Option<Instant>,
}

impl Pace {
    /// A call that was sent at this time was throttled. `jitter` is from 0 to 1.
    fn throttled(self, sent: Instant, now: Instant, jitter: f64) -> Self {
        if self.grown.is_some_and(|grown| sent < grown) {
            return self;
        }
        let pause = (self.pause * 2).clamp(FIRST, LONGEST);
        Self {
            pause,
            next: Some(now + pause.mul_f64(0.5 + jitter)),
            grown: Some(now),
        }
    }

    /// AWS took a call that was sent at this time.
    fn eased(self, sent: Instant) -> Self {
        if self.grown.is_some_and(|grown| sent < grown) {
            return self;
        }
        let pause = self.pause.mul_f64(EASED);
        Self {
            pause: if pause < SHORTEST {
                Duration::ZERO
            } else {
                pause
            },
            ..self
        }
    }

    /// The pace after a call that is sent now, or when one may be sent.
    fn pass(self, now: Instant) -> Result<Self, Instant> {
        match self.next {
            Some(next) if now < next => Err(next),
            _ => Ok(Self {
                next: (!self.pause.is_zero()).then(|| now + self.pause),
                ..self
            }),
        }
    }
}

impl Gate {
    /// The lane of a customer's region.
    pub(crate) fn lane(&self, customer: &str, region: &Region) -> Rc<Lane> {
        let mut lanes = self.lanes.borrow_mut();
        let lane = lanes.entry((customer.to_owned(), region.clone()));
        Rc::clone(lane.or_default())
    }

    /// Lets nothing more pass, since this target has failed. The first call counts.
    pub(crate) fn close(&self, failed: &str) {
        let mut closed = self.closed.borrow_mut();
        closed.get_or_insert_with(|| failed.to_owned());
        self.closes.notify_waiters();
    }

    /// The target whose failure closed the gate.
    pub(crate) fn closed(&self) -> Option<String> {
        self.closed.borrow().clone()
    }

    /// Waits until the gate is closed, and returns the target whose failure closed it. Cancel-safe.
    pub(crate) async fn until_closed(&self) -> String {
        loop {
            let closes = self.closes.notified();
            if let Some(failed) = self.closed() {
                return failed;
            }
            closes.await;
        }
    }
}

impl Lane {
    /// Waits until a call may be sent, and returns the time at which it is. Cancel-safe.
    /// `None`: that took longer than is left of the target's patience.
    pub(crate) async fn pass(&self, patience: &mut Duration) -> Option<Instant> {
        let now = Instant::now();
        if self.is_free() {
            return Some(now);
        }
        let passed = tokio::time::timeout(*patience, self.in_turn()).await;
        *patience = patience.saturating_sub(now.elapsed());
        passed.ok()
    }

    fn is_free(&self) -> bool {
        let pace = self.pace.get();
        pace.pause.is_zero() && pace.next.is_none()
    }

    async fn in_turn(&self) -> Instant {
        let _turn = self.turn.lock().await;
        loop {
            let now = Instant::now();
            match self.pace.get().pass(now) {
                Ok(pace) => {
                    self.pace.set(pace);
                    return now;
                }
                // Meanwhile AWS may throttle what was sent before.
                Err(next) => tokio::time::sleep_until(next.into()).await,
            }
        }
    }

    /// AWS throttled a call that was sent at this time.
    /// True once: then the pause is so long that a person should hear of it.
    pub(crate) fn throttled(&self, sent: Instant, refusal: &Failure) -> bool {
        let pace = self.pace.get();
        let pace = pace.throttled(sent, Instant::now(), fastrand::f64());
        self.pace.set(pace);
        self.refusal.replace(Some(refusal.clone()));
        pace.pause >= LONG && !self.is_told.replace(true)
    }

    /// AWS took a call that was sent at this time.
    pub(crate) fn eased(&self, sent: Instant) {
        self.pace.set(self.pace.get().eased(sent));
    }

    /// AWS's last refusal, of whichever target.
    pub(crate) fn refusal(&self) -> Option<Failure> {
        self.refusal.borrow().clone()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A service that takes so many calls a second, and a first burst.
    struct Bucket {
        each_second: f64,
        burst: f64,
        tokens: f64,
        at: Instant,
    }

    impl Bucket {
        fn takes(&mut self, now: Instant) -> bool {
            let filled = (now - self.at).as_secs_f64() * self.each_second;
            self.tokens = (self.tokens + filled).min(self.burst);
            self.at = now;
            let takes = self.tokens >= 1.0;
            if takes {
                self.tokens -= 1.0;
            }
            takes
        }
    }

    /// The calls and the seconds that a service needs to take `wanted` calls, one after another.
    fn played(each_second: f64, wanted: usize) -> (usize, f64) {
        let began = Instant::now();
        let mut now = began;
        let mut bucket = Bucket {
            each_second,
            burst: 5.0,
            tokens: 5.0,
            at: began,
        };
        let mut random = fastrand::Rng::with_seed(7);
        let mut pace = Pace::default();
        let (mut calls, mut taken) = (0, 0);
        while taken < wanted {
            pace = loop {
                match pace.pass(now) {
                    Ok(pace) => break pace,
                    Err(next) => now = next,
                }
            };
            let sent = now;
            now += Duration::from_millis(20);
            calls += 1;
            pace = if bucket.takes(now) {
                taken += 1;
                pace.eased(sent)
            } else {
                pace.throttled(sent, now, random.f64())
            };
        }
        (calls, (now - began).as_secs_f64())
    }

    #[test]
    fn the_pace_finds_the_services_own() {
        for each_second in [0.5, 1.0, 3.0, 10.0] {
            let wanted = 100;
            let (calls, seconds) = played(each_second, wanted);
            assert!(calls < wanted * 3 / 2, "{each_second}: {calls} calls");
            let least = (100.0 - 5.0) / each_second;
            assert!(seconds < 2.5 * least, "{each_second}: {seconds} s");
        }
    }

    #[test]
    fn the_pause_grows_once_for_calls_that_were_sent_together_and_has_an_end() {
        let began = Instant::now();
        let mut pace = Pace::default();
        for late in 1..11 {
            pace = pace.throttled(began, began + Duration::from_millis(late), 0.5);
        }
        assert_eq!(pace.pause, FIRST);
        assert_eq!(
            pace.pass(began).unwrap_err(),
            began + FIRST + Duration::from_millis(1)
        );
        let mut now = began + FIRST;
        let mut pauses = Vec::new();
        for _ in 0..7 {
            now += LONGEST;
            pace = pace.throttled(now, now, 0.5);
            pauses.push(pace.pause.as_millis());
        }
        assert_eq!(pauses, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 20_000]);
        for _ in 0..30 {
            now += LONGEST;
            pace = pace.pass(now).unwrap().eased(now);
        }
        now += LONGEST;
        let pace = pace.pass(now).unwrap();
        assert!(pace.pause.is_zero() && pace.next.is_none(), "{pace:?}");
    }
}
