//! Quotes words for the shell, so that a command in a hint can be pasted.

/// The word as a POSIX shell reads it back.
pub(crate) fn quoted(word: &str) -> String {
    // Only a zero byte cannot be quoted, and no command line can hold one.
    shlex::try_quote(word).map_or_else(|_| word.to_owned(), Into::into)
}

/// A word as a POSIX shell reads it back, and as Python's shlex does, which aws-cli uses.
/// Some SDKs take a blank before `#` or `;` for the begin of a comment, in quotes too. There the
/// quotes end and begin again in between.
pub(crate) fn quoted_in_profile(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "_-./+=@:,".contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    let mut text = "'".to_owned();
    let mut before = None;
    for character in word.chars() {
        match character {
            '\'' => text.push_str("'\\''"),
            '#' | ';' if before == Some(' ') => {
                text.push_str("''");
                text.push(character);
            }
            other => text.push(other),
        }
        before = Some(character);
    }
    text.push('\'');
    text
}

#[cfg(test)]
mod tests {
    use super::quoted_in_profile;

    #[test]
    fn odd_words_are_read_back_and_hold_no_comment() {
        for (word, written) in [
            ("/usr/bin/vendor-ssm", "/usr/bin/vendor-ssm"),
            ("/opt/my tools/vendor-ssm", "'/opt/my tools/vendor-ssm'"),
            ("/it's/vendor-ssm", "'/it'\\''s/vendor-ssm'"),
            ("/a #b ;c/x", "'/a ''#b '';c/x'"),
            ("/a#b/$HOME`x`\"\\", "'/a#b/$HOME`x`\"\\'"),
            ("/ä", "'/ä'"),
            ("", "''"),
        ] {
            let quoted = quoted_in_profile(word);
            assert_eq!(quoted, written);
            assert_eq!(shlex::split(&quoted).unwrap(), [word]);
            assert!(!quoted.contains(" #") && !quoted.contains(" ;"));
        }
    }
}
