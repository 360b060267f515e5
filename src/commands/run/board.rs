//! What is known of each target while a `run` goes on: its outcome, its output, and the counts.

use std::cell::{Cell, RefCell, RefMut};

use tokio::sync::Notify;

use crate::session::command::Piece;

use super::outcome::Outcome;
use super::results::Kept;

/// How many targets a `run` has, and how far they are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Tally {
    pub all: usize,
    /// Those that have ended, the failed ones included.
    pub done: usize,
    pub failed: usize,
    pub running: usize,
}

/// What the sessions write and the output reads.
pub(super) struct Board<'a> {
    outcomes: RefCell<Vec<Option<Outcome<'a>>>>,
    kept: RefCell<Vec<Kept>>,
    tally: Cell<Tally>,
    is_over: Cell<bool>,
    changed: Notify,
}

impl<'a> Board<'a> {
    /// For this many targets.
    pub(super) fn new(targets: usize) -> Self {
        Self {
            outcomes: RefCell::new((0..targets).map(|_| None).collect()),
            kept: RefCell::new(vec![Kept::default(); targets]),
            tally: Cell::new(Tally {
                all: targets,
                ..Tally::default()
            }),
            is_over: Cell::new(false),
            changed: Notify::new(),
        }
    }

    /// A target's session is about to be started.
    pub(super) fn starts(&self) {
        let tally = self.tally.get();
        self.tally.set(Tally {
            running: tally.running + 1,
            ..tally
        });
        self.changed.notify_one();
    }

    /// A target's session has ended, if it was started.
    pub(super) fn ends(&self, at: usize, outcome: Outcome<'a>, was_started: bool) {
        let tally = self.tally.get();
        self.tally.set(Tally {
            done: tally.done + 1,
            failed: tally.failed + usize::from(outcome.is_failure()),
            running: tally.running - usize::from(was_started),
            ..tally
        });
        self.outcomes.borrow_mut()[at] = Some(outcome);
        self.changed.notify_one();
    }

    /// No target is left.
    pub(super) fn close(&self) {
        self.is_over.set(true);
        self.changed.notify_one();
    }

    pub(super) fn is_over(&self) -> bool {
        self.is_over.get()
    }

    /// Wakes who waits for a change.
    pub(super) fn tell(&self) {
        self.changed.notify_one();
    }

    /// What `read` makes of the output of all targets.
    pub(super) fn kept<T>(&self, read: impl FnOnce(&[Kept]) -> T) -> T {
        read(&self.kept.borrow())
    }

    /// Waits for the next change. Cancel-safe; for one waiter.
    pub(super) async fn changed(&self) {
        self.changed.notified().await;
    }

    pub(super) fn tally(&self) -> Tally {
        self.tally.get()
    }

    /// Keeps a piece of a target's output.
    pub(super) fn keep(&self, piece: &Piece) {
        self.kept.borrow_mut()[piece.command].take(piece);
    }

    /// What `read` makes of a target's outcome and output, once there is an outcome.
    pub(super) fn result<T>(
        &self,
        at: usize,
        read: impl FnOnce(&Outcome<'a>, &Kept) -> T,
    ) -> Option<T> {
        let outcomes = self.outcomes.borrow();
        let outcome = outcomes[at].as_ref()?;
        Some(read(outcome, &self.kept.borrow()[at]))
    }

    /// A target's outcome, once there is one.
    pub(super) fn outcome(&self, at: usize) -> Option<RefMut<'_, Outcome<'a>>> {
        RefMut::filter_map(self.outcomes.borrow_mut(), |all| all[at].as_mut()).ok()
    }

    /// Forgets a target's output, which was shown.
    pub(super) fn forget(&self, at: usize) {
        self.kept.borrow_mut()[at] = Kept::default();
    }

    /// What `is` says of the outcomes that there are.
    pub(super) fn all(&self, is: fn(&[Outcome<'_>]) -> bool) -> bool {
        let outcomes = self.outcomes.borrow();
        outcomes
            .iter()
            .flatten()
            .any(|outcome| is(std::slice::from_ref(outcome)))
    }

    /// Everything at the end.
    pub(super) fn take(&self) -> (Vec<Outcome<'a>>, Vec<Kept>) {
        let outcomes = self.outcomes.take().into_iter().flatten();
        (outcomes.collect(), self.kept.take())
    }
}
