//! Quotes words for the shell, so that a command in a hint can be pasted.

/// The word as a POSIX shell reads it back.
pub(crate) fn quoted(word: &str) -> String {
    // Only a zero byte cannot be quoted, and no command line can hold one.
    shlex::try_quote(word).map_or_else(|_| word.to_owned(), Into::into)
}
