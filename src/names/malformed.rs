//! Why text is not valid for its type.

/// A clause that follows the key's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Malformed(pub String);

/// An error with this text.
pub(crate) fn malformed<T>(text: impl Into<String>) -> Result<T, Malformed> {
    Err(Malformed(text.into()))
}

/// Whether `text` has such a length and only ASCII letters, digits and `punctuation`.
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
