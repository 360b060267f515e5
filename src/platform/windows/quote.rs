//! Quotes words for the shell, so that a command in a hint can be pasted.

/// What both shells take as it is, besides letters and digits.
const PLAIN: &str = "-_./\\:+=~";
/// What is more than text inside double quotes, in one of the two shells.
/// PowerShell takes typographic quotes for plain ones (about_Quoting_Rules, Microsoft Learn).
const EXPANDED: &str = "\"$`%!\u{201c}\u{201d}\u{201e}";

/// The word as PowerShell reads it back, and Command Prompt too where it can.
/// Command Prompt replaces `%NAME%` whatever the quotes are.
pub(crate) fn quoted(word: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || PLAIN.contains(c);
    if !word.is_empty() && word.chars().all(is_plain) {
        return word.to_owned();
    }
    // PowerShell passes a trailing backslash on before a quote that ends the word.
    if !word.chars().any(|c| EXPANDED.contains(c)) && !word.ends_with('\\') {
        return format!("\"{word}\"");
    }
    let mut single = String::from("'");
    for c in word.chars() {
        if matches!(c, '\'' | '\u{2018}'..='\u{201b}') {
            single.push(c);
        }
        single.push(c);
    }
    single.push('\'');
    single
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn a_word_is_quoted_as_far_as_it_has_to_be() {
        for (word, expected) in [
            (r"C:\Users\alice\x.toml", r"C:\Users\alice\x.toml"),
            (r"C:\Program Files\x", r#""C:\Program Files\x""#),
            ("it's & that", r#""it's & that""#),
            ("a $(calc) b", "'a $(calc) b'"),
            ("it's `n", "'it''s `n'"),
            ("%PATH%", "'%PATH%'"),
            ("", "\"\""),
        ] {
            assert_eq!(quoted(word), expected);
        }
    }
}
