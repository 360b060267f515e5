//! Sets of numbered places, and what is known to be in them.

use super::pattern::Answer;

/// A set of numbers below a size.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Set {
    words: Vec<u64>,
    size: usize,
}

impl Set {
    pub(super) fn none(size: usize) -> Self {
        Self {
            words: vec![0; size.div_ceil(64)],
            size,
        }
    }

    pub(super) fn all(size: usize) -> Self {
        let mut words = vec![u64::MAX; size.div_ceil(64)];
        if let Some(last) = words.last_mut()
            && !size.is_multiple_of(64)
        {
            *last = (1 << (size % 64)) - 1;
        }
        Self { words, size }
    }

    pub(super) fn add(&mut self, number: usize) {
        self.words[number / 64] |= 1 << (number % 64);
    }

    pub(super) fn drop(&mut self, number: usize) {
        self.words[number / 64] &= !(1 << (number % 64));
    }

    pub(super) fn join(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word |= other;
        }
    }

    pub(super) fn meet(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= other;
        }
    }

    pub(super) fn remove(&mut self, other: &Self) {
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= !other;
        }
    }

    /// Those that are not in it.
    pub(super) fn others(&self) -> Self {
        let mut others = Self::all(self.size);
        others.remove(self);
        others
    }

    /// The lowest number in it.
    pub(super) fn first(&self) -> Option<usize> {
        let at = self.words.iter().position(|word| *word != 0)?;
        Some(at * 64 + self.words[at].trailing_zeros() as usize)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }
}

/// For each place an [`Answer`]: Yes in `sure`, Maybe in `possible` alone, No in neither.
#[derive(Debug, Clone)]
pub(super) struct Reach {
    pub sure: Set,
    pub possible: Set,
}

impl Reach {
    pub(super) fn new(size: usize, answer: Answer) -> Self {
        let set = |is_all| {
            if is_all {
                Set::all(size)
            } else {
                Set::none(size)
            }
        };
        Self {
            sure: set(answer == Answer::Yes),
            possible: set(answer != Answer::No),
        }
    }

    /// Adds the answer at one place.
    pub(super) fn add(&mut self, place: usize, answer: Answer) {
        if answer == Answer::Yes {
            self.sure.add(place);
        }
        if answer != Answer::No {
            self.possible.add(place);
        }
    }

    /// "Or" at each place.
    pub(super) fn join(&mut self, other: &Self) {
        self.sure.join(&other.sure);
        self.possible.join(&other.possible);
    }

    /// "And" at each place.
    pub(super) fn meet(&mut self, other: &Self) {
        self.sure.meet(&other.sure);
        self.possible.meet(&other.possible);
    }

    pub(super) fn not(&self) -> Self {
        Self {
            sure: self.possible.others(),
            possible: self.sure.others(),
        }
    }
}
