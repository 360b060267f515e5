//! Why text is not what its type demands.

/// Display is one clause that fits behind the key's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(pub String);

/// A refusal that says `text`.
pub(crate) fn malformed<T>(text: impl Into<String>) -> Result<T, Malformed> {
    Err(Malformed(text.into()))
}

/// Whether `text` has one of these lengths and nothing but ASCII letters, digits and `punctuation`.
pub(crate) fn fits(
    text: &str,
    punctuation: &[u8],
    lengths: std::ops::RangeInclusive<usize>,
) -> bool {
    lengths.contains(&text.len())
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || punctuation.contains(&byte))
}
