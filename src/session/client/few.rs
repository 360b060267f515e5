//! The lines that the far side causes, which may be without end. Pure.
//! vendor-ssm prints the first few, then one from time to time, with the number of the others.

use std::time::{Duration, Instant};

use crate::names::short::short;

/// How many lines of a session vendor-ssm prints at once.
const FIRST: u32 = 10;
/// How long to wait before each line after those.
const PAUSE: Duration = Duration::from_secs(10);
/// The longest line, in characters.
const LONGEST: usize = 1_000;

/// Counts the lines of one session.
#[derive(Debug, Default)]
pub(crate) struct Few {
    said: u32,
    last: Option<Instant>,
    left_out: u64,
}

impl Few {
    /// The line as it is to be printed; `None` if it is left out.
    pub(crate) fn line(&mut self, text: &str, now: Instant) -> Option<String> {
        let is_soon = self.last.is_some_and(|last| now < last + PAUSE);
        if self.said >= FIRST && is_soon {
            self.left_out += 1;
            return None;
        }
        self.said = self.said.saturating_add(1);
        self.last = Some(now);
        let line = short(text, LONGEST);
        Some(match self.rest() {
            Some(rest) => format!("{line} ({rest})"),
            None => line.into_owned(),
        })
    }

    /// How many lines were left out since the last one that was printed.
    pub(crate) fn rest(&mut self) -> Option<String> {
        match std::mem::take(&mut self.left_out) {
            0 => None,
            1 => Some("1 more line of this session is not shown".to_owned()),
            more => Some(format!("{more} more lines of this session are not shown")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_few_are_said_and_the_others_counted() {
        let mut few = Few::default();
        let now = Instant::now();
        let said: Vec<_> = (0..340_000).filter_map(|_| few.line("no", now)).collect();
        assert_eq!(said, ["no"; 10]);
        let later = few.line("no", now + PAUSE);
        let more = "339990 more lines of this session are not shown";
        assert_eq!(later, Some(format!("no ({more})")));
        assert_eq!(
            (few.line("no", now + PAUSE), few.rest().is_some()),
            (None, true)
        );
        assert_eq!(few.rest(), None);
        let long = Few::default().line(&"x".repeat(1 << 20), now).unwrap();
        assert!(long.len() < LONGEST + 40 && long.contains("(1048576 characters)"));
    }
}
