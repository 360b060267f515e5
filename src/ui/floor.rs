//! One question at a time. Lines that other work prints meanwhile wait until it is answered.

use std::mem::take;
use std::sync::{Mutex, PoisonError};

use tokio::sync::{Mutex as Turn, MutexGuard};

/// Whether lines may be written: not while a question is open.
#[derive(Debug, Default)]
pub(super) struct Floor {
    turn: Turn<()>,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
struct State {
    is_taken: bool,
    held: Vec<String>,
}

impl Floor {
    /// Waits until no other question is open, and holds lines back until the result is dropped.
    /// `write` then gets them.
    pub(super) async fn take<W: FnMut(&str)>(&self, write: W) -> Taken<'_, W> {
        let turn = self.turn.lock().await;
        self.state().is_taken = true;
        Taken {
            floor: self,
            write,
            _turn: turn,
        }
    }

    pub(super) fn is_taken(&self) -> bool {
        self.state().is_taken
    }

    /// Whether it holds the line back.
    pub(super) fn holds(&self, line: &str) -> bool {
        let mut state = self.state();
        if state.is_taken {
            state.held.push(line.to_owned());
        }
        state.is_taken
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The floor while a question is open.
pub(super) struct Taken<'a, W: FnMut(&str)> {
    floor: &'a Floor,
    write: W,
    _turn: MutexGuard<'a, ()>,
}

impl<W: FnMut(&str)> Drop for Taken<'_, W> {
    fn drop(&mut self) {
        let held = {
            let mut state = self.floor.state();
            state.is_taken = false;
            take(&mut state.held)
        };
        for line in held {
            (self.write)(&line);
        }
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::*;

    #[tokio::test]
    async fn lines_wait_for_the_end_of_a_question_and_questions_for_each_other() {
        let floor = Floor::default();
        assert!(!floor.holds("before"));
        let written = Mutex::new(Vec::new());
        let write = |line: &str| written.lock().unwrap().push(line.to_owned());
        let first = floor.take(write).await;
        assert!(floor.is_taken() && floor.holds("meanwhile"));
        let mut second = std::pin::pin!(floor.take(write));
        assert!(second.as_mut().now_or_never().is_none());
        assert!(written.lock().unwrap().is_empty());
        drop(first);
        assert_eq!(*written.lock().unwrap(), ["meanwhile"]);
        drop(second.await);
        assert!(!floor.holds("after"));
        assert_eq!(written.lock().unwrap().len(), 1);
    }
}
