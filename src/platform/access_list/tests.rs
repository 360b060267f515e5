//! Lists of entries in, verdicts out.
