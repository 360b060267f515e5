//! Every session is accounted for:
//! how it ended, what became of a lost answer, and what the journal keeps.

pub(crate) mod answer_lost;
pub(crate) mod end;
pub(crate) mod journal;
pub(crate) mod orphans;
