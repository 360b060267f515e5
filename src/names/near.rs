//! Finds the name that a mistyped one probably means.

/// A question with the nearest known name; `None` if none is near.
pub(crate) fn did_you_mean<S: AsRef<str>>(word: &str, known: &[S]) -> Option<String> {
    let nearness = |known: &str| {
        strsim::normalized_damerau_levenshtein(&word.to_lowercase(), &known.to_lowercase())
    };
    known
        .iter()
        .map(|known| (nearness(known.as_ref()), known.as_ref()))
        .filter(|(nearness, _)| *nearness >= 0.6)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, nearest)| format!("did you mean `{nearest}`?"))
}
